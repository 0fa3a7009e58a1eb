"""The portfolio in a real browser: sorting, filtering, searching, paging, by hand and by key."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import date
from pathlib import Path

import pytest
from playwright.sync_api import Browser, BrowserContext, Locator, Page, expect

from playbook_helpers.core.partnership import Partnership
from playbook_helpers.core.revisions import new_revision
from playbook_helpers.practices.goals import Goal, Measurement
from playbook_helpers.publish.portfolio import write_portfolio
from playbook_helpers.storage.database import Store
from playbook_helpers.storage.files import load_examples

ROOT = Path(__file__).parents[2]
DAY = date(2026, 11, 26)
NASTY = '<img src=x onerror="document.title=1"> & <b>bold</b>'


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Sixty towns with one goal each, of which some are past half of their way; the examples."""
    root = tmp_path_factory.mktemp("portfolio")
    with Store.open(str(root / "playbook.db")) as store:
        load_examples(store, ROOT / "data")
        revisions = []
        for number in range(60):
            slug = f"town-{number:02d}"
            name = NASTY if number == 7 else f"Town {number:02d}"
            region = "Northfield" if number % 3 else "Éastham"
            goal = {
                "name": "Reading",
                "sentence": "We will.",
                "level": "outcome",
                "baseline_value": 50,
                "baseline_date": "2020",
                "target_value": 150,
                "target_date": "2030",
            }
            revisions += [
                new_revision(slug, Partnership(name=name, place=region)),
                new_revision(slug, Goal.model_validate(goal)),
                new_revision(slug, Measurement(goal="Reading", date="2026-06", value=50 + number)),
            ]
        store.append(revisions)
        write_portfolio(root, store, invented=True, today=DAY)
    report = root / "_build" / "reports" / "town-05" / "index.html"
    report.parent.mkdir(parents=True)
    report.write_text("<!doctype html><title>Report</title><h1>Town 05</h1>", "utf-8")
    with Store.open(str(root / "playbook.db")) as store:
        write_portfolio(root, store, invented=True, today=DAY)
    return root / "_build" / "portfolio"


@pytest.fixture
def portfolio(page: Page, folder: Path) -> Page:
    page.goto((folder / "index.html").as_uri())
    page.wait_for_selector("html[data-ready]")
    return page


@pytest.fixture
def plain(browser: Browser, folder: Path) -> Iterator[Page]:
    """The page in a browser that runs no scripts."""
    context: BrowserContext = browser.new_context(java_script_enabled=False)
    page = context.new_page()
    page.goto((folder / "index.html").as_uri())
    yield page
    context.close()


def sheet(page: Page, name: str) -> Locator:
    return page.locator(f"#sheet-{name}")


def column(box: Locator, place: int) -> list[str]:
    cells = box.locator(f"tbody tr > *:nth-child({place}) > :first-child")
    return [text.strip() for text in cells.all_inner_texts()]


def test_a_press_on_a_heading_puts_the_table_in_order(portfolio: Page) -> None:
    box = sheet(portfolio, "goals")
    head = box.get_by_role("columnheader", name="Of its own way")
    head.get_by_role("button").click()
    assert head.get_attribute("aria-sort") == "descending"
    assert column(box, 6)[:3] == ["283.3%", "105.6%", "75%"]
    head.get_by_role("button").click()
    assert head.get_attribute("aria-sort") == "ascending"
    assert column(box, 6)[:2] == ["0%", "1%"]
    # What has no value comes last, whichever way.
    box.get_by_label("Page", exact=True).fill("4")
    box.get_by_label("Page", exact=True).press("Enter")
    assert column(box, 6)[-1] == "–"


def test_the_order_can_be_chosen_from_a_list_too(portfolio: Page) -> None:
    box = sheet(portfolio, "partnerships")
    box.get_by_label("Order").select_option(label="Partnership, Z to A")
    assert column(box, 1)[0] == "Town 59"
    assert box.get_by_role("columnheader", name="Partnership").get_attribute("aria-sort") == (
        "descending"
    )


def test_a_search_finds_whatever_the_case_and_accents(portfolio: Page) -> None:
    box = sheet(portfolio, "partnerships")
    box.get_by_label("Search").fill("EASTHAM town 0")
    expect(box.get_by_role("status")).to_have_text("5 of 64 partnerships found")
    assert column(box, 1) == ["Town 00", "Town 03", "Town 06", "Town 09", "Town 30"]
    box.get_by_label("Search").fill("nothing of this name")
    expect(box.locator("tbody")).to_contain_text("Nothing fits")
    box.get_by_role("button", name="Clear").click()
    expect(box.get_by_role("status")).to_have_text("64 partnerships, here 1 to 25")
    assert box.get_by_label("Search").evaluate("element => document.activeElement === element")


