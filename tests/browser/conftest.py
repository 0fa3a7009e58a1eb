"""A real Chromium for the tests here, a server on this computer alone, and axe-core.

Chromium is the one named by PLAYBOOK_CHROMIUM, else an installed one, else Playwright's own,
which is downloaded where it is not there yet. Where none is to be had the tests fail and say so;
SKIP_BROWSER=1 leaves them out on purpose.
"""

from __future__ import annotations

import functools
import json
import os
import re
import shutil
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pytest
from axe_playwright_python.sync_playwright import Axe
from made_site import copy_project, playbook, running
from playwright.sync_api import Browser, BrowserContext, Error, Page, sync_playwright
from workshop_room import NAME

from playbook_helpers.core.partnership import OVERVIEW
from playbook_helpers.practices import PRACTICES
from playbook_helpers.publish.site.serve import server_for
from playbook_helpers.worksheet.forms import form_html, write_assets
from playbook_helpers.worksheet.forms.scripts import widget_module

HERE = Path(__file__).parent
SKIP = os.environ.get("SKIP_BROWSER", "") not in ("", "0")
NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
FLAGS = [
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    # A workshop is joined by a name that is not loopback, which browsers would take for secure.
    f"--host-resolver-rules=MAP {NAME} 127.0.0.1",
]
STRICT = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; connect-src 'self'; "
    "base-uri 'none'; form-action 'none'"
)
PAGE = """<!doctype html>
<html lang="en"><head><meta charset="utf-8"><title>A worksheet</title>
<meta name="viewport" content="width=device-width, initial-scale=1"></head>
<body><main><h1>A worksheet</h1><h2>Do it now</h2>{form}</main></body></html>
"""


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    own = [item for item in items if HERE in item.path.parents]
    for item in own:
        item.add_marker(pytest.mark.browser)
    if SKIP and own:
        config.hook.pytest_deselected(items=own)
        items[:] = [item for item in items if item not in own]


def chromium_path() -> str | None:
    """The Chromium to drive; None for Playwright's own."""
    named = os.environ.get("PLAYBOOK_CHROMIUM")
    return named or next(filter(None, map(shutil.which, NAMES)), None)


def downloaded(own: str) -> str:
    """Fetch Playwright's own Chromium unless it is at `own` already; what went wrong, or ""."""
    if Path(own).exists():
        return ""
    command = [sys.executable, "-m", "playwright", "install", "chromium"]
    try:
        done = subprocess.run(command, capture_output=True, text=True, timeout=600, check=False)
    except (OSError, subprocess.TimeoutExpired) as error:
        return f"The download failed: {error}"
    return "" if done.returncode == 0 else f"The download failed: {done.stderr.strip()[-500:]}"


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    flags = [*FLAGS, "--no-sandbox"] if hasattr(os, "geteuid") and os.geteuid() == 0 else FLAGS
    with sync_playwright() as playwright:
        path = chromium_path()
        trouble = "" if path else downloaded(playwright.chromium.executable_path)
        try:
            opened = playwright.chromium.launch(executable_path=path, args=flags)
        except Error as error:
            pytest.fail(
                "No Chromium could be started. Install one, name it in PLAYBOOK_CHROMIUM, or set "
                f"SKIP_BROWSER=1 to leave these tests out.\n{trouble}\n{error}",
                pytrace=False,
            )
        yield opened
        opened.close()


class _Handler(SimpleHTTPRequestHandler):
    policy = ""

    def end_headers(self) -> None:
        if self.policy:
            self.send_header("Content-Security-Policy", self.policy)
        self.send_header("Cache-Control", "no-store")
        super().end_headers()

    def do_GET(self) -> None:
        if self.path == "/favicon.ico":  # browsers ask by themselves
            self.send_response(204)
            self.end_headers()
        else:
            super().do_GET()

    def log_message(self, format: str, *args: Any) -> None:  # noqa: A002
        pass


