/* The file that answers go into, on their way to somebody else or to another device. */

import { actions, button, el } from "./elements.js";
import { WHO, box, isBlocked, uuid } from "./storage.js";
import { SLUG } from "./values.js";

const FORMAT = "playbook-answers/1";

export function drawFiles(form) {
	const { words, records, stem, description } = form;
	const total = el("p"), safari = el("p.note");
	const takenAt = () => `playbook/taken/${records.slug}/${stem}`;
	const askedAt = () => `playbook/asked/${records.slug}`;
	const mine = () => records.all().filter((rev) => [stem, "partnership"].includes(rev.practice) && records.here(rev));
	const written = () => records.all().filter((rev) => rev.practice === stem || rev.kind === "decision").length;

	function make() {
		const made = new Date().toISOString();
		const revisions = mine();
		revisions.sort((x, y) => x.id > y.id || -1);
		const { name } = box.get(WHO) ?? {};
		const content = { format: FORMAT, partnership: records.slug, name, practice: stem, made, revisions };
		// A few signs by chance, so that the files of two phones do not go by one name.
		const file = `playbook-${records.slug}-${stem}-${made.slice(0, 10)}-${uuid(true).slice(0, 4)}.json`;
		return new File([JSON.stringify(content)], file, { type: "application/json" });
	}
	function download() {
		const file = make();
		el("a", { href: URL.createObjectURL(file), download: file.name }).click();
		box.set(takenAt(), written());
	}
	async function share() {
		const sent = await navigator.share({ files: [make()] }).then(() => true, () => false);
		if (sent) box.set(takenAt(), written());
	}
	async function opened(file) {
		const { format, practice, partnership, revisions, name = partnership } = JSON.parse(await file.text());
		const fits = (rev) => rev.partnership === partnership && Object(rev.payload) === rev.payload;
		if (format !== FORMAT || practice !== stem || !SLUG.test(partnership) || !revisions.every(fits)) throw 0;
		return { name, slug: partnership, revisions };
	}
	async function open({ target }) {
		const files = [...target.files];
		const refused = [];
		let joined = "";
		for (const file of files) {
			const one = await opened(file).catch(() => undefined);
			if (!one || (joined && one.slug !== joined)) {
				refused.push(file.name);
				continue;
			}
			joined = one.slug;
			if (joined !== records.slug) form.choose(one);
			const held = new Set(records.all().map((rev) => rev.id));
			for (const rev of one.revisions) if (!held.has(rev.id)) records.keep(rev);
		}
		const told = files.length > 1 ? `${words.not_opened} ${refused.join(", ")}` : words.unopened;
		form.say([joined && words.opened, refused.length && told].filter(Boolean).join(" "));
		target.value = "";
	}
	function redraw() {
		total.textContent = `${words.total} ${description.kinds.flatMap((one) => records.entries(one.kind)).length}`;
	}
	/* Nothing of this is anywhere else: asked about once. */
	function leave(event) {
		const left = written() > (box.get(takenAt()) ?? 0) && !box.get(askedAt());
		if (!(isBlocked() ? records.all().length : left)) return;
		if (left) box.set(askedAt(), true);
		event.preventDefault();
	}
	addEventListener("beforeunload", leave);
	// Safari deletes what a site keeps after seven days without a visit.
	if (/^(?!.*(Chrom|Android|CriOS|FxiOS)).*Safari/.test(navigator.userAgent)) safari.textContent = words.safari;
	const buttons = [button(words.download, () => form.named() && download(), { class: "pb-main" })];
	if (navigator.canShare?.({ files: [new File([""], "a.json", { type: "application/json" })] }))
		buttons.push(button(words.share, () => form.named() && share()));
	buttons.push(
		el("label.file", words.open, el("input", { type: "file", multiple: true, accept: ".json", change: open })),
		button(words.print, () => print()));
	const node = el("section.screen", el("h3", words.take), safari, total, actions(buttons));
	return { node, redraw };
}
