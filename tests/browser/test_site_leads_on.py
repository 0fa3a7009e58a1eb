"""The site leads on: doors on the first page, form in the first screen, ways there and back."""

from __future__ import annotations

import re
from collections.abc import Callable
from html import unescape
from pathlib import Path
from urllib.parse import unquote, urlsplit

import pytest
from playwright.sync_api import Browser, Page, expect

from playbook_helpers.core.partnership import WORKSHEETS

DOORS = {
    "I lead a meeting": "Three workshop plans",
    "I was sent a form": "Where to start",
    "I want to read": "Where to start",
    "I look after many": "Many partnerships",
}
PHONE = {"viewport": {"width": 390, "height": 844}, "has_touch": True, "is_mobile": True}


@pytest.fixture
def phone(browser: Browser, watched: Callable[..., Page]) -> Page:
    return watched(browser, **PHONE)


@pytest.mark.parametrize("door", DOORS)
def test_each_door_is_above_the_fold_and_leads_on(site: str, phone: Page, door: str) -> None:
    phone.goto(f"{site}/")
    link = phone.get_by_role("link", name=door, exact=True)
    box = link.locator("xpath=ancestor::li").bounding_box()
    assert box is not None
    assert box["y"] + box["height"] <= 844
    assert box["height"] >= 64
    phone.touchscreen.tap(box["x"] + box["width"] - 20, box["y"] + box["height"] / 2)
    expect(phone.get_by_role("heading", level=1)).to_contain_text(DOORS[door])


def test_the_first_page_shows_what_one_gets(site: str, phone: Page) -> None:
    phone.goto(f"{site}/")
    picture = phone.locator("figure.get")
    expect(picture).to_contain_text("85% of children will be prepared for kindergarten by 2020.")
    expect(picture).to_contain_text("3.2 times as fast as so far")
    alt = picture.locator("img").get_attribute("alt") or ""
    assert "3 values from 2005 (44%) to 2014 (57%)" in alt
    assert picture.locator("img").evaluate("image => image.naturalWidth") > 300
    foot = phone.get_by_role("contentinfo")
    expect(foot.get_by_role("link", name="Who makes it")).to_be_visible()
    expect(foot).to_contain_text("CC BY 4.0")
    expect(foot).to_contain_text("Changed ")


@pytest.mark.parametrize("stem", WORKSHEETS)
def test_the_form_begins_in_the_first_screen_of_its_page(site: str, phone: Page, stem: str) -> None:
    phone.goto(f"{site}/worksheets/{stem}.html")
    field = phone.get_by_label("Name of your partnership")
    expect(field).to_be_visible()
    form = phone.locator("[data-playbook-form]").bounding_box()
    assert form is not None
    assert form["y"] < 844 - 44
    example = phone.get_by_text("Worked example: ")
    box = example.bounding_box()
    assert box is not None
    assert box["y"] > form["y"] + form["height"], "the example comes after the form"


@pytest.mark.parametrize("stem", WORKSHEETS)
def test_chapter_and_worksheet_lead_to_each_other_at_the_top(
    site: str, phone: Page, stem: str
) -> None:
    phone.goto(f"{site}/book/{stem}.html")
    chapter = phone.get_by_role("heading", level=1).inner_text()
    way = phone.get_by_role("link", name="Open the worksheet", exact=True)
    box = way.bounding_box()
    assert box is not None
    assert box["y"] + box["height"] < 844
    way.tap()
    phone.wait_for_url(f"**/worksheets/{stem}.html")
    phone.get_by_role("link", name="Read the chapter", exact=True).tap()
    phone.wait_for_url(f"**/book/{stem}.html")
    assert phone.get_by_role("heading", level=1).inner_text() == chapter


def test_reports_are_reached_from_the_first_page_and_lead_back(site: str, phone: Page) -> None:
    phone.goto(f"{site}/")
    phone.get_by_role("link", name="Reports of the examples").tap()
    phone.get_by_role("main").get_by_role("link", name="StrivePartnership", exact=True).tap()
    expect(phone.get_by_role("heading", level=1)).to_have_text("StrivePartnership")
    # From the picture to the practice's page.
    phone.get_by_role("link", name="Clear goals and metrics").first.tap()
    phone.wait_for_url("**/reports/strive-partnership/goals.html")
    phone.get_by_role("link", name="Chapter of the guide").tap()
    phone.wait_for_url("**/book/goals.html")
    phone.goto(f"{site}/reports/strive-partnership/index.html")
    phone.get_by_role("link", name="Fill it in, in the guide").nth(2).tap()
    phone.wait_for_url("**/worksheets/goals.html")
    phone.goto(f"{site}/portfolio/index.html")
    phone.get_by_role("link", name="Guide", exact=True).tap()
    expect(phone.get_by_role("link", name="I lead a meeting")).to_be_visible()


def test_no_link_of_the_site_leads_nowhere(home: Path) -> None:
    """Reports as they lie in the site, too; `#parts` of pages are looked at by Sphinx."""
    folder = home / "_build" / "site"
    dead = []
    for path in folder.rglob("*.html"):
        for address in re.findall(r'<a [^>]*href="([^"]+)"', path.read_text("utf-8")):
            named = urlsplit(unescape(address))
            target = (path.parent / unquote(named.path)).resolve()
            if not named.scheme and named.path and not target.is_file():
                dead.append(f"{path.relative_to(folder)}: {address}")
    assert not dead


