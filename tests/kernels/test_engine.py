"""papermill's own use of the engine: a notebook in a fork is followed while it runs."""

from __future__ import annotations

import ast
import threading
import time
from pathlib import Path

import nbformat
import papermill
import pytest
from nbclient.exceptions import CellTimeoutError, DeadKernelError
from nbformat.v4 import new_code_cell, new_markdown_cell, new_notebook

from playbook_helpers.batch.kernels.forkserver import shared_server
from playbook_helpers.batch.kernels.linux import can_fork

pytestmark = pytest.mark.skipif(not can_fork(), reason="forks are used on Linux only")


@pytest.fixture(autouse=True)
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.delenv("PYTEST_CURRENT_TEST", raising=False)
    monkeypatch.chdir(tmp_path)
    return tmp_path


def execute(*sources: str, **settings: object) -> nbformat.NotebookNode:
    cells = [new_markdown_cell("# Title"), *map(new_code_cell, sources)]
    nbformat.write(new_notebook(cells=cells), "n.ipynb")
    return papermill.execute_notebook(
        "n.ipynb",
        "out.ipynb",
        engine_name="playbook",
        kernel_name="python3",
        progress_bar=False,
        **settings,
    )


def test_what_has_been_shown_is_saved_while_the_next_cell_runs(folder: Path) -> None:
    going_on = (
        "import pathlib, time\n"
        "while not pathlib.Path('seen').exists(): time.sleep(0.02)"  # until it has been looked at
    )
    seen: list[str] = []

    def look() -> None:
        while not any("so far" in text for text in seen):
            time.sleep(0.02)
            if (folder / "out.ipynb").exists():
                seen.append((folder / "out.ipynb").read_text("utf-8"))
        (folder / "seen").touch()

    watcher = threading.Thread(target=look, daemon=True)
    watcher.start()
    done = execute("print('so far')", going_on, "print('then')")
    watcher.join(10)
    assert "then" not in seen[-1].replace("print('then')", "")
    assert [out.text for cell in done.cells[1:] for out in cell.outputs] == ["so far\n", "then\n"]
    assert [cell.metadata.papermill.status for cell in done.cells] == ["completed"] * 4
    assert done.metadata.language_info.name == "python"


def test_what_is_printed_goes_to_a_file_too(folder: Path) -> None:
    with (folder / "said").open("w+", encoding="utf-8") as said:
        execute("print('one')", "print('two')", stdout_file=said)
    assert (folder / "said").read_text("utf-8") == "one\ntwo\n"


def test_a_cell_that_takes_too_long_ends_its_notebook_and_its_fork() -> None:
    with pytest.raises(CellTimeoutError, match="while True"):
        execute(
            "import os\nopen('pid', 'w').write(str(os.getpid()))",
            "while True: pass",
            execution_timeout=3,
        )
    server = shared_server()
    gone = time.monotonic() + 30
    pid = int(Path("pid").read_text())
    while Path(f"/proc/{pid}").exists():
        assert time.monotonic() < gone, "the fork goes on"
        time.sleep(0.05)
    assert server.pid


def test_a_fork_that_dies_is_a_dead_kernel_and_keeps_what_it_had_shown() -> None:
    with pytest.raises(DeadKernelError, match="Kernel died"):
        execute("print('so far')", "print('here'); import os; os._exit(3)", "print('never')")
    kept = nbformat.read("out.ipynb", 4)
    assert [out.text for cell in kept.cells[1:] for out in cell.outputs] == ["so far\n", "here\n"]


def test_it_runs_in_the_folder_and_environment_of_who_asks(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (folder / "near.py").write_text("there = 1")
    (folder / "far").mkdir()
    (folder / "far" / "distant.py").write_text("there = 2")
    monkeypatch.setenv("PYTHONPATH", str(folder / "far"))
    monkeypatch.setenv("ASKED_BY", "a test")
    done = execute(
        "import os, near, distant",
        "os.getcwd(), os.environ['ASKED_BY'], near.there + distant.there",
    )
    shown = done.cells[-1].outputs[0].data["text/plain"]  # a long path makes it three lines
    assert ast.literal_eval(shown) == (str(Path.cwd()), "a test", 3)
