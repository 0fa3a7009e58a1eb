"""What of a store is whole and what is damaged, looked at without opening it as a store.

The database checks itself, each revision is held against its checksum, and each partnership
against what was counted of it. Whatever cannot be read is named; the rest is looked at all the
same, so that what can be saved is known.
"""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Iterable
from contextlib import closing
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from sqlalchemy import Connection, select
from sqlalchemy.exc import SQLAlchemyError

from playbook_helpers.core.errors import StoreError
from playbook_helpers.core.revisions import checksum
from playbook_helpers.storage.database import pairing, schema
from playbook_helpers.storage.database.answers import (
    as_ballots,
    grown,
    lines_of,
    name_in,
    read_rows,
)
from playbook_helpers.storage.database.engines import connect, open_engine, read_url
from playbook_helpers.storage.database.rows import is_whole
from playbook_helpers.storage.database.secret_stores import SecretFile
from playbook_helpers.storage.database.tallies import counted

_SHOWN = 20
_READ_ERRORS = (sqlite3.Error, SQLAlchemyError, UnicodeDecodeError, StoreError)


@dataclass(slots=True)
class Verified:
    """What was found: what is wrong, in words, and the partnerships whose records are whole."""

    damage: list[str] = field(default_factory=list)
    partnerships: list[str] = field(default_factory=list)
    revisions: int = 0
    answers: int = 0
    notes: list[str] = field(default_factory=list)
    """What is no damage, and that whoever keeps the store should know."""
    before: Path | None = None
    """A copy of the store from before it was brought to this version, if one lies beside it."""

    @property
    def whole(self) -> bool:
        """Whether nothing is damaged."""
        return not self.damage

    @property
    def savable(self) -> str:
        """The partnerships that can be taken out whole, in words."""
        if not self.partnerships:
            return "nothing that is sure to be whole"
        return f"{', '.join(self.partnerships)}: `playbook export` each of them"

    def lines(self) -> str:
        """What is wrong, one a line."""
        lines = [f"  {line}" for line in self.damage[:_SHOWN]]
        if len(self.damage) > _SHOWN:
            lines.append(f"  ... and {len(self.damage) - _SHOWN:,} more")
        return "\n".join(lines)


def begin_again(address: str) -> Path:
    """Make an empty file of secret answers where a store has lost its own; its path.

    Raises StoreError where one is there.
    """
    url = read_url(address)
    file = Path(url.database or "")
    secrets = SecretFile(file)
    if url.get_backend_name() != "sqlite" or not file.is_file() or secrets.file.exists():
        raise StoreError(
            "No file of secret answers is missing here",
            value=str(secrets.file),
            allowed="a store in a file, whose answers are lost",
            kept="everything",
        )
    with open_engine(url, 30.0).connect() as connection:
        connection = connection.execution_options(playbook_writes=True)
        with connection.begin():
            connection.execute(schema.tied.delete().where(schema.tied.c.slug != pairing.NAME))
            secrets.stage(connection, {})
            secrets.apply()
    return secrets.file


def with_details(error: StoreError, address: str) -> StoreError:
    """The same error, where it tells of damage with all that is damaged and what can be saved."""
    url = read_url(address)
    file = Path(url.database or "")
    if "damaged" not in error.what or "\n" in error.what or not file.is_file():
        return error
    found = verify_file(file)
    return StoreError(
        f"{error.what}\n{found.lines()}",
        value=error.value,
        allowed=f"what can be saved: {found.savable}",
        kept=error.kept or "the store, untouched",
    )


def verify_file(file: Path) -> Verified:
    """Look through a store in a file, or a copy of one, and its file of secret answers.

    Nothing is changed. Raises StoreError only where there is no file.
    """
    if not file.is_file():
        raise StoreError("There is no store at this address", value=str(file))
    before = SecretFile(file).before
    found = Verified(before=before if before.exists() else None)
    state = ""
    spoiled: set[str] = set()
    tied: dict[str, str] = {}
    try:
        with closing(_open(file)) as db:
            _check_itself(db, file.name, found)
            row = db.execute("SELECT * FROM playbook").fetchone()
            if row is not None and row[0] == 1:
                raise StoreError(
                    "This store is of the version before",
                    value=str(file),
                    allowed="open it once with any other command: that brings it over",
                    kept="the store, untouched",
                )
            if row is None or row[0] != schema.VERSION or len(row) < 2:
                found.damage.append(f"{file.name}: it is not a store of version {schema.VERSION}")
                return found
            state = row[1]
            lines = _rows(db, "partnership", found)
            spoiled = _check_revisions(_rows(db, "revision", found), lines, found)
            tied = _ties(db, found)
            if state == "packed":
                _check_answers(db, file.name, found, spoiled, tied)
    except (sqlite3.Error, UnicodeDecodeError) as error:
        found.damage.append(f"{file.name}: cannot be read ({_said(error)})")
        found.partnerships = []
    if state not in ("packed", "new"):
        secrets = SecretFile(file)
        if not secrets.file.is_file():
            found.damage.append(f"{secrets.file.name}: is missing; it holds the secret answers")
        else:
            try:
                with closing(_open(secrets.file)) as db:
                    _check_itself(db, secrets.file.name, found)
                    _check_answers(db, secrets.file.name, found, spoiled, tied)
            except _READ_ERRORS as error:
                found.damage.append(f"{secrets.file.name}: cannot be read ({_said(error)})")
                found.partnerships = []
    found.partnerships = sorted(set(found.partnerships) - spoiled)
    return found


