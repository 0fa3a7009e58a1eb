/* In a workshop: answers go to the laptop that leads it, one at a time and in order. */

import { el } from "./elements.js";
import { mount } from "./form.js";
import { keepReceipts } from "./receipts.js";

const SLOWEST = 15000; // ms between attempts
const LATER = [401, 408, 421, 429]; // join again, too slow, another address, too many: not for good

/* Hands revisions on until each is answered: a promise of {saved} or {problems}. */
function outbox({ description, root, paper }, tell) {
	const stem = description.practice;
	const line = new Map(); // id -> {rev, promise, done}
	let busy = false, wait = 1000, timer;

	function send(rev) {
		const id = rev?.id ?? "";
		if (!line.has(id)) {
			const one = { rev };
			one.promise = new Promise((done) => (one.done = done));
			line.set(id, one);
			next();
		}
		return line.get(id).promise;
	}
	async function next() {
		if (busy || !line.size) return;
		busy = true;
		clearTimeout(timer);
		const [id, one] = line.entries().next().value;
		const [status, answer] = await ask(one.rev).catch(() => [0, {}]);
		busy = false;
		if (status === 200 && (one.rev ? answer.saved || answer.problems : answer.revisions)) {
			line.delete(id);
			wait = 1000;
			tell("");
			one.done(answer);
			return next();
		}
		if (status >= 400 && status < 500 && !LATER.includes(status)) {
			line.delete(id);
			one.done({ problems: [["", answer.failed]] });
			return next();
		}
		tell(status === 401 ? "join" : status ? "busy" : "away");
		timer = setTimeout(next, wait * (0.75 + Math.random() / 2));
		wait = Math.min(2 * wait, SLOWEST);
	}
	async function ask(rev) {
		const body = rev && JSON.stringify(rev);
		const headers = { "Content-Type": "application/json" };
		if (paper) headers["X-Paper"] = "yes";
		const signal = AbortSignal.timeout?.(SLOWEST);
		const how = rev ? { method: "POST", body, headers, signal } : { headers, signal };
		const reply = await fetch(`${root}/${rev ? "save" : "list"}/${stem}`, how);
		return [reply.status, await reply.json().catch(() => ({}))];
	}
	function now() {
		wait = 1000;
		next();
	}
	for (const event of ["online", "pageshow"]) addEventListener(event, now);
	document.addEventListener("visibilitychange", () => document.hidden || now());
	return send;
}

const TOLD = {
	away: "The laptop does not answer. Go on writing: nothing is lost. It is kept on this phone and sent by itself.",
	busy: "The laptop cannot save just now. What you write is kept on this phone and sent by itself.",
	join: "This phone is no longer known here. What you wrote is kept on it and sent once you have joined again. ",
};

for (const root of document.querySelectorAll("[data-playbook-form]")) {
	const setup = JSON.parse(root.querySelector("script").textContent);
	const place = document.querySelector("[data-link]");
	const tell = (state) => {
		if (place.dataset.link === state) return;
		place.dataset.link = state;
		place.replaceChildren(TOLD[state] ?? "", state === "join" ? el("a", { href: `${setup.root}/` }, "Join again") : "");
	};
	const post = outbox(setup, tell);
	const receipts = keepReceipts(document.getElementById("sent"), setup);
	async function send(rev) {
		if (rev) receipts.waiting(rev);
		const answer = await post(rev);
		if (rev) receipts.answered(rev, answer);
		// Of a secret answer nothing stays, not even in the page.
		const kind = setup.description.kinds.find((one) => one.kind === rev?.kind);
		return { ...answer, gone: answer.saved && kind?.pseudonymous };
	}
	const hear = (list) => root.addEventListener("playbook:look", list);
	mount(root, { ...setup, send, hear });
}
