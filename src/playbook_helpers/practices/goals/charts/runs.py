"""The run chart: one goal's values over time, the path to its target, and the target met or lost.

Where the way of counting changed, the line stops and a marked gap stands in its place: values on
the two sides are not compared. Values are labelled on the chart wherever they do not crowd.
"""

from __future__ import annotations

import itertools
import math
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from playbook_helpers.core.partial_dates import last_day, spoken
from playbook_helpers.core.text import listed
from playbook_helpers.drawing.chart import Chart, numeric, text_of
from playbook_helpers.drawing.graph import Graph
from playbook_helpers.drawing.scales import nice_ticks
from playbook_helpers.drawing.style import GREY, INK, LINE, PAPER, SMALL, TEAL, WIDTH
from playbook_helpers.drawing.surface import Surface
from playbook_helpers.drawing.tables import Column, Table, number
from playbook_helpers.drawing.words import width_of, wrapped
from playbook_helpers.practices.goals.charts.goal_words import said, sentence, when
from playbook_helpers.practices.goals.rows import ProgressRow, SeriesRow

HEIGHT, TOP, FOOT, SIDE = 3.7, 0.62, 0.42, 0.3


@dataclass(frozen=True, slots=True)
class Point:
    """One value of the series; `x` is its date in years."""

    x: float
    y: float
    when: str
    segment: int
    met: bool
    baseline: bool


def run_chart(row: ProgressRow, series: Sequence[SeriesRow], source: str) -> Chart:
    """The run chart of one goal, from its row of `progress` and its rows of `series`."""
    points = [_point(each) for each in series]
    surface = _picture(row, points)
    return Chart(surface, _title(row, points), _reading(row, points), _table(row, series), source)


def _point(row: SeriesRow) -> Point:
    return Point(
        x=_years(last_day(text_of(row["day"])[:10])),
        y=row["value"],
        when=text_of(row["date"]),
        segment=row["segment"],
        met=row["met"],
        baseline=row["baseline"],
    )


def _years(day: date) -> float:
    """A date in years, with the last day of a year as the year's own number."""
    first = date(day.year, 1, 1)
    length = (date(day.year, 12, 31) - first).days + 1
    return day.year - 1 + ((day - first).days + 1) / length


# Words ----------------------------------------------------------------------------------------


def _lost(points: Sequence[Point]) -> Point | None:
    """The first point after the target was last met, where it is met no more."""
    met = [place for place, p in enumerate(points) if p.met]
    if not met or met[-1] == len(points) - 1:
        return None
    return points[met[-1] + 1]


def _title(row: ProgressRow, points: Sequence[Point]) -> str:
    first_met = next((p for p in points if p.met), None)
    lost = _lost(points)
    if row["status"] == "met_then_lost" and first_met is not None and lost is not None:
        name, target = text_of(row["name"]), said(row, numeric(row["target_value"]))
        return (
            f"{name}: the target of {target} was met {_at(first_met.when)} and lost again "
            f"by {_spoken(lost.when)}; it stands at {said(row, points[-1].y)} "
            f"{_at(points[-1].when)}"
        )
    return sentence(row)


def _reading(row: ProgressRow, points: Sequence[Point]) -> str:
    parts = [f"{_title(row, points)}."]
    if points:
        parts.append(
            f"{len(points)} values from {_spoken(points[0].when)} ({said(row, points[0].y)}) to "
            f"{_spoken(points[-1].when)} ({said(row, points[-1].y)})."
            if len(points) > 1
            else f"One value: {said(row, points[0].y)} {_at(points[0].when)}."
        )
        low, high = min(points, key=lambda p: p.y), max(points, key=lambda p: p.y)
        if len(points) > 2 and low.y != high.y:
            parts.append(
                f"Lowest {said(row, low.y)} {_at(low.when)}, "
                f"highest {said(row, high.y)} {_at(high.when)}."
            )
    due = when(row, "target_date")
    if numeric(row["target_value"]) is not None:
        parts.append(
            f"Target {said(row, numeric(row['target_value']))}{f' by {due}' if due else ''}."
        )
    breaks = _breaks(points)
    if breaks:
        dates = listed([_spoken(b.when) for _, b in breaks], 6)
        parts.append(f"The way of counting changed with {dates}; nothing is compared across it.")
    return " ".join(parts)


