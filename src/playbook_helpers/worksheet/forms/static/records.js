/* The revisions that this page holds, which of them stand, and how a new one is kept. */

import { askToKeep, box, keptUnder, replacedIn } from "./storage.js";
import { folded } from "./values.js";

const PATIENCE = 8000; // ms, for "saved"

/* `send` hands a revision on: a promise of {saved}, {problems} or {failed}. Without it, the browser
 * is where answers are. */
export function holdRecords({ description, send, say, changed, refused }) {
	const { practice: stem, words } = description;
	const kinds = [...description.kinds, ...(send ? [] : description.shared)];
	const place = send ? "live" : "site";
	const items = new Map(); // id -> {rev, saved, late?, problems?, failed?}
	let slug = "";

	const keptAt = (rev) => `${keptUnder(rev.partnership, place)}${stem}/${rev.id}`;
	const drafts = (kind) => `${keptUnder(slug, `${place}-draft`)}${kind}/`;
	const draftAt = (draft) => drafts(draft.kind) + draft.id;

	/* Record id -> its heads: several where several changed it at once. */
	function heads(kind) {
		const all = [...items.values()].map(({ rev }) => rev);
		const replaced = replacedIn(all);
		const records = new Map();
		all.sort((x, y) => x.client_time + x.id > y.client_time + y.id || -1);
		for (const rev of all.filter((rev) => rev.kind === kind)) {
			if (!records.has(rev.record)) records.set(rev.record, []);
			if (!replaced.has(rev.id)) records.get(rev.record).push(rev);
		}
		return records;
	}
	/* A decision is in the form of its own worksheet; the overview's form has all. */
	const here = ({ payload: { worksheet = stem } }) => stem === "overview" || worksheet === stem;
	const entries = (kind) => [...heads(kind).values()].flat().filter((rev) => !rev.deleted && here(rev));
	const parents = (kind, record) => (heads(kind).get(record) ?? []).map((head) => head.id);

	/* Entries that go by one name, in groups: one record as two people left it, or two records. */
	function groups(kind) {
		const { key } = kinds.find((one) => one.kind === kind);
		const found = new Map();
		for (const head of entries(kind)) {
			const { record, payload } = entries(kind).find((first) => first.record === head.record);
			const name = key.length ? key.map((field) => folded(payload[field])).join("|") : record;
			found.set(name, [...(found.get(name) ?? []), head]);
		}
		return [...found.values()];
	}

	/* Why a round takes no more answers of a secret kind on this page; in a notebook Python says so. */
	function barred(kind, { round }) {
		const of = (some) => some.flatMap((one) => entries(one.kind)).filter(({ payload }) => payload.round === round);
		const given = of([{ kind }]).length;
		if (of(kinds.filter((one) => one.closes === kind)).length) return words.closed;
		const counts = of(kinds.filter((one) => one.counts === kind));
		const counted = counts.reduce((sum, { payload }) => sum + payload.answers, 0);
		return counted ? given >= counted && words.counted : given && words.once;
	}

	/* Keeps a revision, hands it on; gives the problems if refused. */
	async function save(what) {
		const item = keep({ partnership: slug, author: "", deleted: false, ...what });
		if (!send) return askToKeep(), void say(words.kept);
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
		changed();
		return item;
	}
	async function deliver(item) {
		const { rev } = item;
		Object.assign(item, await send(rev).catch((error) => ({ failed: `${error}` })));
		const { saved, problems, failed, late } = item;
		if (problems || item.gone) items.delete(rev.id);
		if (problems && late) refused(rev);
		if (saved || problems) box.drop(keptAt(rev));
		say(saved ? words.saved : problems ? words.refused : `${words.unsaved} ${failed}`);
		changed();
	}

	/* What this browser holds: all answers, or those not yet stored. */
	function gather() {
		for (const rev of box.under(keptUnder(slug, place)))
			if (send && items.has(rev.id)) box.drop(keptAt(rev));
			else if (!send || kinds.some((one) => one.kind === rev.kind)) items.set(rev.id, { rev, saved: !send, late: true });
		changed();
	}
	const retry = () => items.forEach((item) => item.saved || deliver(item));
	function use(chosen) {
		slug = chosen;
		items.clear();
	}
	/* What is stored elsewhere already. */
	const stored = (rev) => items.set(rev.id, { rev, saved: true });
	const all = () => [...items.values()].map(({ rev }) => rev);
	const saved = (rev) => items.get(rev.id).saved;
	const held = {
		keep: (draft) => box.set(draftAt(draft), draft),
		drop: (draft) => box.drop(draftAt(draft)),
		of: (kind) => box.under(drafts(kind)),
	};
	return {
		all, barred, drafts: held, entries, gather, groups, heads, here, keep, parents, retry, save, saved, stored, use,
		get slug() {
			return slug;
		},
	};
}
