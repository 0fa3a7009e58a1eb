"""What a partnership needs and nobody there meets, and what it has and nobody there uses.

Both come from the resources worksheet's own matching: a gap is what is left of a need after all
that is offered for it, firm or not; a spare is what is left of an offer after its own needs.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction

from playbook_helpers.core.assessment import Context, Head
from playbook_helpers.core.text import folded
from playbook_helpers.practices.resources.coverage import MatchedNeeds, NeedCoverage, matched_needs
from playbook_helpers.practices.resources.matching import ZERO, Supply

_NO_STRINGS = {"", "no", "none", "no strings", "none known", "n/a", "na", "unrestricted", "-"}


@dataclass(frozen=True, slots=True)
class Gap:
    """What is still open of one need. `amount` is in the base period; None: yes or no."""

    slug: str
    record: str
    name: str
    type: str
    unit: str
    unit_key: str
    period: str
    base: str
    amount: Fraction | None
    whole: bool
    must_have: bool
    goal: str
    due: str
    place: str

    @property
    def sort_key(self) -> tuple[bool, bool, str, str, str, str]:
        """Must-haves first, then what is due first, then by partnership and name."""
        return (
            not self.must_have,
            not self.due,
            self.due,
            self.slug,
            folded(self.name),
            self.record,
        )


@dataclass(frozen=True, slots=True)
class Spare:
    """What is left of one offer. `amount` is in the base period; None: it is not counted.

    `strings` are the conditions that come with it. `unused` says that no need has taken any.
    """

    slug: str
    record: str
    partner: str
    what: str
    type: str
    unit: str
    unit_key: str
    period: str
    base: str
    amount: Fraction | None
    unused: bool
    firm: bool
    starts: str
    ends: str
    strings: str
    place: str

    @property
    def sort_key(self) -> tuple[bool, str, str, str, str]:
        """What is firm first, then by partnership, partner and thing."""
        return (not self.firm, self.slug, folded(self.partner), folded(self.what), self.record)


@dataclass(frozen=True, slots=True)
class Has:
    """A partnership's needs and offers, counted, with what is left of each."""

    needs: int = 0
    offers: int = 0
    gaps: tuple[Gap, ...] = ()
    spares: tuple[Spare, ...] = ()


def resources_of(now: Sequence[Head], context: Context) -> tuple[Has, MatchedNeeds | None]:
    """The gaps and spares among a partnership's current heads, and the picture they come from."""
    if not any(head.practice == "resources" for head in now):
        return Has(), None
    seen = matched_needs(now, context)
    place = (context.partnership.place or "") if context.partnership else ""
    gaps = [_gap(need, context.slug, place) for need in seen.needs]
    spares = [
        _spare(s, used, context.slug, place)
        for s in seen.matching.supplies
        if not s.over and s.offer.need is None
        for used in [sum((k.offered for k in seen.matching.by_supply.get(s.record, ())), ZERO)]
        if (s.offered > used if s.offered is not None else s.record not in seen.matching.by_supply)
    ]
    live = sum(not s.over for s in seen.matching.supplies)
    return (
        Has(len(seen.needs), live, tuple(g for g in gaps if g is not None), tuple(spares)),
        seen,
    )


def _gap(need: NeedCoverage, slug: str, place: str) -> Gap | None:
    wanted = need.demand.need
    live = [k for k in need.links if not k.supply.over]
    if need.demand.amount is None:
        if live:
            return None
        amount, whole = None, True
    else:
        amount = need.demand.amount - need.offered
        if amount <= 0 or (not need.offered and any(k.refused for k in live)):
            return None  # what could not be added may well be enough: nobody can say
        whole = not need.offered
    return Gap(
        slug=slug,
        record=need.demand.record,
        name=wanted.name,
        type=wanted.type,
        unit=wanted.unit or "",
        unit_key=need.demand.unit,
        period=wanted.period or "once",
        base=need.demand.period,
        amount=amount,
        whole=whole,
        must_have=wanted.must_have,
        goal=wanted.goal or "",
        due=need.demand.due_when or "",
        place=place,
    )


def _spare(s: Supply, used: Fraction, slug: str, place: str) -> Spare:
    offer = s.offer
    strings = offer.restrictions or ""
    return Spare(
        slug=slug,
        record=s.record,
        partner=s.partner,
        what=offer.what,
        type=offer.type,
        unit=offer.unit or "",
        unit_key=s.unit,
        period=offer.period or "once",
        base=s.period,
        amount=None if s.offered is None else s.offered - used,
        unused=not used,
        firm=s.firm,
        starts=offer.starts or "",
        ends=offer.ends or "",
        strings="" if folded(strings).rstrip(".!") in _NO_STRINGS else strings,
        place=place,
    )
