"""The run of a batch: one failure stops nobody else, and what became of each task is told."""

from __future__ import annotations

import json
import time
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from planned_work import done, notebook

from playbook_helpers.batch import Limits, Outcome, Summary, Task, make_plan, run_plan
from playbook_helpers.batch import run as run_module
from playbook_helpers.batch.artifacts import failed_path, made_from_path, save_failed, save_notebook
from playbook_helpers.batch.outcomes import stopped_at
from playbook_helpers.core.errors import InputError
from playbook_helpers.core.partnership import Partnership
from playbook_helpers.core.revisions import new_revision
from playbook_helpers.storage.database import Store


def test_a_batch_hands_out_little_more_than_it_can_run(
    root: Path, store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    store.append(new_revision(f"area-{n}", Partnership(name=f"Area {n}")) for n in range(20))
    waiting: set[Future[Any]] = set()
    most = 0

    class Counting(ThreadPoolExecutor):
        def submit(self, *args: Any, **more: Any) -> Future[Any]:
            nonlocal most
            future = super().submit(*args, **more)
            waiting.add(future)
            most = max(most, len(waiting))
            future.add_done_callback(waiting.discard)
            return future

    monkeypatch.setattr(run_module, "ThreadPoolExecutor", Counting)

    def slowly(task: Task) -> Outcome:
        time.sleep(0.005)
        return done(task)

    summary = run_plan(make_plan(root, store), execute=slowly, workers=2)
    assert summary.counts["done"] == 22 * 3
    assert 2 <= most <= 6


def test_a_good_run_replaces_a_failed_one_and_a_failed_one_keeps_the_good(tmp_path: Path) -> None:
    target = tmp_path / "our-town" / "goals.ipynb"
    save_notebook(target, "good", {"fingerprint": "1"})
    assert save_failed(target, "half") == failed_path(target)
    assert target.read_text("utf-8") == "good"
    save_notebook(target, "better", {"fingerprint": "2"})
    assert not failed_path(target).exists()
    assert sorted(p.name for p in target.parent.iterdir()) == [
        target.name,
        made_from_path(target).name,
    ]


def test_one_failure_stops_nobody_else(root: Path, store: Store) -> None:
    def execute(task: Task) -> Outcome:
        if task.worksheet == "goals":
            raise OSError("the disk is full")
        return done(task)

    summary = run_plan(make_plan(root, store), execute=execute, workers=2)
    assert summary.counts == {"done": 4, "unchanged": 0, "failed": 2, "stopped": 0}
    assert summary.exit_code == 1
    assert "OSError: the disk is full" in summary.text()


def test_any_executor_can_carry_a_plan(root: Path, store: Store) -> None:
    class Counting(ThreadPoolExecutor):
        sent = 0

        def submit(self, *given: Any, **named: Any) -> Future[Any]:
            Counting.sent += 1
            return super().submit(*given, **named)

    with Counting(1) as executor:
        summary = run_plan(make_plan(root, store), execute=done, executor=executor)
        assert executor.submit(len, "still open").result() == 10
    assert summary.counts["done"] == 6
    assert Counting.sent == 7


def test_ctrl_c_leaves_a_summary_of_what_was_done(root: Path, store: Store) -> None:
    seen: list[str] = []

    def interrupt(outcome: Outcome) -> None:
        seen.append(outcome.worksheet)
        raise KeyboardInterrupt

    summary = run_plan(make_plan(root, store), execute=done, workers=1, on_done=interrupt)
    assert summary.interrupted
    assert summary.exit_code == 130
    assert len(seen) == 1
    assert summary.counts["done"] >= 1
    assert sum(summary.counts.values()) == 6
    assert "Run it again" in summary.text()


@pytest.mark.parametrize(("workers", "limit"), [(-1, 10), (1001, 10), (1, 0), (1, 1e9)])
def test_impossible_numbers_are_refused(
    root: Path, store: Store, workers: int, limit: float
) -> None:
    with pytest.raises(InputError):
        run_plan(make_plan(root, store), execute=done, workers=workers, limits=Limits(limit))


def test_the_summary_counts_by_worksheet_and_tells_each_failure() -> None:
    good = Outcome("our-town", "goals", "done", 1.25)
    bad = Outcome(
        "our-town",
        "resources",
        "failed",
        reason="an error",
        cell=3,
        code="ws.form()",
        error="KeyError: 'x'",
        notebook="resources.failed.ipynb",
    )
    summary = Summary((good, bad, replace(good, partnership="east-side", status="unchanged")))
    assert summary.text().splitlines() == [
        "Worksheet  done  unchanged  failed",
        "goals         1          1       0",
        "resources     0          0       1",
        "all           1          1       1",
        "",
        "Failed:",
        "  our-town, resources: an error in cell 3 (ws.form()): KeyError: 'x'",
        "    as far as it ran: resources.failed.ipynb",
    ]
    told = summary.to_json()
    assert told["format"] == "playbook-batch/1"
    assert told["counts"] == {"done": 1, "unchanged": 1, "failed": 1, "stopped": 0}
    assert told["notebooks"][1]["cell"] == 3
    assert json.loads(json.dumps(told)) == told


def test_cells_that_papermill_added_do_not_count_in_a_cells_place() -> None:
    def cell(source: str, status: str, *tags: str) -> dict[str, Any]:
        notes = {"start_time": None if status == "pending" else "t", "status": status}
        metadata = {"papermill": notes, "tags": list(tags)}
        return {"cell_type": "code", "source": source, "metadata": metadata}

    cells = [
        cell("p = 1", "completed", "parameters"),
        cell("p = 2", "completed", "injected-parameters"),
        cell("# slow\nwait()", "running"),
        cell("more()", "pending"),
    ]
    assert stopped_at({"cells": cells}) == (2, "wait()")
    assert stopped_at({"cells": []}) == (None, "")


def test_a_cells_error_in_a_process_of_its_own_is_told_with_its_cell(
    root: Path, store: Store, tmp_path: Path
) -> None:
    from playbook_helpers.batch.process_executor import NOTEBOOK, RESULT, _landed

    (task, *_) = make_plan(root, store, partnerships=["our-town"], worksheets=["goals"]).tasks
    (tmp_path / NOTEBOOK).write_text(notebook("1 / 0"), "utf-8")
    said = {"status": "failed", "reason": "an error", "cell": 2, "code": "1 / 0", "error": "no"}
    (tmp_path / RESULT).write_text(json.dumps(said), "utf-8")
    outcome = _landed(task, tmp_path, True, Limits(60), 1.5)
    assert (outcome.status, outcome.cell, outcome.error) == ("failed", 2, "no")
    assert Path(outcome.notebook) == failed_path(task.target)


def test_where_no_fork_is_safe_a_notebook_has_a_process_of_its_own(
    root: Path, store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(run_module, "can_fork", lambda: False)
    told = "import os, psutil; print(psutil.Process(os.getppid()).cmdline())"
    (root / "worksheets" / "goals.ipynb").write_text(notebook(told), "utf-8")
    plan = make_plan(root, store, partnerships=["our-town"], worksheets=["goals"])
    (outcome,) = run_plan(plan, finish="no_such_module:page").outcomes
    assert outcome.status == "done", outcome.line()
    assert "playbook_helpers.batch.papermill_process" in Path(outcome.notebook).read_text("utf-8")
