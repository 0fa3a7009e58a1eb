"""Needs and offers as a store gives them, and what is read out of their assessment."""

from __future__ import annotations

from datetime import date
from typing import Any

from playbook_helpers.core.assessment import Assessment, Context, Head
from playbook_helpers.core.partnership import Partnership
from playbook_helpers.core.records import Record
from playbook_helpers.practices.resources import Need, Offer, assess

AS_OF = date(2026, 6, 30)
CONTEXT = Context("riverside-invented", AS_OF, Partnership(name="Riverside", currency="GBP"))


def head(record: Record, number: int) -> Head:
    identity = f"{record.kind}-{number:05d}"
    return Head(identity, identity, record.practice, record.kind, record.payload(), record)


def heads(*records: Record) -> list[Head]:
    return [head(record, number) for number, record in enumerate(records)]


def worked_out(*records: Record, context: Context = CONTEXT) -> Assessment:
    return assess(heads(*records), context)


def offer(partner: str, what: str, kind: str = "staff_time", **more: Any) -> Offer:
    return Offer(partner=partner, what=what, type=kind, **more)


def need(name: str, kind: str = "staff_time", **more: Any) -> Need:
    return Need(name=name, type=kind, **more)


def the_need(assessment: Assessment, name: str) -> dict[str, Any]:
    return next(dict(row) for row in assessment.rows["needs"] if row["name"] == name)


def codes(assessment: Assessment) -> set[str]:
    return {finding.code for finding in assessment.findings}


def finding(assessment: Assessment, code: str) -> Any:
    return next(f for f in assessment.findings if f.code == code)


HOURS = {"amount": 100, "unit": "hours"}
