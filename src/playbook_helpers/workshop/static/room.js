/* What the room does just now: the big screen, the light, and the clock in the leader's window. */
(() => {
	"use strict";
	const { root, build } = document.body.dataset;
	const at = (id) => document.getElementById(id);
	const onWall = document.body.classList.contains("screen");
	let state = null, ahead = 0, drawn = "";

	function el(tag, words = "", look = "") {
		const node = document.createElement(tag);
		node.textContent = words;
		if (look) node.className = look;
		return node;
	}
	const several = (count, one, many) => (count === 1 ? `1 ${one}` : `${count} ${many}`);
	function write(id, words) {
		const node = at(id);
		if (node && node.textContent !== words) node.textContent = words;
	}
	function spoken(id, words) {
		const node = at(id);
		if (!node || node.dataset.said === words) return;
		node.dataset.said = words;
		node.replaceChildren(...(words ? [el("b", "Say: "), `“${words}”`] : []));
	}

	function show(now) {
		state = now;
		ahead = now.now - Date.now() / 1000;
		if (now.build !== build) location.reload(); // nothing is typed on the wall; the leader's notes are kept
		light(now);
		document.body.dataset.begun = now.step ? "yes" : "no";
		document.body.dataset.pictured = now.step && (now.step.stem || now.votes.some((one) => !one.closed)) && now.step.doing !== "rest" ? "yes" : "no";
		document.body.dataset.blank = now.blank && onWall ? "yes" : "no";
		if (at("title")) {
			write("kicker", now.step ? `${onWall ? `${document.title.replace("Workshop of ", "")} · step` : "Step"} ${now.step.number} of ${now.step.of}` : "");
			write("title", now.ended ? "That was it. Thank you." : now.step ? now.step.title : onWall ? "Join with your phone" : "Lead the workshop");
			spoken("say", now.ended ? "" : now.step?.say ?? "");
			write("what", now.ended ? "" : now.step ? now.step.what : onWall ? "Point your camera at the square. No phone? Share one, or take paper." : now.next && `First: ${now.next}`);
			write("clock-of", now.step && !now.ended ? `of ${now.step.minutes} minutes` : "");
			who(now);
			steps(now);
			picture(now);
		}
		document.dispatchEvent(new CustomEvent("room", { detail: now }));
		tick();
	}
	function light({ light: { at: when, by, quiet } }) {
		const node = at("light");
		if (!node) return;
		const time = new Date(when * 1000).toLocaleTimeString([], { hour: "2-digit", minute: "2-digit" });
		node.dataset.lit = when ? (quiet ? "quiet" : "yes") : "no";
		const words = !when ? "No phone has got through yet. The light goes on by itself." : quiet ? `No phone since ${time}. Every answer sent is on the laptop.` : onWall ? "Phones get through" : `Phones get through. Last at ${time}, by ${by}.`;
		if (node.textContent !== words) node.textContent = words;
	}
	/* How many have answered, and who is here. Of secret answers how many, never who. */
	function who(now) {
		const vote = open(now), stem = now.step?.stem, told = now.answered[stem];
		let count = now.people, of = now.people === 1 ? "person is here" : "are in";
		let done = 0;
		if (vote) [done, of] = [vote.number, `of ${Math.max(now.people, vote.number)} have voted`];
		else if (told?.secret) [done, of] = [given(told), `of ${Math.max(now.people, given(told))} ${told.closed ? "answers, the round is closed" : "have handed in"}`];
		else if (told) [done, of] = [told.sent, `of ${now.people} have sent something`];
		if (vote || told) count = done;
		write("count", `${count}`);
		write("count-of", of);
		const slips = told?.secret && told.slips ? ` ${several(told.slips, "slip", "slips")} of paper among them.` : "";
		const secret = (vote || told?.secret) && now.step;
		const nameless = now.people - now.names.length;
		const listed = [...now.names.slice(0, 24), nameless && `${nameless} without a name`].filter(Boolean);
		write("names", secret ? `How many, never who.${slips}` : listed.length ? `Here: ${listed.join(", ")}` : "");
		const dots = at("dots");
		if (!dots) return;
		const all = Math.min(Math.max(now.people, done), 60);
		const key = `${done}/${all}`;
		if (dots.dataset.drawn === key) return;
		dots.dataset.drawn = key;
		dots.replaceChildren(...Array.from({ length: now.step ? all : 0 }, (_, i) => el("span", "", `dot ${i < done ? "yes" : "ring"}`)));
	}
	function steps(now) {
		const here = now.step?.number ?? 0;
		const few = onWall ? 4 : 3;
		const begin = Math.max(0, Math.min(here - 2, document.querySelectorAll("[data-step]").length - few));
		for (const item of document.querySelectorAll("[data-step]")) {
			const number = Number(item.dataset.step);
			item.toggleAttribute("aria-current", number === here);
			item.hidden = number <= begin || number > begin + few;
		}
		const next = at("next");
		if (!next) return;
		next.hidden = now.ended || Boolean(now.step && !now.next);
		const words = now.step ? `Next: ${now.next}` : `Begin: ${now.next}`;
		if (next.textContent !== words) next.textContent = words;
		const back = document.querySelector("[data-do=back]");
		back.hidden = !now.step || here === 1 || now.ended;
		for (const button of document.querySelectorAll("[data-do=more]")) button.hidden = !now.step || now.ended;
	}
	const open = ({ votes }) => votes.find((one) => !one.closed);
	/* A vote stands in the picture's place from its opening until the room goes on. */
	function subject(now) {
		const last = now.votes.at(-1);
		if (last && (!last.closed || (now.step?.number ?? 0) === last.step)) return `vote/${last.id}`;
		return now.step?.stem ? `picture/${now.step.stem}` : "";
	}
	async function picture(now) {
		const vote = open(now);
		const from = now.step || vote ? subject(now) : "";
		const rest = now.step?.doing === "rest" && !vote;
		const key = rest || now.ended ? `none ${now.ended}` : `${from} ${now.version}`;
		if (key === drawn) return;
		drawn = key;
		if (now.ended) return put(decided(now));
		if (!from || rest) return put("");
		const secret = from.startsWith("picture/") && now.answered[now.step.stem];
		if (secret?.secret && !secret.shown && (given(secret) || secret.closed)) return put(waiting(secret, now));
		const reply = await fetch(`${root}/${from}`).catch(() => null);
		if (reply?.ok && drawn === key) put(await reply.text());
	}
	/* HTML that the server made (whatever people typed is escaped in it), or a node. */
	function put(what) {
		const place = at("picture");
		if (typeof what !== "string") {
			place.shown = "";
			place.style.fontSize = "";
			return place.replaceChildren(what);
		}
		if (place.shown === what) return;
		place.shown = what;
		place.innerHTML = what;
		fit();
	}
	const given = ({ rounds, given: here }) => Object.values(rounds).reduce((sum, n) => sum + n, 0) || here;
	/* As large as the room allows, and nothing cut off. */
	function fit() {
		const place = at("picture");
		if (!onWall) return;
		place.style.fontSize = "";
		for (const img of place.querySelectorAll("figure:first-of-type img")) {
			img.style.height = "0";
			const beside = img.closest("figure").scrollHeight;
			img.style.height = `${Math.max(120, place.clientHeight - beside - 8)}px`;
		}
		for (let size = 1.2; size > 0.65 && place.scrollHeight > place.clientHeight + 2; size -= 0.05) place.style.fontSize = `${size}em`;
	}
	addEventListener("resize", fit);
	function waiting(told, { people }) {
		const { closed } = told, number = given(told);
		const part = el("div", "", "waiting");
		const big = el("p", "", "lead");
		big.append(el("b", `${number}`, "huge"), ` of ${Math.max(people, number)}`);
		const enough = number < 5 ? "With fewer than five, each could be guessed." : "Enough for a picture.";
		part.append(big, el("p", closed ? "The round is closed. The picture is shown to all at once." : `answers are in. ${enough} Nothing is shown until the round is closed. After that, nobody can add or change an answer.`));
		return part;
	}
	function decided({ decisions }) {
		const part = el("div");
		if (!decisions.length) return part;
		const list = el("ul", "", "decided");
		for (const { decided, who, by } of decisions) {
			const item = el("li");
			item.append(el("b", decided), " ", [who || "nobody yet", by ? `by ${by}` : "no date yet"].join(", "));
			list.append(item);
		}
		part.append(el("h2", "What we decided"), list);
		return part;
	}
	function tick() {
		const clock = at("clock");
		if (!clock) return;
		if (!state?.ends || state.ended) return void write("clock", "");
		const left = Math.round(state.ends - ahead - Date.now() / 1000);
		const whole = Math.abs(left);
		const text = `${Math.floor(whole / 60)}:${String(whole % 60).padStart(2, "0")}`;
		// It cuts nobody off: after the end it counts how long it is over.
		write("clock", left < 0 ? `+${text}` : text);
		clock.classList.toggle("over", left < 0);
		if (left < 0) write("clock-of", "over: finish your sentence");
		else if (state.step) write("clock-of", `of ${state.step.minutes} minutes`);
	}

	async function act(body) {
		const headers = { "Content-Type": "application/json" };
		const answer = await fetch(`${root}/lead`, { method: "POST", headers, body: JSON.stringify(body) })
			.then((reply) => reply.json())
			.catch(() => ({ failed: "The workshop does not answer. Every answer is kept. Is its window still open on the laptop?" }));
		write("said", answer.failed ?? "");
		return answer;
	}
	const events = new EventSource(`${root}/events`);
	events.onmessage = ({ data }) => show(JSON.parse(data));
	events.onerror = () => {
		document.body.dataset.away = "yes";
		write("said", "The workshop does not answer. Every answer is kept on the phones. It comes back by itself.");
	};
	events.onopen = () => {
		if (document.body.dataset.away) write("said", "");
		delete document.body.dataset.away;
	};
	setInterval(tick, 500);
	const go = (doing) => act({ do: doing, at: state?.step?.number ?? 0 });
	for (const button of document.querySelectorAll("[data-do]")) button.addEventListener("click", () => go(button.dataset.do));
	for (const button of document.querySelectorAll("[data-address]"))
		button.addEventListener("click", async () => {
			const answer = await act({ do: "address", address: button.dataset.address });
			if (answer.done) location.reload();
		});
	if (onWall)
		addEventListener("keydown", ({ key, target }) => {
			const doing = { ArrowRight: "next", ArrowLeft: "back" }[key];
			if (doing && !target.closest("input, summary")) go(doing);
		});
	window.room = { act, el, several, state: () => state };
})();
