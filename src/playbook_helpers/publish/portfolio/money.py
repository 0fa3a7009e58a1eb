"""When signed money falls, month by month: the cliffs that a board can still do something about.

Each signed source counts evenly over its months, as in the runway. A fall is a month after which
less signed money comes in than in it. What is hoped for does not soften a fall: it is not signed.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from playbook_helpers.core.assessment import Context, Head, of_type
from playbook_helpers.practices.sustainability.finances import (
    first_whole_month,
    funding_of,
    is_counted,
)
from playbook_helpers.practices.sustainability.funding import Funding
from playbook_helpers.practices.sustainability.records import ExchangeRate, Fund

MONTHS_AHEAD = 36
_ROUNDING = 1e-9


@dataclass(frozen=True, slots=True)
class Fall:
    """Signed money a month, in the last month before a fall (`month`) and in the one after."""

    slug: str
    month: str
    before: float
    after: float
    currency: str
    sources: tuple[str, ...]

    @property
    def lost(self) -> float:
        """How much less comes in each month."""
        return self.before - self.after

    @property
    def share(self) -> float:
        """The share of the signed money that is lost, above 0 and at most 1."""
        return self.lost / self.before

    @property
    def ends(self) -> bool:
        """Whether no signed money is left at all."""
        return self.after == 0


def falls_of(now: Sequence[Head], context: Context, day: date) -> tuple[tuple[Fall, ...], bool]:
    """The falls of the next MONTHS_AHEAD months, in order; and whether currencies are mixed.

    A source in another currency counts at the partnership's own exchange rate. Where there is
    none for it, nothing is said of that partnership's money.
    """
    signed = [
        funding_of(fund)
        for _, fund in of_type(now, Fund)
        if fund.signed and is_counted(fund, context.as_of)
    ]
    if not signed:
        return (), False
    worth, own = _worth(now, context, signed)
    if worth is None:
        return (), True
    first = first_whole_month(day)
    begins = first.year * 12 + first.month - 1
    spans = [
        (_month(f.starts), _month(f.ends), rate, f.source)
        for f, value in zip(signed, worth, strict=True)
        for rate in [value / (_month(f.ends) - _month(f.starts) + 1)]
    ]
    falls = []
    for end in sorted({end for _, end, _, _ in spans}):
        if not begins <= end < begins + MONTHS_AHEAD:
            continue
        before = _coming(spans, end)
        after = _coming(spans, end + 1)
        if after < before * (1 - _ROUNDING):
            gone = sorted({source for _, last, _, source in spans if last == end})
            month = f"{end // 12:04d}-{end % 12 + 1:02d}"
            falls.append(Fall(context.slug, month, before, after, own, tuple(gone)))
    return tuple(falls), False


def _worth(
    now: Sequence[Head], context: Context, signed: Sequence[Funding]
) -> tuple[list[float] | None, str]:
    met = {f.currency for f in signed} - {""}
    own = ((context.partnership.currency or "") if context.partnership else "").strip().upper()
    if not own and len(met) == 1:
        own = next(iter(met))
    if met <= {own}:
        return [f.amount for f in signed], own
    rates = {r.currency.strip().upper(): r.worth for _, r in of_type(now, ExchangeRate)}
    if not own or not met - {own} <= rates.keys():
        return None, own
    rates |= {own: 1.0, "": 1.0}
    return [f.amount * rates[f.currency] for f in signed], own


def _month(day: date) -> int:
    return day.year * 12 + day.month - 1


def _coming(spans: Sequence[tuple[int, int, float, str]], month: int) -> float:
    return sum(sorted(rate for start, end, rate, _ in spans if start <= month <= end))
