"""What a database's error means to a person: the reason in plain words, and what was kept."""

from __future__ import annotations

import shutil
import sqlite3
from pathlib import Path

from sqlalchemy.engine import URL
from sqlalchemy.exc import DBAPIError

from playbook_helpers.core.errors import StoreError
from playbook_helpers.storage.database.engines import ALLOWED, shown

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
