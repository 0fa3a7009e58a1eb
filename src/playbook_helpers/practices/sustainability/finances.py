"""The picture of the money: what comes, what it costs, how long it lasts, from how few it comes.

Records are turned into the plain numbers that `money` works with. Nothing here judges.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date

from playbook_helpers.core.assessment import Context, Head, Measure, of_type
from playbook_helpers.core.errors import InputError
from playbook_helpers.core.partial_dates import first_day, last_day
from playbook_helpers.core.text import folded
from playbook_helpers.practices.sustainability.funding import Cost, Funding
from playbook_helpers.practices.sustainability.money import (
    Concentration,
    Path,
    Runway,
    Spread,
    concentration,
    runway,
    to_come,
)
from playbook_helpers.practices.sustainability.records import CostLine, ExchangeRate, Fund, Reserve
from playbook_helpers.practices.sustainability.reference import less_concentrated
from playbook_helpers.practices.sustainability.rows import FundRow, MonthRow, SourceRow

MONTHS_AHEAD = 36
NEXT_YEAR = "expected in the next 12 months"
AS_WRITTEN = "written down, whatever its dates"
CASES = ("expected", "signed_only", "all_come", "largest_stops")


@dataclass(frozen=True, slots=True)
class Money:
    """All that was worked out about money; `why` says why there is no runway.

    `counted` and `outgoings` are what the runway was worked out with, from the month of `start`
    on; `free` is the reserve in `currency`. `mixed` tells that currencies could not be added.
    `sources` says for each source what it brings of what `basis` names.
    """

    funds: Sequence[tuple[Head, Fund]]
    costs: Sequence[tuple[Head, CostLine]]
    reserve: Reserve | None
    start: date
    counted: Sequence[Funding] = ()
    outgoings: Sequence[Cost] = ()
    free: float = 0.0
    currency: str = ""
    rates: Mapping[str, float] = field(default_factory=dict)
    paths: Runway | None = None
    shares: Concentration | None = None
    sources: tuple[SourceRow, ...] = ()
    basis: str = NEXT_YEAR
    why: str = ""
    mixed: bool = False


def money_of(now: Sequence[Head], context: Context) -> Money:
    """The picture from the first whole month on or after `as_of`."""
    funds, costs = of_type(now, Fund), of_type(now, CostLine)
    dated = [r for _, r in of_type(now, Reserve) if last_day(r.date) <= context.as_of]
    reserve = max(dated, key=lambda r: last_day(r.date)) if dated else None
    start = first_whole_month(context.as_of)
    own = _letters(context.partnership.currency if context.partnership else None)
    if not own:
        # Nobody wrote down which is theirs: the only one there is, if there is only one.
        met = {_letters(f.currency) for _, f in funds} | {_letters(c.currency) for _, c in costs}
        met |= {_letters(reserve.currency if reserve else None)}
        met -= {""}
        own = met.pop() if len(met) == 1 else ""
    rates = {_letters(r.currency): r.worth for _, r in of_type(now, ExchangeRate)}
    counted = [funding_of(f) for _, f in funds if is_counted(f, context.as_of)]
    outgoings = [cost_of(c) for _, c in costs]
    base = Money(funds, costs, reserve, start, counted, outgoings, 0.0, own, rates)
    try:
        free = _in_own(reserve, own, rates)
        shares, sources, basis = _sources(funds, base, context)
        paths = None
        why = "no cost is written down yet"
        if costs:
            # The largest of the sources shown; without dates there is none in the months ahead.
            largest = str(sources[0]["source"]) if sources and basis == NEXT_YEAR else None
            paths = runway(
                counted,
                outgoings,
                free,
                start,
                MONTHS_AHEAD,
                rates=rates,
                currency=own,
                stops=largest,
            )
            why = ""
            if not any(month.cost for month in paths.expected.months):
                paths, why = None, "no cost falls in the months ahead"
    except InputError as error:
        # The sentence stands after a colon.
        why = error.what[0].lower() + error.what[1:]
        return Money(funds, costs, reserve, start, currency=own, rates=rates, why=why, mixed=True)
    return Money(
        funds, costs, reserve, start, counted, outgoings, free, own, rates, paths, shares,
        sources, basis, why,
    )  # fmt: skip


def first_whole_month(day: date) -> date:
    """The first day of a month on or after `day`.

    >>> first_whole_month(date(2026, 10, 31)), first_whole_month(date(2026, 10, 1))
    (datetime.date(2026, 11, 1), datetime.date(2026, 10, 1))
    """
    if day.day == 1:
        return day
    return date(day.year + day.month // 12, day.month % 12 + 1, 1)


def is_counted(fund: Fund, as_of: date) -> bool:
    """Whether a source counts in the months ahead: above zero, dated in order, and not over."""
    if _worth(fund) <= 0 or fund.starts is None or fund.ends is None:
        return False
    return first_day(fund.starts) <= last_day(fund.ends) and last_day(fund.ends) >= as_of


def _worth(fund: Fund) -> float:
    return 0.0 if fund.amount is None else fund.amount


def funding_of(fund: Fund) -> Funding:
    """A dated fund as plain numbers; unsigned without a likelihood counts as nothing."""
    return Funding(
        source=fund.funder or fund.name,
        amount=_worth(fund),
        starts=first_day(fund.starts or "2000"),
        ends=last_day(fund.ends or "2000"),
        likelihood=1.0 if fund.signed else (fund.likelihood or 0.0) / 100,
        signed=fund.signed,
        restricted_to=fund.restricted_to or "",
        currency=_letters(fund.currency),
    )


def cost_of(line: CostLine) -> Cost:
    """A cost line as plain numbers."""
    return Cost(
        line=line.name,
        monthly=line.monthly,
        starts=first_day(line.starts) if line.starts else None,
        ends=last_day(line.ends) if line.ends else None,
        currency=_letters(line.currency),
    )


def _letters(currency: str | None) -> str:
    return (currency or "").strip().upper()


def _in_own(reserve: Reserve | None, own: str, rates: Mapping[str, float]) -> float:
    if reserve is None:
        return 0.0
    currency = _letters(reserve.currency)
    if not currency or currency == own:
        return reserve.amount
    if own and currency in rates:
        return reserve.amount * rates[currency]
    raise InputError(f"The reserve is in {currency} and there is no rate for it", value=currency)


def _sources(
    funds: Sequence[tuple[Head, Fund]], base: Money, context: Context
) -> tuple[Concentration | None, tuple[SourceRow, ...], str]:
    """How the money parts among its sources, over a year where dates allow."""
    basis = NEXT_YEAR
    sums = to_come(base.counted, base.start, 12, rates=base.rates, currency=base.currency)
    used = base.counted
    if not sums:
        basis = AS_WRITTEN
        undated = [
            f
            for _, f in funds
            if _worth(f) > 0 and (f.ends is None or last_day(f.ends) >= context.as_of)
        ]
        flat = [
            Funding(
                f.funder or f.name,
                _worth(f),
                base.start,
                base.start,
                1.0 if f.signed else (f.likelihood or 0.0) / 100,
                f.signed,
                "",
                _letters(f.currency),
            )
            for f in undated
        ]
        used = flat
        sums = to_come(flat, base.start, 12, rates=base.rates, currency=base.currency)
    if not sums:
        return None, (), basis
    signed = to_come(
        [f for f in used if f.signed], base.start, 12, rates=base.rates, currency=base.currency
    )
    firm = {folded(name): amount for name, amount in signed.items()}
    ends: dict[str, date] = {}
    for f in base.counted:
        key = folded(f.source)
        ends[key] = max(ends.get(key, f.ends), f.ends)
    total = sum(sums.values())
    rows: tuple[SourceRow, ...] = tuple(
        {
            "source": name,
            "amount": amount,
            "signed": firm.get(folded(name), 0.0),
            "share": amount / total,
            "ends": ends[folded(name)].isoformat() if folded(name) in ends else None,
            "basis": basis,
            "currency": base.currency or None,
        }
        for name, amount in sums.items()
    )
    return concentration(sums.values()), rows, basis


# Rows and measures ----------------------------------------------------------------------------


def fund_row(head: Head, fund: Fund, context: Context) -> FundRow:
    """One source as it was written down, with whether it counts."""
    return {
        "record": head.record,
        "name": fund.name,
        "funder": fund.funder,
        "type": fund.type,
        "amount": fund.amount,
        "currency": fund.currency,
        "starts": fund.starts,
        "ends": fund.ends,
        "signed": fund.signed,
        "likelihood": 100.0 if fund.signed else fund.likelihood,
        "restricted_to": fund.restricted_to,
        "over": fund.ends is not None and last_day(fund.ends) < context.as_of,
        "counted": is_counted(fund, context.as_of),
    }


def runway_rows(paths: Runway | None, currency: str = "") -> tuple[MonthRow, ...]:
    """The months of the three cases, one row each."""
    if paths is None:
        return ()
    return tuple(
        row
        for case in CASES
        for row in path_rows(case, getattr(paths, case), paths.largest_source, currency)
    )


def path_rows(case: str, path: Path, source: str, currency: str = "") -> tuple[MonthRow, ...]:
    """The months of one case; `out` marks the first that cannot be paid."""
    return tuple(
        {
            "case": case,
            "month": m.month,
            "income": m.income,
            "cost": m.cost,
            "free": m.free,
            "held": m.held,
            "out": m.month == path.runs_out,
            "source": source,
            "currency": currency or None,
        }
        for m in path.months
    )


def money_measures(money: Money) -> Iterable[Measure]:
    """Months paid for in three cases, the largest share, and the concentration."""
    labels = (
        ("expected", "Months paid for, with what is expected"),
        ("signed_only", "Months paid for, with signed money only"),
        ("largest_stops", "Months paid for if the largest source stops"),
    )
    undated = sum(
        fund.starts is None or fund.ends is None or fund.amount is None for _, fund in money.funds
    )
    for name, label in labels:
        path: Path | None = getattr(money.paths, name) if money.paths else None
        note = money.why
        if name == "expected" and money.paths and money.paths.spread:
            yield _as_bids_go(money.paths.spread, len(money.counted), undated)
            continue
        if path is not None:
            note = (
                "" if path.runs_out else f"at least: it was looked at {MONTHS_AHEAD} months ahead"
            )
        yield Measure(
            name,
            label,
            None if path is None else float(path.months_covered),
            "months",
            len(money.counted),
            undated,
            interval="" if path is None else "one of three cases; together they are the range",
            note=note,
        )
    shares = money.shares
    nothing = money.why if money.mixed else "no source with an amount counts yet"
    yield Measure(
        "largest_share",
        "Largest source's share of the money",
        100 * shares.largest_share if shares else None,
        "%",
        shares.sources if shares else 0,
        undated if money.basis == NEXT_YEAR else 0,
        note=f"of what is {money.basis}" if shares else nothing,
    )
    yield Measure(
        "hhi",
        "Concentration of the money (HHI, 1 is one source)",
        shares.hhi if shares else None,
        "",
        shares.sources if shares else 0,
        undated if money.basis == NEXT_YEAR else 0,
        note=compared(shares.hhi) if shares else nothing,
    )


def _as_bids_go(spread: Spread, n: int, undated: int) -> Measure:
    """Months paid for as a spread, for bids come or fail and never come in part."""
    return Measure(
        "expected",
        "Months paid for, as the bids may go",
        float(spread.middle.months_covered),
        "months",
        n,
        undated,
        float(spread.low.months_covered),
        float(spread.high.months_covered),
        "eight in ten of the ways the bids can go",
        f"{chance_words(spread.none)} that none of the {spread.bids} comes"
        if spread.bids > 1
        else f"{chance_words(spread.none)} that it does not come",
    )


def chance_words(chance: float) -> str:
    """A chance as people say it.

    >>> chance_words(0.328), chance_words(0.12), chance_words(0.02)
    ('about one chance in three', 'about one chance in eight', 'hardly a chance')
    >>> chance_words(0.6)
    'about 60 chances in 100'
    """
    if chance < 0.05:
        return "hardly a chance"
    if chance > 0.55:
        return f"about {round(100 * chance)} chances in 100"
    words = ("two", "three", "four", "five", "six", "seven", "eight", "nine", "ten")
    return f"about one chance in {words[min(8, max(0, round(1 / chance) - 2))]}"


def compared(value: float) -> str:
    """How a concentration reads beside that of real non-profits."""
    return (
        f"{less_concentrated(value)} of 600 US human-service non-profits (2021) are less "
        "concentrated; "
        "they were counted by lines of income and not by sources, and there is no right value"
    )
