/* Works out a worksheet from the reader's own answers, beside the page and never in its way.
 * It lies in the engine's folder, and asks for nothing outside of it. */

import { loadPyodide } from "./pyodide.mjs";

const here = (name) => new URL(name, import.meta.url).href;

/* Fetches what is large, with a word to the page for each piece that has come. Pyodide asks for the
 * same files again, and finds them in the browser's cache. */
async function fetchAll(sizes) {
	const all = Object.values(sizes).reduce((sum, size) => sum + size, 0);
	let fetched = 0;
	async function pieces(name) {
		const reply = await fetch(here(name));
		if (!reply.ok) throw new Error(`${name}: ${reply.status}`);
		const held = [];
		for (const reader = reply.body.getReader(); ; ) {
			const { done, value } = await reader.read();
			if (done) return [name, new Blob(held)];
			held.push(value);
			fetched += value.length;
			postMessage({ fetched, all });
		}
	}
	return Object.fromEntries(await Promise.all(Object.keys(sizes).map(pieces)));
}

/* Python, and what answers requests. `before` has Python while nothing is loaded that a snapshot cannot hold. */
async function run(options, before) {
	const python = await loadPyodide(options);
	await before?.(python);
	return python.runPython("import page_python; page_python.load_package()");
}

/* Python's memory once its library is loaded, kept in this browser: the next start goes on from there. How Pyodide
 * does it is not promised to stay; so whatever goes wrong with it, the start is the plain one. */
const SNAPSHOT = here("snapshot"), TRIED = here("snapshot-tried");

async function fromSnapshot(cache, options) {
	const kept = await cache.match(SNAPSHOT);
	if (!kept) return;
	// A start that never came to its end leaves its mark: that snapshot is not used a second time.
	if (await cache.match(TRIED)) return void (await Promise.all([SNAPSHOT, TRIED].map((name) => cache.delete(name))));
	await cache.put(TRIED, new Response());
	try {
		const work_out = await run({ ...options, _loadSnapshot: new Uint8Array(await kept.arrayBuffer()) });
		await cache.delete(TRIED);
		return work_out;
	} catch (error) {
		console.info("The snapshot:", error);
		await cache.delete(SNAPSHOT); // and the mark stays: this browser makes no other
	}
}
async function withSnapshot(cache, options) {
	if (await cache.match(TRIED)) return;
	try {
		return await run({ ...options, _makeSnapshot: true }, (python) => {
			python.runPython("import page_python; page_python.load_library()");
			const snapshot = new Response(python.makeMemorySnapshot());
			cache.put(SNAPSHOT, snapshot).catch(() => {}); // no room: without it, then
		});
	} catch (error) {
		console.info("The snapshot:", error);
	}
}

async function start() {
	const { files, sizes, lock } = await (await fetch(here("about.json"))).json();
	const cache = await globalThis.caches?.open("playbook-engine").catch(() => {});
	const options = {
		indexURL: here("./"),
		stdLibURL: here("library.zip"),
		lockFileContents: lock,
		env: { HOME: "/", PYDANTIC_DISABLE_PLUGINS: "1", PLAYBOOK_SHOW: "document" },
	};
	let work_out = cache && (await fromSnapshot(cache, options));
	if (!work_out) {
		const { "library.zip": library } = await fetchAll(sizes);
		options.stdLibURL = URL.createObjectURL(library);
		work_out = (cache && (await withSnapshot(cache, options))) ?? (await run(options));
	}
	return { work_out, files: files.map(here) };
}

const ready = start();
ready.then(({ files }) => postMessage({ ready: files }), (error) => postMessage({ broken: String(error) }));

onmessage = async ({ data: { id, request } }) => {
	try {
		postMessage({ id, answer: (await ready).work_out(request) });
	} catch (error) {
		postMessage({ id, error: String(error) });
	}
};
