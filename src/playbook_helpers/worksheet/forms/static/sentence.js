/* A sentence with a gap for each field: what is filled in makes the sentence that is kept. A whole
 * sentence can be typed in its place; the page's engine, where there is one, reads it into the gaps,
 * and a person says whether it read right. No sentence is taken apart here. */

import { actions, button, el } from "./elements.js";
import { isPercent, spoken, typed, worded } from "./values.js";

const WAIT = 700; // ms without a key before a sentence is read

export function drawSentence(one, draft) {
	const { parts, shown, gaps, text, now, percent, reads, hope, hidden, way } = one.sentence;
	const needed = gaps.find((gap) => gap.needed).name;
	const isHope = (answers) => answers[hope[0]] === hope[1];
	const byName = new Map(gaps.map((gap) => [gap.name, gap]));
	const fieldOf = new Map(one.fields.map((field) => [field.name, field]));
	const read = el("div.read", { role: "status" });
	let opened, waiting, asked;

	/* A value in the words of the sentence. */
	function said(name, value, payload) {
		const { type } = fieldOf.get(name);
		const { options, fallback } = byName.get(name);
		if (value === undefined) return fallback;
		if (type === "number") return `${value}${payload[percent] === "percent" ? "%" : ""}`;
		if (type === "when") return spoken(value);
		return worded({ options }, value);
	}
	function composed(payload) {
		if (payload[needed] === undefined) return "";
		// A part is left out if all its gaps are empty; they are every second piece of it.
		const kept = parts.filter((part) => part.some((piece, i) => i % 2 && payload[piece] !== undefined));
		const filled = (piece, i) => (i % 2 ? said(piece, payload[piece], payload) : piece);
		const pieces = kept.flatMap((part) => part.map(filled));
		const whole = pieces.join("").trim();
		return whole[0].toUpperCase() + whole.slice(1) + (whole.endsWith(".") ? "" : ".");
	}
	// Words of one's own are kept as they are; a sentence made of gaps is made anew.
	const own = draft.raw[text] && draft.raw[text] !== composed(draft.raw);
	if (!own) draft.raw = { ...draft.raw, [text]: "" };

	function arrange(drawn) {
		const pieces = shown.map(([look, text]) => (look ? el(`span.${look}`, text) : drawn.get(text).node));
		const sentence = el("div.sentence", { role: "group", "aria-label": one.words.sentence }, pieces);
		const whole = el("details.whole", own && { open: true }, el("summary", one.words.whole), drawn.get(text).node, read);
		const asked = now.map((name) => drawn.get(name).node);
		const rest = [...drawn.keys()].filter((name) => name !== text && !now.includes(name) && !byName.has(name));
		const later = el("details.later", el("summary", one.words.later), rest.map((name) => drawn.get(name).node));
		return [sentence, whole, ...asked, later];
	}
	/* A hope has no numbers: what counts it goes out of sight. */
	function show() {
		const answers = opened.answers();
		const whole = opened.form.querySelector(".pb-whole");
		opened.form.querySelector(".pb-sentence").hidden = isHope(answers);
		if (isHope(answers)) whole.open = true;
		for (const name of hidden) opened.drawn.get(name).node.hidden = isHope(answers);
	}
	async function ask(sentence) {
		const engine = globalThis.playbookAsk;
		asked = sentence;
		const found = engine && sentence ? await engine(reads, sentence).catch(() => undefined) : undefined;
		if (asked !== sentence || !found || !read.isConnected) return;
		const known = gaps.filter((gap) => found[gap.reads] !== undefined);
		const filled = Object.fromEntries(known.map((gap) => [gap.name, typed(found[gap.reads])]));
		const told = (piece, i) => i % 2 && (filled[piece] || byName.get(piece).missing);
		const pieces = parts.filter((part) => part.some(told)).flat().map((piece) => {
			const gap = byName.get(piece);
			if (!gap) return piece;
			const words = worded({ options: gap.options, type: fieldOf.get(piece).type }, filled[piece]);
			return words ? el("b", words) : el("span.missing", gap.missing || gap.fallback);
		});
		const close = () => read.replaceChildren();
		function fill() {
			for (const [name, value] of Object.entries(filled)) {
				const { control } = opened.drawn.get(name);
				control.value = value;
				control.dispatchEvent(new Event("input", { bubbles: true }));
			}
			close();
			opened.focus(gaps.find((gap) => !filled[gap.name])?.name ?? now[0]);
		}
		read.replaceChildren(
			el("p.tag", one.words.read), el("p.big", pieces, "."), el("p", one.words.right),
			actions(button(one.words.yes, fill, { class: "pb-main" }), button(one.words.no, close)));
	}
	function follow(raw, target) {
		show();
		if (target.name !== text) return;
		clearTimeout(waiting);
		waiting = setTimeout(() => ask(raw[text].trim()), WAIT);
	}
	return {
		arrange,
		follow,
		/* Two answers that cannot both be meant are asked about, and may stay. */
		confirm(payload) {
			const [to, from, aim] = way.map((name) => payload[name]);
			return (aim - from) * { up: -1, down: 1 }[to] > 0 && one.words.other_way;
		},
		look: ({ name }) => (byName.has(name) ? "gap" : ""),
		/* The gaps make the sentence, unless there is one in a person's own words. */
		complete(payload, raw, problems) {
			if (isHope(raw)) {
				for (const name of [...byName.keys(), ...hidden]) delete payload[name];
				return problems.filter(([name]) => fieldOf.get(name).required);
			}
			for (const { name } of gaps)
				if (fieldOf.get(name).type === "number" && isPercent(raw[name])) payload[percent] ??= "percent";
			const others = problems.filter(([name]) => name !== text);
			if (payload[text] || others.some(([name]) => byName.has(name))) return others;
			payload[text] = composed(payload);
			return payload[text] ? others : [[needed, problems.find(([name]) => name === text)[1]], ...others];
		},
		ready(form) {
			opened = form;
			show();
		},
	};
}
