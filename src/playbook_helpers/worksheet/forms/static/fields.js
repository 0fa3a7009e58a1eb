/* One field: label, hint, error, native control. */

import { el } from "./elements.js";

/* `look`: "cell" of a row and "gap" of a sentence are small; "item" is a row of radio buttons. */
export function drawField(field, id, raw, names, look = "") {
	const { name, required, options } = field;
	const { tag, ...attributes } = (look === "cell" && field.cell) || field.control;
	const choices = (look === "gap" && field.gap.options) || options;
	const words = { cell: field.short, gap: field.gap?.label, item: field.label }[look] ?? field.asked;
	const own = { id, "aria-describedby": `${id}-hint ${id}-error` };
	const line = (part, text) => el(`p.${part}`, { id: `${id}-${part}` }, text);
	const hint = line("hint", field.hint), error = line("error");
	const frame = `div.${look || "field"}`;
	let control, node;
	const radios = () =>
		choices.map(([value, text]) => {
			const radio = { type: "radio", name, value, required, checked: value === raw };
			return el("label.option", el("input", radio), el("span", text));
		});
	if (look === "item") {
		const said = el("div.statement", { id: `${id}-said` }, words);
		control = node = el(frame, own, { role: "radiogroup", "aria-labelledby": `${id}-said` }, said, hint, error, radios());
	} else if (tag === "fieldset" && look !== "gap") {
		control = el(tag, own, attributes, el("legend", words), hint, error, radios());
		node = el(frame, control);
	} else {
		const items = choices.map(([value, text]) => el("option", { value }, text));
		const list = field.refers_to ? `${id}-list` : undefined;
		const known = list && el("datalist", { id: list });
		// As they are now: the form may be older than the name.
		const focus = () => known && known.replaceChildren(...names().map((value) => el("option", { value })));
		const more = { ...attributes, name, required, list, focus };
		// What is measured can be long: its gap grows.
		if (look !== "gap") control = el(tag, own, more, items);
		else if (items.length) control = el("select", own, { name, required }, items);
		else if (field.type === "text") control = el("textarea", own, { name, required, rows: 1 });
		else control = el(tag, own, more);
		control.value = raw;
		const label = el("label", { for: id }, words);
		node = el(frame, look === "gap" ? [control, label, error] : [label, hint, error, control], known);
		if (look === "gap") node.append(hint);
	}
	function describe(problem) {
		error.textContent = problem || "";
		control.setAttribute("aria-invalid", !!problem);
	}
	return { field, node, control, describe };
}
