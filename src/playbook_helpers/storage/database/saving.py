"""Saving revisions in one transaction, and what follows from them for rounds of answers."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import Connection

from playbook_helpers.core.revisions import Revision, merge, now
from playbook_helpers.practices.kinds import (
    CLOSING_KINDS,
    COUNTED_KINDS,
    SECRET_KINDS,
    closed_by,
    counted,
    record_type,
)
from playbook_helpers.storage.database import schema, tallies, ties
from playbook_helpers.storage.database.answers import grown, line_of
from playbook_helpers.storage.database.ballots import Ballots, Round
from playbook_helpers.storage.database.boxes import Box, FileBox, TableBox
from playbook_helpers.storage.database.heads import read_many
from playbook_helpers.storage.database.opening import closing_of
from playbook_helpers.storage.database.rows import as_row, chunks, held

_COUNTED = {(record_type(kind).practice, kind) for kind in COUNTED_KINDS - SECRET_KINDS}
_Line = tuple[str, str, str, str, Any]


_Round = tuple[str, str, str]
"""Partnership, kind and round."""


@dataclass(slots=True)
class _Told:
    """What became of rounds."""

    new: int = 0
    closed: list[_Round] = field(default_factory=list)
    counted: list[_Round] = field(default_factory=list)
    late: dict[_Round, tuple[int, int]] = field(default_factory=dict)
    corrected: dict[_Round, int] = field(default_factory=dict)


class Saved(int):
    """How many revisions were new, and what became of rounds of answers that are nobody's.

    Rounds are (partnership, kind, round). `closed` are those that a record among the revisions
    closed, `counted` those closed since their answers are now as many as were counted; `late`
    tells of rounds closed before how many answers came for each, and how many wait now;
    `corrected` how many corrections or withdrawals came of answers that are in a picture.
    """

    closed: tuple[_Round, ...]
    counted: tuple[_Round, ...]
    late: Mapping[_Round, tuple[int, int]]
    corrected: Mapping[_Round, int]

    def __new__(cls, new: int, told: _Told | None = None) -> Saved:
        """The number `new`, with what was told of rounds."""
        saved = super().__new__(cls, new)
        told = told or _Told()
        saved.closed, saved.counted = tuple(told.closed), tuple(told.counted)
        saved.late, saved.corrected = dict(told.late), dict(told.corrected)
        return saved


class Saving:
    """How a store takes revisions in."""

    _box: Box
    _uncounted: bool

    def _save(
        self,
        connection: Connection,
        opened: Iterable[Revision],
        secret: Sequence[Revision],
        *,
        touches: bool,
        counts: bool = True,
    ) -> Saved:
        """Store revisions in a transaction of the caller's, and what follows for rounds."""
        if touches:
            self._box.lock(connection)
        moment = now()
        lines: list[_Line] = []
        closings: list[Revision] = []
        counted_in: set[str] = set()
        for part in chunks(opened):
            fresh = self._add(connection, part, moment)
            lines += [(r.partnership, r.practice, r.kind, r.id, r.erased) for r in fresh]
            closings += [r for r in part if r.kind in CLOSING_KINDS and not r.deleted]
            counted_in |= {r.partnership for r in fresh if r.kind in COUNTED_KINDS}
        if lines and isinstance(self._box, FileBox):
            ties.name_by(connection, (id_ for *_, id_, _ in lines))
        tallies.add(connection, lines)
        if not (secret or closings or (counts and counted_in)):
            return Saved(len(lines))
        told = self._save_answers(
            connection, secret, closings, counted_in if counts else (), counts=counts
        )
        return Saved(len(lines) + told.new, told)

    def _save_answers(
        self,
        connection: Connection,
        secret: Iterable[Revision],
        closings: Iterable[Revision],
        counted_in: Collection[str] = (),
        *,
        counts: bool = False,
    ) -> _Told:
        """Take answers in and close rounds; the last thing that a transaction does."""
        given: dict[str, list[Revision]] = {}
        closing: dict[str, set[Round]] = {}
        for revision in secret:
            given.setdefault(revision.partnership, []).append(revision)
        for revision in closings:
            each = closed_by(revision.kind, revision.payload)
            closing.setdefault(revision.partnership, set()).add(each)
        slugs = sorted({*given, *closing, *counted_in})
        box, told = self._box.read(connection, slugs), _Told()
        changed: dict[str, Ballots] = {}
        for slug in slugs:
            ballots = box.get(slug, Ballots())
            taken = ballots.take(given.get(slug, ()), closing.get(slug, ()))
            complete: list[Revision] = []
            if counts and (taken.new or slug in counted_in):
                complete = self._complete(connection, slug, ballots)
                ballots.take((), [closed_by(r.kind, r.payload) for r in complete])
            told.new += taken.new + len(complete)
            told.closed += [(slug, *each) for each in sorted(taken.closed)]
            told.counted += [(slug, *closed_by(r.kind, r.payload)) for r in complete]
            for each, number in taken.late.items():
                told.late[slug, *each] = number, taken.waiting[each]
            for each, number in taken.corrected.items():
                told.corrected[slug, *each] = number
            if taken.new or taken.closed or complete:
                changed[slug] = ballots
        if changed:
            shut = {slug for slug, _, _ in (*told.closed, *told.counted)}
            self._land(connection, changed, shut)
        return told

    def _land(
        self, connection: Connection, changed: Mapping[str, Ballots], count: Collection[str]
    ) -> None:
        """Put ballots in force, and count those of the partnerships in `count`."""
        self._uncounted = True
        try:
            self._box.stage(connection, changed)
            if isinstance(self._box, FileBox):
                # Not with each answer, which a log of the store would tell: see `ties`.
                counts = {s: grown(line_of(held)) for s, held in changed.items() if s in count}
                ties.write(connection, counts)
            elif isinstance(self._box, TableBox) and count:
                schema.set_state(connection, "unforgotten", only="")
            self._box.land()
        except BaseException:
            self._box.drop()
            raise
        connection.info["playbook_landed"] = True

    def _complete(self, connection: Connection, slug: str, ballots: Ballots) -> list[Revision]:
        """Close the rounds of which all answers that a person counted are there."""
        ((_, heads),) = read_many(connection, [slug], _COUNTED)
        if not heads:  # nobody has counted
            return []
        records = counted([*heads, *ballots.open_heads()])
        made = [closing_of(slug, type(record), record.payload()) for record in records]
        # Without a moment: it would be that of the last answer.
        fresh = self._add(connection, made, "") if made else []
        tallies.add(connection, [(slug, r.practice, r.kind, r.id, False) for r in fresh])
        return fresh

    def _store_answers(
        self, connection: Connection, secret: list[Revision], closings: list[Revision]
    ) -> None:
        fresh = self._add(connection, closings, "")
        lines = [(r.partnership, r.practice, r.kind, r.id, False) for r in fresh]
        tallies.add(connection, lines)
        self._save_answers(connection, secret, closings)

    def _add(
        self, connection: Connection, given: Sequence[Revision], moment: str
    ) -> list[Revision]:
        """Store what is new among at most one chunk of revisions; those that were."""
        there = held(connection, [revision.id for revision in given])
        merge(there.values(), given)  # refuses what was altered
        fresh = [revision for revision in given if revision.id not in there]
        if not fresh:
            return []
        rows = [as_row(revision, moment) for revision in fresh]
        if connection.dialect.name == "sqlite":
            connection.execute(schema.revision.insert(), rows)
            return fresh
        from sqlalchemy.dialects.postgresql import insert

        # Another writer may have stored the same id since we looked; theirs counts if it is equal.
        query = insert(schema.revision).on_conflict_do_nothing().returning(schema.revision.c.id)
        stored = set(connection.execute(query, rows).scalars())
        others = [revision.id for revision in fresh if revision.id not in stored]
        merge(held(connection, others).values(), fresh)
        return [revision for revision in fresh if revision.id in stored]
