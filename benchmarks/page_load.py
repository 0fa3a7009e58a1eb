"""How soon a form can be used on a slow phone, and what its page weighs, beside a stock book.

Each page is opened in a fresh browser profile at a quarter of the processor's speed and with
1.6 Mbit/s and 150 ms to the server, as Chromium imitates them, so many times; the middle is told.
A form can be used once its first field is drawn. The stock page is built here by Jupyter Book with
its own theme and holds the goals form alone: none of the text, tables and charts of our page. Both
are served by `playbook serve`'s server, compressed. The site is that in `_build/site`.
"""

from __future__ import annotations

import argparse
import os
import shutil
import subprocess
import sys
import tempfile
from contextlib import contextmanager
from pathlib import Path
from statistics import median
from threading import Thread
from typing import TYPE_CHECKING, Any

from playwright.sync_api import sync_playwright

from playbook_helpers.publish.site.serve import server_for
from playbook_helpers.worksheet.forms import form_html, write_assets
from playbook_helpers.worksheet.project import project_root, site_folder

if TYPE_CHECKING:
    from collections.abc import Iterator

    from playwright.sync_api import Browser

GOAL = 2.0
SLOWER = 4
NETWORK = {
    "offline": False,
    "latency": 150,
    "downloadThroughput": 1_600_000 / 8,
    "uploadThroughput": 750_000 / 8,
}
WATCH = """addEventListener("DOMContentLoaded", function look() {
    const field = document.querySelector("[data-playbook-form] input:not([type=hidden])");
    if (field && field.getClientRects().length) {
        requestAnimationFrame(() => setTimeout(() => (window.usable = performance.now())));
    } else setTimeout(look, 10);
})"""
CONFIG = """title: A stock book
html: { favicon: "" }
sphinx: { config: { html_static_path: [own], html_css_files: [form.css] } }
"""
PAGES = ("worksheets/goals.html", "worksheets/trust.html", "worksheets/communication.html")


def stock_book(folder: Path) -> Path:
    """A book with Jupyter Book's own theme and one page with a form; where its pages lie."""
    (folder / "own").mkdir()
    write_assets(folder / "own")
    (folder / "_config.yml").write_text(CONFIG, "utf-8")
    (folder / "_toc.yml").write_text("format: jb-book\nroot: index\n", "utf-8")
    script = '<script defer src="_static/form.js"></script>'
    page = f"# Goals\n\n```{{raw}} html\n{form_html('goals')}{script}\n```\n"
    (folder / "index.md").write_text(page, "utf-8")
    build = "from jupyter_book.cli.main import main; main()"
    subprocess.run(
        [sys.executable, "-c", build, "build", str(folder), "-q"],
        check=True,
        capture_output=True,
    )
    return folder / "_build" / "html"


@contextmanager
def served(folder: Path) -> Iterator[str]:
    """The address of a folder while the block runs."""
    server = server_for(folder, 0)
    thread = Thread(target=server.run)
    thread.start()
    try:
        yield server.address
    finally:
        server.stop()
        thread.join()
        server.close()


def load(browser: Browser, address: str) -> tuple[float, int, int]:
    """Seconds until the form can be used, bytes as they were sent, and requests."""
    context = browser.new_context(viewport={"width": 390, "height": 844}, bypass_csp=True)
    page = context.new_page()
    page.add_init_script(WATCH)
    remote = context.new_cdp_session(page)
    remote.send("Network.enable")
    remote.send("Network.emulateNetworkConditions", NETWORK)
    remote.send("Emulation.setCPUThrottlingRate", {"rate": SLOWER})
    inside: set[str] = set()
    sizes: list[int] = []

    def asked(told: dict[str, Any]) -> None:
        if told["request"]["url"].startswith("data:"):  # stands in the page itself
            inside.add(told["requestId"])

    def sent(told: dict[str, Any]) -> None:
        if told["requestId"] not in inside:
            sizes.append(int(told["encodedDataLength"]))

    remote.on("Network.requestWillBeSent", asked)
    remote.on("Network.loadingFinished", sent)
    page.goto(address, wait_until="commit", timeout=120_000)
    page.wait_for_function("window.usable", timeout=120_000)
    seconds = page.evaluate("window.usable") / 1000
    page.wait_for_load_state("networkidle", timeout=120_000)
    context.close()
    return seconds, sum(sizes), len(sizes)


def main() -> None:
    """Print the table."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--times", type=int, default=5, help="loads of each page")
    times = parser.parse_args().times
    site = site_folder(project_root())
    if not (site / PAGES[0]).is_file():
        sys.exit("There is no site yet: make it with `playbook up --no-serve`.")
    path = os.environ.get("PLAYBOOK_CHROMIUM") or shutil.which("chromium")
    flags = ["--disable-gpu", "--disable-background-networking", "--no-sandbox"]
    with tempfile.TemporaryDirectory() as folder, sync_playwright() as playwright:
        stock = stock_book(Path(folder))
        browser = playwright.chromium.launch(executable_path=path, args=flags)
        print(f"{'page':40}{'form usable s':>15}{'kB sent':>10}{'requests':>10}")
        with served(stock) as other, served(site) as own:
            pages = [("stock Jupyter Book, the form alone", other + "index.html")]
            pages += [(name, own + name) for name in PAGES]
            for name, address in pages:
                loads = [load(browser, address) for _ in range(times)]
                seconds = median(each[0] for each in loads)
                sent, requests = loads[0][1:]
                over = "  over the goal" if seconds > GOAL else ""
                print(f"{name:40}{seconds:15.2f}{sent / 1000:10.0f}{requests:10}{over}", flush=True)
        browser.close()


if __name__ == "__main__":
    main()
