"""Which offer counts for which need, and how much of it: the rules, in the open.

1. An offer that names a need counts for that need alone.
2. An open offer goes to needs of the same type, unit and period that still have a gap: must-haves
   first, then the need whose goal is due first, then by name. What is firm goes before what is
   only offered. So the order of the rows does not matter, and no amount counts twice.
3. Money with strings attached is not shared out: it counts only where it names its need.
4. What is firm: promised in writing, in use, or already here. What is here: the amount written
   down as arrived; where an offer is in use and no such amount is given, all of it.
5. What is over (its status or end date says so, or its partner has left) no longer counts, except
   what is written down as arrived, towards needs that are needed once.
6. Needs and offers without an amount are matched by yes or no.
7. The same partner offering the same thing twice is one offer: the firmer and larger counts.

Nothing here lets a further offer lower the coverage of any need.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from fractions import Fraction

from playbook_helpers.core.partial_dates import last_day
from playbook_helpers.core.text import folded
from playbook_helpers.practices.resources.amounts import base_period, to_base, unit_key
from playbook_helpers.practices.resources.records import PERIODS, Need, Offer

ZERO = Fraction(0)
_FIRM = ("committed", "in_use")
_NO_STRINGS = {"no", "none", "no strings", "none known", "n/a", "na", "unrestricted", "-"}


@dataclass(frozen=True, slots=True)
class Supply:
    """One offer, ready to be matched. Amounts are in its base period and cumulative:
    `offered` includes `committed`, which includes `delivered`. None: it has no amount."""

    record: str
    offer: Offer
    partner: str
    over: bool
    unit: str
    offered: Fraction | None
    committed: Fraction
    delivered: Fraction

    @property
    def firm(self) -> bool:
        """Whether some of it is promised or here."""
        if self.over:
            return self.committed > 0
        return self.offer.status in _FIRM or self.committed > 0

    @property
    def period(self) -> str:
        """The base period of its amounts."""
        return base_period(self.offer.period)

    @property
    def sort_key(self) -> tuple[str, str, str]:
        """By partner and thing, so that no row order shows through."""
        return (folded(self.offer.partner), folded(self.offer.what), self.record)


@dataclass(frozen=True, slots=True)
class Demand:
    """One need, ready to be matched. `amount` is in its base period; None: yes or no."""

    record: str
    need: Need
    unit: str
    amount: Fraction | None
    due_when: str | None = None

    @property
    def due(self) -> date | None:
        """The last day of its goal's date."""
        return last_day(self.due_when) if self.due_when else None

    @property
    def key(self) -> str:
        """What an offer names it by."""
        return folded(self.need.name)

    @property
    def period(self) -> str:
        """The base period of its amount."""
        return base_period(self.need.period)

    @property
    def sort_key(self) -> tuple[bool, date, str, str]:
        """The order in which open offers are shared out."""
        return (not self.need.must_have, self.due or date.max, self.key, self.record)


@dataclass(slots=True)
class Link:
    """What one offer brings to one need. Amounts as in Supply; `counted` False is yes or no.

    `refused` says why an offer that names the need could not be added to it.
    """

    supply: Supply
    demand: Demand
    counted: bool
    offered: Fraction = ZERO
    committed: Fraction = ZERO
    delivered: Fraction = ZERO
    open: bool = False
    refused: str = ""


@dataclass(frozen=True, slots=True)
class Matching:
    """All links, and what stayed outside them. `duplicates` pairs the dropped with the kept."""

    supplies: tuple[Supply, ...]
    demands: tuple[Demand, ...]
    links: tuple[Link, ...]
    duplicates: tuple[tuple[Supply, Supply], ...]
    by_demand: Mapping[str, tuple[Link, ...]] = field(default_factory=dict)
    by_supply: Mapping[str, tuple[Link, ...]] = field(default_factory=dict)


def restricted(offer: Offer) -> bool:
    """Whether money comes with strings; "none" written in the field is no string."""
    text = folded(offer.restrictions or "").rstrip(".!")
    return offer.type == "money" and bool(text) and text not in _NO_STRINGS


