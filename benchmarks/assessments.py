"""Time and memory of each practice's assessment at 100, 1,000 and 10,000 records.

Records are made up: an even mix of the practice's kinds, every field answered, names that refer to
each other. Time is the processor's, the best of three runs, so that what else the machine does
counts little. The columns with an x are ratios to the row before in the same run: ten times the
records should take about ten times as long, and no more.

More records than the processor's cache holds take longer each, whatever is done with them. Two
columns keep that apart from growth of the work itself: `calls x` counts the functions called,
which no machine's speed changes, and `reading x` is the time of merely going through the same
records once and keeping what their fields say.
"""

from __future__ import annotations

import argparse
import cProfile
import gc
import time
import tracemalloc
from collections.abc import Callable, Sequence
from datetime import date
from functools import partial
from typing import NamedTuple

from _made_up import heads, partners

from playbook_helpers.core.assessment import Context, Head
from playbook_helpers.practices import PRACTICES

AS_OF = date(2027, 6, 30)
RUNS = 3


class Cost(NamedTuple):
    """What one assessment takes, and what reading its records alone takes."""

    seconds: float
    megabytes: float
    calls: int
    reading: float


def seconds_of(work: Callable[[], object]) -> float:
    """Seconds of processor time that `work` takes, the best of some runs.

    Python's collector of garbage rests meanwhile, as it does for `timeit`: it looks at all that
    the process holds, the made-up records too, at moments of its own.
    """
    best = float("inf")
    for _ in range(RUNS):
        gc.collect()
        gc.disable()
        start = time.process_time()
        work()
        best = min(best, time.process_time() - start)
        gc.enable()
    return best


def read(held: Sequence[Head]) -> list[dict[str, object]]:
    """Go through every field of every record once and keep it: the least that anything can do."""
    return [
        {name: getattr(head.value, name) for name in type(head.value).model_fields}
        for head in held
        if head.value is not None
    ]


def cost_of(work: Callable[[], object], held: Sequence[Head]) -> Cost:
    """Seconds, peak megabytes and calls of one assessment over these records."""
    seconds = seconds_of(work)
    reading = seconds_of(partial(read, held))
    tracemalloc.start()
    work()
    megabytes = tracemalloc.get_traced_memory()[1] / 1e6
    tracemalloc.stop()
    profile = cProfile.Profile()
    profile.runcall(work)
    calls = sum(entry.callcount for entry in profile.getstats())
    return Cost(seconds, megabytes, calls, reading)


def main() -> None:
    """Print the table."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--most", type=int, default=10_000, help="the largest number of records")
    most = parser.parse_args().most
    context = Context("bench", AS_OF, None, tuple(partners()))
    print(
        f"{'practice':16}{'records':>9}{'seconds':>10}{'MB':>8}"
        f"{'time x':>9}{'reading x':>11}{'calls x':>9}{'memory x':>10}"
    )
    for practice in PRACTICES:
        before: Cost | None = None
        for n in (100, 1_000, 10_000):
            if n > most:
                continue
            held = heads(practice, n)
            cost = cost_of(partial(practice.assess, held, context), held)
            line = f"{practice.stem:16}{n:9,}{cost.seconds:10.4f}{cost.megabytes:8.2f}"
            if before:
                line += f"{cost.seconds / before.seconds:9.1f}{cost.reading / before.reading:11.1f}"
                line += f"{cost.calls / before.calls:9.1f}{cost.megabytes / before.megabytes:10.1f}"
            print(line)
            before = cost


if __name__ == "__main__":
    main()
