"""The runway chart: free money month by month, each path with the month in which it runs out.

A path ends where the money does: what would come after that month is no forecast. Paths are told
apart by their line and by the words below, not by colour alone.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from playbook_helpers.core.partial_dates import spoken
from playbook_helpers.drawing.chart import Chart, text_of
from playbook_helpers.drawing.graph import Graph
from playbook_helpers.drawing.rows import STEP
from playbook_helpers.drawing.scales import nice_ticks
from playbook_helpers.drawing.style import BLUE, GREY, INK, PAPER, SMALL, TEAL, WIDTH
from playbook_helpers.drawing.surface import Surface
from playbook_helpers.drawing.tables import Column, Table, number
from playbook_helpers.drawing.words import width_of, wrapped
from playbook_helpers.practices.sustainability.finances import CASES
from playbook_helpers.practices.sustainability.rows import MonthRow

PLOT, TOP, AXIS, SIDE = 2.5, 0.42, 0.4, 0.25
LABELS = {
    "expected": "With what is expected",
    "signed_only": "With signed money only",
    "largest_stops": "If {source} stops",
}
_WITH_BIDS = {
    "signed_only": "With signed money only",
    "all_come": "If every bid comes",
    "largest_stops": "If {source} stops",
}
"""The same where there are bids: no bid comes in part, so nothing is drawn between."""
_LOOKS: tuple[dict[str, Any], ...] = (
    {"color": TEAL, "width": 3.4},
    {"color": INK, "width": 2.0, "dash": (5, 2)},
    {"color": BLUE, "width": 2.0, "dash": (1, 1.4)},
)


@dataclass(frozen=True, slots=True)
class RunwayCase:
    """One path: its words, its months, and the place of the first that cannot be paid."""

    label: str
    months: tuple[MonthRow, ...]
    out: int | None

    @property
    def lasts(self) -> str:
        """How long it lasts."""
        if self.out is None:
            return f"all {len(self.months)} months"
        if self.out == 0:
            return "not even one month"
        return f"until the end of {spoken(text_of(self.months[self.out - 1]['month']))}"


def runway_chart(rows: Sequence[MonthRow], labels: Mapping[str, str] | None = None) -> list[Chart]:
    """The paths among `rows` that `labels` names, in one figure; none without rows."""
    if labels is None:
        free = {case: [row["free"] for row in rows if row["case"] == case] for case in CASES}
        bids = free["all_come"] and free["all_come"] != free["signed_only"]
        labels = _WITH_BIDS if bids else LABELS
    lines = []
    for case, words in labels.items():
        months = tuple(row for row in rows if row["case"] == case)
        if not months:
            continue
        source = text_of(months[0]["source"])
        if "{source}" in words and not source:
            continue
        out = next((place for place, row in enumerate(months) if row["out"]), None)
        lines.append(RunwayCase(words.replace("{source}", source), months, out))
    if not lines:
        return []
    currency = text_of(lines[0].months[0]["currency"])
    surface = _picture(lines, currency)
    words = "; ".join(f"{_lower(line)}, {line.lasts}" for line in lines[1:])
    title = f"{lines[0].label}, the money lasts {lines[0].lasts}"
    return [
        Chart(
            surface,
            f"{title}; {words}" if words else title,
            _reading(lines, currency),
            _table(lines, currency),
            "Each source is spread evenly over its months. Money for one thing only pays for "
            "nothing else.",
        )
    ]


def _lower(line: RunwayCase) -> str:
    return line.label[0].lower() + line.label[1:]


def _reading(lines: Sequence[RunwayCase], currency: str) -> str:
    parts = []
    for line in lines:
        first, last = line.months[0], line.months[-1]
        words = f"{line.label}: free money of {_money(first, currency)} at the end of "
        words += f"{spoken(text_of(first['month']))}"
        if line.out is None:
            words += f" and {_money(last, currency)} at the end of {spoken(text_of(last['month']))}"
            parts.append(f"{words}; it lasts all {len(line.months)} months.")
        else:
            month = spoken(text_of(line.months[line.out]["month"]))
            parts.append(f"{words}; {month} is the first month that cannot be paid.")
    return " ".join(parts)


def _money(row: MonthRow, currency: str) -> str:
    return f"{number(row['free'], 0)} {currency}".strip()


def _table(lines: Sequence[RunwayCase], currency: str) -> Table:
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
        values = {f"free{k}": round(line.months[place]["free"]) for k, line in enumerate(lines)}
        rows.append(
            {
                "month": row["month"],
                "income": round(row["income"]),
                "cost": round(row["cost"]),
                **values,
            }
        )
    return Table("Free money at the end of each month", tuple(columns), tuple(rows))


# Drawing --------------------------------------------------------------------------------------


def _picture(lines: Sequence[RunwayCase], currency: str) -> Surface:
    words = [wrapped(f"{line.label}: {line.lasts}", WIDTH - 0.75, 3, SMALL) for line in lines]
    key = math.fsum(STEP * len(each) + 0.08 for each in words) + 0.1
    surface = Surface(TOP + PLOT + AXIS + key)
    free = [row["free"] for line in lines for row in line.months[: line.out]]
    most = max([*free, 1.0]) * 1.12
    up = [(v, number(v)) for v in nice_ticks(0, most, 5)]
    left = 0.2 + max(width_of(each, SMALL) for _, each in up)
    months = lines[0].months
    count = len(months)
    y = (min([*free, 0.0, -0.06 * most]), most)
    graph = Graph(surface, left, TOP, WIDTH - left - SIDE, PLOT, (0.0, float(count)), y, SIDE)
    step = next((s for s in (1, 2, 3, 6, 12, 24, 60, 120, 240) if count / s <= 5), 240)
    across = [(p + 1.0, _short(text_of(months[p]["month"]))) for p in range(0, count, step)]
    graph.scales(across, up)
    graph.line([(x, 0) for x in graph.x], INK, width=1.4)
    unit = f"Free money at the end of the month{f', {currency}' if currency else ''}"
    surface.write(0.03, 0.24, wrapped(unit, WIDTH - 0.06, 1, SMALL)[0], size=SMALL, color=GREY)
    ends = [_path(graph, line, look) for line, look in zip(lines, _LOOKS, strict=False)]
    _months(graph, lines, ends)
    y_key = TOP + PLOT + AXIS + 0.16
    for each, look in zip(words, _LOOKS, strict=False):
        surface.line([(0.05, y_key - 0.05), (0.6, y_key - 0.05)], **look)
        for place, line in enumerate(each):
            surface.write(0.7, y_key + place * STEP, line, size=SMALL)
        y_key += STEP * len(each) + 0.08
    return surface


def _path(graph: Graph, line: RunwayCase, look: Mapping[str, Any]) -> float | None:
    """Draw one path up to where it reaches nothing; the place where it does."""
    points = [(place + 1.0, row["free"]) for place, row in enumerate(line.months[: line.out])]
    end = None
    if line.out is not None:
        after = line.months[line.out]["free"]
        x, last = points[-1] if points else (0.0, 0.0)
        # Where it crosses zero on its way to the month that cannot be paid.
        end = x + (last / (last - after) if last > 0 > after else 0.0)
        points.append((end, 0.0))
    graph.line(points, **look)
    if end is not None:
        place = graph.at(end, 0)
        graph.surface.mark(*place, "cross", size=9, fill=look["color"], stroke=PAPER)
    return end


def _months(graph: Graph, lines: Sequence[RunwayCase], ends: Sequence[float | None]) -> None:
    """The month in which each path runs out, above its mark; higher where two are close."""
    found = {
        _short(text_of(line.months[line.out]["month"])): end
        for line, end in zip(lines, ends, strict=True)
        if end is not None and line.out is not None
    }
    before, level = -9.0, 0
    for words, end in sorted(found.items(), key=lambda item: item[1]):
        at, zero = graph.inches(end, 0.0)
        wide = width_of(words, SMALL, bold=True)
        level = level + 1 if at - before < wide + 0.1 else 0
        before = at
        left = min(at + 0.1, graph.width + graph.side - wide - 0.05)
        place = (graph.left + left, graph.bottom - zero - 0.13 - 0.24 * level)
        graph.surface.write(*place, words, size=SMALL, bold=True, ground=1.2)


def _short(month: str) -> str:
    """A month in few letters.

    >>> _short("2027-03")
    'Mar 2027'
    """
    words = spoken(month).split()
    return f"{words[0][:3]} {words[-1]}"
