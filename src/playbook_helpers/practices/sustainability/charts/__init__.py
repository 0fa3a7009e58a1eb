"""Charts of the sustainability worksheet: how long money lasts, from whom, people, social value."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from playbook_helpers.core.assessment import Assessment
from playbook_helpers.core.text import listed
from playbook_helpers.drawing.chart import Chart, numeric, text_of
from playbook_helpers.drawing.kinds import ChartKind
from playbook_helpers.drawing.rows import Rows, in_parts
from playbook_helpers.drawing.scales import Scale
from playbook_helpers.drawing.style import (
    GREY,
    INK,
    LINE,
    PALE_TEAL,
    PAPER,
    SMALL,
    TEAL,
    TRACK,
    WIDTH,
)
from playbook_helpers.drawing.surface import Surface
from playbook_helpers.drawing.tables import Column, Table, number
from playbook_helpers.drawing.words import wrapped
from playbook_helpers.practices.sustainability.charts.months import runway_chart
from playbook_helpers.practices.sustainability.charts.tornado import tornado_chart
from playbook_helpers.practices.sustainability.reference import HHI_PERCENTILES, less_concentrated
from playbook_helpers.practices.sustainability.rows import SourceRow, TaskRow, rows_of

LEFT, RIGHT = 0.05, WIDTH - 0.05
BAR = 0.24
MOST, MOST_TASKS, MOST_FIGURES = 12, 12, 5
_BEFORE = (
    "600 US human-service non-profits, tax year 2021 (IRS Form 990, worked out by the playbook)"
)


def runway(assessment: Assessment) -> list[Chart]:
    """Free money month by month in three cases, with the month in which each runs out."""
    return runway_chart(rows_of(assessment).get("runway", ()))


def tornado(assessment: Assessment) -> list[Chart]:
    """What moves the social return most, and the value of each assumption that makes it 1."""
    overall = next(iter(rows_of(assessment).get("social_value", ())), None)
    return tornado_chart(rows_of(assessment).get("tornado", ()), overall)


# Sources --------------------------------------------------------------------------------------


def sources(assessment: Assessment) -> list[Chart]:
    """Each source's share, and the concentration beside that of real non-profits; no red line."""
    rows = list(rows_of(assessment).get("sources", ()))
    if not rows:
        return []
    shown = rows[:MOST]
    if len(rows) > MOST:
        rest = rows[MOST - 1 :]
        shown = [*rows[: MOST - 1], _together(rest)]
    value = sum(row["share"] ** 2 for row in rows)
    top = rows[0]
    whole = f"of what is {text_of(top['basis'])}"
    title = f"{text_of(top['source'])} brings {_percent(top)} {whole}"
    if len(rows) == 1:
        title = f"All {whole} comes from one source: {text_of(top['source'])}"
    surface = _sources_surface(shown, value)
    return [
        Chart(surface, title, _sources_reading(shown, value), _sources_table(rows), f"{_BEFORE}.")
    ]


def _together(rows: Sequence[SourceRow]) -> SourceRow:
    return {
        "source": f"{len(rows)} smaller sources together",
        "amount": sum(row["amount"] for row in rows),
        "signed": sum(row["signed"] for row in rows),
        "share": sum(row["share"] for row in rows),
        "ends": None,
        "basis": rows[0]["basis"],
        "currency": text_of(rows[0]["currency"]) or None,
    }


def _percent(row: SourceRow) -> str:
    return f"{number(100 * row['share'], 0)} %"


def _reading_aid(value: float) -> str:
    return (
        f"Concentration {number(value)} (1 is one source): {less_concentrated(value)} of "
        "600 US non-profits are less concentrated, counted by kinds of income. No value is right."
    )


def _sources_reading(rows: Sequence[SourceRow], value: float) -> str:
    parts = []
    for row in rows:
        amount = f"{number(row['amount'], 0)} {text_of(row['currency'])}".strip()
        parts.append(f"{text_of(row['source'])}: {_percent(row)}, {amount}, {_signed(row)}.")
    return " ".join([*parts, _reading_aid(value)])


def _signed(row: SourceRow) -> str:
    amount, signed = row["amount"], row["signed"]
    if signed >= amount * 0.9999:
        return "signed"
    return "not signed" if signed <= 0 else "signed in part"


