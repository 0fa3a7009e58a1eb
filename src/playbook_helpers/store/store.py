"""Store: append revisions, read heads and history, merge, back up.

`append` has committed when it returns, and only then may anybody be told "saved". Nothing is
ever changed: sending a revision twice stores it once, and an id that comes back with another
content is refused. A Store keeps no connection open between calls; after a fork, or in another
process, open a new one by its `address`.
"""

from __future__ import annotations

import hashlib
import json
import os
import sqlite3
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager, suppress
from pathlib import Path
from types import TracebackType
from typing import Any

from sqlalchemy import Connection, Row, inspect, select
from sqlalchemy.exc import DatabaseError, DBAPIError, SQLAlchemyError

from playbook_helpers.assessment import Head
from playbook_helpers.errors import StoreError
from playbook_helpers.practices import as_kept, read_heads, stored_moment
from playbook_helpers.revisions import (
    Revision,
    canonical,
    from_json,
    heads_of,
    merge,
    now,
    stored_at,
)
from playbook_helpers.store import schema
from playbook_helpers.store.engines import ALLOWED, open_engine, read_url, shown

_CHUNK = 500
"""Rows in one statement: well under the variables that either database takes at once."""


class Store:
    """All revisions of all partnerships at one address. Use as a context manager or `close` it."""

    def __init__(self, address: str, *, create: bool = True) -> None:
        self._url = read_url(address)
        self.address = self._url.render_as_string(hide_password=False)
        self.url = shown(self._url)
        """The address without its password."""
        self._check_file(create)
        self._engine = open_engine(self._url)
        try:
            self._prepare(create)
        except BaseException:
            self._engine.dispose()
            raise

    @classmethod
    def open(cls, url: str, *, create: bool = True) -> Store:
        """Open the store at `url`, making it where there is none unless `create` is False.

        Raises StoreError, with the address (no password) and what is allowed, where it cannot
        be reached, is no playbook store, or was made by a newer version.
        """
        return cls(url, create=create)

    def __enter__(self) -> Store:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.close()

    def close(self) -> None:
        """Let go of the database. Closing twice does no harm."""
        self._engine.dispose()

    # Writing ---------------------------------------------------------------------------------

    def append(self, revisions: Iterable[Revision]) -> int:
        """Store those revisions that are not there yet; how many were new.

        All or nothing, and committed on return. Raises RevisionChanged if an id is there, or
        comes twice, with another content; InputError if a revision is malformed; StoreError if
        the database cannot take it. In each case nothing was stored.
        """
        given = merge(as_kept(from_json(revision.to_json())) for revision in revisions)
        if not given:
            return 0
        moment = now()
        with self._transaction(writes=True) as connection:
            there: dict[str, Revision] = {}
            for ids in _chunks(list(given)):
                query = select(schema.revision).where(schema.revision.c.id.in_(ids))
                there |= {row.id: _read(row) for row in connection.execute(query)}
            merge(there.values(), given.values())  # refuses what was altered
            fresh = [revision for key, revision in given.items() if key not in there]
            for part in _chunks(fresh):
                self._insert(connection, [stored_at(r, stored_moment(r.kind, moment)) for r in part])
        return len(fresh)

    def _insert(self, connection: Connection, revisions: Sequence[Revision]) -> None:
        rows = [_row(revision) for revision in revisions]
        if connection.dialect.name == "sqlite":
            connection.execute(schema.revision.insert(), rows)
            return
        from sqlalchemy.dialects.postgresql import insert

        # Another writer may have stored the same id since we looked; theirs counts if it is equal.
        connection.execute(insert(schema.revision).on_conflict_do_nothing(), rows)
        ids = [revision.id for revision in revisions]
        held = connection.execute(select(schema.revision).where(schema.revision.c.id.in_(ids)))
        merge((_read(row) for row in held), revisions)

    def merge(self, other: Store | Iterable[Revision]) -> int:
        """Take over all revisions of another store or collection; how many were new."""
        return self.append(other.revisions() if isinstance(other, Store) else other)

    # Reading ---------------------------------------------------------------------------------

    def revisions(self, partnership: str | None = None) -> list[Revision]:
        """All revisions, or those of one partnership, oldest first."""
        query = select(schema.revision)
        if partnership is not None:
            query = query.where(schema.revision.c.partnership == partnership)
        query = query.order_by(schema.revision.c.client_time, schema.revision.c.id)
        with self._transaction() as connection:
            return [_read(row) for row in connection.execute(query)]

    def history(self, record: str) -> list[Revision]:
        """All revisions of one record, oldest first."""
        query = select(schema.revision).where(schema.revision.c.record == record)
        query = query.order_by(schema.revision.c.client_time, schema.revision.c.id)
        with self._transaction() as connection:
            return [_read(row) for row in connection.execute(query)]

    def heads(
        self, partnership: str, *, practice: str | None = None, kind: str | None = None
    ) -> list[Head]:
        """The heads of a partnership's records, typed, oldest first; of one practice or kind."""
        return [
            head
            for head in read_heads(self.revisions(partnership))
            if practice in (None, head.practice) and kind in (None, head.kind)
        ]

    def conflicts(self, partnership: str) -> dict[str, tuple[Revision, ...]]:
        """Record id -> its rival heads, for records that two people changed at once."""
        return {
            record: rivals
            for record, rivals in heads_of(self.revisions(partnership)).items()
            if len(rivals) > 1
        }

    def partnerships(self) -> list[str]:
        """The short names of all partnerships that have records, in order."""
        query = select(schema.revision.c.partnership).distinct()
        with self._transaction() as connection:
            return sorted(connection.execute(query).scalars())

    def fingerprint(self, partnership: str) -> str:
        """A text that changes exactly when the partnership's set of revisions changes."""
        return self.fingerprints([partnership])[partnership]

    def fingerprints(self, partnerships: Iterable[str] | None = None) -> dict[str, str]:
        """Partnership -> fingerprint, read in one go; all partnerships where none are named."""
        wanted = None if partnerships is None else list(partnerships)
        query = select(schema.revision.c.partnership, schema.revision.c.id)
        if wanted is not None and len(wanted) <= _CHUNK:
            query = query.where(schema.revision.c.partnership.in_(wanted))
        ids: dict[str, list[str]] = {slug: [] for slug in wanted or ()}
        with self._transaction() as connection:
            for slug, revision_id in connection.execute(query):
                if wanted is None or slug in ids:
                    ids.setdefault(slug, []).append(revision_id)
        return {
            slug: hashlib.sha256("".join(sorted(held)).encode()).hexdigest()
            for slug, held in ids.items()
        }

    # Backup ----------------------------------------------------------------------------------

    def backup(self, path: Path) -> Path:
        """Write a copy of the whole store to a new SQLite file that opens as a store; its path.

        SQLite's own backup call while others may be writing; from PostgreSQL all revisions of
        one consistent snapshot. The copy appears by rename, whole or not at all. Raises
        StoreError if `path` is there already or cannot be written.
        """
        path = Path(path)
        if path.exists():
            raise StoreError(
                "A file of that name is there already", value=str(path), kept="that file, untouched"
            )
        fresh = path.with_name(f".{path.name}.{os.getpid()}.part")
        try:
            if self._url.get_backend_name() == "sqlite":
                self._copy_sqlite(fresh)
            else:
                with Store(f"sqlite:///{fresh}") as copy:
                    copy.append(self.revisions())
                with suppress(FileNotFoundError):
                    fresh.with_name(fresh.name + "-wal").unlink()
            fresh.rename(path)
        except (OSError, sqlite3.Error) as error:
            raise StoreError("The copy could not be written", value=f"{path}: {error}") from error
        finally:
            for leftover in path.parent.glob(f"{fresh.name}*"):
                leftover.unlink()
        return path

    def _copy_sqlite(self, target: Path) -> None:
        with self._engine.connect() as connection:
            source = connection.connection.driver_connection
            copy = sqlite3.connect(target)
            try:
                source.backup(copy)  # type: ignore[union-attr]
                copy.execute("PRAGMA journal_mode = DELETE")  # one file, nothing beside it
            finally:
                copy.close()

    # Opening ---------------------------------------------------------------------------------

    def _check_file(self, create: bool) -> None:
        if self._url.get_backend_name() != "sqlite" or not self._url.database:
            return
        file = Path(self._url.database)
        if not create and not file.is_file() and self._url.database != ":memory:":
            raise StoreError("There is no store at this address", value=self.url, allowed=ALLOWED)
        if not file.parent.is_dir():
            raise StoreError(
                "The folder for the store is not there", value=str(file.parent), allowed=ALLOWED
            )

    def _prepare(self, create: bool) -> None:
        with self._transaction() as connection:
            tables = set(inspect(connection).get_table_names())
            version = self._version(connection) if "playbook" in tables else None
        if version is not None and version > schema.VERSION:
            raise StoreError(
                "This store was made by a newer version of the playbook",
                value=f"{self.url}, version {version}",
                allowed=f"version {schema.VERSION} or older: update the playbook first",
                kept="the store, untouched",
            )
        if version is None:
            if tables and self._url.get_backend_name() == "sqlite":
                raise StoreError(
                    "This file is a database, but not a playbook store",
                    value=self.url,
                    kept="the file, untouched",
                )
            if not create:
                raise StoreError("There is no store at this address", value=self.url)
            with self._transaction(writes=True) as connection:
                schema.create(connection)

    @staticmethod
    def _version(connection: Connection) -> int | None:
        row = connection.execute(schema.stamp.select()).first()
        return None if row is None else int(row.version)

    @contextmanager
    def _transaction(self, *, writes: bool = False) -> Iterator[Connection]:
        """One transaction: committed at the end, rolled back at any error, told in plain words."""
        try:
            with self._engine.connect() as connection:
                connection = connection.execution_options(playbook_writes=writes)
                with connection.begin():
                    yield connection
        except SQLAlchemyError as error:
            raise self._explained(error, writes) from error

    def _explained(self, error: SQLAlchemyError, writes: bool) -> StoreError:
        said = str(error.orig) if isinstance(error, DBAPIError) and error.orig else str(error)
        said = " ".join(said.split())
        low = said.lower()
        kept = "everything saved before; of this, nothing" if writes else ""
        if "disk is full" in low or "no space left" in low or "disk full" in low:
            return StoreError("The disk is full", value=self.url, kept=kept)
        if "readonly" in low or "read-only" in low:
            return StoreError("The store can only be read", value=self.url, kept=kept)
        if "not a database" in low or "malformed" in low:
            return StoreError("This file is not a playbook store", value=self.url)
        if "locked" in low:
            return StoreError("Another program keeps the store busy", value=self.url, kept=kept)
        if isinstance(error, DatabaseError) and "unable to open" in low:
            return StoreError("The store cannot be opened", value=self.url, allowed=ALLOWED)
        return StoreError("The store cannot be reached", value=f"{self.url}: {said}", kept=kept)


def _chunks(items: Sequence[Any]) -> Iterator[Sequence[Any]]:
    for start in range(0, len(items), _CHUNK):
        yield items[start : start + _CHUNK]


def _row(revision: Revision) -> dict[str, object]:
    return revision.to_json() | {
        "payload": canonical(revision.payload),
        "parents": json.dumps(list(revision.parents)),
        "stored_time": revision.stored_time,
    }


def _read(row: Row[Any]) -> Revision:
    return Revision(
        id=row.id,
        partnership=row.partnership,
        practice=row.practice,
        kind=row.kind,
        record=row.record,
        payload=json.loads(row.payload),
        parents=tuple(json.loads(row.parents)),
        deleted=row.deleted,
        schema_version=row.schema_version,
        author=row.author,
        client_time=row.client_time,
        stored_time=row.stored_time,
    )
