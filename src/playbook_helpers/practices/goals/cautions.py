"""What could mislead in a goal's sentence: each caution with its place and a better wording.

Only what can hardly be meant otherwise is warned of: a false warning read out to a group costs
the trust in all that is right.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

from playbook_helpers.practices.goals.characters import Span, plain
from playbook_helpers.practices.goals.reading import DATE, D, Q, Reading
from playbook_helpers.practices.goals.words import INNER, OUTPUT_NOUN

_SHARED = re.compile(
    r"\b(?:percentages?|proportions?|shares?|[a-z]+ rates?"
    r"|prevalence)\b(?! of (?:change|increase|growth))"
)
_OUTPUTS = re.compile(
    rf"(?<!measured by )(?<!measured by the )(?<!and )\bnumber of (?:[\w-]+ ){{0,3}}?"
    rf"(?:{OUTPUT_NOUN})\b(?! (?:members?|users?|participants?|leaders?|attendees))"
)
_PUT_ON = re.compile(
    rf"^(?:(?:by|before|in) {D},? )?(?:[\w' &-]{{1,60}}? (?:will|to) )?"
    r"(?P<what>(?:hold|host|organi[sz]e|run|put on|convene|publish|produce)\b "
    rf"(?:(?:at least|about|an?|the|some|{Q}) )*(?:[\w-]+ ){{0,3}}?(?:{OUTPUT_NOUN}))\b"
)
"""What a group does, as its whole aim: hold 12 workshops."""
_AIM = (
    r"(?:increase|raise|grow|expand|boost|improve|decrease|reduce|lower|cut|end|eliminate|halve"
    r"|double|ensure)"
)
_TWO_VERBS = re.compile(
    rf"(?:^|, |\b(?:to|will|shall|must) )(?:{_AIM}|strengthen|promote|reach|support|help|train)\b"
    rf"(?P<first> [^;.|]{{3,120}}?),?(?P<second> and (?P<verb>{_AIM}))\b(?! (?:of|and|in)\b)"
)
_THEREBY = re.compile(r"\b(?:who|that|which|whose|to|working|help|helps)\b[^,]*$")
_ASKED = re.compile(r"\b(?:say|says|report|reports|reporting|can name|test|score|survey)\b")


@dataclass(frozen=True, slots=True)
class Caution:
    """One warning about a sentence: its code, what is the matter, where, and what to write."""

    code: str
    sentence: str
    span: Span | None
    better: str


def cautions(
    reading: Reading, as_of: date, starts: date | None, ends: date | None, *, cut: bool = False
) -> Iterator[Caution]:
    """The warnings about a sentence, in the order in which they matter."""
    yield from _several(reading)
    yield from _relative_change(reading)
    yield from _doing(reading)
    yield from _calendar(reading, as_of, starts, ends)
    if cut:
        yield Caution(
            "too_long",
            "This is longer than a sentence can be; only its first 5,000 characters were read.",
            None,
            "Put the goal into one sentence and keep the rest as a note.",
        )


def _several(reading: Reading) -> Iterator[Caution]:
    """Steps towards one target, or two targets for two things."""
    if len(reading.amounts) < 2:
        verbs = _TWO_VERBS.search(reading.marked)
        if verbs and not _THEREBY.search(verbs["first"]):
            yield Caution(
                "two_goals",
                "This may be two goals in one sentence: could one be met and the other missed?",
                reading.span(*verbs.span("second")),
                "If so, make two goals of it, and begin the second with "
                f"“{verbs['verb'].capitalize()}”.",
            )
        return
    first, last = reading.amounts[0], reading.amounts[-1]
    between, after = reading.marked[first.end : last.start], reading.marked[last.end :]
    place = reading.span(first.start, last.end)
    due = re.compile(rf"[^,;.]{{0,40}}?\b(?:by|in|from|until) (?:the )?(?:end of )?{D}")
    dated = any(d.part == "deadline" and first.end <= d.start < last.start for d in reading.dates)
    if dated and due.match(after):
        yield Caution(
            "steps",
            "Several numbers for several dates stand in one sentence: which one is the target?",
            place,
            "Keep the last number and date in the sentence, and the earlier ones as steps on the "
            "indicator sheet.",
        )
        return
    joined = re.search(r"\band (?:[a-z]+ |$)", between)
    rhythm = re.match(rf"[^,;.]{{0,25}}{D}", after) and DATE in between
    words = re.findall(r"[a-z]{3,}", between)
    alone = {first.kind, last.kind}.isdisjoint({"multiple", "zero"})
    if joined and not rhythm and alone and len(words) > 2 and first.kind == last.kind:
        yield Caution(
            "two_goals",
            "This may be two targets for two things: could one be met and the other missed?",
            place,
            "If so, write one goal for each number, each with its own name.",
        )


def _relative_change(reading: Reading) -> Iterator[Caution]:
    aim, base = reading.target, reading.baseline
    q = next((q for q in reading.amounts if aim and aim.start <= q.start < aim.end), None)
    if q is None or not reading.is_change:
        return
    place = reading.span(q.start, q.end)
    if q.kind != "multiple" and plain(reading.text[max(0, q.start - 10) : q.start]).endswith(
        "by up to "
    ):
        yield Caution(
            "up_to",
            "“Up to” sets a ceiling: one would keep to it by doing nothing.",
            reading.span(q.start - 6, q.end),
            f"Write “by at least {place.text}” or “by {place.text}”.",
        )
    if q.kind not in ("percent", "share", "multiple"):
        return
    around = reading.marked[max(0, q.start - 160) : q.end + 60]
    points = re.match(r"\W*(?:percentage )?points?\b", reading.marked[q.end :])
    known = base is not None and base.rule in ("B1", "B2")
    if q.kind == "percent" and not points and not known and _SHARED.search(around):
        yield Caution(
            "percent_of_percent",
            "A percentage of a percentage can be read two ways: as percent of the figure, or as "
            "percentage points.",
            place,
            "Say from which figure to which: “from 40% to 44%” (or “by 4 percentage points”).",
        )
    if base is None or base.rule == "B3":
        yield Caution(
            "no_base",
            "A change is named, but not what it is a change from: there is no year and no number "
            "to compare with.",
            place,
            "Add where things stand: “..., compared with [number] in [year]”.",
        )


def _doing(reading: Reading) -> Iterator[Caution]:
    counted, put_on = _OUTPUTS.search(reading.marked), _PUT_ON.search(reading.marked)
    place = counted.span() if counted else put_on.span("what") if put_on else None
    if place:
        yield Caution(
            "activity",
            "This says what you will do or make, not what will change because of it.",
            reading.span(*place),
            "Ask “so that what changes, for whom?” and write that: “By [date], [who] will "
            "[increase/decrease/keep] [what] from [baseline] to [target].” Keep this as an "
            "activity.",
        )
    inner = re.search(rf"\b(?:{INNER})\b", reading.marked)
    if inner and not reading.amounts and not _ASKED.search(reading.marked):
        yield Caution(
            "unobservable_verb",
            "Nobody can see this happen: it goes on in people's heads.",
            reading.span(*inner.span()),
            "Say what people would do or say: “[number] of [whom] can name ...”, “... report ...”.",
        )


def _calendar(
    reading: Reading, as_of: date, starts: date | None, ends: date | None
) -> Iterator[Caution]:
    due = [d for d in reading.dates if d.kind == "date" and d.part == "deadline" and d.day]
    passed = [d for d in due if d.day and d.day < as_of]
    if passed:
        last = len(passed) == len(due)
        yield Caution(
            "date_passed",
            "The date has passed." if last else "The first of the dates has passed.",
            reading.span(passed[-1].start, passed[-1].end),
            "Say how it ended, and set a new date for what is still open."
            if last
            else "Say how that step ended, and keep the date still to come.",
        )
    for each in due:
        if each.day and starts and each.day < starts:
            words = "The date lies before the partnership began."
        elif each.first and ends and each.first > ends:
            words = "The date lies after the partnership ends."
        else:
            continue
        yield Caution(
            "date_outside",
            words,
            reading.span(each.start, each.end),
            "Choose a date within the partnership's life, or say who carries on after it.",
        )
        return
