/* "Change this": from a finding, here, in a report or on another worksheet, to the record it is about. */

import { button, el } from "../../../../worksheet/forms/static/elements.js";
import { held } from "./held.js";

const NOT_HELD =
	"This browser does not hold that answer yet. Ask whoever made the report for the file of answers, and " +
	"open it here with “Open files you saved before”.";

const revisionOf = (record) => held().revisions.find((rev) => rev.record === record);

export function openRecord(form, record) {
	const rev = revisionOf(record);
	if (rev) form.dispatchEvent(new CustomEvent("playbook:change", { detail: { kind: rev.kind, record } }));
	else form.before(el("p", { class: "admonition", role: "status" }, NOT_HELD));
}
/* Beside each finding whose record this browser holds. */
export function addWays(node, form, stem) {
	for (const one of node.querySelectorAll?.("[data-record]") ?? []) {
		const rev = revisionOf(one.dataset.record);
		if (!rev) continue;
		const here = rev.practice === stem || rev.practice === "partnership";
		const look = { class: "pb-change" };
		const away = { ...look, href: `${rev.practice}.html#change=${rev.record}` };
		one.append(here ? button("Change this", () => openRecord(form, rev.record), look) : el("a", away, "Change this"));
	}
}
