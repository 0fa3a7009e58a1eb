"""A batch on a Dask cluster of separate processes: workers may die, nothing is lost or doubled."""

from __future__ import annotations

import json
import os
import signal
import sys
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from typing import Any

import cluster_work
import pytest

from playbook_helpers.batch import Outcome, Plan, make_plan, run_plan
from playbook_helpers.batch.cluster import LOST, ClusterExecutor, look, on_cluster
from playbook_helpers.batch.run import execute_task
from playbook_helpers.cli import main
from playbook_helpers.core.errors import ClusterError, InputError
from playbook_helpers.core.partnership import Partnership
from playbook_helpers.core.revisions import new_revision
from playbook_helpers.storage.database import Store

pytestmark = [
    pytest.mark.slow,
    pytest.mark.skipif(os.name == "nt", reason="workers are ended by SIGKILL here"),
    # What Dask leaves to the collector when it closes, and its own forks of multiprocessing.
    pytest.mark.filterwarnings("default"),
]
PARAMETERS = 'partnership = ""\nstore = ""\nas_of = ""\nround = ""'
TITLE = (
    "from playbook_helpers.worksheet import Worksheet\n"
    "Worksheet('goals', partnership, store=store, as_of=as_of, round=round).title()"
)


@contextmanager
def a_cluster(allowed_failures: int) -> Iterator[Any]:
    """Two workers, each a process of its own that is started again when it dies."""
    import dask
    from distributed import LocalCluster

    settings = {
        "distributed.scheduler.allowed-failures": allowed_failures,
        "distributed.worker.memory.terminate": False,
    }
    with (
        dask.config.set(settings),
        LocalCluster(
            n_workers=2,
            threads_per_worker=1,
            processes=True,
            dashboard_address=":0",
            silence_logs=50,
        ) as cluster,
    ):
        yield cluster


@pytest.fixture(scope="module")
def cluster() -> Iterator[Any]:
    with a_cluster(allowed_failures=3) as started:
        yield started


@pytest.fixture
def root(tmp_path: Path) -> Path:
    (tmp_path / "_config.yml").touch()
    (tmp_path / "worksheets").mkdir()
    cells = [
        {"cell_type": "code", "id": f"c{n}", "execution_count": None, "outputs": [], "source": text}
        | {"metadata": {"tags": ["parameters"] if n == 0 else []}}
        for n, text in enumerate((PARAMETERS, TITLE))
    ]
    text = json.dumps({"cells": cells, "metadata": {}, "nbformat": 4, "nbformat_minor": 5})
    (tmp_path / "worksheets" / "goals.ipynb").write_text(text, "utf-8")
    return tmp_path


@pytest.fixture
def plan(root: Path) -> Callable[[int], Plan]:
    def planned(number: int) -> Plan:
        with Store.open(f"sqlite:///{root / 'playbook.db'}") as store:
            if not store.partnerships():
                store.append(
                    new_revision(f"area-{n:02d}", Partnership(name=f"Area {n}"))
                    for n in range(number)
                )
            return make_plan(root, store)

    return planned


def pids(cluster: Any) -> list[int]:
    return [nanny.pid for nanny in cluster.workers.values() if nanny.pid]


def landed(plan: Plan) -> dict[str, str]:
    return {task.partnership: task.target.read_text("utf-8") for task in plan.tasks}


def test_workers_killed_in_the_middle_cost_a_retry_and_nothing_is_lost_or_doubled(
    cluster: Any, plan: Callable[[int], Plan]
) -> None:
    work = plan(24)
    killed: list[int] = []

    def kill(outcome: Outcome) -> None:
        # A nanny names a dead worker's process for a while yet: that one is not killed again.
        alive = [pid for pid in pids(cluster) if pid not in killed]
        if len(killed) < 2 and alive:
            killed.append(alive[0])
            os.kill(killed[-1], signal.SIGKILL)

    with on_cluster(cluster.scheduler_address, work) as executor:
        assert executor.workers == 2
        summary = run_plan(work, execute=cluster_work.slow, executor=executor, on_done=kill)
    assert len(set(killed)) == 2
    assert summary.counts == {"done": 24, "unchanged": 0, "failed": 0, "stopped": 0}
    assert len({outcome.partnership for outcome in summary.outcomes}) == 24
    assert landed(work) == {task.partnership: f"{task.fingerprint}\n" for task in work.tasks}
    assert plan(24).tasks == ()


