"""Opening a store: what is at an address, and what an earlier opening or a kill left to finish.

A store in a file is two files. The stamp in the first says what is not finished yet:

- `new`: the file of secret answers has still to be made;
- `packed`: the answers are in the store itself, as in a copy that `backup` made, and have still to
  be put into a file of their own;
- `unswept`: words were taken out of the store, and what it has given up has still to be cleared;
- `unforgotten`: on a server, the table of answers has still to forget how they came.

Each is finished by whoever opens the store next, and may be begun again any number of times.
"""

from __future__ import annotations

import sqlite3
import time
from collections import Counter
from contextlib import AbstractContextManager, suppress
from pathlib import Path

from sqlalchemy import Connection, Engine, select, text
from sqlalchemy.engine import URL

from playbook_helpers.core.errors import StoreError
from playbook_helpers.core.records import Record
from playbook_helpers.core.revisions import Revision, record_id_for, revision_id_for
from playbook_helpers.practices.kinds import CLOSING_KINDS, closed_by, record_type
from playbook_helpers.storage.database import schema, tallies, ties
from playbook_helpers.storage.database.answers import as_ballots, read_rows
from playbook_helpers.storage.database.ballots import Ballots
from playbook_helpers.storage.database.boxes import Box, FileBox, TableBox
from playbook_helpers.storage.database.engines import (
    ALLOWED,
    has_write_ahead_log,
    is_memory,
    keep_write_ahead_log,
    shown,
)
from playbook_helpers.storage.database.reasons import is_missing
from playbook_helpers.storage.database.rows import as_revision, checked, line_of
from playbook_helpers.storage.database.tallies import damaged

STATES = frozenset({"", "new", "packed", "unswept", "unforgotten"})


