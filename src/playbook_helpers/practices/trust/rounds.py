"""One round of the check-in: scores that may be shown, and what stays hidden."""

from __future__ import annotations

import hashlib
from collections import Counter, defaultdict
from collections.abc import Hashable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from playbook_helpers.partnership import Partner
from playbook_helpers.practices.trust.items import ENDS, GROUPS, ITEMS, TRUST_GROUPS, Item, items_of
from playbook_helpers.practices.trust.scales import Score, score
from playbook_helpers.suppression import (
    HIDDEN_WORDS,
    LEAST,
    REASON_WORDS,
    Cell,
    Reason,
    Sum,
    suppressed,
)
from playbook_helpers.whens import last_day

GENERAL = "general"
ALL = "all"
UNTOLD = "not told"
Payload = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Shown:
    """A figure that may be shown, or the reason why not. `n` is hidden with it."""

    score: Score | None
    reason: Reason | None = None


@dataclass(frozen=True, slots=True)
class Round:
    """The check-in of one round. `figures` maps (sector or "all", scale or item) to a figure.

    While `waiting`, nothing is shown: whoever saw the figures before and after one more answer
    could subtract, and would know that answer.
    """

    when: str
    n: int
    figures: Mapping[tuple[str, str], Shown]
    sectors: tuple[str, ...]
    dominated_by: str
    turnout: Mapping[str, int]
    rows: tuple[tuple[float | None, ...], ...]
    comments: tuple[str, ...] = ()
    waiting: bool = False
    late: int = 0
    """Answers that came in too late to be in the figures yet (`in_time`)."""

    @property
    def shown(self) -> bool:
        """Whether the figures of the whole group may be shown."""
        return self.figure(ALL, GENERAL).score is not None

    def figure(self, sector: str, scale: str) -> Shown:
        """The figure of a sector (or "all") on a scale."""
        return self.figures[(sector, scale)]

    def why_hidden(self, sector: str, scale: str) -> str:
        """In words, why a figure is hidden; empty where it is not.

        Exact for the whole group's score alone. Of the others nobody may learn which is small and
        which goes with it: of six answers hidden in two sectors, one would be known to be alone.
        """
        reason = self.figure(sector, scale).reason
        if reason is None:
            return ""
        whole = (sector, scale) == (ALL, GENERAL) or reason == "waiting"
        return REASON_WORDS[reason] if whole else HIDDEN_WORDS


def answers_of(payload: Payload, items: Sequence[Item]) -> list[float | None]:
    """One person's answers to `items`; "don't know" and nothing are None."""
    given = (payload.get(item.name) for item in items)
    return [None if answer in (None, "dk") else float(answer) for answer in given]


def reverse_places(items: Sequence[Item]) -> tuple[int, ...]:
    """The places of the items that are worded the other way round."""
    return tuple(place for place, item in enumerate(items) if item.reverse)


def trust_items() -> tuple[Item, ...]:
    """The twelve items of the general trust score."""
    return tuple(item for group in TRUST_GROUPS for item in items_of(group))


def _scales() -> dict[str, tuple[Item, ...]]:
    return {
        GENERAL: trust_items(),
        **{group: items_of(group) for group in GROUPS},
        **{item.name: (item,) for item in ITEMS},
    }


def round_of(
    when: str,
    payloads: Sequence[Payload],
    turnout: Mapping[str, int],
    partners: Iterable[Partner],
    *,
    over: bool = True,
    late: int = 0,
) -> Round:
    """Score one round and hide what must stay hidden.

    Scales are shown for each sector and for all; single items for all only. `over` says that the
    round's month (or day, or year) is past. A round whose turnout is written down waits until as
    many people are counted as answers came in, with or without the `late` ones; without turnout it
    waits until it is over.
    """
    people: dict[str, list[Payload]] = defaultdict(list)
    for payload in payloads:
        people[str(payload.get("sector") or UNTOLD)].append(payload)
    sectors = tuple(sorted(people))
    scales = _scales()
    scores: dict[tuple[str, str], Score] = {}
    for sector, group in ((ALL, payloads), *people.items()):
        for name, items in scales.items():
            if sector == ALL or name == GENERAL or name in GROUPS:
                rows = [answers_of(payload, items) for payload in group]
                scores[(sector, name)] = score(rows, reverse_places(items), ENDS)
    organisations = _Organisations.of(turnout, partners)
    cells: dict[Hashable, Cell] = {
        (sector, scale): Cell(held.n, organisations.largest_share(sector, held.n))
        for sector in (*organisations.in_public_order(sectors), ALL)
        for scale in scales
        if (held := scores.get((sector, scale))) is not None
    }
    told = sum(turnout.values())
    waiting = told not in (len(payloads), len(payloads) + late) if turnout else not over
    hidden: Mapping[Hashable, Reason] = (
        dict.fromkeys(scores, "waiting") if waiting else suppressed(cells, _sums(sectors, scores))
    )
    figures = {
        key: Shown(None, hidden[key]) if key in hidden else Shown(held)
        for key, held in scores.items()
    }
    largest = max(turnout, key=lambda name: (turnout[name], name)) if turnout else ""
    return Round(
        when=when,
        n=len(payloads),
        figures=figures,
        sectors=sectors,
        dominated_by=largest if told and turnout[largest] / told > 0.5 else "",
        turnout=dict(turnout),
        rows=tuple(tuple(answers_of(payload, trust_items())) for payload in payloads),
        comments=shuffled_comments(payloads, when),
        waiting=waiting,
        late=late,
    )


