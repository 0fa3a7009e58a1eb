"""What a forked kernel puts into a notebook is what papermill with a kernel of its own puts in."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path

import corpus
import nbformat
import papermill
import pytest
from jupyter_client.kernelspec import NoSuchKernel
from notebook_equality import same_text

from playbook_helpers.batch.fork_executor import execute_in_fork
from playbook_helpers.batch.kernels.engine import is_ours
from playbook_helpers.batch.kernels.forkserver import ForkServer
from playbook_helpers.batch.kernels.linux import can_fork
from playbook_helpers.batch.limits import Limits
from playbook_helpers.batch.parameters import Parameters
from playbook_helpers.batch.summary import Outcome
from playbook_helpers.batch.tasks import Task

pytestmark = pytest.mark.skipif(not can_fork(), reason="forks are used on Linux only")
Run = Callable[..., Outcome]
_plain: dict[str, str] = {}


@pytest.fixture
def case(
    request: pytest.FixtureRequest, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> tuple[Path, str]:
    """A notebook of the corpus in a folder of its own, and what plain papermill makes of it."""
    name: str = request.param
    monkeypatch.delenv("PYTEST_CURRENT_TEST", raising=False)
    monkeypatch.chdir(tmp_path)
    (tmp_path / "worksheets").mkdir()
    path = tmp_path / "worksheets" / f"{name}.ipynb"
    nbformat.write(corpus.notebook(name), path)
    monkeypatch.chdir(path.parent)
    if name not in _plain:
        _run_plainly(path.name)
        _plain[name] = same_text(Path("plain.ipynb"))
    return path, _plain[name]


def _run_plainly(name: str) -> None:
    """Plain papermill, in a process of its own: it sets itself no limit and was seen to hang."""
    code = (
        f"import papermill; papermill.execute_notebook({name!r}, 'plain.ipynb', progress_bar=False)"
    )
    for limit in (60, 60, 120):
        with suppress(subprocess.TimeoutExpired):
            command = [sys.executable, "-c", code]
            subprocess.run(command, timeout=limit, check=False, capture_output=True)
            return
    raise AssertionError(f"plain papermill hangs in {name}")


def task(path: Path) -> Task:
    root = path.parents[1]
    town = Parameters("our-town")
    return Task("our-town", path.stem, path, root / "out", root, town, (), {}, "f")


def landed(path: Path) -> str:
    out = path.parents[1] / "out"
    good, bad = out / f"{path.stem}.ipynb", out / f"{path.stem}.failed.ipynb"
    return str(same_text(good if good.exists() else bad))


ALL = pytest.mark.parametrize("case", list(corpus.CORPUS), indirect=True)


@ALL
def test_the_engine_in_papermills_own_use(case: tuple[Path, str]) -> None:
    path, plain = case
    with suppress(papermill.PapermillExecutionError):
        papermill.execute_notebook(
            str(path), "ours.ipynb", engine_name="playbook", progress_bar=False
        )
    assert same_text(Path("ours.ipynb")) == plain


@ALL
def test_a_fork_of_the_batchs_server(case: tuple[Path, str], server: ForkServer) -> None:
    path, plain = case
    execute_in_fork(task(path), server=server, limits=Limits(60))
    assert landed(path) == plain


def test_a_run_by_papermills_command_warns_of_nothing(tmp_path: Path) -> None:
    printing = nbformat.v4.new_notebook(cells=[nbformat.v4.new_code_cell("print(1)")])
    nbformat.write(printing, tmp_path / "n.ipynb")
    words = ["-m", "papermill", "n.ipynb", "out.ipynb", "--engine", "playbook", "-k", "python3"]
    command = [sys.executable, *words, "--no-progress-bar"]
    done = subprocess.run(command, cwd=tmp_path, capture_output=True, text=True, check=True)
    assert "warn" not in done.stderr.lower()
    assert "insecure" not in done.stderr + done.stdout


def test_jupyters_other_name_for_its_own_kernel_is_known() -> None:
    assert is_ours("python")
    assert is_ours("python3")
    with pytest.raises(NoSuchKernel):
        is_ours("no-such-kernel")


def test_half_a_character_is_spelled_out_and_costs_nothing(run: Run, tmp_path: Path) -> None:
    outcome = run("print('half \\ud83d')", "print('on')")
    assert outcome.status == "done"
    cells = json.loads(Path(outcome.notebook).read_text("utf-8"))["cells"]
    assert [cell["outputs"][0]["text"] for cell in cells] == [["half \\ud83d\n"], ["on\n"]]
    died = run("print('half \\ud83d'); import os; os._exit(1)", name="died")
    assert died.reason == "its Python died"
    assert "half " in Path(died.notebook).read_text("utf-8")


def test_the_comparer_sees_a_difference() -> None:
    one = corpus.notebook("leaving")
    other = corpus.notebook("leaving")
    assert same_text(dict(one)) == same_text(dict(other))
    other.cells[1].outputs = [nbformat.v4.new_output("stream", name="stdout", text="a")]
    assert same_text(dict(one)) != same_text(dict(other))


def test_the_comparer_tells_which_widget_shows_which() -> None:
    def notebook(shown: str, state: dict[str, str]) -> dict[str, object]:
        key = "application/vnd.jupyter.widget-state+json"
        return {
            "cells": [{"cell_type": "markdown", "metadata": {}, "source": shown}],
            "metadata": {"widgets": {key: {"state": state}}},
        }

    a, b, c, d = ("abcd"[i] * 32 for i in range(4))
    first = notebook(a, {a: f"IPY_MODEL_{b}", b: "style"})
    assert same_text(first) == same_text(notebook(c, {d: "style", c: f"IPY_MODEL_{d}"}))
    assert same_text(first) != same_text(notebook(d, {d: "style", c: f"IPY_MODEL_{d}"}))
