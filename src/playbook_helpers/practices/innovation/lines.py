"""When a pass line was moved: before the start, after it, or after the result was known.

A line that is moved once people can see where the ball lands tests nothing any more. Revisions are
never changed, so each line an experiment has had can be found, with the day it was written.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from typing import Literal, NamedTuple

from playbook_helpers.core.partial_dates import first_day, last_day
from playbook_helpers.core.revisions import Revision, age

Moment = Literal["before", "after", "after_result", "unsure"]
MOMENT_WORDS: Mapping[str, str] = {
    "before": "before the start",
    "after": "after the start",
    "after_result": "after the result was known",
    "unsure": "nobody can tell whether before the start",
}
NO_LINE = "none"


class MovedLine(NamedTuple):
    """One change of a pass line: the day, the old line, the new one, and when that was."""

    on: str
    was: str
    line: str
    moment: Moment
    was_value: float | None = None

    @property
    def late(self) -> bool:
        """Whether it was certainly changed after the start."""
        return self.moment in ("after", "after_result")


def plain_number(value: float) -> str:
    """A number as people write it, to at most two decimals.

    >>> plain_number(1500000.0), plain_number(2.5), plain_number(-0.001)
    ('1,500,000', '2.5', '0')
    """
    text = f"{value:,.2f}".rstrip("0").rstrip(".")
    return "0" if text == "-0" else text


def line_words(payload: Mapping[str, object]) -> str:
    """A pass line in words, with its unit.

    >>> line_words({"pass_side": "at_least", "pass_line": 60.0, "unit": "percent"})
    'at least 60 %'
    >>> line_words({"pass_line": 12, "unit_words": "families"}), line_words({})
    ('at least 12 families', 'none')
    """
    line = payload.get("pass_line")
    if isinstance(line, bool) or not isinstance(line, int | float):
        return NO_LINE
    side = "at most" if payload.get("pass_side") == "at_most" else "at least"
    unit = "%" if payload.get("unit") == "percent" else str(payload.get("unit_words") or "")
    return f"{side} {plain_number(float(line))} {unit}".strip()


def moved_lines(history: Sequence[Revision], results: Iterable[str] = ()) -> list[MovedLine]:
    """Every change of the pass line in an experiment's revisions, oldest first.

    `results` are the partial dates on which results were known. The earliest start that was ever
    written counts, so moving the start date as well hides nothing. A change is told from what a
    revision replaces, so two people who edited at once, and the settling of it, are no move of
    their own. A start known only to its month or year is taken as it is: a change within that
    time is "unsure", and so is one whose day nobody wrote down.
    """
    held = {revision.id: revision for revision in history}
    begins = [str(r.payload["starts"]) for r in history if r.payload.get("starts")]
    known = min((last_day(when) for when in results), default=None)
    moved = []
    for revision in sorted(history, key=age):
        if revision.deleted:
            continue
        before = _replaced(revision, held)
        line = _terms(revision.payload)
        if not before or line in map(_terms, before):
            continue
        written = _day(revision.client_time)
        old = before[-1].get("pass_line")
        value = float(old) if isinstance(old, int | float) else None
        moment = _moment(written, begins, known)
        words = line_words(revision.payload)
        moved.append(MovedLine(str(written or ""), line_words(before[-1]), words, moment, value))
    return moved


def _terms(payload: Mapping[str, object]) -> tuple[object, ...]:
    """What a pass line says; without a number there is none, whatever else is filled in."""
    line = payload.get("pass_line")
    if line is None:
        return (None,)
    side = payload.get("pass_side") or "at_least"
    return (line, side, payload.get("unit"))


def _replaced(revision: Revision, held: Mapping[str, Revision]) -> list[Mapping[str, object]]:
    """The states that a revision replaces, oldest first, looking through deletions."""
    found: dict[str, Revision] = {}
    seen: set[str] = {revision.id}
    todo = list(revision.parents)
    while todo:
        each = held.get(todo.pop())
        if each is None or each.id in seen:
            continue
        seen.add(each.id)
        if each.deleted:
            todo += each.parents
        else:
            found[each.id] = each
    return [each.payload for each in sorted(found.values(), key=age)]


def _day(moment: str) -> date | None:
    try:
        return date.fromisoformat(moment[:10])
    except ValueError:
        return None


def _moment(written: date | None, begins: Sequence[str], known: date | None) -> Moment:
    if written is None:
        return "unsure"
    if known is not None and written >= known:
        return "after_result"
    starts: list[tuple[date, date]] = []
    for when in begins:
        try:
            starts.append((first_day(when), last_day(when)))
        except ValueError:  # a payload that today's record type could not read
            continue
    if not starts:
        return "unsure"
    first, last = min(starts)
    if written < first:
        return "before"
    # On the first day itself, and within a month that is all we know of the start, who can tell?
    return "after" if written > last else "unsure"


__all__ = ["MOMENT_WORDS", "NO_LINE", "MovedLine", "line_words", "moved_lines", "plain_number"]
