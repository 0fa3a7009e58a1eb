"""Heads of many partnerships at once: which revisions they are, and what they say."""

from __future__ import annotations

import json
from collections.abc import Collection, Iterable, Iterator
from typing import Any

from sqlalchemy import Connection, Row, case, select

from playbook_helpers.assessment import Head
from playbook_helpers.errors import StoreError
from playbook_helpers.plain_records import is_plain
from playbook_helpers.practices import read_heads, read_value
from playbook_helpers.revisions import Revision, standing
from playbook_helpers.store import schema
from playbook_helpers.store.rows import held, parents, rows_where

AT_ONCE = 200
"""Partnerships read with one statement."""
_Row = tuple[Any, ...]


def head_ids(
    connection: Connection, partnerships: Iterable[str] | None, practices: set[str] | None
) -> dict[str, list[str]]:
    """Partnership -> the ids of the heads that `Store.heads` gives; of some practices, or all.

    Payloads are read only where a record has several heads, which may say the same thing.
    """
    table = schema.revision.c
    query = select(
        table.partnership, table.practice, table.record, table.id, table.parents, table.deleted
    )
    rows: dict[str, dict[str, Row[Any]]] = {}
    for row in rows_where(connection, query, table.partnership, partnerships):
        rows.setdefault(row.partnership, {})[row.id] = row
    found: dict[str, list[str]] = {}
    several: list[str] = []
    for slug, members in rows.items():
        found[slug] = []
        links = ((row.record, row.id, parents(row.parents)) for row in members.values())
        for ids in standing(links).values():
            only = members[ids[0]]
            if len(ids) > 1:
                several += ids
            elif not only.deleted and (practices is None or only.practice in practices):
                found[slug].append(only.id)
    rivals: dict[str, list[Revision]] = {}
    for revision in held(connection, several).values():
        rivals.setdefault(revision.partnership, []).append(revision)
    for slug, revisions in rivals.items():
        found[slug] += [
            head.revision
            for head in read_heads(revisions)
            if practices is None or head.practice in practices
        ]
    return found


def read_many(
    connection: Connection, partnerships: Iterable[str], unread: Collection[str] = ()
) -> Iterator[tuple[str, list[Head]]]:
    """(partnership, its heads, oldest first) for up to AT_ONCE partnerships, by one statement.

    Of records of the kinds `unread` the payload never leaves the database: each that stands has
    one head, with an empty payload and no value.
    """
    table = schema.revision.c
    closed = table.kind.in_(sorted(unread))
    query = select(
        table.partnership,
        table.practice,
        table.kind,
        table.record,
        table.id,
        table.parents,
        table.client_time,
        table.author,
        table.deleted,
        (case((closed, "{}"), else_=table.payload) if unread else table.payload).label("payload"),
    )
    rows: dict[str, list[_Row]] = {slug: [] for slug in partnerships}
    for slug, *row in connection.execute(query.where(table.partnership.in_(list(rows)))):
        rows[slug].append(tuple(row))
    for slug, held_rows in rows.items():
        yield slug, _heads(connection, held_rows, unread)


def _heads(connection: Connection, rows: list[_Row], unread: Collection[str]) -> list[Head]:
    stand = standing((record, id_, parents(named)) for _, _, record, id_, named, *_ in rows)
    deleted = {row[3]: row[7] for row in rows}
    heads: list[Head] = []
    several: list[str] = []
    for row in rows:
        kind, record, id_ = row[1], row[2], row[3]
        ids = stand[record]
        if kind in unread:
            if id_ == next((i for i in ids if not deleted[i]), None):
                heads.append(Head(record, id_, row[0], kind, {}, None, client_time=row[5]))
        elif len(ids) > 1:
            several += ids if ids[0] == id_ else ()
        elif ids[0] == id_ and not row[7]:
            heads.append(_head(row))
    if several:
        heads += read_heads(held(connection, several).values())
    return sorted(heads, key=lambda head: (head.client_time, head.revision))


def _head(row: _Row) -> Head:
    """The head that one row alone makes."""
    practice, kind, record, id_, _, client_time, author, _, written = row
    try:
        payload = json.loads(written)
    except ValueError as error:
        raise StoreError(
            "A row of the store was not written by the playbook and cannot be read", value=id_
        ) from error
    value, problem = read_value(kind, payload, plain=is_plain(written))
    return Head(record, id_, practice, kind, payload, value, author, client_time, False, problem)
