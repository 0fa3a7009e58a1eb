"""Store: append revisions, read heads and history, merge, back up.

`append` has committed when it returns, and only then may anybody be told "saved". Nothing is
ever changed: sending a revision twice stores it once, and an id that comes back with another
content is refused. A Store keeps no connection open between calls, so a process may be forked
while it holds one; pickled, it opens itself again by its address in the other process.

Answers that are nobody's are kept apart (`boxes`), so that no file tells in which order they came.
Where a save touches both, the answers are in force first; what a kill leaves of a closing then is
finished by the next opening.
"""

from __future__ import annotations

import os
import sqlite3
from collections.abc import Iterable, Iterator
from contextlib import AbstractContextManager, contextmanager, nullcontext
from pathlib import Path
from threading import RLock
from types import TracebackType
from typing import Any

from sqlalchemy import Connection, Row, select
from sqlalchemy.exc import SQLAlchemyError

from playbook_helpers.core.assessment import Head
from playbook_helpers.core.errors import StoreError
from playbook_helpers.core.revisions import Revision, age, from_json, heads_of, merge
from playbook_helpers.practices.kinds import COUNTED_KINDS, SECRET_KINDS, as_kept
from playbook_helpers.storage.database import schema, tallies
from playbook_helpers.storage.database.ballots import Ballots
from playbook_helpers.storage.database.boxes import Box, FileBox, MemoryBox, TableBox
from playbook_helpers.storage.database.copying import fill_copy, left_as_it_is, write_copy
from playbook_helpers.storage.database.engines import (
    address_of,
    is_memory,
    open_engine,
    read_url,
    shown,
)
from playbook_helpers.storage.database.heads import read_many
from playbook_helpers.storage.database.many import ManyReads, in_order
from playbook_helpers.storage.database.opening import Opening
from playbook_helpers.storage.database.reasons import explained
from playbook_helpers.storage.database.rows import as_revision, checked, line_of
from playbook_helpers.storage.database.saving import Saved, Saving

WAIT_SECONDS = 30.0
"""How long a call waits for another program's writing before it gives up."""


