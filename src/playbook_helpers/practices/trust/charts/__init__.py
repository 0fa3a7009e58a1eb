"""Charts of the trust worksheet: answers item by item, scores with their range, the agreement."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from playbook_helpers.core.assessment import Assessment
from playbook_helpers.core.partial_dates import spoken
from playbook_helpers.core.text import listed
from playbook_helpers.drawing.chart import Chart, number_of, numeric, text_of
from playbook_helpers.drawing.kinds import ChartKind
from playbook_helpers.drawing.ranges import Dot, ranges
from playbook_helpers.drawing.rows import Rows, in_parts
from playbook_helpers.drawing.style import GREY, INK, PALE_TEAL, PAPER, SMALL, TEAL, WIDTH
from playbook_helpers.drawing.surface import Surface
from playbook_helpers.drawing.tables import Column, Table, number
from playbook_helpers.practices.trust.rows import AgreementRow, ItemRow, RoundRow, ToldRow, rows_of

LEFT, RIGHT = 0.03, WIDTH - 0.03
MOST = 8
MIDDLE = 3.0
SOURCE = (
    "Means of answers on a scale from 1 to 5. Items that are worded the other way are turned round."
)
RANGE = "The line is the range for a whole score at 95% confidence, from ten answers on."
BAND = "A striped bar is where the score lies: a number would tell single answers."
_ENDS = ("1 not at all", "5 fully")


# Answers item by item -------------------------------------------------------------------------


def items(assessment: Assessment) -> list[Chart]:
    """What the whole group answered to each item, the lowest mean first."""
    rows = rows_of(assessment).get("items", ())
    shown = [row for row in rows if _is_told(row)]
    if not shown:
        return []
    charts = []
    for part in in_parts(shown, MOST, len(shown), "items"):
        title = _items_title(shown) + part.title
        note = SOURCE
        if len(shown) < len(rows) and part.last:
            note += f" Not drawn: {len(rows) - len(shown)} of {len(rows)} items, which are hidden."
        named = [(item_words(row), row) for row in part.rows]
        caption = f"What the group answered{part.caption}"
        charts.append(_dots(named, title, caption, "Item", note))
    return charts


def _is_told(row: ToldRow) -> bool:
    return numeric(row["value"]) is not None or bool(row["bound"])


def item_words(row: ItemRow) -> str:
    """An item as it is shown beside its score: one that was turned round says so."""
    return text_of(row["words"]) + (" (turned round)" if row["reverse"] else "")


def _items_title(rows: Sequence[ItemRow]) -> str:
    low = [row for row in rows if _top(row) < MIDDLE]
    if not low:
        return f"No item lies below the middle; the lowest is “{item_words(rows[0])}”"
    names = listed([f"“{item_words(row)}”" for row in low], most=2)
    return f"{len(low)} of {len(rows)} items {'lie' if len(low) > 1 else 'lies'} below 3: {names}"


# Scores with their range ----------------------------------------------------------------------


def scales(assessment: Assessment) -> list[Chart]:
    """The general score and its parts for the whole group, each with its range."""
    rows = rows_of(assessment).get("scales", ())
    held = [row for row in rows if _is_told(row)]
    if not held:
        return []
    general = next((row for row in held if row["scale"] == "general"), None)
    lead = f"Trust stands at {_value(general)} of 5" if general else "The parts of trust"
    lower = [row for row in held if row.get("lower_than")]
    if lower:  # Said only of what the same people put lower by more than chance.
        names = listed([text_of(row["label"]).lower() for row in lower])
        than = list(
            dict.fromkeys(w for row in lower for w in text_of(row["lower_than"]).split(", "))
        )
        lead += f"; {names} {'is' if len(lower) == 1 else 'are'} lower than {listed(than).lower()}"
    return [
        _dots([(row["label"], row) for row in rows], lead, "Scores of the whole group", "Score")
    ]


def _top(row: ToldRow) -> float:
    return numeric(row["value"]) or number_of(row["band_high"])


def _bottom(row: ToldRow) -> float:
    return numeric(row["value"]) or number_of(row["band_low"])


def sectors(assessment: Assessment) -> list[Chart]:
    """The general score by kind of organisation; hidden ones stand there as hidden."""
    rows = rows_of(assessment).get("sectors", ())
    held = [row for row in rows if _is_told(row)]
    if not held:
        return []
    hidden = len(rows) - len(held)
    ordered = sorted(held, key=_top)
    if len(held) == 1:
        title = f"{text_of(held[0]['label'])}: {_value(held[0])} of 5"
    elif _apart(ordered[0], ordered[-1]):
        title = (
            f"{text_of(ordered[0]['label'])} at {_value(ordered[0])}, "
            f"{text_of(ordered[-1]['label'])} at {_value(ordered[-1])}: their ranges do not meet"
        )
    elif all(numeric(row["low"]) is not None for row in held):
        title = f"Scores of {len(held)} kinds of organisation: their ranges overlap"
    else:
        title = f"Scores of {len(held)} kinds of organisation: too few answers to tell them apart"
    if hidden:
        title += f"; {hidden} of {len(rows)} kinds are hidden"
    return [
        _dots(
            [(row["label"], row) for row in rows],
            title,
            "Trust by kind of organisation",
            "Kind of organisation",
        )
    ]


def rounds(assessment: Assessment) -> list[Chart]:
    """The general score of each round; whether the last change is more than noise."""
    rows = rows_of(assessment).get("rounds", ())
    held = [row for row in rows if _is_told(row)]
    if len(held) < 2:
        return []
    step = next((m for m in assessment.measures if m.name == "change"), None)
    title = f"Trust over {len(held)} rounds"
    if step is not None and step.value is not None:
        if step.low is None:
            title = f"Trust moved by {step.value:+.1f}: too few answers to tell it from chance"
        elif step.note:
            title = (
                f"Trust moved by {step.value:+.1f}; the true change may be anything from "
                f"{step.low:+.1f} to {step.high:+.1f}"
            )
        else:
            way = "rose" if step.value > 0 else "fell"
            title = f"Trust {way} by {abs(step.value):.1f}, more than chance would explain"
    named = [(_round_words(row), row) for row in rows]
    return [_dots(named, title, "Trust round by round", "Round")]


def _round_words(row: RoundRow) -> str:
    return spoken(text_of(row["round"]))


def _value(row: ToldRow) -> str:
    value = numeric(row["value"])
    return text_of(row["bound"]) if value is None else f"{value:.1f}"


def _answers(row: ToldRow) -> str:
    told = f"{_value(row)} ({row['n']} answers)"
    return f"{told}; people differ" if row.get("differ") else told


def _apart(low: ToldRow, high: ToldRow) -> bool:
    top, bottom = numeric(low["high"]), numeric(high["low"])
    return top is not None and bottom is not None and top < bottom


def _dots(
    named: Sequence[tuple[str, ToldRow]], title: str, caption: str, first: str, source: str = ""
) -> Chart:
    dots = [
        Dot(
            label,
            numeric(row["value"]),
            numeric(row["low"]),
            numeric(row["high"]),
            _answers(row) if _is_told(row) else "",
            f"hidden: {text_of(row['hidden'])}" if row["hidden"] else "",
            (_bottom(row), _top(row)) if _is_told(row) else None,
        )
        for label, row in named
    ]
    surface = ranges(dots, words=_ENDS)
    alt = " ".join(_dot_alt(dot) for dot in dots)
    shown = ("low", "high", "n", "missing")
    cells = tuple(
        {
            **{name: "–" if row.get(name) is None else row.get(name) for name in shown},
            "label": label,
            "value": _value(row) or "–",
            "hidden": row["hidden"] or "–",
            "differ": "yes" if row.get("differ") else "–",
        }
        for label, row in named
    )
    rows = [row for _, row in named]
    columns = [Column("label", first), Column("value", "Mean", align="right")]
    if any(numeric(row["low"]) is not None for row in rows):
        columns += [Column("low", "From", align="right"), Column("high", "To", align="right")]
    columns += [Column("n", "Answers", align="right"), Column("missing", "Without", align="right")]
    if any(row.get("differ") for row in rows):
        columns.append(Column("differ", "People differ", format="text"))
    if any(row["hidden"] for row in rows):
        columns.append(Column("hidden", "Hidden because", format="text"))
    ranged = any(dot.low is not None for dot in dots)
    banded = any(dot.value is None and dot.band for dot in dots)
    notes = (source, RANGE if ranged else "", BAND if banded else "")
    note = " ".join(note for note in notes if note)
    return Chart(surface, title, alt, Table(caption, tuple(columns), cells), note)


def _dot_alt(dot: Dot) -> str:
    if dot.value is None and dot.band is None:
        return f"{dot.label}: {dot.hidden or 'no answers'}."
    span = ""
    if dot.low is not None and dot.high is not None:
        span = f", range {number(dot.low, 1)} to {number(dot.high, 1)}"
    return f"{dot.label}: {dot.words}{span}."


# The agreement --------------------------------------------------------------------------------


def agreement(assessment: Assessment) -> list[Chart]:
    """The agreement's points, the open ones first."""
    rows = rows_of(assessment).get("agreement", ())
    if not any(row["state"] for row in rows):
        return []
    order = ("not_yet", "partly", "", "in_place", "not_relevant")
    ordered = sorted(rows, key=lambda row: order.index(text_of(row["state"])))
    relevant = [row for row in rows if row["state"] != "not_relevant"]
    done = sum(row["state"] == "in_place" for row in relevant)
    title = f"{done} of {len(relevant)} points of the agreement are in place"
    surface = _agreement_surface(ordered)
    alt = " ".join(f"{text_of(r['words'])}: {text_of(r['state_words']).lower()}." for r in ordered)
    columns = (
        Column("words", "Point"),
        Column("state_words", "State"),
        Column("where", "Written down in", format="text"),
    )
    cells = tuple({**row, "where": row["where"] or "–"} for row in ordered)
    return [Chart(surface, title, alt, Table("The agreement checklist", columns, cells))]


