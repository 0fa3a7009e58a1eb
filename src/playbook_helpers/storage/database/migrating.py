"""Bringing a store of the version before to this one, on opening, with nothing lost.

In version 1 the secret answers lay among all other revisions. They are first committed to their
own place (a union by id), and only then are the tables made anew without them; the stamp then says
that what the file has given up has still to be cleared. A kill at any moment leaves a store of the
one version or of the other, and the next opening goes on.

Before all that the old store is written to `FILE-version-1` beside it, as a store of version 1
with its rows in the order of their ids: a copy of its bytes would keep the order of arrival.
"""

from __future__ import annotations

import json
import os
import sqlite3
from collections.abc import Iterator
from contextlib import closing
from dataclasses import replace
from datetime import date
from typing import Any

from sqlalchemy import Connection, text

from playbook_helpers.core.errors import StoreError
from playbook_helpers.core.revisions import Revision
from playbook_helpers.practices.kinds import COUNTED_KINDS, SECRET_KINDS, closed_before, read_heads
from playbook_helpers.storage.database import pairing, schema, tallies
from playbook_helpers.storage.database.ballots import Ballots, Round, closing_of
from playbook_helpers.storage.database.rows import as_row, parents
from playbook_helpers.storage.database.secret_stores import SecretFile, SecretStore
from playbook_helpers.storage.database.tallies import damaged

_COLUMNS = (
    "id, partnership, practice, kind, record, parents, schema_version, author, client_time,"
    " stored_time, payload, deleted"
)
_FIRST_STORE = """
CREATE TABLE revision (id VARCHAR(36) NOT NULL PRIMARY KEY, partnership VARCHAR(60) NOT NULL,
    practice VARCHAR(60) NOT NULL, kind VARCHAR(60) NOT NULL, record VARCHAR(36) NOT NULL,
    parents TEXT NOT NULL, schema_version INTEGER NOT NULL, author VARCHAR(200) NOT NULL,
    client_time VARCHAR(40) NOT NULL, stored_time VARCHAR(40) NOT NULL, payload TEXT NOT NULL,
    deleted BOOLEAN NOT NULL) WITHOUT ROWID;
CREATE INDEX ix_revision_record ON revision (record);
CREATE INDEX ix_revision_kinds ON revision (partnership, practice, kind, id);
CREATE INDEX ix_revision_kind ON revision (kind);
CREATE TABLE playbook (version INTEGER NOT NULL);
INSERT INTO playbook VALUES (1);
"""
_FIRST_TRIGGERS = """
CREATE TRIGGER revision_no_update BEFORE UPDATE ON revision
    BEGIN SELECT RAISE(ABORT, 'revisions are never changed'); END;
CREATE TRIGGER revision_no_delete BEFORE DELETE ON revision
    BEGIN SELECT RAISE(ABORT, 'revisions are never deleted'); END;
CREATE TRIGGER revision_no_replace BEFORE INSERT ON revision
    WHEN EXISTS (SELECT 1 FROM revision WHERE id = NEW.id)
    BEGIN SELECT RAISE(ABORT, 'revisions are never replaced'); END;
"""


def bring_over(connection: Connection, secrets: SecretStore) -> None:
    """Make a store of version 1 one of this version, in the caller's writing transaction.

    Raises StoreError where a row cannot be read or the copy of the old store cannot be written,
    having changed nothing.
    """
    if connection.dialect.name == "postgresql":
        connection.execute(text("SELECT pg_advisory_xact_lock(7305808869231650)"))
    if schema.read_stamp(connection)[0] == schema.VERSION:  # another program was quicker
        return
    if {"erased", "checksum"} & set(connection.execute(text(_LOOK)).keys()):
        raise damaged("the version of the store")
    if isinstance(secrets, SecretFile):
        _keep_old(connection, secrets)
        pairing.create(connection, secrets.name())
    changed, closings = _answers(connection, secrets)
    if connection.dialect.name == "postgresql":
        _move_tables(connection)
        secrets.stage(connection, changed)
    else:
        secrets.stage(connection, changed)
        secrets.apply()
        _move_tables(connection)
    _fill(connection, closings)
    if isinstance(secrets, SecretFile):
        secrets.settle(connection)


_LOOK = "SELECT * FROM revision LIMIT 0"


def _old(connection: Connection, table: str = "revision", where: str = "") -> Iterator[Any]:
    query = text(f"SELECT {_COLUMNS} FROM {table}{where} ORDER BY id")  # noqa: S608 - names of ours
    return iter(connection.execute(query.execution_options(yield_per=500)))


