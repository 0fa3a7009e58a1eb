"""The tasks of a plan: a sequence like any other, and small however many partnerships there are."""

from __future__ import annotations

import gc
import pickle
import tracemalloc
from dataclasses import replace
from pathlib import Path

import pytest
from planned_work import done

from playbook_helpers.batch import Outcome, Plan, Task, make_plan, run_plan
from playbook_helpers.core.partnership import Partnership
from playbook_helpers.core.revisions import new_revision
from playbook_helpers.storage.database import Store


def test_tasks_are_a_sequence(root: Path, store: Store) -> None:
    tasks = make_plan(root, store).tasks
    assert len(tasks) == 6
    assert [tasks[place] for place in range(6)] == list(tasks) == [*tasks[:2], *tasks[2:]]
    assert tasks[-1] == tuple(tasks)[-1]
    assert tasks == tuple(tasks) != tuple(tasks)[:5]
    assert make_plan(root, store) == Plan(tuple(tasks))
    with pytest.raises(IndexError):
        tasks[6]


def test_a_task_goes_to_another_process_as_it_is(root: Path, store: Store) -> None:
    task = make_plan(root, store).tasks[0]
    there = pickle.loads(pickle.dumps(task))
    assert there == task
    assert there.fingerprint == task.fingerprint


@pytest.mark.parametrize("part", ["worksheet", "version", "source", "engine", "records"])
def test_a_fingerprint_is_another_one_when_a_part_changes(
    root: Path, store: Store, part: str
) -> None:
    task = make_plan(root, store).tasks[0]
    other = replace(task, made_from=dict(task.made_from) | {part: "another"})
    assert other.fingerprint != task.fingerprint


def test_the_same_records_in_another_store_have_the_same_fingerprint(
    root: Path, store: Store
) -> None:
    task = make_plan(root, store).tasks[0]
    other = replace(task, made_from=dict(task.made_from) | {"store": "postgresql://elsewhere"})
    assert other.fingerprint == task.fingerprint


def test_a_plan_keeps_a_few_hundred_bytes_for_each_task(root: Path, store: Store) -> None:
    store.append(new_revision(f"area-{n:04}", Partnership(name=f"Area {n:04}")) for n in range(600))
    make_plan(root, store)  # what is kept for all plans is there
    gc.collect()
    tracemalloc.start()
    try:
        plan = make_plan(root, store)
        gc.collect()
        held, _ = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
    assert len(plan.tasks) == 602 * 3
    assert held / len(plan.tasks) < 500, "ten thousand partnerships have ninety thousand tasks"


def test_each_outcome_names_its_notebook(root: Path, store: Store) -> None:
    def execute(task: Task) -> Outcome:
        if task.worksheet == "extra":
            return Outcome(task.partnership, "extra", "failed", notebook="extra.failed.ipynb")
        return replace(done(task), notebook=str(task.target))

    plan = make_plan(root, store)
    summary = run_plan(plan, execute=execute)
    told = {(each.partnership, each.worksheet): each.notebook for each in summary.outcomes}
    for task in plan.tasks:
        place = "extra.failed.ipynb" if task.worksheet == "extra" else str(task.target)
        assert told[task.partnership, task.worksheet] == place


def test_outcomes_stand_in_the_plans_order_whichever_ended_first(root: Path, store: Store) -> None:
    plan = make_plan(root, store)
    ended: list[str] = []

    def execute(task: Task) -> Outcome:
        ended.insert(0, task.worksheet)
        return done(task)

    summary = run_plan(plan, execute=execute, workers=6)
    assert sorted(ended) == sorted(task.worksheet for task in plan.tasks)
    assert [(each.partnership, each.worksheet) for each in summary.outcomes] == [
        (task.partnership, task.worksheet) for task in plan.tasks
    ]
