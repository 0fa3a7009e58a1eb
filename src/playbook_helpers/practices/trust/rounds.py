"""One round of the check-in: who answered, and what may be told of it once it is closed."""

from __future__ import annotations

import hashlib
from collections import Counter, defaultdict
from collections.abc import Hashable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from math import sqrt
from statistics import variance
from typing import Any

from playbook_helpers.core.distributions import t_quantile
from playbook_helpers.core.partnership import Partner
from playbook_helpers.core.suppression import (
    HIDDEN_WORDS,
    LEAST,
    REASON_WORDS,
    Cell,
    Sum,
    suppressed,
)
from playbook_helpers.core.text import folded
from playbook_helpers.practices.trust.disclosure import (
    DIFFER_FROM,
    SPREAD_FROM,
    STANDARD,
    Rule,
    Told,
    combined,
    told,
)
from playbook_helpers.practices.trust.items import ENDS, GROUPS, ITEMS, TRUST_GROUPS, Item, items_of
from playbook_helpers.practices.trust.scales import (
    Change,
    change,
    changed,
    paired,
    score,
)

GENERAL = "general"
ALL = "all"
UNTOLD = "not told"
OPEN = "the round is not closed yet"
LOST = "an answer was taken out after this round was shown"
LATE = "late answers could be worked out from it"
Payload = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Round:
    """The check-in of one round, as far as it may be told.

    `n` answers belong to it: while it is open those that came in, then, as they are shown, those it
    was closed with or that were added five or more at once. `late` ones wait and are in no figure.
    `lost` were in the picture and have been taken out for good, so that it is not drawn again.
    `scales` holds the general score and the parts, `items` single statements, `sectors` the
    general score of each kind of organisation. `people` are the persons' own scores, for comparing
    two rounds: never shown.
    """

    when: str
    n: int
    closed: bool
    items: Mapping[str, Told]
    scales: Mapping[str, Told]
    sectors: Mapping[str, Told]
    turnout: Mapping[str, int]
    dominated_by: str = ""
    comments: tuple[str, ...] = ()
    late: int = 0
    lost: int = 0
    apart: tuple[tuple[str, str], ...] = ()
    """Parts of trust that the same people scored differently, lower and higher, by more than
    chance. Told from as many people on as it is told of a statement that people differ."""
    people: tuple[float, ...] = field(default=(), repr=False)

    @property
    def shown(self) -> bool:
        """Whether figures of the whole group are told."""
        return not self.scales[GENERAL].hidden


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


def round_of(
    when: str,
    payloads: Sequence[Payload],
    turnout: Mapping[str, int],
    partners: Iterable[Partner],
    *,
    closed: bool = True,
    rule: Rule = STANDARD,
    added: Sequence[Sequence[Payload]] = (),
    late: int = 0,
    lost: int = 0,
) -> Round:
    """One round by what may be told of it.

    `payloads` are the answers it was first shown with; `added` are those that came into the
    picture later, together each time. What the later ones alone say can be worked out from two
    pictures, so a statement is told again only where it could be told of each of them alone, and
    nothing finer than a mean is.
    """
    every = [*payloads, *(payload for more in added for payload in more)]
    counted = sum(turnout.values())
    largest = max(turnout, key=lambda name: (turnout[name], name)) if turnout else ""
    nothing = OPEN if not closed else LOST if lost else ""
    organisations = _Organisations.of(turnout, partners)
    if not nothing and len(every) < rule.least:
        nothing = f"fewer than {rule.least} answers"
    if not nothing and organisations.largest_share(ALL, len(every)) > 0.5:
        nothing = REASON_WORDS["dominated"]
    items = {item.name: _item(item, payloads, added, organisations, nothing) for item in ITEMS}
    scales = {
        name: combined([items[item.name] for item in of], len(every))
        for name, of in {GENERAL: trust_items(), **{g: items_of(g) for g in GROUPS}}.items()
    }
    if nothing:
        scales = dict.fromkeys(scales, Told(hidden=nothing))
    people = _people(every)
    if not added and len(people) >= SPREAD_FROM:
        scales[GENERAL] = ranged(scales[GENERAL], people)
    # Of a round that is not shown it is not even told which kinds of organisation have answered.
    sectors = {} if nothing else _sectors(payloads, organisations, LATE if added else "")
    return Round(
        when=when,
        n=rule.count(len(every) + lost) if closed else len(every),
        closed=closed,
        items={name: rule.show(figure) for name, figure in items.items()},
        scales={name: rule.show(figure) for name, figure in scales.items()},
        sectors={name: rule.show(figure) for name, figure in sectors.items()},
        turnout={name: rule.count(n) if closed else n for name, n in turnout.items()},
        dominated_by=largest if counted and turnout[largest] / counted > 0.5 else "",
        comments=() if nothing else shuffled_comments(every, when),
        late=late,
        lost=lost,
        apart=() if nothing or added else _apart(every, scales),
        people=() if nothing else people,
    )


def _apart(payloads: Sequence[Payload], scales: Mapping[str, Told]) -> tuple[tuple[str, str], ...]:
    """The parts of trust that differ within the same people, of those whose value is told."""
    parts = [name for name in TRUST_GROUPS if scales[name].value is not None]
    of_each = []
    for part in parts:
        items = items_of(part)
        rows = [answers_of(payload, items) for payload in payloads]
        of_each.append(score(rows, reverse_places(items), ENDS).people)
    people = [tuple(own) for own in zip(*of_each, strict=True)]
    if sum(None not in own for own in people) < DIFFER_FROM:
        return ()
    return tuple((parts[low], parts[high]) for low, high in paired(people))


