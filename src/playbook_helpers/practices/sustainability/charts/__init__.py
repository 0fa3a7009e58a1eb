"""Charts of the sustainability worksheet: how long money lasts, from whom, people, social value."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING

from playbook_helpers.core.assessment import Assessment, Row
from playbook_helpers.drawing.chart import (
    GREY,
    INK,
    LINE,
    PALE_TEAL,
    PAPER,
    SMALL,
    TEAL,
    TRACK,
    WIDTH,
    Chart,
    canvas,
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
from playbook_helpers.drawing.tables import Column, Table, number
from playbook_helpers.practices.sustainability.charts.months import runway_chart
from playbook_helpers.practices.sustainability.charts.tornado import tornado_chart
from playbook_helpers.practices.sustainability.reference import HHI_PERCENTILES, less_concentrated

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

LEFT, RIGHT = 0.05, WIDTH - 0.05
BAR, STEP = 0.24, 0.22
MOST, MOST_TASKS, MOST_FIGURES = 12, 12, 5
_BEFORE = (
    "600 US human-service non-profits, tax year 2021 (IRS Form 990, worked out by the playbook)"
)


def runway(assessment: Assessment) -> list[Chart]:
    """Free money month by month in three cases, with the month in which each runs out."""
    return runway_chart(assessment.rows.get("runway", ()))


def tornado(assessment: Assessment) -> list[Chart]:
    """What moves the social return most, and the value of each assumption that makes it 1."""
    overall = next(iter(assessment.rows.get("social_value", ())), None)
    return tornado_chart(assessment.rows.get("tornado", ()), overall)


# Sources --------------------------------------------------------------------------------------


def sources(assessment: Assessment) -> list[Chart]:
    """Each source's share, and the concentration beside that of real non-profits; no red line."""
    rows = list(assessment.rows.get("sources", ()))
    if not rows:
        return []
    shown = rows[:MOST]
    if len(rows) > MOST:
        rest = rows[MOST - 1 :]
        shown = [*rows[: MOST - 1], _together(rest)]
    value = sum((numeric(row, "share") or 0.0) ** 2 for row in rows)
    top = rows[0]
    whole = f"of what is {text_of(top, 'basis')}"
    title = f"{text_of(top, 'source')} brings {_percent(top)} {whole}"
    if len(rows) == 1:
        title = f"All {whole} comes from one source: {text_of(top, 'source')}"
    with drawing():
        figure = _sources_figure(shown, value)
    return [
        Chart(figure, title, _sources_reading(shown, value), _sources_table(rows), f"{_BEFORE}.")
    ]


def _together(rows: Sequence[Row]) -> Row:
    return {
        "source": f"{len(rows)} smaller sources together",
        "amount": sum(numeric(row, "amount") or 0.0 for row in rows),
        "signed": sum(numeric(row, "signed") or 0.0 for row in rows),
        "share": sum(numeric(row, "share") or 0.0 for row in rows),
        "currency": text_of(rows[0], "currency") or None,
    }


def _percent(row: Row) -> str:
    return f"{number(100 * (numeric(row, 'share') or 0.0), 0)} %"


def _reading_aid(value: float) -> str:
    return (
        f"Concentration {number(value)} (1 is one source): {less_concentrated(value)} of "
        "600 US non-profits are less concentrated, counted by kinds of income. No value is right."
    )


def _sources_reading(rows: Sequence[Row], value: float) -> str:
    parts = []
    for row in rows:
        amount = f"{number(numeric(row, 'amount') or 0.0, 0)} {text_of(row, 'currency')}".strip()
        parts.append(f"{text_of(row, 'source')}: {_percent(row)}, {amount}, {_signed(row)}.")
    return " ".join([*parts, _reading_aid(value)])


def _signed(row: Row) -> str:
    amount, signed = numeric(row, "amount") or 0.0, numeric(row, "signed") or 0.0
    if signed >= amount * 0.9999:
        return "signed"
    return "not signed" if signed <= 0 else "signed in part"


def _sources_table(rows: Sequence[Row]) -> Table:
    unit = text_of(rows[0], "currency")
    basis = text_of(rows[0], "basis")
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
            "amount": round(numeric(row, "amount") or 0.0),
            "signed": round(numeric(row, "signed") or 0.0),
        }
        for row in rows
    )
    return Table(f"Sources, {basis}", columns, cells)


