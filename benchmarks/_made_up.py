"""Made-up records in any number, for the benchmarks and for the tests of large stores.

An even mix of a practice's kinds, every field answered, names that refer to records that are
there. The same number gives the same records. The name of this file begins with an underscore so
that `make bench`, which runs every other file here, leaves it alone.
"""

from __future__ import annotations

import math
import random
from collections.abc import Sequence

from playbook_helpers.core.assessment import Head
from playbook_helpers.core.partnership import Partner, Partnership
from playbook_helpers.core.practice import Practice
from playbook_helpers.core.records import FieldSpec, Record, fields_of
from playbook_helpers.core.revisions import Revision, new_revision
from playbook_helpers.practices import PRACTICES
from playbook_helpers.practices.kinds import record_type

PARTNERS = 20
FEW = {
    "currency": ("GBP", "EUR", "USD"),
    "round": ("2025-09-15", "2026-03-15", "2026-09-15", "2027-03-15"),
    "trait": ("age", "language", "where they live", "household"),
    "group": ("first", "second", "third", "fourth", "fifth", "sixth"),
}
"""Fields that hold one of a few answers in any partnership, however many records it has."""


def partners() -> list[Partner]:
    """The organisations that the records name."""
    return [Partner(name=f"name {place}", sector="nonprofit") for place in range(PARTNERS)]


def answer(spec: FieldSpec, number: int, chance: random.Random, cased: bool = False) -> object:
    """A fitting answer for one field of the record with that number.

    `cased` says that the field has a low and a high case beside it, which its value lies between.
    """
    if spec.name in FEW:
        return chance.choice(FEW[spec.name])
    match spec.type:
        case "text" | "long":
            return f"{spec.name} {number}"
        case "reference":
            return f"name {_referred(spec.entry.refers_to, number, chance)}"
        case "number":
            return round(chance.uniform(*_bounds(spec, 0.5, 1000.0, cased)), 1)
        case "whole":
            low, high = _bounds(spec, 1, 50, cased)
            return chance.randint(math.ceil(low), math.ceil(high))
        case "yesno":
            return chance.random() < 0.5
        case "choice":
            return chance.choice(list(spec.entry.choices))
        case _:
            return f"{chance.randint(2022, 2029)}-{chance.randint(1, 12):02d}-15"


def _bounds(spec: FieldSpec, low: float, high: float, cased: bool) -> tuple[float, float]:
    """Between which values a number is drawn; low, central and high cases in their order."""
    low = max(low, spec.low or 0.0)
    high = high if spec.high is None else min(high, spec.high)
    third = (high - low) / 3
    if spec.name.endswith("_low"):
        return low, low + third
    if spec.name.endswith("_high"):
        return high - third, high
    return (low + third, high - third) if cased else (low, high)


def _referred(kind: str, number: int, chance: random.Random) -> int:
    """The number of a record of that kind that was made before, or is about to be."""
    if kind == Partner.kind:
        return chance.randrange(PARTNERS)
    practice = record_type(kind).practice
    kinds = [t.kind for p in PRACTICES if p.stem == practice for t in p.record_types]
    return chance.randrange(number // len(kinds) + 1) * len(kinds) + kinds.index(kind)


def record(type_: type[Record], number: int, chance: random.Random) -> Record | None:
    """A record of that type; None where the answers drawn do not fit each other."""
    specs = fields_of(type_)
    cased = {spec.name.removesuffix("_low") for spec in specs if spec.name.endswith("_low")}
    for _ in range(20):
        try:
            return type_.model_validate(
                {spec.name: answer(spec, number, chance, spec.name in cased) for spec in specs}
            )
        except ValueError:
            continue
    return None


def records(practice: Practice, n: int) -> list[Record]:
    """`n` records of the practice."""
    chance = random.Random(1)
    made: list[Record] = []
    number = 0
    while len(made) < n:
        type_ = practice.record_types[number % len(practice.record_types)]
        value = record(type_, number, chance)
        if value is not None:
            made.append(value)
        number += 1
    return made


def heads(practice: Practice, n: int) -> list[Head]:
    """`n` records of the practice as an assessment takes them."""
    return [
        Head(
            record=f"r{number}",
            revision=f"v{number}",
            practice=practice.stem,
            kind=value.kind,
            payload=value.payload(),
            value=value,
            client_time=f"2027-01-01T00:{number // 60 % 60:02d}:{number % 60:02d}.000Z",
        )
        for number, value in enumerate(records(practice, n))
    ]


def partnership(slug: str, each: int, practices: Sequence[Practice] = PRACTICES) -> list[Revision]:
    """Revisions of a partnership that wrote down `each` records for every practice."""
    about = Partnership(name="A large partnership", facts_until="2027-06-30", currency="GBP")
    written: list[Record] = [about, *partners()]
    for practice in practices:
        written += records(practice, each)
    return [new_revision(slug, record) for record in written]
