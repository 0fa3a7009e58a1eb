"""Community: small groups stay hidden, in one report and in what two reports tell together."""

from __future__ import annotations

from datetime import date
from itertools import product

from chart_results import CHARTS
from community_records import MAKE_UP, SURVEY, assessed, codes, counted
from hypothesis import example, given, settings
from hypothesis import strategies as st

from playbook_helpers.core.assessment import Assessment
from playbook_helpers.core.records import Record
from playbook_helpers.practices.community import Activity, GroupCount, representation, small_cells
from playbook_helpers.worksheet.sections.records import record_list


def test_one_small_group_takes_the_smallest_of_the_community_with_it() -> None:
    community = {"a": 10, "b": 40, "c": 30, "d": 20}
    assert small_cells({"a": 3, "b": 7, "c": 9, "d": 0}, community=community) == {"a", "c"}
    assert small_cells({"a": 3, "b": 9, "c": 7, "d": 0}) == {"a", "b"}, "else in their order"
    assert small_cells({"a": 1, "b": 1, "c": 7}) == {"a", "b", "c"}
    assert small_cells({"a": 5, "b": 0}) == set()
    assert small_cells({"a": 3, "b": 0}) == {"a", "b"}, "else the total would tell"


@settings(max_examples=60, deadline=None)
@example([5, 5, 3])  # were the smallest to go with the 3, a 5 still shown would give 5 and 3 away
@given(st.lists(st.integers(0, 9), min_size=2, max_size=4))
def test_no_hidden_count_follows_from_everything_that_is_shown(counts: list[int]) -> None:
    """Try every sample with the same total: one that shows the same must differ in each
    hidden group, whatever the index and the effective n let a reader work out."""
    names = [f"g{i}" for i in range(len(counts))]
    community = {name: 10.0 + 7 * i for i, name in enumerate(names)}

    def shown(sample: tuple[int, ...]) -> str:
        return repr(representation(dict(zip(names, sample, strict=True)), community))

    mine = shown(tuple(counts))
    total = sum(counts)
    alike = (
        [
            other
            for other in product(range(total + 1), repeat=len(counts))
            if sum(other) == total and shown(other) == mine
        ]
        if total <= 14
        else []
    )
    hidden = small_cells(dict(zip(names, counts, strict=True)), community=community)
    for place, name in enumerate(names):
        if alike and name in hidden:
            assert len({other[place] for other in alike}) > 1, (counts, name)


def test_small_groups_are_in_no_row_no_finding_no_chart_and_no_table() -> None:
    held = assessed(*MAKE_UP, SURVEY, *counted(3, 80, 17))
    rows = {row["group"]: row for row in held.rows["groups"]}
    assert [rows[g]["n"] for g in ("Under 30", "30 to 59", "60 and over")] == [None, 80, None]
    assert "small_groups" in codes(held)
    [chart] = CHARTS["community"]["missing"](held)
    assert "Under 30: hidden, few people; 40 % of the community." in chart.alt
    assert "17" not in chart.table.text()
    listed = record_list(GroupCount, list(counted(3, 80, 17))).text()
    assert "80" not in listed, "single counts are not in documents"
    assert "3" in listed, "only how many lines there are"


FOCUS = Activity(name="Focus group", type="focus_group", date="2026-09", completed=8)
EVENING = Activity(name="Evening", type="meeting", date="2026-10-05", completed=12)


def shown(held: Assessment) -> dict[str, object]:
    return {str(row["group"]): row["n"] for row in held.rows["groups"]}


def test_two_reports_do_not_tell_who_came_in_between() -> None:
    """40 under 30 in August and 41 in October would be one, at a group of eight people."""
    first = [*MAKE_UP, SURVEY, *counted(40, 40, 20)]
    both = [*first, FOCUS, *counted(1, 7, 0, "Focus group")]
    august, october = assessed(*first, as_of=date(2026, 8, 31)), assessed(*both)
    assert shown(october) == shown(august) == {"Under 30": 40, "30 to 59": 40, "60 and over": 20}
    assert codes(october).count("counts_wait") == 1
    assert "1 activity not counted yet" in october.measure("likeness_age").note
    assert october.measure("people").value == 108, "that eight people came is no secret"
    more = assessed(*both, EVENING, *counted(4, 8, 0, "Evening"))
    assert shown(more) == {"Under 30": 45, "30 to 59": 55, "60 and over": 20}, "five came: 1 and 4"
    assert "counts_wait" not in codes(more)


def test_who_is_missing_is_said_of_the_activities_that_are_compared() -> None:
    """One person over 60 came to the group of eight, and that may not be told either."""
    records = [*MAKE_UP, SURVEY, *counted(50, 50, 0), FOCUS, *counted(0, 7, 1, "Focus group")]
    held = assessed(*records)
    [chart] = CHARTS["community"]["missing"](held)
    assert chart.title == "By age, nobody from “60 and over” is in the comparison"
    [missing] = [f for f in held.findings if f.code == "group_missing"]
    assert missing.sentence == (
        "By age, nobody was counted in the activities that are compared of “60 and over” (about 20 "
        "to be expected) among 100 people. Chance alone does not explain that."
    )


@settings(max_examples=60, deadline=None)
@given(
    st.lists(
        st.tuples(*[st.integers(0, 12)] * 3).filter(lambda groups: sum(groups) > 0),
        min_size=2, max_size=6,
    )
)  # fmt: skip
def test_no_two_reports_differ_by_a_few_people_of_one_group(evenings) -> None:  # type: ignore[no-untyped-def]
    """Every two of the reports, one after each activity, for every group both show and the rest."""
    records: list[Record] = [*MAKE_UP]
    reports = []
    for number, groups in enumerate(evenings):
        name, day = f"Evening {number}", f"2026-0{number + 1}-01"
        records += [
            Activity(name=name, type="meeting", date=day, completed=sum(groups)),
            *counted(*groups, name),
        ]
    for number in range(len(evenings)):
        rows = assessed(*records, as_of=date(2026, number + 1, 15)).rows["groups"]
        reports.append(({str(row["group"]): row["n"] for row in rows}, rows[0]["total"]))
    for place, (old, was) in enumerate(reports):
        for new, total in reports[place + 1 :]:
            both = [group for group in old if old[group] is not None and new[group] is not None]
            steps = [new[group] - old[group] for group in both]
            rest = total - was - sum(steps)
            assert all(step == 0 or step >= 5 for step in (*steps, rest)), (old, new)
