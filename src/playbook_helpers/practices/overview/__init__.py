"""The overview: where one partnership stands, over all practices at once.

It adds nothing up. There is no total score, since one number for a whole partnership hides what
there is to talk about.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date

from playbook_helpers.core.assessment import Assessment, Context, Head, current, of_type
from playbook_helpers.core.partnership import OVERVIEW, Decision
from playbook_helpers.core.practice import Practice
from playbook_helpers.core.revisions import Revision, histories
from playbook_helpers.practices import PRACTICES
from playbook_helpers.practices.overview.changes import Moved, PracticeSummary, take_standing
from playbook_helpers.practices.overview.gaps import Filled, filled, filled_partnership
from playbook_helpers.practices.overview.next_things import (
    NEXT,
    Found,
    Thing,
    all_findings,
    next_things,
    open_decisions,
)


@dataclass(frozen=True, slots=True)
class Overview:
    """What all practices' worksheets say of one partnership at one date."""

    partnership: str
    as_of: date
    standings: tuple[PracticeSummary, ...]
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
    watched = {kind for practice in practices for kind in practice.history}
    full = replace(context, history=histories(held, watched))
    standings = tuple(take_standing(p, heads, held, full, since) for p in practices)
    found = all_findings(standings, heads)
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


def things_to_do(
    heads: Sequence[Head],
    context: Context,
    assessed: Mapping[str, Assessment],
    practices: Sequence[Practice] = PRACTICES,
) -> tuple[Thing, ...]:
    """The next things alone, without the past; `assessed` holds assessments that are there."""
    standings = [
        PracticeSummary(p, assessed.get(p.stem) or p.assessed(heads, context)) for p in practices
    ]
    return next_things(heads, all_findings(standings, heads), standings, context.as_of)


def _no_assessment(heads: Iterable[Head], context: Context) -> Assessment:
    return Assessment(OVERVIEW, context.slug, context.as_of)


PRACTICE = Practice(OVERVIEW, (), _no_assessment, above=True)

__all__ = [
    "NEXT",
    "PRACTICE",
    "Filled",
    "Found",
    "Moved",
    "Overview",
    "PracticeSummary",
    "Thing",
    "next_things",
    "take_overview",
    "things_to_do",
]
