/* Elements, made without markup: what people type becomes text nodes and attribute values. */

/* An element (tag.look.look). Objects: attributes and listeners; strings: text. */
export function el(tag, ...parts) {
	const [name, ...looks] = tag.split(".");
	const node = document.createElement(name);
	if (looks.length) node.className = looks.map((look) => `pb-${look}`).join(" ");
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
export const button = (words, click, more) => el("button", { type: "button", click }, more, words);
export const plain = (words, click, more) => button(words, click, { class: "pb-plain", ...more });
export const actions = (...buttons) => el("div.actions", buttons);