def _table(row: ProgressRow, series: Sequence[SeriesRow]) -> Table:
    unit = "%" if row["unit"] == "percent" else text_of(row["unit_words"])
    segments = {r["segment"] for r in series}
    columns = [
        Column("date", "Date", format="when"),
        Column("value", "Value", unit),
        Column("met", "Target met?", format="yesno"),
    ]
    if len(segments) > 1:
        columns.append(Column("segment", "Way of counting", format="text"))
    if any(text_of(r["source"]) for r in series):
        columns.append(Column("source", "Source", format="text"))
    has_target = numeric(row["target_value"]) is not None
    rows = tuple(
        {
            **r,
            "met": bool(r["met"]) if has_target else None,
            "segment": r["segment"] + 1,
        }
        for r in series
    )
    return Table(f"Values of {text_of(row['name'])}", tuple(columns), rows)


def _spoken(text: str) -> str:
    try:
        return spoken(text)
    except ValueError:
        return text


def _at(text: str) -> str:
    return f"{'on' if len(text) == 10 else 'in'} {_spoken(text)}"


def _breaks(points: Sequence[Point]) -> list[tuple[Point, Point]]:
    return [(a, b) for a, b in itertools.pairwise(points) if a.segment != b.segment]


# Drawing --------------------------------------------------------------------------------------


def _picture(row: ProgressRow, points: Sequence[Point]) -> Surface:
    target, due = numeric(row["target_value"]), text_of(row["target_date"])
    due_x = _years(last_day(due)) if due else None
    x = _time_span([p.x for p in points] + ([due_x] if due_x is not None else []))
    y = _span([p.y for p in points] + ([target] if target is not None else []), 0.14, 1.0)
    percent = row["unit"] == "percent"
    up = [(v, f"{number(v)}%" if percent else number(v)) for v in nice_ticks(*y, most=6)]
    left = 0.2 + max((width_of(words, SMALL) for _, words in up), default=0.0)
    surface = Surface(HEIGHT)
    graph = Graph(surface, left, TOP, WIDTH - left - SIDE, HEIGHT - TOP - FOOT, x, y, SIDE)
    whole = all(len(p.when) == 4 for p in points) and len(due) in (0, 4)
    graph.scales(_time_ticks(x, whole), up, floor=True)
    unit = text_of(row["unit_words"]) or text_of(row["indicator"])
    unit = unit or {"percent": "Percent", "number": "Number"}.get(text_of(row["unit"]), "Value")
    lines = wrapped(unit, WIDTH - 0.06, 1, SMALL)
    surface.write(0.03, 0.24, lines[0], size=SMALL, color=GREY)
    _target(graph, row, points, target, due_x)
    _line(graph, points)
    _words(graph, row, points, target, due_x)
    return surface


def _span(values: Sequence[float], room: float, least: float) -> tuple[float, float]:
    """From below the lowest to above the highest; some room even where all are equal."""
    if not values:
        return (0.0, least)
    low, high = min(values), max(values)
    if high - low < 1e-9 * max(abs(high), abs(low), 1.0):
        spread = max(abs(high) * 0.1, least / 2)
        return (low - spread, high + spread)
    return (low - (high - low) * room, high + (high - low) * room)


def _time_span(years: Sequence[float]) -> tuple[float, float]:
    """As much time as the values take; around a single date a year and a half on either side.

    A share of the value, as heights have it, would be two centuries.
    """
    if not years or max(years) - min(years) < 1 / 400:
        middle = years[0] if years else 0.0
        return (middle - 1.5, middle + 1.5)
    return _span(years, 0.04, 1.0)


