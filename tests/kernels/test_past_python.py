"""What is written past Python is in the notebook, in the cell that wrote it, every time.

Text was once lost at random, in two runs of three. So each way of writing is tried many times,
while other processes keep the computer busy, along each way of running a notebook.
`PLAYBOOK_ATTACKS=whole` runs 1,000 notebooks instead of 6, each with 36 texts.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import nbformat
import papermill
import pytest
from nbformat.v4 import new_code_cell, new_notebook

from playbook_helpers.batch.fork_executor import execute_in_fork
from playbook_helpers.batch.kernels.forkserver import ForkServer
from playbook_helpers.batch.kernels.linux import can_fork
from playbook_helpers.batch.limits import Limits
from playbook_helpers.batch.tasks import Task

pytestmark = [
    pytest.mark.skipif(not can_fork(), reason="forks are used on Linux only"),
    pytest.mark.timeout(7200),
]
TIMES = 1000 if os.environ.get("PLAYBOOK_ATTACKS") == "whole" else 6
WAYS = {
    "by number": "os.write(1, b'{}\\n');",
    "C": "C.printf(b'{}\\n'); C.fflush(None);",
    "C, not flushed": "C.printf(b'{}\\n');",
    "first stream": "print('{}', file=sys.__stdout__)",
    "child": "os.system('echo {}');",
    "errors": "os.write(2, b'{}\\n');",
    "first stream of errors": "print('{}', file=sys.__stderr__)",
    "another context": "contextvars.Context().run(os.write, 1, b'{}\\n');",
    "a thread": "t = threading.Thread(target=os.write, args=(1, b'{}\\n')); t.start(); t.join()",
}
PAUSE = "time.sleep(0.03)\n"
"""Long enough for whoever watches the pipes to be asleep: so nearly every text was lost."""
START = "import contextvars, ctypes, os, sys, threading, time\nC = ctypes.CDLL(None)"
AFTER = "\nprint('then')"


def sources() -> list[str]:
    """Each way at the end of a cell and in its middle, with a pause before it and without."""
    cells = [START]
    for way, code in WAYS.items():
        told = code.format(way)
        cells += [told, PAUSE + told, told + AFTER, PAUSE + told + AFTER]
    return cells


def missing(notebook: Path) -> list[str]:
    """The cells that do not show what they wrote, or show what another wrote."""
    cells = json.loads(notebook.read_text("utf-8"))["cells"][1:]
    wrong = []
    expected = [way for way in WAYS for _ in range(4)]
    assert len(cells) == len(expected)
    for place, (cell, way) in enumerate(zip(cells, expected, strict=True)):
        lines = "".join(t for out in cell["outputs"] for t in out.get("text", ())).splitlines()
        also = ["then"] if place % 4 > 1 else []
        if sorted(lines) != sorted([way, *also]):
            wrong.append(f"cell {place}: {way}: {lines}")
    return wrong


@pytest.fixture(scope="module", autouse=True)
def busy() -> Iterator[None]:
    """Two processes that want all there is of the computer."""
    command = [sys.executable, "-c", "while True: pass"]
    burners = [subprocess.Popen(command) for _ in range(2)]
    yield
    for each in burners:
        each.kill()
        each.wait()


def test_no_text_is_lost_in_a_batch(
    make_task: Callable[..., Task], tmp_path: Path, server: ForkServer
) -> None:
    tasks = [make_task(tmp_path / str(n), *sources()) for n in range(TIMES)]
    with ThreadPoolExecutor(2) as threads:
        outcomes = list(
            threads.map(lambda t: execute_in_fork(t, server=server, limits=Limits(90)), tasks)
        )
    assert [outcome.line() for outcome in outcomes if outcome.status != "done"] == []
    assert [fault for task in tasks for fault in missing(task.target)] == []


def test_no_text_is_lost_in_papermills_own_use(tmp_path: Path) -> None:
    cells = [new_code_cell(source) for source in sources()]
    nbformat.write(new_notebook(cells=cells), tmp_path / "n.ipynb")
    for _ in range(max(3, TIMES // 10)):
        papermill.execute_notebook(
            tmp_path / "n.ipynb",
            tmp_path / "out.ipynb",
            engine_name="playbook",
            kernel_name="python3",
            progress_bar=False,
        )
        assert missing(tmp_path / "out.ipynb") == []


def test_what_a_child_writes_between_cells_is_in_a_later_one(
    make_task: Callable[..., Task], server: ForkServer, tmp_path: Path
) -> None:
    code = "import subprocess, time\nchild = subprocess.Popen(['sh', '-c', {!r}])"
    lines = "for n in 1 2 3 4 5 6 7 8 9; do echo line $n; sleep 0.01; done"
    task = make_task(tmp_path, code.format(lines), *["1;"] * 20, "child.wait();")
    assert execute_in_fork(task, server=server, limits=Limits(60)).status == "done"
    cells = json.loads(task.target.read_text("utf-8"))["cells"]
    said = "".join(t for cell in cells for out in cell["outputs"] for t in out.get("text", ()))
    assert said == "".join(f"line {n}\n" for n in range(1, 10))
