/* What this browser holds for the partnership that was chosen, over all worksheets. */

import { WHO, box, keptUnder, replacedIn } from "../../../../worksheet/forms/static/storage.js";

export function held() {
	const { slug = "", name = "" } = box.get(WHO) ?? {};
	return { slug, name, revisions: slug ? box.under(keptUnder(slug)) : [] };
}
/* Whether there is anything to work out for the worksheet `stem`. */
export function hasAnswers(stem) {
	const { revisions } = held();
	const replaced = replacedIn(revisions);
	const own = (rev) => stem === "overview" || rev.practice === stem;
	return revisions.some((rev) => own(rev) && !rev.deleted && !replaced.has(rev.id));
}
