"""`playbook backup`, `verify` and `erase`: what they say, what they do, and their exit codes."""

from __future__ import annotations

import contextlib
import io
import sys
from pathlib import Path

import pytest
from command_line import playbook

from playbook_helpers.core.revisions import new_revision
from playbook_helpers.practices.trust import CheckIn, SmallWin
from playbook_helpers.storage.database import Store
from playbook_helpers.storage.database.secret_stores import SecretFile

WORDS = "Tea with the mayor"


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A folder of the playbook with a store and the reports of two partnerships in it."""
    (tmp_path / "_config.yml").write_text("")
    (tmp_path / "worksheets").mkdir()
    for slug in ("here", "there"):
        report = tmp_path / "_build" / "reports" / slug
        report.mkdir(parents=True)
        (report / "index.html").write_text(WORDS)
    with Store.open(str(tmp_path / "store.db")) as store:
        store.append(
            [
                new_revision("here", SmallWin(action=WORDS), author="Ada"),
                new_revision("here", SmallWin(action="Walk"), author="Bob"),
                new_revision("there", SmallWin(action="Swim"), author="Ada"),
                new_revision("here", CheckIn(round="2027-03", comment=WORDS)),
            ]
        )
    return tmp_path


def test_erasing_lists_asks_and_says_what_is_left_to_do(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sys, "stdin", io.StringIO())
    asked = playbook(folder, "erase", "here", "--author", "Ada")
    assert asked.code == 2
    assert "by Ada, 20" in asked.err
    assert WORDS in asked.err
    assert "nobody could be asked" in asked.err
    assert WORDS.encode() in (folder / "store.db").read_bytes()
    done = playbook(folder, "erase", "here", "--author", "Ada", "--yes", "--reports", "--json")
    assert done.code == 0
    assert (done.json["erased"], done.json["partnership"]) == (1, "here")
    assert done.json["reports"] == [str(folder / "_build" / "reports" / "here")]
    assert "playbook batch" in done.err
    assert "Backups, exports" in done.err
    assert not (folder / "_build" / "reports" / "here").exists()
    assert (folder / "_build" / "reports" / "there" / "index.html").exists()
    with Store.open(str(folder / "store.db")) as store:
        assert [h.payload["action"] for h in store.heads("here", kind="small_win")] == ["Walk"]
        assert [h.payload["action"] for h in store.heads("there")] == ["Swim"]
        (answer,) = store.heads("here", kind="check_in")
    again = playbook(folder, "erase", "here", "--author", "Ada", "--yes")
    assert again.code == 2
    assert "only whoever holds its id" in again.err
    plain = playbook(folder, "erase", "here", "--record", answer.record, "--yes")
    assert plain.out == "Erased 1 saved state of here.\n"
    held = b"".join(path.read_bytes() for path in folder.glob("store.db*"))
    assert WORDS.encode() not in held


def test_somebody_at_a_keyboard_is_asked(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "stdin", io.StringIO("n\n"))
    refused = playbook(folder, "erase", "here", "--author", "Ada")
    assert (refused.code, "Nothing was erased" in refused.err) == (2, True)
    monkeypatch.setattr(sys, "stdin", io.StringIO("y\n"))
    assert playbook(folder, "erase", "here", "--author", "Ada").code == 0


def test_verify_says_that_all_is_whole(folder: Path) -> None:
    done = playbook(folder, "verify")
    assert done.code == 0
    assert done.out == (
        "All is as it was written: 3 saved states and 1 secret answer. Partnerships: here, there.\n"
    )
    assert playbook(folder, "verify", "--json").json["whole"] is True
    assert playbook(folder, "verify", store="sqlite:///nowhere.db").code == 3


def test_verify_names_what_is_damaged_and_backup_refuses_it(folder: Path) -> None:
    file = folder / "store.db"
    file.write_bytes(file.read_bytes().replace(WORDS.encode(), WORDS.upper().encode()))
    done = playbook(folder, "verify")
    assert done.code == 1
    assert "is not what was written" in done.out
    assert "Whole: there." in done.out
    copied = playbook(folder, "backup", "copy.db")
    assert copied.code == 3
    assert "what can be saved: there" in copied.err
    assert not (folder / "copy.db").exists()
    assert playbook(folder, "export", "there").code == 0
    assert playbook(folder, "export", "here").code == 3


def test_a_store_without_its_answers_is_told_how_to_go_on(folder: Path) -> None:
    SecretFile(folder / "store.db").file.unlink()
    for command in (("export", "here"), ("backup", "copy.db")):
        done = playbook(folder, *command)
        assert done.code == 3
        assert "--begin-answers-again" in done.err
    assert playbook(folder, "verify").code == 1
    begun = playbook(folder, "verify", "--begin-answers-again")
    assert begun.code == 0
    assert playbook(folder, "verify", "--begin-answers-again").code == 3
    with contextlib.closing(Store.open(str(folder / "store.db"))) as store:
        assert len(store.heads("here")) == 2


def test_a_backup_says_what_it_holds(folder: Path) -> None:
    done = playbook(folder, "backup", "copy.db")
    assert (done.code, done.out) == (0, "copy.db\n")
    assert "single secret answers" in done.err
    assert playbook(folder, "verify", store="sqlite:///copy.db").code == 0