def test_a_choice_narrows_the_table_down(portfolio: Page) -> None:
    box = sheet(portfolio, "goals")
    box.get_by_label("Against its target").select_option(label="Met, then lost again (1)")
    expect(box.get_by_role("status")).to_have_text("1 of 83 goals found")
    assert column(box, 2) == ["Waiting for a nursery place"]
    box = sheet(portfolio, "partnerships")
    box.get_by_label("Missing or old").select_option("Records end over a year ago")
    assert set(column(box, 1)) == {"Shape Up Somerville", "StrivePartnership"}


def test_pages_are_turned_by_buttons_and_by_number(portfolio: Page) -> None:
    box = sheet(portfolio, "partnerships")
    before, after = (box.get_by_role("button", name=name) for name in ("Previous", "Next"))
    assert before.is_disabled()
    after.click()
    expect(box.get_by_role("status")).to_have_text("64 partnerships, here 26 to 50")
    box.get_by_label("Page", exact=True).fill("99")
    box.get_by_label("Page", exact=True).press("Enter")
    expect(box.get_by_role("status")).to_have_text("64 partnerships, here 51 to 64")
    assert after.is_disabled()


def test_all_of_it_works_by_keyboard(portfolio: Page) -> None:
    box = sheet(portfolio, "partnerships")
    box.get_by_label("Search").focus()
    portfolio.keyboard.type("town 5")
    expect(box.get_by_role("status")).to_have_text("15 of 64 partnerships found")
    head = box.get_by_role("columnheader", name="Partnership")
    head.get_by_role("button").focus()
    portfolio.keyboard.press("Enter")
    portfolio.keyboard.press("Enter")
    assert column(box, 1)[0] == "Town 59"


def test_markup_in_a_name_is_shown_as_text(portfolio: Page) -> None:
    assert sheet(portfolio, "partnerships").get_by_text(NASTY).count() == 1
    assert portfolio.locator("img[src='x']").count() == 0
    assert portfolio.title() == "Portfolio of 64 partnerships"


def test_a_partnership_with_a_report_leads_to_it(portfolio: Page) -> None:
    box = sheet(portfolio, "partnerships")
    box.get_by_label("Search").fill("town 05")
    box.get_by_role("link", name="Town 05").click()
    assert portfolio.get_by_role("heading").inner_text() == "Town 05"


def test_the_files_lie_beside_the_page(portfolio: Page, folder: Path) -> None:
    for name in ("Take this table as a CSV file", "Take all tables as one Excel workbook"):
        link = sheet(portfolio, "goals").get_by_role("link", name=name)
        assert (folder / str(link.get_attribute("href"))).is_file()
        assert link.get_attribute("download") is not None


def test_a_file_is_downloaded_from_a_server(
    page: Page, folder: Path, serve: Callable[..., str]
) -> None:
    page.goto(f"{serve(folder.parent)}/portfolio/index.html")
    page.wait_for_selector("html[data-ready]")
    with page.expect_download() as waiting:
        sheet(page, "goals").get_by_role("link", name="Take this table as a CSV file").click()
    text = Path(waiting.value.path()).read_text("utf-8-sig")
    assert text.count("Reading") == 61  # sixty towns, and Riverside's Reading together


@pytest.mark.parametrize("width", [1280, 390])
def test_no_fault_of_access_and_nothing_too_wide(
    page: Page, folder: Path, violations: Callable[[Page], list[str]], width: int
) -> None:
    page.set_viewport_size({"width": width, "height": 900})
    page.goto((folder / "index.html").as_uri())
    page.wait_for_selector("html[data-ready]")
    for details in page.locator("details").all():
        details.evaluate("element => { element.open = true }")
    assert page.evaluate("document.documentElement.scrollWidth") == width
    assert violations(page) == []
    assert len(column(sheet(page, "partnerships"), 1)) == (25 if width > 768 else 10)


def test_without_scripts_all_is_there_to_read(plain: Page) -> None:
    box = sheet(plain, "partnerships")
    assert box.locator("tbody tr").count() == 64
    assert box.get_by_role("searchbox").count() == 0
    assert plain.get_by_role("link", name="Take this table as a CSV file").count() >= 5
    for picture in plain.locator("img").all():
        assert picture.get_attribute("alt")


def test_the_page_asks_nobody_for_anything(page: Page, folder: Path) -> None:
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    address = (folder / "index.html").as_uri()
    page.goto(address)
    page.wait_for_selector("html[data-ready]")
    assert [url for url in asked if not url.startswith("data:")] == [address]
