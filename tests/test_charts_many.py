"""How many rows one figure takes, how many figures there are, and what is said of the rest."""

from __future__ import annotations

from typing import Any

import pytest
from chart_results import CHARTS, goal, series
from small_charts import TODAY, row, told

from playbook_helpers.core.assessment import Assessment
from playbook_helpers.drawing.chart import Chart
from playbook_helpers.practices.communication.rows import AudienceRow, MeetingRow, MessageRow
from playbook_helpers.practices.community.rows import ActivityRow, GroupRow
from playbook_helpers.practices.innovation.rows import AssumptionRow, ExperimentRow
from playbook_helpers.practices.learning.rows import MilestoneRow, ReviewRow
from playbook_helpers.practices.resources.rows import LinkRow, NeedRow
from playbook_helpers.practices.sustainability.rows import SourceRow, TaskRow


def charts(practice: str, name: str, key: str, rows: list[Any], **more: list[Any]) -> list[Chart]:
    held = {place: tuple(each) for place, each in {key: rows, **more}.items()}
    return CHARTS[practice][name](Assessment(practice, "x", TODAY, rows=held))


def need(name: str, **more: Any) -> Any:
    return row(NeedRow, name=name, must_have=False, providers=0, coverage=0.0, single_source=False,
               **more)  # fmt: skip


SHARED_OUT: dict[str, tuple[str, str, str, Any, int, int]] = {
    "goals": ("goals", "progress", "progress", goal("g"), 8, 5),
    "partners": (
        "resources", "heatmap", "matrix", {"type": "space", "offers": 1, "firm": 1}, 20, 5,
    ),
    "needs": ("resources", "gaps", "needs", need("n"), 10, 5),
    "activities": (
        "community", "say", "activities",
        row(ActivityRow, name="a", level="ask", level_words="Ask"), 10, 4,
    ),
    "experiments": (
        "innovation", "tests", "experiments", row(ExperimentRow, name="e", value=1.0), 8, 5,
    ),
    "steps": ("learning", "milestones", "milestones", row(MilestoneRow, name="m", planned="2026"),
              10, 5),
    "tasks": ("sustainability", "people", "capacity", row(TaskRow, task="t", able=2), 12, 5),
}  # fmt: skip
"""What rows are -> practice, chart, their key, one of them, rows in a figure, and figures."""


@pytest.mark.parametrize("things", SHARED_OUT)
def test_rows_are_shared_out_over_figures(things: str) -> None:
    practice, name, key, one, most, figures = SHARED_OUT[things]

    def drawn(count: int) -> list[Chart]:
        return charts(practice, name, key, [{**one, "partner": f"p{n}"} for n in range(count)])

    assert [len(drawn(count)) for count in (most, most + 1)] == [1, 2]
    last = drawn(most * figures + 2)
    assert len(last) == figures
    assert last[-1].title.endswith(
        f" ({things} {most * (figures - 1) + 1} to {most * figures} of "
        f"{most * figures + (0 if things == 'activities' else 2)})"
    )
    left = "2 earlier activities are" if things == "activities" else f"2 more {things} are"
    assert left in last[-1].source
    assert all("not drawn" not in chart.source for chart in last[:-1])


def test_what_is_not_drawn_of_activities_is_said_once_below_the_last_figure() -> None:
    known = [row(ActivityRow, name="a", level="ask", level_words="Ask")] * 11
    first, last = charts("community", "say", "activities", [*known, row(ActivityRow, name="b")])
    assert "level is not known: 1." in last.source
    assert "not known" not in first.source
    assert "earlier" not in last.source


@pytest.mark.parametrize(("count", "figures"), [(8, 1), (9, 2), (80, 10)])
def test_eight_items_are_in_one_figure_and_none_is_left_out(count: int, figures: int) -> None:
    items = [told(4.0, words=f"w{n}", reverse=False) for n in range(count)]
    hidden = told(words="h", reverse=False, hidden="few")
    found = charts("trust", "items", "items", [*items, hidden])
    assert len(found) == figures
    assert found[-1].source.endswith(f"Not drawn: 1 of {count + 1} items, which are hidden.")
    assert all("Not drawn" not in chart.source for chart in found[:-1])


