"""What has not been filled in, and when each practice was last touched."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date

from playbook_helpers.core.assessment import Head, current
from playbook_helpers.core.partnership import Partner, Partnership
from playbook_helpers.core.practice import Practice
from playbook_helpers.core.records import Record, fields_of
from playbook_helpers.core.revisions import Revision
from playbook_helpers.practices.overview.earlier import is_closed, written_on

_ASIDE = frozenset({"note", "source", "invented", "ends", "left"})
"""Fields that may well stay empty."""


@dataclass(frozen=True, slots=True)
class Filled:
    """How far one practice is filled in.

    `none` names the kinds of record of which there are none, `fields` the questions that no
    record of a kind answers ("Goals: Where does the number come from?"). `touched` is the last
    day on which something was written; None where nothing was, or where it cannot be told.
    """

    practice: str
    title: str
    records: int
    none: tuple[str, ...] = ()
    fields: tuple[str, ...] = ()
    rivals: int = 0
    unread: int = 0
    touched: date | None = None


def filled(practice: Practice, heads: Sequence[Head], revisions: Iterable[Revision]) -> Filled:
    """How far `practice` is filled in; `heads` and `revisions` may hold others' records too."""
    return _filled(practice.stem, practice.title, practice.record_types, heads, revisions)


def filled_partnership(heads: Sequence[Head], revisions: Iterable[Revision]) -> Filled:
    """How far the partnership itself and its partners are written down."""
    return _filled(
        "partnership", "The partnership itself", (Partnership, Partner), heads, revisions
    )


def _filled(
    stem: str,
    title: str,
    types: tuple[type[Record], ...],
    heads: Sequence[Head],
    revisions: Iterable[Revision],
) -> Filled:
    kinds = {type_.kind: type_ for type_ in types}
    own = [head for head in heads if head.kind in kinds]
    by_kind: dict[str, list[Head]] = {kind: [] for kind in kinds}
    for head in current(own):
        by_kind[head.kind].append(head)
    # Answers that are nobody's bear no time.
    days = [day for r in revisions if r.kind in kinds and (day := written_on(r)) is not None]
    return Filled(
        practice=stem,
        title=title,
        records=sum(map(len, by_kind.values())),
        none=tuple(kinds[kind].plural for kind, held in by_kind.items() if not held),
        fields=tuple(
            f"{kinds[kind].plural}: {label}"
            for kind, held in by_kind.items()
            if held and not is_closed(kind)
            for label in _unanswered(kinds[kind], held)
        ),
        rivals=len({head.record for head in own if head.rivals}),
        unread=sum(head.value is None for head in own),
        touched=max(days, default=None),
    )


def _unanswered(type_: type[Record], held: Sequence[Head]) -> list[str]:
    answered = {name for head in held for name in head.payload}
    return [
        spec.entry.label
        for spec in fields_of(type_)
        if spec.name not in answered and spec.name not in _ASIDE and not spec.required
    ]
