"""The whole way at 390 px: from a weak goal on a phone to the same figures in a batch's report."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from made_site import playbook
from playwright.sync_api import Browser, Page, expect

WEAK = "We want fewer hungry children."
PATIENT = 60_000


@pytest.fixture
def phone(browser: Browser, watched: Callable[..., Page]) -> Page:
    return watched(
        browser,
        viewport={"width": 390, "height": 844},
        has_touch=True,
        is_mobile=True,
        accept_downloads=True,
    )


def no_wider(page: Page) -> bool:
    return bool(page.evaluate("document.documentElement.scrollWidth <= innerWidth"))


def ready(page: Page) -> None:
    expect(page.locator("#your-answers[data-state=ready]")).to_be_attached(timeout=PATIENT)


def test_from_a_weak_goal_on_a_phone_to_the_report(
    phone: Page,
    site: str,
    home: Path,
    tmp_path: Path,
    violations: Callable[[Page], list[str]],
) -> None:
    page = phone
    page.goto(f"{site}/index.html")
    page.get_by_role("button", name="Menu").tap()
    page.get_by_role("dialog", name="Menu").get_by_role("link", name="Goals worksheet").tap()
    expect(page.get_by_role("heading", name="Goals worksheet")).to_be_visible()

    # A partnership and three partners.
    page.get_by_label("Name of your partnership").fill("Larkhill Food Partnership")
    page.get_by_role("button", name="Use this name").tap()
    page.get_by_text("Our partners: none yet").tap()
    page.get_by_role("button", name="Add a partner").tap()
    partner = page.get_by_label("Name of the organisation or group")
    for name in ("Larkhill Primary School", "Community Kitchen", "Larkhill Supermarket"):
        partner.last.fill(name)
        page.get_by_label("Sector").last.select_option(label="Community group")
        partner.last.press("Enter")
    expect(page.get_by_text("Our partners: ")).to_contain_text("Larkhill Supermarket")

    # A weak goal, and what it lacks.
    page.get_by_role("button", name="Add a goal").tap()
    page.get_by_text("Type or paste a whole sentence instead").tap()
    page.get_by_label("The goal in one sentence").fill(WEAK)
    page.get_by_label("Short name").last.fill("Fewer hungry pupils")
    page.get_by_role("radio", name="Outcome: a change").tap()
    page.get_by_role("button", name="Save goal").tap()
    ready(page)
    region = page.locator("#your-answers")
    form = page.locator("[data-playbook-form]")
    expect(region).to_contain_text("Fewer hungry pupils: neither the sentence nor the fields")
    assert no_wider(page)
    assert not violations(page)

    # Mended, and measured: the finding leads to its goal.
    region.get_by_role("button", name="Change this").first.tap()
    page.get_by_label("The goal in one sentence").fill("")
    for label, value in {
        "when": "July 2028",
        "who": "Larkhill Primary School",
        "what is measured": "share of pupils who come to school hungry",
        "where it stands now": "22%",
        "measured when": "09/2025",
        "target": "10%",
    }.items():
        page.get_by_label(label, exact=True).fill(value)
    page.get_by_role("button", name="Save goal").tap()
    expect(region).not_to_contain_text("neither the sentence nor the fields")
    page.get_by_role("button", name="Add a measurement").tap()
    form.get_by_label("For which goal?").first.last.fill("Fewer hungry pupils")
    form.get_by_label("When was it measured?").last.fill("2026-05")
    form.get_by_label("Value", exact=True).last.fill("19")
    form.get_by_label("Value", exact=True).last.press("Enter")
    # 3 of 12 points.
    expect(region.get_by_text("25% of the way").first).to_be_attached()

    # What if?
    slider = region.get_by_role("slider").first
    result = region.locator(".pb-what-if-result").first
    before = result.inner_text()
    slider.focus()
    page.keyboard.press("ArrowRight")
    page.keyboard.press("ArrowRight")
    expect(result).not_to_have_text(before)
    assert not violations(page)

    # The overview, from all that this browser holds.
    with page.expect_download() as waited:
        page.get_by_role("button", name="Download answers").tap()
    answers = tmp_path / waited.value.suggested_filename
    waited.value.save_as(answers)
    page.goto(f"{site}/worksheets/overview.html")
    ready(page)
    expect(page.locator("#your-answers")).to_contain_text("Larkhill Food Partnership")
    assert no_wider(page)
    assert not violations(page)
    with page.expect_download() as waited:
        page.get_by_role("button", name="Save this picture as a file").tap()
    waited.value.save_as(tmp_path / "overview.html")

    # The same figures in a store, by a batch.
    store = f"sqlite:///{tmp_path}/store.db"
    done = playbook(home, "import", str(answers), "--store", store)
    assert done.returncode == 0, done.stderr
    slug = "larkhill-food-partnership"
    done = playbook(home, "batch", slug, "--store", store, "--output", str(tmp_path / "out"))
    assert done.returncode == 0, done.stderr
    pages = [path.read_text("utf-8") for path in (tmp_path / "out").rglob("goals.html")]
    assert pages
    assert "25% of the way" in pages[0]
