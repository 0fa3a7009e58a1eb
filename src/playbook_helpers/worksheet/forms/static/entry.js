/* A form over fields, with the errors beside them and in a list on top. */

import { actions, el } from "./elements.js";
import { drawField } from "./fields.js";
import { readAll, typed } from "./values.js";

const inOrder = (drawn) => [...drawn.values()].map((one) => one.node);

/* `done` gets the answers and what was typed; it may give back problems: [field, words]. `confirm`
 * says from the answers what is asked before. `arrange` puts the drawn fields in their places. */
export function drawForm(about) {
	const { id, top = "h4", title, fields, raw, names = () => [], typing, done, buttons } = about;
	const { confirm = () => "", look = () => "", arrange = inOrder } = about;
	const drawn = new Map();
	for (const field of fields) {
		const { name } = field;
		const value = typed(raw[name] ?? field.default);
		drawn.set(name, drawField(field, `${id}-${name}`, value, () => names(field), look(field)));
	}
	const answers = () => Object.fromEntries(new FormData(form));
	const summary = el("div.summary", { tabindex: -1, role: "group", "aria-label": "Errors" });
	const check = (field) => readAll([field], (one) => answers()[one.name] ?? "")[1][0]?.[1];
	function reveal(name) {
		const control = drawn.get(name).node.querySelector("[name]");
		const folded = control.closest("details:not([open])");
		if (folded) folded.open = true;
		return control;
	}
	function show(problems, focus = true) {
		const lines = problems.map(([name, problem]) => {
			const one = drawn.get(name);
			const click = (event) => (event.preventDefault(), reveal(name).focus());
			const link = one && el("a", { href: `#${id}-${name}`, click }, `“${one.field.label}” ${problem}`);
			return el("li", link ?? problem);
		});
		drawn.forEach(({ describe }, name) => describe(new Map(problems).get(name)));
		problems.forEach(([name]) => drawn.has(name) && reveal(name));
		summary.setAttribute("aria-label", "Errors");
		summary.replaceChildren(el("p", "Please look at this again"), el("ul", lines));
		if (focus) summary.focus();
	}
	/* What cannot be taken back is asked once more. */
	function ask(question) {
		form.dataset.asked = "yes";
		summary.setAttribute("aria-label", "A question");
		summary.replaceChildren(el("p", question));
		summary.focus();
	}
	async function submit(event) {
		event?.preventDefault();
		const raw = answers();
		const [payload, found] = readAll(fields, ({ name }) => raw[name] ?? "");
		const problems = about.complete?.(payload, raw, found) ?? found;
		if (problems.length) return show(problems);
		const question = !form.dataset.asked && confirm(payload);
		if (question) return ask(question);
		form.inert = true;
		const refused = await done(payload, raw);
		form.inert = false;
		if (refused) show(refused);
	}
	const input = ({ target }) => drawn.has(target.name) && (drawn.get(target.name).describe(), typing(answers(), target));
	/* While something is pressed, an error waits: it would push that away from under the finger. */
	function change({ target }) {
		if (!drawn.has(target.name)) return;
		const { field, describe } = drawn.get(target.name);
		const tell = () => target.value && describe(check(field));
		if (!document.querySelector(":active")) return tell();
		addEventListener("mouseup", () => setTimeout(tell), { once: true, capture: true });
	}
	const attributes = { novalidate: true, autocomplete: "off", "aria-label": title, submit, input, change };
	const heading = top && el(top, title);
	const form = el("form.entry", attributes, heading, summary, arrange(drawn), actions(buttons));
	const focus = (name) => (name ? reveal(name) : form.querySelector("[name]")).focus();
	return { form, drawn, answers, show, focus };
}
