"""Plain papermill: each notebook in a process of its own, with a kernel of its own.

The route to compare others with, and the one for systems where nothing quicker is safe. The
process is told to `python -m playbook_helpers.batch.one` what to run, and is ended with all that
came from it.
"""

from __future__ import annotations

import json
import shutil
import subprocess
import tempfile
import threading
import time
import uuid
from contextlib import suppress
from dataclasses import replace
from pathlib import Path
from typing import IO, Any, cast

from playbook_helpers.batch.cells import one_line
from playbook_helpers.batch.finishing import (
    failed,
    finish_broken,
    finish_done,
    finish_failed,
    stopped,
)
from playbook_helpers.batch.limits import Limits, shorten
from playbook_helpers.batch.one import NOTEBOOK, RESULT
from playbook_helpers.batch.processes import end_marked, end_tree, start
from playbook_helpers.batch.summary import Outcome
from playbook_helpers.batch.tasks import Task


class Stop:
    """The wish to end a batch, and the processes that then have to be ended."""

    def __init__(self) -> None:
        self._running: set[subprocess.Popen[bytes]] = set()
        self._lock = threading.Lock()
        self.wished = threading.Event()

    def begin(self, process: subprocess.Popen[bytes]) -> None:
        """Take note of a process; it is ended at once if the wish is there already."""
        with self._lock:
            self._running.add(process)
            late = self.wished.is_set()
        if late:
            end_tree(process)

    def ended(self, process: subprocess.Popen[bytes]) -> None:
        """Forget a process."""
        with self._lock:
            self._running.discard(process)

    def now(self) -> None:
        """End all processes, and every one that begins after this."""
        with self._lock:
            self.wished.set()
            running = list(self._running)
        for process in running:
            end_tree(process)


def execute_in_process(
    task: Task,
    *,
    limits: Limits | None = None,
    mark: str = "",
    stop: Stop | None = None,
) -> Outcome:
    """Execute one task in a process of its own and land its notebook; what came of it.

    The process and everything that came from it are gone when this returns.
    """
    stop, limits = stop or Stop(), (limits or Limits()).shared_by(1)
    if stop.wished.is_set():
        return stopped(task)
    begin = time.monotonic()
    own_mark = f"{mark or 'batch-'}{uuid.uuid4().hex}"
    # A short path: sockets lie here, and their names may not be long.
    work = Path(tempfile.mkdtemp(prefix="pb-"))
    try:
        process = start(task, work, own_mark)
        stop.begin(process)
        try:
            in_time = _converse(process, task, work, limits)
        finally:
            end_tree(process)
            stop.ended(process)
        result = _result(work)
        if not result:
            end_marked(own_mark)
        if stop.wished.is_set() and not result:
            return stopped(task)
        return _landed(task, work, result, in_time, limits, time.monotonic() - begin)
    except OSError as error:
        said = one_line(f"{type(error).__name__}: {error}")
        return failed(task, time.monotonic() - begin, "it could not be written", error=said)
    finally:
        _remove(work)


def _converse(process: subprocess.Popen[bytes], task: Task, work: Path, limits: Limits) -> bool:
    """Hand the task over and wait for the process to end; False if its time ran out."""
    order = {
        "source": str(task.source),
        "parameters": task.parameters.for_notebook(task.names),
        "engine": task.engine,
        "work": str(work),
        "start_limit": max(1, int(limits.seconds)),
        "memory": limits.memory,
    }
    pipe = cast("IO[bytes]", process.stdin)
    try:
        pipe.write(json.dumps(order).encode() + b"\n")
        pipe.flush()
        process.wait(limits.seconds)
    except BrokenPipeError:
        process.wait(limits.seconds)
    except subprocess.TimeoutExpired:
        return False
    finally:
        # Held open until now: its end is the sign to the process that the batch is gone.
        end_tree(process)
        with suppress(OSError):
            pipe.close()
    return True


def _result(work: Path) -> dict[str, Any]:
    try:
        data = json.loads((work / RESULT).read_text("utf-8"))
    except (OSError, ValueError):
        return {}
    return data if isinstance(data, dict) else {}


def _landed(
    task: Task,
    work: Path,
    result: dict[str, Any],
    in_time: bool,
    limits: Limits,
    seconds: float,
) -> Outcome:
    notebook = _notebook(work)
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


def _notebook(work: Path) -> dict[str, Any] | None:
    """The notebook as far as it ran; None if there is none."""
    try:
        notebook = json.loads((work / NOTEBOOK).read_text("utf-8"))
        notebook["metadata"].get("papermill")
    except (OSError, ValueError, LookupError, TypeError, AttributeError):
        return None
    return cast("dict[str, Any]", notebook)


def _last_line(work: Path) -> str:
    try:
        lines = (work / "log.txt").read_text("utf-8", "replace").strip().splitlines()
    except OSError:
        return ""
    return one_line(lines[-1]) if lines else ""


def _remove(work: Path) -> None:
    # On Windows a file stays locked for a moment after its process has been ended.
    for _ in range(20):
        shutil.rmtree(work, ignore_errors=True)
        if not work.exists():
            return
        time.sleep(0.1)