def verify_server(connection: Connection) -> Verified:
    """Look through a store on a server; whether its disk is whole is the server's to say."""
    found = Verified()
    if schema.read_stamp(connection)[1] in ("unswept", "unforgotten"):
        found.notes.append(
            "The server's tables still hold rows that were replaced, from which whoever runs the "
            "server can tell how answers came, or what was erased: another session keeps a "
            "transaction open, or this user may not write the tables anew (VACUUM FULL)."
        )
    try:
        revisions = (tuple(row) for row in connection.execute(select(schema.revision)))
        lines = (tuple(row) for row in connection.execute(select(schema.partnership)))
        spoiled = _check_revisions(revisions, lines, found)
        rows = [tuple(row) for row in connection.execute(select(schema.answer))]
        told = [tuple(row) for row in connection.execute(select(schema.answered))]
        _count_answers(([*rows], [*told]), "the table of answers", found, spoiled, total=False)
    except _READ_ERRORS as error:
        found.damage.append(f"cannot be read ({_said(error)})")
        return found
    found.partnerships = sorted(set(found.partnerships) - spoiled)
    return found


def _open(file: Path) -> sqlite3.Connection:
    return connect(file.absolute(), 30.0)


def _check_itself(db: sqlite3.Connection, name: str, found: Verified) -> None:
    try:
        said = [str(row[0]) for row in db.execute(f"PRAGMA integrity_check({_SHOWN})")]
    except (sqlite3.Error, UnicodeDecodeError) as error:
        said = [_said(error)]
    found.damage += [f"{name}: {line}" for line in said if line != "ok"]


def _rows(db: sqlite3.Connection, table: str, found: Verified) -> Iterable[tuple[Any, ...]]:
    """All rows up to one that cannot be read."""
    cursor = db.execute(f"SELECT * FROM {table}")  # noqa: S608 - a name of ours
    while True:
        try:
            row = cursor.fetchone()
        except (sqlite3.Error, UnicodeDecodeError) as error:
            found.damage.append(f"{table}: not all rows can be read ({_said(error)})")
            return
        if row is None:
            return
        yield row


def _check_revisions(
    revisions: Iterable[tuple[Any, ...]], lines: Iterable[tuple[Any, ...]], found: Verified
) -> set[str]:
    """Partnerships of which something is not as it was written."""
    spoiled: set[str] = set()
    kept: list[tuple[str, str, str, str, Any]] = []
    for row in revisions:
        found.revisions += 1
        if is_whole(row):
            kept.append((row[1], row[2], row[3], row[0], row[12]))
        else:
            spoiled.add(str(row[1]))
            found.damage.append(f"revision {row[0]} of {row[1]}: is not what was written")
    seen = counted(kept)
    told: dict[str, object] = {}
    for slug, kinds, seal in lines:
        try:
            if seal != checksum(slug, kinds):
                raise ValueError(slug)
            told[slug] = {name: tuple(tally) for name, tally in json.loads(kinds).items()}
        except (TypeError, ValueError):
            spoiled.add(str(slug))
            found.damage.append(f"{slug or 'the list of partnerships'}: its count was altered")
    told.pop("", None)
    for slug in sorted(told.keys() | seen.keys()):
        if told.get(slug) != seen.get(slug) and slug not in spoiled:
            spoiled.add(slug)
            found.damage.append(f"{slug}: revisions are missing, or there twice")
    found.partnerships = sorted(seen)
    return spoiled


def _ties(db: sqlite3.Connection, found: Verified) -> dict[str, str]:
    """What ties the store to its file of answers; nothing in one from before there was that."""
    there = db.execute("SELECT 1 FROM sqlite_master WHERE name = 'tied'").fetchone()
    tied = {}
    for line in _rows(db, "tied", found) if there else ():
        try:
            tied[line[0]] = pairing.checked_line(*line)
        except (StoreError, TypeError, ValueError):
            found.damage.append(f"{line[0] or 'the name of the store'}: its count was altered")
    return tied


def _check_answers(
    db: sqlite3.Connection, name: str, found: Verified, spoiled: set[str], tied: dict[str, str]
) -> None:
    try:
        rows = read_rows(db, None)
    except StoreError as error:
        found.damage.append(f"{name}: cannot be read ({_said(error.__cause__ or error)})")
        found.partnerships = []
        return
    _count_answers(rows, name, found, spoiled)
    try:
        whose, lines = name_in(rows[1], name), lines_of(rows[1], name, total=False)
    except StoreError:
        return  # told above
    if (
        tied
        and not {whose, tied.get(pairing.NAME)} & {"", pairing.NEW}
        and whose != tied.get(pairing.NAME)
    ):
        found.damage.append(f"{name}: holds the secret answers of another store")
        spoiled |= lines.keys()
    if whose and tied and any(grown(line) > int(tied.get(slug, 0)) for slug, line in lines.items()):
        found.notes.append(
            f"{name} holds more than the store has counted: a program is saving answers or was "
            "killed, or the store's own file is an older copy. The next opening counts anew."
        )
    for slug in sorted(tied.keys() - {pairing.NAME}):
        if int(tied[slug]) > (grown(lines[slug]) if slug in lines else 0):
            spoiled.add(slug)
            found.damage.append(
                f"{name}: secret answers of {slug}, or the closing of a round, are missing: it is "
                "older than the store, or damaged"
            )


def _count_answers(
    rows: tuple[list[Any], list[Any]],
    name: str,
    found: Verified,
    spoiled: set[str],
    *,
    total: bool = True,
) -> None:
    try:
        as_ballots(rows, name, total=total)
    except StoreError as error:
        found.damage.append(f"{name}: {error.value}: is not what was written")
        spoiled |= {str(row[0]) for table in rows for row in table}
    found.answers += len(rows[0])
    known = {str(row[0]) for row in rows[0]}
    found.partnerships = sorted({*found.partnerships, *known})


def _said(error: BaseException) -> str:
    original = getattr(error, "orig", None) or error
    return " ".join(str(getattr(original, "what", original)).split())[:200]
