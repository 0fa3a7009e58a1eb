"""The portfolio: many digests put together, in an order that depends on names alone.

Nothing is added up that has a unit of its own: what is summed over partnerships are counts of
goals, needs, offers and partnerships.
"""

from __future__ import annotations

import hashlib
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date

from playbook_helpers.practices import PRACTICES
from playbook_helpers.publish.portfolio.digest import Digest
from playbook_helpers.publish.portfolio.findings import COMMON, Common, counted
from playbook_helpers.publish.portfolio.goals import GoalLine
from playbook_helpers.publish.portfolio.matching import Match, match, unmatched
from playbook_helpers.publish.portfolio.money import Fall
from playbook_helpers.publish.portfolio.resources import Gap, Spare

JUDGED = frozenset(
    {"met", "met_then_lost", "improving", "no_change", "getting_worse", "kept", "not_kept"}
)
"""Statuses of goals whose way from baseline to target can be judged."""
MISSING: Mapping[str, str] = {
    "no_goal": "No goal yet",
    "no_target": "A goal without a target",
    "no_baseline": "A goal without a baseline",
    "no_value": "A goal never measured since",
    "old_value": "A value over a year old",
    "records_end": "Records end over a year ago",
    "to_settle": "Cards to settle or to mend",
}
"""What can be missing or old at a partnership -> the same in words."""


@dataclass(frozen=True, slots=True)
class Counted:
    """A finding over the portfolio: at how many partnerships, and how often in all."""

    common: Common
    partnerships: int
    times: int


@dataclass(frozen=True, slots=True)
class Portfolio:
    """Many partnerships on the day `day`.

    `left_out` counts invented partnerships that are not in it. `records` changes with any record
    that it is made from.
    """

    day: date
    digests: tuple[Digest, ...]
    matches: tuple[Match, ...]
    gaps: tuple[Gap, ...]
    """Open needs that no surplus elsewhere could meet, not even in part."""
    spares: tuple[Spare, ...]
    """What nobody uses and no match takes up."""
    findings: tuple[Counted, ...]
    left_out: int
    records: str

    @property
    def goals(self) -> list[tuple[Digest, GoalLine]]:
        """Every goal with its partnership, in order of name."""
        return [(digest, goal) for digest in self.digests for goal in digest.goals]

    @property
    def falls(self) -> list[tuple[Digest, Fall]]:
        """Every fall of signed money with its partnership, the earliest month first."""
        every = [(digest, fall) for digest in self.digests for fall in digest.falls]
        return sorted(every, key=lambda pair: pair[1].month)

    def statuses(self) -> Counter[str]:
        """Status of goals -> how many, visions without a number left out."""
        return Counter(g.status for _, g in self.goals if not is_vision(g))

    def filled(self) -> dict[str, int]:
        """Practice -> partnerships that have written anything down for it, in book order."""
        found = Counter(stem for digest in self.digests for stem in digest.filled)
        return {practice.stem: found[practice.stem] for practice in PRACTICES}

    def missing(self) -> dict[str, int]:
        """Key of MISSING -> partnerships of which it is true; those of none are left out."""
        found = Counter(key for digest in self.digests for key in missing_at(digest))
        return {key: found[key] for key in MISSING if found[key]}


def make_portfolio(digests: Iterable[Digest], day: date, *, invented: bool = False) -> Portfolio:
    """The portfolio of `digests` on `day`.

    Invented partnerships are left out and counted, unless `invented` asks for them or there are
    no others.
    """
    every = sorted(digests, key=lambda d: (d.name.casefold(), d.slug))
    real = [digest for digest in every if not digest.invented]
    shown = every if invented or not real else real
    gaps = [gap for digest in shown for gap in digest.gaps]
    spares = [spare for digest in shown for spare in digest.spares]
    matches = match(gaps, spares, day)
    taken = {(m.spare.slug, m.spare.record) for m in matches}
    free = [s for s in spares if (s.slug, s.record) not in taken]
    found = counted(digest.findings for digest in shown)
    order = list(COMMON)
    findings = [Counted(COMMON[key], *numbers) for key, numbers in found.items()]
    findings.sort(key=lambda each: (-each.partnerships, -each.times, order.index(_key(each))))
    names = {digest.slug: digest.name.casefold() for digest in shown}
    return Portfolio(
        day=day,
        digests=tuple(shown),
        matches=matches,
        gaps=unmatched(gaps, matches),
        spares=tuple(sorted(free, key=lambda s: (names[s.slug], s.sort_key))),
        findings=tuple(findings),
        left_out=len(every) - len(shown),
        records=hashlib.sha256(
            "\n".join(f"{d.slug} {d.records}" for d in sorted(shown, key=lambda d: d.slug)).encode()
        ).hexdigest(),
    )


def _key(counted_: Counted) -> str:
    return next(key for key, common in COMMON.items() if common is counted_.common)


def is_vision(goal: GoalLine) -> bool:
    """Whether a goal is a vision without a number, of which no progress is asked."""
    return goal.level == "vision" and goal.target is None


def missing_at(digest: Digest) -> tuple[str, ...]:
    """Keys of MISSING that are true of one partnership.

    One that has ended is not asked for newer values.
    """
    if digest.problem:
        return ()
    lacks = {name for goal in digest.goals for name in goal.lacks}
    found = {
        "no_goal": not digest.goals,
        "no_target": "target" in lacks,
        "no_baseline": "baseline" in lacks,
        "no_value": any("value" in g.lacks and "target" not in g.lacks for g in digest.goals),
        "old_value": any(not goal.recent and goal.newest for goal in digest.goals),
        "records_end": not digest.current and not digest.ended,
        "to_settle": digest.unread > 0,
    }
    return tuple(key for key, true in found.items() if true)
