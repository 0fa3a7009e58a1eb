/* The playbook's form, drawn with native controls from forms/description.py.
 * On a page, answers stay in the browser until downloaded; in a notebook, until Python says so.
 * What people type becomes text nodes and attribute values, never markup. */

const PATIENCE = 8000; // ms, for "saved"
const RETRY = 15000; // ms between attempts
const FORMAT = "playbook-answers/1";
const WHO = "playbook/partnership";
const SLUG = /^(?!.{61})(?!(con|prn|aux|nul|(com|lpt)[1-9])$)[a-z0-9]+(-[a-z0-9]+)*$/;

let blocked = false; // private window, storage full
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

/* RFC 9562: version 7; in secret 4, which tells no time. */
function uuid(secret) {
	const words = [...crypto.getRandomValues(new Uint32Array(4))];
	const random = words.map((word) => (word + 2 ** 32).toString(16).slice(1)).join("");
	const start = secret ? `${random.slice(20)}4` : `0${Date.now().toString(16)}7`;
	return (start + random).replace(/(.{8})(.{4})(.{4})(.{3})(.{12}).*/, "$1-$2-$3-8$4-$5");
}

/* An element (tag.class). Objects: attributes and listeners; strings: text. */
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

function slugFrom(name) {
	const plain = name.normalize("NFKD").replace(/[^\0-\x7f]/g, "").toLowerCase();
	return plain.replace(/[^a-z0-9]+/g, "-").replace(/^-/, "").slice(0, 60).replace(/-$/, "");
}

/* What was typed: [value], or [undefined, what is wrong]. */
const wrong = (words) => [undefined, words];
function read(field, raw) {
	const text = raw.replace(/(?![\n\t])[\p{Cc}\p{Cs}]/gu, " ").trim();
	const { name, type, max_length: most } = field;
	if (/[\u202a-\u202e\u2066-\u2069]/.test(text))
		return wrong("holds a hidden sign that turns text round; type it again without it");
	if (!text) return wrong(field.required && "needs an answer");
	if (name === "slug" && !SLUG.test(text)) return wrong("takes a-z, 0-9 and single hyphens");
	if (type === "yesno") return [text === "true"];
	if (type === "when") return readWhen(text);
	if (type === "number" || type === "whole") return readNumber(field, text);
	const long = [...text].length;
	if (most && long > most) return wrong(`is ${long} characters long; ${most} are allowed`);
	return [type === "long" ? text : text.replace(/\s+/g, " ")];
}

function readWhen(text) {
	// Some phones' number keys have no hyphen.
	const found = /^(\d{4})(?:[-./ ]?(\d\d)(?:[-./ ]?(\d\d))?)?$/.exec(text) ?? [];
	const [year, month, day] = found.slice(1);
	const last = new Date(Date.UTC(2000 + (year % 400), month, 0)).getUTCDate();
	if (!(year > 0) || month < 1 || month > 12 || day < 1 || day > last)
		return wrong("is not a date; write 2027, 2027-03 or 2027-03-31");
	if (year < 1500 || year > 2999) return wrong("is too far away; years from 1500 to 2999 can be named");
	return [[year, month, day].filter(Boolean).join("-")];
}

function readNumber({ type, low, high, above }, text) {
	const plain = text.replace("\u2212", "-").replace(/\s?%$/, "").replace(/\s(?=\d{3}\b)/g, "");
	const value = Number(plain.replace(",", "."));
	if (/^[+-]?[1-9]\d{0,2},\d{3}$/.test(plain))
		return wrong(`reads two ways; write ${plain.replace(",", "")} or ${plain.replace(",", ".")}`);
	if (!/^[+-]?(\d+[.,]?\d*|[.,]\d+)$/.test(plain) || !Number.isFinite(value))
		return wrong("is not a number; write only digits, such as 1500 or 3.5");
	if (type === "whole" && !Number.isSafeInteger(value)) return wrong("has to be a whole number");
	if (value < (low ?? NaN)) return wrong(`has to be ${low} or more`);
	if (value > (high ?? NaN)) return wrong(`has to be ${high} or less`);
	if (value <= (above ?? NaN)) return wrong(`has to be more than ${above}`);
	return [value];
}

/* A stored value as typed, and as shown. */
const typed = (value) => String(value ?? "");
const worded = ({ options }, value, text = typed(value)) =>
	(text && options.find(([option]) => option === text)?.[1]) || text;

