"""Opening a database: what an address means, and what each database is told on connecting."""

from __future__ import annotations

import sqlite3
from pathlib import Path
from typing import Any

from sqlalchemy import Engine, create_engine, event
from sqlalchemy.engine import URL, make_url
from sqlalchemy.exc import ArgumentError
from sqlalchemy.pool import NullPool, StaticPool

from playbook_helpers.errors import StoreError

ALLOWED = "sqlite:///FILE, a file's path, or postgresql+psycopg://USER@HOST/DATABASE"
BUSY_SECONDS = 30


def read_url(address: str) -> URL:
    """The SQLAlchemy URL that an address stands for; a bare path is a SQLite file.

    Raises StoreError for an address of any other kind.
    """
    if "://" not in address and address.strip():
        return URL.create("sqlite", database=str(Path(address).expanduser()))
    try:
        url = make_url(address)
    except ArgumentError as error:
        raise StoreError("This is not a store's address", value=address, allowed=ALLOWED) from error
    if url.drivername in ("postgresql", "postgres"):
        url = url.set(drivername="postgresql+psycopg")
    if url.get_backend_name() not in ("sqlite", "postgresql"):
        raise StoreError("This kind of store is not known", value=shown(url), allowed=ALLOWED)
    return url


def shown(url: URL) -> str:
    """The address without its password, for people and reports."""
    return url.render_as_string(hide_password=True)


def open_engine(url: URL) -> Engine:
    """An engine whose every connection commits safely. Raises StoreError for a missing driver."""
    if url.get_backend_name() == "sqlite":
        return _sqlite(url)
    try:
        return create_engine(url, poolclass=NullPool, connect_args={"connect_timeout": 10})
    except ModuleNotFoundError as error:
        raise StoreError(
            "PostgreSQL needs a part that is not installed",
            value=error.name,
            allowed="pip install 'partnership-playbook[postgres]'",
        ) from error


def _sqlite(url: URL) -> Engine:
    memory = url.database in (None, "", ":memory:")
    # Nothing stays open between calls, so that a process can be forked or a file moved safely.
    engine = create_engine(
        url,
        poolclass=StaticPool if memory else NullPool,
        connect_args={"timeout": BUSY_SECONDS, "check_same_thread": not memory},
    )

    @event.listens_for(engine, "connect")
    def _connected(connection: Any, _: Any) -> None:
        connection.isolation_level = None  # BEGIN is ours to say, below
        cursor = connection.cursor()
        try:
            cursor.execute(f"PRAGMA busy_timeout = {BUSY_SECONDS * 1000}")
            cursor.execute("PRAGMA journal_mode = WAL")
            cursor.execute("PRAGMA synchronous = FULL")
        except sqlite3.OperationalError as error:
            # A store on a read-only disk can still be read.
            if "readonly" not in str(error):
                raise
        finally:
            cursor.close()

    @event.listens_for(engine, "begin")
    def _begin(connection: Any) -> None:
        writes = connection.get_execution_options().get("playbook_writes", False)
        connection.exec_driver_sql("BEGIN IMMEDIATE" if writes else "BEGIN")

    return engine
