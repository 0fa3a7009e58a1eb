"""Between revisions and rows: payload and parents as JSON text, the rest as it is."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Sequence
from hashlib import sha256
from typing import Any

from sqlalchemy import Column, Connection, Row, Select, select

from playbook_helpers.core.revisions import Revision, canonical
from playbook_helpers.storage.database import schema
from playbook_helpers.storage.database.tallies import damaged

_STREAMED = 1000
"""Rows held at a time where all are read one after the other."""


def as_row(revision: Revision, stored_time: str) -> dict[str, object]:
    """The row that keeps a revision."""
    parts = (
        revision.id,
        revision.partnership,
        revision.practice,
        revision.kind,
        revision.record,
        json.dumps(list(revision.parents)),
        revision.schema_version,
        revision.author,
        revision.client_time,
        stored_time,
        canonical(revision.payload),
        revision.deleted,
        revision.erased,
    )
    return dict(zip(_COLUMNS, (*parts, row_checksum(parts)), strict=True))


_COLUMNS = schema.revision.c.keys()


def row_checksum(parts: Sequence[Any]) -> str:
    """The checksum of a row: over its columns as they are written, in the table's order."""
    *texts, deleted, erased = parts
    return sha256(_ROW.format(*texts, f"{deleted:d}{erased:d}").encode()).hexdigest()


_ROW = "\x1f".join(["{}"] * 12)


def checked(rows: Iterable[Any]) -> Iterator[Any]:
    """The rows themselves. Raises StoreError at one that is not as the playbook wrote it."""
    for row in rows:
        if not is_whole(row):
            raise damaged(row[0])
        yield row


def is_whole(row: Sequence[Any]) -> bool:
    """Whether a row is as the playbook wrote it."""
    *parts, seal = row
    try:
        return bool(row_checksum(parts) == seal)
    except (TypeError, ValueError):
        return False


def as_revision(row: Row[Any]) -> Revision:
    """The revision that a row keeps, which `checked` has let through."""
    # In the order of the table's columns; taken apart at once, since a partnership has many.
    (
        id_,
        partnership,
        practice,
        kind,
        record,
        replaced,
        schema_version,
        author,
        client_time,
        stored_time,
        payload,
        deleted,
        erased,
        _,
    ) = tuple(row)
    return Revision(
        id_,
        partnership,
        practice,
        kind,
        record,
        json.loads(payload),
        parents(replaced),
        bool(deleted),
        schema_version,
        author,
        client_time,
        stored_time,
        bool(erased),
    )


def parents(written: str) -> tuple[str, ...]:
    """The ids of the revisions that one replaces.

    >>> parents("[]")
    ()
    """
    return () if written == "[]" else tuple(json.loads(written))


def rows_where(
    connection: Connection, query: Select[Any], column: Column[str], values: Iterable[str] | None
) -> Iterator[Row[Any]]:
    """The rows of `query` whose `column` is one of `values` (None: all), a piece at a time."""
    if values is None:
        yield from connection.execute(query.execution_options(yield_per=_STREAMED))
        return
    for part in schema.chunks(values):
        yield from connection.execute(query.where(column.in_(part)))


def revision_line(row: Row[Any]) -> tuple[str, str, str, str, Any]:
    """What a row adds to its partnership's tallies."""
    id_, slug, practice, kind, *_, erased, _ = tuple(row)
    return slug, practice, kind, id_, erased


def stored(connection: Connection, ids: Sequence[str]) -> dict[str, Revision]:
    """Those of the revisions named by `ids` that are in the store."""
    found = rows_where(connection, select(schema.revision), schema.revision.c.id, ids)
    return {row.id: as_revision(row) for row in checked(found)}
