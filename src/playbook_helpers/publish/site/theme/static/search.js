/* Words for Sphinx's search, and patience with slips of the finger: a word that stands nowhere in the
 * book is looked up as the nearest one that does, and the page says so. */
"use strict";

/* Said here and not by `addTranslations`, which makes a function of a text: the policy forbids that. */
Object.assign(Documentation.TRANSLATIONS, {
	"Search Results": "What was found",
	"Your search did not match any documents. Please make sure that all words are spelled correctly and that you've selected enough categories.":
		"No page holds all of these words. Try one word alone, or look into the glossary.",
	"Search finished, found ${resultCount} page(s) matching the search query.": "Places found: ${resultCount}.",
});

/* Sphinx asks this function, where there is one, for the words of a query. */
var splitQuery = (query) => {
	const words = query.split(/[^\p{Letter}\p{Number}_]+/gu).filter(Boolean);
	const read = words.map(nearest);
	const told = document.getElementById("search-instead");
	const changed = words.filter((word, place) => word.toLowerCase() !== read[place].toLowerCase());
	if (told && changed.length) {
		const quoted = changed.map((word) => `“${word}”`).join(" and ");
		told.textContent = `${quoted} is not in this guide. Shown instead: “${read.join(" ")}”.`;
	}
	return read;
};

const slips = new Map();

function nearest(word) {
	const lower = word.toLowerCase();
	const most = lower.length < 4 ? 0 : lower.length < 8 ? 1 : 2;
	if (!most || typeof playbookWords === "undefined") return word;
	if (playbookWords.some((known) => known.startsWith(lower))) return word;
	if (!slips.has(lower)) slips.set(lower, closest(lower, most) ?? word);
	return slips.get(lower);
}

/* The commonest of the nearest words; they stand in the order of how often they are used. */
function closest(word, most) {
	let best;
	let least = most + 1;
	for (const known of playbookWords) {
		if (Math.abs(known.length - word.length) >= least) continue;
		const apart = distance(word, known);
		if (apart < least) [best, least] = [known, apart];
	}
	return best;
}

/* Letters to add, drop, change or swap with their neighbour to make one word of the other. */
function distance(one, other) {
	let [before, last] = [[], Array.from({ length: other.length + 1 }, (_, place) => place)];
	for (let row = 1; row <= one.length; row++) {
		const next = [row];
		for (let place = 1; place <= other.length; place++) {
			const same = one[row - 1] === other[place - 1];
			next[place] = Math.min(last[place] + 1, next[place - 1] + 1, last[place - 1] + (same ? 0 : 1));
			const swapped = one[row - 1] === other[place - 2] && one[row - 2] === other[place - 1];
			if (row > 1 && place > 1 && swapped) next[place] = Math.min(next[place], before[place - 2] + 1);
		}
		[before, last] = [last, next];
	}
	return last[other.length];
}

/* Sphinx empties the box once its index is there: what somebody has typed meanwhile stays. */
const box = document.getElementById("q");
let typed = box?.value ?? "";
box?.addEventListener("input", () => {
	typed = box.value;
});
const restore = () => {
	if (typed && !box.value) box.value = typed;
};
box?.form?.addEventListener("submit", restore);
document.addEventListener("DOMContentLoaded", restore);
