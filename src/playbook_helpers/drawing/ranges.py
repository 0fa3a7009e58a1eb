"""Dots on a scale, each with its range; what is hidden is named as hidden, with the reason."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from playbook_helpers.drawing.chart import (
    GREY,
    INK,
    LINE,
    SMALL,
    TEAL,
    TRACK,
    WIDTH,
    canvas,
    wrapped,
    write,
    write_lines,
)

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

LEFT, RIGHT = 0.14, WIDTH - 0.14
STEP = 0.22


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


def ranges_figure(
    dots: Sequence[Dot], ends: tuple[int, int] = (1, 5), words: tuple[str, str] = ("", "")
) -> Figure:
    """A figure with one row for each dot on a scale between `ends`; `words` say what they mean."""
    labels = [wrapped(dot.label, RIGHT - LEFT - 1.5, 2) for dot in dots]
    heights = [0.62 + STEP * (len(lines) - 1) for lines in labels]
    figure, axes = canvas(0.1 + sum(heights) + 0.75)
    y = 0.1
    for dot, lines, height in zip(dots, labels, heights, strict=True):
        _row(axes, dot, lines, y, ends)
        y += height
    low, high = ends
    for step in range(low, high + 1):
        x = _place(step, ends)
        axes.plot([x, x], [y, y + 0.06], color=LINE, lw=1)
        write(axes, x, y + 0.24, str(step), size=SMALL, color=GREY, ha="center")
    axes.plot([LEFT, RIGHT], [y, y], color=LINE, lw=1)
    write(axes, LEFT - 0.06, y + 0.48, words[0], size=SMALL, color=GREY)
    write(axes, RIGHT + 0.06, y + 0.48, words[1], size=SMALL, color=GREY, ha="right")
    return figure


def _place(value: float, ends: tuple[int, int]) -> float:
    return LEFT + (RIGHT - LEFT) * (value - ends[0]) / (ends[1] - ends[0])


def _row(axes: Axes, dot: Dot, lines: list[str], top: float, ends: tuple[int, int]) -> None:
    base = write_lines(axes, LEFT - 0.06, top + 0.2, lines, weight="bold")
    y = base + 0.2
    if dot.value is None and dot.band is None:
        axes.plot([LEFT, RIGHT], [y, y], color=LINE, lw=1.5, ls=(0, (2, 3)))
        words = f" {dot.hidden or 'no answers'} "
        text = write(axes, LEFT + 0.1, y + 0.05, words, size=SMALL, color=GREY, style="italic")
        text.set_bbox({"facecolor": "#ffffff", "edgecolor": "none", "pad": 0})
        return
    write(axes, RIGHT + 0.06, top + 0.2, dot.words, size=SMALL, color=GREY, ha="right")
    axes.plot([LEFT, RIGHT], [y, y], color=TRACK, lw=5, solid_capstyle="round", zorder=1)
    if dot.value is None:
        axes.plot(
            [_place(end, ends) for end in dot.band or ()],
            [y, y],
            color=TEAL,
            lw=7,
            ls=(0, (0.5, 0.35)),
            solid_capstyle="butt",
            zorder=2,
        )
        return
    if dot.low is not None and dot.high is not None:
        span = [_place(dot.low, ends), _place(dot.high, ends)]
        axes.plot(span, [y, y], color=INK, lw=2, solid_capstyle="butt", zorder=2)
        for x in span:
            axes.plot([x, x], [y - 0.06, y + 0.06], color=INK, lw=2, zorder=2)
    axes.plot([_place(dot.value, ends)], [y], marker="o", ms=10, mfc=TEAL, mec=INK, zorder=3)
