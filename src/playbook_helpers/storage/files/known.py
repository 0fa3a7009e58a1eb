"""What a store already knows of one partnership, looked up by record, by key and by content."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from contextlib import suppress
from typing import Any

from pydantic import ValidationError

from playbook_helpers.core.records import key_of
from playbook_helpers.core.revisions import Revision, canonical, unerased
from playbook_helpers.practices.kinds import RECORD_TYPES


class Known:
    """All revisions of one partnership, looked at in the ways that an import needs.

    States are compared by what they say: 52 and 52.0 are one, and an answer that was left out
    equals its default.
    """

    def __init__(self, revisions: Iterable[Revision]) -> None:
        self.by_id = {revision.id: revision for revision in revisions}
        self.by_record: dict[str, list[Revision]] = defaultdict(list)
        replaced: set[str] = set()
        for revision in unerased(list(self.by_id.values())):
            self.by_record[revision.record].append(revision)
            replaced.update(revision.parents)
        self.tips: dict[str, list[Revision]] = {
            record: [r for r in held if r.id not in replaced]
            for record, held in self.by_record.items()
        }
        """Record -> the revisions that nothing replaces, also where two say the same thing."""
        self.live: dict[tuple[str, str], list[str]] = defaultdict(list)
        """(kind, key) -> the records that go by that key now."""
        for record, tips in self.tips.items():
            for name in {(r.kind, _key(r)) for r in tips if not r.deleted}:
                self.live[name].append(record)
        self._states: dict[str, str] = {}
        self._holding: dict[tuple[str, str], list[str]] | None = None

    def state(self, revision: Revision) -> str:
        """What a revision says, as comparable text."""
        if revision.id not in self._states:
            self._states[revision.id] = state_of(revision.kind, revision.payload)
        return self._states[revision.id]

    def stands(self, record: str, state: str) -> bool:
        """Whether the record, or one of its rival states, says this now."""
        return any(not r.deleted and self.state(r) == state for r in self.tips.get(record, ()))

    def stood(self, record: str, state: str) -> bool:
        """Whether the record ever said this."""
        return any(self.state(r) == state for r in self.by_record.get(record, ()))

    def holding(self, kind: str, state: str) -> list[str]:
        """The records of a kind that ever said this."""
        if self._holding is None:
            self._holding = defaultdict(list)
            for revision in self.by_id.values():
                records = self._holding[revision.kind, self.state(revision)]
                if revision.record not in records:
                    records.append(revision.record)
        return self._holding.get((kind, state), [])

    def is_erased(self, revision: str) -> bool:
        """Whether the words of that revision were taken out for good."""
        return revision in self.by_id and self.by_id[revision].erased

    def is_removed(self, record: str) -> bool:
        """Whether the record is there only as one that was removed."""
        return record in self.tips and all(r.deleted for r in self.tips[record])


def state_of(kind: str, payload: Mapping[str, Any]) -> str:
    """A payload as comparable text, as today's record type reads it where it can."""
    type_ = RECORD_TYPES.get(kind)
    if type_ is not None:
        with suppress(ValidationError):
            payload = type_.model_validate(dict(payload)).payload()
    # Adding nothing makes minus nought plain nought: they are one number.
    return canonical({k: v + 0.0 if isinstance(v, float) else v for k, v in payload.items()})


def _key(revision: Revision) -> str:
    type_ = RECORD_TYPES.get(revision.kind)
    return key_of(type_, revision.payload) if type_ is not None else revision.record
