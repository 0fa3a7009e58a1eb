/* What the browser keeps for this page, and ids for what is kept. */

export const WHO = "playbook/partnership";
/* Where revisions stand, of a partnership, over all worksheets; `place` is "site" or "live". */
export const keptUnder = (slug, place = "site") => `playbook/${place}/${slug}/`;
export const replacedIn = (revisions) => new Set(revisions.flatMap(({ parents }) => parents));

let blocked = false; // private window, storage full
function attempt(act) {
	try {
		return act();
	} catch {
		blocked = true;
	}
}
export const isBlocked = () => blocked;

export const box = {
	get: (key) => attempt(() => JSON.parse(localStorage.getItem(key))),
	set: (key, value) => attempt(() => localStorage.setItem(key, JSON.stringify(value))),
	drop: (key) => attempt(() => localStorage.removeItem(key)),
	under(prefix) {
		const keys = attempt(() => Object.keys(localStorage)) ?? [];
		return keys.filter((key) => key.startsWith(prefix)).map(box.get).filter(Boolean);
	},
};

let last = 0; // so that ids made at once are in the order in which they were made
/* RFC 9562: version 7; in secret 4, which tells no time. */
export function uuid(secret) {
	const words = [...crypto.getRandomValues(new Uint32Array(4))];
	const random = words.map((word) => (word + 2 ** 32).toString(16).slice(1)).join("");
	if (!secret) last = Math.max(last + 1, Date.now());
	const start = secret ? `${random.slice(20)}4` : `0${last.toString(16)}7`;
	return (start + random).replace(/(.{8})(.{4})(.{4})(.{3})(.{12}).*/, "$1-$2-$3-8$4-$5");
}

let asked = false;
/* Browsers tidy up what nobody asked them to keep. */
export function askToKeep() {
	if (!asked) navigator.storage?.persist?.().catch(() => {});
	asked = true;
}
