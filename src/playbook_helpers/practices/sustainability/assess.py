"""What the sustainability worksheet works out: runway, concentration, people, what goes on."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from playbook_helpers.assessment import (
    Assessment,
    Context,
    Finding,
    Head,
    Measure,
    Row,
    current,
    of_type,
    sorted_findings,
)
from playbook_helpers.errors import InputError
from playbook_helpers.practices.sustainability.money import (
    Concentration,
    Cost,
    Funding,
    Path,
    Runway,
    concentration,
    runway,
)
from playbook_helpers.practices.sustainability.records import (
    Capacity,
    Continuing,
    CostLine,
    Fund,
    Reserve,
    SocialInput,
    SocialOutcome,
)
from playbook_helpers.practices.sustainability.reference import hhi_percentile
from playbook_helpers.practices.sustainability.social_value import (
    Outcome,
    Range,
    SocialReturn,
    sroi,
)
from playbook_helpers.whens import first_day, last_day, spoken

MONTHS_AHEAD = 36
Pairs = Sequence[tuple[Head, Fund]]


@dataclass(frozen=True, slots=True)
class Money:
    """All that was worked out about money; `why` says why there is no runway."""

    funds: Pairs
    costs: Sequence[tuple[Head, CostLine]]
    reserve: Reserve | None
    paths: Runway | None
    shares: Concentration | None
    why: str


def assess(heads: Iterable[Head], context: Context) -> Assessment:
    """The assessment of how a partnership and what it brings about can last."""
    now = current(heads)
    counts = Counter(head.kind for head in now if head.practice == "sustainability")
    money = money_of(now, context)
    tasks = of_type(now, Capacity)
    going = of_type(now, Continuing)
    value, value_why = social_value_of(now)
    rows: dict[str, tuple[Row, ...]] = {
        "funds": tuple(_fund_row(head, fund, context) for head, fund in money.funds),
        "runway": _runway_rows(money.paths),
        "capacity": tuple(_task_row(head, task) for head, task in tasks),
        "continuing": tuple(_going_row(head, c, context) for head, c in going),
        "social_value": _value_rows(value),
        "tornado": tuple(
            {"assumption": s.assumption, "at_low": s.at_low, "at_high": s.at_high, "width": s.width}
            for s in (value.tornado if value else ())
        ),
    }
    findings = [
        *_money_findings(money, context),
        *_task_findings(tasks),
        *_going_findings(going, context),
        *_value_findings(value),
    ]
    return Assessment(
        practice="sustainability",
        partnership=context.slug,
        as_of=context.as_of,
        measures=(
            *_money_measures(money),
            *_people_measures(tasks),
            *_value_measures(value, value_why),
        ),
        findings=sorted_findings(findings),
        rows=rows,
        counts=dict(counts),
    )


# Money ---------------------------------------------------------------------------------------


def money_of(now: Sequence[Head], context: Context) -> Money:
    """Funding, costs and the latest reserve, and the runway from the month after `as_of`'s."""
    funds = of_type(now, Fund)
    costs = of_type(now, CostLine)
    reserves = [r for _, r in of_type(now, Reserve) if last_day(r.date) <= context.as_of]
    reserve = max(reserves, key=lambda r: last_day(r.date)) if reserves else None
    live = [f for _, f in funds if f.ends is None or last_day(f.ends) >= context.as_of]
    currencies = {f.currency or "" for f in live} - {""}
    shares = None
    if len(currencies) <= 1 and any(f.amount > 0 for f in live):
        by_funder: Counter[str] = Counter()
        for fund in live:
            by_funder[fund.funder or fund.name] += fund.amount  # type: ignore[assignment]
        shares = concentration(by_funder.values())
    if not costs:
        return Money(funds, costs, reserve, None, shares, "costs are not written down yet")
    dated = [f for f in live if f.starts and f.ends]
    try:
        paths = runway(
            [_funding(f) for f in dated],
            [_cost(c) for _, c in costs],
            reserve.amount if reserve else 0.0,
            context.as_of,
            MONTHS_AHEAD,
        )
    except InputError as error:
        return Money(funds, costs, reserve, None, shares, error.what[0].lower() + error.what[1:])
    return Money(funds, costs, reserve, paths, shares, "")


