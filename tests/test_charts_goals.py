"""The charts of goals: how far and which way, what is missing, and no line across a break."""

from __future__ import annotations

import itertools
import re
from typing import Any

import pytest
from chart_results import CHARTS, CINCINNATI, POOR, POVERTY, READY, drawn, goal, goals, series
from goal_records import the, worked_out

from playbook_helpers.core.errors import NotFound
from playbook_helpers.drawing.chart import Chart
from playbook_helpers.drawing.style import GREY, TEAL
from playbook_helpers.drawing.surface import Line, Shape, Words
from playbook_helpers.practices.goals import Goal, Measurement


def words_of(chart: Chart) -> list[Words]:
    return [mark for mark in chart.surface.marks if isinstance(mark, Words)]


def run_lines(chart: Chart, color: str = TEAL) -> list[tuple[float, ...]]:
    """The values that lines of one colour go through, read off the words of the upright scale."""
    scale = [w for w in words_of(chart) if w.side == "right" and w.text.endswith("%")]
    low, high = (max(scale, key=lambda w: w.y), min(scale, key=lambda w: w.y))
    # The words stand a little below the height that they name: 0.38 of their size.
    zero, drop = float(low.text[:-1]), 0.38 * low.size / 72
    step = (float(high.text[:-1]) - zero) / (low.y - high.y)
    return [
        tuple(round(zero + (low.y - drop - y) * step, 6) for _, y in piece)
        for mark in chart.surface.marks
        if isinstance(mark, Line) and mark.color == color
        for piece in mark.pieces
    ]


def test_the_title_of_a_progress_chart_says_the_point_and_the_labels_the_real_values() -> None:
    (chart,) = CHARTS["goals"]["progress"](goals([CINCINNATI], READY))
    assert chart.title == "Cincinnati is 32% of the way from 44% to 85%"
    words = drawn(chart)
    for label in ("from 44% in 2005", "57% in 2014", "to 85% by 2020", "32% of the way"):
        assert label in words
    assert "% of children ready for school" in words
    assert chart.source == "Source: Report card"
    assert chart.table.rows[0]["percent"] == pytest.approx(31.7, abs=0.05)


def test_a_target_met_and_lost_again_is_shown_as_such() -> None:
    (chart,) = CHARTS["goals"]["run"](goals([POVERTY], POOR))
    assert chart.title == (
        "Poverty rate: the target of 7.25% was met in 2020 and lost again by 2021; "
        "it stands at 10.4% in 2023"
    )
    words = drawn(chart)
    assert "met in 2020: 6.5%" in words
    assert "lost by 2021" in words
    assert "target 7.25% by 2030" in words
    (bullet,) = CHARTS["goals"]["progress"](goals([POVERTY], POOR))
    assert "met, then lost" in drawn(bullet)


def test_a_series_break_is_marked_and_never_bridged() -> None:
    name = "Early learning"
    row = goal(name, baseline_value=60.0, baseline_date="2019", target_value=75.0,
               target_date="2027", latest_value=66.0, latest_date="2024", status="series_break",
               broken=True)  # fmt: skip
    values = series(name, [("2019", 60), ("2020", 61), ("2022", 65), ("2024", 66)], None, ("2022",))
    (chart,) = CHARTS["goals"]["run"](goals([row], values))
    assert sorted(run_lines(chart)) == [(60, 61), (65, 66)]
    assert "counting changed" in drawn(chart)
    assert "changed with 2022" in chart.alt
    assert not run_lines(chart, GREY), "no path to the target from before the break"


@pytest.mark.parametrize(
    ("status", "more", "words"),
    [
        ("met", {"percent": 105.6, "latest_value": 90.0}, "has met its target of 85%"),
        ("getting_worse", {"percent": -400.0, "latest_value": 20.0}, "away from its target"),
        ("no_change", {"percent": 0.0, "latest_value": 44.0}, "stands where it began"),
        ("kept", {"percent": None, "target_value": 44.0}, "has been kept"),
        ("not_kept", {"percent": None, "target_value": 44.0}, "was to stay at 44%"),
        ("no_target", {"percent": None, "target_value": None}, "it has no target yet"),
        ("no_baseline", {"percent": None, "baseline_value": None}, "it has no baseline yet"),
        ("no_measurement", {"percent": None, "latest_value": None}, "not been measured since"),
        ("series_break", {"percent": None}, "cannot be compared"),
        ("met", {"percent": 9e9, "latest_value": 1e12, "unit": "number"}, "1,000,000,000,000"),
    ],
)
def test_every_status_can_be_drawn_and_said(status: str, more: Any, words: str) -> None:
    row = CINCINNATI | {"status": status} | more
    (chart,) = CHARTS["goals"]["progress"](goals([row]))
    assert words in chart.title
    assert words in chart.alt
    drawn(chart)


