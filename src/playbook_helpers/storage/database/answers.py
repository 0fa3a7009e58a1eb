"""Answers that are nobody's as rows of two tables: one a revision, one a partnership.

Each row bears a checksum; the line of a partnership counts its answers and names its closed
rounds, and one line counts the partnerships, so that a row that is lost is noticed.
"""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Collection, Iterable, Mapping, Sequence
from typing import Any

from sqlalchemy.dialects import sqlite
from sqlalchemy.schema import CreateTable

from playbook_helpers.core.revisions import Revision, canonical, checksum
from playbook_helpers.storage.database import schema
from playbook_helpers.storage.database.ballots import Ballots
from playbook_helpers.storage.database.tallies import damaged, mark_of, total_of

ALL = ""
"""The line that counts the partnerships."""
Rows = tuple[list[Sequence[Any]], list[Sequence[Any]]]
"""Rows of the two tables, as they are written."""
_TABLES = [
    str(CreateTable(table).compile(dialect=sqlite.dialect()))
    for table in schema.secret.sorted_tables
]
_PUT = "INSERT INTO answer VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)"
_PUT_TOLD = "INSERT INTO answered VALUES (?, ?, ?)"


def fill(db: sqlite3.Connection, rows: Rows) -> None:
    """Make both tables in a SQLite database, and put the rows in, in their order."""
    db.execute("BEGIN")
    for statement in _TABLES:
        db.execute(statement)
    db.executemany(_PUT, rows[0])
    db.executemany(_PUT_TOLD, rows[1])
    db.execute("COMMIT")


def read_rows(db: sqlite3.Connection, slugs: Collection[str] | None) -> Rows:
    """The rows of some partnerships, or of all, as they are written.

    Raises StoreError where the database finds itself damaged.
    """
    rows: list[Sequence[Any]] = []
    told: list[Sequence[Any]] = []
    try:
        for part in [None] if slugs is None else schema.chunks(sorted({*slugs, ALL})):
            for found, table, column in (
                (told, "answered", "slug"),
                (rows, "answer", "partnership"),
            ):
                marks = "" if part is None else f" WHERE {column} IN ({','.join('?' * len(part))})"
                found += db.execute(f"SELECT * FROM {table}{marks}", part or ()).fetchall()  # noqa: S608
    except (sqlite3.Error, UnicodeDecodeError) as error:
        raise damaged("the file of secret answers") from error
    return rows, told


def as_ballots(
    rows: Rows, place: str, *, total: bool = True, only: Collection[str] | None = None
) -> dict[str, Ballots]:
    """Partnership -> its ballots. Raises StoreError where anything is not as it was written.

    `only` names the partnerships that are wanted; of the others the lines are held against what
    was counted, and that is all.
    """
    found: dict[str, Ballots] = {}
    answers: dict[str, dict[str, Revision]] = {}
    counts: dict[str, list[int]] = {}
    try:
        for row in rows[0]:
            counted = counts.setdefault(row[0], [0, 0, 0])
            counted[0] += 1
            counted[1] ^= mark_of(row[1])
            counted[2] += bool(row[9]) + bool(row[10])
            if only is None or row[0] in only:
                answers.setdefault(row[0], {})[row[1]] = _revision(row)
        lines = lines_of(rows[1], place, total=total)
        for slug in counts.keys() | lines.keys():
            line = lines.get(slug)
            seen = counts.get(slug, [0, 0, 0])
            # A file from before there were names counts two of the three.
            if line is None or line["answers"] not in (seen, seen[:2]):
                raise damaged(f"{place}: {slug}")
            if only is None or slug in only:
                closed = {(kind, when) for kind, when in line["closed"]}
                voted = {(kind, when, mark) for kind, when, mark in line.get("voted", ())}
                found[slug] = Ballots(answers.get(slug, {}), closed, voted)
    except (TypeError, ValueError, LookupError) as error:
        raise damaged(place) from error
    return found


