"""How long the money lasts, and how much hangs on one source."""

from __future__ import annotations

import math
import sys
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from itertools import accumulate, product
from numbers import Real
from typing import Any

from playbook_helpers.core.errors import InputError, NotFound
from playbook_helpers.core.partial_dates import first_day
from playbook_helpers.core.text import folded
from playbook_helpers.practices.sustainability.funding import (
    Cost,
    Funding,
    day_of,
    each_of,
    letters_of,
    number_of,
)


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


def concentration(amounts: Iterable[float] | Mapping[Any, float]) -> Concentration:
    """The concentration of money over sources; amounts of zero or less are left out and counted.

    `amounts` are numbers, or a mapping from each source to its amount.

    HHI = sum of squared shares; normalised (HHI - 1/n) / (1 - 1/n). Sources: Herfindahl (1950)
    and Hirschman (1945). The research on non-profits does not agree on whether a high value is
    bad, so there is no red line. Raises InputError where no amount is above zero,
    or where one is no number.

    >>> c = concentration([50, 30, 20])
    >>> round(c.hhi, 2), round(c.normalised, 2), c.largest_share
    (0.38, 0.07, 0.5)
    """
    given = [_amount(a) for a in (amounts.values() if isinstance(amounts, Mapping) else amounts)]
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


def _amount(given: object) -> float:
    amount = number_of(given, "An amount")
    if not math.isfinite(amount):
        raise InputError(
            "An amount is not a number", value=given, allowed="an amount, or leave the source out"
        )
    # R keeps whole numbers of 64 bits in the bytes of fractions: 10,000 is then read as 4.9e-320.
    if 0 < abs(amount) < sys.float_info.min:
        raise InputError(
            "An amount was misread: a whole number of 64 bits taken for a fraction",
            value=given,
            allowed="the file read again, with its whole numbers as such",
        )
    return amount


def hhi(amounts: Iterable[float] | Mapping[Any, float]) -> float:
    """The Herfindahl-Hirschman index of the amounts, between 1/n and 1.

    >>> hhi([1, 1, 1, 1])
    0.25
    """
    return concentration(amounts).hhi


@dataclass(frozen=True, slots=True)
class Month:
    """One month: what comes in and goes out, and the free money left at its end (below 0: short).

    `held` is money left that only its own cost line may use.
    """

    month: str
    income: float
    cost: float
    free: float
    held: float


@dataclass(frozen=True, slots=True)
class Path:
    """The months of one case. `runs_out` is the first month that cannot be paid, or None;
    `months_covered` is how many months before it are paid."""

    months: tuple[Month, ...]
    runs_out: str | None
    months_covered: int


MOST_BIDS = 6
"""Bids of which every way to go is looked at: sixty-four of them for six."""


@dataclass(frozen=True, slots=True)
class Runway:
    """Three cases, and the source whose stop the third one shows."""

    expected: Path
    signed_only: Path
    largest_stops: Path
    largest_source: str
    currency: str
    all_come: Path
    """What is signed, and every bid in full."""
    spread: Spread | None = None
    """How the bids may go; None where no bid has a chance of its own."""


@dataclass(frozen=True, slots=True)
class Spread:
    """How bids that come or fail, each by itself, may turn out.

    `none` is the chance that none comes. `low`, `middle` and `high` are months paid for: one way in
    ten lasts no longer than `low`, half last no longer than `middle`, nine in ten no longer than
    `high`. Months are named as the first that cannot be paid, None where all can.
    """

    bids: int
    none: float
    low: Outcome
    middle: Outcome
    high: Outcome


@dataclass(frozen=True, slots=True)
class Outcome:
    """One way it can go: how many months are paid for, and the first that is not."""

    months_covered: int
    runs_out: str | None
    months: tuple[Month, ...] = ()


