"""Dots on a scale, each with its range; what is hidden is named as hidden, with the reason."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from playbook_helpers.drawing.rows import Rows
from playbook_helpers.drawing.scales import Scale
from playbook_helpers.drawing.style import GREY, INK, LINE, SMALL, TEAL, TRACK, WIDTH
from playbook_helpers.drawing.surface import Surface

LEFT, RIGHT = 0.14, WIDTH - 0.14
OUT = 0.06
"""How far words reach beyond the scale on either side."""


@dataclass(frozen=True, slots=True)
class Dot:
    """One row: its label, value and range, and what stands beside it. `hidden` says why not.

    Where there is no value but a `band`, the value lies somewhere in it.
    """

    label: str
    value: float | None
    low: float | None
    high: float | None
    words: str
    hidden: str = ""
    band: tuple[float, float] | None = None


def ranges(
    dots: Sequence[Dot],
    ends: tuple[int, int] = (1, 5),
    words: tuple[str, str] = ("", ""),
    *,
    step: int = 1,
) -> Surface:
    """One row for each dot on a scale between `ends`, named at every `step`; `words` say what the
    ends mean."""
    rows = Rows([dot.label for dot in dots], 0.62, left=LEFT - OUT, room=RIGHT - LEFT - 1.5,
                head=0.1, foot=0.75)  # fmt: skip
    surface, scale = rows.surface, Scale(*ends, LEFT, RIGHT)
    for dot, place in zip(dots, rows.places(), strict=True):
        _dot(surface, dot, scale, place.base + 0.2)
        if dot.value is not None or dot.band is not None:
            surface.write(RIGHT + OUT, place.first, dot.words, size=SMALL, color=GREY, side="right")
    rows.axis(scale, [(at, str(at)) for at in range(ends[0], ends[1] + 1, step)])
    below = rows.bottom + 0.48
    surface.write(LEFT - OUT, below, words[0], size=SMALL, color=GREY)
    if words[1]:
        surface.write(RIGHT + OUT, below, words[1], size=SMALL, color=GREY, side="right")
    return surface


def _dot(surface: Surface, dot: Dot, scale: Scale, y: float) -> None:
    if dot.value is None and dot.band is None:
        surface.line([(LEFT, y), (RIGHT, y)], LINE, width=1.5, dash=(2, 3))
        words = dot.hidden or "no answers"
        surface.write(LEFT + 0.1, y + 0.05, words, size=SMALL, color=GREY, italic=True, ground=0)
        return
    surface.line([(LEFT, y), (RIGHT, y)], TRACK, width=5, cap="round", level=1)
    if dot.value is None:
        band = [(scale(end), y) for end in dot.band or ()]
        surface.line(band, TEAL, width=7, dash=(0.5, 0.35))
        return
    if dot.low is not None and dot.high is not None:
        low, high = scale(dot.low), scale(dot.high)
        surface.line([(low, y), (high, y)], INK, width=2, cap="butt")
        for x in (low, high):
            surface.line([(x, y - 0.06), (x, y + 0.06)], INK, width=2)
    surface.mark(scale(dot.value), y, size=10, fill=TEAL, stroke=INK, level=3)
