"""The portfolio worksheet: the face a notebook sees of all partnerships in a store.

Its cells are a line long each, like those of every worksheet: `pf.title()`, `pf.goals()`.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import date

from playbook_helpers.core.errors import InputError
from playbook_helpers.drawing.display import Html
from playbook_helpers.drawing.html import Markup, element, joined
from playbook_helpers.drawing.tables import Column, Table
from playbook_helpers.publish.portfolio.page import NOTICE, count_words
from playbook_helpers.publish.portfolio.portfolio import Portfolio
from playbook_helpers.publish.portfolio.sections import Section, goal_charts, sections_of
from playbook_helpers.publish.portfolio.summary import figures
from playbook_helpers.publish.portfolio.tables import tables_of
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
        self._tables = tables_of(self.portfolio)
        self._sections = {section.name: section for section in sections_of(self.portfolio)}

    # What cells show -------------------------------------------------------------------------

    def title(self) -> Html:
        """Which partnerships, on which day, and whether some are invented; the few numbers."""
        day = self.portfolio.day
        title = f"Portfolio of {count_words(self.portfolio)}"
        invented = any(digest.invented for digest in self.portfolio.digests)
        html = joined(
            element("p", title, class_="pb-title"),
            element("p", f"Looked at on {day.day} {day:%B %Y}.", class_="pb-facts"),
            invented and element("p", NOTICE, class_="pb-invented"),
        )
        return Html(html, title)

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
            return Html(element("p", words, class_="pb-empty"), words)
        tables = [_first(self._tables[name]) for name in section.tables if self._tables[name].rows]
        return Html(_html(section, tables), _text(section, tables))


def _html(section: Section, tables: Sequence[Table]) -> Markup:
    items = section.items and (
        section.items_title and element("p", element("strong", section.items_title)),
        element("ul", (element("li", words) for words in section.items)),
    )
    return joined(
        (element("p", words) for words in section.words),
        (chart.html() for chart in section.charts),
        items,
        (table.html() for table in tables),
    )


def _text(section: Section, tables: Sequence[Table]) -> str:
    return "\n".join([section.title, *section.words, *(table.text() for table in tables)])


def _first(table: Table) -> Table:
    """The table without empty columns; of a long one the first rows, and how many there are."""
    total = len(table.rows)
    caption = table.caption
    if total > ROWS:
        caption += f", the first {ROWS} of {total:,}; the page and its files hold all"
    return replace(table.filled(), caption=caption, rows=table.rows[:ROWS], cards=False)
