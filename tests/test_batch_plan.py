"""The plan of a batch: what is there and up to date is left alone, the rest is done."""

from __future__ import annotations

import json
import pickle
import time
from collections.abc import Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import event

from playbook_helpers.batch import Outcome, Plan, Summary, Task, make_plan, run_plan
from playbook_helpers.batch import plan as plan_module
from playbook_helpers.batch import run as run_module
from playbook_helpers.batch.cells import stopped_at
from playbook_helpers.batch.landing import INDEX, failed_path, land, land_failed, made_from_path
from playbook_helpers.errors import InputError, NotFound
from playbook_helpers.partnership import Partner, Partnership
from playbook_helpers.revisions import new_revision
from playbook_helpers.store import Store

CELL = {"cell_type": "code", "execution_count": None, "outputs": []}


def notebook(*sources: str) -> str:
    parameters = 'partnership = ""\nstore = ""\nas_of = ""\nround = ""'
    cells = [CELL | {"id": "p", "metadata": {"tags": ["parameters"]}, "source": parameters}]
    cells += [
        CELL | {"id": f"c{place}", "metadata": {}, "source": source}
        for place, source in enumerate(sources)
    ]
    return json.dumps({"cells": cells, "metadata": {}, "nbformat": 4, "nbformat_minor": 5})


@pytest.fixture
def root(tmp_path: Path) -> Path:
    (tmp_path / "_config.yml").touch()
    (tmp_path / "worksheets").mkdir()
    for stem in ("goals", "resources", "extra"):
        (tmp_path / "worksheets" / f"{stem}.ipynb").write_text(notebook(f"'{stem}'"), "utf-8")
    above = json.loads(notebook())
    above["cells"][0]["source"] = 'store = ""'
    (tmp_path / "worksheets" / "portfolio.ipynb").write_text(json.dumps(above), "utf-8")
    return tmp_path


@pytest.fixture
def store(root: Path) -> Iterator[Store]:
    with Store.open(f"sqlite:///{root / 'playbook.db'}") as opened:
        ended = Partnership(name="Our Town", facts_until="2014")
        opened.append([new_revision("our-town", ended)])
        opened.append([new_revision("east-side", Partnership(name="East Side"))])
        yield opened


def done(task: Task) -> Outcome:
    land(task.target, "{}", {"fingerprint": task.fingerprint})
    return Outcome(task.partnership, task.worksheet, "done")


def left(plan: Plan) -> list[tuple[str, str]]:
    return [(task.partnership, task.worksheet) for task in plan.tasks]


def test_every_worksheet_is_planned_for_every_partnership_in_the_books_order(
    root: Path, store: Store
) -> None:
    assert left(make_plan(root, store)) == [
        (slug, stem)
        for slug in ("east-side", "our-town")
        for stem in ("goals", "resources", "extra")
    ]


def test_some_can_be_picked(root: Path, store: Store) -> None:
    plan = make_plan(root, store, partnerships=["our-town"], worksheets=["resources", "resources"])
    assert left(plan) == [("our-town", "resources")]


def test_a_worksheet_that_stands_above_partnerships_is_no_part_of_a_batch(
    root: Path, store: Store
) -> None:
    with pytest.raises(NotFound) as caught:
        make_plan(root, store, worksheets=["portfolio"])
    assert caught.value.allowed == "extra, goals, resources"


def test_an_unknown_worksheet_gives_the_nearest_first(root: Path, store: Store) -> None:
    with pytest.raises(NotFound) as caught:
        make_plan(root, store, worksheets=["resorces"])
    assert caught.value.allowed.startswith("resources")


def test_each_partnership_is_worked_out_as_of_its_own_date(root: Path, store: Store) -> None:
    plan = make_plan(root, store, worksheets=["goals"], today=date(2026, 11, 24))
    assert [task.parameters.for_notebook()["as_of"] for task in plan.tasks] == [
        "2026-11-24",
        "2014-12-31",
    ]


def test_what_is_done_and_unchanged_is_not_done_again(root: Path, store: Store) -> None:
    summary = run_plan(make_plan(root, store), execute=done, workers=1)
    assert summary.counts == {"done": 6, "unchanged": 0, "failed": 0, "stopped": 0}
    again = make_plan(root, store)
    assert left(again) == []
    assert run_plan(again, execute=done).counts["unchanged"] == 6
    assert len(make_plan(root, store, force=True).tasks) == 6


