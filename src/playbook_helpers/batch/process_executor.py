"""Plain papermill: a notebook in a process of its own, with a kernel of its own.

The route to compare others with, and the one for systems where no fork is safe. The process is
`python -m playbook_helpers.batch.papermill_process`; it is told what to run, and is ended with all
that came from it. Some of that cuts itself loose: all inherit one mark in their environment, and
the mark finds them.
"""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
import tempfile
import threading
import time
import uuid
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import replace
from pathlib import Path
from typing import Any

import psutil  # type: ignore[import-untyped]

from playbook_helpers.batch.artifacts import read_json
from playbook_helpers.batch.kernels.linux import adopt_orphans
from playbook_helpers.batch.limits import Limits, shorten
from playbook_helpers.batch.outcomes import (
    failed,
    finish_broken,
    finish_done,
    finish_failed,
    one_line,
    stopped,
)
from playbook_helpers.batch.summary import Outcome
from playbook_helpers.batch.tasks import Task
from playbook_helpers.drawing.display import IMAGES_VARIABLE, MODE_VARIABLE
from playbook_helpers.worksheet.project import HOME_VARIABLE, STORE_VARIABLE

MARK = "PLAYBOOK_RUN"
NOTEBOOK, RESULT = "out.ipynb", "result.json"
"""What the process leaves in its folder."""
_WAIT_SECONDS = 5
# A person's start-up files and open notebooks are no part of what a worksheet is made from.
_NOT_PASSED_ON = ("PYTHONSTARTUP", "JPY_SESSION_NAME", "JPY_PARENT_PID", "PYTHONINSPECT")


def environment(task: Task, mark: str, work: Path | None = None) -> dict[str, str]:
    """The environment of a run: the store, how to show things, and nothing of the user's own.

    `work` is a folder for the files of a kernel that has any.
    """
    told = {
        STORE_VARIABLE: task.parameters.store,
        HOME_VARIABLE: str(task.root),
        MODE_VARIABLE: "document",
        IMAGES_VARIABLE: task.images,
        MARK: mark,
        "PYTHONHASHSEED": "0",
        "MPLBACKEND": "module://matplotlib_inline.backend_inline",
        # Workers run side by side, so none of them may take every core for its sums.
        "OMP_NUM_THREADS": "1",
        "OPENBLAS_NUM_THREADS": "1",
    }
    kept = {name: value for name, value in os.environ.items() if name not in _NOT_PASSED_ON}
    if work is not None:
        told |= {"IPYTHONDIR": str(work / "ipython"), "JUPYTER_RUNTIME_DIR": str(work)}
    return kept | told


def execute_in_process(
    task: Task,
    *,
    limits: Limits | None = None,
    mark: str = "batch-",
    stop: threading.Event | None = None,
) -> Outcome:
    """Execute one task in a process of its own and land its notebook; what came of it.

    The process and everything that came from it are gone when this returns. Nothing is begun once
    `stop` is set; whoever sets it ends what carries `mark`.
    """
    stop, limits = stop or threading.Event(), (limits or Limits()).shared_by(1)
    begin = time.monotonic()
    # A short path: sockets lie here, and their names may not be long.
    work = Path(tempfile.mkdtemp(prefix="pb-"))
    try:
        in_time = stop.is_set() or _run(task, work, f"{mark}{uuid.uuid4().hex}", limits, stop)
        if stop.is_set() and not (work / RESULT).exists():
            return stopped(task)
        return _landed(task, work, in_time, limits, time.monotonic() - begin)
    except OSError as error:
        said = one_line(f"{type(error).__name__}: {error}")
        return failed(task, time.monotonic() - begin, "it could not be written", error=said)
    finally:
        # On Windows a file stays locked for a moment after its process has been ended.
        for _ in range(20):
            shutil.rmtree(work, ignore_errors=True)
            if not work.exists():
                break
            time.sleep(0.1)


