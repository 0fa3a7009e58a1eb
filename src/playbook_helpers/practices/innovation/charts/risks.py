"""The risk chart: how much hangs on each assumption against how much is known of it.

Importance and evidence are whole numbers, so many assumptions share one place. They are spread
within it; where there are too many to tell apart, one mark carries their number.
"""

from __future__ import annotations

import math
from collections import defaultdict
from collections.abc import Sequence

from playbook_helpers.core.text import listed
from playbook_helpers.drawing.chart import Chart, number_of, numeric, text_of
from playbook_helpers.drawing.style import GREY, INK, LINE, PAPER, SMALL, TEAL, TRACK, WIDTH
from playbook_helpers.drawing.surface import Surface
from playbook_helpers.drawing.tables import Column, Table
from playbook_helpers.drawing.words import width_of, wrapped
from playbook_helpers.practices.innovation.findings import RISKY
from playbook_helpers.practices.innovation.rows import AssumptionRow

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


def risk_charts(rows: Sequence[AssumptionRow]) -> list[Chart]:
    """One map of all assumptions that were given both numbers; none where there are none."""
    weighed = [row for row in rows if numeric(row["risk"]) is not None]
    if not weighed:
        return []
    named = _riskiest(weighed)
    surface = _picture(weighed, named)
    left = len(rows) - len(weighed)
    note = ""
    if left:
        one = left == 1
        note = f"{left} more {'is' if one else 'are'} not on the map: "
        note += "one of the two numbers is missing."
    return [Chart(surface, headline(weighed), _reading(weighed, named), _table(weighed), note)]


def _riskiest(rows: Sequence[AssumptionRow]) -> list[AssumptionRow]:
    """Those to name: without a result and risky first, as the assessment orders them."""
    return [row for row in rows if text_of(row["test"]) != "known"][:NAMED] or list(rows[:NAMED])


def headline(rows: Sequence[AssumptionRow]) -> str:
    """The point: what is risky and untested.

    >>> headline([{"name": "They come", "risk": 20, "test": "none"}])
    'One risky assumption that nothing tests yet: They come'
    >>> headline([{"name": "They come", "risk": 20, "test": "running"}])
    'Each of the risky assumptions is being tested or has a test planned'
    """
    risky = [row for row in rows if number_of(row["risk"]) >= RISKY]
    bare = [text_of(row["name"]) for row in risky if text_of(row["test"]) == "none"]
    if len(bare) == 1:
        return f"One risky assumption that nothing tests yet: {bare[0]}"
    if bare:
        return f"{len(bare)} risky assumptions that nothing tests yet: {listed(bare, 2)}"
    if risky:
        return "Each of the risky assumptions is being tested or has a test planned"
    return "No assumption here is both important and little known"


def _reading(rows: Sequence[AssumptionRow], named: Sequence[AssumptionRow]) -> str:
    parts = [f"{len(rows)} assumptions by importance (1 to 5) and evidence (0 to 5)."]
    if len(rows) == 1:
        parts = ["One assumption by importance (1 to 5) and evidence (0 to 5)."]
    parts += [f"{place}, {_told(row)}." for place, row in enumerate(named, start=1)]
    return " ".join(parts)


def _told(row: AssumptionRow) -> str:
    return (
        f"{text_of(row['name'])}: importance {row['importance']}, evidence {row['evidence']}, "
        f"{TESTS.get(text_of(row['test']), '')}"
    )


def _table(rows: Sequence[AssumptionRow]) -> Table:
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


def _picture(rows: Sequence[AssumptionRow], named: Sequence[AssumptionRow]) -> Surface:
    bottom = HEAD + 5 * CELL_TALL
    lines = [wrapped(text_of(row["name"]), RIGHT - 0.45, 2) for row in named]
    below = math.fsum(0.27 + 0.22 * len(each) for each in lines)
    surface = Surface(bottom + 0.98 + below)
    _grid(surface, bottom)
    _legend(surface)
    _marks(surface, rows, {text_of(row["record"]): n for n, row in enumerate(named, start=1)})
    y = bottom + 1.0
    for place, (row, words) in enumerate(zip(named, lines, strict=True), start=1):
        _mark(surface, 0.16, y - 0.06, text_of(row["test"]), str(place))
        last = surface.write_lines(0.36, y, words)
        told = f"risk {row['risk']} of 25, {TESTS.get(text_of(row['test']), '')}"
        surface.write(0.36, last + 0.2, told, size=SMALL, color=GREY)
        y = last + 0.49
    return surface


