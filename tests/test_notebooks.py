"""A partnership's own copies of the worksheets: made once, kept whatever is changed in them."""

from __future__ import annotations

import io
import json
import re
import subprocess
from pathlib import Path
from typing import Any

import pytest
from made_site import ROOT, playbook

from playbook_helpers.cli import app
from playbook_helpers.core.errors import InputError, NotFound
from playbook_helpers.storage.database import Store
from playbook_helpers.worksheet.notebooks import (
    Notebook,
    as_published,
    own_copies,
    parameters_of,
    source_of,
)

WORKSHEETS = sorted((ROOT / "worksheets").glob("*.ipynb"))
MARK = "\n# ours"


def read(path: Path) -> Notebook:
    content: Notebook = json.loads(path.read_text("utf-8"))
    return content


def parameters_cell(path: Path) -> str:
    cells = read(path)["cells"]
    return next(source_of(c) for c in cells if "parameters" in c["metadata"].get("tags", ()))


def worksheet(path: Path, *cells: str, **metadata: Any) -> Path:
    """A worksheet with a parameters cell and these code cells."""
    texts = ['# Whose\npartnership = "an-example"\nround = ""', *cells]
    notebook = {
        "metadata": metadata,
        "nbformat": 4,
        "nbformat_minor": 5,
        "cells": [
            {
                "cell_type": "code",
                "id": f"c{place}",
                "metadata": {"tags": [] if place else ["parameters"]},
                "source": text.splitlines(keepends=True),
                "outputs": [],
                "execution_count": None,
            }
            for place, text in enumerate(texts)
        ],
    }
    path.write_text(json.dumps(notebook), "utf-8")
    return path


def change_a_cell(path: Path) -> None:
    notebook = read(path)
    notebook["cells"][-1]["source"] = source_of(notebook["cells"][-1]) + MARK
    path.write_text(json.dumps(notebook), "utf-8")


def save_as_jupyterlab_does(path: Path) -> None:
    """Outputs, counts, state of controls and another layout of the file; no cell changed."""
    notebook = read(path)
    notebook["metadata"]["widgets"] = {"state": {}}
    for cell in notebook["cells"]:
        cell["outputs"], cell["execution_count"] = [{"output_type": "stream"}], 3
        cell["source"] = source_of(cell)
    path.write_text(json.dumps(notebook, indent=4), "utf-8")


@pytest.mark.parametrize("path", WORKSHEETS, ids=lambda p: p.stem)
def test_a_worksheet_names_its_example_twice_and_alike(path: Path) -> None:
    """In the cell that readers see, and in its metadata, which no one changes by filling in."""
    notebook = read(path)
    own = parameters_of(notebook)
    notebook["metadata"].pop("playbook")
    assert own == parameters_of(notebook)
    assert json.loads(as_published(path.read_text("utf-8"), path.name))["cells"] == [
        cell | {"source": source_of(cell)} if cell["metadata"].get("tags") == TAGS else cell
        for cell in read(path)["cells"]
    ]


TAGS = ["parameters", "remove-input"]


def test_a_copy_says_whose_it_is_and_is_otherwise_the_worksheet(tmp_path: Path) -> None:
    copies = own_copies(tmp_path, "our-town", WORKSHEETS)
    assert copies.folder == tmp_path / "notebooks" / "our-town"
    assert copies.made == tuple(path.stem for path in WORKSHEETS)
    for path in WORKSHEETS:
        own = copies.folder / path.name
        if path.stem == "portfolio":  # it stands above partnerships
            assert parameters_cell(own) == parameters_cell(path)
            continue
        remark, first, *others = parameters_cell(path).splitlines()
        ours = parameters_cell(own).splitlines()
        assert ours == [remark, re.sub('".*?"', '"our-town"', first), *others]
        assert first.startswith('partnership: str = "')
        assert [c["id"] for c in read(own)["cells"]] == [c["id"] for c in read(path)["cells"]]


def test_a_copy_is_made_once_and_what_was_changed_is_kept(tmp_path: Path) -> None:
    sheet = worksheet(tmp_path / "one.ipynb", "a = 1")
    own = own_copies(tmp_path, "our-town", [sheet]).folder / "one.ipynb"
    change_a_cell(own)
    before = own.read_bytes()
    again = own_copies(tmp_path, "our-town", [sheet])
    assert (again.made, again.renewed, again.older) == ((), (), ())
    worksheet(sheet, "a = 2")
    newer = own_copies(tmp_path, "our-town", [sheet])
    assert (newer.made, newer.renewed, newer.older) == ((), (), ("one",))
    assert own.read_bytes() == before


def test_a_copy_in_which_only_results_changed_follows_its_worksheet(tmp_path: Path) -> None:
    sheet = worksheet(tmp_path / "one.ipynb", "a = 1")
    own = own_copies(tmp_path, "our-town", [sheet]).folder / "one.ipynb"
    save_as_jupyterlab_does(own)
    saved = own.read_bytes()
    assert own_copies(tmp_path, "our-town", [sheet]).renewed == ()
    assert own.read_bytes() == saved, "the worksheet is as it was: so is the copy"
    worksheet(sheet, "a = 2")
    assert own_copies(tmp_path, "our-town", [sheet]).renewed == ("one",)
    assert [source_of(cell) for cell in read(own)["cells"]][1:] == ["a = 2"]


