"""Social value from the records: the ratio as a range, with its assumptions and its doubts."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from playbook_helpers.core.assessment import Finding, Head, Measure, of_type
from playbook_helpers.core.errors import InputError
from playbook_helpers.practices.sustainability.records import (
    SocialAccount,
    SocialInput,
    SocialOutcome,
)
from playbook_helpers.practices.sustainability.rows import (
    OutcomeRow,
    PublishedRow,
    ReckoningRow,
    SocialValueRow,
    TornadoRow,
)
from playbook_helpers.practices.sustainability.social_value import (
    ASSUMPTIONS,
    WORDS,
    Outcome,
    Range,
    SocialReturn,
    sroi,
)

RATE = 0.035
"""The real discount rate of the UK Green Book for 30 years, under review since December 2025."""
USUAL = Range(RATE, RATE, RATE)
ASKED = {"duration": "years"} | {name: name for name in ASSUMPTIONS if name != "duration"}
UNITS = dict.fromkeys(("deadweight", "displacement", "attribution", "drop_off"), 0.01)


@dataclass(frozen=True, slots=True)
class Value:
    """The social return, what it was worked out with, and why there is none."""

    result: SocialReturn | None
    outcomes: tuple[Outcome, ...] = ()
    inputs: float = 0.0
    rate: Range = USUAL
    currency: str = ""
    accounts: tuple[SocialAccount, ...] = ()
    why: str = ""


def value_of(now: Sequence[Head]) -> Value:
    """The social return of the outcomes over the inputs."""
    records = [o for _, o in of_type(now, SocialOutcome)]
    inputs = [i for _, i in of_type(now, SocialInput)]
    accounts = tuple(a for _, a in of_type(now, SocialAccount))
    if not records:
        why = "no change with a worth is written down, and none has to be"
        return Value(None, accounts=accounts, why=why)
    if not inputs:
        return Value(None, accounts=accounts, why="what went in is not written down yet")
    met = {(i.currency or "").upper() for i in inputs} - {""}
    if len(met) > 1:
        why = f"what went in is in several currencies ({', '.join(sorted(met))})"
        return Value(None, accounts=accounts, why=why)
    currency = met.pop() if met else ""
    outcomes = tuple(outcome_of(o) for o in records)
    total = sum(i.value for i in inputs)
    rate = _rate(accounts)
    try:
        result = sroi(outcomes, total, rate)
    except InputError as error:
        why = error.what[0].lower() + error.what[1:]
        return Value(None, outcomes, total, rate, currency, accounts, why)
    return Value(result, outcomes, total, rate, currency, accounts)


def _rate(accounts: Sequence[SocialAccount]) -> Range:
    given = next((a for a in accounts if a.discount is not None), None)
    if given is None:
        return USUAL
    return _spread(given, "discount", 0.01)


def _spread(record: object, name: str, scale: float = 1.0, sign: float = 1.0) -> Range:
    """Three answers as a range; an end left out is the best guess, ends in disorder are sorted."""
    middle = getattr(record, name)
    if middle is None:
        # Without a best guess the middle of the two ends stands for it; without those, none.
        known = [
            v for end in ("low", "high") if (v := getattr(record, f"{name}_{end}")) is not None
        ]
        middle = sum(known) / len(known) if known else (1.0 if name == "years" else 0.0)
        middle = float(round(middle)) if name == "years" else middle
    ends = [getattr(record, f"{name}_{end}") for end in ("low", "high")]
    every = [middle, *(end for end in ends if end is not None)]
    low, high = sorted((sign * scale * min(every), sign * scale * max(every)))
    return Range(low, sign * scale * middle, high)


def outcome_of(record: SocialOutcome) -> Outcome:
    """A record's assumptions as ranges, in shares of 1; a loss has its worth below zero."""
    spreads = {
        name: _spread(
            record,
            asked,
            UNITS.get(name, 1.0),
            -1.0 if name == "worth" and record.side == "loss" else 1.0,
        )
        for name, asked in ASKED.items()
    }
    return Outcome(
        name=record.name,
        group=record.group or "",
        change=record.name,
        proxy_source=record.worth_source or "",
        **spreads,
    )


def disordered(record: SocialOutcome) -> list[str]:
    """The assumptions whose lowest, best and highest are not in this order."""
    found = []
    for name, asked in ASKED.items():
        three = [getattr(record, f"{asked}_low"), getattr(record, asked)]
        three = [v for v in (*three, getattr(record, f"{asked}_high")) if v is not None]
        if three != sorted(three):
            found.append(WORDS[name])
    return found


def value_rows(value: Value) -> tuple[SocialValueRow, ...]:
    """The ratio and its parts, in one row; empty where there is none."""
    if value.result is None:
        return ()
    result = value.result
    return (
        {
            "low": result.low,
            "central": result.central,
            "high": result.high,
            "present_value": result.present_value,
            "inputs": result.inputs,
            "net": result.net,
            "currency": value.currency or None,
            "discount_low": value.rate.low,
            "discount": value.rate.central,
            "discount_high": value.rate.high,
            "conventions": " ".join(result.conventions),
        },
    )


