"""A warm server has ready what its worksheets need, and no more."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import nbformat
import pytest
from nbformat.v4 import new_code_cell

from playbook_helpers.batch import fork_executor, make_plan, servers
from playbook_helpers.batch.kernels.forkserver import ForkServer
from playbook_helpers.batch.limits import Limits
from playbook_helpers.batch.plan import BOOK
from playbook_helpers.batch.tasks import Task
from playbook_helpers.storage.database import Store
from playbook_helpers.storage.files import load_examples

ROOT = Path(__file__).parents[2]
HEAVY = {"pandas", "matplotlib.pyplot"}


def write(path: Path, *sources: str) -> None:
    """A notebook of these cells."""
    cells = [new_code_cell(source) for source in sources]
    nbformat.write(nbformat.v4.new_notebook(cells=cells), path)


def notebook(folder: Path, *sources: str) -> Path:
    """A folder with one worksheet of these cells."""
    write(folder / "one.ipynb", *sources)
    return folder


def test_the_projects_own_worksheets_need_neither_pandas_nor_pyplot() -> None:
    assert HEAVY.isdisjoint(servers.modules_for(ROOT / "worksheets"))


@pytest.mark.parametrize(
    "code",
    [
        "import pandas as pd",
        "from playbook_helpers.worksheet import Worksheet; import seaborn",
        "if True:\n    from matplotlib import pyplot",
        "%matplotlib inline",
        "!pip list",
        "ws.rows('goal').frame()",
        "__import__('pandas')",
    ],
)
def test_a_worksheet_that_goes_its_own_ways_has_everything_ready(tmp_path: Path, code: str) -> None:
    assert set(servers.modules_for(notebook(tmp_path, "1 + 1", code))) >= HEAVY


def test_a_worksheet_that_cannot_be_read_has_everything_ready(tmp_path: Path) -> None:
    (tmp_path / "one.ipynb").write_text('{"cells": [1]}', "utf-8")
    assert set(servers.modules_for(tmp_path)) >= HEAVY


@pytest.fixture(scope="module")
def held(
    tmp_path_factory: pytest.TempPathFactory,
) -> Iterator[tuple[ForkServer, dict[str, Task]]]:
    """A server that is warm for the project's worksheets, and their tasks for an example."""
    root = tmp_path_factory.mktemp("project")
    shutil.copytree(ROOT / "worksheets", root / "worksheets")
    (root / "_config.yml").touch()
    # Neither is run before the first fork: one would never end, the other cannot be read.
    endless = ('partnership = ""', "while True: print(1)")
    write(root / "worksheets" / "endless.ipynb", *endless)
    (root / "worksheets" / "draft.ipynb").write_text('{"cells": [1]}', "utf-8")
    with Store.open(f"sqlite:///{root / 'playbook.db'}") as store:
        load_examples(store, ROOT / "data")
        tasks = make_plan(root, store, partnerships=["riverside-invented"]).tasks
    server = servers.server(tasks[0], "test")
    yield server, {task.worksheet: task for task in tasks}
    server.close()


@pytest.mark.parametrize("stem", BOOK)
def test_no_worksheet_of_ours_has_to_import_a_thing(
    held: tuple[ForkServer, dict[str, Task]], stem: str
) -> None:
    server, tasks = held
    task = tasks[stem]
    changed = nbformat.read(task.source, 4)
    changed.cells.insert(0, new_code_cell("import sys\nbefore = set(sys.modules)", id="first"))
    changed.cells.append(new_code_cell("print(sorted(set(sys.modules) - before))", id="last"))
    source = task.source.with_name(f"{stem}-looked-at.ipynb")
    nbformat.write(changed, source)
    looked_at = replace(task, source=source, worksheet=source.stem)
    outcome = fork_executor.execute_in_fork(looked_at, server=server, limits=Limits(120))
    assert outcome.status == "done", outcome.line()
    last = nbformat.read(looked_at.target, 4).cells[-1]
    assert last.outputs[0].text == "[]\n"


def test_a_notebook_sees_nothing_of_what_was_rehearsed(
    held: tuple[ForkServer, dict[str, Task]],
) -> None:
    server, tasks = held
    source = tasks["goals"].source.with_name("looker.ipynb")
    write(
        source,
        "import sys, warnings, ipywidgets as w; warnings.simplefilter('ignore')",
        "print([name for name in globals() if name in ('ws', 'partnership', 'columns')])",
        "print(len(w.Widget.widgets), Out, len(In))",
        "print('playbook_helpers.practices.goals.charts' in sys.modules)",
    )
    task = replace(tasks["goals"], source=source, worksheet="looker", names=())
    outcome = fork_executor.execute_in_fork(task, server=server, limits=Limits(120))
    assert outcome.status == "done", outcome.line()
    cells = nbformat.read(task.target, 4).cells
    said = ["".join(out.text for out in cell.outputs).strip() for cell in cells[-3:]]
    assert said == ["[]", "0 {} 4", "True"]
    assert [cell.execution_count for cell in cells] == [1, 2, 3, 4]
