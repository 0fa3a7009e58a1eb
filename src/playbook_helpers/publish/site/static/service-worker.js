/* Keeps the book's pages for when there is no network, and the engine once a reader asked for it.
 *
 * Pages come from the network where there is one, so that nobody reads an old one. The engine's
 * folder is named for what it holds: what is kept of it is right for good. Reports and portfolios
 * are somebody's own, and are never kept. */
"use strict";
/* global PAGES, VERSION, written above this when the site is put together */

const BOOK = `playbook-${VERSION}`;
const ENGINE = "playbook-engine";
const root = new URL("./", self.location.href);
const isEngine = (url) => url.pathname.startsWith(`${root.pathname}_static/engine/`);
const isOwn = (url) => /^(reports|portfolio|areas)\//.test(url.pathname.slice(root.pathname.length));

addEventListener("install", (event) => {
	skipWaiting();
	event.waitUntil(caches.open(BOOK).then((cache) => cache.addAll(PAGES.map((page) => new URL(page, root).href))));
});

addEventListener("activate", (event) => {
	const old = (name) => name.startsWith("playbook-") && name !== BOOK && name !== ENGINE;
	event.waitUntil(
		caches.keys()
			.then((names) => Promise.all(names.filter(old).map((name) => caches.delete(name))))
			.then(() => clients.claim()));
});

addEventListener("fetch", (event) => {
	const url = new URL(event.request.url);
	if (event.request.method !== "GET" || url.origin !== root.origin || isOwn(url)) return;
	if (isEngine(url)) event.respondWith(engine(event.request));
	else if (url.pathname.startsWith(root.pathname)) event.respondWith(book(event.request));
});

async function engine(request) {
	const cache = await caches.open(ENGINE);
	return (await cache.match(request, { ignoreVary: true })) ?? fetch(request);
}
async function book(request) {
	try {
		return await fetch(request);
	} catch (error) {
		const kept = await caches.match(request, { ignoreSearch: true, ignoreVary: true, cacheName: BOOK });
		if (kept) return kept;
		throw error;
	}
}

/* From a page whose engine runs: its files, which the browser has just fetched. */
addEventListener("message", (event) => {
	const { engine: files } = event.data ?? {};
	if (Array.isArray(files)) event.waitUntil(keep(files.filter((file) => isEngine(new URL(file)))));
});
async function keep(files) {
	const cache = await caches.open(ENGINE);
	// What else lies in the folder is the engine's own: a snapshot of its memory.
	const folder = new URL("./", files[0]).href;
	for (const { url } of await cache.keys()) if (!url.startsWith(folder)) await cache.delete(url);
	for (const file of files)
		if (!(await cache.match(file, { ignoreVary: true })))
			await cache.put(file, await fetch(file, { cache: "force-cache" }));
}
