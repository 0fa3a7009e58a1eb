"""Tables: a caption, columns with units, rows; escaped HTML, plain text and a pandas frame.

A table is the other half of every chart and the form in which records are read in reports. It
scrolls in its own region on a phone, can be reached by keyboard, and prints without scrolling.
"""

from __future__ import annotations

import math
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from functools import cache
from html import escape
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal

from playbook_helpers.core.bidi import isolated
from playbook_helpers.core.partial_dates import spoken

if TYPE_CHECKING:
    import pandas

STYLE = Path(__file__).parent / "show.css"
"""How tables, findings and charts look."""
UNKNOWN = "not known"
NOTHING = "–"
"""What stands in a cell that has nothing to say."""
MOST_ROWS = 100
"""Rows that a table shows on a page; the files beside a report hold them all."""
Format = Literal["auto", "text", "number", "percent", "share", "when", "yesno"]
"""How a value is written: `percent` is a number already in percent, `share` runs from 0 to 1,
`when` is a day, month or year as kept by records; `auto` goes by the value's own type."""


def number(value: float, decimals: int | None = None) -> str:
    """A number as people write it, with no more decimals than help; no "-0".

    >>> [number(x) for x in (1500000, 1234.56, 12.5, 0.333333, 3.0, -0.001, 4.2e-7)]
    ['1,500,000', '1,235', '12.5', '0.33', '3', '-0.001', '4.2e-07']
    >>> number(1234.5, decimals=1), number(float("nan"))
    ('1,234.5', 'not known')
    """
    if not math.isfinite(value):
        return UNKNOWN
    size = abs(value)
    if size >= 1e15 or 0 < size < 1e-4:
        return f"{value:.3g}"
    if decimals is None:
        small = max(2, 1 - math.floor(math.log10(size))) if 0 < size < 0.1 else 2
        decimals = 0 if size >= 1000 else 1 if size >= 100 else small
    text = f"{value:,.{decimals}f}"
    if "." in text:
        text = text.rstrip("0").rstrip(".")
    return "0" if text == "-0" else text


@dataclass(frozen=True, slots=True)
class Column:
    """One column: the key of its values, the words above it, and how values are written.

    `words` maps stored values to the words shown for them, as a choice field has them.
    """

    key: str
    label: str
    unit: str = ""
    format: Format = "auto"
    align: Literal["auto", "left", "right"] = "auto"
    words: Mapping[str, str] = field(default_factory=dict)

    def text(self, value: object) -> str:
        """One value as it stands in the table.

        >>> Column("share", "Share", format="share").text(0.325), Column("a", "A").text(None)
        ('32.5%', 'not known')
        """
        if value is None or value == "":
            return UNKNOWN
        if isinstance(value, str) and value in self.words:
            return self.words[value]
        if isinstance(value, bool):
            return "Yes" if value else "No"
        if isinstance(value, int | float):
            return self._number(value)
        if self.format == "when" and isinstance(value, str):
            try:
                return spoken(value)
            except ValueError:
                return value
        return str(value)

    def _number(self, value: float) -> str:
        if self.format == "yesno":
            return "Yes" if value else "No"
        if self.format == "text":
            return str(value)
        if self.format in ("percent", "share"):
            value = value * 100 if self.format == "share" else value
            text = number(value, 1)
            return text if text == UNKNOWN else f"{text}%"
        return number(value)


