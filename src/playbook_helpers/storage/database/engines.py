"""Opening a database: what an address means, what each is told on connecting, what errors mean."""

from __future__ import annotations

import re
import shutil
import sqlite3
from contextlib import suppress
from functools import lru_cache
from pathlib import Path
from typing import Any

from sqlalchemy import Connection, Engine, create_engine, event, text
from sqlalchemy.engine import URL, make_url
from sqlalchemy.exc import ArgumentError, DBAPIError, NoSuchModuleError
from sqlalchemy.pool import NullPool, StaticPool

from playbook_helpers.core.errors import StoreError, install_line

ALLOWED = "sqlite:///FILE, a file's path, or postgresql+psycopg://USER@HOST/DATABASE"
_POSTGRES_NAMES = {"postgres", "postgresql", "postgresql+psycopg", "postgresql+psycopg2"}
_SCHEME_WITHOUT_SLASHES = re.compile(r"(sqlite|postgres\w*)[+\w]*:(?!//)", re.IGNORECASE)
_SQLITE_OPTIONS = {"cache", "check_same_thread", "immutable", "mode", "timeout", "uri", "vfs"}
# What SQLite says where the disk has no room left for the file that it shares between programs.
_NO_SHARED_MEMORY = {"SQLITE_IOERR_SHMSIZE", "SQLITE_IOERR_SHMOPEN", "SQLITE_IOERR_SHMMAP"}


def read_url(address: str) -> URL:
    """The SQLAlchemy URL that an address stands for; a bare path is a SQLite file.

    A file's path is made absolute, so that the address still means the same file after the
    process changes its folder. Raises StoreError for an address of any other kind.

    >>> read_url("postgres://ann@hub.example/playbook").drivername
    'postgresql+psycopg'
    """
    if "://" not in address:
        if not address.strip() or _SCHEME_WITHOUT_SLASHES.match(address):
            raise _not_an_address(address)
        return URL.create("sqlite", database=str(_absolute(address)))
    try:
        url = make_url(address)
    except (ArgumentError, ValueError) as error:  # ValueError: a port that is not a number
        raise _not_an_address(address) from error
    if url.drivername.lower() in _POSTGRES_NAMES:
        try:
            (url.host or "").encode("idna")
        except UnicodeError as error:  # a host that no name can be, such as "..."
            raise _not_an_address(address) from error
        return url.set(drivername="postgresql+psycopg")
    if url.drivername.lower() not in ("sqlite", "sqlite+pysqlite"):
        raise StoreError("This kind of store is not known", value=shown(url), allowed=ALLOWED)
    options = _SQLITE_OPTIONS & set(url.query)
    if url.host or url.username or address.endswith(":///") or options or "/file:" in address:
        # sqlite://file.db, with two slashes, would quietly be a store in memory.
        raise _not_an_address(address)
    if is_memory(url):
        return URL.create("sqlite", database=":memory:")
    # A question mark in a file's name reads as the start of options: it is part of the name.
    name = address.split("://", 1)[1].removeprefix("/")
    return URL.create("sqlite", database=str(_absolute(name)))


def is_memory(url: URL) -> bool:
    """Whether the address means a SQLite store that lives in memory only."""
    return url.get_backend_name() == "sqlite" and url.database in (None, "", ":memory:")


def shown(url: URL) -> str:
    """The address without its password, for people and reports.

    >>> shown(read_url("postgresql://ann:secret@hub.example/playbook?password=secret"))
    'postgresql+psycopg://ann:***@hub.example/playbook'
    """
    if url.get_backend_name() == "sqlite":
        return address_of(url)
    secret = [name for name in url.query if "pass" in name.lower()]
    return url.difference_update_query(secret).render_as_string(hide_password=True)


def address_of(url: URL) -> str:
    """The whole address, password included, as `read_url` takes it."""
    if url.get_backend_name() == "sqlite":
        return f"sqlite:///{url.database}"
    return url.render_as_string(hide_password=False)


def open_engine(url: URL, wait_seconds: float) -> Engine:
    """An engine whose every connection commits safely, and waits so long for other writers.

    Nothing stays open between calls, so that a process may be forked and a file moved. So one
    engine serves all stores of one address: what it has learned of statements is kept, also by a
    fork. Raises StoreError for a missing driver.
    """
    return _sqlite(url, wait_seconds) if is_memory(url) else _kept_engine(url, wait_seconds)