/* One field: label, hint, error, native control. */
function drawField(field, id, raw, names) {
	const { name, required, options } = field;
	const { tag, ...attributes } = field.control;
	const own = { id, "aria-describedby": `${id}-hint ${id}-error` };
	const line = (part, words) => el(`p.pb-${part}`, { id: `${id}-${part}` }, words);
	const hint = line("hint", field.hint), error = line("error");
	let control, node;
	if (tag === "fieldset") {
		const radios = options.map(([value, words]) => {
			const radio = { type: "radio", name, value, required, checked: value === raw };
			return el("label.pb-option", el("input", radio), el("span", words));
		});
		control = el(tag, own, attributes, el("legend", field.asked), hint, error, radios);
		node = el("div.pb-field", control);
	} else {
		const items = options.map(([value, words]) => el("option", { value }, words));
		const list = names.length && `${id}-list`;
		const known = list && el("datalist", { id: list }, names.map((value) => el("option", { value })));
		control = el(tag, own, attributes, { name, required, list }, items);
		control.value = raw;
		node = el("div.pb-field", el("label", { for: id }, field.asked), hint, error, control, known);
	}
	function describe(problem) {
		error.textContent = problem || "";
		control.setAttribute("aria-invalid", !!problem);
	}
	return { field, node, describe };
}

/* A form over fields. `done` gets the answers; it may give back problems: [field, words]. */
function drawForm({ id, top = "h4", title, fields, raw, names = () => [], typing, done, buttons, confirm }) {
	const drawn = new Map();
	for (const field of fields) {
		const { name } = field;
		drawn.set(name, drawField(field, `${id}-${name}`, typed(raw[name] ?? field.default), names(field)));
	}
	const answers = () => Object.fromEntries(new FormData(form));
	const summary = el("div.pb-summary", { tabindex: -1, role: "group", "aria-label": "Errors" });
	function check(field) {
		if (form.elements[field.name].validity?.badInput) return wrong("is not a whole date");
		return read(field, answers()[field.name] ?? "");
	}
	function show(problems) {
		const lines = problems.map(([name, problem]) => {
			const one = drawn.get(name);
			const click = (event) => (event.preventDefault(), one.node.querySelector("[name]").focus());
			const link = one && el("a", { href: `#${id}-${name}`, click }, `“${one.field.label}” ${problem}`);
			return el("li", link ?? problem);
		});
		drawn.forEach(({ describe }, name) => describe(new Map(problems).get(name)));
		summary.setAttribute("aria-label", "Errors");
		summary.replaceChildren(el("p", "Please look at this again"), el("ul", lines));
		summary.focus();
	}
	/* What cannot be taken back is asked once more. */
	function ask() {
		form.dataset.asked = "yes";
		summary.setAttribute("aria-label", "A question");
		summary.replaceChildren(el("p", confirm));
		summary.focus();
	}
	async function submit(event) {
		event.preventDefault();
		const payload = {}, problems = [];
		for (const field of fields) {
			const [value, problem] = check(field);
			if (problem) problems.push([field.name, problem]);
			else if (value !== undefined) payload[field.name] = value;
		}
		if (problems.length) return show(problems);
		if (confirm && !form.dataset.asked) return ask();
		form.inert = true;
		const refused = await done(payload);
		form.inert = false;
		if (refused) show(refused);
	}
	const input = ({ target }) => (drawn.get(target.name).describe(), typing(answers(), target));
	/* While something is pressed, an error waits: it would push that away from under the finger. */
	function change({ target }) {
		const { field, describe } = drawn.get(target.name);
		const tell = () => target.value && describe(check(field)[1]);
		if (!document.querySelector(":active")) return tell();
		addEventListener("mouseup", () => setTimeout(tell), { once: true, capture: true });
	}
	const about = { novalidate: true, autocomplete: "off", "aria-label": title, submit, input, change };
	const nodes = [...drawn.values()].map((one) => one.node);
	const form = el("form.pb-entry", about, el(top, title), summary, nodes, actions(buttons));
	return { form, focus: () => form.querySelector("[name]").focus() };
}

