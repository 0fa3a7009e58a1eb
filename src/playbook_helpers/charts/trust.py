"""Charts of the trust worksheet: answers item by item, scores with their range, the agreement."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

from playbook_helpers.assessment import Assessment, Row
from playbook_helpers.charts.base import (
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
    Chart,
    Draw,
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
from playbook_helpers.charts.ranges import Dot, ranges_figure
from playbook_helpers.tables import Column, Table, number
from playbook_helpers.whens import spoken

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

LEFT, RIGHT = 0.03, WIDTH - 0.03
BAR, STEP = 0.24, 0.22
MOST = 8
MIDDLE = 3.0
SOURCE = "Answers on a scale from 1 to 5. Items that are worded the other way are turned round."
RANGE = "Each line is the range for the mean at 95 % confidence."
_ENDS = ("1 not at all", "5 fully")
_PARTS: tuple[tuple[str, str, dict[str, Any]], ...] = (
    ("doubt", "1 or 2", {"facecolor": PAPER, "edgecolor": VERMILLION, "hatch": "////"}),
    ("partly", "3", {"facecolor": TRACK, "edgecolor": LINE}),
    ("agree", "4 or 5", {"facecolor": TEAL, "edgecolor": TEAL}),
)


# Answers item by item -------------------------------------------------------------------------


def items(assessment: Assessment) -> list[Chart]:
    """What the whole group answered to each item, the lowest mean first, around the middle."""
    rows = assessment.rows.get("items", ())
    shown = [row for row in rows if numeric(row, "agree") is not None]
    if not shown:
        return []
    left_out = [row for row in rows if numeric(row, "agree") is None]
    charts = []
    parts = shares_of(len(shown), MOST)
    for part in parts:
        some = shown[part]
        title, caption = _items_title(shown), "What the group answered"
        if len(parts) > 1:
            title += f" (items {part.start + 1} to {part.stop} of {len(shown)})"
            caption += f", items {part.start + 1} to {part.stop}"
        note = SOURCE
        if left_out and part.stop == len(shown):
            note += f" Not drawn, because too few answered: {len(left_out)} of {len(rows)} items."
        with drawing():
            figure = _items_figure(some, shown)
        charts.append(Chart(figure, title, _items_alt(some), _items_table(some, caption), note))
    return charts


def item_words(row: Row) -> str:
    """An item as it is shown beside its score: one that was turned round says so."""
    return text_of(row, "words") + (" (turned round)" if row.get("reverse") else "")


def _items_title(rows: Sequence[Row]) -> str:
    low = [row for row in rows if (numeric(row, "value") or 5.0) < MIDDLE]
    if not low:
        return f"No item lies below the middle; the lowest is “{item_words(rows[0])}”"
    names = listed([f"“{item_words(row)}”" for row in low], most=2)
    return f"{len(low)} of {len(rows)} items {'lie' if len(low) > 1 else 'lies'} below 3: {names}"


def _percent(row: Row, name: str) -> str:
    return f"{100 * (numeric(row, name) or 0.0):.0f} %"


def _items_alt(rows: Sequence[Row]) -> str:
    return " ".join(
        f"{item_words(row)} Mean {_value(row)}: "
        f"{_percent(row, 'doubt')} answered 1 or 2, {_percent(row, 'partly')} 3, "
        f"{_percent(row, 'agree')} 4 or 5."
        for row in rows
    )


def _items_table(rows: Sequence[Row], caption: str) -> Table:
    columns = (
        Column("what", "Item"),
        Column("value", "Mean", align="right"),
        Column("low", "From", align="right"),
        Column("high", "To", align="right"),
        Column("doubt", "1 or 2", format="share"),
        Column("partly", "3", format="share"),
        Column("agree", "4 or 5", format="share"),
        Column("n", "Answers", align="right"),
        Column("missing", "Do not know or no answer", align="right"),
        Column("agreement", "Agreement, 0 to 1", align="right"),
    )
    return Table(caption, columns, tuple({**row, "what": item_words(row)} for row in rows))


def _items_figure(rows: Sequence[Row], every: Sequence[Row]) -> Figure:
    lines = [wrapped(item_words(row), RIGHT - LEFT - 0.6, 2) for row in rows]
    heights = [0.66 + STEP * (len(words) - 1) for words in lines]
    head = 0.42
    figure, axes = canvas(head + sum(heights) + 0.42)
    x = LEFT
    for _, words, look in _PARTS:
        _box(axes, x, x + 0.26, 0.1, look, 0.18)
        write(axes, x + 0.33, 0.25, words, size=SMALL, color=GREY)
        x += 1.05
    write(axes, RIGHT, 0.25, "mean", size=SMALL, color=GREY, ha="right")
    # The middle of the neutral answers is the middle of all bars, on one scale in all figures.
    left = max(_half(row, "doubt") for row in every)
    right = max(_half(row, "agree") for row in every)
    scale = (RIGHT - LEFT) / (left + right)
    zero = LEFT + left * scale
    y = head
    for row, asked, height in zip(rows, lines, heights, strict=True):
        base = write_lines(axes, LEFT, y + 0.2, asked)
        mean = _value(row)
        write(axes, RIGHT, y + 0.2, mean, weight="bold", ha="right")
        edge = zero - _half(row, "doubt") * scale
        for name, _, look in _PARTS:
            end = edge + (numeric(row, name) or 0.0) * scale
            if end - edge > 0.004:
                _box(axes, edge, end, base + 0.09, look, BAR)
            edge = end
        ends = [base + 0.05, base + 0.13 + BAR]
        axes.plot([zero, zero], ends, color=INK, lw=1.5, zorder=5)
        y += height
    write(axes, LEFT, y + 0.28, "more doubt", size=SMALL, color=GREY)
    write(axes, RIGHT, y + 0.28, "more agreement", size=SMALL, color=GREY, ha="right")
    return figure


def _half(row: Row, name: str) -> float:
    return (numeric(row, name) or 0.0) + (numeric(row, "partly") or 0.0) / 2


def _box(
    axes: Axes, start: float, end: float, top: float, look: dict[str, Any], tall: float
) -> None:
    from matplotlib.patches import Rectangle

    bar = Rectangle((start, top), end - start, tall, lw=1.2, zorder=3)
    bar.set(**look)
    if "hatch" in look:
        bar.set_hatchcolor(look["edgecolor"])
    axes.add_patch(bar)


# Scores with their range ----------------------------------------------------------------------


def scales(assessment: Assessment) -> list[Chart]:
    """The general score and its parts for the whole group, each with its range."""
    rows = assessment.rows.get("scales", ())
    held = [row for row in rows if numeric(row, "value") is not None]
    if not held:
        return []
    general = next((row for row in held if row.get("scale") == "general"), None)
    parts = [row for row in held if row is not general]
    lead = f"Trust stands at {_value(general)} of 5" if general else "The parts of trust"
    if len(parts) > 1:
        ordered = sorted(parts, key=lambda row: numeric(row, "value") or 0.0)
        high, low = text_of(ordered[-1], "label").lower(), text_of(ordered[0], "label").lower()
        lead += f"; {high} is highest, {low} lowest"
    return [_dots(rows, "label", lead, "Scores of the whole group", "Score")]


def sectors(assessment: Assessment) -> list[Chart]:
    """The general score by kind of organisation; hidden ones stand there as hidden."""
    rows = assessment.rows.get("sectors", ())
    held = [row for row in rows if numeric(row, "value") is not None]
    if not held:
        return []
    hidden = len(rows) - len(held)
    ordered = sorted(held, key=lambda row: numeric(row, "value") or 0.0)
    if len(held) == 1:
        title = f"{text_of(held[0], 'label')}: {_value(held[0])} of 5"
    elif _apart(ordered[0], ordered[-1]):
        title = (
            f"{text_of(ordered[0], 'label')} at {_value(ordered[0])}, "
            f"{text_of(ordered[-1], 'label')} at {_value(ordered[-1])}: their ranges do not meet"
        )
    else:
        title = f"Scores of {len(held)} kinds of organisation: their ranges overlap"
    if hidden:
        title += f"; {hidden} of {len(rows)} kinds are hidden"
    return [_dots(rows, "label", title, "Trust by kind of organisation", "Kind of organisation")]


def rounds(assessment: Assessment) -> list[Chart]:
    """The general score of each round; whether the last change is more than noise."""
    rows = assessment.rows.get("rounds", ())
    held = [row for row in rows if numeric(row, "value") is not None]
    if len(held) < 2:
        return []
    step = next((m for m in assessment.measures if m.name == "change"), None)
    title = f"Trust over {len(held)} rounds"
    if step is not None and step.value is not None:
        if step.note:
            title = f"Trust moved by {step.value:+.1f}, which is within what chance can do"
        else:
            way = "rose" if step.value > 0 else "fell"
            title = f"Trust {way} by {abs(step.value):.1f}, more than chance would explain"
    named = tuple({**row, "label": _round_words(row)} for row in rows)
    return [_dots(named, "label", title, "Trust round by round", "Round")]


def _round_words(row: Row) -> str:
    return spoken(text_of(row, "round"))


def _value(row: Row) -> str:
    return f"{numeric(row, 'value') or 0.0:.1f}"


def _apart(low: Row, high: Row) -> bool:
    top, bottom = numeric(low, "high"), numeric(high, "low")
    return top is not None and bottom is not None and top < bottom


def _dots(rows: Sequence[Row], label: str, title: str, caption: str, first: str) -> Chart:
    dots = [
        Dot(
            text_of(row, label),
            numeric(row, "value"),
            numeric(row, "low"),
            numeric(row, "high"),
            "" if row.get("value") is None else f"{_value(row)} ({row.get('n')} answers)",
            f"hidden: {text_of(row, 'hidden')}" if row.get("hidden") else "",
        )
        for row in rows
    ]
    with drawing():
        figure = ranges_figure(dots, words=_ENDS)
    alt = " ".join(_dot_alt(dot) for dot in dots)
    cells = tuple(
        {
            **{k: "–" if row.get(k) is None else row[k] for k in ("value", "low", "high", "n")},
            "label": row.get(label),
            "hidden": row.get("hidden") or "–",
        }
        for row in rows
    )
    columns = (
        Column("label", first),
        Column("value", "Mean", align="right"),
        Column("low", "From", align="right"),
        Column("high", "To", align="right"),
        Column("n", "Answers", align="right"),
        Column("hidden", "Hidden because", format="text"),
    )
    return Chart(figure, title, alt, Table(caption, columns, cells), RANGE)


def _dot_alt(dot: Dot) -> str:
    if dot.value is None:
        return f"{dot.label}: {dot.hidden or 'no answers'}."
    span = ""
    if dot.low is not None and dot.high is not None:
        span = f", range {number(dot.low, 1)} to {number(dot.high, 1)}"
    return f"{dot.label}: {dot.words}{span}."


# The agreement --------------------------------------------------------------------------------


def agreement(assessment: Assessment) -> list[Chart]:
    """The agreement's points, the open ones first."""
    rows = assessment.rows.get("agreement", ())
    if not any(row.get("state") for row in rows):
        return []
    order = ("not_yet", "partly", "", "in_place", "not_relevant")
    ordered = sorted(rows, key=lambda row: order.index(text_of(row, "state")))
    relevant = [row for row in rows if row.get("state") != "not_relevant"]
    done = sum(row.get("state") == "in_place" for row in relevant)
    title = f"{done} of {len(relevant)} points of the agreement are in place"
    with drawing():
        figure = _agreement_figure(ordered)
    alt = " ".join(f"{text_of(r, 'words')}: {text_of(r, 'state_words').lower()}." for r in ordered)
    columns = (
        Column("words", "Point"),
        Column("state_words", "State"),
        Column("where", "Written down in", format="text"),
    )
    cells = tuple({**row, "where": row.get("where") or "–"} for row in ordered)
    return [Chart(figure, title, alt, Table("The agreement checklist", columns, cells))]


