"""The tests chart: each experiment's result, how sure it is, and the pass line it was held to.

Each experiment counts in its own unit, so each has its own scale. A pass line that was moved is
drawn where it was as well as where it is.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence

from playbook_helpers.core.partial_dates import spoken
from playbook_helpers.core.text import listed
from playbook_helpers.drawing.chart import Chart, number_of, numeric, text_of
from playbook_helpers.drawing.rows import STEP, Rows, in_parts
from playbook_helpers.drawing.scales import Scale, nice_ticks
from playbook_helpers.drawing.style import (
    GREY,
    INK,
    LINE,
    PALE_TEAL,
    PAPER,
    SMALL,
    TEAL,
    VERMILLION,
    WIDTH,
)
from playbook_helpers.drawing.surface import Surface
from playbook_helpers.drawing.tables import Column, Table, number
from playbook_helpers.drawing.words import width_of, wrapped
from playbook_helpers.practices.innovation.rows import ExperimentRow, MovedRow
from playbook_helpers.practices.innovation.trials import result_words

MOST, MOST_FIGURES = 8, 5
LEFT, RIGHT = 0.03, WIDTH - 0.03
START, END = 0.2, WIDTH - 0.35
Moves = Mapping[str, Sequence[MovedRow]]


def trial_charts(rows: Sequence[ExperimentRow], moved: Sequence[MovedRow]) -> list[Chart]:
    """Results against pass lines, in figures of at most eight; none where there is no result."""
    told = [row for row in rows if numeric(row["value"]) is not None]
    moves: dict[str, list[MovedRow]] = defaultdict(list)
    for move in moved:
        moves[text_of(move["record"])].append(move)
    return [
        Chart(
            _picture(part.rows, moves),
            headline(told) + part.title,
            _reading(part.rows, moves),
            _table(part.rows, moves, f"Results and pass lines{part.caption}"),
            f"{part.note} {_note(part.rows)}".strip(),
        )
        for part in in_parts(told, MOST, MOST_FIGURES, "experiments")
    ]


def headline(rows: Sequence[ExperimentRow]) -> str:
    """The point: which lines were moved; else how many passed, and how many clearly.

    >>> nothing = dict.fromkeys(ExperimentRow.__annotations__)
    >>> headline([nothing | {"name": "Drop-in", "passed": True, "clear": False}])
    'The one experiment with a result and a pass line passed, on too few cases to be sure'
    >>> known = nothing | {"name": "B", "passed": True, "clear": True}
    >>> headline([nothing | {"name": "A", "moved": 1}, known])
    'The pass line of A was moved after the start; 1 of 1 with a line passed'
    """
    moved = [text_of(row["name"]) for row in rows if row["moved"]]
    judged = [row for row in rows if row["passed"] is not None]
    good = sum(row["passed"] is True for row in judged)
    thin = sum(row["clear"] is False for row in judged)
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


def _note(rows: Sequence[ExperimentRow]) -> str:
    rings = "Rings: before the start. " if any(r["before"] is not None for r in rows) else ""
    if not any(numeric(row["low"]) is not None for row in rows):
        return rings.strip()
    return rings + (
        "Pale bands: Wilson's 95 % interval, from counts alone. They hold for chance, and not for "
        "whom you asked."
    )


def line_told(row: ExperimentRow, moves: Sequence[MovedRow]) -> str:
    """The pass line in words, with where it was before; and the value before the start.

    >>> nothing = dict.fromkeys(ExperimentRow.__annotations__)
    >>> line_told(nothing | {"before": 207.0, "unit": "number"}, [])
    'no pass line; 207 before the start'
    """
    before = numeric(row["before"])
    sign = " %" if row["unit"] == "percent" else ""
    start = f"; {number(before)}{sign} before the start" if before is not None else ""
    if numeric(row["pass_line"]) is None:
        return f"no pass line{start}"
    told = f"passes with {text_of(row['line'])}{start}"
    for move in moves[-1:]:
        day = text_of(move["on"])
        on = f" on {spoken(day)}" if day else ""
        was = text_of(move["was"])
        old = "there was none before" if was == "none" else f"was {was}"
        told += f"; {old}, changed{on}, {text_of(move['when'])}"
    return told


def verdict(row: ExperimentRow) -> str:
    """Passed or not, and whether the count is too thin to say.

    >>> nothing = dict.fromkeys(ExperimentRow.__annotations__)
    >>> verdict(nothing | {"passed": True, "clear": False}), verdict(nothing)
    ('passed, not surely', '')
    >>> verdict(nothing | {"passed": True, "moved": 1})
    'passed, line moved'
    """
    passed = row["passed"]
    if passed is None:
        return ""
    if passed and row["moved"]:
        return "passed, line moved"
    thin = row["clear"] is False
    return ("passed" if passed else "did not pass") + (", not surely" if thin else "")


def _span(row: ExperimentRow) -> str:
    low, high = numeric(row["low"]), numeric(row["high"])
    if low is None or high is None:
        return ""
    sign = " %" if row["unit"] == "percent" else ""
    return f", between {number(low, 1)}{sign} and {number(high, 1)}{sign}"


def _reading(rows: Sequence[ExperimentRow], moves: Moves) -> str:
    parts = []
    for row in rows:
        lines = line_told(row, moves.get(text_of(row["record"]), ()))
        judged = f"; {verdict(row)}" if verdict(row) else ""
        parts.append(f"{text_of(row['name'])}: {result_words(row)}{_span(row)}; {lines}{judged}.")
    return " ".join(parts)


def _table(rows: Sequence[ExperimentRow], moves: Moves, caption: str) -> Table:
    cells = [
        {
            "name": row["name"],
            "result": result_words(row),
            "low": "–" if row["low"] is None else number(row["low"], 1),
            "high": "–" if row["high"] is None else number(row["high"], 1),
            "line": line_told(row, moves.get(text_of(row["record"]), ())),
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


def _picture(rows: Sequence[ExperimentRow], moves: Moves) -> Surface:
    moved = [moves.get(text_of(row["record"]), ()) for row in rows]
    told = [
        wrapped(line_told(row, some), RIGHT - LEFT, 3, SMALL)
        for row, some in zip(rows, moved, strict=True)
    ]
    talls = [1.42 + STEP * (len(lines) - 1) for lines in told]
    layout = Rows([text_of(row["name"]) for row in rows], talls, room=3.4, first=0.27, foot=0.05,
                  rules="between")  # fmt: skip
    surface = layout.surface
    for row, some, lines, place in zip(rows, moved, told, layout.places(), strict=True):
        bar = place.base + 0.44
        if judged := verdict(row):
            tone = TEAL if row["passed"] and not row["moved"] else INK
            surface.write(RIGHT, place.first, judged, bold=True, side="right", color=tone)
        _trial(surface, row, [v for move in some if (v := _old_line(move, row)) is not None], bar)
        surface.write_lines(LEFT, bar + 0.55, lines, size=SMALL, color=GREY)
    return surface


def _trial(surface: Surface, row: ExperimentRow, old: Sequence[float], bar: float) -> None:
    at = _scale(row, old)
    surface.line([(START, bar), (END, bar)], LINE, width=1.4, level=1)
    sign = " %" if row["unit"] == "percent" else ""
    for tick in nice_ticks(at.low, at.high, 5):
        x = at(tick)
        surface.line([(x, bar), (x, bar + 0.05)], LINE, level=1)
        words = f"{number(tick)}{sign}"
        surface.write(x, bar + 0.3, words, size=SMALL, color=GREY, side="center")
    first, last = numeric(row["low"]), numeric(row["high"])
    if first is not None and last is not None:
        low, high = sorted((at(first), at(last)))
        surface.rectangle(low, bar - 0.09, high - low, 0.18, fill=PALE_TEAL)
    for value in old:
        ends = [(at(value), bar - 0.16), (at(value), bar + 0.16)]
        surface.line(ends, VERMILLION, width=1.6, dash=(2, 1.4), level=3)
    line = numeric(row["pass_line"])
    if line is not None:
        _line(surface, at(line), bar, at_least=row["pass_side"] != "at_most")  # noqa: S105
    value, before = number_of(row["value"]), numeric(row["before"])
    if before is not None:
        surface.line([(at(before), bar), (at(value), bar)], GREY, width=2.4, level=4)
        surface.mark(at(before), bar, size=9, fill=PAPER, stroke=GREY, width=1.6, level=5)
    surface.mark(at(value), bar, size=10, fill=TEAL, stroke=PAPER, width=1.2, level=6)
    label = wrapped(result_words(row), 0.9 * (RIGHT - LEFT), 1, SMALL)[0]
    wide = width_of(label, SMALL, bold=True)
    x = min(max(at(value) - wide / 2, LEFT), RIGHT - wide)
    surface.write(x, bar - 0.23, label, size=SMALL, color=TEAL, bold=True)


def _line(surface: Surface, x: float, bar: float, *, at_least: bool) -> None:
    """The pass line, with a foot that points to the side where it passes."""
    surface.line([(x, bar - 0.16), (x, bar + 0.16)], INK, width=2.4, level=4)
    toe, foot = x + (0.14 if at_least else -0.14), bar + 0.14
    surface.line([(x, foot), (toe, foot)], INK, width=2, level=4)
    surface.mark(toe, foot, "right" if at_least else "left", size=5, fill=INK, level=4)


def _old_line(move: MovedRow, row: ExperimentRow) -> float | None:
    """Where a line was that was moved late, if it was counted in today's unit."""
    same = ("%" in text_of(move["was"])) == (row["unit"] == "percent")
    return numeric(move["was_value"]) if move["late"] and same else None


def _scale(row: ExperimentRow, old: Sequence[float]) -> Scale:
    """The row's own scale; shares run from 0 to 100."""
    names = ("value", "before", "pass_line", "low", "high")
    held = [v for name in names if (v := numeric(row.get(name))) is not None] + list(old)
    if row["unit"] == "percent" and min(held) >= 0 and max(held) <= 100:
        return Scale(0.0, 100.0, START, END)
    low, high = min(0.0, *held), max(0.0, *held)
    if low == high:
        return Scale(0.0, 1.0, START, END)
    reach = (high - low) * 0.08
    low, high = low - (reach if low < 0 else 0.0), high + (reach if high > 0 else 0.0)
    return Scale(low, high, START, END)
