"""The menu and "On this page": tapped on a phone, clicked at a desk, reached by keys."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from playwright.sync_api import Browser, Locator, Page, Route, expect

PAGES = ["index.html", "book/goals.html", "worksheets/goals.html"]
TRUST = "Building trust and mutual respect"


@pytest.fixture
def phone(browser: Browser, watched: Callable[..., Page]) -> Page:
    """A phone, 390 px wide, that is touched."""
    return watched(browser, viewport={"width": 390, "height": 844}, has_touch=True, is_mobile=True)


@pytest.fixture
def desk(browser: Browser, watched: Callable[..., Page]) -> Page:
    return watched(browser, viewport={"width": 1280, "height": 900})


def button(page: Page, name: str) -> Locator:
    return page.get_by_role("button", name=name, exact=True)


def other_page(inside: Locator) -> Locator:
    return inside.get_by_role("link", name=TRUST)


@pytest.mark.parametrize("name", PAGES)
def test_a_tap_opens_the_menu_and_a_link_in_it_leads_on(site: str, phone: Page, name: str) -> None:
    phone.goto(f"{site}/{name}")
    menu, dialog = button(phone, "Menu"), phone.get_by_role("dialog", name="Menu")
    expect(menu).to_have_attribute("aria-expanded", "false")
    menu.tap()
    expect(dialog).to_be_visible()
    expect(menu).to_have_attribute("aria-expanded", "true")
    assert phone.evaluate("document.activeElement.closest('dialog') !== null"), "focus is inside"
    dialog.get_by_role("button", name="Close the menu").tap()
    expect(dialog).to_be_hidden()
    expect(menu).to_be_focused()
    expect(menu).to_have_attribute("aria-expanded", "false")
    menu.tap()
    phone.touchscreen.tap(385, 600)  # beside it
    expect(dialog).to_be_hidden()
    menu.tap()
    other_page(dialog).tap()
    expect(phone.get_by_role("heading", level=1)).to_contain_text(TRUST)


@pytest.mark.parametrize("name", PAGES[1:])
def test_on_this_page_leads_to_the_part_that_is_tapped(site: str, phone: Page, name: str) -> None:
    phone.goto(f"{site}/{name}")
    opener = button(phone, "On this page")
    opener.tap()
    dialog = phone.get_by_role("dialog", name="On this page")
    expect(dialog).to_be_visible()
    link = dialog.get_by_role("link").nth(2)
    target = link.get_attribute("href")
    assert target
    assert target.startswith("#")
    link.tap()
    expect(dialog).to_be_hidden()
    expect(opener).to_have_attribute("aria-expanded", "false")
    heading = phone.locator(target).get_by_role("heading").first
    expect(heading).to_be_in_viewport()
    phone.wait_for_timeout(100)
    assert phone.url.endswith(target)
    top = heading.bounding_box()
    assert top is not None
    assert top["y"] < 400, "the part stands at the top, not where the page was before"


@pytest.mark.parametrize("name", PAGES[1:])
def test_at_a_desk_the_button_folds_the_menu_away_and_back(
    site: str, desk: Page, name: str
) -> None:
    desk.goto(f"{site}/{name}")
    menu, book = button(desk, "Menu"), desk.get_by_role("region", name="The book")
    expect(other_page(book)).to_be_visible()
    expect(menu).to_have_attribute("aria-expanded", "true")
    menu.click()
    expect(other_page(book)).to_be_hidden()
    expect(menu).to_have_attribute("aria-expanded", "false")
    expect(menu).to_be_focused()
    menu.click()
    expect(menu).to_have_attribute("aria-expanded", "true")
    expect(button(desk, "Close the menu")).to_be_hidden()
    other_page(book).click()
    expect(desk.get_by_role("heading", level=1)).to_contain_text(TRUST)


def test_the_first_page_has_no_list_at_its_side_and_opens_one_at_a_desk(
    site: str, desk: Page
) -> None:
    desk.goto(f"{site}/")
    expect(desk.get_by_role("region", name="The book")).to_be_hidden()
    menu, dialog = button(desk, "Menu"), desk.get_by_role("dialog", name="Menu")
    expect(menu).to_have_attribute("aria-expanded", "false")
    menu.click()
    expect(menu).to_have_attribute("aria-expanded", "true")
    other_page(dialog).click()
    expect(desk.get_by_role("heading", level=1)).to_contain_text(TRUST)


def test_without_scripts_the_pages_are_listed(site: str, browser: Browser) -> None:
    context = browser.new_context(java_script_enabled=False, viewport={"width": 390, "height": 844})
    page = context.new_page()
    page.goto(f"{site}/book/goals.html")
    expect(other_page(page.get_by_role("region", name="The book"))).to_be_visible()
    expect(button(page, "Menu")).to_be_hidden()
    context.close()


@pytest.mark.parametrize("name", PAGES[1:])
@pytest.mark.parametrize("width", [390, 800, 1100])
def test_keys_alone_open_close_and_follow(
    site: str, desk: Page, tab_to: Callable[[Page, str], None], name: str, width: int
) -> None:
    desk.set_viewport_size({"width": width, "height": 900})
    desk.goto(f"{site}/{name}")
    tab_to(desk, "On this page")
    desk.keyboard.press("Enter")
    dialog = desk.get_by_role("dialog", name="On this page")
    expect(dialog).to_be_visible()
    desk.keyboard.press("Escape")
    expect(dialog).to_be_hidden()
    expect(button(desk, "On this page")).to_be_focused()
    desk.keyboard.press("Space")
    expect(dialog).to_be_visible()
    desk.keyboard.press("Tab")
    desk.keyboard.press("Tab")
    part = desk.evaluate("document.activeElement.getAttribute('href')")
    desk.keyboard.press("Enter")
    expect(dialog).to_be_hidden()
    assert part
    assert desk.url.endswith(part)


@pytest.mark.parametrize("width", [390, 800])
def test_the_menu_is_worked_by_keys_on_narrow_screens(
    site: str, desk: Page, tab_to: Callable[[Page, str], None], width: int
) -> None:
    desk.set_viewport_size({"width": width, "height": 900})
    desk.goto(f"{site}/worksheets/goals.html")
    tab_to(desk, "Menu")
    desk.keyboard.press("Enter")
    dialog = desk.get_by_role("dialog", name="Menu")
    expect(dialog).to_be_visible()
    expect(button(dialog.page, "Close the menu")).to_be_focused()
    desk.keyboard.press("Enter")
    expect(dialog).to_be_hidden()
    expect(button(desk, "Menu")).to_be_focused()
    desk.keyboard.press("Enter")
    tab_to(desk, TRUST)
    desk.keyboard.press("Enter")
    expect(desk.get_by_role("heading", level=1)).to_contain_text(TRUST)


def test_a_walk_by_touch_from_the_first_page_to_a_file_of_answers(site: str, phone: Page) -> None:
    phone.goto(f"{site}/")
    button(phone, "Menu").tap()
    phone.get_by_role("dialog", name="Menu").get_by_role("link", name="Goals worksheet").tap()
    phone.wait_for_url("**/worksheets/goals.html")
    button(phone, "On this page").tap()
    parts = phone.get_by_role("dialog", name="On this page")
    parts.get_by_role("link", name="Write it down").tap()
    phone.get_by_label("Name of your partnership").fill("Our Town")
    phone.get_by_role("button", name="Use this name").tap()
    phone.get_by_role("button", name="Add a goal").tap()
    phone.get_by_label("Short name").fill("Warm rooms")
    phone.get_by_text("Type or paste a whole sentence").click()
    phone.get_by_label("The goal in one sentence").fill("Fewer cold homes by 2029.")
    phone.get_by_label("Outcome: a change").tap()
    phone.get_by_role("button", name="Save goal").tap()
    expect(phone.get_by_role("heading", name="Warm rooms")).to_be_visible()
    with phone.expect_download() as waited:
        phone.get_by_role("button", name="Download answers").tap()
    assert waited.value.suggested_filename.startswith("playbook-our-town-goals-")


def test_a_page_with_an_open_menu_fails_no_rule_of_axe(
    site: str, phone: Page, violations: Callable[[Page], list[str]]
) -> None:
    phone.goto(f"{site}/book/goals.html")
    for name in ("Menu", "On this page"):
        button(phone, name).tap()
        expect(phone.get_by_role("dialog", name=name)).to_be_visible()
        assert violations(phone) == []
        phone.keyboard.press("Escape")


def test_a_word_is_searched_for_by_touch(site: str, phone: Page) -> None:
    phone.goto(f"{site}/worksheets/goals.html")
    phone.get_by_role("link", name="Search", exact=True).tap()
    phone.get_by_role("searchbox").fill("baseline")
    phone.get_by_role("searchbox").press("Enter")
    expect(phone.get_by_role("heading", level=1)).to_contain_text("Search")
    expect(phone.locator("#search-results")).to_contain_text("Clear goals and metrics")


@pytest.mark.parametrize("late", ["searchtools.js", "searchindex.js"])
def test_what_is_typed_before_the_index_is_there_stays(site: str, phone: Page, late: str) -> None:
    held: list[Route] = []
    phone.route(f"**/{late}*", lambda route: held.append(route))
    phone.goto(f"{site}/search.html", wait_until="commit")
    box = phone.get_by_role("searchbox")
    box.fill("baseline")
    while not held:
        phone.wait_for_timeout(20)
    held[0].continue_()
    phone.wait_for_load_state("load")
    expect(box).to_have_value("baseline")
    phone.unroute(f"**/{late}*")
    box.press("Enter")
    expect(phone.locator("#search-results")).to_contain_text("Clear goals and metrics")


def test_search_finds_a_chapter(site: str, desk: Page) -> None:
    desk.goto(f"{site}/search.html?q=baseline")
    expect(desk.locator("#search-results li").first).to_be_visible()
    expect(desk.locator("#search-results")).to_contain_text("Clear goals and metrics")
    expect(desk.locator("#search-results p.context").first).to_be_visible()


@pytest.mark.parametrize(
    ("typed", "meant"), [("basline", "baseline"), ("partnrship", "partnership"), ("turst", "trust")]
)
def test_search_forgives_a_slip_and_says_what_it_looked_for(
    site: str, phone: Page, typed: str, meant: str
) -> None:
    phone.goto(f"{site}/search.html?q={typed}")
    expect(phone.locator("#search-results li").first).to_be_visible()
    told = phone.get_by_role("status")
    expect(told).to_have_text(f"“{typed}” is not in this guide. Shown instead: “{meant}”.")


@pytest.mark.parametrize("typed", ["goals", "measur", "baseline", "2031"])
def test_search_puts_no_other_word_in_place_of_one_that_is_there(
    site: str, phone: Page, typed: str
) -> None:
    phone.goto(f"{site}/search.html?q={typed}")
    expect(phone.locator("#search-results h2")).to_have_text("What was found")
    expect(phone.get_by_role("status")).to_have_text("")


def test_search_that_finds_nothing_says_what_to_try(site: str, phone: Page) -> None:
    phone.goto(f"{site}/search.html?q=xylophonists")
    expect(phone.locator("#search-results")).to_contain_text("No page holds all of these words.")
