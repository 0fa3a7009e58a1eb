"""The network chart: partners on the left, needs on the right, a line for what goes across.

Two columns rather than a cloud: names can be read, and a need that hangs on one line is seen at
once. The order within the columns is found by setting each name beside the middle of its
neighbours, a few times over, so that lines cross little.
"""

from __future__ import annotations

import math
from collections import defaultdict
from collections.abc import Mapping, Sequence

from playbook_helpers.core.text import listed
from playbook_helpers.drawing.chart import Chart, number_of, numeric, text_of
from playbook_helpers.drawing.style import GREY, INK, PAPER, SMALL, TEAL, WIDTH
from playbook_helpers.drawing.surface import Curve, Surface
from playbook_helpers.drawing.tables import Column, Table
from playbook_helpers.drawing.words import wrapped
from playbook_helpers.practices.resources.amounts import amount_words
from playbook_helpers.practices.resources.records import STATUSES
from playbook_helpers.practices.resources.rows import LinkRow, NeedRow

MOST = 16
"""Partners, and needs, in one figure."""
MOST_ROWS = 200
"""Links in the table behind the figure."""
LABEL, X_LEFT, X_RIGHT = 1.75, 1.93, WIDTH - 1.93
STEP = 0.21
_SHORT_STATUS = {status: words.split(":")[0] for status, words in STATUSES.items()}


def network_charts(needs: Sequence[NeedRow], links: Sequence[LinkRow]) -> list[Chart]:
    """One figure of who provides what; none where there is nothing to connect."""
    if not links:
        return []
    ties = _ties(links)
    held: dict[str, list[str]] = defaultdict(list)
    for partner, need in ties:
        held[partner].append(need)
    # The largest givers and the needs most given to are drawn where not all can be.
    partners = sorted(held, key=lambda p: (-len(held[p]), p.casefold()))[:MOST]
    wanted = [
        text_of(row["name"])
        for row in sorted(needs, key=lambda r: (not r["must_have"], text_of(r["name"])))
    ]
    wanted = list(dict.fromkeys(wanted))
    linked = [n for n in wanted if any((p, n) in ties for p in partners)]
    alone = [n for n in wanted if not any(need == n for _, need in ties)]
    shown = (linked + alone)[:MOST]
    left_out = (len(held) - len(partners), len(wanted) - len(shown))
    note = ""
    if any(left_out):
        note = f"Not drawn: {left_out[0]} more partners and {left_out[1]} more needs."
    partners, shown = _ordered(partners, shown, ties)
    by_name = {text_of(row["name"]): row for row in reversed(needs)}
    surface = _picture(partners, shown, ties, by_name)
    return [
        Chart(surface, headline(needs, links), _reading(needs, ties), _table(links), note),
    ]


def _ties(links: Sequence[LinkRow]) -> dict[tuple[str, str], tuple[float, bool]]:
    """(partner, need) -> the share of the need that it brings, and whether any of it is firm."""
    found: dict[tuple[str, str], tuple[float, bool]] = {}
    for row in links:
        if row["status"] == "ended" and not numeric(row["amount"]):
            continue
        tie = (text_of(row["partner"]), text_of(row["need"]))
        share, firm = found.get(tie, (0.0, False))
        more = numeric(row["share"])
        found[tie] = (
            min(1.0, share + (0.5 if more is None else more)),
            firm or text_of(row["status"]) != "offered",
        )
    return found


# Words ----------------------------------------------------------------------------------------