@lru_cache(maxsize=16)
def _kept_engine(url: URL, wait_seconds: float) -> Engine:
    if url.get_backend_name() == "sqlite":
        return _sqlite(url, wait_seconds)
    defaults: dict[str, Any] = {"connect_timeout": 10, "client_encoding": "utf8"}
    given = {name: value for name, value in defaults.items() if name not in url.query}
    try:
        engine = create_engine(
            url,
            poolclass=NullPool,
            isolation_level="READ COMMITTED",
            # Prepared statements do not outlive a connection here, and disturb connection poolers.
            connect_args=given | {"prepare_threshold": None},
        )
    except ImportError as error:
        raise StoreError(
            "PostgreSQL needs a part that is not installed (psycopg)",
            value=shown(url),
            allowed=f"a store in a SQLite file; or, {install_line('postgres')}",
        ) from error
    except NoSuchModuleError as error:
        raise _not_an_address(shown(url)) from error

    @event.listens_for(engine, "begin")
    def _begin(connection: Connection) -> None:
        # A commit is said to be safe only when it is, whatever the server's own default.
        connection.execute(
            text(
                "SELECT set_config('lock_timeout', :wait, true), CASE"
                " WHEN current_setting('synchronous_commit') = 'off'"
                " THEN set_config('synchronous_commit', 'on', true) END"
            ),
            {"wait": f"{int(wait_seconds * 1000)}ms"},
        )

    return engine


def keep_write_ahead_log(engine: Engine) -> None:
    """Have a SQLite file keep a write-ahead log, so that readers and a writer do not wait.

    Where that cannot be (read-only, another program has it open just now, some network disks)
    the file stays as safe as it was, only slower.
    """
    with suppress(sqlite3.OperationalError):
        connection = engine.raw_connection()
        try:
            cursor = connection.cursor()
            cursor.execute("PRAGMA journal_mode = WAL")
            cursor.close()
        finally:
            connection.close()


def has_write_ahead_log(connection: Connection) -> bool:
    """Whether a SQLite database keeps a write-ahead log already, or lives in memory."""
    return connection.exec_driver_sql("PRAGMA journal_mode").scalar() in ("wal", "memory")


def _sqlite(url: URL, wait_seconds: float) -> Engine:
    memory = is_memory(url)
    file = Path(url.database or "")

    def opened() -> sqlite3.Connection:
        if memory:
            return sqlite3.connect(":memory:", isolation_level=None, check_same_thread=False)
        return connect(file, wait_seconds)

    engine = create_engine(
        "sqlite://", creator=opened, poolclass=StaticPool if memory else NullPool
    )

    @event.listens_for(engine, "begin")
    def _begin(connection: Connection) -> None:
        options = connection.get_execution_options()
        writes = options.get("playbook_writes", False)
        if not options.get("playbook_waits", True):
            connection.exec_driver_sql("PRAGMA busy_timeout = 0")  # it is closed afterwards
        connection.exec_driver_sql("BEGIN IMMEDIATE" if writes else "BEGIN")

    return engine


def connect(file: Path, wait_seconds: float) -> sqlite3.Connection:
    """A connection to a file that is there; it never makes one.

    A store can still be read from a folder where nothing may be written, and on a full disk:
    there SQLite has no room for the file that programs share, and does without it.
    """
    try:
        return _ready(file, "mode=rw", wait_seconds)
    except sqlite3.OperationalError as error:
        log = file.with_name(file.name + "-wal")
        quiet = not log.exists() or log.stat().st_size == 0
        if error.sqlite_errorname in _NO_SHARED_MEMORY:
            return _ready(file, "mode=rw", wait_seconds, alone=True)
        if (
            quiet
            and file.is_file()
            and error.sqlite_errorname.startswith(("SQLITE_CANTOPEN", "SQLITE_READONLY"))
        ):
            return _ready(file, "mode=ro&immutable=1", wait_seconds)
        raise


