/* Runs the page's Python once, in Node: works out every worksheet, and writes what it took.
 *
 *     node pack.mjs PARTS PACKAGE REQUESTS LIBRARY OUT
 *
 * PARTS holds Pyodide and the wheels, PACKAGE is this package as a zip, REQUESTS a JSON list of
 * requests to warm up with, LIBRARY the Python that packs, OUT the folder for what is packed. */

import { readFile, readdir, writeFile } from "node:fs/promises";
import { basename, join, resolve } from "node:path";
import { pathToFileURL } from "node:url";

const [parts, own, requests, library, out] = process.argv.slice(2);
const { loadPyodide } = await import(pathToFileURL(join(parts, "pyodide.mjs")).href);
const python = await loadPyodide({ indexURL: parts, env: { HOME: "/", PYTHONHASHSEED: "0" } });
for (const name of [...await readdir(parts), own])
	if (/\.(whl|zip)$/.test(name))
		python.FS.writeFile(`/tmp/${basename(name)}`, await readFile(resolve(parts, name)));
python.globals.set("before", python.runPython("import sys; ' '.join(sys.modules)"));
python.globals.set("requests", await readFile(requests, "utf-8"));
python.runPython(await readFile(library, "utf-8"));
await writeFile(join(out, "library.zip"), python.runPython("library(requests, before)").toJs());
process.exit(0);
