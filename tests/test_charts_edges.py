"""What is drawn where: ends of bars and lines, marks on their scale, words beside what they name.

Places are worked out from the data and the chart's own frame (5.4 inches wide), in inches.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from itertools import pairwise
from typing import Any

import pytest
from chart_results import CHARTS

from playbook_helpers.core.assessment import Assessment
from playbook_helpers.drawing.chart import Chart
from playbook_helpers.drawing.style import GREY, INK, PALE_TEAL, PAPER, TEAL, TRACK, VERMILLION
from playbook_helpers.drawing.surface import Circle, Line, Shape, Words
from playbook_helpers.drawing.words import width_of
from playbook_helpers.practices.communication.charts import days_words, hours_words
from playbook_helpers.practices.communication.charts.audiences import audience_charts
from playbook_helpers.practices.innovation.charts.board import board_charts
from playbook_helpers.practices.innovation.charts.risks import headline, risk_charts, spread
from playbook_helpers.practices.innovation.charts.trials import trial_charts, verdict
from playbook_helpers.practices.learning.charts.milestones import (
    milestone_charts,
    slip_words,
    state_words,
)
from playbook_helpers.practices.sustainability.charts.months import runway_chart
from playbook_helpers.practices.sustainability.charts.tornado import tornado_chart

WIDE = 5.4


def words(chart: Chart) -> list[Words]:
    return [mark for mark in chart.surface.marks if isinstance(mark, Words)]


def word(chart: Chart, text: str) -> Words:
    (found,) = (mark for mark in words(chart) if mark.text == text)
    return found


def shapes(chart: Chart, fill: str, corners: int = 4) -> list[Shape]:
    return [
        mark for mark in chart.surface.marks
        if isinstance(mark, Shape) and mark.fill == fill and len(mark.points) == corners
    ]  # fmt: skip


def circles(chart: Chart, fill: str | None = None) -> list[Circle]:
    held = (mark for mark in chart.surface.marks if isinstance(mark, Circle))
    return [mark for mark in held if fill is None or mark.fill == fill]


def lines(chart: Chart, color: str) -> list[Line]:
    return [m for m in chart.surface.marks if isinstance(m, Line) and m.color == color]


def span(shape: Shape) -> tuple[float, float]:
    return min(x for x, _ in shape.points), max(x for x, _ in shape.points)


def near(*values: float) -> Any:
    return pytest.approx(values, abs=0.006)


def rows(names: Iterable[str], given: dict[str, Any], **columns: list[Any]) -> list[Any]:
    return [
        {"record": f"r{n}", "name": name} | given | {key: each[n] for key, each in columns.items()}
        for n, name in enumerate(names)
    ]


# Communication ----------------------------------------------------------------------------------


def messages(*days: int) -> list[Any]:
    over = [max(0, d) for d in days]
    left = [max(0, -d) for d in days]
    blank = dict.fromkeys(("audience", "owner", "every_days", "last_sent", "next_due"))
    return rows([f"m{n}" for n in range(len(days))], blank, days_over=over, days_left=left)


def drawn(practice: str, name: str, **held: list[Any]) -> Chart:
    rows_ = {key: tuple(each) for key, each in held.items()}
    [chart] = CHARTS[practice][name](Assessment(practice, "x", date(2026, 6, 30), rows=rows_))
    return chart


def test_days_over_run_to_the_right_of_zero_and_days_left_to_the_left() -> None:
    chart = drawn("communication", "overdue", messages=messages(10, -10, 30, 0))
    # From -10 to 30 over 0.06 to 5.3: zero lies a quarter along.
    zero = 0.06 + 5.24 / 4
    late, early = shapes(chart, VERMILLION), shapes(chart, TEAL)
    assert [span(bar) for bar in late] == [near(zero, 5.3), near(zero, zero + 5.24 / 4)]
    assert [span(bar) for bar in early] == [near(zero, zero + 0.02), near(0.06, zero)]
    assert [w.text for w in words(chart) if w.text.startswith("m")] == ["m2", "m0", "m3", "m1"]
    axis = lines(chart, INK)[0]
    assert {round(x, 3) for x, _ in axis.pieces[0]} == {round(zero, 3)}
    for text in ("30 days over", "10 days over", "due today", "10 days left"):
        assert (word(chart, text).x, word(chart, text).side) == (pytest.approx(5.3), "right")
    assert chart.title == "2 of 4 messages are late: m2 and m0"
    caption = "Days left, to the left of the line; days over, to the right"
    assert (word(chart, caption).x, word(chart, caption).side) == (pytest.approx(2.68), "center")


@pytest.mark.parametrize(
    ("days", "caption", "title"),
    [
        ((5,), "Days over", "1 of 1 messages is late: m0"),
        ((-5,), "Days left", "The message is on time"),
        ((-5, -6), "Days left", "All 2 messages are on time"),
        ((0,), "Days over", "The message is on time"),
    ],
)
def test_one_side_alone_has_its_own_caption(
    days: tuple[int, ...], caption: str, title: str
) -> None:
    chart = drawn("communication", "overdue", messages=messages(*days))
    assert word(chart, caption)
    assert chart.title == title


@pytest.mark.parametrize(("count", "note"), [(16, ""), (17, "1 more are"), (19, "3 more are")])
def test_sixteen_messages_are_drawn(count: int, note: str) -> None:
    chart = drawn("communication", "overdue", messages=messages(*range(1, count + 1)))
    assert len(shapes(chart, VERMILLION)) == 16
    assert chart.source[:10] == note


def test_days_and_hours_in_words() -> None:
    assert [days_words(d) for d in (1, 2, -1, -2, 1000)] == [
        "1 day over", "2 days over", "1 day left", "2 days left", "1,000 days over",
    ]  # fmt: skip
    assert hours_words({"people": 1, "hours_each": 1.0, "hours_all": 1.0}) == (  # type: ignore[typeddict-item]
        "1 hour a month: 1 person, 1 hour each"
    )


def test_hours_of_one_lie_within_the_hours_of_all() -> None:
    given = {"purpose": None, "hours": 1.0, "per_month": 1.0}
    held = rows("ab", given, people=[4, 5], hours_each=[2.0, 4.0], hours_all=[8.0, 20.0])
    chart = drawn("communication", "meetings", meetings=held)
    assert [span(bar) for bar in shapes(chart, PALE_TEAL)] == [
        near(0.06, 5.3), near(0.06, 0.06 + 5.24 * 0.4),
    ]  # fmt: skip
    assert [span(bar) for bar in shapes(chart, TEAL)] == [
        near(0.06, 0.06 + 5.24 * 0.2), near(0.06, 0.06 + 5.24 * 0.1),
    ]  # fmt: skip
    assert chart.title == "Meetings take 28 hours a month of people's time, 71 % of it “b”"


def audience(*places: tuple[int, int]) -> list[Any]:
    given = {"community": False, "reached": True, "can_answer": True, "messages": 1, "place": "p"}
    names = [f"a{n}" for n in range(len(places))]
    return rows(names, given, influence=[i for i, _ in places], interest=[i for _, i in places])


@pytest.mark.parametrize(("influence", "interest"), [(1, 1), (5, 5), (3, 2)])
def test_an_audience_stands_in_the_middle_of_its_cell(influence: int, interest: int) -> None:
    [chart] = audience_charts(audience((influence, interest)))
    # Cells of a fifth of 0.62 to 5.34 across, and of 4.07 up to 0.52.
    x, y = 0.62 + (interest - 0.5) * 4.72 / 5, 4.07 - (influence - 0.5) * 3.55 / 5
    assert (circles(chart)[-1].x, circles(chart)[-1].y) == near(x, y)
    number = next(w for w in words(chart) if w.text == "1" and w.bold)
    assert (number.x, number.y - 0.055) == near(x, y)
    assert number.side == "center"
    ticks = [w for w in words(chart) if w.text == "5" and not w.bold]
    assert {w.side for w in ticks} == {"center", "right"}


@pytest.mark.parametrize(
    ("count", "across"), [(1, 1), (2, 2), (3, 2), (4, 2), (5, 3), (6, 3), (7, 3)]
)
def test_audiences_of_one_cell_stand_beside_each_other_around_its_middle(
    count: int, across: int
) -> None:
    [chart] = audience_charts(audience(*[(3, 3)] * count))
    marks = circles(chart)[-count:]
    assert len({round(m.x, 3) for m in marks if m.y == marks[0].y}) == across
    middle = 0.62 + 2.5 * 4.72 / 5
    first_row = [m.x for m in marks if m.y == marks[0].y]
    assert sum(first_row) / len(first_row) == pytest.approx(middle)
    tall = sorted({round(m.y, 3) for m in marks})
    assert (tall[0] + tall[-1]) / 2 == pytest.approx(4.07 - 2.5 * 3.55 / 5, abs=0.001)
    assert all(b - a == pytest.approx(0.29, abs=0.002) for a, b in pairwise(tall))


# Innovation -------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("count", "places"),
    [
        (1, [(0, 0)]),
        (2, [(-0.11, 0), (0.11, 0)]),
        (3, [(-0.11, -0.105), (0.11, -0.105), (0, 0.105)]),
        (5, [(-0.22, -0.105), (0, -0.105), (0.22, -0.105), (-0.11, 0.105), (0.11, 0.105)]),
    ],
)
def test_marks_of_one_place_are_spread_around_it(
    count: int, places: list[tuple[float, float]]
) -> None:
    assert spread(count) == [pytest.approx(place) for place in places]
    assert max(y for _, y in spread(9)) == 0.21


def risks(*numbers: tuple[int, int], test: str = "none") -> list[Any]:
    names = [f"a{n}" for n in range(len(numbers))]
    return rows(
        names, {"type": None, "test": test, "tested": test != "none"},
        importance=[i for i, _ in numbers], evidence=[e for _, e in numbers],
        risk=[i * (5 - e) for i, e in numbers],
    )  # fmt: skip


def test_an_assumption_stands_where_its_two_numbers_are_and_risky_cells_are_shaded() -> None:
    [chart] = risk_charts(risks((5, 0), (1, 5)))
    cell = (5.34 - 1.02) / 6
    first, second = (w for w in words(chart) if w.text in "12" and w.bold and w.y < 3.8)
    assert (first.x, first.y - 0.055) == near(1.02 + cell / 2, 0.5 + 0.33)
    assert (second.x, second.y - 0.055) == near(1.02 + 5.5 * cell, 0.5 + 4.5 * 0.66)
    # 12 or more: evidence 0 from 3 on, 1 from 3 on, 2 from 4 on, and one in the key; 3 has 10.
    assert len(shapes(chart, TRACK)) == 3 + 3 + 2 + 1
    assert chart.source == ""


@pytest.mark.parametrize(("count", "one_mark"), [(9, False), (10, True)])
def test_nine_assumptions_fit_a_place_and_ten_are_counted(count: int, one_mark: bool) -> None:
    [chart] = risk_charts(risks(*[(4, 1)] * count))
    assert any(w.text == "10" and w.bold for w in words(chart)) == one_mark
    assert any(w.text == "here, with 1, 2, 3, 4, 5" for w in words(chart)) == one_mark
    assert sum(w.text.startswith("risk 16") for w in words(chart)) == 5


@pytest.mark.parametrize(
    ("numbers", "test", "title"),
    [
        ([(4, 2)], "none", "One risky assumption that nothing tests yet: a0"),
        ([(4, 2), (3, 1)], "none", "2 risky assumptions that nothing tests yet: a0 and a1"),
        (
            [(4, 2)],
            "planned",
            "Each of the risky assumptions is being tested or has a test planned",
        ),
        ([(5, 3)], "none", "No assumption here is both important and little known"),
    ],
)  # fmt: skip
def test_the_headline_counts_from_twelve_on(
    numbers: list[tuple[int, int]], test: str, title: str
) -> None:
    assert headline(risks(*numbers, test=test)) == title


@pytest.mark.parametrize(("left", "note"), [(0, ""), (1, "1 more is not"), (2, "2 more are not")])
def test_what_is_not_on_the_map_is_counted(left: int, note: str) -> None:
    held = risks((4, 2)) + [{**each, "risk": None} for each in risks(*[(1, 1)] * left)]
    [chart] = risk_charts(held)
    assert chart.source[: len(note) or None] == note
    assert len(chart.table.rows) == 1
    assert chart.alt.startswith("One assumption by importance")


def trial(**more: Any) -> Any:
    names = ("value", "before", "pass_line", "low", "high", "passed", "clear", "moved", "n",
             "pass_side", "unit_words")  # fmt: skip
    return {"record": "r", "name": "Drop-in", "line": "at least 60 %", "unit": "percent"} | (
        dict.fromkeys(names) | more
    )


def test_a_result_its_interval_and_its_line_stand_on_one_scale() -> None:
    [chart] = trial_charts(
        [trial(value=70.0, low=40.0, high=90.0, pass_line=60.0, before=20.0, passed=True,
               clear=False, pass_side="at_least")], [],
    )  # fmt: skip

    def at(value: float) -> float:
        return 0.2 + (5.05 - 0.2) * value / 100

    (band,) = shapes(chart, PALE_TEAL)
    assert span(band) == near(at(40), at(90))
    assert [m.x for m in circles(chart)] == [pytest.approx(at(20)), pytest.approx(at(70))]
    stroke = next(m for m in lines(chart, INK) if len({x for x, _ in m.pieces[0]}) == 1)
    assert stroke.pieces[0][0][0] == pytest.approx(at(60))
    foot = next(m for m in lines(chart, INK) if len({y for _, y in m.pieces[0]}) == 1)
    assert [x for x, _ in foot.pieces[0]] == [pytest.approx(at(60)), pytest.approx(at(60) + 0.14)]
    between = next(m for m in lines(chart, GREY))
    assert [x for x, _ in between.pieces[0]] == [pytest.approx(at(20)), pytest.approx(at(70))]
    assert (word(chart, "passed, not surely").side, word(chart, "0 %").side) == ("right", "center")
    assert word(chart, "100 %").x == pytest.approx(at(100))
    assert "Rings: before the start." in chart.source


@pytest.mark.parametrize(
    ("value", "line", "low", "high"),
    [
        (10.0, 5.0, 0.0, 10.8),  # above its highest a twelfth of the way is left free
        (-10.0, 5.0, -11.2, 6.2),
        (0.0, 0.0, 0.0, 1.0),
        (-10.0, -5.0, -10.8, 0.0),
    ],
)
def test_a_count_has_a_scale_from_zero_with_room_beyond(
    value: float, line: float, low: float, high: float
) -> None:
    row = trial(value=value, pass_line=line, unit="number", pass_side="at_most", passed=False)
    [chart] = trial_charts([row], [])
    place = 0.2 + 4.85 * (value - low) / (high - low)
    assert circles(chart)[-1].x == pytest.approx(place)
    stroke = next(m for m in lines(chart, INK) if len({x for x, _ in m.pieces[0]}) == 1)
    assert stroke.pieces[0][0][0] == pytest.approx(0.2 + 4.85 * (line - low) / (high - low))
    foot = next(m for m in lines(chart, INK) if len({y for _, y in m.pieces[0]}) == 1)
    assert foot.pieces[0][1][0] - foot.pieces[0][0][0] == pytest.approx(-0.14)


def test_a_share_beyond_a_hundred_has_its_own_scale() -> None:
    [chart] = trial_charts([trial(value=150.0)], [])
    assert circles(chart)[-1].x == pytest.approx(0.2 + 4.85 * 150 / 162)
    [full] = trial_charts([trial(value=100.0)], [])
    assert circles(full)[-1].x == pytest.approx(5.05)
    assert [verdict(trial(passed=p, clear=c)) for p, c in ((False, False), (False, True))] == [
        "did not pass, not surely", "did not pass",
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("states", "title"),
    [
        (("known",), "A result waits for a decision: e0"),
        (("known", "known"), "2 results wait for a decision: e0 and e1"),
        (("over",), "One ended without a result: e0"),
        (("over", "over"), "2 ended without a result: e0 and e1"),
        (("running", "planned"), "2 experiments, 1 running; nothing waits for you"),
    ],
)
def test_the_board_says_what_waits(states: tuple[str, ...], title: str) -> None:
    given = dict.fromkeys(("starts", "ends", "decision", "moved", "line"))
    given |= {"ends": "2026-05", "known_on": "2026-05"}
    held = rows([f"e{n}" for n in range(len(states))], given, state=list(states))
    [chart] = board_charts(held)
    assert chart.title == title


# Learning ---------------------------------------------------------------------------------------


def step(**more: Any) -> Any:
    names = ("planned", "actual", "slip", "days_late", "thanks")
    return {"record": "r", "name": "Opening", "late": False} | dict.fromkeys(names) | more


def test_planned_and_reached_stand_on_one_scale_of_days() -> None:
    held = [
        step(name="a", planned="2026-01-01", actual="2026-01-31", slip=30),
        step(name="b", planned="2026-04-11", late=True, days_late=0),
    ]
    [chart] = milestone_charts(held, date(2026, 5, 1))

    def at(day: date) -> float:
        return 0.15 + (5.2 - 0.15) * (day - date(2026, 1, 1)).days / 120

    assert lines(chart, TEAL)[0].pieces[0][0][0] == pytest.approx(at(date(2026, 1, 1)))
    assert lines(chart, TEAL)[0].pieces[0][1][0] == pytest.approx(at(date(2026, 1, 31)))
    overdue = lines(chart, VERMILLION)[-1].pieces[0]
    assert [x for x, _ in overdue] == near(at(date(2026, 4, 11)), 5.2)
    months = [w.text for w in words(chart) if w.text.endswith("2026") and w.side == "center"]
    assert months == ["Jan 2026", "Feb 2026", "Mar 2026", "Apr 2026", "May 2026"]
    assert word(chart, "Mar 2026").x == pytest.approx(at(date(2026, 3, 1)))
    # Set inwards, so that it begins at the edge.
    assert word(chart, "Jan 2026").x == pytest.approx(0.03 + width_of("Jan 2026", 11) / 2)


def test_a_single_day_stands_in_the_middle_of_two_months() -> None:
    [chart] = milestone_charts([step(planned="2026-03-15")], date(2026, 1, 1))
    assert circles(chart, PAPER)[-1].x == pytest.approx((0.15 + 5.2) / 2)


@pytest.mark.parametrize(
    ("held", "title"),
    [
        ([step()], "The one milestone is not yet reached"),
        ([step(actual="2026", slip=0)], "The one milestone is reached; on time"),
        ([step(late=True)], "The one milestone is not yet reached; overdue: Opening"),
        (
            [step(actual="2026", slip=2), step(actual="2026", slip=4)],
            "2 of 2 milestones reached; half of them 3 days late or more",
        ),
        (
            [step(actual="2026", slip=0), step(actual="2026", slip=0)],
            "2 of 2 milestones reached; half of them on time",
        ),
    ],
)
def test_the_headline_of_milestones(held: list[Any], title: str) -> None:
    from playbook_helpers.practices.learning.charts.milestones import headline as said

    assert said(held) == title


def test_a_slip_in_words() -> None:
    assert [slip_words(d) for d in (1, 2, 0, -1, -2, 0.5)] == [
        "1 day late", "2 days late", "on time", "1 day early", "2 days early", "0.5 days late",
    ]  # fmt: skip
    assert (
        state_words(step(planned="2026-03", days_late=1)) == "planned for March 2026, 1 day overdue"
    )
    assert state_words(step(planned="2026-03")) == "planned for March 2026, still ahead"


# Sustainability ---------------------------------------------------------------------------------


def test_bars_of_the_tornado_run_from_the_best_guess_to_both_ends() -> None:
    row: Any = {"assumption": "Work: quantity", "at_low": 0.5, "at_high": 4.0, "width": 3.5,
                "central": 2.0, "break_even": 1.0}  # fmt: skip
    [chart] = tornado_chart([row])

    def at(value: float) -> float:
        # From 0.5 to 4 with 8 % of 3.5 on either side, over 0.2 to 5.2.
        return 0.2 + 5.0 * (value - 0.22) / 4.06

    low, high = (s for s in chart.surface.marks if isinstance(s, Shape) and s.stroke == TEAL)
    assert (span(low), low.hatch) == (near(at(0.5), at(2)), "////")
    assert (span(high), high.hatch) == (near(at(2), at(4)), "")
    assert [x for x, _ in lines(chart, INK)[0].pieces[0]] == near(at(1), at(1))
    assert word(chart, "from 0.5 to 4; even at 1")
    assert chart.title == "Work: quantity moves the ratio most: from 0.5 to 4"


@pytest.mark.parametrize(
    ("count", "note"), [(12, "1 means"), (13, "1 assumptions"), (15, "3 assump")]
)
def test_twelve_bars_are_drawn(count: int, note: str) -> None:
    row: Any = {"at_low": 0.5, "at_high": 4.0, "width": 3.5, "central": 2.0, "break_even": None}
    held: Any = [{**row, "assumption": f"a{n}: worth"} for n in range(count)]
    [chart] = tornado_chart(held)
    assert chart.source[: len(note)] == note
    assert len(chart.table.rows) == count
    assert sum(w.text == "from 0.5 to 4" for w in words(chart)) == 12


def task(able: int | None, alone: bool | None = False) -> Any:
    return {"record": "r", "task": f"t{able}{alone}", "able": able, "role": None, "deputy": None,
            "written": None, "alone": alone, "step": None, "due": None}  # fmt: skip


@pytest.mark.parametrize(
    ("able", "full", "text"),
    [(1, 1, "1 person"), (2, 2, "2 people"), (6, 6, "6 people"), (7, 6, "7 people"),
     (0, 0, "nobody")],
)  # fmt: skip
def test_each_person_is_a_circle_up_to_six(able: int, full: int, text: str) -> None:
    chart = drawn("sustainability", "people", capacity=[task(able, able == 1)])
    people = circles(chart, TEAL)
    assert [m.x for m in people] == [pytest.approx(5.25 - 0.24 * n) for n in range(full)]
    assert len(circles(chart, PAPER)) == int(able == 0)
    assert any(w.text == "7:" for w in words(chart)) == (able == 7)
    assert word(chart, f"{text}, not known if written down")


def test_tasks_stand_by_how_much_hangs_on_how_few() -> None:
    held = [task(3), task(None, None), task(2), task(1, True), task(None, True), task(0)]
    chart = drawn("sustainability", "people", capacity=held)
    names = [w.text for w in words(chart) if w.text.startswith("t")]
    assert names == ["t0False", "tNoneTrue", "t1True", "tNoneNone", "t2False", "t3False"]
    assert chart.title == (
        "Nobody can do this today: t0False; 2 of 6 tasks hang on one person: tNoneTrue and t1True"
    )


def source(share: float, signed: float, name: str = "City") -> Any:
    return {"source": name, "amount": 100 * share, "signed": signed, "share": share, "ends": None,
            "basis": "expected", "currency": "GBP"}  # fmt: skip


def test_bars_of_sources_are_as_long_as_their_share_and_full_as_far_as_signed() -> None:
    chart = drawn("sustainability", "sources", sources=[source(0.8, 40), source(0.2, 20, "Mill")])
    full = [span(s) for s in shapes(chart, TEAL) if s.stroke == TEAL]
    assert full == [near(0.05, 0.05 + 5.3 / 2), near(0.05, 0.05 + 5.3 / 4)]
    dashed = [span(s) for s in shapes(chart, PAPER) if s.dash]
    assert dashed[0] == near(0.05, 5.35)
    assert len(dashed) == 2  # City's, and the one in the key
    assert word(chart, "80 %, signed in part").x == pytest.approx(5.35)
    assert word(chart, "20 %, signed")
    # .64 and .04 of a scale from 0.3 to 5.1
    diamond = next(s for s in shapes(chart, PAPER) if s.stroke == INK)
    assert sum(span(diamond)) / 2 == pytest.approx(0.3 + 4.8 * 0.68)
    assert word(chart, "you: 0.68").x == pytest.approx(0.3 + 4.8 * 0.68)
    assert chart.title == "City brings 80 % of what is expected"


@pytest.mark.parametrize(("count", "rest"), [(12, None), (13, "2 smaller sources together")])
def test_twelve_sources_are_drawn_and_the_smaller_joined(count: int, rest: str | None) -> None:
    held = [source(1 / count, 0, f"s{n}") for n in range(count)]
    chart = drawn("sustainability", "sources", sources=held)
    names = [w.text for w in words(chart) if w.bold and w.text[0] in "s2"]
    assert len(names) == 12
    assert names[-1] == (rest or "s11")
    one = drawn("sustainability", "sources", sources=[source(1, 0)])
    assert one.title == "All of what is expected comes from one source: City"
    assert word(one, "100 %, not signed")


def month(n: int, free: float, out: bool = False) -> Any:
    return {"case": "expected", "month": f"2027-{n:02d}", "income": 0.0, "cost": 10.0, "free": free,
            "held": 0.0, "out": out, "source": "", "currency": None}  # fmt: skip


def test_a_path_ends_where_it_crosses_zero() -> None:
    [chart] = runway_chart([month(1, 30), month(2, 10), month(3, -10, True), month(4, -30)])
    points = max((m.pieces[0] for m in lines(chart, TEAL)), key=len)
    assert len(points) == 3  # two months that are paid, and the end half way to the third
    (x1, y1), (x2, y2), (x3, y3) = points
    assert (x3 - x2) / (x2 - x1) == pytest.approx(0.5)
    assert (y3 - y2) / (y2 - y1) == pytest.approx(0.5)
    assert chart.title == ("With what is expected, the money lasts until the end of February 2027")
    cross = next(s for s in shapes(chart, TEAL, 12))
    assert sum(span(cross)) / 2 == pytest.approx(x3)
    # On the scale, and in bold where the money ends.
    assert [w.bold for w in words(chart) if w.text == "Mar 2027"] == [False, True]
    assert [r["free0"] for r in chart.table.rows] == [30, 10, -10, -30]


@pytest.mark.parametrize(
    ("held", "title"),
    [
        ([month(1, -1, True)], "not even one month"),
        ([month(1, 5), month(2, 4)], "all 2 months"),
        ([month(1, 5), month(2, -4, True)], "until the end of January 2027"),
    ],
)
def test_how_long_a_path_lasts(held: list[Any], title: str) -> None:
    [chart] = runway_chart(held)
    assert chart.title == f"With what is expected, the money lasts {title}"


# Community --------------------------------------------------------------------------------------


def test_bars_of_the_loop_are_counts_within_how_many_could_be() -> None:
    held: Any = [
        {"step": "Heard", "count": 8, "of": 8}, {"step": "Decided", "count": 4, "of": 8},
        {"step": "Done", "count": 1, "of": 2}, {"step": "Told back", "count": 0, "of": 8},
    ]  # fmt: skip
    chart = drawn("community", "loop", loop=held)
    wide = 5.32 - 0.08
    assert [span(s) for s in shapes(chart, TEAL)] == [
        near(0.08, 5.32), near(0.08, 0.08 + wide / 2), near(0.08, 0.08 + wide / 8),
    ]  # fmt: skip
    assert span(shapes(chart, TRACK)[2]) == near(0.08, 0.08 + wide / 4)
    assert len(shapes(chart, TRACK)) == 4
    assert chart.title == "Of 8 things heard, people have been told about none"
    beside = [w.text for w in words(chart) if w.side == "right" and w.x == pytest.approx(5.32)]
    assert beside[:4] == ["8", "4 of 8", "1 of 2 taken up", "0 of 8"]


@pytest.mark.parametrize(
    ("level", "full", "side"),
    [("tell", 1, "left"), ("ask", 2, "center"), ("community_decides", 5, "right")],
)
def test_say_is_as_many_full_steps_as_its_level(level: str, full: int, side: str) -> None:
    from playbook_helpers.practices.community.records import LEVELS

    said = LEVELS[level].split(":")[0]
    held = rows("a", {"date": None, "decision": None, "promise": None, "level": level,
                      "level_words": said})  # fmt: skip
    chart = drawn("community", "say", activities=held)
    place = list(LEVELS).index(level)
    each = 5.24 / len(LEVELS)
    assert [span(s) for s in shapes(chart, TEAL)] == [
        near(0.08 + n * each, 0.03 + (n + 1) * each) for n in range(place + 1)
    ]
    assert len(shapes(chart, TEAL)) == place + 1 == full
    assert word(chart, said).side == side


@pytest.mark.parametrize(("people", "few", "named"), [(9, True, True), (9, False, False)])
def test_a_title_names_the_groups_that_chance_does_not_explain(
    people: int, few: bool, named: bool
) -> None:
    row = {"trait": "Age", "group": "Young", "n": people, "sample_share": 10.0, "low": 4.7,
           "high": 18.1, "few": few, "community_share": 12.5, "ratio": 0.8, "weight": 1.0,
           "capped": False, "hidden": "", "total": 90, "waiting": 0, "source": ""}  # fmt: skip
    chart = drawn("community", "missing", groups=[row])
    assert ("fewer came than chance explains from “Young”" in chart.title) == named
    assert chart.table.rows[0]["range"] == "5 % to 18 %"


# Above and below --------------------------------------------------------------------------------


def test_lines_of_the_audience_map_lie_between_its_cells() -> None:
    [chart] = audience_charts(audience((1, 1)))
    ends = [m.pieces[0] for m in lines(chart, TRACK) if len(m.pieces[0]) == 2]
    across = sorted(a[1] for a, b in ends if a[1] == b[1])
    down = sorted(a[0] for a, b in ends if a[0] == b[0])
    assert across == near(*(4.07 - n * 3.55 / 5 for n in (4, 2, 1)))
    assert down == near(*(0.62 + n * 4.72 / 5 for n in (1, 2, 4)))  # the middle is darker


def test_a_bar_lies_below_its_name_and_above_the_next() -> None:
    chart = drawn("sustainability", "sources", sources=[source(0.8, 80), source(0.2, 20, "Mill")])
    first, second = (s.points[0][1] for s in shapes(chart, TEAL) if s.stroke == TEAL)
    assert word(chart, "City").y < first < first + 0.24 < word(chart, "Mill").y < second


def test_the_months_stand_below_all_that_is_said_of_milestones() -> None:
    [chart] = milestone_charts([step(planned="2026-03-15")], date(2026, 1, 1))
    # A head of 0.4, a row of 0.87; a line 0.06 below it, and its words 0.24 below that.
    assert word(chart, "planned for 15 March 2026, still ahead").y == pytest.approx(1.09)
    assert word(chart, "Mar 2026").y == pytest.approx(1.57)