def _agreement_surface(rows: Sequence[AgreementRow]) -> Surface:
    left = LEFT + 0.42
    layout = Rows([text_of(row["words"]) for row in rows], 0.56, left=left,
                  room=RIGHT - LEFT - 0.45, head=0.04, foot=0.08, bold=False)  # fmt: skip
    for row, place in zip(rows, layout.places(), strict=True):
        _tick_box(layout.surface, text_of(row["state"]), place.top + 0.06)
        words = text_of(row["state_words"])
        layout.surface.write(left, place.base + 0.21, words, size=SMALL, color=GREY)
    return layout.surface


def _tick_box(surface: Surface, state: str, top: float) -> None:
    """A square: full, half full, empty, or crossed out where it is not relevant."""
    side, left = 0.26, LEFT + 0.02
    dash = (2, 2) if state in ("", "not_relevant") else ()
    surface.rectangle(left, top, side, side, fill=PAPER, stroke=INK, width=1.2, dash=dash)
    filled = {"in_place": (side, TEAL), "partly": (side / 2, PALE_TEAL)}.get(state)
    if filled:
        wide, fill = filled
        surface.rectangle(left, top, wide, side, fill=fill, stroke=INK, width=1.2)
    elif state == "not_relevant":
        surface.line([(left, top + side), (left + side, top)], GREY, width=1.2)


CHARTS: Mapping[str, ChartKind] = {
    "items": ChartKind(
        items,
        "the check-in answers of at least five people in a round that is closed",
    ),
    "scales": ChartKind(
        scales,
        "the check-in answers of at least five people in a round that is closed",
    ),
    "sectors": ChartKind(
        sectors,
        "a closed round in which at least five people of one kind of organisation say "
        "what kind it is",
    ),
    "rounds": ChartKind(
        rounds,
        "the check-in answers of at least five people in each of two closed rounds",
    ),
    "agreement": ChartKind(agreement, "one point of the agreement checklist"),
}
