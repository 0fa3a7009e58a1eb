"""Where a goal starts and when it ends: the baseline and the deadline in a sentence."""

from __future__ import annotations

import re
from dataclasses import replace

from playbook_helpers.practices.goals.dates import Found
from playbook_helpers.practices.goals.reading import (
    ANY_NUMBER,
    D,
    Judgement,
    Q,
    Reading,
)
from playbook_helpers.practices.goals.words import CHANGE

_W = rf"(?:[\w'%/+-]+,? |{D} |[{ANY_NUMBER}]+ )"
"""A word, a date or a number, with the space after it."""
_C = rf"(?:(?!by\b|to\b)[\w'%/+-]+ |{D} )"
"""A word or a date within a comparison, which a comma or the word "by" ends."""
_S = rf"(?:(?!(?:{CHANGE}) (?:by )?{Q}){_W})"
"""A word after "from"; not the verb of a change: "emissions from buses fall 45%" starts nowhere."""
_BASE = r"(?:baseline|base year|base|starting point|start(?:ing)? (?:value|level|figure))"
_NOW = r"(?:currently|now|today|at present|presently|at the moment|to date|so far)"
_FILL = (
    rf"(?:[\s:()=-]|{D}|\b(?:of|is|was|were|year|value|at|in|the|a|about|around|only|just|stands?"
    r"|stood|level|rate|figure|some|approximately)\b)"
)

_VALUE = [
    # "from 52% (2025) to 65%", "from a baseline of 0 to 3"
    re.compile(rf"\bfrom {_S}{{0,9}}?\(?{Q}[^|;.]{{0,90}}?\bto\b {_W}{{0,5}}?{Q}"),
    # "baseline: 67.2 percent", "Baseline (Year): 49 (2012)"
    re.compile(rf"\b{_BASE}\b{_FILL}{{1,12}}?{Q}"),
    # "up from 44%", "down from the 9 days of last year"
    re.compile(rf"\b(?:up|down|rising|falling|risen|fallen|grown) from {_W}{{0,5}}?{Q}"),
    # "from the 2022 rate of 11.4", "from the end of FY2017 results of 16.3 months"
    re.compile(
        rf"\bfrom {_W}{{0,7}}?(?:{D}|level|rate|baseline|base|figure|value|average|result|results"
        rf"|total|current|present|today's|existing|last year's) {_W}{{0,5}}?{Q}"
    ),
    # "to 60%, from 42% in 2019"; "from 310 in 2024"; "from 29% now"
    re.compile(
        rf"\bfrom {_S}{{0,4}}?{Q}{_W}{{0,3}}? ?[,(]? ?(?:in |at |for |as of )?(?:{D}|{_NOW})"
    ),
    re.compile(rf"\bto {_W}{{0,4}}?{Q}[^|;.]{{0,80}}?,? from {_W}{{0,3}}?{Q}"),
    # "a rise of 15 points by 2032, from 47%"
    re.compile(rf"{Q}[^|;.]{{0,90}}, (?P<at>(?:up |down )?from {_W}{{0,3}}?{Q})(?=\W*$|[,.;)])"),
    # "compared to 29% now", "against 40% in 2020", "relative to a 2019 level of 12%"
    re.compile(
        rf"\b(?:compared (?:to|with|against)|in comparison (?:to|with)|relative to|versus|vs\.?"
        rf"|as against|against) {_C}{{0,5}}?{Q}"
    ),
    # "currently 52%", "now at 14", "52% today"
    re.compile(
        rf"\b{_NOW}\b:? (?:at |stands? at |is |are |about |only |just |stood at ){{0,3}}{Q}"
    ),
    re.compile(rf"{Q}(?: [\w%/'-]+){{0,4}}?,? (?:now|today|currently|at present|at the moment)\b"),
    # "was 52% in 2025", "there were 310 in 2024"
    re.compile(rf"\b(?:was|were|stood at|had) {_W}{{0,3}}?{Q}[^|;.,]{{0,50}}?(?:in|at|\() ?{D}"),
    # "52% (2025)", "(52% in 2025)", "(2025: 52%)"
    re.compile(rf"{Q}[\w %]{{0,25}}\({D}\)"),
    re.compile(
        rf"\((?:(?!\bby\b|\btarget\b|\bto\b)[^()]){{0,40}}?(?:{Q}[\w %]{{0,25}}?(?:in |,|, )?{D}"
        rf"|{D}[:,]? ?(?:\w+ ){{0,3}}{Q})"
    ),
]
_YEAR_ONLY = re.compile(
    rf"\b(?:compared (?:to|with|against)|in comparison (?:to|with)|relative to|versus|vs\.?|against"
    rf"|below|above|over|from|since|than|on|back to|{_BASE})\b[^|;.]{{0,45}}?{D}"
)
_IMPLIED_LEVEL = re.compile(
    r"\b(?:current|present|existing|today's|now-existing|historic|last year's|pre-\w+|previous"
    r"|prior)(?: \w+){0,2} (?:levels?|rates?|numbers?|figures?|average|baseline)\b"
    r"|\b(?:baseline|than (?:now|today|at present|last year)|year[- ]on[- ]year)\b"
)


