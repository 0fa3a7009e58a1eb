/* The worker that makes HTML of answers: fetched and started once, asked for one thing at a time,
 * and ended where it gives no sign of life. What is told goes to `hear`. */

const PATIENCE = 30000; // ms without a sign before somebody is told, and before an answer is given up
export const READ = "read_goal";

/* `hear` has `loading`, `fetched` (a part of 1), `late`, `ready` (the engine's files) and `failed`. */
export function holdCalculator(address, hear) {
	let worker = null, ready = false, busy = null, whole = null, watch = 0, count = 0;
	const trials = new Map(); // what-if, or a sentence to read -> the latest that waits

	function start() {
		if (worker) return;
		hear.loading();
		try {
			worker = new Worker(address, { type: "module" });
		} catch (error) {
			return fail(error);
		}
		worker.onmessage = ({ data }) => listen(data);
		worker.onerror = (event) => fail(event.message);
		wait(hear.late);
	}
	function listen({ fetched, all, ready: files, broken, id, answer, error }) {
		if (broken) return fail(broken);
		if (fetched) {
			hear.fetched(Math.min(1, fetched / all));
			wait(hear.late);
		}
		if (files) {
			ready = true;
			hear.ready(files);
		}
		if (id && id === busy?.id) {
			clearTimeout(watch);
			const { done } = busy;
			busy = null;
			if (error) return fail(error);
			done(JSON.parse(answer));
			send();
		}
	}
	function wait(act) {
		clearTimeout(watch);
		watch = setTimeout(act, PATIENCE);
	}
	function end() {
		clearTimeout(watch);
		worker?.terminate();
		worker = busy = whole = null;
		ready = false;
		trials.get(READ)?.done(undefined);
		trials.clear();
	}
	function fail(error) {
		end();
		console.info("The calculator:", error);
		hear.failed();
	}
	/* Of all that waits only the latest is asked for: the whole page first, then each what-if. */
	function send() {
		if (!ready || busy) return;
		const [name] = trials.keys();
		const { request, done } = whole ?? trials.get(name) ?? {};
		if (!request) return;
		if (whole) whole = null;
		else trials.delete(name);
		busy = { id: ++count, done };
		wait(() => fail("no answer"));
		worker.postMessage({ id: count, request: JSON.stringify(request()) });
	}
	/* `request` makes what is asked when its turn has come; `done` gets the answer. */
	function askWhole(request, done) {
		whole = { request, done };
		send();
	}
	function ask(name, request, done) {
		trials.set(name, { request, done });
		send();
	}
	return { start, end, ask, askWhole, isStarted: () => Boolean(worker), isReady: () => ready };
}
