"""Charts of the resources worksheet: who brings what, what each need has, who provides for whom."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING

from playbook_helpers.core.assessment import Assessment
from playbook_helpers.drawing.chart import (
    GREY,
    INK,
    PAPER,
    SMALL,
    TEAL,
    TRACK,
    WIDTH,
    Chart,
    canvas,
    columns_of,
    drawing,
    listed,
    numeric,
    shares_of,
    text_of,
    wrapped,
    write,
    write_lines,
)
from playbook_helpers.drawing.kinds import ChartKind
from playbook_helpers.drawing.tables import Column, Table
from playbook_helpers.practices.resources.charts.needs import gap_charts
from playbook_helpers.practices.resources.charts.network import network_charts
from playbook_helpers.practices.resources.records import TYPES

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

MOST, MOST_FIGURES = 20, 5
GRID, CELL = 1.95, 0.36
"""Where the grid begins, and how tall its rows are, in inches."""


def heatmap(assessment: Assessment) -> list[Chart]:
    """Which partner brings what kind of thing; what is firm told from what is only offered."""
    cells = {
        (text_of(row, "partner"), text_of(row, "type")): (
            int(numeric(row, "offers") or 0),
            int(numeric(row, "firm") or 0),
        )
        for row in assessment.rows.get("matrix", ())
    }
    partners = list(dict.fromkeys(partner for partner, _ in cells))
    kinds = [k for k in TYPES if any(kind == k for _, kind in cells)]
    wanted = {text_of(row, "type") for row in assessment.rows.get("needs", ())}
    kinds = [k for k in TYPES if k in kinds or k in wanted]
    shown = partners[: MOST * MOST_FIGURES]
    parts = shares_of(len(shown), MOST) if shown else []
    charts = []
    for part in parts:
        some = shown[part]
        title = _headline(cells, partners, wanted)
        if len(parts) > 1:
            title += f" (partners {part.start + 1} to {part.stop} of {len(partners)})"
        left_out = len(partners) - len(shown) if part.stop == len(shown) else 0
        note = f"{left_out} more partners are not drawn." if left_out else ""
        caption = "Offers by partner and kind"
        if len(parts) > 1:
            caption += f", {part.start + 1} to {part.stop}"
        with drawing():
            figure = _figure(some, kinds, cells)
        table = _table(caption, some, kinds, cells)
        charts.append(Chart(figure, title, _reading(some, kinds, cells), table, note))
    return charts


def gaps(assessment: Assessment) -> list[Chart]:
    """What each need has: here, promised, only offered, still open; must-haves first."""
    return gap_charts(assessment.rows.get("needs", ()), assessment.rows.get("links", ()))


def network(assessment: Assessment) -> list[Chart]:
    """Who provides what, with the needs that rest on one partner marked."""
    return network_charts(assessment.rows.get("needs", ()), assessment.rows.get("links", ()))


Cells = Mapping[tuple[str, str], tuple[int, int]]


def _headline(cells: Cells, partners: Sequence[str], wanted: set[str]) -> str:
    offers = sum(count for count, _ in cells.values())
    firm = sum(count for _, count in cells.values())
    have = {kind for (_, kind), (count, _) in cells.items() if count}
    one = len(partners) == 1
    sure = "all are" if firm == offers > 1 else "1 is" if firm == 1 else f"{firm} are"
    title = (
        f"{len(partners)} partner{'' if one else 's'} bring{'s' if one else ''} {offers} "
        f"thing{'' if offers == 1 else 's'} of {len(have)} kind{'' if len(have) == 1 else 's'}; "
        f"{sure} firm"
    )
    missing = [TYPES[k].lower() for k in TYPES if k in wanted - have]
    return f"{title}. Needed and not offered yet: {listed(missing)}" if missing else title


def _reading(partners: Sequence[str], kinds: Sequence[str], cells: Cells) -> str:
    parts = []
    for partner in partners:
        things = []
        for kind in kinds:
            count, firm = cells.get((partner, kind), (0, 0))
            if count:
                loose = "" if firm == count else ", none firm" if not firm else f", {firm} firm"
                things.append(f"{TYPES[kind].lower()} ({count}{loose})")
        parts.append(f"{partner}: {'; '.join(things)}.")
    return " ".join(parts[:12]) + (" The rest is in the table below." if len(parts) > 12 else "")


def _table(caption: str, partners: Sequence[str], kinds: Sequence[str], cells: Cells) -> Table:
    rows = []
    for partner in partners:
        row: dict[str, str] = {"partner": partner}
        for kind in kinds:
            count, firm = cells.get((partner, kind), (0, 0))
            row[kind] = _said(count, firm)
        rows.append(row)
    columns = (Column("partner", "Partner"), *(Column(k, TYPES[k], format="text") for k in kinds))
    return Table(caption, columns, tuple(rows))


def _said(count: int, firm: int) -> str:
    if not count:
        return "–"
    if firm == count:
        return f"{firm} firm"
    return f"{firm} firm, {count - firm} offered" if firm else f"{count} offered"


def _figure(partners: Sequence[str], kinds: Sequence[str], cells: Cells) -> Figure:
    names = [wrapped(partner, GRID - 0.15, 2) for partner in partners]
    heights = [CELL + 0.22 * (len(lines) - 1) for lines in names]
    # The headings slant upwards: room for the longest of them.
    head = 0.25 + max(columns_of(TYPES[k]) for k in kinds) * SMALL * 0.6 / 72 * 0.71
    foot = 0.55
    figure, axes = canvas(head + sum(heights) + foot)
    # Room on the right for the last slanted heading.
    wide = min(0.62, (WIDTH - GRID - 0.75) / max(1, len(kinds)))
    for place, kind in enumerate(kinds):
        x = GRID + wide * (place + 0.5)
        write(axes, x - 0.02, head - 0.08, TYPES[kind], size=SMALL, rotation=45,
              rotation_mode="anchor")  # fmt: skip
    y = head
    for partner, lines, height in zip(partners, names, heights, strict=True):
        first = y + height / 2 + 0.06 - 0.21 * (len(lines) - 1) / 2
        write_lines(axes, 0.03, first, lines)
        for place, kind in enumerate(kinds):
            count, firm = cells.get((partner, kind), (0, 0))
            _cell(axes, GRID + wide * place, y, wide, height, count, firm)
        y += height
    _key(axes, y + 0.2)
    return figure


def _cell(axes: Axes, x: float, y: float, wide: float, tall: float, count: int, firm: int) -> None:
    """Filled: all firm. Outlined: only offered. Both: a filled part with the rest beside it."""
    from matplotlib.patches import Rectangle

    pad = 0.03
    left, top, width, height = x + pad, y + pad, wide - 2 * pad, tall - 2 * pad
    middle = top + height / 2 + 0.055
    if not count:
        axes.add_patch(Rectangle((left, top), width, height, facecolor=TRACK, alpha=0.45, lw=0))
        return
    share = 0.0 if not firm else 1.0 if firm == count else 0.5
    axes.add_patch(
        Rectangle(
            (left, top), width, height, facecolor=PAPER, edgecolor=TEAL, lw=1.5, ls=(0, (3, 2))
        )
    )
    if share:
        axes.add_patch(
            Rectangle((left, top), width * share, height, facecolor=TEAL, edgecolor=TEAL, lw=1.5)
        )
    if share in (0.0, 1.0):
        color = PAPER if share else INK
        write(axes, left + width / 2, middle, str(count), size=SMALL, ha="center", color=color,
              weight="bold" if share else "normal")  # fmt: skip
        return
    write(axes, left + width / 4, middle, str(firm), size=SMALL, ha="center", color=PAPER,
          weight="bold")  # fmt: skip
    write(axes, left + 3 * width / 4, middle, str(count - firm), size=SMALL, ha="center")


def _key(axes: Axes, y: float) -> None:
    _cell(axes, 0.03, y, 0.36, 0.28, 2, 2)
    write(axes, 0.47, y + 0.19, "firm", size=SMALL, color=GREY)
    _cell(axes, 1.0, y, 0.36, 0.28, 1, 0)
    write(axes, 1.44, y + 0.19, "only offered", size=SMALL, color=GREY)
    _cell(axes, 2.6, y, 0.5, 0.28, 3, 2)
    write(axes, 3.18, y + 0.19, "some of each", size=SMALL, color=GREY)


CHARTS: Mapping[str, ChartKind] = {
    "heatmap": ChartKind(heatmap, "one offer by a partner"),
    "gaps": ChartKind(gaps, "one need"),
    "network": ChartKind(network, "one need, and one offer that says which need it is for"),
}
