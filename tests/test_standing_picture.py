"""The picture that a report opens with: where each line's marks lie, and what its title says."""

from __future__ import annotations

from datetime import date

import pytest

from playbook_helpers.core.assessment import Assessment, Measure
from playbook_helpers.practices import PRACTICES
from playbook_helpers.practices.overview import PracticeSummary
from playbook_helpers.practices.overview.changes import Moved
from playbook_helpers.publish.report.standing_picture import picture_of


def standing(place: int, *moved: Moved, records: int = 1) -> PracticeSummary:
    practice = PRACTICES[place]
    counts = {practice.record_types[0].kind: records}
    made = Assessment(practice.stem, "our-town", date(2026, 11, 30), counts=counts)
    return PracticeSummary(practice, made, None, moved)


def share(place: int, value: float | None, change: float | None = None, note: str = "") -> Moved:
    now = Measure(PRACTICES[place].pictured, "A share", value, "%", 4)
    return Moved("goals", now, None, change, None, note)


@pytest.mark.parametrize(
    ("unit", "value", "place"),
    [
        ("%", 0.0, 0.0),
        ("%", 70.0, 70.0),
        ("%", 105.6, 100.0),
        ("of 5", 1.0, 0.0),
        ("of 5", 3.0, 50.0),
        ("of 5", 5.0, 100.0),
        ("months", 6.0, 50.0),
        ("months", 21.0, 100.0),
    ],
)
def test_a_value_lies_on_its_own_scale(unit: str, value: float, place: float) -> None:
    moved = Moved("trust", Measure(PRACTICES[0].pictured, "A", value, unit, 9))
    (row,) = picture_of([standing(0, moved)], {})["rows"]
    assert (row["now"], row["before"]) == (place, None)


def test_a_change_is_a_ring_before_and_a_dot_now() -> None:
    picture = picture_of([standing(1, share(1, 70.0, 30.0))], {"goals": "goals.html"})
    (row,) = picture["rows"]
    assert (row["before"], row["now"], row["way"]) == (40.0, 70.0, 1)
    assert row["value"] == "70%"
    assert row["page"] == "goals.html"
    assert picture["title"] == "1 of 1 practices moved up, none moved down"


def test_what_may_be_chance_counts_as_no_move_and_says_so() -> None:
    note = "between -0.10 and +0.50 (95 % confidence); within what chance can do"
    picture = picture_of(
        [standing(1, share(1, 70.0, 30.0, note)), standing(2, share(2, 20.0, -5.0))], {}
    )
    assert picture["rows"][0]["way"] == 0
    assert picture["rows"][0]["change"].endswith("may be chance")
    assert picture["title"] == "None of 2 practices moved up, 1 moved down"


def test_an_empty_practice_stays_in_sight_and_is_no_zero() -> None:
    picture = picture_of([standing(0, records=0), standing(1, share(1, None))], {})
    assert [row["now"] for row in picture["rows"]] == [None, None]
    assert [row["value"] for row in picture["rows"]] == ["nothing yet", "not known"]
    assert picture["title"] == "There is no figure for any practice yet"


def test_a_measure_of_which_less_is_better_takes_no_others_place() -> None:
    place = next(n for n, practice in enumerate(PRACTICES) if practice.stem == "communication")
    overdue = Moved("communication", Measure("overdue", "Overdue", 80.0, "%", 5), None, 40.0)
    picture = picture_of([standing(place, share(place, None), overdue)], {})
    assert (picture["rows"][0]["now"], picture["rows"][0]["way"]) == (None, 0)
    assert picture["title"] == "There is no figure for any practice yet"


def test_a_measure_without_an_end_has_no_line() -> None:
    days = Moved("community", Measure(PRACTICES[3].pictured, "Days", 12.0, "days", 4))
    assert picture_of([standing(3, days)], {})["rows"][0]["value"] == "not known"


def test_every_practice_has_a_measure_in_the_picture_among_those_it_shows_first() -> None:
    assert all(practice.pictured in practice.first for practice in PRACTICES)
