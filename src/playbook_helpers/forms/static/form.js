/* The playbook's form: draws a form description (forms/description.py) with native controls, keeps
 * drafts and answers in the browser, and hands saved revisions on.
 * On a page it mounts itself on every [data-playbook-form]; answers stay in the browser until they
 * are downloaded. In a notebook it is the face of FormView (forms/widget.py): answers go to Python
 * and are kept in the browser until Python says that they are stored.
 * What people type only ever becomes text nodes and attribute values, never markup. */

const PATIENCE = 8000; // ms to wait for "saved" before saying "not yet saved"
const RETRY = 15000; // ms between attempts to hand on what is not yet saved
const FORMAT = "playbook-answers/1";
const WHO = "playbook/partnership";
const SLUG = /^(?!.{61})(?!(con|prn|aux|nul|(com|lpt)[1-9])$)[a-z0-9]+(-[a-z0-9]+)*$/;
const UUID = /^[\da-f]{8}(-[\da-f]{4}){3}-[\da-f]{12}$/;

let blocked = false; // true once the browser keeps nothing: private window, or storage full
function attempt(act) {
	try {
		return act();
	} catch {
		blocked = true;
	}
}
const box = {
	get: (key) => attempt(() => JSON.parse(localStorage.getItem(key))),
	set: (key, value) => attempt(() => localStorage.setItem(key, JSON.stringify(value))),
	drop: (key) => attempt(() => localStorage.removeItem(key)),
	under(prefix) {
		const keys = attempt(() => Object.keys(localStorage)) ?? [];
		return keys.filter((key) => key.startsWith(prefix)).map(box.get).filter(Boolean);
	},
};

/* A time-ordered id (RFC 9562, version 7). */
function uuid7() {
	const bytes = [...crypto.getRandomValues(new Uint8Array(9))];
	const random = bytes.map((byte) => byte.toString(16).padStart(2, "0")).join("");
	const hex = `${Date.now().toString(16).padStart(12, "0")}7${random.slice(0, 3)}8${random.slice(3)}`;
	return hex.replace(/(.{8})(.{4})(.{4})(.{4})/, "$1-$2-$3-$4-");
}

/* An element, its class after a dot. Of its parts, plain objects are attributes and listeners,
 * strings become text. */
function el(tag, ...parts) {
	const [name, look] = tag.split(".");
	const node = document.createElement(name);
	if (look) node.className = look;
	for (const part of parts.flat(2)) {
		if (part instanceof Node || typeof part === "string") node.append(part);
		else
			for (const [key, value] of Object.entries(part || {})) {
				if (typeof value === "function") node.addEventListener(key, value);
				else if (value || value === "") node.setAttribute(key, value);
			}
	}
	return node;
}
const button = (words, click, more) => el("button", { type: "button", click }, more, words);
const actions = (...buttons) => el("div.pb-actions", buttons);
const sentence = (words) => words && words[0].toUpperCase() + words.slice(1).replace(/\.?$/, ".");
const collect = Object.fromEntries;

/* The short name that belongs to a name, as slugs.py makes it. */
function slugFrom(name) {
	const plain = name.normalize("NFKD").replace(/[^\0-\x7f]/g, "").toLowerCase();
	return plain.replace(/[^a-z0-9]+/g, "-").replace(/^-/, "").slice(0, 60).replace(/-$/, "");
}

/* What was typed, as a stored value: [value], or [undefined, what is wrong]. */
function read(field, raw) {
	const text = raw.replace(/(?![\n\t])[\p{Cc}\p{Cs}]/gu, " ").trim();
	const { name, type, max_length: most } = field;
	if (!text) return [undefined, field.required && "needs an answer"];
	if (name === "slug" && !SLUG.test(text)) return [undefined, "takes a-z, 0-9 and single hyphens"];
	if (type === "yesno") return [text === "yes"];
	if (type === "when") return readWhen(text);
	if (type === "number" || type === "whole") return readNumber(field, text);
	const long = [...text].length;
	if (most && long > most) return [undefined, `is ${long} characters long; ${most} are allowed`];
	return [type === "long" ? text : text.replace(/\s+/g, " ")];
}

