"""Whatever a notebook does, it ends that notebook only, and what it had shown is kept."""

from __future__ import annotations

import importlib.util
import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from contextlib import AbstractContextManager
from pathlib import Path

import psutil
import pytest

from playbook_helpers.batch.fork_executor import execute_in_fork
from playbook_helpers.batch.kernels.forkserver import ForkServer, Job, ServerEnded
from playbook_helpers.batch.kernels.linux import can_fork
from playbook_helpers.batch.limits import Limits
from playbook_helpers.batch.summary import Outcome
from playbook_helpers.batch.tasks import Task

pytestmark = pytest.mark.skipif(not can_fork(), reason="forks are used on Linux only")
Run = Callable[..., Outcome]
SAY = "print('so far')"


def notebook(outcome: Outcome) -> str:
    return Path(outcome.notebook).read_text("utf-8")


def children(server: ForkServer) -> list[psutil.Process]:
    return psutil.Process(server.pid).children(recursive=True)


def test_a_good_notebook_between_bad_ones(run: Run, server: ForkServer) -> None:
    assert run("1 + 1").status == "done"
    assert run("import os; os._exit(0)").status == "failed"
    assert run("2 + 2").status == "done"
    assert children(server) == []


@pytest.mark.parametrize(
    ("code", "reason"),
    [
        ("import os; os._exit(0)", "its Python died"),
        ("import os, signal; os.kill(os.getpid(), signal.SIGKILL)", "its Python died"),
        ("import ctypes; ctypes.string_at(0)", "its Python died"),
        ("import os; os.abort()", "its Python died"),
        ("import os; os.closerange(3, 4000); print('more')", ""),
    ],
    ids=["exit 0", "killed", "segfault", "abort", "all files closed"],
)
def test_a_fork_that_dies_is_told_with_its_cell_and_its_output(
    run: Run, code: str, reason: str
) -> None:
    outcome = run(SAY, f"print('in the cell')\n{code}", "print('never')")
    assert outcome.status == "failed"
    assert outcome.reason.startswith(reason)
    assert (outcome.cell, outcome.code) == (2, "print('in the cell')")
    text = notebook(outcome)
    assert "so far" in text
    assert "in the cell" in json.loads(text)["cells"][2]["outputs"][0]["text"][0]
    assert "This run did not come to its end" in text


@pytest.mark.parametrize(
    "code",
    [
        "while True: pass",
        "import ctypes; ctypes.CDLL(None).sleep(600)",
        "import os\nos.read(os.pipe()[0], 1)",
    ],
    ids=["in Python", "in C", "waiting"],
)
def test_a_hang_ends_at_the_time_limit(run: Run, code: str) -> None:
    begin = time.monotonic()
    outcome = run(SAY, f"print('hangs')\n{code}", seconds=2)
    assert outcome.reason == "more than its 2 seconds"
    assert outcome.cell == 2
    assert "hangs" in notebook(outcome)
    assert 2 <= outcome.seconds < 20
    assert time.monotonic() - begin < 60


def test_a_notebook_that_takes_all_memory_is_refused_it(run: Run) -> None:
    outcome = run(SAY, "held = []\nwhile True: held.append(bytearray(1 << 28))")
    assert outcome.status == "failed"
    assert "MemoryError" in outcome.error
    assert run("1").status == "done"


def test_what_was_written_past_python_is_kept_too(run: Run) -> None:
    outcome = run("import os\nos.write(1, b'by number'); os.write(2, b'bad'); os._exit(1)")
    text = notebook(outcome)
    assert "by number" in text
    assert "bad" in text


def test_processes_that_a_cell_leaves_are_ended_however_they_hide(
    run: Run, server: ForkServer
) -> None:
    outcome = run(
        "import subprocess, sys, os\n"
        "sleep = [sys.executable, '-c', 'import time; time.sleep(600)']\n"
        "a = subprocess.Popen(sleep).pid\n"
        "b = subprocess.Popen(sleep, start_new_session=True).pid\n"
        "if (c := os.fork()) == 0:\n"
        "    os.setsid()\n"
        "    if os.fork() == 0:\n"
        "        os.execvp(sleep[0], sleep)\n"
        "    os._exit(0)\n"
        "print('started')"
    )
    assert outcome.status == "done"
    assert children(server) == []


def test_a_cell_that_forks_comes_back_once(run: Run) -> None:
    outcome = run(
        "import os\n"
        "here, there = os.pipe()\n"
        "pid = os.fork()\n"
        "pid or os.read(here, 1)\n"  # the child waits until this process has printed
        "print('both' if pid else 'child')\n"
        "if pid: os.write(there, b'.'); os.waitpid(pid, 0)",
        "print('on')",
    )
    cells = json.loads(notebook(outcome))["cells"]
    assert outcome.status == "done"
    assert sorted("".join(out["text"]) for out in cells[0]["outputs"]) == ["both\nchild\n"]
    assert cells[1]["outputs"][0]["text"] == ["on\n"]


