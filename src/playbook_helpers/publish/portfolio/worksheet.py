"""The portfolio worksheet: the face a notebook sees of all partnerships in a store.

Its cells are a line long each, like those of every worksheet: `pf.title()`, `pf.goals()`.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from html import escape

from playbook_helpers.core.errors import InputError
from playbook_helpers.drawing.chart import Chart
from playbook_helpers.drawing.display import Html
from playbook_helpers.drawing.tables import Column, Table
from playbook_helpers.publish.portfolio.page import NOTICE, WHOLE, count_words, written
from playbook_helpers.publish.portfolio.sections import Section, goal_charts, sections_of
from playbook_helpers.publish.portfolio.sheets import Sheet, sheets_of
from playbook_helpers.publish.portfolio.summary import figures
from playbook_helpers.publish.portfolio.taking import Portfolio
from playbook_helpers.publish.portfolio.writing import open_portfolio
from playbook_helpers.worksheet.stores import open_worksheet_store

ROWS = 40
"""Rows of a table in a notebook; the page and its files hold all."""


class PortfolioWorksheet:
    """All partnerships in one store, as of one date.

    `store` is a store's address, empty for the default; `as_of` one day for all, empty for each
    partnership's own; `invented` is "yes" to take in partnerships invented for practice. Raises
    InputError for values of the wrong form, NotFound for a store without partnerships.
    """

    def __init__(self, *, store: str = "", as_of: str | date = "", invented: str = "no") -> None:
        if invented not in ("yes", "no"):
            raise InputError(
                "The parameter 'invented' is wrong", value=invented, allowed="yes or no"
            )
        if not isinstance(store, str):
            raise InputError("The parameter 'store' has the wrong type", value=store)
        with open_worksheet_store(store) as opened:
            self.portfolio: Portfolio = open_portfolio(
                opened, as_of=as_of, invented=invented == "yes", workers=1
            )
        self._sheets = sheets_of(self.portfolio)
        self._sections = {section.name: section for section in sections_of(self.portfolio)}

    # What cells show -------------------------------------------------------------------------

    def title(self) -> Html:
        """Which partnerships, on which day, and whether some are invented; the few numbers."""
        day = self.portfolio.day
        parts = [
            f"<p class='pb-title'>Portfolio of {count_words(self.portfolio)}</p>",
            f"<p class='pb-facts'>Looked at on {day.day} {day:%B %Y}.</p>",
        ]
        if any(digest.invented for digest in self.portfolio.digests):
            parts.append(f"<p class='pb-invented'>{NOTICE}</p>")
        return Html("".join(parts), f"Portfolio of {count_words(self.portfolio)}")

    def figures(self) -> Table:
        """The few numbers."""
        rows = [
            {"label": each.label, "value": each.value, "basis": each.basis}
            for each in figures(self.portfolio)
        ]
        columns = (
            Column("label", "What"),
            Column("value", "How many", align="right"),
            Column("basis", "Rests on", format="text"),
        )
        return Table("The portfolio in a few numbers", columns, tuple(rows))

    def goals(self) -> Html:
        """How far goals have come, each on its own way, and how they moved."""
        return self._section("goals-now")

    def progress(self) -> Html:
        """The two charts on goals alone."""
        charts = goal_charts(self.portfolio)
        return Html("".join(c.html() for c in charts), "\n".join(c.alt for c in charts))

    def partnerships(self) -> Html:
        """What partnerships have written about, and what is missing or old."""
        return self._section("partnerships-now")

    def needs(self) -> Html:
        """Needs that nobody meets, offers that nobody uses, and who could help whom."""
        return self._section("needs-now")

    def money(self) -> Html:
        """When signed money falls."""
        return self._section("money-now")

    def lessons(self) -> Html:
        """The lessons that may be shared with anyone."""
        return self._section("lessons-now")

    def findings(self) -> Html:
        """What is found most often."""
        return self._section("findings-now")

    def left_out(self) -> Html:
        """How it was worked out, and what is left out on purpose."""
        return self._section("about-now")

    # ------------------------------------------------------------------------------------------

    def _section(self, name: str) -> Html:
        section = self._sections.get(name)
        if section is None:
            words = "Nothing is written down about this yet."
            return Html(f"<p class='pb-empty'>{words}</p>", words)
        tables = [
            _table(self._sheets[sheet]) for sheet in section.sheets if self._sheets[sheet].rows
        ]
        return Html(_html(section, section.charts, tables), _text(section, tables))


def _html(section: Section, charts: Sequence[Chart], tables: Sequence[Table]) -> str:
    parts = [f"<p>{escape(words)}</p>" for words in section.words]
    parts += [chart.html() for chart in charts]
    if section.items:
        items = "".join(f"<li>{escape(words)}</li>" for words in section.items)
        title = (
            f"<p><strong>{escape(section.items_title)}</strong></p>" if section.items_title else ""
        )
        parts.append(f"{title}<ul>{items}</ul>")
    return "".join(parts) + "".join(table.html() for table in tables)


def _text(section: Section, tables: Sequence[Table]) -> str:
    return "\n".join([section.title, *section.words, *(table.text() for table in tables)])


def _table(sheet: Sheet) -> Table:
    """The sheet's columns for reading; the first rows of a long one, with how many there are."""
    shown = sheet.filled()
    most = WHOLE if len(shown.rows) <= ROWS else ROWS
    places = {column.key: place for place, column in enumerate(shown.columns)}
    columns = [column for column in shown.columns if not column.file_only]

    def row(values: Sequence[str | float | int | None]) -> dict[str, str]:
        cells = {}
        for column in columns:
            text = written(values[places[column.key]], column.kind)
            near = places.get(column.beside)
            beside = written(values[near], shown.columns[near].kind) if near is not None else ""
            cells[column.key] = "\n".join(filter(None, (text, beside))) or "–"
        return cells

    title = sheet.title
    if len(shown.rows) > most:
        title += f", the first {most} of {len(shown.rows):,}; the page and its files hold all"
    return Table(
        title,
        tuple(
            Column(
                c.key,
                c.label,
                format="text",
                align="left" if c.kind in ("text", "when") else "right",
            )
            for c in columns
        ),
        tuple(row(values) for values in shown.rows[:most]),
    )
