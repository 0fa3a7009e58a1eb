"""One need at a time: what is offered, firm and here for it, from whom, and until when.

Findings, rows and measures are all written from these pictures, so that they cannot disagree.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from fractions import Fraction

from playbook_helpers.core.assessment import Context, Head, current, of_type
from playbook_helpers.core.partial_dates import last_day
from playbook_helpers.core.partnership import Partner
from playbook_helpers.core.text import folded
from playbook_helpers.practices.goals.records import Goal
from playbook_helpers.practices.resources.matching import (
    ZERO,
    Demand,
    Link,
    Matching,
    demand,
    match,
    supply,
)
from playbook_helpers.practices.resources.records import Need, Offer


@dataclass(frozen=True, slots=True)
class NeedCoverage:
    """All about one need. Amounts are in the base period of its unit.

    `coverage` is firm over needed, at most 1; None where it is not known. `providers` maps each
    partner who firmly provides to its share of what is firm. `early` holds the firm offers that
    end before the goal's date.
    """

    demand: Demand
    links: tuple[Link, ...]
    offered: Fraction
    committed: Fraction
    delivered: Fraction
    coverage: Fraction | None
    providers: dict[str, Fraction]
    early: tuple[Link, ...]

    @property
    def gap(self) -> Fraction | None:
        """What is needed and not firm yet; None where it cannot be counted."""
        if self.demand.amount is None or self.coverage is None:
            return None
        return max(ZERO, self.demand.amount - self.committed)

    @property
    def top(self) -> tuple[str, Fraction] | None:
        """The partner who provides most, and its share; the first by name among equals."""
        if not self.providers:
            return None
        return min(self.providers.items(), key=lambda item: (-item[1], folded(item[0])))

    @property
    def single_source(self) -> bool:
        """One provider, or one above half of what is firm."""
        return self.top is not None and (len(self.providers) == 1 or self.top[1] > Fraction(1, 2))

    @property
    def refused(self) -> tuple[Link, ...]:
        """Offers that name the need and could not be added to it."""
        return tuple(link for link in self.links if link.refused)

    @property
    def done(self) -> bool:
        """Needed once, and all of it written down as arrived: nothing more can be lost."""
        arrived = sum((k.delivered for k in self.links if k.supply.offer.delivered), ZERO)
        amount = self.demand.amount
        return amount is not None and self.demand.period == "once" and arrived >= amount


@dataclass(frozen=True, slots=True)
class MatchedNeeds:
    """Everything the assessment is written from."""

    matching: Matching
    needs: tuple[NeedCoverage, ...]
    goals: dict[str, Goal]
    partners: tuple[Partner, ...]
    heads: tuple[Head, ...]
    currency: str | None
    as_of: date


def matched_needs(heads: Iterable[Head], context: Context, *, leaving: str = "") -> MatchedNeeds:
    """Match the offers and needs among `heads`; `leaving` names a partner taken as gone."""
    every = tuple(heads)
    now = current(every)
    currency = context.partnership.currency if context.partnership else None
    goals = {folded(goal.name): goal for _, goal in of_type(now, Goal)}
    offers, needs = of_type(now, Offer), of_type(now, Need)
    names = _display_names(offers, context.partners)
    gone = {
        folded(p.name)
        for p in context.partners
        if p.left is not None and last_day(p.left) <= context.as_of
    }
    gone |= {folded(leaving)} if leaving else set()
    matching = match(
        (
            supply(
                head.record,
                offer,
                as_of=context.as_of,
                currency=currency,
                partner=names[folded(offer.partner)],
                gone=folded(offer.partner) in gone,
            )
            for head, offer in offers
        ),
        (
            demand(head.record, need, currency=currency, due=_due(need, goals))
            for head, need in needs
        ),
    )
    return MatchedNeeds(
        matching=matching,
        needs=tuple(_one(d, matching.by_demand.get(d.record, ())) for d in matching.demands),
        goals=goals,
        partners=context.partners,
        heads=every,
        currency=currency,
        as_of=context.as_of,
    )


def _display_names(
    offers: Iterable[tuple[Head, Offer]], partners: Iterable[Partner]
) -> dict[str, str]:
    """One spelling for each partner: as on its own card, else the first in the alphabet."""
    names: dict[str, str] = {}
    for _, offer in offers:
        key = folded(offer.partner)
        names[key] = min(names.get(key, offer.partner), offer.partner)
    return names | {folded(p.name): p.name for p in partners}


def _due(need: Need, goals: dict[str, Goal]) -> str | None:
    goal = goals.get(folded(need.goal or ""))
    return goal.target_date if goal is not None else None


def _one(d: Demand, links: tuple[Link, ...]) -> NeedCoverage:
    offered = sum((link.offered for link in links), ZERO)
    committed = sum((link.committed for link in links), ZERO)
    delivered = sum((link.delivered for link in links), ZERO)
    firm = tuple(
        link
        for link in links
        if (link.committed > 0 if link.counted else link.supply.firm and not link.supply.over)
    )
    coverage: Fraction | None
    if d.amount is None:
        coverage = Fraction(1) if firm else ZERO
    elif committed == 0 and any(link.refused for link in firm):
        coverage = None
    else:
        coverage = min(Fraction(1), committed / d.amount)
    return NeedCoverage(
        demand=d,
        links=links,
        offered=offered,
        committed=committed,
        delivered=delivered,
        coverage=coverage,
        providers=_providers(firm),
        early=tuple(link for link in firm if _ends_early(link)),
    )


def _providers(firm: tuple[Link, ...]) -> dict[str, Fraction]:
    amounts: dict[str, Fraction] = defaultdict(Fraction)
    counted = any(link.counted for link in firm)
    for link in firm:
        # Where nothing can be counted, each partner stands for one.
        amounts[link.supply.partner] += link.committed if counted else ZERO
    if not counted:
        return {partner: Fraction(1, len(amounts)) for partner in amounts}
    total = sum(amounts.values(), ZERO)
    return {partner: amount / total for partner, amount in amounts.items()}


def _ends_early(link: Link) -> bool:
    """Whether a firm offer ends before the goal's date with something still to come from it."""
    ends, due = link.supply.offer.ends, link.demand.due
    if ends is None or due is None or link.supply.over or last_day(ends) >= due:
        return False
    offer = link.supply.offer
    arrived = link.supply.period == "once" and offer.delivered is not None and link.counted
    return not (arrived and link.supply.delivered >= link.supply.committed)
