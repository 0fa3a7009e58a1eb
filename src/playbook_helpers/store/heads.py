"""Which revisions are heads, for many partnerships at once, without reading what they say."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from sqlalchemy import Connection, Row, select

from playbook_helpers.practices import read_heads
from playbook_helpers.revisions import Revision, standing
from playbook_helpers.store import schema
from playbook_helpers.store.rows import held, parents, rows_where


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
