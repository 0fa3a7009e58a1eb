"""The audience map: influence against interest, with the community never in the corner of "inform".

The four corners of such a map usually say what to do with people by their power. Here the mark of
the community is a diamond wherever it stands, and what it asks for is the same everywhere.
"""

from __future__ import annotations

import math
from collections import defaultdict
from collections.abc import Sequence
from typing import Literal

from playbook_helpers.core.text import listed
from playbook_helpers.drawing.chart import Chart, number_of, numeric, text_of
from playbook_helpers.drawing.style import (
    BLUE,
    GREY,
    INK,
    LINE,
    PAPER,
    SMALL,
    TEAL,
    TRACK,
    VERMILLION,
    WIDTH,
)
from playbook_helpers.drawing.surface import Surface
from playbook_helpers.drawing.tables import Column, Table
from playbook_helpers.drawing.words import width_of, wrapped
from playbook_helpers.practices.communication.rows import AudienceRow

MOST = 24
LEFT, RIGHT, TOP, SIDE = 0.62, WIDTH - 0.06, 0.52, 3.55
CORNERS: tuple[tuple[str, Literal["left", "right"], bool], ...] = (
    ("keep them on your side", "left", True),
    ("work with them closely", "right", True),
    ("let them find you", "left", False),
    ("keep in touch, listen", "right", False),
)


def audience_charts(rows: Sequence[AudienceRow]) -> list[Chart]:
    """One map of all audiences that have a place, or none where no audience has one."""
    placed = [r for r in rows if _placed(r)]
    if not placed:
        return []
    shown = sorted(placed, key=_weight)[:MOST]
    surface = _picture(shown)
    notes = []
    if len(placed) > len(shown):
        notes.append(f"{len(placed) - len(shown)} more are not drawn; the table has them.")
    if len(rows) > len(placed):
        left = [text_of(r["name"]) for r in rows if not _placed(r)]
        notes.append(f"Without a place on the map yet: {listed(left)}.")
    notes.append("For inside only: think before you send this map on.")
    return [Chart(surface, headline(rows), _reading(shown), _table(rows), " ".join(notes))]


def _placed(row: AudienceRow) -> bool:
    return bool(numeric(row["influence"]) and numeric(row["interest"]))


def _weight(row: AudienceRow) -> tuple[bool, float, str]:
    strength = number_of(row["influence"]) + number_of(row["interest"])
    return (not row["community"], -strength, text_of(row["name"]))


def headline(rows: Sequence[AudienceRow]) -> str:
    """The point: whom the partnership owes a word first.

    >>> headline([{"name": "Parents", "community": True, "reached": False}])
    'Nothing is sent to the community yet: Parents'
    """
    silent = [text_of(r["name"]) for r in rows if r["community"] and not r["reached"]]
    if silent:
        return f"Nothing is sent to the community yet: {listed(silent)}"
    told = [text_of(r["name"]) for r in rows if r["community"] and not r["can_answer"]]
    if told:
        return f"Told, and cannot answer: {listed(told)}"
    strong = [
        text_of(r["name"]) for r in rows if not r["reached"] and number_of(r["influence"]) >= 4
    ]
    if strong:
        return f"Of much influence, and without a message: {listed(strong)}"
    others = [text_of(r["name"]) for r in rows if not r["reached"]]
    if others:
        return f"Without a message of their own: {listed(others)}"
    return "Every audience has a message of its own"


def _reading(rows: Sequence[AudienceRow]) -> str:
    parts = []
    for row in rows:
        who = "the community itself, " if row["community"] else ""
        heard = "has a message" if row["reached"] else "no message"
        parts.append(
            f"{text_of(row['name'])}: {who}influence {text_of(row['influence'])} of 5, interest "
            f"{text_of(row['interest'])} of 5; {text_of(row['place'])}; {heard}."
        )
    return " ".join(parts)


def _table(rows: Sequence[AudienceRow]) -> Table:
    columns = (
        Column("name", "Audience"),
        Column("community", "Community"),
        Column("influence", "Influence", "1 to 5"),
        Column("interest", "Interest", "1 to 5"),
        Column("place", "What they ask of us"),
        Column("messages", "Messages"),
        Column("can_answer", "Can answer"),
    )
    return Table("Audiences", columns, tuple(rows))


# Drawing --------------------------------------------------------------------------------------


