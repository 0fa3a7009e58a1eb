/* The playbook's form, drawn with native controls from forms/description.py.
 * On a page, answers stay in the browser until downloaded; in a notebook, until Python says so. */

import { el } from "./elements.js";
import { drawFiles } from "./files.js";
import { drawList } from "./list.js";
import { drawPoints } from "./points.js";
import { drawTable } from "./table.js";
import { holdRecords } from "./records.js";
import { isBlocked, uuid } from "./storage.js";
import { drawWho } from "./who.js";

const RETRY = 15000; // ms between attempts
const LAYOUTS = { list: drawList, points: drawPoints, table: drawTable };

/* Draws all. `send` hands a revision on: a promise of {saved}, {problems} or {failed}. */
export function mount(root, { description, known = {}, partnership = "", send, hear }) {
	const { practice: stem, words } = description;
	const [status, notice] = ["status", "note"].map((look) => el(`p.${look}`, { role: "status" }));
	const form = {
		description, known, words, stem,
		page: !send,
		room: !!hear, // others write into the same lists, each on a phone
		met: new Set(), // names that were asked about
		ids: `pb${uuid().slice(-8)}`,
		say: (text) => status.textContent === text || (status.textContent = text),
		warn: () => (notice.textContent = isBlocked() ? words.blocked : ""),
		named: () => form.records.slug || who.ask(),
		choose: (one) => who.use(one),
		use,
	};
	form.records = holdRecords({
		description, send,
		say: form.say,
		changed: draw,
		refused: (rev) => sections.find((one) => one.kind === rev.kind).refused(rev),
	});
	const part = (one) => ({ kind: one.kind, ...LAYOUTS[one.layout](one, form) });

	/* On a page: whose answers, and the file they go into. */
	function use(slug) {
		form.records.use(slug);
		load();
	}
	function load() {
		for (const one of sections) one.load();
		form.records.gather();
		for (const one of sections) one.resume?.();
		retry();
	}
	function retry() {
		if (send && !told) list();
		form.records.retry();
	}
	let told = false; // of what is stored: by message, since a widget's state may be saved
	async function list() {
		const { revisions, known: names } = await send();
		told = true;
		form.known = names;
		revisions.forEach(form.records.stored);
		form.records.gather();
	}
	function draw() {
		for (const one of sections) one.redraw();
		who?.redraw();
		take?.redraw();
		form.warn();
		// On paper a worksheet that nobody has begun is blank sheets.
		const own = (rev) => stem === "overview" || rev.practice === stem;
		root.toggleAttribute("data-filled", form.records.all().some(own));
		const detail = { partnership: form.records.slug, practice: stem };
		root.dispatchEvent(new CustomEvent("playbook:answers", { bubbles: true, detail }));
	}

	root.classList.add("playbook", "pb-form");
	// So that JupyterLab takes no keys:
	root.addEventListener("focusin", ({ target }) => (target.dataset.lmSuppressShortcuts = ""));
	root.addEventListener("playbook:change", ({ detail: { kind, record } }) =>
		sections.find((one) => one.kind === kind)?.open(record));
	let who, take;
	const mine = description.kinds.map(part);
	const shared = send ? [] : description.shared.filter((one) => one.layout === "table").map(part);
	const sections = [...shared, ...mine];
	if (!send) {
		who = drawWho(form, shared);
		take = drawFiles(form);
	}
	const paper = root.querySelector(".pb-paper") ?? "";
	const nodes = [notice, ...mine.map((one) => one.node)];
	root.replaceChildren(...(send ? nodes : [who.node, ...nodes, take.node]), status, paper);
	if (send) use(partnership);
	else {
		who.begin();
		addEventListener("storage", form.records.gather); // from other tabs
	}
	hear?.(list); // what others have added meanwhile
	const timer = send && setInterval(retry, RETRY);
	return () => clearInterval(timer);
}
