"""The quick way: each notebook in a fork of one warm server, or in a worker that stays.

A fork runs its notebook by papermill, lands it and answers. A server that dies may have been killed
by one of the notebooks that it had in hand: each of them is run once more, in a server of its own,
so that only the one that does it again is counted as failed.
"""

from __future__ import annotations

import os
import time
from collections.abc import Mapping
from pathlib import Path

from playbook_helpers.batch import job
from playbook_helpers.batch.artifacts import made_from_path
from playbook_helpers.batch.cells import one_line
from playbook_helpers.batch.finishing import failed, stopped
from playbook_helpers.batch.kernels import warmth
from playbook_helpers.batch.kernels.jobs import Job
from playbook_helpers.batch.kernels.link import ForkServer, ServerEnded
from playbook_helpers.batch.kernels.linux import can_fork, give_back
from playbook_helpers.batch.kernels.workers import WorkerPool
from playbook_helpers.batch.limits import Limits
from playbook_helpers.batch.summary import Outcome
from playbook_helpers.batch.tasks import Task

KERNELS_VARIABLE = "PLAYBOOK_KERNELS"


def server(
    places: int, environment: Mapping[str, str], worksheets: Path
) -> ForkServer | WorkerPool:
    """A server that is warm for the worksheets of a folder, with `places` notebooks at once.

    Where a fork is not safe, workers that stay; PLAYBOOK_KERNELS=spawned asks for them anywhere.
    """
    forks = can_fork() and os.environ.get(KERNELS_VARIABLE) != "spawned"
    if forks:
        give_back()  # what making the plan took
    return (ForkServer if forks else WorkerPool)(
        places,
        modules=warmth.modules_for(worksheets),
        calls=("playbook_helpers.batch.warming:warm",),
        environment=environment,
    )


def execute_forked(
    task: Task, *, server: ForkServer | WorkerPool, limits: Limits | None = None
) -> Outcome:
    """Execute one task in a fork; what came of it."""
    begin, error = time.monotonic(), ""
    limits = (limits or Limits()).shared_by(1)
    call = Job(
        job.RUN,
        job.packed(task, limits),
        after=job.AFTER,
        folder=os.fspath(task.source.parent),
        seconds=limits.seconds,
        memory=limits.memory,
        output=limits.output,
    )
    for alone in (False, True):
        try:
            answer = server.alone(call) if alone else server.submit(call).result()
        except ServerEnded as ended:
            error = one_line(str(ended))
            continue
        if answer.how == "answered":
            return Outcome(**answer.value)
        if answer.how == "stopped":
            return stopped(task)
        error = one_line((answer.error.strip().splitlines() or [answer.how])[-1])
        break
    # It may have landed before its server was gone; as a failure it counts as nobody's notebook.
    made_from_path(task.target).unlink(missing_ok=True)
    return failed(task, time.monotonic() - begin, "it could not be run", error=error)
