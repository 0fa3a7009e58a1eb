"""The progress chart: one bullet per goal, from its baseline to its target.

Goals count in different units, so each has its own scale: the share of the change aimed for.
The values themselves, with their dates, stand beside the marks.
"""

from __future__ import annotations

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
    VERMILLION,
    WIDTH,
    Chart,
    canvas,
    columns_of,
    drawing,
    numeric,
    shares_of,
    text_of,
    wrapped,
    write,
    write_lines,
)
from playbook_helpers.practices.goals.charts.goal_words import (
    dated,
    headline,
    is_vision,
    progress_table,
    reading,
    way,
)

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

MOST, MOST_FIGURES = 8, 5
START, END = 0.75, 4.45
"""Where 0% and 100% of the way lie, in inches from the left edge."""
LEFT, RIGHT = 0.03, WIDTH - 0.03
NAME_WIDTH, BAR = 3.45, 0.2
LINE_STEP = 0.22


def progress_charts(rows: Sequence[Row], source: str) -> list[Chart]:
    """Bullets for all goals, in figures of at most eight."""
    shown = rows[: MOST * MOST_FIGURES]
    parts = shares_of(len(shown), MOST) if shown else []
    charts = []
    for part in parts:
        some = shown[part]
        title = headline(rows)
        if len(parts) > 1:
            title += f" (goals {part.start + 1} to {part.stop} of {len(rows)})"
        note = source
        if part.stop == len(shown) < len(rows):
            note = f"{len(rows) - len(shown)} more goals are not drawn. {source}".strip()
        with drawing():
            figure = _figure(some)
        caption = f"Progress of {len(some)} goals" if len(some) > 1 else text_of(some[0], "name")
        if len(parts) > 1:
            caption += f", {part.start + 1} to {part.stop}"
        charts.append(Chart(figure, title, reading(some), progress_table(some, caption), note))
    return charts


def _figure(rows: Sequence[Row]) -> Figure:
    heights = [_height(row) for row in rows]
    scaled = any(numeric(row, "percent") is not None for row in rows)
    top, foot = 0.0, 0.82 if scaled else 0.1
    figure, axes = canvas(top + sum(heights) + foot)
    bottom = top + sum(heights)
    if scaled:
        _scale(axes, bottom)
    y = top
    for place, (row, height) in enumerate(zip(rows, heights, strict=True)):
        if place:
            axes.plot([LEFT, RIGHT], [y, y], color=TRACK, lw=1, zorder=1)
        _bullet(axes, row, y)
        y += height
    return figure


def _name_lines(row: Row) -> list[str]:
    return wrapped(text_of(row, "name"), NAME_WIDTH, 2)


def _unit_lines(row: Row) -> list[str]:
    words = text_of(row, "unit_words") or text_of(row, "indicator")
    return wrapped(words, RIGHT - LEFT, 1, SMALL) if words else []


def _has_numbers(row: Row) -> bool:
    return any(
        numeric(row, f"{which}_value") is not None for which in ("baseline", "latest", "target")
    )


def _height(row: Row) -> float:
    tall = 0.85 if is_vision(row) and not _has_numbers(row) else 1.36
    return tall + LINE_STEP * (len(_name_lines(row)) - 1 + len(_unit_lines(row)))


def _scale(axes: Axes, y: float) -> None:
    """The one axis all bullets share: how much of the way."""
    axes.plot([START, END], [y, y], color=LINE, lw=1)
    for share in (0, 25, 50, 75, 100):
        x = _x(share)
        axes.plot([x, x], [y, y + 0.06], color=LINE, lw=1)
        write(axes, x, y + 0.23, f"{share}%", size=SMALL, color=GREY, ha="center")
    words = ["Share of the way from baseline to target,", "each goal on its own scale"]
    look = {"size": SMALL, "color": GREY, "ha": "center"}
    write_lines(axes, (START + END) / 2, y + 0.47, words, **look)


def _x(percent: float) -> float:
    return START + (END - START) * percent / 100