def _run(task: Task, work: Path, mark: str, limits: Limits, stop: threading.Event) -> bool:
    """Run the process to its end; False if its time ran out."""
    order = {
        "source": str(task.source),
        "parameters": task.parameters.for_notebook(task.names),
        "engine": task.engine,
        "work": str(work),
        "start_limit": max(1, int(limits.seconds)),
        "memory": limits.memory,
    }
    # The first folder of a Python's search path is the working folder, where a file called
    # papermill.py would be taken for papermill; -P leaves it out.
    command = [sys.executable, "-P", "-m", "playbook_helpers.batch.papermill_process"]
    with (work / "log.txt").open("wb") as log:
        process = subprocess.Popen(  # noqa: S603 - our own interpreter and module
            command,
            stdin=subprocess.PIPE,
            stdout=log,
            stderr=log,
            cwd=task.source.parent,
            env=environment(task, mark, work),
            start_new_session=os.name == "posix",
            creationflags=getattr(subprocess, "CREATE_NEW_PROCESS_GROUP", 0),
        )
    pipe = process.stdin
    assert pipe is not None
    try:
        with suppress(BrokenPipeError):
            pipe.write(json.dumps(order).encode() + b"\n")
            pipe.flush()
        if not stop.is_set():
            process.wait(limits.seconds)
        return True
    except subprocess.TimeoutExpired:
        return False
    finally:
        # Held open until now: its end is the sign to the process that the batch is gone.
        _end_tree(process)
        with suppress(OSError):
            pipe.close()
        if not (work / RESULT).exists():
            end_marked(mark)


def _end_tree(process: subprocess.Popen[bytes]) -> None:
    """Kill a process and all that came from it and is still its own; wait until they are gone."""
    if process.poll() is not None:
        return  # its number may be another's by now
    family: list[psutil.Process] = []
    with suppress(psutil.Error):
        family = psutil.Process(process.pid).children(recursive=True)
    with suppress(OSError):
        process.kill()
    _kill(family)
    with suppress(subprocess.TimeoutExpired):
        process.wait(_WAIT_SECONDS)


def end_marked(mark: str) -> int:
    """Kill every process whose mark begins with `mark`; how many there were.

    Looks again until none is left, since a process may start another while it is being ended.
    """
    ended = 0
    for _ in range(5):
        found = [process for process in psutil.process_iter() if _carries(process, mark)]
        if not found:
            break
        ended += len(found)
        _kill(found)
    return ended


def _carries(process: psutil.Process, mark: str) -> bool:
    if process.pid == os.getpid():
        return False
    try:
        return str(process.environ().get(MARK, "")).startswith(mark)
    except (psutil.Error, OSError):
        return False


def _kill(processes: list[psutil.Process]) -> None:
    for process in processes:
        with suppress(psutil.Error):
            process.kill()
    psutil.wait_procs(processes, timeout=_WAIT_SECONDS)


def _landed(task: Task, work: Path, in_time: bool, limits: Limits, seconds: float) -> Outcome:
    """Land what the process has left in its folder."""
    result = read_json(work / RESULT)
    notebook: dict[str, Any] | None = read_json(work / NOTEBOOK) or None
    cut = notebook is not None and shorten(notebook, limits.output)
    if result.get("status") == "done" and notebook is not None:
        return replace(finish_done(task, notebook, seconds), note=limits.too_much if cut else "")
    if result.get("status") == "failed":
        told = {key: result.get(key) for key in ("cell", "code", "error") if result.get(key)}
        reason = str(result.get("reason", "an error"))
        if reason == "an error":  # papermill has marked those itself
            reason = limits.reason(str(told.get("error", "")))
            return finish_failed(task, notebook, failed(task, seconds, reason, **told))
        return finish_broken(task, notebook, seconds, reason, str(told.get("error", "")))
    if not in_time:
        return finish_broken(task, notebook, seconds, f"more than its {limits.seconds:g} seconds")
    return finish_broken(task, notebook, seconds, "the process ended by itself", _last_line(work))


def _last_line(work: Path) -> str:
    try:
        lines = (work / "log.txt").read_text("utf-8", "replace").strip().splitlines()
    except OSError:
        return ""
    return one_line(lines[-1]) if lines else ""


@contextmanager
def adopting_orphans() -> Iterator[None]:
    """Have Linux give this process what its descendants leave behind, for the length of a block.

    Whoever adopts a process takes note of its exit, and in a container there may be nobody else
    to do it. Elsewhere the system does that.
    """
    if sys.platform == "linux":
        adopt_orphans(True)
    try:
        yield
    finally:
        if sys.platform == "linux":
            adopt_orphans(False)
