"""No trace of who answered when: rows of pseudonymous kinds keep no order of arrival.

PostgreSQL puts new rows after the old ones and writes into each which transaction made it, so the
table itself, or a dump of it, would tell the order in which answers came in. So each time such
rows are added, those of the partnership are taken out and put back in the order of their ids,
which is chance, in one statement of the same transaction. SQLite's table has no row ids and lies
in the order of the ids from the start.
"""

from __future__ import annotations

from collections.abc import Collection

from sqlalchemy import Connection, text

from playbook_helpers.practices import RECORD_TYPES
from playbook_helpers.store import schema

_KINDS = sorted(kind for kind, type_ in RECORD_TYPES.items() if type_.pseudonymous)
_MAY = """SELECT has_table_privilege('revision', 'DELETE'),
    (SELECT prosrc LIKE '%playbook.reorder%' FROM pg_proc
     WHERE oid = to_regproc('playbook_refuse')::oid)"""
_SHUFFLE = """WITH taken AS (
    DELETE FROM revision WHERE partnership = ANY(:partnerships) AND kind = ANY(:kinds) RETURNING *)
    INSERT INTO revision SELECT * FROM taken ORDER BY id"""


def forget(connection: Connection, partnerships: Collection[str]) -> None:
    """Lay the pseudonymous rows of those partnerships in the order of their ids.

    The last thing a writing transaction does: it holds a lock until the commit. A role that may
    not delete leaves the rows as they came.
    """
    if not partnerships or connection.dialect.name != "postgresql":
        return
    connection.execute(text("SELECT pg_advisory_xact_lock(7305808869231651)"))
    may, knows = connection.execute(text(_MAY)).one()
    if not may:
        return
    if not knows:  # a store made before this was thought of
        connection.execute(text(schema.POSTGRES_REFUSAL))
    connection.execute(text("SELECT set_config('playbook.reorder', 'yes', true)"))
    connection.execute(text(_SHUFFLE), {"partnerships": sorted(partnerships), "kinds": _KINDS})
    connection.execute(text("SELECT set_config('playbook.reorder', '', true)"))
