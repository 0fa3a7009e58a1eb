"""Kinds of record: from a kind to its type, and from revisions to the records that stand.

What is secret, what closes a round, and what may be told of answers are asked here by whoever keeps
or moves records, so that nobody else has to know which practice they belong to.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from dataclasses import replace
from datetime import date
from typing import Any

from pydantic import ValidationError

from playbook_helpers.core import partnership
from playbook_helpers.core.answering import answered
from playbook_helpers.core.assessment import Head
from playbook_helpers.core.bidi import unturned
from playbook_helpers.core.errors import NotFound
from playbook_helpers.core.practice import Practice
from playbook_helpers.core.records import Record
from playbook_helpers.core.revisions import Revision, heads_of, untraced
from playbook_helpers.practices import PRACTICES, first_round, trust

RECORD_TYPES: Mapping[str, type[Record]] = {
    record_type.kind: record_type
    for record_types in (
        partnership.RECORD_TYPES,
        first_round.RECORD_TYPES,
        *(p.record_types for p in PRACTICES),
    )
    for record_type in record_types
}
"""Kind -> record type, for all kinds there are. Kinds are unique across practices."""


def practice_named(stem: str) -> Practice:
    """The practice with that stem; raises NotFound listing those there are."""
    for practice in PRACTICES:
        if practice.stem == stem:
            return practice
    raise NotFound(
        "There is no such practice", value=stem, allowed=", ".join(p.stem for p in PRACTICES)
    )


def record_type(kind: str) -> type[Record]:
    """The record type of that kind; raises NotFound listing the kinds there are."""
    if kind not in RECORD_TYPES:
        raise NotFound(
            "There is no such kind of record", value=kind, allowed=", ".join(RECORD_TYPES)
        )
    return RECORD_TYPES[kind]


def is_pseudonymous(kind: str) -> bool:
    """Whether records of that kind must not tell whose they are; False for unknown kinds."""
    return kind in RECORD_TYPES and RECORD_TYPES[kind].pseudonymous


def as_kept(revision: Revision) -> Revision:
    """The revision as it may be kept: of a pseudonymous kind, without what tells whose it is.

    One that closes a round replaces nothing and takes nothing back. Whatever takes in revisions
    from elsewhere calls this before it looks at them.
    """
    if is_pseudonymous(revision.kind):
        return untraced(revision)
    if revision.kind in RECORD_TYPES and RECORD_TYPES[revision.kind].closes:
        # Closed is for good: what would take a closing back, or make it another, stands beside it.
        return replace(revision, parents=(), deleted=False)
    return revision


SECRET_KINDS = frozenset(kind for kind, type_ in RECORD_TYPES.items() if type_.pseudonymous)
"""The kinds whose answers are nobody's."""
CLOSING_KINDS = frozenset(kind for kind, type_ in RECORD_TYPES.items() if type_.closes)
"""The kinds whose records close a round of a secret kind."""
COUNTED_KINDS = frozenset({trust.CheckIn.kind, trust.Turnout.kind, *CLOSING_KINDS})
"""The kinds from which it follows that a round is complete, so that a save closes it."""


def closed_by(kind: str, payload: Mapping[str, Any]) -> tuple[str, str]:
    """The secret kind and the round that a record of a closing kind closes."""
    return RECORD_TYPES[kind].closes, str(payload.get("round", ""))


def counted(heads: Iterable[Head]) -> list[Record]:
    """The records that close the rounds now complete by the count that a person wrote down."""
    return [trust.ClosedRound(round=when) for when in trust.counted_rounds(heads)]


def refusal(heads: Iterable[Head], revision: Revision) -> str:
    """Why a round does not take a secret answer, in words; empty where it does.

    `heads` are those of `COUNTED_KINDS`.
    """
    record, problem = read_value(revision.kind, revision.payload)
    if record is None:
        return problem
    held = list(heads)
    return trust.refusal(held, record) or first_round.refusal(held, record)


