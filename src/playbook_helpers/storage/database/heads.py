"""Heads of many partnerships at once: which revisions they are, and what they say."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from typing import Any

from sqlalchemy import Connection, Select, case, func, select

from playbook_helpers.core.assessment import Head
from playbook_helpers.core.revisions import standing
from playbook_helpers.practices.kinds import read_heads
from playbook_helpers.storage.database import schema, tallies
from playbook_helpers.storage.database.rows import as_revision, checked, parents
from playbook_helpers.storage.database.tallies import damaged

AT_ONCE = 200
"""Partnerships read with one statement."""
_Kind = tuple[str, str]
"""A practice, and a kind of record in it."""


def read_many(
    connection: Connection,
    partnerships: Iterable[str],
    only: Collection[_Kind] | None = None,
    *,
    known: Mapping[str, tallies.Kinds] | None = None,
) -> Iterator[tuple[str, list[Head]]]:
    """(partnership, its heads, oldest first) for up to AT_ONCE partnerships, by one statement.

    `only` names the (practice, kind) that are read; without it all are. `known` are the tallies
    that the same transaction has read already. Raises StoreError where a row is not as it was
    written, or is missing.
    """
    rows: dict[str, list[Any]] = {slug: [] for slug in partnerships}
    if not rows or (only is not None and not only):
        yield from ((slug, []) for slug in rows)
        return
    every = connection.execute(_within(select(schema.revision), list(rows), only)).all()
    for row in checked(every):
        if row[1] not in rows:  # a damaged index can lead to rows of another
            raise damaged(row[0])
        rows[row[1]].append(row)
    lines = ((r[1], r[2], r[3], r[0], r[12]) for r in every)
    tallies.check(connection, lines, list(rows), only, known=known)
    for slug, held_rows in rows.items():
        yield slug, read_heads(map(as_revision, held_rows))


def read_some(
    connection: Connection, partnerships: Iterable[str], unread: Collection[str]
) -> Iterator[tuple[str, list[Head], frozenset[str]]]:
    """(partnership, its heads of all kinds but `unread`, practices of which a record stands).

    For up to AT_ONCE partnerships. Of records of the kinds `unread` no payload leaves the
    database: all that is asked is whether one of them stands, where no other tells it already.
    """
    slugs = list(partnerships)
    closed: dict[str, set[_Kind]] = {slug: set() for slug in slugs}
    opened: set[_Kind] = set()
    for slug, kinds in tallies.read(connection, slugs).items():
        for name in kinds:
            practice, _, kind = name.partition("/")
            (closed[slug] if kind in unread else opened).add((practice, kind))
    found = [(s, heads, _practices(heads)) for s, heads in read_many(connection, slugs, opened)]
    asked = {
        slug: {each for each in closed[slug] if each[0] not in told} for slug, _, told in found
    }
    standing_too = _standing(connection, asked)
    for slug, heads, told in found:
        yield slug, heads, told | standing_too.get(slug, frozenset())


def _within(
    query: Select[Any], slugs: Sequence[str], only: Collection[_Kind] | None
) -> Select[Any]:
    """A query kept to some partnerships, and to some kinds of record in a way that is quick.

    With the practice beside the kind, one index leads to the rows and to no others.
    """
    table = schema.revision.c
    query = query.where(table.partnership.in_(slugs))
    if only is None:
        return query
    practices, kinds = {practice for practice, _ in only}, {kind for _, kind in only}
    return query.where(table.practice.in_(sorted(practices)), table.kind.in_(sorted(kinds)))


def _practices(heads: Iterable[Head]) -> frozenset[str]:
    return frozenset(head.practice for head in heads if not head.deleted)


def _standing(
    connection: Connection, asked: Mapping[str, Collection[_Kind]]
) -> dict[str, frozenset[str]]:
    """Partnership -> practices of which a record stands that is of one of its kinds asked for."""
    table = schema.revision.c
    slugs = [slug for slug, kinds in asked.items() if kinds]
    only = {each for kinds in asked.values() for each in kinds}
    if not only:
        return {}
    # Where nothing was ever deleted, whatever is there stands: no row has to be looked at.
    gone = func.max(case((table.deleted, 1), else_=0))
    query = select(table.partnership, table.practice, gone)
    query = query.group_by(table.partnership, table.practice)
    found: dict[str, set[str]] = {slug: set() for slug in slugs}
    doubtful: list[str] = []
    for slug, practice, deleted in connection.execute(_within(query, slugs, only)):
        if slug not in found:
            raise damaged(slug)
        if deleted:
            doubtful.append(slug)
        else:
            found[slug].add(practice)
    if not doubtful:
        return {slug: frozenset(practices) for slug, practices in found.items()}
    whole: Select[Any] = select(
        *(table.partnership, table.practice, table.record, table.id, table.parents),
        *(table.deleted, table.erased),
    )
    rows: dict[str, list[Any]] = {slug: [] for slug in doubtful}
    for row in connection.execute(_within(whole, doubtful, only)):
        if row[0] not in rows:
            raise damaged(row[3])
        rows[row[0]].append(row)
    for slug, states in rows.items():
        stand = standing((row[2], row[3], parents(row[4])) for row in states)
        found[slug] |= {row[1] for row in states if not row[5] and row[3] in stand[row[2]]}
    return {slug: frozenset(practices) for slug, practices in found.items()}
