/* What a phone has sent in a workshop: for each answer where it is, and what was stored of it. */

import { button, el } from "./elements.js";
import { box } from "./storage.js";
import { worded } from "./values.js";

const STATES = {
	waiting: "Kept on this phone. It is sent by itself when the laptop answers.",
	saved: "Saved on the laptop.",
	handed: "Handed in. This phone keeps nothing of it but that.",
	refused: "Not taken:",
	removed: "Taken out on the laptop.",
};

export function keepReceipts(node, { description, partnership, paper }) {
	const { practice: stem } = description;
	const place = `playbook/live-sent/${partnership}/${stem}/`;
	const kindOf = (rev) => description.kinds.find((one) => one.kind === rev.kind);
	const kept = new Map(box.under(place).map((one) => [one.id, one]));
	let secretId = "";

	const said = (kind, payload) => {
		const shown = kind.fields.filter(({ name }) => payload[name] !== undefined && payload[name] !== null);
		return shown.map((field) => `${field.label} ${worded(field, payload[field.name])}`).join(" · ");
	};
	function put(rev, more) {
		const kind = kindOf(rev);
		if (!kind) return;
		const secret = kind.pseudonymous;
		// Of a secret answer no more than that there was one.
		const id = secret ? `${rev.kind}-handed` : rev.id;
		const known = kept.get(id);
		if (known && known.state !== "waiting" && more.state === "waiting") return;
		const told = secret ? { title: kind.title } : { title: kind.title, said: said(kind, rev.payload), rev };
		const one = { id, at: Date.now(), ...known, ...told, ...more };
		if (more.state === "saved") delete one.rev;
		kept.set(id, one);
		if (!paper) box.set(place + id, one);
		draw();
	}
	const waiting = (rev) => put(rev, { state: "waiting" });
	function answered(rev, { saved, problems, stored, kept_as }) {
		const kind = kindOf(rev);
		if (!kind) return;
		if (problems) return put(rev, { state: "refused", why: problems.map(([, words]) => words).join("; ") });
		if (!saved) return;
		if (kind.pseudonymous) {
			secretId = kept_as;
			return put(rev, { state: "handed" });
		}
		put(rev, { state: rev.deleted ? "removed" : "saved", stored: stored ? said(kind, stored) : "" });
	}
	function drop(one) {
		kept.delete(one.id);
		box.drop(place + one.id);
		draw();
	}
	/* One answer as a file that the site's pages open and `playbook import` takes. */
	function download({ rev }) {
		const content = { format: "playbook-answers/1", partnership, practice: stem, revisions: [rev] };
		const file = new Blob([JSON.stringify(content)], { type: "application/json" });
		el("a", { href: URL.createObjectURL(file), download: `playbook-${partnership}-${stem}-one.json` }).click();
	}
	function line(one) {
		const words = one.state === "refused" ? `${STATES.refused} ${one.why}.` : STATES[one.state];
		const changed = one.stored && one.stored !== one.said && el("p", `Stored as: ${one.stored}`);
		const act = (text, click) => button(text, click, { "aria-label": `${text}: ${one.title} ${one.said ?? ""}` });
		const offered = [];
		const open = one.rev && one.state !== "saved";
		if (one.rev && one.state === "refused") offered.push(el("p", "Change it above, or throw it away there."));
		if (open) offered.push(act("Download this answer", () => download(one)));
		if (one.state === "refused") offered.push(act("Leave it out of this list", () => drop(one)));
		const what = el("p", el("strong", one.title), " ", one.said ?? "");
		return el(`li.${one.state}`, what, changed || "", el("p.state", words), offered);
	}
	function once() {
		if (!secretId) return "";
		const gone = button("I have what I need", () => ((secretId = ""), draw()));
		const words = "Shown this once: whoever may want this answer erased later writes this number down. ";
		return el("div.once", el("p", words, el("code", secretId)), gone);
	}
	function draw() {
		const lines = [...kept.values()].sort((x, y) => y.at - x.at).map(line);
		node.hidden = !lines.length;
		const mine = [...kept.values()].filter((one) => one.said && one.state !== "refused");
		const all = mine.length ? button("Download what I wrote", () => takeAll(mine)) : "";
		node.replaceChildren(el("h2", paper ? "What you typed" : "What you sent"), once(), el("ul", lines), all);
	}
	function takeAll(mine) {
		const text = mine.map((one) => `${one.title}: ${one.said}\n${STATES[one.state]}\n`).join("\n");
		const file = new Blob([text], { type: "text/plain" });
		el("a", { href: URL.createObjectURL(file), download: `what-I-wrote-${stem}.txt` }).click();
	}
	draw();
	return { waiting, answered };
}