class Opening:
    """What a store does before it is used."""

    _url: URL
    _engine: Engine
    _box: Box
    _uncounted = False
    """Whether answers were saved since the store has counted them: see `ties`."""
    url: str

    def _transaction(
        self, *, writes: bool = False, waits: bool = True
    ) -> AbstractContextManager[Connection]:
        """A transaction of the store."""
        raise NotImplementedError

    def _store_answers(
        self, connection: Connection, secret: list[Revision], closings: list[Revision]
    ) -> None:
        """Save answers and closings in a transaction of the caller's."""
        raise NotImplementedError

    def _check_file(self, create: bool) -> None:
        """Refuse a file that is not there or cannot be; make an empty one where one is wanted."""
        if self._url.get_backend_name() != "sqlite" or is_memory(self._url):
            return
        file = Path(self._url.database or "")
        try:
            answers = FileBox(file).file.is_file()  # looked at first: it is made after the store
            if file.is_file():
                if answers and file.stat().st_size == 0:
                    raise StoreError(
                        "The store's file is empty, and its file of secret answers is not",
                        value=self.url,
                        allowed="put back the last copy that `playbook backup` made",
                        kept="both files, untouched",
                    )
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
            if answers:
                raise StoreError(
                    "The secret answers of another store of this name are here",
                    value=str(FileBox(file).file),
                    allowed="put their store back, or take that file away too",
                    kept="that file, untouched",
                )
            file.touch()
        except (OSError, ValueError) as error:
            raise StoreError(
                f"The store's file cannot be made or opened: {error}", value=self.url
            ) from error

    def _prepare(self, create: bool) -> None:
        state = self._stands()
        if state is None:
            self._make_ready(create)
        if isinstance(self._box, FileBox):
            self._finish(self._box, state)
        elif isinstance(self._box, TableBox) and state:
            self._box.clear(self._engine, state, wait="100ms")

    def _make_ready(self, create: bool) -> None:
        version, there = self._found()
        foreign = bool(schema.NAMES & there) or self._url.get_backend_name() == "sqlite"
        if version is None and there and foreign:
            raise self._foreign()
        if version is None and not create:
            raise StoreError("There is no store at this address", value=self.url, allowed=ALLOWED)
        box = self._box if isinstance(self._box, FileBox) else None
        if version is None:
            with self._transaction(writes=True) as connection:
                schema.create(connection, state="new" if box else "")
                if box:
                    ties.create(connection)
        elif version > schema.VERSION:
            raise StoreError(
                "This store was made by a newer version of the playbook",
                value=f"{self.url}, version {version}",
                allowed=f"version {schema.VERSION} or older: update the playbook first",
                kept="the store, untouched",
            )
        elif version < schema.VERSION:
            from playbook_helpers.storage.database.migrating import bring_over

            with self._transaction(writes=True) as connection:
                bring_over(connection, self._box)
        elif box is not None:
            self._tie(box)
        if box is not None:
            keep_write_ahead_log(self._engine)

    def _tie(self, box: FileBox) -> None:
        """Give a name to a store of this version from before there were names, and to its answers.

        Also to a copy that was made of a store on a server.
        """
        with self._transaction(writes=True) as connection:
            ties.create(connection, box.name())
            if schema.read_stamp(connection)[1] in ("new", "packed"):
                return
            if not box.file.is_file():
                raise box.missing()
            counts = Counter(box.grown())
            counts.update(r.partnership for r in self._half_closed(connection, box)[0])
            ties.write(connection, counts)  # a round that was closed and is not: older answers
            if not box.name():
                box.stage(connection, {})
                box.land()

    def _stands(self) -> str | None:
        """What a store of this version that is there has to finish, mostly nothing; else None."""
        try:
            with self._transaction() as connection:
                version, state = schema.read_stamp(connection)
                if version != schema.VERSION:
                    return None
                if state not in STATES:
                    raise damaged(self.url)
                if connection.dialect.name == "sqlite" and not has_write_ahead_log(connection):
                    return None
                if connection.dialect.name == "sqlite" and not ties.name_of(connection):
                    return None
                return state
        except StoreError as error:
            if is_missing(error.__cause__):
                return None
            raise

    def _finish(self, box: FileBox, state: str | None) -> None:
        """Do what the stamp, a new file that was left behind or an open closing ask for."""
        if state is None:
            with self._transaction() as connection:
                state = schema.read_stamp(connection)[1]
        if state in ("new", "packed"):
            with self._transaction(writes=True) as connection:
                state = schema.read_stamp(connection)[1]  # another program may have been quicker
                if state in ("new", "packed"):
                    state = self._begin_answers(connection, box, state)
        elif not box.file.is_file():
            raise box.missing()
        if box.left_over:
            with suppress(StoreError), self._transaction(writes=True):
                box.drop()
        if state == "unswept":
            with suppress(StoreError):  # it stays to be done, and the store can be used
                self._sweep(5.0)
        self._check_answers(box)

    def _begin_answers(self, connection: Connection, box: FileBox, state: str) -> str:
        """Make the file of answers; the state that is left to finish."""
        packed: dict[str, Ballots] = {}
        if state == "packed":
            raw = connection.connection.driver_connection
            assert isinstance(raw, sqlite3.Connection)
            packed = as_ballots(read_rows(raw, None), self.url)
            if box.file.is_file():
                self._refuse_strangers(box, packed)
        box.stage(connection, packed)
        box.land()
        if state == "packed":
            for table in schema.secret.tables:
                connection.execute(text(f"DROP TABLE {table}"))
        left = "unswept" if state == "packed" else ""
        schema.set_state(connection, left)
        return left

    def _refuse_strangers(self, box: FileBox, packed: dict[str, Ballots]) -> None:
        """A copy takes no answers over that lie beside it and are not its own."""
        ours = {id_ for held in packed.values() for id_ in held.answers}
        if any(set(held.answers) - ours for held in box.read().values()):
            raise StoreError(
                "The secret answers of another store lie beside this copy",
                value=str(box.file),
                allowed="move the copy, or take that file away",
                kept="both files, untouched",
            )

    def _sweep(self, wait_seconds: float) -> None:
        """Clear from the files what the store has given up. Raises StoreError while it cannot."""
        if self._url.get_backend_name() != "sqlite" or is_memory(self._url):
            return
        end = time.monotonic() + wait_seconds
        connection = self._engine.raw_connection()
        try:
            cursor = connection.cursor()
            cursor.execute("PRAGMA secure_delete = ON")
            cursor.execute("VACUUM")
            while cursor.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchone()[0]:
                if time.monotonic() > end:
                    raise self._held_open()
                time.sleep(0.05)
            cursor.execute("UPDATE playbook SET state = '' WHERE state = 'unswept'")
        except sqlite3.Error as error:
            raise self._held_open() from error
        finally:
            connection.close()

    def _held_open(self) -> StoreError:
        return StoreError(
            "Another program keeps the store open, so what was taken out is still in its files",
            value=self.url,
            allowed="close the other program, and open the store once more",
            kept="everything else; what was taken out is shown no more",
        )

    def _check_answers(self, box: FileBox) -> None:
        """Finish closings of which a kill has left one half, and count what is there.

        Raises StoreError where the file of answers is another store's.
        """
        try:
            with self._transaction() as connection:
                _, counts = ties.read(connection)  # first: see `FileBox.read`
                box.read(connection, ())
                missing = self._half_closed(connection, box)
            if any(missing):
                with self._transaction(writes=True) as connection:
                    closings, records = self._half_closed(connection, box)
                    self._store_answers(connection, [], [*closings, *records])
                    box.land()
            if any(number > counts.get(slug, 0) for slug, number in box.grown().items()):
                self._settle()
        except StoreError as error:
            if not any(word in error.what for word in ("damaged", "only be read", "disk is full")):
                raise
            # Whoever reads what is damaged is told; the rest can be used.

    def _settle(self) -> None:
        """Count the answers that are there, unless somebody else is writing: they will."""
        box, self._uncounted = self._box, False
        if isinstance(box, FileBox):
            with (
                suppress(StoreError),
                self._transaction(writes=True, waits=False) as connection,
            ):
                box.settle(connection)

    def _half_closed(
        self, connection: Connection, box: FileBox
    ) -> tuple[list[Revision], list[Revision]]:
        """Closings that only the store knows of, and new ones that only the answers know of."""
        query = select(schema.revision).where(schema.revision.c.kind.in_(sorted(CLOSING_KINDS)))
        written: dict[tuple[str, str, str], Revision] = {}
        rows = list(checked(connection.execute(query)))
        for row in rows:
            revision = as_revision(row)
            if not revision.deleted:
                each = (revision.partnership, *closed_by(revision.kind, revision.payload))
                written.setdefault(each, revision)
        known = box.closed()
        # What was closed once is never closed again with fewer answers: where the store has
        # counted some, reading says that they are missing. It has not where answers were lost for
        # good and somebody has begun them again.
        _, counts = ties.read(connection)
        lacking = [
            revision
            for each, revision in written.items()
            if each not in known and not counts.get(each[0])
        ]
        made = [closing(*each) for each in sorted(known - written.keys())]
        if lacking or made:  # a kill, or a row that damage has taken away
            tallies.check(connection, map(line_of, rows), None, kinds=CLOSING_KINDS)
        return lacking, made

    def _found(self) -> tuple[int | None, set[str]]:
        """The version of the store that is there, if there is one, and all tables there are."""
        with self._transaction() as connection:
            # Looked at once: another program may be making the store at this moment.
            there = schema.tables(connection)
            return schema.read_version(connection, there), there

    def _foreign(self) -> StoreError:
        return StoreError(
            "This is a database, but not a playbook store",
            value=shown(self._url),
            allowed="a playbook store, or the name of a new file",
            kept="the database, untouched",
        )


def closing(partnership: str, kind: str, when: str) -> Revision:
    """The record that a round is closed, as the store itself writes it: the same everywhere."""
    return closing_of(partnership, kind_closing(kind), {"round": when})


def kind_closing(kind: str) -> type[Record]:
    """The type of record that closes rounds of a secret kind."""
    return next(record_type(name) for name in CLOSING_KINDS if record_type(name).closes == kind)


def closing_of(partnership: str, type_: type[Record], payload: dict[str, str]) -> Revision:
    """The revision of a closing record that nobody wrote, with ids that follow from what it says.

    It bears no author and no time, so that two stores that close a round agree.
    """
    name = record_id_for(partnership, type_, payload)
    return Revision(
        id=revision_id_for(name, payload),
        partnership=partnership,
        practice=type_.practice,
        kind=type_.kind,
        record=name,
        payload=payload,
        schema_version=type_.schema_version,
    )
