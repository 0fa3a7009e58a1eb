"""How long the money lasts, and how much hangs on one source."""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date

from playbook_helpers.errors import InputError


@dataclass(frozen=True, slots=True)
class Concentration:
    """How much of the money comes from few sources.

    `hhi` is the sum of squared shares (1: one source; 1/n: n equal ones); `normalised` runs from
    0 to 1 whatever the number of sources (None with one); `largest_share` is the largest one's.
    """

    hhi: float
    normalised: float | None
    largest_share: float
    sources: int
    left_out: int


def concentration(amounts: Iterable[float]) -> Concentration:
    """The concentration of money over sources; amounts of zero or less are left out and counted.

    HHI = sum of squared shares; normalised (HHI - 1/n) / (1 - 1/n). Sources: Herfindahl (1950)
    and Hirschman (1945). The research on non-profits does not agree on whether a high value is
    bad, so there is no red line. Raises InputError where no amount is above zero.

    >>> c = concentration([50, 30, 20])
    >>> round(c.hhi, 2), round(c.normalised, 2), c.largest_share
    (0.38, 0.07, 0.5)
    """
    given = [float(a) for a in amounts]
    if not all(math.isfinite(a) for a in given):
        raise InputError("An amount is not a number", value=given)
    counted = [a for a in given if a > 0]
    total = math.fsum(counted)
    if not counted:
        raise InputError("There is no amount above zero", value=given, allowed="amounts above 0")
    value = math.fsum((a / total) ** 2 for a in counted)
    n = len(counted)
    return Concentration(
        hhi=value,
        normalised=(value - 1 / n) / (1 - 1 / n) if n > 1 else None,
        largest_share=max(counted) / total,
        sources=n,
        left_out=len(given) - n,
    )


def hhi(amounts: Iterable[float]) -> float:
    """The Herfindahl-Hirschman index of the amounts, between 1/n and 1.

    >>> hhi([1, 1, 1, 1])
    0.25
    """
    return concentration(amounts).hhi


def percentile_among(value: float, reference: Sequence[float]) -> float:
    """The share of `reference` below `value`, counting half of the equal ones, 0 to 100.

    >>> percentile_among(3, [1, 2, 3, 4])
    62.5
    """
    if not reference:
        raise InputError("There is nothing to compare with", value=list(reference))
    below = sum(1 for other in reference if other < value)
    equal = sum(1 for other in reference if other == value)
    return 100 * (below + equal / 2) / len(reference)


@dataclass(frozen=True, slots=True)
class Funding:
    """Money from one source: the whole `amount`, spread evenly over its months.

    `starts` and `ends` are days; `likelihood` a share (1: signed); `restricted_to` names the only
    cost line it may pay for ("" for any).
    """

    source: str
    amount: float
    starts: date
    ends: date
    likelihood: float = 1.0
    signed: bool = True
    restricted_to: str = ""
    currency: str = ""
