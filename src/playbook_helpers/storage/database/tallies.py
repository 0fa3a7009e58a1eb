"""How many revisions of each kind a partnership has: what tells that one of them is lost.

A checksum tells that a row was changed, never that a row is gone: a damaged page can take rows
along, or show older ones twice, and the database sees nothing wrong in it. So each partnership has
a line that counts its revisions kind by kind, with a mark made of their ids, and one line of its
own counts the partnerships. They change in the transaction that adds revisions, and are held
against what is read. Whatever follows the records of a partnership follows these marks.
"""

from __future__ import annotations

import json
from collections.abc import Collection, Iterable, Mapping, Sequence
from typing import Any

from sqlalchemy import Connection, select

from playbook_helpers.core.errors import StoreError
from playbook_helpers.core.revisions import checksum
from playbook_helpers.storage.database import schema

Tally = tuple[int, int, int]
"""How many revisions, a mark made of their ids, and how many of them were erased."""
Kinds = dict[str, Tally]
"""practice/kind -> tally."""
_ALL = ""
"""The line that counts the partnerships."""
_REPLACE = schema.partnership.insert().prefix_with("OR REPLACE")


def damaged(value: object) -> StoreError:
    """The error for what is read and is not what was written."""
    return StoreError(
        "The store is damaged: this is not what was written, so it cannot be read",
        value=value,
        allowed="the last copy that `playbook backup` made; `playbook verify` says what is whole",
        kept="the store's files, untouched",
    )


def mark_of(id_: str) -> int:
    """What an id adds to a mark; marks are put together by exclusive or, in any order."""
    return int(id_[24:], 16)


def counted(rows: Iterable[tuple[str, str, str, str, Any]]) -> dict[str, Kinds]:
    """Partnership -> tallies of rows (partnership, practice, kind, id, erased)."""
    found: dict[tuple[str, str, str], list[int]] = {}
    for slug, practice, kind, id_, erased in rows:
        held = found.get((slug, practice, kind))
        if held is None:
            held = found[slug, practice, kind] = [0, 0, 0]
        held[0] += 1
        held[1] ^= mark_of(id_)
        if erased:
            held[2] += 1
    tallies: dict[str, Kinds] = {}
    for (slug, practice, kind), (number, mark, gone) in found.items():
        tallies.setdefault(slug, {})[f"{practice}/{kind}"] = (number, mark, gone)
    return tallies


def read(connection: Connection, slugs: Collection[str] | None = None) -> dict[str, Kinds]:
    """Partnership -> its tallies; of all, or of those named that have any.

    Raises StoreError where a line was altered, or one of all is lost.
    """
    table = schema.partnership
    found: dict[str, Kinds] = {}
    total: Tally | None = None
    wanted = [None] if slugs is None else schema.chunks(sorted({*slugs, _ALL} if slugs else ()))
    for part in wanted:
        query = select(table) if part is None else select(table).where(table.c.slug.in_(part))
        for slug, kinds, written in connection.execute(query):
            try:
                if written != checksum(slug, kinds):
                    raise damaged(slug)
                tallies: Kinds = {name: tuple(t) for name, t in json.loads(kinds).items()}
            except (TypeError, ValueError) as error:
                raise damaged(slug) from error
            if slug == _ALL:
                total = tallies["/"]
            else:
                found[slug] = tallies
    if slugs is None and (total or (0, 0, 0)) != total_of(found):
        raise damaged("the list of partnerships")
    writes = connection.get_execution_options().get("playbook_writes", False)
    missing = () if slugs is None or writes else set(slugs) - found.keys()
    if missing and missing & read(connection).keys():  # a damaged page can hide a line
        raise damaged("the list of partnerships")
    return found


