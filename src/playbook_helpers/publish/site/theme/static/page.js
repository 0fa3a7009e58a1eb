/* Every page of the book loads this. It stands in a file, as all scripts do, so that a policy which
 * forbids scripts in pages holds. */
(() => {
"use strict";
const root = document.documentElement;
const KEY = "playbook-colours";

/* Before anything is drawn: the colours that the reader chose, if any. */
function kept() {
	try {
		return localStorage.getItem(KEY) ?? "";
	} catch {
		return ""; // a browser that keeps nothing goes by the device
	}
}

function colour(chosen) {
	if (chosen) root.dataset.theme = chosen;
	else delete root.dataset.theme;
}

root.classList.add("scripted");
colour(kept());

/* Without a network the book's pages are there all the same, where a browser allows that. */
if (/^https?:$/.test(location.protocol)) {
	const keeper = new URL("../service-worker.js", document.currentScript.src);
	addEventListener("load", () => navigator.serviceWorker?.register(keeper).catch(() => {}));
}

addEventListener("DOMContentLoaded", () => {
	if (location.protocol === "file:") document.querySelectorAll("[data-playbook-form]").forEach(tellOfDisk);
	colours();
	blankSheets();
	const pages = document.getElementById("pages");
	panel(document.querySelector(".primary-toggle"), document.getElementById("menu"), pages);
	panel(document.querySelector(".secondary-toggle"), document.getElementById("parts"));
	const search = document.querySelector("main form.search input");
	if (search && !search.value) search.focus();
});

/* Browsers differ in what they keep for a page that comes from no server. */
function tellOfDisk(form) {
	const note = document.createElement("p");
	note.className = "admonition playbook-disk";
	note.textContent =
		"You opened this page from a disk. Some browsers then keep answers for each page apart, or " +
		"only until they are closed. So download your answers before you go.";
	form.before(note);
}

/* The address ?print=blank&n=12 shows blank sheets in the place of the page: the first for each of 12
 * people, the others once. */
function blankSheets() {
	const asked = new URLSearchParams(location.search);
	const paper = document.querySelector(".pb-paper");
	const article = document.querySelector("article");
	if (asked.get("print") !== "blank" || !paper || !article) return;
	root.classList.add("blank-sheets");
	const title = article.querySelector("h1").firstChild.textContent;
	document.title = `Blank sheets: ${title}`;

	const first = paper.querySelector("[data-each]");
	const bar = document.createElement("div");
	bar.className = "sheets-bar";
	const heading = document.createElement("h1");
	heading.textContent = `${title}: blank sheets`;
	const label = document.createElement("label");
	const count = document.createElement("input");
	Object.assign(count, { type: "number", min: "1", max: "200", inputMode: "numeric", value: people(asked.get("n")) });
	label.append("For how many people? ", count);
	const told = document.createElement("p");
	told.setAttribute("role", "status");
	const press = document.createElement("button");
	Object.assign(press, { type: "button", className: "button", textContent: "Print" });
	press.addEventListener("click", () => print());
	const back = document.createElement("a");
	Object.assign(back, { className: "button second", href: location.pathname, textContent: "Back to the worksheet" });
	const ways = document.createElement("p");
	ways.className = "acts";
	ways.append(press, back);
	bar.append(heading, label, told, ways);

	const sheets = document.createElement("div");
	sheets.className = "playbook pb-form sheets";
	const over = document.createElement("h2");
	over.className = "pb-hidden";
	over.textContent = "The sheets";
	sheets.append(over, paper);
	article.prepend(bar, sheets);
	const copies = () => {
		const number = people(count.value);
		paper.querySelectorAll(".copy").forEach((copy) => copy.remove());
		for (let made = 1; made < number; made++) {
			const copy = first.cloneNode(true);
			copy.classList.add("copy");
			first.after(copy);
		}
		const name = first.querySelector("h3").textContent.split(":")[0];
		const others = paper.querySelectorAll(".pb-sheet").length - number;
		const often = number === 1 ? "once" : `${number} times`;
		told.textContent = `${name}: ${often}.` + (others ? ` Other sheets: ${others}, each once.` : "");
	};
	count.addEventListener("input", copies);
	copies();
}

function people(text) {
	return Math.min(Math.max(Number.parseInt(text, 10) || 1, 1), 200);
}

function colours() {
	const select = document.getElementById("colours");
	if (!select) return;
	select.closest("[hidden]").hidden = false;
	select.value = kept();
	select.addEventListener("change", () => {
		colour(select.value);
		try {
			localStorage.setItem(KEY, select.value);
		} catch {
			// The choice holds for this page.
		}
	});
}

/* A button and the panel that it opens. A panel that shows what stands at the side of wide pages
 * borrows it while it is open; where the side is in sight, the button folds it away instead. */
function panel(button, dialog, side = null) {
	if (!button || !dialog) return;
	const close = dialog.querySelector(".panel-close");
	const inside = side?.firstElementChild;
	let followed = false;
	button.hidden = false;

	const tell = () => button.setAttribute("aria-expanded", String(dialog.open || Boolean(side && seen(side))));
	button.addEventListener("click", () => {
		if (side && wide()) {
			side.classList.toggle("folded");
			return tell();
		}
		followed = false;
		if (inside) dialog.append(inside);
		dialog.showModal();
		close.focus();
		tell();
	});
	close.addEventListener("click", () => dialog.close());
	dialog.addEventListener("click", ({ target }) => {
		if (target === dialog) dialog.close(); // beside it
		if (!target.closest("a[href]")) return;
		followed = true;
		dialog.close();
	});
	dialog.addEventListener("close", () => {
		if (inside) side.append(inside);
		if (!followed) button.focus({ preventScroll: true });
		tell();
	});
	addEventListener("resize", () => {
		if (side && dialog.open && wide()) dialog.close();
		tell();
	});
	tell();

	function wide() {
		return !document.body.classList.contains("page-home") && matchMedia("(min-width: 1100px)").matches;
	}
}

function seen(node) {
	return node.getClientRects().length > 0;
}
})();
