"""The site as a reader meets it: every page, at a desk and on a phone, and from page to report."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

import pytest
from made_site import playbook
from playwright.sync_api import BrowserContext, Page, expect


def pages(home: Path) -> list[str]:
    """Every page of book and reports, by its address."""
    folder = home / "_build" / "site"
    found = sorted(str(p.relative_to(folder)) for p in folder.rglob("*.html"))
    return [name for name in found if not name.startswith(("_static", "_images"))]


@pytest.mark.timeout(1200)
@pytest.mark.parametrize("width", [1280, 390])
def test_no_page_fails_axe_asks_others_or_scrolls_sideways(
    home: Path,
    site: str,
    context: BrowserContext,
    violations: Callable[[Page], list[str]],
    width: int,
) -> None:
    page = context.new_page()
    page.set_viewport_size({"width": width, "height": 900})
    trouble: list[str] = []
    names = pages(home)
    assert {"index.html", "book/goals.html", "worksheets/goals.html"} <= set(names)
    assert "reports/strive-partnership/goals.html" in names
    for name in names:
        page.goto(f"{site}/{name}")
        trouble += [f"{name}: {found}" for found in violations(page)]
        if page.evaluate("document.documentElement.scrollWidth") > width:
            trouble.append(f"{name}: scrolls sideways at {width}")
        if page.evaluate("document.documentElement.lang") != "en" or not page.title():
            trouble.append(f"{name}: has no language or no title")
    assert not trouble, "\n".join(trouble)


def test_a_report_opens_from_disk_with_no_network(home: Path, context: BrowserContext) -> None:
    page = context.new_page()
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    for name in ("index.html", "strive-partnership/index.html", "strive-partnership/goals.html"):
        path = home / "_build" / "reports" / name
        page.goto(path.as_uri())
        expect(page.get_by_role("heading", level=1)).to_be_visible()
        assert path.stat().st_size < 500_000
    assert all(url.startswith(("file:", "data:")) for url in asked)


def test_an_invented_partnership_says_so_on_every_page(home: Path) -> None:
    folder = home / "_build" / "reports" / "riverside-invented"
    for path in folder.glob("*.html"):
        assert "invented" in path.read_text("utf-8"), path.name


@pytest.mark.timeout(1200)
def test_a_goal_written_on_a_phone_is_found_in_the_report(
    home: Path, site: str, context: BrowserContext, tmp_path: Path
) -> None:
    page = context.new_page()
    page.set_viewport_size({"width": 390, "height": 844})
    page.goto(f"{site}/worksheets/goals.html")
    page.get_by_label("Name of your partnership").fill("Our Town")
    page.get_by_role("button", name="Use this name").click()
    page.get_by_role("button", name="Add a goal").click()
    page.get_by_label("Short name").fill("Warm rooms <b>")
    sentence = "By 2029 the council will cut homes that cannot be kept warm from 18% (2026) to 9%."
    page.get_by_text("Type or paste a whole sentence").click()
    page.get_by_label("The goal in one sentence").fill(sentence)
    page.get_by_label("Outcome: a change").check()
    page.get_by_role("button", name="Save goal").click()
    with page.expect_download() as waited:
        page.get_by_role("button", name="Download answers").click()
    file = tmp_path / waited.value.suggested_filename
    waited.value.save_as(file)

    taken = playbook(home, "import", str(file), "--json")
    assert taken.returncode == 0, taken.stderr
    assert json.loads(taken.stdout)["partnerships"] == ["our-town"]
    again = playbook(home, "import", str(file), "--json")
    assert json.loads(again.stdout)["stored"] == 0

    ran = playbook(home, "batch", "our-town", "--json")
    assert ran.returncode == 0, ran.stderr
    report = home / "_build" / "reports" / "our-town" / "goals.html"
    page.goto(report.as_uri())
    expect(page.get_by_text(sentence).first).to_be_visible()
    expect(page.get_by_text("Warm rooms <b>").first).to_be_visible()
    page.goto(report.with_name("index.html").as_uri())
    expect(page.get_by_role("heading", level=1)).to_have_text("Our Town")
