/* Statements that all take one of the same few answers: a row of radio buttons each, the words of
 * the scale above them, and how many are answered. */

import { el } from "./elements.js";

export const scaleWords = (scale) =>
	el("div.scale-words", { "aria-hidden": "true" }, el("span"), scale.map(([, text]) => el("span", text)));

export function drawItems({ items, item_options: scale, words }) {
	const bar = el("progress", { max: items.length, "aria-label": words.answered });
	const told = el("span");
	let answers = () => ({});
	const open = () => items.filter((name) => !answers()[name]);
	function count() {
		const done = items.length - open().length;
		bar.value = done;
		told.textContent = `${done} of ${items.length} ${words.answered}`;
	}
	function arrange(drawn) {
		const before = [], after = [], rows = [];
		for (const [name, { node }] of drawn)
			(items.includes(name) ? rows : rows.length ? after : before).push(node);
		return [before, el("div.items", el("div.stick", el("p", told, bar), scaleWords(scale)), rows), after].flat();
	}
	/* Nothing is forced: what is left open is told once, before it can no longer be changed. */
	function confirm() {
		return open().length && words.open.replace("{n}", open().length);
	}
	return {
		arrange,
		confirm,
		look: ({ name }) => (items.includes(name) ? "item" : ""),
		follow: count,
		ready(form) {
			answers = form.answers;
			count();
		},
	};
}
