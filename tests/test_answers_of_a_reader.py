"""A reader's own answers, worked out where no store is: the same functions as in a report."""

from __future__ import annotations

import json
from collections.abc import Mapping
from datetime import date
from typing import Any

import pytest

from playbook_helpers.core.errors import InputError, NotFound
from playbook_helpers.core.partnership import Decision, Partner, Partnership
from playbook_helpers.core.records import Record
from playbook_helpers.core.revisions import new_revision
from playbook_helpers.practices.goals import Goal, Measurement
from playbook_helpers.practices.trust import CheckIn, ClosedRound, Turnout
from playbook_helpers.practices.trust.items import ITEMS
from playbook_helpers.worksheet.sections.answers import (
    changed,
    draw,
    read_answers,
    read_goal,
    slot,
    try_out,
    work_out,
)

TODAY = date(2026, 12, 1)
GOAL = Goal(
    name="Warm rooms",
    sentence="Fewer cold homes by 2029.",
    level="outcome",
    unit="number",
    direction="down",
    baseline_value=40.0,
    baseline_date="2025-01",
    target_value=10.0,
    target_date="2029",
)
HALF_WAY = Measurement(goal="Warm rooms", date="2026-11", value=25.0)


def held(*records: Record) -> list[Mapping[str, Any]]:
    return [new_revision("our-town", record).to_json() for record in records]


def answers(stem: str, *records: Record, name: str = "Our Town") -> Any:
    return read_answers(stem, "our-town", name, held(*records), TODAY)


def test_the_partnership_goes_by_what_the_reader_calls_it_until_it_is_written_down() -> None:
    assert "Our Town" in draw(answers("goals"), "title", (), {})
    written = answers("goals", Partnership(name="Town of Ours"))
    assert "Town of Ours" in draw(written, "title", (), {})


def test_it_stands_on_the_readers_own_day_or_the_day_of_the_last_facts() -> None:
    assert "1 December 2026" in draw(answers("goals"), "title", (), {})
    ended = answers("goals", Partnership(name="Old", facts_until="2014-06"))
    assert "30 June 2014" in draw(ended, "title", (), {})


def test_half_of_the_way_is_half_of_the_way() -> None:
    found = answers("goals", GOAL, HALF_WAY)
    # From 40 to 25 of 40 to 10: 15 of 30.
    assert "50% of the way" in draw(found, "chart", ("progress",), {})
    assert found.own == 2


def test_own_answers_are_those_of_the_worksheet_and_of_all_in_the_overview() -> None:
    records = (GOAL, HALF_WAY, Partner(name="Library", sector="government"))
    assert answers("goals", *records).own == 2
    assert answers("trust", *records).own == 0
    assert answers("overview", *records).own == 3


def test_the_overview_reads_every_worksheet() -> None:
    found = answers(
        "overview", GOAL, Decision(worksheet="goals", date="2026-11-01", decided="Ask the council")
    )
    assert "Ask the council" in draw(found, "next", (), {})
    assert "Clear goals" in draw(found, "gaps", (), {})


def test_what_cannot_be_read_is_counted_and_hides_nothing() -> None:
    good, bad = held(GOAL, HALF_WAY)
    found = read_answers("goals", "our-town", "", [good, {**bad, "schema_version": 10_000}], TODAY)
    assert (found.own, found.unread) == (1, 1)


def full(number: int) -> CheckIn:
    return CheckIn.model_validate({"round": "2026-12"} | {i.name: str(number) for i in ITEMS})


def told(found: Any) -> set[str]:
    """The names of the measures from 1 to 5 that have a value."""
    return {
        m.name
        for m in found.picture.assessment.measures
        if m.value is not None and m.unit == "of 5"
    }


COUNTS = [Turnout(round="2026-12", organisation=name, answers=3) for name in ("City", "School")]


@pytest.mark.parametrize("closing", [[ClosedRound(round="2026-12")], COUNTS])
def test_a_round_shows_nothing_until_it_is_closed_by_hand_or_by_the_count(
    closing: list[Record],
) -> None:
    given = [full(3 + n % 2) for n in range(6)]
    assert told(answers("trust", *given)) == set()
    assert told(answers("trust", *given, *closing)) >= {"general", "care"}


def test_a_round_of_four_shows_nothing_closed_or_not() -> None:
    given = [full(3 + n % 2) for n in range(4)]
    assert told(answers("trust", *given, ClosedRound(round="2026-12"))) == set()


