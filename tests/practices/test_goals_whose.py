"""A goal that nobody wrote down: what is found about it asks no work and reproaches nobody."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from playbook_helpers.core.assessment import Assessment, Context, Head
from playbook_helpers.practices.goals import Goal, Measurement, assess
from playbook_helpers.practices.goals.whose import EXERCISE, READING, is_theirs
from playbook_helpers.worksheet.sections.records import record_list

SENTENCE = "by 2020, raise the share of children who can swim from 40% to 60%."


def assessed(goal: Goal, *values: tuple[str, float]) -> Assessment:
    records = [goal, *(Measurement(goal=goal.name, date=d, value=v) for d, v in values)]
    heads = [
        Head(f"record-{n}", f"revision-{n}", r.practice, r.kind, r.payload(), r)
        for n, r in enumerate(records)
    ]
    return assess(heads, Context("town", date(2024, 6, 30), None, ()))


def swim(opening: str = "", **more: Any) -> Goal:
    told = {"unit": "percent", "baseline_value": 40, "baseline_date": "2010"}
    target = {} if opening == READING else {"target_value": 60, "target_date": "2020"}
    sentence = opening + SENTENCE
    return Goal(name="Swim", sentence=sentence, level="outcome", **told, **target, **more)


def severities(assessment: Assessment) -> dict[str, str]:
    return {finding.code: finding.severity for finding in assessment.findings}


def test_only_the_opening_says_that_a_goal_is_nobodys() -> None:
    assert is_theirs(swim())
    assert not is_theirs(swim(EXERCISE))
    assert not is_theirs(swim(READING))
    assert is_theirs(swim(note=EXERCISE))


def test_a_missed_target_is_to_be_acted_on_only_by_those_who_set_it() -> None:
    values = (("2020", 50.0),)  # half of the way
    theirs, nobodys = assessed(swim(), *values), assessed(swim(EXERCISE), *values)
    assert severities(theirs)["past_date"] == "act"
    assert severities(nobodys)["past_date"] == "note"
    (finding,) = [f for f in nobodys.findings if f.code == "past_date"]
    assert "50% of the way" in finding.sentence
    assert finding.next_step.startswith("Nobody set this target")
    assert finding.question == ""


@pytest.mark.parametrize(
    "values",
    [
        (),
        (("2015", 45.0),),
        (("2020", 50.0),),
        (("2020", 65.0),),
        (("2018", 61.0), ("2020", 55.0)),
        (("2020", 35.0),),
    ],
)
@pytest.mark.parametrize("opening", [EXERCISE, READING])
def test_nothing_about_it_asks_for_action_or_an_owner(
    opening: str, values: tuple[tuple[str, float], ...]
) -> None:
    found = severities(assessed(swim(opening), *values))
    assert "act" not in found.values()
    assert not {"owner_role", "details_missing", "date_passed"} & set(found)
    assert ("incomplete" in found) == (opening == READING)


def test_progress_is_worked_out_as_for_any_goal() -> None:
    values = (("2020", 55.0),)
    rows = [assessed(swim(o), *values).rows["progress"][0] for o in ("", EXERCISE)]
    assert [row["percent"] for row in rows] == [75, 75]


def test_a_no_in_a_table_of_records_is_not_unknown() -> None:
    records = [
        Measurement(goal="Swim", date="2019", value=50),
        Measurement(goal="Swim", date="2020", value=55, series_break=True),
    ]
    html = record_list(Measurement, records).html()
    assert "not known" not in html
    assert html.index(">No<") < html.index(">Yes<")
