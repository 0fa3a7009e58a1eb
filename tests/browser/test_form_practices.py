"""The form of each practice: for everyone, by keyboard alone, and from page to worksheet."""

from __future__ import annotations

import json
import random
import re
from collections.abc import Callable
from html import unescape
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest
from playwright.sync_api import Locator, Page, expect

from playbook_helpers.drawing.display import MODE_VARIABLE
from playbook_helpers.practices import PRACTICES
from playbook_helpers.practices.kinds import record_type
from playbook_helpers.storage.database import Store
from playbook_helpers.storage.files import import_paths
from playbook_helpers.worksheet.forms import form_description

STEMS = tuple(practice.stem for practice in PRACTICES)
Described = dict[str, Any]


@pytest.fixture(params=STEMS)
def stem(request: pytest.FixtureRequest) -> str:
    return str(request.param)


@pytest.fixture
def form(page: Page, forms: str, stem: str) -> Page:
    """The form of one practice on a phone, opened for the first time."""
    page.set_viewport_size({"width": 360, "height": 780})
    page.goto(f"{forms}/{stem}.html")
    return page


def test_axe_finds_nothing_targets_are_large_and_nothing_sticks_out(
    form: Page, stem: str, violations: Callable[[Page], list[str]]
) -> None:
    form.get_by_label("Name of your partnership").fill("Riverside")
    form.get_by_role("button", name="Use this name").click()
    kinds = [k for k in form_description(stem)["kinds"] if k["layout"] != "points"]
    for kind in kinds:
        words = kind["words"]
        form.get_by_role("button", name=words["add"], exact=True).click()
        # A table's own empty line is added by the button that opened it.
        pressed = words["save"] if kind["layout"] == "list" else words["add"]
        form.get_by_role("button", name=pressed, exact=True).click()
    assert form.get_by_role("group", name="Errors").count() == len(kinds)
    assert violations(form) == []
    small = form.evaluate(
        """() => [...document.querySelectorAll('.pb-form :is(button, summary, select, textarea,'
            + ' input:not([type=radio], [type=file]), .pb-option, .pb-file)')]
            .filter((node) => node.checkVisibility())
            .map((node) => [node.textContent || node.name, node.getBoundingClientRect()])
            .filter(([, box]) => box.height < 44 || box.width < 44)
            .map(([name, box]) => `${name}: ${box.width} x ${box.height}`)"""
    )
    assert small == []
    assert form.evaluate("document.documentElement.scrollWidth") <= 360


def answers_for(made_up: ModuleType, kind: Described) -> dict[str, Any]:
    """What is filled in: every field, texts that say where they stand, references that fit."""
    type_ = record_type(kind["kind"])
    record = made_up.record(type_, 0, random.Random(3))
    answers: dict[str, Any] = record.payload()
    for field in kind["fields"]:
        if field["name"] == "currency":
            continue
        if field["type"] in ("text", "long"):
            answers[field["name"]] = f"{kind['title']}, {field['name'].replace('_', ' ')}"
        if field["refers_to"]:
            title = record_type(field["refers_to"]).title
            answers[field["name"]] = f"{title}, {field['refers_field']}"
    if kind["kind"] == "decision":
        del answers["worksheet"]  # filled in already
    if kind["kind"] == "goal":
        answers["level"] = "outcome"  # to a vision no number applies
    if kind["kind"] == "story":
        answers |= {"consent": True, "withdrawn": False, "reviewed": True, "scope": "public"}
        answers |= {"minor": False, "expires": "2040-01"}
    return answers


ORDER = """() => [...new Set(
    [...document.activeElement.form.elements].map((node) => node.name).filter(Boolean))]"""
VALUES = """() => {
    const node = document.activeElement;
    if (node.type === 'radio') return [...node.form.elements[node.name]].map((one) => one.value);
    return node.tagName === 'SELECT' ? [...node.options].map((one) => one.value) : [];
}"""
CHOSEN = """() => {
    const node = document.activeElement;
    return node.type === 'radio' && !node.checked ? null : node.value;
}"""


