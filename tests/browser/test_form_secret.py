"""On a device that goes from hand to hand, nobody sees what the person before them handed in."""

from __future__ import annotations

import json
import re
from pathlib import Path

from playwright.sync_api import Page, expect

SECRET = "I do not trust the treasurer."


def name(page: Page, forms: str) -> None:
    page.goto(f"{forms}/trust.html")
    page.get_by_label("Name of your partnership").fill("Riverside")
    page.get_by_role("button", name="Use this name").click()


def count(page: Page, organisation: str, answers: int) -> None:
    page.get_by_label("Which round?").fill("2027-03")
    page.get_by_label("Organisation", exact=True).fill(organisation)
    page.get_by_label("How many people answered?").fill(str(answers))
    page.get_by_role("button", name="Write down a count").click()
    expect(page.get_by_role("rowheader", name="March 2027")).to_be_visible()


def hand_in(page: Page, words: str) -> None:
    page.get_by_role("button", name="Answer the check-in").click()
    page.get_by_label("Which round is this?").fill("2027-03")
    page.get_by_label("What would help us trust each other more?").fill(words)
    page.get_by_role("button", name="Hand in my answers").click()
    expect(page.get_by_text("Still open: 15. You may leave them open.")).to_be_visible()
    page.get_by_role("button", name="Hand in my answers").click()
    expect(page.get_by_role("button", name="Hand in my answers")).to_have_count(0)
    expect(page.get_by_role("status").filter(has_text="Handed in. Thank you.")).to_be_visible()


def test_what_was_handed_in_is_neither_listed_nor_offered_and_is_in_the_file(
    page: Page, forms: str, tmp_path: Path
) -> None:
    name(page, forms)
    count(page, "City Library", 6)
    for number in range(6):
        hand_in(page, f"{SECRET} {number}")
    for _ in range(2):
        expect(page.get_by_text("Entries so far: 7")).to_be_visible()
        expect(page.get_by_text(SECRET)).to_have_count(0)
        expect(page.get_by_text("You were in the middle")).to_have_count(0)
        expect(
            page.get_by_role("button", name=re.compile("^(Edit|Change (?!who)|Remove)"))
        ).to_have_count(1)
        page.reload()
    page.get_by_role("button", name="Answer the check-in").click()
    comment = page.get_by_label("What would help us trust each other more?")
    expect(comment).to_have_value("")
    with page.expect_download() as caught:
        page.get_by_role("button", name="Download answers").click()
    caught.value.save_as(tmp_path / "answers.json")
    written = json.loads((tmp_path / "answers.json").read_text("utf-8"))["revisions"]
    revisions = [r for r in written if r["kind"] == "check_in"]
    assert {(r["author"], r["client_time"]) for r in revisions} == {("", "")}
    random = re.compile(r"[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-8[0-9a-f]{3}-[0-9a-f]{12}")
    assert all(random.fullmatch(r[name]) for r in revisions for name in ("id", "record"))
    assert [r["id"] for r in revisions] == sorted(r["id"] for r in revisions)
    assert sorted(r["payload"]["comment"] for r in revisions) == [f"{SECRET} {n}" for n in range(6)]


def test_a_small_win_beside_it_is_listed_as_ever(page: Page, forms: str) -> None:
    name(page, forms)
    page.get_by_role("button", name="Add a small win").click()
    page.get_by_label("What will you do together?").fill("Tea for all")
    page.get_by_role("button", name="Save small win").click()
    expect(page.get_by_role("heading", name="Tea for all")).to_be_visible()
    page.get_by_role("button", name="Remove Tea for all").click()
    page.get_by_role("button", name="Undo").click()
    expect(page.get_by_role("heading", name="Tea for all")).to_be_visible()


def test_the_form_of_trust_passes_axe(page: Page, forms: str, violations) -> None:  # type: ignore[no-untyped-def]
    name(page, forms)
    page.get_by_role("button", name="Answer the check-in").click()
    assert violations(page) == []


def refused(page: Page, words: str) -> None:
    page.get_by_role("button", name="Answer the check-in").click()
    page.get_by_label("Which round is this?").fill("2027-03")
    for _ in range(2):
        page.get_by_role("button", name="Hand in my answers").click()
    expect(page.get_by_role("group", name="Errors")).to_contain_text(words)
    page.get_by_role("button", name="Close", exact=True).click()


def test_one_person_answers_once_where_nobody_counted(page: Page, forms: str) -> None:
    name(page, forms)
    hand_in(page, "First")
    refused(page, "one person answers once")
    page.reload()
    refused(page, "one person answers once")
    expect(page.get_by_text("Entries so far: 1")).to_be_visible()
    count(page, "City Library", 2)
    hand_in(page, "Second")
    refused(page, "as many answers as were counted")
    expect(page.get_by_text("Entries so far: 3")).to_be_visible()


def test_a_round_is_closed_after_a_question_and_takes_no_more(page: Page, forms: str) -> None:
    name(page, forms)
    hand_in(page, "First")
    page.get_by_role("button", name="Close a round").click()
    page.get_by_label("Which round do you close?").fill("2027-03")
    page.get_by_role("button", name="Close the round").click()
    expect(page.get_by_text("Are all paper slips and all files in?")).to_be_visible()
    page.get_by_role("button", name="Close the round").click()
    expect(page.get_by_role("heading", name="March 2027")).to_be_visible()
    expect(
        page.get_by_role("button", name=re.compile("^(Edit|Change (?!who)|Remove)"))
    ).to_have_count(0)
    refused(page, "is closed, so its picture can no longer change")
    page.reload()
    refused(page, "is closed, so its picture can no longer change")
    page.get_by_role("button", name="Answer the check-in").click()
    page.get_by_label("Which round is this?").fill("September 2027")
    for _ in range(2):
        page.get_by_role("button", name="Hand in my answers").click()
    expect(page.get_by_text("Entries so far: 3")).to_be_visible()