@pytest.fixture(scope="session")
def serve() -> Iterator[Callable[..., str]]:
    """serve(folder, policy="") -> the address at which the folder is served, without a slash."""
    servers: list[tuple[ThreadingHTTPServer, threading.Thread]] = []

    def start(folder: Path, policy: str = "") -> str:
        kind = type("Handler", (_Handler,), {"policy": policy})
        server = ThreadingHTTPServer(
            ("127.0.0.1", 0), functools.partial(kind, directory=str(folder))
        )
        server.daemon_threads = True
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05})
        thread.start()
        servers.append((server, thread))
        return f"http://127.0.0.1:{server.server_port}"

    yield start
    for server, thread in servers:
        server.shutdown()
        server.server_close()
        thread.join()


@pytest.fixture(scope="session")
def home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A copy of the project in a folder of its own, with everything made by `playbook up`."""
    # A blank in the path, as people have.
    folder = copy_project(tmp_path_factory.mktemp("project") / "play book")
    done = playbook(folder, "up", "--no-serve")
    assert done.returncode == 0, done.stderr[-3000:]
    return folder


@pytest.fixture(scope="session")
def site(home: Path) -> Iterator[str]:
    """The address of that site as `playbook serve` serves it, under its own policy."""
    build = home / "_build"
    live = {name: build / name for name in ("reports", "portfolio")}
    with running(server_for(build / "site", 0, live)) as server:
        yield server.address.rstrip("/")


@pytest.fixture(scope="session")
def forms(serve: Callable[..., str], tmp_path_factory: pytest.TempPathFactory) -> str:
    """The address of pages such as `goals.html`, one a practice, under the strictest policy."""
    folder = tmp_path_factory.mktemp("forms")
    write_assets(folder)
    (folder / "widget.js").write_text(widget_module(), "utf-8")  # as notebooks load it
    for stem in (OVERVIEW, *(practice.stem for practice in PRACTICES)):
        known = {"partner": ["City Library", "Health Trust"]}
        form = form_html(stem, known=known, asset_base=".")
        (folder / f"{stem}.html").write_text(PAGE.format(form=form), "utf-8")
    (folder / "empty.html").write_text(PAGE.format(form=""), "utf-8")
    return serve(folder, STRICT)


def watch(context: BrowserContext) -> list[str]:
    """What goes wrong in a context from now on: requests to elsewhere, errors, refused policies."""
    trouble: list[str] = []

    def asked(url: str) -> None:
        parts = urlsplit(url)
        if parts.scheme in ("http", "https", "ws", "wss") and parts.hostname not in (
            "127.0.0.1",
            "localhost",
        ):
            trouble.append(f"asked another host: {url}")

    context.on("request", lambda request: asked(request.url))
    context.on(
        "response",
        lambda reply: trouble.append(f"{reply.status} {reply.url}") if reply.status > 399 else None,
    )
    context.on("weberror", lambda error: trouble.append(f"error: {error.error}"))
    context.on(
        "console",
        lambda message: (
            trouble.append(f"console: {message.text}") if message.type == "error" else None
        ),
    )
    return trouble


@pytest.fixture
def context(browser: Browser) -> Iterator[BrowserContext]:
    """A fresh browser profile in which nothing may go wrong and nobody else be asked."""
    opened = browser.new_context(viewport={"width": 1280, "height": 900}, accept_downloads=True)
    opened.set_default_timeout(8000)
    trouble = watch(opened)
    yield opened
    opened.close()
    assert not trouble


@pytest.fixture
def watched() -> Iterator[Callable[..., Page]]:
    """watched(browser, **how) -> a page in a fresh profile in which nothing may go wrong."""
    opened: list[tuple[BrowserContext, list[str]]] = []

    def open_page(browser: Browser, **how: Any) -> Page:
        context = browser.new_context(**how)
        context.set_default_timeout(8000)
        opened.append((context, watch(context)))
        return context.new_page()

    yield open_page
    for context, _ in opened:
        context.close()
    assert not [line for _, trouble in opened for line in trouble]


@pytest.fixture
def page(context: BrowserContext) -> Page:
    return context.new_page()


@pytest.fixture
def goals(page: Page, forms: str) -> Page:
    """The goals form, opened for the first time."""
    page.goto(f"{forms}/goals.html")
    return page


@pytest.fixture
def named(goals: Page) -> Page:
    """The goals form of a partnership called Riverside."""
    name_partnership(goals)
    return goals


def name_partnership(page: Page, name: str = "Riverside") -> None:
    page.get_by_label("Name of your partnership").fill(name)
    page.get_by_role("button", name="Use this name").click()


FOCUSED = """() => {
    const node = document.activeElement;
    const group = node.closest('fieldset, [role=radiogroup]')
        ?.querySelector('legend, .pb-statement')?.textContent ?? '';
    return [group, node.labels?.[0]?.textContent, node.ariaLabel, node.textContent].join('|');
}"""


@pytest.fixture(scope="session")
def tab_to() -> Callable[[Page, str], None]:
    """tab_to(page, label) presses Tab until what has the focus goes by that label."""

    def press(page: Page, label: str) -> None:
        for _ in range(200):
            page.keyboard.press("Tab")
            if label in page.evaluate(FOCUSED):
                return
        pytest.fail(f"Tab never came to {label!r}")

    return press


@pytest.fixture
def violations() -> Callable[[Page], list[str]]:
    """violations(page) -> axe-core's findings, one line each; all rules, best practices too."""
    axe = Axe()

    def run(page: Page) -> list[str]:
        # Written into the page by the browser itself, so the page's own policy does not matter.
        # Without preloading: axe would fetch the style sheets again, from wrong addresses.
        # Only violations: what passes comes to megabytes on a long page.
        options = {"preload": False, "resultTypes": ["violations"]}
        found = axe.run(page, options=options).response["violations"]
        return [
            f"{rule['id']}: {node['target']} {node['failureSummary']}"
            for rule in found
            for node in rule["nodes"]
        ]

    return run


