"""Copies of a whole store as one SQLite file: whole or not at all, while others are writing."""

from __future__ import annotations

import os
import sqlite3
from collections.abc import Callable, Iterator, Mapping
from contextlib import closing, contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory

from sqlalchemy import Connection, select

from playbook_helpers.core.errors import StoreError
from playbook_helpers.storage.database import schema
from playbook_helpers.storage.database.answers import fill, replaced
from playbook_helpers.storage.database.ballots import Ballots
from playbook_helpers.storage.database.engines import connect, open_engine, read_url
from playbook_helpers.storage.database.verifying import verify_file


def write_copy(path: Path, fill: Callable[[Path], None]) -> Path:
    """Have `fill` write a SQLite file, and give it the name `path` when it is whole; the path.

    Raises StoreError if something is there already, or it cannot be written.
    """
    if path.exists() or path.is_symlink():
        raise StoreError(
            "Something of that name is there already",
            value=str(path),
            allowed="a new file's name",
            kept="what is there, untouched",
        )
    if not path.parent.is_dir():
        raise StoreError("The folder for the copy is not there", value=str(path.parent))
    fresh = path.with_name(f".{path.name}.{os.getpid()}.part")
    try:
        fresh.touch(0o600)  # it holds what only its owner may read
        fill(fresh)
        fresh.rename(path)
    except (OSError, sqlite3.Error) as error:
        raise not_written(error, path) from error
    finally:
        for ending in ("", "-wal", "-shm", "-journal"):
            fresh.with_name(fresh.name + ending).unlink(missing_ok=True)
    return path


@contextmanager
def left_as_it_is(address: str) -> Iterator[str]:
    """The address to read a store at: of a copy, gone afterwards, where opening would change it.

    So it is with a store of the version before, which opening brings over, and with a copy that
    `backup` made, which opening puts into two files.
    """
    url = read_url(address)
    file = Path(url.database or "")
    if url.get_backend_name() != "sqlite" or not file.is_file() or not _changes(file):
        yield address
        return
    with TemporaryDirectory(prefix="playbook-") as folder:  # for its owner's eyes alone
        copy = Path(folder) / file.name
        try:
            with closing(connect(file, 5.0)) as source, closing(sqlite3.connect(copy)) as target:
                source.backup(target)
        except sqlite3.Error as error:
            raise not_written(error, copy) from error
        yield str(copy)


def _changes(file: Path) -> bool:
    """Whether opening this store would bring it over or take it apart."""
    try:
        with closing(connect(file, 5.0)) as db:
            version, *state = db.execute("SELECT * FROM playbook").fetchone() or (None,)
    except (sqlite3.Error, UnicodeDecodeError):
        return False  # opening it says why
    return version is not None and (version != schema.VERSION or state == ["packed"])


_DAMAGED = (11, 26)
"""SQLite's codes for a file that is damaged, or no database at all."""


def not_written(error: Exception, path: Path) -> StoreError:
    """The error for a copy that could not be written."""
    return StoreError(
        f"The copy could not be written: {error}", value=str(path), kept="the store, untouched"
    )


def fill_copy(connection: Connection, answers: Mapping[str, Ballots], target: Path) -> None:
    """Write all that a store holds into `target`: its own database, and the secret answers.

    Everything lies in the order of its ids. Raises StoreError if what was copied is damaged.
    """
    copy = sqlite3.connect(target, isolation_level=None)
    try:
        source = connection.connection.driver_connection
        if isinstance(source, sqlite3.Connection):
            source.backup(copy)
            copy.execute("PRAGMA journal_mode = DELETE")  # one file, and nothing beside it
        else:
            _from_server(connection, target)
        fill(copy, replaced(([], []), answers))
        copy.execute("UPDATE playbook SET state = 'packed'")
    except sqlite3.Error as error:
        if (getattr(error, "sqlite_errorcode", None) or 0) & 0xFF in _DAMAGED:
            raise
        raise not_written(error, target) from error
    finally:
        copy.close()
    found = verify_file(target)
    if not found.whole:
        raise StoreError(
            f"The store is damaged, so no copy of it was kept\n{found.lines()}",
            allowed=f"what can be saved: {found.savable}",
            kept="the store, untouched",
        )


def _from_server(connection: Connection, target: Path) -> None:
    """The tables of a store on a server, as tables of a SQLite file."""
    engine = open_engine(read_url(str(target)), 5.0)
    with engine.begin() as copy:
        schema.create(copy)
        for table in (schema.revision, schema.partnership):
            found = connection.execute(select(table).execution_options(yield_per=500))
            for part in schema.chunks(row for row in found if row[-1]):
                copy.execute(table.insert(), [dict(row._mapping) for row in part])