def lines_of(told: Iterable[Sequence[Any]], place: str, *, total: bool = True) -> dict[str, Any]:
    """Partnership -> what is counted of it. Raises StoreError where that was altered."""
    lines = {}
    try:
        for slug, written, seal in told:
            if seal != checksum(slug, written):
                raise damaged(f"{place}: {slug}")
            lines[slug] = json.loads(written)
        whole = lines.pop(ALL, None)
        if total and (whole or [])[:3] != list(total_of(lines)):
            raise damaged(place)
    except (TypeError, ValueError) as error:
        raise damaged(place) from error
    return lines


def name_in(told: Iterable[Sequence[Any]], place: str) -> str:
    """The name of the store that the answers belong to; empty where none was written."""
    lines = [row for row in told if row[0] == ALL]
    lines_of(lines, place, total=False)  # not altered
    whole = json.loads(lines[0][1]) if lines else []
    return str(whole[3]) if len(whole) > 3 else ""


def grown(line: Mapping[str, Any]) -> int:
    """A number that each change of a partnership's answers makes greater, from its line."""
    number, _, *marks = line["answers"]
    return int(number + sum(marks) + len(line["closed"]))


def replaced(rows: Rows, changed: Mapping[str, Ballots], name: str = "") -> Rows:
    """All rows in their order, with those of some partnerships as they are now.

    `name` is that of the store they belong to.
    """
    kept = [row for row in rows[0] if row[0] not in changed]
    told = [row for row in rows[1] if row[0] not in changed and row[0] != ALL]
    for slug, held in changed.items():
        kept += map(_row, held.answers.values())
        told.append(_sealed(slug, line_of(held)))
    lines = {row[0]: None for row in told}
    told.append(_sealed(ALL, [*total_of(lines), name]))
    return sorted(kept, key=lambda row: tuple(row[:2])), sorted(told, key=lambda row: str(row[0]))


def line_of(held: Ballots) -> dict[str, Any]:
    """What is counted of a partnership: its answers, a mark of their ids, what befell them."""
    mark = 0
    for id_ in held.answers:
        mark ^= mark_of(id_)
    marks = sum(bool(r.erased) + bool(r.showing) for r in held.answers.values())
    answers = [len(held.answers), mark, marks]
    line: dict[str, Any] = {"answers": answers, "closed": sorted(map(list, held.closed))}
    if held.voted:
        line["voted"] = sorted(map(list, held.voted))
    return line


def _sealed(slug: str, line: object) -> tuple[str, str, str]:
    written = json.dumps(line, sort_keys=True, separators=(",", ":"))
    return slug, written, checksum(slug, written)


def _row(revision: Revision) -> tuple[Any, ...]:
    columns: tuple[Any, ...] = (
        revision.partnership,
        revision.id,
        revision.practice,
        revision.kind,
        revision.record,
        json.dumps(list(revision.parents)),
        revision.schema_version,
        canonical(revision.payload),
        revision.deleted,
        revision.erased,
        revision.showing,
    )
    return (*columns, _seal(columns))


def _seal(columns: Sequence[Any]) -> str:
    *texts, version, payload, deleted, erased, showing = columns
    return checksum(*texts, str(version), payload, f"{deleted:d}{erased:d}{showing:d}")


def _revision(row: Sequence[Any]) -> Revision:
    slug, id_, practice, kind, record, replaces, version, payload, *marks, seal = row
    deleted, erased, showing = marks
    try:
        if seal != _seal(row[:-1]):
            raise damaged(id_)
        replaced_ids = () if replaces == "[]" else tuple(json.loads(replaces))
        return Revision(
            *(id_, slug, practice, kind, record, json.loads(payload), replaced_ids, bool(deleted)),
            version,
            erased=bool(erased),
            showing=showing,
        )
    except (TypeError, ValueError) as error:
        raise damaged(id_) from error
