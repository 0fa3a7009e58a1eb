"""What a store already knows of one partnership, looked up by record, by key and by content.

A measurement names its goal and an offer its partner by what they are called. A name that nothing
goes by is no error, because the goal may come with the next file; but it is said at once.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from contextlib import suppress
from typing import Any

from pydantic import ValidationError

from playbook_helpers.core.records import key_of
from playbook_helpers.core.revisions import Revision, canonical, unerased
from playbook_helpers.core.text import folded
from playbook_helpers.practices.kinds import RECORD_TYPES
from playbook_helpers.storage.files.headings import specs_of
from playbook_helpers.storage.files.problems import nearest, shorten


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


def reference_warnings(
    known: Known, touched: Iterable[tuple[str, str, Mapping[str, object]]]
) -> list[str]:
    """A warning for each name that `touched` (place, kind, payload) uses and nothing goes by."""
    names = _names(known)
    wanting: dict[tuple[str, str], tuple[str, str, int]] = {}
    for place, kind, payload in touched:
        type_ = RECORD_TYPES.get(kind)
        for field, spec in specs_of(type_).items() if type_ is not None else ():
            other, value = spec.entry.refers_to, payload.get(field)
            if not other or not isinstance(value, str) or folded(value) in names.get(other, {}):
                continue
            first, written, count = wanting.get((other, folded(value)), (place, value, 0))
            wanting[other, folded(value)] = (first, written, count + 1)
    warnings = []
    for (other, _), (place, written, count) in wanting.items():
        more = f" (and {count - 1} more)" if count > 1 else ""
        like = nearest(written, names.get(other, {}).values())
        hint = f"; the nearest is {shorten(like)}" if like else ""
        title = RECORD_TYPES[other].title.lower() if other in RECORD_TYPES else other
        warnings.append(f"{place}{more}: no {title} is called {shorten(written)}{hint}")
    return warnings


def double_warnings(known: Known, records: Iterable[str]) -> list[str]:
    """A warning for each name that one of `records` shares with another record of its kind."""
    touched = set(records)
    warnings = []
    for (kind, key), sharing in known.live.items():
        type_ = RECORD_TYPES.get(kind)
        if len(sharing) > 1 and type_ is not None and type_.key and touched & set(sharing):
            warnings.append(
                f"{len(sharing)} records in {type_.plural.lower()} go by {shorten(key)}; "
                "both are kept: remove or rename one"
            )
    return warnings


def _names(known: Known) -> dict[str, dict[str, str]]:
    """Kind -> comparable name -> name as written, of all records that are there now."""
    names: dict[str, dict[str, str]] = {}
    for tips in known.tips.values():
        for tip in tips:
            type_ = RECORD_TYPES.get(tip.kind)
            if type_ is not None and type_.key and not tip.deleted:
                written = str(tip.payload.get(type_.key[0], ""))
                names.setdefault(tip.kind, {})[folded(written)] = written
    return names
