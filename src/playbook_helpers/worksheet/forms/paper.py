"""The paper worksheet: a blank form of each kind with room to write, seen only in print.

It stands in the page itself, so that it can be printed where no script runs, too.
"""

from __future__ import annotations

from collections.abc import Mapping
from html import escape
from typing import Any

_DATES = "Year, month, day."


def paper_html(description: Mapping[str, Any]) -> str:
    """A blank form of each kind in `description` (see `form_description`), for writing by hand.

    A round is not closed on paper.
    """
    kinds = [kind for kind in description["kinds"] if not kind["closes"]]
    return f'<div class="pb-paper">{"".join(map(_kind, kinds))}</div>'


def _kind(kind: Mapping[str, Any]) -> str:
    title, intro = escape(kind["words"]["paper"]), escape(kind["on_paper"])
    fields = "".join(map(_field, kind["fields"]))
    return f'<div class="pb-sheet"><h3>{title}</h3><p>{intro}</p>{fields}</div>'


def _field(field: Mapping[str, Any]) -> str:
    asked = f'<p class="pb-asked">{escape(field["asked"])}</p>'
    hints = [field["hint"], _DATES if field["type"] in ("date", "when") else ""]
    hint = " ".join(escape(part) for part in hints if part)
    hint = f'<p class="pb-hint">{hint}</p>' if hint else ""
    return f'<div class="pb-field">{asked}{hint}{_room(field)}</div>'


def _room(field: Mapping[str, Any]) -> str:
    """Boxes to tick for choices; else a box to write in, larger for longer answers."""
    choices = [words for value, words in field["options"] if value]
    if choices:
        ticks = "".join(f"<li>{escape(words)}</li>" for words in choices)
        return f'<ul class="pb-ticks">{ticks}</ul>'
    size = " pb-tall" if field["type"] == "long" else ""
    return f'<div class="pb-box{size}"></div>'
