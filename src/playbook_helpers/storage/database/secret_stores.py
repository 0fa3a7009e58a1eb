"""Where answers that are nobody's lie: for a store in a file, in a second file beside it.

The second file is never changed in place, because every way of changing a database in place
leaves the order of what was written in it: in the places of rows, in freed pages, in a write-ahead
log or a journal. Each save writes the whole file anew, all rows in the order of their ids, which
is chance, and puts it in the place of the old one by rename. So its bytes follow from what it
holds, whoever reads meanwhile and whenever the writer is killed; a reader never waits and never
hinders. Who may write is settled by the write lock of the store itself.

What is not in it cannot be hidden by it: whoever keeps copies of the file from before and after an
answer can compare them, and the blocks of a disk may hold what a file system has given up.

In PostgreSQL the answers are in a table of the same database; `SecretTables` says what holds there.
"""

from __future__ import annotations

import os
import sqlite3
import time
from collections.abc import Collection, Iterator, Mapping, Sequence
from contextlib import closing, contextmanager, suppress
from pathlib import Path
from typing import Any, Protocol

from sqlalchemy import Connection, Engine, select, text
from sqlalchemy.exc import SQLAlchemyError

from playbook_helpers.core.errors import StoreError
from playbook_helpers.storage.database import pairing, schema
from playbook_helpers.storage.database.answers import (
    ALL,
    Rows,
    as_ballots,
    fill,
    grown,
    line_of,
    lines_of,
    name_in,
    read_rows,
    replaced,
)
from playbook_helpers.storage.database.ballots import Ballots
from playbook_helpers.storage.database.tallies import damaged


class SecretStore(Protocol):
    """What keeps the answers of a store. All writing happens in a writing transaction of it."""

    def read(
        self, connection: Connection, slugs: Collection[str] | None = None
    ) -> dict[str, Ballots]:
        """Partnership -> its ballots, for those of `slugs` (None: all) that have any."""

    def slugs(self, connection: Connection) -> set[str]:
        """The partnerships that have any."""

    def owners(self, connection: Connection, records: Collection[str]) -> dict[str, str]:
        """Record id -> partnership, for those that are answers here."""

    def lock(self, connection: Connection) -> None:
        """Wait until nobody else writes answers, where the transaction alone does not."""

    def stage(self, connection: Connection, changed: Mapping[str, Ballots]) -> None:
        """Write the ballots of some partnerships, to be in force with `apply`."""

    def apply(self) -> None:
        """Put what was staged in force; the last thing before the commit."""

    def drop(self) -> None:
        """Forget what was staged."""


class MemorySecrets:
    """The answers of a store in memory."""

    def __init__(self) -> None:
        self._held: dict[str, Ballots] = {}
        self._staged: dict[str, Ballots] = {}

    def read(
        self, connection: Connection, slugs: Collection[str] | None = None
    ) -> dict[str, Ballots]:
        """A copy of the ballots, so that nobody changes them by accident."""
        return {
            slug: Ballots(dict(held.answers), set(held.closed), set(held.voted))
            for slug, held in self._held.items()
            if slugs is None or slug in slugs
        }

    def slugs(self, connection: Connection) -> set[str]:
        """The partnerships that have any."""
        return set(self._held)

    def owners(self, connection: Connection, records: Collection[str]) -> dict[str, str]:
        """Record id -> partnership, for those that are answers here."""
        answers = (r for held in self._held.values() for r in held.answers.values())
        return {r.record: r.partnership for r in answers if r.record in records}

    def lock(self, connection: Connection) -> None:
        """The store's own turn is enough."""

    def stage(self, connection: Connection, changed: Mapping[str, Ballots]) -> None:
        """Keep them for `apply`."""
        self._staged = dict(changed)

    def apply(self) -> None:
        """Take what was staged."""
        self._held |= self._staged
        self.drop()

    def drop(self) -> None:
        """Forget what was staged."""
        self._staged = {}