function readWhen(text) {
	// Without hyphens too: some phones' number keys have none.
	const found = /^(\d{4})(?:[-./ ]?(\d\d)(?:[-./ ]?(\d\d))?)?$/.exec(text) ?? [];
	const [year, month, day] = found.slice(1);
	const last = new Date(Date.UTC(2000 + (year % 400), month, 0)).getUTCDate();
	if (!(year > 0) || month < 1 || month > 12 || day < 1 || day > last)
		return [undefined, "is not a date; write 2027, 2027-03 or 2027-03-31"];
	return [[year, month, day].filter(Boolean).join("-")];
}

function readNumber({ type, low, high, above }, text) {
	const plain = text.replace("\u2212", "-").replace(/\s?%$/, "").replace(/\s(?=\d{3}\b)/g, "");
	const value = Number(plain.replace(",", "."));
	let wrong;
	if (/^[+-]?[1-9]\d{0,2},\d{3}$/.test(plain))
		wrong = `reads two ways; write ${plain.replace(",", "")} or ${plain.replace(",", ".")}`;
	else if (!/^[+-]?(\d+[.,]?\d*|[.,]\d+)$/.test(plain) || !Number.isFinite(value))
		wrong = "is not a number; write only digits, such as 1500 or 3.5";
	else if (type === "whole" && !Number.isSafeInteger(value)) wrong = "has to be a whole number";
	else if (low !== null && value < low) wrong = `has to be ${low} or more`;
	else if (high !== null && value > high) wrong = `has to be ${high} or less`;
	else if (above !== null && value <= above) wrong = `has to be more than ${above}`;
	return wrong ? [undefined, wrong] : [value];
}

/* The way back: a stored value as it is typed, and as it is shown. */
const typed = (value) => (value === true ? "yes" : value === false ? "no" : String(value ?? ""));
const worded = (field, value) =>
	(value !== undefined && field.options.find(([option]) => option === typed(value))?.[1]) || typed(value);

/* One field: label, hint, a place for its error, and a native control. On paper all choices show. */
function drawField(field, id, raw, names = [], paper = false) {
	const { name, label, required, options } = field;
	const { tag, ...attributes } = field.control;
	const own = { id, "aria-describedby": `${id}-hint ${id}-error` };
	const error = el("p.pb-error", { id: `${id}-error` });
	const hint = el("p.pb-hint", { id: `${id}-hint` }, field.hint);
	const asked = [label, field.unit && ` (${field.unit})`, required && " (needed)"];
	const shown = options.filter(([value]) => value || !paper);
	let control, node;
	if (tag === "fieldset" || (paper && options.length)) {
		const radios = shown.map(([value, words]) => {
			const radio = { type: "radio", name, value, required, checked: !paper && value === raw };
			return el("label.pb-option", el("input", radio), el("span", words));
		});
		const group = { ...own, ...attributes, role: "radiogroup" };
		control = el("fieldset", group, el("legend", asked), hint, error, radios);
		node = el("div.pb-field", control);
	} else {
		const items = shown.map(([value, words]) => el("option", { value, selected: value === raw }, words));
		const list = names.length && el("datalist", { id: `${id}-list` }, names.map((value) => el("option", { value })));
		control = el(tag, own, attributes, { name, required, list: list && list.id }, items);
		control.value = raw;
		node = el("div.pb-field", el("label", { for: id }, asked), hint, error, control, list);
	}
	function describe(problem = "") {
		error.textContent = sentence(problem || "");
		control.setAttribute("aria-invalid", Boolean(problem));
	}
	const focus = () => (node.querySelector("input:checked") ?? node.querySelector("[name]")).focus();
	return { field, node, describe, focus };
}

/* A form over fields, with problems beside them and in a summary that links to them.
 * `done` gets the answers and may give problems back, as [field, words] pairs. */
