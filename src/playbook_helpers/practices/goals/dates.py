"""The dates in a sentence: which they are, how exact they are, and what part they play.

Three kinds: a *date* that a calendar knows (2030, June 2028, FY2025, autumn 2027), a *relative*
one that hangs on when you read it (within three years, by next winter, by Year 3), and a
*rhythm* with no end (each year, 50 a week).
"""

from __future__ import annotations

import calendar
import re
from dataclasses import dataclass, replace
from datetime import date
from typing import Literal

DateKind = Literal["date", "relative", "rhythm"]
Part = Literal["deadline", "start", "name"]
"""What a date does: something is due then; the number it starts from; part of a title."""

_MONTHS = {
    name.lower(): number
    for number in range(1, 13)
    for name in (calendar.month_name[number], calendar.month_abbr[number])
} | {"sept": 9}
_SEASONS = {"spring": 5, "easter": 4, "summer": 8, "fall": 11, "autumn": 11, "winter": 12}
_SEASONS |= {"christmas": 12, "year-end": 12}
_YEAR = r"(?:19|20|21)\d\d"
_MONTH = r"(?:" + "|".join(sorted(_MONTHS, key=len, reverse=True)) + r")\b\.?"
_SEASON = r"(?:" + "|".join(_SEASONS) + r")"
_DAY = r"[0-3]?\d(?:st|nd|rd|th)?"
_UNIT = r"(?:year|month|quarter|decade|term|semester|summer|winter|spring|autumn|fall|century)"
_COUNT = (
    r"(?:\d{1,2}|one|two|three|four|five|six|seven|eight|nine|ten|twelve|eighteen|a|an|couple\ of)"
)
_ABOUT = r"(?:(?:about|around|roughly|approximately|the|next|coming|following|first|another)\ )"

