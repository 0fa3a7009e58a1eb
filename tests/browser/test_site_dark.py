"""Dark pages: by the device, by the reader's choice; charts too; never on paper."""

from __future__ import annotations

import io
from collections.abc import Callable
from pathlib import Path

import pytest
from PIL import Image
from playwright.sync_api import Browser, Locator, Page, expect

PAGES = [
    "index.html",
    "book/goals.html",
    "book/resources.html",
    "worksheets/trust.html",
    "worksheets/sustainability.html",
    "search.html?q=trust",
    "reports/riverside-invented/index.html",
    "reports/riverside-invented/goals.html",
    "portfolio/index.html",
]


@pytest.fixture
def dark(browser: Browser, watched: Callable[..., Page]) -> Page:
    return watched(browser, viewport={"width": 390, "height": 844}, color_scheme="dark")


@pytest.fixture
def light(browser: Browser, watched: Callable[..., Page]) -> Page:
    return watched(browser, viewport={"width": 390, "height": 844}, color_scheme="light")


def ground(picture: Locator) -> tuple[int, int, int]:
    """The colour in the upper left corner of what a reader sees there."""
    picture.scroll_into_view_if_needed()
    pixel = Image.open(io.BytesIO(picture.screenshot())).convert("RGB").getpixel((3, 3))
    assert isinstance(pixel, tuple)
    return pixel[0], pixel[1], pixel[2]


@pytest.mark.parametrize("name", PAGES)
def test_a_dark_page_fails_no_rule_of_axe(
    site: str, dark: Page, violations: Callable[[Page], list[str]], name: str
) -> None:
    dark.goto(f"{site}/{name}")
    paper = dark.evaluate("getComputedStyle(document.body).backgroundColor")
    assert paper == "rgb(18, 24, 27)"
    assert violations(dark) == []


def test_charts_are_dark_on_dark_pages_and_light_on_light_ones(
    site: str, dark: Page, light: Page
) -> None:
    for page, paper in ((dark, (18, 24, 27)), (light, (255, 255, 255))):
        page.goto(f"{site}/worksheets/goals.html")
        assert ground(page.locator(".pb-chart img").first) == paper
        page.goto(f"{site}/reports/riverside-invented/goals.html")
        assert ground(page.locator(".pb-chart img").first) == paper
        page.goto(f"{site}/book/goals.html")
        assert ground(page.locator("figure img[src$='.svg']").first) == paper


def test_the_readers_choice_goes_before_the_device_and_is_kept(
    site: str, dark: Page, light: Page
) -> None:
    for page, choice, paper in ((dark, "Light", (255, 255, 255)), (light, "Dark", (18, 24, 27))):
        page.goto(f"{site}/book/about.html")
        page.get_by_label("Colours").select_option(choice)
        page.goto(f"{site}/worksheets/goals.html")
        expect(page.get_by_label("Colours")).to_have_value(choice.lower())
        assert ground(page.locator(".pb-chart img").first) == paper
        page.get_by_label("Colours").select_option("As on this device")
        page.reload()
        assert ground(page.locator(".pb-chart img").first) != paper


def test_paper_is_white(site: str, dark: Page) -> None:
    dark.goto(f"{site}/worksheets/goals.html")
    dark.get_by_label("Colours").select_option("Dark")
    dark.emulate_media(media="print", color_scheme="dark")
    assert dark.evaluate("getComputedStyle(document.body).backgroundColor") == "rgb(255, 255, 255)"
    assert dark.evaluate("getComputedStyle(document.body).color") == "rgb(27, 36, 48)"
    image = dark.locator(".pb-chart img").first
    assert image.evaluate("node => getComputedStyle(node).colorScheme") == "light"


def test_a_picture_that_is_saved_alone_is_light(home: Path) -> None:
    text = (home / "_build" / "reports" / "riverside-invented" / "goals.ipynb").read_text("utf-8")
    assert "image/svg+xml" in text
    assert "prefers-color-scheme" not in text.partition('"image/svg+xml"')[2].partition("</svg>")[0]
