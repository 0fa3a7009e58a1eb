"""Plain papermill for `benchmarks/batch.py`: the loop anybody would write, in a process of its own.

`python _batch_papermill.py PROCESSES`: a list of (source, target, parameters) comes as JSON on
standard input, the seconds that it took go out. Python's start and the import of papermill are
over before the clock starts. It writes notebooks and no pages.
"""

from __future__ import annotations

import json
import multiprocessing
import sys
import time
from concurrent.futures import ProcessPoolExecutor
from typing import Any


def run(job: tuple[str, str, dict[str, Any]]) -> None:
    """Execute one notebook with papermill's own engine and a kernel of its own."""
    import papermill

    source, target, parameters = job
    papermill.execute_notebook(
        source, target, parameters, kernel_name="python3", progress_bar=False, log_output=False
    )


def main() -> None:
    """Run them all, one after the other or in a pool of processes."""
    import papermill  # noqa: F401 - imported before the clock starts

    jobs = json.loads(sys.stdin.read())
    places = int(sys.argv[1])
    begin = time.perf_counter()
    if places == 1:
        for job in jobs:
            run(job)
    else:
        fresh = multiprocessing.get_context("spawn")
        with ProcessPoolExecutor(places, mp_context=fresh) as pool:
            list(pool.map(run, jobs))
    print(time.perf_counter() - begin)


if __name__ == "__main__":
    main()
