"""How soon a worksheet's page works out what its reader wrote, in a real Chromium.

Every figure is of Riverside's goals worksheet (some 300 saved states), on a site that this program
builds as `make site` does. `first` is from the press of the button to the picture, with nothing in
the browser's cache; `next` from opening the page again, by the snapshot that the first left in
the browser; `plain` the same without it; `redraw` from a save to the new picture.
At a quarter of the processor the whole browser is stopped for three quarters of every 40 ms: the
browser's own throttling does not slow workers. Memory is the private memory of the page's process
with the engine less that without.

Seconds depend on the computer and on what else it does. The bytes do not.
"""

from __future__ import annotations

import argparse
import gzip
import json
import os
import shutil
import signal
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict
from pathlib import Path
from statistics import median

import psutil
from playwright.sync_api import Browser, Page, sync_playwright

from playbook_helpers.publish.site.build import assemble_site, build_book
from playbook_helpers.publish.site.engine import build_engine
from playbook_helpers.publish.site.serve import server_for
from playbook_helpers.storage.database import Store
from playbook_helpers.storage.files import load_examples

ROOT = Path(__file__).parents[1]
SLUG = "riverside-invented"
FLAGS = ["--no-sandbox", "--disable-gpu", "--disable-quic", "--disable-background-networking"]
FILL = """([slug, revisions]) => {
    localStorage.setItem("playbook/partnership", JSON.stringify({ slug, name: "Riverside" }));
    for (const rev of revisions) localStorage.setItem(
        `playbook/site/${slug}/${rev.practice}/${rev.id}`, JSON.stringify(rev));
}"""
REDRAW = """() => new Promise((done) => {
    const start = performance.now();
    const seen = new MutationObserver(() => {
        seen.disconnect();
        done(performance.now() - start);
    });
    const words = document.querySelector(".pb-answers-words");
    seen.observe(words, { childList: true, characterData: true, subtree: true });
    document.querySelector("[data-playbook-form]").dispatchEvent(
        new CustomEvent("playbook:answers", { bubbles: true }));
})"""
HELD = """() => caches.open("playbook-engine").then((cache) => cache.keys()).then(
    (keys) => keys.some(({ url }) => url.endsWith("/snapshot")))"""
WITHOUT = """async () => {
    const cache = await caches.open("playbook-engine");
    for (const { url } of await cache.keys())
        if (url.endsWith("/snapshot")) {
            await cache.put(`${url}-tried`, new Response());
            await cache.delete(url);
        }
}"""
READY = "#your-answers[data-state=ready]"


def revisions() -> list[dict[str, object]]:
    with Store.open("sqlite://") as store:
        load_examples(store, ROOT / "data")
        return [asdict(revision) for revision in store.revisions(SLUG)]


@contextmanager
def held_back(parent: int, share: float) -> Iterator[None]:
    """Within the block a process and its children run for `share` of the time."""
    going = threading.Event()

    def steer() -> None:
        period = 0.04
        while not going.is_set():
            family = [psutil.Process(parent), *psutil.Process(parent).children(recursive=True)]
            for sign, rest in ((signal.SIGSTOP, 1 - share), (signal.SIGCONT, share)):
                for process in family:
                    try:
                        process.send_signal(sign)
                    except psutil.NoSuchProcess:
                        continue
                time.sleep(period * rest)

    thread = threading.Thread(target=steer)
    if share < 1:
        thread.start()
    try:
        yield
    finally:
        going.set()
        if share < 1:
            thread.join()


def renderer_memory() -> int:
    """Private bytes of the largest process that draws a page."""
    sizes = [0]
    for process in psutil.Process(os.getpid()).children(recursive=True):
        try:
            if "--type=renderer" in process.cmdline():
                sizes.append(process.memory_full_info().uss)
        except psutil.Error:
            continue
    return max(sizes)


def times(browser: Browser, address: str, held: list[dict[str, object]]) -> tuple[float, ...]:
    """Seconds to the first picture, to the next page's with and without a snapshot, and the median
    of twenty redraws."""
    context = browser.new_context(viewport={"width": 390, "height": 844})
    page = context.new_page()
    page.set_default_timeout(180_000)
    page.goto(f"{address}worksheets/goals.html")
    page.evaluate(FILL, [SLUG, held])
    page.reload()
    button = page.get_by_role("button", name="Work it out")
    button.wait_for()
    first = until_ready(page, button.click)
    page.wait_for_timeout(3000)  # the browser puts the engine away for the next time
    page.wait_for_function(HELD)
    again = until_ready(page, page.reload)
    page.evaluate(WITHOUT)
    plain = until_ready(page, page.reload)
    redraws = median(page.evaluate(REDRAW) / 1000 for _ in range(20))
    context.close()
    return first, again, plain, redraws


def until_ready(page: Page, act: object) -> float:
    start = time.perf_counter()
    act()  # type: ignore[operator]
    page.locator(READY).wait_for()
    return time.perf_counter() - start


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rounds", type=int, default=3)
    given = parser.parse_args()
    engine = build_engine(ROOT, ROOT / "_build" / "engine")
    build_book(ROOT, engine)
    site = assemble_site(ROOT)
    sizes = {path.name: len(gzip.compress(path.read_bytes())) for path in engine.iterdir()}
    print(f"engine: {len(sizes)} requests, {sum(sizes.values()) / 1e6:.2f} MB gzip")
    held = revisions()
    server = server_for(site, 0)
    threading.Thread(target=server.run, daemon=True).start()
    path = os.environ.get("PLAYBOOK_CHROMIUM") or shutil.which("chromium")
    with sync_playwright() as playwright:
        for share in (1.0, 0.25):
            found = []
            for _ in range(given.rounds):
                browser = playwright.chromium.launch(executable_path=path, args=FLAGS)
                main_ = next(
                    p.pid
                    for p in psutil.Process().children(recursive=True)
                    if "chrom" in p.name() and "--type=" not in " ".join(p.cmdline())
                )
                with held_back(main_, share):
                    found.append(times(browser, server.address, held))
                browser.close()
            first, again, plain, redraw = (median(column) for column in zip(*found, strict=True))
            print(
                f"{share:4.0%} of the processor: first {first:.1f} s, next {again:.1f} s, "
                f"plain {plain:.1f} s, redraw {redraw * 1000:.0f} ms"
            )
        browser = playwright.chromium.launch(executable_path=path, args=FLAGS)
        page = browser.new_page()
        page.goto(f"{server.address}worksheets/goals.html")
        page.evaluate(FILL, [SLUG, held])
        page.reload()
        before = renderer_memory()
        page.get_by_role("button", name="Work it out").click()
        page.locator(READY).wait_for(timeout=180_000)
        print(f"memory: {(renderer_memory() - before) / 1e6:.0f} MB more than without")
        browser.close()
    server.stop()
    print(json.dumps(sizes))


if __name__ == "__main__":
    main()
