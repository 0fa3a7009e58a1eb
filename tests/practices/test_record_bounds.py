"""What numbers each field takes: the least and the most, and nothing beyond them."""

from __future__ import annotations

import math
import re
from typing import Any

import pytest
from pydantic import ValidationError

from playbook_helpers.core.records import fields_of
from playbook_helpers.practices.kinds import RECORD_TYPES

ANY = math.inf
ABOVE_NOTHING = 1e-6
MOST = 1e15
"""Money and counts that a sum can still bear."""
LIMITS: dict[str, tuple[float, float]] = {
    "activity.population": (1, ANY),
    "activity.invited": (0, ANY),
    "activity.attended": (0, ANY),
    "activity.completed": (0, ANY),
    "activity.cost": (0, ANY),
    "assumption.importance": (1, 5),
    "assumption.evidence": (0, 5),
    "audience.influence": (1, 5),
    "audience.interest": (1, 5),
    "capacity.able": (0, 10_000),
    "community_group.people": (0, ANY),
    "cost.monthly": (0, MOST),
    "exchange_rate.worth": (ABOVE_NOTHING, 1e6),
    "experiment.cost_cap": (0, ANY),
    "fund.amount": (-MOST, MOST),
    "fund.likelihood": (0, 100),
    "goal.confidence": (1, 5),
    "group_count.people": (0, ANY),
    "group_value.out_of": (1, ANY),
    "meeting.people": (1, ANY),
    "meeting.hours": (0.1, 24),
    "meeting.per_month": (0.01, 62),
    "meeting.every_days": (1, 1000),
    "message.every_days": (1, 1000),
    "need.amount": (ABOVE_NOTHING, ANY),
    "offer.amount": (0, ANY),
    "offer.delivered": (0, ANY),
    "reserve.amount": (-MOST, MOST),
    "result.successes": (0, ANY),
    "result.out_of": (1, ANY),
    "social_account.discount_low": (0, 100),
    "social_account.discount": (0, 100),
    "social_account.discount_high": (0, 100),
    "social_input.value": (0, MOST),
    **{
        f"social_outcome.{name}{end}": limits
        for name, limits in {
            "quantity": (0, MOST), "worth": (0, MOST), "deadweight": (0, 100),
            "displacement": (0, 100), "attribution": (0, 100), "drop_off": (0, 100),
            "years": (1, 100),
        }.items()
        for end in ("_low", "", "_high")
    },
    "turnout.answers": (0, 100_000),
}  # fmt: skip
"""Kind and field -> the least and the most that it takes."""


def taken(kind: str, field: str, value: Any) -> bool:
    """Whether a field takes a value, whatever else its record lacks."""
    try:
        RECORD_TYPES[kind].model_validate({field: value})
    except ValidationError as error:
        return not any(each["loc"][:1] == (field,) for each in error.errors())
    return True


@pytest.mark.parametrize("place", LIMITS)
def test_a_field_takes_its_least_and_its_most_and_nothing_beyond(place: str) -> None:
    kind, field = place.split(".")
    least, most = LIMITS[place]
    beyond = 0 if least == ABOVE_NOTHING else least - max(1e-3, abs(least) * 1e-9)
    whole = field in ("years", "years_low", "years_high") or float(least).is_integer()
    assert taken(kind, field, least)
    assert not taken(kind, field, least - 1 if whole else beyond)
    if most is not ANY:
        assert taken(kind, field, most)
        assert not taken(kind, field, most + max(1, abs(most) * 1e-9))


@pytest.mark.parametrize("place", LIMITS)
def test_a_form_knows_the_least_and_the_most_of_a_field(place: str) -> None:
    kind, field = place.split(".")
    (spec,) = [each for each in fields_of(RECORD_TYPES[kind]) if each.name == field]
    least, most = LIMITS[place]
    assert (spec.low, spec.above) == ((None, 0) if least == ABOVE_NOTHING else (least, None))
    assert spec.high == (None if most is ANY else most)


def test_these_are_all_fields_with_limits() -> None:
    found = {
        f"{kind}.{name}"
        for kind, record in RECORD_TYPES.items()
        for name, field in record.model_fields.items()
        if re.search(r"\bg[et]=", f"{field.metadata} {field.annotation!r}", re.IGNORECASE)
    }
    assert found == set(LIMITS)
