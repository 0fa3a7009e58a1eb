"""The portfolio as one page that opens from disk: charts, and tables to sort, filter and search.

Without a script the first rows of each table stand in the page and the files hold all. The rows
for the script are data inside the page, since a page opened from disk may not fetch any; many are
packed, so that the page stays small. All text is escaped where it is put in place: by the template
here, by the browser's own text nodes there.
"""

from __future__ import annotations

import base64
import hashlib
import json
import zlib
from collections.abc import Collection, Mapping
from dataclasses import dataclass, replace
from functools import cache
from pathlib import Path
from typing import Any

from playbook_helpers.drawing.html import Markup, element
from playbook_helpers.drawing.tables import Format, Table, number
from playbook_helpers.publish.pages import page, style_sheet
from playbook_helpers.publish.portfolio.portfolio import Portfolio
from playbook_helpers.publish.portfolio.sections import sections_of
from playbook_helpers.publish.portfolio.summary import figures

SCRIPT = Path(__file__).parent / "template" / "portfolio.js"
WHOLE, SOME = 200, 50
"""A table of up to WHOLE rows stands in the page as it is; of a longer one, SOME rows."""
PACKED_FROM = 40_000
"""Letters of data from which on they are packed."""
BUDGET = 1_700_000
"""Letters of data in a page; where there are more, the longest lists are cut and say so."""
CUT_TO = 2_000
_FIRST_CUT = ("matches", "offers", "needs", "money", "lessons", "goals")
NOTICE = "This portfolio holds partnerships that are invented for practice. Each is marked."


@dataclass(frozen=True, slots=True)
class _Part:
    """One table on the page: its first rows, of how many, and its data for the script."""

    name: str
    table: Table
    words: str
    total: int
    data: Markup
    cut: int
    """The rows that the data were cut to; 0 where they are whole."""


def page_html(
    portfolio: Portfolio,
    tables: Mapping[str, Table],
    made: Mapping[str, str],
    reported: Collection[str],
    stamp: str,
) -> str:
    """The page. `reported` names the partnerships that have a report to lead to."""
    shown = {name: table.filled() for name, table in tables.items()}
    packed = _within_budget(shown, reported)
    invented = any(digest.invented for digest in portfolio.digests)
    sections = [
        (
            section,
            [
                _part(name, shown[name], packed[name], words)
                for name, words in section.tables.items()
                if shown[name].rows
            ],
        )
        for section in sections_of(portfolio)
    ]
    script = script_text()
    return page(
        "portfolio.html.j2",
        count_words=count_words(portfolio),
        reported=reported,
        links=LINKS,
        notice=NOTICE if invented else "",
        figures=figures(portfolio),
        sections=sections,
        made=made,
        stamp=stamp,
        own_style=style_sheet("portfolio.css"),
        script=script,
        script_hash=f"sha256-{_hash(script)}",
    )


def count_words(portfolio: Portfolio) -> str:
    """How many partnerships there are, in words for a title."""
    count = len(portfolio.digests)
    return "one partnership" if count == 1 else f"{count:,} partnerships"


@cache
def script_text() -> str:
    """The page's one script, without its comments and the blanks before its lines."""
    text = SCRIPT.read_text("utf-8")
    lines = (line.strip() for line in text.splitlines())
    return "\n".join(line for line in lines if line and not line.startswith("//"))


def _hash(script: str) -> str:
    return base64.b64encode(hashlib.sha256(script.encode()).digest()).decode()


# The rows as data -----------------------------------------------------------------------------


def _within_budget(
    tables: Mapping[str, Table], reported: Collection[str]
) -> dict[str, tuple[Markup, int]]:
    """Name -> (its data as an element, the rows it was cut to; 0 where it is whole)."""
    made = {name: (_data(name, t, reported), 0) for name, t in tables.items() if t.rows}
    for name in _FIRST_CUT:
        if sum(len(data) for data, _ in made.values()) <= BUDGET:
            break
        if name in made and len(tables[name].rows) > CUT_TO:
            short = replace(tables[name], rows=tables[name].rows[:CUT_TO])
            made[name] = (_data(name, short, reported), CUT_TO)
    return made


def _data(name: str, table: Table, reported: Collection[str]) -> Markup:
    """The rows for the page's script: those columns that it shows, links or sets beside another."""
    near = {column.beside for column in table.columns} | set(LINKS.values())
    columns = [c for c in table.columns if not c.file_only or c.key in near]
    keys = {column.key for column in columns}
    slugs = {row[key] for key in LINKS.values() if key in keys for row in table.rows}
    held = slugs & set(reported)
    some: bool | list[str] = sorted(held) or False
    data = {
        "name": name,
        "title": table.caption,
        "noun": table.noun,
        "reports": bool(slugs) and (held == slugs or some),
        "columns": [
            {
                "key": column.key,
                "label": column.label,
                "kind": "text" if column.format == "auto" else column.format,
                **({"filter": True} if column.filter else {}),
                **({"beside": column.beside} if column.beside in keys else {}),
                **({"hidden": True} if column.file_only else {}),
                **({"parts": True} if column.several else {}),
                **({"link": LINKS[column.key]} if column.key in LINKS else {}),
            }
            for column in columns
        ],
        "rows": [[_rounded(row[c.key], c.format) for c in columns] for row in table.rows],
    }
    text = json.dumps(data, ensure_ascii=False, separators=(",", ":"), allow_nan=False)
    if len(text) < PACKED_FROM:
        # Nothing in a text may look like the end of the element that holds it.
        safe = text.replace("<", "\\u003c").replace("\u2028", "\\u2028")
        return Markup(f'<script type="application/json" data-rows>{safe}</script>')
    squeezer = zlib.compressobj(6, zlib.DEFLATED, -15)
    packed = squeezer.compress(text.encode()) + squeezer.flush()
    letters = base64.b64encode(packed).decode()
    return element("script", letters, type="text/plain", data_rows=True, data_packed=True)


LINKS = {"partnership": "short_name", "giver": "giver_short_name"}
"""Column that names a partnership -> the one with its short name."""


def _rounded(value: Any, format_: Format) -> Any:
    """A number as it will be written, so that page and script write it alike."""
    if not isinstance(value, float):
        return value
    text = number(value, 1 if format_ == "percent" else None)
    rounded = float(text.replace(",", ""))
    return int(rounded) if rounded.is_integer() and abs(rounded) < 1e15 else rounded


def _part(name: str, table: Table, packed: tuple[Markup, int], words: str) -> _Part:
    total = len(table.rows)
    shown = table if total <= WHOLE else replace(table, rows=table.rows[:SOME])
    return _Part(name, shown, words, total, *packed)