_ABSOLUTE = re.compile(
    rf"""(?<![\w.,/$£€-])(?:
      (?P<iso>{_YEAR}-[01]\d-[0-3]\d)
    | (?P<slash>[0-3]?\d[/.][0-3]?\d[/.]{_YEAR})
    | (?P<month1>{_MONTH})\ (?P<day1>{_DAY}),?\ (?P<year1>{_YEAR})
    | (?P<day2>{_DAY})\ (?:of\ )?(?P<month2>{_MONTH}),?\ (?P<year2>{_YEAR})
    | (?P<month3>{_MONTH}),?\ (?:of\ )?(?P<year3>{_YEAR})
    | (?P<season>{_SEASON}),?\ (?:of\ )?(?P<year4>{_YEAR})
    | (?:q(?P<quarter>[1-4])|(?:the\ )?(?P<nth>first|second|third|fourth)\ (?P<share>quarter|half))
      ,?\ (?:of\ )?(?:fy\ ?)?(?P<year5>{_YEAR})
    | (?:(?:fiscal|financial|school|academic)\ year|class\ of(?=\ 20\d\d)|fy|sy|ay)\ ?
      (?P<fiscal>(?:20)?\d\d)(?:[-/](?P<fiscal2>(?:20)?\d\d))?(?!\d)
    | (?P<span>{_YEAR})\ ?[-/]\ ?(?P<span2>(?:{_YEAR}|\d\d))(?![\d-])
    | (?:mid|late|early)[- ]?(?P<rough>{_YEAR})
    | (?P<year>{_YEAR})
    )(?![\w%]|[.,]\d)(?:\ (?:school|academic|fiscal|financial)\ year\b)?""",
    re.VERBOSE,
)
_RELATIVE = re.compile(
    rf"""\b(?:
      (?:within|in|over|during|for)\ {_ABOUT}{{0,3}}{_COUNT}
        (?:\ (?:to|or)\ {_COUNT}|-{_COUNT})?\ {_UNIT}s?\b
        (?!\ (?:of|old|after|from\ birth)\b)
    | (?:in|over|during|within)\ the\ (?:next|coming|following)\ (?:[\w-]+\ ){{0,3}}?{_UNIT}s?\b
    | (?:by|before|until|till)\ (?:the\ )?(?:(?:end|close|middle|start|beginning)\ of\ )?
        (?:the|this|next|our|its)\ (?:(?:fiscal|school|academic|calendar|financial|programme|
        program|project|grant|current|funding|next)\ )?
        (?:{_UNIT}|period|project|programme|program|grant)\b
    | by\ (?:next|this)\ (?:{_MONTH}|{_SEASON}|year|month)
    | by\ (?:mid-century|year[- ]end|(?:the\ )?(?:end\ of\ (?:the\ )?year|year's\ end))\b(?!\ \d)
    | (?:by|in|at)\ (?:the\ end\ of\ )?(?:(?:project|programme|program|grant)\ )?
        (?:year|month|quarter)\ (?:\d{{1,2}}|one|two|three|four|five|ten)\b
    | by\ the\ (?:end\ of\ the\ )?(?:first|second|third|fourth|fifth|tenth)\ (?:year|quarter)\b
    | by\ (?:the\ end\ of\ )?(?:{_DAY}\ )?{_MONTH}(?:\ {_DAY}(?!\d))?
    | (?:this|next)\ (?:year|fiscal\ year|school\ year)\b
    )""",
    re.VERBOSE,
)
_PERIOD = r"(?:week|month|quarter|term|semester|season|year|decade)"
_RHYTHM = re.compile(
    rf"""\b(?:
      (?:each|every|per|(?<!\b(?:by|to)\ )a(?!\ quarter\ (?:of|the)\b))[ ]
        (?:(?:other|second|third|two|three|four|five|calendar|school|fiscal)\ )?{_PERIOD}s?\b
    | per\ annum
    | (?:annually|yearly|monthly|weekly|quarterly|biennially|year\ on\ year)
        (?=\W*$|\W*\b(?:and|but|or|by|to|from|in|with|for|until|through|over|at|of|on|so)\b|[.,;:)])
    | (?:annual|yearly|monthly|quarterly|weekly)\ (?:rate\ of\ )?
        (?:increase|reduction|decrease|growth|rise|decline|cut|improvement|fall|gain)s?\b
    )""",
    re.VERBOSE,
)
_NOT_A_RHYTHM = re.compile(
    r"(?:\b(?:days?|hours?|minutes?|times?|once|twice|half|per \w+(?: \w+)?(?: in)?)"
    r"|[$£€]\s?[\d.,]+(?:k|m|bn)?|\b[\d.,]+ (?:dollars|pounds|euros)) $"
)
_BEFORE_YEAR = re.compile(
    r"(?:\b(?:by|in|of|since|from|until|till|til|before|after|through|throughout|to|during|for|the"
    r"|year|years|end|ending|than|versus|vs\.?|and|or|over|below|above|on|against|with|at|between"
    r"|beyond|late|early|mid|class|a|an|its|their|our|come|around|about|relative|back|past|post"
    r"|pre|summer|into)|[(\[,;:/|=-])\s*$"
)
_LEVEL = (
    r"(?:levels?|base(?:line)?|values?|figures?|rates?|averages?|results?|numbers?|totals?"
    r"|count|census|data|score|share|prices?|estimates?|standing|peak)"
)
_START_BEFORE = re.compile(
    r"(?:\b(?:compared (?:to|with|against)|in comparison (?:to|with)|relative to|versus|vs\.?"
    r"|against|since|than|as of|below|above|back to|of|from|(?:%|per ?cent|levels?|increase|rise"
    r"|improvement|reduction|decrease|points?|half|third|quarter|fifth|tenth) (?:over|on))"
    r"(?: (?:the|a|an|its|their|our|calendar|fiscal|financial|school|that|those|levels?"
    r"|values?|figures?|average|end|of|in|from|for|year|years|results?|rate|baseline|base|those|start)){0,5}"
    r"|\b(?:baseline|base year|base|starting point|baseline \(year\))[\s:=(]*(?:of |in "
    r"|year )?)\s*$"
)
_START_AFTER = re.compile(rf"(?:'s)?[ -](?:[a-z]+[ -]){{0,2}}?{_LEVEL}\b(?! (?:year|of people))")
_DUE_BEFORE = re.compile(
    r"\b(?:by|before|until|till|through|throughout|no later than|not later than|come|to|end"
    r"|deadline:?|due:?|ahead of)"
    r"(?: (?:the|end|of|year|about|around|or|before|a|start|beginning|middle|close|its"
    r"|our)){0,5}\s*$"
)
_PART_OF = re.compile(
    rf"\b(?:in|during|by|over|through|throughout) (?:[a-z]+ ){{0,3}}?(?:quarter|half|month"
    rf"|week|term|season|days?|months|weeks|{_SEASON}|course|rest|part) of $"
)
_CHANGED = re.compile(
    r"%|per ?cent|\b(?:reduc|increas|cut|decreas|lower|rais|halv|doubl|tripl|drop|fall|ris[ei]"
    r"|improv|grow|half|third)"
)
_COMPARED = re.compile(
    r"\b(?:compared|comparison|relative|back|close)(?: \w+)? (?:to|with)[\w ]{0,30}$"
)
_NO_TITLE = {*_MONTHS, *_SEASONS, "fiscal", "baseline", "target"}
_LABELLED_START = re.compile(r"\bbaseline(?: \(?\w+\)?)?:(?:(?!target)[^|;])*$")