def _funding(fund: Fund) -> Funding:
    likelihood = 1.0 if fund.signed else (fund.likelihood or 0.0) / 100
    return Funding(
        source=fund.funder or fund.name,
        amount=fund.amount,
        starts=first_day(fund.starts or "2000"),
        ends=last_day(fund.ends or "2000"),
        likelihood=likelihood,
        signed=fund.signed,
        restricted_to=fund.restricted_to or "",
        currency=fund.currency or "",
    )


def _cost(line: CostLine) -> Cost:
    return Cost(
        line=line.name,
        monthly=line.monthly,
        starts=first_day(line.starts) if line.starts else None,
        ends=last_day(line.ends) if line.ends else None,
        currency=line.currency or "",
    )


def _fund_row(head: Head, fund: Fund, context: Context) -> Row:
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
    }


def _runway_rows(paths: Runway | None) -> tuple[Row, ...]:
    if paths is None:
        return ()
    cases: tuple[tuple[str, Path], ...] = (
        ("expected", paths.expected),
        ("signed_only", paths.signed_only),
        ("largest_stops", paths.largest_stops),
    )
    return tuple(
        {
            "case": case,
            "month": m.month,
            "income": m.income,
            "cost": m.cost,
            "free": m.free,
            "held": m.held,
        }
        for case, path in cases
        for m in path.months
    )


def _money_measures(money: Money) -> Iterable[Measure]:
    labels = (
        ("expected", "Months paid for, with what is expected"),
        ("signed_only", "Months paid for, with signed money only"),
        ("largest_stops", "Months paid for if the largest source stops"),
    )
    for name, label in labels:
        path: Path | None = getattr(money.paths, name) if money.paths else None
        over = path is not None and path.runs_out is None
        yield Measure(
            name,
            label,
            None if path is None else float(path.months_covered),
            "months",
            len(money.funds),
            sum(f.starts is None or f.ends is None for _, f in money.funds),
            note=f"at least: it was looked at {MONTHS_AHEAD} months ahead" if over else money.why,
        )
    shares = money.shares
    yield Measure(
        "largest_share",
        "Largest source's share of the money",
        100 * shares.largest_share if shares else None,
        "%",
        shares.sources if shares else 0,
        note="" if shares else "no money in one currency is written down yet",
    )
    yield Measure(
        "hhi",
        "Concentration of the money (HHI, 1 is one source)",
        shares.hhi if shares else None,
        "",
        shares.sources if shares else 0,
        note=_compared(shares) if shares else "",
    )


def _compared(shares: Concentration) -> str:
    below = hhi_percentile(shares.hhi)
    return (
        f"more concentrated than {below:.0f} % of 600 US human-service non-profits (2021), which "
        "counts lines of income and not sources; there is no right value"
    )


