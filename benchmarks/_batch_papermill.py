"""Plain papermill for `benchmarks/batch.py`: the loop anybody would write, in a process of its own.

`python _batch_papermill.py PROCESSES [kept]`: a list of (source, target, parameters) comes as JSON
on standard input. With `kept`, each process has one kernel that runs all of its notebooks, which
then see what others before them did. It writes notebooks and no pages.
"""

from __future__ import annotations

import json
import multiprocessing
import sys
from concurrent.futures import ProcessPoolExecutor
from functools import cache
from typing import Any


@cache
def kernel() -> Any:
    """A kernel for all notebooks of this process."""
    from jupyter_client.manager import AsyncKernelManager

    return AsyncKernelManager(kernel_name="python3")


def run(job: tuple[str, str, dict[str, Any]], kept: bool) -> None:
    """Execute one notebook with papermill's own engine."""
    import papermill

    source, target, parameters = job
    more = {"km": kernel()} if kept else {}
    papermill.execute_notebook(
        source,
        target,
        parameters,
        kernel_name="python3",
        progress_bar=False,
        log_output=False,
        **more,
    )


def run_all(jobs: list[tuple[str, str, dict[str, Any]]], kept: bool) -> None:
    """Execute notebooks one after the other."""
    for job in jobs:
        run(job, kept)
    if kept:
        import asyncio

        asyncio.run(kernel().shutdown_kernel(now=True))


def main() -> None:
    """Run them all, shared out over processes."""
    jobs = json.loads(sys.stdin.read())
    places, kept = int(sys.argv[1]), "kept" in sys.argv
    fresh = multiprocessing.get_context("spawn")
    with ProcessPoolExecutor(places, mp_context=fresh) as pool:
        parts = [jobs[place::places] for place in range(places)]
        list(pool.map(run_all, parts, [kept] * places))


if __name__ == "__main__":
    main()