def check(
    connection: Connection,
    rows: Iterable[tuple[str, str, str, str, Any]],
    slugs: Collection[str] | None,
    only: Collection[tuple[str, str]] | None = None,
    kinds: Collection[str] | None = None,
    *,
    known: Mapping[str, Kinds] | None = None,
) -> None:
    """Hold what was read of some partnerships (None: all) against what was counted.

    `known` are their tallies where the same transaction has read them already.

    `rows` are all rows there are of them: of all kinds, of the practices and kinds in `only`, or
    of `kinds`. Raises StoreError where a row is missing or there twice.
    """
    if unsettled(connection):
        return
    held = read(connection, slugs) if known is None else known
    try:
        found = counted(rows)
    except (TypeError, ValueError) as error:
        raise damaged("an id") from error
    practices = {practice for practice, _ in only or ()}
    named = {kind for _, kind in only} if only is not None else kinds
    for slug in held.keys() | found.keys():
        expected = held.get(slug, {})
        if named is not None:
            expected = {
                name: tally
                for name, tally in expected.items()
                if name.partition("/")[2] in named
                and (only is None or name.partition("/")[0] in practices)
            }
        if expected != found.get(slug, {}):
            raise damaged(slug)


def unsettled(connection: Connection) -> bool:
    """Whether other writers may be half-way: true of a transaction that writes to a server."""
    writes = connection.get_execution_options().get("playbook_writes", False)
    return connection.dialect.name == "postgresql" and bool(writes)


def add(connection: Connection, rows: Iterable[tuple[str, str, str, str, Any]]) -> None:
    """Count revisions that were just added; the last thing that a transaction does."""
    change(connection, counted(rows))


def change(connection: Connection, more: Mapping[str, Kinds]) -> None:
    """Add these tallies to what is counted of each partnership."""
    if not more:
        return
    slugs = sorted(more)
    held = _locked(connection, slugs)
    new = [slug for slug in slugs if slug not in held]
    lines: dict[str, Kinds] = {}
    for slug in slugs:
        kinds = dict(held.get(slug, {}))
        for name, tally in more[slug].items():
            kinds[name] = _sum(kinds.get(name, (0, 0, 0)), tally)
        lines[slug] = kinds
    if new:
        total = held.get(_ALL) or _locked(connection, [_ALL]).get(_ALL, {"/": (0, 0, 0)})
        lines[_ALL] = {"/": _sum(total["/"], total_of(new))}
    for part in schema.chunks(sorted(lines)):
        _write(connection, {slug: lines[slug] for slug in part})


def _locked(connection: Connection, slugs: Sequence[str]) -> dict[str, Kinds]:
    """The lines of some partnerships, which nobody else may change before the commit."""
    table = schema.partnership
    found: dict[str, Kinds] = {}
    postgres = connection.dialect.name == "postgresql"
    for part in schema.chunks(slugs):
        query = select(table).where(table.c.slug.in_(part))
        if postgres:  # lines that are not there yet cannot be locked: make them first
            from sqlalchemy.dialects.postgresql import insert

            empty = [{"slug": slug, "kinds": "", "checksum": ""} for slug in part]
            connection.execute(insert(table).on_conflict_do_nothing(), empty)
            query = query.order_by(table.c.slug).with_for_update()
        for slug, kinds, written in connection.execute(query):
            if postgres and not kinds:
                continue
            if written != checksum(slug, kinds):
                raise damaged(slug)
            found[slug] = {name: tuple(tally) for name, tally in json.loads(kinds).items()}
    return found


def _write(connection: Connection, lines: Mapping[str, Kinds]) -> None:
    rows = []
    for slug, kinds in lines.items():
        written = json.dumps(kinds, sort_keys=True, separators=(",", ":"))
        rows.append({"slug": slug, "kinds": written, "checksum": checksum(slug, written)})
    if connection.dialect.name == "sqlite":
        connection.execute(_REPLACE, rows)
        return
    from sqlalchemy.dialects.postgresql import insert

    query = insert(schema.partnership)
    new = {name: query.excluded[name] for name in ("kinds", "checksum")}
    connection.execute(query.on_conflict_do_update(index_elements=["slug"], set_=new), rows)


def _sum(one: Tally, other: Tally) -> Tally:
    return one[0] + other[0], one[1] ^ other[1], one[2] + other[2]


def total_of(found: Iterable[str]) -> Tally:
    """How many partnerships, and a mark made of their names."""
    number = mark = 0
    for slug in found:
        number += 1
        mark ^= int(checksum(slug)[:12], 16)
    return number, mark, 0