def reckoning_rows(value: Value) -> tuple[ReckoningRow, ...]:
    """How the ratio was worked out, to print beside it: formula, conventions, what went in."""
    if value.result is None:
        return ()
    result, rate = value.result, value.rate
    percent = " to ".join(f"{100 * r:.3g} %" for r in dict.fromkeys((rate.low, rate.high)))
    money = f"{result.inputs:,.0f} {value.currency}".strip()
    used = f"Discount rate: {percent}. What went in: {money}."
    return (
        *(ReckoningRow(part="Formula", words=words) for words in result.formula),
        *(ReckoningRow(part="Convention", words=words) for words in result.conventions),
        ReckoningRow(part="Used here", words=used),
    )


def tornado_rows(value: Value) -> tuple[TornadoRow, ...]:
    """What moves the ratio, most first, with the value at which it would be one to one."""
    if value.result is None:
        return ()
    result = value.result
    even = dict(result.break_even)
    rows: list[TornadoRow] = [
        {
            "assumption": s.assumption,
            "at_low": s.at_low,
            "at_high": s.at_high,
            "width": s.width,
            "central": result.central,
            "break_even": even.pop(s.assumption, None),
        }
        for s in result.tornado
    ]
    rows += [
        {
            "assumption": name,
            "at_low": None,
            "at_high": None,
            "width": 0.0,
            "central": result.central,
            "break_even": at,
        }
        for name, at in even.items()
    ]
    return tuple(rows)


def outcome_rows(value: Value) -> tuple[OutcomeRow, ...]:
    """Each outcome with its best guesses, as the table of assumptions shows them."""
    return tuple(
        {
            "name": o.name,
            "group": o.group,
            "quantity": o.quantity.central,
            "worth": o.worth.central,
            "deadweight": o.deadweight.central,
            "displacement": o.displacement.central,
            "attribution": o.attribution.central,
            "drop_off": o.drop_off.central,
            "duration": o.duration.central,
            "proxy_source": o.proxy_source,
        }
        for o in value.outcomes
    )


def published_rows(value: Value) -> tuple[PublishedRow, ...]:
    """What studies published, beside and never mixed with one's own."""
    return tuple(
        {
            "name": a.name,
            "ratio": a.published_ratio,
            "net": a.published_net,
            "basis": a.published_basis,
            "source": a.source,
        }
        for a in value.accounts
        if a.published_ratio is not None
    )


def value_measures(value: Value) -> Iterable[Measure]:
    """The ratio as a range; never to be ranked or compared."""
    result = value.result
    yield Measure(
        "sroi",
        "Social value for each unit of money put in",
        result.central if result else None,
        "",
        len(value.outcomes) if result else 0,
        low=result.low if result else None,
        high=result.high if result else None,
        interval="all assumptions at their least and most favourable" if result else "",
        note="a story with assumptions; never to be compared with another's"
        if result
        else value.why,
    )


def value_findings(value: Value, now: Sequence[Head]) -> Iterable[Finding]:
    """What is doubtful about the sum, and what it can say at most."""
    for account in value.accounts:
        if account.published_ratio is not None:
            basis = f" It counts: {account.published_basis}" if account.published_basis else ""
            yield Finding(
                "published_ratio",
                f"A study published a worth of {account.published_ratio:g} for each 1 put in "
                f"({account.name}). It was not worked out again here.{basis}",
                "note",
                "Read which years, people and prices it counts before you tell anybody of it.",
            )
        if account.without_price is not None:
            yield Finding(
                "without_price",
                f"What changed and has no price: {account.without_price}",
                "note",
                "Tell of this first. The ratio leaves it out.",
                "What would people here name first, if nobody asked for a price?",
            )
    for head, record in of_type(now, SocialOutcome):
        wrong = disordered(record)
        if wrong:
            yield Finding(
                "range_order",
                f"“{record.name}”: lowest, best guess and highest are not in order "
                f"({', '.join(wrong)}). The lowest and the highest number given were taken.",
                "look",
                "Put the three numbers in order.",
                effort="minutes",
                records=(head.record,),
            )
    if value.outcomes and value.result is None:
        yield Finding(
            "no_ratio",
            f"The social value cannot be worked out: {value.why}.",
            "look",
            "Look at what went in and at the card of that change.",
            effort="minutes",
        )
    result = value.result
    if result is None:
        return
    for warning in result.warnings:
        yield Finding(
            "value_warning",
            warning,
            "look",
            question="What would the people it is about say to this?",
            effort="minutes",
        )
    if value.outcomes and not any(a.without_price for a in value.accounts):
        yield Finding(
            "all_priced",
            "Only what has a price is written down.",
            "look",
            "Add what changed and cannot be priced to the card with the rules of the sum.",
            "What matters most to people here, and what would it mean to price it?",
            effort="minutes",
        )
    if result.low < 1 < result.high:
        first = f": {result.tornado[0].assumption}" if result.tornado else ""
        yield Finding(
            "value_open",
            f"The ratio lies between {result.low:.1f} and {result.high:.1f}: with these "
            "assumptions nobody can say whether the worth is above what went in.",
            "look",
            f"Look first at what moves it most{first}.",
            "Which of our guesses would the people it is about not believe?",
        )
    elif result.high <= 1:
        yield Finding(
            "value_below",
            "Even with the kindest assumptions, what has a price is worth no more than what went "
            f"in: at most {result.high:.2f} for each 1.",
            "look",
            "Ask whether what matters most was priced at all.",
            "Would we still do it? For what reason?",
        )
