"""Reading many partnerships at once: their heads, and fingerprints of what they hold."""

from __future__ import annotations

import hashlib
from collections.abc import Collection, Iterable, Iterator
from contextlib import AbstractContextManager

from sqlalchemy import Connection, select

from playbook_helpers.core.assessment import Head
from playbook_helpers.core.revisions import Revision
from playbook_helpers.practices.kinds import SECRET_KINDS, TOLD_KINDS, read_heads, record_type, told
from playbook_helpers.storage.database import schema, tallies
from playbook_helpers.storage.database.ballots import Ballots
from playbook_helpers.storage.database.boxes import Box
from playbook_helpers.storage.database.heads import AT_ONCE, head_ids, read_many, read_some
from playbook_helpers.storage.database.prints import NOTHING, RecordPrints, record_prints
from playbook_helpers.storage.database.rows import as_revision, checked, line_of, rows_where

_SECRET_PRACTICES = frozenset(record_type(kind).practice for kind in SECRET_KINDS)


class ManyReads:
    """What a store answers about many partnerships with few questions."""

    _box: Box

    def _transaction(
        self, *, writes: bool = False, waits: bool = True
    ) -> AbstractContextManager[Connection]:
        """A transaction of the store."""
        raise NotImplementedError

    def partnerships(self) -> list[str]:
        """The short names of all partnerships that have records, in order."""
        with self._transaction() as connection:
            return sorted({*tallies.read(connection), *self._box.slugs(connection)})

    def heads_of_many(
        self, partnerships: Iterable[str] | None = None
    ) -> Iterator[tuple[str, list[Head]]]:
        """(partnership, its heads) for many partnerships, all where none are named, in order.

        As `heads` gives them, but some hundred partnerships are read at once and no more are held
        in memory.
        """
        for some in self._parts(partnerships):
            with self._transaction() as connection:
                found = list(read_many(connection, some))
                secret = self._secret_heads(connection, some)
            for slug, heads in found:
                yield slug, in_order((*heads, *secret.get(slug, ())))

    def some_of_many(
        self, partnerships: Iterable[str] | None = None, *, unread: Collection[str]
    ) -> Iterator[tuple[str, list[Head], frozenset[str]]]:
        """(partnership, its heads, practices filled in) without the kinds `unread`, in order.

        Of records of those kinds nothing is looked into, and no more is told than that one of
        them stands, which fills in its practice.
        """
        kinds = SECRET_KINDS - set(unread)
        for some in self._parts(partnerships):
            with self._transaction() as connection:
                found = list(read_some(connection, some, unread))
                secret = self._box.read(connection, some)
            for slug, heads, filled in found:
                held = secret.get(slug, Ballots())
                answers = held.heads(slug, kinds) if kinds else []
                if not filled >= _SECRET_PRACTICES:
                    filled |= held.practices()
                yield slug, in_order((*heads, *answers)), filled

    def _secret_heads(
        self,
        connection: Connection,
        partnerships: Collection[str] | None,
        kinds: Collection[str] = SECRET_KINDS,
    ) -> dict[str, list[Head]]:
        """Partnership -> the heads of its answers that are nobody's."""
        if not SECRET_KINDS & set(kinds):
            return {}
        held = self._box.read(connection, partnerships)
        heads = {slug: ballots.heads(slug, kinds) for slug, ballots in held.items()}
        return {slug: found for slug, found in heads.items() if found}

    def _parts(self, partnerships: Iterable[str] | None) -> Iterator[list[str]]:
        wanted = sorted(set(self.partnerships() if partnerships is None else partnerships))
        for start in range(0, len(wanted), AT_ONCE):
            yield wanted[start : start + AT_ONCE]

    def owners(self, records: Iterable[str]) -> dict[str, str]:
        """Record id -> the partnership that it belongs to, for those records that are there."""
        table = schema.revision.c
        query = select(table.record, table.partnership).distinct()
        wanted = sorted(set(records))
        with self._transaction() as connection:
            rows = rows_where(connection, query, table.record, wanted)
            found = {row.record: row.partnership for row in rows}
            return found | self._box.owners(connection, wanted)

    def fingerprint(self, partnership: str) -> str:
        """A text that changes when the partnership's set of heads changes.

        For answers that are nobody's, when what may be told of them does.
        """
        return self.fingerprints([partnership])[partnership]

    def fingerprints(
        self,
        partnerships: Iterable[str] | None = None,
        *,
        practices: Iterable[str] | None = None,
    ) -> dict[str, str]:
        """Partnership -> fingerprint of its heads, for many at once; all where none are named.

        With `practices`, of the heads of those alone: `("partnership", "goals")` is what the
        goals worksheet reads. Stores that hold the same heads give the same fingerprint.
        """
        wanted = None if partnerships is None else sorted(set(partnerships))
        only = None if practices is None else set(practices)
        with self._transaction() as connection:
            heads = head_ids(connection, wanted, only)
            for slug, own in self._secret_prints(connection, wanted).items():
                marks = [mark for (p, _), mark in own.items() if only is None or p in only]
                heads.setdefault(slug, []).extend(marks)
        return {
            slug: hashlib.sha256("".join(sorted(heads.get(slug, ()))).encode()).hexdigest()
            for slug in (heads if wanted is None else wanted)
        }

    def prints(self, partnerships: Iterable[str] | None = None) -> dict[str, RecordPrints]:
        """Partnership -> fingerprints of its records by kind; all where none are named.

        A few questions for any number of partnerships.
        """
        wanted = None if partnerships is None else sorted(set(partnerships))
        with self._transaction() as connection:
            held = record_prints(connection, wanted, self._secret_prints(connection, wanted))
        return held if wanted is None else {slug: held.get(slug, NOTHING) for slug in wanted}

    def _secret_prints(
        self, connection: Connection, partnerships: Collection[str] | None
    ) -> dict[str, dict[tuple[str, str], str]]:
        """Partnership -> (practice, kind) -> fingerprint of what may be told of its answers.

        Not of their ids: in a file that was taken in these can follow from what an answer says.
        """
        held = self._box.read(connection, partnerships)
        beside = self._heads_of(connection, TOLD_KINDS - SECRET_KINDS, held.keys())
        found = {}
        for slug, ballots in held.items():
            text = told([*beside.get(slug, ()), *ballots.heads(slug)], slug)
            mark = hashlib.sha256(text.encode()).hexdigest()
            found[slug] = dict.fromkeys(ballots.kinds(), mark)
        return found

    def heads_of(
        self, kinds: Iterable[str], partnerships: Iterable[str] | None = None
    ) -> dict[str, list[Head]]:
        """Partnership -> its heads of some kinds, for many at once; all where none are named.

        A few questions for any number of partnerships; without such records one is left out.
        """
        wanted = None if partnerships is None else sorted(set(partnerships))
        named = frozenset(kinds)
        with self._transaction() as connection:
            heads = self._heads_of(connection, named, wanted)
            secret = self._secret_heads(connection, wanted, named)
        return heads | {
            slug: in_order((*heads.get(slug, ()), *answers)) for slug, answers in secret.items()
        }

    def _heads_of(
        self, connection: Connection, kinds: Collection[str], partnerships: Collection[str] | None
    ) -> dict[str, list[Head]]:
        """Partnership -> its heads of some kinds, without answers that are nobody's."""
        named = sorted(kinds)
        query = select(schema.revision).where(schema.revision.c.kind.in_(named))
        rows = list(
            checked(rows_where(connection, query, schema.revision.c.partnership, partnerships))
        )
        tallies.check(connection, map(line_of, rows), partnerships, kinds=named)
        found: dict[str, list[Revision]] = {}
        for row in rows:
            found.setdefault(row.partnership, []).append(as_revision(row))
        return {slug: read_heads(revisions) for slug, revisions in found.items()}


def in_order(heads: Iterable[Head]) -> list[Head]:
    """The heads, oldest first."""
    return sorted(heads, key=lambda head: (head.client_time, head.revision))
