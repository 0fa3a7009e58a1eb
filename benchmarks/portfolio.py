"""Time, memory and page size of the portfolio at 1,000 and at 10,000 partnerships.

The partnerships are made up from a seed, for timing alone: each is marked as invented and says so
in its name. Each size runs in a process of its own, so that its peak memory is its own (of all
processes that it starts, too). The last line is how much ten times the partnerships cost.

With `--keep FOLDER` the store and the pages of the last size stay there, to be looked at.
"""

from __future__ import annotations

import argparse
import json
import random
import subprocess
import sys
import tempfile
import threading
import time
import uuid
from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import Any

from playbook_helpers.core.revisions import Revision
from playbook_helpers.practices.kinds import RECORD_TYPES, SECRET_KINDS
from playbook_helpers.storage.database import Store
from playbook_helpers.storage.database.schema import chunks

DAY = date(2026, 11, 26)
MADE = "made up for timing"
PLACES = ("Northfield", "Eastham", "Southbrook", "Westerly", "Midvale", "Lakeside", "Hillcrest")
THEMES = ("Early Years", "Homelessness", "Food", "Youth Work", "Health", "Skills", "Parks")
GOALS = (
    ("School readiness", "% of five-year-olds", 45, 75),
    ("Families reached", "families a year", 100, 400),
    ("People sleeping rough", "people", 60, 10),
    ("Young people in work", "% of under-25s", 50, 70),
    ("Reading at grade level", "% of pupils", 40, 80),
    ("Active travel", "% of trips", 20, 45),
)
THINGS = (
    ("Evening rooms", "space", "evenings", "week", 6),
    ("Home visitors", "staff_time", "hours", "week", 40),
    ("Volunteers at the door", "volunteers", "hours", "week", 30),
    ("A minibus", "equipment", None, None, None),
    ("Interpreters", "expertise", "hours", "week", 12),
    ("Books for children", "goods", "boxes", "year", 50),
    ("Free money", "money", "GBP", "year", 20_000),
)


def records(number: int, chance: random.Random) -> Iterator[tuple[str, dict[str, Any]]]:
    """(kind, payload) of one made-up partnership: some thirty records, some of them missing."""
    place = chance.choice(PLACES)
    name = f"{place} {chance.choice(THEMES)} {number} ({MADE})"
    yield "partnership", {"name": name, "place": place, "currency": "GBP", "invented": True}
    partners = [f"{place} {who}" for who in ("Council", "Trust", "Library")]
    for partner in partners:
        yield "partner", {"name": partner, "sector": chance.choice(("government", "nonprofit"))}
    for title, unit, start, aim in chance.sample(GOALS, chance.choice((1, 2, 2, 3))):
        goal: dict[str, Any] = {"name": title, "level": "outcome", "unit_words": unit}
        goal["sentence"] = f"By 2028 we will bring this from {start} to {aim}: {title}."
        if chance.random() < 0.9:
            goal |= {"baseline_value": start, "baseline_date": "2021"}
        if chance.random() < 0.9:
            goal |= {"target_value": aim, "target_date": "2028-12", "owner_role": "Lead"}
        yield "goal", goal
        speed = chance.uniform(-0.06, 0.18) * (aim - start)
        for step in range(1, chance.choice((1, 4, 5, 6))):
            value = round(start + step * speed * chance.uniform(0.7, 1.3), 1)
            measured = {"goal": title, "date": str(2021 + step), "value": value}
            yield (
                "measurement",
                measured | ({"series_break": True} if step == 2 == number % 9 else {}),
            )
    for place_, (what, type_, unit_, period, most) in enumerate(chance.sample(THINGS, 4)):
        amount = None if most is None else round(most * chance.uniform(0.2, 1.0))
        counted = {"amount": amount, "unit": unit_, "period": period} if amount else {}
        if place_ < 3:
            yield (
                "offer",
                {
                    "partner": chance.choice(partners),
                    "what": what,
                    "type": type_,
                    "status": chance.choice(("offered", "committed", "in_use")),
                    **counted,
                },
            )
        if place_ != 1:
            yield (
                "need",
                {"name": what, "type": type_, "must_have": chance.random() < 0.4, **counted},
            )
    for fund in range(chance.choice((0, 1, 2, 3))):
        ends = f"{chance.choice((2026, 2027, 2028))}-{chance.randint(1, 12):02d}"
        yield (
            "fund",
            {
                "name": f"Grant {fund + 1}",
                "funder": chance.choice(("City fund", "Foundation", "Lottery")),
                "amount": chance.randrange(10_000, 200_000, 1000),
                "starts": "2024-04",
                "ends": ends,
                "signed": chance.random() < 0.8,
            },
        )
    yield "cost", {"name": "Coordinator", "monthly": chance.randrange(1000, 6000, 100)}
    yield (
        "review",
        {
            "name": f"The {chance.choice(('summer', 'winter', 'spring'))} programme",
            "date": f"2026-{chance.randint(1, 10):02d}",
            "side": chance.choice(("success", "challenge", "both")),
            "happened": "Fewer families came than were invited.",
            "why": "The hours were those of the office and not those of the families.",
            "change": "Open in the evening, and ask first.",
            "sharing": chance.choice(("inside", "partners", "anyone")),
        },
    )
    yield (
        "milestone",
        {"name": "First 100 families", "planned": f"2026-{chance.randint(1, 12):02d}"},
    )
    yield "capacity", {"task": "Keeping the shared data", "able": chance.randint(0, 3)}
    yield "small_win", {"action": "Share one list of dates"}
    for _ in range(5):
        yield "check_in", {"round": "2026-03", "reliable": chance.randint(1, 5)}


