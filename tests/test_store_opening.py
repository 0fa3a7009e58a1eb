"""Opening a store: odd addresses work, wrong ones are refused in plain words and harm nothing."""

from __future__ import annotations

import os
import sqlite3
import sys
import tempfile
import uuid
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path

import pytest
from sqlalchemy import create_engine, make_url
from sqlalchemy.pool import NullPool

from playbook_helpers.core.errors import StoreError
from playbook_helpers.core.revisions import Revision
from playbook_helpers.storage.database import Store


def goal(number: int) -> Revision:
    return Revision(
        id=str(uuid.UUID(int=number)),
        partnership="east-side",
        practice="goals",
        kind="goal",
        record=str(uuid.UUID(int=1000 + number)),
        payload={"name": f"Goal {number}"},
    )


@contextmanager
def nothing_may_be_written(folder: Path) -> Iterator[None]:
    """Until the end of the block this process may read what is in `folder` and write nothing."""
    if os.geteuid() == 0:  # root may write anywhere: be somebody else for a while
        os.seteuid(65534)
        try:
            yield
        finally:
            os.seteuid(0)
        return
    modes = {path: path.stat().st_mode for path in (*folder.iterdir(), folder)}
    for path, mode in modes.items():
        path.chmod(mode & ~0o222)
    try:
        yield
    finally:
        for path, mode in modes.items():
            path.chmod(mode)


