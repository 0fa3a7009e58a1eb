"""Report pages in a real browser: opened from a disk, by keyboard, on a phone, on paper."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Page

from playbook_helpers.batch import make_plan
from playbook_helpers.batch.artifacts import save_notebook
from playbook_helpers.core.partnership import OVERVIEW
from playbook_helpers.drawing.display import MODE_VARIABLE
from playbook_helpers.practices import PRACTICES
from playbook_helpers.publish.report import home, write_reports
from playbook_helpers.storage.database import Store
from playbook_helpers.storage.files import load_examples

ROOT = Path(__file__).parents[2]
SLUG = "riverside-invented"
PAGES = (
    "index.html",
    f"{SLUG}/index.html",
    *(f"{SLUG}/{stem}.html" for stem in (OVERVIEW, *(p.stem for p in PRACTICES))),
)


@pytest.fixture(scope="module")
def reports(
    tmp_path_factory: pytest.TempPathFactory, run_worksheet: Callable[..., dict[str, Any]]
) -> Path:
    """The reports of the example partnerships; worksheets of one of them."""
    root = tmp_path_factory.mktemp("reports")
    (root / "worksheets").symlink_to(ROOT / "worksheets", target_is_directory=True)
    url = f"sqlite:///{root / 'playbook.db'}"
    with pytest.MonkeyPatch.context() as patch, Store.open(url) as store:
        patch.setenv(MODE_VARIABLE, "document")
        load_examples(store, ROOT / "data")
        for task in make_plan(root, store, partnerships=[SLUG]).tasks:
            made = dict(task.made_from) | {"fingerprint": task.fingerprint, "made": "2026-11-24"}
            notebook = run_worksheet(task.worksheet, SLUG, url)
            notebook["metadata"]["playbook"] = made
            save_notebook(task.target, json.dumps(notebook), made)
        assert write_reports(root, store, [SLUG]).failed == {}
    return root / "_build" / "reports"


@pytest.mark.parametrize("name", PAGES)
def test_no_page_has_a_fault_of_access(
    page: Page, reports: Path, violations: Callable[[Page], list[str]], name: str
) -> None:
    page.goto((reports / name).as_uri())
    for details in page.locator("details").all():
        details.evaluate("element => { element.open = true }")
    assert violations(page) == []


@pytest.mark.parametrize("name", PAGES)
def test_every_page_fits_a_phone(page: Page, reports: Path, name: str) -> None:
    page.set_viewport_size({"width": 360, "height": 800})
    page.goto((reports / name).as_uri())
    assert page.evaluate("document.documentElement.scrollWidth") == 360


@pytest.mark.parametrize("name", PAGES)
def test_a_page_needs_nothing_but_its_own_file(page: Page, reports: Path, name: str) -> None:
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    address = (reports / name).as_uri()
    page.goto(address)
    assert [url for url in asked if not url.startswith("data:")] == [address]
    assert (reports / name).stat().st_size < 500_000
    for picture in page.locator("img").all():
        assert picture.evaluate("image => image.complete && image.naturalWidth > 0")


def test_on_a_phone_a_row_of_measures_stands_as_a_card_and_is_still_a_row(
    page: Page, reports: Path, violations: Callable[[Page], list[str]]
) -> None:
    page.set_viewport_size({"width": 360, "height": 800})
    page.goto((reports / SLUG / "goals.html").as_uri())
    assert violations(page) == []
    table = page.get_by_role("group", name="Table: What the records add up to")
    assert table.evaluate("element => element.scrollWidth - element.clientWidth") == 0
    row = table.get_by_role("row").filter(
        has=page.get_by_role("rowheader", name="Goals met", exact=True)
    )
    assert row.get_by_role("cell").all_inner_texts()[:2] == ["1 goal", "full count"]
    cell = row.get_by_role("cell").first
    assert cell.evaluate("cell => getComputedStyle(cell, '::before').content") == '"Value"'
    assert cell.evaluate("cell => getComputedStyle(cell).textAlign") == "left"
    # A cell that says nothing takes no room.
    assert (
        table.locator("td", has_text="–").evaluate_all(
            "cells => cells.filter(cell => cell.innerText === '–' && cell.offsetHeight > 0).length"
        )
        == 0
    )
    page.set_viewport_size({"width": 1280, "height": 800})
    assert table.get_by_role("columnheader", name="To know").is_visible()


def test_a_page_above_very_many_reports_has_no_fault_of_access(
    page: Page,
    reports: Path,
    violations: Callable[[Page], list[str]],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(home, "MOST_CARDS", 0)
    root = reports.parents[1]
    place = reports / "index.html"
    before = place.read_text("utf-8")
    with Store.open(f"sqlite:///{root / 'playbook.db'}") as store:
        home.write_home(reports, store.partnerships(), "", force=True)
    page.set_viewport_size({"width": 360, "height": 800})
    page.goto(place.as_uri())
    assert violations(page) == []
    assert page.evaluate("document.documentElement.scrollWidth") == 360
    page.get_by_role("navigation", name="First letters").get_by_role("link", name="R").click()
    assert page.get_by_role("heading", name="R", exact=True).is_visible()
    place.write_text(before, "utf-8")


def test_the_first_press_of_tab_offers_the_way_to_the_text(page: Page, reports: Path) -> None:
    page.goto((reports / PAGES[-1]).as_uri())
    page.keyboard.press("Tab")
    link = page.get_by_role("link", name="Skip to the text")
    assert link.evaluate("element => document.activeElement === element")
    box = link.bounding_box()
    assert box is not None
    assert box["y"] >= 0
    page.keyboard.press("Enter")
    assert page.evaluate("document.activeElement.id") == "main"


def test_pages_lead_to_each_other(page: Page, reports: Path) -> None:
    page.goto((reports / "index.html").as_uri())
    page.get_by_role("link", name="Riverside").click()
    page.get_by_role("link", name="Open the worksheet on clear goals and metrics").click()
    assert page.get_by_role("heading", level=1).inner_text() == "Goals worksheet"
    contents = page.get_by_role("navigation", name="On this page").get_by_role("link").all()
    assert len(contents) >= 4
    for link in contents:
        target = str(link.get_attribute("href")).removeprefix("#")
        assert page.locator(f'[id="{target}"]').count() == 1
    page.get_by_role("link", name="The whole report").click()
    page.get_by_role("navigation", name="Where you are").get_by_role("link").click()
    assert page.get_by_role("heading", level=1).inner_text() == "Reports"


def test_on_paper_there_is_the_report_and_nothing_to_click(page: Page, reports: Path) -> None:
    page.goto((reports / PAGES[1]).as_uri())
    page.emulate_media(media="print")
    assert page.get_by_role("heading", level=1).is_visible()
    for selector in (".pb-top", ".pb-contents", ".pb-go", ".pb-skip"):
        for element in page.locator(selector).all():
            assert not element.is_visible()
    assert page.locator(".pb-foot").is_visible()
