"""The goals findings: what is said, what it asks for next, and where it asks for nothing."""

from __future__ import annotations

import json
from datetime import date
from typing import Any

import pytest
from goal_records import CONTEXT, codes, goal, head, row, the, values, worked_out

from playbook_helpers.core.assessment import Context, Head
from playbook_helpers.core.partnership import Partnership
from playbook_helpers.practices.goals import IndicatorSheet, assess


def test_a_measurement_that_names_no_goal_is_said_with_the_nearest_name() -> None:
    result = worked_out(goal(), *values("Povrety", ("2025", 12)))
    finding = the(result, "names_no_goal")
    assert "“Povrety”" in finding.sentence
    assert "Did you mean “Poverty”?" in finding.sentence
    assert finding.records == ("measurement-00001",)
    assert row(result)["status"] == "no_measurement"


def test_two_goals_of_one_name_are_told_apart() -> None:
    result = worked_out(goal(), goal("POVERTY "), *values("Poverty", ("2025", 12)))
    assert the(result, "same_name").records == ("goal-00000", "goal-00001")
    assert [r["measurements"] for r in result.rows["progress"]] == [1, 0]


def test_two_values_for_one_date_are_said() -> None:
    result = worked_out(goal(), *values("Poverty", ("2025", 12), ("2025", 13)))
    assert "12 and 13" in the(result, "measured_twice").sentence
    assert row(result)["latest_value"] == 13


def test_a_partnership_with_nothing_gets_kind_words() -> None:
    result = worked_out(context=Context("new", date(2026, 1, 1), Partnership(name="New")))
    assert codes(result) == {"start_here"}
    assert all(m.value is None and m.note for m in result.measures)
    assert all(rows == () for rows in result.rows.values())
    json.dumps(result.to_json(), allow_nan=False)


def test_orphans_alone_do_not_trip_it() -> None:
    sheet = IndicatorSheet(goal="Gone", name="Share")
    assert codes(worked_out(sheet, *values("Gone", ("2020", 1)))) == {"start_here", "names_no_goal"}


def test_cards_that_cannot_be_read_or_have_rivals_are_said() -> None:
    good = head(goal(), 0, rivals=("other",))
    bad = Head("r", "v", "goals", "goal", {"name": "Odd"}, None, problem="sentence is empty")
    result = assess([good, bad], CONTEXT)
    assert "sentence is empty" in the(result, "unreadable").sentence
    assert the(result, "two_versions").records == ("goal-00000",)


def test_a_date_that_passed_without_the_target_is_said_once() -> None:
    late = goal(sentence="Halve poverty by 2020", target_date="2020")
    result = worked_out(late, *values("Poverty", ("2020", 10)))
    assert "it was not reached" in the(result, "past_date").sentence
    assert "date_passed" not in codes(result)
    long_ago = worked_out(late, *values("Poverty", ("2017", 10)))
    assert "nobody has written down how it ended" in the(long_ago, "past_date").sentence


@pytest.mark.parametrize(
    ("changed", "pairs"),
    [({}, [("2019", 7)]), ({"target_value": 14.5}, [("2019", 14.5)]),
     ({"baseline_value": None, "direction": "down"}, [("2019", 7)])],
)  # fmt: skip
def test_a_date_that_passed_is_no_news_beside_a_target_that_was_met(
    changed: dict[str, Any], pairs: list[tuple[str, float]]
) -> None:
    for sentence in ("Halve poverty by 2020", "Less poverty"):
        facts = {"sentence": sentence, "target_date": "2020", **changed}
        result = worked_out(goal(**facts), *values("Poverty", *pairs))
        assert codes(result) & {"target_met", "kept"}
        assert not codes(result) & {"date_passed", "past_date"}
    never = worked_out(goal(target_date="2020"))
    assert "its date has passed" in the(never, "no_measurement").sentence
    assert "date_passed" not in codes(never)


