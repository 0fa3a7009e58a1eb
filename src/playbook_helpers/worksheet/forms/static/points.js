/* A list of fixed points, each answered once: a row of radio buttons for each, and room for a note.
 * Each point is one record; an answer is kept as soon as it is chosen. Arrow keys choose all that they
 * pass: there it is kept once they rest, or the row is left. */

import { actions, button, el, plain } from "./elements.js";
import { drawForm } from "./entry.js";
import { scaleWords } from "./items.js";
import { workOn } from "./kind.js";

const REST = 1000; // ms without an arrow key

export function drawPoints(one, form) {
	const { kind, plural, intro, fields } = one;
	const { words, records } = form;
	const work = workOn(one, form);
	const its = one.words;
	const [point, state] = one.points.map((name) => fields.find((field) => field.name === name));
	const notes = fields.filter((field) => field !== point && field !== state);
	const scale = state.choices;
	const tally = el("p.tally", { role: "status" });
	const squares = el("div.squares", { "aria-hidden": "true" });

	const standing = (value) => records.entries(kind).filter((head) => head.payload[point.name] === value);
	const rows = point.choices.map(([value, text], i) => drawPoint(value, text, i + 1));

	function drawPoint(value, text, number) {
		const id = `${form.ids}-${kind}-${value}`;
		const told = el("p.hint", { id: `${id}-told` });
		const slot = el("div.screen");
		const radios = scale.map(([answer, said]) => {
			const input = el("input", { type: "radio", name: id, value: answer, change: () => chose(answer) });
			return el("label.option", input, el("span", said));
		});
		const said = el("div.statement", { id: `${id}-said` }, el("span.number", `${number}`), text);
		const named = { role: "radiogroup", "aria-labelledby": `${id}-said`, "aria-describedby": `${id}-told` };
		let arrowed = false, resting, waiting;
		const keydown = ({ key }) => (arrowed = key.startsWith("Arrow"));
		const pointerdown = () => (arrowed = false);
		const group = el("div.item", named, { keydown, pointerdown, focusout: settle }, said, radios);
		const note = plain(words.note, () => edit(), { "aria-label": `${words.note}: ${text}` });
		const node = el("div.point", group, note, told, slot);
		const chosen = () => group.querySelector(":checked")?.value;

		async function keep(answer, more) {
			const [head, ...others] = standing(value).reverse();
			const payload = { ...head?.payload, [point.name]: value, [state.name]: answer, ...more };
			for (const name of notes.map((field) => field.name)) if (payload[name] === undefined) delete payload[name];
			// One answer for each point: what else was said about it is replaced.
			for (const other of others) if (other.record !== head.record) work.put(other, other.payload, true);
			return head ? work.put(head, payload) : work.save(work.begin({}), payload);
		}
		function chose(answer) {
			waiting = answer;
			clearTimeout(resting);
			if (arrowed) resting = setTimeout(settle, REST);
			else settle();
		}
		function settle({ relatedTarget } = {}) {
			if (!waiting || group.contains(relatedTarget)) return;
			clearTimeout(resting);
			const answer = waiting;
			waiting = "";
			choose(answer);
		}
		addEventListener("pagehide", () => settle());
		async function choose(answer) {
			if (!form.named()) return void redraw();
			const refused = await keep(answer, {});
			if (refused) form.say(refused.map(([, problem]) => problem).join(" "));
			redraw();
		}
		function clear() {
			slot.replaceChildren();
			note.hidden = false;
		}
		function close() {
			clear();
			note.focus();
		}
		function edit(given) {
			const [head] = standing(value).reverse();
			const draft = given ?? work.begin({ raw: { ...head?.payload }, point: value });
			const typing = (raw) => records.drafts.keep(Object.assign(draft, { raw, touched: true }));
			async function done(payload) {
				if (!chosen()) return [["", words.first]];
				const blank = Object.fromEntries(notes.map((field) => [field.name, undefined]));
				const refused = await keep(chosen(), { ...blank, ...payload });
				if (refused) return refused;
				records.drafts.drop(draft);
				close();
			}
			const buttons = [el("button.main", its.save), button("Close", () => (records.drafts.drop(draft), close()))];
			const about = { id, top: "", title: `${words.note}: ${text}`, fields: notes, raw: draft.raw, typing, done, buttons };
			const opened = drawForm(about);
			slot.replaceChildren(opened.form);
			note.hidden = true;
			if (!given) opened.focus();
		}
		function redraw() {
			const heads = standing(value);
			const answers = new Set(heads.map((head) => head.payload[state.name]));
			const [last] = heads.reverse();
			if (!waiting) for (const { firstChild: input } of radios) input.checked = answers.size === 1 && answers.has(input.value);
			const said = [...answers].map((answer) => scale.find(([known]) => known === answer)?.[1] ?? answer);
			const noted = notes.map((field) => last?.payload[field.name]).filter(Boolean);
			told.textContent = answers.size > 1 ? `${words.differ}: ${said.join(", ")}. ${words.settle}` : noted.join(" · ");
			return answers.size === 1 ? [...answers][0] : "";
		}
		const focus = () => (group.querySelector(":checked") ?? group.querySelector("input")).focus();
		return { value, node, redraw, edit, clear, focus };
	}
	function redraw() {
		const answers = rows.map((row) => row.redraw());
		const count = (answer) => answers.filter((one) => one === answer).length;
		const lines = scale.map(([answer, said]) => count(answer) && `${count(answer)} ${said}`);
		lines.push(count("") && `${count("")} ${words.undecided}`);
		tally.textContent = lines.filter(Boolean).join(" · ");
		squares.replaceChildren(...scale.map(([answer]) => answer).concat("").flatMap((answer, i) =>
			answers.filter((one) => one === answer).map(() => el(`i.square-${answer ? i : "none"}`))));
	}
	function resume() {
		for (const draft of records.drafts.of(kind)) rows.find((row) => row.value === draft.point)?.edit(draft);
	}
	const open = work.open((head) => rows.find((row) => row.value === head.payload[point.name])?.focus());
	const list = el("div.items.points", el("div.stick", scaleWords(scale)), rows.map((row) => row.node));
	const node = el("section", el("h3", plural), el("p", intro), squares, tally, list);
	return { node, redraw, load: () => rows.forEach((row) => row.clear()), resume, refused: redraw, open };
}