function drawForm({ id, title, words, fields, raw, names, typing, done, more }) {
	const drawn = fields.map((field) => drawField(field, `${id}-${field.name}`, raw[field.name] ?? "", names?.(field)));
	const at = (name) => drawn.find(({ field }) => field.name === name);
	const answers = () => collect(new FormData(form));
	const summary = el("div", { tabindex: -1, role: "group", "aria-label": "To look at again" });
	function check(field) {
		if (form.elements[field.name].validity?.badInput) return [undefined, "is not a whole date"];
		return read(field, answers()[field.name] ?? "");
	}
	function show(problems) {
		const lines = problems.map(([name, problem]) => {
			const click = (event) => (event.preventDefault(), at(name).focus());
			const link = () => el("a", { href: `#${id}-${name}`, click }, `${at(name).field.label}: ${problem}`);
			return el("li", at(name) ? link() : sentence(problem));
		});
		for (const { field, describe } of drawn) describe(new Map(problems).get(field.name));
		const count = problems.length === 1 ? "One answer needs" : `${problems.length} answers need`;
		summary.replaceChildren(el("p", `${count} another look`), el("ul", lines));
		summary.className = "pb-summary";
		summary.focus();
	}
	async function submit(event) {
		event.preventDefault();
		const checked = fields.map((field) => [field.name, ...check(field)]);
		const problems = checked.filter((one) => one[2]).map(([name, , problem]) => [name, problem]);
		if (problems.length) return show(problems);
		form.inert = true; // until it is known whether the answers were taken
		const refused = await done(collect(checked.filter((one) => one[1] !== undefined)));
		form.inert = false;
		if (refused) show(refused);
	}
	function input({ target }) {
		at(target.name).describe();
		typing(answers(), target);
	}
	function change({ target }) {
		if (target.value) at(target.name).describe(check(at(target.name).field)[1]);
	}
	const about = { novalidate: true, autocomplete: "off", "aria-labelledby": `${id}-form` };
	const form = el(
		"form.pb-entry",
		{ ...about, submit, input, change },
		el("h4", { id: `${id}-form` }, title),
		summary,
		drawn.map(({ node }) => node),
		actions(el("button.pb-main", words), more),
	);
	return { form, show, focus: drawn[0].focus };
}

/* Draws the form into `root`. With `send` (revision -> promise of {saved}, {problems} or {failed})
 * answers are handed on; without it they stay in this browser. Returns what takes it down again. */
