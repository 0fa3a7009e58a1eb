"""The quantities in a sentence: counts, percentages, money, fractions, multiples and zero.

Not every number is one. Years, ages, code numbers ("PHI-15.2"), denominators ("per 1,000"),
adjectives ("a 10-minute walk"), slices ("the bottom 40%") and daily money ("$1.25 a day") say
what is meant and not how much of it there should be.
"""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from typing import Literal

QuantityKind = Literal["count", "percent", "points", "share", "multiple", "zero"]
"""`share` is a fraction of a whole (two-thirds of tenants); `multiple` a change told in words
as a part of itself (double, halve, by a third)."""

_ONES = "one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen "
_ONES += "sixteen seventeen eighteen nineteen"
_SMALL = {word: n for n, word in enumerate(_ONES.split(), start=1)}
_TENS = {
    word: 10 * n
    for n, word in enumerate(
        ["twenty", "thirty", "forty", "fifty", "sixty", "seventy", "eighty", "ninety"], start=2
    )
}
_UNITS = "|".join(list(_SMALL)[:9])
_SCALES = {
    "hundred": 1e2,
    "dozen": 12.0,
    "thousand": 1e3,
    "k": 1e3,
    "million": 1e6,
    "m": 1e6,
    "mn": 1e6,
    "billion": 1e9,
    "bn": 1e9,
    "b": 1e9,
    "trillion": 1e12,
}
_DIGITS = r"\d{1,3}(?:,\d{3})+(?:\.\d+)?|\d{1,15}(?:\.\d{1,9})?"
_WORD = (
    rf"(?:(?:{'|'.join(_TENS)})(?:[- ](?:{_UNITS})\b)?"
    rf"|(?:{'|'.join(sorted(_SMALL, key=len, reverse=True))}))\b"
)
_BIG = r"(?:hundred|dozen|thousand|million|billion|trillion)s?"
_PERCENT = r"%|per ?cent\b|percent\b"
_POINTS = r"(?:percentage|percent|per ?cent|%)[- ]?points?\b|pp\b|points?\b"
_PART = r"(?:half|thirds?|quarters?|fifths?|sixths?|tenths?)"
_PARTS = {"half": 2, "third": 3, "quarter": 4, "fifth": 5, "sixth": 6, "tenth": 10}

