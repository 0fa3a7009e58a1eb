"""One partnership's surplus put to another's gap: the rules, in the open.

1. Only partnerships whose records speak of now take part, and none gives to itself.
2. A spare fits a gap of the same type, unit and period; amounts go to amounts, and what is not
   counted to what is not counted.
3. Dates have to meet: what is spare must be there before the need's date, and must not be over.
4. What comes with strings is never put to another's need: its partner has to be asked.
5. Must-haves come first, then what is due first. What is firm goes first. A spare in the same
   place goes before one elsewhere.
6. Nothing is counted twice: what went to one gap is gone for the next.

A match is a reason to make a telephone call. Whether a room two hours away is of use, people know.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from fractions import Fraction

from playbook_helpers.core.partial_dates import first_day, last_day
from playbook_helpers.core.text import folded
from playbook_helpers.practices.resources.matching import ZERO
from playbook_helpers.publish.portfolio.resources import Gap, Spare

_Pool = tuple[str, str, str, bool]


@dataclass(frozen=True, slots=True)
class Match:
    """What one spare could bring to one gap. `amount` is in the base period; None: yes or no."""

    gap: Gap
    spare: Spare
    amount: Fraction | None
    near: bool
    """Whether both are written down for the same place."""


def match(gaps: Iterable[Gap], spares: Iterable[Spare], day: date) -> tuple[Match, ...]:
    """The matches of a portfolio on `day`, in the order of the gaps; see the rules above."""
    pools: dict[_Pool, list[_Left]] = defaultdict(list)
    for spare in sorted(spares, key=lambda each: each.sort_key):
        if not spare.strings and (not spare.ends or last_day(spare.ends) >= day):
            pool = (spare.type, spare.unit_key, spare.base, spare.amount is None)
            pools[pool].append(_Left(spare, spare.amount))
    places: dict[tuple[_Pool, str], list[_Left]] = defaultdict(list)
    for pool, members in pools.items():
        for left in members:
            if left.spare.place:
                places[pool, folded(left.spare.place)].append(left)
    found: list[Match] = []
    for gap in sorted(gaps, key=lambda each: each.sort_key):
        pool = (gap.type, gap.unit_key, gap.base, gap.amount is None)
        missing = gap.amount
        for near, members in (
            (True, places.get((pool, folded(gap.place)), []) if gap.place else []),
            (False, pools.get(pool, [])),
        ):
            missing = _fill(gap, missing, members, near, found)
            if missing == 0:
                break
    return tuple(found)


@dataclass(slots=True, eq=False)
class _Left:
    """A spare with what is left of it; `gone` once nothing is."""

    spare: Spare
    amount: Fraction | None
    gone: bool = False


def _fill(
    gap: Gap, missing: Fraction | None, members: list[_Left], near: bool, found: list[Match]
) -> Fraction | None:
    """Fill a gap from `members`; what is still missing. What is used up leaves the list."""
    place = 0
    while place < len(members):
        left = members[place]
        if left.gone:
            del members[place]
            continue
        if not _meets(gap, left.spare):
            place += 1
            continue
        if missing is None or left.amount is None:
            found.append(Match(gap, left.spare, None, near))
            left.gone = True
            return ZERO
        taken = min(missing, left.amount)
        found.append(Match(gap, left.spare, taken, near))
        missing -= taken
        left.amount -= taken
        left.gone = left.amount == 0
        if missing == 0:
            return missing
    return missing


def _meets(gap: Gap, spare: Spare) -> bool:
    if spare.slug == gap.slug:
        return False
    return not (gap.due and spare.starts) or first_day(spare.starts) <= last_day(gap.due)


def unmatched(gaps: Sequence[Gap], matches: Iterable[Match]) -> tuple[Gap, ...]:
    """The gaps that no match fills, not even in part, in the order they are matched in."""
    helped = {(m.gap.slug, m.gap.record) for m in matches}
    left = [gap for gap in gaps if (gap.slug, gap.record) not in helped]
    return tuple(sorted(left, key=lambda each: each.sort_key))
