"""What the served site's headers keep out, tried in a real browser."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from made_site import running
from playwright.sync_api import Browser, Page, expect

from playbook_helpers.publish.site.serve import SiteServer, server_for

INJECTED = """<!doctype html><html lang="en"><title>quiet</title>
<script>document.title = "ran"</script>
<script src="data:text/javascript,document.title='ran'"></script>
<img src="nowhere" onerror="document.title = 'ran'">
<a href="javascript:document.title='ran'">press</a>
<form action="http://localhost:9/steal"><button>send</button></form>
<iframe srcdoc="<script>parent.document.title = 'ran'</script>"></iframe>
<p id="end">end</p></html>"""
ATTACKER = """<!doctype html><html lang="en"><title>elsewhere</title>
<iframe src="{site}index.html"></iframe>
<script>window.loaded = []</script>
<script src="{site}data.js" onload="loaded.push('script')"></script>
<img src="{site}picture.svg" onload="loaded.push('picture')">
<p id="end">end</p></html>"""


@pytest.fixture
def site(tmp_path: Path) -> Iterator[SiteServer]:
    for name in ("index.html", "reports/index.html"):
        path = tmp_path / "site" / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(INJECTED, "utf-8")
    (tmp_path / "site" / "data.js").write_text("window.stolen = true", "utf-8")
    picture = '<svg xmlns="http://www.w3.org/2000/svg" width="9" height="9"></svg>'
    (tmp_path / "site" / "picture.svg").write_text(picture, "utf-8")
    with running(server_for(tmp_path / "site", 0)) as server:
        yield server


@pytest.fixture
def plain_page(browser: Browser) -> Iterator[Page]:
    """A page in which things may go wrong: that is what is tried."""
    context = browser.new_context()
    yield context.new_page()
    context.close()


@pytest.mark.parametrize("name", ["index.html", "reports/index.html"])
def test_a_script_that_got_into_a_page_does_not_run(
    site: SiteServer, plain_page: Page, name: str
) -> None:
    refused: list[str] = []
    plain_page.on("console", lambda message: refused.append(message.text))
    plain_page.goto(site.address + name)
    expect(plain_page.locator("#end")).to_be_visible()
    plain_page.get_by_text("press").click()
    plain_page.wait_for_timeout(300)
    assert plain_page.title() == "quiet"
    plain_page.evaluate("setTimeout(() => document.querySelector('form').requestSubmit())")
    plain_page.wait_for_timeout(300)
    assert plain_page.url == site.address + name, "the form went nowhere"
    assert sum("Content Security Policy" in line for line in refused) >= 5


def test_a_page_from_elsewhere_can_neither_frame_nor_load_it(
    site: SiteServer, plain_page: Page, serve: Callable[..., str], tmp_path: Path
) -> None:
    (tmp_path / "elsewhere").mkdir()
    page = ATTACKER.format(site=site.address)
    (tmp_path / "elsewhere" / "index.html").write_text(page, "utf-8")
    # Another name for this computer is another site for a browser.
    elsewhere = serve(tmp_path / "elsewhere").replace("127.0.0.1", "localhost")
    plain_page.goto(f"{elsewhere}/index.html")
    expect(plain_page.locator("#end")).to_be_visible()
    plain_page.wait_for_timeout(300)
    framed = [frame for frame in plain_page.frames if frame is not plain_page.main_frame]
    assert len(framed) == 1
    assert framed[0].locator("#end").count() == 0
    assert plain_page.evaluate("window.stolen") is None
    assert plain_page.evaluate("window.loaded") == []
