"""The paper worksheet: a blank sheet of each kind with room to write, seen only in print.

It stands in the page itself, so that it can be printed where no script runs, too. What is a list
on the screen is a table here, statements to agree with are lines of rings, and an agreement's
points stand each once.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from typing import Any

from playbook_helpers.drawing.html import Markup, element

_DATES = "Year, month, day."
_LINES = 10
"""Empty lines of a list."""
_COLUMNS = 8
"""Columns that a sheet of A4 has room for; what is beyond them is asked on the screen."""
_LISTED = 12
"""Questions up to which a kind is a list; one that asks more has a sheet for each record."""
_STATEMENTS = 5
"""Questions with the same answers from which on they are lines of rings."""
_ASIDE = frozenset({"source", "evidence", "note"})

Field = Mapping[str, Any]
Kind = Mapping[str, Any]


def paper_html(description: Mapping[str, Any]) -> Markup:
    """Blank sheets for each kind in `description` (see `form_description`), to fill in by hand.

    A round is not closed on paper. The first kind is what each person begins with: its sheet is
    marked, so that a page can print one for everybody.
    """
    kinds = [kind for kind in description["kinds"] if not kind["closes"]]
    sheets = (_sheet(kind, each=place == 0) for place, kind in enumerate(kinds))
    return element("div", sheets, class_="pb-paper")


def _sheet(kind: Kind, *, each: bool) -> Markup:
    statements = _statements(kind)
    point = _point(kind)
    if statements:
        inside, wide = _statement_sheet(kind, statements), False
    elif point is not None:
        inside, wide = _point_sheet(kind, point), False
    elif _is_list(kind):
        inside, wide = _list_sheet(kind), len(_columns(kind)) > 4
    else:
        inside, wide = element("div", map(_field, kind["fields"]), class_="pb-fields"), False
    return element(
        "div",
        element("h3", kind["words"]["paper"]),
        element("p", kind["on_paper"]),
        inside,
        class_="pb-sheet pb-landscape" if wide else "pb-sheet",
        data_each="" if each else None,
    )


# Statements, each with the same answers ---------------------------------------------------------


def _options(field: Field) -> tuple[tuple[str, str], ...]:
    return tuple((value, words) for value, words in field["options"] if value)


def _statements(kind: Kind) -> list[Field]:
    """The questions that share their answers, if they are many."""
    fields = [field for field in kind["fields"] if field["type"] == "choice"]
    times = Counter(map(_options, fields))
    if not times or max(times.values()) < _STATEMENTS:
        return []
    (shared, _), *_ = times.most_common(1)
    return [field for field in fields if _options(field) == shared]


def _statement_sheet(kind: Kind, statements: Sequence[Field]) -> Markup:
    options = _options(statements[0])
    head = element("tr", element("td", ""), (element("th", _short(*one)) for one in options))
    lines = (
        element("tr", element("th", field["asked"]), (element("td", _ring(*o)) for o in options))
        for field in statements
    )
    rest = [field for field in kind["fields"] if field not in statements]
    first = [field for field in rest if field["required"]]
    last = [field for field in rest if not field["required"]]
    return element(
        "div",
        map(_field, first),
        element("table", element("thead", head), element("tbody", lines), class_="pb-rings"),
        map(_field, last),
    )


def _short(value: str, words: str) -> str:
    """An answer's words without its number, which stands in the ring.

    >>> _short("1", "1, not at all"), _short("dk", "Don't know")
    ('not at all', "Don't know")
    """
    return words.removeprefix(f"{value}, ")


def _ring(value: str, words: str) -> Markup:
    numbered = words.startswith(f"{value}, ")
    return element("span", value if numbered else "", class_="pb-ring")


# Points, each once ------------------------------------------------------------------------------


def _point(kind: Kind) -> Field | None:
    """The choice that tells a kind's records from each other: each of its answers is a line."""
    if len(kind["key"]) != 1:
        return None
    field = next(field for field in kind["fields"] if field["name"] == kind["key"][0])
    return field if len(_options(field)) >= _STATEMENTS else None


def _point_sheet(kind: Kind, point: Field) -> Markup:
    state = next(f for f in kind["fields"] if f is not point and _options(f))
    options = _options(state)
    head = element(
        "tr",
        element("th", point["label"].rstrip("?")),
        (element("th", _short(*one)) for one in options),
        element("th", "Where it is written down; what to settle", class_="pb-room"),
    )
    lines = (
        element(
            "tr",
            element("th", f"{number}. {words}"),
            (element("td", _ring(*one)) for one in options),
            element("td", ""),
        )
        for number, (_, words) in enumerate(_options(point), 1)
    )
    return element("table", element("thead", head), element("tbody", lines), class_="pb-rings")


# Lists ------------------------------------------------------------------------------------------


def _is_list(kind: Kind) -> bool:
    fields = [field for field in kind["fields"] if field["name"] not in _ASIDE]
    types = Counter(field["type"] for field in fields)
    return len(fields) <= _LISTED and types["long"] <= 1 and types["yesno"] <= 2


def _columns(kind: Kind) -> list[Field]:
    """The questions that have a column: those that are needed, then the others in their order."""
    fields = [f for f in kind["fields"] if f["name"] not in _ASIDE and f["name"] != "worksheet"]
    needed = [field for field in fields if field["required"]]
    others = [field for field in fields if not field["required"]]
    chosen = [*needed, *others][:_COLUMNS]
    return [field for field in fields if field in chosen]


def _list_sheet(kind: Kind) -> Markup:
    columns = _columns(kind)
    wide = ("text", "long", "reference")
    head = (
        element("th", f["label"], class_="pb-room" if f["type"] in wide else None) for f in columns
    )
    line = element("tr", (element("td", "") for _ in columns))
    legends = [
        element("p", element("strong", field["label"]), " ", _listed(field), class_="pb-legend")
        for field in columns
        if _options(field) and field["type"] != "yesno"
    ]
    return element(
        "div",
        element(
            "table",
            element("thead", element("tr", head)),
            # Words below take the room of a line each, so that the list stays on its sheet.
            element("tbody", [line] * (_LINES - max(0, len(legends) - 1))),
            class_="pb-lines",
        ),
        legends,
    )


def _listed(field: Field) -> str:
    return "; ".join(words for _, words in _options(field)) + "."


# One sheet for one record -----------------------------------------------------------------------


def _field(field: Field) -> Markup:
    hints = [field["hint"], _DATES if field["type"] in ("date", "when") else ""]
    hint = " ".join(filter(None, hints))
    long = field["type"] == "long" or len(_options(field)) > 3
    return element(
        "div",
        element("p", field["asked"], class_="pb-asked"),
        element("p", hint, class_="pb-hint") if hint else None,
        _room(field),
        class_="pb-field pb-whole" if long else "pb-field",
    )


def _room(field: Field) -> Markup:
    """Boxes to tick for choices; else a box to write in, larger for longer answers."""
    choices = [words for _, words in _options(field)]
    if choices:
        return element("ul", (element("li", words) for words in choices), class_="pb-ticks")
    return element("div", class_="pb-box pb-tall" if field["type"] == "long" else "pb-box")
