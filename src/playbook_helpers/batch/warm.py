"""One warm server for each process that runs notebooks for others: a cluster's worker, a sender.

The server is started by the first notebook and kept for the next, also over several batches with
the same store, folder and images. It is a process of its own, so that a worker with threads may use
it. Where there is no safe fork each notebook gets a process of its own instead.
"""

from __future__ import annotations

import atexit
import threading
import uuid
from typing import TYPE_CHECKING

from playbook_helpers.batch.limits import Limits
from playbook_helpers.batch.parallel import cores
from playbook_helpers.batch.plain import execute_in_process
from playbook_helpers.batch.processes import environment
from playbook_helpers.batch.run import quick
from playbook_helpers.batch.summary import Outcome
from playbook_helpers.batch.tasks import Task

if TYPE_CHECKING:
    from playbook_helpers.batch.kernels.link import ForkServer
    from playbook_helpers.batch.kernels.workers import WorkerPool

_LOCK = threading.Lock()
_HELD: dict[tuple[str, str, str], ForkServer | WorkerPool] = {}


def execute_warm(task: Task, *, limits: Limits | None = None) -> Outcome:
    """Execute one task in a fork of this process's own server; what came of it."""
    limits = (limits or Limits()).shared_by(cores())
    if not quick(task.engine):
        return execute_in_process(task, limits=limits)
    from playbook_helpers.batch.forked import execute_forked

    return execute_forked(task, server=_server(task), limits=limits)


def _server(task: Task) -> ForkServer | WorkerPool:
    from playbook_helpers.batch import forked

    key = task.parameters.store, str(task.root), task.images
    with _LOCK:
        if key not in _HELD:
            _close()  # a process works for one batch at a time
            mark = f"warm-{uuid.uuid4().hex}-"
            _HELD[key] = forked.server(cores(), environment(task, mark), task.source.parent)
        return _HELD[key]


def _close() -> None:
    while _HELD:
        _HELD.popitem()[1].close()


atexit.register(_close)
