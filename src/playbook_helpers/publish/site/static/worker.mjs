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

async function start() {
	const { files, sizes, lock } = await (await fetch(here("about.json"))).json();
	const { "library.zip": library } = await fetchAll(sizes);
	const python = await loadPyodide({
		indexURL: here("./"),
		stdLibURL: URL.createObjectURL(library),
		lockFileContents: lock,
		env: { HOME: "/", PYDANTIC_DISABLE_PLUGINS: "1", PLAYBOOK_SHOW: "document" },
	});
	const work_out = python.runPython(`
import json, os, sys, zipimport
held = zipimport.zipimporter(next(path for path in sys.path if path.endswith(".zip")))
for place in json.loads(held.get_data("binary.json")):
    path = f"/lib/python3.14/site-packages/{place}"
    os.makedirs(os.path.dirname(path), exist_ok=True)
    with open(path, "wb") as file:
        file.write(held.get_data(place))
sys.path.insert(0, "/lib/python3.14/site-packages")
from playbook_helpers.worksheet.sections.answers import work_out
work_out`);
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
