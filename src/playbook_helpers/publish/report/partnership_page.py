"""What stands on the page above a partnership's worksheets, and in the files beside it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from playbook_helpers.core.assessment import Assessment, Context, Finding, Head, current, of_type
from playbook_helpers.core.partial_dates import spoken
from playbook_helpers.core.partnership import OVERVIEW, SECTORS, Partner, Partnership
from playbook_helpers.core.revisions import Revision
from playbook_helpers.practices import PRACTICES
from playbook_helpers.practices.overview import things_to_do
from playbook_helpers.practices.overview.changes import take_standing
from playbook_helpers.publish.report.executed import Executed
from playbook_helpers.publish.report.standing_picture import picture_of
from playbook_helpers.worksheet.sections.results import Findings, findings_html, measures_html

FIGURES = 4
"""Measures of a worksheet on the page above it."""
FINDINGS = 3
"""Findings of a worksheet on the page above it."""


@dataclass(frozen=True, slots=True)
class Facts:
    """A partnership as its records have it at one moment."""

    slug: str
    record: Partnership | None
    partners: tuple[Partner, ...]
    heads: tuple[Head, ...]
    history: Mapping[str, tuple[Revision, ...]] = field(default_factory=dict)

    @property
    def name(self) -> str:
        """Its name, or its short name where none is written down."""
        return self.record.name if self.record else self.slug

    @property
    def invented(self) -> bool:
        """Whether it is made up for practice."""
        return bool(self.record and self.record.invented)


def read_facts(
    slug: str, heads: Iterable[Head], history: Mapping[str, tuple[Revision, ...]] | None = None
) -> Facts:
    """The facts in a partnership's heads; `history` of the records that assessments look into."""
    held = tuple(heads)
    now = current(held)
    record = next((value for _, value in of_type(now, Partnership)), None)
    partners = tuple(partner for _, partner in of_type(now, Partner))
    return Facts(slug, record, partners, held, history or {})


def assess_executed(facts: Facts, worksheet: Executed) -> Assessment | None:
    """The assessment behind a worksheet, as of the date it was run for; None without a practice."""
    context = _context(facts, worksheet)
    if worksheet.practice is None or context is None:
        return None
    return worksheet.practice.assessed(facts.heads, context)


def _context(facts: Facts, worksheet: Executed) -> Context | None:
    told = worksheet.made.get("parameters", {})
    if not told.get("as_of"):
        return None
    return Context(
        facts.slug,
        date.fromisoformat(told["as_of"]),
        facts.record,
        facts.partners,
        str(told.get("round", "")),
        facts.history,
    )


def page_values(
    facts: Facts,
    worksheets: Sequence[Executed],
    assessments: Mapping[str, Assessment],
    picture: Mapping[str, Any] | None = None,
) -> dict[str, Any]:
    """The values for the template; `picture` is that of `standing_picture`."""
    record = facts.record
    filled = {head.practice for head in facts.heads}
    sections = [
        _section(worksheet, assessments.get(worksheet.stem) if worksheet.stem in filled else None)
        | (_next_things(facts, worksheet, assessments) if worksheet.stem == OVERVIEW else {})
        for worksheet in worksheets
    ]
    return {
        "name": facts.name,
        "invented": facts.invented,
        "purpose": record.purpose if record else "",
        "place": record.place if record else "",
        "source": record.source if record else "",
        "period": _period(record),
        "partner_count": len(facts.partners),
        "sectors": _sectors(facts.partners),
        "worksheets": sections,
        "picture": picture,
    }


def standing_picture(
    facts: Facts,
    worksheets: Sequence[Executed],
    assessments: Mapping[str, Assessment],
    revisions: Iterable[Revision],
) -> dict[str, Any] | None:
    """The eight practices at a glance, as of the day of the overview, or else of the latest.

    `revisions` tell how things stood before.
    """
    contexts = {w.stem: c for w in worksheets if (c := _context(facts, w)) is not None}
    if not contexts:
        return None
    context = contexts.get(OVERVIEW) or max(contexts.values(), key=lambda each: each.as_of)
    held = list(revisions)
    same = {stem: each for stem, each in assessments.items() if each.as_of == context.as_of}
    standings = [
        take_standing(practice, facts.heads, held, context, assessment=same.get(practice.stem))
        for practice in PRACTICES
    ]
    pages = {w.stem: w.page for w in worksheets if w.digest}
    return picture_of(standings, pages)


def _next_things(
    facts: Facts, worksheet: Executed, assessments: Mapping[str, Assessment]
) -> dict[str, Any]:
    """What the page shows of the overview: the next things to do."""
    from playbook_helpers.worksheet.sections.overview import things_html

    context = _context(facts, worksheet)
    if context is None:
        return {}
    same = {stem: each for stem, each in assessments.items() if each.as_of == context.as_of}
    things = things_to_do(facts.heads, context, same)
    return {
        "link": "Open the overview",
        "findings_title": "What to do next",
        "findings": things_html(things),
    }


def _section(worksheet: Executed, assessment: Assessment | None) -> dict[str, Any]:
    notes = []
    if worksheet.failed:
        notes.append(
            "The latest run of this worksheet failed. "
            + ("Its page is from an earlier run." if worksheet.made else "It has no page yet.")
        )
    if worksheet.retired:
        notes.append("It is no longer among the worksheets; its page is from an earlier run.")
    elif worksheet.outdated:
        notes.append(
            "Records have changed since its page was made. Run playbook batch to renew it."
        )
    section: dict[str, Any] = {
        "stem": worksheet.stem,
        "title": worksheet.title,
        "note": " ".join(notes),
        "file": worksheet.page if worksheet.digest else "",
        "notebook": worksheet.path.name if worksheet.digest else "",
        "link": f"Open the worksheet on {worksheet.title.lower()}"
        if worksheet.practice
        else f"Open {worksheet.title}",
        "figures": [],
        "findings": "",
    }
    if assessment is not None:
        known = [m.name for m in assessment.measures if m.value is not None][:FIGURES]
        rows = measures_html(assessment, *known).rows if known else ()
        section["figures"] = [dict(row) | {"basis": _basis(row)} for row in rows]
        top = findings_html(assessment, ("act", "look")).findings
        section["findings_title"] = _findings_title(top)
        if top:
            section["findings"] = Findings(top[:FINDINGS]).html()
    return section


def _basis(row: Mapping[str, str]) -> str:
    """What a figure rests on, and its range where it has one."""
    span = row["range"] if row["range"] not in ("", "–") else ""
    return ", ".join(part for part in (span, f"rests on {row['rests']}") if part)


def _findings_title(findings: tuple[Finding, ...]) -> str:
    if len(findings) <= FINDINGS:
        return "What to look at"
    return f"What to look at first: {FINDINGS} of {len(findings)}"


def _period(record: Partnership | None) -> str:
    if record is None or not (record.starts or record.ends):
        return ""
    start = f"from {spoken(record.starts)}" if record.starts else ""
    end = f"until {spoken(record.ends)}" if record.ends else ""
    return " ".join(part for part in (start, end) if part)


def _sectors(partners: tuple[Partner, ...]) -> list[dict[str, Any]]:
    groups = []
    for sector, title in SECTORS.items():
        names = [
            f"{p.name} (until {spoken(p.left)})" if p.left else p.name
            for p in sorted(partners, key=lambda p: p.name.casefold())
            if p.sector == sector
        ]
        if names:
            groups.append({"title": title, "names": names})
    return groups
