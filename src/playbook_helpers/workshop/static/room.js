/* The big screen, and the window of whoever leads. */
(() => {
	"use strict";
	const room = document.querySelector("[data-room]").dataset.room;
	const at = (id) => document.getElementById(id);
	const pictures = new Map([...document.querySelectorAll("[data-picture]")].map((node) => [node.dataset.picture, node]));
	let state = null, ahead = 0;

	function el(tag, words, look = "") {
		const node = document.createElement(tag);
		node.textContent = words;
		node.className = look;
		return node;
	}
	const several = (count, one, many) => (count === 1 ? `1 ${one}` : `${count} ${many}`);

	function show(now) {
		state = now;
		ahead = now.now - Date.now() / 1000;
		at("people").textContent = several(now.people, "person is here", "people are here");
		if (now.reached) {
			const time = new Date(now.reached * 1000).toLocaleTimeString([], { hour: "2-digit", minute: "2-digit" });
			at("light").textContent = `Phones get through. Last heard of one at ${time}.`;
			at("light").dataset.lit = "yes";
		}
		document.body.dataset.begun = now.step ? "yes" : "no";
		const parts = now.step
			? [el("p", `Step ${now.step.number} of ${now.step.of}`, "hint"), el("h1", now.step.title), el("p", now.step.what)]
			: [el(room === "lead" ? "h2" : "h1", "Welcome"), el("p", now.next && `First: ${now.next}`)];
		if (now.step?.say) parts.push(el("p", `Say: “${now.step.say}”`, "say"));
		if (room === "lead" && now.step) parts[1] = el("h2", now.step.title);
		if (JSON.stringify(now.step) !== at("step").dataset.drawn) at("step").replaceChildren(...parts);
		at("step").dataset.drawn = JSON.stringify(now.step);
		for (const [stem, told] of Object.entries(now.answered)) count(stem, told);
		if (at("next")) at("next").textContent = now.step ? (now.next ? `Next: ${now.next}` : "This is the last step") : "Begin";
		tick();
	}
	function count(stem, { records, rounds, secret }) {
		const given = Object.entries(rounds).map(([when, number]) => `${several(number, "answer", "answers")} to the round ${when}`);
		const words = secret && given.length ? given.join(", ") : several(records, "entry", "entries");
		const place = document.querySelector(`[data-count="${stem}"]`);
		if (place) place.textContent = words;
		if (room === "lead" && secret) steer(stem, state.answered[stem]);
	}
	const folder = () => at("rounds");
	function steer(stem, told) {
		const drawn = JSON.stringify([stem, told]);
		let part = folder().querySelector(`[data-stem="${stem}"]`);
		if (part?.dataset.drawn === drawn) return;
		const fresh = el("section", "");
		fresh.dataset.stem = stem;
		fresh.dataset.drawn = drawn;
		for (const [when, number] of Object.entries(told.rounds)) {
			const button = el("button", `Close the round ${when}`);
			button.addEventListener("click", () => close(button, stem, when));
			fresh.append(el("p", `Round ${when}: ${several(number, "answer", "answers")}. Nobody sees more until it is closed and shown.`), button);
		}
		if (!told.shown) {
			const button = el("button", "Show the picture to the room");
			button.addEventListener("click", () => act({ do: "show", stem }));
			fresh.append(button);
		}
		part ? part.replaceWith(fresh) : folder().append(fresh);
	}
	async function close(button, stem, round) {
		const sure = button.dataset.asked === "yes";
		const answer = await act({ do: "close", stem, round, sure });
		if (!answer?.ask) return;
		button.dataset.asked = "yes";
		button.textContent = "Close it for good";
		at("said").textContent = `${several(answer.ask.answers, "answer", "answers")} from ${several(answer.ask.people, "person", "people")} here. A round that is closed stays closed. Press again to close it.`;
	}
	async function act(body) {
		const headers = { "Content-Type": "application/json" };
		const answer = await fetch("/lead", { method: "POST", headers, body: JSON.stringify(body) })
			.then((reply) => reply.json())
			.catch(() => ({ failed: "The server of the workshop does not answer. Every answer is kept." }));
		at("said").textContent = answer.failed ?? "";
		return answer;
	}
	function tick() {
		if (!state?.ends) return void (at("clock").textContent = "");
		const left = Math.max(0, Math.round(state.ends - ahead - Date.now() / 1000));
		const text = `${Math.floor(left / 60)}:${String(left % 60).padStart(2, "0")}`;
		if (at("clock").textContent !== text) at("clock").textContent = text;
	}
	/* HTML that the server made: whatever people typed is escaped in it. */
	async function draw(stem, node) {
		const reply = await fetch(`/picture/${stem}`).catch(() => null);
		if (!reply?.ok) return;
		const html = await reply.text();
		if (node.dataset.drawn === html) return;
		node.dataset.drawn = html;
		node.innerHTML = html;
	}
	const events = new EventSource("/events");
	let seen = 0;
	events.onmessage = ({ data }) => {
		const now = JSON.parse(data);
		show(now);
		if (now.version !== seen) pictures.forEach((node, stem) => draw(stem, node));
		seen = now.version;
	};
	events.onerror = () => (document.body.dataset.away = "yes");
	events.onopen = () => delete document.body.dataset.away;
	setInterval(tick, 500);
	for (const button of document.querySelectorAll("[data-do]")) button.addEventListener("click", () => act({ do: button.dataset.do }));
	if (room === "screen")
		addEventListener("keydown", ({ key, target }) => {
			const doing = { ArrowRight: "next", ArrowLeft: "back" }[key];
			if (doing && !target.closest("input, summary")) act({ do: doing });
		});
	if (!at("said")) document.body.append(Object.assign(el("p", "", "said"), { id: "said" }));
})();