def supply(
    record: str,
    offer: Offer,
    *,
    as_of: date,
    currency: str | None = None,
    partner: str = "",
    gone: bool = False,
) -> Supply:
    """An offer as it counts on `as_of`; `gone` says that its partner has left."""
    over = (
        gone or offer.status == "ended" or (offer.ends is not None and last_day(offer.ends) < as_of)
    )
    unit = unit_key(offer.unit, money=offer.type == "money", currency=currency)
    given = None if offer.delivered is None else to_base(offer.delivered, offer.period)
    amount = given if offer.amount is None else to_base(offer.amount, offer.period)
    once = base_period(offer.period) == "once"
    total: Fraction | None = amount
    firm = here = ZERO
    if amount is not None and over:
        total = firm = here = (given or ZERO) if once else ZERO
    elif amount is not None:
        # Once: more may arrive than was said. Each week or year: a rate cannot exceed itself.
        total = max(amount, given or ZERO) if once else amount
        here = (amount if offer.status == "in_use" else ZERO) if given is None else given
        here = min(here, total)
        firm = total if offer.status in _FIRM else here
    return Supply(record, offer, partner or offer.partner, over, unit, total, firm, here)


def demand(
    record: str, need: Need, *, currency: str | None = None, due: str | None = None
) -> Demand:
    """A need as it is matched; `due` is its goal's date, a when."""
    unit = unit_key(need.unit, money=need.type == "money", currency=currency)
    amount = None if need.amount is None else to_base(need.amount, need.period)
    return Demand(record, need, unit, amount, due)


def match(supplies: Iterable[Supply], demands: Iterable[Demand]) -> Matching:
    """Match offers to needs by the rules at the head of this module."""
    wanted = sorted(demands, key=lambda d: d.sort_key)
    kept, duplicates = _without_duplicates(supplies)
    named: dict[str, Demand] = {}
    for each in wanted:
        named.setdefault(each.key, each)
    links = []
    for s in kept:
        meant = named.get(folded(s.offer.need or ""))
        if meant is not None:
            links.append(_direct(s, meant))
    free = [s for s in kept if s.offer.need is None and not restricted(s.offer)]
    links += _share_amounts(free, wanted, links)
    links += _share_yes_or_no(free, wanted, links)
    by_demand: dict[str, list[Link]] = defaultdict(list)
    by_supply: dict[str, list[Link]] = defaultdict(list)
    for link in sorted(links, key=lambda k: (k.demand.sort_key, k.supply.sort_key)):
        by_demand[link.demand.record].append(link)
        by_supply[link.supply.record].append(link)
    return Matching(
        supplies=tuple(kept),
        demands=tuple(wanted),
        links=tuple(link for found in by_demand.values() for link in found),
        duplicates=tuple(duplicates),
        by_demand={record: tuple(found) for record, found in by_demand.items()},
        by_supply={record: tuple(found) for record, found in by_supply.items()},
    )


def _without_duplicates(
    supplies: Iterable[Supply],
) -> tuple[list[Supply], list[tuple[Supply, Supply]]]:
    def weight(s: Supply) -> tuple[Fraction, bool, Fraction, Fraction, str]:
        return (s.committed, s.firm, s.offered or ZERO, s.delivered, s.record)

    groups: dict[tuple[str, ...], list[Supply]] = defaultdict(list)
    for s in supplies:
        o = s.offer
        same = (folded(o.partner), folded(o.what), o.type, s.unit, s.period, folded(o.need or ""))
        groups[(*same, str(s.offered is None), str(restricted(o)))].append(s)
    kept, dropped = [], []
    for group in groups.values():
        best = group[0] if len(group) == 1 else max(group, key=weight)
        kept.append(best)
        dropped += [(s, best) for s in group if s is not best]
    return (
        sorted(kept, key=lambda s: s.sort_key),
        sorted(dropped, key=lambda pair: pair[0].sort_key),
    )