def _sources_table(rows: Sequence[SourceRow]) -> Table:
    unit = text_of(rows[0]["currency"])
    basis = text_of(rows[0]["basis"])
    columns = (
        Column("source", "Source"),
        Column("amount", "Brings", unit),
        Column("signed", "Of it signed", unit),
        Column("share", "Share", format="share"),
        Column("ends", "Until", format="when"),
    )
    cells = tuple(
        {
            **row,
            "amount": round(row["amount"]),
            "signed": round(row["signed"]),
        }
        for row in rows
    )
    return Table(f"Sources, {basis}", columns, cells)


def _sources_surface(rows: Sequence[SourceRow], value: float) -> Surface:
    layout = Rows([text_of(row["source"]) for row in rows], 0.62, left=LEFT,
                  room=RIGHT - LEFT - 1.75, head=0.05, foot=2.07)  # fmt: skip
    surface = layout.surface
    scale = Scale(0, max(row["share"] for row in rows), LEFT, RIGHT)
    for row, place in zip(rows, layout.places(), strict=True):
        words = f"{_percent(row)}, {_signed(row)}"
        surface.write(RIGHT, place.first, words, size=SMALL, side="right")
        whole = scale(row["share"]) - LEFT
        firm = whole * min(1.0, row["signed"] / row["amount"])
        top = place.base + 0.08
        if whole - firm > 0.004:
            _expected(surface, LEFT, top, whole, BAR)
        if firm > 0.004:
            surface.rectangle(LEFT, top, firm, BAR, fill=TEAL, stroke=TEAL)
    key = layout.bottom + 0.12
    surface.rectangle(LEFT, key, 0.26, 0.18, fill=TEAL)
    surface.write(LEFT + 0.33, key + 0.15, "signed", size=SMALL, color=GREY)
    _expected(surface, LEFT + 1.15, key, 0.26, 0.18)
    surface.write(LEFT + 1.48, key + 0.15, "expected, not signed", size=SMALL, color=GREY)
    _concentration(surface, layout.bottom + 0.45, value)
    return surface


def _expected(surface: Surface, x: float, top: float, wide: float, tall: float) -> None:
    surface.rectangle(x, top, wide, tall, fill=PAPER, stroke=TEAL, width=1.5, dash=(3, 2))


def _concentration(surface: Surface, top: float, value: float) -> None:
    """Where the concentration lies among real non-profits: a band for the middle half, no limit."""
    x = Scale(0, 1, LEFT + 0.25, RIGHT - 0.25)
    low, middle, high = (HHI_PERCENTILES[p] for p in (25, 50, 75))
    surface.line([(LEFT, top + 0.02), (RIGHT, top + 0.02)], LINE)
    words = "Concentration (HHI), yours and that of 600 US non-profits"
    surface.write(LEFT, top + 0.25, words, size=SMALL, bold=True)
    y = top + 0.72
    surface.rectangle(x(0), y - 0.06, x(1) - x(0), 0.12, fill=TRACK)
    surface.rectangle(x(low), y - 0.06, x(high) - x(low), 0.12, fill=PALE_TEAL)
    surface.line([(x(middle), y - 0.1), (x(middle), y + 0.1)], INK, width=1.5)
    surface.mark(x(value), y, "diamond", size=9, fill=PAPER, stroke=INK, width=1.8)
    place = min(max(x(value), LEFT + 0.5), RIGHT - 0.5)
    words = f"you: {number(value)}"
    surface.write(place, y - 0.2, words, size=SMALL, side="center", bold=True)
    surface.write(x(0), y + 0.3, "0, many", size=SMALL, color=GREY)
    surface.write(x(1), y + 0.3, "1, one", size=SMALL, color=GREY, side="right")
    words = "middle half and median"
    surface.write(x(middle) - 0.1, y + 0.3, words, size=SMALL, color=GREY, side="right")
    words = "Counted by kinds of income, not by sources. No value is right."
    surface.write(LEFT, y + 0.62, words, size=SMALL, color=GREY)


# People ---------------------------------------------------------------------------------------