@dataclass(frozen=True, slots=True)
class Found:
    """A date found in a sentence. `first` and `day` are the first and the last day that it can
    mean, where a calendar knows."""

    start: int
    end: int
    kind: DateKind
    part: Part = "deadline"
    day: date | None = None
    first: date | None = None


def find_dates(text: str, cased: str) -> list[Found]:
    """The dates in `text` (as `plain` gives it) in order; `cased` is the original of it.

    >>> [(f.kind, f.part, str(f.day)) for f in find_dates(*["40% below 2005 levels by mid-2030"]*2)]
    [('date', 'start', '2005-12-31'), ('date', 'deadline', '2030-12-31')]
    """
    found = [
        Found(
            match.start(), match.end(), "date", _part(match, text, cased), day, _first(match, day)
        )
        for match in _ABSOLUTE.finditer(text)
        if not (match["year"] and _is_amount(match, text))
        for day in (_day(match),)
    ]
    found = _ranges(found, text)
    taken = [(f.start, f.end) for f in found]
    for match in _RELATIVE.finditer(text):
        if not _overlaps(match, taken):
            found.append(Found(match.start(), match.end(), "relative"))
    taken = [(f.start, f.end) for f in found]
    for match in _RHYTHM.finditer(text):
        before = text[max(0, match.start() - 30) : match.start()]
        if not _overlaps(match, taken) and not _NOT_A_RHYTHM.search(before):
            found.append(Found(match.start(), match.end(), "rhythm"))
    return sorted(found, key=lambda f: f.start)


def _overlaps(match: re.Match[str], taken: list[tuple[int, int]]) -> bool:
    return any(match.start() < end and start < match.end() for start, end in taken)


def _is_amount(match: re.Match[str], text: str) -> bool:
    """A bare number between 1900 and 2199 that counts things: "build 2000 homes"."""
    before, after = text[: match.start()], text[match.end() :]
    year = rf"{_YEAR}\b"
    if re.search(r"\bfrom $", before) and re.match(rf" to (?!{year})\d", after):
        return True  # "from 2000 to 1500"
    if re.search(rf"\bfrom (?!{year})[\d,.]+(?: [a-z]+)? to $", before):
        return True
    if not re.match(r" [a-z]", text[match.end() : match.end() + 2]):
        return False
    if _BEFORE_YEAR.search(text[max(0, match.start() - 20) : match.start()]):
        return False
    after = text[match.end() : match.end() + 24]
    return not (
        re.match(r" (?:and|or|to|through|by|in|is|are|will|at|with|for|on)\b", after)
        or _START_AFTER.match(after)
    )


def _part(match: re.Match[str], text: str, cased: str) -> Part:
    start, end = match.start(), match.end()
    before, after = text[:start], text[end:]
    if match["year"] or match["span"]:
        word = re.search(r"([A-Z][a-z]+) $", cased[:start])
        if word and not _BEFORE_YEAR.search(text[:start]) and word[1].lower() not in _NO_TITLE:
            named = re.search(r"[A-Z][a-z]+ [A-Z][a-z]+ $", cased[:start])
            if named or word[1] in {"Agenda", "Vision", "Strategy", "Plan", "Framework", "Goal"}:
                return "name"
        if re.match(r" [A-Z][a-z]+ ", cased[end:]) and cased[:1] and not cased.isupper():
            head = re.match(r" ([A-Z][a-z]+)", cased[end:])
            if head and head[1].lower() not in ("school", "baseline", "target", "levels", "level"):
                return "name"
    if re.search(r"\b(?:highest|lowest|best|worst)\b[^,.;]* since $", before):
        return "name"
    if _LABELLED_START.search(before):
        return "start"
    if match["span"] and re.search(r"\b(?:over|during|in|for) the $", before):
        return "deadline"
    if _DUE_BEFORE.search(before) and not _COMPARED.search(before):
        return "deadline"
    if re.search(r"\bfrom $", before) and not _CHANGED.search(text[:start]):
        return "deadline"  # "open on Sundays from January": when it begins, and no comparison
    if _START_AFTER.match(after):
        return "start"
    if _PART_OF.search(before):
        return "deadline"  # "in any quarter of 2027/28": when it is due, and no comparison
    if _START_BEFORE.search(before):
        return "start"
    if before.endswith("(") and re.match(r"[):,]", after):
        return "start"
    return "deadline"


