"""The tornado: how far each assumption moves the ratio, widest first, and where it is even."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from playbook_helpers.core.assessment import Row
from playbook_helpers.drawing.chart import (
    GREY,
    INK,
    LINE,
    PALE_TEAL,
    PAPER,
    SMALL,
    TEAL,
    TRACK,
    WIDTH,
    Chart,
    canvas,
    drawing,
    nice_ticks,
    numeric,
    text_of,
    wrapped,
    write,
    write_lines,
)
from playbook_helpers.drawing.tables import Column, Table, number

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

MOST = 12
LEFT, RIGHT = 0.2, WIDTH - 0.2
BAR, STEP = 0.22, 0.22
SHARES = ("deadweight", "displacement", "attribution to others", "drop-off", "Discount rate")


def tornado_chart(rows: Sequence[Row], overall: Row | None = None) -> list[Chart]:
    """One figure of at most twelve bars; none where no assumption has a range."""
    swings = [row for row in rows if numeric(row, "width")]
    if not swings:
        return []
    shown = swings[:MOST]
    left_out = len(swings) - len(shown)
    central = numeric(shown[0], "central") or 0.0
    with drawing():
        figure = _figure(shown, central)
    note = "1 means that the worth is as large as what went in. Never set beside another's ratio."
    if left_out:
        note = f"{left_out} assumptions that move it less are not drawn. {note}"
    title = f"{text_of(shown[0], 'assumption')} moves the ratio most: {_ends(shown[0])}"
    if overall is not None:
        low, high = numeric(overall, "low"), numeric(overall, "high")
        if low is not None and high is not None:
            title += f". With all at their ends it lies between {ratio(low)} and {ratio(high)}"
    return [Chart(figure, title, _reading(shown, central), _table(rows), note)]


def ratio(value: float) -> str:
    """A ratio with as many digits as it can bear.

    >>> ratio(1.513), ratio(23.4), ratio(-0.4)
    ('1.51', '23.4', '-0.4')
    """
    return number(value, 2 if abs(value) < 10 else 1)


def _ends(row: Row) -> str:
    low, high = numeric(row, "at_low") or 0.0, numeric(row, "at_high") or 0.0
    return f"from {ratio(min(low, high))} to {ratio(max(low, high))}"


def even_words(row: Row) -> str:
    """At which value of an assumption the ratio would be 1.

    >>> even_words({"assumption": "Work: deadweight", "break_even": 0.62})
    'even at 62 %'
    >>> even_words({"assumption": "Work: worth", "break_even": None})
    ''
    """
    value = numeric(row, "break_even")
    if value is None:
        return ""
    share = text_of(row, "assumption").endswith(SHARES)
    if share:
        return f"even at {number(100 * value, 1)} %"
    return f"even at {number(value)}" if value >= 0 else f"even at a loss of {number(-value)}"


def _reading(rows: Sequence[Row], central: float) -> str:
    parts = [f"The best guess is {ratio(central)} for each 1 put in."]
    for row in rows:
        even = even_words(row)
        parts.append(f"{text_of(row, 'assumption')}: {_ends(row)}{f', {even}' if even else ''}.")
    return " ".join(parts)


def _table(rows: Sequence[Row]) -> Table:
    columns = (
        Column("assumption", "Assumption"),
        Column("at_low", "Ratio at its lowest"),
        Column("at_high", "Ratio at its highest"),
        Column("even", "Ratio is 1", format="text"),
    )
    cells = tuple(
        {
            "assumption": text_of(row, "assumption"),
            "at_low": _said(row, "at_low"),
            "at_high": _said(row, "at_high"),
            "even": even_words(row).replace("even at", "at") or "not by itself",
        }
        for row in rows
    )
    return Table("What moves the ratio", columns, cells)


def _said(row: Row, name: str) -> str:
    value = numeric(row, name)
    return "no range given" if value is None else ratio(value)


def _figure(rows: Sequence[Row], central: float) -> Figure:
    names = [wrapped(text_of(row, "assumption"), RIGHT - LEFT + 0.3, 2) for row in rows]
    heights = [0.76 + STEP * (len(lines) - 1) for lines in names]
    head, foot = 0.3, 0.8
    figure, axes = canvas(head + sum(heights) + foot)
    values = [numeric(row, side) or 0.0 for row in rows for side in ("at_low", "at_high")]
    low, high = min([*values, central, 1.0]), max([*values, central, 1.0])
    room = max(high - low, 0.1) * 0.08
    low, high = low - room, high + room

    def x(value: float) -> float:
        return LEFT + (RIGHT - LEFT) * (value - low) / (high - low)

    bottom = head + sum(heights)
    for tick in nice_ticks(low, high, 6):
        axes.plot([x(tick)] * 2, [head, bottom], color=TRACK, lw=1, zorder=1)
        write(axes, x(tick), bottom + 0.22, ratio(tick), size=SMALL, color=GREY, ha="center")
    axes.plot([x(1.0)] * 2, [head, bottom], color=INK, lw=1.4, ls=(0, (4, 2)), zorder=2)
    axes.plot([x(central)] * 2, [head, bottom], color=LINE, lw=1.6, zorder=2)
    _heads(axes, x(1.0), x(central), central)
    y = head
    for row, lines, height in zip(rows, names, heights, strict=True):
        # Clear of the lines that run through all bars.
        behind: dict[str, Any] = {
            "bbox": {"facecolor": PAPER, "edgecolor": "none", "pad": 1.0},
            "zorder": 3,
        }
        base = write_lines(axes, 0.05, y + 0.2, lines, weight="bold", size=SMALL, **behind)
        top = base + 0.08
        at_low, at_high = (numeric(row, side) or 0.0 for side in ("at_low", "at_high"))
        _half(axes, x(central), x(at_low), top, low_side=True)
        _half(axes, x(central), x(at_high), top, low_side=False)
        even = even_words(row)
        words = f"{_ends(row)}{f'; {even}' if even else ''}"
        write(axes, 0.05, top + BAR + 0.17, words, size=SMALL, color=GREY, **behind)
        y += height
    label = "Worth for each 1 put in. Hatched: assumption at its lowest; full: at its highest"
    write_lines(axes, 0.05, bottom + 0.47, wrapped(label, WIDTH - 0.1, 2, SMALL), size=SMALL,
                color=GREY)  # fmt: skip
    return figure


def _heads(axes: Axes, even: float, best: float, central: float) -> None:
    """Words above the two lines, pushed apart where they would collide."""
    first, second = (even, "worth = input"), (best, f"best guess {ratio(central)}")
    if abs(even - best) < 2.3:
        left, right = sorted((first, second))
        write(axes, max(0.05, left[0] - 0.05), 0.2, left[1], size=SMALL,
              ha="right" if left[0] > 1.5 else "left")  # fmt: skip
        if left[0] <= 1.5 and right[0] < left[0] + 1.5:
            right = (left[0] + 1.5, right[1])
        write(axes, min(right[0], WIDTH - 1.6) + 0.05, 0.2, right[1], size=SMALL)
        return
    for at, words in (first, second):
        write(axes, min(max(at, 0.75), WIDTH - 0.8), 0.2, words, size=SMALL, ha="center")


def _half(axes: Axes, start: float, end: float, top: float, *, low_side: bool) -> None:
    from matplotlib.patches import Rectangle

    bar = Rectangle(
        (min(start, end), top),
        max(abs(end - start), 0.015),
        BAR,
        facecolor=PALE_TEAL if low_side else TEAL,
        edgecolor=TEAL,
        hatch="////" if low_side else None,
        lw=1,
        zorder=4,
    )
    if low_side:
        bar.set_hatchcolor(TEAL)
    axes.add_patch(bar)