def _bullet(axes: Axes, row: Row, top: float) -> None:
    from matplotlib.patches import Rectangle

    y = write_lines(axes, LEFT, top + 0.27, _name_lines(row), weight="bold")
    write(axes, RIGHT, top + 0.27, way(row), weight="bold", ha="right", color=_tone(row))
    units = _unit_lines(row)
    if units:
        y = write_lines(axes, LEFT, y + LINE_STEP, units, size=SMALL, color=GREY)
    bar = y + 0.38
    middle = bar + BAR / 2
    percent = numeric(row, "percent")
    if percent is None:
        _without_percent(axes, row, bar)
        return
    axes.add_patch(Rectangle((START, bar), END - START, BAR, facecolor=TRACK, lw=0, zorder=2))
    reach = min(max(percent, -16.0), 116.0)
    _value_bar(axes, _x(0), _x(reach), bar, away=percent < 0)
    if percent > 116 or percent < -16:
        sign = "▸" if percent > 0 else "◂"
        end = _x(reach) + (0.04 if percent > 0 else -0.04)
        axes.plot(
            [end],
            [middle],
            marker=9 if sign == "▸" else 8,
            ms=7,
            color=TEAL if percent > 0 else VERMILLION,
            zorder=4,
        )
    axes.plot([START, START], [bar - 0.07, bar + BAR + 0.07], color=INK, lw=2, zorder=5)
    axes.plot([END, END], [bar - 0.07, bar + BAR + 0.07], color=INK, lw=2, zorder=5)
    axes.plot([END], [bar - 0.1], marker="v", ms=7, color=INK, zorder=6)
    if row.get("status") == "met_then_lost":
        axes.plot([END], [middle], marker="o", ms=11, mfc=PAPER, mec=INK, mew=1.8, zorder=7)
        axes.plot([END], [middle], marker="x", ms=5, color=INK, mew=1.6, zorder=8)
    label = dated(row, "latest")
    # Clear of the target's mark, which stands at the same height.
    _inside(axes, _x(reach), bar - 0.1, label, color=_tone(row), weight="bold", clear=END)
    _inside(axes, START, bar + BAR + 0.25, f"from {dated(row, 'baseline')}", color=GREY)
    _inside(axes, END, bar + BAR + 0.25, f"to {dated(row, 'target', ' by ')}", color=INK)


def _tone(row: Row) -> str:
    if text_of(row, "status") in ("getting_worse", "not_kept"):
        return INK
    if row.get("status") == "met_then_lost":
        return INK
    percent = numeric(row, "percent")
    return TEAL if percent is not None or row.get("status") == "kept" else GREY


def _value_bar(axes: Axes, start: float, end: float, top: float, *, away: bool) -> None:
    from matplotlib.patches import Rectangle

    bar = Rectangle(
        (min(start, end), top + 0.03),
        max(abs(end - start), 0.02),
        BAR - 0.06,
        facecolor=VERMILLION if away else TEAL,
        edgecolor=PAPER if away else TEAL,
        hatch="////" if away else None,
        lw=0,
        zorder=3,
    )
    axes.add_patch(bar)


def _without_percent(axes: Axes, row: Row, bar: float) -> None:
    """A goal whose share of the way is not defined: its numbers, and a track left open."""
    from matplotlib.patches import Rectangle

    if is_vision(row) and not _has_numbers(row):
        words = "A vision: other goals, with numbers, lead towards it."
        write(axes, LEFT, bar, words, size=SMALL, color=GREY)
        return

    status = row.get("status")
    kept = status in ("kept", "not_kept")
    axes.add_patch(
        Rectangle(
            (START, bar),
            END - START,
            BAR,
            facecolor=TEAL if status == "kept" else PAPER,
            edgecolor=TEAL if status == "kept" else LINE,
            lw=1.2,
            ls="-" if kept else (0, (4, 3)),
            zorder=2,
        )
    )
    left = dated(row, "baseline") if numeric(row, "baseline_value") is not None else ""
    right = dated(row, "target", " by ") if numeric(row, "target_value") is not None else ""
    latest = dated(row, "latest") if numeric(row, "latest_value") is not None else ""
    if latest and latest != left:
        _inside(axes, (START + END) / 2, bar - 0.1, f"{latest}", color=_tone(row), weight="bold")
    _inside(axes, START, bar + BAR + 0.25, f"from {left}" if left else "no baseline", color=GREY)
    target = f"{'keep at' if kept else 'to'} {right}" if right else "no target"
    _inside(axes, END, bar + BAR + 0.25, target, color=INK if right else GREY)


def _inside(
    axes: Axes, x: float, y: float, words: str, *, clear: float | None = None, **look: Any
) -> None:
    """A label centred on `x`, moved so far that it stays within the figure and off a mark."""
    wide = columns_of(words) * SMALL * (0.62 if look.get("weight") == "bold" else 0.58) / 72
    left = min(max(x - wide / 2, LEFT), RIGHT - wide)
    if clear is not None and left < clear + 0.1 and left + wide > clear - 0.1:
        # On the side of the mark where the value is.
        left = clear - 0.14 - wide if x <= clear else min(clear + 0.14, RIGHT - wide)
        if x > clear and left < clear + 0.1:
            left = clear - 0.14 - wide
    write(axes, max(left, LEFT), y, words, size=SMALL, ha="left", **look)
