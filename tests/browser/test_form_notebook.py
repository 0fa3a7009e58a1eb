"""The same form in a notebook: saved only when Python says so, and kept in the browser until then.

The page's side is real; the kernel is `FormView.answer` called directly, so that it can be made to
die, hang and come back at will.
"""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from playbook_helpers.core.errors import StoreError
from playbook_helpers.core.revisions import from_json
from playbook_helpers.practices.kinds import read_heads
from playbook_helpers.worksheet.forms import form_description
from playbook_helpers.worksheet.forms.widget import FormView

# What anywidget does in JupyterLab: import the module, give `render` a model and an element.
RENDER = """async (setup) => {
    const { default: form } = await import('/widget.js');
    const heard = [];
    const model = {
        get: (name) => ({ setup })[name],
        on: (event, act) => event === 'msg:custom' && heard.push(act),
        off: (event, act) => heard.splice(heard.indexOf(act), 1),
        send: async (message) => {
            const reply = await window.kernel(message);
            if (reply) heard.forEach((act) => act(reply));
        },
    };
    const root = document.createElement('div');
    document.querySelector('main').append(root);
    window.takeDown = await form.render({ model, el: root });
    const style = document.createElement('link');
    style.rel = 'stylesheet';
    style.href = '/form.css';
    document.head.append(style);
    await new Promise((done) => (style.onload = done));
}"""


class Kernel:
    """A notebook's kernel as the page sees it: a store behind a FormView, alive or not."""

    def __init__(self, page: Page, address: str) -> None:
        self.page, self.address = page, address
        self.alive = True
        self.stored: dict[str, dict[str, Any]] = {}
        self.before_commit: Callable[[], None] = lambda: None
        self.messages = 0
        page.expose_function("kernel", self._receive)
        self.open()

    def open(self) -> None:
        """Open the notebook (again): the form starts from what is stored."""
        self.view = FormView(
            form_description("goals", kinds=["goal", "measurement"]),
            partnership="riverside",
            revisions=self.stored.values(),
            known={"partner": ["City Library"]},
            on_save=self._save,
        )
        self.page.goto(f"{self.address}/empty.html")
        self.page.evaluate(RENDER, self.view.setup)

    def _save(self, revision: Any) -> None:
        self.before_commit()
        self.stored.setdefault(revision["id"], dict(revision))

    def _receive(self, message: dict[str, Any]) -> dict[str, Any] | None:
        self.messages += 1
        return self.view.answer(message) if self.alive else None


@pytest.fixture
def kernel(page: Page, forms: str) -> Kernel:
    return Kernel(page, forms)


def add_goal(page: Page, name: str) -> None:
    page.get_by_role("button", name="Add a goal").click()
    page.get_by_label("Short name").fill(name)
    page.get_by_text("Type or paste a whole sentence").click()
    page.get_by_label("The goal in one sentence").fill("We will read more by 2028.")
    page.get_by_label("Outcome: a change").check()
    page.get_by_role("button", name="Save goal").click()


def waiting(page: Page) -> list[str]:
    """The ids that the browser keeps because they are not stored yet."""
    keys = page.evaluate("Object.keys(localStorage)")
    return [key.rsplit("/", 1)[1] for key in keys if key.startswith("playbook/live/")]


def test_saved_is_said_after_the_commit_and_nothing_stays_behind(
    page: Page, kernel: Kernel, violations: Callable[[Page], list[str]]
) -> None:
    add_goal(page, "Reading")
    expect(page.locator(".pb-status")).to_have_text("Saved.")
    expect(page.get_by_role("heading", name="Reading")).to_be_visible()
    (stored,) = kernel.stored.values()
    assert from_json(stored).payload["name"] == "Reading"
    assert waiting(page) == []
    assert page.evaluate("Object.keys(localStorage)") == []
    assert violations(page) == []
    assert page.get_by_role("button", name="Download answers").count() == 0