_NOT_AMOUNTS = re.compile(
    rf"""
    (?:(?<!\w)|(?=[$£€]))(?:
      (?P<grades>\b(?:grades?|years|ages?)\ \d{{1,2}}\ ?(?:-|to|through|and)\ ?\d{{1,2}}\b)
    | (?P<code>^\W*(?:[a-z]{{1,6}}[- ]?)?\d+(?:[.-][\da-z]{{1,3}})+\b[.:)]?|^\W*\d+[.):]\ )
    | \b(?:goal|target(?=\ \d+(?:\.\d+)*[.:)])|objective
        |action|step|phase|priority|grade|grades|year|tier|level|levels
        |article|chapter|section|part|table|type|title|class|ward|district|zone|scope|stage|no\.
        |number|covid|key\ stage|indicator|strategy|theme|pillar|sdg|measure|pm|zip|code)[ -]?
        (?:\d+(?:\.\d+)*\b|(?:one|two|three|four|five)\b(?!\ (?:million|thousand|hundred)))
    | \b(?:ages?|aged|the\ age\ of)\ (?:\d+|{_WORD})(?:\ ?(?:-|to|and|or)\ ?\d+)?
        (?:\ years?)?(?:\ (?:or|and)\ (?:older|over|above|under|younger|up))?
    | \b(?:children|people|adults|persons|those|residents|youths?|women|men|girls|boys|pupils
        |students|americans|adolescents|drivers|infants|be|is|are)\ (?:under|over|below)\ \d{{1,2}}
        \b(?!\ ?(?:%|per|[a-z]*\s*/))
    | \b(?:under|over)[- ]\d{{1,2}}'?s\b|\bunder-\d{{1,2}}\b
    | \b\d{{1,3}}(?:\ ?(?:-|to|and)\ ?\d{{1,3}})?\ years?\ (?:of\ age|(?:and|or)\ (?:older|over
        |younger|under|above)|olds?\b)
    | \b(?:\d+|{_WORD})(?:\ ?-\ ?\d+)?[- ](?:year|month)s?[- ]olds?\b
    | \b\d{{1,2}}\ ?\+
    | \b(?!1\b)\d{{1,3}}\ (?:year|month|week|day|hour|minute|mile)\b
    | \b\d{{1,2}}-\ (?:and|to|or)\ \d{{1,2}}-[a-z]+(?:-[a-z]+)*
    | \b(?:\d+(?:,\d{{3}})*(?:\.\d+)?|{_WORD})-(?!(?:{_PART}|{_UNITS})\b)[a-z]{{2,}}(?:-[a-z]+)?\b
    | \b(?:k-\d+|[a-z]+-\d+(?:[.-]\d+)*\b|[a-z]{{1,3}}\d+(?:\.\d+)?\b)
    | \b(?:bottom|top|lowest|highest|poorest|richest|wealthiest|first|last|next|previous|past|worst)
        \ (?:{_DIGITS}|{_WORD})(?:\ ?(?:{_PERCENT}))?
    | \b(?:{_DIGITS}|{_WORD})\ (?:poorest|richest|worst|largest|biggest|smallest|highest|lowest
        |previous|most\ (?!of\b))
    | \bper\ (?:{_DIGITS})(?:\ [a-z]+)?
    | \bper\ (?:one\ |ten\ )?(?:hundred|thousand|million)\b
    | [$£€]\ ?\d+(?:\.\d+)?\ (?:a|per)\ day\b
    | \b\d{{1,2}}:\d\d\b|\b24/7\b
    | \b(?:1st|2nd|3rd|\d+th|\d+(?:st|nd|rd|th))\b
    | \b(?:no\ one|(?:every|any|some|each|this|that|another|which)\ one|one\ (?:of|another|day|stop
        |day|time|thing|by\ one|or\ more\ of)|one's)\b
    )
    """,
    re.VERBOSE,
)
_QUANTITY = re.compile(
    rf"""
    (?:(?<!\w)(?=[\da-hm-uz])|(?=[$£€½⅓⅔¼¾⅕⅖⅗⅘]|^\W))(?:
      (?P<inn>\b(?:{_DIGITS}|{_WORD})\ (?:in|out\ of|of(?=\ \d))\ (?:every\ )?
        (?:\d{{1,3}}(?![\d,.]?\d)|{_WORD})(?!\ ?(?:{_PERCENT}|year|month|week|day|hour)))
    | (?P<slash>\b\d\ ?/\ ?\d{{1,2}}\b(?![/\d])|[½⅓⅔¼¾⅕⅖⅗⅘])
    | (?P<part>\b(?:(?:{_WORD}|\d)[- ]{_PART}\b|(?:an?\ )?half\b(?!-|\ (?:an?\ |of\ the\ year|day))
        |a\ (?:third|fifth|sixth|tenth)\b|a\ quarter\b(?=\ (?:of|the|more|fewer|less)|\W*$|\ [a-z]+
        \ (?:number|share|rate))|(?<=(?:by|to)\ )a\ quarter\b))
    | (?P<multiple>\b(?:doubl(?:e[sd]?|ing)|tripl(?:e[sd]?|ing)|trebl(?:e[sd]?|ing)
        |quadrupl(?:e[sd]?|ing)|halv(?:e[sd]?|ing)|twice|(?:two|three|four|five|ten|\d+)[- ]?fold
        |(?:two|three|four|five|ten|\d+)\ times(?=\ (?:the|as|more|higher|larger|its|their)\b))\b)
      (?!\ (?:up|standards?|check|glaz)|-)
    | (?P<verb>^\W*quarter(?=\ (?:the|our)\b))
    | (?P<zero>\b(?:net[- ])?zero\b(?!-(?!net))|\bnil\b)
    | (?P<cur>(?:\b(?:usd|eur|gbp|cad|aud|us|c|a)\ ?)?[$£€]\ ?|\b(?:usd|eur|gbp|cad|aud)\ )?
      (?<![\w.])(?P<value>{_DIGITS}|(?:a\ )(?=(?:hundred|thousand|million|billion|dozen)\b)|{_WORD})
      (?:\ ?-\ ?(?P<high>{_DIGITS}))?
      (?P<scale>(?:\ ?{_BIG}\b)+|\ ?(?:bn|mn)\b|(?:k|m|b)\b)?
      (?:\ ?(?:(?P<points>{_POINTS})|(?P<percent>{_PERCENT})))?
    )
    """,
    re.VERBOSE,
)


