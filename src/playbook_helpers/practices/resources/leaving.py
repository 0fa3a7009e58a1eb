"""What if a partner leaves: which needs fall open, and what stays.

A partner who leaves takes its offers along. What is written down as arrived for a need that is
needed once stays, because it is here.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace

from playbook_helpers.core.assessment import Assessment, Context, Head, Row
from playbook_helpers.core.errors import NotFound
from playbook_helpers.core.text import folded
from playbook_helpers.practices.resources.amounts import from_base, number
from playbook_helpers.practices.resources.assess import assessed
from playbook_helpers.practices.resources.coverage import MatchedNeeds, NeedCoverage, matched_needs


def partners_with_offers(heads: Iterable[Head], context: Context) -> tuple[str, ...]:
    """The partners who bring something that is not over, in the order of the alphabet."""
    seen = matched_needs(heads, context)
    return tuple(
        sorted({s.partner for s in seen.matching.supplies if not s.over}, key=lambda n: folded(n))
    )


def without_partner(heads: Iterable[Head], context: Context, partner: str) -> Assessment:
    """The assessment as it would be without `partner`. Raises NotFound for an unknown name."""
    every = tuple(heads)
    _check(matched_needs(every, context), partner)
    remaining = replace(
        context, partners=tuple(p for p in context.partners if folded(p.name) != folded(partner))
    )
    return assessed(matched_needs(every, remaining, leaving=partner), context)


def partner_leaves(heads: Iterable[Head], context: Context, partner: str) -> tuple[Row, ...]:
    """The needs whose coverage would fall if `partner` left, those that fall open first.

    Each row: `record, name, must_have, goal, amount, unit, period, coverage_before,
    coverage_after` (0 to 1, or None where it is not known), `gap_before, gap_after` (in the
    need's unit, or None), `falls_open` (True where nothing firm is left), `left` (the partners
    who would still provide). Raises NotFound, listing the partners with offers, for an unknown
    name.
    """
    every = tuple(heads)
    before = matched_needs(every, context)
    _check(before, partner)
    after = matched_needs(every, context, leaving=partner)
    then = {need.demand.record: need for need in after.needs}
    pairs = [(need, then[need.demand.record]) for need in before.needs]
    hit = [_row(a, b) for a, b in pairs if _touched(a, b)]
    return tuple(sorted(hit, key=lambda row: (not row["falls_open"], not row["must_have"])))


def _check(seen: MatchedNeeds, partner: str) -> None:
    known = {folded(s.partner): s.partner for s in seen.matching.supplies}
    known |= {folded(p.name): p.name for p in seen.partners}
    if folded(partner) not in known:
        raise NotFound(
            "There is no such partner",
            value=partner,
            allowed=", ".join(sorted(known.values(), key=folded)) or "none is written down yet",
        )


def _touched(before: NeedCoverage, after: NeedCoverage) -> bool:
    fewer = set(before.providers) != set(after.providers)
    return before.coverage != after.coverage or (fewer and not after.providers)


def _row(before: NeedCoverage, after: NeedCoverage) -> Row:
    need = before.demand.need
    return {
        "record": before.demand.record,
        "name": need.name,
        "must_have": need.must_have,
        "goal": need.goal,
        "amount": need.amount,
        "unit": need.unit,
        "period": need.period,
        "coverage_before": None if before.coverage is None else number(before.coverage),
        "coverage_after": None if after.coverage is None else number(after.coverage),
        "gap_before": None if before.gap is None else from_base(before.gap, need.period),
        "gap_after": None if after.gap is None else from_base(after.gap, need.period),
        "falls_open": bool(before.providers) and not after.providers,
        "left": ", ".join(sorted(after.providers, key=folded)),
    }
