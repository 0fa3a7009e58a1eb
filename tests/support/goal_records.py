"""Goals and measurements as a store gives them, and what is read out of their assessment."""

from __future__ import annotations

from datetime import date
from typing import Any

from playbook_helpers.core.assessment import Assessment, Context, Finding, Head
from playbook_helpers.core.records import Record
from playbook_helpers.practices.goals import Goal, Measurement, assess

CONTEXT = Context("riverside-invented", date(2026, 6, 30))


def head(record: Record, number: int, **more: Any) -> Head:
    identity = f"{record.kind}-{number:05d}"
    return Head(
        identity,
        identity,
        record.practice,
        record.kind,
        record.payload(),
        record,
        client_time=f"2026-01-01T{number:06d}",
        **more,
    )


def worked_out(*records: Record, context: Context = CONTEXT) -> Assessment:
    return assess([head(record, number) for number, record in enumerate(records)], context)


def goal(name: str = "Poverty", **more: Any) -> Goal:
    facts: dict[str, Any] = {
        "sentence": "Fewer people in poverty",
        "level": "outcome",
        "unit": "percent",
        "baseline_value": 14.5,
        "baseline_date": "2015",
        "target_value": 7.25,
        "target_date": "2030",
    }
    return Goal(name=name, **{**facts, **more})


def values(name: str, *pairs: tuple[str, float], **more: Any) -> list[Measurement]:
    return [Measurement(goal=name, date=when, value=value, **more) for when, value in pairs]


def row(assessment: Assessment, place: int = 0) -> dict[str, Any]:
    return dict(assessment.rows["progress"][place])


def codes(assessment: Assessment) -> set[str]:
    return {finding.code for finding in assessment.findings}


def the(assessment: Assessment, code: str) -> Finding:
    return next(finding for finding in assessment.findings if finding.code == code)
