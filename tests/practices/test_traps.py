"""The traps that real partnership data set, one test for each, all in one place.

They were met in published statements, survey files and tax forms. The practices' own tests say
more about each; here each is stated once, through what anybody can call.
"""

from __future__ import annotations

import struct
from datetime import date

import pytest

from playbook_helpers.core.assessment import Assessment, Context, Head
from playbook_helpers.core.errors import InputError
from playbook_helpers.core.partnership import Partnership
from playbook_helpers.core.records import Record
from playbook_helpers.core.revisions import new_revision
from playbook_helpers.core.suppression import Cell, Sum, solvable, suppressed
from playbook_helpers.practices.communication import Story, draft, may_be_told
from playbook_helpers.practices.communication.pages import draft_html
from playbook_helpers.practices.community import (
    Activity,
    CommunityGroup,
    GroupCount,
    representation,
)
from playbook_helpers.practices.goals import Goal, Measurement, check_statement, progress
from playbook_helpers.practices.kinds import practice_named
from playbook_helpers.practices.sustainability import concentration, hhi
from playbook_helpers.practices.trust import cronbach_alpha
from playbook_helpers.storage.files import package_files

CONTEXT = Context("our-town", date(2026, 10, 31), Partnership(name="Our Town"))


def heads(*records: Record) -> list[Head]:
    return [
        Head(f"{r.kind}-{n}", f"v{n}", r.practice, r.kind, r.payload(), r)
        for n, r in enumerate(records)
    ]


def assessed(stem: str, *records: Record) -> Assessment:
    return practice_named(stem).assess(heads(*records), CONTEXT)


def cautions(statement: str) -> set[str]:
    return {warning.code for warning in check_statement(statement).warnings}


def test_an_item_worded_the_other_way_is_turned_round_before_alpha() -> None:
    """Two items that say the same: variance of the totals 4 times one's, alpha 1; unturned, the
    totals are all 6 and there is none."""
    same = [[a, a] for a in (1, 2, 3, 4, 5, 1, 2, 3, 4, 5)]
    other_way = [[a, 6 - a] for a, _ in same]
    assert cronbach_alpha(other_way, reverse=(1,)) == cronbach_alpha(same) == pytest.approx(1)
    with pytest.raises(InputError, match="total is the same"):
        cronbach_alpha(other_way)


def test_whole_numbers_of_64_bits_read_as_fractions_are_no_amounts() -> None:
    misread = [struct.unpack("<d", struct.pack("<q", n))[0] for n in (250_000, 750_000)]
    with pytest.raises(InputError, match="64 bits"):
        hhi(misread)
    with pytest.raises(InputError, match="outside the scale"):
        cronbach_alpha([misread] * 10)


POVERTY = Goal(
    name="Poverty", sentence="Cut it", level="outcome", unit="percent",
    baseline_value=14.5, baseline_date="2015", target_value=7.25, target_date="2030",
)  # fmt: skip


def measured(*points: tuple[str, float], broken: str = "") -> list[Record]:
    return [
        Measurement(goal="Poverty", date=when, value=value, series_break=when == broken)
        for when, value in points
    ]


def the_goal(*points: tuple[str, float], broken: str = "") -> dict[str, object]:
    [row] = assessed("goals", POVERTY, *measured(*points, broken=broken)).rows["progress"]
    return dict(row)


def test_a_series_break_is_not_bridged() -> None:
    row = the_goal(("2019", 10), ("2022", 7), broken="2022")
    assert (row["status"], row["percent"], row["pace"]) == ("series_break", None, None)


def test_a_target_that_was_met_and_lost_is_not_met() -> None:
    """Canada: 6.4 % in 2020, under the target of 7.25 %; 10.2 % in 2023."""
    assert the_goal(("2020", 6.4), ("2023", 10.2))["status"] == "met_then_lost"


def test_down_is_the_right_way_where_the_target_is_lower() -> None:
    """14.5 to 10.875 is half of the way to 7.25; 15.95 is 10 % off the other way."""
    assert progress(14.5, 10.875, 7.25).percent == pytest.approx(50)
    away = progress(14.5, 15.95, 7.25)
    assert (away.status, away.percent, away.away_percent) == (
        "getting_worse", None, pytest.approx(10),
    )  # fmt: skip


