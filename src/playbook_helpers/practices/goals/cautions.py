"""What could mislead in a goal's sentence: each caution with its place and a better wording."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date

from playbook_helpers.practices.goals.characters import Span
from playbook_helpers.practices.goals.quantities import Quantity
from playbook_helpers.practices.goals.reading import ANY_NUMBER, D, Element, Judgement, Q, Reading
from playbook_helpers.practices.goals.words import (
    ACHIEVE,
    ACTIVITY,
    CHANGE,
    CHANGE_NOUN,
    EFFORT,
    END,
    OUTPUT_NOUN,
    UNOBSERVABLE,
    VAGUE,
)

CHANGED_BY = re.compile(
    rf"\b(?:by|(?:{CHANGE_NOUN}) of) (?:up to |at least |at most |an? |about |around |over "
    rf"|more than "
    r"|approximately |nearly |almost |another |further |average of |an average of |some |one )*$"
)
CHANGE_AFTER = re.compile(
    rf" (?:(?!or\b)[\w-]+ )?(?:{CHANGE_NOUN}|more|fewer|less|below|lower|higher)\b"
)
_SHARE = r"(?:percent|per cent|percentages?|proportions?|shares?|rates?|prevalence|incidence)"
_UP_TO = re.compile(rf"(?<![\w-])up to (?:an? |about )?{Q}")
_NUMBER_OF_OUTPUTS = re.compile(rf"\bnumber of (?:[\w-]+ ){{0,3}}?(?:{OUTPUT_NOUN})\b")
_VERBS = (
    rf"(?:{CHANGE}|{END}|{EFFORT}|{VAGUE}|{ACTIVITY}|ensure|provide|achieve|upgrade|fix|find|plant"
    r"|open|train)"
)
_AND_VERB = re.compile(
    rf"(?:,| and| &|;) (?:(?:also|then|[a-z]+ly) )?(?P<verb>{_VERBS})\b(?! (?:of|and|rates?|in)\b)"
)
_MAIN = re.compile(
    r"^\W{0,10}(?:(?:by|before|in|over|within|until)\b[^,;]{0,60}?,? ?)?(?:(?:to|we"
    r"|the [\w ]{1,40}|our [\w ]{1,30}|[\w &'-]{1,60}?) "
    r"(?:will|shall|must|should|aims? to|intends? to|plans? to|is to"
    r"|are to) |to |[a-z]+ly )?(?P<verb>(?![a-z-]+ed\b)[a-z-]+(?: (?:up|out|on|awareness))?)\b"
)
_MAIN_ACTIVITY = re.compile(rf"(?:{ACTIVITY})")
_INNER = re.compile(rf"\b(?:{UNOBSERVABLE})\b")

_MOVES_THEN = re.compile(
    r"\b(?:(?:ris|declin|increas|decreas)es?|(?:fall|drop|grow|shrink|climb)s?"
    r"|go(?:es)? (?:up|down)) $"
)
"""A verb that moves by itself and then a number: "waiting times fall 20%"."""
_OBJECT_THEN = re.compile(
    rf"\b(?:{CHANGE})\b (?:(?!to\b|at\b|by\b"
    rf"|of\b)[\w'-]+ ){{1,6}}(?<!to )(?<!at )(?<!of )(?<!below )"
    r"(?<!under )(?<!above )(?<!over )(?<!in )(?<!than )$"
)


def is_change(before: str, after: str) -> bool:
    """Whether a quantity between these words is an amount of change, not an amount to reach.

    >>> is_change("reduce it by at least ", " by 2030"), is_change("raise it to ", "")
    (True, False)
    >>> is_change("reduce carbon pollution ", " by 2050"), is_change("a ", " reduction in waste")
    (True, True)
    """
    return bool(
        CHANGED_BY.search(before)
        or CHANGE_AFTER.match(after)
        or _OBJECT_THEN.search(before)
        or _MOVES_THEN.search(before)
    )


@dataclass(frozen=True, slots=True)
class Caution:
    """One warning about a sentence: its code, what is the matter, where, and what to write."""

    code: str
    sentence: str
    span: Span | None
    better: str


def cautions(
    reading: Reading,
    judged: Mapping[Element, Judgement],
    amounts: list[Quantity],
    as_of: date,
    starts: date | None,
    ends: date | None,
) -> Iterator[Caution]:
    """The warnings about a sentence, in the order in which they matter."""
    yield from _two_goals(reading, amounts)
    yield from _relative_change(reading, judged, amounts)
    yield from _ceiling(reading)
    yield from _doing(reading, judged)
    yield from _inner(reading, judged)
    yield from _calendar(reading, as_of, starts, ends)
    if reading.cut:
        yield Caution(
            "too_long",
            "This is longer than a sentence can be; only its first 5,000 characters were read.",
            None,
            "Put the goal into one sentence and keep the rest as a note.",
        )


def _two_goals(reading: Reading, amounts: list[Quantity]) -> Iterator[Caution]:
    text = reading.marked
    first, last = (amounts[0], amounts[-1]) if len(amounts) > 1 else (None, None)
    if first and last:
        between = text[first.end : last.start]
        # a date that stands after both numbers is one date for two goals, and no step
        dated = re.search(D, between) and all(
            re.match(
                rf"[^,;.]{{0,40}}?\b(?:by|in|from|until) (?:the )?(?:end of )?{D}",
                text[q.end : q.end + 70],
            )
            for q in (first, last)
        )
        if dated:
            yield Caution(
                "steps",
                "Several numbers for several dates stand in one sentence: which one is the target?",
                reading.span(first.start, last.end),
                "Keep the last number and date in the sentence, and the earlier ones as steps "
                "on the indicator sheet.",
            )
            return
        joined = re.search(r"\b(?:and|plus|as well as)\b|[;,]", between)
        if joined and len(between) > 8 and first.kind != "multiple":
            yield Caution(
                "two_goals",
                "There are two targets for two things in one sentence; one may be met and the "
                "other missed.",
                reading.span(first.start, last.end),
                "Write one goal for each number, each with its own name.",
            )
            return
    main = _MAIN.match(text)
    if main is None:
        return
    for match in _AND_VERB.finditer(text, main.end()):
        before = text[main.end() : match.start()]
        if not before.strip(" ,"):
            continue  # "find and fix": two verbs of one thing
        if re.search(r"\b(?:who|that|which|whose|so that|in order to|working|to)\b[^,]*$", before):
            continue
        if re.search(r"(?:ing|ed)$", match["verb"]):
            continue
        yield Caution(
            "two_goals",
            "There are two goals in one sentence; one may be met and the other missed.",
            reading.span(match.start() + 1, match.end()),
            f"Make two goals of it, and begin the second with “{match['verb'].capitalize()}”.",
        )
        return


def _relative_change(
    reading: Reading, judged: Mapping[Element, Judgement], amounts: list[Quantity]
) -> Iterator[Caution]:
    text = reading.marked
    base = judged["baseline"]
    for q in amounts:
        before, after = reading.low[max(0, q.start - 60) : q.start], text[q.end : q.end + 40]
        change = is_change(before, after)
        if q.kind == "percent" and change:
            around = text[max(0, q.start - 160) : q.end + 60]
            shared = re.search(rf"\b{_SHARE}\b(?! of (?:change|increase|growth))", around)
            shared = shared or re.search(r"\b(?:[a-z]+ rates?)\b", around)
            if shared and not re.match(r"\W*(?:percentage )?points?\b", after):
                yield Caution(
                    "percent_of_percent",
                    "A percentage of a percentage can be read two ways: as percent of the figure, "
                    "or as percentage points.",
                    reading.span(q.start, q.end),
                    "Say from which figure to which: “from 40% to 44%” (or “by 4 percentage "
                    "points”).",
                )
        relative = change and q.kind in ("percent", "share")
        ends_at = len(amounts) > 1 and re.search(r"\bto $", reading.low[: amounts[1].start])
        if q.kind == "multiple" and ends_at:
            return  # "double membership to 600": where it starts can be worked out
        if (relative or q.kind == "multiple") and base.rule in ("B0", "B5", "B4"):
            yield Caution(
                "no_base",
                "A change is named, but not what it is a change from: there is no year and no "
                "number to compare with.",
                reading.span(q.start, q.end),
                "Add where things stand: “..., compared with [number] in [year]”.",
            )
        if relative or q.kind == "multiple":
            return


def _ceiling(reading: Reading) -> Iterator[Caution]:
    match = _UP_TO.search(reading.marked)
    if match:
        amount = reading.original[match.start() + 6 : match.end()].strip()
        yield Caution(
            "up_to",
            "“Up to” sets a ceiling: one would keep to it by doing nothing.",
            reading.span(match.start(), match.end()),
            f"Write “by at least {amount}” or “by {amount}”.",
        )


def _doing(reading: Reading, judged: Mapping[Element, Judgement]) -> Iterator[Caution]:
    text = reading.marked
    outputs = _NUMBER_OF_OUTPUTS.search(text)
    main = _MAIN.match(text)
    verb = main["verb"].split(" ")[0] if main else ""
    place = (outputs.start(), outputs.end()) if outputs else None
    if (
        place is None
        and main
        and (_MAIN_ACTIVITY.fullmatch(main["verb"]) or _MAIN_ACTIVITY.fullmatch(verb))
    ):
        rest = text[main.end() :]
        leads_to = re.search(
            rf"\b(?:so that|in order to|from|to) (?:[\w'-]+ ){{0,6}}?[{ANY_NUMBER}]", rest
        )
        place = None if leads_to and judged["baseline"].verdict == "yes" else main.span("verb")
    if place is not None:
        yield Caution(
            "activity",
            "This says what you will do or make, not what will change because of it.",
            reading.span(*place),
            "Ask “so that what changes, for whom?” and write that: “By [date], [who] will "
            "[increase/decrease/keep] [what] from [baseline] to [target].” Keep this as an "
            "activity.",
        )


def _inner(reading: Reading, judged: Mapping[Element, Judgement]) -> Iterator[Caution]:
    if any(True for _ in _doing(reading, judged)):
        return
    text = reading.marked
    match = _INNER.search(text)
    if match and not re.search(r"\b(?:say|says|report|reports|can name|test|score)\b", text):
        yield Caution(
            "unobservable_verb",
            "Nobody can see this happen: it goes on in people's heads.",
            reading.span(match.start(), match.end()),
            "Say what people would do or say: “[number] of [whom] can name ...”, “... report ...”.",
        )
        return
    main = _MAIN.match(text)
    if main is None or judged["metric"].verdict == "yes":
        return
    found = next(
        (
            m
            for m in re.finditer(
                rf"\b(?:{EFFORT}|{VAGUE}|improv(?:e|es|ing)|work(?:s|ing)? (?:to|towards?))\b", text
            )
        ),
        None,
    )
    if (
        found
        and found.start() <= main.end("verb") + 30
        and not re.search(rf"\b(?:{ACHIEVE}|{END})\b", text[: found.start()])
    ):
        yield Caution(
            "unobservable_verb",
            "This verb says which way to push, and not what would be seen when it is done.",
            reading.span(found.start(), found.end()),
            "Use a verb that can be checked: increase, decrease or keep [what], from [baseline] "
            "to [target].",
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
