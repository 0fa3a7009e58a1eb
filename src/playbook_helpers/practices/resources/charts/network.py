"""The network chart: partners on the left, needs on the right, a line for what goes across.

Two columns rather than a cloud: names can be read, and a need that hangs on one line is seen at
once. The order within the columns is found by setting each name beside the middle of its
neighbours, a few times over, so that lines cross little.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING

from playbook_helpers.core.assessment import Row
from playbook_helpers.drawing.chart import (
    GREY,
    INK,
    PAPER,
    SMALL,
    TEAL,
    WIDTH,
    Chart,
    canvas,
    drawing,
    listed,
    numeric,
    text_of,
    wrapped,
    write,
    write_lines,
)
from playbook_helpers.drawing.tables import Column, Table
from playbook_helpers.practices.resources.amounts import amount_words
from playbook_helpers.practices.resources.records import STATUSES

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

MOST = 16
"""Partners, and needs, in one figure."""
MOST_ROWS = 200
"""Links in the table behind the figure."""
LABEL, X_LEFT, X_RIGHT = 1.75, 1.93, WIDTH - 1.93
STEP = 0.21
_SHORT_STATUS = {status: words.split(":")[0] for status, words in STATUSES.items()}


def network_charts(needs: Sequence[Row], links: Sequence[Row]) -> list[Chart]:
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
        text_of(row, "name")
        for row in sorted(needs, key=lambda r: (not r.get("must_have"), text_of(r, "name")))
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
    by_name = {text_of(row, "name"): row for row in reversed(needs)}
    with drawing():
        figure = _figure(partners, shown, ties, by_name)
    return [
        Chart(figure, headline(needs, links), _reading(needs, ties), _table(links), note),
    ]


def _ties(links: Sequence[Row]) -> dict[tuple[str, str], tuple[float, bool]]:
    """(partner, need) -> the share of the need that it brings, and whether any of it is firm."""
    found: dict[tuple[str, str], tuple[float, bool]] = {}
    for row in links:
        if row.get("status") == "ended" and not numeric(row, "amount"):
            continue
        tie = (text_of(row, "partner"), text_of(row, "need"))
        share, firm = found.get(tie, (0.0, False))
        more = numeric(row, "share")
        found[tie] = (
            min(1.0, share + (0.5 if more is None else more)),
            firm or text_of(row, "status") != "offered",
        )
    return found


# Words ----------------------------------------------------------------------------------------


def headline(needs: Sequence[Row], links: Sequence[Row]) -> str:
    """The point: how many needs have more than half from one partner, and from whom most.

    >>> row = {"name": "Room", "single_source": True, "top_provider": "Library"}
    >>> headline([row, {"name": "Van"}], [{"partner": "Library", "need": "Room"}])
    '1 of 2 needs has more than half from one partner: Room from Library'
    """
    givers = {text_of(row, "partner") for row in links}
    single = [row for row in needs if row.get("single_source")]
    if not single:
        count = f"{len(givers)} partner{'' if len(givers) == 1 else 's'}"
        return f"{count} provide{'s' if len(givers) == 1 else ''}; no need rests on one of them"
    per: dict[str, int] = defaultdict(int)
    for row in single:
        per[text_of(row, "top_provider")] += 1
    most = min(per, key=lambda name: (-per[name], name.casefold()))
    have = "has" if len(single) == 1 else "have"
    title = f"{len(single)} of {len(needs)} needs {have} more than half from one partner"
    if not most:
        return title
    if len(single) == 1:
        return f"{title}: {text_of(single[0], 'name')} from {most}"
    if len(per) == 1:
        return f"{title}, {'both' if len(single) == 2 else 'all'} from {most}"
    return f"{title}; {most} carries {per[most]} of them" if per[most] > 1 else title


def _reading(needs: Sequence[Row], ties: Mapping[tuple[str, str], tuple[float, bool]]) -> str:
    parts = []
    for row in needs[:12]:
        name = text_of(row, "name")
        firm = sorted({p for (p, n), (_, sure) in ties.items() if n == name and sure})
        said = sorted({p for (p, n), (_, sure) in ties.items() if n == name and not sure})
        words = f"{name}: {listed(firm) if firm else 'nobody firmly yet'}"
        parts.append(words + (f", offered by {listed(said)}." if said else "."))
    if len(needs) > 12:
        parts.append(f"{len(needs) - 12} more needs are in the table of needs.")
    return " ".join(parts)


def _table(links: Sequence[Row]) -> Table:
    rows = tuple(
        {
            "partner": row.get("partner"),
            "need": row.get("need"),
            "amount": "–"
            if numeric(row, "amount") is None
            else amount_words(numeric(row, "amount") or 0.0, text_of(row, "unit") or None),
            "share": "–" if numeric(row, "share") is None else numeric(row, "share"),
            "status": row.get("status"),
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
    return sum(values) / len(values) if values else 2.0


def _figure(
    partners: Sequence[str],
    needs: Sequence[str],
    ties: Mapping[tuple[str, str], tuple[float, bool]],
    by_name: Mapping[str, Row],
) -> Figure:
    left = [wrapped(name, LABEL, 3) for name in partners]
    # Must-haves stand in bold, which is wider.
    bold = [bool(by_name.get(name, {}).get("must_have")) for name in needs]
    right = [wrapped(n, LABEL * (0.9 if b else 1), 4) for n, b in zip(needs, bold, strict=True)]
    notes = [_note(by_name.get(name, {})) for name in needs]
    tall_left = [0.3 + STEP * len(lines) for lines in left]
    tall_right = [
        0.3 + STEP * (len(lines) + bool(note)) for lines, note in zip(right, notes, strict=True)
    ]
    head, foot = 0.5, 0.72
    body = max(sum(tall_left), sum(tall_right))
    figure, axes = canvas(head + body + foot)
    write(axes, X_LEFT - 0.1, 0.26, "Partners", size=SMALL, color=GREY, ha="right")
    write(axes, X_RIGHT + 0.1, 0.26, "Needs", size=SMALL, color=GREY)
    y_left = _spread(tall_left, head, body)
    y_right = _spread(tall_right, head, body)
    for a, partner in zip(y_left, partners, strict=True):
        for b, need in zip(y_right, needs, strict=True):
            if (partner, need) in ties:
                _line(axes, a, b, *ties[partner, need])
    for y, lines in zip(y_left, left, strict=True):
        _dot(axes, X_LEFT, y, full=True)
        write_lines(axes, X_LEFT - 0.12, _first(y, len(lines)), lines, ha="right")
    for y, name, lines, note in zip(y_right, needs, right, notes, strict=True):
        row = by_name.get(name, {})
        provided = bool(numeric(row, "providers"))
        _dot(axes, X_RIGHT, y, full=provided, single=bool(row.get("single_source")))
        must = "bold" if row.get("must_have") else "normal"
        count = len(lines) + bool(note)
        end = write_lines(axes, X_RIGHT + 0.14, _first(y, count), lines, weight=must)
        if note:
            write(axes, X_RIGHT + 0.14, end + STEP, note, size=SMALL, color=GREY, style="italic")
    _key(axes, head + body + 0.22, by_name, needs)
    return figure


def _note(row: Row) -> str:
    if row.get("single_source"):
        return "only one partner" if numeric(row, "providers") == 1 else "over half from one"
    return "" if numeric(row, "providers") else "nobody firmly yet"


def _first(y: float, lines: int) -> float:
    """The first baseline of so many lines centred on `y`."""
    return y + 0.06 - STEP * (lines - 1) / 2


def _spread(heights: Sequence[float], top: float, body: float) -> list[float]:
    """The middle of each row, the column stretched over the whole height."""
    spare = (body - sum(heights)) / max(1, len(heights))
    places, y = [], top
    for height in heights:
        places.append(y + (height + spare) / 2)
        y += height + spare
    return places


def _line(axes: Axes, a: float, b: float, share: float, firm: bool) -> None:
    from matplotlib.patches import PathPatch
    from matplotlib.path import Path

    middle = (X_LEFT + X_RIGHT) / 2
    path = Path(
        [(X_LEFT, a), (middle, a), (middle, b), (X_RIGHT, b)],
        [Path.MOVETO, Path.CURVE4, Path.CURVE4, Path.CURVE4],
    )
    axes.add_patch(
        PathPatch(
            path,
            facecolor="none",
            edgecolor=TEAL if firm else GREY,
            lw=1.2 + 4.5 * share if firm else 1.4,
            ls="-" if firm else (0, (4, 3)),
            alpha=0.8 if firm else 1.0,
            zorder=2,
        )
    )


def _dot(axes: Axes, x: float, y: float, *, full: bool, single: bool = False) -> None:
    axes.plot(
        [x],
        [y],
        marker="D" if single else "o",
        ms=9 if single else 8,
        mfc=TEAL if full and not single else PAPER,
        mec=INK if single else TEAL,
        mew=2 if single else 1.6,
        zorder=4,
    )


def _key(axes: Axes, y: float, by_name: Mapping[str, Row], needs: Sequence[str]) -> None:
    """What the lines and marks mean."""
    axes.plot([0.05, 0.4], [y, y], color=TEAL, lw=4, alpha=0.8)
    write(axes, 0.48, y + 0.05, "firm, by share of the need", size=SMALL, color=GREY)
    axes.plot([3.1, 3.45], [y, y], color=GREY, lw=1.4, ls=(0, (4, 3)))
    write(axes, 3.53, y + 0.05, "only offered", size=SMALL, color=GREY)
    below = y + 0.27
    axes.plot([0.22], [below], marker="D", ms=9, mfc=PAPER, mec=INK, mew=2)
    write(axes, 0.48, below + 0.05, "over half from one partner", size=SMALL, color=GREY)
    if any(by_name.get(name, {}).get("must_have") for name in needs):
        write(axes, 3.1, below + 0.05, "Bold", size=SMALL, weight="bold")
        write(axes, 3.53, below + 0.05, "must-have", size=SMALL, color=GREY)