def _direct(s: Supply, d: Demand) -> Link:
    """The link of an offer that names its need."""
    if d.amount is None:
        return Link(s, d, counted=False)
    if s.offered is None:
        return Link(s, d, counted=False, refused="no amount is given")
    if s.unit != d.unit:
        words = [each.unit or "no stated unit" for each in (s.offer, d.need)]
        return Link(s, d, counted=False, refused=f"it is in {words[0]}, the need in {words[1]}")
    if s.period != d.period:
        words = [PERIODS[each.period or "once"].lower() for each in (s.offer, d.need)]
        return Link(s, d, counted=False, refused=f"it is {words[0]}, the need {words[1]}")
    return Link(s, d, True, s.offered, s.committed, s.delivered)


def _share_amounts(
    free: Sequence[Supply], wanted: Sequence[Demand], direct: Sequence[Link]
) -> list[Link]:
    have: dict[str, list[Fraction]] = defaultdict(lambda: [ZERO, ZERO])
    for link in direct:
        have[link.demand.record][0] += link.committed
        have[link.demand.record][1] += link.offered - link.committed
    pools: dict[tuple[str, str, str], list[Supply]] = defaultdict(list)
    for s in free:
        if s.offered:
            pools[(s.offer.type, s.unit, s.period)].append(s)
    takers: dict[tuple[str, str, str], list[Demand]] = defaultdict(list)
    for d in wanted:
        if d.amount is not None:
            takers[(d.need.type, d.unit, d.period)].append(d)
    made: dict[tuple[str, str], Link] = {}
    for pool, members in pools.items():
        needs = takers.get(pool, [])
        if not needs:
            continue
        filled: dict[str, Fraction] = defaultdict(Fraction)
        portions = {
            "delivered": [(s, s.delivered) for s in members],
            "committed": [(s, s.committed - s.delivered) for s in members],
            "offered": [(s, (s.offered or ZERO) - s.committed) for s in members],
        }
        for level, waiting in portions.items():
            if not any(amount for _, amount in waiting):
                continue
            gaps = []
            for d in needs:
                firm, only_offered = have[d.record]
                counted = firm + only_offered if level == "offered" else firm
                gaps.append((d, (d.amount or ZERO) - counted - filled[d.record]))
            for s, d, taken in _pour(waiting, gaps):
                filled[d.record] += taken
                link = made.setdefault((s.record, d.record), Link(s, d, True, open=True))
                link.offered += taken
                link.committed += taken if level != "offered" else ZERO
                link.delivered += taken if level == "delivered" else ZERO
    return list(made.values())


def _pour(
    portions: Iterable[tuple[Supply, Fraction]], gaps: Iterable[tuple[Demand, Fraction]]
) -> Iterator[tuple[Supply, Demand, Fraction]]:
    """Fill the gaps in their order from the portions in theirs."""
    waiting = ((s, amount) for s, amount in portions if amount > 0)
    source, left = next(waiting, (None, ZERO))
    for d, gap in gaps:
        while gap > 0 and source is not None:
            taken = min(gap, left)
            yield source, d, taken
            gap, left = gap - taken, left - taken
            if left == 0:
                source, left = next(waiting, (None, ZERO))


def _share_yes_or_no(
    free: Sequence[Supply], wanted: Sequence[Demand], links: Sequence[Link]
) -> list[Link]:
    firmly = {link.demand.record for link in links if link.supply.firm and not link.supply.over}
    somehow = {link.demand.record for link in links if not link.supply.over}
    spare: dict[tuple[str, str, bool], list[Supply]] = defaultdict(list)
    for s in free:
        if s.offered is None and not s.over:
            spare[(s.offer.type, s.unit, s.firm)].append(s)
    made = []
    for firm, held in ((True, firmly), (False, somehow)):
        for d in wanted:
            waiting = spare.get((d.need.type, d.unit, firm))
            if d.amount is None and d.record not in held and waiting:
                made.append(Link(waiting.pop(0), d, counted=False, open=True))
                firmly.add(d.record)
                somehow.add(d.record)
    return made
