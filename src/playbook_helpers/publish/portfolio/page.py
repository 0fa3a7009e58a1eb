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
import re
import zlib
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import cache
from pathlib import Path
from typing import Any

from playbook_helpers.core.bidi import isolated
from playbook_helpers.core.partial_dates import spoken
from playbook_helpers.drawing.tables import css, number
from playbook_helpers.publish.portfolio.sections import Section, sections_of
from playbook_helpers.publish.portfolio.sheets import Column, Sheet, Value
from playbook_helpers.publish.portfolio.summary import figures
from playbook_helpers.publish.portfolio.taking import Portfolio

TEMPLATE = Path(__file__).parent / "template"
FRAME = Path(__file__).parents[1] / "report" / "template"
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
    """One sheet on the page: the columns shown, its first rows as cells, its data."""

    name: str
    title: str
    words: str
    columns: list[dict[str, Any]]
    rows: list[list[dict[str, Any]]]
    total: int
    layout: str
    data: str = field(repr=False)
    cut: int = 0
    more: bool = False


def page_html(
    portfolio: Portfolio,
    sheets: Mapping[str, Sheet],
    made: Mapping[str, str],
    reported: Collection[str],
    stamp: str,
) -> str:
    """The page. `reported` names the partnerships that have a report to lead to."""
    shown = {name: sheet.filled() for name, sheet in sheets.items()}
    packed = _within_budget(shown, reported)
    invented = any(digest.invented for digest in portfolio.digests)
    sections = []
    for section in sections_of(portfolio):
        parts = [
            _part(shown[name], sheets[name], packed[name], words, reported)
            for name, words in section.sheets.items()
            if sheets[name].rows
        ]
        sections.append(_values(section, parts))
    script = script_text()
    return isolated(
        _environment()
        .get_template("portfolio.html.j2")
        .render(
            count_words=count_words(portfolio),
            reports_home=bool(reported),
            notice=NOTICE if invented else "",
            figures=figures(portfolio),
            sections=sections,
            made=made,
            stamp=stamp,
            script=script,
            script_hash=f"sha256-{_hash(script)}",
        )
    )


def count_words(portfolio: Portfolio) -> str:
    """How many partnerships there are, in words for a title."""
    count = len(portfolio.digests)
    return "one partnership" if count == 1 else f"{count:,} partnerships"


@cache
def script_text() -> str:
    """The page's one script, without its comments and the blanks before its lines."""
    text = (TEMPLATE / "portfolio.js").read_text("utf-8")
    lines = (line.strip() for line in text.splitlines())
    return "\n".join(line for line in lines if line and not line.startswith("//"))


def _hash(script: str) -> str:
    return base64.b64encode(hashlib.sha256(script.encode()).digest()).decode()


def _values(section: Section, parts: Sequence[_Part]) -> dict[str, Any]:
    return {
        "name": section.name,
        "title": section.title,
        "short": section.short,
        "words": section.words,
        "list": section.items,
        "list_title": section.items_title,
        "charts": [chart.html() for chart in section.charts],
        "sheets": parts,
    }


# The rows as data -----------------------------------------------------------------------------


def _within_budget(
    sheets: Mapping[str, Sheet], reported: Collection[str]
) -> dict[str, tuple[str, int]]:
    """Name -> (its data as an element, the rows it was cut to; 0 where it is whole)."""
    made = {name: (_data(sheet, reported), 0) for name, sheet in sheets.items() if sheet.rows}
    for name in _FIRST_CUT:
        if sum(len(data) for data, _ in made.values()) <= BUDGET:
            break
        if name in made and len(sheets[name].rows) > CUT_TO:
            short = replace(sheets[name], rows=sheets[name].rows[:CUT_TO])
            made[name] = (_data(short, reported), CUT_TO)
    return made


def _data(sheet: Sheet, reported: Collection[str]) -> str:
    columns, places = _on_page(sheet)
    kinds = [column.kind for column in columns]
    if "short_name" in (column.key for column in sheet.columns):
        slugs = {str(row[0]) for row in sheet.rows}
        slugs |= {str(row[p]) for p, c in enumerate(sheet.columns) if c.key == "giver_short_name"
                  for row in sheet.rows}  # fmt: skip
        held = slugs & set(reported)
        reports: bool | list[str] = held == slugs or (sorted(held) if held else False)
    else:
        reports = False
    data = {
        "name": sheet.name,
        "title": sheet.title,
        "noun": sheet.noun,
        "reports": reports,
        "columns": [
            {
                "key": column.key,
                "label": column.label,
                "kind": column.kind,
                **({"filter": True} if column.filter else {}),
                **({"beside": column.beside} if column.beside in _keys(columns) else {}),
                **({"hidden": True} if column.file_only else {}),
                **({"parts": True} if column.key in sheet.parts else {}),
                **({"link": _LINKS[column.key]} if column.key in _LINKS else {}),
            }
            for column in columns
        ],
        "rows": [
            [_rounded(row[place], kind) for place, kind in zip(places, kinds, strict=True)]
            for row in sheet.rows
        ],
    }
    text = json.dumps(data, ensure_ascii=False, separators=(",", ":"), allow_nan=False)
    if len(text) < PACKED_FROM:
        # Nothing in a text may look like the end of the element that holds it.
        safe = text.replace("<", "\\u003c").replace("\u2028", "\\u2028")
        return f'<script type="application/json" data-rows>{safe}</script>'
    squeezer = zlib.compressobj(6, zlib.DEFLATED, -15)
    packed = squeezer.compress(text.encode()) + squeezer.flush()
    letters = base64.b64encode(packed).decode()
    return f'<script type="text/plain" data-rows data-packed>{letters}</script>'


