"""The site from a USB stick: forms take answers and keep them, and nothing complains."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect


@pytest.fixture
def page(browser: Browser, watched: Callable[..., Page]) -> Page:
    return watched(browser, viewport={"width": 390, "height": 844}, accept_downloads=True)


def address(home: Path, name: str) -> str:
    return (home / "_build" / "site" / name).as_uri()


def test_answers_typed_on_a_page_from_disk_are_kept_and_taken_away(
    home: Path, page: Page, tmp_path: Path
) -> None:
    page.goto(address(home, "worksheets/goals.html"))
    expect(page.get_by_text("You opened this page from a disk.")).to_be_visible()
    page.get_by_label("Name of your partnership").fill("Our Town")
    page.get_by_role("button", name="Use this name").click()
    page.get_by_role("button", name="Add a goal").click()
    page.get_by_label("Short name").fill("Warm rooms")
    page.get_by_text("Type or paste a whole sentence").click()
    page.get_by_label("The goal in one sentence").fill("Fewer cold homes by 2029.")
    page.get_by_label("Outcome: a change").check()
    page.get_by_role("button", name="Save goal").click()
    expect(page.get_by_role("heading", name="Warm rooms")).to_be_visible()

    page.reload()
    expect(page.get_by_text("Answers of Our Town")).to_be_visible()
    expect(page.get_by_role("heading", name="Warm rooms")).to_be_visible()

    with page.expect_download() as waited:
        page.get_by_role("button", name="Download answers").click()
    file = tmp_path / waited.value.suggested_filename
    waited.value.save_as(file)
    taken = json.loads(file.read_text("utf-8"))
    assert file.name.startswith("playbook-our-town-goals-")
    assert [rev["payload"]["name"] for rev in taken["revisions"]] == ["Warm rooms"]

    page.goto(address(home, "worksheets/trust.html"))
    expect(page.get_by_text("Answers of Our Town")).to_be_visible()


def test_search_and_menu_work_from_disk(home: Path, page: Page) -> None:
    page.goto(address(home, "index.html"))
    page.get_by_role("button", name="Menu", exact=True).click()
    page.get_by_role("dialog", name="Menu").get_by_role(
        "link", name="Clear goals and metrics"
    ).click()
    expect(page.get_by_role("heading", level=1)).to_contain_text("Clear goals and metrics")
    page.goto(address(home, "search.html") + "?q=baseline")
    found = page.locator("#search-results li")
    expect(found.first).to_be_visible()
    expect(found.filter(has_text="Clear goals and metrics").first).to_be_visible()


def test_no_page_of_the_site_complains_when_it_is_opened_from_disk(home: Path, page: Page) -> None:
    folder = home / "_build" / "site"
    names = [*folder.glob("*.html"), *folder.glob("book/*.html"), *folder.glob("worksheets/*.html")]
    assert len(names) > 25
    for path in names:  # `watched` holds that no script failed and nothing was asked elsewhere
        page.goto(path.as_uri())
        expect(page.get_by_role("heading", level=1).first).to_be_attached()
    forms = [path for path in names if "data-playbook-form" in path.read_text("utf-8")]
    assert len(forms) == 9
    for path in forms:
        page.goto(path.as_uri())
        expect(page.get_by_label("Name of your partnership")).to_be_visible()