/* Draws all. `send` hands a revision on: a promise of {saved}, {problems} or {failed}. */
export function mount(root, { description, known = {}, partnership = "", send }) {
	const { practice: stem, words } = description;
	const place = `playbook/${send ? "live" : "site"}`;
	const ids = `pb${uuid().slice(-8)}`;
	const items = new Map(); // id -> {rev, saved, late?, problems?, failed?}
	const [status, notice] = ["status", "note"].map((look) => el(`p.pb-${look}`, { role: "status" }));
	const say = (words) => status.textContent === words || (status.textContent = words);
	let slug = partnership;

	const keptAt = (rev) => `${place}/${rev.partnership}/${stem}/${rev.id}`;
	const draftAt = (draft) => `${place}-draft/${slug}/${draft.kind}/${draft.id}`;

	/* Record id -> its heads: several where several changed it at once. */
	function heads(kind) {
		const all = [...items.values()].map(({ rev }) => rev);
		const replaced = new Set(all.flatMap((rev) => rev.parents));
		const records = new Map();
		all.sort((x, y) => x.client_time + x.id > y.client_time + y.id || -1);
		for (const rev of all.filter((rev) => rev.kind === kind)) {
			if (!records.has(rev.record)) records.set(rev.record, []);
			if (!replaced.has(rev.id)) records.get(rev.record).push(rev);
		}
		return records;
	}
	/* Why a round takes no more answers of a secret kind on this page; in a notebook Python says so. */
	function barred(kind, { round }) {
		const ofRound = ({ payload }) => payload.round === round;
		const of = (some) => some.flatMap((one) => entries(one.kind)).filter(ofRound);
		const given = of([{ kind }]).length;
		if (of(description.kinds.filter((one) => one.closes === kind)).length) return words.closed;
		const counts = of(description.kinds.filter((one) => one.counts === kind));
		const counted = counts.reduce((sum, { payload }) => sum + payload.answers, 0);
		return counted ? given >= counted && words.counted : given && words.once;
	}
	const entries = (kind) => [...heads(kind).values()].flat().filter((rev) => !rev.deleted && here(rev));
	/* A decision is in the form of its own worksheet; the overview's form has all. */
	const here = ({ payload: { worksheet = stem } }) => stem === "overview" || worksheet === stem;

	/* Keeps a revision, hands it on; gives the problems if refused. */
	async function save(what) {
		const item = keep({ partnership: slug, author: "", deleted: false, ...what });
		if (!send) return void say(words.kept);
		say(words.saving);
		await Promise.race([deliver(item), new Promise((done) => setTimeout(done, PATIENCE))]);
		item.late = true;
		if (!item.saved && !item.problems && !item.failed) say(words.unsaved);
		return item.problems;
	}
	function keep(rev) {
		const item = { rev, saved: !send };
		items.set(rev.id, item);
		box.set(keptAt(rev), rev);
		draw();
		return item;
	}
	async function deliver(item) {
		const { rev } = item;
		Object.assign(item, await send(rev).catch((error) => ({ failed: `${error}` })));
		const { saved, problems, failed, late } = item;
		if (problems) items.delete(rev.id);
		if (problems && late) sections[kinds.indexOf(rev.kind)].refused(rev);
		if (saved || problems) box.drop(keptAt(rev));
		say(saved ? words.saved : problems ? words.refused : `${words.unsaved} ${failed}`);
		draw();
	}

	/* One kind of record: entries, drafts, the open form. */
	function section(one) {
		const { kind, title, plural, intro, practice, schema_version, words: its, summary, fields } = one;
		const { pseudonymous: secret, closes, confirm } = one;
		const [list, offers, slot] = ["ul.pb-list", "div.pb-screen", "div.pb-screen"].map((tag) => el(tag));
		const add = button(its.add, () => named() && edit({ raw: {} }), { class: "pb-main" });
		const now = () => (secret ? "" : new Date().toISOString());
		const made = () => ({ practice, kind, schema_version, id: uuid(secret), client_time: now() });
		let draft, drawn;

		const parents = (record) => (heads(kind).get(record) ?? []).map((head) => head.id);
		const shown = summary.map((name) => fields.find((field) => field.name === name));
		const mention = (payload) => shown.map((field) => worded(field, payload[field.name])).filter(Boolean);
		function names({ refers_to, refers_field }) {
			const entered = entries(refers_to).map((head) => typed(head.payload[refers_field]));
			return [...new Set([...(known[refers_to] ?? []), ...entered])].sort();
		}
		function offer(text, choices) {
			const buttons = Object.entries(choices).map(([label, act]) =>
				button(label, () => (add.focus(), node.remove(), act())));
			const node = el("div.pb-offer", el("p", text), actions(buttons));
			offers.append(node);
			return buttons;
		}
		const offerDraft = (left) =>
			offer(`${its.resume}: ${mention(left.raw)[0] ?? "no name yet"}`, {
				Continue: () => edit(left),
				"Throw away": () => box.drop(draftAt(left)),
			});
		function close() {
			slot.replaceChildren();
			if (draft?.touched) offerDraft(draft);
			draft = null;
			add.focus();
		}
		function edit(given) {
			close();
			const mine = { id: uuid(), kind, record: uuid(secret), parents: [], ...given };
			draft = mine;
			function typing(raw) {
				Object.assign(mine, { raw, touched: true });
				box.set(draftAt(mine), mine);
				warn();
				say("");
			}
			async function done(payload) {
				const full = secret && !send && barred(kind, payload);
				if (full) return [["", full]];
				const refused = await save({ ...made(), record: mine.record, payload, parents: mine.parents });
				if (refused) return refused;
				box.drop(draftAt(mine));
				mine.touched = false;
				close();
			}
			const title = mine.parents.length ? its.edit : its.new;
			const buttons = [el("button.pb-main", its.save), button("Close", close)];
			const about = { title, fields, raw: mine.raw, confirm };
			const { form, focus } = drawForm({ id: `${ids}-${kind}`, ...about, names, typing, done, buttons });
			slot.replaceChildren(form);
			say("");
			focus();
		}
		/* What was sent and later on not taken is a draft again. */
		function refused(rev) {
			if (rev.deleted) return;
			const left = { ...rev, raw: rev.payload, touched: true };
			box.set(draftAt(left), left);
			offerDraft(left);
		}
		function card({ record, payload }, note) {
			const [head = title, ...rest] = mention(payload);
			const rows = fields.map((field) => {
				const said = worded(field, payload[field.name]);
				return said && el("tr", el("th", { scope: "row" }, field.label), el("td", said));
			});
			const again = () => ({ ...made(), record, payload, parents: parents(record) });
			const act = (words, click) => button(words, click, { "aria-label": `${words} ${head}` });
			const change = act("Edit", () => edit({ raw: payload, record, parents: parents(record) }));
			const remove = act("Remove", () => {
				save({ ...again(), deleted: true });
				offer(`Removed: ${head}`, { Undo: () => save(again()) })[0].focus();
			});
			const more = el("details", el("summary", "All answers"), el("table", el("tbody", rows)));
			const said = [el("h4", head), el("p", rest.join(" · ")), el("p.pb-note", note)];
			return el("li.pb-card", said, more, actions(closes ? [] : [change, remove]));
		}
		function redraw() {
			// The next person must not see them.
			const cards = (secret ? [] : entries(kind)).map((head, i, all) => {
				const rival = [all[i - 1], all[i + 1]].some((other) => other?.record === head.record);
				return [head, items.get(head.id).saved ? rival && words.rivals : words.unsaved];
			});
			const state = JSON.stringify(cards);
			if (state === drawn) return; // keeps focus
			drawn = state;
			list.replaceChildren(...cards.map((one) => card(...one)));
		}
		function load() {
			slot.replaceChildren();
			offers.replaceChildren();
			draft = null;
			box.under(`${place}-draft/${slug}/${kind}/`).forEach(offerDraft);
		}
		const node = el("section", el("h3", plural), el("p", intro), list, offers, slot, actions(add));
		return { node, redraw, load, refused };
	}

	/* On a page: whose answers, and the file they go into. */
	const who = el("section.pb-screen");
	const total = el("p");
	function ask() {
		const { form, focus } = drawForm({
			id: ids,
			top: "h3",
			title: words.who,
			buttons: el("button.pb-main", words.use),
			fields: description.who,
			raw: box.get(WHO) ?? {},
			typing({ name }, { form, name: changed }) {
				if (changed === "name") form.elements.slug.value = slugFrom(name);
			},
			done: use,
		});
		who.replaceChildren(form);
		if (slug) focus();
	}
	function use(chosen) {
		box.set(WHO, chosen);
		slug = chosen.slug;
		const told = el("p", `${words.answers} `, el("strong", `${chosen.name}`), ` (${slug})`);
		who.replaceChildren(told, actions(button(words.change, ask)));
		items.clear();
		load();
	}
	const named = () => slug || who.querySelector("form").requestSubmit();
	function download() {
		const made = new Date().toISOString();
		const mine = (rev) => [stem, "partnership"].includes(rev.practice) && here(rev);
		const revisions = [...items.values()].map(({ rev }) => rev).filter(mine);
		revisions.sort((x, y) => x.id > y.id || -1);
		const { name } = box.get(WHO) ?? {};
		const file = { format: FORMAT, partnership: slug, name, practice: stem, made, revisions };
		const href = URL.createObjectURL(new Blob([JSON.stringify(file)], { type: "application/json" }));
		el("a", { href, download: `playbook-${slug}-${stem}-${made.slice(0, 10)}.json` }).click();
	}
	async function reopen({ target }) {
		try {
			const { format, practice, partnership, revisions, name = partnership } = JSON.parse(await target.files[0].text());
			const fits = (rev) => rev.partnership === partnership && Object(rev.payload) === rev.payload;
			if (format !== FORMAT || practice !== stem || !SLUG.test(partnership) || !revisions.every(fits)) throw 0;
			if (partnership !== slug) use({ name, slug: partnership });
			for (const rev of revisions) if (!items.has(rev.id)) keep(rev);
			say(words.opened);
		} catch {
			say(words.unopened);
		}
		target.value = "";
	}
	const take = el("section.pb-screen", el("h3", words.take), total, actions(
		button(words.download, () => named() && download(), { class: "pb-main" }),
		el("label.pb-file", words.open, el("input", { type: "file", accept: ".json", change: reopen })),
		button(words.print, () => print())));

	/* What this browser holds: all answers, or those not yet stored. */
	function gather() {
		for (const rev of box.under(`${place}/${slug}/`))
			if (send && items.has(rev.id)) box.drop(keptAt(rev));
			else if (!send || kinds.includes(rev.kind)) items.set(rev.id, { rev, saved: !send, late: true });
		draw();
	}
	function load() {
		for (const one of sections) one.load();
		gather();
		retry();
	}
	function retry() {
		if (send && !told) list();
		items.forEach((item) => item.saved || deliver(item));
	}
	let told = false; // of what is stored: by message, since a widget's state may be saved
	async function list() {
		const { revisions, known: names } = await send();
		[told, known] = [true, names];
		for (const rev of revisions) items.set(rev.id, { rev, saved: true });
		gather();
	}
	const warn = () => (notice.textContent = blocked ? words.blocked : "");
	function draw() {
		for (const one of sections) one.redraw();
		total.textContent = `${words.total} ${kinds.flatMap(entries).length}`;
		warn();
	}

	root.classList.add("playbook", "pb-form");
	// So that JupyterLab takes no keys:
	root.addEventListener("focusin", ({ target }) => (target.dataset.lmSuppressShortcuts = ""));
	const kinds = description.kinds.map((one) => one.kind);
	const sections = description.kinds.map(section);
	const paper = root.querySelector(".pb-paper") ?? "";
	const nodes = [notice, ...sections.map((one) => one.node)];
	root.replaceChildren(...(send ? nodes : [who, ...nodes, take]), status, paper);
	const chosen = !send && box.get(WHO);
	if (!send) ask();
	if (chosen) use(chosen);
	else load();
	if (!send) {
		addEventListener("storage", gather); // from other tabs
		addEventListener("beforeunload", (event) => blocked && items.size && event.preventDefault());
	}
	const timer = send && setInterval(retry, RETRY);
	return () => clearInterval(timer);
}

/* Called by anywidget. */
function render({ model, el: root }) {
	const waiting = new Map(); // id -> who waits
	const hear = (answer) => waiting.get(answer.id)?.(answer);
	const send = (revision) =>
		new Promise((done) => {
			waiting.set(revision?.id ?? "", done);
			model.send(revision ? { type: "save", revision } : { type: "list" });
		});
	model.on("msg:custom", hear);
	const stop = mount(root, { ...model.get("setup"), send });
	return () => {
		stop();
		model.off("msg:custom", hear);
	};
}
export default { render };

/* On a page: every form in it. */
for (const root of document.querySelectorAll("[data-playbook-form]")) {
	const setup = root.querySelector("script");
	if (setup) mount(root, JSON.parse(setup.textContent));
}