def runway(
    funding: Iterable[Funding | Mapping[str, Any]],
    costs: Iterable[Cost | Mapping[str, Any]] | Mapping[str, float] | float,
    reserves: float,
    start: date | str,
    months: int = 36,
    *,
    rates: Mapping[str, float] | None = None,
    currency: str = "",
    stops: str | None = None,
) -> Runway:
    """How long the money lasts, month by month from `start`'s month, in three cases.

    *Expected* counts each source times its likelihood; *signed only* what is signed, in full;
    *largest source stops* is the expected case without the source that brings most from now on,
    or without the one that `stops` names. Each source's amount is spread evenly over its months,
    and what belongs to months before `start` is taken as spent. Money that may pay for one cost
    line only pays for that line first and is kept out of everything else. `reserves` are free
    money, in `currency`. `costs` may be one number, what a month costs, or a mapping from each
    line to what it costs a month; sources and costs may be dictionaries with the fields of
    `Funding` or `Cost`, or the rows of a data frame. With several currencies `rates` must give the
    worth of one unit of each in `currency`. Names are the same whatever their case and spacing.
    Raises InputError for missing rates, negative amounts or likelihoods outside 0 to 1, and
    NotFound where `stops` names no source.

    >>> paths = runway([Funding("Grant", 1200, date(2027, 1, 1), date(2027, 12, 31))],
    ...     [Cost("Team", 150)], reserves=300, start=date(2027, 1, 1))
    >>> paths.expected.runs_out, paths.largest_stops.runs_out
    ('2027-07', '2027-03')
    """
    sources, lines = each_of(funding, Funding), _lines(costs)
    begins, currency = day_of(start, first_day), letters_of(currency)
    reserves = number_of(reserves, "The reserve")
    _check_money(sources, lines, reserves, months)
    to_one = _rates(sources, lines, rates, currency)
    first = (begins.year, begins.month)
    ahead = to_come(sources, begins, rates=rates, currency=currency)
    largest = next(iter(ahead), "") if stops is None else stops
    if stops and folded(stops) not in {folded(s.source) for s in sources}:
        known = ", ".join(dict.fromkeys(s.source for s in sources)) or "none"
        raise NotFound("There is no such source that could stop", value=stops, allowed=known)

    def incomes(weights: Sequence[float]) -> list[list[tuple[str, float]]]:
        table: list[list[tuple[str, float]]] = [[] for _ in range(months)]
        for source, weight in zip(sources, weights, strict=True):
            begin, end = _index(source.starts, first), _index(source.ends, first)
            share = source.amount * to_one(source.currency) * weight / (end - begin + 1)
            for place in range(max(0, begin), min(months, end + 1)):
                table[place].append((folded(source.restricted_to), share))
        return table

    likely = [source.likelihood for source in sources]
    without = [
        0.0 if largest and folded(s.source) == folded(largest) else w
        for s, w in zip(sources, likely, strict=True)
    ]
    outgoings = [
        [
            (folded(cost.line), cost.monthly * to_one(cost.currency))
            for cost in lines
            if (cost.starts is None or _index(cost.starts, first) <= place)
            and (cost.ends is None or _index(cost.ends, first) >= place)
        ]
        for place in range(months)
    ]
    names = [_month_name(first, place) for place in range(months)]
    firm = [float(s.signed) for s in sources]
    every = [1.0 if s.signed or s.likelihood else 0.0 for s in sources]

    def walk(weights: Sequence[float]) -> Path:
        return _walk(names, incomes(weights), outgoings, reserves)

    return Runway(
        walk(likely), walk(firm), walk(without), largest, currency, walk(every),
        _spread(sources, firm, walk),
    )  # fmt: skip


def _spread(
    sources: Sequence[Funding], firm: Sequence[float], walk: Callable[[Sequence[float]], Path]
) -> Spread | None:
    """Every way the largest bids can go, by its chance; smaller ones count as not coming."""
    bids = [place for place, s in enumerate(sources) if not s.signed and s.likelihood > 0]
    if not bids:
        return None
    none = math.prod(1 - sources[place].likelihood for place in bids)
    told = sorted(bids, key=lambda place: -sources[place].amount)[:MOST_BIDS]
    ways: list[tuple[int, float, Path]] = []
    for comes in product((0.0, 1.0), repeat=len(told)):
        weights = list(firm)
        chance = 1.0
        for place, there in zip(told, comes, strict=True):
            weights[place] = there
            likely = sources[place].likelihood
            chance *= likely if there else 1 - likely
        if chance > 0:
            path = walk(weights)
            ways.append((path.months_covered, chance, path))
    ways.sort(key=lambda way: way[0])

    def reached(share: float) -> Outcome:
        so_far = accumulate(chance for _, chance, _ in ways)
        place = next((n for n, sum_ in enumerate(so_far) if sum_ >= share - 1e-9), len(ways) - 1)
        months, _, path = ways[place]
        return Outcome(months, path.runs_out, path.months)

    return Spread(len(bids), none, reached(0.1), reached(0.5), reached(0.9))


def _lines(costs: Any) -> list[Cost]:
    """The lines of cost, from any of the forms that `runway` takes them in."""
    if isinstance(costs, Real | str):
        return [Cost("Costs", costs)]  # type: ignore[arg-type]
    if isinstance(costs, Mapping) and "line" not in costs:
        return [Cost(line, monthly) for line, monthly in costs.items()]
    return each_of(costs, Cost)


