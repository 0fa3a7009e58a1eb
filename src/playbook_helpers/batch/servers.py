"""The fork server of a batch: what it does once so that no notebook has to.

It imports what the worksheets need. Worksheets that only go through this package cannot do harm:
they are run in the server itself for one partnership of the store, the whole way to their pages.
Nothing of that stays but what libraries and this package keep to be quick: templates, compiled
checks, what was read of fonts.
"""

from __future__ import annotations

import asyncio
import atexit
import json
import re
import shutil
import signal
import sys
import tempfile
import threading
import uuid
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from playbook_helpers.batch import fork_executor
from playbook_helpers.batch.dependencies import only_asks_worksheets
from playbook_helpers.batch.kernels.cells import CellKernel, begin, nowhere, reset
from playbook_helpers.batch.kernels.forkserver import ForkServer, Job
from playbook_helpers.batch.kernels.linux import give_back
from playbook_helpers.batch.kernels.preload import LIGHT, MODULES
from playbook_helpers.batch.limits import Limits
from playbook_helpers.batch.plan import make_plan
from playbook_helpers.batch.process_executor import environment
from playbook_helpers.batch.tasks import Task
from playbook_helpers.worksheet.project import notebooks_in, project_root

WORKSHEETS = (
    "playbook_helpers.worksheet.worksheet",
    "playbook_helpers.worksheet.overview",
    "playbook_helpers.worksheet.forms.widget",
    "playbook_helpers.batch.fork_executor",
    "playbook_helpers.batch.kernels.client",
    "playbook_helpers.batch.kernels.engine",
    "papermill.execute",
)
"""For worksheets in a batch."""
_OWN_WAYS = re.compile(
    r"(?:^|;)\s*(?:import|from)\s+(?!playbook_helpers\b)|^\s*[%!]|\bframe\b|__import__|importlib",
    re.ASCII | re.MULTILINE,
)


_LOCK = threading.Lock()
_KEPT: dict[tuple[str, ...], ForkServer] = {}


def server(task: Task, mark: str, finish: str = "") -> ForkServer:
    """A server that is ready for the worksheets beside that of a task.

    `mark` is in the environment of all its processes. `finish` as in `execute_in_fork`.
    """
    give_back()  # what making the plan took
    return ForkServer(
        modules=modules_for(task.source.parent),
        first=Job(f"{__name__}:rehearse", {"finish": finish}),
        environment=environment(task, mark),
    )


def kept_server(task: Task, finish: str = "") -> ForkServer:
    """This process's own server, started by its first notebook and kept for the next.

    For a cluster's worker and the like: the server is a process of its own, so that one with
    threads may use it. It stays over several batches with the same store, folder and images.
    """
    key = task.parameters.store, str(task.root), task.images, finish
    with _LOCK:
        if key not in _KEPT:
            _close()  # a process works for one batch at a time
            _KEPT[key] = server(task, f"kept-{uuid.uuid4().hex}-", finish)
        return _KEPT[key]


def _close() -> None:
    while _KEPT:
        _KEPT.popitem()[1].close()


atexit.register(_close)


def modules_for(worksheets: Path) -> tuple[str, ...]:
    """What to have imported for the worksheets of a folder.

    Those that only import this package draw and lay out by it, without pandas and pyplot. If one
    imports anything else, uses a magic, asks for a table as a frame or cannot be read, everything
    is made ready: whatever is not costs each notebook that wants it half a second.
    """
    for path in notebooks_in(worksheets):
        code = _code(path)
        if code is None or _OWN_WAYS.search("\n".join(code)):
            return (*MODULES, *WORKSHEETS)
    return (*LIGHT, *WORKSHEETS)


def rehearse(job: Job, kernel: CellKernel) -> None:
    """Run the worksheets of one partnership that only go through this package."""
    from playbook_helpers.batch.kernels import engine

    engine.register()
    # A store that cannot be read, or whatever else it is, is told by the notebooks themselves.
    with suppress(Exception), tempfile.TemporaryDirectory(prefix="playbook-") as name:
        _rehearse_in(Path(name), job, kernel)


def _rehearse_in(root: Path, job: Job, kernel: CellKernel) -> None:
    from playbook_helpers.worksheet.stores import open_worksheet_store

    (root / "worksheets").mkdir()
    for path in notebooks_in(project_root() / "worksheets"):
        code = _code(path)
        if code is not None and only_asks_worksheets(code):
            shutil.copy(path, root / "worksheets")
    with open_worksheet_store("") as store:
        tasks = make_plan(root, store, partnerships=store.partnerships()[:1]).tasks
    for task in tasks:
        arguments = {**job.arguments, "task": task, "limits": Limits()}
        with _as_before(kernel):
            fork_executor.run(Job(job.call, arguments), kernel)


def _code(path: Path) -> list[str] | None:
    """The code of a notebook's cells; None where it cannot be read."""
    try:
        cells = json.loads(path.read_text("utf-8"))["cells"]
        return ["".join(cell["source"]) for cell in cells if cell["cell_type"] == "code"]
    except (OSError, ValueError, LookupError, TypeError):
        return None


@contextmanager
def _as_before(kernel: CellKernel) -> Iterator[None]:
    """Run as in a fork, and leave nothing of it in the shell, the streams and the signals."""
    from playbook_helpers.batch.kernels import engine

    streams, handler, path = (sys.stdout, sys.stderr), signal.getsignal(signal.SIGINT), [*sys.path]
    begin(kernel, nowhere)
    try:
        yield
    finally:
        engine.leave()
        asyncio.get_event_loop_policy().get_event_loop().close()
        asyncio.set_event_loop(None)
        sys.stdout, sys.stderr = streams
        signal.signal(signal.SIGINT, handler)
        sys.path[:] = path
        kernel.session.owner = 0
        reset(kernel)