@pytest.mark.parametrize(
    ("address", "sheets", "told"),
    [
        ("worksheets/trust.html?print=blank&n=12", 16, "Check-in answer: 12 times."),
        ("worksheets/trust.html?print=blank", 5, "Check-in answer: once."),
        ("worksheets/goals.html?print=blank&n=nonsense", 5, "Goal: once."),
    ],
)
def test_blank_sheets_are_printed_for_as_many_as_are_there(
    site: str,
    phone: Page,
    violations: Callable[[Page], list[str]],
    address: str,
    sheets: int,
    told: str,
) -> None:
    phone.goto(f"{site}/{address}")
    expect(phone.get_by_role("status").first).to_contain_text(told)
    expect(phone.get_by_role("button", name="Print", exact=True)).to_be_visible()
    assert violations(phone) == []
    assert phone.evaluate("document.documentElement.scrollWidth") <= 390
    phone.emulate_media(media="print")
    assert phone.locator(".pb-sheet").filter(visible=True).count() == sheets
    for gone in ("header", "footer", ".sheets-bar", "figure", ".pb-findings"):
        assert phone.locator(gone).filter(visible=True).count() == 0, gone


def test_the_button_leads_to_the_sheets_and_the_number_can_be_changed(
    site: str, phone: Page
) -> None:
    phone.goto(f"{site}/book/trust.html")
    phone.get_by_role("link", name="Print blank sheets").tap()
    phone.wait_for_url("**/worksheets/trust.html?print=blank")
    phone.get_by_label("For how many people?").fill("3")
    expect(phone.get_by_role("status").first).to_contain_text("Check-in answer: 3 times.")
    assert phone.locator(".pb-sheet").count() == 7
    phone.get_by_role("link", name="Back to the worksheet").tap()
    expect(phone.get_by_label("Name of your partnership")).to_be_visible()


@pytest.mark.parametrize(("stem", "pages"), [("trust", 6), ("resources", 3)])
def test_blank_sheets_take_as_few_pages_as_they_can(
    site: str, phone: Page, stem: str, pages: int
) -> None:
    """The check-in two, the agreement one, and each list one."""
    phone.goto(f"{site}/worksheets/{stem}.html?print=blank")
    margin = dict.fromkeys(("top", "bottom", "left", "right"), "16mm")
    pdf = phone.pdf(format="A4", prefer_css_page_size=True, margin=margin)
    assert pdf.count(b"/Type /Page\n") == pages


def test_a_step_leads_to_the_same_step_on_the_other_page(
    site: str, phone: Page, violations: Callable[[Page], list[str]]
) -> None:
    phone.goto(f"{site}/book/goals.html")
    phone.get_by_role("link", name="Steps 2 and 4. Write it down").first.tap()
    heading = phone.get_by_role("heading", name="Steps 2 and 4. Write it down")
    expect(heading).to_be_in_viewport()
    assert not violations(phone)
    below = phone.locator("section", has=heading).last.locator(".step-on")
    expect(below).to_have_text("In the chapter: Step 2 Step 4")
    below.get_by_role("link", name="Step 4").tap()
    expect(phone.get_by_role("heading", name="4. Fill in an indicator sheet")).to_be_in_viewport()


@pytest.mark.parametrize("stem", WORKSHEETS)
def test_every_way_between_steps_arrives(home: Path, stem: str) -> None:
    folder = home / "_build" / "site"
    found = 0
    for own, other in ((f"book/{stem}", f"worksheets/{stem}"), (f"worksheets/{stem}", "")):
        page = (folder / f"{own}.html").read_text("utf-8")
        for line in re.findall(r'<p class="step-on">.*?</p>', page):
            for address, anchor in re.findall(r'href="([^"#]+)#([^"]+)"', line):
                target = (folder / f"{own}.html").parent / address
                assert f'id="{anchor}"' in target.read_text("utf-8")
                found += 1
        assert other == "" or found or stem == "community"


def test_paper_holds_what_its_reader_wrote_or_is_blank(site: str, phone: Page) -> None:
    phone.goto(f"{site}/worksheets/goals.html")
    phone.emulate_media(media="print")
    example = phone.locator("main").get_by_text("Kindergarten readiness, Cincinnati")
    assert example.count()
    assert not example.filter(visible=True).count()
    expect(phone.get_by_text("Goal: to fill in by hand")).to_be_visible()
    phone.emulate_media(media="screen")
    phone.get_by_label("Name of your partnership").fill("Larkhill")
    phone.get_by_role("button", name="Use this name").tap()
    phone.get_by_role("button", name="Add a goal").tap()
    phone.get_by_text("Type or paste a whole sentence instead").tap()
    phone.get_by_label("The goal in one sentence").fill("We want fewer hungry pupils.")
    phone.get_by_label("Short name").fill("Meals")
    phone.get_by_role("radio", name="Outcome").check(force=True)
    phone.get_by_role("button", name="Save goal").tap()
    expect(phone.locator("#your-answers")).to_have_attribute("data-state", "ready", timeout=60_000)
    phone.emulate_media(media="print")
    expect(phone.get_by_text("Goal: to fill in by hand")).to_be_hidden()
    assert not example.filter(visible=True).count()
    expect(phone.locator("#your-answers").get_by_text("Meals").first).to_be_visible()