@dataclass(frozen=True, slots=True)
class Quantity:
    """A quantity found in a sentence; `value` is None where it cannot be worked out."""

    start: int
    end: int
    kind: QuantityKind
    value: float | None = None
    money: bool = False


def not_amounts(text: str) -> list[tuple[int, int]]:
    """Where numbers stand that are no amounts, in text as `plain` gives it.

    >>> text = "22-1 adults aged 18 and over, in grade 3"
    >>> [text[a:b] for a, b in not_amounts(text)]
    ['22-1', 'aged 18 and over', 'grade 3']
    """
    return [m.span() for m in _NOT_AMOUNTS.finditer(text) if not _is_range(m, text)]


def _is_range(match: re.Match[str], text: str) -> bool:
    """Whether what looks like a code is a range: "40-50 homes", "80-85%", unlike "22-1 homes"."""
    ends = re.fullmatch(r"\W*(\d+)-(\d+)", match.group())
    counted = re.match(r" ?(?:%|per ?cent)| [a-z-]+s\b", text[match.end() :])
    return bool(ends and counted and int(ends[1]) < int(ends[2]))


def find_quantities(text: str) -> list[Quantity]:
    """The quantities in a text whose dates and other numbers have been covered up.

    >>> [(q.kind, q.value) for q in find_quantities("two-thirds, 1.2 million, 40%, one in five")]
    [('share', 0.667), ('count', 1200000.0), ('percent', 40.0), ('share', 0.2)]
    """
    return [_read(match) for match in _QUANTITY.finditer(text)]


def _read(match: re.Match[str]) -> Quantity:
    start, end = match.span()
    text = match.group()
    if match["inn"]:
        top, bottom = re.split(r" (?:in|out of|of) (?:every )?", text)
        of = number_in(bottom)
        return Quantity(start, end, "share", round(number_in(top) / of, 3) if of else None)
    if match["slash"]:
        top, bottom = re.split(r" ?[/\u2044] ?", unicodedata.normalize("NFKC", text))
        return Quantity(
            start, end, "share", round(int(top) / int(bottom), 3) if int(bottom) else None
        )
    if match["part"]:
        return Quantity(start, end, "share", _part_value(text))
    if match["multiple"] or match["verb"]:
        return Quantity(start, end, "multiple", _multiple_value(text.strip()))
    if match["zero"]:
        return Quantity(start, end, "zero", 0.0)
    value = number_in((match["value"] or "") + (match["scale"] or ""))
    kind: QuantityKind = "points" if match["points"] else "percent" if match["percent"] else "count"
    return Quantity(start, end, kind, value, bool(match["cur"]))


def number_in(words: str) -> float:
    """The number that digits or number words say.

    >>> number_in("two hundred"), number_in("7-8m"), number_in("twenty-five")
    (200.0, 7000000.0, 25.0)
    """
    total = 0.0
    for token in re.findall(rf"{_DIGITS}|[a-z]+", words):
        if token[0].isdigit():
            total = total or float(token.replace(",", ""))
        elif token.removesuffix("s") in _SCALES and len(token) > 2:
            total = (total or 1.0) * _SCALES[token.removesuffix("s")]
        elif token in _SCALES:
            total = (total or 1.0) * _SCALES[token]
        else:
            total += _SMALL.get(token, 0) + _TENS.get(token, 0)
    return total


def _part_value(text: str) -> float | None:
    part = next((n for word, n in _PARTS.items() if word in text), None)
    if part is None:
        return None
    top = re.match(rf"({_WORD}|\d)[- ]", text)
    return round((number_in(top[1]) if top else 1.0) / part, 3)


def _multiple_value(text: str) -> float | None:
    for stem, value in (("doubl", 2.0), ("twice", 2.0), ("tr", 3.0), ("quad", 4.0), ("halv", 0.5)):
        if text.startswith(stem):
            return value
    if text.startswith("quarter"):
        return 0.25
    return number_in(re.sub(r"[- ]?(?:fold|times)$", "", text)) or None
