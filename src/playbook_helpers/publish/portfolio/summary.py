"""What a portfolio says in a few numbers, and the counts that its charts are drawn from."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from playbook_helpers.practices.resources.records import TYPES
from playbook_helpers.practices.sustainability.finances import first_whole_month
from playbook_helpers.publish.portfolio.goals import GoalLine
from playbook_helpers.publish.portfolio.money import MONTHS_AHEAD
from playbook_helpers.publish.portfolio.portfolio import JUDGED, Portfolio, is_vision

MONTHS_DRAWN = 24


@dataclass(frozen=True, slots=True)
class Figure:
    """One number with the words under it; `value` is text, since some are "4 of 7"."""

    label: str
    value: str
    basis: str


@dataclass(frozen=True, slots=True)
class Step:
    """One group of goals: its words, how many, and what it tells.

    `tone`: "reached", "towards", "still", "away", or "unknown" where nobody can tell.
    """

    words: str
    count: int
    tone: str


@dataclass(frozen=True, slots=True)
class MonthFalls:
    """How many partnerships lose signed money after a month; `deep` of them half or more."""

    month: str
    falls: int
    deep: int


@dataclass(frozen=True, slots=True)
class KindOfNeed:
    """Needs of one kind that their own partnerships do not meet, and how many others could."""

    words: str
    open: int
    helped: int


def figures(portfolio: Portfolio) -> list[Figure]:
    """The few numbers at the top of the page; those that rest on nothing are left out."""
    goals = [g for _, g in portfolio.goals if not is_vision(g)]
    judged = [g for g in goals if g.status in JUDGED]
    total = len(portfolio.digests)
    found = [Figure("Partnerships", f"{total:,}", f"with {len(goals):,} {_goals(len(goals))}")]
    if judged:
        met = sum(g.status in ("met", "kept") for g in judged)
        basis = f"of {len(judged):,} that can be judged"
        found.append(Figure("Goals met or kept", f"{met:,}", basis))
    compared = [g for g in goals if g.move in ("nearer", "further", "same")]
    if compared:
        nearer = sum(g.move == "nearer" for g in compared)
        basis = f"of {len(compared):,} with a new value"
        found.append(Figure("Came nearer since the last round", f"{nearer:,}", basis))
    if goals:
        old = sum(not g.recent for g in goals)
        found.append(Figure("No value from the last year", f"{old:,}", f"of {len(goals):,} goals"))
    needs = sum(digest.needs for digest in portfolio.digests)
    if needs:
        open_ = sum(len(digest.gaps) for digest in portfolio.digests)
        helped = len({(m.gap.slug, m.gap.record) for m in portfolio.matches})
        basis = f"of {needs:,}" + (f"; others could help with {helped:,}" if helped else "")
        found.append(Figure("Needs nobody there meets", f"{open_:,}", basis))
    with_money = sum("sustainability" in digest.filled for digest in portfolio.digests)
    soon = _within_a_year(portfolio)
    if with_money and any(digest.falls for digest in portfolio.digests):
        basis = f"of {with_money:,} that wrote about money"
        found.append(Figure("Lose signed money within a year", f"{soon:,}", basis))
    return found


def _goals(count: int) -> str:
    return "goal" if count == 1 else "goals"


def _within_a_year(portfolio: Portfolio) -> int:
    first, *_, last = months_ahead(portfolio.day, 12)
    return sum(
        any(first <= fall.month <= last for fall in digest.falls) for digest in portfolio.digests
    )


def steps(goals: Sequence[GoalLine]) -> list[Step]:
    """Goals by how much of their own way they have come; those nobody can judge at the end."""
    counts: Counter[str] = Counter()
    for goal in goals:
        if is_vision(goal):
            continue
        counts[goal.status if goal.status != "improving" else _quarter(goal.percent or 0.0)] += 1
    rows = (
        ("Met, exceeded or kept", ("met", "kept"), "reached"),
        ("Three quarters or more", ("q4",), "towards"),
        ("Half to three quarters", ("q3",), "towards"),
        ("A quarter to half", ("q2",), "towards"),
        ("Less than a quarter", ("q1",), "towards"),
        ("No change", ("no_change",), "still"),
        ("Met, then lost again", ("met_then_lost",), "away"),
        ("Moved away", ("getting_worse", "not_kept"), "away"),
        ("Counted in a new way", ("series_break",), "unknown"),
        ("Not measured since", ("no_measurement",), "unknown"),
        ("No baseline", ("no_baseline",), "unknown"),
        ("No target", ("no_target",), "unknown"),
    )
    made = [Step(words, sum(counts[key] for key in keys), tone) for words, keys, tone in rows]
    return [step for step in made if step.count or step.tone in ("reached", "towards", "away")]


def _quarter(percent: float) -> str:
    return "q4" if percent >= 75 else "q3" if percent >= 50 else "q2" if percent >= 25 else "q1"


def moves(goals: Sequence[GoalLine]) -> list[Step]:
    """Goals by how they have moved since the last round of their partnership."""
    counts = Counter(goal.move for goal in goals if not is_vision(goal))
    return [
        Step("Nearer to its target", counts["nearer"], "towards"),
        Step("No change", counts["same"], "still"),
        Step("Further from its target", counts["further"], "away"),
        *(
            step
            for step in (
                Step("Changed, without a target", counts["changed"], "unknown"),
                Step("Counted in a new way", counts["counted_anew"], "unknown"),
                Step("First value", counts["first"], "unknown"),
                Step("No new value", counts["no_new"] + counts[""], "unknown"),
            )
            if step.count
        ),
    ]


def months_ahead(day: date, count: int = MONTHS_DRAWN) -> list[str]:
    """The months from the first whole one on or after `day`.

    >>> months_ahead(date(2026, 11, 26), 2)
    ['2026-12', '2027-01']
    """
    first = first_whole_month(day)
    begins = first.year * 12 + first.month - 1
    places = range(begins, begins + min(count, MONTHS_AHEAD))
    return [f"{place // 12:04d}-{place % 12 + 1:02d}" for place in places]


def falls_by_month(portfolio: Portfolio) -> list[MonthFalls]:
    """For each month ahead, the partnerships whose signed money falls after it."""
    falls: dict[str, list[float]] = defaultdict(list)
    for _, fall in portfolio.falls:
        falls[fall.month].append(fall.share)
    return [
        MonthFalls(month, len(falls[month]), sum(share >= 0.5 for share in falls[month]))
        for month in months_ahead(portfolio.day)
    ]


def kinds_of_need(portfolio: Portfolio) -> list[KindOfNeed]:
    """Open needs by kind, in the order of the form; kinds without any are left out."""
    helped = {(m.gap.slug, m.gap.record) for m in portfolio.matches}
    gaps = [gap for digest in portfolio.digests for gap in digest.gaps]
    counts = Counter(gap.type for gap in gaps)
    could = Counter(gap.type for gap in gaps if (gap.slug, gap.record) in helped)
    return [
        KindOfNeed(words, counts[kind], could[kind])
        for kind, words in TYPES.items()
        if counts[kind]
    ]
