"""A worksheet's cells run in the very session that a page will join, in a real Jupyter server."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import nbformat
import pytest
from nbformat.sign import NotebookNotary

from playbook_helpers.worksheet.lab_server import LabServer, running, wait_for


def write(path: Path, *sources: str) -> None:
    cells = [nbformat.v4.new_code_cell(source) for source in sources]
    cells.insert(1, nbformat.v4.new_markdown_cell("Words"))
    nbformat.write(nbformat.v4.new_notebook(cells=cells), path)


def outputs(path: Path) -> list[Any]:
    cells = json.loads(path.read_text("utf-8"))["cells"]
    return [cell["outputs"] for cell in cells if cell["cell_type"] == "code"]


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[LabServer]:
    folder = tmp_path_factory.mktemp("lab")
    with pytest.MonkeyPatch.context() as patch:
        for name in ("JUPYTER_RUNTIME_DIR", "JUPYTER_DATA_DIR", "JUPYTER_CONFIG_DIR"):
            patch.setenv(name, str(tmp_path_factory.mktemp(name.lower())))
        command = [sys.executable, "-m", "jupyter_server", f"--ServerApp.root_dir={folder}"]
        command += ["--no-browser", "--port=0", "--allow-root"]
        process = subprocess.Popen(command, stderr=subprocess.DEVNULL)
        try:
            found = wait_for(process, folder)
            assert found is not None
            yield found
        finally:
            process.terminate()
            process.wait()


def test_cells_are_run_stored_and_signed_as_a_person_would_run_them(server: LabServer) -> None:
    file = server.folder / "well.ipynb"
    asked = "from playbook_helpers.drawing.display import display_mode; print(display_mode())"
    write(file, "2 + 3", asked)
    assert server.run_cells("well.ipynb") is True
    (first,), (second,) = outputs(file)
    assert first["data"]["text/plain"] == ["5"]
    assert second["text"] == ["live\n"], "sections are drawn for whoever will look at them"
    assert NotebookNotary().check_signature(nbformat.read(file, as_version=4))
    assert not list(server.folder.glob(".*.part"))


def test_what_comes_after_a_cell_that_fails_is_not_run(server: LabServer) -> None:
    file = server.folder / "bad.ipynb"
    write(file, "print('so far')", "1 / 0", "print('never')")
    assert server.run_cells("bad.ipynb") is False
    first, second, third = outputs(file)
    assert first[0]["text"] == ["so far\n"]
    assert second[0]["ename"] == "ZeroDivisionError"
    assert third == []


def test_a_notebook_that_somebody_has_open_is_left_as_it_is(server: LabServer) -> None:
    file = server.folder / "once.ipynb"
    write(file, "1", "2")
    assert server.run_cells("once.ipynb")
    write(file, "'changed meanwhile'", "2")
    before = file.read_bytes()
    assert server.run_cells("once.ipynb")
    assert file.read_bytes() == before


def test_the_server_of_a_folder_is_found_and_no_other_folders(
    server: LabServer, tmp_path: Path
) -> None:
    assert running(server.folder) == server
    assert running(tmp_path) is None
    assert server.page("a b.ipynb").startswith(f"{server.url}lab/tree/a%20b.ipynb?token=")


def test_a_server_that_ends_before_it_is_there_is_none(tmp_path: Path) -> None:
    ended = subprocess.Popen([sys.executable, "-c", ""])
    assert wait_for(ended, tmp_path) is None
