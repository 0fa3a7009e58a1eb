"""Heads of many partnerships at once: which revisions they are, and what they say."""

from __future__ import annotations

import json
from collections.abc import Collection, Iterable, Iterator, Sequence
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
    found: dict[str, list[str]] = {}
    alone: dict[str, dict[str, Row[Any]]] = {}
    shared: dict[str, dict[str, list[Row[Any]]]] = {}
    for row in rows_where(connection, query, table.partnership, partnerships):
        slug, _, record, _, _, _ = tuple(row)
        first = alone.setdefault(slug, {}).setdefault(record, row)
        if first is not row:
            shared.setdefault(slug, {}).setdefault(record, [first]).append(row)
    several: list[str] = []

    def keep(row: Row[Any]) -> None:
        slug, practice, _, revision, _, deleted = tuple(row)
        if not deleted and (practices is None or practice in practices):
            found[slug].append(revision)

    for slug, records in alone.items():
        found[slug] = []
        many = shared.get(slug, {})
        for record, row in records.items():
            if record not in many:  # one state only: nothing can have replaced it
                keep(row)
        members = {row.id: row for rows in many.values() for row in rows}
        links = ((row.record, row.id, parents(row.parents)) for row in members.values())
        for ids in standing(links).values():
            if len(ids) > 1:
                several += ids
            else:
                keep(members[ids[0]])
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
        table.stored_time,
        (case((closed, "{}"), else_=table.payload) if unread else table.payload).label("payload"),
    )
    rows: dict[str, list[Any]] = {slug: [] for slug in partnerships}
    for row in connection.execute(query.where(table.partnership.in_(list(rows)))).all():
        rows[row[0]].append(row)
    for slug, held_rows in rows.items():
        yield slug, _heads(connection, held_rows, unread)


def _heads(connection: Connection, rows: Sequence[Any], unread: Collection[str]) -> list[Head]:
    heads: list[Head] = []
    several: list[str] = []
    if all(row[5] == "[]" for row in rows) and len({row[3] for row in rows}) == len(rows):
        # Each record has one state, as after an import: nothing has to be worked out.
        heads = [_head(row, unread) for row in rows if not row[8]]
    else:
        stand = standing((row[3], row[4], parents(row[5])) for row in rows)
        live = {row[4] for row in rows if not row[8]}
        for row in rows:
            kind, id_, ids = row[2], row[4], stand[row[3]]
            if kind in unread:
                if id_ == next((i for i in ids if i in live), None):
                    heads.append(_head(row, unread))
            elif len(ids) > 1:
                several += ids if ids[0] == id_ else ()
            elif ids[0] == id_ and id_ in live:
                heads.append(_head(row, unread))
    if several:
        heads += read_heads(held(connection, several).values())
    return sorted(heads, key=lambda head: (head.client_time, head.revision))


def _head(row: Any, unread: Collection[str]) -> Head:
    """The head that one row alone makes."""
    _, practice, kind, record, id_, _, client_time, author, _, moment, written = row
    if kind in unread:
        return Head(record, id_, practice, kind, {}, None, author, client_time)
    try:
        payload = json.loads(written)
    except ValueError as error:
        raise StoreError(
            "A row of the store was not written by the playbook and cannot be read", value=id_
        ) from error
    value, problem = read_value(kind, payload, plain=is_plain(written))
    return Head(
        record,
        id_,
        practice,
        kind,
        payload,
        value,
        author,
        client_time,
        problem=problem,
        stored=moment[:7],
    )