def _given(item: Item, payloads: Iterable[Payload]) -> list[float]:
    """The answers to one statement; turned round where it is worded the other way."""
    given = [a for payload in payloads for a in answers_of(payload, [item]) if a is not None]
    return [ENDS[0] + ENDS[1] - a for a in given] if item.reverse else given


def _item(
    item: Item,
    payloads: Sequence[Payload],
    added: Sequence[Sequence[Payload]],
    organisations: _Organisations,
    nothing: str,
) -> Told:
    parts = [_given(item, some) for some in (payloads, *added)]
    given = [answer for part in parts for answer in part]
    if nothing:
        return Told(hidden=nothing)
    few = 0 < len(given) < LEAST
    if few or organisations.largest_share(ALL, len(given)) > 0.5:
        return Told(hidden=HIDDEN_WORDS)
    if not given:
        return Told(hidden="nobody has answered this")
    if added and any(not told(part).value for part in parts):
        return Told(hidden=LATE)
    missing = len(payloads) + sum(map(len, added)) - len(given)
    return told(given, missing=missing, whole=not added)


def _people(payloads: Iterable[Payload]) -> tuple[float, ...]:
    """Each person's own score: of those who answered two thirds of the twelve statements."""
    rows = [answers_of(payload, trust_items()) for payload in payloads]
    return tuple(
        p for p in score(rows, reverse_places(trust_items()), ENDS).people if p is not None
    )


def ranged(figure: Told, people: Sequence[float]) -> Told:
    """A score with the 95% range of a mean over `people`, to one decimal, where it has a value."""
    if figure.value is None or len(people) < SPREAD_FROM:
        return figure
    reach = t_quantile(0.975, len(people) - 1) * sqrt(variance(people) / len(people))
    low, high = (round(figure.value + side, 1) for side in (-reach, reach))
    return replace(figure, low=max(ENDS[0], low), high=min(ENDS[1], high))


def told_change(old: Told, new: Told, before: Sequence[float], after: Sequence[float]) -> Change:
    """The step between two scores as they are told.

    Whether it is more than chance is told where both rest on enough answers to tell a range.
    """
    value = round((new.value or 0.0) - (old.value or 0.0), 1)
    reach = None
    if None not in (old.low, new.low):
        plain = change(before, after)
        if plain is not None and plain.low is not None and plain.high is not None:
            reach = round((plain.high - plain.low) / 2, 1)
    step = changed(value, reach, old.n or 0, new.n or 0)
    if step.low is None or step.high is None:
        return step
    return replace(step, low=round(step.low, 1), high=round(step.high, 1))


def _sectors(
    payloads: Sequence[Payload], organisations: _Organisations, nothing: str
) -> dict[str, Told]:
    """The general score of each kind of organisation, with what must be hidden beside a small one.

    Why one of them is hidden is told in the same words for each: of six answers hidden in two
    sectors, one would be known to be alone.
    """
    of: dict[str, list[Payload]] = defaultdict(list)
    for payload in payloads:
        of[str(payload.get("sector") or UNTOLD)].append(payload)
    people = {sector: _people(some) for sector, some in of.items()}
    # In an order that never changes. What the numbers of answers ask for is settled before the
    # turnout has a say: that may be corrected after the round was shown, and two pages that hide
    # other sectors beside a small one would tell it together.
    # Someone who answered too little for a score is still one whose answers are in the whole.
    sizes: dict[Hashable, Cell] = {
        sector: Cell(len(people[sector]) or 1)
        for sector in sorted(of, key=lambda s: (s != UNTOLD, s))
    }
    sizes[ALL] = Cell(sum(map(len, people.values())))
    sums = [Sum(ALL, tuple(people))]
    cells = {
        key: Cell(cell.n, organisations.largest_share(str(key), cell.n))
        for key, cell in sizes.items()
    }
    hidden = suppressed(cells, sums, already=suppressed(sizes, sums))
    found = {}
    for sector in sorted(of):
        missing = len(of[sector]) - len(people[sector])
        why = nothing or (HIDDEN_WORDS if sector in hidden or not people[sector] else "")
        figure = told(people[sector], missing=missing, hidden=why, whole=False)
        found[sector] = ranged(figure, people[sector])
    return found


@dataclass(frozen=True, slots=True)
class _Organisations:
    """How many answered from each organisation, and in which sectors each may have answered.

    Answers do not say their organisation, so a share is the largest there can be. `sole` holds
    the sectors of one single partner, for rounds whose turnout nobody wrote down.
    """

    counts: Mapping[str, int]
    sector_of: Mapping[str, str]
    sole: frozenset[str]

    @classmethod
    def of(cls, turnout: Mapping[str, int], partners: Iterable[Partner]) -> _Organisations:
        sector_of = {folded(partner.name): str(partner.sector) for partner in partners}
        held = Counter(sector_of.values())
        counts: Counter[str] = Counter()
        for name, answers in turnout.items():
            counts[folded(name)] += answers
        sole = frozenset(s for s, number in held.items() if number == 1)
        return cls(counts, sector_of, sole)

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


def shuffled_comments(payloads: Iterable[Payload], when: str) -> tuple[str, ...]:
    """The comments in an order that tells nothing: by a hash of their own text and the round."""
    comments = [str(p["comment"]) for p in payloads if p.get("comment")]
    return tuple(sorted(comments, key=lambda c: hashlib.sha256(f"{when}{c}".encode()).digest()))
