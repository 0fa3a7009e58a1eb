"""Beginning a folder: whole or not at all, and never over what is there."""

from __future__ import annotations

from pathlib import Path

import pytest

from playbook_helpers.core.errors import InputError, NotFound
from playbook_helpers.worksheet import shipped
from playbook_helpers.worksheet.shipped import NAMES, begin_folder


@pytest.mark.parametrize("name", ["notes.txt", "data", "_config.yml"])
def test_a_folder_with_something_in_it_is_left_alone(name: str, tmp_path: Path) -> None:
    (tmp_path / name).write_text("ours")
    with pytest.raises(Exception, match="The folder has something in it") as refused:
        begin_folder(tmp_path)
    assert name in str(refused.value)
    assert [path.name for path in tmp_path.iterdir()] == [name]


def test_an_empty_folder_with_an_environment_in_it_will_do(tmp_path: Path) -> None:
    (tmp_path / ".venv").mkdir()
    begin_folder(tmp_path)
    assert (tmp_path / "_config.yml").is_file()
    assert (tmp_path / "worksheets" / "goals.ipynb").is_file()
    with pytest.raises(Exception, match="playbook's folder already"):
        begin_folder(tmp_path)
    assert not list(tmp_path.parent.glob(".playbook-*"))


def test_a_new_folder_appears_under_its_name_with_folders_above_it(tmp_path: Path) -> None:
    made = begin_folder(tmp_path / "deep" / "ours")
    assert {path.name for path in made.iterdir()} == {*NAMES, "README.md", ".gitignore"}


def test_a_file_of_that_name_and_a_place_that_cannot_be_written_are_refused(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "taken").write_text("ours")
    with pytest.raises(InputError, match="There is a file of that name"):
        begin_folder(tmp_path / "taken")

    def full(*_: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(shipped, "_copy", full)
    with pytest.raises(InputError, match="No space left on device"):
        begin_folder(tmp_path / "new")
    assert [path.name for path in tmp_path.iterdir()] == ["taken"]


def test_an_installation_without_worksheets_says_so(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(shipped, "_PACKAGE", tmp_path / "site" / "package")
    with pytest.raises(NotFound, match="no worksheets to begin with"):
        begin_folder(tmp_path / "new")
