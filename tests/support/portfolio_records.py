"""A town's records as a store gives them, and what the portfolio takes of them."""

from __future__ import annotations

from datetime import date
from typing import Any

from playbook_helpers.core.assessment import Head
from playbook_helpers.practices.kinds import RECORD_TYPES, read_value
from playbook_helpers.publish.portfolio.digest import Digest, make_digest

DAY = date(2026, 11, 26)


def head(kind: str, number: int = 1, **payload: Any) -> Head:
    value, problem = read_value(kind, payload)
    assert not problem, problem
    practice = RECORD_TYPES[kind].practice
    return Head(
        record=f"{kind}-{number}",
        revision=f"v-{kind}-{number}",
        practice=practice,
        kind=kind,
        payload=payload,
        value=value,
        client_time=f"2026-01-01T00:00:{number:02d}.000Z",
    )


def town(**more: Any) -> Head:
    return head("partnership", **{"name": "Our Town", "place": "Northfield", **more})


def goal(number: int = 1, **more: Any) -> Head:
    given: dict[str, Any] = {"name": f"Goal {number}", "sentence": "We will.", "level": "outcome"}
    return head("goal", number, **(given | more))


def reading(**more: Any) -> Head:
    """From 50 in 2020 to 70 in 2028."""
    way = {"baseline_value": 50, "baseline_date": "2020", "target_value": 70}
    return goal(**({"name": "Reading", "target_date": "2028", "owner_role": "Lead"} | way | more))


def measured(*values: tuple[str, float], **more: Any) -> list[Head]:
    return [
        head("measurement", place, goal="Reading", date=when, value=value, **more)
        for place, (when, value) in enumerate(values, start=1)
    ]


def digest(*heads: Head, slug: str = "our-town", as_of: date | None = None) -> Digest:
    return make_digest(slug, heads, DAY, as_of)
