"""A worksheet opened in JupyterLab with no further step: an offer is added, and the gap closes."""

from __future__ import annotations

import re
import shutil
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect

ROOT = Path(__file__).parents[2]
LAB_TOKEN = "only-for-this-test"
pytestmark = [pytest.mark.slow, pytest.mark.timeout(500)]


@pytest.fixture
def home(tmp_path: Path) -> Path:
    """A project folder without a store."""
    folder = tmp_path / "home"
    folder.mkdir()
    for name in ("worksheets", "data"):
        shutil.copytree(ROOT / name, folder / name)
    shutil.copy(ROOT / "_config.yml", folder)
    return folder


def run_all(page: Page) -> None:
    """Run every cell in a kernel started for it, once JupyterLab is connected to one.

    JupyterLab may ask for a kernel while its server is still listing them, and whatever was run
    until then has run in another: so all cells run after a restart, never in parts.
    """
    page.add_locator_handler(
        page.locator("dialog.jp-Dialog"),  # JupyterLab's own questions: take what it proposes
        lambda dialog: dialog.locator("button.jp-mod-accept").click(),
    )
    expect(page.locator(".jp-CodeCell").first).to_be_visible(timeout=60_000)
    expect(page.get_by_text("Python 3 (ipykernel) | Idle")).to_be_visible(timeout=90_000)
    shown = page.get_by_role("button", name="Add an offer")
    for _ in range(3):
        page.get_by_role("menuitem", name="Run", exact=True).click()
        page.locator(".lm-Menu-itemLabel", has_text="Restart Kernel and Run All Cells").click()
        with suppress(AssertionError):
            expect(shown.first).to_be_visible(timeout=60_000)
            return
    expect(shown.first).to_be_visible()


def test_an_offer_added_in_jupyterlab_closes_the_gap_in_the_chart_below(
    browser: Browser, home: Path, start_lab: Callable[..., str]
) -> None:
    address = start_lab(home, "riverside-invented")
    context = browser.new_context(viewport={"width": 1280, "height": 1000})
    context.set_default_timeout(30_000)
    page = context.new_page()
    page.goto(f"{address}/lab/tree/resources.ipynb?token={LAB_TOKEN}")
    run_all(page)
    assert (home / "playbook.db").is_file(), "the examples were loaded without being asked for"

    form = page.locator(".pb-form")
    chart = page.locator("figure.pb-chart img[alt*='Interpreters for home visits (must-have): 6']")
    finding = page.get_by_text("“Interpreters for home visits” is still open")
    expect(finding).to_have_count(1, timeout=60_000)
    expect(chart).to_have_attribute("alt", re.compile("6 hours a week still open"))

    form.get_by_role("button", name="Add an offer").click()
    form.get_by_label("Who offers it?").fill("Riverside Library")
    form.get_by_label("What is it?").fill("Two interpreters")
    form.get_by_label("What kind of resource?").select_option("expertise")
    form.get_by_label("How much?", exact=True).fill("6")
    form.get_by_label("Of what?").fill("hours")
    form.get_by_label("Each week").check()
    form.get_by_label("In use: it is here").check()
    form.get_by_label("For which need?").fill("Interpreters for home visits")
    form.get_by_role("button", name="Save offer").click()
    expect(form.locator(".pb-status")).to_have_text("Saved.", timeout=30_000)
    expect(finding).to_have_count(0, timeout=60_000)
    expect(chart).to_have_attribute("alt", re.compile("6 of 6 hours a week firm"))
    context.close()