def test_a_speed_of_long_ago_is_not_said_to_go_well() -> None:
    lately = worked_out(goal(), *values("Poverty", ("2025-09", 10)))
    assert "on_pace" in codes(lately)
    assert lately.measure("on_pace").value == 1
    # Newport, Kentucky: last measured in 2011, looked at in 2016.
    long_ago = worked_out(goal(), *values("Poverty", ("2021", 10)))
    assert row(long_ago)["pace"] == "ahead"
    assert "on_pace" not in codes(long_ago)
    assert "from 2021" in the(long_ago, "stale").sentence
    measure = long_ago.measure("on_pace")
    assert (measure.value, measure.n) == (None, 0)
    assert "more than a year old" in measure.note


def test_a_partnership_that_has_ended_is_asked_for_no_work() -> None:
    over = Partnership(name="100,000 Homes", starts="2010-07", ends="2014-07", facts_until="2014")
    cities = ("San Diego", "San Antonio", "Detroit", "Atlanta")
    records = [goal(city, target_value=None, target_date=None, baseline_date="2012-05",
                    baseline_value=20) for city in cities]  # fmt: skip
    measured = [m for city in cities for m in values(city, ("2012-08", 15))]
    result = worked_out(
        *records,
        *measured,
        goal(
            "Homes",
            baseline_date="2010",
            target_date="2013",
            owner_organisation="Community Solutions",
        ),
        *values("Homes", ("2014", 12)),
        context=Context("100000-homes", date(2014, 12, 31), over),
    )
    assert {f.severity for f in result.findings} == {"note"}
    stale = [f for f in result.findings if f.code == "stale"]
    assert len(stale) == 1
    assert stale[0].sentence == (
        "The latest values of “San Diego”, “San Antonio”, “Detroit” and “Atlanta” are from more "
        "than a year before the end."
    )
    assert len(stale[0].records) == 4
    incomplete = the(result, "incomplete")
    assert len(incomplete.records) == 4
    assert "looking back" in incomplete.sentence
    assert (incomplete.better, incomplete.question) == ("", "")
    assert not codes(result) & {"details_missing", "owner_role", "no_sheet"}
    assert "new date" not in the(result, "past_date").next_step
    # The same records, looked at while the work went on, do ask for it.
    before = worked_out(*records, *measured, context=Context("x", date(2014, 6, 30), over))
    assert {f.severity for f in before.findings if f.code == "stale"} == {"look"}
    assert sum(f.code == "incomplete" for f in before.findings) == 4


def test_what_is_alike_for_several_goals_is_said_once() -> None:
    dreams = [goal(n, level="vision", target_value=None, sentence="All thrive") for n in "AB"]
    aims = [goal(n, owner_role="Lead", indicator="Rate") for n in ("Reading", "Play")]
    result = worked_out(*dreams, *aims)
    assert the(result, "vision").sentence.startswith("“A” and “B” are visions. They need no")
    details = the(result, "details_missing")
    assert details.sentence.startswith("“Reading” and “Play”: not yet said: where the numbers")
    assert details.records == ("goal-00002", "goal-00003")
    bare = worked_out(goal())
    assert "incomplete" in codes(bare)
    assert "details_missing" not in codes(bare)


def test_a_value_is_said_with_what_it_counts() -> None:
    # A wait of 14 weeks, to come down to 6.
    facts = {"unit": "number", "unit_words": "weeks", "baseline_value": 14, "target_value": 6}
    result = worked_out(goal("Wait", **facts), *values("Wait", ("2025-06", 6), ("2026-06", 8)))
    assert the(result, "met_then_lost").sentence == (
        "Wait: the target of 6 weeks was met in June 2025 (6) and lost again: 8 in June 2026."
    )
    one = goal("Wait", **{**facts, "target_value": 1})
    assert (
        "target of 1 week is met"
        in the(worked_out(one, *values("Wait", ("2026-06", 1))), "target_met").sentence
    )


def test_every_finding_says_what_to_do_next_and_names_its_records() -> None:
    result = worked_out(
        goal(),
        goal("Output", level="output", sentence="Hold 3 events"),
        *values("Poverty", ("2020", 15), ("2030", 1)),
        *values("Nothing", ("2020", 1)),
        IndicatorSheet(goal="Poverty", name="Rate"),
    )
    for finding in result.findings:
        assert finding.next_step
        assert finding.records, finding.code