def _sources_figure(rows: Sequence[Row], value: float) -> Figure:
    from matplotlib.patches import Rectangle

    names = [wrapped(text_of(row, "source"), RIGHT - LEFT - 1.75, 2) for row in rows]
    heights = [0.62 + STEP * (len(lines) - 1) for lines in names]
    scale = 1.62
    figure, axes = canvas(0.05 + sum(heights) + 0.45 + scale)
    most = max(numeric(row, "share") or 0.0 for row in rows)
    y = 0.05
    for row, lines, height in zip(rows, names, heights, strict=True):
        base = write_lines(axes, LEFT, y + 0.2, lines, weight="bold")
        write(axes, RIGHT, y + 0.2, f"{_percent(row)}, {_signed(row)}", size=SMALL, ha="right")
        share = numeric(row, "share") or 0.0
        whole = (RIGHT - LEFT) * share / most
        amount = numeric(row, "amount") or 1.0
        firm = whole * min(1.0, (numeric(row, "signed") or 0.0) / amount)
        top = base + 0.08
        if whole - firm > 0.004:
            axes.add_patch(
                Rectangle(
                    (LEFT, top), whole, BAR, facecolor=PAPER, edgecolor=TEAL, lw=1.5, ls=(0, (3, 2))
                )
            )
        if firm > 0.004:
            axes.add_patch(Rectangle((LEFT, top), firm, BAR, facecolor=TEAL, edgecolor=TEAL, lw=1))
        y += height
    axes.add_patch(Rectangle((LEFT, y + 0.12), 0.26, 0.18, facecolor=TEAL))
    write(axes, LEFT + 0.33, y + 0.27, "signed", size=SMALL, color=GREY)
    axes.add_patch(
        Rectangle(
            (LEFT + 1.15, y + 0.12),
            0.26,
            0.18,
            facecolor=PAPER,
            edgecolor=TEAL,
            lw=1.5,
            ls=(0, (3, 2)),
        )
    )
    write(axes, LEFT + 1.48, y + 0.27, "expected, not signed", size=SMALL, color=GREY)
    _scale(axes, y + 0.45, value)
    return figure


def _scale(axes: Axes, top: float, value: float) -> None:
    """Where the concentration lies among real non-profits: a band for the middle half, no limit."""
    from matplotlib.patches import Rectangle

    start, end = LEFT + 0.25, RIGHT - 0.25

    def x(at: float) -> float:
        return start + (end - start) * at

    low, middle, high = (HHI_PERCENTILES[p] for p in (25, 50, 75))
    write(axes, LEFT, top + 0.25, "Concentration (HHI), yours and that of 600 US non-profits",
          size=SMALL, weight="bold")  # fmt: skip
    y = top + 0.72
    axes.add_patch(Rectangle((x(0), y - 0.06), x(1) - x(0), 0.12, facecolor=TRACK))
    axes.add_patch(Rectangle((x(low), y - 0.06), x(high) - x(low), 0.12, facecolor=PALE_TEAL))
    axes.plot([x(middle)] * 2, [y - 0.1, y + 0.1], color=INK, lw=1.5)
    axes.plot([x(value)], [y], marker="D", ms=9, mfc=PAPER, mec=INK, mew=1.8, zorder=5)
    place = min(max(x(value), LEFT + 0.5), RIGHT - 0.5)
    write(axes, place, y - 0.2, f"you: {number(value)}", size=SMALL, ha="center", weight="bold")
    write(axes, x(0), y + 0.3, "0, many", size=SMALL, color=GREY, ha="left")
    write(axes, x(1), y + 0.3, "1, one", size=SMALL, color=GREY, ha="right")
    write(axes, x(middle) - 0.1, y + 0.3, "middle half and median", size=SMALL, color=GREY,
          ha="right")  # fmt: skip
    write(axes, LEFT, y + 0.62, "Counted by kinds of income, not by sources. No value is right.",
          size=SMALL, color=GREY)  # fmt: skip
    axes.plot([LEFT, RIGHT], [top + 0.02] * 2, color=LINE, lw=1)


# People ---------------------------------------------------------------------------------------


