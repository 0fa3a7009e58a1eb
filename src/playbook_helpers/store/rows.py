"""Between revisions and rows: payload and parents as JSON text, the rest as it is."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Sequence
from itertools import islice
from typing import Any, TypeVar

from sqlalchemy import Column, Connection, Row, Select, select

from playbook_helpers.errors import StoreError
from playbook_helpers.revisions import Revision, canonical
from playbook_helpers.store import schema

_T = TypeVar("_T")
_STREAMED = 1000
"""Rows held at a time where all are read one after the other."""
CHUNK = 500
"""Rows in one statement: well under the variables that either database takes at once."""


def chunks(items: Iterable[_T]) -> Iterator[list[_T]]:
    """The items in lists of at most CHUNK.

    >>> [len(part) for part in chunks(range(1200))]
    [500, 500, 200]
    """
    rest = iter(items)
    while part := list(islice(rest, CHUNK)):
        yield part


def as_row(revision: Revision, stored_time: str) -> dict[str, object]:
    """The row that keeps a revision."""
    return revision.to_json() | {
        "payload": canonical(revision.payload),
        "parents": json.dumps(list(revision.parents)),
        "stored_time": stored_time,
    }


def as_revision(row: Row[Any]) -> Revision:
    """The revision that a row keeps. Raises StoreError if somebody else wrote into the row."""
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
    ) = tuple(row)
    try:
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
        )
    except (TypeError, ValueError) as error:
        raise StoreError(
            "A row of the store was not written by the playbook and cannot be read", value=row.id
        ) from error


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
    for part in chunks(values):
        yield from connection.execute(query.where(column.in_(part)))


def held(connection: Connection, ids: Sequence[str]) -> dict[str, Revision]:
    """Those of the revisions named by `ids` that are in the store."""
    found = rows_where(connection, select(schema.revision), schema.revision.c.id, ids)
    return {row.id: as_revision(row) for row in found}
