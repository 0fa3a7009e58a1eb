"""What ties a store to its file of secret answers: a name in both, and a count of what is there.

The name follows from the first revision that the store took in, which is chance: answers have no
say in it, so that the same ones leave the same files. The count is a number for each partnership
that grows with each answer, closing, showing and erasing, and never gets smaller: a file of
answers that has less than what the store has counted is an older copy, or damaged. It is brought
up to date when a round is closed and when a store is opened or closed, and not with each answer,
since a log of the store would then tell between which other saves an answer came. So the file of
answers may be ahead of the count, and never behind it.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping

from sqlalchemy import Connection, select

from playbook_helpers.core.errors import StoreError
from playbook_helpers.core.revisions import checksum
from playbook_helpers.storage.database import schema
from playbook_helpers.storage.database.rows import rows_where
from playbook_helpers.storage.database.tallies import damaged

NAME = ""
"""The line that bears the name of the store."""
_WIDTH = 12
_PUT = schema.tied.insert().prefix_with("OR REPLACE")


NEW = "0" * 32
"""The name of a store that has taken in nothing but answers."""


def create(connection: Connection, name: str = "") -> None:
    """Make the table, where there is none, and write the store's name into it."""
    schema.tie.create_all(connection)
    if not name_of(connection):
        connection.execute(_PUT, [_line(NAME, name or NEW)])


def name_by(connection: Connection, ids: Iterable[str]) -> None:
    """Name a store that is new after the first of the revisions that it takes in now."""
    if name_of(connection) == NEW:
        connection.execute(_PUT, [_line(NAME, checksum(min(ids))[:32])])


def name_of(connection: Connection) -> str:
    """The name of the store; empty if it has none yet. Raises StoreError where it was altered."""
    return read(connection, ())[0]


def read(
    connection: Connection, slugs: Collection[str] | None = None
) -> tuple[str, dict[str, int]]:
    """The store's name, and partnership -> what was counted of its answers; all, or those named.

    Raises StoreError where a line was altered.
    """
    table = schema.tied
    wanted = None if slugs is None else sorted({*slugs, NAME})
    name, counts = "", {}
    for row in rows_where(connection, select(table), table.c.slug, wanted):
        slug, told, seal = tuple(row)
        if slug == NAME:
            name = checked_line(slug, told, seal)
        else:
            counts[slug] = as_count(slug, told, seal)
    return name, counts


def write(connection: Connection, counts: Mapping[str, int]) -> None:
    """Count what is there now; a count never gets smaller."""
    _, held = read(connection, counts)
    grown = {slug: number for slug, number in counts.items() if number > held.get(slug, 0)}
    if grown:
        lines = [_line(slug, f"{number:0{_WIDTH}d}") for slug, number in sorted(grown.items())]
        connection.execute(_PUT, lines)


def checked_line(slug: str, told: str, seal: str) -> str:
    """What a line says. Raises StoreError where that was altered."""
    if seal != checksum(slug, told):
        raise damaged(slug or "the name of the store")
    return told


def as_count(slug: str, told: str, seal: str) -> int:
    """The number in a line. Raises StoreError where it was altered."""
    try:
        return int(checked_line(slug, told, seal))
    except (TypeError, ValueError) as error:
        raise damaged(slug) from error


def another(file: object) -> StoreError:
    """The error for a file of answers that belongs to another store."""
    return StoreError(
        "The secret answers of another store lie beside this one",
        value=file,
        allowed="put this store's own file back, or move the store to a folder of its own",
        kept="both files, untouched",
    )


def behind(file: object, slug: str) -> StoreError:
    """The error for a file of answers that has less in it than the store has counted."""
    return StoreError(
        "Secret answers are missing: their file is older than the store, or damaged",
        value=f"{file}: {slug}",
        allowed="put the newest copy of that file back, or take the last copy that `playbook "
        "backup` made; if it is lost for good, take the file away and run `playbook verify "
        "--begin-answers-again`",
        kept="both files, untouched",
    )


def _line(slug: str, told: str) -> dict[str, str]:
    return {"slug": slug, "told": told, "checksum": checksum(slug, told)}
