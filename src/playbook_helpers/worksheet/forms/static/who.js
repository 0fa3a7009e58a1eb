/* Who fills this in: the partnership and its partners, for all worksheets in this browser. */

import { actions, button, el, plain } from "./elements.js";
import { drawForm } from "./entry.js";
import { workOn } from "./kind.js";
import { WHO, box } from "./storage.js";
import { SLUG, slugFrom } from "./values.js";

export function drawWho(form, parts) {
	const { words, records, description } = form;
	const about = description.shared.find((one) => one.layout === "who");
	const work = workOn(about, form);
	const details = about.fields.filter((field) => about.columns.includes(field.name));
	const node = el("section.screen.who");
	const told = el("p"), summary = el("summary");
	const partners = el("details.partners", summary, parts.map((part) => part.node));
	const current = () => records.entries(about.kind).at(-1);

	function ask() {
		const { name } = current()?.payload ?? box.get(WHO) ?? {};
		const known = { ...current()?.payload, ...box.get(WHO), ...(name && { name }) };
		const { form: asked, focus } = drawForm({
			id: form.ids,
			top: "h3",
			title: words.who,
			buttons: [
				el("button.main", records.slug ? words.keep : words.use),
				records.slug ? button("Close", () => show()) : "",
			],
			fields: [...description.who, ...(records.slug ? details : [])],
			raw: known,
			typing({ name: typed }, { form: { elements }, name: changed }) {
				if (changed === "name" && !records.slug) elements.slug.value = slugFrom(typed);
			},
			done: choose,
		});
		node.replaceChildren(asked);
		if (records.slug) focus();
	}
	async function choose({ name, slug, ...more }) {
		const asked = records.slug;
		use({ name, slug });
		if (asked) await describe({ name, ...more });
		node.querySelector("button").focus();
	}
	/* The record of the partnership: made once there is more to say than its name. */
	async function describe(said) {
		const head = current();
		const kept = { ...head?.payload };
		for (const { name } of details) delete kept[name];
		const payload = { ...kept, ...said };
		if (head ? JSON.stringify(payload) === JSON.stringify(head.payload) : Object.keys(said).length < 2) return;
		if (head) await work.put(head, payload);
		else await work.save(work.begin({}), payload);
		show();
	}
	function use({ name, slug }) {
		box.set(WHO, { name, slug });
		form.use(slug);
		show();
	}
	function show() {
		const { name, slug } = box.get(WHO) ?? { name: records.slug, slug: records.slug };
		told.replaceChildren(`${words.answers} `, el("strong", `${name}`), ` (${slug})`);
		const buttons = [plain(words.change, ask, { "aria-label": words.change_who })];
		if (location.protocol.startsWith("http")) buttons.push(plain(words.invite, () => invite(name, slug)));
		node.replaceChildren(el("div.names", told, actions(buttons)), partners);
		redraw();
	}
	/* A link that opens this page on another phone, for the same partnership. */
	function invite(name, slug) {
		const link = `${location.href.split(/[?#]/)[0]}?${new URLSearchParams({ p: slug, n: name })}`;
		const shown = el("input", { type: "text", readonly: true, "aria-label": words.link });
		shown.value = link;
		function copy() {
			shown.select();
			navigator.clipboard?.writeText(link).then(() => form.say(words.copied), () => {});
		}
		const buttons = actions(button(words.copy, copy, { class: "pb-main" }), button("Close", show));
		const offer = el("div.offer", el("p", words.inviting), shown, buttons);
		node.replaceChildren(node.firstChild, offer, partners);
		globalThis.playbookQr?.(link, words.qr).then((code) => shown.before(code), () => {});
		shown.focus();
		shown.select();
	}
	function redraw() {
		const names = records.entries("partner").map(({ payload }) => payload.name);
		summary.textContent = names.length ? `${words.partner_list}: ${names.join(", ")}` : words.no_partners;
	}
	/* The partnership of the link, else the one that was chosen before. */
	function begin() {
		const link = new URLSearchParams(location.search);
		const [slug, name] = [link.get("p"), link.get("n")];
		const before = box.get(WHO);
		if (SLUG.test(slug ?? "") && slug !== before?.slug) use({ slug, name: name || slug });
		else if (before) use(before);
		else {
			ask();
			form.use("");
		}
	}
	return { node, ask: () => void node.querySelector("form")?.requestSubmit(), begin, redraw, use };
}
