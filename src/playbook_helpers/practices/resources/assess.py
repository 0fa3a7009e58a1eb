"""What the resources worksheet works out of its records: rows, measures and findings.

Coverage of a need is what is firm over what is needed, at most 1. How offers come to count for
needs is written at the head of `matching`.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable
from fractions import Fraction

from playbook_helpers.core.assessment import (
    Assessment,
    Context,
    Head,
    Measure,
    sorted_findings,
)
from playbook_helpers.core.partial_dates import spoken
from playbook_helpers.core.text import folded
from playbook_helpers.practices.resources.amounts import (
    amount_words,
    from_base,
    number,
)
from playbook_helpers.practices.resources.coverage import MatchedNeeds, NeedCoverage, matched_needs
from playbook_helpers.practices.resources.findings import findings
from playbook_helpers.practices.resources.matching import Link
from playbook_helpers.practices.resources.rows import (
    LinkRow,
    MatrixRow,
    NeedRow,
    OfferRow,
    OverlapRow,
)


def assess(heads: Iterable[Head], context: Context) -> Assessment:
    """The assessment of one partnership's resources as of `context.as_of`.

    Rows: `needs`, `offers`, `matrix`, `links` and `overlaps`. Amounts are in the unit and period
    of the need (of the offer in `offers`); `coverage`, `share` and `top_share` run from 0 to 1.
    """
    return assessed(matched_needs(heads, context), context)


def assessed(seen: MatchedNeeds, context: Context) -> Assessment:
    """The assessment of a picture already made."""
    matching = seen.matching
    return Assessment(
        practice="resources",
        partnership=context.slug,
        as_of=context.as_of,
        measures=tuple(_measures(seen)),
        findings=sorted_findings(findings(seen)),
        rows={
            "needs": tuple(_need_row(need) for need in seen.needs),
            "offers": tuple(_offer_rows(seen)),
            "matrix": tuple(_matrix(seen)),
            "links": tuple(_link_row(k) for need in seen.needs for k in need.links if _lasts(k)),
            "overlaps": tuple(_overlaps(seen)),
        },
        counts={
            "offer": len(matching.supplies) + len(matching.duplicates),
            "need": len(matching.demands),
        },
    )


def _need_row(seen: NeedCoverage) -> NeedRow:
    need, period = seen.demand.need, seen.demand.need.period
    counts = seen.demand.amount is not None
    top = seen.top
    early = [f"{k.supply.partner} ({spoken(k.supply.offer.ends or '')})" for k in seen.early]
    return {
        "record": seen.demand.record,
        "name": need.name,
        "type": need.type,
        "goal": need.goal,
        "must_have": need.must_have,
        "amount": need.amount,
        "unit": need.unit,
        "period": period,
        "offered": from_base(seen.offered, period) if counts else None,
        "committed": from_base(seen.committed, period) if counts else None,
        "delivered": from_base(seen.delivered, period) if counts else None,
        "coverage": None if seen.coverage is None else number(seen.coverage),
        "gap": None if seen.gap is None else from_base(seen.gap, period),
        "providers": len(seen.providers),
        "top_provider": top[0] if top else None,
        "top_share": number(top[1]) if top else None,
        "single_source": seen.single_source,
        "ends_early": ", ".join(early) or None,
        "addable": not seen.refused,
    }


def _offer_rows(seen: MatchedNeeds) -> Iterable[OfferRow]:
    named = {d.key: d.need.name for d in seen.matching.demands}
    for each in seen.matching.supplies:
        offer = each.offer
        yield {
            "record": each.record,
            "partner": each.partner,
            "what": offer.what,
            "type": offer.type,
            "amount": offer.amount,
            "unit": offer.unit,
            "period": offer.period,
            "status": offer.status,
            "delivered": offer.delivered,
            "need": named.get(folded(offer.need or "")),
            "starts": offer.starts,
            "ends": offer.ends,
            "cash": offer.type == "money",
        }


def _matrix(seen: MatchedNeeds) -> Iterable[MatrixRow]:
    offers: Counter[tuple[str, str]] = Counter()
    firm: Counter[tuple[str, str]] = Counter()
    for each in seen.matching.supplies:
        if not each.over:
            offers[each.partner, each.offer.type] += 1
            firm[each.partner, each.offer.type] += each.firm
    for cell in sorted(offers, key=lambda cell: (folded(cell[0]), cell)):
        partner, kind = cell
        yield {"partner": partner, "type": kind, "offers": offers[cell], "firm": firm[cell]}


def _lasts(link: Link) -> bool:
    """Whether a link still stands: what is over, or left with its partner, must have arrived."""
    return not link.supply.over or link.offered > 0


def _link_row(link: Link) -> LinkRow:
    need, amount = link.demand.need, link.demand.amount
    return {
        "partner": link.supply.partner,
        "need": need.name,
        "amount": from_base(link.offered, need.period) if link.counted else None,
        "unit": need.unit,
        "share": number(min(Fraction(1), link.offered / amount))
        if link.counted and amount
        else None,
        "status": link.supply.offer.status,
        "must_have": need.must_have,
    }


def _overlaps(seen: MatchedNeeds) -> Iterable[OverlapRow]:
    """Needs that several partners can meet, or for which more is offered than is needed."""
    for need in seen.needs:
        able = {k.supply.partner for k in need.links if not k.supply.over}
        amount, period = need.demand.amount, need.demand.need.period
        beyond = None if amount is None else max(Fraction(0), need.offered - amount)
        if len(able) > 1 or beyond:
            yield {
                "record": need.demand.record,
                "need": need.demand.need.name,
                "partners": len(able),
                "names": ", ".join(sorted(able, key=folded)),
                "beyond": None if beyond is None else from_base(beyond, period),
                "unit": need.demand.need.unit,
                "period": period,
            }


def _measures(seen: MatchedNeeds) -> Iterable[Measure]:
    needs, known = seen.needs, [n for n in seen.needs if n.coverage is not None]
    yield _share("needs_covered", "Needs that are fully covered", needs)
    yield _share(
        "must_haves_covered",
        "Must-haves that are fully covered",
        [n for n in needs if n.demand.need.must_have],
    )
    n, missing = len(known), len(needs) - len(known)
    yield Measure(
        "needs_open",
        "Needs for which nothing is firm yet",
        float(sum(need.coverage == 0 for need in known)),
        "needs",
        n,
        missing,
    )
    yield Measure(
        "single_source",
        "Needs that rest on one partner",
        float(sum(need.single_source for need in needs)),
        "needs",
        len(needs),
        note="one provider, or one above half of what is firm",
    )
    yield _most_relied_on(seen)
    yield Measure(
        "ends_early",
        "Needs where something firm ends before the goal's date",
        float(sum(bool(need.early) for need in needs)),
        "needs",
        sum(need.demand.due is not None for need in needs),
        sum(need.demand.due is None for need in needs),
        note="asked only where the need's goal has a date",
    )
    live = [s for s in seen.matching.supplies if not s.over]
    yield Measure(
        "firm_offers",
        "Offers that are firm (promised in writing, or here)",
        float(sum(s.firm for s in live)),
        "offers",
        len(live),
        len(seen.matching.supplies) - len(live),
        note="offers that are over are left out",
    )
    yield Measure(
        "unused_offers",
        "Strengths offered that no need has taken up yet",
        float(sum(s.record not in seen.matching.by_supply for s in live)),
        "offers",
        len(live),
    )
    giving = {folded(s.partner) for s in live}
    listed = {folded(p.name) for p in seen.partners if p.left is None}
    yield Measure(
        "partners_offering",
        "Partners with something on the table",
        float(len(giving)),
        "partners",
        len(giving | listed),
    )
    yield from _cash(seen)
    in_kind = [s for s in live if s.offer.type != "money"]
    yield Measure(
        "in_kind_offers",
        "Offers other than money",
        float(len(in_kind)),
        "offers",
        len(live),
        note="not turned into money: no rate is recorded",
    )


def _share(name: str, label: str, needs: Iterable[NeedCoverage]) -> Measure:
    found = list(needs)
    known = [n for n in found if n.coverage is not None]
    value = 100 * sum(n.coverage == 1 for n in known) / len(known) if known else None
    note = "" if known else "nothing to count yet"
    return Measure(name, label, value, "%", len(known), len(found) - len(known), note=note)


def _most_relied_on(seen: MatchedNeeds) -> Measure:
    rests: Counter[str] = Counter()
    for need in seen.needs:
        if need.single_source and need.top is not None:
            rests[need.top[0]] += 1
    most = min(rests.items(), key=lambda item: (-item[1], folded(item[0])), default=("", 0))
    return Measure(
        "most_relied_on",
        "Needs that rest on the partner relied on most",
        float(most[1]),
        "needs",
        len(seen.needs),
        note=most[0],
    )


def _cash(seen: MatchedNeeds) -> Iterable[Measure]:
    """Money alone: offered, firm and here, each a total only where all of it can be added."""
    groups: dict[tuple[str, str], list[Fraction]] = defaultdict(lambda: [Fraction(0)] * 3)
    words: dict[tuple[str, str], str] = {}
    offers = uncounted = 0
    for each in seen.matching.supplies:
        if each.offer.type != "money":
            continue
        offers += 1
        if each.offered is None:
            uncounted += 1
            continue
        group = (each.unit, each.period)
        unit = each.offer.unit or seen.currency or ""
        words[group] = min(words.get(group, unit), unit)
        parts = zip(groups[group], (each.offered, each.committed, each.delivered), strict=True)
        groups[group] = [have + more for have, more in parts]
    kinds = (
        ("offered", "Money offered, firm or not"),
        ("committed", "Money that is firm (promised in writing, or here)"),
        ("delivered", "Money that is here"),
    )
    for place, (name, label) in enumerate(kinds):
        said = [
            amount_words(number(amounts[place]), words[group] or None, group[1])
            for group, amounts in sorted(groups.items())
        ]
        only = next(iter(groups), None) if len(groups) == 1 else None
        value = number(groups[only][place]) if only else (0.0 if not offers else None)
        notes = [f"kept apart: {'; '.join(said)}"] if len(groups) > 1 else []
        if uncounted:
            gives = "gives" if uncounted == 1 else "give"
            more = "more " if groups else ""
            words_ = "money offer" if uncounted == 1 else "money offers"
            notes.append(f"{uncounted} {more}{words_} {gives} no amount")
        unit = words[only] if only else ""
        if only and only[1] != "once":
            unit = f"{unit} a {only[1]}".strip()
        yield Measure(
            f"cash_{name}", label, value, unit, offers - uncounted, uncounted, note="; ".join(notes)
        )