def baseline(reading: Reading) -> Judgement:
    """Is it said where things stand before the work begins?"""
    text = reading.marked
    for pattern in _VALUE if reading.quantities else ():
        match = pattern.search(text)
        if match:
            at = "at" if "at" in pattern.groupindex else 0
            return Judgement("yes", "B1", match.start(at), match.end(at))
    starts = [d for d in reading.dates if d.part == "start" and d.kind == "date"]
    for each in starts:
        stretch = text[max(0, each.start - 45) : each.start]
        # "52% on 1 May 2025" is a value; "a quarter on 2024" compares with a year
        year = reading.low[each.start : each.end].isdigit()
        at = r"(?:in|at|of)" if year else r"(?:in|at|of|on)"
        near = list(re.finditer(rf"{Q}[^|;.,]{{0,40}}?\b{at}(?: the)?(?: end of)? $", stretch))
        if near:
            return Judgement("yes", "B2", each.start - len(stretch) + near[-1].start(), each.end)
    for each in starts:
        begin = max(0, each.start - 60)
        words = list(_YEAR_ONLY.finditer(text, begin, each.end))
        return Judgement("partial", "B3", words[-1].start() if words else each.start, each.end)
    match = _IMPLIED_LEVEL.search(text)
    if match:
        return Judgement("partial", "B4", match.start(), match.end())
    for q in reading.quantities:
        if q.kind == "multiple":
            return Judgement("partial", "B5", q.start, q.end)
        if q.kind == "share" and re.search(
            r"(?:\bby|\bcut in|\bcut \w+ in|\breduc\w+ (?:\S+ ){0,8}in)"
            r"(?: at least| up to| about| over| almost| nearly| around)*(?: one)? $",
            text[max(0, q.start - 80) : q.start],
        ):
            return Judgement("partial", "B5", q.start, q.end)
    return Judgement("no", "B0")


_BOUND = re.compile(r"\b(?:by|before|until|till|through|to)(?: (?:the|end|of|year)){0,4} $")


def settle_dates(reading: Reading, start: Judgement) -> Reading:
    """The reading with every date that belongs to the baseline's number marked as its start.

    In "80% recycle, up from 62% in 2024" the year tells when the baseline was measured.
    """
    if start.verdict != "yes":
        return reading
    text, ranged = reading.marked, reading.marked[start.start : start.end]
    to = re.search(rf"\bto {_W}{{0,5}}?{Q}$", ranged) if ranged.startswith("from ") else None
    settled = []
    for each in reading.dates:
        inside = start.start <= each.start < start.end
        follows = not to and re.fullmatch(
            r",? ?\(?(?:in|at|as of)? ?", text[start.end : each.start]
        )
        bound = _BOUND.search(text[max(0, each.start - 30) : each.start])
        mine = each.part == "deadline" and each.kind == "date" and not bound and (inside or follows)
        settled.append(replace(each, part="start") if mine else each)
    if not any(each.part == "deadline" for each in settled):
        settled = _later_is_due(settled, start)
    return replace(reading, dates=tuple(settled))


def _later_is_due(dates: list[Found], start: Judgement) -> list[Found]:
    """Of two dated values the later date is the deadline: "48% (2024) -> 60% (2030)"."""
    based = [d.day for d in dates if start.start <= d.start < start.end and d.day]
    return [
        replace(d, part="deadline")
        if d.part == "start"
        and d.day
        and based
        and d.day > max(based)
        and not start.start <= d.start < start.end
        else d
        for d in dates
    ]


def deadline(reading: Reading) -> Judgement:
    """Is it said by when?"""
    due = [d for d in reading.dates if d.part == "deadline"]
    for kind, rule in (("date", "D1"), ("relative", "D2"), ("rhythm", "D3")):
        for each in due:
            if each.kind == kind and not _defines(reading, each.start, kind):
                before = re.search(
                    r"\b(?:by|before|until|till|through|no later than|in|during|over|within|from)"
                    r"(?: the)?(?: end of)?(?: the)?(?: year)? $",
                    reading.low[max(0, each.start - 30) : each.start],
                )
                start = each.start - (len(before.group()) if before else 0)
                return Judgement("yes" if kind == "date" else "partial", rule, start, each.end)
    return Judgement("no", "D0")


def _defines(reading: Reading, place: int, kind: str) -> bool:
    """Whether a rhythm only says what is counted: "adults who swim two hours a week"."""
    if kind != "rhythm":
        return False
    before = reading.marked[max(0, place - 120) : place]
    return bool(re.search(r"\b(?:who|that|which|whose)\b[^,;.|]*$", before))
