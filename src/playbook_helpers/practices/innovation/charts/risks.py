"""The risk chart: how much hangs on each assumption against how much is known of it.

Importance and evidence are whole numbers, so many assumptions share one place. They are spread
within it; where there are too many to tell apart, one mark carries their number.
"""

from __future__ import annotations

import math
from collections import defaultdict
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from playbook_helpers.core.assessment import Row
from playbook_helpers.drawing.chart import (
    GREY,
    INK,
    LINE,
    PAPER,
    SMALL,
    TEAL,
    TRACK,
    WIDTH,
    Chart,
    canvas,
    drawing,
    listed,
    numeric,
    text_of,
    wrapped,
    write,
    write_lines,
)
from playbook_helpers.drawing.tables import Column, Table
from playbook_helpers.practices.innovation.findings import RISKY

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

NAMED, MOST_IN_TABLE = 5, 200
"""Assumptions that are named under the map, and those in the table behind it."""
LEFT, RIGHT, HEAD = 1.02, WIDTH - 0.06, 0.5
CELL_WIDE, CELL_TALL = (RIGHT - LEFT) / 6, 0.66
FITS = 9
"""Marks that a place holds side by side."""
TESTS = {
    "none": "nothing tests it",
    "planned": "a test is planned",
    "running": "being tested",
    "known": "tested",
}


def risk_charts(rows: Sequence[Row]) -> list[Chart]:
    """One map of all assumptions that were given both numbers; none where there are none."""
    weighed = [row for row in rows if numeric(row, "risk") is not None]
    if not weighed:
        return []
    named = _riskiest(weighed)
    with drawing():
        figure = _figure(weighed, named)
    left = len(rows) - len(weighed)
    note = ""
    if left:
        one = left == 1
        note = f"{left} more {'is' if one else 'are'} not on the map: "
        note += "one of the two numbers is missing."
    return [Chart(figure, headline(weighed), _reading(weighed, named), _table(weighed), note)]


def _riskiest(rows: Sequence[Row]) -> list[Row]:
    """Those to name: without a result and risky first, as the assessment orders them."""
    return [row for row in rows if text_of(row, "test") != "known"][:NAMED] or list(rows[:NAMED])


def headline(rows: Sequence[Row]) -> str:
    """The point: what is risky and untested.

    >>> headline([{"name": "They come", "risk": 20, "test": "none"}])
    'One risky assumption that nothing tests yet: They come'
    >>> headline([{"name": "They come", "risk": 20, "test": "running"}])
    'Each of the risky assumptions is being tested or has a test planned'
    """
    risky = [row for row in rows if (numeric(row, "risk") or 0) >= RISKY]
    bare = [text_of(row, "name") for row in risky if text_of(row, "test") == "none"]
    if len(bare) == 1:
        return f"One risky assumption that nothing tests yet: {bare[0]}"
    if bare:
        return f"{len(bare)} risky assumptions that nothing tests yet: {listed(bare, 2)}"
    if risky:
        return "Each of the risky assumptions is being tested or has a test planned"
    return "No assumption here is both important and little known"


def _reading(rows: Sequence[Row], named: Sequence[Row]) -> str:
    parts = [f"{len(rows)} assumptions by importance (1 to 5) and evidence (0 to 5)."]
    if len(rows) == 1:
        parts = ["One assumption by importance (1 to 5) and evidence (0 to 5)."]
    parts += [f"{place}, {_told(row)}." for place, row in enumerate(named, start=1)]
    return " ".join(parts)


def _told(row: Row) -> str:
    return (
        f"{text_of(row, 'name')}: importance {row['importance']}, evidence {row['evidence']}, "
        f"{TESTS.get(text_of(row, 'test'), '')}"
    )


def _table(rows: Sequence[Row]) -> Table:
    caption = "Assumptions, untested and riskiest first"
    if len(rows) > MOST_IN_TABLE:
        caption += f" (the first {MOST_IN_TABLE} of {len(rows):,})"
    columns = (
        Column("name", "Assumption"),
        Column("importance", "Importance"),
        Column("evidence", "Evidence"),
        Column("risk", "Risk, of 25"),
        Column("test", "Test", words=TESTS),
    )
    return Table(caption, columns, tuple(rows[:MOST_IN_TABLE]))


# Drawing --------------------------------------------------------------------------------------


def _figure(rows: Sequence[Row], named: Sequence[Row]) -> Figure:
    bottom = HEAD + 5 * CELL_TALL
    lines = [wrapped(text_of(row, "name"), RIGHT - 0.45, 2) for row in named]
    below = sum(0.27 + 0.22 * len(each) for each in lines)
    figure, axes = canvas(bottom + 0.98 + below)
    _grid(axes, bottom)
    _legend(axes)
    _marks(axes, rows, {text_of(row, "record"): n for n, row in enumerate(named, start=1)})
    y = bottom + 1.0
    for place, (row, words) in enumerate(zip(named, lines, strict=True), start=1):
        _mark(axes, 0.16, y - 0.06, row, str(place))
        last = write_lines(axes, 0.36, y, words)
        told = f"risk {row['risk']} of 25, {TESTS.get(text_of(row, 'test'), '')}"
        write(axes, 0.36, last + 0.2, told, size=SMALL, color=GREY)
        y = last + 0.49
    return figure


