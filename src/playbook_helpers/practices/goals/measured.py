"""What a goal measures and how far it is to go: the metric and the target in a sentence."""

from __future__ import annotations

import re
from itertools import islice

from playbook_helpers.practices.goals.quantities import Quantity
from playbook_helpers.practices.goals.reading import (
    ANY_NUMBER,
    D,
    Judgement,
    Q,
    Reading,
    clause_start,
    lead_in,
)
from playbook_helpers.practices.goals.words import (
    ACHIEVE,
    CHANGE,
    CHANGE_NOUN,
    EFFORT,
    END,
    MEASURE,
    QUALITY_ADJECTIVE,
    QUALITY_NOUN,
    QUANTITY_NOUN,
    VAGUE,
)

_W = rf"(?:[\w'’.-]+,? |[{ANY_NUMBER}]+,? )"
_FRAME = re.compile(rf"\b(?:{CHANGE})\b,? {_W}{{0,9}}?(?:\w+-)?(?:{MEASURE})\b")
_RELATIVE = re.compile(r"\b(?:who|that|which|whose|where|living|having)\b")
_MEASURE = re.compile(
    rf"\b(?:{MEASURE})\b(?: of\b|(?= (?:who|in|for|among|per|to|from|by|at|on|below|above|under"
    rf"|over|will|rises?|falls?|is|are)\b)|(?=\W*$)|(?=[,;.|(\s]*[{ANY_NUMBER}]))"
)
_COMPOUND_RATE = re.compile(
    r"\b[\w-]{3,30} (?:rates?|ratios?|prevalence|incidence|scores?|index)\b"
)
_QUANTITY_NOUN = re.compile(
    rf"\b(?:{CHANGE}|{CHANGE_NOUN} (?:in|of))\b {_W}{{0,5}}?(?:{QUANTITY_NOUN})\b"
)
_EVENT_SUBJECT = re.compile(
    rf"^(?:by {D},? )?(?:the )?(?:[\w-]+ ){{0,4}}?(?:{QUANTITY_NOUN}|rates?)\b"
    r"(?: [\w-]+){0,6}? (?:rises?|falls?|drops?|declines?|grows?|increases?|decreases?|averted"
    r"|reduced|increased|halved|doubled|cut|is|are|will)\b"
)
_MORE_OR_FEWER = re.compile(
    rf"(?:^\W*|[.;|] |\b(?:so )?that )(?:(?:by|before|in) (?:the end of )?{D},? "
    r"|there (?:are|will be) )?(?:fewer (?:[\w'-]+ ){0,3}?"
    r"|more (?:(?!\w+(?:ive|ful|ible|ent|ant|ous|ic|ed|ing)\b)[\w'-]+ )?)"
    rf"(?:[\w-]{{2,}}[^s\W]s|people|children|men|women) (?!of\b)(?:[a-z]|{Q})"
)
"""More or fewer of something, in so many words: "fewer people die" is a count of people."""
_LEVELS = re.compile(
    r"(?<!\bat )(?<!\ball )(?<!\bat all )\b(?:\w+ )?(?:levels? of|to [\w-]+ (?:levels?"
    r"|standards?))\b"
)
_SELF_MEASURED = re.compile(r"\b(?:as )?measured (?:as|by|in|through|using|with)\b|\bindicator:")
_UNDEFINED = re.compile(
    rf"\b(?:who|that|which)?(?: \w+)? ?(?:are|is|be|being|become|feel|remain|stay|live|lives) "
    rf"(?:more |fully |truly |well |very )?(?:{QUALITY_ADJECTIVE})\b(?! (?:for|to|from|with)\b)"
    rf"|\b(?:lack|lacks|lacking|have|has|having|achieve|achieves|enjoy)"
    rf" (?:[\w-]+ )?(?:{QUALITY_NOUN})\b"
    rf"|\bwho (?:thrive|flourish|prosper)\b"
)
_REPORTED = re.compile(
    r"\b(?:say|says|report|reports|reporting|rate|score|scoring|assessed|surveyed)\b"
)
_BENCHMARK = re.compile(
    r"\b(?:than|as [a-z]+ as|to|at|above|below|match(?:es|ing)?|reach(?:es|ing)?"
    r"|exceed(?:s|ing)?|meet(?:s|ing)?)"
    r"(?: or (?:above|below|better than|exceed(?:s|ing)?))? (?:the |that of the |its |their )"
    r"(?:[\w-]+ ){0,3}?(?:average|median|mean|benchmark|threshold|norm)\b"
)
_KEEP_LEVEL = re.compile(
    r"\b(?:maintain|keep|sustain|hold|preserve|retain)s?\b[^.;|]{0,40}\b(?:current|present|existing"
    r"|today's)\b[^.;|]{0,30}\b(?:levels?|rates?|numbers?|standards?)\b"
)
_STATE = re.compile(
    r"\bto (?:(?:non|pre|sub)-[\w-]+|safe|legal|natural|background|acceptable|permitted) (?:\w+ )?"
    r"(?:levels?|standards?|limits?)\b|\bto levels that\b"
)
_FOR_ALL = re.compile(
    r"\b(?:for|by|to) (?:all\b|every(?:one|body)?\b|each\b)|\buniversal(?:ly)?\b"
    r"|\b(?:that|ensure|ensures|ensuring|guarantee|have|get|give|provide|connect|reach|help) "
    r"(?:all|every|each|everyone|everybody|no|nobody)\b(?! forms?\b)|\b(?:by|for) everyone\b"
    r"|\b(?:in|from|across|at) (?:all|every|each) (?!levels?|aspects?|areas?|countries|forms?"
    r"|ages?)"
)
_ALL_SUBJECT = re.compile(
    r"(?:^(?:by|before|until|in) (?:the (?:end|start) of )?(?:[a-z]+ )?\d{4},? |^|[.;:|,] ?"
    r"|\bthat )(?:all|every|each|everyone|everybody|nobody|no one|no)\b"
    r"(?! (?:year|month|week|day|later|more than|less than))"
)
_END = re.compile(rf"(?<!\bby )(?<!\bof )(?<!\bincluding )\b(?:{END})\b(?! of\b)(?!-)")
_VAGUE_OBJECT = re.compile(
    rf"\b(?:{VAGUE})\b (?:the )?(?:lives of |lives for )?(?:at least |over |up to |more than "
    rf"|about )*{Q}"
    rf"(?P<rest>[^,;.|]{{0,80}})"
)
_COMPLEMENT = re.compile(
    rf"\b(?:to|into|onto|out of|{CHANGE})\b (?!live)|\b\w+ing (?:more|less)\b|\b(?:per|each)\b"
)


