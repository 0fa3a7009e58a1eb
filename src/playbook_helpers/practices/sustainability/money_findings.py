"""What the money says: when it runs out, what hangs on one source, and what is missing to know."""

from __future__ import annotations

from collections.abc import Iterable

from playbook_helpers.core.assessment import Context, Finding
from playbook_helpers.core.partial_dates import first_day, last_day, spoken
from playbook_helpers.core.text import folded
from playbook_helpers.practices.sustainability.finances import MONTHS_AHEAD, Money, chance_words
from playbook_helpers.practices.sustainability.money import Outcome, Path, Spread

OLD = 92
"""Days after which a reserve should be counted again."""


def money_findings(money: Money, context: Context) -> Iterable[Finding]:
    """All findings on money."""
    if not money.funds and not money.costs:
        yield Finding(
            "no_money",
            "No money is written down yet.",
            "note",
            "Begin with what it costs to keep going for one month.",
            "What would we keep going if we had no money at all?",
            effort="minutes",
        )
        return
    if money.why:
        yield Finding(
            "no_runway",
            f"How long the money lasts cannot be worked out: {money.why}.",
            "look",
            _way_out(money),
            "What does one month of our work cost?",
            effort="minutes",
        )
    yield from _cards(money, context)
    yield from _reserve(money, context)
    if money.paths is not None:
        yield from _lasting(money)
        yield from _largest(money)


def _way_out(money: Money) -> str:
    if money.mixed:
        return "Add a card with an exchange rate, or write all money in one currency."
    return "Write down what each thing costs each month."


def _cards(money: Money, context: Context) -> Iterable[Finding]:
    """What is wrong or missing on single cards."""
    lines = {folded(cost.name) for _, cost in money.costs}
    for head, fund in money.funds:
        if fund.ends is not None and last_day(fund.ends) < context.as_of:
            continue
        if fund.amount is None:
            yield Finding(
                "fund_no_amount",
                f"Nobody has written down how much “{fund.name}” is, so it is left out.",
                "look",
                "Add the amount, from its first day to its last.",
                effort="minutes",
                records=(head.record,),
            )
            continue
        if fund.amount <= 0:
            yield Finding(
                "amount_not_above_zero",
                f"“{fund.name}” has an amount of {fund.amount:,.0f}, so it is left out.",
                "look",
                "If money was taken back, write what is left of that grant on its own card.",
                effort="minutes",
                records=(head.record,),
            )
            continue
        if fund.starts is None or fund.ends is None:
            yield Finding(
                "fund_undated",
                f"“{fund.name}” has no start or no end, so it is left out of the months ahead.",
                "look",
                "Add both dates; the year is enough.",
                effort="minutes",
                records=(head.record,),
            )
        elif first_day(fund.starts) > last_day(fund.ends):
            yield Finding(
                "fund_dates",
                f"“{fund.name}” ends before it starts, so it is left out of the months ahead.",
                "look",
                "Look at the two dates.",
                effort="minutes",
                records=(head.record,),
            )
        if not fund.signed and fund.likelihood is None:
            yield Finding(
                "fund_unweighed",
                f"“{fund.name}” is not signed and nobody has said how likely it is: it counts as "
                "nothing.",
                "look",
                "Agree on a percentage, or sign it.",
                "Who of us has spoken with them last, and what was said?",
                effort="minutes",
                records=(head.record,),
            )
        if fund.restricted_to and folded(fund.restricted_to) not in lines:
            yield Finding(
                "restricted_to_nothing",
                f"“{fund.name}” may pay for “{fund.restricted_to}” only, and no cost has that "
                "name: it pays for nothing here.",
                "look",
                "Use the same words on both cards.",
                effort="minutes",
                records=(head.record,),
            )


def _reserve(money: Money, context: Context) -> Iterable[Finding]:
    if money.paths is None:
        return
    if money.reserve is None:
        yield Finding(
            "no_reserve",
            "No reserve is written down, so the months ahead begin with nothing in the bank.",
            "look",
            "Write down what is there today and tied to nothing, even if it is 0.",
            effort="minutes",
        )
    elif (context.as_of - last_day(money.reserve.date)).days > OLD:
        yield Finding(
            "reserve_old",
            f"The reserve was last counted in {spoken(money.reserve.date[:7])}; the months ahead "
            "begin with it as if it were today's.",
            "look",
            "Count again.",
            effort="minutes",
        )
    held = money.paths.expected.months[-1].held
    if held > 0.01 and money.paths.expected.runs_out is not None:
        yield Finding(
            "held_back",
            f"{f'{held:,.0f} {money.currency}'.strip()} that may pay for one thing only would be "
            "left unused.",
            "look",
            "Ask those funders, early, whether it may pay for something else.",
            "Did we plan more for that cost than it needs?",
        )


