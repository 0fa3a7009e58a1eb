"""Assumptions, experiments and results as a store gives them, and what is read out of them."""

from __future__ import annotations

from datetime import date
from typing import Any

from playbook_helpers.core.assessment import Assessment, Context, Head
from playbook_helpers.core.records import Record
from playbook_helpers.core.revisions import Revision
from playbook_helpers.practices.innovation import Experiment, assess

AS_OF = date(2026, 10, 31)


def heads(*records: Record) -> list[Head]:
    return [
        Head(f"r{n:05d}", f"v{n:05d}", r.practice, r.kind, r.payload(), r)
        for n, r in enumerate(records)
    ]


def worked_out(
    *records: Record, history: dict[str, tuple[Revision, ...]] | None = None
) -> Assessment:
    return assess(heads(*records), Context("east", AS_OF, history=history or {}))


def codes(assessment: Assessment) -> set[str]:
    return {finding.code for finding in assessment.findings}


def experiment(name: str = "Drop-in", **more: Any) -> Experiment:
    return Experiment(name=name, **more)


def the_row(assessment: Assessment, name: str = "Drop-in") -> dict[str, Any]:
    return next(dict(r) for r in assessment.rows["experiments"] if r["name"] == name)
