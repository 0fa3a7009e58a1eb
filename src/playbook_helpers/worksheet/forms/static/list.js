/* A list of records, each with all its answers, and a form that is opened for one at a time. */

import { actions, button, el } from "./elements.js";
import { drawForm } from "./entry.js";
import { drawItems } from "./items.js";
import { workOn } from "./kind.js";
import { drawSentence } from "./sentence.js";
import { worded } from "./values.js";

const LONG = 90; // characters that take a line of their own on paper
const LATEST = 1; // record that stands open where many write into one list

export function drawList(one, form) {
	const { kind, title, plural, intro, fields, pseudonymous: secret, closes } = one;
	const { words, records } = form;
	const work = workOn(one, form);
	const its = one.words;
	const [list, slot] = ["ul.list", "div.screen"].map((tag) => el(tag));
	const add = button(its.add, () => form.named() && edit({}), one === form.description.kinds[0] && { class: "pb-main" });
	let draft, drawn;

	const offerDraft = (left) =>
		work.offer(`${its.resume}: ${work.mention(left.raw)[0] ?? "no name yet"}`, {
			Continue: () => edit(left),
			"Throw away": () => records.drafts.drop(left),
		}, add);
	function close() {
		slot.replaceChildren();
		slot.before(work.offers);
		if (draft?.touched) offerDraft(draft);
		draft = null;
		add.focus();
	}
	function edit(given, field) {
		close();
		const mine = work.begin(given);
		draft = mine;
		const layout = one.sentence ? drawSentence(one, mine) : one.items.length ? drawItems(one) : {};
		const { follow, ready, ...places } = layout;
		function typing(raw, target) {
			Object.assign(mine, { raw, touched: true });
			records.drafts.keep(mine);
			follow?.(raw, target);
			form.warn();
			form.say("");
		}
		async function done(payload) {
			const refused = await work.save(mine, payload);
			if (refused) return refused;
			mine.touched = false;
			close();
			if (secret && form.page) form.say(words.handed);
		}
		const opened = drawForm({
			id: `${form.ids}-${kind}`,
			title: mine.parents.length ? its.edit : its.new,
			fields,
			raw: mine.raw,
			names: work.names,
			confirm: () => one.confirm,
			typing,
			done,
			buttons: [el("button.main", its.save), button("Close", close)],
			...places,
		});
		slot.replaceChildren(opened.form);
		ready?.(opened);
		form.say("");
		opened.focus(field);
	}
	const change = (head) => edit(work.again(head));
	function card(head, note, rivals) {
		const { payload } = head;
		const [name = title, ...rest] = work.mention(payload);
		const rows = fields.map((field) => {
			const said = worded(field, payload[field.name]);
			return said && el(said.length > LONG ? "tr.wide" : "tr", el("th", { scope: "row" }, field.label), el("td", said));
		});
		const act = (text, click) => button(text, click, { "aria-label": `${text} ${name}` });
		const keep = rivals && act(words.choose, () => choose(head, rivals));
		const more = el("details", el("summary", "All answers"), el("table", el("tbody", rows)));
		const said = [el("h4", name), el("p", rest.join(" · ")), one.sentence ? openGaps(payload) : "", el("p.note", note)];
		const offered = closes ? [] : [keep || "", act("Edit", () => change(head)), act("Remove", () => work.remove(head, add))];
		return el("li.card", said, more, actions(offered));
	}
	/* What a stranger would look for in vain. */
	function openGaps(payload) {
		const { gaps, hope: [field, value] } = one.sentence;
		const filled = (names) => names.some((name) => payload[name] !== undefined);
		const open = payload[field] === value ? [] : gaps.filter((gap) => gap.missing && !filled([gap.name, ...gap.or]));
		return el("p.open", open.length ? one.words.gaps : "", open.map((gap) => el("span.missing", gap.missing)));
	}
	/* One wording stays: of one record the others are replaced, other records are removed. */
	function choose(head, rivals) {
		work.put(head, head.payload);
		for (const rival of rivals) if (rival.record !== head.record) work.put(rival, rival.payload, true);
	}
	function redraw() {
		// The next person must not see them.
		const groups = (secret ? [] : records.groups(kind)).map((group) =>
			group.map((head) => [head, !records.saved(head) && words.unsaved]));
		const state = JSON.stringify(groups);
		if (state === drawn) return; // keeps focus
		drawn = state;
		const items = groups.map((group) => {
			if (group.length === 1) return card(...group[0]);
			const rivals = group.map(([head]) => head);
			const question = `${its.alike} ${rivals.some((head) => head.record !== rivals[0].record) ? words.both : words.rivals}`;
			return el("li.rivals", el("p", question), el("ul", group.map(([head, note]) => card(head, note, rivals))));
		});
		// In a room the way to add one is in reach: what others wrote before is a press away.
		const before = form.room ? items.filter((_, place) => groups[place].length === 1).slice(0, -LATEST) : [];
		if (before.length < 2) return list.replaceChildren(...items);
		const open = list.querySelector(".pb-earlier")?.open;
		const earlier = el("details.earlier", { open }, el("summary", `${words.earlier} ${before.length}`), el("ul.list", before));
		list.replaceChildren(el("li", earlier), ...items.filter((item) => !before.includes(item)));
	}
	function load() {
		slot.replaceChildren();
		work.offers.replaceChildren();
		list.before(work.offers); // who comes back finds it above a long list
		draft = null;
		records.drafts.of(kind).forEach(offerDraft);
	}
	const node = el("section", el("h3", plural), el("p", intro), list, work.offers, slot, actions(add));
	return { node, redraw, load, refused: work.refused(offerDraft), open: work.open(change) };
}
