"""The form for everyone: axe-core, touch, narrow screens, paper, and hostile text shown as text."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Dialog, Page, expect

from playbook_helpers.worksheet.forms import form_description
from playbook_helpers.worksheet.forms.description import WORDS

HOSTILE = "<img src=x onerror=alert(1)>\"'&</script><script>alert(2)</script>"
Violations = Callable[[Page], list[str]]


def fill_goal(page: Page, name: str, sentence: str = "We will read more by 2028.") -> None:
    page.get_by_role("button", name="Add a goal").click()
    page.get_by_label("Short name").fill(name)
    page.get_by_text("Type or paste a whole sentence").click()
    page.get_by_label("The goal in one sentence").fill(sentence)
    page.get_by_label("Outcome: a change").check()


def in_state(page: Page, state: str) -> None:
    """Bring a fresh form into one of the states a reader meets."""
    if state == "blank":
        return
    page.get_by_label("Name of your partnership").fill("Riverside")
    page.get_by_role("button", name="Use this name").click()
    fill_goal(page, "Reading " * 12)
    page.get_by_role("button", name="Save goal").click()
    page.get_by_text("All answers").click()
    page.get_by_role("button", name="Add a goal").click()
    if state == "draft":
        page.get_by_label("Short name").fill("Half-typed")
        page.get_by_role("button", name="Close").click()
    elif state == "errors":
        page.get_by_label("where it stands now").fill("many")
        page.get_by_role("button", name="Save goal").click()
        page.get_by_role("button", name="Add a measurement").click()
        page.get_by_text("Our partners: none yet").click()
    elif state == "rows":
        page.get_by_role("button", name="Close", exact=True).click()
        goal, day, value = (
            page.locator(f"input[id*='-measurement-'][name={name}]")
            for name in ("goal", "date", "value")
        )
        if not goal.count():
            page.get_by_role("button", name="Add a measurement").click()
        goal.first.fill("Reading")
        day.first.fill("May 2026")
        value.first.fill("12")
        page.get_by_role("button", name="Add a measurement").click()
        page.get_by_role("button", name="Change Reading").click()
        page.get_by_role("button", name="Invite others").click()


STATES = ("blank", "open", "draft", "errors", "rows")


@pytest.mark.parametrize("width", [1280, 360])
@pytest.mark.parametrize("state", STATES)
def test_axe_finds_nothing_targets_are_large_and_nothing_sticks_out(
    goals: Page, violations: Violations, state: str, width: int
) -> None:
    goals.set_viewport_size({"width": width, "height": 900})
    in_state(goals, state)
    assert violations(goals) == []
    small = goals.evaluate(
        """() => [...document.querySelectorAll('.pb-form :is(button, summary, a, select, textarea,'
            + ' input:not([type=radio], [type=file]), .pb-option, .pb-file)')]
            .filter((node) => node.checkVisibility())
            .map((node) => [node.textContent || node.name, node.getBoundingClientRect()])
            .filter(([, box]) => box.height < 44 || box.width < 44)
            .map(([name, box]) => `${name}: ${box.width} x ${box.height}`)"""
    )
    assert small == []
    assert goals.evaluate("document.documentElement.scrollWidth") <= width


def test_the_focus_can_be_seen_on_everything_that_takes_it(named: Page) -> None:
    fill_goal(named, "Reading")
    named.get_by_text("Later: what else there is to say").click()
    seen = set()
    for _ in range(80):
        named.keyboard.press("Tab")
        tag, style, width = named.evaluate(
            """() => {
                const node = document.activeElement;
                const shown = node.closest('.pb-option, .pb-file') ?? node;
                const style = getComputedStyle(shown);
                return [node.type ?? node.tagName, style.outlineStyle, style.outlineWidth];
            }"""
        )
        if tag == "BODY":
            break
        seen.add(tag)
        assert (style, width) == ("solid", "3px"), tag
    assert {
        "text",
        "textarea",
        "radio",
        "select-one",
        "submit",
        "button",
        "file",
        "SUMMARY",
    } <= seen


def test_hostile_text_is_text_everywhere(
    page: Page, forms: str, tmp_path: Path, violations: Violations
) -> None:
    dialogs: list[str] = []

    def heard(dialog: Dialog) -> None:
        if dialog.type == "beforeunload":  # answers that were not downloaded
            dialog.accept()
        else:
            dialogs.append(dialog.message)
            dialog.dismiss()

    page.on("dialog", heard)
    page.goto(f"{forms}/goals.html")
    page.get_by_label("Name of your partnership").fill(HOSTILE)
    page.get_by_label("Short name").fill("riverside")
    page.get_by_role("button", name="Use this name").click()
    fill_goal(page, HOSTILE, HOSTILE)
    page.get_by_role("button", name="Save goal").click()
    page.get_by_text("All answers").click()
    expect(page.get_by_role("heading", name=HOSTILE)).to_be_visible()
    page.get_by_role("button", name=f"Edit {HOSTILE}").click()
    page.get_by_label("where it stands now").fill(HOSTILE)
    page.get_by_role("button", name="Save goal").click()
    page.reload()
    expect(page.get_by_text(f"middle of a goal: {HOSTILE}")).to_be_visible()
    options = page.get_by_label("For which goal?").first.evaluate(
        "(n) => (n.focus(), [...n.list.options].map((o) => o.value))"
    )
    assert options == [HOSTILE]
    page.get_by_role("button", name=f"Remove {HOSTILE}").click()
    expect(page.get_by_text(f"Removed: {HOSTILE}")).to_be_visible()
    file = tmp_path / "hostile.json"
    file.write_text(
        json.dumps(
            {
                "format": "playbook-answers/1",
                "partnership": "elsewhere",
                "practice": "goals",
                "revisions": [
                    {
                        "id": HOSTILE,
                        "record": HOSTILE,
                        "kind": "goal",
                        "partnership": "elsewhere",
                        "practice": "goals",
                        "parents": [],
                        "payload": {"name": HOSTILE, "__proto__": {"x": 1}, "sentence": ["a"]},
                    }
                ],
            }
        ),
        "utf-8",
    )
    page.set_input_files("input[type=file]", file)
    expect(page.get_by_role("heading", name=HOSTILE)).to_be_visible()
    assert page.locator(".pb-form img, .pb-form script").count() == 0
    assert dialogs == []
    assert violations(page) == []


def test_on_paper_every_question_has_room_and_every_choice_a_box(named: Page) -> None:
    fill_goal(named, "Reading", "We will read more by 2028.")
    named.get_by_role("button", name="Save goal").click()
    named.emulate_media(media="print")
    for kind in form_description("goals")["kinds"]:
        if kind["kind"] not in ("goal", "indicator_sheet"):  # a list: `test_form_description`
            continue
        sheet = named.locator(".pb-sheet").filter(has_text=f"{kind['title']}: to fill in by hand")
        expect(sheet).to_be_visible()
        for field in kind["fields"]:
            part = sheet.locator(".pb-field").filter(
                has=named.get_by_text(field["asked"], exact=True)
            )
            choices = [words for value, words in field["options"] if value]
            if choices:
                expect(part.locator("li")).to_have_text(choices)
                mark = part.locator("li").first.evaluate(
                    "(n) => getComputedStyle(n, '::before').borderTopWidth"
                )
                assert float(mark.removesuffix("px")) >= 1
            else:
                box = part.locator(".pb-box").bounding_box()
                assert box is not None
                assert box["height"] >= (70 if field["type"] == "long" else 30)
    assert named.get_by_role("button").count() == 0
    assert named.locator("input, select, textarea, summary").filter(visible=True).count() == 0
    entered = named.get_by_role("table")
    expect(entered.get_by_role("row", name="Short name Reading")).to_be_visible()
    expect(entered.get_by_text("Outcome: a change for people or places")).to_be_visible()


def test_where_no_script_runs_the_paper_worksheet_prints_all_the_same(
    browser: Browser, forms: str
) -> None:
    plain = browser.new_context(java_script_enabled=False)
    try:
        page = plain.new_page()
        page.goto(f"{forms}/goals.html")
        expect(page.get_by_text("Goal: to fill in by hand")).to_be_hidden()
        page.emulate_media(media="print")
        expect(page.get_by_text("Goal: to fill in by hand")).to_be_visible()
    finally:
        plain.close()


def test_messages_are_announced_from_a_place_that_was_there_before(named: Page) -> None:
    status = named.locator(".pb-status")
    expect(status).to_have_attribute("role", "status")
    expect(status).to_be_empty()
    named.evaluate("window.place = document.querySelector('.pb-status')")
    fill_goal(named, "Reading")
    named.get_by_role("button", name="Save goal").click()
    expect(status).to_have_text(WORDS["kept"])
    assert named.evaluate("window.place === document.querySelector('.pb-status')")
    expect(status).to_be_in_viewport()
    named.get_by_role("button", name="Add an indicator sheet").click()
    expect(status).to_be_empty()  # it may not lie over what is filled in next


def test_the_look_stays_inside_the_form(page: Page, forms: str) -> None:
    page.goto(f"{forms}/empty.html")
    look = "(n) => { const s = getComputedStyle(n); return [s.font, s.color, s.margin]; }"
    before = [page.locator(tag).evaluate(look) for tag in ("h1", "h2", "main")]
    page.goto(f"{forms}/goals.html")
    assert [page.locator(tag).evaluate(look) for tag in ("h1", "h2", "main")] == before
