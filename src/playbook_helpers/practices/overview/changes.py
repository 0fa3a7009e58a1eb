"""Each practice's few measures, with what has changed in them since the last round."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta

from playbook_helpers.core.assessment import Assessment, Context, Head, Measure, current, of_type
from playbook_helpers.core.partial_dates import last_day, spoken
from playbook_helpers.core.partnership import Decision
from playbook_helpers.core.practice import Practice
from playbook_helpers.core.revisions import Revision
from playbook_helpers.practices.overview.earlier import Earlier, earlier

FEW = 4
"""Measures of each practice."""
ROUND = timedelta(days=28)
"""Decisions closer together than this belong to one round."""


@dataclass(frozen=True, slots=True)
class Moved:
    """One measure now, the same measure before, and the difference.

    `change` is None where it cannot be known or worked out, and `why` says so. Differences have
    the measure's own unit. `note` is what to keep in mind about the difference.
    """

    practice: str
    now: Measure
    before: Measure | None = None
    change: float | None = None
    since: date | None = None
    note: str = ""
    why: str = ""


@dataclass(frozen=True, slots=True)
class PracticeSummary:
    """One practice as it stands: its assessment, how it stood before, and its few measures."""

    practice: Practice
    assessment: Assessment
    before: Earlier | None = None
    measures: tuple[Moved, ...] = ()

    @property
    def stem(self) -> str:
        """The practice's stem."""
        return self.practice.stem

    @property
    def empty(self) -> bool:
        """Whether nothing has been written down for it."""
        return not any(self.assessment.counts.values())


def last_round(heads: Iterable[Head], stem: str, as_of: date) -> date | None:
    """The day of the last decisions at the worksheet `stem`, before those of the present round.

    What was decided in the four weeks up to `as_of` belongs to the present round.
    """
    days = [
        last_day(decision.date)
        for _, decision in of_type(current(heads), Decision)
        if decision.worksheet == stem
    ]
    return max((day for day in days if day <= as_of - ROUND), default=None)


def year_before(day: date) -> date:
    """The same day a year before; of 29 February, the 28th.

    >>> year_before(date(2024, 2, 29))
    datetime.date(2023, 2, 28)
    """
    try:
        return day.replace(year=day.year - 1)
    except ValueError:
        return day.replace(year=day.year - 1, day=28)


def take_standing(
    practice: Practice,
    heads: Sequence[Head],
    revisions: Sequence[Revision],
    context: Context,
    since: date | None = None,
    assessment: Assessment | None = None,
) -> PracticeSummary:
    """One practice now and as it stood at its last round, or else a year before.

    `since` names another day to compare with; `assessment` is its assessment, where it is at hand.
    """
    now = assessment or practice.assessed(heads, context)
    day = since or last_round(heads, practice.stem, context.as_of) or year_before(context.as_of)
    past = earlier(practice, heads, revisions, day)
    then = None
    if past.basis != "unknown":
        shared = tuple(h for h in heads if h.practice == "partnership")
        then = practice.assess(
            (*past.heads, *shared), replace(context, as_of=day, round="", history=past.history)
        )
    picked = pick(practice.first, now.measures)
    moved = tuple(_moved(practice, m, now, then, past) for m in picked)
    return PracticeSummary(practice, now, past, moved)


def pick(first: Sequence[str], measures: Sequence[Measure]) -> list[Measure]:
    """The few measures to show: those named in `first`; where none is named, the first ones.

    Those without a value are left out, unless none has one.
    """
    by_name = {m.name: m for m in measures}
    there = [by_name[n] for n in first if n in by_name] or list(measures)
    known = [m for m in there if m.value is not None]
    return (known or there)[:FEW]


def _moved(
    practice: Practice, now: Measure, all_now: Assessment, then: Assessment | None, past: Earlier
) -> Moved:
    stem = practice.stem
    if now.name in practice.own_change:
        return _own_change(stem, now, all_now, practice.own_change[now.name])
    if then is None:
        return Moved(stem, now, since=past.day, why=past.why)
    if past.basis == "dates" and now.name not in practice.dated:
        told = spoken(past.day.isoformat())
        why = f"Not known where only something written down by {told} could tell."
        return Moved(stem, now, since=past.day, why=why)
    before = next((m for m in then.measures if m.name == now.name), None)
    if before is None or before.value is None:
        said = f": {before.note}" if before is not None and before.note else ""
        return Moved(stem, now, before, None, past.day, why=f"Not known for then{said}.")
    other_unit = before.unit != now.unit and before.value and now.value
    if now.value is None or other_unit:
        return Moved(stem, now, before, None, past.day, why="Then and now cannot be compared.")
    change = now.value - before.value
    return Moved(stem, now, before, change, past.day, _note(now, before), past.why)


def _own_change(stem: str, now: Measure, all_now: Assessment, name: str) -> Moved:
    found = next((m for m in all_now.measures if m.name == name and m.value is not None), None)
    if found is None:
        why = "There is no earlier round to compare with, or too few answered then."
        return Moved(stem, now, why=why)
    span = ""
    if found.low is not None and found.high is not None:
        span = f"between {found.low:+.2f} and {found.high:+.2f} ({found.interval})"
    note = "; ".join(part for part in (span, found.note) if part)
    return Moved(stem, now, None, found.value, None, note)


def _note(now: Measure, before: Measure) -> str:
    notes = []
    if now.n != before.n:
        notes.append(f"rests on {now.n:,} now, on {before.n:,} then")
    ends = (now.low, now.high, before.low, before.high)
    sure = "confidence" in now.interval and "confidence" in before.interval
    if sure and None not in ends and now.low <= before.high and before.low <= now.high:  # type: ignore[operator]
        notes.append("the two ranges overlap")
    return "; ".join(notes)