def _x(evidence: float) -> float:
    return LEFT + (evidence + 0.5) * CELL_WIDE


def _y(importance: float) -> float:
    return HEAD + (5 - importance + 0.5) * CELL_TALL


def _grid(axes: Axes, bottom: float) -> None:
    from matplotlib.patches import Rectangle

    for importance in range(1, 6):
        for evidence in range(6):
            risky = importance * (5 - evidence) >= RISKY
            corner = (_x(evidence) - CELL_WIDE / 2, _y(importance) - CELL_TALL / 2)
            axes.add_patch(
                Rectangle(
                    corner,
                    CELL_WIDE,
                    CELL_TALL,
                    facecolor=TRACK if risky else PAPER,
                    edgecolor=LINE,
                    lw=0.7,
                    zorder=1,
                )
            )
    look: dict[str, Any] = {"size": SMALL, "color": GREY}
    for importance in range(1, 6):
        write(axes, LEFT - 0.1, _y(importance) + 0.06, str(importance), ha="right", **look)
    for evidence in range(6):
        write(axes, _x(evidence), bottom + 0.22, str(evidence), ha="center", **look)
    write_lines(axes, 0.03, _y(5), ["the plan", "fails"], **look)
    write_lines(axes, 0.03, _y(3) - 0.06, ["If it is", "wrong"], **{**look, "color": INK})
    write_lines(axes, 0.03, _y(1) - 0.06, ["hardly", "noticed"], **look)
    write(axes, LEFT, bottom + 0.46, "we only believe it", **look)
    write(axes, RIGHT, bottom + 0.46, "we have seen it", ha="right", **look)
    middle = (LEFT + RIGHT) / 2
    write(axes, middle, bottom + 0.46, "What we know", size=SMALL, color=INK, ha="center")


def _legend(axes: Axes) -> None:
    from matplotlib.patches import Rectangle

    x, y = 0.12, 0.2
    for test, words, wide in (
        ("none", "nothing tests it", 1.62),
        ("running", "being tested, or planned", 2.22),
        ("known", "tested", 0.8),
    ):
        _mark(axes, x, y - 0.06, {"test": test}, "")
        write(axes, x + 0.16, y, words, size=SMALL, color=GREY)
        x += wide + 0.16
    patch = Rectangle((0.03, 0.28), 0.18, 0.15, facecolor=TRACK, edgecolor=LINE, lw=0.7)
    axes.add_patch(patch)
    write(axes, 0.28, 0.41, f"risky: {RISKY} or more of 25", size=SMALL, color=GREY)


def _marks(axes: Axes, rows: Sequence[Row], numbers: dict[str, int]) -> None:
    places: dict[tuple[float, float], list[Row]] = defaultdict(list)
    for row in rows:
        key = (numeric(row, "evidence") or 0.0, numeric(row, "importance") or 0.0)
        places[key].append(row)
    for (evidence, importance), members in places.items():
        x, y = _x(evidence), _y(importance)
        if len(members) > FITS:
            first = [str(numbers[r]) for m in members if (r := text_of(m, "record")) in numbers]
            # A number without a frame: squares are for what is tested.
            write(axes, x, y + 0.02, f"{len(members):,}", weight="bold", ha="center", zorder=4)
            under = f"here, with {', '.join(first)}" if first else "here"
            write(axes, x, y + 0.2, under, size=SMALL - 1, color=GREY, ha="center", zorder=4)
            continue
        for member, (dx, dy) in zip(members, spread(len(members)), strict=True):
            place = numbers.get(text_of(member, "record"))
            _mark(axes, x + dx, y + dy, member, str(place) if place else "")


def spread(count: int) -> list[tuple[float, float]]:
    """Where `count` marks of one place go, in inches from its middle, so that none overlap.

    >>> spread(1), spread(2)
    ([(0.0, 0.0)], [(-0.11, 0.0), (0.11, 0.0)])
    """
    columns = min(3, math.ceil(math.sqrt(count))) or 1
    lines = math.ceil(count / columns)
    found = []
    for place in range(count):
        line, column = divmod(place, columns)
        here = min(columns, count - line * columns)
        x, y = (column - (here - 1) / 2) * 0.22, (line - (lines - 1) / 2) * 0.21
        found.append((round(x, 3), round(y, 3)))
    return found


def _mark(axes: Axes, x: float, y: float, row: Row, words: str) -> None:
    """A full disc for what nothing tests, a ring for what is being tested, a square for tested."""
    test = text_of(row, "test")
    bare = test in ("none", "")
    axes.plot(
        [x],
        [y],
        marker="s" if test == "known" else "o",
        ms=13 if words else 11,
        mfc=TEAL if bare else PAPER,
        mec=GREY if test == "known" else TEAL,
        mew=1.6,
        zorder=3,
    )
    if words:
        write(
            axes,
            x,
            y + 0.055,
            words,
            size=SMALL - 1,
            color=PAPER if bare else INK,
            weight="bold",
            ha="center",
            zorder=4,
        )
