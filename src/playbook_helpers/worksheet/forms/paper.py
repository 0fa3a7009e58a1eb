"""The paper worksheet: a blank form of each kind with room to write, seen only in print.

It stands in the page itself, so that it can be printed where no script runs, too.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from playbook_helpers.drawing.html import Markup, element

_DATES = "Year, month, day."


def paper_html(description: Mapping[str, Any]) -> Markup:
    """A blank form of each kind in `description` (see `form_description`), for writing by hand.

    A round is not closed on paper.
    """
    kinds = [kind for kind in description["kinds"] if not kind["closes"]]
    return element("div", map(_kind, kinds), class_="pb-paper")


def _kind(kind: Mapping[str, Any]) -> Markup:
    return element(
        "div",
        element("h3", kind["words"]["paper"]),
        element("p", kind["on_paper"]),
        map(_field, kind["fields"]),
        class_="pb-sheet",
    )


def _field(field: Mapping[str, Any]) -> Markup:
    hints = [field["hint"], _DATES if field["type"] in ("date", "when") else ""]
    hint = " ".join(filter(None, hints))
    return element(
        "div",
        element("p", field["asked"], class_="pb-asked"),
        element("p", hint, class_="pb-hint") if hint else None,
        _room(field),
        class_="pb-field",
    )


def _room(field: Mapping[str, Any]) -> Markup:
    """Boxes to tick for choices; else a box to write in, larger for longer answers."""
    choices = [words for value, words in field["options"] if value]
    if choices:
        return element("ul", (element("li", words) for words in choices), class_="pb-ticks")
    return element("div", class_="pb-box pb-tall" if field["type"] == "long" else "pb-box")