export function mount(root, { description, known = {}, partnership = "", revisions = [], send }) {
	const stem = description.practice;
	const place = `playbook/${send ? "live" : "site"}`;
	const ids = `pb${uuid7().slice(-8)}`;
	const items = new Map(); // revision id -> {revision, unsaved?, problems?, failed?}
	const status = el("p.pb-status", { role: "status" });
	const notice = el("p.pb-note", { role: "status" });
	const say = (words) => (status.textContent = words);
	let slug = partnership;

	const keptAt = (revision) => `${place}/${revision.partnership}/${stem}/${revision.id}`;
	const draftAt = (draft) => `${place}-draft/${slug}/${draft.kind}/${draft.id}`;

	/* The records of a kind as they stand: id -> heads (several: changed by several at once). */
	function heads(kind) {
		const all = [...items.values()].filter((item) => !item.problems).map((item) => item.revision);
		const replaced = new Set(all.flatMap((one) => one.parents));
		const records = new Map();
		all.sort((x, y) => (x.client_time + x.id < y.client_time + y.id ? -1 : 1));
		for (const one of all.filter((one) => one.kind === kind)) {
			if (!records.has(one.record)) records.set(one.record, []);
			if (!replaced.has(one.id)) records.get(one.record).push(one);
		}
		return records;
	}
	const entries = (kind) => [...heads(kind).values()].flat().filter((one) => !one.deleted);

	/* Keeps a revision in this browser, then hands it on; the problems, if it was refused. */
	async function save({ kind, practice, schema_version }, record, payload, parents, deleted = false) {
		const made = { id: uuid7(), author: "", client_time: new Date().toISOString() };
		const what = { partnership: slug, practice, kind, schema_version, record, payload, parents, deleted };
		const item = keep({ ...made, ...what });
		if (!send) return void say("Kept in this browser. Download your answers to take them with you.");
		say("Saving …");
		await Promise.race([deliver(item), new Promise((done) => setTimeout(done, PATIENCE))]);
		if (item.problems) forget(item);
		else if (item.unsaved) say(`Kept in this browser, not yet saved. ${item.failed ?? ""}`);
		return item.problems;
	}
	function keep(revision) {
		const item = { revision, unsaved: Boolean(send) };
		items.set(revision.id, item);
		box.set(keptAt(revision), revision);
		draw();
		return item;
	}
	async function deliver(item) {
		Object.assign(item, await send(item.revision).catch((error) => ({ failed: `${error}` })));
		if (item.saved && item.unsaved) {
			item.unsaved = false;
			box.drop(keptAt(item.revision));
			say("Saved.");
		}
		draw();
	}
	function forget({ revision }) {
		items.delete(revision.id);
		box.drop(keptAt(revision));
		draw();
	}

	/* One kind of record: what was entered, the open form, and the blank one for paper. */
	function section(kind) {
		const id = `${ids}-${kind.kind}`;
		const { words, fields } = kind;
		const list = el("ul.pb-list");
		const offers = el("div.pb-screen");
		const slot = el("div.pb-screen");
		const raws = (values) => collect(fields.map(({ name }) => [name, typed(values[name])]));
		const blank = collect(fields.map((field) => [field.name, field.default]));
		const add = button(words.add, () => named() && edit({ raw: raws(blank) }), { class: "pb-main" });
		let offered = []; // drafts to go on with, removals to undo
		let draft, drawn;

		const parents = (record) => (heads(kind.kind).get(record) ?? []).map((head) => head.id);
		const shown = kind.summary.map((name) => fields.find((field) => field.name === name));
		const mention = (payload) => shown.map((field) => worded(field, payload[field.name])).filter(Boolean);
		function names({ refers_to, refers_field }) {
			const entered = entries(refers_to).map((head) => typed(head.payload[refers_field]));
			return [...new Set([...(known[refers_to] ?? []), ...entered])].sort();
		}
		function offer(text, choices) {
			const buttons = Object.entries(choices).map(([label, act]) =>
				button(label, () => {
					offered = offered.filter((one) => one !== node);
					add.focus();
					act();
					draw();
				}),
			);
			const node = el("div.pb-offer", el("p", text), actions(buttons));
			offered.push(node);
			draw();
		}
		function offerDraft(left) {
			offer(`${words.resume}: ${mention(left.raw)[0] ?? "no name yet"}`, {
				Continue: () => edit(left),
				"Throw away": () => box.drop(draftAt(left)),
			});
		}
		function close() {
			slot.replaceChildren();
			if (draft?.touched) offerDraft(draft);
			draft = null;
			add.focus();
		}
		function edit(given, problems) {
			close();
			const mine = { id: uuid7(), kind: kind.kind, record: uuid7(), parents: [], ...given };
			draft = mine;
			const { form, show, focus } = drawForm({
				id,
				title: given.record ? words.edit : words.new,
				words: words.save,
				fields,
				raw: mine.raw,
				names,
				more: button("Close", close),
				typing(raw) {
					Object.assign(mine, { raw, touched: true });
					box.set(draftAt(mine), mine);
					warn();
				},
				async done(payload) {
					const refused = await save(kind, mine.record, payload, mine.parents);
					if (refused) return refused;
					box.drop(draftAt(mine));
					if (items.has(mine.replaces)) forget(items.get(mine.replaces));
					mine.touched = false;
					close();
				},
			});
			slot.replaceChildren(form);
			if (problems) show(problems);
			else focus();
		}
		function card({ revision, problems }, note) {
			const { record, payload } = revision;
			const [head = kind.title, ...rest] = mention(payload);
			const rows = fields
				.filter(({ name }) => name in payload)
				.map((field) => el("tr", el("th", { scope: "row" }, field.label), el("td", worded(field, payload[field.name]))));
			function change() {
				const now = { raw: raws(payload), record, parents: parents(record) };
				const again = problems && { parents: revision.parents, replaces: revision.id };
				edit({ ...now, ...again }, problems);
			}
			function remove() {
				if (problems) forget(items.get(revision.id));
				else {
					save(kind, record, payload, parents(record), true);
					offer(`Removed: ${head}`, { Undo: () => save(kind, record, payload, parents(record)) });
				}
				(offered.at(-1)?.querySelector("button") ?? add).focus();
			}
			const label = (act) => ({ "aria-label": `${act} ${head}` });
			return el(
				"li.pb-card",
				el("h4", head),
				rest.length > 0 && el("p", rest.join(" · ")),
				note && el("p.pb-note", note),
				el("details", el("summary", "All answers"), el("table", el("tbody", rows))),
				actions(button("Edit", change, label("Edit")), button("Remove", remove, label("Remove"))),
			);
		}
		function redraw() {
			const cards = [...items.values()]
				.filter((item) => item.problems && item.revision.kind === kind.kind)
				.map((item) => [item, "Not accepted. Edit it to see why."]);
			for (const rivals of heads(kind.kind).values())
				for (const head of rivals.filter((one) => !one.deleted)) {
					const item = items.get(head.id);
					const rival = rivals.length > 1 && "Changed by two at once. Edit one of them to settle it.";
					cards.push([item, item.unsaved ? "Kept in this browser, not yet saved." : rival]);
				}
			offers.replaceChildren(...offered);
			const state = JSON.stringify(cards);
			if (state === drawn) return; // leave focus and opened answers where they are
			drawn = state;
			list.replaceChildren(...cards.map((one) => card(...one)));
		}
		function load() {
			slot.replaceChildren();
			draft = null;
			offered = [];
			box.under(`${place}-draft/${slug}/${kind.kind}/`).forEach(offerDraft);
		}
		const paper = el("div.pb-paper");
		function print(now) {
			const blank = fields.map((field) => drawField(field, `${id}-paper-${field.name}`, "", [], true).node);
			paper.replaceChildren(...(now ? [el("h4", words.paper), ...blank] : []));
		}
		const node = el(
			"section",
			{ "aria-labelledby": id },
			el("h3", { id }, kind.plural),
			el("p", kind.intro),
			list,
			offers,
			slot,
			actions(add),
			paper,
		);
		return { node, redraw, load, print };
	}

	/* On a page: whose answers these are, and the file they leave in and come back from. */
	const who = el("section.pb-screen");
	const total = el("p");
	function ask() {
		const raw = box.get(WHO) ?? {};
		const { form, focus } = drawForm({
			id: ids,
			title: "Whose answers are these?",
			words: "Use this name",
			fields: description.who,
			raw,
			typing({ name }, target) {
				if (target.name === "name") target.form.elements.slug.value = slugFrom(name);
			},
			done: use,
		});
		who.replaceChildren(form);
		if (slug) focus();
	}
	function use(chosen) {
		box.set(WHO, chosen);
		slug = chosen.slug;
		const change = actions(button("Change", ask));
		who.replaceChildren(el("p", "Answers of ", el("strong", chosen.name), ` (short name: ${slug})`), change);
		items.clear();
		load();
	}
	function named() {
		if (!slug) who.querySelector("form").requestSubmit();
		return slug;
	}
	function download() {
		const made = new Date().toISOString();
		const revisions = [...items.values()].map((item) => item.revision).filter((one) => one.practice === stem);
		const file = { format: FORMAT, partnership: slug, practice: stem, made, revisions };
		const blob = new Blob([JSON.stringify(file, null, 1)], { type: "application/json" });
		el("a", { href: URL.createObjectURL(blob), download: `playbook-${slug}-${stem}-${made.slice(0, 10)}.json` }).click();
	}
	async function reopen({ target }) {
		try {
			const { format, practice, partnership, revisions } = JSON.parse(await target.files[0].text());
			const fits = ({ id, record, parents, payload, partnership: whose }) =>
				UUID.test(id) && UUID.test(record) && Array.isArray(parents) && Object(payload) === payload && whose === partnership;
			if (format !== FORMAT || practice !== stem || !SLUG.test(partnership) || !revisions.every(fits)) throw format;
			if (partnership !== slug) use({ name: partnership, slug: partnership });
			for (const revision of revisions) if (!items.has(revision.id)) keep(revision);
			say("Opened. What was in the file is in the lists above.");
		} catch {
			say("This file cannot be opened here. It has to be one that was downloaded from this form.");
		}
		target.value = "";
	}
	const file = el("input", { type: "file", accept: ".json", change: reopen });
	const take = el(
		"section.pb-screen",
		{ "aria-labelledby": `${ids}-take` },
		el("h3", { id: `${ids}-take` }, "Take your answers with you"),
		total,
		actions(
			button("Download answers", () => named() && download(), { class: "pb-main" }),
			el("label.pb-file", "Open a file you saved before", file),
			button("Print", () => window.print()),
		),
	);

	/* What this browser holds for the partnership: its answers, or those not yet stored. */
	function gather() {
		for (const revision of box.under(`${place}/${slug}/`)) {
			if (!items.has(revision.id)) {
				if (!send || kinds.includes(revision.kind)) items.set(revision.id, { revision, unsaved: Boolean(send) });
			} else if (send && !items.get(revision.id).unsaved) box.drop(keptAt(revision));
		}
		draw();
	}
	function load() {
		for (const revision of revisions) items.set(revision.id, { revision });
		sections.forEach((one) => one.load());
		gather();
		retry();
	}
	function retry() {
		for (const item of items.values()) if (item.unsaved && !item.problems) deliver(item);
	}
	function warn() {
		const words =
			"This browser keeps nothing for this page: it is a private window, or its storage is full. What you have not saved or downloaded is gone when you close the page.";
		notice.textContent = blocked ? words : "";
	}
	function draw() {
		sections.forEach((one) => one.redraw());
		const count = kinds.flatMap(entries).length;
		total.textContent = `Entries in this browser: ${count}. Nothing leaves it by itself. Download them to keep them, to send them, or to go on elsewhere.`;
		warn();
	}

	root.classList.add("playbook", "pb-form");
	root.setAttribute("data-lm-suppress-shortcuts", "true"); // keeps JupyterLab's keys out
	const kinds = description.kinds.map((kind) => kind.kind);
	const sections = description.kinds.map(section);
	const nodes = sections.map((one) => one.node);
	root.replaceChildren(...(send ? [notice, ...nodes] : [who, notice, ...nodes, take]), status);
	const chosen = !send && box.get(WHO);
	if (chosen) use(chosen);
	else {
		if (!send) ask();
		load();
	}
	const ended = new AbortController();
	const on = (event, act) => window.addEventListener(event, act, { signal: ended.signal });
	on("storage", gather);
	const print = (now) => sections.forEach((one) => one.print(now));
	on("beforeprint", () => print(true));
	on("afterprint", () => print(false));
	const paper = matchMedia("print");
	paper.addEventListener("change", () => print(paper.matches), { signal: ended.signal });
	on("beforeunload", (event) => blocked && items.size && event.preventDefault());
	const timer = setInterval(retry, RETRY);
	return () => {
		ended.abort();
		clearInterval(timer);
	};
}

/* In a notebook: anywidget calls this with the widget's model. */
export default {
	render({ model, el: root }) {
		const waiting = new Map(); // revision id -> what to call with the answer
		const hear = (answer) => waiting.get(answer.id)?.(answer);
		const send = (revision) =>
			new Promise((done) => {
				waiting.set(revision.id, done);
				model.send({ type: "save", revision });
			});
		model.on("msg:custom", hear);
		const traits = ["description", "known", "partnership", "revisions"];
		const stop = mount(root, { ...collect(traits.map((name) => [name, model.get(name)])), send });
		return () => {
			stop();
			model.off("msg:custom", hear);
		};
	},
};

/* On a page: every form that is not drawn yet. */
for (const root of document.querySelectorAll("[data-playbook-form]")) {
	const setup = root.querySelector("script");
	if (setup) mount(root, JSON.parse(setup.textContent));
}
