/* A what-if with its sliders, of the reader's own answers. */

import { el } from "../../../../worksheet/forms/static/elements.js";

export function nodesOf(html) {
	const template = document.createElement("template");
	template.innerHTML = html; // made by the worksheet's own Python, which escapes
	return [...template.content.childNodes];
}

/* `tryOut` takes the values chosen and what to do with the case made of them. */
export function drawWhatIf({ controls, html }, tryOut) {
	const result = el("div.what-if-result", nodesOf(html));
	const fields = controls.map((control) => {
		const { label, value, options, low, high, step, said } = control;
		const shown = el("output", said);
		const input = options.length
			? el("select", { change: move }, options.map((text) => el("option", text)))
			: el("input", { type: "range", input: move });
		Object.assign(input, options.length ? { value } : { min: low, max: high, step, value, ariaValueText: said });
		return { control, input, shown, node: el("label", el("span", label), shown, input) };
	});
	const chosen = ({ control, input }) => [control.name, control.options.length ? input.value : Number(input.value)];
	function move() {
		tryOut(Object.fromEntries(fields.map(chosen)), draw);
	}
	function draw(made) {
		result.replaceChildren(...nodesOf(made.html));
		made.controls.forEach(({ low, high, step, value, said, options }, place) => {
			const { input, shown } = fields[place];
			if (options.length) return;
			if (document.activeElement !== input) Object.assign(input, { min: low, max: high, step, value });
			shown.textContent = said;
			input.ariaValueText = said;
		});
	}
	return el("div.what-if", fields.map(({ node }) => node), result);
}
