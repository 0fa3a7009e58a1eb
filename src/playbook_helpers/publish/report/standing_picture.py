"""The one picture that a report opens with: the eight practices, each on its own measure.

A ring is how it stood before, a dot how it stands now, and further right is better. Each line has
a measure and a scale of its own: nothing is added up, and no practice is held against another.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from playbook_helpers.core.partnership import WORKSHEETS
from playbook_helpers.drawing.chart import image_of
from playbook_helpers.drawing.html import Markup
from playbook_helpers.drawing.style import GREY, LINE, PAPER, TEAL
from playbook_helpers.drawing.surface import Surface
from playbook_helpers.practices.overview import PracticeSummary
from playbook_helpers.worksheet.sections.overview import change_text
from playbook_helpers.worksheet.sections.results import with_unit

SCALES = {"%": 100.0, "of 5": 5.0, "months": 12.0}
"""Units that have an end, and where it is: a year that is paid for is as much as a line can say."""
STARTS = {"of 5": 1.0}
WIDE, TALL, EDGE = 1.7, 0.24, 0.12
"""The size of a line's picture and the room at its ends, in inches."""
CHANCE = "within what chance can do"


def picture_of(standings: Iterable[PracticeSummary], pages: Mapping[str, str]) -> dict[str, Any]:
    """The values for the template; `pages` says where the page of a practice lies."""
    rows = [_row(standing, pages.get(standing.stem, "")) for standing in standings]
    drawn = [row | {"image": _line(row["before"], row["now"])} for row in rows]
    return {"title": _title(rows), "rows": drawn}


def _line(before: float | None, now: float | None) -> Markup:
    """One practice's line; the figures beside it say the same in words."""
    surface, middle = Surface(TALL, WIDE), TALL / 2

    def at(share: float) -> float:
        return EDGE + share / 100 * (WIDE - 2 * EDGE)

    if now is None:
        surface.line([(at(0), middle), (at(100), middle)], GREY, width=1.2, dash=(3, 3), cap="butt")
        return image_of(surface, "")
    surface.line([(at(0), middle), (at(100), middle)], LINE, width=1.5, level=1)
    if before is not None:
        surface.line([(at(before), middle), (at(now), middle)], TEAL, width=2.5, level=2)
        surface.mark(at(before), middle, size=9, fill=PAPER, stroke=TEAL, width=1.8, level=3)
    surface.mark(at(now), middle, size=11, fill=TEAL, stroke=TEAL, level=4)
    return image_of(surface, "")


def _row(standing: PracticeSummary, page: str) -> dict[str, Any]:
    row: dict[str, Any] = {
        "title": WORKSHEETS.get(standing.stem, standing.practice.title),
        "page": page,
        "measure": "",
        "now": None,
        "before": None,
        "value": "",
        "change": "",
        "way": 0,
    }
    if standing.empty:
        return row | {"value": "nothing yet"}
    # No other takes its place: of some measures less is better, and the line would say the reverse.
    name = standing.practice.pictured
    moved = next((m for m in standing.measures if m.now.name == name), None)
    if moved is None or moved.now.value is None or moved.now.unit not in SCALES:
        return row | {"value": "not known"}
    row |= {
        "measure": moved.now.label,
        "now": _place(moved.now.value, moved.now.unit),
        "value": with_unit(moved.now.value, moved.now.unit),
    }
    if moved.change is None:
        return row
    before = moved.now.value - moved.change
    chance = CHANCE in moved.note
    way = 0 if chance else (moved.change > 0) - (moved.change < 0)
    said = change_text(moved) + ("; may be chance" if chance else "")
    return row | {"before": _place(before, moved.now.unit), "change": said, "way": way}


def _place(value: float, unit: str) -> float:
    """How far along its line a value lies, in percent.

    >>> _place(3.0, "of 5"), _place(130.0, "%"), _place(-4.0, "%")
    (50.0, 100.0, 0.0)
    """
    start = STARTS.get(unit, 0.0)
    share = (value - start) / (SCALES[unit] - start)
    return round(100 * min(max(share, 0.0), 1.0), 1)


def _title(rows: Iterable[Mapping[str, Any]]) -> str:
    """What the picture says, in a sentence."""
    held = list(rows)
    up = sum(row["way"] > 0 for row in held)
    down = sum(row["way"] < 0 for row in held)
    known = sum(row["now"] is not None for row in held)
    if not known:
        return "There is no figure for any practice yet"
    if up or down:
        rose, fell = f"{up or 'None'} of {len(held)} practices", f"{down or 'none'}"
        return f"{rose} moved up, {fell} moved down"
    if any(row["before"] is not None for row in held):
        return "No practice has moved more than chance may do"
    return f"Where {known} of {len(held)} practices stand"