def test_real_notebooks_come_out_as_on_one_machine(
    cluster: Any, plan: Callable[[int], Plan]
) -> None:
    def normal(text: str) -> Any:
        notebook = json.loads(text)
        notebook["metadata"].pop("papermill")
        assert notebook["metadata"]["playbook"]["made"]
        for name in ("made", "seconds"):
            notebook["metadata"]["playbook"].pop(name)
        for cell in notebook["cells"]:
            for times in ("papermill", "execution"):
                cell["metadata"].pop(times, None)
            cell.pop("id")  # papermill gives the cell that it adds an id by chance
        return notebook

    work = plan(1)
    assert run_plan(work).counts["done"] == 1
    alone = landed(work)
    with on_cluster(cluster.scheduler_address, work) as executor:
        summary = run_plan(work, execute=execute_task, executor=executor)
    assert summary.counts["done"] == 1
    together = landed(work)
    assert together != alone  # they were run again
    assert {slug: normal(text) for slug, text in together.items()} == {
        slug: normal(text) for slug, text in alone.items()
    }


def test_a_notebook_that_ends_its_worker_again_and_again_fails_alone(
    plan: Callable[[int], Plan],
) -> None:
    work = plan(8)
    with (
        a_cluster(allowed_failures=0) as fragile,
        on_cluster(fragile.scheduler_address, work) as executor,
    ):
        summary = run_plan(work, execute=cluster_work.deadly, executor=executor)
    assert [(o.partnership, o.reason) for o in summary.failed] == [("area-03", LOST)]
    assert summary.counts["done"] == 7
    assert summary.exit_code == 1


def test_a_cluster_that_loses_its_last_worker_ends_the_batch(
    plan: Callable[[int], Plan],
) -> None:
    work = plan(8)
    with (
        a_cluster(allowed_failures=3) as fading,
        on_cluster(fading.scheduler_address, work, patience=2) as executor,
    ):
        gone = threading.Timer(0.5, lambda: fading.scale(0))
        gone.start()
        begin = time.monotonic()
        slow = cluster_work.partial(cluster_work.quick, seconds=2)
        summary = run_plan(work, execute=slow, executor=executor)
    assert time.monotonic() - begin < 60
    assert summary.counts["failed"] > 0
    assert "no worker for 2 seconds" in summary.failed[-1].error


def test_the_stores_password_is_in_no_key_and_in_no_log(
    cluster: Any, plan: Callable[[int], Plan]
) -> None:
    from distributed import Client

    task = plan(1).tasks[0]
    secret = replace(task.parameters, store="postgresql+psycopg://ann:hushhush@hub/db")
    task = replace(task, parameters=secret)
    assert "hushhush" not in repr(task)
    with Client(cluster, set_as_default=False) as client:
        executor = ClusterExecutor(client, 2)
        future = executor.submit(cluster_work.raising, task)
        assert isinstance(future.exception(60), OSError)
        told = [client.get_worker_logs(), client.get_scheduler_logs(), client.story(task.worksheet)]
        assert "the disk is full" in str(told)
        assert "area-00" in str(told)
        assert "hushhush" not in str(told)
        executor.shutdown()


def test_a_worker_that_cannot_do_the_work_says_why(plan: Callable[[int], Plan]) -> None:
    task = plan(1).tasks[0]
    with Store.open(task.parameters.store) as store:
        records = store.fingerprint(task.partnership)
    assert look(task, records, "") == ""
    assert "holds other records" in look(task, "another", "")
    assert "does not see the folder for results" in look(task, records, "/not/there")
    elsewhere = replace(task.parameters, store="sqlite:////not/there/playbook.db")
    assert "There is no store" in look(replace(task, parameters=elsewhere), records, "")
    assert "it has no" in look(replace(task, source=Path("/not/there.ipynb")), records, "")
    other = replace(task, made_from=dict(task.made_from) | {"source": "another"})
    assert "its playbook is not the same" in look(other, records, "")


def test_before_anything_is_sent_the_workers_are_asked(
    cluster: Any, plan: Callable[[int], Plan]
) -> None:
    work = plan(1)
    other = replace(work.tasks[0], made_from=dict(work.tasks[0].made_from) | {"source": "x"})
    with (
        pytest.raises(ClusterError, match="its playbook is not the same"),
        on_cluster(cluster.scheduler_address, Plan((other,))),
    ):
        pass
    assert not list(other.folder.parent.glob(".*"))


def test_a_scheduler_that_cannot_be_reached_is_told(
    plan: Callable[[int], Plan], root: Path, monkeypatch: pytest.MonkeyPatch, capsys: Any
) -> None:
    with pytest.raises(InputError), on_cluster("somewhere:8786", plan(1)):
        pass
    monkeypatch.setenv("PLAYBOOK_HOME", str(root))
    monkeypatch.setattr("playbook_helpers.batch.cluster.CONNECT_SECONDS", 0.5)
    monkeypatch.setattr(sys, "argv", ["playbook", "batch", "--scheduler", "tcp://127.0.0.1:9"])
    with pytest.raises(SystemExit) as ended:
        main()
    assert ended.value.code == 3
    assert "The scheduler cannot be reached" in capsys.readouterr().err