def test_what_a_notebook_does_at_its_end_is_done(run: Run, tmp_path: Path) -> None:
    mark = tmp_path / "mark"
    run(f"import atexit, pathlib; atexit.register(pathlib.Path({str(mark)!r}).touch)")
    assert mark.exists()


def test_a_place_that_cannot_be_written_is_told_and_leaves_nothing(
    run: Run, tmp_path: Path
) -> None:
    (tmp_path / "out").write_text("a file where a folder has to be", "utf-8")
    outcome = run("'done'")
    assert outcome.status == "failed"
    assert outcome.reason == "it could not be written"
    assert outcome.notebook == ""
    assert sorted(path.name for path in tmp_path.iterdir()) == ["out", "worksheets"]


def small_disk(kilobytes: int) -> AbstractContextManager[Path]:
    spec = importlib.util.spec_from_file_location(
        "test_store_disk_full", Path(__file__).parents[1] / "test_store_disk_full.py"
    )
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    held: AbstractContextManager[Path] = module.small_disk(kilobytes)
    return held


def test_a_full_disk_fails_what_does_not_fit_and_leaves_no_half_of_it(
    server: ForkServer, tmp_path: Path, make_task: Callable[..., Task]
) -> None:
    with small_disk(256) as disk:
        (tmp_path / "out").symlink_to(disk)

        def run(name: str, *sources: str) -> Outcome:
            task = make_task(tmp_path, *sources, name=name)
            return execute_in_fork(task, server=server, limits=Limits(60))

        large = ("print('so far')", "print('a' * 1_000_000)")
        filling = ("print('so far')", f"open({str(disk / 'film')!r}, 'wb').write(bytes(1 << 20))")
        assert run("small", "'small'").status == "done"
        for outcome in (run("large", *large), run("fills", *filling)):
            assert (outcome.status, outcome.notebook) == ("failed", "")
            assert "No space left on device" in outcome.error
        (disk / "film").unlink(missing_ok=True)
        assert {path.name for path in disk.iterdir()} == {"small.ipynb", "small.made-from.json"}
        subprocess.run(["mount", "-o", "remount,size=16m", disk], check=True)
        assert run("large", *large).status == "done"
        failed = run("fills", "print('so far')", "1 / 0")
        assert "so far" in notebook(failed)


def test_a_notebook_that_goes_on_after_exit_is_told(run: Run) -> None:
    outcome = run("exit()", "print('never')")
    assert (outcome.reason, outcome.cell) == ("its Python died", 2)
    assert outcome.error == "a cell before it called exit or quit"


def test_a_killed_server_costs_no_notebook(
    tmp_path: Path, server: ForkServer, make_task: Callable[..., Task]
) -> None:
    from concurrent.futures import ThreadPoolExecutor

    task = make_task(tmp_path, "import time; time.sleep(3)", "'done'")
    server.start()
    with ThreadPoolExecutor(1) as thread:
        future = thread.submit(execute_in_fork, task, server=server, limits=Limits(60))
        time.sleep(1.5)
        fork = children(server)
        os.kill(server.pid, signal.SIGKILL)
        assert future.result(120).status == "done"
    assert not [p for p in fork if p.is_running() and p.status() != "zombie"]


def test_a_server_that_cannot_start_says_why() -> None:
    broken = ForkServer(first=Job("playbook_helpers.no_such_module:warm"))
    with pytest.raises(ServerEnded, match="no_such_module"):
        broken.run(Job("builtins:print"))


def test_an_owner_that_is_killed_takes_everything_with_it(tmp_path: Path) -> None:
    code = (
        "import time\n"
        "from playbook_helpers.batch.kernels.forkserver import ForkServer, Job\n"
        "s = ForkServer()\n"
        "r = s.begin(Job('endless:run'))\n"
        "print(s.pid, flush=True)\n"
        "time.sleep(60)"
    )
    (tmp_path / "endless.py").write_text(
        "import os, subprocess\n"
        "def run(job, kernel):\n"
        "    child = subprocess.Popen(['sleep', '60'])\n"
        "    open('pids', 'w').write(f'{os.getpid()} {child.pid}\\n')\n"
        "    while True: pass\n"
    )
    owner = subprocess.Popen(
        [sys.executable, "-c", code],
        stdout=subprocess.PIPE,
        text=True,
        cwd=tmp_path,
        env=os.environ | {"PYTHONPATH": str(tmp_path)},
    )
    assert owner.stdout is not None
    family = [psutil.Process(int(owner.stdout.readline()))]
    told, deadline = tmp_path / "pids", time.monotonic() + 60
    while not (told.exists() and told.read_text().endswith("\n")):
        assert time.monotonic() < deadline
        time.sleep(0.05)
    family += [psutil.Process(int(pid)) for pid in told.read_text().split()]
    owner.kill()
    owner.wait()
    _, left = psutil.wait_procs(family, timeout=30)
    assert not [process for process in left if process.status() != "zombie"]
    owner.stdout.close()
