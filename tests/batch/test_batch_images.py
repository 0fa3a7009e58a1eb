"""Images beside HTML in what a batch makes: asked for by a word, and good for LaTeX."""

from __future__ import annotations

import shutil
from collections import Counter
from pathlib import Path

import nbformat
import pytest
from command_line import playbook
from nbconvert import LatexExporter

from playbook_helpers.storage.database import Store
from playbook_helpers.storage.files import load_examples

ROOT = Path(__file__).parents[2]
SLUG = "strive-partnership"


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    root = tmp_path_factory.mktemp("images")
    (root / "worksheets").mkdir()
    (root / "_config.yml").touch()
    shutil.copy(ROOT / "worksheets" / "goals.ipynb", root / "worksheets")
    with Store.open(f"sqlite:///{root / 'store.db'}") as store:
        load_examples(store, ROOT / "data")
    return root


def run(folder: Path, *more: str) -> tuple[nbformat.NotebookNode, Counter[str]]:
    """The executed worksheet, and how many of its outputs carry each kind of image."""
    done = playbook(folder, "batch", SLUG, "--no-report", *more)
    assert done.code == 0, done.err
    path = folder / "_build" / "reports" / SLUG / "goals.ipynb"
    notebook = nbformat.read(path, as_version=4)
    data = [o.get("data", {}) for c in notebook.cells for o in c.get("outputs", ())]
    kinds = Counter(k for each in data for k in each if not k.startswith("text/"))
    return notebook, kinds


def test_a_batch_gives_the_images_that_are_asked_for_and_latex_takes_them(folder: Path) -> None:
    _, kinds = run(folder)
    charts = kinds["image/svg+xml"]
    assert kinds == {"image/svg+xml": charts}
    assert charts >= 2
    notebook, kinds = run(folder, "--images", "png")
    assert kinds == dict.fromkeys(("image/svg+xml", "image/png", "application/pdf"), charts)
    # Words of the notebook would need pandoc; what cells show does not.
    notebook.cells = [cell for cell in notebook.cells if cell.cell_type == "code"]
    text, resources = LatexExporter().from_notebook_node(notebook)
    drawn = [name for name in resources["outputs"] if name.endswith(".pdf")]
    assert len(drawn) == charts
    assert all(name in text for name in drawn)
