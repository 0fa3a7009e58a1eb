"""Time and memory of each practice's assessment at 100, 1,000 and 10,000 records.

Records are made up: an even mix of the practice's kinds, every field answered, names that refer to
each other. Time is the processor's, the best of three runs, so that what else the machine does
counts little. The last two columns are ratios to the row before in the same run: ten times the
records should take about ten times as long, and no more.
"""

from __future__ import annotations

import argparse
import gc
import time
import tracemalloc
from collections.abc import Callable
from datetime import date
from functools import partial

from _made_up import heads, partners

from playbook_helpers.assessment import Context
from playbook_helpers.practices import PRACTICES

AS_OF = date(2027, 6, 30)
RUNS = 3


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


def main() -> None:
    """Print the table."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--most", type=int, default=10_000, help="the largest number of records")
    most = parser.parse_args().most
    context = Context("bench", AS_OF, None, tuple(partners()))
    print(f"{'practice':16}{'records':>9}{'seconds':>10}{'MB':>8}{'time x':>8}{'memory x':>10}")
    for practice in PRACTICES:
        before: tuple[float, float] | None = None
        for n in (100, 1_000, 10_000):
            if n > most:
                continue
            held = heads(practice, n)
            seconds = seconds_of(partial(practice.assess, held, context))
            tracemalloc.start()
            practice.assess(held, context)
            megabytes = tracemalloc.get_traced_memory()[1] / 1e6
            tracemalloc.stop()
            ratios = (
                f"{seconds / before[0]:8.1f}{megabytes / before[1]:10.1f}" if before else f"{'':18}"
            )
            print(f"{practice.stem:16}{n:9,}{seconds:10.4f}{megabytes:8.2f}{ratios}")
            before = (seconds, megabytes)


if __name__ == "__main__":
    main()