class SecretFile:
    """The answers of a store in a file, in a file of their own beside it."""

    def __init__(self, store: Path) -> None:
        real = Path(os.path.realpath(store))  # a link to a store is that store
        self.store = real
        self.file = real.with_name(f"{real.name}-secret")
        self._fresh = real.with_name(f"{real.name}-secret.part")
        self._staged = False
        self._doubted = False

    def read(
        self, connection: Connection | None = None, slugs: Collection[str] | None = None
    ) -> dict[str, Ballots]:
        """Partnership -> its ballots. Raises StoreError if the file is missing or damaged.

        With a connection, also if it is another store's, or has less than the store has counted.
        """
        # Read first: what is put in force meanwhile only adds to it.
        name, counts = pairing.read(connection, slugs) if connection is not None else ("", {})
        with self._opened() as db:
            rows = read_rows(db, slugs)
        if connection is not None:
            self._check_name(name, rows[1])
        found = as_ballots(rows, str(self.file), total=slugs is None)
        for slug, least in counts.items():
            if grown(line_of(found.get(slug, Ballots()))) < least:
                raise pairing.behind(self.file, slug)
        if self._doubted and not found.keys() >= set(slugs or ()):
            raise damaged(str(self.file))  # they may be among those that are lost
        return found

    def _check_name(self, name: str, told: Sequence[Sequence[Any]]) -> None:
        if name != pairing.NEW and name_in(told, str(self.file)) not in ("", pairing.NEW, name):
            raise pairing.another(self.file)

    def name(self) -> str:
        """The name of the store that the file belongs to; empty where there is none."""
        if not self.file.exists():
            return ""
        with self._opened() as db:
            return name_in(read_rows(db, ())[1], str(self.file))

    def slugs(self, connection: Connection | None = None) -> set[str]:
        """The partnerships that have any. Raises StoreError as `read`."""
        return set(self._told())

    def closed(self) -> set[tuple[str, str, str]]:
        """The closed rounds: partnership, kind and round. Raises StoreError as `read`."""
        told = self._told().items()
        return {(slug, kind, when) for slug, line in told for kind, when in line["closed"]}

    def grown(self) -> dict[str, int]:
        """Partnership -> a number that grows with each change of its answers (`ties`)."""
        return {slug: grown(line) for slug, line in self._told().items()}

    def _told(self) -> dict[str, Any]:
        with self._opened() as db:
            try:
                told = db.execute("SELECT * FROM answered").fetchall()
            except (sqlite3.Error, UnicodeDecodeError) as error:
                raise damaged(str(self.file)) from error
        try:
            return lines_of(told, str(self.file))
        except StoreError:
            self._doubted = True
            raise

    def owners(self, connection: Connection | None, records: Collection[str]) -> dict[str, str]:
        """Record id -> partnership, for answers that are here. Raises StoreError as `read`."""
        with self._opened() as db:
            try:
                found = db.execute("SELECT record, partnership FROM answer")
                return {record: slug for record, slug in found if record in records}
            except (sqlite3.Error, UnicodeDecodeError) as error:
                raise damaged(str(self.file)) from error

    def lock(self, connection: Connection) -> None:
        """The write lock of the store is enough."""

    def stage(self, connection: Connection, changed: Mapping[str, Ballots]) -> None:
        """Write a whole new file beside the old one; a damaged one is never written anew."""
        rows: list[Sequence[Any]] = []
        told: list[Sequence[Any]] = []
        name = pairing.name_of(connection)
        if self.file.exists():
            with self._opened() as db:
                rows, told = read_rows(db, None)
                as_ballots((rows, told), str(self.file), only=())
            self._check_name(name, told)
        self.write(replaced((rows, told), changed, name))

    def write(self, rows: Rows) -> None:
        """Write these rows, and no others, to the new file."""
        self._fresh.unlink(missing_ok=True)
        try:
            # Nobody else may look into it before it has the rights of the store.
            os.close(os.open(self._fresh, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600))
            with closing(sqlite3.connect(self._fresh, isolation_level=None)) as db:
                for setting in ("page_size = 4096", "journal_mode = OFF", "synchronous = OFF"):
                    db.execute(f"PRAGMA {setting}")
                db.execute("PRAGMA secure_delete = ON")
                fill(db, rows)
            self._as_the_store(self._fresh)
            with self._fresh.open("rb+") as file:
                os.fsync(file.fileno())
        except OSError as error:
            raise sqlite3.OperationalError(str(error)) from error
        self._staged = True

    def apply(self) -> None:
        """Put the new file in the place of the old one, for good."""
        if not self._staged:
            return
        for patience in reversed(range(50)):
            try:
                self._fresh.replace(self.file)
                break
            except PermissionError:  # Windows, while somebody reads the old one
                if os.name != "nt" or not patience:
                    raise
                time.sleep(0.05)
        self._staged = False
        if os.name == "posix":
            folder = os.open(self.file.parent, os.O_RDONLY)
            try:
                os.fsync(folder)
            finally:
                os.close(folder)

    def settle(self, connection: Connection) -> None:
        """Have the store count what is there now. Raises StoreError as `read`."""
        pairing.write(connection, self.grown())

    def drop(self) -> None:
        """Take away what was staged, or what a writer that was killed has left."""
        self._staged = False
        with suppress(OSError):
            self._fresh.unlink(missing_ok=True)

    @property
    def before(self) -> Path:
        """The copy of a store of the version before that bringing it over leaves beside it."""
        return self.store.with_name(f"{self.store.name}-version-1")

    @property
    def left_over(self) -> bool:
        """Whether a writer that was killed may have left a new file behind."""
        return self._fresh.exists()

    @contextmanager
    def _opened(self) -> Iterator[sqlite3.Connection]:
        try:
            # Nobody ever changes the file, so it needs no lock; another takes its place.
            db = sqlite3.connect(f"{self.file.as_uri()}?mode=ro&immutable=1", uri=True)
        except sqlite3.OperationalError as error:
            raise self.missing() if not self.file.exists() else damaged(str(self.file)) from error
        with closing(db):
            db.execute("PRAGMA trusted_schema = OFF")
            db.execute("PRAGMA cell_size_check = ON")
            yield db

    def missing(self) -> StoreError:
        """The error for a store whose answers are not beside it."""
        return StoreError(
            "The file with this store's secret answers is missing, so the store is not whole",
            value=str(self.file),
            allowed="put that file back beside the store, or take the last copy that `playbook "
            "backup` made; if it is lost for good: `playbook verify --begin-answers-again`",
            kept="the store, untouched",
        )

    def _as_the_store(self, path: Path) -> None:
        """Whoever may open the store may open its answers, and nobody else."""
        with suppress(OSError):
            found = self.store.stat()
            path.chmod(found.st_mode & 0o777)
            if os.name == "posix" and (found.st_uid, found.st_gid) != (os.geteuid(), os.getegid()):
                os.chown(path, found.st_uid, found.st_gid)