@pytest.mark.parametrize(
    ("count", "note"),
    [(12, "Source: Report card"), (13, "1 more goal has values and no picture here. Source"),
     (14, "2 more goals have values and no picture here. Source")],
)  # fmt: skip
def test_twelve_goals_have_a_run_chart(count: int, note: str) -> None:
    names = [f"g{n}" for n in range(count)]
    values = [each for name in names for each in series(name, [("2020", 1)])]
    found = charts("goals", "run", "progress", [goal(name) for name in names], series=values)
    assert len(found) == 12
    assert found[-1].source.startswith(note)
    assert found[0].source == "Source: Report card"


TABLES: dict[str, tuple[str, str, str, Any]] = {
    "assumptions": (
        "innovation", "risk", "assumptions",
        row(AssumptionRow, name="a", importance=1, evidence=1, risk=4, test="none"),
    ),
    "experiments": ("innovation", "board", "experiments",
                    row(ExperimentRow, name="e", state="running")),
    "reviews": ("learning", "lessons", "reviews", row(ReviewRow, name="r", state="open")),
}  # fmt: skip


@pytest.mark.parametrize("things", TABLES)
def test_tables_behind_a_picture_hold_two_hundred_rows(things: str) -> None:
    practice, name, key, one = TABLES[things]
    (full,) = charts(practice, name, key, [one] * 200)
    assert len(full.table.rows) == 200
    assert "200" not in full.table.caption
    (over,) = charts(practice, name, key, [one] * 201)
    assert len(over.table.rows) == 200
    assert over.table.caption.endswith(" (the first 200 of 201)")


def test_sixteen_partners_and_needs_are_in_the_network_and_two_hundred_links_in_its_table() -> None:
    def network(partners: int, needs: int) -> Chart:
        links = [
            row(LinkRow, partner=f"p{n}", need=f"n{n % needs}", share=0.5, status="committed")
            for n in range(partners)
        ]
        rows = [need(f"n{n}") for n in range(needs)]
        (found,) = charts("resources", "network", "needs", rows, links=links)
        return found

    assert network(16, 16).source == ""
    assert network(17, 18).source == "Not drawn: 1 more partners and 2 more needs."
    assert network(200, 1).table.caption == "Who provides what"
    over = network(201, 1).table
    assert (over.caption, len(over.rows)) == ("Who provides what (the first 200 of 201)", 200)


@pytest.mark.parametrize(
    ("name", "key", "one", "most"),
    [
        ("audiences", "audiences", row(AudienceRow, name="a", community=False, influence=1,
                                       interest=1, place="p", reached=True), 24),
        ("overdue", "messages", row(MessageRow, name="m", days_over=1, days_left=0), 16),
        ("meetings", "meetings", row(MeetingRow, name="b", people=1, hours_each=1.0,
                                     hours_all=1.0), 16),
    ],
)  # fmt: skip
def test_so_many_are_drawn_and_the_others_are_in_the_table(
    name: str, key: str, one: Any, most: int
) -> None:
    (full,) = charts("communication", name, key, [one] * most)
    (over,) = charts("communication", name, key, [one] * (most + 2))
    assert len(over.surface.marks) == len(full.surface.marks)
    assert over.surface.height == full.surface.height
    assert len(over.table.rows) == most + 2
    assert "2 more are not drawn; the table has them." in over.source
    assert "not drawn" not in full.source


@pytest.mark.parametrize(
    ("count", "left"), [(20, ""), (21, "1 more groups are in the table only.")]
)
def test_twenty_groups_are_drawn(count: int, left: str) -> None:
    one = {"trait": "Age", "total": 9, "n": 9, "sample_share": 5.0, "community_share": 5.0,
           "source": "", "hidden": "", "waiting": 0, "ratio": 1.0}  # fmt: skip
    rows = [row(GroupRow, **one, group=f"g{n}") for n in range(count)]
    (found,) = charts("community", "missing", "groups", rows)
    assert found.source.startswith(left or "Where")
    assert len(found.table.rows) == count


@pytest.mark.parametrize("count", [12, 13])
def test_the_smaller_sources_are_put_together_with_all_that_they_bring(count: int) -> None:
    rows = [
        row(SourceRow, source=f"s{n}", amount=100.0 / count, signed=50.0 / count, share=1 / count,
            basis="expected", currency="GBP")
        for n in range(count)
    ]  # fmt: skip
    (found,) = charts("sustainability", "sources", "sources", rows)
    assert len(found.table.rows) == count
    if count == 13:
        assert "2 smaller sources together: 15 %, 15 GBP, signed in part." in found.alt
    else:
        assert "together" not in found.alt