def test_a_what_if_starts_within_its_limits_and_takes_nothing_beyond_them() -> None:
    chosen = answers("goals", GOAL, HALF_WAY).picture.what_if("pace")
    first = try_out(chosen, {})
    slider = next(c for c in first["controls"] if not c["options"])
    assert slider["low"] <= slider["value"] <= slider["high"]
    for absurd in (1e99, -1e99, "<b>", None, True and float("nan")):
        again = try_out(chosen, {slider["name"]: absurd})
        assert again["controls"] == first["controls"]
        assert again["html"] == first["html"]
    moved = try_out(chosen, {slider["name"]: slider["high"]})
    assert moved["html"] != first["html"]


def test_a_goal_that_there_is_none_of_starts_with_one_that_there_is() -> None:
    chosen = answers("goals", GOAL, HALF_WAY).picture.what_if("pace")
    lists = [c for c in try_out(chosen, {"goal": "Nobody's"})["controls"] if c["options"]]
    assert [c["value"] for c in lists] == ["Warm rooms"]


def test_there_is_no_section_of_any_other_name() -> None:
    found = answers("goals", GOAL)
    for name in ("__class__", "assessment", "what_ifs", "invented", ""):
        with pytest.raises(InputError):
            draw(found, name, (), {})
    with pytest.raises(NotFound):
        draw(found, "chart", ("nothing",), {})


def test_what_has_changed_is_told_three_at_a_time() -> None:
    before = {"Goals": "1 goal", "No date.": ""}
    assert changed(before, before) == ""
    now = {"Goals": "2 goals", "No owner.": ""}
    assert changed(before, now) == "Goals: 2 goals. No owner. No longer said: No date."
    many = {f"Line {n}.": "" for n in range(5)}
    assert changed({}, many) == "Line 0. Line 1. Line 2. And 2 more changes."
    assert changed({}, {**many, "Goals": ""}).endswith("And 3 more changes.")
    assert changed({}, dict(list(many.items())[:4])).endswith("And 1 more change.")


def test_a_sentence_is_read_for_people_to_confirm() -> None:
    read = read_goal("By July 2028, the school will lower hunger from 22% to 10%.")
    assert read == {
        "metric": "hunger",
        "direction": "down",
        "baseline": "22%",
        "target": "10%",
        "deadline": "2028-07",
        "owner": "the school",
    }
    assert read_goal("We want less hunger.").keys() <= {"metric", "direction"}


def test_only_what_is_sure_is_read() -> None:
    read = read_goal("Four Corners Council will bring places from 12 (2025) to 30 by spring 2028.")
    assert (read["owner"], read["baseline"], read["target"]) == ("Four Corners Council", 12, 30)
    assert (read["baseline_date"], read["deadline"]) == ("2025", "2028-05")
    assert "target" not in read_goal("Cut crime by 20% by 2028"), "a change is no amount to reach"
    assert "owner" not in read_goal("We will plant 40 trees")
    assert "baseline" not in read_goal("Readiness 48 to 61% by 2031"), "it could be a range"


def test_a_request_is_answered_in_json() -> None:
    asked = {
        "practice": "goals",
        "slug": "our-town",
        "name": "Our Town",
        "today": "2026-12-01",
        "revisions": held(GOAL, HALF_WAY),
        "parts": [["measures", [], {}], ["what_if", ["pace"], {}]],
        "values": {},
        "before": {},
    }
    answer = json.loads(work_out(json.dumps(asked)))
    measures, what_if = answer["parts"]
    assert "<table" in measures
    assert what_if["controls"]
    assert answer["changed"] == ""
    one = json.loads(work_out(json.dumps({**asked, "what_if": "pace", "values": {"pace": {}}})))
    assert one == what_if
    read = json.loads(work_out(json.dumps({"read_goal": "From 22% to 10%.", "partners": []})))
    assert read["target"] == "10%"
    said = "double up lifts places from 12 to 30 by 2028 (double up)"
    named = {"read_goal": said, "partners": ["Double Up"]}
    assert json.loads(work_out(json.dumps(named)))["target"] == 30, "the name is no multiple"
    read = json.loads(work_out(json.dumps({**named, "read_goal": "double up will open 3 flats"})))
    assert read["owner"] == "double up"
    read = json.loads(work_out(json.dumps({**named, "read_goal": said, "partners": []})))
    assert "owner" not in read


def test_a_slot_says_how_it_is_drawn_and_escapes_it() -> None:
    html = slot("<p>One</p>", ("chart", 'a"b'), {"goal": "<b>"})
    assert '"' not in html.split('data-part="')[1].split('"')[0]
    assert "<b>" not in html
    assert html.endswith("<p>One</p></div>")
