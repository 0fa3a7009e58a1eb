"""Tables: a caption, columns with units, rows; escaped HTML, plain text and a pandas frame.

A table is the other half of every chart and the form in which records are read in reports. It
scrolls in its own region on a phone, can be reached by keyboard, and prints without scrolling.
"""

from __future__ import annotations

import math
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal

from playbook_helpers.core.bidi import isolated
from playbook_helpers.core.partial_dates import spoken
from playbook_helpers.drawing.html import Markup, element, in_lines, joined

if TYPE_CHECKING:
    import pandas

STYLE = Path(__file__).parent / "show.css"
"""How tables, findings and charts look."""
UNKNOWN = "not known"
NOTHING = "–"
"""What stands in a cell that has nothing to say."""
MOST_ROWS = 100
"""Rows that a table shows on a page; the files beside a report hold them all."""
Format = Literal["auto", "text", "number", "count", "signed", "percent", "share", "when", "yesno"]
"""How a value is written: `percent` is a number already in percent, `share` runs from 0 to 1,
`signed` has a plus before what is above zero, a `count` of zero says nothing, `when` is a day,
month or year as kept by records; `auto` goes by the value's own type."""


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

    `words` maps stored values to the words shown for them, as a choice field has them. `beside`
    names another column whose value stands under this one's. A column that is `file_only` is for
    files alone, or to stand beside another. `filter` offers its values to choose from where a
    page can; `several` says that its text holds several things, parted by "; ".
    """

    key: str
    label: str
    unit: str = ""
    format: Format = "auto"
    align: Literal["auto", "left", "right"] = "auto"
    words: Mapping[str, str] = field(default_factory=dict)
    beside: str = ""
    file_only: bool = False
    filter: bool = False
    several: bool = False

    @property
    def heading(self) -> str:
        """Its label, with the unit."""
        return f"{self.label} ({self.unit})" if self.unit else self.label

    @property
    def is_number(self) -> bool:
        """Whether it is said to hold numbers."""
        return self.format not in ("auto", "text", "when", "yesno")

    def text(self, value: object, none: str = UNKNOWN) -> str:
        """One value as it stands in the table; `none` where there is no value.

        >>> Column("share", "Share", format="share").text(0.325), Column("a", "A").text(None)
        ('32.5%', 'not known')
        """
        if value is None or value == "":
            return none
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
        return f"+{number(value)}" if self.format == "signed" and value > 0 else number(value)


@dataclass(frozen=True, slots=True)
class Table:
    """A caption, columns and rows (mappings from column key to value). All text is untrusted.

    With `cards` each row stands as a card on a phone: for tables that hold sentences, which would
    run out of sight. `noun` is what one row and several rows are called; `none` stands where
    there is no value.
    """

    caption: str
    columns: tuple[Column, ...]
    rows: tuple[Mapping[str, Any], ...]
    cards: bool = False
    noun: tuple[str, str] = ("row", "rows")
    none: str = UNKNOWN

    @property
    def shown(self) -> tuple[Column, ...]:
        """The columns for reading."""
        return tuple(column for column in self.columns if not column.file_only)

    def filled(self) -> Table:
        """The table without columns in which no row says anything; the first two stay."""
        keep = tuple(
            column
            for place, column in enumerate(self.columns)
            if place < 2 or any(_says(column, row) for row in self.rows)
        )
        return self if len(keep) == len(self.columns) else replace(self, columns=keep)

    def cells(self, most: int | None = None) -> list[list[str]]:
        """The rows, or the first `most`, as text, in the order of the columns for reading."""
        shown = self.shown
        return [[self._cell(row, column) for column in shown] for row in self.rows[:most]]

    def _cell(self, row: Mapping[str, Any], column: Column) -> str:
        if not column.beside:
            return column.text(row.get(column.key), self.none)
        return "\n".join(filter(None, self.texts(row, column))) or self.none

    def texts(self, row: Mapping[str, Any], column: Column) -> tuple[str, str]:
        """A value and the one beside it as text; empty where there is none."""
        beside = next((each for each in self.columns if each.key == column.beside), None)
        under = beside.text(row.get(beside.key), "") if beside else ""
        return column.text(row.get(column.key), ""), under

    def html(self) -> Markup:
        """The table as escaped HTML in a region that scrolls by itself on narrow screens."""
        columns = self.shown
        if not columns or not self.rows:
            caption = element("strong", self.caption, ":")
            return element("p", caption, " nothing written down yet.", class_="pb-empty")
        sides = [_side(column, self.rows) for column in columns]
        head = [
            element(
                "th",
                column.label,
                column.unit and (" ", element("span", f"({column.unit})", class_="pb-unit")),
                scope="col",
                role=self._role("columnheader"),
                class_=side,
            )
            for column, side in zip(columns, sides, strict=True)
        ]
        body = (
            element("tr", self._row(texts, columns, sides), role=self._role("row"))
            for texts in self.cells(MOST_ROWS)
        )
        group = self._role("rowgroup")
        table = element(
            "table",
            element("caption", self.caption),
            element("thead", element("tr", head, role=self._role("row")), role=group),
            element("tbody", body, role=group),
            role=self._role("table"),
        )
        region = element(
            "div",
            table,
            class_="pb-table pb-rows" if self.cards else "pb-table",
            role="group",
            tabindex=0,
            aria_label=f"Table: {self.caption}",
        )
        beyond = len(self.rows) - MOST_ROWS
        words = beyond_words(beyond, *self.noun)
        return joined(region, beyond > 0 and element("p", words, class_="pb-facts"))

    def _role(self, role: str) -> str | None:
        """What an element is, said in words where a phone lays it out as something else."""
        return role if self.cards else None

    def _row(
        self, texts: Iterable[str], columns: Iterable[Column], sides: Iterable[str | None]
    ) -> Iterable[Markup]:
        first = True
        for text, column, side in zip(texts, columns, sides, strict=True):
            shown = in_lines(text)
            if text == UNKNOWN and column.format != "text":
                shown = element("span", shown, class_="pb-unknown")
            # The first column says what the row is about, to a screen reader too.
            if first:
                yield element("th", shown, scope="row", role=self._role("rowheader"), class_=side)
            elif self.cards:
                yield element(
                    "td",
                    element("span", shown),
                    role="cell",
                    data_label=column.heading,
                    data_none="" if text == NOTHING else None,
                    class_=side,
                )
            else:
                yield element("td", shown, class_=side)
            first = False

    def text(self) -> str:
        """The table as plain text, one row a line."""
        head = " | ".join(column.heading for column in self.shown)
        cells = self.cells(MOST_ROWS)
        lines = [" | ".join(" ".join(text.split()) for text in row) for row in cells]
        if len(self.rows) > MOST_ROWS:
            lines.append(beyond_words(len(self.rows) - MOST_ROWS, *self.noun))
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


def beyond_words(count: int, one: str, several: str) -> str:
    """What stands under a list that is cut, so that nobody takes it for the whole.

    >>> beyond_words(1200, "row", "rows")
    'And 1,200 more rows, not shown on this page. The files beside the report hold them all.'
    """
    things = one if count == 1 else several
    return f"And {count:,} more {things}, not shown on this page. {_ELSEWHERE}"


_ELSEWHERE = "The files beside the report hold them all."


def _says(column: Column, row: Mapping[str, Any]) -> bool:
    value = row.get(column.key)
    return value not in (None, "") and (value != 0 or column.format != "count")


def _side(column: Column, rows: Iterable[Mapping[str, Any]]) -> str | None:
    side = column.align
    if side == "auto":
        found = [v for row in rows if (v := row.get(column.key)) is not None]
        numbers = bool(found) and all(
            isinstance(v, int | float) and not isinstance(v, bool) for v in found
        )
        side = "right" if numbers and column.format not in ("text", "yesno") else "left"
    return "pb-right" if side == "right" else None


@cache
def css() -> str:
    """The style sheet for tables, findings and charts, without comments and spare blanks."""
    return squeezed(STYLE.read_text("utf-8"))


def squeezed(style: str) -> str:
    """A style sheet without comments and spare blanks.

    >>> squeezed("p { color: red; } /* loud */")
    'p{color:red;}'
    """
    text = re.sub(r"/\*.*?\*/", "", style, flags=re.DOTALL)
    return re.sub(r"\s*([{};:,>])\s*", r"\1", re.sub(r"\s+", " ", text)).strip()


def styled(html: str) -> str:
    """HTML for a notebook's output: wrapped, with the style it needs beside it."""
    return f'<style>{css()}</style><div class="playbook">{isolated(html)}</div>'
