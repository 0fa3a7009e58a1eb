/* Dates, numbers and texts as people write them, and as they are kept: [value], or [undefined,
 * what is wrong]. `core/written.py` reads the same: one table of texts tests both. */

export const SLUG = /^(?!.{61})(?!(con|prn|aux|nul|(com|lpt)[1-9])$)[a-z0-9]+(-[a-z0-9]+)*$/;
const MONTHS =
	"january february march april may june july august september october november december".split(" ");

const WORDED =
	/^(?:(\d{1,2})(?:st|nd|rd|th)?[ -](?:of )?)?([a-z]{3,9})\.?(?:[ -](\d{1,2})(?:st|nd|rd|th)?(?=[, ]))?,?[ -](\d{4})$/;

export function slugFrom(name) {
	const ascii = name.normalize("NFKD").replace(/[^\0-\x7f]/g, "").toLowerCase();
	return ascii.replace(/[^a-z0-9]+/g, "-").replace(/^-/, "").slice(0, 60).replace(/-$/, "");
}

const wrong = (words) => [undefined, words];
/* All answers: what is kept, and what is wrong: [field, words]. */
export function readAll(fields, rawOf) {
	const payload = {}, problems = [];
	for (const field of fields) {
		const [value, problem] = read(field, rawOf(field));
		if (problem) problems.push([field.name, problem]);
		else if (value !== undefined) payload[field.name] = value;
	}
	return [payload, problems];
}

export function read(field, raw) {
	const text = raw.replace(/(?![\n\t])[\p{Cc}\p{Cs}]/gu, " ").trim();
	const { name, type, max_length: most } = field;
	if (/[\u202a-\u202e\u2066-\u2069]/.test(text))
		return wrong("holds a hidden sign that turns text round; type it again");
	if (!text) return wrong(field.required && "needs an answer");
	if (name === "slug" && !SLUG.test(text)) return wrong("takes a-z, 0-9 and single hyphens");
	if (type === "yesno") return [text === "true"];
	if (type === "when") return readWhen(text);
	if (type === "number" || type === "whole") return readNumber(field, text);
	const long = [...text].length;
	if (most && long > most) return wrong(`is ${long} characters long; ${most} are allowed`);
	return [type === "long" ? text : text.replace(/\s+/g, " ")];
}

/* The parts of a date that a text can mean: none, one, or two where day and month may be meant
 * either way round. */
function readings(text) {
	const words = text.toLowerCase().replace(/\s+/g, " ");
	// Some phones' number keys have no hyphen.
	let found =
		/^(\d{4})(?:[-./ ]?(\d\d)(?:[-./ ]?(\d\d))?)?$/.exec(words) ??
		/^(\d{4})[-./](\d{1,2})(?:[-./](\d{1,2}))?$/.exec(words);
	if (found) return [found.slice(1)];
	found = /^(\d{1,2})[-./](\d{4})$/.exec(words);
	if (found) return [[found[2], found[1]]];
	found = /^(\d{1,2})[-./](\d{1,2})[-./](\d{4})$/.exec(words);
	if (found) return [[found[3], found[2], found[1]], [found[3], found[1], found[2]]];
	found = WORDED.exec(words);
	if (!found || (found[1] && found[3])) return [];
	const month = 1 + MONTHS.findIndex((one) => [one, one.slice(0, 3), one.slice(0, 4)].includes(found[2]));
	return month ? [[found[4], `${month}`, found[1] ?? found[3]]] : [];
}

function isDay([year, month, day]) {
	const last = new Date(Date.UTC(2000 + (year % 400), month, 0)).getUTCDate();
	return year > 0 && !(month < 1 || month > 12 || day < 1 || day > last);
}

export function readWhen(text) {
	const days = readings(text).filter(isDay);
	const isoOf = (parts) => parts.filter(Boolean).map((part) => part.padStart(2, "0")).join("-");
	const isos = new Set(days.map(isoOf));
	if (!isos.size) return wrong("is not a date; write 2027, March 2027, 2027-03 or 2027-03-31");
	const [iso, other] = isos;
	if (other) return wrong(`can be read as ${spoken(iso)} or as ${spoken(other)}; write the month as a word`);
	if (iso < "1500" || iso > "3") return wrong("is too far away; years from 1500 to 2999 can be named");
	return [iso];
}

/* A date as people say it. */
export function spoken(iso) {
	const [year, month, day] = iso.split("-");
	const name = month && MONTHS[month - 1];
	return [day && `${+day}`, name && name[0].toUpperCase() + name.slice(1), year].filter(Boolean).join(" ");
}

const PERCENT = /\s?(%|per ?cent)$/i;
export const isPercent = (text) => PERCENT.test(text.trim());

function readNumber({ type, low, high, above }, text) {
	const digits = text.replace("\u2212", "-").replace(PERCENT, "").replace(/^[$€£¥₹]+\s*|\s(?=\d{3}\b)/g, "");
	const value = Number(digits.replace(",", "."));
	if (/^[+-]?[1-9]\d{0,2},\d{3}$/.test(digits))
		return wrong(`reads two ways; write ${digits.replace(",", "")} or ${digits.replace(",", ".")}`);
	if (!/^[+-]?(\d+[.,]?\d*|[.,]\d+)$/.test(digits) || !Number.isFinite(value))
		return wrong("is not a number; write only digits, such as 1500 or 3.5");
	if (type === "whole" && !Number.isSafeInteger(value)) return wrong("has to be a whole number");
	if (value < (low ?? NaN)) return wrong(`has to be ${low} or more`);
	if (value > (high ?? NaN)) return wrong(`has to be ${high} or less`);
	if (value <= (above ?? NaN)) return wrong(`has to be more than ${above}`);
	return [value];
}

/* A stored value as typed, and as shown. */
export const typed = (value) => String(value ?? "");
export function worded({ options, type }, value) {
	const text = typed(value);
	if (type === "when" && /^\d{4}(-\d\d){0,2}$/.test(text)) return spoken(text);
	return (text && options.find(([option]) => option === text)?.[1]) || text;
}

/* Texts as one: case and spacing do not count. */
export const folded = (text) => typed(text).trim().replace(/\s+/g, " ").toLowerCase();
