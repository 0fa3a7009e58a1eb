"""Nothing typed is lost: drafts, two tabs, files out and in, a browser that keeps nothing."""

from __future__ import annotations

import json
import re
from datetime import UTC, datetime
from pathlib import Path

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, expect

from playbook_helpers.core.revisions import from_json, heads_of
from playbook_helpers.practices.kinds import read_heads, record_type

HOSTILE = "<img src=x onerror=alert(1)></script><script>alert(2)</script>"


def add_goal(page: Page, name: str, sentence: str = "We will read more by 2028.") -> None:
    page.get_by_role("button", name="Add a goal").click()
    page.get_by_label("Short name").fill(name)
    page.get_by_text("Type or paste a whole sentence").click()
    page.get_by_label("The goal in one sentence").fill(sentence)
    page.get_by_label("Outcome: a change").check()
    page.get_by_role("button", name="Save goal").click()
    expect(page.get_by_role("heading", name=name, exact=True)).to_be_visible()


def download(page: Page, folder: Path) -> Path:
    with page.expect_download() as caught:
        page.get_by_role("button", name="Download answers").click()
    target = folder / caught.value.suggested_filename
    caught.value.save_as(target)
    return target


def test_a_draft_is_offered_again_after_a_reload(named: Page) -> None:
    named.get_by_role("button", name="Add a goal").click()
    named.get_by_label("Short name").press_sequentially("Read")
    named.get_by_label("Output: something").check()
    named.get_by_label("where it stands now").fill("twelve?")
    named.reload()
    expect(named.get_by_text("You were in the middle of a goal: Read")).to_be_visible()
    named.get_by_role("button", name="Continue").click()
    expect(named.get_by_label("Short name")).to_have_value("Read")
    expect(named.get_by_label("Output: something")).to_be_checked()
    expect(named.get_by_label("where it stands now")).to_have_value("twelve?")


def test_a_closed_form_keeps_its_draft_until_it_is_thrown_away(named: Page) -> None:
    named.get_by_role("button", name="Add a goal").click()
    named.get_by_label("Short name").fill("Reading")
    named.get_by_role("button", name="Close").click()
    named.get_by_role("button", name="Throw away").click()
    expect(named.get_by_role("button", name="Add a goal")).to_be_focused()
    named.reload()
    expect(named.get_by_text("You were in the middle")).to_have_count(0)


def test_a_form_that_was_opened_and_not_touched_leaves_no_draft(named: Page) -> None:
    named.get_by_role("button", name="Add a goal").click()
    named.get_by_role("button", name="Close").click()
    expect(named.get_by_text("You were in the middle")).to_have_count(0)


def test_the_draft_of_an_edit_remembers_what_it_was_based_on(named: Page) -> None:
    add_goal(named, "Reading")
    named.get_by_role("button", name="Edit Reading").click()
    named.get_by_label("Short name").fill("Reading aloud")
    named.reload()
    named.get_by_role("button", name="Continue").click()
    expect(named.get_by_role("heading", name="Edit the goal")).to_be_visible()
    named.get_by_role("button", name="Save goal").click()
    expect(named.get_by_role("heading", name="Reading aloud")).to_be_visible()
    expect(named.get_by_role("heading", name="Reading", exact=True)).to_have_count(0)


