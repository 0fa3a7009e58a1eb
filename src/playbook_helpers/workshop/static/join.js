/* Joining, coming back, and handing a phone on. */
(() => {
	"use strict";
	const { root, slug } = document.body.dataset;
	const said = document.getElementById("said");
	const forms = ["join", "back", "ask-in"].map((id) => document.getElementById(id));
	const AWAY = "The laptop cannot be reached. Are you on the Wi-Fi of this room? Then try again.";

	async function post(path, body) {
		const headers = { "Content-Type": "application/json" };
		const reply = await fetch(root + path, { method: "POST", headers, body: JSON.stringify(body) });
		return reply.json();
	}
	function paragraph(words, look) {
		const node = document.createElement("p");
		node.textContent = words;
		node.className = look;
		return node;
	}
	function welcome({ words, stem }) {
		const place = document.getElementById("joined");
		const kept = document.createElement("strong");
		kept.textContent = words;
		kept.className = "words";
		const way = paragraph("If your phone goes flat, come back on another with these two words: ", "once");
		way.append(kept);
		const on = document.createElement("a");
		on.href = `${root}/w/${stem}`;
		on.className = "button main";
		on.textContent = "Go to the worksheet";
		place.replaceChildren(paragraph("You are in.", "lead"), on, way);
		for (const node of [...forms, document.querySelector("details"), document.getElementById("plain")]) node.hidden = true;
		said.textContent = "";
		place.hidden = false;
		place.focus();
	}
	async function submit(event) {
		event.preventDefault();
		const form = event.target;
		for (const input of form.elements) input.removeAttribute("aria-invalid");
		said.textContent = "";
		const answer = await post(`/${form.id}`, Object.fromEntries(new FormData(form))).catch(() => ({ failed: AWAY }));
		if (answer.joined) return welcome(answer);
		if (answer.asked) return letIn(answer.asked);
		if (answer.failed) return void (said.textContent = answer.failed);
		const [[name, words]] = answer.problems;
		const input = form.elements[name];
		said.textContent = `“${input.labels[0].textContent}” ${words}.`;
		input.setAttribute("aria-invalid", "true");
		input.focus();
	}
	async function letIn(asked) {
		said.textContent = "Whoever leads is asked. Stay on this page, and wave.";
		const answer = await post("/let-in", { asked }).catch(() => ({ waiting: true }));
		if (answer.joined) return welcome(answer);
		if (answer.no) return void (said.textContent = "You were not let in as this person. You can join as somebody new.");
		setTimeout(() => letIn(asked), 3000);
	}
	for (const form of forms) form?.addEventListener("submit", submit);

	/* Hand on: what waits to be sent is thrown away only after a word. */
	const leave = document.getElementById("leave"), left = document.getElementById("left");
	const ours = () => Object.keys(localStorage).filter((key) => key.startsWith("playbook/live"));
	const unsent = () => ours().filter((key) => key.startsWith(`playbook/live/${slug}/`)).length;
	leave?.addEventListener("click", async () => {
		const waiting = unsent();
		if (waiting && leave.dataset.asked !== "yes") {
			leave.dataset.asked = "yes";
			leave.textContent = "Hand on, and throw them away";
			left.textContent = `${waiting === 1 ? "1 answer has" : `${waiting} answers have`} not reached the laptop yet. Wait until ${waiting === 1 ? "it is" : "they are"} sent, or press again: then they are gone.`;
			return;
		}
		const answer = await post("/leave", {}).catch(() => null);
		if (!answer?.left) return void (left.textContent = AWAY);
		for (const key of ours()) localStorage.removeItem(key);
		sessionStorage.clear();
		location.replace(`${root}/`);
	});
})();
