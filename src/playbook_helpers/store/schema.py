"""The one table, and the triggers that keep it append-only, for SQLite and PostgreSQL alike.

A revision's payload and parents are kept as text, exactly as they were written: no database may
reorder, round or re-encode them. SQLite's table has no row id, because `INSERT OR REPLACE` could
otherwise remove a row by its row id; its insert trigger refuses an id that is already there before
any conflict clause is looked at.
"""

from __future__ import annotations

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

VERSION = 1
"""Written into each store; a store with a greater one was made by a newer playbook."""

metadata = MetaData()
revision = Table(
    "revision",
    metadata,
    Column("id", String(36), primary_key=True),
    Column("partnership", String(60), nullable=False),
    Column("practice", String(60), nullable=False),
    Column("kind", String(60), nullable=False),
    Column("record", String(36), nullable=False, index=True),
    Column("parents", Text, nullable=False),
    Column("schema_version", Integer, nullable=False),
    Column("author", String(200), nullable=False),
    Column("client_time", String(40), nullable=False),
    Column("stored_time", String(40), nullable=False),
    Column("payload", Text, nullable=False),
    Column("deleted", Boolean, nullable=False),
    # A plan asks for the ids of each kind in every partnership: answered from the index alone.
    Index("ix_revision_kinds", "partnership", "practice", "kind", "id"),
    Index("ix_revision_kind", "kind"),
    sqlite_with_rowid=False,
)
stamp = Table("playbook", metadata, Column("version", Integer, nullable=False))

_SQLITE_TRIGGERS = (
    """CREATE TRIGGER revision_no_update BEFORE UPDATE ON revision
    BEGIN SELECT RAISE(ABORT, 'revisions are never changed'); END""",
    """CREATE TRIGGER revision_no_delete BEFORE DELETE ON revision
    BEGIN SELECT RAISE(ABORT, 'revisions are never deleted'); END""",
    """CREATE TRIGGER revision_no_replace BEFORE INSERT ON revision
    WHEN EXISTS (SELECT 1 FROM revision WHERE id = NEW.id)
    BEGIN SELECT RAISE(ABORT, 'revisions are never replaced'); END""",
)
POSTGRES_REFUSAL = """CREATE OR REPLACE FUNCTION playbook_refuse() RETURNS trigger
    LANGUAGE plpgsql AS $$ BEGIN
    IF TG_OP = 'DELETE' AND current_setting('playbook.reorder', true) = 'yes' THEN
        -- Rows that are nobody's are put back at once in another order: see arrival.py.
        IF OLD.author = '' AND OLD.client_time = '' THEN RETURN OLD; END IF;
    END IF;
    RAISE EXCEPTION 'revisions are never changed or deleted'; END $$"""
_POSTGRES_TRIGGERS = (
    POSTGRES_REFUSAL,
    """CREATE TRIGGER revision_no_change BEFORE UPDATE OR DELETE ON revision
    FOR EACH ROW EXECUTE FUNCTION playbook_refuse()""",
    """CREATE TRIGGER revision_no_truncate BEFORE TRUNCATE ON revision
    FOR EACH STATEMENT EXECUTE FUNCTION playbook_refuse()""",
)


def tables(connection: Connection) -> set[str]:
    """The names of the tables there are, ours and others'."""
    return set(inspect(connection).get_table_names())


def read_version(connection: Connection, there: set[str]) -> int | None:
    """The version written into the store of these tables; None where ours are not among them.

    Raises SQLAlchemy's error for tables of our names that have other columns.
    """
    if not {stamp.name, revision.name} <= there:
        return None
    return read_stamp(connection)


_LOOK, _STAMP = select(revision).limit(0), select(stamp)


def read_stamp(connection: Connection) -> int | None:
    """The version written into a store whose tables are there; an error where they are not."""
    connection.execute(_LOOK)
    row = connection.execute(_STAMP).first()
    return None if row is None else int(row.version)


def create(connection: Connection) -> None:
    """Make the table, its triggers and the version stamp, in the caller's one transaction.

    Of two programs that start at once on a new database, the second waits and finds it made.
    """
    if connection.dialect.name == "postgresql":
        connection.execute(text("SELECT pg_advisory_xact_lock(7305808869231650)"))
    if read_version(connection, tables(connection)) is not None:
        return
    metadata.create_all(connection, checkfirst=False)
    triggers = _SQLITE_TRIGGERS if connection.dialect.name == "sqlite" else _POSTGRES_TRIGGERS
    for statement in triggers:
        connection.execute(text(statement))
    connection.execute(stamp.insert().values(version=VERSION))
