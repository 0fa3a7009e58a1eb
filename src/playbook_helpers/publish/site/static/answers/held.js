/* What this browser holds for the partnership that was chosen, over all worksheets. */

import { WHO, box, keptUnder, replacedIn } from "../../../../worksheet/forms/static/storage.js";

export function held() {
	const { slug = "", name = "" } = box.get(WHO) ?? {};
	return { slug, name, revisions: slug ? box.under(keptUnder(slug)) : [] };
}
/* The records as they stand: neither taken back nor replaced by a later answer. */
function standing() {
	const { revisions } = held();
	const replaced = replacedIn(revisions);
	return revisions.filter((rev) => !rev.deleted && !replaced.has(rev.id));
}
/* Whether there is anything to work out for the worksheet `stem`. */
export const hasAnswers = (stem) => standing().some((rev) => stem === "overview" || rev.practice === stem);
export const partners = () => standing().filter(({ kind }) => kind === "partner").map(({ payload }) => payload.name);
