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
