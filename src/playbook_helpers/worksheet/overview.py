"""The overview worksheet: the face a notebook sees of one partnership over all practices.

Its cells are a line long each, like those of every worksheet: `ws.next()`, `ws.measures()`,
`ws.findings()`, `ws.gaps()`, `ws.form()`.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import date
from html import escape

from playbook_helpers.core.assessment import Assessment, Severity
from playbook_helpers.core.partial_dates import spoken
from playbook_helpers.core.partnership import OVERVIEW, WORKSHEETS, Decision
from playbook_helpers.core.revisions import Revision
from playbook_helpers.drawing.display import Html, Shown
from playbook_helpers.drawing.tables import NOTHING, Column, Table, number
from playbook_helpers.practices.overview import (
    PRACTICE,
    Filled,
    Moved,
    Overview,
    Standing,
    Thing,
    take_overview,
)
from playbook_helpers.practices.practice import Practice
from playbook_helpers.worksheet.sections.decisions import decided
from playbook_helpers.worksheet.sections.results import Findings, findings_html, measures_html
from playbook_helpers.worksheet.snapshot import Snapshot
from playbook_helpers.worksheet.worksheet import Worksheet

_NOBODY = "nobody yet"
_NO_DATE = "no date yet"
_NOTHING_TO_DO = "Nothing is waiting to be done. Come back at the next round."
_FIELDS = 4
"""Unanswered questions named in the table of what is not filled in; the rest are counted."""


class OverviewWorksheet(Worksheet):
    """The overview of one partnership, as of one date; parameters as those of `Worksheet`.

    Changes are told since each practice's last round: the last day of decisions at its worksheet
    at least four weeks before `as_of`, else the day a year before.
    """

    def __init__(
        self,
        partnership: str,
        *,
        store: str = "",
        as_of: str | date = "",
        round: str = "",  # noqa: A002 - the word people know it by
    ) -> None:
        super().__init__(OVERVIEW, partnership, store=store, as_of=as_of, round=round)
        self._taken: tuple[Snapshot, Overview] | None = None

    def overview(self) -> Overview:
        """The overview of the records."""
        with self._one_reading() as held:
            if self._taken is None or self._taken[0] is not held:
                taken = take_overview(held.heads, held.revisions, self.context(held.heads))
                self._taken = (held, taken)
            return self._taken[1]

    def assess(self) -> Assessment:
        """The findings of all practices, each beginning with the practice's title."""
        view = self.overview()
        titles = {s.stem: s.practice.title for s in view.standings} | {
            OVERVIEW: "The partnership itself"
        }
        findings = tuple(
            replace(f.finding, sentence=f"{titles[f.practice]}. {f.finding.sentence}")
            for f in view.findings
        )
        return Assessment(OVERVIEW, self.slug, self.as_of, findings=findings)

    # What cells show -------------------------------------------------------------------------

    def next(self) -> Shown:
        """The next five things to do, each with who and by when, and where it comes from."""
        return self._shown(lambda: next_html(self.overview()))

    def measures(self) -> Shown:
        """Each practice's few measures, and what has changed in them."""
        return self._shown(lambda: changes_html(self.overview()))

    def findings(self, only: tuple[Severity, ...] = ()) -> Shown:
        """What the records say over all practices: the serious first, then the easy."""
        return self._shown(lambda: self._found(only))

    def gaps(self) -> Shown:
        """What has not been filled in, and when each practice was last touched."""
        return self._shown(lambda: gaps_html(self.overview()))

    def decisions(self) -> Shown:
        """What was decided, at whichever worksheet."""
        return self._shown(lambda: decided(self.heads()))

    # ------------------------------------------------------------------------------------------

    def _records_html(self, kinds: tuple[str, ...]) -> str:
        return decided(self.heads()).html()

    def _read(self) -> Snapshot:
        return Snapshot(self._store, self.slug, whole=True)

    def _beginning_html(self) -> str:
        return ""  # the next things to do stand right below it

    def _practice(self, stem: str) -> Practice:
        return PRACTICE

    def _found(self, only: tuple[Severity, ...]) -> Findings | Html:
        if all(standing.empty for standing in self.overview().standings):
            return _nothing_yet()
        return findings_html(self.assess(), only)

    def _on_form(self, revisions: list[Revision]) -> list[Revision]:
        """All decisions: here is where a group goes through what it decided anywhere."""
        return [r for r in revisions if r.kind == Decision.kind]


def next_html(view: Overview) -> Html:
    """The next things as a numbered list, and how many decisions are done."""
    lines = [f"{n}. {t.what} ({', '.join(_who_when(t))})" for n, t in enumerate(view.next, 1)]
    open_ = f"{view.open} decided and not done, {view.done} done." if view.open or view.done else ""
    more = f'<p class="pb-facts">Decisions: {open_}</p>' if open_ else ""
    return Html(things_html(view.next) + more, "\n".join(lines) or _NOTHING_TO_DO)


def things_html(things: Sequence[Thing]) -> str:
    """Things to do as a numbered list: what, who, by when, and why."""
    if not things:
        return f'<p class="pb-empty">{_NOTHING_TO_DO}</p>'
    return f'<ol class="pb-next">{"".join(map(_thing_html, things))}</ol>'


def _thing_html(thing: Thing) -> str:
    title = WORKSHEETS.get(thing.worksheet, thing.worksheet)
    return (
        f'<li><p class="pb-said">{_lines(thing.what)}</p>'
        f"<p>{escape('. '.join(_who_when(thing)))}.</p>"
        f'<p class="pb-facts">{escape(title)}. {_lines(thing.why)}</p></li>'
    )


def _who_when(thing: Thing) -> tuple[str, str]:
    by = spoken(thing.by) if thing.by else _NO_DATE
    return f"Who: {thing.who or _NOBODY}", f"By when: {by}" + (", late" if thing.late else "")


def changes_html(view: Overview) -> Html:
    """A table of measures for each practice that has begun, with how the change is known."""
    begun = [standing for standing in view.standings if not standing.empty]
    if not begun:
        return _nothing_yet()
    parts = [_changes(standing) for standing in begun]
    empty = [s.practice.title for s in view.standings if s.empty]
    if empty:
        parts.append(
            f'<p class="pb-facts">Nothing is written down yet for: {escape(", ".join(empty))}.</p>'
        )
    text = "\n".join(_table(standing).text() for standing in begun)
    return Html("".join(parts), text)


def _changes(standing: Standing) -> str:
    # How changes are known goes before why others are not.
    told = sorted(standing.measures, key=lambda moved: moved.change is None)
    whys = list(dict.fromkeys(moved.why for moved in told if moved.why))
    return _table(standing).html() + (
        f'<p class="pb-facts">{escape(" ".join(whys))}</p>' if whys else ""
    )


def _table(standing: Standing) -> Table:
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


def _nothing_yet() -> Html:
    words = (
        "Nothing is written down yet. Begin with the worksheet that fits what you meet about "
        "next: most groups take trust or goals first."
    )
    return Html(f'<p class="pb-empty">{words}</p>', words)


def _lines(text: str) -> str:
    return escape(text).replace("\n", "<br>")


__all__ = [
    "OverviewWorksheet",
    "change_text",
    "changes_html",
    "gaps_html",
    "next_html",
    "things_html",
]
