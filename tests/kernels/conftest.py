"""A warm server for the tests of a file, and tasks that run any notebook as the batch would."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from pathlib import Path

import nbformat
import pytest
from nbformat.v4 import new_code_cell, new_notebook

from playbook_helpers.batch.fork_executor import execute_in_fork
from playbook_helpers.batch.kernels import preload
from playbook_helpers.batch.kernels.forkserver import ForkServer
from playbook_helpers.batch.limits import Limits
from playbook_helpers.batch.parameters import Parameters
from playbook_helpers.batch.summary import Outcome
from playbook_helpers.batch.tasks import Task

Run = Callable[..., Outcome]


def task_of(folder: Path, *sources: str, name: str = "n") -> Task:
    """A task that runs these cells."""
    path = folder / "worksheets" / f"{name}.ipynb"
    path.parent.mkdir(parents=True, exist_ok=True)
    cells = [new_code_cell(s, id=f"c{place}") for place, s in enumerate(sources)]
    nbformat.write(new_notebook(cells=cells), path)
    return Task(
        partnership="our-town",
        worksheet=name,
        source=path,
        folder=folder / "out",
        root=folder,
        parameters=Parameters("our-town"),
        names=(),
        made_from={},
    )


def environment() -> dict[str, str]:
    """This process's environment without pytest's mark, which ipykernel heeds."""
    return {k: v for k, v in os.environ.items() if k != "PYTEST_CURRENT_TEST"}


MODULES = (
    *preload.MODULES,
    "playbook_helpers.batch.fork_executor",
    "playbook_helpers.batch.kernels.client",
)


@pytest.fixture(scope="module")
def server() -> Iterator[ForkServer]:
    held = ForkServer(modules=MODULES, environment=environment())
    yield held
    held.close()


@pytest.fixture
def make_task() -> Callable[..., Task]:
    """A function that makes a task from a folder and the sources of cells."""
    return task_of


@pytest.fixture
def run(server: ForkServer, tmp_path: Path) -> Run:
    """Run cells in a fork; what came of it."""

    def run(
        *sources: str, seconds: float = 60, name: str = "n", limits: Limits | None = None
    ) -> Outcome:
        task = task_of(tmp_path, *sources, name=name)
        return execute_in_fork(
            task, server=server, limits=limits or Limits(seconds, memory=2 << 30)
        )

    return run
