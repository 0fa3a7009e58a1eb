"""What a page of the book weighs, as it is sent, and how often it asks."""

from __future__ import annotations

from pathlib import Path

import pytest
from playwright.sync_api import Browser, Request

MOST_BYTES = 200_000
MOST_REQUESTS = 12


def book_pages(home: Path) -> list[str]:
    """Every page of the book, by its address."""
    folder = home / "_build" / "site"
    found = [*folder.glob("*.html"), *folder.glob("book/*.html"), *folder.glob("worksheets/*.html")]
    return sorted(path.relative_to(folder).as_posix() for path in found)


@pytest.mark.timeout(300)
def test_every_page_is_light_and_asks_little(home: Path, site: str, browser: Browser) -> None:
    names = book_pages(home)
    assert {"index.html", "search.html", "book/goals.html", "worksheets/goals.html"} <= set(names)
    trouble: list[str] = []
    for name in names:
        context = browser.new_context()  # with nothing kept from the page before
        page = context.new_page()
        asked: list[Request] = []
        page.on("requestfinished", lambda request, asked=asked: asked.append(request))
        page.goto(f"{site}/{name}", wait_until="networkidle")
        sent = sum(request.sizes()["responseBodySize"] for request in asked)
        addresses = [request.url.removeprefix(site) for request in asked]
        context.close()
        assert f"/{name}" in addresses
        assert "/_static/page.css" in [address.partition("?")[0] for address in addresses]
        assert sent > 5_000, "the sizes are those that were sent"
        if sent > MOST_BYTES or len(asked) > MOST_REQUESTS:
            trouble.append(f"{name}: {sent} bytes, {len(asked)} requests: {addresses}")
    assert not trouble, "\n".join(trouble)


def test_what_search_needs_is_asked_for_by_search_alone(home: Path) -> None:
    site = home / "_build" / "site"
    needs = ("searchindex.js", "searchtools.js", "language_data.js", "words.js")
    for name in book_pages(home):
        text = (site / name).read_text("utf-8")
        there = [need for need in needs if need in text]
        assert there == (list(needs) if name == "search.html" else []), name
