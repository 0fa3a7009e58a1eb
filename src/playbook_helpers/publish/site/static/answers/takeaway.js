/* What can be taken along: the picture as one file, its tables for a spreadsheet. */

import { el } from "../../../../worksheet/forms/static/elements.js";

const LEFT_OUT =
	".pb-answers-head, .pb-answers-keep, .pb-change, .headerlink, .step-on, [data-playbook-form], .pb-what-if > label";

export function take(text, type, name) {
	const href = URL.createObjectURL(new Blob([text], { type }));
	el("a", { href, download: name }).click();
	setTimeout(() => URL.revokeObjectURL(href), 60000);
}
/* One file that opens from a disk: the parts as they stand, their style, and no script. */
export function pictureFile(region, title) {
	const page = region.cloneNode(true);
	page.removeAttribute("aria-live");
	for (const gone of page.querySelectorAll(LEFT_OUT)) gone.remove();
	const sheets = [...document.styleSheets].filter(({ href }) => /(page|answers)\.css/.test(href ?? ""));
	const style = sheets.flatMap((sheet) => [...sheet.cssRules].map((rule) => rule.cssText)).join("\n");
	const made = document.implementation.createHTMLDocument(title);
	made.documentElement.lang = document.documentElement.lang;
	made.head.append(el("meta", { name: "viewport", content: "width=device-width" }), el("style", style));
	made.head.prepend(el("meta", { charset: "utf-8" }));
	made.body.append(el("main", el("h1", title), page));
	return `<!doctype html>\n${made.documentElement.outerHTML}`;
}
/* A spreadsheet would run what begins like a formula. */
export const csvCell = (text) => `"${text.trim().replace(/^(?=[=+@\t\r]|-\D)/, "'").replace(/"/g, '""')}"`;

/* The tables one below the other. */
export function tablesFile(region) {
	const lines = [...region.querySelectorAll("table")].flatMap((table) => [
		...(table.caption ? [csvCell(table.caption.textContent)] : []),
		...[...table.rows].map((row) => [...row.cells].map((one) => csvCell(one.textContent)).join(",")),
		"",
	]);
	return `\ufeff${lines.join("\r\n")}`;
}