@pytest.mark.parametrize(
    "content", ["", "not a notebook", "[]", '{"metadata": {}}', '{"metadata": 1}']
)
def test_whatever_lies_where_a_copy_would_is_kept(tmp_path: Path, content: str) -> None:
    sheet = worksheet(tmp_path / "one.ipynb")
    own = tmp_path / "notebooks" / "our-town" / "one.ipynb"
    own.parent.mkdir(parents=True)
    own.write_text(content, "utf-8")
    own_copies(tmp_path, "our-town", [sheet])
    assert own.read_text("utf-8") == content


def test_no_copy_leaves_the_folder_and_a_broken_worksheet_stops_no_other(tmp_path: Path) -> None:
    sheet = worksheet(tmp_path / "one.ipynb")
    for slug in ("../../etc", "a/b", "", "Our Town"):
        with pytest.raises(InputError, match="short name cannot be used"):
            own_copies(tmp_path, slug, [sheet])
    good, called = worksheet(tmp_path / "good.ipynb"), worksheet(tmp_path / "called.ipynb")
    sheet.write_text("{", "utf-8")
    called.write_text(called.read_text("utf-8").replace('\\"an-example\\"', "name()"), "utf-8")
    copies = own_copies(tmp_path, "our-town", [sheet, called, good])
    assert copies.unread == ("one", "called")
    assert copies.made == ("good",)
    assert [path.name for path in copies.folder.iterdir()] == ["good.ipynb"]


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("home")
    for name in ("worksheets", "data"):
        (folder / name).symlink_to(ROOT / name)
    (folder / "_config.yml").write_text("", "utf-8")
    return folder


def test_without_a_name_it_lists_whose_there_are(home: Path) -> None:
    done = playbook(home, "lab")
    assert done.returncode == 0, done.stderr
    assert "riverside-invented\tRiverside" in done.stdout
    assert "strive-partnership\t" in done.stdout
    assert not (home / "notebooks").exists()


def test_one_that_is_not_in_the_store_is_refused_with_how_to_make_it(home: Path) -> None:
    done = playbook(home, "lab", "our-town", "--no-browser")
    assert done.returncode == 2
    assert "value: 'our-town'" in done.stderr
    assert 'playbook new our-town --name "Its name in full"' in done.stderr.replace("\n", " ")
    assert not (home / "notebooks").exists()


def test_a_worksheet_that_is_not_there_is_refused_with_those_that_are(home: Path) -> None:
    done = playbook(home, "lab", "riverside-invented", "--worksheet", "goal")
    assert done.returncode == 2
    assert "allowed: goals, " in done.stderr


@pytest.mark.parametrize(
    ("slug", "mode"), [("riverside-invented", None), ("strive-partnership", "document")]
)
def test_jupyterlab_is_started_on_the_copies_and_a_real_example_is_for_reading(
    home: Path, tmp_path: Path, slug: str, mode: str | None
) -> None:
    package = tmp_path / "jupyterlab"
    package.mkdir()
    (package / "__init__.py").touch()
    (package / "__main__.py").write_text(
        "import json, os, sys\n"
        "names = ('PLAYBOOK_SHOW', 'PLAYBOOK_STORE', 'PLAYBOOK_HOME')\n"
        "print(json.dumps([os.getcwd(), sys.argv[1:], [os.environ.get(n) for n in names]]))\n"
        "sys.exit(7)\n",
        "utf-8",
    )
    done = playbook(home, "lab", slug, "--worksheet", "trust", PYTHONPATH=str(tmp_path))
    assert done.returncode == 7, "how JupyterLab ended before it was there"
    folder, arguments, (shown, store, root) = json.loads(done.stdout)
    own = home / "notebooks" / slug
    assert (Path(folder), Path(root)) == (own, home)
    assert store == f"sqlite:///{home / 'playbook.db'}"
    assert shown == mode
    assert f"--ServerApp.root_dir={own}" in arguments
    assert ("real example" in done.stderr) == (mode == "document")


def test_git_leaves_the_copies_alone(tmp_path: Path) -> None:
    (tmp_path / ".gitignore").write_text((ROOT / ".gitignore").read_text("utf-8"), "utf-8")
    subprocess.run(["git", "init", "-q"], cwd=tmp_path, check=True)
    own = own_copies(tmp_path, "our-town", [WORKSHEETS[0]]).folder
    told = subprocess.run(
        ["git", "status", "--short"], cwd=tmp_path, capture_output=True, text=True, check=True
    )
    assert own.is_dir()
    assert told.stdout.split() == ["??", ".gitignore"]


@pytest.mark.parametrize(("said", "there"), [("Our Town\n", True), ("\n", False)])
def test_at_a_terminal_a_partnership_that_is_not_there_can_be_started(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, said: str, there: bool
) -> None:
    for name in ("worksheets", "data"):
        (tmp_path / name).symlink_to(ROOT / name)
    (tmp_path / "_config.yml").write_text("", "utf-8")
    monkeypatch.chdir(tmp_path)
    typed = io.StringIO(said)
    typed.isatty = lambda: True  # type: ignore[method-assign]
    monkeypatch.setattr("sys.stdin", typed)
    monkeypatch.setattr("playbook_helpers.cli.lab._open_lab", lambda *_: 0)
    with pytest.raises(SystemExit if there else NotFound):
        app(["lab", "our-town"])
    with Store.open(f"sqlite:///{tmp_path / 'playbook.db'}") as store:
        assert ("our-town" in store.partnerships()) is there
