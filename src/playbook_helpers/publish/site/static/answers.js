/* Works out the reader's own answers in the place of the worked example, on a worksheet's page.
 *
 * The form keeps answers in this browser and tells when they change (`playbook:answers`). A worker
 * in the engine's folder makes HTML of them; what it makes stands in the slots of the example.
 * Only this script and the form know the page; neither sends anything anywhere. */
"use strict";
(() => {
	const script = document.currentScript;
	const { engine, size } = script.dataset; // its folder, and megabytes on the wire
	const PATIENCE = 30000; // ms without a sign before somebody is told, and before a redraw is given up
	const ASKED = "playbook/calculator";
	const form = document.querySelector("main [data-playbook-form]");
	const slots = [...document.querySelectorAll(".pb-slot")].map((node) => {
		const call = JSON.parse(node.dataset.part);
		return { node, call, example: [...node.childNodes], own: [], html: "" };
	});
	if (!engine || !form || !slots.length) return;
	const stem = form.dataset.playbookForm;

	/* An element; objects are attributes and listeners, strings are text. */
	function el(tag, ...parts) {
		const node = document.createElement(tag);
		for (const part of parts.flat()) {
			if (part instanceof Node || typeof part === "string") node.append(part);
			else
				for (const [key, value] of Object.entries(part)) {
					if (typeof value === "function") node.addEventListener(key, value);
					else if (value !== false) node.setAttribute(key, value === true ? "" : value);
				}
		}
		return node;
	}
	const button = (words, click, look = "") => el("button", { type: "button", class: look, click }, words);

	// What this browser holds ------------------------------------------------------------------

	const stored = (key) => {
		try {
			return JSON.parse(localStorage.getItem(key));
		} catch {
			return null;
		}
	};
	function held() {
		const who = stored("playbook/partnership");
		if (!who?.slug) return { slug: "", name: "", revisions: [] };
		const keys = Object.keys(localStorage).filter((key) => key.startsWith(`playbook/site/${who.slug}/`));
		return { slug: who.slug, name: who.name ?? "", revisions: keys.sort().map(stored).filter(Boolean) };
	}
	/* The records as they stand: neither taken back nor replaced by a later answer. */
	function records({ revisions }) {
		const replaced = new Set(revisions.flatMap((rev) => rev.parents ?? []));
		return revisions.filter((rev) => !rev.deleted && !replaced.has(rev.id));
	}
	const ownRecords = (all) => records(all).filter((rev) => stem === "overview" || rev.practice === stem).length;
	const partners = () => records(held()).filter(({ kind }) => kind === "partner").map(({ payload }) => payload.name);

	// The region -------------------------------------------------------------------------------

	const words = el("p", { class: "pb-answers-words" });
	const hint = el("p", { class: "pb-answers-hint" });
	const bar = el("progress", { max: "1", value: "0", "aria-label": "How much has been fetched" });
	const buttons = el("div", { class: "pb-answers-buttons" });
	const told = el("div", { class: "pb-answers-told" }, words, hint, bar, buttons);
	const choices = ["example", "own"].map((value) =>
		el("input", { type: "radio", name: "pb-answers-shown", value, change: () => show(value) }));
	const switch_ = el("fieldset", { class: "pb-switch" }, el("legend", "Show"), ["Worked example", "Your answers"].map(
		(text, place) => el("label", choices[place], el("span", text))));
	const keep = el("div", { class: "pb-answers-keep" },
		button("Save this picture as a file", save),
		button("Take the tables (CSV)", tables),
		button("Print", () => print()));
	const region = el("section", {
		id: "your-answers", "aria-label": "What your answers come to", "aria-live": "polite", "data-state": "empty",
	}, el("div", { class: "pb-answers-head" }, told, switch_));
	place();

	/* Before the first part of the worked example, around all parts that follow each other. */
	function place() {
		const parts = [...new Set(slots.map(({ node }) => partOf(node)))].filter((part) => !part.contains(form));
		const first = parts.find((part) => part.compareDocumentPosition(form) & Node.DOCUMENT_POSITION_PRECEDING) ?? parts[0];
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
		while (node.parentElement && node.parentElement !== top) node = node.parentElement;
		return node;
	}

	function state(name, sentence, more = "", ...actions) {
		region.dataset.state = name;
		words.removeAttribute("aria-live");
		words.textContent = sentence;
		hint.textContent = more;
		bar.hidden = name !== "loading";
		keep.hidden = switch_.hidden = name !== "ready" && !slots.some(({ own }) => own.length);
		buttons.replaceChildren(...actions);
	}
	/* The example or the reader's own; of the two only the one that is shown is in the page. */
	function show(which) {
		region.dataset.shown = which;
		for (const choice of choices) choice.checked = choice.value === which;
		for (const { node, example, own } of slots) node.replaceChildren(...(which === "own" ? own : example));
	}

	function greet() {
		const mine = ownRecords(held());
		if (location.protocol === "file:")
			return state("empty", "A page opened from a disk cannot work out your answers. On the web it can.",
				"Your answers are kept all the same, and you can download them.");
		if (!mine) {
			show("example");
			return state("empty", "This is a worked example.", "Write your own answers in the form, and what they come to appears here.");
		}
		state("empty", "You have answers in this browser.", `To work them out, this page fetches a calculator once: ${size} MB.`,
			button("Work it out", begin, "pb-main"));
	}

	// The worker -------------------------------------------------------------------------------

	let worker = null, ready = false, busy = null, next = null, before = {}, values = {}, watch = 0, count = 0;
	const trials = new Map(); // what-if -> what waits to be tried

	const metered = () => navigator.connection?.saveData || /2g|3g/.test(navigator.connection?.effectiveType ?? "");
	function begin() {
		remember("yes");
		load();
	}
	function remember(value) {
		try {
			localStorage.setItem(ASKED, JSON.stringify(value));
		} catch {} // then it is asked again
	}
	function ask() {
		state("empty", `To work out your answers, this page fetches a calculator once: ${size} MB.`,
			"It then runs on your device, also without a network. Nothing that you type is sent.",
			button("Fetch it now", begin, "pb-main"), button("Wait for Wi-Fi", greet));
	}
	function load() {
		if (worker) return;
		state("loading", "Fetching the calculator, once.", "Go on writing: your answers are kept.", button("Stop", stop));
		try {
			worker = new Worker(new URL("worker.mjs", new URL(engine, script.src)), { type: "module" });
		} catch (error) {
			return fail(error);
		}
		worker.onmessage = ({ data }) => hear(data);
		worker.onerror = (event) => fail(event.message);
		patience(late);
	}
	function hear({ fetched, all, ready: up, broken, id, answer, error }) {
		if (broken) return fail(broken);
		if (fetched) {
			bar.value = fetched / all;
			const part = Math.min(1, fetched / all);
			words.setAttribute("aria-live", "off"); // a counter is read out to nobody
			words.textContent = part < 1 ? `Fetching the calculator, once: ${(part * size).toFixed(1)} of ${size} MB.` : "Starting the calculator.";
			patience(late);
		}
		if (up) {
			ready = true;
			navigator.serviceWorker?.ready.then(({ active }) => active.postMessage({ engine: up }));
			redraw();
		}
		if (id && id === busy?.id) {
			clearTimeout(watch);
			const { done } = busy;
			busy = null;
			if (error) return fail(error);
			done(JSON.parse(answer));
			send();
		}
	}
	function patience(tell) {
		clearTimeout(watch);
		watch = setTimeout(tell, PATIENCE);
	}
	function late() {
		hint.textContent = "This takes longer than usual. Your answers are kept.";
		buttons.replaceChildren(button("Try again", () => (end(), load())), button("Stop", stop));
	}
	function end() {
		clearTimeout(watch);
		worker?.terminate();
		worker = busy = next = null;
		ready = false;
		trials.get("read_goal")?.done(undefined);
		trials.clear();
	}
	function stop() {
		end();
		greet();
	}
	function fail(error) {
		end();
		console.info("The calculator:", error);
		state("failed", "This browser could not work it out. Every answer is kept.",
			"It may be too old, or short of memory. Try again, or download your answers and open them on another device.",
			button("Try again", load, "pb-main"), button("Download your answers", download));
	}
	function download() {
		form.querySelector("input[type=file]").closest("section").querySelector("button.pb-main").click();
	}

	/* Of all that waits only the latest is asked for: the whole page first, then each what-if. */
	function send() {
		if (!ready || busy) return;
		const [name] = trials.keys();
		const { request, done } = next ?? trials.get(name) ?? {};
		if (!request) return;
		if (next) next = null;
		else trials.delete(name);
		busy = { id: ++count, done };
		patience(() => fail("no answer"));
		worker.postMessage({ id: count, request: JSON.stringify(request()) });
	}
	function asked() {
		const { slug, name, revisions } = held();
		const day = new Date();
		const two = (number) => String(number).padStart(2, "0");
		const today = `${day.getFullYear()}-${two(day.getMonth() + 1)}-${two(day.getDate())}`;
		return { practice: stem, slug, name, today, revisions, values };
	}
	function redraw() {
		next = { request: () => ({ ...asked(), parts: slots.map(({ call }) => call), before }), done: drawn };
		send();
	}
	function drawn({ parts, own, unread, said, changed }) {
		before = said;
		if (!own) {
			for (const slot of slots) slot.own = [], slot.html = "";
			return greet();
		}
		parts.forEach((part, place) => draw(slots[place], part));
		const many = own === 1 ? "1 answer" : `${own} answers`;
		const first = region.dataset.state !== "ready";
		state("ready", `Worked out from ${many} kept in this browser.`, [changed, unread && `Left out, since this page cannot read ${unread === 1 ? "it" : "them"}: ${unread}. Load the page again; it may be older than the file.`].filter(Boolean).join(" "));
		show(first ? "own" : region.dataset.shown);
	}
	function draw(slot, part) {
		const html = JSON.stringify(part);
		if (slot.html === html) return; // keeps focus, and what is unfolded
		const open = [...slot.node.querySelectorAll("details[open] > summary")].map((one) => one.textContent);
		slot.html = html;
		slot.own = typeof part === "string" ? nodes(part) : [whatIf(slot.call[1][0], part)];
		for (const node of slot.own)
			for (const one of node.querySelectorAll?.("details > summary") ?? [])
				one.parentElement.open ||= open.includes(one.textContent);
		slot.own.forEach(changeable);
	}
	function nodes(html) {
		const template = document.createElement("template");
		template.innerHTML = html; // made by the worksheet's own Python, which escapes
		return [...template.content.childNodes];
	}

	/* "Change this" beside a finding: opens the record that it speaks of. */
	function changeable(node) {
		for (const one of node.querySelectorAll?.("[data-record]") ?? []) {
			const rev = held().revisions.find(({ record }) => record === one.dataset.record);
			if (!rev) continue;
			const here = rev.practice === stem || rev.practice === "partnership";
			const away = { class: "pb-change", href: `${rev.practice}.html#change=${rev.record}` };
			one.append(here ? button("Change this", () => change(rev.record), "pb-change") : el("a", away, "Change this"));
		}
	}
	/* Also from a report, or from another worksheet: the address names the record. */
	function change(record) {
		const rev = held().revisions.find((one) => one.record === record);
		if (rev) form.dispatchEvent(new CustomEvent("playbook:change", { detail: { kind: rev.kind, record } }));
		else form.before(el("p", { class: "admonition", role: "status" },
			"This browser does not hold that answer yet. Ask whoever made the report for the file of answers, and open it here with “Open files you saved before”."));
	}

	function whatIf(name, { controls, html }) {
		const result = el("div", { class: "pb-what-if-result" }, nodes(html));
		const box = el("div", { class: "pb-what-if" });
		const fields = controls.map((control) => {
			const { label, value, options, low, high, step, said } = control;
			const shown = el("output", said);
			const input = options.length
				? el("select", { change: move }, options.map((text) => el("option", { selected: text === value }, text)))
				: el("input", { type: "range", min: low, max: high, step, value, "aria-valuetext": said, input: move });
			if (options.length) input.value = value;
			return { control, input, shown, node: el("label", el("span", label), shown, input) };
		});
		function move() {
			values[name] = Object.fromEntries(fields.map(({ control, input }) =>
				[control.name, control.options.length ? input.value : Number(input.value)]));
			trials.set(name, { request: () => ({ ...asked(), what_if: name }), done: tried });
			send();
		}
		function tried(made) {
			result.replaceChildren(...nodes(made.html));
			made.controls.forEach(({ low, high, step, value, said, options }, place) => {
				const { input, shown } = fields[place];
				if (options.length) return;
				if (document.activeElement !== input) Object.assign(input, { min: low, max: high, step, value });
				shown.textContent = said;
				input.setAttribute("aria-valuetext", said);
			});
		}
		box.append(...fields.map(({ node }) => node), result);
		return box;
	}

	// What can be taken along ------------------------------------------------------------------

	const fileName = (end) => `${held().slug || "worksheet"}-${stem}.${end}`;
	function take(text, type, name) {
		const href = URL.createObjectURL(new Blob([text], { type }));
		el("a", { href, download: name }).click();
		setTimeout(() => URL.revokeObjectURL(href), 60000);
	}
	/* One file that opens from a disk: the parts as they stand, their style, and no script. */
	function save() {
		const page = region.cloneNode(true);
		page.removeAttribute("aria-live");
		for (const gone of page.querySelectorAll(".pb-answers-head, .pb-answers-keep, .pb-change, .headerlink, [data-playbook-form]")) gone.remove();
		for (const input of page.querySelectorAll(".pb-what-if > label")) input.remove();
		const rules = [...document.styleSheets].filter(({ href }) => /(page|answers)\.css/.test(href ?? ""));
		const style = rules.flatMap((sheet) => [...sheet.cssRules].map((rule) => rule.cssText)).join("\n");
		const title = `${held().name || held().slug}: ${document.querySelector("main h1").firstChild.textContent}`;
		const made = document.implementation.createHTMLDocument(title);
		made.documentElement.lang = document.documentElement.lang;
		made.head.append(el("meta", { name: "viewport", content: "width=device-width" }), el("style", style));
		made.head.prepend(el("meta", { charset: "utf-8" }));
		made.body.append(el("main", el("h1", title), page));
		take(`<!doctype html>\n${made.documentElement.outerHTML}`, "text/html", fileName("html"));
	}
	/* The tables one below the other. A spreadsheet would run what begins like a formula. */
	function tables() {
		const cell = (text) => `"${text.trim().replace(/^(?=[=+@\t\r]|-\D)/, "'").replace(/"/g, '""')}"`;
		const lines = [...region.querySelectorAll("table")].flatMap((table) => [
			...(table.caption ? [cell(table.caption.textContent)] : []),
			...[...table.rows].map((row) => [...row.cells].map((one) => cell(one.textContent)).join(",")),
			"",
		]);
		take(`\ufeff${lines.join("\r\n")}`, "text/csv", fileName("csv"));
	}

	// ------------------------------------------------------------------------------------------

	/* For the form: what the engine reads out of a sentence, knowing the partners. Nothing where there is no engine, or
	 * where fetching it for that has not been agreed to. */
	globalThis.playbookAsk = (what, text) =>
		new Promise((done) => {
			if (what !== "read_goal" || (!worker && !may())) return done(undefined);
			trials.set(what, { request: () => ({ read_goal: text, partners: partners() }), done });
			if (worker) send();
			else begin();
		});
	const may = () => location.protocol !== "file:" && (stored(ASKED) || !metered());

	function heard() {
		if (!ownRecords(held()) && !ready) return greet();
		if (ready) return redraw();
		if (worker || location.protocol === "file:") return;
		if (may()) begin();
		else ask();
	}
	addEventListener("playbook:answers", heard);
	addEventListener("storage", () => ready && redraw());
	greet();
	const named = /^#change=([\w-]+)$/.exec(location.hash);
	if (named) change(named[1]);
	if (stored(ASKED) && ownRecords(held()) && location.protocol !== "file:") load();
})();
