"""Two shares on one scale, joined: how far the one lies from the other."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from playbook_helpers.drawing.rows import Rows
from playbook_helpers.drawing.scales import Scale, nice_ticks
from playbook_helpers.drawing.style import GREY, INK, PAPER, SMALL, TEAL, TRACK, VERMILLION, WIDTH
from playbook_helpers.drawing.surface import Surface

LEFT, RIGHT = 0.2, WIDTH - 0.2
TEXT = LEFT - 0.12


@dataclass(frozen=True, slots=True)
class Dumbbell:
    """One row: what is expected and what is there, in percent; None where it is not shown."""

    label: str
    expected: float
    there: float | None
    words: str
    low: float | None = None
    high: float | None = None
    """The range of what is there, drawn as a line through its dot."""
    short: bool = False
    """Whether it falls short of what is expected, by more than chance."""


def dumbbells(pairs: Sequence[Dumbbell], ends: tuple[str, str]) -> Surface:
    """One row for each pair; `ends` name the open diamond and the full dot."""
    rows = Rows([p.label for p in pairs], 0.86, left=TEXT, room=RIGHT - LEFT + 0.1, head=0.4,
                foot=0.6)  # fmt: skip
    surface = rows.surface
    ends_of = ((p.expected, p.there or 0.0, p.high or 0.0) for p in pairs)
    high = max((value for each in ends_of for value in each), default=0.0)
    top = max(nice_ticks(0, high)[-1:] or [1.0])
    scale = Scale(0, top if top >= high and top > 0 else max(high * 1.02, 1.0), LEFT, RIGHT)
    _expected(surface, LEFT, 0.2)
    surface.write(LEFT + 0.16, 0.25, ends[0], size=SMALL, color=GREY)
    second = LEFT + 0.55 + 0.095 * len(ends[0])
    _there(surface, second, 0.2)
    surface.write(second + 0.16, 0.25, ends[1], size=SMALL, color=GREY)
    for pair, place in zip(pairs, rows.places(), strict=True):
        surface.write(TEXT, place.base + 0.21, pair.words, size=SMALL, color=GREY)
        y = place.base + 0.4
        surface.line([(LEFT, y), (RIGHT, y)], TRACK, width=5, cap="round", level=1)
        if pair.there is not None:
            color, width = (VERMILLION, 3.0) if pair.short else (INK, 1.5)
            joint = [(scale(pair.there), y), (scale(pair.expected), y)]
            surface.line(joint, color, width=width, cap="butt", level=3)
            if pair.low is not None and pair.high is not None:
                reach = [(scale(pair.low), y + 0.11), (scale(pair.high), y + 0.11)]
                surface.line(reach, GREY, width=1.2, cap="butt", level=2)
            _there(surface, scale(pair.there), y)
        _expected(surface, scale(pair.expected), y)
    rows.axis(scale, [(tick, f"{tick:g} %") for tick in nice_ticks(0, scale.high)])
    surface.write(TEXT, rows.bottom + 0.48, "share of people", size=SMALL, color=GREY)
    return surface


def _expected(surface: Surface, x: float, y: float) -> None:
    surface.mark(x, y, "diamond", size=8, fill=PAPER, stroke=INK, width=1.6, level=4)


def _there(surface: Surface, x: float, y: float) -> None:
    surface.mark(x, y, size=10, fill=TEAL, stroke=INK, level=5)
