"""One partnership's answers that are nobody's, and which of them are in the pictures of a round.

While a round is open its answers come in and are shown to nobody. Closing it puts the answers that
stand into its first picture, and it is closed for good. An answer that comes later is kept and
waits; once five new ones wait at once they become the next picture, since from fewer a reader of
both pictures could work out who said what. A correction of an answer that is in a picture is kept
and waits too. What is remembered is the number of the picture on each answer, and nothing else.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterable
from dataclasses import dataclass, field, replace

from playbook_helpers.core.assessment import Head
from playbook_helpers.core.records import Record
from playbook_helpers.core.revisions import (
    Revision,
    heads_of,
    merge,
    record_id_for,
    revision_id_for,
)
from playbook_helpers.core.suppression import LEAST
from playbook_helpers.practices.kinds import CLOSING_KINDS, read_heads, record_type

Round = tuple[str, str]
"""A kind of answer, and the round."""


@dataclass(slots=True)
class Ballots:
    """The answers of one partnership, by revision id, and its closed rounds."""

    answers: dict[str, Revision] = field(default_factory=dict)
    closed: set[Round] = field(default_factory=set)
    voted: set[tuple[str, str, str]] = field(default_factory=set)
    """Who has answered an open round: kind, round and a mark that whoever asks has made.

    A mark tells no name and no time; it is forgotten when its round is closed.
    """

    def has_voted(self, revision: Revision, mark: str) -> bool:
        """Whether whoever bears this mark has answered the round of `revision` already."""
        return (*where(revision), mark) in self.voted

    def take(self, given: Iterable[Revision], closing: Collection[Round] = ()) -> Taken:
        """Add answers, and close rounds with all that is there then.

        Where a round is closed elsewhere and comes along with its pictures, they stay as they are,
        and what was here already waits. Raises RevisionChanged, having changed nothing, if an id
        carries two contents.
        """
        several = list(merge(given).values())
        merge((self.answers[r.id] for r in several if r.id in self.answers), several)
        shut = set(self.closed)
        opened = set(closing) - shut
        brought = {where(r) for r in several if r.showing} & opened
        fresh = [r for r in several if r.id not in self.answers]
        drawn = {r.record: where(r) for r in self.answers.values() if r.showing}
        for revision in several:
            mark = revision.showing if where(revision) in brought else 0
            if revision.id in self.answers:
                held = self.answers[revision.id]
                if mark and not held.showing:
                    self.answers[revision.id] = replace(held, showing=mark)
            else:
                bare = replace(revision, stored_time="", showing=mark)
                self.answers[revision.id] = bare
        self.closed |= opened
        self.voted = {one for one in self.voted if one[:2] not in self.closed}
        for each in sorted(opened - brought):
            self._show(self._unshown(each), 1)
        for each in sorted({where(r) for r in fresh} & self.closed):
            waiting = self._unshown(each)
            if len(waiting) >= LEAST and each not in opened - brought:
                self._show(waiting, self._pictures(each) + 1)
        late = Counter(where(r) for r in fresh if where(r) in shut and r.record not in drawn)
        waiting_now = {each: len(self._unshown(each)) for each in late}
        corrected = Counter(drawn[r.record] for r in fresh if r.record in drawn)
        return Taken(len(fresh), frozenset(opened), dict(late), waiting_now, dict(corrected))

    def heads(self, partnership: str, kinds: Collection[str] | None = None) -> list[Head]:
        """The heads of the answers, in the order of their ids."""
        closed = ((partnership, *each) for each in self.closed)
        held = self.answers.values()
        return read_heads((r for r in held if kinds is None or r.kind in kinds), closed=closed)

    def open_heads(self) -> list[Head]:
        """The heads of answers to rounds that are open."""
        held = self.answers.values()
        return read_heads(r for r in held if not r.showing and where(r) not in self.closed)

    def practices(self) -> set[str]:
        """The practices of which an answer stands."""
        heads = heads_of(self.answers.values())
        return {r.practice for rivals in heads.values() for r in rivals if not r.deleted}

    def kinds(self) -> set[tuple[str, str]]:
        """(practice, kind) of each kind of answer there is."""
        return {(r.practice, r.kind) for r in self.answers.values()}

    def _unshown(self, which: Round) -> set[str]:
        """The records that stand in a round and are in no picture of it."""
        heads = heads_of(self.answers.values())
        return {
            record
            for record, rivals in heads.items()
            if any(where(r) == which and not r.showing and not r.deleted for r in rivals)
        }

    def _show(self, records: Collection[str], picture: int) -> None:
        for id_, revision in list(self.answers.items()):
            if revision.record in records and not revision.showing:
                self.answers[id_] = replace(revision, showing=picture)

    def _pictures(self, which: Round) -> int:
        return max((r.showing for r in self.answers.values() if where(r) == which), default=0)


@dataclass(frozen=True, slots=True)
class Taken:
    """What came of taking answers in: how many are new, and what was closed or came too late."""

    new: int = 0
    closed: frozenset[Round] = frozenset()
    late: dict[Round, int] = field(default_factory=dict)
    """Round -> new answers that came after it was closed."""
    waiting: dict[Round, int] = field(default_factory=dict)
    """The same rounds -> how many wait now; none once five have come."""
    corrected: dict[Round, int] = field(default_factory=dict)
    """Round -> corrections and withdrawals of answers that are in a picture of it."""


def where(revision: Revision) -> Round:
    """The kind and the round of an answer."""
    return revision.kind, str(revision.payload.get("round", ""))


def closing_record(partnership: str, kind: str, when: str) -> Revision:
    """The record that a round is closed, as the store itself writes it: the same everywhere."""
    return closing_of(partnership, kind_closing(kind), {"round": when})


def kind_closing(kind: str) -> type[Record]:
    """The type of record that closes rounds of a secret kind."""
    return next(record_type(name) for name in CLOSING_KINDS if record_type(name).closes == kind)


def closing_of(partnership: str, type_: type[Record], payload: dict[str, str]) -> Revision:
    """The revision of a closing record that nobody wrote, with ids that follow from what it says.

    It bears no author and no time, so that two stores that close a round agree.
    """
    name = record_id_for(partnership, type_, payload)
    return Revision(
        id=revision_id_for(name, payload),
        partnership=partnership,
        practice=type_.practice,
        kind=type_.kind,
        record=name,
        payload=payload,
        schema_version=type_.schema_version,
    )
