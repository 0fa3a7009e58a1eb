"""What charts say and measure, where one case turns into the next: the ticks of their scales, the
room of their names, and the words of titles, notes and tables."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest
from chart_results import CHARTS, goal, series
from small_charts import TODAY, chart_of, row, told

from playbook_helpers.core.assessment import Assessment, Measure
from playbook_helpers.drawing.chart import Chart
from playbook_helpers.drawing.style import INK, TEAL, VERMILLION
from playbook_helpers.drawing.surface import Circle, Line, Shape, Words
from playbook_helpers.practices.communication.rows import AudienceRow, MessageRow
from playbook_helpers.practices.community.rows import ActivityRow, GroupRow
from playbook_helpers.practices.goals.charts.runs import _span, _time_span, _time_ticks
from playbook_helpers.practices.innovation.charts.risks import risk_charts
from playbook_helpers.practices.innovation.rows import AssumptionRow, ExperimentRow, MovedRow
from playbook_helpers.practices.learning.rows import MilestoneRow
from playbook_helpers.practices.resources.rows import LinkRow, NeedRow
from playbook_helpers.practices.sustainability.charts.months import runway_chart
from playbook_helpers.practices.sustainability.rows import MonthRow, SourceRow, TaskRow, TornadoRow


def words(chart: Chart) -> list[str]:
    return [mark.text for mark in chart.surface.marks if isinstance(mark, Words)]


def lasting(count: int) -> Chart:
    """A runway that lasts so many months from January 2027."""
    months = [
        row(MonthRow, case="expected", month=f"{2027 + n // 12}-{n % 12 + 1:02d}", income=0.0,
            cost=1.0, free=float(count - n), held=0.0, out=False, source="", currency=None)
        for n in range(count)
    ]  # fmt: skip
    (chart,) = runway_chart(months)
    return chart


@pytest.mark.parametrize(
    ("months", "step"),
    [(5, 1), (6, 2), (10, 2), (11, 3), (15, 3), (16, 6), (30, 6), (31, 12), (60, 12), (61, 24),
     (120, 24), (121, 60), (300, 60), (301, 120), (600, 120), (601, 240), (1200, 240), (1201, 240)],
)  # fmt: skip
def test_at_most_five_months_stand_on_the_scale_where_that_can_be(months: int, step: int) -> None:
    marks = [text for text in words(lasting(months)) if text[:3].isalpha() and text[-4:].isdigit()]
    assert len(marks) == -(-months // step)


@pytest.mark.parametrize(
    ("span", "whole", "ticks"),
    [
        ((2020.0, 2025.0), True, ["2020", "2021", "2022", "2023", "2024", "2025"]),
        ((2020.0, 2026.0), True, ["2020", "2022", "2024", "2026"]),
        ((2019.0, 2029.0), True, ["2019", "2021", "2023", "2025", "2027", "2029"]),
        ((2001.0, 2026.0), True, ["2005", "2010", "2015", "2020", "2025"]),
        ((2001.0, 2027.0), True, ["2010", "2020"]),
        ((1950.0, 2000.0), True, ["1950", "1960", "1970", "1980", "1990", "2000"]),
        ((1950.0, 2001.0), True, ["1960", "1980", "2000"]),
        ((1950.0, 2051.0), True, ["1950", "2000", "2050"]),
        ((1500.0, 2000.0), True, ["1500", "1600", "1700", "1800", "1900", "2000"]),
        ((1500.0, 2100.0), True, ["1500", "2000"]),
        # Two and a half years are years; less are months, four of them at most.
        ((2020.0, 2022.5), False, ["2021", "2022", "2023"]),
        ((2020.0, 2022.49), False, ["Dec 2020", "Aug 2021", "Apr 2022", "Dec 2022"]),
        ((2020.0, 2020.34), False, ["Dec 2020", "Feb 2021", "Apr 2021"]),
        ((2020.1, 2020.34), False, ["Feb 2021", "Mar 2021", "Apr 2021"]),
    ],
)  # fmt: skip
def test_years_or_months_on_the_scale_of_a_run_chart(
    span: tuple[float, float], whole: bool, ticks: list[str]
) -> None:
    assert [text for _, text in _time_ticks(span, whole)] == ticks


def test_a_year_known_alone_stands_at_its_end_and_among_months_at_its_first_day() -> None:
    assert _time_ticks((2020.0, 2023.0), True)[0] == (2020, "2020")
    assert _time_ticks((2020.0, 2023.0), False)[0] == (2020, "2021")


def test_values_have_room_above_and_below_them() -> None:
    assert _span([], 0.1, 1.0) == (0.0, 1.0)
    assert _span([10, 20], 0.1, 1.0) == (9, 21)
    # Where all are alike a tenth of them, or half of the least room.
    assert _span([50], 0.1, 1.0) == (45, 55)
    assert _span([-50], 0.1, 1.0) == (-55, -45)
    assert _span([0], 0.1, 1.0) == (-0.5, 0.5)
    assert _span([1e12, 1e12 + 1], 0.1, 1.0) == pytest.approx((9e11, 1.1e12))
    assert _time_span([]) == (-1.5, 1.5)
    assert _time_span([2020.0, 2020.002]) == (2018.5, 2021.5)
    assert _time_span([2020.0, 2021.0]) == (2019.96, 2021.04)


@pytest.mark.parametrize(("count", "size"), [(25, 7), (26, 4)])
def test_more_than_twenty_five_values_have_small_marks(count: int, size: int) -> None:
    values = series("g", [(str(2000 + n), n) for n in range(count)])
    (chart,) = CHARTS["goals"]["run"](
        Assessment("goals", "x", TODAY, rows={"progress": (goal("g"),), "series": tuple(values)})
    )
    assert {m.radius * 2 for m in chart.surface.marks if isinstance(m, Circle)} == {size}


@pytest.mark.parametrize(("count", "labelled"), [(12, True), (13, False)])
def test_up_to_twelve_values_are_written_beside_their_marks(count: int, labelled: bool) -> None:
    values = series("g", [(str(2000 + n), 100 * n) for n in range(count)])
    (chart,) = CHARTS["goals"]["run"](
        Assessment("goals", "x", TODAY, rows={"progress": (goal("g", unit="number"),),
                                              "series": tuple(values)})
    )  # fmt: skip
    assert ("300" in words(chart)) == labelled


# Room for names ---------------------------------------------------------------------------------

LONG = "x" * 200
ROOM: dict[str, tuple[str, str, str, dict[str, Any], float]] = {
    # The paper is 5.4 inches wide; what stands beside a name takes the rest.
    "sectors": ("trust", "sectors", "sectors", told(3.0, label=LONG), 5.12 - 1.5),
    "progress": ("goals", "progress", "progress", goal(LONG), 3.45),
    "gaps": ("resources", "gaps", "needs",
             row(NeedRow, name=LONG, must_have=False, providers=0, coverage=0.0), 5.34 - 1.1),
    "missing": ("community", "missing", "groups",
                row(GroupRow, trait="Age", group=LONG, community_share=5.0, total=9, hidden="",
                    source=""), 5.1),
    "say": ("community", "say", "activities",
            row(ActivityRow, name=LONG, level="ask", level_words="Ask"), 5.24 - 1.35),
    "trials": ("innovation", "tests", "experiments", row(ExperimentRow, name=LONG, value=1.0), 3.4),
    "overdue": ("communication", "overdue", "messages",
                row(MessageRow, name=LONG, days_over=1, days_left=0), 5.24 - 1.45),
    "steps": ("learning", "milestones", "milestones", row(MilestoneRow, name=LONG, planned="2026"),
              5.34),
    "sources": ("sustainability", "sources", "sources",
                row(SourceRow, source=LONG, amount=1.0, signed=1.0, share=1.0, basis="expected"),
                5.3 - 1.75),
    "people": ("sustainability", "people", "capacity", row(TaskRow, task=LONG, able=1), 5.3 - 1.7),
    "tornado": ("sustainability", "tornado", "tornado",
                row(TornadoRow, assumption=LONG, at_low=0.5, at_high=2.0, width=1.5, central=1.0),
                5.3),
    "agreement": ("trust", "agreement", "agreement",
                  {"words": LONG, "state": "partly", "state_words": "Partly", "where": None},
                  5.34 - 0.45),
}  # fmt: skip


@pytest.mark.parametrize("what", ROOM)
def test_a_name_without_a_space_is_broken_where_its_room_ends(what: str) -> None:
    practice, name, key, one, room = ROOM[what]
    rows = {"agreement": [one], "series": []} if what == "agreement" else {key: [one]}
    chart = chart_of(practice, name, **rows)
    first = next(text for text in words(chart) if text.startswith("xxx"))
    # A letter takes 0.58 of the size of its type, 12 points; one place is left free.
    assert len(first) == int(room * 72 / (12 * 0.58)) - 1


# Titles, notes and cells ------------------------------------------------------------------------


def message(days: int, **more: Any) -> Any:
    return row(MessageRow, name="m", days_over=max(0, days), days_left=max(0, -days), **more)


def test_one_day_over_is_late_and_red() -> None:
    chart = chart_of("communication", "overdue", messages=[message(1), message(0)])
    assert chart.title == "1 of 2 messages is late: m"
    bars = [m.fill for m in chart.surface.marks if isinstance(m, Shape)]
    assert (bars.count(VERMILLION), bars.count(TEAL)) == (1, 1)


def audience(name: str, **more: Any) -> Any:
    given = {"community": False, "influence": 1, "interest": 1, "place": "p", "messages": 0,
             "reached": True, "can_answer": True}  # fmt: skip
    return row(AudienceRow, name=name, **given | more)


@pytest.mark.parametrize(
    ("held", "title"),
    [
        ([audience("a", reached=False, influence=4)],
         "Of much influence, and without a message: a"),
        ([audience("a", reached=False, influence=3)], "Without a message of their own: a"),
        ([audience("a", influence=5)], "Every audience has a message of its own"),
        ([audience("a", community=True, can_answer=False), audience("b", reached=False)],
         "Told, and cannot answer: a"),
        ([audience("a", can_answer=False)], "Every audience has a message of its own"),
    ],
)  # fmt: skip
def test_whom_the_partnership_owes_a_word(held: list[Any], title: str) -> None:
    assert chart_of("communication", "audiences", audiences=held).title == title


def test_an_audience_has_a_place_where_both_numbers_are_known() -> None:
    held = [audience("a"), audience("b", influence=None), audience("c", interest=None)]
    chart = chart_of("communication", "audiences", audiences=held)
    assert chart.source.startswith("Without a place on the map yet: b and c.")
    assert "a: influence" in chart.alt
    assert "b: influence" not in chart.alt


@pytest.mark.parametrize(
    ("held", "title"),
    [
        ([(2.0, 1.5, 2.5), (3.0, 2.6, 3.5)], "a0 at 2.0, a1 at 3.0: their ranges do not meet"),
        ([(2.0, 1.5, 2.5), (3.0, 2.5, 3.5)],
         "Scores of 2 kinds of organisation: their ranges overlap"),
        ([(2.0, 1.5, None), (3.0, None, 3.5)],
         "Scores of 2 kinds of organisation: too few answers to tell them apart"),
        ([(2.0, None, None)], "a0: 2.0 of 5"),
    ],
)  # fmt: skip
def test_kinds_are_told_apart_where_their_ranges_do_not_meet(held: list[Any], title: str) -> None:
    rows = [
        told(value, low=low, high=high, label=f"a{n}") for n, (value, low, high) in enumerate(held)
    ]
    assert chart_of("trust", "sectors", sectors=rows).title == title


def test_a_part_is_called_lower_where_the_same_people_put_it_lower() -> None:
    def title(*lower_than: str) -> str:
        rows = [told(3.0, scale="general", label="Trust")]
        for n, than in enumerate(lower_than):
            rows.append(told(2.0 + n, scale=f"s{n}", label=f"Part {n}", lower_than=than))
        return chart_of("trust", "scales", scales=rows).title

    assert title("", "", "") == "Trust stands at 3.0 of 5", "the means alone say nothing"
    assert title("Part 2", "", "").endswith("; part 0 is lower than part 2")
    assert title("Part 2", "Part 2", "").endswith("; part 0 and part 1 are lower than part 2")


@pytest.mark.parametrize(
    ("change", "title"),
    [
        (Measure("change", "c", -0.5, low=-0.9, high=-0.1),
         "Trust fell by 0.5, more than chance would explain"),
        (Measure("change", "c", 0.5, low=-0.9, high=1.0, note="noise"),
         "Trust moved by +0.5; the true change may be anything from -0.9 to +1.0"),
        (Measure("change", "c", 0.5),
         "Trust moved by +0.5: too few answers to tell it from chance"),
        (Measure("change", "c", None, note="hidden"), "Trust over 2 rounds"),
        (Measure("other", "c", 1.0), "Trust over 2 rounds"),
    ],
)  # fmt: skip
def test_what_is_said_of_the_last_change(change: Measure, title: str) -> None:
    rows = (told(2.0, round="2025"), told(3.0, round="2026"))
    (chart,) = CHARTS["trust"]["rounds"](
        Assessment("trust", "x", TODAY, (change,), rows={"rounds": rows})
    )
    assert chart.title == title


def test_one_round_is_no_chart() -> None:
    held = Assessment("trust", "x", TODAY, rows={"rounds": (told(2.0, round="2025"),)})
    assert CHARTS["trust"]["rounds"](held) == []


@pytest.mark.parametrize(
    ("tasks", "title"),
    [
        ([(0, False)], "Nobody can do this today: t0"),
        ([(0, False)] * 3, "Nobody can do this today: t0, t1 and 1 more"),
        ([(1, True), (2, False)], "1 of 2 tasks hangs on one person: t0"),
        ([(1, True)] * 3, "3 of 3 tasks hang on one person: t0, t1 and 1 more"),
        ([(2, False)], "No task is known to hang on one person"),
    ],
)  # fmt: skip
def test_two_tasks_are_named_in_the_title(tasks: list[tuple[int, bool]], title: str) -> None:
    rows = [row(TaskRow, task=f"t{n}", able=a, alone=alone) for n, (a, alone) in enumerate(tasks)]
    assert chart_of("sustainability", "people", capacity=rows).title == title


def experiment(name: str = "e", **more: Any) -> Any:
    return row(ExperimentRow, name=name, unit="number", value=1.0, **{"moved": 0} | more)


@pytest.mark.parametrize(
    ("held", "title"),
    [
        ([experiment(passed=False, clear=True)],
         "The one experiment with a result and a pass line did not pass"),
        ([experiment(passed=True, clear=True), experiment(passed=False, clear=False)],
         "1 of 2 with a line passed, 1 on too few cases to be sure"),
        ([experiment(passed=True, moved=1)],
         "The pass line of e was moved after the start; 1 of 1 with a line passed"),
        ([experiment("a", moved=1), experiment("b", moved=2), experiment("c", moved=1)],
         "The pass lines of a, b and 1 more were moved after the start"),
        ([experiment()], "Results that no pass line was set for"),
    ],
)  # fmt: skip
def test_what_passed_and_which_lines_were_moved(held: list[Any], title: str) -> None:
    assert chart_of("innovation", "tests", experiments=held, moved=[]).title == title


@pytest.mark.parametrize(
    ("late", "unit", "was", "drawn"),
    [(True, "number", "at least 2", 1), (False, "number", "at least 2", 0),
     (True, "percent", "at least 2", 0), (True, "percent", "at least 2 %", 1)],
)  # fmt: skip
def test_an_old_line_is_drawn_if_it_was_moved_late_and_counted_alike(
    late: bool, unit: str, was: str, drawn: int
) -> None:
    move = row(MovedRow, name="e", was=was, was_value=2.0, late=late, line="at least 1", when="w")
    chart = chart_of(
        "innovation",
        "tests",
        experiments=[experiment(pass_line=1.0) | {"unit": unit}],
        moved=[move],
    )
    old = [m for m in chart.surface.marks if isinstance(m, Line) and m.color == VERMILLION]
    assert len(old) == drawn


def test_cells_of_results_are_filled_or_bear_a_dash() -> None:
    chart = chart_of(
        "innovation", "tests",
        experiments=[experiment(low=0.04, high=0.16, passed=True), experiment()], moved=[],
    )  # fmt: skip
    assert [(r["low"], r["high"], r["verdict"]) for r in chart.table.rows] == [
        ("0", "0.2", "passed"), ("–", "–", "–"),
    ]  # fmt: skip


def test_results_name_their_intervals_below_where_there_are_any() -> None:
    bare = chart_of("innovation", "tests", experiments=[experiment()], moved=[])
    assert bare.source == ""
    ring = chart_of("innovation", "tests", experiments=[experiment(before=0.0)], moved=[])
    assert ring.source == "Rings: before the start."


def test_a_risk_of_none_is_on_the_map_and_its_numbers_are_read_out() -> None:
    rows = [row(AssumptionRow, name="a", importance=1, evidence=5, risk=0, test="known")]
    (chart,) = risk_charts(rows)
    assert "1, a: importance 1, evidence 5, tested." in chart.alt


def needs(*amounts: float | None) -> list[Any]:
    return [
        row(NeedRow, name=f"n{n}", must_have=False, providers=0, coverage=0.0, amount=amount)
        for n, amount in enumerate(amounts)
    ]


def test_amounts_have_columns_where_one_is_counted() -> None:
    def heads(*amounts: float | None) -> list[str]:
        table = chart_of("resources", "gaps", needs=needs(*amounts), links=[]).table
        return [column.key for column in table.columns]

    assert len(heads(None, 1.0)) == len(heads(1.0)) > len(heads(None))


def test_a_long_state_of_a_need_takes_two_lines() -> None:
    links = [
        row(LinkRow, partner=f"The partner called number {n}", need="n0", status="offered")
        for n in range(3)
    ]
    short = chart_of("resources", "gaps", needs=needs(None), links=[])
    long = chart_of("resources", "gaps", needs=needs(None), links=links)
    assert long.surface.height == pytest.approx(short.surface.height + 0.22)


def test_links_without_an_amount_or_a_share_bear_a_dash() -> None:
    links = [
        row(LinkRow, partner="p", need="n0", status="offered"),
        row(LinkRow, partner="p", need="n0", status="offered", amount=2.0, unit="days", share=0.5),
        row(LinkRow, partner="p", need="n0", status="offered", amount=2.0, share=0.5),
    ]
    table = chart_of("resources", "network", needs=needs(4.0), links=links).table
    assert [(r["amount"], r["share"]) for r in table.rows] == [
        ("–", "–"), ("2 days", 0.5), ("2", 0.5),
    ]  # fmt: skip


def test_many_kinds_share_the_width_of_the_grid() -> None:
    from playbook_helpers.practices.resources.records import TYPES

    matrix = [{"partner": "p", "type": kind, "offers": 1, "firm": 1} for kind in TYPES]
    chart = chart_of("resources", "heatmap", matrix=matrix)
    lefts = [
        min(x for x, _ in m.points)
        for m in chart.surface.marks if isinstance(m, Shape) and m.fill == TEAL
    ][: len(TYPES)]  # fmt: skip
    # From 1.95 on, with 0.75 left for the last slanted heading; cells stand 0.03 apart.
    wide = (5.4 - 1.95 - 0.75) / len(TYPES)
    assert lefts == pytest.approx([1.98 + wide * n for n in range(len(TYPES))])


def test_hidden_groups_say_why_and_others_bear_a_dash() -> None:
    given = {"trait": "Age", "community_share": 50.0, "total": 9, "source": "Census", "waiting": 0}
    held = [
        row(GroupRow, **given, group="a", n=9, sample_share=100.0, ratio=0.79, hidden="", few=True),
        row(GroupRow, **given, group="b", hidden="few people"),
    ]
    chart = chart_of("community", "missing", groups=held)
    assert [r["hidden"] for r in chart.table.rows] == ["–", "few people"]
    assert [r["ratio"] for r in chart.table.rows] == [0.79, "–"]
    assert chart.title == "By age, fewer came than chance explains from “a”"
    assert chart.source == "Community: Census"


@pytest.mark.parametrize(
    ("levels", "title"),
    [
        (("ask", "tell"), "In none of 2 activities did people decide; the most was: ask"),
        (("work_through", "tell"),
         "In none of 2 activities did people decide; the most was: work through"),
        (("decide_together", "tell"), "In 1 of 2 activities people had a hand on the decision"),
    ],
)  # fmt: skip
def test_who_decided(levels: tuple[str, ...], title: str) -> None:
    from playbook_helpers.practices.community.records import LEVELS

    assert set(levels) <= set(LEVELS)
    rows = [row(ActivityRow, name="a", level=each, level_words=each) for each in levels]
    assert chart_of("community", "say", activities=rows).title == title


def test_sources_of_values_are_named_up_to_three() -> None:
    def source(*names: str) -> str:
        values = [series("g", [(str(2000 + n), 1.0)])[0] | {"source": name}
                  for n, name in enumerate(names)]  # fmt: skip
        held = Assessment("goals", "x", TODAY,
                          rows={"progress": (goal("g"),), "series": tuple(values)})  # fmt: skip
        return CHARTS["goals"]["run"](held)[0].source

    assert source("a", "a") == "Source: a"
    assert source("a", "b", "c") == "Sources: a; b; c"
    assert source("a", "b", "c", "d", "e") == "Sources: a; b; c; and 2 more, in the table"
    assert source("x" * 140) == "Source: " + "x" * 140
    assert source("x" * 141) == "Source: " + "x" * 139 + "…"


def test_ways_of_counting_are_numbered_in_the_table_where_there_are_several() -> None:
    def table(*breaks: str) -> Any:
        values = series("g", [("2020", 1), ("2021", 2)], breaks=breaks)
        held = Assessment("goals", "x", TODAY,
                          rows={"progress": (goal("g"),), "series": tuple(values)})  # fmt: skip
        return CHARTS["goals"]["run"](held)[0].table

    assert "segment" in [column.key for column in table("2021").columns]
    assert [r["segment"] for r in table("2021").rows] == [1, 2]
    assert "segment" not in [column.key for column in table().columns]


def test_a_day_alone_has_a_month_on_either_side_and_years_begin_at_seven_hundred_days() -> None:
    def marks(*days: str) -> list[str]:
        rows = [row(MilestoneRow, name="m", planned=day, late=False) for day in days]
        held = Assessment("learning", "x", date(2026, 1, 1), rows={"milestones": tuple(rows)})
        (chart,) = CHARTS["learning"]["milestones"](held)
        return [text for text in words(chart) if text[-4:].isdigit() and len(text) in (4, 8)]

    assert marks("2026-03-15") == ["Mar 2026", "Apr 2026"]
    assert marks("2026-01-31") == ["Jan 2026", "Feb 2026", "Mar 2026"]
    assert marks("2024-01-01", "2025-11-30") == ["Jan 2024", "Jul 2024", "Jan 2025", "Jul 2025"]
    assert marks("2024-01-01", "2025-12-01") == ["2024", "2025"]


def test_the_line_at_which_the_worth_is_the_input_is_dashed() -> None:
    rows = [row(TornadoRow, assumption="a", at_low=0.5, at_high=2.0, width=1.5, central=1.0)]
    chart = chart_of("sustainability", "tornado", tornado=rows)
    first = next(m for m in chart.surface.marks if isinstance(m, Line) and m.color == INK)
    assert first.dash == (4, 2)


@pytest.mark.parametrize(
    ("share", "words"),
    [(0.0, "nobody of 9; 50 % of the community"), (None, "nobody counted; 50 % of the community"),
     (1.0, "1 % of 9; 50 % of the community")],
)  # fmt: skip
def test_what_is_said_of_a_group_that_nobody_came_from(share: float | None, words: str) -> None:
    given = {"trait": "Age", "community_share": 50.0, "total": 9, "source": "", "waiting": 0}
    held = row(GroupRow, **given, group="a", n=0, sample_share=share, hidden="")
    assert chart_of("community", "missing", groups=[held]).alt == f"a: {words}."


@pytest.mark.parametrize(
    ("value", "ends"),
    [(0.0, ["0 %", "100 %"]), (100.0, ["0 %", "100 %"]), (-10.0, ["-10 %", "0 %"]),
     (110.0, ["0 %", "100 %"])],
)  # fmt: skip
def test_a_share_within_a_hundred_stands_on_a_scale_of_a_hundred(
    value: float, ends: list[str]
) -> None:
    held = row(ExperimentRow, name="e", unit="percent", value=value, moved=0)
    chart = chart_of("innovation", "tests", experiments=[held], moved=[])
    ticks = [text for text in words(chart) if text.endswith(" %")]
    assert [ticks[0], ticks[-2]] == ends
    (dot,) = [m for m in chart.surface.marks if isinstance(m, Circle)]
    places = {0.0: 0.2, 100.0: 5.05, -10.0: 0.2 + 4.85 * 0.8 / 10.8, 110.0: 0.2 + 4.85 / 1.08}
    assert dot.x == pytest.approx(places[value])


@pytest.mark.parametrize(("able", "named"), [(6, False), (7, True)])
def test_more_than_six_people_are_a_number_as_well(able: int, named: bool) -> None:
    chart = chart_of("sustainability", "people", capacity=[row(TaskRow, task="t", able=able)])
    assert (f"{able}:" in words(chart)) == named


def test_a_margin_of_one_has_no_half() -> None:
    from playbook_helpers.practices.community.charts.samples import sample_chart

    assert sample_chart(1, 1000, 0.95).title == "A margin of 1 takes 906 answers"
    assert "; half that margin takes" in sample_chart(2, 1000, 0.95).title


def test_the_key_of_a_runway_leaves_room_for_long_names() -> None:
    def place(source: str, text: str) -> float:
        months = [
            row(MonthRow, case=case, month="2027-01", income=0.0, cost=1.0, free=5.0, held=0.0,
                out=False, source=source, currency=None)
            for case in ("largest_stops", "expected")
        ]  # fmt: skip
        labels = {"largest_stops": "If {source} stops", "expected": "Expected"}
        (chart,) = runway_chart(months, labels)
        (found,) = [m for m in chart.surface.marks
                    if isinstance(m, Words) and m.text.startswith(text)]  # fmt: skip
        return found.y

    # A second line is 0.22 inches.
    long = "a source with a name that is far too long for one line of the key"
    assert place(long, "Expected") - place("x", "Expected") == pytest.approx(0.22)
    # From one name to the next it is a line and a little more.
    assert place("x", "Expected") - place("x", "If x") == pytest.approx(0.3)


def test_the_unit_of_a_goal_takes_one_line() -> None:
    def tall(unit: str) -> float:
        chart = chart_of("goals", "progress", progress=[goal("g", unit_words=unit)], series=[])
        return chart.surface.height

    assert tall("a unit that is described in far more words than one line has room for") == tall(
        "x"
    )
