"""One round of the check-in: scores that may be shown, and what stays hidden."""

from __future__ import annotations

import hashlib
from collections import defaultdict
from collections.abc import Hashable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from playbook_helpers.partnership import Partner
from playbook_helpers.practices.trust.items import ENDS, GROUPS, ITEMS, TRUST_GROUPS, Item, items_of
from playbook_helpers.practices.trust.scales import Score, score
from playbook_helpers.suppression import Cell, Reason, Sum, suppressed

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
    """The check-in of one round. `figures` maps (sector or "all", scale or item) to a figure."""

    when: str
    n: int
    figures: Mapping[tuple[str, str], Shown]
    sectors: tuple[str, ...]
    dominated_by: str
    turnout: Mapping[str, int]
    rows: tuple[tuple[float | None, ...], ...]

    def figure(self, sector: str, scale: str) -> Shown:
        """The figure of a sector (or "all") on a scale."""
        return self.figures[(sector, scale)]


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
) -> Round:
    """Score one round and hide what must stay hidden.

    Scales are shown for each sector and for all; single items for all only.
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
    shares = _largest_shares(turnout, {p.name.casefold(): p.sector for p in partners})
    cells: dict[Hashable, Cell] = {
        key: Cell(held.n, shares.get(key[0], 0.0)) for key, held in scores.items()
    }
    hidden = suppressed(cells, _sums(sectors))
    figures = {
        key: Shown(None, hidden[key]) if key in hidden else Shown(held)
        for key, held in scores.items()
    }
    largest = max(turnout, key=lambda name: (turnout[name], name)) if turnout else ""
    told = sum(turnout.values())
    return Round(
        when=when,
        n=len(payloads),
        figures=figures,
        sectors=sectors,
        dominated_by=largest if told and turnout[largest] / told > 0.5 else "",
        turnout=dict(turnout),
        rows=tuple(tuple(answers_of(payload, trust_items())) for payload in payloads),
    )


def _sums(sectors: Sequence[str]) -> list[Sum]:
    """Every sum a careful reader can make: sectors to all, groups to general, items to groups."""
    scales = (GENERAL, *GROUPS)
    sums = [Sum((ALL, scale), tuple((sector, scale) for sector in sectors)) for scale in scales]
    sums += [
        Sum((sector, GENERAL), tuple((sector, group) for group in TRUST_GROUPS))
        for sector in (ALL, *sectors)
    ]
    sums += [
        Sum((ALL, group), tuple((ALL, item.name) for item in items_of(group))) for group in GROUPS
    ]
    return sums


def _largest_shares(turnout: Mapping[str, int], sector_of: Mapping[str, str]) -> dict[str, float]:
    """Sector (and "all") -> the largest part of its answers that one organisation gave.

    Where no turnout is written down, a sector with a single partner is that partner's alone.
    """
    if not turnout:
        by_sector: dict[str, int] = defaultdict(int)
        for sector in sector_of.values():
            by_sector[sector] += 1
        return {sector: 1.0 for sector, partners in by_sector.items() if partners == 1}
    counts: dict[str, list[int]] = defaultdict(list)
    for name, answers in turnout.items():
        counts[ALL].append(answers)
        sector = sector_of.get(name.casefold())
        if sector:
            counts[sector].append(answers)
    return {s: max(held) / sum(held) for s, held in counts.items() if sum(held)}


def shuffled_comments(payloads: Iterable[Payload], when: str) -> tuple[str, ...]:
    """The comments in an order that tells nothing: by a hash of their own text and the round."""
    comments = [str(p["comment"]) for p in payloads if p.get("comment")]
    return tuple(sorted(comments, key=lambda c: hashlib.sha256(f"{when}{c}".encode()).digest()))
