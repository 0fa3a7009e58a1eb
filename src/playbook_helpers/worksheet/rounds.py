"""Whether a round takes what a form sends: one answer a person, and closed is for good."""

from __future__ import annotations

from playbook_helpers.core.answering import Fault
from playbook_helpers.core.revisions import Revision
from playbook_helpers.practices.kinds import record_type
from playbook_helpers.practices.trust import completes, refusal
from playbook_helpers.storage.database import Store

COMPLETE = (
    "With this count, as many are counted as have answered, so the round would close for good. Is "
    "every organisation counted, and are all slips and files in? Then save it again."
)


class Rounds:
    """What is known of rounds while one form, or one workshop, stands open."""

    def __init__(self, store: Store) -> None:
        self._store = store
        self._asked: set[tuple[str, str]] = set()
        """The counts, by kind and round, of which it was said that one more closes the round."""

    def faults(self, revision: Revision, given: int) -> list[Fault]:
        """Why the round that a checked revision belongs to does not take it; mostly nothing.

        `given` is how many answers to it came before from the same place or person.
        """
        type_ = record_type(revision.kind)
        if not (type_.pseudonymous or type_.closes or type_.counts):
            return []
        heads = self._store.heads(revision.partnership, practice=type_.practice)
        record = type_.model_validate(dict(revision.payload))
        if problem := refusal(heads, record, given):
            return [("", problem)]
        counted = (revision.kind, str(revision.payload.get("round")))
        if counted not in self._asked and completes(heads, revision.record, record):
            # Counts are typed one after the other, and closed is for good.
            self._asked.add(counted)
            return [("", COMPLETE)]
        return []