def test_what_is_stored_is_shown_when_the_notebook_is_opened_again(
    page: Page, kernel: Kernel
) -> None:
    add_goal(page, "Reading")
    expect(page.locator(".pb-status")).to_have_text("Saved.")
    kernel.open()
    page.get_by_role("button", name="Edit Reading").click()
    page.get_by_label("who", exact=True).fill("City Library")
    page.get_by_role("button", name="Save goal").click()
    expect(page.locator(".pb-status")).to_have_text("Saved.")
    (head,) = read_heads(from_json(entry) for entry in kernel.stored.values())
    assert head.payload["owner_organisation"] == "City Library"
    assert len(kernel.stored) == 2


def test_what_python_refuses_is_shown_beside_its_field_and_nothing_is_stored(
    page: Page, kernel: Kernel
) -> None:
    kernel.view._on_save = lambda revision: [("name", "is taken already"), ("", "ask the lead")]
    add_goal(page, "Reading")
    summary = page.get_by_role("group", name="Errors")
    expect(summary).to_be_focused()
    expect(summary.get_by_role("listitem")).to_have_text(
        ["“Short name” is taken already", "ask the lead"]
    )
    expect(page.get_by_label("Short name")).to_have_accessible_description(
        "Two or three words that you will call it by. For example: School readiness "
        "is taken already"
    )
    assert waiting(page) == []
    kernel.view._on_save = kernel._save
    page.get_by_label("Short name").fill("Reading aloud")
    page.get_by_role("button", name="Save goal").click()
    expect(page.locator(".pb-status")).to_have_text("Saved.")
    assert len(kernel.stored) == 1


def test_a_dead_kernel_loses_nothing_and_the_same_revision_is_sent_again(
    page: Page, kernel: Kernel
) -> None:
    page.clock.install()
    kernel.open()
    kernel.alive = False
    add_goal(page, "Reading")
    expect(page.locator(".pb-status")).to_have_text("Saving …")
    page.clock.run_for(8_500)
    expect(page.locator(".pb-status")).to_have_text("Kept in this browser, not yet saved.")
    card = page.get_by_role("listitem").filter(has_text="Reading")
    expect(card.get_by_text("Kept in this browser, not yet saved.")).to_be_visible()
    (kept,) = waiting(page)
    assert kernel.stored == {}
    kernel.open()  # the page is loaded again, the kernel still dead
    expect(page.get_by_role("heading", name="Reading")).to_be_visible()
    kernel.alive = True
    page.clock.run_for(15_500)
    expect(page.locator(".pb-status")).to_have_text("Saved.")
    expect(page.get_by_text("not yet saved")).to_have_count(0)
    assert list(kernel.stored) == [kept]
    assert waiting(page) == []


def test_an_answer_that_got_lost_after_the_commit_stores_once(page: Page, kernel: Kernel) -> None:
    page.clock.install()
    kernel.open()
    view = kernel.view
    real = view.answer

    def lose(message: object) -> None:
        real(message)

    view.answer = lose  # type: ignore[method-assign,assignment]
    add_goal(page, "Reading")
    page.clock.run_for(8_500)
    expect(page.locator(".pb-status")).to_have_text("Kept in this browser, not yet saved.")
    view.answer = real  # type: ignore[method-assign]
    page.clock.run_for(15_500)
    expect(page.locator(".pb-status")).to_have_text("Saved.")
    assert len(kernel.stored) == 1
    assert [r["id"] for r in view.answer({"type": "list"})["revisions"]] == list(kernel.stored)


def test_a_store_that_cannot_be_reached_is_named_and_tried_again(
    page: Page, kernel: Kernel
) -> None:
    page.clock.install()
    kernel.open()

    def full() -> None:
        raise StoreError("The disk is full")

    kernel.before_commit = full
    add_goal(page, "Reading")
    expect(page.locator(".pb-status")).to_contain_text("not yet saved. The disk is full")
    assert len(waiting(page)) == 1
    kernel.before_commit = lambda: None
    page.clock.run_for(15_500)
    expect(page.locator(".pb-status")).to_have_text("Saved.")
    assert len(kernel.stored) == 1


