"""Records written down on a day of their own, for the tests of the overview."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from playbook_helpers.core.partnership import Decision
from playbook_helpers.core.records import Record, fields_of
from playbook_helpers.core.revisions import Revision, new_revision
from playbook_helpers.practices.goals import Goal
from playbook_helpers.practices.trust import CheckIn


def written(record: Record, day: str, **more: Any) -> Revision:
    """The record as written on a day."""
    return replace(new_revision("our-town", record, **more), client_time=f"{day}T09:00:00.000Z")


GOAL = Goal(
    name="Reading",
    sentence="Raise the share of children who read well from 40% to 60% by 2028.",
    level="outcome",
    unit="percent",
    baseline_value=40,
    baseline_date="2024-03",
    target_value=60,
    target_date="2028-03",
)


def decision(**given: Any) -> Decision:
    return Decision(**{"worksheet": "goals", "date": "2027-01", "decided": "Ask"} | given)


def check_ins(when: str, answer: int) -> list[CheckIn]:
    items = [spec.name for spec in fields_of(CheckIn) if (spec.low, spec.high) == (1, 5)]
    items = items or [s.name for s in fields_of(CheckIn) if s.type == "choice"][1:]
    values = [f.entry.choices for f in fields_of(CheckIn) if f.name in items]
    pick = str(answer) if values and values[0] else answer
    return [CheckIn(round=when, **dict.fromkeys(items, pick)) for _ in range(12)]