def _keep_old(connection: Connection, secrets: SecretFile) -> None:
    """Write the old store beside it, unless an opening that was killed has done so."""
    target = secrets.before
    if target.exists():
        return
    fresh = target.with_name(f"{target.name}.part")
    fresh.unlink(missing_ok=True)
    try:
        with closing(sqlite3.connect(fresh, isolation_level=None)) as copy:
            copy.execute("PRAGMA journal_mode = OFF")
            copy.execute("PRAGMA synchronous = OFF")  # it has its name only once it is whole
            copy.executescript(_FIRST_STORE)
            put = f"INSERT INTO revision VALUES ({', '.join('?' * 12)})"  # noqa: S608
            copy.execute("BEGIN")
            copy.executemany(put, map(tuple, _old(connection)))
            copy.execute("COMMIT")
            copy.executescript(_FIRST_TRIGGERS)
        with fresh.open("rb+") as file:
            os.fsync(file.fileno())
        fresh.chmod(secrets.store.stat().st_mode & 0o777)
        fresh.rename(target)
    except (OSError, sqlite3.Error) as error:
        fresh.unlink(missing_ok=True)
        raise StoreError(
            f"The store is of the version before, and no copy of it could be written: {error}",
            value=str(target),
            allowed="room for a copy beside the store, in a folder that may be written to",
            kept="the store, untouched",
        ) from error


def _answers(
    connection: Connection, secrets: SecretStore
) -> tuple[dict[str, Ballots], list[Revision]]:
    """The ballots of each partnership that has answers, and what closes rounds shown so far."""
    kinds = ", ".join(f"'{kind}'" for kind in sorted(COUNTED_KINDS | SECRET_KINDS))
    by_slug: dict[str, list[Revision]] = {}
    for row in _old(connection, where=f" WHERE kind IN ({kinds})"):
        revision = _revision(row)
        by_slug.setdefault(revision.partnership, []).append(revision)
    changed: dict[str, Ballots] = {}
    closings: list[Revision] = []
    held = (
        secrets.read(connection)
        if isinstance(secrets, SecretFile) and secrets.file.is_file()
        else {}
    )
    for slug, revisions in sorted(by_slug.items()):
        secret = [r for r in revisions if r.kind in SECRET_KINDS]
        if not secret:
            continue
        rounds: set[Round] = set()
        shown: set[str] = set()
        for record, records in closed_before(read_heads(revisions), date.today()):
            closings.append(closing_of(slug, type(record), record.payload()))
            rounds.add((record.closes, str(record.payload()["round"])))
            shown |= records
        ballots = held.get(slug, Ballots())
        ballots.take((_marked(r, shown) for r in secret), rounds)
        changed[slug] = ballots
    return changed, closings


def _marked(revision: Revision, shown: set[str]) -> Revision:
    return replace(revision, author="", client_time="", showing=int(revision.record in shown))


def _move_tables(connection: Connection) -> None:
    """Put the old tables aside, and make the new ones."""
    for index in ("ix_revision_record", "ix_revision_kinds", "ix_revision_kind"):
        connection.execute(text(f"DROP INDEX {index}"))
    connection.execute(text("ALTER TABLE revision RENAME TO revision_before"))
    if connection.dialect.name == "postgresql":
        connection.execute(
            text("ALTER TABLE revision_before RENAME CONSTRAINT revision_pkey TO revision_old_pkey")
        )
    connection.execute(text("DROP TABLE playbook"))
    schema.metadata.create_all(connection, checkfirst=False)
    if connection.dialect.name == "postgresql":
        schema.secret.create_all(connection, checkfirst=False)
    state = "" if connection.dialect.name == "postgresql" else "unswept"
    connection.execute(schema.stamp.insert().values(version=schema.VERSION, state=state))


def _fill(connection: Connection, closings: list[Revision]) -> None:
    """Bring all revisions but the answers into the new table, each with its checksum."""
    lines = []
    there: set[str] = set()
    closes = {revision.id for revision in closings}
    for part in schema.chunks(_old(connection, "revision_before")):
        revisions = [_revision(row) for row in part]
        there |= closes & {revision.id for revision in revisions}
        rows = [as_row(r, r.stored_time) for r in revisions if r.kind not in SECRET_KINDS]
        if rows:
            connection.execute(schema.revision.insert(), rows)
        lines += [(r["partnership"], r["practice"], r["kind"], r["id"], False) for r in rows]
    new = [as_row(r, "") for r in closings if r.id not in there]
    if new:
        connection.execute(schema.revision.insert(), new)
        lines += [(r["partnership"], r["practice"], r["kind"], r["id"], False) for r in new]
    connection.execute(text("DROP TABLE revision_before"))
    schema.add_triggers(connection)
    tallies.add(connection, lines)  # type: ignore[arg-type]


def _revision(row: Any) -> Revision:
    id_, slug, practice, kind, record, replaced, version, *rest = row
    author, client, stored, payload, gone = rest
    try:
        content = json.loads(payload)
        return Revision(
            *(id_, slug, practice, kind, record, content, parents(replaced), bool(gone)),
            *(version, author, client, stored),
        )
    except (TypeError, ValueError) as error:
        raise damaged(id_) from error
