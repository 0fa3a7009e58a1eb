/* What every part of the form that shows one kind of record needs: making, mentioning, removing. */

import { actions, button, el } from "./elements.js";
import { uuid } from "./storage.js";
import { typed, worded } from "./values.js";

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
		if (!refused) records.drafts.drop(draft);
		return refused;
	}
	const put = (head, payload, deleted = false) => records.save({ ...next(head), payload, deleted });
	function remove(head, back) {
		put(head, head.payload, true);
		const [name = one.title] = mention(head.payload);
		offer(`Removed: ${name}`, { Undo: () => records.save(next(head)) }, back)[0].focus();
	}
	function offer(text, choices, back) {
		const buttons = Object.entries(choices).map(([label, act]) =>
			button(label, () => (back.focus(), node.remove(), act())));
		const node = el("div.offer", el("p", text), actions(buttons));
		offers.append(node);
		return buttons;
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
