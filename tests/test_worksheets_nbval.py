"""Every worksheet passes nbval from a clean store: for each example, an empty and a large one.

nbval starts a kernel for each notebook, which takes longer than the cells. So each worksheet is
prepared once, as papermill would parameterise it for one partnership after the other, and nbval
runs the whole: the worksheet's own cells, in a kernel of their own, one worksheet a kernel.
"""

from __future__ import annotations

import copy
import os
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path
from types import ModuleType
from typing import Any
from xml.etree import ElementTree

import nbformat
import pytest
from papermill.iorw import load_notebook_node
from papermill.parameterize import parameterize_notebook

from playbook_helpers.core.partnership import OVERVIEW, Partnership
from playbook_helpers.core.revisions import new_revision
from playbook_helpers.practices import PRACTICES
from playbook_helpers.storage.database import Store

ROOT = Path(__file__).parents[1]
STEMS = (OVERVIEW, *(practice.stem for practice in PRACTICES))
EXAMPLES = tuple(sorted(p.parent.name for p in (ROOT / "data").glob("*/datapackage.json")))
EMPTY, LARGE = "our-town", "large"
CASES = (*EXAMPLES, EMPTY, LARGE)
pytestmark = [pytest.mark.slow, pytest.mark.timeout(900)]


@dataclass(frozen=True)
class Ran:
    """What nbval said: for each worksheet and partnership the cells that passed and that failed."""

    passed: dict[tuple[str, str], int]
    failed: dict[tuple[str, str], list[str]]
    said: str


def prepared(stem: str, other_store: str) -> tuple[Any, list[str]]:
    """The worksheet for one partnership after the other, and whose each of its code cells is."""
    source = load_notebook_node(str(ROOT / "worksheets" / f"{stem}.ipynb"))
    whole = copy.deepcopy(source)
    whole.cells = []
    owners = []
    for slug in CASES:
        store = "" if slug in EXAMPLES else other_store
        values = {"partnership": slug, "store": store}
        block = parameterize_notebook(
            copy.deepcopy(source), values, kernel_name="python3", language="python"
        )
        for cell in block.cells:
            cell["id"] = f"{slug}-{cell['id']}"[:64]
            owners += [slug] * (cell.cell_type == "code")
        whole.cells += block.cells
    return whole, owners


def start(folder: Path, stems: tuple[str, ...]) -> subprocess.Popen[str]:
    """Run nbval over the prepared worksheets in a folder that holds the project and no store."""
    for name in ("worksheets", "data", "_config.yml"):
        (folder / name).symlink_to(ROOT / name)
    own = {k: v for k, v in os.environ.items() if not k.startswith(("PLAYBOOK_", "PYTEST_"))}
    command = [sys.executable, "-m", "pytest", "--nbval-lax", "--nbval-cell-timeout=300"]
    command += ["-p", "no:cacheprovider", "-q", f"--junitxml={folder / 'said.xml'}"]
    return subprocess.Popen(
        [*command, *(f"{stem}.ipynb" for stem in stems)],
        cwd=folder,
        env=own | {"PLAYBOOK_HOME": str(folder)},
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    )


@pytest.fixture(scope="module")
def ran(tmp_path_factory: pytest.TempPathFactory, made_up: ModuleType) -> Ran:
    other = f"sqlite:///{tmp_path_factory.mktemp('other') / 'other.db'}"
    with Store.open(other) as store:
        store.append([new_revision(EMPTY, Partnership(name="Our Town"))])
        store.append(made_up.partnership(LARGE, 2_000))
    owners: dict[str, list[str]] = {}
    running: list[tuple[Path, subprocess.Popen[str]]] = []
    for stems in (STEMS[::2], STEMS[1::2]):  # two at a time, as most machines have two cores
        folder = tmp_path_factory.mktemp("home")
        for stem in stems:
            notebook, owners[stem] = prepared(stem, other)
            nbformat.write(notebook, folder / f"{stem}.ipynb")
        running.append((folder, start(folder, stems)))
    passed = {(stem, slug): 0 for stem in STEMS for slug in CASES}
    failed: dict[tuple[str, str], list[str]] = {key: [] for key in passed}
    said = ""
    try:
        for folder, process in running:
            said += process.communicate(timeout=800)[0]
            for case in ElementTree.parse(folder / "said.xml").iter("testcase"):
                stem = next(s for s in STEMS if s in case.attrib["classname"].split("."))
                key = stem, owners[stem][int(case.attrib["name"].removeprefix("Cell "))]
                trouble = [part.text or "" for part in case if part.tag in ("failure", "error")]
                passed[key] += not trouble
                failed[key] += trouble
    finally:
        for _, process in running:
            process.kill()
            process.wait()
    return Ran(passed, failed, said)


@pytest.mark.parametrize("slug", CASES)
@pytest.mark.parametrize("stem", STEMS)
def test_a_worksheet_passes_nbval(ran: Ran, stem: str, slug: str) -> None:
    assert ran.failed[stem, slug] == [], ran.said[-3000:]
    source = nbformat.read(ROOT / "worksheets" / f"{stem}.ipynb", as_version=4)
    cells = sum(cell.cell_type == "code" for cell in source.cells)
    assert ran.passed[stem, slug] == cells + 1, "all its cells and the parameters put in"