_LINKS = {"partnership": "short_name", "giver": "giver_short_name"}
"""Column that names a partnership -> the one with its short name."""


def _keys(columns: Sequence[Column]) -> set[str]:
    return {column.key for column in columns}


def _on_page(sheet: Sheet) -> tuple[list[Column], list[int]]:
    """The columns that the page needs, with their places in the sheet's rows."""
    beside = {column.beside for column in sheet.columns}
    needed = beside | set(_LINKS.values())
    kept = [
        (column, place)
        for place, column in enumerate(sheet.columns)
        if not column.file_only or column.key in needed
    ]
    return [column for column, _ in kept], [place for _, place in kept]


def _rounded(value: Value, kind: str) -> Value:
    """A number as it will be written, so that page and script write it alike."""
    if not isinstance(value, float):
        return value
    text = number(value, 1 if kind == "percent" else None)
    rounded = float(text.replace(",", ""))
    return int(rounded) if rounded.is_integer() and abs(rounded) < 1e15 else rounded


# The rows as they stand in the page -----------------------------------------------------------


def _part(
    shown: Sheet,
    whole: Sheet,
    packed: tuple[str, int],
    words: str,
    reported: Collection[str],
) -> _Part:
    total = len(whole.rows)
    rows = shown.rows if total <= WHOLE else shown.rows[:SOME]
    columns = [column for column in shown.columns if not column.file_only]
    places = {column.key: place for place, column in enumerate(shown.columns)}
    kinds = {column.key: column.kind for column in shown.columns}

    def cell(row: tuple[Value, ...], column: Column, first: bool) -> dict[str, Any]:
        text = written(row[places[column.key]], column.kind)
        near = column.beside if column.beside in places else ""
        beside = written(row[places[near]], kinds[near]) if near else ""
        slug = str(row[places[_LINKS[column.key]]]) if column.key in _LINKS else ""
        css_ = [
            "pf-right" if _is_number(column) else "",
            "" if text or beside else "pf-empty",
            "" if text else "pf-none",
            "pf-wide" if column.key in whole.parts else "",
        ]
        return {
            "tag": "th" if first else "td",
            "role": "rowheader" if first else "cell",
            "label": column.label,
            "text": text or "–",
            "each": text.split("; ") if text and column.key in whole.parts else (),
            "beside": beside,
            "css": " ".join(filter(None, css_)),
            "link": f"../reports/{slug}/index.html" if slug in reported else "",
        }

    return _Part(
        name=whole.name,
        title=whole.title,
        words=words,
        columns=[{"label": c.label, "right": _is_number(c)} for c in columns],
        rows=[[cell(row, c, place == 0) for place, c in enumerate(columns)] for row in rows],
        total=total,
        layout=whole.layout,
        data=packed[0],
        cut=packed[1],
        more=len(rows) < total,
    )


def _is_number(column: Column) -> bool:
    return column.kind not in ("text", "when")


def written(value: Value, kind: str) -> str:
    """A value as it stands in a table; empty where there is none.

    >>> written(38.46, "percent"), written(2.5, "signed"), written("2026-09", "when")
    ('38.5%', '+2.5', 'September 2026')
    """
    if value is None or value == "":
        return ""
    if isinstance(value, str):
        return spoken(value) if kind == "when" else value
    if kind == "percent":
        return f"{number(value, 1)}%"
    return f"+{number(value)}" if kind == "signed" and value > 0 else number(value)


@cache
def _environment() -> Any:
    from jinja2 import Environment, FileSystemLoader, StrictUndefined

    environment = Environment(
        loader=FileSystemLoader([str(TEMPLATE), str(FRAME)]),
        autoescape=True,
        trim_blocks=True,
        lstrip_blocks=True,
        undefined=StrictUndefined,
    )
    styles = (FRAME / "report.css").read_text("utf-8")
    environment.globals |= {
        "styles": css() + _short(styles),
        "own_style": _short((TEMPLATE / "portfolio.css").read_text("utf-8")),
    }
    environment.filters |= {"spoken": spoken, "moment": _moment, "brief": lambda t: str(t)[:10]}
    return environment


def _short(style: str) -> str:
    """A style sheet without comments and spare blanks."""
    text = re.sub(r"/\*.*?\*/", "", style, flags=re.DOTALL)
    return re.sub(r"\s*([{};,>])\s*", r"\1", re.sub(r"\s+", " ", text)).strip()


def _moment(moment: str) -> str:
    return f"{spoken(moment[:10])}, {moment[11:16]} UTC"