def _ready(file: Path, how: str, wait_seconds: float, *, alone: bool = False) -> sqlite3.Connection:
    connection = sqlite3.connect(
        f"{file.as_uri()}?{how}", uri=True, timeout=wait_seconds, isolation_level=None
    )
    try:
        if alone:
            connection.execute("PRAGMA locking_mode = EXCLUSIVE")
        connection.execute("PRAGMA synchronous = FULL")
        connection.execute("PRAGMA fullfsync = ON")  # where fsync alone leaves data in the drive
        connection.execute("PRAGMA temp_store = MEMORY")  # no words in files of the system's
        connection.execute("PRAGMA cell_size_check = ON")  # finds some damage earlier
        connection.execute("PRAGMA trusted_schema = OFF")  # files come from other people too
        connection.execute("SELECT 1 FROM sqlite_master LIMIT 1").fetchall()
    except BaseException:
        connection.close()
        raise
    return connection


def _absolute(path: str) -> Path:
    return Path(path).expanduser().absolute()


def _not_an_address(address: str) -> StoreError:
    hidden = re.sub(r"^(\w[\w+]*:(?://)?)?.*@", r"\1***@", address, flags=re.DOTALL)
    return StoreError("This is not a store's address", value=hidden, allowed=ALLOWED)


# What a database's errors mean ----------------------------------------------------------------

_KEPT = "everything saved before; of this, nothing"
_UNSURE = (
    "everything saved before; whether this was saved is not known: send it again, "
    "what is there already is not stored twice"
)
_ROOM = "free some space, then do it again"
_WAIT = "wait until the other program is done, or close it, then do it again"
# SQLite's primary result codes; an extended code carries its primary one in the lowest 8 bits.
_SQLITE: dict[int, tuple[str, str]] = {
    3: ("The store may not be opened by this user", "ask whoever keeps it for access"),
    5: ("Another program keeps the store busy", _WAIT),
    6: ("Another program keeps the store busy", _WAIT),
    8: ("The store can only be read", "a file and folder that this user may write to"),
    11: ("The store's file is damaged", "put back the last copy that `playbook backup` made"),
    13: ("The disk is full", _ROOM),
    14: ("The store cannot be opened", "a file in a folder that this user may write to"),
    26: ("This file is not a playbook store", ALLOWED),
}
# SQLSTATE codes of PostgreSQL, whose messages come in the server's own language.
_POSTGRES: dict[str, tuple[str, str]] = {
    "25006": ("The store can only be read", "a server that takes changes"),
    "3F000": ("There is no schema to keep the store in", "a search path with a schema in it"),
    "42703": ("This is a database, but not a playbook store", ALLOWED),  # no such column
    "42501": ("The store may not be used so by this user", "ask whoever keeps it for access"),
    "53100": ("The server's disk is full", _ROOM),
    "53300": ("The server has no free connection", "try again in a moment"),
    "55P03": ("Another program keeps the store busy", _WAIT),
}


def explained(error: Exception, url: URL, *, writes: bool, commit: bool = False) -> StoreError:
    """The StoreError that tells what `error`, raised by the database at `url`, means.

    `writes` says whether something was being saved, and `commit` whether the database had been
    asked to commit it, for what to say of it.
    """
    original = error.orig if isinstance(error, DBAPIError) and error.orig else error
    said = " ".join(str(original).split())
    where, kept = shown(url), _KEPT if writes else ""
    if isinstance(original, sqlite3.Error):
        code = getattr(original, "sqlite_errorcode", None) or 0
        if code & 0xFF == 10 and _full(Path(url.database or "")):
            code = 13
        if said.startswith("no such column"):
            code = 26
        if code & 0xFF in _SQLITE:
            what, allowed = _SQLITE[code & 0xFF]
            return StoreError(what, value=where, allowed=allowed, kept=kept)
    state = str(getattr(original, "sqlstate", None) or "")
    if state in _POSTGRES:
        what, allowed = _POSTGRES[state]
        return StoreError(what, value=where, allowed=allowed, kept=kept)
    if writes and commit and url.get_backend_name() == "postgresql":
        # The connection broke before the commit, or after it and before we were told.
        kept = _UNSURE
    return StoreError(f"The store cannot be reached: {said}", value=where, kept=kept)


def is_missing(error: BaseException | None) -> bool:
    """Whether a database's error says that a table is not there."""
    original = error.orig if isinstance(error, DBAPIError) else error
    state = getattr(original, "sqlstate", None)
    return state == "42P01" or str(original).startswith("no such table")


def _full(file: Path) -> bool:
    """Whether the disk under a file has so little room that SQLite cannot work on it."""
    try:
        return shutil.disk_usage(file.parent).free < 65_536
    except OSError:
        return False
