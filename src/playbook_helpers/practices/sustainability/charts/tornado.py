"""The tornado: how far each assumption moves the ratio, widest first, and where it is even."""

from __future__ import annotations

from collections.abc import Sequence

from playbook_helpers.drawing.chart import Chart, number_of, numeric, text_of
from playbook_helpers.drawing.rows import Rows
from playbook_helpers.drawing.scales import Scale, nice_ticks
from playbook_helpers.drawing.style import GREY, INK, LINE, PALE_TEAL, SMALL, TEAL, TRACK, WIDTH
from playbook_helpers.drawing.surface import Surface
from playbook_helpers.drawing.tables import Column, Table, number
from playbook_helpers.drawing.words import wrapped
from playbook_helpers.practices.sustainability.rows import SocialValueRow, TornadoRow

MOST = 12
LEFT, RIGHT = 0.2, WIDTH - 0.2
BAR = 0.22
SHARES = ("deadweight", "displacement", "attribution to others", "drop-off", "Discount rate")


def tornado_chart(rows: Sequence[TornadoRow], overall: SocialValueRow | None = None) -> list[Chart]:
    """One figure of at most twelve bars; none where no assumption has a range."""
    swings = [row for row in rows if row["width"]]
    if not swings:
        return []
    shown = swings[:MOST]
    left_out = len(swings) - len(shown)
    central = shown[0]["central"]
    surface = _picture(shown, central)
    note = "1 means that the worth is as large as what went in. Never set beside another's ratio."
    if left_out:
        note = f"{left_out} assumptions that move it less are not drawn. {note}"
    title = f"{text_of(shown[0]['assumption'])} moves the ratio most: {_ends(shown[0])}"
    if overall is not None:
        low, high = numeric(overall["low"]), numeric(overall["high"])
        if low is not None and high is not None:
            title += f". With all at their ends it lies between {ratio(low)} and {ratio(high)}"
    return [Chart(surface, title, _reading(shown, central), _table(rows), note)]


def ratio(value: float) -> str:
    """A ratio with as many digits as it can bear.

    >>> ratio(1.513), ratio(23.4), ratio(-0.4)
    ('1.51', '23.4', '-0.4')
    """
    return number(value, 2 if abs(value) < 10 else 1)


def _ends(row: TornadoRow) -> str:
    low, high = number_of(row["at_low"]), number_of(row["at_high"])
    return f"from {ratio(min(low, high))} to {ratio(max(low, high))}"


def even_words(row: TornadoRow) -> str:
    """At which value of an assumption the ratio would be 1.

    >>> even_words({"assumption": "Work: deadweight", "break_even": 0.62})
    'even at 62 %'
    >>> even_words({"assumption": "Work: worth", "break_even": None})
    ''
    """
    value = numeric(row["break_even"])
    if value is None:
        return ""
    share = text_of(row["assumption"]).endswith(SHARES)
    if share:
        return f"even at {number(100 * value, 1)} %"
    return f"even at {number(value)}" if value >= 0 else f"even at a loss of {number(-value)}"


def _reading(rows: Sequence[TornadoRow], central: float) -> str:
    parts = [f"The best guess is {ratio(central)} for each 1 put in."]
    for row in rows:
        even = even_words(row)
        parts.append(f"{text_of(row['assumption'])}: {_ends(row)}{f', {even}' if even else ''}.")
    return " ".join(parts)


def _table(rows: Sequence[TornadoRow]) -> Table:
    columns = (
        Column("assumption", "Assumption"),
        Column("at_low", "Ratio at its lowest"),
        Column("at_high", "Ratio at its highest"),
        Column("even", "Ratio is 1", format="text"),
    )
    cells = tuple(
        {
            "assumption": text_of(row["assumption"]),
            "at_low": _said(row, "at_low"),
            "at_high": _said(row, "at_high"),
            "even": even_words(row).replace("even at", "at") or "not by itself",
        }
        for row in rows
    )
    return Table("What moves the ratio", columns, cells)


def _said(row: TornadoRow, name: str) -> str:
    value = numeric(row.get(name))
    return "no range given" if value is None else ratio(value)


def _picture(rows: Sequence[TornadoRow], central: float) -> Surface:
    layout = Rows([text_of(row["assumption"]) for row in rows], 0.76, left=0.05,
                  room=RIGHT - LEFT + 0.3, head=0.3, foot=0.8, size=SMALL,
                  ground=1.0)  # fmt: skip
    surface, top, bottom = layout.surface, 0.3, layout.bottom
    values = [number_of(row.get(side)) for row in rows for side in ("at_low", "at_high")]
    low, high = min([*values, central, 1.0]), max([*values, central, 1.0])
    room = max(high - low, 0.1) * 0.08
    x = Scale(low - room, high + room, LEFT, RIGHT)
    for tick in nice_ticks(x.low, x.high, 6):
        surface.line([(x(tick), top), (x(tick), bottom)], TRACK)
        surface.write(x(tick), bottom + 0.22, ratio(tick), size=SMALL, color=GREY, side="center")
    surface.line([(x(1), top), (x(1), bottom)], INK, width=1.4, dash=(4, 2))
    surface.line([(x(central), top), (x(central), bottom)], LINE, width=1.6)
    _heads(surface, x(1), x(central), central)
    for row, place in zip(rows, layout.places(), strict=True):
        bar = place.base + 0.08
        _half(surface, x(central), x(number_of(row["at_low"])), bar, low_side=True)
        _half(surface, x(central), x(number_of(row["at_high"])), bar, low_side=False)
        even = even_words(row)
        words = f"{_ends(row)}{f'; {even}' if even else ''}"
        # Clear of the lines that run through all bars.
        surface.write(0.05, bar + BAR + 0.17, words, size=SMALL, color=GREY, ground=1.0)
    label = "Worth for each 1 put in. Hatched: assumption at its lowest; full: at its highest"
    lines = wrapped(label, WIDTH - 0.1, 2, SMALL)
    surface.write_lines(0.05, bottom + 0.47, lines, size=SMALL, color=GREY)
    return surface


def _heads(surface: Surface, even: float, best: float, central: float) -> None:
    """Words above the two lines, pushed apart where they would collide."""
    first, second = (even, "worth = input"), (best, f"best guess {ratio(central)}")
    if abs(even - best) < 2.3:
        left, right = sorted((first, second))
        surface.write(max(0.05, left[0] - 0.05), 0.2, left[1], size=SMALL,
                      side="right" if left[0] > 1.5 else "left")  # fmt: skip
        if left[0] <= 1.5 and right[0] < left[0] + 1.5:
            right = (left[0] + 1.5, right[1])
        surface.write(min(right[0], WIDTH - 1.6) + 0.05, 0.2, right[1], size=SMALL)
        return
    for at, words in (first, second):
        place = min(max(at, 0.75), WIDTH - 0.8)
        surface.write(place, 0.2, words, size=SMALL, side="center")


def _half(surface: Surface, start: float, end: float, top: float, *, low_side: bool) -> None:
    surface.rectangle(
        min(start, end), top, max(abs(end - start), 0.015), BAR,
        fill=PALE_TEAL if low_side else TEAL, stroke=TEAL, hatch="////" if low_side else "",
        hatch_color=TEAL, level=4,
    )  # fmt: skip
