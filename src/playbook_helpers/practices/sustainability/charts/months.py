"""The runway chart: free money month by month, each path with the month in which it runs out.

A path ends where the money does: what would come after that month is no forecast. Paths are told
apart by their line and by the words below, not by colour alone.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from playbook_helpers.core.assessment import Row
from playbook_helpers.core.partial_dates import spoken
from playbook_helpers.drawing.chart import (
    BLUE,
    GREY,
    INK,
    LINE,
    PAPER,
    SMALL,
    TEAL,
    TRACK,
    WIDTH,
    Chart,
    columns_of,
    drawing,
    new_figure,
    nice_ticks,
    numeric,
    text_of,
    wrapped,
    write,
)
from playbook_helpers.drawing.labels import Plot
from playbook_helpers.drawing.tables import Column, Table, number

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure
PLOT, TOP, AXIS, STEP = 2.5, 0.42, 0.4, 0.22
LABELS = {
    "expected": "With what is expected",
    "signed_only": "With signed money only",
    "largest_stops": "If {source} stops",
}
_LOOKS: tuple[dict[str, Any], ...] = (
    {"color": TEAL, "lw": 3.4, "ls": "-"},
    {"color": INK, "lw": 2.0, "ls": (0, (5, 2))},
    {"color": BLUE, "lw": 2.0, "ls": (0, (1, 1.4))},
)


@dataclass(frozen=True, slots=True)
class Line:
    """One path: its words, its months, and the place of the first that cannot be paid."""

    label: str
    months: tuple[Row, ...]
    out: int | None

    @property
    def lasts(self) -> str:
        """How long it lasts."""
        if self.out is None:
            return f"all {len(self.months)} months"
        if self.out == 0:
            return "not even one month"
        return f"until the end of {spoken(text_of(self.months[self.out - 1], 'month'))}"


def runway_chart(rows: Sequence[Row], labels: Mapping[str, str] = LABELS) -> list[Chart]:
    """The paths among `rows` that `labels` names, in one figure; none without rows."""
    lines = []
    for case, words in labels.items():
        months = tuple(row for row in rows if row.get("case") == case)
        if not months:
            continue
        source = text_of(months[0], "source")
        if "{source}" in words and not source:
            continue
        out = next((place for place, row in enumerate(months) if row.get("out")), None)
        lines.append(Line(words.replace("{source}", source), months, out))
    if not lines:
        return []
    currency = text_of(lines[0].months[0], "currency")
    with drawing():
        figure = _figure(lines, currency)
    words = "; ".join(f"{_lower(line)}, {line.lasts}" for line in lines[1:])
    title = f"{lines[0].label}, the money lasts {lines[0].lasts}"
    return [
        Chart(
            figure,
            f"{title}; {words}" if words else title,
            _reading(lines, currency),
            _table(lines, currency),
            "Each source is spread evenly over its months. Money for one thing only pays for "
            "nothing else.",
        )
    ]


def _lower(line: Line) -> str:
    return line.label[0].lower() + line.label[1:]


def _reading(lines: Sequence[Line], currency: str) -> str:
    parts = []
    for line in lines:
        first, last = line.months[0], line.months[-1]
        words = f"{line.label}: free money of {_money(first, currency)} at the end of "
        words += f"{spoken(text_of(first, 'month'))}"
        if line.out is None:
            words += f" and {_money(last, currency)} at the end of {spoken(text_of(last, 'month'))}"
            parts.append(f"{words}; it lasts all {len(line.months)} months.")
        else:
            month = spoken(text_of(line.months[line.out], "month"))
            parts.append(f"{words}; {month} is the first month that cannot be paid.")
    return " ".join(parts)


def _money(row: Row, currency: str) -> str:
    return f"{number(numeric(row, 'free') or 0.0, 0)} {currency}".strip()


def _table(lines: Sequence[Line], currency: str) -> Table:
    columns = [
        Column("month", "Month", format="when"),
        Column("income", "Comes in (expected)", currency),
        Column("cost", "Goes out", currency),
    ]
    columns += [
        Column(f"free{place}", f"Left: {_lower(line)}", currency)
        for place, line in enumerate(lines)
    ]
    rows = []
    for place, row in enumerate(lines[0].months):
        values = {f"free{k}": _whole(line.months[place], "free") for k, line in enumerate(lines)}
        rows.append(
            {
                "month": row.get("month"),
                "income": _whole(row, "income"),
                "cost": _whole(row, "cost"),
                **values,
            }
        )
    return Table("Free money at the end of each month", tuple(columns), tuple(rows))


def _whole(row: Row, name: str) -> int:
    return round(numeric(row, name) or 0.0)


# Drawing --------------------------------------------------------------------------------------


def _figure(lines: Sequence[Line], currency: str) -> Figure:
    from playbook_helpers.drawing.sheet import Graph, ScaleLook

    words = [wrapped(f"{line.label}: {line.lasts}", WIDTH - 0.75, 3, SMALL) for line in lines]
    key = sum(STEP * len(each) + 0.08 for each in words) + 0.1
    height = TOP + PLOT + AXIS + key
    free = [numeric(row, "free") or 0.0 for line in lines for row in line.months[: line.out]]
    most = max([*free, 1.0]) * 1.12
    lowest = min([*free, 0.0])
    y = (min(lowest, -0.06 * most), most)
    ticks = [v for v in nice_ticks(0, most, 5) if v >= 0]
    tick_words = [number(v) for v in ticks]
    left = 0.2 + max(columns_of(w) for w in tick_words) * SMALL * 0.62 / 72
    right = 0.25
    count = len(lines[0].months)
    x = (0.0, float(count))
    width = WIDTH - left - right
    figure = new_figure(height)
    axes = Graph(figure, (left, AXIS + key, width, PLOT), x, y)
    figure.add_axes(axes)
    names = [text_of(row, "month") for row in lines[0].months]
    step = next((s for s in (1, 2, 3, 6, 12, 24, 60, 120, 240) if count / s <= 5), 240)
    places = list(range(0, count, step))
    axes.scales(
        [(p + 1.0, _short(names[p])) for p in places],
        list(zip(ticks, tick_words, strict=True)),
        ScaleLook(color=GREY, grid=TRACK, floor=LINE, size=SMALL),
    )
    axes.plot(x, [0, 0], color=INK, lw=1.4, zorder=3)
    unit = f"Free money at the end of the month{f', {currency}' if currency else ''}"
    write(
        axes,
        0.03 / WIDTH,
        1 - 0.24 / height,
        wrapped(unit, WIDTH - 0.06, 1, SMALL)[0],
        size=SMALL,
        color=GREY,
        transform=figure.transFigure,
    )
    plot = Plot(axes, left, width, PLOT, x, y, right)
    ends = [_path(plot, line, look) for line, look in zip(lines, _LOOKS, strict=False)]
    _months(plot, lines, ends)
    _key(figure, words, key)
    return figure


def _path(plot: Plot, line: Line, look: Mapping[str, Any]) -> float | None:
    """Draw one path up to where it reaches nothing; the place where it does."""
    points = [
        (place + 1.0, numeric(row, "free") or 0.0)
        for place, row in enumerate(line.months[: line.out])
    ]
    end = None
    if line.out is not None:
        after = numeric(line.months[line.out], "free") or 0.0
        x, last = points[-1] if points else (0.0, 0.0)
        # Where it crosses zero on its way to the month that cannot be paid.
        end = x + (last / (last - after) if last > 0 > after else 0.0)
        points.append((end, 0.0))
    axes: Axes = plot.axes
    axes.plot([a for a, _ in points], [b for _, b in points], zorder=5, clip_on=False, **look)
    if end is not None:
        axes.plot([end], [0], marker="X", ms=9, mfc=look["color"], mec="#ffffff", zorder=8,
                  clip_on=False)  # fmt: skip
    return end


def _months(plot: Plot, lines: Sequence[Line], ends: Sequence[float | None]) -> None:
    """The month in which each path runs out, above its mark; higher where two are close."""
    found = {
        _short(text_of(line.months[line.out], "month")): end
        for line, end in zip(lines, ends, strict=True)
        if end is not None and line.out is not None
    }
    before, level = -9.0, 0
    for words, end in sorted(found.items(), key=lambda item: item[1]):
        at, zero = plot.inches(end, 0.0)
        wide = columns_of(words) * SMALL * 0.66 / 72
        level = level + 1 if at - before < wide + 0.1 else 0
        before = at
        left = min(at + 0.1, plot.width + plot.side - wide)
        text = write(
            plot.axes,
            left / plot.width,
            (zero + 0.13 + 0.24 * level) / plot.height,
            words,
            size=SMALL,
            weight="bold",
            transform=plot.axes.transAxes,
            zorder=9,
        )
        text.set_bbox({"facecolor": PAPER, "edgecolor": "none", "pad": 1.2, "alpha": 0.85})


def _short(month: str) -> str:
    """A month in few letters.

    >>> _short("2027-03")
    'Mar 2027'
    """
    words = spoken(month).split()
    return f"{words[0][:3]} {words[-1]}"


def _key(figure: Figure, words: Sequence[list[str]], tall: float) -> None:
    from playbook_helpers.drawing.sheet import Graph

    axes = Graph(figure, (0.0, 0.0, WIDTH, tall), (0.0, WIDTH), (tall, 0.0))
    figure.add_axes(axes)
    y = 0.16
    for each, look in zip(words, _LOOKS, strict=False):
        axes.plot([0.05, 0.6], [y - 0.05, y - 0.05], **look)
        for place, line in enumerate(each):
            write(axes, 0.7, y + place * STEP, line, size=SMALL, color=INK)
        y += STEP * len(each) + 0.08
    axes.plot([0, WIDTH], [0.005, 0.005], color=LINE, lw=0)