@pytest.fixture
def open_folder() -> Iterator[Path]:
    """A folder that everybody may read (pytest's own are for this user alone)."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        folder.chmod(0o755)
        yield folder


# Addresses -----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "file",
    [
        "a b.db",
        "Côte–Vallée 東.db",
        "what?.db",
        "what?a=b.db",
        "50%20#1.db",
        "no ending",
        "-x'\".db",
    ],
)
def test_a_file_may_have_any_name(tmp_path: Path, file: str) -> None:
    for number, address in enumerate((f"sqlite:///{tmp_path / file}", str(tmp_path / file)), 1):
        with Store.open(address) as store:
            assert store.append([goal(number)]) == 1
            with Store.open(store.address, create=False) as again:
                assert len(again.revisions()) == number
    # The second is for answers that are nobody's.
    assert sorted(path.name for path in tmp_path.iterdir()) == sorted([file, f"{file}-secret"])


def test_a_relative_path_means_the_same_file_after_the_folder_changes(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "deeper").mkdir()
    with Store.open("sqlite:///x.db") as store, Store.open("x.db") as same:
        monkeypatch.chdir(tmp_path / "deeper")
        store.append([goal(1)])
        assert same.revisions() == [goal(1)]
        assert store.url == same.url == f"sqlite:///{tmp_path / 'x.db'}"
    assert not list((tmp_path / "deeper").iterdir())


def test_a_path_from_windows_is_a_path(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    with Store.open(r"C:\stores.db" if os.name != "nt" else str(tmp_path / "stores.db")) as store:
        assert store.append([goal(1)]) == 1


@pytest.mark.parametrize(
    "address",
    [
        "",
        "  ",
        "sqlite://x.db",
        "sqlite:///",
        "sqlite:x.db",
        "sqlite:///file:x.db?uri=true",
        "sqlite:///x.db?mode=ro",
        "sqlite+aiosqlite:///x.db",
        "mysql://ann:secret@hub/playbook",
        "postgresql+asyncpg://ann:secret@hub/playbook",
        "postgresql+psycopg://ann:secret@hub:port/playbook",
        "postgresql:ann:secret@hub/playbook",
        "postgresql+psycopg://...",
        "://",
        "https://hub.example/playbook",
    ],
)
def test_an_address_of_another_kind_is_refused_and_makes_nothing(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, address: str
) -> None:
    monkeypatch.chdir(tmp_path)
    with pytest.raises(StoreError, match=r"sqlite:///FILE") as caught:
        Store.open(address)
    assert caught.value.exit_code == 3
    assert "secret" not in str(caught.value)
    assert not list(tmp_path.iterdir())


# What is there already -----------------------------------------------------------------------


def test_a_store_that_must_be_there_and_is_not_is_an_error_and_is_not_made(
    store_url: str, tmp_path: Path
) -> None:
    with pytest.raises(StoreError, match="There is no store at this address"):
        Store.open(store_url, create=False)
    assert not list(tmp_path.iterdir())
    with Store.open(store_url) as store:
        assert store.partnerships() == []


def test_a_folder_that_is_not_there_is_named(tmp_path: Path) -> None:
    with pytest.raises(StoreError, match="folder for the store is not there") as caught:
        Store.open(f"sqlite:///{tmp_path}/no/x.db")
    assert caught.value.value == str(tmp_path / "no")
    with pytest.raises(StoreError, match="This is a folder"):
        Store.open(str(tmp_path))


def test_files_that_are_no_store_are_refused_and_stay_as_they_are(tmp_path: Path) -> None:
    foreign = tmp_path / "photos.db"
    with closing(sqlite3.connect(foreign)) as other:
        other.execute("CREATE TABLE photo (id)")
        other.commit()
    lookalike = tmp_path / "lookalike.db"
    with closing(sqlite3.connect(lookalike)) as other:
        other.executescript("CREATE TABLE revision (id); CREATE TABLE playbook (version)")
    letter = tmp_path / "letter.db"
    letter.write_text("Dear all, this is a letter and has never been a database. " * 20)
    empty = tmp_path / "empty.db"
    empty.touch()
    before = {path: path.read_bytes() for path in tmp_path.iterdir()}
    for path, words in (
        (foreign, "not a playbook store"),
        (lookalike, "not a playbook store"),
        (letter, "not a playbook store"),
        (empty, "no store at this address"),
    ):
        with pytest.raises(StoreError, match=words):
            Store.open(str(path), create=path != empty)
    assert {path: path.read_bytes() for path in tmp_path.iterdir()} == before


def test_a_store_from_a_newer_version_is_left_alone(store_url: str) -> None:
    Store.open(store_url).close()
    engine = create_engine(store_url, poolclass=NullPool)
    with engine.begin() as connection:
        connection.exec_driver_sql("UPDATE playbook SET version = 3")
    with pytest.raises(StoreError, match="newer version") as caught:
        Store.open(store_url)
    assert "version 3" in str(caught.value)
    assert "update the playbook" in str(caught.value)


def test_a_database_with_other_peoples_tables_keeps_them(store_url: str) -> None:
    engine = create_engine(store_url, poolclass=NullPool)
    with engine.begin() as connection:
        connection.exec_driver_sql("CREATE TABLE revision (id text)")
        connection.exec_driver_sql("INSERT INTO revision VALUES ('theirs')")
    with pytest.raises(StoreError, match="not a playbook store"):
        Store.open(store_url)
    with engine.begin() as connection:
        connection.exec_driver_sql("DELETE FROM revision")  # no trigger of ours was put on it


def test_a_file_taken_away_while_the_store_is_open_is_not_made_anew(tmp_path: Path) -> None:
    file = tmp_path / "x.db"
    with Store.open(str(file)) as store:
        store.append([goal(1)])
        file.unlink()
        with pytest.raises(StoreError, match="cannot be opened"):
            store.append([goal(2)])
    assert not file.exists()
    with pytest.raises(StoreError, match="answers of another store of this name"):
        Store.open(str(file))


def test_a_damaged_file_is_called_damaged(tmp_path: Path) -> None:
    file = tmp_path / "x.db"
    with Store.open(str(file)) as store:
        store.append([goal(n) for n in range(1, 400)])
        content = bytearray(file.read_bytes())
        content[8192:] = b"\xff" * (len(content) - 8192)
        file.write_bytes(content)
        with pytest.raises(StoreError, match="damaged") as caught:
            store.revisions()
    assert "playbook backup" in str(caught.value)


# Not reachable, not writable, busy -----------------------------------------------------------


def test_a_server_that_is_not_there_is_an_error_without_the_password() -> None:
    with pytest.raises(StoreError, match="cannot be reached") as caught:
        Store.open("postgresql://ann:secret@127.0.0.1:1/playbook?password=secret")
    assert caught.value.exit_code == 3
    assert "ann:***@127.0.0.1:1/playbook" in str(caught.value)
    assert "secret" not in str(caught.value)


def test_what_the_server_said_is_passed_on(store_url: str) -> None:
    if store_url.startswith("sqlite"):
        return
    with pytest.raises(StoreError, match=r"cannot be reached: .*nowhere"):
        Store.open(make_url(store_url).set(database="nowhere").render_as_string(False))


def test_without_the_driver_the_error_says_what_to_install(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "psycopg", None)
    with pytest.raises(StoreError, match="not installed") as caught:
        Store.open("postgresql://ann:secret@hub/playbook")
    assert "-r requirements/postgres.txt" in str(caught.value)
    assert "secret" not in str(caught.value)


def test_a_store_that_another_program_holds_is_waited_for_and_then_said_to_be_busy(
    store_url: str,
) -> None:
    with Store.open(store_url, wait_seconds=0.2) as store:
        store.append([goal(1)])
        engine = create_engine(store_url, poolclass=NullPool)
        with engine.connect() as other:
            sqlite = engine.dialect.name == "sqlite"
            other.exec_driver_sql("BEGIN IMMEDIATE" if sqlite else "LOCK TABLE revision")
            with pytest.raises(StoreError, match="busy") as caught:
                store.append([goal(2)])
            other.rollback()
        assert caught.value.kept == "everything saved before; of this, nothing"
        assert store.append([goal(2)]) == 1


def test_a_store_on_a_server_that_takes_no_changes_can_be_read(store_url: str) -> None:
    if store_url.startswith("sqlite"):
        return  # the next test
    with Store.open(store_url) as store:
        store.append([goal(1)])
    frozen = store_url + "%20-cdefault_transaction_read_only%3Don"
    with Store.open(frozen, create=False) as store:
        assert store.revisions() == [goal(1)]
        with pytest.raises(StoreError, match="only be read"):
            store.append([goal(2)])


@pytest.mark.parametrize("log_is_there", [False, True])
def test_a_store_in_a_folder_where_nothing_may_be_written_can_be_read(
    open_folder: Path, log_is_there: bool
) -> None:
    file = open_folder / "x.db"
    with Store.open(str(file)) as store:
        store.append([goal(1)])
    with closing(sqlite3.connect(file)) as other:
        if log_is_there:  # another program has it open and has just written
            other.execute("BEGIN")
            other.execute("SELECT count(*) FROM revision").fetchall()
            with Store.open(str(file)) as store:
                store.append([goal(2)])
        with nothing_may_be_written(open_folder), Store.open(str(file), create=False) as store:
            assert len(store.revisions()) == (2 if log_is_there else 1)
            with pytest.raises(StoreError, match="only be read") as caught:
                store.append([goal(3)])
            assert "may write to" in caught.value.allowed
    with Store.open(str(file)) as store:
        assert store.append([goal(3)]) == 1


def test_a_store_cannot_be_made_where_nothing_may_be_written(open_folder: Path) -> None:
    Store.open(str(open_folder / "first.db")).close()
    with (
        nothing_may_be_written(open_folder),
        pytest.raises(StoreError, match="cannot be made or opened"),
    ):
        Store.open(str(open_folder / "x.db"))
    assert not (open_folder / "x.db").exists()
