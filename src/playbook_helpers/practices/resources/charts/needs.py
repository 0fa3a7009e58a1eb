"""The gaps chart: for each need, what is here, promised, only offered, and still open.

Needs count in different units, so each bar is the whole of its own need, and the amounts stand
in words beside it.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from playbook_helpers.core.text import listed
from playbook_helpers.drawing.chart import Chart, number_of, numeric, text_of
from playbook_helpers.drawing.rows import STEP, Rows, in_parts
from playbook_helpers.drawing.scales import Scale
from playbook_helpers.drawing.style import GREY, LINE, PALE_TEAL, PAPER, SMALL, TEAL, TRACK, WIDTH
from playbook_helpers.drawing.surface import Surface
from playbook_helpers.drawing.tables import Column, Table
from playbook_helpers.drawing.words import width_of, wrapped
from playbook_helpers.practices.resources.amounts import amount_words
from playbook_helpers.practices.resources.records import PERIODS
from playbook_helpers.practices.resources.rows import LinkRow, NeedRow

MOST, MOST_FIGURES = 10, 5
LEFT, RIGHT = 0.03, WIDTH - 0.03
BAR = 0.24
_LOOKS: Mapping[str, Mapping[str, Any]] = {
    "here": {"fill": TEAL, "stroke": TEAL},
    "promised": {"fill": PALE_TEAL, "stroke": TEAL, "hatch": "////", "hatch_color": TEAL},
    "offered": {"fill": PAPER, "stroke": TEAL, "width": 1.5, "dash": (3, 2)},
    "open": {"fill": TRACK, "stroke": LINE},
    "unknown": {"fill": PAPER, "stroke": LINE, "dash": (2, 3)},
}


def gap_charts(needs: Sequence[NeedRow], links: Sequence[LinkRow] = ()) -> list[Chart]:
    """Bars for all needs, must-haves first, in figures of at most ten."""
    rows = [_gap(row, links) for row in needs]
    ordered = sorted(rows, key=lambda row: (not row["must_have"], _coverage(row)))
    elsewhere = "; the table of needs has them"
    return [
        Chart(
            _picture(part.rows),
            headline(rows) + part.title,
            _reading(part.rows),
            _table(part.rows, f"What each need has{part.caption}"),
            part.note,
        )
        for part in in_parts(ordered, MOST, MOST_FIGURES, "needs", elsewhere)
    ]


class GapRow(NeedRow):
    """A need, and who offers something for it that has no amount that counts: firm, and not."""

    firm_uncounted: str
    offered_uncounted: str


def _gap(need: NeedRow, links: Sequence[LinkRow]) -> GapRow:
    firm, loose = set[str](), set[str]()
    for link in links:
        if link["need"] == need["name"] and link["amount"] is None:
            (loose if link["status"] == "offered" else firm).add(link["partner"])
    return {
        **need,
        "firm_uncounted": listed(sorted(firm, key=str.casefold)) if firm else "",
        "offered_uncounted": listed(sorted(loose, key=str.casefold)) if loose else "",
    }


def _coverage(row: GapRow) -> float:
    value = numeric(row["coverage"])
    return 2.0 if value is None else value


# Words ----------------------------------------------------------------------------------------


def headline(rows: Sequence[GapRow]) -> str:
    """The point: which must-haves are still open, else which needs.

    >>> nothing = dict.fromkeys(GapRow.__annotations__)
    >>> headline([nothing | {"name": "Room", "must_have": True, "coverage": 0.0},
    ...     nothing | {"name": "Van", "must_have": False, "coverage": 1.0}])
    'The one must-have is not covered yet: Room'
    """
    musts = [row for row in rows if row["must_have"]]
    open_musts = [text_of(row["name"]) for row in musts if _coverage(row) < 1]
    if open_musts:
        if len(musts) == 1:
            return f"The one must-have is not covered yet: {open_musts[0]}"
        are = "is" if len(open_musts) == 1 else "are"
        return (
            f"{len(open_musts)} of {len(musts)} must-haves {are} not fully covered yet: "
            f"{listed(open_musts)}"
        )
    unknown = sum(numeric(row["coverage"]) is None for row in rows)
    others = [text_of(row["name"]) for row in rows if _coverage(row) < 1]
    lead = "Every must-have is covered" if musts and not unknown else ""
    if others:
        rest = f"{len(others)} of {len(rows)} needs {'is' if len(others) == 1 else 'are'} still "
        rest += f"open in part or whole: {listed(others)}"
        return f"{lead}; {rest}" if lead else rest
    if unknown:
        return f"What can be counted is covered; {unknown} of {len(rows)} needs cannot be counted"
    return "The need is covered" if len(rows) == 1 else f"All {len(rows)} needs are covered"


def state(row: GapRow) -> str:
    """What a need has, in a few words, with its unit.

    >>> nothing = dict.fromkeys(GapRow.__annotations__)
    >>> state(nothing | {"amount": 100.0, "unit": "hours", "period": None, "committed": 60.0,
    ...     "offered": 80.0, "coverage": 0.6})
    '60 of 100 hours firm, 20 more offered'
    >>> state(nothing | {"coverage": 1.0, "providers": 2})
    'covered by 2 partners'
    >>> state(nothing | {"coverage": 0.0, "offered_uncounted": "State of Ohio"})
    'offered by State of Ohio, not promised yet'
    """
    amount, coverage = numeric(row["amount"]), numeric(row["coverage"])
    if amount is None:
        count = row["providers"]
        if coverage:
            return f"covered by {count} partner{'' if count == 1 else 's'}"
        by = text_of(row["offered_uncounted"])
        return f"offered by {by}, not promised yet" if by else "still open"
    unit, period = text_of(row["unit"]), text_of(row["period"]) or None
    whole = amount_words(amount, unit or None, period)
    beside = [row["firm_uncounted"], row["offered_uncounted"]]
    who = " and ".join(part for part in beside if part)
    if coverage is None:
        return f"{whole} needed; what {who or 'is here'} brings could not be added"
    beside_words = f"; what {who} brings could not be added" if who else ""
    committed, offered = number_of(row["committed"]), number_of(row["offered"])
    beyond = offered - committed
    more = f", {amount_words(beyond, None)} more offered" if beyond > 0 and coverage < 1 else ""
    if committed == 0:
        return f"{whole} still open{more.replace(' more', '')}{beside_words}"
    return f"{amount_words(committed, None)} of {whole} firm{more}{beside_words}"


def _reading(rows: Sequence[GapRow]) -> str:
    parts = []
    for row in rows:
        must = " (must-have)" if row["must_have"] else ""
        parts.append(f"{text_of(row['name'])}{must}: {state(row)}.")
    return " ".join(parts)


def _table(rows: Sequence[GapRow], caption: str) -> Table:
    columns: tuple[Column, ...] = (
        Column("name", "Need"),
        Column("must_have", "Must-have"),
        Column("amount", "Needed"),
        Column("unit", "Unit", format="text"),
        Column("period", "How often", words=PERIODS, format="text"),
        Column("delivered", "Here"),
        Column("committed", "Firm"),
        Column("offered", "Offered in all"),
        Column("gap", "Still open"),
        Column("coverage", "Covered", format="share"),
    )
    if any(text_of(row["offered_uncounted"]) for row in rows):
        columns += (Column("offered_uncounted", "Also offered, not counted"),)
    counted = any(numeric(row["amount"]) is not None for row in rows)
    yes_or_no = {"amount", "unit", "period", "delivered", "committed", "offered", "gap"}
    kept = tuple(c for c in columns if counted or c.key not in yes_or_no)
    empty = dict.fromkeys(yes_or_no, "–")
    cells = tuple(
        {
            **row,
            **(empty if row["amount"] is None else _dashes(row)),
            "offered_uncounted": row["offered_uncounted"] or "–",
        }
        for row in rows
    )
    return Table(caption, kept, cells)


def _dashes(row: GapRow) -> dict[str, str]:
    return {key: "–" for key in ("unit", "period") if not text_of(row.get(key))}


# Drawing --------------------------------------------------------------------------------------


def _picture(rows: Sequence[GapRow]) -> Surface:
    states = [wrapped(state(row), RIGHT - LEFT, 2, SMALL) for row in rows]
    talls = [0.93 + STEP * (len(lines) - 1) for lines in states]
    layout = Rows([text_of(row["name"]) for row in rows], talls, room=RIGHT - LEFT - 1.1,
                  head=0.62, foot=0.5)  # fmt: skip
    surface, scale = layout.surface, Scale(0, 1, LEFT, RIGHT)
    _legend(surface)
    for row, lines, place in zip(rows, states, layout.places(), strict=True):
        if row["must_have"]:
            surface.write(RIGHT, place.first, "must-have", size=SMALL, side="right", italic=True)
        bar, edge = place.base + 0.09, 0.0
        _bar(surface, LEFT, RIGHT, bar, "unknown" if _untold(row) else "open")
        for look, share in _shares(row, numeric(row["amount"]), numeric(row["coverage"])):
            end = min(1.0, edge + share)
            if scale(end) - scale(edge) > 0.004:
                _bar(surface, scale(edge), scale(end), bar, look)
            edge = end
        surface.write_lines(LEFT, bar + BAR + 0.21, lines, size=SMALL, color=GREY)
    ticks = [(0, "nothing yet"), (0.5, "half"), (1, "all of the need")]
    layout.axis(scale, ticks, inward=True)
    return surface


def _legend(surface: Surface) -> None:
    x = LEFT
    for look, words in (
        ("here", "here"),
        ("promised", "promised"),
        ("offered", "only offered"),
        ("open", "still open"),
    ):
        _bar(surface, x, x + 0.26, 0.1, look, tall=0.18)
        surface.write(x + 0.33, 0.25, words, size=SMALL, color=GREY)
        x += width_of(words, SMALL) + 0.55


def _untold(row: GapRow) -> bool:
    """Whether somebody offers something for a counted need of which nothing could be counted."""
    beside = text_of(row["offered_uncounted"]) or text_of(row["firm_uncounted"])
    nothing = not numeric(row["offered"]) and numeric(row["amount"]) is not None
    return numeric(row["coverage"]) is None or bool(beside and nothing)


def _shares(row: GapRow, amount: float | None, coverage: float | None) -> list[tuple[str, float]]:
    """What the bar is filled with, as shares of the need; they may add up to more than 1."""
    if coverage is None:
        return []
    if not amount:
        look = "here" if coverage else "offered" if text_of(row["offered_uncounted"]) else ""
        return [(look, 1.0)] if look else []
    here = number_of(row["delivered"]) / amount
    firm = max(here, coverage)
    offered = max(firm, number_of(row["offered"]) / amount)
    return [("here", here), ("promised", firm - here), ("offered", offered - firm)]


def _bar(
    surface: Surface, start: float, end: float, top: float, look: str, tall: float = BAR
) -> None:
    level = 2 if look == "open" else 3
    surface.rectangle(start, top, end - start, tall, level=level, **_LOOKS[look])
