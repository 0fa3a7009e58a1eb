/* Which revisions stand, and what goes by one name. */

import assert from "node:assert/strict";
import { beforeEach, test } from "node:test";

const kept = new Map();
globalThis.localStorage = {
	getItem: (key) => kept.get(key) ?? null,
	setItem: (key, value) => void kept.set(key, value),
	removeItem: (key) => void kept.delete(key),
};
Object.defineProperty(globalThis, "localStorage", { value: new Proxy(globalThis.localStorage, {
	ownKeys: () => [...kept.keys()],
	getOwnPropertyDescriptor: () => ({ enumerable: true, configurable: true }),
}) });

const { holdRecords } = await import("./records.js");

const description = {
	practice: "goals",
	words: { kept: "Kept.", closed: "closed", counted: "counted", once: "once" },
	shared: [],
	kinds: [
		{ kind: "goal", key: ["name"] },
		{ kind: "check_in", key: [] },
		{ kind: "turnout", key: ["round"], counts: "check_in" },
		{ kind: "closed_round", key: ["round"], closes: "check_in" },
	],
};
let number = 0, records;
const revision = (kind, record, payload, more) => ({
	id: `id-${(number += 1)}`, kind, record, payload, parents: [], practice: "goals",
	partnership: "town", client_time: `2027-01-01T00:00:${String(number).padStart(2, "0")}Z`, ...more,
});
const names = (groups) => groups.map((group) => group.map(({ payload }) => payload.name));

beforeEach(() => {
	kept.clear();
	records = holdRecords({ description, say() {}, changed() {}, refused() {} });
	records.use("town");
});

test("a revision that another names as its parent stands no more", () => {
	const first = revision("goal", "r", { name: "A" });
	records.keep(first);
	records.keep(revision("goal", "r", { name: "B" }, { parents: [first.id] }));
	assert.deepEqual(records.entries("goal").map(({ payload }) => payload.name), ["B"]);
});
test("what was removed is no entry", () => {
	const first = revision("goal", "r", { name: "A" });
	records.keep(first);
	records.keep(revision("goal", "r", { name: "A" }, { parents: [first.id], deleted: true }));
	assert.deepEqual(records.entries("goal"), []);
});
test("two heads of one record and two records of one name are told together", () => {
	records.keep(revision("goal", "r", { name: "Meals" }));
	records.keep(revision("goal", "r", { name: "Warm meals" }));
	records.keep(revision("goal", "s", { name: " meals " }));
	records.keep(revision("goal", "t", { name: "Rooms" }));
	assert.deepEqual(names(records.groups("goal")), [["Meals", "Warm meals", " meals "], ["Rooms"]]);
});
test("what was kept is there after the page was left, under the place older pages used", () => {
	records.keep(revision("goal", "r", { name: "A" }, { id: "one" }));
	assert.deepEqual([...kept.keys()], ["playbook/site/town/goals/one"]);
	const again = holdRecords({ description, say() {}, changed() {}, refused() {} });
	again.use("town");
	again.gather();
	assert.equal(again.entries("goal").length, 1);
});
test("one person answers once, as many as were counted, and none once it is closed", () => {
	const round = { round: "2027-03" };
	assert.ok(!records.barred("check_in", round));
	records.keep(revision("check_in", "a", round));
	assert.equal(records.barred("check_in", round), "once");
	records.keep(revision("turnout", "t", { ...round, answers: 2 }));
	assert.ok(!records.barred("check_in", round));
	records.keep(revision("check_in", "b", round));
	assert.equal(records.barred("check_in", round), "counted");
	records.keep(revision("closed_round", "c", round));
	assert.equal(records.barred("check_in", round), "closed");
	assert.ok(!records.barred("check_in", { round: "2027-09" }));
});