def _time_ticks(x: tuple[float, float], whole: bool) -> list[tuple[float, str]]:
    """Years where there are some; months where the span is short.

    Values known by year alone stand at their year's mark. Where months are known, a year's mark
    is its first of January.
    """
    if x[1] - x[0] >= 2.5:
        shift = 0 if whole else 1
        low, high = math.ceil(x[0] + shift), math.floor(x[1] + shift)
        # Whole years at even distances, on round years where there are many.
        step = next((s for s in (1, 2, 5, 10, 20, 50, 100) if (high - low) / s <= 5), 500)
        first_year = low if step < 5 else -(-low // step) * step
        return [(y - shift, str(y)) for y in range(first_year, high + 1, step)]
    first, months = int(x[0]) - 1, []
    for year in range(first, int(x[1]) + 3):
        for month in range(1, 13):
            end = last_day(f"{year:04d}-{month:02d}") if 1 <= year <= 9999 else None
            if end is not None and x[0] <= _years(end) <= x[1]:
                months.append((_years(end), f"{end:%b} {year}"))
    step = max(1, -(-len(months) // 4))
    return months[::step]


def _target(
    graph: Graph, row: ProgressRow, points: Sequence[Point], target: float | None, due: float | None
) -> None:
    """The path from the baseline, the height to reach, and the mark where the two meet."""
    if target is None:
        return
    graph.line([(x, target) for x in graph.x], LINE, dash=(1, 2))
    start = next((p for p in points if p.baseline), None)
    if due is None:
        return
    if start is not None and not row["broken"]:
        path = [(start.x, start.y), (due, target)]
        graph.line(path, GREY, width=1.3, dash=(5, 3))
    place = graph.at(due, target)
    graph.surface.mark(*place, "diamond", size=9, fill=PAPER, stroke=INK, width=1.8, level=6)
    graph.occupy(due, target, 0.09)


def _line(graph: Graph, points: Sequence[Point]) -> None:
    for segment in sorted({p.segment for p in points}):
        some = [(p.x, p.y) for p in points if p.segment == segment]
        graph.line(some, TEAL, width=2.2, level=4)
    small = len(points) > 25
    for p in points:
        strong = p.met or p.baseline
        graph.surface.mark(
            *graph.at(p.x, p.y),
            "square" if p.baseline else "circle",
            size=(4 if small else 7) + strong,
            fill=PAPER if p.baseline else TEAL,
            stroke=INK if p.met else TEAL,
            width=2 if strong else 1,
            level=5,
        )
        graph.occupy(p.x, p.y)
    for before, after in _breaks(points):
        middle = (before.x + after.x) / 2
        graph.line([(middle, y) for y in graph.y], INK, width=1.2, dash=(2, 2), level=3)
        at = graph.inches(middle, graph.y[0])[0]
        graph.taken.append((at - 0.03, 0.0, at + 0.03, graph.height))


def _words(
    graph: Graph, row: ProgressRow, points: Sequence[Point], target: float | None, due: float | None
) -> None:
    """Labels, the most telling first, each at a free place."""
    _occupy_lines(graph, points, target, due)
    kept = row["status"] in ("kept", "not_kept")
    met = None if kept else next((p for p in points if p.met), None)
    if points and points[-1] is not met:
        last = points[-1]
        graph.label(last.x, last.y, said(row, last.y), must=True, bold=True, color=TEAL)
    if target is not None and due is not None:
        words = f"target {said(row, target)} by {when(row, 'target_date')}"
        graph.label(due, target, words, must=True, color=INK)
    elif target is not None:
        graph.label(graph.x[0], target, f"target {said(row, target)}", must=True, color=INK)
    lost = None if kept else _lost(points)
    if met is not None:
        words = f"met {_at(met.when)}: {said(row, met.y)}"
        graph.label(met.x, met.y, words, bold=True, color=INK, must=True)
    if lost is not None:
        words = f"lost by {_spoken(lost.when)}"
        graph.label(lost.x, lost.y, words, bold=True, color=INK, must=True)
    for before, after in _breaks(points):
        middle = (before.x + after.x) / 2
        graph.label(middle, graph.y[0], "counting changed", color=INK)
    if len(points) > 1:
        graph.label(points[0].x, points[0].y, said(row, points[0].y), color=GREY)
    if len(points) <= 12:
        for p in points[1:-1]:
            if p is not met:
                graph.label(p.x, p.y, number(p.y), color=GREY)


def _occupy_lines(
    graph: Graph, points: Sequence[Point], target: float | None, due: float | None
) -> None:
    """Keep words off the line and off the path to the target."""
    start = next((p for p in points if p.baseline), None)
    if start is not None and target is not None and due is not None:
        for step in range(2, 40):
            x = start.x + (due - start.x) * step / 40
            graph.occupy(x, start.y + (target - start.y) * step / 40, 0.015)
    for a, b in itertools.pairwise(points):
        if a.segment == b.segment:
            for step in range(1, 8):
                share = step / 8
                graph.occupy(a.x + (b.x - a.x) * share, a.y + (b.y - a.y) * share, 0.03)
