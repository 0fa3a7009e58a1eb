"""A partnership's records as one reading of the store found them, and what follows from them.

A worksheet's cells ask for the same records and the same assessment again and again. Within one
reading each is worked out once, the first time it is asked for.
"""

from __future__ import annotations

from collections.abc import Iterable
from functools import cached_property

from playbook_helpers.core.assessment import Context, Head, current, of_type
from playbook_helpers.core.partnership import Partner, Partnership
from playbook_helpers.core.reads import EVERYTHING, Reads
from playbook_helpers.core.revisions import Revision, histories
from playbook_helpers.practices.kinds import read_heads
from playbook_helpers.storage.database import Store
from playbook_helpers.worksheet.sections.view import WorksheetView


class Snapshot:
    """One reading: nothing in it changes, whatever is written to the store meanwhile.

    `whole` reads all saved states at once, for practices that look into what was changed; `reads`
    says which records count.
    """

    def __init__(self, store: Store, slug: str, *, whole: bool, reads: Reads = EVERYTHING) -> None:
        self._store, self._slug, self._whole, self._reads = store, slug, whole, reads
        self.context: Context | None = None
        """What an assessment may know besides the records, once it has been put together."""
        self.picture: WorksheetView | None = None
        """What the worksheet's practice makes of the records, once that is asked for."""

    @cached_property
    def revisions(self) -> list[Revision]:
        """All saved states of all records, oldest first."""
        return self._store.revisions(self._slug)

    @cached_property
    def heads(self) -> list[Head]:
        """The heads that the worksheet reads, of its own practice and of others."""
        if self._whole:
            return list(self._reads.heads(read_heads(self.revisions)))
        found = self._store.heads(self._slug, wanted=self._reads.looks_at)
        return list(self._reads.heads(found))

    @cached_property
    def current(self) -> tuple[Head, ...]:
        """One readable head for each record that is not deleted."""
        return current(self.heads)

    @cached_property
    def record(self) -> Partnership | None:
        """What is written down of the partnership itself."""
        return next((record for _, record in of_type(self.current, Partnership)), None)

    @cached_property
    def partners(self) -> tuple[Partner, ...]:
        """Its partners."""
        return tuple(partner for _, partner in of_type(self.current, Partner))

    def histories(self, kinds: Iterable[str]) -> dict[str, tuple[Revision, ...]]:
        """Record id -> all its saved states, oldest first, for records of some kinds only."""
        wanted = set(kinds)
        if not wanted:
            return {}
        if not self._whole:
            return self._store.histories(self._slug, wanted)
        return histories(self.revisions, wanted)
