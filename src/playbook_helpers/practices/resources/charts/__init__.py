"""Charts of the resources worksheet: who brings what, what each need has, who provides for whom."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from math import radians, sin

from playbook_helpers.core.assessment import Assessment
from playbook_helpers.core.text import listed
from playbook_helpers.drawing.chart import Chart, text_of
from playbook_helpers.drawing.kinds import ChartKind
from playbook_helpers.drawing.rows import STEP, in_parts
from playbook_helpers.drawing.style import GREY, INK, PAPER, SMALL, TEAL, TRACK, WIDTH
from playbook_helpers.drawing.surface import Surface
from playbook_helpers.drawing.tables import Column, Table
from playbook_helpers.drawing.words import width_of, wrapped
from playbook_helpers.practices.resources.charts.needs import gap_charts
from playbook_helpers.practices.resources.charts.network import network_charts
from playbook_helpers.practices.resources.records import TYPES
from playbook_helpers.practices.resources.rows import rows_of

MOST, MOST_FIGURES = 20, 5
GRID, CELL = 1.95, 0.36
"""Where the grid begins, and how tall its rows are, in inches."""
SLANT = 45.0
"""By how many degrees headings are turned."""


def heatmap(assessment: Assessment) -> list[Chart]:
    """Which partner brings what kind of thing; what is firm told from what is only offered."""
    cells = {
        (text_of(row["partner"]), text_of(row["type"])): (row["offers"], row["firm"])
        for row in rows_of(assessment).get("matrix", ())
    }
    partners = list(dict.fromkeys(partner for partner, _ in cells))
    kinds = [k for k in TYPES if any(kind == k for _, kind in cells)]
    wanted = {text_of(row["type"]) for row in rows_of(assessment).get("needs", ())}
    kinds = [k for k in TYPES if k in kinds or k in wanted]
    return [
        Chart(
            _picture(part.rows, kinds, cells),
            _headline(cells, partners, wanted) + part.title,
            _reading(part.rows, kinds, cells),
            _table(f"Offers by partner and kind{part.caption}", part.rows, kinds, cells),
            part.note,
        )
        for part in in_parts(partners, MOST, MOST_FIGURES, "partners")
    ]


def gaps(assessment: Assessment) -> list[Chart]:
    """What each need has: here, promised, only offered, still open; must-haves first."""
    return gap_charts(rows_of(assessment).get("needs", ()), rows_of(assessment).get("links", ()))


def network(assessment: Assessment) -> list[Chart]:
    """Who provides what, with the needs that rest on one partner marked."""
    return network_charts(
        rows_of(assessment).get("needs", ()), rows_of(assessment).get("links", ())
    )


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


def _picture(partners: Sequence[str], kinds: Sequence[str], cells: Cells) -> Surface:
    names = [wrapped(partner, GRID - 0.15, 2) for partner in partners]
    heights = [CELL + STEP * (len(lines) - 1) for lines in names]
    # The headings slant upwards: room for the longest of them.
    head = 0.25 + max(width_of(TYPES[k], SMALL) for k in kinds) * sin(radians(SLANT))
    surface = Surface(head + math.fsum(heights) + 0.55)
    # Room on the right for the last slanted heading.
    wide = min(0.62, (WIDTH - GRID - 0.75) / max(1, len(kinds)))
    for place, kind in enumerate(kinds):
        x = GRID + wide * (place + 0.5)
        surface.write(x - 0.02, head - 0.08, TYPES[kind], size=SMALL, turn=SLANT)
    y = head
    for partner, lines, height in zip(partners, names, heights, strict=True):
        surface.write_lines(0.03, y + height / 2 + 0.06 - 0.21 * (len(lines) - 1) / 2, lines)
        for place, kind in enumerate(kinds):
            count, firm = cells.get((partner, kind), (0, 0))
            _cell(surface, GRID + wide * place, y, wide, height, count, firm)
        y += height
    for x, wide, count, firm, words in (
        (0.03, 0.36, 2, 2, "firm"),
        (1.0, 0.36, 1, 0, "only offered"),
        (2.6, 0.5, 3, 2, "some of each"),
    ):
        _cell(surface, x, y + 0.2, wide, 0.28, count, firm)
        surface.write(x + wide + 0.08, y + 0.39, words, size=SMALL, color=GREY)
    return surface


def _cell(
    surface: Surface, x: float, y: float, wide: float, tall: float, count: int, firm: int
) -> None:
    """Filled: all firm. Outlined: only offered. Both: a filled part with the rest beside it."""
    pad = 0.03
    left, top, width, height = x + pad, y + pad, wide - 2 * pad, tall - 2 * pad
    middle = top + height / 2 + 0.055
    if not count:
        surface.rectangle(left, top, width, height, fill=TRACK, opacity=0.45)
        return
    share = 0.0 if not firm else 1.0 if firm == count else 0.5
    surface.rectangle(left, top, width, height, fill=PAPER, stroke=TEAL, width=1.5, dash=(3, 2))
    if share:
        surface.rectangle(left, top, width * share, height, fill=TEAL, stroke=TEAL, width=1.5)
    numbers = {0.0: [(0.5, count, False)], 1.0: [(0.5, count, True)]}.get(
        share, [(0.25, firm, True), (0.75, count - firm, False)]
    )
    for at, number, full in numbers:
        surface.write(left + width * at, middle, str(number), size=SMALL, side="center",
                      color=PAPER if full else INK, bold=full)  # fmt: skip


CHARTS: Mapping[str, ChartKind] = {
    "heatmap": ChartKind(heatmap, "one offer by a partner"),
    "gaps": ChartKind(gaps, "one need"),
    "network": ChartKind(network, "one need, and one offer that says which need it is for"),
}
