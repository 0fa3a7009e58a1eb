"""Two wordings of one thing: of one record that two people changed, or of two under one name."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from playbook_helpers.core.assessment import Context, Head, current
from playbook_helpers.core.errors import InputError
from playbook_helpers.core.records import Record
from playbook_helpers.core.revisions import Revision, new_revision
from playbook_helpers.core.text import folded
from playbook_helpers.practices.goals.check import ELEMENT_WORDS, check_goal
from playbook_helpers.practices.goals.records import Goal
from playbook_helpers.practices.kinds import SECRET_KINDS


@dataclass(frozen=True, slots=True)
class Wording:
    """One of two wordings: what it says, and what it lacks."""

    head: Head
    says: str
    lacks: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Pair:
    """Two wordings of one thing."""

    one: Wording
    other: Wording

    @property
    def ids(self) -> list[str]:
        """The two revisions, in order."""
        return sorted((self.one.head.revision, self.other.head.revision))


def pairs(
    heads: Iterable[Head], stems: Sequence[str], context: Context, settled: Sequence[Sequence[str]]
) -> list[Pair]:
    """The pairs that nobody has settled yet, among records of some practices."""
    groups: dict[tuple[str, ...], list[Head]] = {}
    for head in heads:
        value = head.value
        if value is None or head.deleted or head.practice not in stems or not value.key:
            continue
        if head.kind in SECRET_KINDS or value.closes or value.points:
            continue
        name = tuple(folded(str(head.payload.get(part) or "")) for part in value.key)
        groups.setdefault((head.kind, *name), []).append(head)
    found = []
    for held in groups.values():
        if len(held) > 1:
            pair = Pair(wording(held[0], context), wording(held[1], context))
            if pair.ids not in [list(one) for one in settled]:
                found.append(pair)
    return found


def chosen(heads: Iterable[Head], revisions: Sequence[str], context: Context) -> Pair:
    """The two records that whoever leads puts side by side. Raises InputError where one is gone."""
    held = {head.revision: head for head in heads if head.value is not None}
    both = [held[id_] for id_ in revisions if id_ in held]
    if len(both) != 2 or both[0].kind != both[1].kind:
        raise InputError("One of the two is not there any more. Look at the list again.")
    return Pair(wording(both[0], context), wording(both[1], context))


def wording(head: Head, context: Context) -> Wording:
    """What one record says, and what it lacks."""
    value = head.value
    assert value is not None
    if isinstance(value, Goal):
        lacks = tuple(ELEMENT_WORDS[each] for each in check_goal(value, context).missing)
        return Wording(head, value.sentence, lacks)
    return Wording(head, " \u00b7 ".join(_said(value, head.payload)), ())


def _said(value: Record, payload: Any) -> list[str]:
    return [str(payload[name]) for name in (value.summary or value.key) if payload.get(name)]


def kept(slug: str, pair: Pair, keep: str) -> list[Revision]:
    """The revisions by which one wording stands and the other does not."""
    one, other = pair.one.head, pair.other.head
    if keep == other.revision:
        one, other = other, one
    assert one.value is not None
    assert other.value is not None
    if one.record == other.record:  # two heads of one record: what is kept replaces both
        parents = {one.revision, other.revision, *one.rivals}
        return [_written(slug, one, one.value, parents)]
    parents = {other.revision, *other.rivals}
    return [_written(slug, other, other.value, parents, deleted=True)]


def _written(
    slug: str, head: Head, value: Record, parents: set[str], *, deleted: bool = False
) -> Revision:
    return new_revision(slug, value, record_id=head.record, parents=parents, deleted=deleted)


def names(heads: Iterable[Head], stem: str) -> list[tuple[str, str, str]]:
    """(revision, kind, name) of the records of a practice that have a name."""
    found = []
    for head in current(heads):
        value = head.value
        if value is None or head.practice != stem or not value.key or head.kind in SECRET_KINDS:
            continue
        if not (value.closes or value.points or value.counts):
            found.append((head.revision, head.kind, str(head.payload[value.key[0]])))
    return found
