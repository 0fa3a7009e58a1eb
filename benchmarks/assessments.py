"""Time and memory of each practice's assessment at 100, 1,000 and 10,000 records.

Records are made up: an even mix of the practice's kinds, every field answered, names that refer to
each other. The last two columns are ratios to the row before in the same run: ten times the
records should take about ten times as long, and no more.
"""

from __future__ import annotations

import argparse
import random
import time
import tracemalloc
from datetime import date

from playbook_helpers.assessment import Context, Head
from playbook_helpers.partnership import Partner
from playbook_helpers.practices import PRACTICES, Practice
from playbook_helpers.records import FieldSpec, Record, fields_of

AS_OF = date(2027, 6, 30)


def answer(spec: FieldSpec, number: int, chance: random.Random) -> object:
    """A fitting answer for one field of the record with that number."""
    match spec.type:
        case "text" | "long":
            return f"{spec.name} {number}"
        case "reference":
            return f"name {chance.randrange(max(1, number // 3 + 1))}"
        case "number":
            low, high = spec.low or 1.0, 1000.0 if spec.high is None else spec.high
            return round(chance.uniform(max(low, 0.5), high), 1)
        case "whole":
            return chance.randint(int(spec.low or 1), int(spec.high or 50))
        case "yesno":
            return chance.random() < 0.5
        case "choice":
            return chance.choice(list(spec.entry.choices))
        case _:
            return f"{chance.randint(2022, 2029)}-{chance.randint(1, 12):02d}-15"


def made(practice: Practice, n: int) -> list[Head]:
    """About `n` heads of the practice's records."""
    chance = random.Random(1)
    heads: list[Head] = []
    number = 0
    while len(heads) < n:
        type_ = practice.record_types[number % len(practice.record_types)]
        value = record(type_, number, chance)
        if value is not None:
            heads.append(
                Head(
                    record=f"r{number}",
                    revision=f"v{number}",
                    practice=type_.practice,
                    kind=type_.kind,
                    payload=value.payload(),
                    value=value,
                    client_time=f"2027-01-01T00:00:{number % 60:02d}.000Z",
                )
            )
        number += 1
    return heads


def record(type_: type[Record], number: int, chance: random.Random) -> Record | None:
    """A record of that type; None where the answers drawn do not fit each other."""
    for _ in range(20):
        try:
            return type_.model_validate(
                {spec.name: answer(spec, number, chance) for spec in fields_of(type_)}
            )
        except ValueError:
            continue
    return None


def main() -> None:
    """Print the table."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--most", type=int, default=10_000, help="the largest number of records")
    most = parser.parse_args().most
    partners = tuple(Partner(name=f"name {i}", sector="nonprofit") for i in range(20))
    context = Context("bench", AS_OF, None, partners)
    print(f"{'practice':16}{'records':>9}{'seconds':>10}{'MB':>8}{'time x':>8}{'memory x':>10}")
    for practice in PRACTICES:
        before: tuple[float, float] | None = None
        for n in (100, 1_000, 10_000):
            if n > most:
                continue
            heads = made(practice, n)
            start = time.perf_counter()
            practice.assess(heads, context)
            seconds = time.perf_counter() - start
            tracemalloc.start()
            practice.assess(heads, context)
            megabytes = tracemalloc.get_traced_memory()[1] / 1e6
            tracemalloc.stop()
            ratios = (
                f"{seconds / before[0]:8.1f}{megabytes / before[1]:10.1f}" if before else f"{'':18}"
            )
            print(f"{practice.stem:16}{n:9,}{seconds:10.4f}{megabytes:8.2f}{ratios}")
            before = (seconds, megabytes)


if __name__ == "__main__":
    main()
