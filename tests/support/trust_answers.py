"""Answers to the trust check-in drawn by chance, and the organisations they come from."""

from __future__ import annotations

import random
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from playbook_helpers.core.assessment import Head
from playbook_helpers.core.partnership import SECTORS, Partner
from playbook_helpers.practices.trust import CheckIn, ClosedRound
from playbook_helpers.practices.trust.items import ITEMS

KINDS = tuple(SECTORS)[:5]
Payload = dict[str, Any]


def person(rng: random.Random, sector: str | None, skip: float = 0.0) -> Payload:
    given = {i.name: str(rng.randint(1, 5)) for i in ITEMS if rng.random() >= skip}
    return {"round": "2026-03", **({"sector": sector} if sector else {}), **given}


def people(rng: random.Random, sizes: Sequence[int], skip: float = 0.0) -> list[Payload]:
    sectors = (*KINDS, None)
    return [person(rng, s, skip) for s, n in zip(sectors, sizes, strict=False) for _ in range(n)]


def orgs(sizes: Mapping[str, Sequence[int]]) -> tuple[dict[str, int], tuple[Partner, ...]]:
    """Turnout, and the partners: for each sector the answers of each of its organisations."""
    turnout, partners = {}, []
    for sector, counts in sizes.items():
        for place, count in enumerate(counts):
            turnout[f"{sector} {place}"] = count
            partners.append(Partner(name=f"{sector} {place}", sector=sector))
    return turnout, tuple(partners)


def round_heads(
    first: Sequence[Payload],
    *added: Sequence[Payload],
    waiting: Sequence[Payload] = (),
    when: str = "2026-03",
    closed: bool = True,
) -> list[Head]:
    """A round as a store gives it: answers by the picture they came in with, and its closing."""
    marked = [(p, place) for place, some in enumerate((first, *added), start=1) for p in some]
    heads = []
    for number, (payload, place) in enumerate([*marked, *((p, 0) for p in waiting)]):
        value = CheckIn(**{**payload, "round": when})
        name = f"{when}-{number}"
        heads.append(
            Head(
                name,
                name,
                "trust",
                "check_in",
                value.payload(),
                value,
                showing=place if closed else 0,
                waiting=not place,
            )
        )
    return [*heads, *closings([when] if closed else [])]


def closings(rounds: Iterable[str]) -> list[Head]:
    """The records that close these rounds."""
    made = [ClosedRound(round=when) for when in rounds]
    return [Head(f"c{r.round}", f"c{r.round}", "trust", r.kind, r.payload(), r) for r in made]
