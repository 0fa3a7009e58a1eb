"""Answers to the trust check-in drawn by chance, and the organisations they come from."""

from __future__ import annotations

import random
from collections.abc import Mapping, Sequence
from typing import Any

from playbook_helpers.partnership import SECTORS, Partner
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
