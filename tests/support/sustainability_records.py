"""Funds and outcomes of a town, and what the sustainability worksheet makes of records."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from typing import Any

from chart_results import CHARTS

from playbook_helpers.core.assessment import Assessment, Context, Head
from playbook_helpers.core.partnership import Partnership
from playbook_helpers.core.records import Record
from playbook_helpers.practices.sustainability import assess
from playbook_helpers.practices.sustainability.records import Fund, SocialOutcome

AS_OF = date(2026, 10, 31)
CONTEXT = Context("town", AS_OF, Partnership(name="Town", currency="GBP"))


def heads(records: Iterable[Record]) -> list[Head]:
    return [
        Head(f"{r.kind}-{n:05d}", f"{r.kind}-{n:05d}", r.practice, r.kind, r.payload(), r)
        for n, r in enumerate(records)
    ]


def worked_out(*records: Record, context: Context = CONTEXT) -> Assessment:
    return assess(heads(records), context)


def codes(assessment: Assessment) -> set[str]:
    return {finding.code for finding in assessment.findings}


def fund(name: str, amount: float | None = 1200, **more: Any) -> Fund:
    given = {"starts": "2026-11", "ends": "2027-10", "signed": True} | more
    return Fund(name=name, amount=amount, **given)


def every_chart(assessment: Assessment) -> str:
    return "".join(c.html() for draw in CHARTS["sustainability"].values() for c in draw(assessment))


def outcome(**more: Any) -> SocialOutcome:
    given = {"name": "Work", "quantity": 10, "worth": 1000, "deadweight": 20, "attribution": 50}
    return SocialOutcome(**(given | more))
