/* What the room does just now, asked for while the page is in sight; votes, and calling for help. */
(() => {
	"use strict";
	const EVERY = 4000; // ms: sleeping tabs lose streams without an error
	const { root, build, stem } = document.body.dataset;
	const at = (id) => document.getElementById(id);
	let version = "", timer, ends = 0, ahead = 0, seen = "", held = "";

	function el(tag, words = "", look = "") {
		const node = document.createElement(tag);
		node.textContent = words;
		if (look) node.className = look;
		return node;
	}
	async function post(path, body) {
		const headers = { "Content-Type": "application/json" };
		return fetch(root + path, { method: "POST", headers, body: JSON.stringify(body) }).then((reply) => reply.json());
	}
	async function look() {
		clearTimeout(timer);
		if (document.hidden) return;
		const reply = await fetch(`${root}/now?since=${version}`).catch(() => null);
		if (reply?.ok) show(await reply.json());
		timer = setTimeout(look, EVERY);
	}
	function show(now) {
		if (now.build && now.build !== build) old();
		version = now.version;
		if (!now.answered) return;
		ends = now.ends;
		ahead = now.now - Date.now() / 1000;
		tell(now);
		const { mark } = now.answered[stem];
		if (seen && mark !== seen) document.querySelector("[data-playbook-form]").dispatchEvent(new CustomEvent("playbook:look"));
		seen = mark;
		vote(now.vote);
		call(now.called);
		if (now.ended) ended(now);
		tick();
	}
	function tell({ step, people, answered }) {
		const mine = answered[stem];
		const state = JSON.stringify([step, people, mine.closed]);
		if (state === held) return;
		held = state;
		const parts = step
			? [el("p", `Step ${step.number} of ${step.of}`, "hint"), el("p", step.title, "now")]
			: [el("p", "We begin when everyone is here.", "now"), el("p", people === 1 ? "1 person so far." : `${people} people so far.`, "hint")];
		if (step?.what) parts.push(el("p", step.what));
		if (step && step.stem && step.stem !== stem) {
			const way = el("a", "The room is at another worksheet: go there");
			way.href = `${root}/w/${step.stem}`;
			parts.push(way);
		}
		if (mine.secret && mine.closed) parts.push(el("p", "This round is closed: nobody can add or change an answer.", "once"));
		at("step").replaceChildren(...parts);
	}
	function old() {
		if (at("old").firstChild) return;
		const button = el("button", "Load it anew");
		button.addEventListener("click", () => location.reload());
		at("old").append(el("p", "This page is older than the workshop that answers. What you wrote is kept."), button);
	}
	function tick() {
		if (!ends) return void (at("clock").textContent = "");
		const left = Math.round(ends - ahead - Date.now() / 1000);
		const minutes = Math.ceil(left / 60);
		const text = left > 60 ? `${minutes} minutes left` : left > 0 ? "1 minute left" : "Time is up: finish your sentence";
		if (at("clock").textContent !== text) at("clock").textContent = text;
	}

	/* One vote at a time. What was said is not kept here. */
	function vote(asked) {
		const place = at("vote");
		const state = asked ? `${asked.id} ${asked.voted}` : "";
		if (place.dataset.drawn === state) return;
		place.dataset.drawn = state;
		place.hidden = !asked;
		if (!asked) return;
		const head = el("h2", asked.question);
		if (asked.voted) {
			place.replaceChildren(head, el("p", "Your vote is in. This phone does not keep what it says."));
			return;
		}
		const form = el("form"), problem = el("p", "", "problem");
		problem.setAttribute("role", "alert");
		const rows = asked.things.map((thing, i) => (asked.dots ? dots(thing, i) : numbers(thing, i)));
		const hint = asked.dots ? `You have ${asked.dots} dots. Give one line several, if you like.` : "1 can wait, 5 is for now. Nobody sees single votes; all are shown at once.";
		const send = el("button", "Send my vote", "main");
		form.append(el("p", hint, "hint"), ...rows.map((row) => row.node), problem, send);
		form.addEventListener("submit", async (event) => {
			event.preventDefault();
			send.disabled = true;
			const answer = await post("/vote", { vote: asked.id, said: rows.map((row) => row.said()) }).catch(() => ({}));
			send.disabled = false;
			if (answer.saved) return void vote({ ...asked, voted: true });
			problem.textContent = answer.problems?.[0][1] ?? answer.failed ?? "The laptop does not answer. Press again: nothing was counted.";
		});
		place.replaceChildren(head, form);
	}
	function numbers(thing, i) {
		const node = el("fieldset", "", "segments");
		node.append(el("legend", thing));
		for (let n = 1; n <= 5; n++) {
			const label = el("label"), input = el("input");
			Object.assign(input, { type: "radio", name: `vote-${i}`, value: n });
			label.append(input, el("span", `${n}`));
			node.append(label);
		}
		return { node, said: () => Number(node.querySelector(":checked")?.value ?? 0) };
	}
	function dots(thing, i) {
		const node = el("div", "", "field"), label = el("label", thing), input = el("input");
		Object.assign(input, { type: "number", min: 0, max: 10, value: 0, id: `vote-${i}`, inputMode: "numeric" });
		label.htmlFor = input.id;
		node.append(label, input);
		return { node, said: () => Number(input.value) };
	}

	let calling = false;
	function call(called) {
		if (called === calling) return;
		calling = called;
		const back = el("button", "It has settled itself");
		back.addEventListener("click", async () => (await post("/call", { back: true }).catch(() => 0), look()));
		at("called").replaceChildren(...(called ? [el("span", "They know. Somebody is coming. "), back] : []));
		at("call").hidden = called;
	}
	at("call").addEventListener("submit", async (event) => {
		event.preventDefault();
		const answer = await post("/call", { words: at("about").value }).catch(() => ({ failed: "The laptop does not answer. Wave." }));
		if (answer.failed) return void (at("called").textContent = answer.failed);
		at("about").value = "";
		call(true);
	});

	function ended({ decisions }) {
		const place = at("ended");
		if (!place.hidden) return;
		const listed = el("ul");
		for (const { decided, who, by } of decisions) {
			const item = el("li");
			item.append(el("strong", decided), ` ${[who || "nobody yet", by && `by ${by}`].filter(Boolean).join(", ")}`);
			listed.append(item);
		}
		place.replaceChildren(el("h2", "That was it. Thank you."), el("p", "Everything you sent is on the laptop."), ...(decisions.length ? [el("h3", "What was decided"), listed] : []));
		place.hidden = false;
		place.focus();
	}
	document.addEventListener("visibilitychange", look);
	addEventListener("pageshow", look);
	addEventListener("online", look);
	setInterval(tick, 1000);
	look();
})();
