"""The tables, and the triggers that keep revisions append-only, for SQLite and PostgreSQL alike.

A revision's payload and parents are kept as text, exactly as they were written: no database may
reorder, round or re-encode them. SQLite's table has no row id, because `INSERT OR REPLACE` could
otherwise remove a row by its row id; its insert trigger refuses an id that is already there before
any conflict clause is looked at. The one change that the triggers let through takes out all words
and the author of a revision, and nothing else: see `erasing`.

Answers that are nobody's are in tables of their own: in SQLite in a file beside the store
(`boxes`), in PostgreSQL beside the others.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from itertools import islice
from typing import TypeVar

from sqlalchemy import (
    Boolean,
    Column,
    Connection,
    Index,
    Integer,
    MetaData,
    String,
    Table,
    Text,
    inspect,
    select,
    text,
)

_T = TypeVar("_T")
VERSION = 2
"""Written into each store; a store with a greater one was made by a newer playbook."""

CHUNK = 500
"""Rows in one statement: well under the variables that either database takes at once."""

metadata = MetaData()
revision = Table(
    "revision",
    metadata,
    Column("id", String(36), primary_key=True),
    Column("partnership", String(60), nullable=False),
    Column("practice", String(60), nullable=False),
    Column("kind", String(60), nullable=False),
    Column("record", String(36), nullable=False),
    Column("parents", Text, nullable=False),
    Column("schema_version", Integer, nullable=False),
    Column("author", String(200), nullable=False),
    Column("client_time", String(40), nullable=False),
    Column("stored_time", String(40), nullable=False),
    Column("payload", Text, nullable=False),
    Column("deleted", Boolean, nullable=False),
    Column("erased", Boolean, nullable=False),
    Column("checksum", String(64), nullable=False),
    # A plan asks for the ids of each kind in every partnership: answered from the index alone.
    Index("ix_revision_kinds", "partnership", "practice", "kind", "id"),
    Index("ix_revision_kind", "kind"),
    sqlite_with_rowid=False,
)
partnership = Table(
    "partnership",
    metadata,
    Column("slug", String(60), primary_key=True),
    Column("kinds", Text, nullable=False),
    Column("checksum", String(64), nullable=False),
    sqlite_with_rowid=False,
)
"""How many revisions of each kind a partnership has, so that a lost one is noticed: `tallies`."""
stamp = Table(
    "playbook",
    metadata,
    Column("version", Integer, nullable=False),
    Column("state", String(20), nullable=False),
)
"""The version, and what the next opening has to finish: see `opening`."""

secret = MetaData()
answer = Table(
    "answer",
    secret,
    Column("partnership", String(60), primary_key=True),
    Column("id", String(36), primary_key=True),
    Column("practice", String(60), nullable=False),
    Column("kind", String(60), nullable=False),
    Column("record", String(36), nullable=False),
    Column("parents", Text, nullable=False),
    Column("schema_version", Integer, nullable=False),
    Column("payload", Text, nullable=False),
    Column("deleted", Boolean, nullable=False),
    Column("erased", Boolean, nullable=False),
    Column("showing", Integer, nullable=False),
    Column("checksum", String(64), nullable=False),
    sqlite_with_rowid=False,
)
"""An answer that is nobody's: no author, no time, and the picture of its round that it is in."""
answered = Table(
    "answered",
    secret,
    Column("slug", String(60), primary_key=True),
    Column("told", Text, nullable=False),
    Column("checksum", String(64), nullable=False),
    sqlite_with_rowid=False,
)
"""How many answers a partnership has, and which rounds are closed."""
tie = MetaData()
tied = Table(
    "tied",
    tie,
    Column("slug", String(60), primary_key=True),
    Column("told", String(32), nullable=False),
    Column("checksum", String(64), nullable=False),
    sqlite_with_rowid=False,
)
"""In a file alone: what ties it to its file of secret answers, see `ties`."""
NAMES = frozenset((*metadata.tables, *secret.tables, *tie.tables))