def headline(needs: Sequence[NeedRow], links: Sequence[LinkRow]) -> str:
    """The point: how many needs have more than half from one partner, and from whom most.

    >>> nothing = dict.fromkeys(NeedRow.__annotations__)
    >>> row = nothing | {"name": "Room", "single_source": True, "top_provider": "Library"}
    >>> headline([row, nothing | {"name": "Van"}], [{"partner": "Library", "need": "Room"}])
    '1 of 2 needs has more than half from one partner: Room from Library'
    """
    givers = {text_of(row["partner"]) for row in links}
    single = [row for row in needs if row["single_source"]]
    if not single:
        count = f"{len(givers)} partner{'' if len(givers) == 1 else 's'}"
        return f"{count} provide{'s' if len(givers) == 1 else ''}; no need rests on one of them"
    per: dict[str, int] = defaultdict(int)
    for row in single:
        per[text_of(row["top_provider"])] += 1
    most = min(per, key=lambda name: (-per[name], name.casefold()))
    have = "has" if len(single) == 1 else "have"
    title = f"{len(single)} of {len(needs)} needs {have} more than half from one partner"
    if not most:
        return title
    if len(single) == 1:
        return f"{title}: {text_of(single[0]['name'])} from {most}"
    if len(per) == 1:
        return f"{title}, {'both' if len(single) == 2 else 'all'} from {most}"
    return f"{title}; {most} carries {per[most]} of them" if per[most] > 1 else title


def _reading(needs: Sequence[NeedRow], ties: Mapping[tuple[str, str], tuple[float, bool]]) -> str:
    parts = []
    for row in needs[:12]:
        name = text_of(row["name"])
        firm = sorted({p for (p, n), (_, sure) in ties.items() if n == name and sure})
        said = sorted({p for (p, n), (_, sure) in ties.items() if n == name and not sure})
        words = f"{name}: {listed(firm) if firm else 'nobody firmly yet'}"
        parts.append(words + (f", offered by {listed(said)}." if said else "."))
    if more := max(0, len(needs) - 12):
        what = "1 more need is" if more == 1 else f"{more} more needs are"
        parts.append(f"{what} in the table of needs.")
    return " ".join(parts)


def _table(links: Sequence[LinkRow]) -> Table:
    rows = tuple(
        {
            "partner": row["partner"],
            "need": row["need"],
            "amount": "–"
            if numeric(row["amount"]) is None
            else amount_words(number_of(row["amount"]), text_of(row["unit"]) or None),
            "share": "–" if numeric(row["share"]) is None else numeric(row["share"]),
            "status": row["status"],
        }
        for row in links[:MOST_ROWS]
    )
    columns = (
        Column("partner", "Partner"),
        Column("need", "Need"),
        Column("amount", "Amount", align="right"),
        Column("share", "Share of the need", format="share", align="right"),
        Column("status", "How firm", words=_SHORT_STATUS),
    )
    more = f" (the first {MOST_ROWS} of {len(links):,})" if len(links) > MOST_ROWS else ""
    return Table(f"Who provides what{more}", columns, rows)


# Drawing --------------------------------------------------------------------------------------


def _ordered(
    partners: list[str], needs: list[str], ties: Mapping[tuple[str, str], tuple[float, bool]]
) -> tuple[list[str], list[str]]:
    """Both columns ordered by the middle of each name's neighbours; needs without any last."""
    for _ in range(6):
        place = {name: i / max(1, len(needs) - 1) for i, name in enumerate(needs)}
        partners = sorted(
            partners,
            key=lambda p: (_middle([place[n] for n in needs if (p, n) in ties]), p.casefold()),
        )
        spot = {name: i / max(1, len(partners) - 1) for i, name in enumerate(partners)}
        needs = sorted(
            needs,
            key=lambda n: (_middle([spot[p] for p in partners if (p, n) in ties]), n.casefold()),
        )
    return partners, needs


def _middle(values: Sequence[float]) -> float:
    return math.fsum(values) / len(values) if values else 2.0