def test_a_target_equal_to_the_baseline_divides_by_nothing() -> None:
    assert (progress(95, 95, 95).status, progress(95, 95, 95).percent) == ("kept", None)
    assert progress(0, 0, 0).status == "kept"
    assert progress(0, 1, 0).status == "not_kept"


def test_fewer_than_five_are_hidden_and_cannot_be_subtracted() -> None:
    cells = {"Schools": Cell(3), "City": Cell(9), "Firms": Cell(7), "all": Cell(19)}
    sums = [Sum("all", ("Schools", "City", "Firms"))]
    hidden = suppressed(cells, sums)
    assert set(hidden) == {"Schools", "City"}
    assert solvable(sums, hidden) == set()
    groups = representation({"a": 3, "b": 9, "c": 7}, {"a": 50, "b": 20, "c": 30}).groups
    assert [group.n for group in groups] == [None, None, 7]


def test_a_consent_taken_back_ends_at_once_everywhere() -> None:
    given = {"name": "Geese", "text": "They came back", "consent": True, "scope": "public",
             "expires": "2990", "reviewed": True}  # fmt: skip
    day = CONTEXT.as_of
    assert may_be_told(Story(**given), "public", day)  # type: ignore[arg-type]
    story = Story(**given, withdrawn=True)  # type: ignore[arg-type]
    assert not may_be_told(story, "inside", day)
    made = draft(heads(story), CONTEXT, scope="inside")
    assert "They came back" not in made.markdown() + draft_html(made)
    result = assessed("communication", story)
    assert "They came back" not in str(result.to_json())
    files = package_files("our-town", [new_revision("our-town", story)])
    assert all(b"They came back" not in _bytes(body) for body in files.values())


def _bytes(body: str | bytes) -> bytes:
    return body.encode() if isinstance(body, str) else body


def test_grants_of_nothing_or_less_are_no_sources() -> None:
    found = concentration({"City": 60, "Bank": 40, "Paid back": -500, "Refused": 0})
    # 0.6^2 + 0.4^2
    assert (round(found.hhi, 2), found.largest_share) == (0.52, 0.6)
    assert (found.sources, found.left_out) == (2, 2)


def test_two_goals_in_one_sentence_are_told_apart() -> None:
    assert "two_goals" in cautions("Cut waiting times by 10 days and raise morale by 2027")
    assert "two_goals" not in cautions("Raise the share of food that is safe and fresh to 60 %")


def test_a_percent_of_a_percentage_is_asked_about_and_points_are_not() -> None:
    assert "percent_of_percent" in cautions("Increase the graduation rate by 10% by 2027")
    points = "Increase the graduation rate by 10 percentage points from 70% to 80% by 2027"
    assert "percent_of_percent" not in cautions(points)


def test_a_reduction_needs_the_year_it_starts_from() -> None:
    assert "no_base" in cautions("Reduce emissions by 40% by 2030")
    assert "no_base" not in cautions("Reduce emissions by 40% from 1990 levels by 2030")


def test_parts_that_add_up_to_more_than_the_whole_are_said() -> None:
    result = assessed(
        "community",
        Activity(name="Survey", type="survey", completed=50),
        CommunityGroup(trait="Age", group="Young", people=60),
        CommunityGroup(trait="Age", group="Old", people=45),
        GroupCount(activity="Survey", trait="Age", group="Young", people=30),
        GroupCount(activity="Survey", trait="Age", group="Old", people=31),
    )
    said = {finding.code: finding.sentence for finding in result.findings}
    assert "add up to 61 people, and 50 took part" in said["groups_over_total"]
    assert "add up to 105" in said["shares_over_100"]


def test_two_sources_that_disagree_are_both_named() -> None:
    """Poverty in 2023 is 10.2 % by one table and 10.4 % by another."""
    result = assessed("goals", POVERTY, *measured(("2023", 10.2), ("2023", 10.4)))
    [said] = [f for f in result.findings if f.code == "measured_twice"]
    assert "10.2 and 10.4" in said.sentence
    assert "If two sources disagree" in said.next_step
