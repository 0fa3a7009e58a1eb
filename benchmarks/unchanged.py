"""Seconds that a second run takes to see that nothing has changed, and what one change costs.

The store holds copies of the example partnership Riverside, which has records of every kind, each
copy under a name of its own. In the place of each executed worksheet lies a small notebook with
what it would have been made from, so that a plan finds everything it looks at. `first` is the plan
after a batch that was killed, before any folder has its index; `second` is every later one. The
last column is the ratio of `second` to the row before: ten times the partnerships should take
about ten times as long. With `--large` there are 10,000 too, which take some minutes to make.
"""

from __future__ import annotations

import argparse
import os
import tempfile
import time
from collections.abc import Iterator
from dataclasses import replace
from datetime import date
from pathlib import Path

from playbook_helpers.batch import make_plan, run_plan
from playbook_helpers.batch.artifacts import save_notebook
from playbook_helpers.core.revisions import Revision, new_revision, uuid7
from playbook_helpers.practices.resources import Need
from playbook_helpers.storage.database import Store
from playbook_helpers.storage.files import load_examples

ROOT = Path(__file__).parents[1]
DAY = date(2026, 11, 26)


def riverside() -> list[Revision]:
    """The revisions of the example that has records of every kind."""
    with Store.open("sqlite://") as store:
        load_examples(store, ROOT / "data")
        return store.revisions("riverside-invented")


def copied(revisions: list[Revision], name: str) -> Iterator[Revision]:
    """The same records for another partnership, under ids of their own."""
    ids = {old: uuid7() for r in revisions for old in (r.id, r.record)}
    for r in revisions:
        parents = tuple(ids[parent] for parent in r.parents)
        yield replace(r, id=ids[r.id], record=ids[r.record], partnership=name, parents=parents)


def project(root: Path, number: int) -> None:
    """A project whose store holds that many copies."""
    (root / "_config.yml").touch()
    (root / "worksheets").symlink_to(ROOT / "worksheets")
    revisions = riverside()
    with Store.open(f"sqlite:///{root / 'playbook.db'}") as store:
        for first in range(0, number, 250):
            names = [f"area-{n:05d}" for n in range(first, min(first + 250, number))]
            store.append(r for name in names for r in copied(revisions, name))


def measured(root: Path, number: int) -> tuple[int, float, float, float, list[str]]:
    """Revisions, seconds of a first and a second plan and of the whole run, what a need renews."""
    project(root, number)
    with Store.open(f"sqlite:///{root / 'playbook.db'}") as store:
        for task in make_plan(root, store, today=DAY).tasks:
            made = dict(task.made_from) | {"fingerprint": task.fingerprint}
            save_notebook(task.target, '{"cells": []}', made)
        seconds = []
        for _ in range(2):
            begin = time.perf_counter()
            plan = make_plan(root, store, today=DAY)
            seconds.append(time.perf_counter() - begin)
            assert not plan.tasks
            assert len(plan.unchanged) == 9 * number
        begin = time.perf_counter()
        run_plan(plan)
        seconds.append(time.perf_counter() - begin)
        store.append([new_revision("area-00000", Need(name="A new need", type="space"))])
        renewed = [task.worksheet for task in make_plan(root, store, today=DAY).tasks]
    return number * len(riverside()), seconds[0], seconds[1], seconds[2], renewed


def main() -> None:
    """Print the table."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--large", action="store_true", help="10,000 partnerships too")
    large = parser.parse_args().large
    print(f"{os.cpu_count()} cores\n")
    print(
        f"{'partnerships':>12} {'revisions':>10} {'first':>8} {'second':>8} {'run':>8} {'ratio':>6}"
    )
    before = 0.0
    for number in (100, 1_000, *((10_000,) if large else ())):
        with tempfile.TemporaryDirectory() as folder:
            held, first, second, run, renewed = measured(Path(folder), number)
        ratio = f"{second / before:6.1f}" if before else ""
        print(f"{number:>12,} {held:>10,} {first:8.2f} {second:8.2f} {run:8.2f} {ratio}")
        before = second
    print(f"\nA new need in one partnership runs again: {', '.join(renewed)}")


if __name__ == "__main__":
    main()