def people(assessment: Assessment) -> list[Chart]:
    """How many people can do each task; those that hang on one stand first."""
    rows = sorted(assessment.rows.get("capacity", ()), key=_order)
    shown = rows[: MOST_TASKS * MOST_FIGURES]
    parts = shares_of(len(shown), MOST_TASKS) if shown else []
    charts = []
    for part in parts:
        some = shown[part]
        title, caption = _people_title(rows), "Who can do what"
        if len(parts) > 1:
            title += f" (tasks {part.start + 1} to {part.stop} of {len(rows)})"
            caption += f", {part.start + 1} to {part.stop}"
        left_out = len(rows) - len(shown) if part.stop == len(shown) else 0
        note = f"{left_out} more tasks are not drawn." if left_out else ""
        with drawing():
            figure = _people_figure(some)
        reading = " ".join(f"{text_of(r, 'task')}: {_able(r)}, {_written(r)}." for r in some)
        charts.append(Chart(figure, title, reading, _people_table(some, caption), note))
    return charts


def _order(row: Row) -> tuple[int, float]:
    able = numeric(row, "able")
    first = 0 if able == 0 else 1 if row.get("alone") else 2 if row.get("alone") is None else 3
    return first, able if able is not None else 0.0


def _people_title(rows: Sequence[Row]) -> str:
    alone = [text_of(row, "task") for row in rows if row.get("alone")]
    nobody = [text_of(row, "task") for row in rows if numeric(row, "able") == 0]
    parts = []
    if nobody:
        parts.append(f"Nobody can do this today: {listed(nobody, 2)}")
    if alone:
        hang = "hangs" if len(alone) == 1 else "hang"
        parts.append(f"{len(alone)} of {len(rows)} tasks {hang} on one person: {listed(alone, 2)}")
    return "; ".join(parts) or "No task is known to hang on one person"


def _able(row: Row) -> str:
    able = numeric(row, "able")
    if able is None:
        if row.get("alone"):
            return "one role, nobody to step in"
        return "somebody can step in" if row.get("alone") is False else "not known who"
    return "nobody" if able == 0 else "1 person" if able == 1 else f"{int(able)} people"


def _written(row: Row) -> str:
    written = row.get("written")
    if written is None:
        return "not known if written down"
    return "written down" if written else "not written down"


def _people_table(rows: Sequence[Row], caption: str) -> Table:
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


def _people_figure(rows: Sequence[Row]) -> Figure:
    names = [wrapped(text_of(row, "task"), RIGHT - LEFT - 1.7, 2) for row in rows]
    heights = [0.68 + STEP * (len(lines) - 1) for lines in names]
    figure, axes = canvas(0.05 + sum(heights) + 0.05)
    y = 0.05
    for place, (row, lines, height) in enumerate(zip(rows, names, heights, strict=True)):
        if place:
            axes.plot([LEFT, RIGHT], [y, y], color=TRACK, lw=1)
        base = write_lines(axes, LEFT, y + 0.24, lines, weight="bold")
        words = f"{_able(row)}, {_written(row)}"
        write(axes, LEFT, base + 0.24, wrapped(words, RIGHT - LEFT, 1, SMALL)[0], size=SMALL,
              color=GREY)  # fmt: skip
        _heads(axes, row, y + 0.19)
        y += height
    return figure


def _heads(axes: Axes, row: Row, y: float) -> None:
    """A full circle for each person, an open one for nobody, up to six."""
    able = numeric(row, "able")
    if able is None:
        sign = "?" if row.get("alone") is None else "1" if row.get("alone") else "2 or more"
        write(axes, RIGHT, y + 0.05, sign, size=SMALL, ha="right", color=GREY)
        return
    if able == 0:
        axes.plot([RIGHT - 0.1], [y], marker="o", ms=11, mfc=PAPER, mec=INK, mew=1.6)
        return
    count = int(min(able, 6))
    for place in range(count):
        axes.plot([RIGHT - 0.1 - 0.24 * place], [y], marker="o", ms=11, mfc=TEAL, mec=TEAL)
    if able > 6:
        write(axes, RIGHT - 0.3 - 0.24 * 5, y + 0.05, f"{int(able)}:", size=SMALL, ha="right")


CHARTS: Mapping[str, ChartKind] = {
    "runway": ChartKind(runway, "one cost a month, and one source of money or a reserve"),
    "sources": ChartKind(sources, "one source of money with its amount"),
    "people": ChartKind(people, "one task and how many can do it"),
    "tornado": ChartKind(
        tornado,
        "one change with a worth that has a low and a high value, and what went in",
    ),
}