class SecretTables:
    """The answers of a store in PostgreSQL, in two tables of the same database.

    What holds: the rows of a partnership lie in the order of their ids, and one transaction has
    written them all, so neither the table nor a dump of it tells an order; they bear no time. Each
    save leaves the rows as they were before as dead ones in the table's file. When a round is
    closed, and when something is erased, the table is written anew without them (`VACUUM FULL`,
    where this user may do that). While another session keeps a transaction open that cannot be
    done, or leaves rows that it may still look at: then each opening tries again, and `playbook
    verify` says so where the table was not written anew. What does not hold: until then the file
    tells the order to whoever can read it, and PostgreSQL's write-ahead log does for as long as
    the server keeps it, and its archives and replicas. Both can be read only by whoever runs the
    server.
    """

    def read(
        self, connection: Connection, slugs: Collection[str] | None = None
    ) -> dict[str, Ballots]:
        """Partnership -> its ballots."""
        rows: list[Sequence[Any]] = []
        told: list[Sequence[Any]] = []
        wanted = None if slugs is None else sorted(slugs)
        for found, table, column in (
            (told, schema.answered, schema.answered.c.slug),
            (rows, schema.answer, schema.answer.c.partnership),
        ):
            query = select(table)
            for part in [None] if wanted is None else schema.chunks(wanted):
                asked = query if part is None else query.where(column.in_(part))
                found += [tuple(row) for row in connection.execute(asked)]
        return as_ballots((rows, told), "the table of answers", total=False)

    def stage(self, connection: Connection, changed: Mapping[str, Ballots]) -> None:
        """Take the rows of these partnerships out, and put all back in the order of their ids."""
        rows, told = replaced(([], []), changed)
        told = [line for line in told if line[0] != ALL]
        connection.execute(text("SELECT set_config('playbook.reorder', 'yes', true)"))
        for table, column in (
            (schema.answer, schema.answer.c.partnership),
            (schema.answered, schema.answered.c.slug),
        ):
            connection.execute(table.delete().where(column.in_(sorted(changed))))
        connection.execute(text("SELECT set_config('playbook.reorder', '', true)"))
        for table, lines in ((schema.answer, rows), (schema.answered, told)):
            named = [dict(zip(table.c.keys(), line, strict=True)) for line in lines]
            for part in schema.chunks(named):
                connection.execute(table.insert(), list(part))

    def slugs(self, connection: Connection) -> set[str]:
        """The partnerships that have any."""
        return set(connection.execute(select(schema.answered.c.slug)).scalars())

    def owners(self, connection: Connection, records: Collection[str]) -> dict[str, str]:
        """Record id -> partnership, for those that are answers here."""
        table = schema.answer.c
        query = select(table.record, table.partnership).where(table.record.in_(records))
        return {row.record: row.partnership for row in connection.execute(query)}

    def lock(self, connection: Connection) -> None:
        """Wait until nobody else writes answers; held until the commit."""
        connection.execute(text("SELECT pg_advisory_xact_lock(7305808869231651)"))

    def clear(self, engine: Engine, state: str, wait: str = "2s") -> None:
        """Write the tables anew, without dead rows, as the state of the store asks.

        Where that cannot be done they stay, and so does the state, for the next opening.
        """
        tables = ("answer", "answered", *(["revision"] if state == "unswept" else []))
        free = engine.execution_options(isolation_level="AUTOCOMMIT")
        with suppress(SQLAlchemyError), free.connect() as connection:
            connection.execute(text(f"SET lock_timeout = '{wait}'"))
            for table in tables:
                connection.execute(text(f"VACUUM FULL {table}"))
            connection.execute(
                text("UPDATE playbook SET state = '' WHERE state = :state"), {"state": state}
            )

    def apply(self) -> None:
        """Nothing is left to do: the transaction carries it."""

    def drop(self) -> None:
        """Nothing is left to do: the transaction carries it."""