def test_what_is_refused_only_later_becomes_a_draft_again(page: Page, kernel: Kernel) -> None:
    page.clock.install()
    kernel.open()
    kernel.alive = False
    add_goal(page, "Reading")
    page.clock.run_for(8_500)
    expect(page.get_by_role("heading", name="Reading")).to_be_visible()
    kernel.alive = True
    kernel.view._on_save = lambda revision: [("name", "is taken already")]
    page.clock.run_for(15_500)
    expect(page.get_by_text("You were in the middle of a goal: Reading")).to_be_visible()
    expect(page.get_by_role("heading", name="Reading")).to_have_count(0)
    assert waiting(page) == []
    page.get_by_role("button", name="Continue").click()
    expect(page.get_by_label("Short name")).to_have_value("Reading")
    kernel.view._on_save = kernel._save
    page.get_by_role("button", name="Save goal").click()
    expect(page.locator(".pb-status")).to_have_text("Saved.")
    assert len(kernel.stored) == 1


def test_answers_for_another_form_of_the_same_practice_are_left_to_it(
    page: Page, kernel: Kernel
) -> None:
    sheet = {
        "id": "01890000-0000-7000-8000-000000000001",
        "record": "01890000-0000-7000-8000-000000000002",
        "partnership": "riverside",
        "practice": "goals",
        "kind": "indicator_sheet",
        "parents": [],
        "payload": {"goal": "Reading", "name": "Books"},
    }
    page.evaluate(
        "([key, value]) => localStorage.setItem(key, value)",
        [f"playbook/live/riverside/goals/{sheet['id']}", json.dumps(sheet)],
    )
    kernel.open()
    add_goal(page, "Reading")
    expect(page.locator(".pb-status")).to_have_text("Saved.")
    assert waiting(page) == [sheet["id"]]
    assert [entry["kind"] for entry in kernel.stored.values()] == ["goal"]


def test_a_form_that_is_taken_down_stops_sending(page: Page, kernel: Kernel) -> None:
    page.clock.install()
    kernel.open()
    kernel.alive = False
    add_goal(page, "Reading")
    page.clock.run_for(8_500)
    page.evaluate("window.takeDown()")
    before = kernel.messages
    page.clock.run_for(60_000)
    assert kernel.messages == before


def test_a_line_of_a_table_is_saved_by_python_or_stays_open_with_what_is_wrong(
    page: Page, kernel: Kernel
) -> None:
    kernel.view._on_save = lambda revision: [("value", "is not what the school says")]
    new = page.get_by_role("form", name="New measurement")
    for label, text in (("For which goal?", "Reading"), ("When was it measured?", "May 2026")):
        new.get_by_label(label).fill(text)
    new.get_by_label("Value").fill("12 percent")
    page.keyboard.press("Enter")
    expect(new.get_by_label("Value")).to_have_accessible_description(
        "For example: 55 is not what the school says"
    )
    assert kernel.stored == {}
    kernel.view._on_save = kernel._save
    new.get_by_role("button", name="Add a measurement").click()
    expect(page.locator(".pb-status")).to_have_text("Saved.")
    expect(page.get_by_role("row", name="Reading May 2026 12")).to_be_visible()
    (stored,) = kernel.stored.values()
    assert stored["payload"] == {
        "goal": "Reading",
        "date": "2026-05",
        "value": 12,
        "series_break": False,
    }
    page.get_by_role("button", name="Change Reading").click()
    page.get_by_role("button", name="Remove").click()
    expect(page.get_by_role("rowheader", name="Reading")).to_have_count(0)
    assert [revision["deleted"] for revision in kernel.stored.values()] == [False, True]
