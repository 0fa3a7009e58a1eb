/* The leader's window: what waits for a person, rounds and votes, two wordings, decisions, the end. */
(() => {
	"use strict";
	const { act, el, several } = window.room;
	const at = (id) => document.getElementById(id);
	const all = JSON.parse(at("all-steps").textContent).steps;
	let now = null;

	function button(words, click, look) {
		const node = el("button", words, look);
		node.type = "button";
		node.addEventListener("click", click);
		return node;
	}
	/* Draws a part only when what it shows has changed, so that nothing that is typed is lost. */
	function part(node, key, make) {
		const state = JSON.stringify(key);
		if (node.dataset.drawn === state) return;
		node.dataset.drawn = state;
		node.replaceChildren(...make());
	}
	const since = (time) => {
		const minutes = Math.floor((now.now - time) / 60);
		return minutes < 1 ? "just now" : minutes === 1 ? "a minute ago" : `${minutes} minutes ago`;
	};
	document.addEventListener("room", ({ detail }) => {
		now = detail;
		const step = now.step && all[now.step.number - 1];
		const stuck = now.ended ? "" : step?.stuck ?? "";
		if (at("stuck").dataset.said !== stuck) {
			at("stuck").dataset.said = stuck;
			at("stuck").replaceChildren(...(stuck ? [el("b", "If it sticks: "), stuck] : []));
		}
		waits();
		rounds();
		entries();
		part(at("decisions"), now.decisions, () => now.decisions.map(decision));
		at("blank").textContent = now.blank ? "Show the screen again" : "Blank the screen";
		closing();
		if (step?.doing === "choose") at("votes-new").open ||= at("votes-new").dataset.offered !== `${now.step.number}`;
		if (step?.doing === "decide") at("decide-new").open ||= at("decide-new").dataset.offered !== `${now.step.number}`;
		if (now.step) at("votes-new").dataset.offered = at("decide-new").dataset.offered = `${now.step.number}`;
		at("end").hidden = now.ended;
		if (now.ended) done();
	});
	function decision({ decided, who, by }) {
		const item = el("li");
		item.append(el("b", decided), ` ${who || "nobody yet"}, ${by ? `by ${by}` : "no date yet"}`);
		return item;
	}

	/* What waits for a person. */
	function waits() {
		part(at("for-you"), [now.asks, now.refused, now.pairs, Math.floor(now.now / 60)], () => {
			const found = [...now.asks.map(asks), ...now.refused.map(refused), ...now.pairs.map((pair) => two(pair, true))];
			return found.length ? found : [el("p", "Nothing waits for you.", "hint")];
		});
	}
	function waiting(title, words, ...buttons) {
		const node = el("div", "", "waits"), text = el("div");
		text.append(el("p", title, "who-asks"), el("p", words, "hint"));
		node.append(el("span", "", "hand"), text, ...buttons);
		return node;
	}
	function asks({ id, kind, name, words, at: time }) {
		const whose = name || "A phone without a name";
		if (kind === "return")
			return waiting(`Somebody wants back in as “${name}”`, `Do you see ${name} asking? ${since(time)}`,
				button(`Let ${name} in`, () => act({ do: "let_in", ask: id })), button("No", () => act({ do: "no", ask: id })));
		return waiting(`${whose} calls you`, `${words ? `“${words}” ` : ""}${since(time)}`, button("I am coming", () => act({ do: "coming", ask: id })));
	}
	const refused = ({ record, whose, words, at: time }) =>
		waiting(`${whose ? `An answer of ${whose}` : "An answer"} was not taken`, `${words}. It is kept on the phone, to be changed or taken out. ${since(time)}`,
			button("I know", () => act({ do: "seen", record })));

	/* Two wordings side by side. */
	function two({ one, other }, known) {
		const node = el("div", "", "pair"), both = [one.revision, other.revision], pick = el("div", "", "wordings");
		node.append(el("h3", known ? "Two wordings of one thing: which do you keep?" : "Side by side: which do you keep?"), pick);
		for (const each of [one, other]) {
			const side = el("div");
			side.append(el("p", `From ${each.whose || "a phone without a name"}`, "hint"), el("p", each.says),
				el("p", each.lacks.length ? `Lacks: ${each.lacks.join(", ")}.` : "", "act"),
				button("Keep these words", () => keep(both, each.revision)));
			pick.append(side);
		}
		node.append(button("Let the room choose", () => act({ do: "vote", question: "Which wording do we keep?", things: [one.says, other.says], dots: 1 })),
			button("They are two: keep both", () => keep(both, "both")));
		return node;
	}
	async function keep(both, which) {
		const answer = await act({ do: "keep", both, keep: which });
		if (answer.done) at("side-by-side").replaceChildren();
	}
	function entries() {
		part(at("entries"), now.entries, () => {
			if (!now.entries.length) return [el("p", "Nothing is written down yet: type lines below.", "hint")];
			return now.entries.slice(-30).map(({ revision, name }) => {
				const label = el("label", "", "check"), box = el("input");
				Object.assign(box, { type: "checkbox", value: revision, name: "entry" });
				box.dataset.name = name;
				label.append(box, ` ${name}`);
				return label;
			});
		});
	}
	const ticked = () => [...at("ask-room").querySelectorAll("[name=entry]:checked")];
	at("two").addEventListener("click", async () => {
		const both = ticked().map((box) => box.value);
		if (both.length !== 2) return void (at("said").textContent = "Tick two lines: they are put side by side.");
		const answer = await act({ do: "two", both });
		if (answer.pair) at("side-by-side").replaceChildren(two(answer.pair, false));
	});
	at("ask-room").addEventListener("submit", async (event) => {
		event.preventDefault();
		const more = at("more-things").value.split("\n").map((line) => line.trim()).filter(Boolean);
		const things = [...ticked().map((box) => box.dataset.name), ...more];
		const dots = Number(at("ask-room").elements.how.value);
		const answer = await act({ do: "vote", question: at("question").value, things, dots });
		if (!answer.done) return;
		at("more-things").value = "";
		at("votes-new").open = false;
	});

	/* Rounds and votes: closed and shown are two steps. */
	function rounds() {
		const secret = Object.entries(now.answered).filter(([stem, told]) => told.secret && (stem === now.step?.stem || told.given || Object.keys(told.rounds).length));
		const votes = now.votes.filter((vote) => !vote.shown);
		part(at("rounds"), [secret, votes, now.people], () => [...secret.map(round), ...votes.map(vote)]);
	}
	function round([stem, { given, closed, any_closed, rounds, shown, slips, round }]) {
		const node = el("div", "", "round");
		node.append(el("h2", `${TITLES[stem] ?? stem}, round ${round}`));
		if (!closed && !rounds[round]) node.append(el("p", "Nobody has handed in yet."));
		for (const [when, number] of Object.entries(rounds)) {
			const count = el("p"), name = when === round ? "the round" : `the round ${when}`;
			count.append(el("b", `${number}`, "number"), ` of ${Math.max(now.people, number)} are in. You see the count and nothing else, like the room.`);
			node.append(count, sure(button(`Close ${name}`), { do: "close", stem, round: when }, (ask) =>
				`Close with ${ask.answers} of ${Math.max(ask.people, ask.answers)}? After that nobody can add or change an answer.`));
		}
		if (slips) node.append(el("p", `${several(slips, "slip", "slips")} of paper, counted with the phones.`, "hint"));
		if (!any_closed) return node;
		if (!shown) {
			const few = closed && given < 5 ? "Too few to show: they are kept." : "The picture waits for you. Nobody sees it before the room does, you neither.";
			node.append(el("p", `${closed ? `The round is closed, ${several(given, "answer", "answers")}.` : "An earlier round is closed."} ${few}`), button("Show the picture", () => act({ do: "show", stem }), "main"));
		} else node.append(el("p", "The room has been shown the picture.", "hint"));
		return node;
	}
	const TITLES = Object.fromEntries([...document.querySelectorAll(".papers a")].map((link) => [link.getAttribute("href").split("/").at(-1), link.textContent]));
	function vote(one) {
		const node = el("div", "", "round");
		const hands = one.by_hand ? `, ${one.by_hand} of them by hand` : "";
		node.append(el("h2", one.question), el("p", `${one.number} of ${Math.max(now.people, one.number)} have voted${hands}.`));
		if (!one.closed) node.append(byHand(one), sure(button("Close the vote"), { do: "close_vote", vote: one.id }, (ask) => `Close with ${ask.answers} of ${Math.max(ask.people, ask.answers)}?`));
		else node.append(button("Show what was said", () => act({ do: "show", vote: one.id }), "main"));
		return node;
	}
	/* Hands and slips: typed in once, counted beside the phones. */
	function byHand(one) {
		const node = el("details"), form = el("form");
		const columns = one.dots ? ["dots"] : ["1", "2", "3", "4", "5"];
		const rows = one.things.map((thing) => {
			const row = el("fieldset", "", "hands");
			row.append(el("legend", thing));
			const boxes = columns.map((what) => {
				const label = el("label", what === "dots" ? "Dots " : `${what} `), box = el("input");
				Object.assign(box, { type: "number", min: 0, max: 400, value: 0, inputMode: "numeric" });
				label.append(box);
				row.append(label);
				return [what, box];
			});
			form.append(row);
			return boxes;
		});
		form.append(el("button", "Add these hands"));
		form.addEventListener("submit", (event) => {
			event.preventDefault();
			const hands = rows.map((boxes) => Object.fromEntries(boxes.map(([what, box]) => [what, Number(box.value)])));
			act({ do: "hands", vote: one.id, hands, before: one.by_hand });
		});
		node.append(el("summary", "How many hands, or slips? Counted with the phones."), form);
		return node;
	}
	/* What cannot be taken back is asked once more. */
	function sure(node, body, question) {
		node.addEventListener("click", async () => {
			const answer = await act({ ...body, sure: node.dataset.asked === "yes" });
			if (!answer.ask) return;
			node.dataset.asked = "yes";
			node.dataset.was = node.textContent;
			at("said").textContent = question(answer.ask);
			node.textContent = `${node.dataset.was} for good`;
		});
		return node;
	}
	/* The bar below closes what the room is at. */
	function closing() {
		const told = now.answered[now.step?.stem], node = at("close");
		node.hidden = !told?.secret || !Object.keys(told.rounds).length;
	}
	at("close").addEventListener("click", () => {
		const own = [...at("rounds").querySelectorAll("button")].find((one) => one.textContent.startsWith("Close the round"));
		own?.focus();
		own?.click();
	});

	at("blank").addEventListener("click", () => act({ do: "blank", blank: !now.blank }));
	let typing;
	const note = () => act({ do: "note", notes: at("notes").value, told: at("notes-told").checked });
	at("notes").addEventListener("input", () => (clearTimeout(typing), (typing = setTimeout(note, 800))));
	at("notes").addEventListener("change", note);
	at("notes-told").addEventListener("change", note);
	at("decide").addEventListener("submit", async (event) => {
		event.preventDefault();
		const form = event.target;
		for (const input of form.elements) input.removeAttribute("aria-invalid");
		const answer = await act({ do: "decide", ...Object.fromEntries(new FormData(form)) });
		if (answer.done) return void form.reset();
		const [name, words] = answer.problems?.[0] ?? [];
		const input = form.elements[name];
		if (!input) return;
		at("said").textContent = `“${input.labels[0].textContent}” ${words}.`;
		input.setAttribute("aria-invalid", "true");
		input.focus();
	});
	sure(at("end"), { do: "end" }, ({ open }) =>
		`${open.length ? `Still open: ${open.join("; ")}. ` : ""}Everything is written into a folder on this laptop, and phones say what was decided. Press again to end.`);
	function done() {
		const place = at("done");
		if (!place.hidden) return;
		const list = el("ul");
		for (const { what, path } of now.exported) {
			const item = el("li");
			item.append(el("b", what), " ", el("code", path));
			list.append(item);
		}
		place.replaceChildren(el("h2", "The workshop is ended. Everything is kept."), list, el("p", "These files hold what people wrote: keep them as you would keep their letters. You can close the program now."));
		place.hidden = false;
		place.focus();
	}
})();
