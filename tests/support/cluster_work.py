"""What the cluster's workers do in tests: they import this file, so it stands apart."""

from __future__ import annotations

import os
import signal
import time
from functools import partial

from playbook_helpers.batch import Outcome, Task
from playbook_helpers.batch.artifacts import save_notebook


def quick(task: Task, seconds: float = 0.05) -> Outcome:
    """Land a notebook that says what it was made from."""
    time.sleep(seconds)
    save_notebook(task.target, f"{task.fingerprint}\n", {"fingerprint": task.fingerprint})
    return Outcome(task.partnership, task.worksheet, "done")


def deadly(task: Task) -> Outcome:
    """One notebook ends its worker each time; the others are quick."""
    if task.partnership == "area-03":
        os.kill(os.getpid(), signal.SIGKILL)
    return quick(task)


def raising(task: Task) -> Outcome:
    """Fail in a way that a worker writes into its log, with what it was given."""
    raise OSError("the disk is full")


slow = partial(quick, seconds=0.3)