def test_the_downloaded_file_holds_revisions_that_the_playbook_takes(
    named: Page, tmp_path: Path
) -> None:
    add_goal(named, "Reading", HOSTILE)
    named.get_by_role("button", name="Edit Reading").click()
    named.get_by_label("where it stands now").fill("3,5")
    named.get_by_label("when", exact=True).fill("2028-06")
    named.get_by_text("Later: what else there is to say").click()
    named.get_by_label("4", exact=True).check()
    named.get_by_role("button", name="Save goal").click()
    measurement = named.get_by_role("form", name="New measurement")
    measurement.get_by_label("For which goal?").fill("Reading")
    measurement.get_by_label("When was it measured?").fill("2026")
    measurement.get_by_label("Value").fill("4")
    measurement.get_by_text("More").click()
    measurement.get_by_role("radiogroup", name="Did the way").get_by_label("Yes").check()
    named.get_by_role("button", name="Add a measurement").click()
    expect(named.get_by_role("rowheader", name="Reading")).to_be_visible()
    file = download(named, tmp_path)
    assert re.fullmatch(r"playbook-riverside-goals-\d{4}-\d\d-\d\d-[0-9a-f]{4}\.json", file.name)

    data = json.loads(file.read_text("utf-8"))
    assert {key: data[key] for key in ("format", "partnership", "practice")} == {
        "format": "playbook-answers/1",
        "partnership": "riverside",
        "practice": "goals",
    }
    made = datetime.fromisoformat(data["made"])
    assert abs((datetime.now(UTC) - made).total_seconds()) < 120
    revisions = [from_json(entry) for entry in data["revisions"]]
    assert [r.to_json() for r in revisions] == data["revisions"]
    for revision in revisions:
        record_type(revision.kind).model_validate(dict(revision.payload))
        assert revision.id[14] == revision.record[14] == "7"
        assert revision.id[19] in "89ab"
        assert re.fullmatch(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z", revision.client_time)
    assert len({r.id for r in revisions}) == 3
    heads = {head.kind: head for head in read_heads(revisions)}
    assert heads["goal"].payload == {
        "name": "Reading",
        "sentence": HOSTILE,
        "level": "outcome",
        "baseline_value": 3.5,
        "target_date": "2028-06",
        "confidence": 4,
    }
    assert heads["measurement"].payload == {
        "goal": "Reading",
        "date": "2026",
        "value": 4,
        "series_break": True,
    }


def test_a_saved_file_opens_in_another_browser_and_joins_what_is_there(
    named: Page, browser: Browser, forms: str, tmp_path: Path
) -> None:
    add_goal(named, "Reading")
    file = download(named, tmp_path)
    other = browser.new_page()
    try:
        other.goto(f"{forms}/goals.html")
        other.set_input_files("input[type=file]", file)
        expect(other.get_by_text("Answers of riverside (riverside)")).to_be_visible()
        expect(other.get_by_role("heading", name="Reading")).to_be_visible()
        add_goal(other, "Swimming")
        back = download(other, tmp_path)
    finally:
        other.close()
    add_goal(named, "Walking")
    for _ in range(2):  # the same file twice changes nothing
        named.set_input_files("input[type=file]", back)
        expect(named.get_by_role("status").filter(has_text="Opened")).to_be_visible()
        expect(named.locator(".pb-card h4")).to_have_text(["Reading", "Swimming", "Walking"])


@pytest.mark.parametrize(
    "content",
    [
        "not JSON",
        "[]",
        '{"format":"playbook-answers/1","partnership":"a","practice":"resources","revisions":[]}',
        '{"format":"playbook-answers/1","partnership":"../a","practice":"goals","revisions":[]}',
        '{"format":"playbook-answers/1","partnership":"a","practice":"goals","revisions":[null]}',
        '{"format":"playbook-answers/1","partnership":"a","practice":"goals",'
        '"revisions":[{"partnership":"a","payload":null}]}',
    ],
)
def test_a_file_that_is_no_answer_file_of_this_form_changes_nothing(
    named: Page, tmp_path: Path, content: str
) -> None:
    file = tmp_path / "other.json"
    file.write_text(content, "utf-8")
    before = named.evaluate("JSON.stringify(localStorage)")
    named.set_input_files("input[type=file]", file)
    expect(named.get_by_text("This file cannot be opened here")).to_be_visible()
    assert named.evaluate("JSON.stringify(localStorage)") == before


def test_two_tabs_show_the_same_answers_and_lose_none(
    named: Page, context: BrowserContext, forms: str, tmp_path: Path
) -> None:
    second = context.new_page()
    second.goto(f"{forms}/goals.html")
    named.get_by_role("button", name="Add a goal").click()
    named.get_by_label("Short name").fill("Half-typed")  # must outlive what the other tab does
    add_goal(second, "Swimming")
    expect(named.get_by_role("heading", name="Swimming")).to_be_visible()
    expect(named.get_by_label("Short name")).to_have_value("Half-typed")
    named.get_by_role("button", name="Close").click()
    add_goal(named, "Walking")
    expect(second.locator(".pb-card h4")).to_have_text(["Swimming", "Walking"])
    assert len(json.loads(download(named, tmp_path).read_text("utf-8"))["revisions"]) == 2


def test_a_goal_changed_in_two_tabs_at_once_shows_both_until_one_settles_it(
    named: Page, context: BrowserContext, forms: str, tmp_path: Path
) -> None:
    add_goal(named, "Reading")
    second = context.new_page()
    second.goto(f"{forms}/goals.html")
    for tab in (named, second):
        tab.get_by_role("button", name="Edit Reading").click()
    for tab, name in ((named, "Reading A"), (second, "Reading B")):
        tab.get_by_label("Short name").fill(name)
        tab.get_by_role("button", name="Save goal").click()
    expect(named.locator(".pb-card h4")).to_have_text(["Reading A", "Reading B"])
    expect(named.get_by_text("Which words do you keep? Changed by two at once.")).to_be_visible()
    named.get_by_role("button", name="Keep these words Reading B").click()
    expect(named.locator(".pb-card h4")).to_have_text(["Reading B"])
    entries = json.loads(download(named, tmp_path).read_text("utf-8"))["revisions"]
    (heads,) = heads_of([from_json(entry) for entry in entries]).values()
    assert [head.payload["name"] for head in heads] == ["Reading B"]
    assert len(entries) == 4


BLOCKED = """
for (const name of ['getItem', 'setItem', 'removeItem'])
    Storage.prototype[name] = () => { throw new DOMException('no', 'SecurityError'); };
"""
FULL = """
Storage.prototype.setItem = () => { throw new DOMException('full', 'QuotaExceededError'); };
"""


@pytest.mark.parametrize("script", [BLOCKED, FULL])
def test_a_browser_that_keeps_nothing_says_so_and_the_form_goes_on(
    context: BrowserContext, forms: str, tmp_path: Path, script: str
) -> None:
    page = context.new_page()
    page.add_init_script(script)
    page.goto(f"{forms}/goals.html")
    page.get_by_label("Name of your partnership").fill("Riverside")
    page.get_by_role("button", name="Use this name").click()
    expect(page.get_by_text("This browser keeps nothing for this page")).to_be_visible()
    add_goal(page, "Reading")
    page.get_by_role("button", name="Add a goal").click()
    page.get_by_label("Short name").fill("Half-typed")
    page.get_by_role("button", name="Close").click()
    page.get_by_role("button", name="Continue").click()
    expect(page.get_by_label("Short name")).to_have_value("Half-typed")
    (entry,) = json.loads(download(page, tmp_path).read_text("utf-8"))["revisions"]
    assert from_json(entry).payload["name"] == "Reading"


def test_leaving_a_page_that_could_keep_nothing_asks_first(
    context: BrowserContext, forms: str
) -> None:
    page = context.new_page()
    page.add_init_script(BLOCKED)
    page.goto(f"{forms}/goals.html")
    page.get_by_label("Name of your partnership").fill("Riverside")
    page.get_by_role("button", name="Use this name").click()
    add_goal(page, "Reading")
    asked: list[str] = []
    page.on("dialog", lambda dialog: (asked.append(dialog.type), dialog.accept()))
    page.close(run_before_unload=True)
    page.wait_for_event("close") if not page.is_closed() else None
    assert asked == ["beforeunload"]
