"""The progress chart: one bullet per goal, from its baseline to its target.

Goals count in different units, so each has its own scale: the share of the change aimed for.
The values themselves, with their dates, stand beside the marks.
"""

from __future__ import annotations

from collections.abc import Sequence

from playbook_helpers.drawing.chart import Chart, number_of, numeric, text_of
from playbook_helpers.drawing.rows import STEP, Rows, in_parts
from playbook_helpers.drawing.scales import Scale
from playbook_helpers.drawing.style import (
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
from playbook_helpers.drawing.surface import Shape, Surface
from playbook_helpers.drawing.words import width_of, wrapped
from playbook_helpers.practices.goals.charts.goal_words import (
    dated,
    headline,
    is_vision,
    progress_table,
    reading,
    way,
)
from playbook_helpers.practices.goals.rows import ProgressRow

MOST, MOST_FIGURES = 8, 5
START, END = 0.75, 4.45
"""Where 0% and 100% of the way lie, in inches from the left edge."""
LEFT, RIGHT = 0.03, WIDTH - 0.03
NAME_WIDTH, BAR = 3.45, 0.2
WAY = Scale(0, 100, START, END)


def progress_charts(rows: Sequence[ProgressRow], source: str) -> list[Chart]:
    """Bullets for all goals, in figures of at most eight."""
    charts = []
    for part in in_parts(rows, MOST, MOST_FIGURES, "goals"):
        some = part.rows
        caption = f"Progress of {len(some)} goals" if len(some) > 1 else text_of(some[0]["name"])
        table = progress_table(some, caption + part.caption)
        note = f"{part.note} {source}".strip()
        title = headline(rows) + part.title
        charts.append(Chart(_picture(some), title, reading(some), table, note))
    return charts


def _picture(rows: Sequence[ProgressRow]) -> Surface:
    units = [_unit_lines(row) for row in rows]
    talls = [
        (0.85 if is_vision(row) and not _has_numbers(row) else 1.36) + STEP * len(lines)
        for row, lines in zip(rows, units, strict=True)
    ]
    scaled = any(numeric(row["percent"]) is not None for row in rows)
    layout = Rows([text_of(row["name"]) for row in rows], talls, room=NAME_WIDTH, first=0.27,
                  foot=0.82 if scaled else 0.1, rules="between")  # fmt: skip
    surface = layout.surface
    for row, lines, place in zip(rows, units, layout.places(), strict=True):
        y = place.base
        surface.write(RIGHT, place.first, way(row), bold=True, side="right", color=_tone(row))
        if lines:
            y = surface.write_lines(LEFT, y + STEP, lines, size=SMALL, color=GREY)
        if numeric(row["percent"]) is None:
            _without_percent(surface, row, y + 0.38)
        else:
            _bullet(surface, row, y + 0.38)
    if scaled:
        # The one axis all bullets share: how much of the way.
        layout.axis(WAY, [(share, f"{share}%") for share in (0, 25, 50, 75, 100)])
        words = ["Share of the way from baseline to target,", "each goal on its own scale"]
        middle = (START + END) / 2
        surface.write_lines(middle, layout.bottom + 0.47, words, size=SMALL, color=GREY,
                            side="center")  # fmt: skip
    return surface


def _unit_lines(row: ProgressRow) -> list[str]:
    words = text_of(row["unit_words"]) or text_of(row["indicator"])
    return wrapped(words, RIGHT - LEFT, 1, SMALL) if words else []


def _has_numbers(row: ProgressRow) -> bool:
    values = (row["baseline_value"], row["latest_value"], row["target_value"])
    return any(value is not None for value in values)


def _bullet(surface: Surface, row: ProgressRow, bar: float) -> None:
    middle, percent = bar + BAR / 2, number_of(row["percent"])
    away, tone = percent < 0, VERMILLION if percent < 0 else TEAL
    surface.rectangle(START, bar, END - START, BAR, fill=TRACK)
    end = WAY(min(max(percent, -16.0), 116.0))
    surface.rectangle(
        min(START, end), bar + 0.03, max(abs(end - START), 0.02), BAR - 0.06,
        fill=tone, hatch="////" if away else "",
    )  # fmt: skip
    if percent > 116 or percent < -16:
        # It goes on beyond the figure: a small arrowhead.
        way_on = 1 if percent > 0 else -1
        base, half = end + 0.04 * way_on, 3.5 / 72
        head = [(base, middle - half), (base + 1.5 * half * way_on, middle), (base, middle + half)]
        surface.put(Shape(tuple(head), fill=tone, stroke=tone), 4)
    for x in (START, END):
        surface.line([(x, bar - 0.07), (x, bar + BAR + 0.07)], INK, width=2, level=5)
    surface.mark(END, bar - 0.1, "down", size=7, fill=INK, level=6)
    if row["status"] == "met_then_lost":
        surface.mark(END, middle, size=11, fill=PAPER, stroke=INK, width=1.8, level=7)
        for side in (1, -1):
            reach = 2.5 / 72
            ends = [(END - reach, middle + side * reach), (END + reach, middle - side * reach)]
            surface.line(ends, INK, width=1.6, cap="butt", level=8)
    # Clear of the target's mark, which stands at the same height.
    latest = dated(row, "latest")
    _inside(surface, end, bar - 0.1, latest, color=_tone(row), bold=True, clear=END)
    _ends(surface, bar, (f"from {dated(row, 'baseline')}", GREY),
          (f"to {dated(row, 'target', ' by ')}", INK))  # fmt: skip


def _tone(row: ProgressRow) -> str:
    if text_of(row["status"]) in ("getting_worse", "not_kept", "met_then_lost"):
        return INK
    percent = numeric(row["percent"])
    return TEAL if percent is not None or row["status"] == "kept" else GREY


def _without_percent(surface: Surface, row: ProgressRow, bar: float) -> None:
    """A goal whose share of the way is not defined: its numbers, and a track left open."""
    if is_vision(row) and not _has_numbers(row):
        words = "A vision: other goals, with numbers, lead towards it."
        surface.write(LEFT, bar, words, size=SMALL, color=GREY)
        return
    status = row["status"]
    still = status in ("kept", "not_kept")
    fill, edge = (TEAL, TEAL) if status == "kept" else (PAPER, LINE)
    surface.rectangle(START, bar, END - START, BAR, fill=fill, stroke=edge, width=1.2,
                      dash=() if still else (4, 3))  # fmt: skip
    left = dated(row, "baseline") if numeric(row["baseline_value"]) is not None else ""
    right = dated(row, "target", " by ") if numeric(row["target_value"]) is not None else ""
    latest = dated(row, "latest") if numeric(row["latest_value"]) is not None else ""
    if latest and latest != left:
        _inside(surface, (START + END) / 2, bar - 0.1, latest, color=_tone(row), bold=True)
    target = f"{'keep at' if still else 'to'} {right}" if right else "no target"
    _ends(surface, bar, (f"from {left}" if left else "no baseline", GREY),
          (target, INK if right else GREY))  # fmt: skip


def _ends(surface: Surface, bar: float, start: tuple[str, str], end: tuple[str, str]) -> None:
    """Words and their colour below both ends of a bar."""
    for x, (words, color) in ((START, start), (END, end)):
        _inside(surface, x, bar + BAR + 0.25, words, color=color)


def _inside(
    surface: Surface,
    x: float,
    y: float,
    words: str,
    *,
    color: str,
    bold: bool = False,
    clear: float | None = None,
) -> None:
    """A label centred on `x`, moved so far that it stays within the figure and off a mark."""
    wide = width_of(words, SMALL, bold=bold)
    left = min(max(x - wide / 2, LEFT), RIGHT - wide)
    if clear is not None and left < clear + 0.1 and left + wide > clear - 0.1:
        # On the side of the mark where the value is.
        left = clear - 0.14 - wide if x <= clear else min(clear + 0.14, RIGHT - wide)
        if x > clear and left < clear + 0.1:
            left = clear - 0.14 - wide
    surface.write(max(left, LEFT), y, words, size=SMALL, color=color, bold=bold)
