/* What spreadsheets put on the clipboard. */

import assert from "node:assert/strict";
import { test } from "node:test";

import { isHeading, readBlock } from "./block.js";

test("tabs part cells, line ends part rows, the last one opens none", () => {
	assert.deepEqual(readBlock("a\tb\r\nc\td\r\n"), [["a", "b"], ["c", "d"]]);
	assert.deepEqual(readBlock("a\t\tc"), [["a", "", "c"]]);
});
test("quotes hold line breaks, tabs and quotes", () => {
	assert.deepEqual(readBlock('"two\nlines"\t"say ""hi"""\nx\ty'), [["two\nlines", 'say "hi"'], ["x", "y"]]);
});
test("a quote that nothing closes is a sign like any other", () => {
	assert.deepEqual(readBlock('5" pipe\t2\n"open\tz'), [['5" pipe', "2"], ['"open', "z"]]);
});
test("empty rows are passed over", () => {
	assert.deepEqual(readBlock("a\n\n\t\nb"), [["a"], ["b"]]);
});
test("a first row that only names the columns is a heading", () => {
	const columns = [{ name: "name", label: "What is paid for?" }, { name: "monthly", label: "How much each month?" }];
	assert.equal(isHeading(["what is  paid for?", "Monthly"], columns), true);
	assert.equal(isHeading(["Coordinator", "1200"], columns), false);
});
