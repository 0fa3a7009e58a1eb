/* A link as a QR code: one path, black on white whatever the page's colours. */

import { encode } from "uqr";

const SVG = "http://www.w3.org/2000/svg";

export function draw(text, label) {
	const { data, size } = encode(text, { ecc: "M", border: 4 });
	const squares = data.flatMap((row, y) => row.map((dark, x) => (dark ? `M${x} ${y}h1v1h-1z` : "")));
	const code = document.createElementNS(SVG, "svg");
	for (const [name, value] of Object.entries({
		viewBox: `0 0 ${size} ${size}`, role: "img", "aria-label": label, class: "pb-qr", "shape-rendering": "crispEdges",
	})) code.setAttribute(name, value);
	const path = document.createElementNS(SVG, "path");
	path.setAttribute("d", squares.join(""));
	code.append(path);
	return code;
}