def _money_findings(money: Money, context: Context) -> Iterable[Finding]:
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
            "Write down the costs month by month, in one currency.",
        )
    for head, fund in money.funds:
        if fund.starts is None or fund.ends is None:
            yield Finding(
                "fund_undated",
                f"“{fund.name}” has no start or no end, so it is left out of the months ahead.",
                "look",
                "Add both dates; the year is enough.",
                effort="minutes",
                records=(head.record,),
            )
        elif not fund.signed and fund.likelihood is None:
            yield Finding(
                "fund_unweighed",
                f"“{fund.name}” is not signed and nobody has said how likely it is: it counts as "
                "nothing.",
                "look",
                "Agree on a percentage, or sign it.",
                effort="minutes",
                records=(head.record,),
            )
    if money.paths is None:
        return
    signed, expected, without = (
        money.paths.signed_only,
        money.paths.expected,
        money.paths.largest_stops,
    )
    if expected.runs_out is not None:
        soon = expected.months_covered < 6
        yield Finding(
            "runs_out",
            f"With what is expected, the money lasts until {_before(expected)}.",
            "act" if soon else "look",
            "Decide now what is kept and what ends first, while it can be done well.",
            "What has to go on even if we do not?",
            effort="months",
        )
    if signed.runs_out is not None and signed.months_covered < expected.months_covered:
        yield Finding(
            "signed_runs_out",
            f"With signed money only, it lasts until {_before(signed)}.",
            "act" if signed.months_covered < 3 else "look",
            "Take the two likeliest promises and get them signed.",
            effort="months",
        )
    if without.months_covered < expected.months_covered and money.paths.largest_source:
        yield Finding(
            "largest_stops",
            f"If {money.paths.largest_source} stopped, the money would last until "
            f"{_before(without)}.",
            "look",
            f"Ask {money.paths.largest_source} early how they see the time after.",
            "Which part would we do even without them?",
        )
    if expected.runs_out is None and signed.runs_out is None:
        yield Finding("covered", f"Signed money covers the next {MONTHS_AHEAD} months.", "good")


def _before(path: Path) -> str:
    """The last month that is paid for, in words."""
    paid = [m.month for m in path.months[: path.months_covered]]
    return f"the end of {spoken(paid[-1])}" if paid else "less than a month from now"


# People and what goes on ---------------------------------------------------------------------


def _task_row(head: Head, task: Capacity) -> Row:
    return {
        "record": head.record,
        "task": task.task,
        "able": task.able,
        "role": task.role,
        "deputy": task.deputy,
        "written": task.written,
        "alone": _alone(task),
    }


def _alone(task: Capacity) -> bool:
    """Whether it hangs on one person: one can do it, or none besides the one who does."""
    return task.able == 1 or (task.able is None and task.deputy is None)


def _people_measures(tasks: Sequence[tuple[Head, Capacity]]) -> Iterable[Measure]:
    alone = sum(_alone(t) for _, t in tasks)
    yield Measure(
        "alone",
        "Tasks that hang on one person",
        float(alone) if tasks else None,
        "",
        len(tasks),
        note="" if tasks else "no task is written down yet",
    )


def _task_findings(tasks: Sequence[tuple[Head, Capacity]]) -> Iterable[Finding]:
    for head, task in tasks:
        if task.able == 0:
            yield Finding(
                "nobody_able",
                f"Nobody can do this today: {task.task}.",
                "act",
                "Find out who would like to learn it, and from whom.",
                records=(head.record,),
            )
        elif _alone(task):
            written = " It is not written down either." if task.written is False else ""
            yield Finding(
                "one_person",
                f"This hangs on one person: {task.task}.{written}",
                "look",
                "Let a second person do it next time, with the first beside them.",
                "What would we lose with that person that nobody has asked about?",
                records=(head.record,),
            )


def _going_row(head: Head, c: Continuing, context: Context) -> Row:
    return {
        "record": head.record,
        "name": c.name,
        "type": c.type,
        "rhythm": c.rhythm,
        "owner": c.owner,
        "next": c.next,
        "overdue": c.next is not None and last_day(c.next) < context.as_of,
        "paid_by": c.paid_by,
    }