def people(assessment: Assessment) -> list[Chart]:
    """How many people can do each task; those that hang on one stand first."""
    rows = sorted(rows_of(assessment).get("capacity", ()), key=_order)
    return [
        Chart(
            _people_surface(part.rows),
            _people_title(rows) + part.title,
            " ".join(f"{text_of(r['task'])}: {_able(r)}, {_written(r)}." for r in part.rows),
            _people_table(part.rows, f"Who can do what{part.caption}"),
            part.note,
        )
        for part in in_parts(rows, MOST_TASKS, MOST_FIGURES, "tasks")
    ]


def _order(row: TaskRow) -> tuple[int, float]:
    able = numeric(row["able"])
    first = 0 if able == 0 else 1 if row["alone"] else 2 if row["alone"] is None else 3
    return first, able if able is not None else 0.0


def _people_title(rows: Sequence[TaskRow]) -> str:
    alone = [text_of(row["task"]) for row in rows if row["alone"]]
    nobody = [text_of(row["task"]) for row in rows if numeric(row["able"]) == 0]
    parts = []
    if nobody:
        parts.append(f"Nobody can do this today: {listed(nobody, 2)}")
    if alone:
        hang = "hangs" if len(alone) == 1 else "hang"
        parts.append(f"{len(alone)} of {len(rows)} tasks {hang} on one person: {listed(alone, 2)}")
    return "; ".join(parts) or "No task is known to hang on one person"


def _able(row: TaskRow) -> str:
    able = numeric(row["able"])
    if able is None:
        if row["alone"]:
            return "one role, nobody to step in"
        return "somebody can step in" if row["alone"] is False else "not known who"
    return "nobody" if able == 0 else "1 person" if able == 1 else f"{int(able)} people"


def _written(row: TaskRow) -> str:
    written = row["written"]
    if written is None:
        return "not known if written down"
    return "written down" if written else "not written down"


def _people_table(rows: Sequence[TaskRow], caption: str) -> Table:
    columns = (
        Column("task", "Task"),
        Column("able_words", "Who can do it", format="text"),
        Column("role", "Role", format="text"),
        Column("deputy", "Steps in", format="text"),
        Column("written_words", "How to do it", format="text"),
        Column("step", "Next step", format="text"),
    )
    cells = tuple({**r, "able_words": _able(r), "written_words": _written(r)} for r in rows)
    return Table(caption, columns, cells)


def _people_surface(rows: Sequence[TaskRow]) -> Surface:
    layout = Rows([text_of(row["task"]) for row in rows], 0.68, left=LEFT,
                  room=RIGHT - LEFT - 1.7, head=0.05, foot=0.05, first=0.24,
                  rules="between")  # fmt: skip
    for row, place in zip(rows, layout.places(), strict=True):
        words = wrapped(f"{_able(row)}, {_written(row)}", RIGHT - LEFT, 1, SMALL)[0]
        layout.surface.write(LEFT, place.base + 0.24, words, size=SMALL, color=GREY)
        _heads(layout.surface, row, place.top + 0.19)
    return layout.surface


def _heads(surface: Surface, row: TaskRow, y: float) -> None:
    """A full circle for each person, an open one for nobody, up to six."""
    able = numeric(row["able"])
    if able is None:
        sign = "?" if row["alone"] is None else "1" if row["alone"] else "2 or more"
        surface.write(RIGHT, y + 0.05, sign, size=SMALL, side="right", color=GREY)
        return
    if able == 0:
        surface.mark(RIGHT - 0.1, y, size=11, fill=PAPER, stroke=INK, width=1.6)
    for place in range(int(min(able, 6))):
        surface.mark(RIGHT - 0.1 - 0.24 * place, y, size=11, fill=TEAL)
    if able > 6:
        surface.write(RIGHT - 1.5, y + 0.05, f"{int(able)}:", size=SMALL, side="right")


CHARTS: Mapping[str, ChartKind] = {
    "runway": ChartKind(runway, "one cost a month, and one source of money or a reserve"),
    "sources": ChartKind(sources, "one source of money with its amount"),
    "people": ChartKind(people, "one task and how many can do it"),
    "tornado": ChartKind(
        tornado,
        "one change with a worth that has a low and a high value, and what went in",
    ),
}
