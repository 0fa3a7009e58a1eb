"""Social return on investment as a range with its assumptions, never as one number to rank by.

For one outcome, the value in its first year is
    quantity x worth of one x (1 - deadweight) x (1 - displacement) x (1 - attribution)
where deadweight would have happened anyway, displacement only moved, and attribution is what
others brought about. Each later year keeps (1 - drop-off) of the year before, for `duration`
years. Year t's value is divided by (1 + discount rate)^t: the first year is discounted by one
year. The ratio is the present value of all outcomes, losses taken off, over the inputs, which
count in full at the start.

Source: the terms and steps follow A guide to social return on investment (Cabinet Office 2009,
updated by the SROI Network 2012). Its authors warn against comparing ratios.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Literal

from playbook_helpers.errors import InputError

CONVENTIONS = (
    "The first year's value is discounted by one year.",
    "Drop-off begins in the second year and takes its share of the year before.",
    "What others brought about is taken off as a share (attribution to others).",
    "Inputs count in full at the start, without discount.",
    "The low and the high ratio put every assumption at its least and most favourable at once.",
)
Side = Literal["low", "central", "high"]


@dataclass(frozen=True, slots=True)
class Range:
    """An assumption: its lowest, central and highest believable value. Raises InputError for a
    wrong order."""

    low: float
    central: float
    high: float

    def __post_init__(self) -> None:
        numbers = (self.low, self.central, self.high)
        if not all(math.isfinite(n) for n in numbers) or not self.low <= self.central <= self.high:
            raise InputError("A range is out of order", value=numbers, allowed="low, central, high")


def sure(value: float) -> Range:
    """A value with no doubt about it."""
    return Range(value, value, value)


@dataclass(frozen=True, slots=True)
class Outcome:
    """One change for one group of people; `worth` below zero is a loss that was caused.

    `quantity` counts people or things, `worth` is money a year for one of them, `duration` whole
    years, the other assumptions shares from 0 to 1. `group` and `change` serve to spot what is
    counted twice. `proxy_source` says where the worth comes from.
    """

    name: str
    quantity: Range
    worth: Range
    deadweight: Range = Range(0, 0, 0)
    displacement: Range = Range(0, 0, 0)
    attribution: Range = Range(0, 0, 0)
    drop_off: Range = Range(0, 0, 0)
    duration: Range = Range(1, 1, 1)
    group: str = ""
    change: str = ""
    proxy_source: str = ""


ASSUMPTIONS = (
    "quantity",
    "worth",
    "deadweight",
    "displacement",
    "attribution",
    "drop_off",
    "duration",
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


def present_value(outcome: Outcome, discount_rate: float) -> float:
    """The present value of one outcome with its central assumptions.

    >>> gain = Outcome("Work", sure(10), sure(1000), deadweight=sure(0.2), attribution=sure(0.5),
    ...     drop_off=sure(0.5), duration=sure(2))
    >>> round(present_value(gain, 0.0))
    6000
    """
    first = (
        outcome.quantity.central
        * outcome.worth.central
        * (1 - outcome.deadweight.central)
        * (1 - outcome.displacement.central)
        * (1 - outcome.attribution.central)
    )
    keep = 1 - outcome.drop_off.central
    return math.fsum(
        first * keep ** (year - 1) / (1 + discount_rate) ** year
        for year in range(1, round(outcome.duration.central) + 1)
    )


def sroi(
    outcomes: Sequence[Outcome], inputs: float, discount_rate: Range | float = 0.035
) -> SocialReturn:
    """The social return of `outcomes` on `inputs` (money), as a range.

    The formula and its conventions stand at the top of this module and in the result. Raises
    InputError for no outcomes, inputs of zero or less, or shares outside 0 to 1.

    >>> result = sroi([Outcome("Work", Range(8, 10, 12), sure(1000), Range(0.1, 0.2, 0.5))], 4000,
    ...     discount_rate=0.0)
    >>> result.low, result.central, result.high
    (1.0, 2.0, 2.7)
    """
    rate = discount_rate if isinstance(discount_rate, Range) else sure(float(discount_rate))
    _check(outcomes, inputs, rate)
    held = tuple(outcomes)

    def ratio(changed: Sequence[Outcome], at: float) -> float:
        return math.fsum(present_value(o, at) for o in changed) / inputs

    central = ratio(held, rate.central)
    tornado: list[Swing] = []
    worst, best = list(held), list(held)
    for place, outcome in enumerate(held):
        for name in ASSUMPTIONS:
            spread: Range = getattr(outcome, name)
            if spread.low == spread.high:
                continue
            at = {
                side: ratio(
                    [
                        *held[:place],
                        _fixed(outcome, name, getattr(spread, side)),
                        *held[place + 1 :],
                    ],
                    rate.central,
                )
                for side in ("low", "high")
            }
            tornado.append(
                Swing(f"{outcome.name}: {name.replace('_', '-')}", at["low"], at["high"])
            )
            # For one outcome every assumption moves its value one way, whatever the others are.
            up = at["high"] >= at["low"]
            worst[place] = _fixed(worst[place], name, spread.low if up else spread.high)
            best[place] = _fixed(best[place], name, spread.high if up else spread.low)
    if rate.low != rate.high:
        tornado.append(Swing("Discount rate", ratio(held, rate.low), ratio(held, rate.high)))
    lows = [ratio(worst, at) for at in (rate.low, rate.high)]
    highs = [ratio(best, at) for at in (rate.low, rate.high)]
    total = central * inputs
    return SocialReturn(
        low=min(*lows, central),
        central=central,
        high=max(*highs, central),
        present_value=total,
        inputs=inputs,
        net=total - inputs,
        tornado=tuple(sorted(tornado, key=lambda s: (-s.width, s.assumption))),
        break_even=_break_even(held, inputs, rate.central),
        warnings=_warnings(held),
    )


def _fixed(outcome: Outcome, name: str, value: float) -> Outcome:
    return replace(outcome, **{name: sure(value)})  # type: ignore[arg-type]


def _break_even(outcomes: Sequence[Outcome], inputs: float, rate: float) -> dict[str, float]:
    """For each assumption that can do it alone, the value that makes the ratio exactly 1.

    The ratio is linear in quantity, worth and the three shares, so two points give the value.
    """
    found: dict[str, float] = {}
    for place, outcome in enumerate(outcomes):
        rest = math.fsum(present_value(o, rate) for i, o in enumerate(outcomes) if i != place)
        for name in ("quantity", "worth", "deadweight", "displacement", "attribution"):
            at_zero = rest + present_value(_fixed(outcome, name, 0.0), rate)
            at_one = rest + present_value(_fixed(outcome, name, 1.0), rate)
            if at_zero == at_one:
                continue
            value = (inputs - at_zero) / (at_one - at_zero)
            share = name in ("deadweight", "displacement", "attribution")
            if 0 <= value <= (1 if share else math.inf):
                found[f"{outcome.name}: {name}"] = value
    return found


def _warnings(outcomes: Sequence[Outcome]) -> tuple[str, ...]:
    said = []
    seen: dict[tuple[str, str], str] = {}
    for outcome in outcomes:
        key = (outcome.group.strip().casefold(), outcome.change.strip().casefold())
        if all(key):
            if key in seen:
                said.append(
                    f"“{seen[key]}” and “{outcome.name}” tell of the same change for the same "
                    "people: is it counted twice?"
                )
            seen.setdefault(key, outcome.name)
    if all(outcome.worth.central >= 0 for outcome in outcomes):
        said.append(
            "No loss is listed. Did nobody lose time, money or peace of mind? Ask those it touched."
        )
    for outcome in outcomes:
        if not outcome.proxy_source.strip():
            said.append(f"“{outcome.name}”: say where the worth of one comes from.")
        if outcome.deadweight.central == 0 and outcome.attribution.central == 0:
            said.append(
                f"“{outcome.name}”: nothing is taken off for what would have happened anyway or "
                "what others did. Is that believable?"
            )
    return tuple(said)


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
        if outcome.duration.low < 1 or outcome.duration.high > 100:
            raise InputError(
                f"{outcome.name}: the duration is wrong",
                value=(outcome.duration.low, outcome.duration.high),
                allowed="1 to 100 years",
            )
        if outcome.quantity.low < 0:
            raise InputError(
                f"{outcome.name}: the quantity is wrong",
                value=outcome.quantity.low,
                allowed="0 or more",
            )