def _agreement_figure(rows: Sequence[Row]) -> Figure:
    lines = [wrapped(text_of(row, "words"), RIGHT - LEFT - 0.45, 2) for row in rows]
    heights = [0.56 + STEP * (len(words) - 1) for words in lines]
    figure, axes = canvas(sum(heights) + 0.12)
    y = 0.04
    for row, words, height in zip(rows, lines, heights, strict=True):
        _mark(axes, text_of(row, "state"), y + 0.06)
        base = write_lines(axes, LEFT + 0.42, y + 0.2, words)
        said = text_of(row, "state_words")
        write(axes, LEFT + 0.42, base + 0.21, said, size=SMALL, color=GREY)
        y += height
    return figure


def _mark(axes: Axes, state: str, top: float) -> None:
    """A square: full, half full, empty, or crossed out where it is not relevant."""
    side, left = 0.26, LEFT + 0.02
    dashed = {"linestyle": (0, (2, 2))} if state in ("", "not_relevant") else {}
    _box(axes, left, left + side, top, {"facecolor": PAPER, "edgecolor": INK, **dashed}, side)
    if state == "in_place":
        _box(axes, left, left + side, top, {"facecolor": TEAL, "edgecolor": INK}, side)
    elif state == "partly":
        half = {"facecolor": PALE_TEAL, "edgecolor": INK}
        _box(axes, left, left + side / 2, top, half, side)
    elif state == "not_relevant":
        axes.plot([left, left + side], [top + side, top], color=GREY, lw=1.2, zorder=4)


CHARTS: Mapping[str, Draw] = {
    "items": items,
    "scales": scales,
    "sectors": sectors,
    "rounds": rounds,
    "agreement": agreement,
}
