/* Dates, numbers and texts as people write them: the table that `core/written.py` reads as well. */

import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";

import { isPercent, read, readAll, slugFrom, spoken, worded } from "./values.js";

const texts = JSON.parse(readFileSync(process.env.WRITTEN_TEXTS, "utf-8"));
const field = (more) => ({ name: "one", type: "text", options: [], ...more });

for (const [text, kept] of texts.dates)
	test(`a date: ${text}`, () => {
		const [value, problem] = read(field({ type: "when" }), text);
		assert.equal(value ?? null, kept);
		assert.equal(Boolean(problem), kept === null);
	});
for (const [text, kept] of texts.numbers)
	test(`a number: ${text}`, () => {
		const [value, problem] = read(field({ type: "number" }), text);
		assert.equal(value ?? null, kept);
		assert.equal(Boolean(problem), kept === null);
	});

test("a date that reads two ways is asked about in words", () => {
	const [, problem] = read(field({ type: "when" }), "7/8/2028");
	assert.equal(problem, "can be read as 7 August 2028 or as 8 July 2028; write the month as a word");
});
test("bounds are told", () => {
	const [, low] = read(field({ type: "number", low: 0 }), "-1");
	const [, high] = read(field({ type: "number", high: 100 }), "101");
	const [, above] = read(field({ type: "number", above: 0 }), "0");
	const [, whole] = read(field({ type: "whole" }), "1.5");
	assert.deepEqual([low, high, above, whole], [
		"has to be 0 or more",
		"has to be 100 or less",
		"has to be more than 0",
		"has to be a whole number",
	]);
});
test("a needed answer is asked for, another may stay empty", () => {
	assert.deepEqual(read(field({ required: true }), "  "), [undefined, "needs an answer"]);
	assert.deepEqual(read(field(), "  "), [undefined, undefined]);
});
test("one line of text is one line, several stay several", () => {
	assert.deepEqual(read(field(), " a\n b  c "), ["a b c"]);
	assert.deepEqual(read(field({ type: "long" }), " a\nb "), ["a\nb"]);
});
test("all answers come with all that is wrong", () => {
	const fields = [field({ required: true }), field({ name: "two", type: "number" }), field({ name: "three" })];
	const raw = { one: "", two: "x", three: "y" };
	const [payload, problems] = readAll(fields, ({ name }) => raw[name]);
	assert.deepEqual(payload, { three: "y" });
	assert.deepEqual(problems.map(([name]) => name), ["one", "two"]);
});
test("dates are shown as people say them", () => {
	assert.deepEqual(["2028", "2028-07", "2028-07-09"].map(spoken), ["2028", "July 2028", "9 July 2028"]);
	assert.equal(worded(field({ type: "when" }), "2028-07"), "July 2028");
	assert.equal(worded(field({ type: "when" }), "one day"), "one day");
});
test("short names hold nothing but a-z, 0-9 and hyphens", () => {
	assert.equal(slugFrom("Côte & Vallée 2027!"), "cote-vallee-2027");
	assert.equal(slugFrom("東京"), "");
});
test("a percent sign or word is seen", () => {
	assert.deepEqual(["12%", "12 percent", "12 Per cent ", "12"].map(isPercent), [true, true, true, false]);
});
