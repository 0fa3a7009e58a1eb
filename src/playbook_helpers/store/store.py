"""Store: append revisions, read heads and history, merge, back up.

`append` has committed when it returns, and only then may anybody be told "saved". Nothing is
ever changed: sending a revision twice stores it once, and an id that comes back with another
content is refused. A Store keeps no connection open between calls, so a process may be forked
while it holds one; pickled, it opens itself again by its address in the other process.
"""

from __future__ import annotations

import os
import sqlite3
from collections.abc import Iterable, Iterator, Sequence
from contextlib import AbstractContextManager, contextmanager, nullcontext
from pathlib import Path
from threading import RLock
from types import TracebackType
from typing import Any

from sqlalchemy import Connection, Row, select
from sqlalchemy.exc import SQLAlchemyError

from playbook_helpers.assessment import Head
from playbook_helpers.errors import StoreError
from playbook_helpers.practices import as_kept, is_pseudonymous, stored_moment
from playbook_helpers.revisions import (
    Revision,
    age,
    from_json,
    heads_of,
    merge,
    now,
    standing,
)
from playbook_helpers.store import schema
from playbook_helpers.store.arrival import forget
from playbook_helpers.store.copying import copy_sqlite, settle, write_copy
from playbook_helpers.store.engines import (
    ALLOWED,
    address_of,
    has_write_ahead_log,
    is_memory,
    keep_write_ahead_log,
    open_engine,
    read_url,
    shown,
)
from playbook_helpers.store.heads import read_many
from playbook_helpers.store.many import ManyReads
from playbook_helpers.store.reasons import explained, is_missing
from playbook_helpers.store.rows import as_revision, as_row, chunks, held, parents

WAIT_SECONDS = 30.0
"""How long a call waits for another program's writing before it gives up."""


