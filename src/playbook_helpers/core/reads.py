"""Which records a worksheet reads, so that a change of any other is no reason to run it again.

A worksheet reads the partnership's own record, the records of its practice, those kinds of other
practices that the practice names, and the decisions taken at it. The assessment is given these
heads and no others, so that what is declared here is what is true.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from playbook_helpers.core.assessment import Head
from playbook_helpers.core.partnership import Decision, Partner, Partnership


@dataclass(frozen=True, slots=True)
class Reads:
    """Records by practice (all kinds of it), by kind, and decisions by the worksheet they name.

    Two of them put together with `|` read what either reads.
    """

    practices: frozenset[str] = frozenset()
    kinds: frozenset[str] = frozenset({Partnership.kind})
    worksheets: frozenset[str] = frozenset()
    everything: bool = False

    def __or__(self, other: Reads) -> Reads:
        return Reads(
            self.practices | other.practices,
            self.kinds | other.kinds,
            self.worksheets | other.worksheets,
            self.everything or other.everything,
        )

    def has(self, practice: str, kind: str) -> bool:
        """Whether all records of that kind are read."""
        return self.everything or practice in self.practices or kind in self.kinds

    def looks_at(self, practice: str, kind: str) -> bool:
        """Whether some records of that kind are read: all, or decisions that name a worksheet."""
        return self.has(practice, kind) or (kind == Decision.kind and bool(self.worksheets))

    @property
    def partners(self) -> bool:
        """Whether it is told who the partners are."""
        return self.has(Partner.practice, Partner.kind)

    def heads(self, heads: Iterable[Head]) -> tuple[Head, ...]:
        """Those of the heads that are read, in their order.

        A decision is read with all its heads if any of them names the worksheet.
        """
        held = tuple(heads)
        if self.everything:
            return held
        decided = {
            head.record
            for head in held
            if head.kind == Decision.kind and head.payload.get("worksheet") in self.worksheets
        }
        return tuple(h for h in held if self.has(h.practice, h.kind) or h.record in decided)


EVERYTHING = Reads(everything=True)
"""Every record of the partnership, and all that was ever saved of it."""
