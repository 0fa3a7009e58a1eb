"""The lessons that a partnership shares with anyone: what happened, why, and what it changes.

Only a review marked "With anyone" leaves its partnership, and only if each of its versions that
stand says so: of two that nobody has settled, the stricter one counts. One that tells of a
challenge and seems to name a person stays until its partnership has looked at it.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass

from playbook_helpers.core.assessment import Context, Head
from playbook_helpers.core.partial_dates import first_day
from playbook_helpers.practices.learning import Review, names_in


@dataclass(frozen=True, slots=True)
class Lesson:
    """One lesson that may be shared with anyone."""

    slug: str
    name: str
    date: str
    side: str
    expected: str
    happened: str
    why: str
    change: str
    done: str


def lessons_of(heads: Sequence[Head], context: Context) -> tuple[tuple[Lesson, ...], int]:
    """The lessons among a partnership's heads, newest first, and how many had to be held back."""
    standing: dict[str, list[Head]] = defaultdict(list)
    for head in heads:
        if head.kind == Review.kind:
            standing[head.record].append(head)
    names = {partner.name for partner in context.partners}
    lessons, held_back = [], 0
    for rivals in standing.values():
        values = [head.value for head in rivals if isinstance(head.value, Review)]
        open_ = len(values) == len(rivals) and not any(head.deleted for head in rivals)
        if not open_ or any(review.sharing != "anyone" for review in values):
            continue
        latest = max(rivals, key=lambda head: (head.client_time, head.revision)).value
        assert isinstance(latest, Review)
        if not (latest.happened or latest.why or latest.change):
            continue
        if latest.date and first_day(latest.date) > context.as_of:
            continue
        if latest.side != "success" and _names_someone(latest, names):
            held_back += 1
            continue
        done = latest.done if latest.done and first_day(latest.done) <= context.as_of else ""
        lessons.append(
            Lesson(
                context.slug,
                latest.name,
                latest.date or "",
                latest.side or "",
                latest.expected or "",
                latest.happened or "",
                latest.why or "",
                latest.change or "",
                done,
            )
        )
    return tuple(sorted(lessons, key=lambda each: (each.date, each.name), reverse=True)), held_back


def _names_someone(review: Review, organisations: set[str]) -> bool:
    told = (review.name, review.expected, review.happened, review.why, review.change)
    return bool(names_in("\n".join(text for text in told if text), organisations))