class Store(ManyReads):
    """All revisions of all partnerships at one address. Use as a context manager or `close` it."""

    def __init__(
        self, address: str, *, create: bool = True, wait_seconds: float = WAIT_SECONDS
    ) -> None:
        self._url = read_url(os.fspath(address))
        self.address = address_of(self._url)
        """What opens the same store again, password included: for programs, never for people."""
        self.url = shown(self._url)
        """The address without its password."""
        self._check_file(create)
        self._engine = open_engine(self._url, wait_seconds)
        # A store in memory has one connection, which its threads must take in turn.
        self._turn: AbstractContextManager[Any] = RLock() if is_memory(self._url) else nullcontext()
        try:
            self._prepare(create)
        except BaseException:
            self._engine.dispose()
            raise

    @classmethod
    def open(cls, url: str, *, create: bool = True, wait_seconds: float = WAIT_SECONDS) -> Store:
        """Open the store at `url`, making it where there is none unless `create` is False.

        `url` is a file's path, `sqlite:///FILE` or `postgresql+psycopg://USER@HOST/DATABASE`;
        `sqlite://` is a store in memory, gone when it is closed. Raises StoreError, with the
        address (no password) and what is allowed, where it cannot be reached, is no playbook
        store, or was made by a newer version.
        """
        return cls(url, create=create, wait_seconds=wait_seconds)

    def __enter__(self) -> Store:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.close()

    def __repr__(self) -> str:
        return f"Store({self.url!r})"

    def __reduce__(self) -> tuple[object, ...]:
        if is_memory(self._url):
            raise StoreError("A store in memory cannot be used by another process", value=self.url)
        return (_reopened, (self.address,))

    def close(self) -> None:
        """Let go of the database. Closing twice does no harm."""
        self._engine.dispose()

    # Writing ---------------------------------------------------------------------------------

    def append(self, revisions: Revision | Iterable[Revision]) -> int:
        """Store one revision, or those of several that are not there yet; how many were new.

        All or nothing, and committed on return. Raises RevisionChanged if an id is there, or
        comes twice, with another content; InputError if a revision is malformed; StoreError if
        the database cannot take it. In each case nothing was stored.
        """
        several = [revisions] if isinstance(revisions, Revision) else revisions
        given = merge(as_kept(from_json(revision.to_json())) for revision in several)
        if not given:
            return 0
        moment = now()
        # In the order of their ids, so that two writers of the same revisions never wait for
        # each other in a circle.
        ordered = [given[key] for key in sorted(given)]
        with self._transaction(writes=True) as connection:
            new = sum(self._add(connection, part, moment) for part in chunks(ordered))
            forget(connection, _with_answers(ordered) if new else ())
            return new

    def merge(self, other: Store | str | Path | Iterable[Revision]) -> int:
        """Take over all revisions of another store, its address, or a collection; how many new.

        All or nothing, as `append`; another store is read a piece at a time.
        """
        if isinstance(other, str | Path):
            with Store.open(str(other), create=False) as opened:
                return self.merge(opened)
        if not isinstance(other, Store):
            return self.append(other)
        if other is self or (other.address == self.address and not is_memory(self._url)):
            return 0
        moment = now()
        with other._transaction() as source, self._transaction(writes=True) as target:
            found = source.execution_options(yield_per=500).execute(
                select(schema.revision).order_by(schema.revision.c.id)
            )
            checked = (as_kept(from_json(as_revision(row).to_json())) for row in found)
            new, told = 0, set[str]()
            for part in chunks(checked):
                new += self._add(target, part, moment)
                told |= _with_answers(part)
            forget(target, told if new else ())
            return new

    def _add(self, connection: Connection, given: Sequence[Revision], moment: str) -> int:
        """Store what is new among at most one chunk of revisions; how many."""
        there = held(connection, [revision.id for revision in given])
        merge(there.values(), given)  # refuses what was altered
        fresh = [revision for revision in given if revision.id not in there]
        if not fresh:
            return 0
        rows = [as_row(r, stored_moment(r.kind, moment)) for r in fresh]
        if connection.dialect.name == "sqlite":
            connection.execute(schema.revision.insert(), rows)
            return len(rows)
        from sqlalchemy.dialects.postgresql import insert

        # Another writer may have stored the same id since we looked; theirs counts if it is equal.
        query = insert(schema.revision).on_conflict_do_nothing().returning(schema.revision.c.id)
        stored = set(connection.execute(query, rows).scalars())
        others = [revision.id for revision in fresh if revision.id not in stored]
        merge(held(connection, others).values(), fresh)
        return len(stored)

    # Reading ---------------------------------------------------------------------------------

    def revisions(self, partnership: str | None = None) -> list[Revision]:
        """All revisions, or those of one partnership, oldest first."""
        return sorted(map(as_revision, self._rows(partnership=partnership)), key=age)

    def history(self, record: str) -> list[Revision]:
        """All revisions of one record, oldest first."""
        return sorted(map(as_revision, self._rows(record=record)), key=age)

    def histories(self, partnership: str, kinds: Iterable[str]) -> dict[str, tuple[Revision, ...]]:
        """Record id -> all its revisions, oldest first, for records of some kinds only."""
        found: dict[str, list[Revision]] = {}
        for kind in sorted(set(kinds)):
            for row in self._rows(partnership=partnership, kind=kind):
                found.setdefault(row.record, []).append(as_revision(row))
        return {record: tuple(sorted(held, key=age)) for record, held in found.items()}

    def heads(
        self,
        partnership: str | None = None,
        *,
        practice: str | None = None,
        kind: str | None = None,
    ) -> list[Head]:
        """The heads of one partnership's records (or of all), typed, oldest first.

        `practice` and `kind` keep only those of one.
        """
        if partnership is None:
            every = [head for _, found in self.heads_of_many() for head in found]
            heads = sorted(every, key=lambda head: (head.client_time, head.revision))
        else:
            with self._transaction() as connection:
                ((_, heads),) = read_many(connection, [partnership])
        return [
            head
            for head in heads
            if practice in (None, head.practice) and kind in (None, head.kind)
        ]

    def conflicts(self, partnership: str | None = None) -> dict[str, tuple[Revision, ...]]:
        """Record id -> its rival heads, for records that two people changed at once.

        Of one partnership, or of all.
        """
        return {
            record: rivals
            for record, rivals in heads_of(self._standing(partnership)).items()
            if len(rivals) > 1
        }

    def _standing(self, partnership: str | None) -> list[Revision]:
        """The revisions of a partnership (or all) that none replaces: all that heads depend on."""
        rows = self._rows(partnership=partnership)
        stand = standing((row.record, row.id, parents(row.parents)) for row in rows)
        kept = {revision for ids in stand.values() for revision in ids}
        return [as_revision(row) for row in rows if row.id in kept]

    def _rows(self, **equal: str | None) -> list[Row[Any]]:
        query = select(schema.revision)
        for name, value in equal.items():
            if value is not None:
                query = query.where(schema.revision.c[name] == value)
        with self._transaction() as connection:
            return list(connection.execute(query))

    # Backup ----------------------------------------------------------------------------------

    def backup(self, path: Path | str) -> Path:
        """Write a copy of the whole store to a new SQLite file that opens as a store; its path.

        SQLite's own backup call while others may be writing; from PostgreSQL all revisions of
        one consistent snapshot. The copy appears by rename, whole or not at all. Raises
        StoreError if `path` is there already or cannot be written.
        """
        try:
            return write_copy(Path(path), self._fill)
        except SQLAlchemyError as error:
            raise explained(error, self._url, writes=False) from error

    def _fill(self, target: Path) -> None:
        if self._url.get_backend_name() == "sqlite":
            with self._turn:
                copy_sqlite(self._engine, target)
            return
        with (
            Store(address_of(read_url(str(target)))) as copy,
            self._transaction() as source,
            copy._transaction(writes=True) as filled,
        ):
            found = source.execution_options(yield_per=500).execute(select(schema.revision))
            for part in chunks(found):
                filled.execute(schema.revision.insert(), [dict(row._mapping) for row in part])
        connection = sqlite3.connect(target)
        try:
            settle(connection)
        finally:
            connection.close()

    # Opening ---------------------------------------------------------------------------------

    def _check_file(self, create: bool) -> None:
        """Refuse a file that is not there or cannot be; make an empty one where one is wanted."""
        if self._url.get_backend_name() != "sqlite" or is_memory(self._url):
            return
        file = Path(self._url.database or "")
        try:
            if file.is_file():
                return
            if file.is_dir():
                raise StoreError("This is a folder, not a store", value=self.url, allowed=ALLOWED)
            if not create:
                raise StoreError(
                    "There is no store at this address", value=self.url, allowed=ALLOWED
                )
            if not file.parent.is_dir():
                raise StoreError(
                    "The folder for the store is not there",
                    value=str(file.parent),
                    allowed="a folder that is there",
                )
            file.touch()
        except (OSError, ValueError) as error:
            raise StoreError(
                f"The store's file cannot be made or opened: {error}", value=self.url
            ) from error

    def _prepare(self, create: bool) -> None:
        if self._stands():
            return
        version, there = self._found()
        if version is None and {schema.revision.name, schema.stamp.name} & there:
            raise self._foreign()
        if version is None and there and self._url.get_backend_name() == "sqlite":
            raise self._foreign()
        if version is None and not create:
            raise StoreError("There is no store at this address", value=self.url, allowed=ALLOWED)
        if version is None:
            with self._transaction(writes=True) as connection:
                schema.create(connection)
        elif version > schema.VERSION:
            raise StoreError(
                "This store was made by a newer version of the playbook",
                value=f"{self.url}, version {version}",
                allowed=f"version {schema.VERSION} or older: update the playbook first",
                kept="the store, untouched",
            )
        if self._url.get_backend_name() == "sqlite" and not is_memory(self._url):
            keep_write_ahead_log(self._engine)

    def _stands(self) -> bool:
        """Whether a store of this version is there and wants nothing: the usual case, one look."""
        try:
            with self._transaction() as connection:
                if schema.read_stamp(connection) != schema.VERSION:
                    return False
                return connection.dialect.name != "sqlite" or has_write_ahead_log(connection)
        except StoreError as error:
            if is_missing(error.__cause__):
                return False
            raise

    def _found(self) -> tuple[int | None, set[str]]:
        """The version of the store that is there, if there is one, and all tables there are."""
        with self._transaction() as connection:
            # Looked at once: another program may be making the store at this moment.
            there = schema.tables(connection)
            return schema.read_version(connection, there), there

    def _foreign(self) -> StoreError:
        return StoreError(
            "This is a database, but not a playbook store",
            value=self.url,
            allowed="a playbook store, or the name of a new file",
            kept="the database, untouched",
        )

    @contextmanager
    def _transaction(self, *, writes: bool = False) -> Iterator[Connection]:
        """One transaction: committed at the end, rolled back at any error, told in plain words."""
        done = False
        try:
            with self._turn, self._engine.connect() as connection:
                connection = connection.execution_options(playbook_writes=writes)
                with connection.begin():
                    yield connection
                    done = True
        except (SQLAlchemyError, sqlite3.Error) as error:
            raise explained(error, self._url, writes=writes, commit=done) from error


def _with_answers(revisions: Iterable[Revision]) -> set[str]:
    """The partnerships with revisions among these that must not tell whose they are."""
    return {r.partnership for r in revisions if is_pseudonymous(r.kind)}


def _reopened(address: str) -> Store:
    return Store.open(address, create=False)