def fill_in(page: Page, answers: dict[str, Any]) -> None:
    """Answer every question with the keyboard, from one to the next; the first has the focus."""
    for place, name in enumerate(page.evaluate(ORDER)):
        if place:
            page.keyboard.press("Tab")
        while page.evaluate("document.activeElement.tagName") == "SUMMARY":
            page.keyboard.press("Enter")  # what was folded away
            page.keyboard.press("Tab")
        assert page.evaluate("document.activeElement.name") == name
        if name not in answers:
            continue
        value = answers[name]
        text = (
            str(value).lower()
            if isinstance(value, bool)
            else f"{value:g}"
            if isinstance(value, float)
            else str(value)
        )
        values = page.evaluate(VALUES)
        if not values:
            page.keyboard.type(text)
            continue
        # As far as the answer is from what is chosen now, or from the first if nothing is.
        chosen = page.evaluate(CHOSEN)
        if chosen is None:
            page.keyboard.press("Space")
            chosen = values[0]
        steps = values.index(text) - values.index(chosen)
        for _ in range(abs(steps)):
            page.keyboard.press("ArrowDown" if steps > 0 else "ArrowUp")


def answer_point(
    page: Page, kind: Described, answers: dict[str, Any], tab_to: Callable[[Page, str], None]
) -> None:
    """Answer one point of a fixed list, and write beside it, with the keyboard."""
    point, state = kind["points"]
    words = {f["name"]: dict(f["choices"]) for f in kind["fields"]}
    tab_to(page, words[point][answers[point]])
    page.keyboard.press("Space")
    for _ in range(list(words[state]).index(answers[state])):
        page.keyboard.press("ArrowDown")
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    fill_in(page, answers)
    tab_to(page, kind["words"]["save"])
    page.keyboard.press("Enter")


def download(page: Page, folder: Path, press: Locator) -> Path:
    with page.expect_download() as caught:
        press.press("Enter")
    target = folder / caught.value.suggested_filename
    caught.value.save_as(target)
    return target


def words(notebook: dict[str, Any]) -> str:
    """All that a worksheet shows, as a reader reads it."""
    shown = [
        output["data"]["text/html"]
        for cell in notebook["cells"]
        for output in cell.get("outputs", ())
    ]
    html = re.sub(
        r"<style>.*?</style>|(?:src|href)=\"data:[^\"]*\"", "", " ".join(shown), flags=re.S
    )
    return unescape(" ".join(re.sub(r"<[^>]*>", " ", html).split()))


def test_a_record_of_every_kind_goes_by_keyboard_from_page_to_file_to_worksheet(
    form: Page,
    stem: str,
    tab_to: Callable[[Page, str], None],
    made_up: ModuleType,
    run_worksheet: Callable[..., dict[str, Any]],
    monkeypatch: pytest.MonkeyPatch,
    tmp_path: Path,
) -> None:
    kinds = form_description(stem)["kinds"]
    tab_to(form, "Name of your partnership")
    form.keyboard.type("Riverside")
    tab_to(form, "Use this name")
    form.keyboard.press("Enter")
    given: dict[str, dict[str, Any]] = {}
    for kind in kinds:
        its, answers = kind["words"], answers_for(made_up, kind)
        given[kind["kind"]] = answers
        if kind["layout"] == "points":
            answer_point(form, kind, answers, tab_to)
            continue
        tab_to(form, its["add"])
        form.keyboard.press("Enter")
        fill_in(form, answers)
        asked_again = kind["confirm"] or set(kind["items"]) - set(answers)
        for _ in range(2 if asked_again else 1):
            tab_to(form, its["save"] if kind["layout"] == "list" else its["add"])
            form.keyboard.press("Enter")
        expect(form.get_by_role("group", name="Errors").filter(visible=True)).to_have_count(0)
        if kind["layout"] == "list":
            expect(form.get_by_role("button", name=its["add"], exact=True)).to_be_focused()
        else:  # the next line can be written at once
            new = form.get_by_role("form", name=its["new"], exact=True)
            expect(new.locator("[name]:focus")).to_have_value("")
    expect(form.get_by_text(f"Entries so far: {len(kinds)}")).to_be_visible()
    assert form.evaluate("document.documentElement.scrollWidth") <= 360
    tab_to(form, "Download answers")
    file = download(form, tmp_path, form.locator(":focus"))

    monkeypatch.setenv(MODE_VARIABLE, "document")
    url = f"sqlite:///{tmp_path / 'playbook.db'}"
    with Store.open(url) as store:
        # And the partnership, by its name; a point is kept each time that it is answered.
        kept = len(json.loads(file.read_text("utf-8"))["revisions"])
        assert import_paths(store, [file]).stored == kept + 1 >= len(kinds) + 1
        assert import_paths(store, [file]).stored == 0, "the same file twice changes nothing"
        held = {head.kind: head for head in store.heads("riverside")}
    given["decision"]["worksheet"] = stem
    assert held.pop("partnership").payload["name"] == "Riverside"
    assert {kind: dict(head.payload) for kind, head in held.items()} == given
    shown = words(run_worksheet(stem, "riverside", url))
    for kind in kinds:
        type_ = record_type(kind["kind"])
        told = [v for v in given[kind["kind"]].values() if str(v).startswith(f"{kind['title']},")]
        seen = [text for text in told if text in shown]
        if type_.pseudonymous:
            assert seen == [], "one answer is nobody's to see"
            assert f"{type_.plural}: nobody sees single ones" in shown
        elif not type_.withheld:
            assert seen == told


