/* What the room does just now, asked for while the page is in sight. */
(() => {
	"use strict";
	const EVERY = 4000; // ms: sleeping tabs lose streams without an error
	const step = document.getElementById("step"), news = document.getElementById("news");
	let version = "", begun = 0, timer;

	async function look() {
		clearTimeout(timer);
		if (document.hidden) return;
		const reply = await fetch(`/now?since=${version}`).catch(() => null);
		if (reply?.ok) show(await reply.json());
		timer = setTimeout(look, EVERY);
	}
	function show(now) {
		version = now.version;
		if (!now.answered) return;
		const words = now.step ? `Step ${now.step.number} of ${now.step.of}: ${now.step.title}` : "We begin soon.";
		if (step.textContent !== words) step.textContent = words;
		const stem = document.querySelector("[data-playbook-form]").dataset.playbookForm;
		const count = now.answered[stem].records;
		begun ||= count + 1;
		if (count + 1 > begun) offer();
	}
	function offer() {
		if (news.firstChild) return;
		const button = document.createElement("button");
		button.textContent = "Show what has been added";
		button.addEventListener("click", () => location.reload());
		news.append("There is something new in the lists. ", button);
	}
	document.addEventListener("visibilitychange", look);
	addEventListener("pageshow", look);
	look();
})();