def _going_findings(
    going: Sequence[tuple[Head, Continuing]], context: Context
) -> Iterable[Finding]:
    for kind, words, step in (
        ("engagement", "how the community keeps a say", "a residents' board, or a yearly day"),
        ("evaluation", "how you will look at what you bring about", "one number, once a year"),
    ):
        if not any(c.type == kind for _, c in going):
            yield Finding(
                f"no_{kind}",
                f"Nothing says {words} in the years to come.",
                "look",
                f"Begin small: {step}, with an owner and a date.",
            )
    for head, c in going:
        if c.next is not None and last_day(c.next) < context.as_of:
            yield Finding(
                "going_overdue",
                f"“{c.name}” was due in {spoken(c.next)}.",
                "look",
                "Hold it, or set the next date.",
                effort="minutes",
                records=(head.record,),
            )
        elif c.owner is None:
            yield Finding(
                "going_no_owner",
                f"Nobody is named to see to “{c.name}”.",
                "look",
                "Ask who would miss it most.",
                effort="minutes",
                records=(head.record,),
            )


# Social value --------------------------------------------------------------------------------


def social_value_of(now: Sequence[Head]) -> tuple[SocialReturn | None, str]:
    """The social return of the outcomes over the inputs; None and the reason where there is none."""
    outcomes = [o for _, o in of_type(now, SocialOutcome)]
    inputs = [i for _, i in of_type(now, SocialInput)]
    if not outcomes:
        return None, "no change with a worth is written down, and none has to be"
    if not inputs:
        return None, "what went in is not written down yet"
    if len({i.currency for i in inputs if i.currency}) > 1:
        return None, "what went in is in several currencies"
    try:
        return sroi([outcome_of(o) for o in outcomes], sum(i.value for i in inputs)), ""
    except InputError as error:
        return None, error.what[0].lower() + error.what[1:]


def outcome_of(record: SocialOutcome) -> Outcome:
    """A record's assumptions as ranges; an end that was left out is the best guess itself."""

    def spread(name: str, scale: float = 1.0, sign: float = 1.0) -> Range:
        middle = getattr(record, name) or 0.0
        ends = [getattr(record, f"{name}_{end}") for end in ("low", "high")]
        low, high = (middle if end is None else end for end in ends)
        numbers = sorted(sign * scale * n for n in (min(low, middle), middle, max(high, middle)))
        return Range(*numbers)

    return Outcome(
        name=record.name,
        quantity=spread("quantity"),
        worth=spread("worth", sign=-1.0 if record.side == "loss" else 1.0),
        deadweight=spread("deadweight", 0.01),
        displacement=spread("displacement", 0.01),
        attribution=spread("attribution", 0.01),
        drop_off=spread("drop_off", 0.01),
        duration=Range(*([float(record.years or 1)] * 3)),
        group=record.group or "",
        change=record.name,
        proxy_source=record.worth_source or "",
    )


def _value_rows(value: SocialReturn | None) -> tuple[Row, ...]:
    if value is None:
        return ()
    row: dict[str, str | float] = {
        "low": value.low,
        "central": value.central,
        "high": value.high,
        "present_value": value.present_value,
        "inputs": value.inputs,
        "net": value.net,
        "conventions": " ".join(value.conventions),
    }
    rows: list[Row] = [row]
    rows += [{"break_even": name, "value": at} for name, at in value.break_even.items()]
    return tuple(rows)


def _value_measures(value: SocialReturn | None, why: str) -> Iterable[Measure]:
    yield Measure(
        "sroi",
        "Social value for each unit of money put in",
        value.central if value else None,
        "",
        1 if value else 0,
        low=value.low if value else None,
        high=value.high if value else None,
        interval="all assumptions at their least and most favourable" if value else "",
        note="a story with assumptions; never to be compared with another's" if value else why,
    )


def _value_findings(value: SocialReturn | None) -> Iterable[Finding]:
    if value is None:
        return
    for warning in value.warnings:
        yield Finding("value_warning", warning, "look", effort="minutes")
    if value.low < 1 < value.high:
        yield Finding(
            "value_open",
            f"The ratio lies between {value.low:.1f} and {value.high:.1f}: with these assumptions "
            "nobody can say whether the worth is above what went in.",
            "look",
            f"Look first at what moves it most: {value.tornado[0].assumption}."
            if value.tornado
            else "",
        )