def test_check_ins_of_six_people_go_from_one_page_into_the_worksheet_and_stay_nobodys(
    page: Page,
    forms: str,
    run_worksheet: Callable[..., dict[str, Any]],
    monkeypatch: pytest.MonkeyPatch,
    tmp_path: Path,
) -> None:
    monkeypatch.setenv(MODE_VARIABLE, "document")
    url = f"sqlite:///{tmp_path / 'playbook.db'}"
    page.goto(f"{forms}/trust.html")
    page.get_by_label("Name of your partnership").fill("Riverside")
    page.get_by_role("button", name="Use this name").click()
    (kind,) = form_description("trust", kinds=["check_in"])["kinds"]
    scales = [f for f in kind["fields"] if f["name"] not in ("round", "sector", "comment")]

    def hand_in(number: int) -> None:
        page.get_by_role("button", name=kind["words"]["add"]).click()
        page.get_by_label("Which round is this?").fill("2026-03")
        for field in scales:
            answer = "4" if number < 3 else "2"
            control = page.locator(f".pb-entry [name={field['name']}]")
            if field["control"]["tag"] == "select":
                control.select_option(answer)
            else:
                page.locator(f".pb-entry [name={field['name']}][value='{answer}']").check()
        page.get_by_label("What would help us trust each other more?").fill(f"Word {number}.")
        page.get_by_role("button", name=kind["words"]["save"]).click()

    def read_in() -> str:
        file = download(page, tmp_path, page.get_by_role("button", name="Download answers"))
        with Store.open(url) as store:
            import_paths(store, [file])
        return words(run_worksheet("trust", "riverside", url))

    for organisation in ("City Library", "Health Trust"):
        page.get_by_label("Which round?").fill("2026-03")
        page.get_by_label("Organisation", exact=True).fill(organisation)
        page.get_by_label("How many people answered?").fill("3")
        page.get_by_role("button", name="Write down a count").click()
        expect(page.get_by_text(organisation)).to_be_visible()
    hand_in(0)
    first = read_in()
    assert "Word 0." not in first
    assert "not known" in first
    for number in range(1, 6):
        hand_in(number)
    shown = read_in()
    with Store.open(url) as store:
        revisions = store.revisions("riverside")
    answers = [r for r in revisions if r.kind == "check_in"]
    assert len(answers) == 6, "the first came in twice and counts once"
    assert {(r.author, r.client_time) for r in answers} == {("", "")}
    assert all(f"Word {number}." in shown for number in range(6))
    assert "Trust, all in all 3 of 5" in shown, "three said 4, three said 2"
    assert "Word" not in json.dumps([r.to_json() for r in revisions if r.kind != "check_in"])
