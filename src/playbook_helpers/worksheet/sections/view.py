"""The sections of one practice's worksheet, from its records to HTML: no store, and nobody's face.

A notebook, the page on the site and whoever else shows a worksheet go by the same functions, so
that the same records read the same everywhere.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import TypeVar, cast

from playbook_helpers.core.assessment import Assessment, Context, Head, Row, Severity, current
from playbook_helpers.core.errors import NotFound
from playbook_helpers.core.practice import Practice
from playbook_helpers.drawing.chart import shown
from playbook_helpers.drawing.controls import WhatIf
from playbook_helpers.drawing.display import Html, Images
from playbook_helpers.drawing.html import Markup, element, joined
from playbook_helpers.drawing.tables import Column, Table
from playbook_helpers.practices.communication import for_showing, gate_day
from playbook_helpers.practices.communication.pages import calendar_html, progress_report_html
from playbook_helpers.practices.communication.records import Scope
from playbook_helpers.practices.kinds import record_type
from playbook_helpers.practices.views import charts_of, pages_of, what_ifs_of
from playbook_helpers.worksheet.sections.decisions import decided, talked_about
from playbook_helpers.worksheet.sections.records import record_list
from playbook_helpers.worksheet.sections.results import (
    Findings,
    findings_html,
    measures_html,
)

_Kind = TypeVar("_Kind")
_VERDICTS = {"yes": "Yes", "partial": "In part", "no": "No"}


@dataclass(frozen=True)
class WorksheetView:
    """What one practice's worksheet says of the `heads` that it reads.

    `scope` is who may get to see it: words of stories that may not be told there are left out.
    `images` says what charts carry beside their HTML.
    """

    practice: Practice
    heads: Sequence[Head]
    context: Context
    scope: Scope = "public"
    images: Images = "svg"

    @cached_property
    def assessment(self) -> Assessment:
        """The assessment of the records."""
        return self.practice.assessed(self.heads, self.context)

    @property
    def name(self) -> str:
        """The partnership's name, or its short name where none is written down."""
        return self.context.partnership.name if self.context.partnership else self.context.slug

    @property
    def invented(self) -> bool:
        """Whether the partnership is invented for practice."""
        return bool(self.context.partnership and self.context.partnership.invented)

    def title(self, before: str | Markup = "") -> Markup:
        """Whose worksheet this is, as of when, and where to begin if nothing is written down."""
        day, when = self.context.as_of, self.context.round
        facts = f"Worked out as of {day.day} {day:%B %Y}" + (f", round {when}" if when else "")
        return joined(
            element("p", before, self.name, class_="pb-title"),
            element("p", facts, ".", class_="pb-facts"),
            self.invented
            and element("p", "This partnership is invented for practice.", class_="pb-invented"),
        )

    def beginning(self) -> Markup:
        """Where to begin, if nothing is written down yet."""
        if any(head.practice == self.practice.stem for head in current(self.heads)):
            return Markup()
        # A practice without a record has at least one finding that says how to begin.
        notes = (f for f in self.assessment.findings if f.severity == "note" and f.next_step)
        words = next((f"{finding.sentence} {finding.next_step}" for finding in notes), "")
        return element("p", element("strong", "Begin here."), " ", words, class_="pb-empty")

    def measures(self) -> Html | Table:
        """The measures, each with what it rests on."""
        return measures_html(self.assessment)

    def findings(self, only: tuple[Severity, ...] = ()) -> Findings | Html:
        """What the records say, most serious first, each with a next step."""
        return findings_html(self.assessment, only=only)

    def chart(self, name: str, **choice: str) -> Html:
        """The chart or charts of that name; `choice` picks one, such as goal="Readiness"."""
        kind = named(charts_of(self.practice), name, "chart")
        charts = kind(self.assessment, **choice)
        if not charts:
            return _empty(kind.nothing)
        made = talked_about(self.heads, self.practice.stem, (chart.title for chart in charts))
        return shown(charts, self.images, after=made)

    def what_if(self, name: str) -> WhatIf | Html:
        """The what-if of that name; kind words where there is nothing to try out yet."""
        kind = named(what_ifs_of(self.practice), name, "what-if")
        return kind.make(self.assessment, self.heads, self.context) or _empty(kind.nothing)

    def page(self, name: str, **choice: str) -> Html:
        """The page of that name to print and put up, such as "celebration"."""
        kind = named(pages_of(self.practice), name, "page")
        html = kind(self.assessment, self.name, invented=self.invented, **choice)
        return Html(html, f"A page to print: {name}")

    def records(self, *kinds: str) -> Markup:
        """The records of some kinds, all of the practice's where none is named, as tables."""
        shown = kinds or tuple(type_.kind for type_ in self.practice.record_types)
        return joined(self.table(kind).html() for kind in shown)

    def table(
        self, kind: str, names: tuple[str, ...] = (), heads: Iterable[Head] | None = None
    ) -> Html:
        """The records of one kind, with all answered fields or only those named.

        `heads` are those of a kind that the worksheet itself does not go by.
        """
        type_ = record_type(kind)
        found = [head for head in (self.heads if heads is None else heads) if head.kind == kind]
        told = for_showing(found, self.scope, gate_day(self.context.as_of))
        return record_list(type_, [h.value for h in current(told) if h.value is not None], names)

    def rows(self, part: str, names: tuple[str, ...] = (), caption: str = "") -> Table:
        """A table of the assessment's rows named `part`."""
        held = cast(Mapping[str, tuple[Row, ...]], self.assessment.rows)
        rows = named(held, part, "part of the assessment")
        shown = names or tuple(rows[0] if rows else ())
        columns = tuple(
            Column(name, name.replace("_", " ").capitalize(), words=_VERDICTS) for name in shown
        )
        # A phone has room for three columns; of more it makes a card for each row.
        title, cards = caption or part.replace("_", " ").capitalize(), len(columns) > 3
        return Table(title, columns, tuple(rows), cards=cards)

    def decisions(self) -> Html | Table:
        """What was decided at this worksheet."""
        return decided(self.heads, self.practice.stem)

    def calendar(self) -> Html:
        """A link to the calendar file: when each message and meeting comes round again."""
        return calendar_html(self.context.slug, self.name, self.heads, self.context)

    def progress_report(self, period: str = "", scope: Scope | None = None) -> Html:
        """The drafted progress report; `scope` narrows whom it is for."""
        slug = self.context.slug
        return progress_report_html(slug, self.name, self.heads, self.context, period, scope)


def first_case(chosen: WhatIf, images: Images = "svg") -> Html:
    """A what-if in a document: its starting case."""
    case = chosen.draw({choice.name: choice.start for choice in chosen.controls({})})
    note = "This is the starting case. Open the notebook to try others."
    html = joined(case.html(), element("p", note, class_="pb-facts"))
    return Html(html, f"{case.text()}\n{note}", case.image, images)


def named(known: Mapping[str, _Kind], name: str, what: str) -> _Kind:
    """What is known by a name; raises NotFound listing the names there are."""
    if name not in known:
        there = ", ".join(known) or "none"
        raise NotFound(f"There is no such {what}", value=name, allowed=there)
    return known[name]


def _empty(words: str) -> Html:
    return Html(element("p", words, class_="pb-empty"), words)
