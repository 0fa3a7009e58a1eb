/* The region of a worksheet's page that holds the worked example, or what the reader wrote. */

import { button, el } from "../../../../worksheet/forms/static/elements.js";

/* Each section of the page: how it is drawn, the example's, and the reader's own. */
export const findSlots = () =>
	[...document.querySelectorAll(".pb-slot")].map((node) => {
		const call = JSON.parse(node.dataset.part);
		return { node, call, example: [...node.childNodes], own: [], html: "" };
	});

export function drawRegion(form, slots, take) {
	const words = el("p.answers-words");
	const hint = el("p.answers-hint");
	const bar = el("progress", { max: 1, value: "0", "aria-label": "How much has been fetched" });
	const buttons = el("div.answers-buttons");
	const choices = ["example", "own"].map((value) =>
		el("input", { type: "radio", name: "pb-answers-shown", value, change: () => show(value) }));
	const labels = ["Worked example", "Your answers"].map((text, place) => el("label", choices[place], el("span", text)));
	const choice = el("fieldset.switch", el("legend", "Show"), labels);
	const keep = el("div.answers-keep",
		button("Save this picture as a file", take.picture),
		button("Take the tables (CSV)", take.tables),
		button("Print", () => print()));
	const told = el("div.answers-told", words, hint, bar, buttons);
	const live = { "aria-label": "What your answers come to", "aria-live": "polite", "data-state": "empty" };
	const region = el("section", { id: "your-answers", ...live }, el("div.answers-head", told, choice));
	place();

	/* Before the first part of the worked example, around all parts that follow each other. */
	function place() {
		const parts = [...new Set(slots.map(({ node }) => partOf(node)))].filter((part) => !part.contains(form));
		const isAfter = (part) => part.compareDocumentPosition(form) & Node.DOCUMENT_POSITION_PRECEDING;
		const first = parts.find(isAfter) ?? parts[0];
		if (!first) return form.after(region);
		first.before(region);
		for (let next = first; next && !next.contains(form); ) {
			const after = next.nextElementSibling;
			region.append(next);
			next = after;
		}
		// Whose example it is stands above the parts of it.
		const whose = slots.find(({ call }) => call[0] === "title");
		if (whose) region.firstChild.after(whose.node.closest(".playbook") ?? whose.node);
		region.append(keep);
	}
	function partOf(node) {
		let top = form;
		for (let outer = top; outer; outer = outer.parentElement.closest("section")) top = outer;
		let part = node;
		while (part.parentElement && part.parentElement !== top) part = part.parentElement;
		return part;
	}

	function tell(name, sentence, more = "", ...actions) {
		region.dataset.state = name;
		words.removeAttribute("aria-live");
		words.textContent = sentence;
		hint.textContent = more;
		bar.hidden = name !== "loading";
		keep.hidden = choice.hidden = name !== "ready" && !slots.some(({ own }) => own.length);
		buttons.replaceChildren(...actions);
	}
	/* What goes on while it loads. A counter is read out to nobody. */
	function follow(part, sentence) {
		bar.value = part;
		words.setAttribute("aria-live", "off");
		words.textContent = sentence;
	}
	function warn(sentence, ...actions) {
		hint.textContent = sentence;
		buttons.replaceChildren(...actions);
	}
	/* The example or the reader's own; of the two only the one that is shown is in the page. */
	function show(which) {
		region.dataset.shown = which;
		for (const one of choices) one.checked = one.value === which;
		for (const { node, example, own } of slots) node.replaceChildren(...(which === "own" ? own : example));
	}
	return { node: region, tell, follow, warn, show };
}
