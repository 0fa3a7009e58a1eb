"""The overview: where one partnership stands, over all practices at once.

It adds nothing up. There is no total score, since one number for a whole partnership hides what
there is to talk about.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import asdict, dataclass
from datetime import date
from typing import Any

from playbook_helpers.assessment import Context, Head, current, of_type
from playbook_helpers.overview.changes import Moved, Standing, take_standing
from playbook_helpers.overview.gaps import Filled, filled, filled_partnership
from playbook_helpers.overview.next_things import (
    NEXT,
    Found,
    Thing,
    all_findings,
    next_things,
    open_decisions,
)
from playbook_helpers.partnership import Decision
from playbook_helpers.practices import PRACTICES, Practice
from playbook_helpers.revisions import Revision


@dataclass(frozen=True, slots=True)
class Overview:
    """What all practices' worksheets say of one partnership at one date."""

    partnership: str
    as_of: date
    standings: tuple[Standing, ...]
    findings: tuple[Found, ...]
    next: tuple[Thing, ...]
    filled: tuple[Filled, ...]
    open: int
    """Decisions that are not done yet."""
    done: int
    """Decisions that are done."""

    def measures(self) -> tuple[Moved, ...]:
        """The few measures of every practice for which something is written down."""
        return tuple(m for s in self.standings if not s.empty for m in s.measures)

    def to_json(self) -> dict[str, Any]:
        """JSON values; the practices' own assessments stay out, since they stand by themselves."""
        return {
            "partnership": self.partnership,
            "as_of": self.as_of.isoformat(),
            "measures": [
                {
                    "practice": m.practice,
                    "name": m.now.name,
                    "value": m.now.value,
                    "before": m.before.value if m.before else None,
                    "change": m.change,
                    "since": m.since.isoformat() if m.since else None,
                    "note": m.note,
                    "why": m.why,
                }
                for m in self.measures()
            ],
            "next": [asdict(thing) for thing in self.next],
            "filled": [
                asdict(f) | {"touched": f.touched.isoformat() if f.touched else None}
                for f in self.filled
            ],
            "decisions": {"open": self.open, "done": self.done},
        }


def take_overview(
    heads: Sequence[Head],
    revisions: Iterable[Revision],
    context: Context,
    *,
    practices: Sequence[Practice] = PRACTICES,
    since: date | None = None,
) -> Overview:
    """The overview of one partnership as of `context.as_of`.

    `heads` are its records as they stand, `revisions` all their saved states; `context.history`
    is filled from them. Changes are told since each practice's last round, or since a year
    before, or since the day `since`.
    """
    held = list(revisions)
    history: dict[str, list[Revision]] = {}
    watched = {kind for practice in practices for kind in practice.history}
    for revision in held:
        if revision.kind in watched:
            history.setdefault(revision.record, []).append(revision)
    full = Context(
        context.slug,
        context.as_of,
        context.partnership,
        context.partners,
        context.round,
        {record: tuple(states) for record, states in history.items()},
    )
    standings = tuple(take_standing(p, heads, held, full, since) for p in practices)
    found = all_findings(standings)
    still = len(open_decisions(heads, context.as_of))
    return Overview(
        partnership=context.slug,
        as_of=context.as_of,
        standings=standings,
        findings=found,
        next=next_things(heads, found, standings, context.as_of),
        filled=(
            filled_partnership(heads, held),
            *(filled(practice, heads, held) for practice in practices),
        ),
        open=still,
        done=len(of_type(current(heads), Decision)) - still,
    )


__all__ = [
    "NEXT",
    "Filled",
    "Found",
    "Moved",
    "Overview",
    "Standing",
    "Thing",
    "next_things",
    "take_overview",
]
