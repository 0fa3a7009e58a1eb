"""The tests chart: each experiment's result, how sure it is, and the pass line it was held to.

Each experiment counts in its own unit, so each has its own scale. A pass line that was moved is
drawn where it was as well as where it is.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

from playbook_helpers.core.assessment import Row
from playbook_helpers.core.partial_dates import spoken
from playbook_helpers.drawing.chart import (
    GREY,
    INK,
    LINE,
    PALE_TEAL,
    PAPER,
    SMALL,
    TEAL,
    TRACK,
    VERMILLION,
    WIDTH,
    Chart,
    canvas,
    columns_of,
    drawing,
    listed,
    nice_ticks,
    numeric,
    shares_of,
    text_of,
    wrapped,
    write,
    write_lines,
)
from playbook_helpers.drawing.tables import Column, Table, number
from playbook_helpers.practices.innovation.trials import result_words

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

MOST, MOST_FIGURES = 8, 5
LEFT, RIGHT = 0.03, WIDTH - 0.03
START, END = 0.2, WIDTH - 0.35
STEP = 0.22
Moves = Mapping[str, Sequence[Row]]


def trial_charts(rows: Sequence[Row], moved: Sequence[Row]) -> list[Chart]:
    """Results against pass lines, in figures of at most eight; none where there is no result."""
    told = [row for row in rows if numeric(row, "value") is not None]
    moves: dict[str, list[Row]] = defaultdict(list)
    for move in moved:
        moves[text_of(move, "record")].append(move)
    shown = told[: MOST * MOST_FIGURES]
    charts = []
    for part in shares_of(len(shown), MOST) if shown else []:
        some = shown[part]
        title, caption = headline(told), "Results and pass lines"
        if len(some) < len(told):
            title += f" (experiments {part.start + 1} to {part.stop} of {len(told)})"
            caption += f", {part.start + 1} to {part.stop}"
        with drawing():
            figure = _figure(some, moves)
        charts.append(
            Chart(figure, title, _reading(some, moves), _table(some, moves, caption), _note(some))
        )
    return charts


def headline(rows: Sequence[Row]) -> str:
    """The point: which lines were moved; else how many passed, and how many clearly.

    >>> headline([{"name": "Drop-in", "passed": True, "clear": False}])
    'The one experiment with a result and a pass line passed, on too few cases to be sure'
    >>> headline([{"name": "A", "moved": 1}, {"name": "B", "passed": True, "clear": True}])
    'The pass line of A was moved after the start; 1 of 1 with a line passed'
    """
    moved = [text_of(row, "name") for row in rows if row.get("moved")]
    judged = [row for row in rows if row.get("passed") is not None]
    good = sum(row.get("passed") is True for row in judged)
    thin = sum(row.get("clear") is False for row in judged)
    if len(judged) == 1 and not moved:
        point = "The one experiment with a result and a pass line "
        point += "passed" if good else "did not pass"
        return point + (", on too few cases to be sure" if thin else "")
    point = f"{good} of {len(judged)} with a line passed" if judged else ""
    if thin and point:
        point += f", {thin} on too few cases to be sure"
    if moved:
        lines = "The pass line" if len(moved) == 1 else "The pass lines"
        were = "was" if len(moved) == 1 else "were"
        lead = f"{lines} of {listed(moved, 2)} {were} moved after the start"
        return f"{lead}; {point}" if point else lead
    return point[:1].upper() + point[1:] or "Results that no pass line was set for"


def _note(rows: Sequence[Row]) -> str:
    rings = "Rings: before the start. " if any(r.get("before") is not None for r in rows) else ""
    if not any(numeric(row, "low") is not None for row in rows):
        return rings.strip()
    return rings + (
        "Pale bands: Wilson's 95 % interval, from counts alone. They hold for chance, and not for "
        "whom you asked."
    )


def line_told(row: Row, moves: Sequence[Row]) -> str:
    """The pass line in words, with where it was before; and the value before the start.

    >>> line_told({"pass_line": None, "before": 207.0, "unit": "number"}, [])
    'no pass line; 207 before the start'
    """
    before = numeric(row, "before")
    sign = " %" if row.get("unit") == "percent" else ""
    start = f"; {number(before)}{sign} before the start" if before is not None else ""
    if numeric(row, "pass_line") is None:
        return f"no pass line{start}"
    told = f"passes with {text_of(row, 'line')}{start}"
    for move in moves[-1:]:
        day = text_of(move, "on")
        on = f" on {spoken(day)}" if day else ""
        was = text_of(move, "was")
        old = "there was none before" if was == "none" else f"was {was}"
        told += f"; {old}, changed{on}, {text_of(move, 'when')}"
    return told


def verdict(row: Row) -> str:
    """Passed or not, and whether the count is too thin to say.

    >>> verdict({"passed": True, "clear": False}), verdict({"passed": None})
    ('passed, not surely', '')
    >>> verdict({"passed": True, "moved": 1})
    'passed, line moved'
    """
    passed = row.get("passed")
    if passed is None:
        return ""
    if passed and row.get("moved"):
        return "passed, line moved"
    thin = row.get("clear") is False
    return ("passed" if passed else "did not pass") + (", not surely" if thin else "")


def _span(row: Row) -> str:
    low, high = numeric(row, "low"), numeric(row, "high")
    if low is None or high is None:
        return ""
    sign = " %" if row.get("unit") == "percent" else ""
    return f", between {number(low, 1)}{sign} and {number(high, 1)}{sign}"


def _reading(rows: Sequence[Row], moves: Moves) -> str:
    parts = []
    for row in rows:
        lines = line_told(row, moves.get(text_of(row, "record"), ()))
        judged = f"; {verdict(row)}" if verdict(row) else ""
        parts.append(f"{text_of(row, 'name')}: {result_words(row)}{_span(row)}; {lines}{judged}.")
    return " ".join(parts)


def _table(rows: Sequence[Row], moves: Moves, caption: str) -> Table:
    cells = [
        {
            "name": row["name"],
            "result": result_words(row),
            "low": "–" if row.get("low") is None else number(numeric(row, "low") or 0.0, 1),
            "high": "–" if row.get("high") is None else number(numeric(row, "high") or 0.0, 1),
            "line": line_told(row, moves.get(text_of(row, "record"), ())),
            "verdict": verdict(row) or "–",
        }
        for row in rows
    ]
    columns = (
        Column("name", "Experiment"),
        Column("result", "Result"),
        Column("low", "Lowest", align="right"),
        Column("high", "Highest", align="right"),
        Column("line", "Pass line"),
        Column("verdict", "So it"),
    )
    return Table(caption, columns, tuple(cells))


# Drawing --------------------------------------------------------------------------------------


def _figure(rows: Sequence[Row], moves: Moves) -> Figure:
    told = [line_told(row, moves.get(text_of(row, "record"), ())) for row in rows]
    names = [wrapped(text_of(row, "name"), 3.4, 2) for row in rows]
    lines = [wrapped(words, RIGHT - LEFT, 3, SMALL) for words in told]
    heights = [
        1.42 + STEP * (len(n) + len(words) - 2) for n, words in zip(names, lines, strict=True)
    ]
    figure, axes = canvas(sum(heights) + 0.05)
    y = 0.0
    for place, (row, name, words, height) in enumerate(
        zip(rows, names, lines, heights, strict=True)
    ):
        if place:
            axes.plot([LEFT, RIGHT], [y, y], color=TRACK, lw=1)
        _trial(axes, row, name, words, moves.get(text_of(row, "record"), ()), y)
        y += height
    return figure


def _trial(
    axes: Axes, row: Row, name: list[str], words: list[str], moves: Sequence[Row], top: float
) -> None:
    y = write_lines(axes, LEFT, top + 0.27, name, weight="bold")
    judged = verdict(row)
    if judged:
        tone = TEAL if row.get("passed") and not row.get("moved") else INK
        write(axes, RIGHT, top + 0.27, judged, weight="bold", ha="right", color=tone)
    bar = y + 0.44
    old = [value for move in moves if (value := _old_line(move, row)) is not None]
    low, high = _scale(row, old)

    def at(value: float) -> float:
        return START + (END - START) * (value - low) / (high - low)

    axes.plot([START, END], [bar, bar], color=LINE, lw=1.4, zorder=1)
    for tick in nice_ticks(low, high, 5):
        axes.plot([at(tick)] * 2, [bar, bar + 0.05], color=LINE, lw=1, zorder=1)
        sign = " %" if row.get("unit") == "percent" else ""
        write(
            axes, at(tick), bar + 0.3, f"{number(tick)}{sign}", size=SMALL, color=GREY, ha="center"
        )
    first, last = numeric(row, "low"), numeric(row, "high")
    if first is not None and last is not None:
        from matplotlib.patches import Rectangle

        low_end, high_end = sorted((at(first), at(last)))
        place, wide = (low_end, bar - 0.09), high_end - low_end
        axes.add_patch(Rectangle(place, wide, 0.18, facecolor=PALE_TEAL, lw=0))
    for value in old:
        axes.plot(
            [at(value)] * 2,
            [bar - 0.16, bar + 0.16],
            color=VERMILLION,
            lw=1.6,
            ls=(0, (2, 1.4)),
            zorder=3,
        )
    line = numeric(row, "pass_line")
    if line is not None:
        _line(axes, at(line), bar, at_least=row.get("pass_side") != "at_most")
    value, before = numeric(row, "value") or 0.0, numeric(row, "before")
    if before is not None:
        ring: dict[str, Any] = {"marker": "o", "ms": 9, "mfc": PAPER, "mec": GREY, "mew": 1.6}
        axes.plot([at(before), at(value)], [bar, bar], color=GREY, lw=2.4, zorder=4)
        axes.plot([at(before)], [bar], zorder=5, **ring)
    axes.plot([at(value)], [bar], marker="o", ms=10, mfc=TEAL, mec=PAPER, mew=1.2, zorder=6)
    label = result_words(row)
    wide = columns_of(label) * SMALL * 0.62 / 72
    x = min(max(at(value) - wide / 2, LEFT), RIGHT - wide)
    write(axes, x, bar - 0.23, label, size=SMALL, color=TEAL, weight="bold")
    write_lines(axes, LEFT, bar + 0.55, words, size=SMALL, color=GREY)


def _line(axes: Axes, x: float, bar: float, *, at_least: bool) -> None:
    """The pass line, with a foot that points to the side where it passes."""
    axes.plot([x, x], [bar - 0.16, bar + 0.16], color=INK, lw=2.4, zorder=4)
    away = 0.14 if at_least else -0.14
    axes.plot([x, x + away], [bar + 0.14, bar + 0.14], color=INK, lw=2, zorder=4)
    axes.plot([x + away], [bar + 0.14], marker=">" if at_least else "<", ms=5, color=INK, zorder=4)


def _old_line(move: Row, row: Row) -> float | None:
    """Where a line was that was moved late, if it was counted in today's unit."""
    same = ("%" in text_of(move, "was")) == (row.get("unit") == "percent")
    return numeric(move, "was_value") if move.get("late") and same else None


def _scale(row: Row, old: Sequence[float]) -> tuple[float, float]:
    """From where to where the row's own scale runs; shares run from 0 to 100."""
    names = ("value", "before", "pass_line", "low", "high")
    held = [v for name in names if (v := numeric(row, name)) is not None] + list(old)
    if row.get("unit") == "percent" and min(held) >= 0 and max(held) <= 100:
        return 0.0, 100.0
    low, high = min(0.0, *held), max(0.0, *held)
    if low == high:
        return 0.0, 1.0
    reach = (high - low) * 0.08
    return low - (reach if low < 0 else 0.0), high + (reach if high > 0 else 0.0)
