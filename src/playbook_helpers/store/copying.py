"""Copies of a whole store as one SQLite file: whole or not at all, while others are writing."""

from __future__ import annotations

import os
import sqlite3
from collections.abc import Callable
from pathlib import Path

from sqlalchemy import Engine

from playbook_helpers.errors import StoreError


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
        fill(fresh)
        fresh.rename(path)
    except (OSError, sqlite3.Error) as error:
        raise StoreError(
            f"The copy could not be written: {error}", value=str(path), kept="the store, untouched"
        ) from error
    finally:
        for ending in ("", "-wal", "-shm", "-journal"):
            fresh.with_name(fresh.name + ending).unlink(missing_ok=True)
    return path


def copy_sqlite(engine: Engine, target: Path) -> None:
    """Copy the database of `engine` with SQLite's own backup call; `target` is one file."""
    with engine.connect() as connection:
        copy = sqlite3.connect(target)
        try:
            source = connection.connection.driver_connection
            assert isinstance(source, sqlite3.Connection)
            source.backup(copy)
            settle(copy)
        finally:
            copy.close()


def settle(copy: sqlite3.Connection) -> None:
    """Fold the write-ahead log into the file, so that the copy is one file and nothing beside."""
    copy.execute("PRAGMA journal_mode = DELETE")
