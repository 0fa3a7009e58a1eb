/* Joining, coming back, and handing a phone on. */
(() => {
	"use strict";
	const said = document.getElementById("said");
	const forms = ["join", "back"].map((id) => document.getElementById(id));

	async function post(path, body) {
		const headers = { "Content-Type": "application/json" };
		const reply = await fetch(path, { method: "POST", headers, body: JSON.stringify(body) });
		return reply.json();
	}
	function paragraph(words, look) {
		const node = document.createElement("p");
		node.textContent = words;
		node.className = look;
		return node;
	}
	function welcome({ words, stems }) {
		const place = document.getElementById("joined");
		const kept = document.createElement("strong");
		kept.textContent = words;
		kept.className = "words";
		const way = paragraph("To come back on another phone, keep these two words: ", "once");
		way.append(kept);
		const on = document.createElement("a");
		on.href = `/w/${stems[0]}`;
		on.className = "button main";
		on.textContent = "Go to the worksheet";
		place.replaceChildren(paragraph("You have joined.", "lead"), way, on);
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
		const body = Object.fromEntries(new FormData(form));
		const answer = await post(`/${form.id}`, body).catch(() => ({ failed: "The laptop cannot be reached. Are you on the Wi-Fi of this room? Then try again." }));
		if (answer.joined) return welcome(answer);
		if (answer.failed) return void (said.textContent = answer.failed);
		const [[name, words]] = answer.problems;
		const input = form.elements[name];
		said.textContent = `“${input.labels[0].textContent}” ${words}.`;
		input.setAttribute("aria-invalid", "true");
		input.focus();
	}
	for (const form of forms) form?.addEventListener("submit", submit);
	document.getElementById("leave")?.addEventListener("click", async () => {
		await post("/leave", {});
		/* What waits to be sent stays: it belongs to answers, and is sent by whoever joins next. */
		for (const key of Object.keys(localStorage)) if (key.startsWith("playbook/live-draft/")) localStorage.removeItem(key);
		location.href = "/";
	});
})();