def test_a_single_value_gets_a_time_line_of_its_own_years() -> None:
    # Shape Up Somerville has 46% of children overweight or at risk in 2003, and no value after it.
    bare = {"status": "no_target", "latest_value": None, "target_value": None}
    for when, marks in (("2003", {"2002", "2003", "2004"}), ("2003-06", {"2002", "2003", "2004"})):
        row = goal("Overweight", baseline_value=46.0, baseline_date=when, **bare)
        result = goals([row], series("Overweight", [(when, 46)]))
        (chart,) = CHARTS["goals"]["run"](result)
        years = {word for word in drawn(chart).split() if word.isdigit() and len(word) == 4}
        assert marks <= years
        assert all(2001 <= int(year) <= 2005 for year in years)


@pytest.mark.parametrize(
    ("first", "last", "marks"),
    [
        (2010, 2020, ["2010", "2012", "2014", "2016", "2018", "2020"]),
        (2005, 2008, ["2005", "2006", "2007", "2008"]),
        (1998, 2024, ["2000", "2010", "2020"]),
    ],
)
def test_years_stand_at_even_distances(first: int, last: int, marks: list[str]) -> None:
    row = goal("Covington", baseline_value=63.0, target_value=85.0, target_date=str(last))
    result = goals([row], series("Covington", [(str(first), 63), (str(first + 1), 67)]))
    (chart,) = CHARTS["goals"]["run"](result)
    years = [w for w in words_of(chart) if w.side == "center" and re.fullmatch(r"\d{4}", w.text)]
    assert [w.text for w in sorted(years, key=lambda w: w.x)] == marks
    steps = [b.x - a.x for a, b in itertools.pairwise(sorted(years, key=lambda w: w.x))]
    assert max(steps) - min(steps) < 1e-9


def test_a_goal_that_was_to_stay_is_not_said_to_be_met_on_a_day() -> None:
    row = goal("Staff", status="kept", direction="keep", baseline_value=85.0, target_value=85.0,
               target_date="2029", latest_value=85.0, latest_date="2026")  # fmt: skip
    values = series("Staff", [("2024", 85), ("2025", 86), ("2026", 85)], lambda v: v == 85)
    words = drawn(CHARTS["goals"]["run"](goals([row], values))[0])
    assert "met in" not in words
    assert "lost by" not in words


def test_a_vision_is_not_counted_among_goals_with_numbers_missing() -> None:
    dream = goal("Every child thrives", level="vision", unit=None, status="no_target",
                 direction=None)  # fmt: skip
    (chart,) = CHARTS["goals"]["progress"](goals([CINCINNATI, dream, {**dream, "name": "B"}]))
    assert chart.title == "Cincinnati is 32% of the way from 44% to 85%; beside 2 visions"
    assert "Every child thrives is a vision, which needs no number of its own." in chart.alt
    assert [row["status"] for row in chart.table.rows] == ["improving", "vision", "vision"]
    words = drawn(chart)
    assert "no target" not in words
    (only,) = CHARTS["goals"]["progress"](goals([dream, {**dream, "name": "B"}]))
    assert only.title == "All 2 goals are visions, which need no numbers of their own"


@pytest.mark.parametrize("level", ["vision", "outcome", "output", "activity"])
@pytest.mark.parametrize("status", ["no_target", "no_baseline", "no_measurement"])
@pytest.mark.parametrize("known", [(), ("baseline",), ("latest",), ("target",)])
def test_no_chart_says_that_something_stands_at_not_known(
    level: str, status: str, known: tuple[str, ...]
) -> None:
    numbers = {f"{part}_value": 5.0 for part in known} | {f"{part}_date": "2020" for part in known}
    row = goal("Readiness", level=level, status=status, **numbers)
    result = goals([row], series("Readiness", [("2020", 5.0)] if known else []))
    for chart in (*CHARTS["goals"]["progress"](result), *CHARTS["goals"]["run"](result)):
        assert "not known," not in chart.title
        assert "at not known" not in chart.title + chart.alt
        assert "from not known" not in drawn(chart)


def test_what_is_missing_is_named() -> None:
    aimed = goal("Homes", status="no_measurement", target_value=2.5)
    (chart,) = CHARTS["goals"]["progress"](goals([aimed]))
    assert chart.title == "Homes is to reach 2.5%; no value is written down yet"
    bare = goal("Weight", status="no_target", latest_value=4.0, latest_date="2005")
    (chart,) = CHARTS["goals"]["progress"](goals([bare, {**bare, "name": "Health"}]))
    assert chart.title == "None of the 2 goals has a target yet"


def test_money_is_said_in_its_currency() -> None:
    row = CINCINNATI | {"unit": "currency", "unit_words": "USD", "latest_value": 57000.0}
    (chart,) = CHARTS["goals"]["progress"](goals([row]))
    assert "USD 57,000 in 2014" in drawn(chart)


