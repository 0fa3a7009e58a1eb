/* Works out the reader's own answers in the place of the worked example, on a worksheet's page.
 *
 * The form keeps answers in this browser and tells when they change (`playbook:answers`). A worker
 * in the engine's folder makes HTML of them; what it makes stands in the slots of the example.
 * Only this script and the form know the page; neither sends anything anywhere. */

import { button } from "../../../../worksheet/forms/static/elements.js";
import { box } from "../../../../worksheet/forms/static/storage.js";
import { READ, holdCalculator } from "./calculator.js";
import { addWays, openRecord } from "./changes.js";
import { hasAnswers, held, partners } from "./held.js";
import { drawRegion, findSlots } from "./region.js";
import { pictureFile, tablesFile, take } from "./takeaway.js";
import { drawWhatIf, nodesOf } from "./what_if.js";

const AGREED = "playbook/calculator"; // that it may be fetched
const MAIN = { class: "pb-main" };
const FROM_DISK = location.protocol === "file:";

/* `address` of the worker, and `size` of what it fetches, in megabytes. */
function answer(form, slots, address, size) {
	const stem = form.dataset.playbookForm;
	const values = {}; // what-if -> what was chosen
	let before = {}; // what the picture said last

	const fileName = (end) => `${held().slug || "worksheet"}-${stem}.${end}`;
	const title = () => `${held().name || held().slug}: ${document.querySelector("main h1").firstChild.textContent}`;
	const region = drawRegion(form, slots, {
		picture: () => take(pictureFile(region.node, title()), "text/html", fileName("html")),
		tables: () => take(tablesFile(region.node), "text/csv", fileName("csv")),
	});
	const calculator = holdCalculator(address, {
		loading: () => region.tell("loading", "Fetching the calculator, once.",
			"Go on writing: your answers are kept.", button("Stop", stop)),
		fetched: (part) => region.follow(part, part < 1
			? `Fetching the calculator, once: ${(part * size).toFixed(1)} of ${size} MB.`
			: "Starting the calculator."),
		late: () => region.warn("This takes longer than usual. Your answers are kept.",
			button("Try again", () => (calculator.end(), calculator.start())), button("Stop", stop)),
		ready(files) {
			navigator.serviceWorker?.ready.then(({ active }) => active.postMessage({ engine: files }));
			redraw();
		},
		failed: () => region.tell("failed", "This browser could not work it out. Every answer is kept.",
			"It may be too old, or short of memory. Try again, or download your answers and open them on another device.",
			button("Try again", calculator.start, MAIN), button("Download your answers", download)),
	});

	function greet() {
		if (FROM_DISK)
			return region.tell("empty", "A page opened from a disk cannot work out your answers. On the web it can.",
				"Your answers are kept all the same, and you can download them.");
		if (!hasAnswers(stem)) {
			region.show("example");
			return region.tell("empty", "This is a worked example.",
				"Write your own answers in the form, and what they come to appears here.");
		}
		region.tell("empty", "You have answers in this browser.",
			`To work them out, this page fetches a calculator once: ${size} MB.`, button("Work it out", begin, MAIN));
	}
	function ask() {
		region.tell("empty", `To work out your answers, this page fetches a calculator once: ${size} MB.`,
			"It then runs on your device, also without a network. Nothing that you type is sent.",
			button("Fetch it now", begin, MAIN), button("Wait for Wi-Fi", greet));
	}
	function begin() {
		box.set(AGREED, "yes");
		calculator.start();
	}
	function stop() {
		calculator.end();
		greet();
	}
	function download() {
		form.querySelector("input[type=file]").closest("section").querySelector("button.pb-main").click();
	}

	function asked() {
		const day = new Date();
		const two = (number) => String(number).padStart(2, "0");
		const today = `${day.getFullYear()}-${two(day.getMonth() + 1)}-${two(day.getDate())}`;
		return { practice: stem, ...held(), today, values };
	}
	function redraw() {
		calculator.askWhole(() => ({ ...asked(), parts: slots.map(({ call }) => call), before }), drawn);
	}
	function drawn({ parts, own, unread, said, changed }) {
		before = said;
		if (!own) {
			for (const slot of slots) Object.assign(slot, { own: [], html: "" });
			return greet();
		}
		parts.forEach((part, place) => draw(slots[place], part));
		const isFirst = region.node.dataset.state !== "ready";
		const many = own === 1 ? "1 answer" : `${own} answers`;
		const left = unread && `Left out, since this page cannot read ${unread === 1 ? "it" : "them"}: ${unread}. ` +
			"Load the page again; it may be older than the file.";
		region.tell("ready", `Worked out from ${many} kept in this browser.`, [changed, left].filter(Boolean).join(" "));
		region.show(isFirst ? "own" : region.node.dataset.shown);
	}
	function draw(slot, part) {
		const html = JSON.stringify(part);
		if (slot.html === html) return; // keeps focus, and what is unfolded
		const open = [...slot.node.querySelectorAll("details[open] > summary")].map((one) => one.textContent);
		slot.html = html;
		slot.own = typeof part === "string" ? nodesOf(part) : [whatIf(slot.call[1][0], part)];
		for (const node of slot.own) {
			for (const one of node.querySelectorAll?.("details > summary") ?? [])
				one.parentElement.open ||= open.includes(one.textContent);
			addWays(node, form, stem);
		}
	}
	function whatIf(name, part) {
		return drawWhatIf(part, (chosen, done) => {
			values[name] = chosen;
			calculator.ask(name, () => ({ ...asked(), what_if: name }), done);
		});
	}

	const metered = () => navigator.connection?.saveData || /2g|3g/.test(navigator.connection?.effectiveType ?? "");
	const mayFetch = () => !FROM_DISK && (box.get(AGREED) || !metered());
	/* For the form: what the engine reads out of a sentence, knowing the partners. Nothing where
	 * there is no engine, or where fetching it for that has not been agreed to. */
	globalThis.playbookAsk = (what, text) =>
		new Promise((done) => {
			if (what !== READ || (!calculator.isStarted() && !mayFetch())) return done(undefined);
			calculator.ask(what, () => ({ read_goal: text, partners: partners() }), done);
			if (!calculator.isStarted()) begin();
		});
	function heard() {
		if (calculator.isReady()) return redraw();
		if (!hasAnswers(stem)) return greet();
		if (calculator.isStarted() || FROM_DISK) return;
		if (mayFetch()) begin();
		else ask();
	}
	addEventListener("playbook:answers", heard);
	addEventListener("storage", () => calculator.isReady() && redraw());
	greet();
	const named = /^#change=([\w-]+)$/.exec(location.hash);
	if (named) openRecord(form, named[1]);
	if (box.get(AGREED) && hasAnswers(stem) && !FROM_DISK) calculator.start();
}

const { src, dataset } = document.currentScript;
/* For the form: a text as a QR code, fetched by whoever wants one. */
globalThis.playbookQr = async (text, label) => (await import(new URL("qr.js", src))).draw(text, label);
const drawnForm = document.querySelector("main [data-playbook-form]");
const found = findSlots();
if (dataset.engine && drawnForm && found.length)
	answer(drawnForm, found, new URL("worker.mjs", new URL(dataset.engine, src)), dataset.size);
