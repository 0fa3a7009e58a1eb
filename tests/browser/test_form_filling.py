"""Filling in the form on a page: by keyboard, with the values people type, changing one's mind."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect

TabTo = Callable[[Page, str], None]

SENTENCE = "By 2028 we will raise the share of children ready for school from 52% (2025) to 65%."


def add_goal(page: Page, name: str, **answers: str) -> None:
    page.get_by_role("button", name="Add a goal").click()
    page.get_by_label("Short name").fill(name)
    page.get_by_text("Type or paste a whole sentence").click()
    page.get_by_label("The goal in one sentence").fill(SENTENCE)
    page.get_by_label("Outcome: a change").check()
    for label, value in answers.items():
        page.get_by_label(label.replace("_", " ")).fill(value)
    page.get_by_role("button", name="Save goal").click()
    expect(page.locator("form[inert]")).to_have_count(0)


def stored(page: Page) -> list[dict[str, object]]:
    """The revisions that the browser keeps, oldest first."""
    return page.evaluate(
        """() => Object.keys(localStorage).filter((key) => key.startsWith('playbook/site/'))
            .sort().map((key) => JSON.parse(localStorage.getItem(key)))"""
    )


def test_a_goal_can_be_written_with_the_keyboard_alone(goals: Page, tab_to: TabTo) -> None:
    tab_to(goals, "Name of your partnership")
    goals.keyboard.type("Côte & Vallée 2027!")
    tab_to(goals, "Short name")
    assert goals.evaluate("document.activeElement.value") == "cote-vallee-2027"
    tab_to(goals, "Use this name")
    goals.keyboard.press("Enter")
    tab_to(goals, "Add a goal")
    goals.keyboard.press("Enter")
    assert goals.evaluate("document.activeElement.labels[0].textContent") == "when", "the first gap"
    tab_to(goals, "Type or paste a whole sentence")
    goals.keyboard.press("Enter")
    tab_to(goals, "The goal in one sentence")
    goals.keyboard.type(SENTENCE)
    tab_to(goals, "Short name")
    goals.keyboard.type("School readiness")
    tab_to(goals, "What kind of goal is it?")
    goals.keyboard.press("Space")
    goals.keyboard.press("ArrowDown")
    tab_to(goals, "Save goal")
    goals.keyboard.press("Enter")
    expect(goals.get_by_role("heading", name="School readiness")).to_be_visible()
    expect(goals.get_by_role("button", name="Add a goal")).to_be_focused()
    (goal,) = stored(goals)
    assert goal["partnership"] == "cote-vallee-2027"
    assert goal["payload"] == {
        "name": "School readiness",
        "sentence": SENTENCE,
        "level": "outcome",
    }


@pytest.mark.parametrize(
    ("typed", "kept"),
    [("3,5", 3.5), ("3.5", 3.5), ("-4", -4), ("1 234 567", 1234567), ("52 %", 52), (".5", 0.5)],
)
def test_numbers_are_taken_as_people_write_them(named: Page, typed: str, kept: float) -> None:
    add_goal(named, "A", where_it_stands_now=typed)
    assert stored(named)[0]["payload"]["baseline_value"] == kept


@pytest.mark.parametrize(
    ("typed", "said"),
    [
        ("1,234", "write 1234 or 1.234"),
        ("many", "is not a number"),
        ("1.2.3", "is not a number"),
        ("1e5", "is not a number"),
        ("9" * 16, "has to be 1000000000000000 or less"),
        ("-" + "9" * 16, "has to be -1000000000000000 or more"),
    ],
)
def test_a_number_that_can_be_read_two_ways_or_none_is_asked_about(
    named: Page, typed: str, said: str
) -> None:
    named.get_by_role("button", name="Add a goal").click()
    baseline = named.get_by_label("where it stands now")
    baseline.fill(typed)
    baseline.blur()
    expect(baseline).to_have_accessible_description(re.compile(re.escape(said)))
    expect(baseline).to_have_attribute("aria-invalid", "true")
    baseline.fill("12")
    expect(baseline).to_have_attribute("aria-invalid", "false")


@pytest.mark.parametrize(
    ("typed", "kept"),
    [
        ("2027", "2027"),
        ("2027-03", "2027-03"),
        ("20270331", "2027-03-31"),
        ("2028.02.29", "2028-02-29"),
        ("July 2028", "2028-07"),
        ("09/2025", "2025-09"),
        ("31/03/2027", "2027-03-31"),
    ],
)
def test_a_when_is_as_exact_as_it_is_known(named: Page, typed: str, kept: str) -> None:
    add_goal(named, "A", measured_when=typed)
    assert stored(named)[0]["payload"]["baseline_date"] == kept


@pytest.mark.parametrize("typed", ["2027-13", "2027-02-29", "32/03/2027", "next year", "0000"])
def test_what_is_no_date_is_said_to_be_none(named: Page, typed: str) -> None:
    add_goal(named, "A", measured_when=typed)
    expect(named.get_by_label("measured when")).to_have_accessible_description(
        re.compile("write 2027, March 2027, 2027-03 or 2027-03-31")
    )
    assert stored(named) == []


@pytest.mark.parametrize("typed", ["9999-12-31", "9999", "1499-12"])
def test_a_year_that_is_far_away_is_said_to_be(named: Page, typed: str) -> None:
    add_goal(named, "A", measured_when=typed)
    expect(named.get_by_label("measured when")).to_have_accessible_description(
        re.compile("years from 1500 to 2999 can be named")
    )
    assert stored(named) == []


def test_a_sign_that_turns_text_round_is_told_at_once(named: Page) -> None:
    add_goal(named, "Rea\u202eding")
    expect(named.get_by_label("Short name")).to_have_accessible_description(
        re.compile("hidden sign that turns text round")
    )
    assert stored(named) == []


def test_missing_answers_are_listed_and_the_list_leads_to_them(named: Page) -> None:
    named.get_by_role("button", name="Add a goal").click()
    named.get_by_role("button", name="Save goal").click()
    summary = named.get_by_role("group", name="Errors")
    expect(summary).to_be_focused()
    expect(summary.get_by_role("link")).to_have_text(
        [
            "“What exactly is counted or measured?” needs an answer",
            "“Short name” needs an answer",
            "“What kind of goal is it?” needs an answer",
        ]
    )
    summary.get_by_role("link", name="Short name").click()
    expect(named.get_by_label("Short name (needed)")).to_be_focused()
    expect(named.get_by_label("Short name (needed)")).to_have_accessible_description(
        re.compile("needs an answer")
    )
    kind = named.get_by_role("radiogroup", name="What kind of goal is it? (needed)")
    expect(kind).to_have_attribute("aria-invalid", "true")
    assert stored(named) == []


def test_a_text_that_is_too_long_is_refused_and_not_cut(named: Page) -> None:
    add_goal(named, "x" * 201)
    expect(named.get_by_label("Short name")).to_have_value("x" * 201)
    expect(named.get_by_label("Short name")).to_have_accessible_description(
        re.compile("is 201 characters long; 200 are allowed")
    )


def test_an_edit_adds_a_revision_and_changes_none(named: Page) -> None:
    add_goal(named, "School readiness")
    (before,) = stored(named)
    named.get_by_role("button", name="Edit School readiness").click()
    expect(named.get_by_label("Outcome: a change")).to_be_checked()
    named.get_by_label("Short name").fill("Ready for school")
    named.get_by_role("button", name="Save goal").click()
    expect(named.get_by_role("heading", name="Ready for school")).to_be_visible()
    expect(named.get_by_role("heading", name="School readiness")).to_have_count(0)
    after = {revision["id"]: revision for revision in stored(named)}
    assert len(after) == 2
    assert after.pop(before["id"]) == before
    (edited,) = after.values()
    assert edited["parents"] == [before["id"]]
    assert edited["record"] == before["record"]


def test_a_removed_goal_can_be_brought_back(named: Page) -> None:
    add_goal(named, "School readiness")
    named.get_by_role("button", name="Remove School readiness").click()
    expect(named.get_by_role("heading", name="School readiness")).to_have_count(0)
    undo = named.get_by_role("button", name="Undo")
    expect(undo).to_be_focused()
    assert [revision["deleted"] for revision in stored(named)] == [False, True]
    undo.press("Enter")
    expect(named.get_by_role("heading", name="School readiness")).to_be_visible()
    assert [revision["deleted"] for revision in stored(named)] == [False, True, False]
    assert named.get_by_role("button", name="Undo").count() == 0


def test_a_reference_offers_what_was_entered_and_what_is_known(named: Page, forms: str) -> None:
    add_goal(named, "School readiness")
    options = "(node) => (node.focus(), [...node.list.options].map((option) => option.value))"
    assert named.get_by_label("For which goal?").first.evaluate(options) == ["School readiness"]
    named.goto(f"{forms}/resources.html")  # the same reader, the next chapter
    offers = named.get_by_label("Who offers it?").evaluate(options)
    assert offers == ["City Library", "Health Trust"]
    assert named.get_by_label("For which goal?").first.evaluate(options) == ["School readiness"]


def test_nothing_is_kept_before_the_partnership_has_a_name(goals: Page) -> None:
    goals.get_by_role("button", name="Add a goal").click()
    expect(goals.get_by_role("group", name="Errors")).to_be_focused()
    expect(goals.get_by_label("Name of your partnership")).to_have_attribute("aria-invalid", "true")
    goals.get_by_label("Name of your partnership").fill("東京")
    goals.get_by_role("button", name="Use this name").click()
    short = goals.get_by_label("Short name")
    expect(short).to_have_attribute("aria-invalid", "true")
    short.fill("Tokyo!")
    goals.get_by_role("button", name="Use this name").click()
    expect(short).to_have_accessible_description(re.compile("a-z, 0-9 and single hyphens"))
    short.fill("tokyo")
    goals.get_by_role("button", name="Use this name").click()
    expect(goals.get_by_text("Answers of 東京 (tokyo)")).to_be_visible()


def test_each_partnership_has_its_own_answers(named: Page) -> None:
    add_goal(named, "School readiness")
    named.get_by_role("button", name="Change who we are").click()
    named.get_by_label("Name of your partnership").fill("Hillside")
    named.get_by_label("Short name").fill("hillside")
    named.get_by_role("button", name="Keep this").click()
    expect(named.get_by_role("heading", name="School readiness")).to_have_count(0)
    named.get_by_role("button", name="Change who we are").click()
    named.get_by_label("Name of your partnership").fill("Riverside")
    named.get_by_label("Short name").fill("riverside")
    named.get_by_role("button", name="Keep this").click()
    expect(named.get_by_role("heading", name="School readiness")).to_be_visible()


def decide(page: Page, worksheet: str, words: str) -> None:
    expect(page.locator("form[aria-label='New decision'] [name=worksheet]")).to_have_value(
        worksheet
    )
    page.get_by_label("When did you decide?").fill("2027-03")
    page.get_by_label("What did you decide to do?").fill(words)
    page.get_by_role("button", name="Add a decision").click()
    expect(page.get_by_role("rowheader", name=words)).to_be_visible()


def test_a_form_lists_the_decisions_taken_at_its_own_worksheet(
    named: Page, forms: str, tmp_path: Path
) -> None:
    decide(named, "goals", "Ask the schools")
    named.goto(f"{forms}/resources.html")
    expect(named.get_by_text("Entries so far: 0")).to_be_visible()
    decide(named, "resources", "Ask for rooms")
    expect(named.get_by_role("rowheader")).to_have_text(["Ask for rooms"])
    expect(named.get_by_text("Entries so far: 1")).to_be_visible()
    with named.expect_download() as caught:
        named.get_by_role("button", name="Download answers").click()
    caught.value.save_as(tmp_path / "answers.json")
    (taken,) = json.loads((tmp_path / "answers.json").read_text("utf-8"))["revisions"]
    assert taken["payload"]["decided"] == "Ask for rooms"
    named.goto(f"{forms}/overview.html")  # where a group goes through what it decided anywhere
    expect(named.get_by_role("rowheader")).to_have_text(["Ask the schools", "Ask for rooms"])
    named.get_by_role("button", name="Change Ask the schools").click()
    edit = named.get_by_role("form", name="Edit the decision")
    edit.get_by_label("Who sees to it?").fill("The lead")
    named.get_by_role("button", name="Save decision").click()
    expect(named.get_by_role("row", name="Ask the schools The lead")).to_be_visible()
    named.goto(f"{forms}/goals.html")
    expect(named.get_by_role("rowheader")).to_have_text(["Ask the schools"])
    expect(named.get_by_role("row", name="Ask the schools The lead")).to_be_visible()


@pytest.mark.parametrize("touch", [True, False], ids=["touch", "mouse"])
def test_an_error_that_comes_under_a_tap_does_not_move_what_is_tapped(
    browser: Browser, watched: Callable[..., Page], forms: str, touch: bool
) -> None:
    """The error of a field is told as the focus leaves it, which is between press and release."""
    size = {"width": 390 if touch else 1280, "height": 844}
    page = watched(browser, viewport=size, has_touch=touch, is_mobile=touch)
    page.goto(f"{forms}/goals.html")
    page.get_by_label("Name of your partnership").fill("Riverside")
    page.get_by_role("button", name="Use this name").click()
    page.get_by_role("button", name="Add an indicator sheet").click()
    page.get_by_role("button", name="Close", exact=True).click()
    page.get_by_role("button", name="Add a goal").click()
    page.get_by_label("where it stands now").click()
    page.keyboard.type("about 57")
    yes = page.get_by_label("Outcome: a change")
    yes.scroll_into_view_if_needed()
    box = yes.bounding_box()
    assert box is not None
    place = box["x"] + box["width"] / 2, box["y"] + box["height"] / 2
    if touch:
        page.touchscreen.tap(*place)
    else:
        page.mouse.move(*place)
        page.mouse.down()
        page.wait_for_timeout(60)
        page.mouse.up()
    expect(yes).to_be_checked()
    expect(page.get_by_text("is not a number; write only digits")).to_be_visible()
