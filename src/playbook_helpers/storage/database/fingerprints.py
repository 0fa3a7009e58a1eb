"""Fingerprints of many partnerships' records by kind: what a plan compares, in one pass.

They are the tallies that each partnership keeps of its revisions: nothing stored is ever changed
but by erasing, which is counted too, so a record, a record's past or a decision is another one
exactly when a tally is. No payload is read but those of decisions, which belong to the worksheet
that they name. Of answers that are nobody's, a fingerprint follows what may be told of them and
how many there are, and no more: a run's index tells nothing of who answered what, or when.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from sqlalchemy import Connection, select

from playbook_helpers.core.partnership import Decision
from playbook_helpers.core.reads import Reads
from playbook_helpers.storage.database import schema, tallies
from playbook_helpers.storage.database.rows import checked, revision_line, rows_where


@dataclass(frozen=True, slots=True)
class RecordFingerprints:
    """The fingerprints of one partnership's records."""

    kinds: Mapping[tuple[str, str], str] = field(default_factory=dict)
    """(practice, kind) -> fingerprint of all that was ever saved of it."""
    decisions: Mapping[str, str] = field(default_factory=dict)
    """Worksheet -> fingerprint of the decisions that name it, or once did."""

    def of(self, reads: Reads) -> str:
        """A text that changes when a record that is read changes, and with no other record."""
        told = [mark for kind, mark in self.kinds.items() if reads.has(*kind)]
        if not reads.has(Decision.practice, Decision.kind):
            told += [mark for at, mark in self.decisions.items() if at in reads.worksheets]
        return hashlib.sha256("\n".join(sorted(told)).encode()).hexdigest()


NOTHING = RecordFingerprints()


def record_fingerprints(
    connection: Connection,
    partnerships: Iterable[str] | None,
    answers: Mapping[str, Mapping[tuple[str, str], str]],
) -> dict[str, RecordFingerprints]:
    """Partnership -> its fingerprints; of all that have records, or of those named.

    `answers` are the fingerprints of answers that are nobody's.
    """
    wanted = None if partnerships is None else list(partnerships)
    kinds: dict[str, dict[tuple[str, str], str]] = {}
    held = tallies.read(connection, wanted)
    for slug, counted in held.items():
        kinds[slug] = {}
        for name, tally in counted.items():
            practice, _, kind = name.partition("/")
            kinds[slug][practice, kind] = f"{name} {tally}"
    decided = _decisions(connection, wanted, held)
    for slug, told in answers.items():
        kinds.setdefault(slug, {}).update(told)
    return {slug: RecordFingerprints(own, decided.get(slug, {})) for slug, own in kinds.items()}


def _decisions(
    connection: Connection, wanted: list[str] | None, counted: Mapping[str, tallies.Kinds]
) -> dict[str, dict[str, str]]:
    table = schema.revision.c
    query = select(schema.revision).where(table.kind == Decision.kind)
    rows = list(checked(rows_where(connection, query, table.partnership, wanted)))
    # A decision that was moved to another worksheet has changed at both.
    ids: dict[tuple[str, str], list[str]] = {}
    named: dict[tuple[str, str], set[str]] = {}
    for row in rows:
        whose = row.partnership, row.record
        ids.setdefault(whose, []).append(row.id)
        named.setdefault(whose, set()).add(str(json.loads(row.payload).get("worksheet")))
    tallies.check(
        connection, map(revision_line, rows), wanted, kinds=[Decision.kind], known=counted
    )
    found: dict[str, dict[str, list[str]]] = {}
    for (slug, record), worksheets in named.items():
        for worksheet in worksheets:
            found.setdefault(slug, {}).setdefault(worksheet, []).extend(ids[slug, record])
    return {
        slug: {w: _mark(f"at {w}", held) for w, held in by.items()} for slug, by in found.items()
    }


def _mark(what: str, ids: Iterable[str]) -> str:
    return f"{what} {hashlib.sha256(''.join(sorted(ids)).encode()).hexdigest()}"