def test_a_plan_asks_the_store_as_often_for_many_partnerships_as_for_few(
    root: Path, store: Store
) -> None:
    asked: list[str] = []
    event.listen(store._engine, "before_cursor_execute", lambda *given: asked.append(given[2]))
    make_plan(root, store)
    few = len(asked)
    store.append(
        new_revision(f"area-{n}", Partnership(name=f"Area {n}"), author="a") for n in range(30)
    )
    asked.clear()
    assert len(make_plan(root, store).tasks) == 32 * 3
    assert len(asked) == few < 10


def test_a_plan_made_in_slices_is_the_same_plan(
    root: Path, store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    store.append(new_revision(f"area-{n}", Partnership(name=f"Area {n}")) for n in range(4))
    run_plan(make_plan(root, store, partnerships=["area-2"]), execute=done, workers=1)
    whole = make_plan(root, store)
    monkeypatch.setattr(plan_module, "_AT_ONCE", 2)
    assert make_plan(root, store) == whole
    assert len(whole.tasks) == 5 * 3
    assert {task.partnership for task in whole.unchanged} == {"area-2"}


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


def test_a_changed_record_renews_that_partnership_alone(root: Path, store: Store) -> None:
    run_plan(make_plan(root, store), execute=done, workers=1)
    store.append([new_revision("our-town", Partner(name="Library", sector="government"))])
    assert {slug for slug, _ in left(make_plan(root, store))} == {"our-town"}


def test_a_changed_worksheet_renews_that_worksheet_alone(root: Path, store: Store) -> None:
    run_plan(make_plan(root, store), execute=done, workers=1)
    (root / "worksheets" / "goals.ipynb").write_text(notebook("'anew'"), "utf-8")
    assert {stem for _, stem in left(make_plan(root, store))} == {"goals"}


def test_another_date_round_or_engine_makes_another_notebook(root: Path, store: Store) -> None:
    run_plan(make_plan(root, store), execute=done, workers=1)
    assert len(make_plan(root, store, as_of="2030-01-31").tasks) == 6
    assert len(make_plan(root, store, round="March").tasks) == 6
    assert len(make_plan(root, store, engine="other").tasks) == 6


def test_the_same_records_in_another_place_make_the_same_notebook(root: Path, store: Store) -> None:
    run_plan(make_plan(root, store), execute=done, workers=1)
    with Store.open(f"sqlite:///{root / 'copy.db'}") as copy:
        copy.merge(store)
        assert left(make_plan(root, copy)) == []


def test_another_version_of_the_package_makes_another_notebook(
    root: Path, store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    run_plan(make_plan(root, store), execute=done, workers=1)
    monkeypatch.setattr("playbook_helpers.batch.plan.source_hash", lambda: "other")
    assert len(make_plan(root, store).tasks) == 6


def test_a_notebook_that_was_taken_away_is_made_again(root: Path, store: Store) -> None:
    plan = make_plan(root, store)
    run_plan(plan, execute=done, workers=1)
    plan.tasks[0].target.unlink()
    assert left(make_plan(root, store)) == left(plan)[:1]


def test_a_run_cut_off_between_notebook_and_note_counts_as_out_of_date(
    root: Path, store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    plan = make_plan(root, store, as_of="2020-01-31", worksheets=["goals"])
    run_plan(plan, execute=done, workers=1)
    other = make_plan(root, store, as_of="2021-01-31", worksheets=["goals"]).tasks[0]
    real = Path.replace

    def cut_off(self: Path, target: Path) -> Path:
        if str(target).endswith(".json"):
            raise KeyboardInterrupt
        return real(self, target)

    with monkeypatch.context() as patch:
        patch.setattr(Path, "replace", cut_off)
        with pytest.raises(KeyboardInterrupt):
            land(other.target, "{}", {"fingerprint": other.fingerprint})
    # The notebook of 2021 now lies there; asked for 2020 again, it may not pass for it.
    assert other.partnership in {
        slug for slug, _ in left(make_plan(root, store, as_of="2020-01-31", worksheets=["goals"]))
    }
    assert not list(other.folder.glob(".*"))


def test_of_each_folder_a_plan_opens_one_file(
    root: Path, store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    run_plan(make_plan(root, store), execute=done, workers=1)
    assert left(make_plan(root, store)) == []
    opened: list[str] = []
    real = Path.read_text

    def counted(self: Path, *given: Any, **named: Any) -> str:
        opened.append(self.name)
        return real(self, *given, **named)

    with monkeypatch.context() as patch:
        patch.setattr(Path, "read_text", counted)
        assert len(make_plan(root, store).unchanged) == 6
    assert opened == [INDEX, INDEX]


@pytest.mark.parametrize("step", ["unlink", "notebook", "note"])
def test_wherever_a_run_is_cut_off_the_index_lets_nothing_pass_for_what_it_is_not(
    root: Path, store: Store, monkeypatch: pytest.MonkeyPatch, step: str
) -> None:
    def plan(year: int) -> Plan:
        return make_plan(root, store, as_of=f"{year}-01-31", worksheets=["goals"])

    run_plan(plan(2020), execute=done, workers=1)
    assert left(plan(2020)) == []  # and the index is written
    task = plan(2021).tasks[0]
    real = Path.replace

    def cut_off(self: Path, target: Path) -> Path:
        if (step == "note") == str(target).endswith(".json") or step == "unlink":
            raise KeyboardInterrupt
        moved = real(self, target)
        if step == "notebook":
            raise KeyboardInterrupt
        return moved

    with monkeypatch.context() as patch:
        patch.setattr(Path, "replace", cut_off)
        with pytest.raises(KeyboardInterrupt):
            land(task.target, "{}", {"fingerprint": task.fingerprint})
    assert task.partnership in {slug for slug, _ in left(plan(2020))}
    assert task.partnership in {slug for slug, _ in left(plan(2021))}
    land(task.target, "{}", {"fingerprint": task.fingerprint})
    assert task.partnership not in {slug for slug, _ in left(plan(2021))}
    assert task.partnership in {slug for slug, _ in left(plan(2020))}


@pytest.mark.parametrize("content", ["", "[]", '{"format": "other"}', "half of {"])
def test_an_index_that_cannot_be_read_costs_time_only(
    root: Path, store: Store, content: str
) -> None:
    plan = make_plan(root, store)
    run_plan(plan, execute=done, workers=1)
    assert left(make_plan(root, store)) == []
    (plan.tasks[0].folder / INDEX).write_text(content)
    assert left(make_plan(root, store)) == []


def test_a_good_run_replaces_a_failed_one_and_a_failed_one_keeps_the_good(tmp_path: Path) -> None:
    target = tmp_path / "our-town" / "goals.ipynb"
    land(target, "good", {"fingerprint": "1"})
    assert land_failed(target, "half") == failed_path(target)
    assert target.read_text("utf-8") == "good"
    land(target, "better", {"fingerprint": "2"})
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
        run_plan(make_plan(root, store), execute=done, workers=workers, time_limit=limit)


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


@pytest.mark.parametrize("name", ["index.ipynb", "goals.failed.ipynb"])
def test_a_worksheet_whose_page_would_take_anothers_place_is_refused(
    root: Path, store: Store, name: str
) -> None:
    (root / "worksheets" / name).write_text(notebook(), "utf-8")
    with pytest.raises(InputError, match=name):
        make_plan(root, store)


def test_a_task_can_be_sent_to_another_process_and_its_text_holds_no_address(
    root: Path, store: Store
) -> None:
    task = make_plan(root, store).tasks[0]
    assert pickle.loads(pickle.dumps(task)) == task
    assert "playbook.db" not in repr(task.parameters)


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
    from playbook_helpers.batch.one import NOTEBOOK, RESULT
    from playbook_helpers.batch.plain import _landed, _result

    (task, *_) = make_plan(root, store, partnerships=["our-town"], worksheets=["goals"]).tasks
    (tmp_path / NOTEBOOK).write_text(notebook("1 / 0"), "utf-8")
    said = {"status": "failed", "reason": "an error", "cell": 2, "code": "1 / 0", "error": "no"}
    (tmp_path / RESULT).write_text(json.dumps(said), "utf-8")
    outcome = _landed(task, tmp_path, _result(tmp_path), True, 60, 1.5)
    assert (outcome.status, outcome.cell, outcome.error) == ("failed", 2, "no")
    assert Path(outcome.notebook) == failed_path(task.target)
