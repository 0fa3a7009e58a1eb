"""The sections of the overview: what to do next, what has changed, what has not been filled in."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import cached_property

from playbook_helpers.core.assessment import Assessment, Severity
from playbook_helpers.core.partial_dates import spoken
from playbook_helpers.core.partnership import OVERVIEW, WORKSHEETS
from playbook_helpers.core.revisions import Revision
from playbook_helpers.drawing.display import Html
from playbook_helpers.drawing.html import Markup, element, in_lines, joined
from playbook_helpers.drawing.tables import NOTHING, Column, Table, number
from playbook_helpers.practices.overview import (
    Filled,
    Moved,
    Overview,
    PracticeSummary,
    Thing,
    take_overview,
)
from playbook_helpers.worksheet.sections.decisions import decided
from playbook_helpers.worksheet.sections.results import Findings, findings_html, measures_html
from playbook_helpers.worksheet.sections.view import WorksheetView

_NOBODY = "nobody yet"
_NO_DATE = "no date yet"
_NOTHING_TO_DO = "Nothing is waiting to be done. Come back at the next round."
_FIELDS = 4
"""Unanswered questions named in the table of what is not filled in; the rest are counted."""


@dataclass(frozen=True)
class OverviewView(WorksheetView):
    """What the overview worksheet says: `heads` are all records, `revisions` their saved states."""

    revisions: Sequence[Revision] = ()

    @cached_property
    def view(self) -> Overview:
        """The overview of the records."""
        return take_overview(self.heads, self.revisions, self.context)

    @cached_property
    def assessment(self) -> Assessment:
        """The findings of all practices, each beginning with the practice's title."""
        titles = {s.stem: s.practice.title for s in self.view.standings}
        titles[OVERVIEW] = "The partnership itself"
        findings = tuple(
            replace(f.finding, sentence=f"{titles[f.practice]}. {f.finding.sentence}")
            for f in self.view.findings
        )
        context = self.context
        return Assessment(OVERVIEW, context.slug, context.as_of, findings=findings)

    def beginning(self) -> Markup:
        """Nothing: the next things to do stand right below."""
        return Markup()

    def next(self) -> Html:
        """The next five things to do, each with who and by when, and where it comes from."""
        return next_html(self.view)

    def measures(self) -> Html:
        """Each practice's few measures, and what has changed in them."""
        return changes_html(self.view)

    def findings(self, only: tuple[Severity, ...] = ()) -> Findings | Html:
        """What the records say over all practices: the serious first, then the easy."""
        if all(standing.empty for standing in self.view.standings):
            return nothing_yet()
        homes = {
            head.record: head.practice if head.practice in WORKSHEETS else OVERVIEW
            for head in self.heads
        }
        return findings_html(self.assessment, only, worksheets=homes)

    def gaps(self) -> Table:
        """What has not been filled in, and when each practice was last touched."""
        return gaps_html(self.view)

    def records(self, *kinds: str) -> Markup:
        """What was decided, at whichever worksheet."""
        return decided(self.heads).html()

    def decisions(self) -> Html | Table:
        """What was decided, at whichever worksheet."""
        return decided(self.heads)


def next_html(view: Overview) -> Html:
    """The next things as a numbered list, and how many decisions are done."""
    said = [f"{n}. {t.what} ({', '.join(_who_when(t))})" for n, t in enumerate(view.next, 1)]
    open_ = f"{view.open} decided and not done, {view.done} done." if view.open or view.done else ""
    more = element("p", f"Decisions: {open_}", class_="pb-facts") if open_ else None
    return Html(joined(things_html(view.next), more), "\n".join(said) or _NOTHING_TO_DO)


def things_html(things: Sequence[Thing]) -> Markup:
    """Things to do as a numbered list: what, who, by when, and why."""
    if not things:
        return element("p", _NOTHING_TO_DO, class_="pb-empty")
    return element("ol", map(_thing_html, things), class_="pb-next")


def _thing_html(thing: Thing) -> Markup:
    title = WORKSHEETS.get(thing.worksheet, thing.worksheet)
    return element(
        "li",
        element("p", in_lines(thing.what), class_="pb-said"),
        element("p", ". ".join(_who_when(thing)), "."),
        element("p", title, ". ", in_lines(thing.why), class_="pb-facts"),
        data_record=thing.records[0] if thing.records else None,
        data_worksheet=thing.worksheet if thing.records else None,
    )


def _who_when(thing: Thing) -> tuple[str, str]:
    by = spoken(thing.by) if thing.by else _NO_DATE
    return f"Who: {thing.who or _NOBODY}", f"By when: {by}" + (", late" if thing.late else "")


