"""What a sheet is: columns, and rows of plain values under them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from playbook_helpers.publish.portfolio.taking import Portfolio

Value = str | float | int | None
Kind = Literal["text", "number", "count", "signed", "percent", "when"]
Layout = Literal["table", "cards"]


@dataclass(frozen=True, slots=True)
class Column:
    """One column. `filter` offers its values to choose from on the page.

    `beside` names another column whose value stands under this one's on the page. `file_only`
    columns are for the files alone, or for standing beside another.
    """

    key: str
    label: str
    kind: Kind = "text"
    filter: bool = False
    beside: str = ""
    file_only: bool = False


@dataclass(frozen=True, slots=True)
class Sheet:
    """Rows under columns; `noun` is what one row and several rows are called.

    The first column of each is the short name of the partnership. `parts` names columns whose
    text holds several things, parted by "; ".
    """

    name: str
    title: str
    noun: tuple[str, str]
    columns: tuple[Column, ...]
    rows: tuple[tuple[Value, ...], ...]
    layout: Layout = "table"
    parts: frozenset[str] = frozenset()

    def filled(self) -> Sheet:
        """The sheet without columns in which no row says anything."""
        keep = [
            place
            for place, column in enumerate(self.columns)
            if place < 2
            or any(
                row[place] not in (None, "") and (row[place] != 0 or column.kind != "count")
                for row in self.rows
            )
        ]
        if len(keep) == len(self.columns):
            return self
        return Sheet(
            self.name,
            self.title,
            self.noun,
            tuple(self.columns[place] for place in keep),
            tuple(tuple(row[place] for place in keep) for row in self.rows),
            self.layout,
            self.parts,
        )


SLUG = Column("short_name", "Short name", file_only=True)
NAME = Column("partnership", "Partnership", beside="marked")
MARKED = Column("marked", "Invented?", file_only=True)


def names_of(portfolio: Portfolio) -> dict[str, tuple[str, str, str]]:
    """Short name -> the values of the first three columns of every sheet on partnerships."""
    return {
        d.slug: (d.slug, d.name, "invented for practice" if d.invented else "")
        for d in portfolio.digests
    }