def target_quantities(reading: Reading, start: Judgement) -> list[Quantity]:
    """The quantities that say how far to go: not where things stand, nor what is counted."""
    text = reading.marked
    frame = _FRAME.search(text)
    relative = _RELATIVE.search(text, frame.end()) if frame else None
    within = relative.start() if relative else len(text)
    stop = re.search(r"[|;]|\. ", text[within:])
    ends = within + stop.start() if stop else len(text)
    keeps = bool(frame and re.match(r"(?:keep|hold|maintain|sustain)", frame.group()))
    found = []
    for q in reading.quantities:
        if (
            start.verdict == "yes"
            and start.start <= q.start < start.end
            and not _reached(text, start, q)
        ):
            continue
        word, begins = lead_in(text, q.start)
        kept = keeps and word == "at" and q.kind in ("percent", "share")
        if frame and within < q.start < ends and word not in ("to", "by") and not kept:
            continue
        if frame and q.kind == "count" and frame.end() <= q.start and word not in ("to", "by", ""):
            after_measure = text[frame.end() : begins]
            if word in ("than", "of", "with", "consume", "for", "on") and _RELATIVE.search(
                after_measure
            ):
                continue
        if word == "within" or (word == "with" and text[:begins].rstrip().endswith(", with")):
            continue
        if word == "from" and start.verdict == "yes":
            continue
        found.append(q)
    return found


def _reached(text: str, start: Judgement, q: Quantity) -> bool:
    """Whether a quantity inside the words of the baseline is what is to be reached.

    "from 52 to 65": 65; "to 60%, from 42%": 60; "was 52 ... by 30": the one after to or by.
    """
    word, begins = lead_in(text, q.start)
    if word != "to":
        return False
    before = text[max(0, start.start - 1) : begins]
    return not re.search(r"\b(?:compared|relative|close) (?:to )?$", before)