def changes_html(view: Overview) -> Html:
    """A table of measures for each practice that has begun, with how the change is known."""
    begun = [standing for standing in view.standings if not standing.empty]
    if not begun:
        return nothing_yet()
    parts = [_changes(standing) for standing in begun]
    empty = [s.practice.title for s in view.standings if s.empty]
    if empty:
        words = f"Nothing is written down yet for: {', '.join(empty)}."
        parts.append(element("p", words, class_="pb-facts"))
    text = "\n".join(_table(standing).text() for standing in begun)
    return Html(joined(parts), text)


def _changes(standing: PracticeSummary) -> Markup:
    # How changes are known goes before why others are not.
    told = sorted(standing.measures, key=lambda moved: moved.change is None)
    whys = list(dict.fromkeys(moved.why for moved in told if moved.why))
    known = element("p", " ".join(whys), class_="pb-facts") if whys else None
    return joined(_table(standing).html(), known)


def _table(standing: PracticeSummary) -> Table:
    names = [moved.now.name for moved in standing.measures]
    rows = [dict(row) for row in measures_html(standing.assessment, *names).rows]
    for row, moved in zip(rows, standing.measures, strict=True):
        row["change"] = change_text(moved)
        # What to know about the number, unless that is why there is none.
        span = str(row.get("range", NOTHING)).strip(NOTHING) if moved.now.low is not None else ""
        notes = (f"range {span}" if span else "", str(row["note"]).strip(NOTHING))
        change = f"change {moved.note}" if moved.note.startswith("between") else moved.note
        row["note"] = "; ".join(note for note in (*notes, change) if note) or NOTHING
    columns = [
        Column("label", "What"),
        Column("value", "Now", align="right"),
        Column("rests", "Rests on", align="right"),
        Column("change", "Change", format="text"),
    ]
    if any(row["note"] != NOTHING for row in rows):
        columns.append(Column("note", "To know", format="text"))
    return Table(standing.practice.title, tuple(columns), tuple(rows), cards=True)


def change_text(moved: Moved) -> str:
    """The change of a measure in words, with its unit and since when.

    >>> from datetime import date
    >>> from playbook_helpers.core.assessment import Measure
    >>> now, then = Measure("a", "A", 70.0, "%"), Measure("a", "A", 40.0, "%")
    >>> change_text(Moved("goals", now, then, 30.0, date(2025, 10, 31)))
    '30 points more than on 31 October 2025 (40)'
    >>> change_text(Moved("goals", now))
    'not known'
    """
    if moved.change is None:
        return "not known"
    since = "in the round before"
    if moved.since is not None:
        since = f"on {spoken(moved.since.isoformat())}"
    size = number(abs(moved.change), 1 if moved.now.unit == "%" else None)
    was = ""
    if moved.before is not None and moved.before.value is not None:
        was = f" ({number(moved.before.value, 1 if moved.now.unit == '%' else None)})"
    if size == "0":
        return f"the same as {since}"
    unit = "points" if moved.now.unit == "%" else moved.now.unit
    if unit == "of 5":
        unit = ""
    if size == "1" and unit.endswith("s"):
        unit = unit[:-1]
    way = "more" if moved.change > 0 else "less"
    return " ".join(part for part in (size, unit, way, "than", since) if part) + was


def gaps_html(view: Overview) -> Table:
    """For each practice: how many records, since when nothing was written, and what is empty."""
    rows = tuple(
        {
            "title": f.title,
            "records": f.records,
            "touched": _touched(f),
            "none": ", ".join(f.none) or "–",
            "fields": _some(f.fields),
            "settle": _to_settle(f),
        }
        for f in view.filled
    )
    columns = [
        Column("title", "Practice"),
        Column("records", "Records"),
        Column("touched", "Last written", format="text"),
        Column("none", "Nothing yet under", format="text"),
        Column("fields", "Questions nobody has answered", format="text"),
    ]
    if any(row["settle"] != "–" for row in rows):
        columns.append(Column("settle", "To settle", format="text"))
    return Table("What has not been filled in", tuple(columns), rows)


def _touched(filled: Filled) -> str:
    if filled.touched is None:
        return "not known" if filled.records else "never"
    return spoken(filled.touched.isoformat())


def _some(names: tuple[str, ...]) -> str:
    more = len(names) - _FIELDS
    listed = "\n".join(names[:_FIELDS])
    return (listed + (f"\nand {more} more" if more > 0 else "")) or "–"


def _to_settle(filled: Filled) -> str:
    parts = []
    if filled.rivals:
        parts.append(f"{filled.rivals} changed by two at once")
    if filled.unread:
        parts.append(f"{filled.unread} that cannot be read")
    return ", ".join(parts) or "–"


def nothing_yet() -> Html:
    """What stands where nothing is written down at any worksheet."""
    words = (
        "Nothing is written down yet. Begin with the worksheet that fits what you meet about "
        "next: most groups take trust or goals first."
    )
    return Html(element("p", words, class_="pb-empty"), words)