def _lasting(money: Money) -> Iterable[Finding]:
    assert money.paths is not None
    signed, expected = money.paths.signed_only, money.paths.expected
    if money.paths.spread:
        yield from _as_bids_go(money.paths.spread, signed)
        return
    if expected.runs_out is not None:
        yield Finding(
            "runs_out",
            f"With what is expected, the money lasts {until(expected)}.",
            "act" if expected.months_covered < 6 else "look",
            "Decide now what is kept and what ends first, while it can be done well.",
            "What has to go on even if we do not?",
            effort="months",
        )
    if signed.runs_out is not None and signed.months_covered < expected.months_covered:
        yield Finding(
            "signed_runs_out",
            f"With signed money only, it lasts {until(signed)}.",
            "act" if signed.months_covered < 3 else "look",
            "Take the two likeliest promises and get them signed.",
            "What holds back each signature?",
            effort="months",
        )
    if expected.runs_out is None and signed.runs_out is None:
        yield Finding("covered", f"Signed money covers the next {MONTHS_AHEAD} months.", "good")


def _as_bids_go(spread: Spread, signed: Path) -> Iterable[Finding]:
    """Signed money to its date, and bids as a spread of what may come."""
    if signed.runs_out is None:
        yield Finding("covered", f"Signed money covers the next {MONTHS_AHEAD} months.", "good")
        return
    one = spread.bids == 1
    fails = "it does not come" if one else "none of them comes"
    bids = "One bid is not signed" if one else f"{spread.bids} bids are not signed"
    ways = "ways it can go" if one else "ways they can go"
    longer = "" if spread.middle.runs_out is None else " or longer"
    hope = (
        f"and in half of the {ways} it lasts no longer"
        if spread.middle.months_covered <= signed.months_covered
        else f"and in half of the {ways} it lasts {until(spread.middle)}{longer}"
    )
    chance = chance_words(spread.none)
    yield Finding(
        "signed_runs_out",
        f"Signed money lasts {until(signed)}. {bids}: there is {chance} that {fails}, {hope}.",
        "act" if signed.months_covered < 3 else "look",
        f"Plan for what is signed: agree what is kept and what ends first"
        f"{_after(signed)}, and who asks for the likeliest bid in writing.",
        "What has to go on even if nothing more comes?",
        effort="months",
    )


def _after(path: Path) -> str:
    words = until(path).removeprefix("until the end of ")
    return f" after {words}" if path.months_covered else " now"


def _largest(money: Money) -> Iterable[Finding]:
    assert money.paths is not None
    without, expected = money.paths.largest_stops, money.paths.expected
    name = money.paths.largest_source
    if without.months_covered < expected.months_covered and name:
        yield Finding(
            "largest_stops",
            f"If {name} stopped, the money would last {until(without)}.",
            "look",
            f"The treasurer asks {_payer(money, name)} now what comes after, and whom else to ask.",
            "Which part would we do even without that money?",
        )
    top = money.sources[0] if money.sources else None
    if top is not None and top["ends"] and len(money.sources) > 1:
        end = last_day(str(top["ends"]))
        months = (end.year - money.start.year) * 12 + end.month - money.start.month + 1
        if months <= 12:
            share = 100 * float(top["share"] or 0)
            yield Finding(
                "largest_ends",
                f"{top['source']} brings {share:.0f} % of what is {top['basis']}, and ends in "
                f"{spoken(end.isoformat()[:7])}.",
                "look",
                "Write down at the next meeting who asks whom for what comes after.",
                "Who is as glad of the results as this funder, and does not pay yet?",
                effort="months",
            )


def _payer(money: Money, source: str) -> str:
    """Who pays a source: a grant cannot be asked, whoever gives it can."""
    named = {folded(f.funder) for _, f in money.funds if f.funder}
    return source if folded(source) in named else f"whoever pays “{source}”"


def until(path: Path | Outcome) -> str:
    """How long a path lasts, in words that follow "lasts"."""
    if path.runs_out is None:
        return f"for all {len(path.months)} months that were looked at"
    paid = [m.month for m in path.months[: path.months_covered]]
    return f"until the end of {spoken(paid[-1])}" if paid else "less than a month from now"
