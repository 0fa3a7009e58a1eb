/* What is asked of the worker, in which order, and when it is ended. */

import assert from "node:assert/strict";
import { beforeEach, mock, test } from "node:test";

import { READ, holdCalculator } from "./calculator.js";

let worker, heard, calculator;
globalThis.Worker = class {
	sent = [];
	constructor() {
		worker = this;
	}
	postMessage({ id, request }) {
		this.sent.push([id, JSON.parse(request)]);
	}
	terminate() {
		this.ended = true;
	}
};
const answer = () => worker.onmessage({ data: { id: worker.sent.at(-1)[0], answer: "{}" } });
const requests = () => worker.sent.map(([, request]) => request);

mock.timers.enable({ apis: ["setTimeout"] });
mock.method(console, "info", () => {});
beforeEach(() => {
	heard = [];
	const names = ["loading", "fetched", "late", "ready", "failed"];
	calculator = holdCalculator("", Object.fromEntries(names.map((name) => [name, () => heard.push(name)])));
	calculator.start();
});

test("nothing is asked before it is ready, then of each the latest that waits, the whole page first", () => {
	calculator.ask("pace", () => "first", () => {});
	calculator.ask("pace", () => "second", () => {});
	calculator.askWhole(() => "whole", () => {});
	assert.deepEqual(requests(), []);
	worker.onmessage({ data: { ready: [] } });
	calculator.ask("pace", () => "third", () => {});
	assert.deepEqual(requests(), ["whole"]);
	answer();
	assert.deepEqual(requests(), ["whole", "third"]);
	answer();
	assert.deepEqual(requests(), ["whole", "third"]);
});
test("an answer goes to whoever asked", () => {
	const got = [];
	worker.onmessage({ data: { ready: [] } });
	calculator.ask("pace", () => 1, (made) => got.push(made));
	answer();
	assert.deepEqual(got, [{}]);
});
test("a start that takes long is told of, and goes on", () => {
	mock.timers.tick(30000);
	assert.deepEqual(heard, ["loading", "late"]);
	assert.equal(worker.ended, undefined);
});
test("a worker that gives no answer is ended", () => {
	worker.onmessage({ data: { ready: [] } });
	calculator.askWhole(() => "whole", () => {});
	mock.timers.tick(30000);
	assert.equal(heard.at(-1), "failed");
	assert.equal(worker.ended, true);
	assert.equal(calculator.isStarted(), false);
});
test("a sentence that waits to be read is given up when the worker ends", () => {
	let read = "waits";
	calculator.ask(READ, () => "", (found) => (read = found));
	calculator.end();
	assert.equal(read, undefined);
});
test("a browser without workers of this kind is told of", () => {
	calculator.end();
	const kept = globalThis.Worker;
	globalThis.Worker = undefined;
	calculator.start();
	globalThis.Worker = kept;
	assert.equal(heard.at(-1), "failed");
});
