/* Every page of the book loads this first. It stands in a file, as all scripts do, so that a
 * policy which forbids scripts in pages holds. */

/* The guide is light; the theme's script asks for both. */
Object.assign(document.documentElement.dataset, { mode: "light", theme: "light" });

/* What togglebutton.js asks for. */
var toggleHintShow = "Click to show";
var toggleHintHide = "Click to hide";
var toggleOpenOnPrint = "true";
var togglebuttonSelector = ".toggle, .admonition.dropdown";

/* Without a network the book's pages are there all the same, where a browser allows that. */
if (/^https?:$/.test(location.protocol)) {
	const keeper = new URL("../service-worker.js", document.currentScript.src);
	addEventListener("load", () => navigator.serviceWorker?.register(keeper).catch(() => {}));
}

addEventListener("DOMContentLoaded", () => {
	document.querySelector("main form.bd-search input")?.focus();
	if (location.protocol === "file:") document.querySelectorAll("[data-playbook-form]").forEach(tellOfDisk);
	panel("primary", "Close the menu");
	panel("secondary", "Close this list");
});

/* Browsers differ in what they keep for a page that comes from no server. */
function tellOfDisk(form) {
	const note = document.createElement("p");
	note.className = "admonition playbook-disk d-print-none";
	note.textContent =
		"You opened this page from a disk. Some browsers then keep answers for each page apart, or " +
		"only until they are closed. So download your answers before you go.";
	form.before(note);
}

/* The theme moves a sidebar into a dialog on narrow screens. This adds what it leaves out: a
 * button to close it, closing when a link is followed, where the focus goes, and its state. */
function panel(side, words) {
	const button = document.querySelector(`.${side}-toggle`);
	const sidebar = document.getElementById(`pst-${side}-sidebar`);
	const dialog = document.getElementById(`pst-${side}-sidebar-modal`);
	if (!sidebar || !dialog) return void button?.remove();
	if (!button) return;
	let followed = false;

	const tell = () => button.setAttribute("aria-expanded", dialog.open || seen(sidebar));
	const close = document.createElement("button");
	close.type = "button";
	close.className = "playbook-close";
	close.textContent = words;
	close.addEventListener("click", () => dialog.close());
	sidebar.prepend(close); // and goes into the dialog with the rest

	button.addEventListener("click", () => (followed = false));
	dialog.setAttribute("aria-label", button.getAttribute("aria-label"));
	dialog.addEventListener("click", ({ target }) => {
		if (!target.closest("a[href]")) return;
		followed = true;
		dialog.close();
	});
	dialog.addEventListener("close", () => followed || button.focus({ preventScroll: true }));
	// The theme's own script takes the focus from the button as it is pressed.
	addEventListener("click", ({ target }) => {
		if (button.contains(target)) setTimeout(() => dialog.open || button.focus({ preventScroll: true }));
	}, true);

	new MutationObserver(tell).observe(dialog, { attributeFilter: ["open"] });
	new MutationObserver(tell).observe(sidebar, { attributeFilter: ["class"] });
	sidebar.addEventListener("transitionend", tell);
	addEventListener("resize", tell);
	tell();
}

function seen(node) {
	const shown = node.getClientRects().length > 0 && getComputedStyle(node).visibility === "visible";
	return shown && !node.classList.contains("pst-sidebar-hidden");
}