class Store(Saving, Opening, ManyReads):
    """All revisions of all partnerships at one address. Use as a context manager or `close` it."""

    def __init__(
        self, address: str, *, create: bool = True, wait_seconds: float = WAIT_SECONDS
    ) -> None:
        self._url = read_url(os.fspath(address))
        self.address = address_of(self._url)
        """What opens the same store again, password included: for programs, never for people."""
        self.url = shown(self._url)
        """The address without its password."""
        self.wait_seconds = wait_seconds
        """How long a call waits for another program's writing before it gives up."""
        self._check_file(create)
        self._engine = open_engine(self._url, wait_seconds)
        # A store in memory has one connection, which its threads must take in turn.
        self._turn: AbstractContextManager[Any] = RLock() if is_memory(self._url) else nullcontext()
        self._box: Box = TableBox()
        if self._url.get_backend_name() == "sqlite":
            file = Path(self._url.database or "")
            self._box = FileBox(file)
            if is_memory(self._url):
                self._box = MemoryBox()
        try:
            self._prepare(create)
        except BaseException:
            self._engine.dispose()
            raise

    @classmethod
    def open(cls, url: str, *, create: bool = True, wait_seconds: float = WAIT_SECONDS) -> Store:
        """Open the store at `url`, making it where there is none unless `create` is False.

        `url` is a file's path, `sqlite:///FILE` or `postgresql+psycopg://USER@HOST/DATABASE`;
        `sqlite://` is a store in memory, gone when it is closed. A store in a file has a second
        one beside it, `FILE-secret`, with the answers that are nobody's. Raises StoreError, with
        the address (no password) and what is allowed, where it cannot be reached, is no playbook
        store, was made by a newer version, or its second file is missing.
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
        if self._uncounted:
            self._settle()
        self._engine.dispose()

    # Writing ---------------------------------------------------------------------------------

    def append(self, revisions: Revision | Iterable[Revision]) -> Saved:
        """Store one revision, or those of several that are not there yet; how many were new.

        All or nothing, and committed on return. A round is closed by a closing record among them,
        or because its answers are now as many as a person counted. Answers to a round that was
        closed before are kept and wait; what is returned tells of such rounds (`Saved`).

        Raises RevisionChanged if an id is there, or comes twice, with another content; InputError
        if a revision is malformed; StoreError if the database cannot take it. In each case nothing
        was stored, unless the error says otherwise.
        """
        several = [revisions] if isinstance(revisions, Revision) else revisions
        given = merge(as_kept(from_json(revision.to_json())) for revision in several)
        if not given:
            return Saved(0)
        # In the order of their ids, so that two writers of the same revisions never wait for
        # each other in a circle.
        ordered = [given[key] for key in sorted(given)]
        secret = [revision for revision in ordered if revision.kind in SECRET_KINDS]
        opened = [revision for revision in ordered if revision.kind not in SECRET_KINDS]
        touches = bool(secret) or any(r.kind in COUNTED_KINDS for r in opened)
        with self._transaction(writes=True) as connection:
            saved = self._save(connection, opened, secret, touches=touches)
        self._forget(saved)
        return saved

    def merge(self, other: Store | str | Path | Iterable[Revision]) -> Saved:
        """Take over all revisions of another store, its address, or a collection; how many new.

        All or nothing, as `append`; another store is read a piece at a time, and a copy that
        `backup` made, or a store of the version before, stays as it is. Rounds that are
        closed there are closed here with the pictures that they have there; what is here already
        stays as it is. No round is closed because its answers were counted.
        """
        if isinstance(other, str | Path):
            with left_as_it_is(str(other)) as address, Store.open(address, create=False) as opened:
                return self.merge(opened)
        if not isinstance(other, Store):
            return self.append(other)
        if other is self or (other.address == self.address and not is_memory(self._url)):
            return Saved(0)
        with other._transaction() as source, self._transaction(writes=True) as target:
            _check_all(source)
            answers = other._box.read(source).values()
            secret = [revision for held in answers for revision in held.answers.values()]
            found = source.execution_options(yield_per=500).execute(
                select(schema.revision).order_by(schema.revision.c.id)
            )
            given = (as_kept(from_json(as_revision(row).to_json())) for row in checked(found))
            saved = self._save(target, given, secret, touches=True, counts=False)
        self._forget(saved)
        return saved

    def _forget(self, saved: Saved) -> None:
        """Before a picture of a round can be drawn, its table forgets how the answers came."""
        if isinstance(self._box, TableBox) and (saved.closed or saved.counted):
            self._box.clear(self._engine, "unforgotten")

    # Reading ---------------------------------------------------------------------------------

    def revisions(self, partnership: str | None = None) -> list[Revision]:
        """All revisions, or those of one partnership, oldest first."""
        slugs = None if partnership is None else [partnership]
        with self._transaction() as connection:
            rows = self._rows(connection, partnership=partnership)
            opened = list(map(as_revision, rows))
            tallies.check(connection, map(line_of, rows), slugs)
            box = self._box.read(connection, slugs)
        answers = [r for ballots in box.values() for r in ballots.answers.values()]
        return sorted([*opened, *answers], key=age)

    def history(self, record: str) -> list[Revision]:
        """All revisions of one record, oldest first."""
        slug = self.owners([record]).get(record)
        # Where nothing is found, all is read: a damaged page may be why.
        return [revision for revision in self.revisions(slug) if revision.record == record]

    def histories(self, partnership: str, kinds: Iterable[str]) -> dict[str, tuple[Revision, ...]]:
        """Record id -> all its revisions, oldest first, for records of some kinds only."""
        wanted = sorted(set(kinds))
        found: dict[str, list[Revision]] = {}
        with self._transaction() as connection:
            rows = [
                row
                for kind in wanted
                for row in self._rows(connection, partnership=partnership, kind=kind)
            ]
            tallies.check(connection, map(line_of, rows), [partnership], kinds=wanted)
            answers: Iterable[Revision] = ()
            if SECRET_KINDS & set(wanted):
                box = self._box.read(connection, [partnership])
                answers = box.get(partnership, Ballots()).answers.values()
        for revision in (*map(as_revision, rows), *(r for r in answers if r.kind in wanted)):
            found.setdefault(revision.record, []).append(revision)
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
            heads = in_order(head for _, found in self.heads_of_many() for head in found)
        else:
            with self._transaction() as connection:
                ((_, opened),) = read_many(connection, [partnership])
                secret = self._secret_heads(connection, [partnership])
            heads = in_order((*opened, *secret.get(partnership, ())))
        return [
            head
            for head in heads
            if practice in (None, head.practice) and kind in (None, head.kind)
        ]

    def conflicts(self, partnership: str | None = None) -> dict[str, tuple[Revision, ...]]:
        """Record id -> its rival heads, for records that two people changed at once.

        Of one partnership, or of all.
        """
        heads = heads_of(self.revisions(partnership))
        return {record: rivals for record, rivals in heads.items() if len(rivals) > 1}

    def is_closed(self, partnership: str, kind: str, when: str) -> bool:
        """Whether a round of a kind that is nobody's is closed, so that answers come too late."""
        with self._transaction() as connection:
            box = self._box.read(connection, [partnership])
        return (kind, when) in box.get(partnership, Ballots()).closed

    def _rows(self, connection: Connection, **equal: str | None) -> list[Row[Any]]:
        query = select(schema.revision)
        for name, value in equal.items():
            if value is not None:
                query = query.where(schema.revision.c[name] == value)
        return list(checked(connection.execute(query)))

    # Backup ----------------------------------------------------------------------------------

    def backup(self, path: Path | str) -> Path:
        """Write a copy of the whole store to a new SQLite file that opens as a store; its path.

        One file with everything in it, the secret answers too, in the order of their ids; opened
        as a store, it puts them into a file of their own again. SQLite's own backup call while
        others may be writing; from PostgreSQL all revisions of one consistent snapshot. The copy
        appears by rename, whole or not at all. Raises StoreError if `path` is there already or
        cannot be written, or if what was copied is damaged, and says what is whole.
        """

        def fill(target: Path) -> None:
            with self._transaction() as connection:
                fill_copy(connection, self._box.read(connection), target)

        return write_copy(Path(path), fill)

    @contextmanager
    def _transaction(self, *, writes: bool = False, waits: bool = True) -> Iterator[Connection]:
        """One transaction: committed at the end, rolled back at any error, told in plain words.

        Without `waits` a file that another program is writing to is given up at once.
        """
        done = landed = False
        try:
            with self._turn, self._engine.connect() as connection:
                connection = connection.execution_options(
                    playbook_writes=writes, playbook_waits=waits
                )
                if not writes and connection.dialect.name == "postgresql":
                    # What is read is held against what was counted: both of one moment.
                    connection = connection.execution_options(isolation_level="REPEATABLE READ")
                with connection.begin():
                    yield connection
                    landed = connection.info.pop("playbook_landed", False)
                    done = True
        except (SQLAlchemyError, sqlite3.Error, UnicodeDecodeError) as error:
            told = explained(error, self._url, writes=writes, commit=done)
            if landed and isinstance(self._box, FileBox):
                told.kept = "everything saved before, and the secret answers of this: send it again"
            raise told from error


def _check_all(connection: Connection) -> None:
    """Raise StoreError where a revision of a store is lost."""
    table = schema.revision.c
    query = select(table.partnership, table.practice, table.kind, table.id, table.erased)
    tallies.check(connection, (tuple(row) for row in connection.execute(query)), None)


def _reopened(address: str) -> Store:
    return Store.open(address, create=False)