LAB_TOKEN = "only-for-this-test"


@pytest.fixture
def start_lab(tmp_path: Path) -> Iterator[Callable[..., str]]:
    """start_lab(folder) -> the address of a JupyterLab whose files are that folder's.

    start_lab(home, "our-town", "trust") has `playbook lab` start it, in a copy of the project,
    and waits until that worksheet's cells have run.
    """
    started: list[subprocess.Popen[bytes]] = []

    def start(folder: Path, slug: str = "", worksheet: str = "goals") -> str:
        private = {
            name: str(tmp_path / name.lower())
            for name in ("JUPYTER_CONFIG_DIR", "JUPYTER_RUNTIME_DIR", "JUPYTERLAB_SETTINGS_DIR")
        }
        private["JUPYTERLAB_WORKSPACES_DIR"] = str(tmp_path / "workspaces")
        # All cells stay on the page, not only those in view: a test looks for what is further up.
        settings = tmp_path / "jupyterlab_settings_dir" / "@jupyterlab" / "notebook-extension"
        settings.mkdir(parents=True, exist_ok=True)
        (settings / "tracker.jupyterlab-settings").write_text('{"windowingMode": "none"}', "utf-8")
        own_config = {
            "ServerApp": {"allow_root": True},
            "IdentityProvider": {"token": LAB_TOKEN},
            "LabApp": {
                "check_for_updates_class": "jupyterlab.NeverCheckForUpdate",
                "news_url": None,
            },
        }
        config = Path(private["JUPYTER_CONFIG_DIR"])
        config.mkdir(parents=True, exist_ok=True)
        (config / "jupyter_server_config.json").write_text(json.dumps(own_config), "utf-8")
        command = ["-m", "jupyterlab", f"--ServerApp.root_dir={folder}"]
        if slug:
            command = ["-c", "from playbook_helpers.cli import main; main()", "lab", slug]
            command += ["--worksheet", worksheet]
        own = {k: v for k, v in os.environ.items() if not k.startswith("PLAYBOOK_")}
        log = tmp_path / "lab.log"
        with log.open("wb") as output:
            server = subprocess.Popen(
                [sys.executable, *command, "--no-browser", "--port=0"],
                cwd=folder,
                env={**own, **private},
                stdout=output,
                stderr=subprocess.STDOUT,
            )
        started.append(server)
        end = time.monotonic() + 60
        while True:
            said = log.read_text("utf-8", "replace")
            found = re.search(r"http://127\.0\.0\.1:\d+", said)
            if found is not None and (not slug or "Open: " in said):
                return found.group()
            assert server.poll() is None, said
            assert time.monotonic() < end, said
            time.sleep(0.2)

    yield start
    for server in started:
        server.terminate()
        try:
            server.wait(20)
        except subprocess.TimeoutExpired:
            server.kill()
            server.wait()