def _picture(
    partners: Sequence[str],
    needs: Sequence[str],
    ties: Mapping[tuple[str, str], tuple[float, bool]],
    rows: Mapping[str, NeedRow],
) -> Surface:
    left = [wrapped(name, LABEL, 3) for name in partners]
    # Must-haves stand in bold, which is wider.
    bold = [rows[name]["must_have"] for name in needs]
    right = [wrapped(n, LABEL * (0.9 if b else 1), 4) for n, b in zip(needs, bold, strict=True)]
    notes = [_note(rows[name]) for name in needs]
    tall_left = [0.3 + STEP * len(lines) for lines in left]
    tall_right = [
        0.3 + STEP * (len(lines) + bool(note)) for lines, note in zip(right, notes, strict=True)
    ]
    head, foot = 0.5, 0.72
    body = max(math.fsum(tall_left), math.fsum(tall_right))
    surface = Surface(head + body + foot)
    surface.write(X_LEFT - 0.1, 0.26, "Partners", size=SMALL, color=GREY, side="right")
    surface.write(X_RIGHT + 0.1, 0.26, "Needs", size=SMALL, color=GREY)
    y_left = _spread(tall_left, head, body)
    y_right = _spread(tall_right, head, body)
    for a, partner in zip(y_left, partners, strict=True):
        for b, need in zip(y_right, needs, strict=True):
            if (partner, need) in ties:
                _line(surface, a, b, *ties[partner, need])
    for y, lines in zip(y_left, left, strict=True):
        _dot(surface, X_LEFT, y, full=True)
        surface.write_lines(X_LEFT - 0.12, _first(y, len(lines)), lines, side="right")
    for y, name, must, lines, note in zip(y_right, needs, bold, right, notes, strict=True):
        row = rows[name]
        _dot(surface, X_RIGHT, y, full=bool(row["providers"]), single=row["single_source"])
        first = _first(y, len(lines) + bool(note))
        end = surface.write_lines(X_RIGHT + 0.14, first, lines, bold=must)
        if note:
            surface.write(X_RIGHT + 0.14, end + STEP, note, size=SMALL, color=GREY, italic=True)
    _key(surface, head + body + 0.22, must_have=any(bold))
    return surface


def _note(row: NeedRow) -> str:
    if row["single_source"]:
        return "only one partner" if numeric(row["providers"]) == 1 else "over half from one"
    return "" if numeric(row["providers"]) else "nobody firmly yet"


def _first(y: float, lines: int) -> float:
    """The first baseline of so many lines centred on `y`."""
    return y + 0.06 - STEP * (lines - 1) / 2


def _spread(heights: Sequence[float], top: float, body: float) -> list[float]:
    """The middle of each row, the column stretched over the whole height."""
    spare = (body - math.fsum(heights)) / max(1, len(heights))
    places, y = [], top
    for height in heights:
        places.append(y + (height + spare) / 2)
        y += height + spare
    return places


def _line(surface: Surface, a: float, b: float, share: float, firm: bool) -> None:
    middle = (X_LEFT + X_RIGHT) / 2
    points = ((X_LEFT, a), (middle, a), (middle, b), (X_RIGHT, b))
    if firm:
        surface.put(Curve(points, TEAL, 1.2 + 4.5 * share, opacity=0.8), 2)
    else:
        surface.put(Curve(points, GREY, 1.4, dash=(4, 3)), 2)


def _dot(surface: Surface, x: float, y: float, *, full: bool, single: bool = False) -> None:
    if single:
        surface.mark(x, y, "diamond", size=9, fill=PAPER, stroke=INK, width=2)
    else:
        surface.mark(x, y, size=8, fill=TEAL if full else PAPER, stroke=TEAL, width=1.6)


def _key(surface: Surface, y: float, *, must_have: bool) -> None:
    """What the lines and marks mean."""
    surface.line([(0.05, y), (0.4, y)], TEAL, width=4, opacity=0.8)
    surface.write(0.48, y + 0.05, "firm, by share of the need", size=SMALL, color=GREY)
    surface.line([(3.1, y), (3.45, y)], GREY, width=1.4, dash=(4, 3))
    surface.write(3.53, y + 0.05, "only offered", size=SMALL, color=GREY)
    below = y + 0.27
    _dot(surface, 0.22, below, full=True, single=True)
    surface.write(0.48, below + 0.05, "over half from one partner", size=SMALL, color=GREY)
    if must_have:
        surface.write(3.1, below + 0.05, "Bold", size=SMALL, bold=True)
        surface.write(3.53, below + 0.05, "must-have", size=SMALL, color=GREY)
