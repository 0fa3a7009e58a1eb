"""The form in JupyterLab itself: saved to the store, and not lost when the kernel is."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from pathlib import Path
from urllib.request import Request, urlopen

import nbformat
import pytest
from playwright.sync_api import Browser, Error, Page, expect

from playbook_helpers.core.revisions import Revision
from playbook_helpers.storage.database import Store

pytestmark = [pytest.mark.slow, pytest.mark.timeout(240)]
LAB_TOKEN = "only-for-this-test"
CELL = """
from playbook_helpers.worksheet.forms import form_description
from playbook_helpers.worksheet.forms.widget import FormView
from playbook_helpers.core.revisions import from_json
from playbook_helpers.storage.database import Store

store = Store.open("sqlite:///playbook.db")
FormView(
    form_description("goals", kinds=["goal"]),
    partnership="riverside",
    revisions=[r.to_json() for r in store.revisions("riverside")],
    on_save=lambda data: store.append([from_json(data)]) and None,
)
"""


def ask(url: str, method: str = "GET") -> object:
    request = Request(url, method=method, headers={"Authorization": f"token {LAB_TOKEN}"})
    with urlopen(request, timeout=10) as reply:
        text = reply.read().decode()
    return json.loads(text) if text else None


@pytest.fixture
def lab(tmp_path: Path, start_lab: Callable[[Path], str]) -> str:
    """The address of a JupyterLab whose folder holds form.ipynb and, later, playbook.db."""
    notebook = nbformat.v4.new_notebook(cells=[nbformat.v4.new_code_cell(CELL.strip())])
    notebook.metadata["kernelspec"] = {"name": "python3", "display_name": "Python 3"}
    work = tmp_path / "work"
    work.mkdir()
    nbformat.write(notebook, work / "form.ipynb")
    return start_lab(work)


@pytest.fixture
def notebook(browser: Browser, lab: str) -> Iterator[Page]:
    context = browser.new_context(viewport={"width": 1280, "height": 900})
    context.set_default_timeout(30_000)
    expect.set_options(timeout=30_000)
    page = context.new_page()
    page.goto(f"{lab}/lab/tree/form.ipynb?token={LAB_TOKEN}")
    yield page
    expect.set_options(timeout=5_000)
    context.close()


def run_cell(page: Page) -> None:
    """Run the cell; again if JupyterLab was not yet connected to its kernel and dropped it."""
    shown = page.locator(".pb-form").get_by_role("button", name="Add a goal")
    for _ in range(6):
        page.locator(".jp-CodeCell .cm-content").first.click()
        page.keyboard.press("Shift+Enter")
        try:
            shown.wait_for(timeout=8_000)
            return
        except Error:
            continue
    expect(shown).to_be_visible()


def stored(folder: Path) -> list[Revision]:
    with Store.open(f"sqlite:///{folder / 'playbook.db'}") as store:
        return store.revisions("riverside")


def test_a_goal_is_saved_and_survives_the_loss_of_the_kernel(
    notebook: Page, lab: str, tmp_path: Path
) -> None:
    run_cell(notebook)
    form = notebook.locator(".pb-form")
    form.get_by_role("button", name="Add a goal").click()
    form.get_by_label("Short name").press_sequentially("dd axy")  # keys JupyterLab listens for
    form.get_by_text("Type or paste a whole sentence").click()
    form.get_by_label("The goal in one sentence").fill("We will read more by 2028.")
    form.get_by_label("Vision: the world").check()
    notebook.keyboard.press("ArrowDown")
    expect(form.get_by_label("Outcome: a change")).to_be_checked()
    form.get_by_role("button", name="Save goal").click()
    expect(form.locator(".pb-status")).to_have_text("Saved.")
    (first,) = stored(tmp_path / "work")
    assert (first.payload["name"], first.payload["level"]) == ("dd axy", "outcome")

    kernels = ask(f"{lab}/api/kernels")
    assert isinstance(kernels, list)
    for kernel in kernels:
        ask(f"{lab}/api/kernels/{kernel['id']}", "DELETE")
    form.get_by_role("button", name="Edit dd axy").click()
    form.get_by_label("Short name").fill("Reading")
    form.get_by_role("button", name="Save goal").click()
    expect(form.locator(".pb-status")).to_contain_text("Kept in this browser, not yet saved.")
    assert len(stored(tmp_path / "work")) == 1

    try:
        notebook.reload()
    except Error:  # JupyterLab may ask before it is left
        notebook.reload()
    run_cell(notebook)
    expect(form.get_by_role("heading", name="Reading")).to_be_visible()
    expect(form.locator(".pb-status")).to_have_text("Saved.")
    assert [r.payload["name"] for r in stored(tmp_path / "work")] == ["dd axy", "Reading"]
    assert stored(tmp_path / "work")[1].parents == (first.id,)