_SAME = " AND ".join(
    f"NEW.{name} = OLD.{name}"
    for name in (
        *("id", "partnership", "practice", "kind", "record", "parents"),
        *("schema_version", "client_time", "stored_time"),
    )
)
_ERASES = (
    f"{_SAME} AND NEW.payload = '{{}}' AND NEW.author = '' AND NEW.deleted = %(true)s"
    " AND NEW.erased = %(true)s AND OLD.erased <> %(true)s"
)
_SQLITE_TRIGGERS = (
    f"""CREATE TRIGGER revision_no_update BEFORE UPDATE ON revision
    WHEN NOT ({_ERASES % {"true": "1"}})
    BEGIN SELECT RAISE(ABORT, 'revisions are never changed'); END""",
    """CREATE TRIGGER revision_no_delete BEFORE DELETE ON revision
    BEGIN SELECT RAISE(ABORT, 'revisions are never deleted'); END""",
    """CREATE TRIGGER revision_no_replace BEFORE INSERT ON revision
    WHEN EXISTS (SELECT 1 FROM revision WHERE id = NEW.id)
    BEGIN SELECT RAISE(ABORT, 'revisions are never replaced'); END""",
)
_POSTGRES_TRIGGERS = (
    f"""CREATE OR REPLACE FUNCTION playbook_refuse() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN
    IF TG_OP = 'UPDATE' AND TG_LEVEL = 'ROW' THEN
        IF {_ERASES % {"true": "true"}} THEN RETURN NEW; END IF;
    END IF;
    RAISE EXCEPTION 'revisions are never changed or deleted'; END $$""",
    """CREATE TRIGGER revision_no_change BEFORE UPDATE OR DELETE ON revision
    FOR EACH ROW EXECUTE FUNCTION playbook_refuse()""",
    """CREATE TRIGGER revision_no_truncate BEFORE TRUNCATE ON revision
    FOR EACH STATEMENT EXECUTE FUNCTION playbook_refuse()""",
    """CREATE OR REPLACE FUNCTION playbook_refuse_answers() RETURNS trigger
    LANGUAGE plpgsql AS $$ BEGIN
    IF current_setting('playbook.reorder', true) = 'yes' THEN RETURN OLD; END IF;
    RAISE EXCEPTION 'answers are never changed or deleted'; END $$""",
    """CREATE TRIGGER answer_no_change BEFORE UPDATE OR DELETE ON answer
    FOR EACH ROW EXECUTE FUNCTION playbook_refuse_answers()""",
    """CREATE TRIGGER answer_no_truncate BEFORE TRUNCATE ON answer
    FOR EACH STATEMENT EXECUTE FUNCTION playbook_refuse()""",
)


def chunks(items: Iterable[_T]) -> Iterator[list[_T]]:
    """The items in lists of at most CHUNK.

    >>> [len(part) for part in chunks(range(1200))]
    [500, 500, 200]
    """
    rest = iter(items)
    while part := list(islice(rest, CHUNK)):
        yield part


def tables(connection: Connection) -> set[str]:
    """The names of the tables there are, ours and others'."""
    return set(inspect(connection).get_table_names())


def read_version(connection: Connection, there: set[str]) -> int | None:
    """The version written into the store of these tables; None where ours are not among them.

    Raises SQLAlchemy's error for tables of our names that have other columns.
    """
    if not {stamp.name, revision.name} <= there:
        return None
    return read_stamp(connection)[0]


_LOOK = select(revision).limit(0)
_LOOK_AT_FIRST = select(
    *(column for column in revision.columns if column.name not in ("erased", "checksum"))
).limit(0)


def read_stamp(connection: Connection) -> tuple[int | None, str]:
    """The version written into a store whose tables are there, and what is left to finish.

    An error of SQLAlchemy's where the tables are not there, or are others'.
    """
    row = connection.execute(text("SELECT * FROM playbook")).mappings().first()
    if row is None:
        connection.execute(_LOOK)
        return None, ""
    version = int(row["version"])
    if version <= VERSION:
        connection.execute(_LOOK if version == VERSION else _LOOK_AT_FIRST)
    return version, str(row.get("state", ""))


def set_state(connection: Connection, state: str, only: str | None = None) -> None:
    """Write down what the next opening has to finish; nothing if empty.

    With `only`, where that is what is written there.
    """
    query = stamp.update().values(state=state)
    connection.execute(query if only is None else query.where(stamp.c.state == only))


def create(connection: Connection, state: str = "") -> None:
    """Make the tables, the triggers and the version stamp, in the caller's one transaction.

    Of two programs that start at once on a new database, the second waits and finds it made.
    """
    if connection.dialect.name == "postgresql":
        connection.execute(text("SELECT pg_advisory_xact_lock(7305808869231650)"))
    if read_version(connection, tables(connection)) is not None:
        return
    metadata.create_all(connection, checkfirst=False)
    if connection.dialect.name == "postgresql":
        secret.create_all(connection, checkfirst=False)
    add_triggers(connection)
    connection.execute(stamp.insert().values(version=VERSION, state=state))


def add_triggers(connection: Connection) -> None:
    """Have the database itself refuse what no program may do."""
    triggers = _SQLITE_TRIGGERS if connection.dialect.name == "sqlite" else _POSTGRES_TRIGGERS
    for statement in triggers:
        connection.execute(text(statement))