def fill(store: Store, count: int) -> int:
    """Write `count` made-up partnerships, past the slower checks of `append`; how many records."""
    chance = random.Random(20261126)

    def made() -> Iterator[Revision]:
        for number in range(count):
            for kind, payload in records(number, chance):
                yield Revision(
                    id=str(uuid.UUID(int=chance.getrandbits(128), version=4)),
                    partnership=f"timing-{number:05d}",
                    practice=RECORD_TYPES[kind].practice,
                    kind=kind,
                    record=str(uuid.UUID(int=chance.getrandbits(128), version=4)),
                    payload=payload,
                    client_time="2026-11-01T09:00:00.000Z",
                )

    total = 0
    secret: list[Revision] = []  # saved at once, since each save writes their whole file anew
    for part in chunks(made()):
        secret += [revision for revision in part if revision.kind in SECRET_KINDS]
        total += store.append(r for r in part if r.kind not in SECRET_KINDS)
    return total + store.append(secret)


def peak_memory(done: threading.Event, found: list[float]) -> None:
    """Watch the memory of this process and all it starts; shared pages counted once."""
    import psutil

    own = psutil.Process()
    while not done.wait(0.05):
        total = 0.0
        for process in (own, *own.children(recursive=True)):
            try:
                total += process.memory_full_info().pss
            except (psutil.Error, AttributeError):
                continue
        found[0] = max(found[0], total / 1e6)


def run(count: int, folder: Path) -> dict[str, float]:
    """Make the store and the portfolio in `folder`; what it took."""
    from playbook_helpers.publish.portfolio import write_portfolio

    (folder / "worksheets").mkdir(parents=True, exist_ok=True)
    with Store.open(f"sqlite:///{folder / f'timing-{count}.db'}") as store:
        total = 0 if store.partnerships() else fill(store, count)
        done, peak = threading.Event(), [0.0]
        start = time.perf_counter()
        written = write_portfolio(folder, store, today=DAY, invented=True, force=True)
        seconds = time.perf_counter() - start
        watch = threading.Thread(target=peak_memory, args=(done, peak))
        watch.start()
        write_portfolio(folder, store, today=DAY, invented=True, force=True)
        done.set()
        watch.join()
    sizes = [path.stat().st_size / 1e6 for path in (written.page, *written.files)]
    return {
        "partnerships": count,
        "records": total,
        "seconds": seconds,
        "megabytes": peak[0],
        "page": sizes[0],
        "files": sum(sizes[1:]),
    }


def main() -> None:
    """Print the table."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument(
        "--sizes", type=int, nargs="+", default=[1_000, 10_000], help="how many partnerships"
    )
    parser.add_argument("--keep", type=Path, help="a folder for the store and pages")
    parser.add_argument("--one", type=int, help=argparse.SUPPRESS)
    options = parser.parse_args()
    if options.one:
        print(json.dumps(run(options.one, options.keep)))
        return
    heads = ("seconds", "peak MB", "page MB", "files MB")
    print(f"{'partnerships':>12}{'records':>10}{''.join(f'{head:>10}' for head in heads)}")
    rows = []
    for size in options.sizes:
        with tempfile.TemporaryDirectory() as scratch:
            folder = options.keep or Path(scratch)
            command = [sys.executable, __file__, "--one", str(size), "--keep", str(folder)]
            done = subprocess.run(command, capture_output=True, text=True, check=True)
        row = json.loads(done.stdout)
        rows.append(row)
        print(
            f"{row['partnerships']:12,}{row['records']:10,}{row['seconds']:10.2f}"
            f"{row['megabytes']:10.0f}{row['page']:10.2f}{row['files']:10.1f}"
        )
    if len(rows) > 1:
        first, last = rows[0], rows[-1]
        times = last["partnerships"] / first["partnerships"]
        print(
            f"{times:g} times the partnerships: {last['seconds'] / first['seconds']:.1f} times the "
            f"time, {last['megabytes'] / first['megabytes']:.1f} times the memory, "
            f"{last['page'] / first['page']:.1f} times the page"
        )


if __name__ == "__main__":
    main()