def _x(evidence: float) -> float:
    return LEFT + (evidence + 0.5) * CELL_WIDE


def _y(importance: float) -> float:
    return HEAD + (5 - importance + 0.5) * CELL_TALL


def _grid(surface: Surface, bottom: float) -> None:
    for importance in range(1, 6):
        for evidence in range(6):
            risky = importance * (5 - evidence) >= RISKY
            x, y = _x(evidence) - CELL_WIDE / 2, _y(importance) - CELL_TALL / 2
            surface.rectangle(x, y, CELL_WIDE, CELL_TALL, fill=TRACK if risky else PAPER,
                              stroke=LINE, width=0.7)  # fmt: skip
    for step in range(1, 6):
        surface.write(LEFT - 0.1, _y(step) + 0.06, str(step), size=SMALL, color=GREY, side="right")
    for step in range(6):
        surface.write(_x(step), bottom + 0.22, str(step), size=SMALL, color=GREY, side="center")
    surface.write_lines(0.03, _y(5), ["the plan", "fails"], size=SMALL, color=GREY)
    surface.write_lines(0.03, _y(3) - 0.06, ["If it is", "wrong"], size=SMALL)
    surface.write_lines(0.03, _y(1) - 0.06, ["hardly", "noticed"], size=SMALL, color=GREY)
    below, middle = bottom + 0.46, (LEFT + RIGHT) / 2
    surface.write(LEFT, below, "we only believe it", size=SMALL, color=GREY)
    surface.write(RIGHT, below, "we have seen it", size=SMALL, color=GREY, side="right")
    surface.write(middle, below, "What we know", size=SMALL, side="center")


def _legend(surface: Surface) -> None:
    x, y = 0.12, 0.2
    for test, words in (
        ("none", "nothing tests it"),
        ("running", "being tested, or planned"),
        ("known", "tested"),
    ):
        _mark(surface, x, y - 0.06, test)
        surface.write(x + 0.16, y, words, size=SMALL, color=GREY)
        x += width_of(words, SMALL) + 0.44
    surface.rectangle(0.03, 0.28, 0.18, 0.15, fill=TRACK, stroke=LINE, width=0.7)
    surface.write(0.28, 0.41, f"risky: {RISKY} or more of 25", size=SMALL, color=GREY)


def _marks(surface: Surface, rows: Sequence[AssumptionRow], numbers: dict[str, int]) -> None:
    places: dict[tuple[float, float], list[AssumptionRow]] = defaultdict(list)
    for row in rows:
        key = (number_of(row["evidence"]), number_of(row["importance"]))
        places[key].append(row)
    for (evidence, importance), members in places.items():
        x, y = _x(evidence), _y(importance)
        if len(members) > FITS:
            first = [str(numbers[r]) for m in members if (r := text_of(m["record"])) in numbers]
            # A number without a frame: squares are for what is tested.
            surface.write(x, y + 0.02, f"{len(members):,}", bold=True, side="center")
            under = f"here, with {', '.join(first)}" if first else "here"
            surface.write(x, y + 0.2, under, size=SMALL - 1, color=GREY, side="center")
            continue
        for member, (dx, dy) in zip(members, spread(len(members)), strict=True):
            place = numbers.get(text_of(member["record"]))
            _mark(surface, x + dx, y + dy, text_of(member["test"]), str(place) if place else "")


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


def _mark(surface: Surface, x: float, y: float, test: str, words: str = "") -> None:
    """A full disc for what nothing tests, a ring for what is being tested, a square for tested."""
    bare, known = test in ("none", ""), test == "known"
    surface.mark(
        x, y, "square" if known else "circle", size=13 if words else 11,
        fill=TEAL if bare else PAPER, stroke=GREY if known else TEAL, width=1.6,
    )  # fmt: skip
    if words:
        color = PAPER if bare else INK
        surface.write(x, y + 0.055, words, size=SMALL - 1, color=color, bold=True, side="center")