def test_many_goals_are_drawn_in_several_figures_and_none_is_forgotten() -> None:
    rows = [goal(f"Goal {i}", **{k: CINCINNATI[k] for k in CINCINNATI if k.startswith(
        ("baseline", "latest", "target", "percent"))}) for i in range(30)]  # fmt: skip
    charts = CHARTS["goals"]["progress"](goals(rows))
    assert [len(c.table.rows) for c in charts] == [8, 7, 7, 8]
    assert charts[1].title.endswith("(goals 9 to 15 of 30)")
    hundred = CHARTS["goals"]["progress"](goals([goal(f"G {i}") for i in range(100)]))
    assert len(hundred) == 5
    assert hundred[-1].source == "60 more goals are not drawn."


def test_one_goal_can_be_picked_and_an_unknown_one_lists_those_there_are() -> None:
    held = goals([CINCINNATI, POVERTY], READY, POOR)
    assert len(CHARTS["goals"]["run"](held)) == 2
    assert [c.title[:7] for c in CHARTS["goals"]["run"](held, goal="poverty  RATE")] == ["Poverty"]
    with pytest.raises(NotFound, match="Cincinnati, Poverty rate"):
        CHARTS["goals"]["run"](held, goal="Nothing")


def test_a_run_chart_copes_with_one_value_equal_values_months_and_hundreds() -> None:
    one = goals([goal("A", target_value=3.0)], series("A", [("2024-05", 3)]))
    flat = goals([goal("A")], series("A", [("2020", 0), ("2021", 0)]))
    months = goals([goal("A")], series("A", [("2024-01", 1), ("2024-06-15", 2), ("2025-02", 3)]))
    many = [(f"{1000 + i}", float(i % 7)) for i in range(600)]
    long = goals([goal("A", unit="number")], series("A", many))
    for held in (one, flat, months, long):
        (chart,) = CHARTS["goals"]["run"](held)
        drawn(chart)
    assert "May 2024" in drawn(CHARTS["goals"]["run"](months)[0])


def test_of_two_goals_of_one_name_each_shows_what_was_counted_for_it() -> None:
    older = Goal(name="Reading", sentence="a", level="outcome", baseline_value=10,
                 baseline_date="2020", target_value=20, target_date="2030")  # fmt: skip
    newer = Goal(name="reading", sentence="b", level="outcome", baseline_value=70,
                 baseline_date="2021", target_value=90, target_date="2030")  # fmt: skip
    values = [
        Measurement(goal="Reading", date=str(y), value=v) for y, v in ((2022, 12), (2023, 15))
    ]
    result = worked_out(older, newer, *values)
    finding = the(result, "same_name")
    assert "counted for the oldest only" in finding.sentence
    first, second = result.rows["progress"]
    assert (first["measurements"], second["measurements"]) == (2, 0)
    charts = CHARTS["goals"]["run"](result)
    drawn_values = [[row["value"] for row in chart.table.rows] for chart in charts]
    assert drawn_values == [[10, 12, 15], [70]]
    assert "70" not in charts[0].alt
    assert not {"12", "15"} & set(re.findall(r"[0-9]+", charts[1].alt))
    counted = [(row["record"], row["value"]) for row in result.rows["series"]]
    assert counted == [
        (first["record"], 10),
        (first["record"], 12),
        (first["record"], 15),
        (second["record"], 70),
    ]


@pytest.mark.parametrize(("percent", "drawn_to"), [(50.0, 50), (116.0, 116), (240.0, 116)])
def test_a_bar_ends_at_its_share_of_the_way_and_a_sixth_beyond_at_most(
    percent: float, drawn_to: int
) -> None:
    (chart,) = CHARTS["goals"]["progress"](goals([CINCINNATI | {"percent": percent}]))
    (bar,) = (m for m in chart.surface.marks if isinstance(m, Shape) and m.fill == TEAL
              and len(m.points) == 4)  # fmt: skip
    left, right = min(x for x, _ in bar.points), max(x for x, _ in bar.points)
    # The way is 3.7 inches long: 0.75 to 4.45.
    assert (left, right) == (0.75, pytest.approx(0.75 + 3.7 * drawn_to / 100))


def test_a_bar_that_went_the_wrong_way_is_hatched_and_ends_before_the_start() -> None:
    (chart,) = CHARTS["goals"]["progress"](goals([CINCINNATI | {"percent": -400.0}]))
    (bar,) = (m for m in chart.surface.marks if isinstance(m, Shape) and m.hatch)
    assert min(x for x, _ in bar.points) == pytest.approx(0.75 - 3.7 * 0.16)
    assert max(x for x, _ in bar.points) == 0.75
