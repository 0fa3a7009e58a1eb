"""Taking a person's words out of a store for good, which nothing else ever does.

What remains of a revision is its id, its parents and its times, so that an old file that brings
it again is passed over: no word and no author. Where it stood as the head, what it had replaced
stands again. Of an answer that is nobody's its round remains, and the picture that it was in, so
that a round that was shown and has lost an answer is not drawn again as if nothing had happened.

What a store in a file has given up is cleared from its files at once. On PostgreSQL the tables are
written anew by `VACUUM FULL` where this user may do that; its write-ahead log holds the words
until the server has no more use for that part of it. Copies that were made before are not touched.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, replace
from pathlib import Path

from sqlalchemy import select

from playbook_helpers.core.errors import InputError, NotFound
from playbook_helpers.core.records import fields_of
from playbook_helpers.core.revisions import Revision, age, heads_of, timeless
from playbook_helpers.practices.kinds import RECORD_TYPES, SECRET_KINDS
from playbook_helpers.storage.database import schema, tallies
from playbook_helpers.storage.database.ballots import Ballots
from playbook_helpers.storage.database.rows import as_revision, as_row, checked
from playbook_helpers.storage.database.secret_stores import SecretFile, SecretTables
from playbook_helpers.storage.database.store import Store

_TEXTS = ("text", "long", "reference")


@dataclass(frozen=True, slots=True)
class Erasure:
    """What would go, and what that brings about."""

    partnership: str
    going: tuple[Revision, ...]
    repeated: tuple[tuple[Revision, str], ...] = ()
    """Later revisions of others that say the words again, and in which field."""
    again: tuple[Revision, ...] = ()
    """Earlier revisions of others that stand again."""


def erasure(store: Store, slug: str, *, record: str = "", author: str = "") -> Erasure:
    """What erasing a record, or all revisions under exactly one name, would take out.

    Of a record all revisions go, whoever wrote them. Raises NotFound where there is nothing.
    """
    if bool(record) == bool(author):
        raise InputError(
            "Say what is to be erased", allowed="either --record ID or --author NAME, not both"
        )
    revisions = store.revisions(slug)
    if not revisions:
        raise NotFound(
            "There is no such partnership in the store",
            value=slug,
            allowed=", ".join(store.partnerships()) or "none yet",
        )
    # An answer that is nobody's is kept under an id without a time in it.
    named = {record, timeless(record)}
    going = tuple(
        r
        for r in revisions
        if not r.erased and (r.author == author if author else r.record in named)
    )
    if not going:
        raise NotFound(
            "Nothing is there to erase",
            value=author or record,
            allowed="a name exactly as it stands with the records; or a record's id, as in the "
            "column 'record' of an export. An answer that is nobody's has no name: only whoever "
            "holds its id can have it erased",
        )
    return Erasure(slug, going, tuple(_repeated(going, revisions)), _again(going, revisions))


def erase(store: Store, what: Erasure) -> int:
    """Take out for good what was listed; how many revisions.

    Raises StoreError where the store cannot take it, and where another program holds the files
    open, so that what was taken out of the records is still in them: the next opening clears it.
    """
    ids = {revision.id for revision in what.going}
    secret = [revision for revision in what.going if revision.kind in SECRET_KINDS]
    files = isinstance(store._secrets, SecretFile)
    with store._transaction(writes=True) as connection:
        store._secrets.lock(connection)
        gone: list[tuple[str, str, str, str, bool]] = []
        for part in schema.chunks(sorted(ids)):
            query = select(schema.revision).where(schema.revision.c.id.in_(part))
            for row in checked(connection.execute(query).all()):
                revision = as_revision(row)
                if revision.erased or revision.partnership != what.partnership:
                    continue
                bare = replace(revision, payload={}, author="", deleted=True, erased=True)
                values = as_row(bare, revision.stored_time)
                changed = ("payload", "author", "deleted", "erased", "checksum")
                connection.execute(
                    schema.revision.update()
                    .where(schema.revision.c.id == revision.id)
                    .values({name: values[name] for name in changed})
                )
                gone.append((what.partnership, revision.practice, revision.kind, revision.id, True))
        if gone:
            counted = tallies.counted(gone)[what.partnership]
            only = {name: (0, 0, erased) for name, (_, _, erased) in counted.items()}
            tallies.change(connection, {what.partnership: only})
            schema.set_state(connection, "unswept")
        if secret:
            secrets = store._secrets.read(connection, [what.partnership])
            ballots = secrets.get(what.partnership, Ballots())
            if not ballots.answers.keys() >= {revision.id for revision in secret}:
                raise tallies.damaged(what.partnership)  # they were there when it was listed
            for revision in secret:
                held = ballots.answers[revision.id]
                when = {"round": str(held.payload.get("round", ""))}
                bare = replace(held, payload=when, deleted=True, erased=True)
                ballots.answers[revision.id] = bare
            store._apply(connection, {what.partnership: ballots}, [what.partnership])
    if gone and files:
        store._sweep(store.wait_seconds)
    elif isinstance(store._secrets, SecretTables):
        store._secrets.clear(store._engine, "unswept" if gone else "unforgotten")
    return len(gone) + len(secret)


def copies_of(store: Store) -> list[Path]:
    """Files beside a store that still hold what was erased, as far as the playbook knows them."""
    secrets = store._secrets
    return [secrets.before] if isinstance(secrets, SecretFile) and secrets.before.exists() else []


def _repeated(
    going: Iterable[Revision], revisions: Collection[Revision]
) -> Iterable[tuple[Revision, str]]:
    """Revisions that stay and say in the same field what one that goes brought in.

    Those that this one replaced do not repeat it: they were there before.
    """
    by_id = {revision.id: revision for revision in revisions}
    told = {revision.id: dict(_texts(revision)) for revision in revisions}
    ids = {revision.id for revision in going}
    words: dict[tuple[str, str], list[tuple[str, set[str]]]] = {}
    for revision in going:
        before = _ancestors(revision, by_id)
        for name, value in told[revision.id].items():
            if not any(told[p].get(name) == value for p in before - ids):
                words.setdefault((revision.record, name), []).append((value, before))
    for revision in sorted(revisions, key=age):
        if revision.id not in ids:
            for name, value in told[revision.id].items():
                brought = words.get((revision.record, name), ())
                if any(word in value and revision.id not in before for word, before in brought):
                    yield revision, name


def _ancestors(revision: Revision, by_id: Mapping[str, Revision]) -> set[str]:
    found: set[str] = set()
    ahead = list(revision.parents)
    while ahead:
        parent = ahead.pop()
        if parent in by_id and parent not in found:
            found.add(parent)
            ahead += by_id[parent].parents
    return found


def _texts(revision: Revision) -> Iterable[tuple[str, str]]:
    """The fields in which somebody has written words, and the words."""
    type_ = RECORD_TYPES.get(revision.kind)
    written = {s.name for s in fields_of(type_) if s.type in _TEXTS} if type_ else None
    for name, value in revision.payload.items():
        if isinstance(value, str) and value and (written is None or name in written):
            yield name, value


def _again(going: Iterable[Revision], revisions: Iterable[Revision]) -> tuple[Revision, ...]:
    ids = {revision.id for revision in going}
    records = {revision.record for revision in going}
    touched = [r for r in revisions if r.record in records]
    before = {r.id for rivals in heads_of(touched).values() for r in rivals}
    after = heads_of(
        replace(r, payload={}, deleted=True, erased=True) if r.id in ids else r for r in touched
    )
    return tuple(
        r for rivals in after.values() for r in rivals if r.id not in before and not r.deleted
    )
