"""The commands that bring records in and out: outcome on stdout, the rest on stderr, exit codes."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest
from command_line import playbook

from playbook_helpers.storage.database import Store

GOALS = (
    "name,sentence,level,target\nReady,Raise it to 65,outcome,65\nHousing,House 100,output,100\n"
)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "goal.csv").write_text(GOALS, "utf-8")
    (tmp_path / "bad.csv").write_text(GOALS.replace("100\n", "lots\n"), "utf-8")
    return tmp_path


def test_the_installed_command_reports_errors_in_words(folder: Path) -> None:
    done = subprocess.run(
        [Path(sys.executable).with_name("playbook"), "check", "bad.csv", "--partnership", "town"],
        cwd=folder,
        env=os.environ | {"PLAYBOOK_STORE": "sqlite:///store.db"},
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    assert (done.returncode, "Traceback" in done.stderr) == (2, False)
    assert "'lots' is not a number" in done.stderr


def test_a_partnership_is_started_filled_exported_and_brought_in_elsewhere(folder: Path) -> None:
    started = playbook(folder, "new", "our-town", "--name", "Our Town", "--starts", "July 2026")
    assert (started.code, started.out) == (0, "our-town\n")
    assert "playbook import" in started.err

    first = playbook(folder, "import", "goal.csv", "--partnership", "our-town")
    assert (first.code, first.out) == (0, "Imported our-town: 2 new.\n")
    assert "goal.csv: 2 read" in first.err
    again = playbook(folder, "import", "goal.csv", "--partnership", "our-town", "--json")
    assert (again.code, again.json["unchanged"], again.json["stored"]) == (0, 2, 0)

    exported = playbook(folder, "export", "our-town")
    assert (exported.code, exported.out) == (0, "our-town\n")
    assert (folder / "our-town" / "datapackage.json").is_file()
    assert playbook(folder, "export", "our-town").code == 2
    assert playbook(folder, "export", "our-town", "--replace").code == 0
    archive = playbook(folder, "export", "our-town", "--to", "out.zip", "--json")
    assert archive.json["path"] == str(folder / "out.zip")

    other = "sqlite:///other.db"
    taken = playbook(folder, "import", "out.zip", "our-town", store=other)
    assert (taken.code, "3 saved states" in taken.out) == (0, True)
    with (
        Store.open(f"sqlite:///{folder}/store.db") as a,
        Store.open(f"sqlite:///{folder}/other.db") as b,
    ):
        assert a.revisions() == b.revisions()


def test_answers_of_two_phones_come_together_and_go_back_into_the_forms(folder: Path) -> None:
    for slug in ("larkhill", "the-larkhill"):
        playbook(folder, "import", "goal.csv", "--partnership", slug, store=f"sqlite:///{slug}.db")
        made = playbook(folder, "export", slug, "--answers", store=f"sqlite:///{slug}.db")
        assert (made.code, made.out) == (0, f"{slug}-answers\n")
    files = [f"{slug}-answers/playbook-{slug}-goals.json" for slug in ("larkhill", "the-larkhill")]
    taken = playbook(folder, "import", *files, "--as", "larkhill", "--json")
    assert (taken.code, taken.json["partnerships"]) == (0, ["larkhill"])
    both = playbook(folder, "import", files[0], "--as", "larkhill", "--partnership", "larkhill")
    assert (both.code, "do not go together" in both.err) == (2, True)


def test_a_bad_row_stops_the_import_and_says_where(folder: Path) -> None:
    done = playbook(folder, "import", "goal.csv", "bad.csv", "--partnership", "our-town")
    assert (done.code, done.out) == (2, "")
    assert "bad.csv, row 3, column 'target': 'lots' is not a number" in done.err
    assert "nothing was taken" in done.err
    told = playbook(folder, "import", "bad.csv", "--partnership", "our-town", "--json")
    assert (told.code, told.json["taken"], told.json["stored"]) == (2, False, 0)
    assert told.json["problems"][0]["row"] == 3


def test_keep_going_takes_the_good_rows_and_the_exit_code_says_some_were_left(
    folder: Path,
) -> None:
    arguments = ("import", "bad.csv", "--partnership", "our-town", "--keep-going", "--json")
    done = playbook(folder, *arguments)
    assert (done.code, done.json["new"], done.json["problem_count"]) == (1, 1, 1)


def test_check_says_what_import_would_do_and_writes_nothing(folder: Path) -> None:
    done = playbook(folder, "check", "goal.csv", "--partnership", "our-town")
    assert (done.code, done.out) == (0, "Would import our-town: 2 new.\n")
    assert not (folder / "store.db").exists()
    (folder / "junk.db").write_bytes(b"no database at all" * 100)
    assert playbook(folder, "check", "goal.csv", store="sqlite:///junk.db").code == 3
    named = ("check", "goal.csv", "--store", "sqlite:///typo.db")
    assert playbook(folder, *named).code == 3, "a store that was named must be there"
    assert playbook(folder, "check", "bad.csv", "--partnership", "our-town").code == 2


def test_the_order_of_dates_and_the_decimal_sign_can_be_said(folder: Path) -> None:
    text = "goal;date;value\nReady;01/03/2026;1,234\n"
    (folder / "measurement.csv").write_text(text, "utf-8")
    plain = ("check", "measurement.csv", "--partnership", "our-town")
    told = playbook(folder, *plain)
    assert told.code == 2
    assert "--dates day-first" in told.err
    assert "--decimal" in told.err
    assert playbook(folder, *plain, "--dates", "day-first", "--decimal", ",").code == 0
    assert playbook(folder, *plain, "--dates", "sideways").code == 2


def test_starting_a_partnership_twice_or_badly_is_refused(folder: Path) -> None:
    assert playbook(folder, "new", "our-town", "--name", "Our Town").code == 0
    again = playbook(folder, "new", "our-town", "--name", "Another")
    assert again.code == 2
    assert "already" in again.err
    assert playbook(folder, "new", "Our Town!", "--name", "x").code == 2
    assert playbook(folder, "new", "b", "--name", " ").code == 2
    assert "--starts" in playbook(folder, "new", "b", "--name", "x", "--starts", "soon").err


def test_a_backup_opens_as_a_store_and_overwrites_nothing(folder: Path) -> None:
    playbook(folder, "new", "our-town", "--name", "Our Town")
    done = playbook(folder, "backup", "copy.db")
    assert (done.code, done.out) == (0, "copy.db\n")
    with Store.open(f"sqlite:///{folder}/copy.db", create=False) as copy:
        assert copy.partnerships() == ["our-town"]
    assert playbook(folder, "backup", "copy.db").code == 2


def test_a_store_that_cannot_be_reached_is_exit_code_3(folder: Path) -> None:
    nowhere = "sqlite:///no/such/folder/store.db"
    for arguments in (("import", "goal.csv"), ("export", "our-town"), ("backup", "copy.db")):
        assert playbook(folder, *arguments, store=nowhere).code == 3


def test_an_unknown_partnership_is_told_with_those_there_are(folder: Path) -> None:
    playbook(folder, "new", "our-town", "--name", "Our Town")
    done = playbook(folder, "export", "our-twon")
    assert done.code == 2
    assert "our-town" in done.err
    assert playbook(folder, "export", "../up").code == 2
    assert playbook(folder, "export", "our-town", "--licence", "my own; words").code == 2


def test_hostile_names_and_cells_reach_the_terminal_as_plain_text(folder: Path) -> None:
    (folder / "bad.csv").write_text("name,sentence,level\n\x1b[2Ja,b,\x1b]0;c\x07[red]\n", "utf-8")
    done = playbook(folder, "check", "bad.csv", "--partnership", "our-town")
    assert done.code == 2
    assert "\x1b" not in done.err
    assert "[red]" in done.err
