"""Measures and findings as a reader sees them: escaped HTML with plain text beside it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from playbook_helpers.core.assessment import (
    SEVERITIES,
    SEVERITY_WORDS,
    Assessment,
    Effort,
    Finding,
    Measure,
    Severity,
    sorted_findings,
)
from playbook_helpers.core.errors import InputError
from playbook_helpers.core.units import unit_beside
from playbook_helpers.drawing.html import Markup, element, in_lines, joined
from playbook_helpers.drawing.tables import NOTHING, UNKNOWN, Column, Table, number, styled

EFFORT_WORDS: dict[Effort, str] = {
    "minutes": "takes minutes",
    "meeting": "takes a meeting",
    "months": "takes months",
}
SHOWN_AT_ONCE = 3
"""Findings that are shown open, as many as a group can talk about; the rest are one click away."""
SHOWN_IN_ALL = 60
"""Findings of one severity that a page holds at most; the assessment's data holds them all."""


@dataclass(frozen=True, slots=True)
class Findings:
    """Findings, most serious first and the easy ones before the hard ones."""

    findings: tuple[Finding, ...]
    worksheets: Mapping[str, str] = field(default_factory=dict)
    """Record id -> the worksheet it is changed at, where that is not the one they stand in."""

    def html(self) -> Markup:
        """The three that matter first as a list, and the others behind a summary."""
        if not self.findings:
            return element("p", "Nothing to report under this heading.", class_="pb-empty")
        held, left = [], []
        for severity in SEVERITIES:
            group = [f for f in self.findings if f.severity == severity]
            held += group[:SHOWN_IN_ALL]
            if (beyond := len(group) - SHOWN_IN_ALL) > 0:
                words = SEVERITY_WORDS[severity].lower()
                left.append(element("p", f"And {beyond:,} more not listed here: {words}."))
        rest = held[SHOWN_AT_ONCE:]
        return joined(
            self._list(held[:SHOWN_AT_ONCE]),
            bool(rest)
            and element(
                "details",
                element(
                    "summary", "1 more finding" if len(rest) == 1 else f"{len(rest)} more findings"
                ),
                self._list(rest),
                left,
                class_="pb-more pb-others",
            ),
        )

    def _list(self, findings: Iterable[Finding]) -> Markup:
        items = (
            _item(f, self.worksheets.get(f.records[0]) if f.records else None) for f in findings
        )
        return element("ul", items, class_="pb-findings")

    def text(self) -> str:
        """The findings as plain text, one to a line; as many of each severity as a page holds."""
        lines = []
        for severity in SEVERITIES:
            group = [f for f in self.findings if f.severity == severity]
            words = SEVERITY_WORDS[severity]
            lines += [f"{words}: {f.sentence} {f.next_step}".strip() for f in group[:SHOWN_IN_ALL]]
            if len(group) > SHOWN_IN_ALL:
                lines.append(f"{words}: {len(group) - SHOWN_IN_ALL:,} more of this kind")
        return "\n".join(lines) or "Nothing to report under this heading."

    def _repr_mimebundle_(self, **_: Any) -> dict[str, str]:
        return {"text/html": styled(self.html()), "text/plain": self.text()}


def findings_html(
    assessment: Assessment,
    only: Sequence[Severity] | Severity = (),
    *,
    codes: Iterable[str] = (),
    worksheets: Mapping[str, str] | None = None,
) -> Findings:
    """The findings of `assessment`, all or only those of some severities or codes.

    `worksheets` says of a record where it is changed, if elsewhere.

    Raises InputError for a severity that does not exist.
    """
    wanted = (only,) if isinstance(only, str) else tuple(only)
    for severity in wanted:
        if severity not in SEVERITIES:
            raise InputError(
                "There is no such severity", value=severity, allowed=", ".join(SEVERITIES)
            )
    named = frozenset(codes)
    return Findings(
        tuple(
            f
            for f in sorted_findings(assessment.findings)
            if (not wanted or f.severity in wanted) and (not named or f.code in named)
        ),
        worksheets or {},
    )


def measures_html(assessment: Assessment, *names: str) -> Table:
    """The measures as a table: value, range, what it rests on, and what to know about it.

    `names` picks some of them, in that order; KeyError (with those there are) for unknown ones.
    """
    measures = [assessment.measure(name) for name in names] if names else assessment.measures
    rows = tuple(_measure_row(measure) for measure in measures)
    columns = [Column("label", "What"), Column("value", "Value", align="right")]
    for key, label in (("range", "Range"), ("rests", "Rests on"), ("note", "To know")):
        if any(row[key] for row in rows):
            columns.append(Column(key, label, format="text"))
    shown = tuple(
        {k: v or (NOTHING if k in ("range", "note") else v) for k, v in r.items()} for r in rows
    )
    return Table("What the records add up to", tuple(columns), shown, cards=True)


def _measure_row(measure: Measure) -> dict[str, str]:
    bounds = (measure.low, measure.high)
    span = ""
    if None not in bounds:
        low, high = (with_unit(bound, measure.unit) for bound in bounds)
        span = f"{low} to {high}" + (f" ({measure.interval})" if measure.interval else "")
    elif measure.value is not None:
        span = measure.interval
    rests = number(measure.n) + (f" ({number(measure.missing)} missing)" if measure.missing else "")
    return {
        "label": measure.label,
        "value": with_unit(measure.value, measure.unit),
        "range": span,
        "rests": rests,
        "note": measure.note,
    }


def with_unit(value: float | None, unit: str) -> str:
    """A measure's value with its unit, as people write it.

    >>> with_unit(31.25, "%"), with_unit(1500, "USD"), with_unit(1, "goals"), with_unit(None, "%")
    ('31.2%', 'USD 1,500', '1 goal', 'not known')
    """
    if value is None:
        return UNKNOWN
    if unit == "%":
        return f"{number(value, 1)}%"
    if len(unit) == 3 and unit.isupper():
        return f"{unit} {number(value)}"
    return f"{number(value)} {unit_beside(value, unit)}".strip()


def _item(finding: Finding, worksheet: str | None) -> Markup:
    severity = SEVERITY_WORDS[finding.severity]
    if finding.next_step and finding.severity != "good":
        severity += f" · {EFFORT_WORDS[finding.effort]}"
    return element(
        "li",
        element("p", severity, class_="pb-severity"),
        element("p", in_lines(finding.sentence), class_="pb-said"),
        _labelled("Next:", finding.next_step),
        finding.better
        and (
            element("p", element("strong", "Wording to start from:")),
            element("p", finding.better, class_="pb-better"),
        ),
        _labelled("To talk about:", finding.question),
        class_=f"pb-finding pb-{finding.severity}",
        # Which record to change: the page and a served report make a way there of it.
        data_record=finding.records[0] if finding.records else None,
        data_worksheet=worksheet,
    )


def _labelled(label: str, text: str) -> Markup | None:
    return element("p", element("strong", label), " ", in_lines(text)) if text else None