@dataclass(frozen=True, slots=True)
class Table:
    """A caption, columns and rows (mappings from column key to value). All text is untrusted.

    With `cards` each row stands as a card on a phone: for tables that hold sentences, which would
    run out of sight.
    """

    caption: str
    columns: tuple[Column, ...]
    rows: tuple[Mapping[str, Any], ...]
    cards: bool = False

    def cells(self, most: int | None = None) -> list[list[str]]:
        """The rows, or the first `most`, as text, in column order."""
        return [[c.text(row.get(c.key)) for c in self.columns] for row in self.rows[:most]]

    def html(self) -> str:
        """The table as escaped HTML in a region that scrolls by itself on narrow screens."""
        caption = escape(self.caption)
        if not self.columns or not self.rows:
            return f'<p class="pb-empty"><strong>{caption}:</strong> nothing written down yet.</p>'
        sides = [_side(column, self.rows) for column in self.columns]
        head = "".join(
            f'<th scope="col"{self._role("columnheader")}{side}>{escape(c.label)}'
            + (f' <span class="pb-unit">({escape(c.unit)})</span>' if c.unit else "")
            + "</th>"
            for c, side in zip(self.columns, sides, strict=True)
        )
        body = "".join(
            f"<tr{self._role('row')}>{''.join(self._row(texts, sides))}</tr>"
            for texts in self.cells(MOST_ROWS)
        )
        beyond = len(self.rows) - MOST_ROWS
        left = f'<p class="pb-facts">{beyond_words(beyond, "row")}</p>' if beyond > 0 else ""
        return (
            f'<div class="pb-table{" pb-rows" if self.cards else ""}" role="group" tabindex="0"'
            f' aria-label="Table: {caption}"><table{self._role("table")}>'
            f"<caption>{caption}</caption><thead{self._role('rowgroup')}>"
            f"<tr{self._role('row')}>{head}</tr></thead>"
            f"<tbody{self._role('rowgroup')}>{body}</tbody></table></div>{left}"
        )

    def _role(self, role: str) -> str:
        """What an element is, said in words where a phone lays it out as something else."""
        return f' role="{role}"' if self.cards else ""

    def _row(self, texts: Iterable[str], sides: list[str]) -> Iterable[str]:
        for place, (text, side) in enumerate(zip(texts, sides, strict=True)):
            column, shown = self.columns[place], escape(text).replace("\n", "<br>")
            if text == UNKNOWN and column.format != "text":
                shown = f'<span class="pb-unknown">{shown}</span>'
            # The first column says what the row is about, to a screen reader too.
            if place == 0:
                yield f'<th scope="row"{self._role("rowheader")}{side}>{shown}</th>'
            elif self.cards:
                label = escape(f"{column.label} ({column.unit})" if column.unit else column.label)
                none = ' data-none=""' if text == NOTHING else ""
                yield f'<td role="cell" data-label="{label}"{none}{side}><span>{shown}</span></td>'
            else:
                yield f"<td{side}>{shown}</td>"

    def text(self) -> str:
        """The table as plain text, one row a line."""
        head = " | ".join(f"{c.label} ({c.unit})" if c.unit else c.label for c in self.columns)
        shown = self.cells(MOST_ROWS)
        lines = [" | ".join(" ".join(text.split()) for text in row) for row in shown]
        if len(self.rows) > MOST_ROWS:
            lines.append(beyond_words(len(self.rows) - MOST_ROWS, "row"))
        return "\n".join(
            [self.caption, *([head, *lines] if lines else ["nothing written down yet"])]
        )

    def frame(self) -> pandas.DataFrame:
        """The values, not their words, as a pandas frame with the columns' labels."""
        import pandas

        return pandas.DataFrame(
            [[row.get(c.key) for c in self.columns] for row in self.rows],
            columns=pandas.Index([c.label for c in self.columns]),
        )

    def _repr_mimebundle_(self, **_: Any) -> dict[str, str]:
        return {"text/html": styled(self.html()), "text/plain": self.text()}


def beyond_words(count: int, what: str) -> str:
    """What stands under a list that is cut, so that nobody takes it for the whole.

    >>> beyond_words(1200, "row")
    'And 1,200 more rows, not shown on this page. The files beside the report hold them all.'
    """
    things = what if count == 1 else f"{what}s"
    return f"And {count:,} more {things}, not shown on this page. {_ELSEWHERE}"


_ELSEWHERE = "The files beside the report hold them all."


def _side(column: Column, rows: Iterable[Mapping[str, Any]]) -> str:
    side = column.align
    if side == "auto":
        found = [v for row in rows if (v := row.get(column.key)) is not None]
        numbers = bool(found) and all(
            isinstance(v, int | float) and not isinstance(v, bool) for v in found
        )
        side = "right" if numbers and column.format not in ("text", "yesno") else "left"
    return ' class="pb-right"' if side == "right" else ""


@cache
def css() -> str:
    """The style sheet for tables, findings and charts, without comments and spare blanks."""
    text = STYLE.read_text("utf-8")
    text = re.sub(r"/\*.*?\*/", "", text, flags=re.DOTALL)
    return re.sub(r"\s*([{};:,>])\s*", r"\1", re.sub(r"\s+", " ", text)).strip()


def styled(html: str) -> str:
    """HTML for a notebook's output: wrapped, with the style it needs beside it."""
    return f'<style>{css()}</style><div class="playbook">{isolated(html)}</div>'