def _ranges(found: list[Found], text: str) -> list[Found]:
    """Mend what only shows when all are known: "from 2021 to 2025" starts nothing, it ends.

    "In 2024 ... by 2030": a plain "in" before a later "by" tells where things stood.
    """
    mended = list(found)
    due = [
        f.day
        for f in found
        if f.day and f.part == "deadline" and _DUE_BEFORE.search(text[: f.start])
    ]
    for place, each in enumerate(found):
        before = text[: each.start]
        between = text[each.end : found[place + 1].start] if place + 1 < len(found) else ""
        if between.strip() in ("to", "and", "until", "-") and re.search(
            r"(?:from|between) $", before
        ):
            mended[place] = replace(each, part="name")
            mended[place + 1] = replace(found[place + 1], part="deadline")
        elif mended[place].part == "deadline" and due and each.day:
            inside = re.search(r"(?:\bin|\bat the end of|\() ?$", before)
            if inside and each.day < min(due):
                mended[place] = replace(mended[place], part="start")
    return mended


def _day(match: re.Match[str]) -> date | None:
    """The last day that a found date can mean, or None where it is not in the calendar."""
    part = match.groupdict()
    try:
        if part["iso"]:
            return date.fromisoformat(part["iso"])
        if part["slash"]:
            first, second, year = (int(n) for n in re.split(r"[/.]", part["slash"]))
            # Day first or month first cannot be told from 03/04/2027: the later of the two.
            days = [(m, d) for m, d in ((first, second), (second, first)) if 1 <= m <= 12]
            return max(date(year, m, d) for m, d in days)
        for n in ("1", "2"):
            if part["day" + n]:
                day = int(re.sub(r"\D", "", part["day" + n]))
                month = _MONTHS[part["month" + n].rstrip(".")]
                return date(int(part["year" + n]), month, day)
        if part["month3"]:
            return _last(int(part["year3"]), _MONTHS[part["month3"].rstrip(".")])
        if part["season"]:
            return _last(int(part["year4"]), _SEASONS[part["season"]])
        if part["year5"]:
            nth = {"first": 1, "second": 2, "third": 3, "fourth": 4}
            step = 6 if part["share"] == "half" else 3
            number = int(part["quarter"]) if part["quarter"] else nth[part["nth"]]
            return _last(int(part["year5"]), min(12, number * step))
    except (ValueError, KeyError):
        return None
    if part["fiscal"]:
        return _span_end(part["fiscal"], part["fiscal2"], months=False)
    if part["span"]:
        return _span_end(part["span"], part["span2"], months=True)
    return _last(int(part["rough"] or part["year"]), 12)


def _first(match: re.Match[str], last: date | None) -> date | None:
    """The first day that a found date can mean, `last` being the last."""
    if last is None:
        return None
    part = match.groupdict()
    if part["season"]:
        return _months_back(last, 2)
    if part["year5"]:
        return _months_back(last, 5 if part["share"] == "half" else 2)
    begun = part["fiscal"] or part["span"]
    if begun:
        year = int(begun) if len(begun) == 4 else 2000 + int(begun)
        # 2027-03 read as a month ends in it; a school or budget year may begin before January.
        month = part["span"] and last.year == year and last.month != 12
        return last.replace(day=1) if month else date(year - bool(part["fiscal"]), 1, 1)
    if part["month3"]:
        return last.replace(day=1)
    return date(last.year, 1, 1) if part["year"] or part["rough"] else last


def _months_back(last: date, months: int) -> date:
    """The first day of the month that lies so many months before the month of `last`."""
    year, month = divmod(last.year * 12 + last.month - 1 - months, 12)
    return date(year, month + 1, 1)


def _span_end(text: str, other: str | None, *, months: bool) -> date:
    """The end of FY2025, 2027/28 or 2026-2030; of 2027-03 where that can be a month.

    Two years running, as in 2010-11, are a school or budget year and no month.
    """
    number = int(text)
    start = number if number > 99 else 2000 + number
    if other is None:
        return _last(start, 12)
    end = int(other)
    if len(other) == 4:
        return _last(end, 12)
    if months and 1 <= end <= 12 and end != start % 100 + 1:
        return _last(start, end)
    return _last(start // 100 * 100 + end, 12)


def _last(year: int, month: int) -> date:
    return date(year, month, calendar.monthrange(year, month)[1])
