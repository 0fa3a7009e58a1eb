/* A list as a table: a line for each record and an empty one below it to write in. */

import { actions, button, el, plain } from "./elements.js";
import { drawForm } from "./entry.js";
import { workOn } from "./kind.js";
import { isHeading, readBlock } from "./block.js";
import { folded, readAll, typed, worded } from "./values.js";

const WIDE = 4; // columns that stand beside each other; more go below the first

export function drawTable(one, form) {
	const { kind, title, plural, intro, fields, key } = one;
	const { words, records } = form;
	const work = workOn(one, form);
	const its = one.words;
	const columns = one.columns.map((name) => fields.find((field) => field.name === name));
	const body = el("tbody");
	const heads = columns.slice(0, WIDE).map((field) => el("th", { scope: "col" }, field.short));
	const table = el("table.grid", { "aria-label": plural }, el("thead", el("tr", heads, el("td"))), body);
	const slot = el("div.screen.new");
	const add = button(its.add, () => form.named() && fresh(undefined, true));
	const editing = new Map(); // record id -> its line with an open form
	let drawn, unnamed; // what was written before the partnership had a name

	function line(head, note) {
		const { payload } = head;
		const said = (field) => worded(field, payload[field.name]);
		const [name = title] = work.mention(payload);
		const [first, ...others] = columns.slice(0, WIDE);
		const small = [...columns.slice(WIDE).map(said), note].filter(Boolean).join(" · ");
		const label = (field) => el("span.label", { "aria-hidden": "true" }, field.short);
		const cell = (field) => el(said(field) ? "td" : "td.blank", label(field), said(field));
		const act = plain(words.change, () => change(head), { "aria-label": `${words.change} ${name}` });
		return el("tr", el("th", { scope: "row" }, said(first), small && el("small", small)), others.map(cell), el("td", act));
	}
	function change(head, field) {
		const { record } = head;
		if (!editing.has(record)) reopen(work.begin(work.again(head)));
		editing.get(record).focus(field);
	}
	/* The form of a line that is there stands in its place; of one that is new, below the table. */
	function reopen(draft) {
		const head = records.entries(kind).find((one) => one.record === draft.record);
		function close() {
			editing.delete(draft.record);
			records.drafts.drop(draft);
			row.line.remove();
			redraw(true);
			add.focus();
		}
		const remove = head && plain("Remove", () => (close(), work.remove(head, add)));
		const row = open(draft, close, remove);
		const cell = el("td", { colspan: Math.min(columns.length, WIDE) + 1 }, row.form);
		row.line = head ? el("tr.screen", cell) : row.form;
		editing.set(draft.record, row);
		if (head) redraw(true);
		else slot.before(row.form);
		return row;
	}
	/* The empty line: stays open, so that one can go on writing. */
	function fresh(carried = {}, focus = false) {
		const draft = work.begin({ raw: carried });
		const row = open(draft, () => {
			slot.replaceChildren();
			records.drafts.drop(draft);
			add.hidden = false;
			add.focus();
		}, "", true);
		slot.replaceChildren(row.form);
		add.hidden = true;
		if (focus) row.focus(columns.find(({ name }) => !carried[name])?.name);
	}
	function open(draft, close, remove, isFresh = false) {
		function typing(raw) {
			Object.assign(draft, { raw, touched: true });
			if (records.slug) records.drafts.keep(draft);
			else unnamed = raw;
			form.warn();
			form.say("");
		}
		async function done(payload, raw) {
			if (!form.named()) return [["", words.unnamed]];
			const refused = await work.save(draft, payload);
			if (refused) return refused;
			if (!isFresh) return close();
			const again = key.slice(0, -1).filter((name) => columns.some((field) => field.name === name));
			fresh(Object.fromEntries(again.map((name) => [name, raw[name]])), true);
		}
		const rest = fields.filter((field) => !columns.includes(field));
		function arrange(drawn) {
			const node = ({ name }) => drawn.get(name).node;
			const cells = el("div.cells", { paste }, columns.map(node));
			return rest.length ? [cells, el("details.later", el("summary", words.more), rest.map(node))] : [cells];
		}
		const row = drawForm({
			id: `${form.ids}-${kind}-${draft.id.slice(-8)}`,
			top: "",
			title: draft.parents.length ? its.edit : its.new,
			fields,
			raw: draft.raw,
			names: work.names,
			look: (field) => (columns.includes(field) ? "cell" : ""),
			arrange,
			typing,
			done,
			buttons: [
				el(`button${isFresh ? "" : ".main"}`, isFresh ? its.add : its.save),
				isFresh ? "" : button("Close", close),
				remove ?? "",
			],
		});
		return row;
	}
	/* A block from a spreadsheet: good lines are saved, the others stay open with what is wrong. */
	async function paste(event) {
		const text = event.clipboardData.getData("text/plain");
		const start = columns.findIndex(({ name }) => name === event.target.name);
		if (start < 0 || !/[\t\n]./.test(text.trim())) return;
		event.preventDefault();
		if (!form.named()) return;
		const { elements } = event.target.form;
		const carried = Object.fromEntries(columns.slice(0, start).map((field) => [field.name, elements[field.name].value]));
		const lines = readBlock(text);
		const under = columns.slice(start);
		if (isHeading(lines[0], under)) lines.shift();
		let kept = 0;
		const wrong = [];
		for (const cells of lines) {
			const [raw, unread] = rawOf(cells, under, carried);
			const [payload, problems] = readAll(fields, (field) => typed(raw[field.name] ?? field.default));
			const draft = work.begin({ raw, touched: true });
			const faults = [...unread, ...problems];
			const refused = faults.length ? faults : await work.save(draft, payload);
			if (refused) wrong.push([draft, refused]);
			else kept += 1;
		}
		for (const [draft, problems] of wrong) {
			records.drafts.keep(draft);
			reopen(draft).show(problems, false);
		}
		if (wrong.length) editing.get(wrong[0][0].record).focus(wrong[0][1][0][0]);
		form.say(words.pasted.replace("{kept}", kept).replace("{wrong}", wrong.length));
	}
	function rawOf(cells, under, carried) {
		const raw = { ...carried }, unread = [];
		under.forEach((field, i) => {
			const text = cells[i] ?? "";
			const means = ([value, said]) => [value, said, said.split(":")[0]].some((one) => folded(one) === folded(text));
			const choice = field.options.find(means);
			if (field.options.length && text && !choice) unread.push([field.name, `${words.none_of}: ${text}`]);
			else raw[field.name] = choice ? choice[0] : text;
		});
		return [raw, unread];
	}
	function redraw(anyway) {
		const lines = records.entries(kind).map((head, i, all) => {
			const rival = [all[i - 1], all[i + 1]].some((other) => other?.record === head.record);
			return [head, records.saved(head) ? rival && words.rivals : words.unsaved];
		});
		const state = JSON.stringify(lines);
		if (state === drawn && !anyway) return; // keeps focus
		drawn = state;
		const active = document.activeElement;
		const rows = lines.map(([head, note]) => {
			const row = editing.get(head.record);
			return row?.line.matches("tr") ? row.line : line(head, note);
		});
		body.replaceChildren(...rows);
		table.hidden = !lines.length;
		if (body.contains(active)) active.focus();
	}
	function load() {
		editing.forEach((row) => row.line.remove());
		editing.clear();
		work.offers.replaceChildren();
		slot.replaceChildren();
		add.hidden = false;
		if (unnamed || matchMedia("(min-width: 34rem)").matches) fresh(unnamed);
		unnamed = undefined;
	}
	/* What was being written when the page was left is open again. */
	function resume() {
		for (const draft of records.drafts.of(kind)) if (!editing.has(draft.record)) reopen(draft);
	}
	const node = el("section", el("h3", plural), el("p", intro), table, work.offers, slot, actions(add));
	return { node, redraw, load, resume, refused: work.refused(reopen), open: work.open(change) };
}
