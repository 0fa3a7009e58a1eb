"""Processes of a run: what they are told, and how to be sure that none of them stays.

A notebook's kernel has a session of its own and may start more processes, some of which cut
themselves loose. All inherit one mark in their environment, and the mark finds them.
"""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

import psutil  # type: ignore[import-untyped]

from playbook_helpers.batch.tasks import Task
from playbook_helpers.drawing.display import IMAGES_VARIABLE, MODE_VARIABLE
from playbook_helpers.worksheet.project import HOME_VARIABLE, STORE_VARIABLE

MARK = "PLAYBOOK_RUN"
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


def start(task: Task, work: Path, mark: str) -> subprocess.Popen[bytes]:
    """Start the process of one notebook, apart from the terminal, with its log in `work`."""
    # The first folder of a Python's search path is the working folder, where a file called
    # papermill.py would be taken for papermill; -P leaves it out.
    command = [sys.executable, "-P", "-m", "playbook_helpers.batch.one"]
    with (work / "log.txt").open("wb") as log:
        return subprocess.Popen(  # noqa: S603 - our own interpreter and module
            command,
            stdin=subprocess.PIPE,
            stdout=log,
            stderr=log,
            cwd=task.source.parent,
            env=environment(task, mark, work),
            start_new_session=os.name == "posix",
            creationflags=getattr(subprocess, "CREATE_NEW_PROCESS_GROUP", 0),
        )


def end_tree(process: subprocess.Popen[bytes]) -> None:
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


@contextmanager
def adopting_orphans() -> Iterator[None]:
    """Have Linux give this process what its descendants leave behind, for the length of a block.

    Whoever adopts a process takes note of its exit, and in a container there may be nobody else
    to do it. Elsewhere the system does that.
    """
    _adopt(True)
    try:
        yield
    finally:
        _adopt(False)


def _adopt(wanted: bool) -> None:
    if sys.platform == "linux":
        import ctypes

        with suppress(OSError, AttributeError):
            ctypes.CDLL(None).prctl(36, int(wanted), 0, 0, 0)  # PR_SET_CHILD_SUBREAPER