def to_come(
    funding: Sequence[Funding],
    start: date,
    months: int | None = None,
    *,
    rates: Mapping[str, float] | None = None,
    currency: str = "",
) -> dict[str, float]:
    """What each source is expected to bring from `start`'s month on (for `months`), most first.

    Each amount counts times its likelihood, spread evenly over its months. Sources that bring
    nothing any more are left out. Raises InputError as `runway` does.

    >>> to_come([Funding("City", 1200, date(2027, 1, 1), date(2027, 12, 31), likelihood=0.5)],
    ...     date(2027, 10, 1))
    {'City': 150.0}
    """
    _check_money(funding, (), 0.0, 1)
    to_one = _rates(funding, (), rates, currency)
    first = (start.year, start.month)
    names: dict[str, str] = {}
    sums: dict[str, float] = {}
    for source in funding:
        begin, end = _index(source.starts, first), _index(source.ends, first)
        last = end if months is None else min(end, months - 1)
        share = max(0, last - max(0, begin) + 1) / (end - begin + 1)
        key = folded(source.source)
        names.setdefault(key, source.source)
        worth = source.amount * to_one(source.currency) * source.likelihood * share
        sums[key] = sums.get(key, 0.0) + worth
    ordered = sorted((key for key in sums if sums[key] > 0), key=lambda key: (-sums[key], key))
    return {names[key]: sums[key] for key in ordered}


def _walk(
    names: Sequence[str],
    incomes: Sequence[Sequence[tuple[str, float]]],
    outgoings: Sequence[Sequence[tuple[str, float]]],
    reserves: float,
) -> Path:
    free, pools = float(reserves), dict[str, float]()
    rows: list[Month] = []
    runs_out: str | None = None
    for name, coming, going in zip(names, incomes, outgoings, strict=True):
        for purpose, amount in coming:
            if purpose:
                pools[purpose] = pools.get(purpose, 0.0) + amount
            else:
                free += amount
        for line, amount in going:
            from_pool = min(pools.get(line, 0.0), amount)
            if from_pool:
                pools[line] -= from_pool
            free -= amount - from_pool
        # Rounding must not make a month fail that comes out even.
        if runs_out is None and free < -1e-6 * max(1.0, abs(reserves)):
            runs_out = name
        income = math.fsum(amount for _, amount in coming)
        cost = math.fsum(amount for _, amount in going)
        rows.append(Month(name, income, cost, free, math.fsum(pools.values())))
    covered = names.index(runs_out) if runs_out is not None else len(names)
    return Path(tuple(rows), runs_out, covered)


def _index(day: date, first: tuple[int, int]) -> int:
    return (day.year - first[0]) * 12 + day.month - first[1]


def _month_name(first: tuple[int, int], place: int) -> str:
    year, month = divmod(first[0] * 12 + first[1] - 1 + place, 12)
    return f"{year:04d}-{month + 1:02d}"


def _check_money(
    funding: Sequence[Funding], costs: Sequence[Cost], reserves: float, months: int
) -> None:
    if not 1 <= months <= 600:
        raise InputError("The number of months is wrong", value=months, allowed="1 to 600")
    if not math.isfinite(reserves):
        raise InputError("The reserves are not a number", value=reserves)
    for source in funding:
        if not math.isfinite(source.amount) or source.amount < 0:
            raise InputError(
                f"The amount of {source.source!r} is wrong",
                value=source.amount,
                allowed="0 or more",
            )
        if not 0 <= source.likelihood <= 1:
            raise InputError(
                f"The likelihood of {source.source!r} is wrong",
                value=source.likelihood,
                allowed="a share between 0 and 1",
            )
        if source.ends < source.starts:
            raise InputError(
                f"{source.source!r} ends before it starts",
                value=f"{source.starts} to {source.ends}",
                allowed="an end on or after the start",
            )
    for cost in costs:
        if not math.isfinite(cost.monthly) or cost.monthly < 0:
            raise InputError(
                f"The cost of {cost.line!r} is wrong", value=cost.monthly, allowed="0 or more"
            )


def _rates(
    funding: Sequence[Funding],
    costs: Sequence[Cost],
    rates: Mapping[str, float] | None,
    currency: str,
) -> Callable[[str], float]:
    """The worth in `currency` of one unit of each currency met."""
    currency = letters_of(currency)
    met = ({f.currency for f in funding} | {c.currency for c in costs}) - {""}
    if len(met | ({currency} if currency else set())) <= 1:
        return lambda _: 1.0
    if not currency:
        raise InputError(
            "The money is in several currencies; they cannot be added as they are",
            value=", ".join(sorted(met)),
            allowed="one currency to show it in, and a rate for each of the others",
        )
    known = {currency: 1.0, "": 1.0}
    known |= {letters_of(c): number_of(r, f"The rate of {c}") for c, r in (rates or {}).items()}
    for name in sorted(met):
        if name not in known or not 0 < known[name] < math.inf:
            raise InputError(
                f"There is no rate from {name} to {currency}",
                value=name,
                allowed=f"the worth of one {name} in {currency}, above 0",
            )
    return lambda name: known[name]