TOLD_KINDS = COUNTED_KINDS | {kind.kind for kind in (partnership.Partnership, partnership.Partner)}
"""The kinds from which it follows what may be told of secret answers."""


def disclosed(heads: Iterable[Head], slug: str) -> dict[str, str]:
    """Kind -> what may be told of its secret answers among `heads`, in a text that says no more.

    `heads` are those of `TOLD_KINDS`.
    """
    held = list(heads)
    return {
        trust.CheckIn.kind: trust.disclosed(held, slug),
        first_round.FirstRound.kind: first_round.disclosed(held),
    }


def closed_before(heads: Iterable[Head], today: date) -> list[tuple[Record, frozenset[str]]]:
    """Of records from before rounds were closed: what closes those shown, and who is in them.

    Each closing record comes with the ids of the secret records that the round has shown.
    """
    held = trust.closed_before(heads, today)
    return [(trust.ClosedRound(round=when), shown) for when, shown in sorted(held.items())]


def read_heads(
    revisions: Iterable[Revision], *, closed: Iterable[tuple[str, str, str]] = ()
) -> list[Head]:
    """The heads among `revisions` as typed records, oldest first.

    A record whose only head is a deletion is left out; where a deletion rivals an edit, both are
    there. A payload that today's record types cannot read gives a head with a `problem`. An answer
    waits if its round is closed and it is in no picture; one that was erased out of a picture
    gives a head without words. `closed` names rounds as (partnership, kind, round), besides those
    that the revisions tell of.
    """
    held = list(revisions)
    shut = {*closed, *_closed_among(held)}
    heads = []
    for rivals in heads_of(held).values():
        if all(r.deleted and not (r.erased and r.showing) for r in rivals):
            continue
        ids = tuple(revision.id for revision in rivals)
        heads += [_head(r, tuple(i for i in ids if i != r.id), shut) for r in rivals]
    return sorted(heads, key=lambda head: (head.client_time, head.revision))


def round_of(revision: Revision) -> tuple[str, str, str]:
    """Partnership, kind and round of an answer that is nobody's."""
    return revision.partnership, revision.kind, str(revision.payload.get("round", ""))


def _closed_among(revisions: Iterable[Revision]) -> Iterable[tuple[str, str, str]]:
    for revision in revisions:
        if revision.showing:
            yield round_of(revision)
        elif revision.kind in CLOSING_KINDS:
            yield (revision.partnership, *closed_by(revision.kind, revision.payload))


def _head(
    revision: Revision, rivals: tuple[str, ...], closed: Collection[tuple[str, str, str]]
) -> Head:
    value, problem = read_value(revision.kind, revision.payload)
    secret = revision.kind in SECRET_KINDS
    if revision.erased:
        value, problem = None, "its words were taken out"
    return Head(
        record=revision.record,
        revision=revision.id,
        practice=revision.practice,
        kind=revision.kind,
        payload=revision.payload,
        value=value,
        author=revision.author,
        client_time=revision.client_time,
        deleted=revision.deleted,
        problem=problem,
        rivals=rivals,
        stored=revision.stored_time[:7],
        showing=revision.showing,
        waiting=secret and not revision.showing and bool(closed) and round_of(revision) in closed,
        erased=revision.erased,
    )


def read_value(kind: str, payload: Mapping[str, Any]) -> tuple[Record | None, str]:
    """The typed record in a payload, or None and why it cannot be read."""
    if kind not in RECORD_TYPES:
        return None, f"this version does not know the kind {kind!r}"
    try:
        return RECORD_TYPES[kind].model_validate(payload), ""
    except ValidationError:
        # Signs that turn text round are refused today; what was stored before is read without.
        held = {name: unturned(v) if isinstance(v, str) else v for name, v in payload.items()}
        record, wrong = answered(RECORD_TYPES[kind], held)
        return record, "; ".join(f"{where} {words}".strip() for where, words in wrong)
