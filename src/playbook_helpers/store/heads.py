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
