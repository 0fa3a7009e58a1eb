/* A block of cells as spreadsheets put it on the clipboard: tabs between cells, quotes round those
 * that hold line breaks. */

import { folded } from "./values.js";

export function readBlock(text) {
	const rows = [[]];
	const cell = /(?:"((?:[^"]|"")*)"|([^\t\n]*))(\t|\n|$)/y;
	const plain = text.replace(/\r\n?/g, "\n").replace(/\n+$/, "");
	while (cell.lastIndex <= plain.length) {
		const [, quoted, bare, end] = cell.exec(plain);
		rows.at(-1).push((quoted?.replaceAll('""', '"') ?? bare).trim());
		if (!end) break;
		if (end === "\n") rows.push([]);
	}
	return rows.filter((cells) => cells.some(Boolean));
}

/* Whether a row only repeats what the columns are called. */
export function isHeading(cells, columns) {
	const names = columns.flatMap(({ name, label }) => [folded(name), folded(label)]);
	return cells.every((text) => !text || names.includes(folded(text)));
}
