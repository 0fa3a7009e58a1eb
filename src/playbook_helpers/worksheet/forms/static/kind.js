/* What every part of the form that shows one kind of record needs: making, mentioning, removing. */

import { actions, button, el } from "./elements.js";
import { uuid } from "./storage.js";
import { folded, typed, worded } from "./values.js";

export function workOn(one, form) {
	const { kind, practice, schema_version, summary, fields, pseudonymous: secret } = one;
	const { records } = form;
	const offers = el("div.screen");
	const now = () => (secret ? "" : new Date().toISOString());
	const made = () => ({ practice, kind, schema_version, id: uuid(secret), client_time: now() });
	const shown = summary.map((name) => fields.find((field) => field.name === name));

	const mention = (payload) => shown.map((field) => worded(field, payload[field.name])).filter(Boolean);
	function names({ refers_to, refers_field }) {
		const entered = records.entries(refers_to).map((head) => typed(head.payload[refers_field]));
		return [...new Set([...(form.known[refers_to] ?? []), ...entered])].sort();
	}
	const begin = (given) => ({ id: uuid(), kind, record: uuid(secret), parents: [], raw: {}, ...given });
	const next = ({ record, payload }) => ({ ...made(), record, payload, parents: records.parents(kind, record) });

	/* Saves a draft as a revision; gives the problems if it was refused. */
	async function save(draft, payload) {
		const full = secret && form.page && records.barred(kind, payload);
		if (full) return [["", full]];
		const { record, parents } = draft;
		const refused = await records.save({ ...made(), record, payload, parents });
		if (refused) return refused;
		records.drafts.drop(draft);
		for (const field of fields) if (field.refers_to === "partner") meet(field, payload[field.name]);
	}
	const put = (head, payload, deleted = false) => records.save({ ...next(head), payload, deleted });
	function remove(head, back) {
		put(head, head.payload, true);
		const [name = one.title] = mention(head.payload);
		offer(`Removed: ${name}`, { Undo: () => records.save(next(head)) }, back)[0].focus();
	}
	function offer(text, choices, back) {
		const buttons = Object.entries(choices).map(([label, act]) =>
			button(label, () => (back?.focus(), node.remove(), act())));
		const node = el("div.offer", el("p", text), actions(buttons));
		offers.append(node);
		return buttons;
	}
	/* Who is named but is no partner yet can be made one by a press, one name at a time. */
	const strangers = [];
	const partner = form.description.shared?.find((other) => other.kind === "partner");
	function meet(field, name) {
		if (!form.page || !name || !partner || form.met.has(folded(name))) return;
		form.met.add(folded(name));
		if (names(field).some((known) => folded(known) === folded(name))) return;
		strangers.push(name);
		if (strangers.length === 1) introduce();
	}
	function introduce() {
		const [name] = strangers;
		if (!name) return;
		const { schema_version, fields: asked } = partner;
		const sort = asked.find((field) => field.required && field.choices.length);
		const add = (value) => () => {
			const payload = { [partner.key[0]]: name, [sort.name]: value };
			const about = { practice: partner.practice, kind: partner.kind, schema_version, parents: [] };
			records.save({ ...about, id: uuid(), record: uuid(), client_time: new Date().toISOString(), payload });
		};
		const ways = sort.choices.map(([value, said]) => [said, add(value)]);
		ways.push([form.words.no_partner, () => {}]);
		const then = (act) => () => {
			act();
			strangers.shift();
			const next = introduce();
			(next?.[0] ?? offers.closest("section").querySelector("form [name], .pb-actions button")).focus();
		};
		const choices = Object.fromEntries(ways.map(([said, act]) => [said, then(act)]));
		return offer(form.words.stranger.replace("{name}", name), choices);
	}
	/* What was sent and later on not taken is a draft again. */
	const refused = (reopen) => (rev) => {
		if (rev.deleted) return;
		const left = { ...rev, raw: rev.payload, touched: true };
		records.drafts.keep(left);
		reopen(left);
	};
	/* "Change this": what stands of a record. */
	const open = (change) => (record) => {
		const head = records.entries(kind).find((head) => head.record === record);
		if (head && !one.closes) change(head);
	};
	const again = ({ record, payload: raw }) => ({ raw, record, parents: records.parents(kind, record) });
	return { again, begin, made, mention, names, offer, offers, open, put, refused, remove, save };
}