def _picture(rows: Sequence[AudienceRow]) -> Surface:
    placed = _numbered(rows)
    names = [
        wrapped(f"{n}  {text_of(row['name'])}{_said(row)}", WIDTH - 0.5, 2, SMALL)
        for n, (row, _, _) in enumerate(placed, 1)
    ]
    foot = 0.75 + math.fsum(0.21 * len(lines) + 0.05 for lines in names)
    surface = Surface(TOP + SIDE + foot)
    _legend(surface)
    _ground(surface)
    for number, (row, x, y) in enumerate(placed, 1):
        _mark(surface, x, y, community=row["community"], reached=row["reached"])
        ink = PAPER if row["reached"] else INK
        surface.write(x, y + 0.055, str(number), size=SMALL, color=ink, side="center", bold=True,
                      level=6)  # fmt: skip
    y = TOP + SIDE + 0.82
    for lines in names:
        y = surface.write_lines(0.06, y, lines, size=SMALL) + 0.26
    return surface


def _said(row: AudienceRow) -> str:
    if row["community"]:
        what = ": decide with them"
        if not row["reached"]:
            return f"{what}; no message yet"
        return what if row["can_answer"] else f"{what}; cannot answer yet"
    return "" if row["reached"] else ": no message yet"


def _at(interest: float, influence: float) -> tuple[float, float]:
    """Where a pair of steps from 1 to 5 lies, in inches."""
    x = LEFT + (interest - 0.5) / 5 * (RIGHT - LEFT)
    return x, TOP + SIDE - (influence - 0.5) / 5 * SIDE


def _numbered(rows: Sequence[AudienceRow]) -> list[tuple[AudienceRow, float, float]]:
    """Each audience with its place; those in one cell stand beside each other."""
    cells: dict[tuple[float, float], list[AudienceRow]] = defaultdict(list)
    for row in rows:
        cells[number_of(row["interest"]), number_of(row["influence"])].append(row)
    placed = []
    for (interest, influence), members in cells.items():
        x, y = _at(interest, influence)
        across = 3 if len(members) > 4 else 2
        down = -(-len(members) // across)
        for place, row in enumerate(members):
            in_row = min(across, len(members) - place // across * across)
            step = 0.29
            dx = (place % across - (in_row - 1) / 2) * step
            dy = (place // across - (down - 1) / 2) * step
            placed.append((row, x + dx, y + dy))
    return sorted(placed, key=lambda p: _weight(p[0]))


def _legend(surface: Surface) -> None:
    x = 0.06
    for words, community, reached in (
        ("the community", True, True),
        ("has a message", False, True),
        ("no message yet", False, False),
    ):
        _mark(surface, x + 0.12, 0.2, community=community, reached=reached)
        surface.write(x + 0.32, 0.25, words, size=SMALL, color=GREY)
        x += width_of(words, SMALL) + 0.58


def _ground(surface: Surface) -> None:
    surface.rectangle(LEFT, TOP, RIGHT - LEFT, SIDE, fill=PAPER, stroke=LINE)
    for step in range(1, 5):
        color, width = (LINE, 1.2) if step == 3 else (TRACK, 0.8)
        x, _ = _at(step + 0.5, 1)
        _, y = _at(1, step + 0.5)
        surface.line([(x, TOP), (x, TOP + SIDE)], color, width=width, level=1)
        surface.line([(LEFT, y), (RIGHT, y)], color, width=width, level=1)
    for step in range(1, 6):
        x, y = _at(step, step)
        surface.write(x, TOP + SIDE + 0.21, str(step), size=SMALL, color=GREY, side="center")
        surface.write(LEFT - 0.1, y + 0.05, str(step), size=SMALL, color=GREY, side="right")
    words = "How much it matters to them (1 to 5)"
    middle = (LEFT + RIGHT) / 2
    surface.write(middle, TOP + SIDE + 0.46, words, size=SMALL, color=GREY, side="center")
    words = "How much they can help or hinder (1 to 5)"
    surface.write(0.24, TOP + SIDE / 2, words, size=SMALL, color=GREY, side="center", turn=90)
    for words, side, high in CORNERS:
        x = LEFT + 0.06 if side == "left" else RIGHT - 0.06
        y = TOP + 0.16 if high else TOP + SIDE - 0.06
        surface.write(x, y, words, size=SMALL, color=GREY, side=side, italic=True, level=2)


def _mark(surface: Surface, x: float, y: float, *, community: bool, reached: bool) -> None:
    colour = (BLUE if community else TEAL) if reached else VERMILLION
    surface.mark(
        x, y, "diamond" if community else "circle", size=15 if community else 17,
        fill=colour if reached else PAPER, stroke=colour, width=1.8, level=5,
    )  # fmt: skip