def target(reading: Reading, start: Judgement, amounts: list[Quantity]) -> Judgement:
    """Is it said how far to go?"""
    text = reading.marked
    if amounts:
        label = re.search(r"\btarget\b(?: \w+)?:", text)
        after = [q for q in amounts if label and q.start > label.end()]
        first = (after or amounts)[0]
        word, begins = lead_in(text, first.start)
        begins -= len(word) + 1 if word in ("to", "by") else 0
        return Judgement("yes", "T1", max(0, begins), first.end)
    for pattern in (_BENCHMARK, _STATE):
        match = pattern.search(text)
        if match:
            return Judgement("yes", "T2", match.start(), match.end())
    absolute = _absolute(text)
    if absolute:
        stated = _SELF_MEASURED.search(text) or _end_of_measure(text, absolute)
        return Judgement("yes" if stated else "partial", "T3" if stated else "T4", *absolute)
    whole = _universal(reading.low)
    if whole:
        return Judgement("partial", "T5", *whole)
    kept = _KEEP_LEVEL.search(text)
    if kept:
        return Judgement("partial", "T7", kept.start(), kept.end())
    vague = re.search(r"\b(?:dozens|hundreds|thousands|millions|most|a majority) of\b", text)
    if vague:
        return Judgement("partial", "T6", vague.start(), vague.end())
    return Judgement("no", "T0")


def _absolute(text: str) -> tuple[int, int] | None:
    """The place of a main verb that leaves nothing over: end, eliminate, eradicate."""
    for match in islice(_END.finditer(text), 40):
        begin = clause_start(text, match.start())
        before = text[begin : match.start()].rstrip()
        if re.search(
            r"\b(?:the|an?|year|by the|week|this|each|every|of|at|in|at the|low|high)$", before
        ):
            continue
        if re.search(rf"\b(?:{EFFORT}|help|helps|towards?|including|such as)\b[^,;]*$", before):
            continue
        return match.span()
    return None


def _end_of_measure(text: str, absolute: tuple[int, int]) -> bool:
    """Whether what is to be ended is itself a measure: "eliminate the gap in ..."."""
    return bool(
        re.match(
            rf"\W+{_W}{{0,4}}?(?:{MEASURE}|{QUANTITY_NOUN})\b", text[absolute[1] : absolute[1] + 90]
        )
    )


def _universal(text: str) -> tuple[int, int] | None:
    """The place of words that leave nobody out, as what is to be reached and not as mere scope."""
    match = _ALL_SUBJECT.search(text)
    if match:
        return match.span()
    for match in islice(_FOR_ALL.finditer(text), 40):
        begin = clause_start(text, match.start())
        before = text[begin : match.start() + match.group().find(" ") + 1]
        verbs = list(re.finditer(rf"\b(?:(?P<achieve>{ACHIEVE})|(?:{EFFORT}|{CHANGE}))\b", before))
        last = verbs[-1] if verbs else None
        listed = last and re.match(r"\w*ed(?:,| and\b| or\b)", before[last.start() :])
        if last and last["achieve"] and not listed:  # "a connected and fair city for everyone"
            return match.span()
    return None


def metric(
    reading: Reading, start: Judgement, aim: Judgement, amounts: list[Quantity]
) -> Judgement:
    """Is it said what is counted or measured?"""
    text = reading.marked
    named = _named_measure(text)
    unclear = _undefined(reading) if start.verdict != "yes" else None
    if named:
        if unclear:
            return Judgement("partial", "M4", *unclear)
        return Judgement("yes", "M1", *named)
    match = _SELF_MEASURED.search(text)
    if match:
        return Judgement("yes", "M2", match.start(), match.end())
    if start.verdict == "yes" or (aim.verdict == "yes" and aim.rule in ("T1", "T3")):
        place = (aim.start, aim.end) if aim.verdict == "yes" else (start.start, start.end)
        vague = _VAGUE_OBJECT.search(text)
        if vague and len(amounts) == 1 and not _COMPLEMENT.search(vague["rest"]):
            return Judgement("no", "M6", vague.start(), vague.end())
        if unclear:
            return Judgement("partial", "M4", *unclear)
        return Judgement("yes", "M3", *place)
    if aim.rule == "T2" and _BENCHMARK.search(text):
        return Judgement("yes", "M3", aim.start, aim.end)
    match = _LEVELS.search(text)
    if match:
        return Judgement("partial", "M5", match.start(), match.end())
    return Judgement("no", "M0")


def _named_measure(text: str) -> tuple[int, int] | None:
    for pattern in (
        _MEASURE,
        _COMPOUND_RATE,
        _QUANTITY_NOUN,
        _EVENT_SUBJECT,
        _FRAME,
        _MORE_OR_FEWER,
    ):
        match = pattern.search(text)
        if match:
            return match.span()
    return None


def _undefined(reading: Reading) -> tuple[int, int] | None:
    """Where a group is described by a quality that two people would judge differently."""
    if _REPORTED.search(reading.low):
        return None
    for match in _UNDEFINED.finditer(reading.marked):
        last = reading.original[: match.end()].split()[-1]
        if not last[:1].isupper():
            return match.span()
    return None


__all__ = ["metric", "target", "target_quantities"]