def in_time(months: Sequence[str], when: str, as_of: date) -> list[bool]:
    """Which answers of a round may be in its figures, by the months in which they were stored.

    Whoever kept a page from before a late answer, and sees one from after it, could subtract. So
    answers stored in a later month than the round's (or than the first ones, where all came
    later) wait until five of them are there and that month is past. Within one month the store
    does not know which came first: there the turnout closes the round.

    >>> in_time(["2026-03"] * 8 + ["2026-05"], "2026-03", date(2026, 7, 1))[-2:]
    [True, False]
    """
    held = Counter(months)
    first = max(last_day(when).isoformat()[:7], min(held, default=""))
    taken: Counter[str] = Counter()
    waiting: Counter[str] = Counter()
    for month in sorted(held):
        waiting[month] = held[month]
        # Before the first five nothing was shown, so there is nothing to subtract from.
        enough = waiting.total() >= LEAST or taken.total() < LEAST
        if month <= first or (enough and month < as_of.isoformat()[:7]):
            taken.update(waiting)
            waiting.clear()
    return [month in taken for month in months]


def _sums(sectors: Sequence[str], scores: Mapping[tuple[str, str], Score]) -> list[Sum]:
    """Every sum a careful reader can make: sectors to all, groups to general, items to groups.

    Where nobody of a sector answered enough of a part, its parts do not add up to its whole, and
    those of all sectors do not either: such sums give nothing away.
    """
    sums = [
        Sum((ALL, scale), tuple((sector, scale) for sector in sectors))
        for scale in (GENERAL, *GROUPS)
    ]
    added = [s for s in sectors if all(scores[(s, g)].n for g in (GENERAL, *TRUST_GROUPS))]
    empty = [s for s in sectors if not any(scores[(s, g)].n for g in (GENERAL, *TRUST_GROUPS))]
    if len(added) + len(empty) == len(sectors):
        added.append(ALL)
    sums += [Sum((s, GENERAL), tuple((s, group) for group in TRUST_GROUPS)) for s in added]
    for group in GROUPS:
        parts = [(ALL, item.name) for item in items_of(group)]
        if all(scores[part].n for part in parts):
            sums.append(Sum((ALL, group), tuple(parts)))
    return sums


@dataclass(frozen=True, slots=True)
class _Organisations:
    """How many answered from each organisation, and in which sectors each may have answered.

    Answers do not say their organisation, so a share is the largest there can be. `sole` holds
    the sectors of one single partner, for rounds whose turnout nobody wrote down.
    """

    counts: Mapping[str, int]
    sector_of: Mapping[str, str]
    partners: Mapping[str, int]
    sole: frozenset[str]

    @classmethod
    def of(cls, turnout: Mapping[str, int], partners: Iterable[Partner]) -> _Organisations:
        sector_of = {_key(partner.name): str(partner.sector) for partner in partners}
        held = Counter(sector_of.values())
        counts: Counter[str] = Counter()
        for name, answers in turnout.items():
            counts[_key(name)] += answers
        sole = frozenset(s for s, number in held.items() if number == 1)
        return cls(counts, sector_of, held, sole)

    def in_public_order(self, sectors: Iterable[str]) -> list[str]:
        """The sectors as they are to be hidden beside a small one: those that matter least first.

        By what everybody may know: who left the sector out, then by the turnout, then by the
        number of partners. The answers themselves have no say in it.
        """
        turnout: Counter[str] = Counter()
        for name, answers in self.counts.items():
            turnout[self.sector_of.get(name, "")] += answers

        def place(sector: str) -> tuple[bool, int, int, str]:
            return (sector != UNTOLD, turnout[sector], self.partners.get(sector, 0), sector)

        return sorted(sectors, key=place)

    def largest_share(self, sector: str, n: int) -> float:
        """The largest part of `n` answers of a sector (or "all") that one organisation can have."""
        if not n:
            return 0.0
        if not self.counts:
            return 1.0 if sector in self.sole else 0.0
        own = [c for name, c in self.counts.items() if self.sector_of.get(name, sector) == sector]
        # People of other organisations must be among them: any organisation may be meant.
        if sector in (ALL, UNTOLD) or sum(own) < n:
            own = list(self.counts.values())
        return min(n, max(own)) / n


def _key(name: str) -> str:
    return " ".join(name.split()).casefold()


def shuffled_comments(payloads: Iterable[Payload], when: str) -> tuple[str, ...]:
    """The comments in an order that tells nothing: by a hash of their own text and the round."""
    comments = [str(p["comment"]) for p in payloads if p.get("comment")]
    return tuple(sorted(comments, key=lambda c: hashlib.sha256(f"{when}{c}".encode()).digest()))
