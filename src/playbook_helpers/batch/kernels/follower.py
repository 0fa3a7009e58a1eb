"""A notebook that papermill runs by itself: in a fork of this process's warm server.

The fork runs all cells. Its journal is followed while it does, so that papermill shows how far it
is, logs, and saves, as with a kernel of its own; at the end the notebook comes back whole.
"""

from __future__ import annotations

import os
import sys
import time
from collections.abc import Iterator
from typing import Any

from nbclient.exceptions import CellTimeoutError, DeadKernelError
from nbformat import NotebookNode, from_dict
from papermill.engines import NotebookExecutionManager
from papermill.log import logger

from playbook_helpers.batch.kernels.cells import CellKernel
from playbook_helpers.batch.kernels.client import execute
from playbook_helpers.batch.kernels.forkserver import Job, Running, shared_server
from playbook_helpers.batch.kernels.journal import Replay
from playbook_helpers.batch.kernels.preload import MODULES

_SHOWING = ("log_output", "stdout_file", "stderr_file")
_PATIENCE = 0.1
"""Seconds after which it is looked whether more has been written."""


def run_in_fork(
    manager: NotebookExecutionManager, timeout: float | None, settings: dict[str, Any]
) -> NotebookNode:
    """Run a manager's notebook, and follow it; the notebook.

    `timeout` is the seconds that one cell may take, `settings` are those of papermill's client.
    Raises nbclient's CellTimeoutError for a cell that takes longer, DeadKernelError where the
    fork dies.
    """
    job = Job(
        f"{__name__}:run",
        {
            "notebook": manager.nb,
            "settings": {k: v for k, v in settings.items() if k not in _SHOWING},
        },
        folder=os.getcwd(),  # noqa: PTH109
        environment=dict(os.environ),
    )
    server = shared_server((*MODULES, __name__))
    replay = Replay(manager, log=logger, **settings)
    with server.begin(job) as running:
        for line in _lines(running, timeout, replay):
            replay.take(line)
        answer = running.result()
    if answer.value is None:
        replay.end()
        raise DeadKernelError("Kernel died")
    notebook: NotebookNode = manager.nb
    executed = from_dict(answer.value["notebook"])  # type: ignore[no-untyped-call]
    notebook.cells = executed.cells
    notebook.metadata.update(executed.metadata)
    if answer.value["died"]:
        raise DeadKernelError(answer.value["died"])
    return notebook


def _lines(running: Running, timeout: float | None, replay: Replay) -> Iterator[bytes]:
    """The lines of a fork's journal as they come, until the fork has ended."""
    place, begun, ended = 0, time.monotonic(), False
    while not ended:
        ended = running.wait(_PATIENCE)
        for line in running.written(place).split(b"\n")[:-1]:
            place += len(line) + 1
            if line.startswith(b'["begin"'):
                begun = time.monotonic()
            yield line
        if timeout and not ended and time.monotonic() - begun > timeout:
            said = "Cell execution timed out"
            raise CellTimeoutError.error_from_timeout_and_cell(said, int(timeout), replay.cell)  # type: ignore[arg-type]


def run(job: Job, kernel: CellKernel) -> dict[str, Any]:
    """In the fork: run the cells for the process that has asked; the notebook."""
    # What PYTHONPATH names stands before what the server found for itself.
    for place in reversed(os.environ.get("PYTHONPATH", "").split(os.pathsep)):
        if place and place not in sys.path:
            sys.path.insert(0, place)
    notebook, died = job.arguments["notebook"], ""
    manager = NotebookExecutionManager(notebook, progress_bar=False)  # type: ignore[no-untyped-call]
    try:
        execute(manager, kernel, kernel.journal, **job.arguments["settings"])
    except DeadKernelError as error:
        died = str(error)
    return {"notebook": notebook, "died": died}
