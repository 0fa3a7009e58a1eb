"""Social return on investment as a range with its assumptions, never as one number to rank by.

For one outcome, the value in its first year is
    quantity x worth of one x (1 - deadweight) x (1 - displacement) x (1 - attribution)
where deadweight would have happened anyway, displacement only moved, and attribution is what
others brought about. Each later year keeps (1 - drop-off) of the year before, for `duration`
years. Year t's value is divided by (1 + discount rate)^t: the first year is discounted by one
year. The ratio is the present value of all outcomes, losses taken off, over the inputs, which
count in full at the start. Worth below zero is a loss; the shares are taken off it too.

Source: the terms and steps follow A guide to social return on investment (Cabinet Office 2009,
updated by the SROI Network 2012). Its authors warn against comparing ratios.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from playbook_helpers.core.errors import InputError
from playbook_helpers.core.text import folded
from playbook_helpers.practices.sustainability.assumptions import (
    ASSUMPTIONS,
    LINEAR,
    WORDS,
    Outcome,
    Range,
    range_of,
    sure,
)
from playbook_helpers.practices.sustainability.funding import each_of, number_of

FORMULA = (
    "Worth in the first year = quantity × worth of one × (1 − deadweight) × (1 − displacement) "
    "× (1 − attribution to others).",
    "Worth in year t = worth in the first year × (1 − drop-off) to the power t − 1, up to the "
    "last year of its duration.",
    "In today's money = the sum over the years of the worth in year t ÷ (1 + discount rate) to "
    "the power t.",
    "Ratio = today's money of all changes, losses taken off, ÷ all that went in.",
)
"""How the ratio is worked out, as it is printed beside it."""
CONVENTIONS = (
    "The first year's value is discounted by one year.",
    "Drop-off begins in the second year and takes its share of the year before.",
    "What others brought about is taken off as a share (attribution to others).",
    "Inputs count in full at the start, without discount.",
    "The low and the high ratio put every assumption at its least and most favourable at once.",
)


@dataclass(frozen=True, slots=True)
class Swing:
    """How far the ratio moves when one assumption goes from its low to its high value."""

    assumption: str
    at_low: float
    at_high: float

    @property
    def width(self) -> float:
        """The distance between the two ratios."""
        return abs(self.at_high - self.at_low)


@dataclass(frozen=True, slots=True)
class SocialReturn:
    """The ratio as a range, what moves it most, and where it would be one to one.

    `tornado` lists the assumptions, widest swing first. `break_even` gives, for each outcome's
    assumption that can do it alone, the value at which the central ratio is exactly 1.
    """

    low: float
    central: float
    high: float
    present_value: float
    inputs: float
    net: float
    tornado: tuple[Swing, ...]
    break_even: Mapping[str, float]
    warnings: tuple[str, ...]
    conventions: tuple[str, ...] = CONVENTIONS
    formula: tuple[str, ...] = FORMULA


def present_value(outcome: Outcome, discount_rate: float) -> float:
    """The present value of one outcome with its central assumptions.

    >>> gain = Outcome("Work", sure(10), sure(1000), deadweight=sure(0.2), attribution=sure(0.5),
    ...     drop_off=sure(0.5), duration=sure(2))
    >>> round(present_value(gain, 0.0))
    6000
    """
    return _worth(_central(outcome), discount_rate)


def _central(outcome: Outcome) -> dict[str, float]:
    """The best guess of each assumption."""
    return {name: getattr(outcome, name).central for name in ASSUMPTIONS}


def _worth(values: Mapping[str, float], rate: float) -> float:
    """The present value for one value of each assumption: the formula at the top."""
    first = (
        values["quantity"]
        * values["worth"]
        * (1 - values["deadweight"])
        * (1 - values["displacement"])
        * (1 - values["attribution"])
    )
    return first * _over_years(1 - values["drop_off"], round(values["duration"]), rate)


@lru_cache(maxsize=4096)
def _over_years(keep: float, years: int, rate: float) -> float:
    """The present value of 1 in the first year, with what is kept of it in each later year."""
    return math.fsum(keep ** (year - 1) / (1 + rate) ** year for year in range(1, years + 1))


def sroi(
    outcomes: Outcome | Iterable[Outcome | Mapping[str, Any]],
    inputs: float | Iterable[float] | Mapping[str, float],
    discount_rate: Range | float | tuple[float, float, float] = 0.035,
) -> SocialReturn:
    """The social return of `outcomes` on `inputs` (money), as a range.

    An outcome may be a dictionary with the fields of `Outcome`, or they are the rows of a data
    frame; several inputs are added up. The formula and its conventions stand at the top of this
    module and in the result. Raises InputError for no outcomes, inputs of zero or less, or shares
    outside 0 to 1.

    >>> result = sroi([Outcome("Work", Range(8, 10, 12), sure(1000), Range(0.1, 0.2, 0.5))], 4000,
    ...     discount_rate=0.0)
    >>> result.low, result.central, result.high
    (1.0, 2.0, 2.7)
    """
    rate = range_of(discount_rate)
    held, inputs = each_of(outcomes, Outcome), _inputs(inputs)
    _check(held, inputs, rate)
    values = [present_value(o, rate.central) for o in held]
    total = math.fsum(values)
    tornado: list[Swing] = []
    for outcome, own in zip(held, values, strict=True):
        guess = _central(outcome)
        for name in ASSUMPTIONS:
            spread: Range = getattr(outcome, name)
            if spread.low == spread.high:
                continue
            # Only this outcome's own part moves: so the work grows with the outcomes, not faster.
            at_low, at_high = (
                (total - own + _worth(guess | {name: at}, rate.central)) / inputs
                for at in (spread.low, spread.high)
            )
            tornado.append(Swing(f"{outcome.name}: {WORDS[name]}", at_low, at_high))
    if rate.low != rate.high:
        at_low, at_high = (
            math.fsum(present_value(o, at) for o in held) / inputs for at in (rate.low, rate.high)
        )
        tornado.append(Swing("Discount rate", at_low, at_high))
    # With losses and gains at other times the ratio need not be at its ends where the rate is.
    steps = sorted({rate.low, rate.central, rate.high} | {_between(rate, k / 4) for k in (1, 2, 3)})
    ends = [[_extremes(o, at) for o in held] for at in steps]
    lows = [math.fsum(low for low, _ in each) / inputs for each in ends]
    highs = [math.fsum(high for _, high in each) / inputs for each in ends]
    central = total / inputs
    return SocialReturn(
        low=min(*lows, central),
        central=central,
        high=max(*highs, central),
        present_value=total,
        inputs=inputs,
        net=total - inputs,
        tornado=tuple(sorted(tornado, key=lambda s: (-s.width, s.assumption))),
        break_even=_break_even(held, values, inputs, rate.central),
        warnings=_warnings(held),
    )


def _inputs(given: Any) -> float:
    """All that went in, from one sum, several, or a mapping from each to its sum."""
    each = given.values() if isinstance(given, Mapping) else given
    if isinstance(each, str) or not isinstance(each, Iterable):
        each = (each,)
    return math.fsum(number_of(one, "What went in") for one in each)


def _between(rate: Range, share: float) -> float:
    return rate.low + share * (rate.high - rate.low)


def _extremes(outcome: Outcome, rate: float) -> tuple[float, float]:
    """The least and the greatest present value one outcome can have within its ranges.

    All but the worth of one makes a factor that is never below 0, and each assumption moves that
    factor one way only; a loss is worst where the factor is largest.
    """
    shares = ("deadweight", "displacement", "attribution", "drop_off")
    most = {"quantity": outcome.quantity.high, "duration": outcome.duration.high}
    least = {"quantity": outcome.quantity.low, "duration": outcome.duration.low}
    most |= {name: getattr(outcome, name).low for name in shares}
    least |= {name: getattr(outcome, name).high for name in shares}
    factors = [_worth({**values, "worth": 1.0}, rate) for values in (least, most)]
    low, high = outcome.worth.low, outcome.worth.high
    return low * factors[low < 0], high * factors[high >= 0]


def _break_even(
    outcomes: Sequence[Outcome], values: Sequence[float], inputs: float, rate: float
) -> dict[str, float]:
    """For each assumption that can do it alone, the value that makes the ratio exactly 1.

    The ratio is linear in quantity, worth and the three shares, so two points give the value. For
    the discount rate, where gains alone are counted, it is found by halving; it is then the rate
    of return of the whole.
    """
    found: dict[str, float] = {}
    total = math.fsum(values)
    for outcome, own in zip(outcomes, values, strict=True):
        guess = _central(outcome)
        for name in LINEAR:
            spread: Range = getattr(outcome, name)
            at_zero = total - own + _worth(guess | {name: 0.0}, rate)
            at_one = total - own + _worth(guess | {name: 1.0}, rate)
            slope = at_one - at_zero
            # A slope that is only rounding gives no value.
            if abs(slope) <= 1e-12 * max(abs(total), abs(own), inputs):
                continue
            value = (inputs - at_zero) / slope
            if name == "worth":
                # The worth that makes it even has the side, gain or loss, that was given.
                possible = value >= 0 if spread.central >= 0 else value <= 0
            else:
                possible = 0 <= value <= (math.inf if name == "quantity" else 1)
            if possible:
                found[f"{outcome.name}: {WORDS[name]}"] = value
    at = _break_even_rate(outcomes, inputs)
    return found if at is None else found | {"Discount rate": at}


def _break_even_rate(outcomes: Sequence[Outcome], inputs: float) -> float | None:
    if any(outcome.worth.central < 0 for outcome in outcomes):
        return None

    by_year: dict[int, float] = {}
    for outcome in outcomes:
        values = _central(outcome)
        first = _worth(values | {"duration": 1}, 0.0)
        for year in range(1, round(values["duration"]) + 1):
            flow = first * (1 - values["drop_off"]) ** (year - 1)
            by_year[year] = by_year.get(year, 0.0) + flow

    def worth(rate: float) -> float:
        return math.fsum(flow / (1 + rate) ** year for year, flow in by_year.items()) - inputs

    low, high = 0.0, 1.0
    if worth(low) < 0 or worth(high) > 0:
        return None
    for _ in range(40):
        middle = (low + high) / 2
        low, high = (middle, high) if worth(middle) > 0 else (low, middle)
    return (low + high) / 2


def _warnings(outcomes: Sequence[Outcome]) -> tuple[str, ...]:
    said = []
    groups: dict[str, list[Outcome]] = {}
    for outcome in outcomes:
        group = folded(outcome.group)
        if group and outcome.worth.central > 0:
            groups.setdefault(group, []).append(outcome)
    for gains in groups.values():
        first = gains[0]
        changes = [folded(o.change or o.name) for o in gains]
        earlier: dict[str, str] = {}
        for change, gain in zip(changes, gains, strict=True):
            if change in earlier:
                said.append(
                    f"“{earlier[change]}” and “{gain.name}” tell of the same change for the same "
                    "people: is it counted twice?"
                )
            earlier.setdefault(change, gain.name)
        if len(set(changes)) > 1:
            said.append(
                f"{len(gains)} gains are counted for the same people ({first.group}). Is one of "
                "them the way to another? Then it would be counted twice."
            )
    if all(outcome.worth.central >= 0 for outcome in outcomes):
        said.append(
            "No loss is listed. Did nobody lose time, money or peace of mind? Ask those it touched."
        )
    unsourced = [outcome.name for outcome in outcomes if not outcome.proxy_source.strip()]
    if unsourced:
        said.append(f"Say where the worth of one comes from: {_named(unsourced)}.")
    whole = [
        outcome.name
        for outcome in outcomes
        if outcome.worth.central > 0
        and outcome.deadweight.central == 0
        and outcome.attribution.central == 0
    ]
    if whole:
        said.append(
            "Nothing is taken off for what would have happened anyway or what others did: "
            f"{_named(whole)}. Is that believable?"
        )
    fixed = [
        outcome.name
        for outcome in outcomes
        if all(getattr(outcome, name).low == getattr(outcome, name).high for name in ASSUMPTIONS)
    ]
    if fixed:
        said.append(
            f"No assumption has a lowest and a highest value: {_named(fixed)}. Are you that sure?"
        )
    return tuple(said)


def _named(names: Sequence[str], most: int = 3) -> str:
    shown = ", ".join(f"“{name}”" for name in names[:most])
    return f"{shown} and {len(names) - most} more" if len(names) > most else shown


def _check(outcomes: Sequence[Outcome], inputs: float, rate: Range) -> None:
    if not outcomes:
        raise InputError("There is no outcome yet", allowed="at least one outcome")
    if not math.isfinite(inputs) or inputs <= 0:
        raise InputError("The inputs are wrong", value=inputs, allowed="money above 0")
    if not -0.5 <= rate.low <= rate.high <= 1:
        raise InputError("The discount rate is wrong", value=rate, allowed="a share such as 0.035")
    for outcome in outcomes:
        for name in ("deadweight", "displacement", "attribution", "drop_off"):
            spread: Range = getattr(outcome, name)
            if spread.low < 0 or spread.high > 1:
                raise InputError(
                    f"{outcome.name}: {name} is outside its range",
                    value=(spread.low, spread.high),
                    allowed="shares between 0 and 1",
                )
        lasts = outcome.duration
        if (
            lasts.low < 1
            or lasts.high > 100
            or any(y % 1 for y in (lasts.low, lasts.central, lasts.high))
        ):
            raise InputError(
                f"{outcome.name}: the duration is wrong",
                value=(outcome.duration.low, outcome.duration.high),
                allowed="1 to 100 whole years",
            )
        if outcome.quantity.low < 0:
            raise InputError(
                f"{outcome.name}: the quantity is wrong",
                value=outcome.quantity.low,
                allowed="0 or more",
            )


__all__ = [
    "ASSUMPTIONS",
    "CONVENTIONS",
    "FORMULA",
    "WORDS",
    "Outcome",
    "Range",
    "SocialReturn",
    "Swing",
    "present_value",
    "range_of",
    "sroi",
    "sure",
]
