"""Two shares on one scale, joined: how far the one lies from the other."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from playbook_helpers.drawing.chart import (
    GREY,
    INK,
    LINE,
    PAPER,
    SMALL,
    TEAL,
    TRACK,
    VERMILLION,
    WIDTH,
    canvas,
    nice_ticks,
    wrapped,
    write,
    write_lines,
)

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

LEFT, RIGHT = 0.2, WIDTH - 0.2
STEP = 0.22


@dataclass(frozen=True, slots=True)
class Dumbbell:
    """One row: what is expected and what is there, in percent; None where it is not shown."""

    label: str
    expected: float
    there: float | None
    words: str


def dumbbells_figure(pairs: Sequence[Dumbbell], ends: tuple[str, str]) -> Figure:
    """A figure with one row for each pair; `ends` name the open diamond and the full dot."""
    names = [wrapped(pair.label, RIGHT - LEFT + 0.1, 2) for pair in pairs]
    heights = [0.86 + STEP * (len(lines) - 1) for lines in names]
    head = 0.4
    figure, axes = canvas(head + sum(heights) + 0.6)
    high = max((v for p in pairs for v in (p.expected, p.there or 0.0)), default=0.0)
    top = max(nice_ticks(0, high)[-1:] or [1.0])
    top = top if top >= high and top > 0 else max(high * 1.02, 1.0)
    _legend(axes, ends)
    y = head
    for pair, lines, height in zip(pairs, names, heights, strict=True):
        _row(axes, pair, lines, y, top)
        y += height
    axes.plot([LEFT, RIGHT], [y, y], color=LINE, lw=1)
    for tick in nice_ticks(0, top):
        x = _place(tick, top)
        axes.plot([x, x], [y, y + 0.06], color=LINE, lw=1)
        write(axes, x, y + 0.24, f"{tick:g} %", size=SMALL, color=GREY, ha="center")
    write(axes, LEFT - 0.12, y + 0.48, "share of people", size=SMALL, color=GREY)
    return figure


def _legend(axes: Axes, ends: tuple[str, str]) -> None:
    _mark_expected(axes, LEFT, 0.2)
    write(axes, LEFT + 0.16, 0.25, ends[0], size=SMALL, color=GREY)
    x = LEFT + 0.55 + 0.095 * len(ends[0])
    _mark_there(axes, x, 0.2)
    write(axes, x + 0.16, 0.25, ends[1], size=SMALL, color=GREY)


def _place(share: float, top: float) -> float:
    return LEFT + (RIGHT - LEFT) * share / top


def _mark_expected(axes: Axes, x: float, y: float) -> None:
    axes.plot([x], [y], marker="D", ms=8, mfc=PAPER, mec=INK, mew=1.6, zorder=4)


def _mark_there(axes: Axes, x: float, y: float) -> None:
    axes.plot([x], [y], marker="o", ms=10, mfc=TEAL, mec=INK, zorder=5)


def _row(axes: Axes, pair: Dumbbell, lines: list[str], top: float, most: float) -> None:
    base = write_lines(axes, LEFT - 0.12, top + 0.2, lines, weight="bold")
    write(axes, LEFT - 0.12, base + 0.21, pair.words, size=SMALL, color=GREY)
    y = base + 0.4
    axes.plot([LEFT, RIGHT], [y, y], color=TRACK, lw=5, solid_capstyle="round", zorder=1)
    expected = _place(pair.expected, most)
    if pair.there is not None:
        there = _place(pair.there, most)
        short = pair.there < 0.8 * pair.expected
        color, width = (VERMILLION, 3.0) if short else (INK, 1.5)
        line = ([there, expected], [y, y])
        axes.plot(*line, color=color, lw=width, solid_capstyle="butt", zorder=3)
        _mark_there(axes, there, y)
    _mark_expected(axes, expected, y)
