"""The quick way: each notebook in a fork of one warm server, or in a worker that stays.

A fork runs its notebook by papermill, lands it and answers. A server that dies is started again,
and what it had in hand is run once more: it was not the notebooks' doing.
"""

from __future__ import annotations

import os
import time
from collections.abc import Mapping
from pathlib import Path

from playbook_helpers.batch import job
from playbook_helpers.batch.cells import one_line
from playbook_helpers.batch.finishing import failed, stopped
from playbook_helpers.batch.summary import Outcome
from playbook_helpers.batch.tasks import Task
from playbook_helpers.kernels import warmth
from playbook_helpers.kernels.jobs import Job
from playbook_helpers.kernels.link import ForkServer, ServerEnded
from playbook_helpers.kernels.linux import can_fork, give_back
from playbook_helpers.kernels.workers import WorkerPool

KERNELS_VARIABLE = "PLAYBOOK_KERNELS"
_TRIES = 2
MEMORY = 4 << 30
"""Bytes that a notebook may take beyond what the warm server holds."""


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


def execute_forked(task: Task, *, server: ForkServer | WorkerPool, time_limit: float) -> Outcome:
    """Execute one task in a fork; what came of it."""
    begin, error = time.monotonic(), ""
    for _ in range(_TRIES):
        call = Job(
            job.RUN,
            job.packed(task, time_limit),
            after=job.AFTER,
            folder=os.fspath(task.source.parent),
            seconds=time_limit,
            memory=MEMORY,
        )
        try:
            answer = server.submit(call).result()
        except ServerEnded as ended:
            error = one_line(str(ended))
            continue
        if answer.how == "answered":
            return Outcome(**answer.value)
        if answer.how == "stopped":
            return stopped(task)
        error = one_line((answer.error.strip().splitlines() or [answer.how])[-1])
        break
    return failed(task, time.monotonic() - begin, "it could not be run", error=error)
