"""Charts over many partnerships: how far goals have come, when money falls, what is needed.

They count goals and partnerships. Nothing sets one partnership's number beside another's.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, NamedTuple

from playbook_helpers.core.partial_dates import spoken
from playbook_helpers.core.text import listed
from playbook_helpers.drawing.chart import Chart
from playbook_helpers.drawing.scales import nice_ticks
from playbook_helpers.drawing.style import (
    GREY,
    INK,
    LINE,
    PALE_TEAL,
    PAPER,
    SMALL,
    TEAL,
    TRACK,
    VERMILLION,
    WIDTH,
)
from playbook_helpers.drawing.surface import Surface
from playbook_helpers.drawing.tables import Column, Table
from playbook_helpers.drawing.words import width_of, wrapped

LEFT, START, END = 0.03, 2.6, WIDTH - 0.62
ROW, BAR = 0.36, 0.21
_LOOK: Mapping[str, Mapping[str, Any]] = {
    "reached": {"fill": TEAL},
    "towards": {"fill": PALE_TEAL},
    "still": {"fill": LINE},
    "away": {"fill": VERMILLION, "hatch": "//"},
    "unknown": {"fill": PAPER, "stroke": LINE, "dash": (3, 2)},
}


class Bar(NamedTuple):
    """One bar: its words, its length, and what it tells (a key of the looks above)."""

    words: str
    many: int
    tone: str


class Month(NamedTuple):
    """One month: when, how many in all, and how many of them deep."""

    month: str
    many: int
    deep: int


class Pair(NamedTuple):
    """One kind: its words, how many in all, and how many of them are helped."""

    words: str
    many: int
    part: int


def way_chart(rows: Sequence[Bar], *, of: str = "goals") -> Chart:
    """Goals by how much of their own way they have come."""
    total = sum(row.many for row in rows)
    sums = {tone: sum(r.many for r in rows if r.tone == tone) for tone in _LOOK}
    if total == sums["unknown"]:
        title = (
            f"Nobody can tell yet how far {_many(total, of)} {'has' if total == 1 else 'have'} come"
        )
        return _chart(rows, title, "How much of its own way each goal has come", "Goals")
    said = [f"{sums['reached']:,} of {_many(total, of)} met or kept"]
    if sums["towards"]:
        said.append(f"{sums['towards']:,} on the way")
    if sums["away"]:
        said.append(f"{sums['away']:,} moved away or lost again")
    title = f"{', '.join(said)}"
    if sums["unknown"]:
        title += f"; of the other {sums['unknown']:,} nobody can tell"
    return _chart(rows, title, "How much of its own way each goal has come", "Goals")


def moves_chart(rows: Sequence[Bar]) -> Chart:
    """Goals by how they moved since the last round."""
    counts = {row.tone: row.many for row in rows if row.tone in ("towards", "away", "still")}
    nearer, further = counts.get("towards", 0), counts.get("away", 0)
    none = sum(row.many for row in rows if row.tone == "unknown")
    if not any(counts.values()):
        title = f"None of {_many(none, 'goals')} has a new value to compare since the last round"
        return _chart(rows, title, "How goals moved since the last round", "Goals")
    title = f"Since the last round {_many(nearer, 'goals')} came nearer and {further:,} moved away"
    if none:
        title += f"; {none:,} cannot be compared"
    return _chart(rows, title, "How goals moved since the last round", "Goals")


def filled_chart(rows: Sequence[Bar], total: int) -> Chart:
    """Partnerships that have written anything down, by practice."""
    most = max(rows, key=lambda row: row.many)
    none = [row.words for row in rows if not row.many]
    if none and len(none) < len(rows):
        title = f"Nobody has written anything yet about {listed([w.lower() for w in none], 3)}"
    else:
        least = min(rows, key=lambda row: row.many)
        title = (
            f"{least.many:,} of {_many(total, 'partnerships')} wrote about "
            f"{least.words.lower()}, {most.many:,} about {most.words.lower()}"
        )
    return _chart(rows, title, "What partnerships have written about", "Partnerships", most=total)


def needs_chart(rows: Sequence[Pair]) -> Chart:
    """Open needs by kind, and those that another partnership could help with."""
    total, helped = sum(r.many for r in rows), sum(r.part for r in rows)
    title = (
        f"Of {_many(total, 'needs')} nobody meets, others could help with {helped:,}"
        if helped
        else f"{_many(total, 'needs')} nobody meets, and nothing to spare elsewhere that fits"
    )
    bars = [Bar(row.words, row.many, "unknown") for row in rows]
    surface = _bars(bars, [row.part for row in rows], key=True)
    reading = "; ".join(f"{r.words}: {r.many:,} open, {r.part:,} could be helped" for r in rows)
    table = Table(
        "Open needs by kind",
        (
            Column("words", "Kind"),
            Column("many", "Open needs"),
            Column("part", "Others could help with"),
        ),
        tuple(row._asdict() for row in rows),
    )
    return Chart(surface, title, f"Bars, one for each kind of need. {reading}.", table)


def months_chart(rows: Sequence[Month]) -> Chart | None:
    """Partnerships whose signed money falls, by the last month before it does; None if none."""
    total = sum(row.many for row in rows)
    if not total:
        return None
    top = max(rows, key=lambda row: row.many)
    deep = sum(row.deep for row in rows)
    few = top.many == 1
    first = next(row for row in rows if row.many)
    title = (
        f"The first fall of signed money comes after {spoken(first.month)}"
        if few
        else f"Most falls of signed money, {top.many:,}, come after {spoken(top.month)}"
    )
    title += f"; {deep:,} of {total:,} take half or more"
    surface = _months(rows)
    told = [
        f"{spoken(r.month)}: {r.many:,}, {r.deep:,} of them half or more" for r in rows if r.many
    ]
    reading = "Bars, one for each month ahead. " + "; ".join(told) + "."
    table = Table(
        "Falls of signed money",
        (
            Column("month", "After", format="when"),
            Column("many", "Partnerships"),
            Column("deep", "Of them, half or more is lost"),
        ),
        tuple(row._asdict() for row in rows if row.many),
    )
    return Chart(surface, title, reading, table)


def _chart(
    rows: Sequence[Bar], title: str, caption: str, counted: str, most: int | None = None
) -> Chart:
    surface = _bars(rows, most=most)
    reading = f"Bars of how many. {'; '.join(f'{r.words}: {r.many:,}' for r in rows)}."
    table = Table(
        caption,
        (Column("words", "Which"), Column("many", counted)),
        tuple({"words": row.words, "many": row.many} for row in rows),
    )
    return Chart(surface, title, reading, table)


def _many(count: int, words: str) -> str:
    return f"{count:,} {words[:-1] if count == 1 else words}"


def _bars(
    rows: Sequence[Bar],
    parts: Sequence[int] = (),
    *,
    most: int | None = None,
    key: bool = False,
) -> Surface:
    """Horizontal bars with their words before and their numbers behind; `parts` are filled in."""
    foot = 0.42 if key else 0.06
    surface = Surface(ROW * len(rows) + 0.08 + foot)
    numbers = [f"{row.many:,}" for row in rows]
    if parts:
        numbers = [f"{part:,} of {many}" for part, many in zip(parts, numbers, strict=True)]
    # Room behind the longest bar for the longest number.
    room = max((width_of(number, SMALL) for number in numbers), default=0.0)
    end = min(END - 0.55 if parts else END, WIDTH - 0.1 - room)
    scale = (end - START) / max(1, most or max((row.many for row in rows), default=1))
    before = ""
    for place, row in enumerate(rows):
        y = 0.08 + ROW * place
        if before and (row.tone == "unknown") != (before == "unknown"):
            surface.line([(LEFT, y - 0.01), (WIDTH - 0.03, y - 0.01)], TRACK)
        before = row.tone
        middle = y + ROW / 2 - 0.02
        words = wrapped(row.words, START - LEFT - 0.1, 1, SMALL)[0]
        surface.write(LEFT, middle + 0.055, words, size=SMALL)
        wide = row.many * scale
        if most:
            _box(surface, START, middle, end - START, fill=TRACK)
        if row.many:
            _box(surface, START, middle, max(wide, 0.02), **_LOOK[row.tone])
        if parts and parts[place]:
            _box(surface, START, middle, max(parts[place] * scale, 0.02), **_LOOK["reached"])
        at = end if most else START + wide
        surface.write(at + 0.07, middle + 0.055, numbers[place], size=SMALL)
    if key:
        y = 0.08 + ROW * len(rows) + 0.22
        for x, look, words in (
            (START, "reached", "others could help"),
            (LEFT + 0.7, "unknown", "nobody could"),
        ):
            _box(surface, x, y - 0.05, 0.24, **_LOOK[look])
            surface.write(x + 0.32, y, words, size=SMALL, color=GREY)
    return surface


def _box(surface: Surface, x: float, middle: float, wide: float, **look: Any) -> None:
    surface.rectangle(x, middle - BAR / 2, wide, BAR, **look)


def _months(rows: Sequence[Month]) -> Surface:
    """Standing bars, one a month: in full those that lose half or more, in pale the others."""
    tall, foot, head = 1.7, 0.5, 0.62
    surface = Surface(head + tall + foot)
    most = max(row.many for row in rows)
    ticks = [t for t in nice_ticks(0, most, 4) if t == int(t)]
    left = 0.16 + 0.1 * max(len(f"{t:,.0f}") for t in ticks)
    step = (WIDTH - left - 0.05) / len(rows)
    base = head + tall
    for tick in ticks:
        y = base - tall * tick / most
        surface.line([(left, y), (WIDTH - 0.05, y)], TRACK if tick else INK, level=1)
        surface.write(left - 0.07, y + 0.05, f"{tick:,.0f}", size=SMALL, color=GREY, side="right")
    for place, row in enumerate(rows):
        x = left + step * place + step * 0.14
        for many, fill in ((row.many, PALE_TEAL), (row.deep, TEAL)):
            high = tall * many / most
            if many:
                surface.rectangle(x, base - high, step * 0.72, high, fill=fill, level=3)
        month = int(row.month[5:])
        if month in (1, 7) or (place == 0 and month not in (6, 12)):
            words = spoken(row.month).split()
            x = min(x, WIDTH - 0.03 - width_of(words[1], SMALL))
            surface.write(x, base + 0.22, words[0][:3], size=SMALL, color=GREY)
            surface.write(x, base + 0.4, words[1], size=SMALL, color=GREY)
    for x, fill, told in ((LEFT, TEAL, "half or more is lost"), (LEFT + 2.1, PALE_TEAL, "less")):
        _box(surface, x, 0.13, 0.24, fill=fill)
        surface.write(x + 0.32, 0.18, told, size=SMALL, color=GREY)
    words_above = "Partnerships, by the last month before the fall"
    surface.write(LEFT, 0.46, words_above, size=SMALL, color=GREY)
    return surface
