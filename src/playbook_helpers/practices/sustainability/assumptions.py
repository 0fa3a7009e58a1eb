"""What a social return is assumed from: ranges, and changes for groups of people."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from playbook_helpers.core.errors import InputError
from playbook_helpers.practices.sustainability.funding import cell_text


@dataclass(frozen=True, slots=True)
class Range:
    """An assumption: its lowest, central and highest believable value. Raises InputError for a
    wrong order."""

    low: float
    central: float
    high: float

    def __post_init__(self) -> None:
        numbers = (self.low, self.central, self.high)
        if not all(math.isfinite(n) for n in numbers) or not self.low <= self.central <= self.high:
            raise InputError("A range is out of order", value=numbers, allowed="low, central, high")


def sure(value: float) -> Range:
    """A value with no doubt about it."""
    return Range(value, value, value)


def range_of(given: Any) -> Range:
    """A range from a range, one number (no doubt about it), three numbers, or a dictionary.

    Raises InputError for anything else.

    >>> range_of((0.1, 0.2, 0.5)) == range_of({"low": 0.1, "central": 0.2, "high": 0.5})
    True
    """
    if isinstance(given, Range):
        return given
    three = [given] * 3
    if isinstance(given, Mapping):
        three = [given.get(end) for end in ("low", "central", "high")]
    elif isinstance(given, Sequence) and not isinstance(given, str) and len(given) == 3:
        three = list(given)
    try:
        return Range(*(float(value) for value in three))
    except (TypeError, ValueError):
        raise InputError(
            "This is no assumption", value=given, allowed="a number, or low, central and high"
        ) from None


@dataclass(frozen=True, slots=True)
class Outcome:
    """One change for one group of people; `worth` below zero is a loss that was caused.

    `quantity` counts people or things, `worth` is money a year for one of them, `duration` whole
    years, the other assumptions shares from 0 to 1. Each is a `Range`, or what `range_of` makes
    one of: a number, or (low, central, high). `group` and `change` serve to spot what is
    counted twice. `proxy_source` says where the worth comes from.
    """

    name: str
    quantity: Range
    worth: Range
    deadweight: Range = Range(0, 0, 0)
    displacement: Range = Range(0, 0, 0)
    attribution: Range = Range(0, 0, 0)
    drop_off: Range = Range(0, 0, 0)
    duration: Range = Range(1, 1, 1)
    group: str = ""
    change: str = ""
    proxy_source: str = ""

    def __post_init__(self) -> None:
        for name in ASSUMPTIONS:
            object.__setattr__(self, name, range_of(getattr(self, name)))
        for name in ("group", "change", "proxy_source"):
            object.__setattr__(self, name, cell_text(getattr(self, name)))


ASSUMPTIONS = (
    "quantity",
    "worth",
    "deadweight",
    "displacement",
    "attribution",
    "drop_off",
    "duration",
)


LINEAR = ("quantity", "worth", "deadweight", "displacement", "attribution")
WORDS = {name: name.replace("_", "-") for name in ASSUMPTIONS} | {
    "attribution": "attribution to others"
}
