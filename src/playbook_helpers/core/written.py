"""Dates and numbers as people write them, read where one reading is possible.

The form on a page reads them as they are typed (`worksheet/forms/static/values.js`); what comes in
by other ways is read here, by the same rules. `tests/written_texts.json` holds both to them. What
cannot be read is left as it is, and the check of an answer says what is wrong with it.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import date
from typing import Any

from playbook_helpers.core.partial_dates import YEARS, spoken
from playbook_helpers.core.records import Record, fields_of

MONEY = "$€£¥₹"
_MONTHS = (
    *("january", "february", "march", "april", "may", "june"),
    *("july", "august", "september", "october", "november", "december"),
)
_YEAR_FIRST = re.compile(r"(\d{4})(?:[-./ ]?(\d\d)(?:[-./ ]?(\d\d))?)?", re.ASCII)
_YEAR_FIRST_SHORT = re.compile(r"(\d{4})[-./](\d{1,2})(?:[-./](\d{1,2}))?", re.ASCII)
_MONTH_YEAR = re.compile(r"(\d{1,2})[-./](\d{4})", re.ASCII)
_YEAR_LAST = re.compile(r"(\d{1,2})[-./](\d{1,2})[-./](\d{4})", re.ASCII)
_WORDED = re.compile(
    r"(?:(\d{1,2})(?:st|nd|rd|th)?[ -](?:of )?)?([a-z]{3,9})\.?"
    r"(?:[ -](\d{1,2})(?:st|nd|rd|th)?(?=[, ]))?,?[ -](\d{4})",
    re.ASCII,
)
_PERCENT = re.compile(r"\s?(%|per ?cent)$", re.IGNORECASE)
_NUMBER = re.compile(r"[+-]?(\d+[.,]?\d*|[.,]\d+)", re.ASCII)
_EITHER = re.compile(r"[+-]?[1-9]\d{0,2},\d{3}", re.ASCII)
Parts = tuple[str, str | None, str | None]


def read_when(text: str) -> str:
    """The day, month or year that a text names, as it is kept. Raises ValueError.

    >>> read_when("July 2028"), read_when("09/2025"), read_when("31/03/2027"), read_when("2028")
    ('2028-07', '2025-09', '2027-03-31', '2028')
    >>> read_when("7/8/2028")
    Traceback (most recent call last):
    ...
    ValueError: can be read as 7 August 2028 or as 8 July 2028; write the month as a word
    """
    found = [iso for parts in _readings(text) if (iso := _iso(parts))]
    days = list(dict.fromkeys(found))
    if not days:
        raise ValueError("is not a date; write 2027, March 2027, 2027-03 or 2027-03-31")
    if len(days) > 1:
        one, two = map(spoken, days)
        raise ValueError(f"can be read as {one} or as {two}; write the month as a word")
    if int(days[0][:4]) not in YEARS:
        raise ValueError("is too far away; years from 1500 to 2999 can be named")
    return days[0]


def _readings(text: str) -> list[Parts]:
    """Year, month and day: none, one, or two where either may be the month."""
    words = " ".join(text.lower().split())
    for pattern in (_YEAR_FIRST, _YEAR_FIRST_SHORT):
        if match := pattern.fullmatch(words):
            return [(match[1], match[2], match[3])]
    if match := _MONTH_YEAR.fullmatch(words):
        return [(match[2], match[1], None)]
    if match := _YEAR_LAST.fullmatch(words):
        return [(match[3], match[2], match[1]), (match[3], match[1], match[2])]
    match = _WORDED.fullmatch(words)
    if match is None or (match[1] and match[3]):
        return []
    months = [n for n, m in enumerate(_MONTHS, 1) if match[2] in (m, m[:3], m[:4])]
    return [(match[4], str(months[0]), match[1] or match[3])] if months else []


def _iso(parts: Parts) -> str:
    """The date as it is kept; empty if the calendar has no such day."""
    year, month, day = parts
    try:
        date(int(year), int(month or 1), int(day or 1))
    except ValueError:
        return ""
    return "-".join(part.zfill(2) for part in (year, month, day) if part)


def read_number(text: str) -> float:
    """The number that a text says. Raises ValueError.

    >>> read_number("12 percent"), read_number("£1 450"), read_number("3,5"), read_number("-4")
    (12.0, 1450.0, 3.5, -4.0)
    """
    digits = _PERCENT.sub("", text.strip().replace("\u2212", "-"))
    digits = re.sub(r"\s(?=\d{3}\b)", "", digits.lstrip(MONEY).strip())
    if _EITHER.fullmatch(digits):
        whole, parted = digits.replace(",", ""), digits.replace(",", ".")
        raise ValueError(f"reads two ways; write {whole} or {parted}")
    if not _NUMBER.fullmatch(digits):
        raise ValueError("is not a number; write only digits, such as 1500 or 3.5")
    return float(digits.replace(",", "."))


def read_answer(record_type: type[Record], answer: Mapping[str, Any]) -> dict[str, Any]:
    """An answer with its dates and numbers as they are kept; what cannot be read stays as it is.

    >>> from playbook_helpers.practices.goals import Goal
    >>> read_answer(Goal, {"target_date": "July 2028", "target_value": "10%", "name": "Meals"})
    {'target_date': '2028-07', 'target_value': 10.0, 'name': 'Meals'}
    """
    types = {spec.name: spec.type for spec in fields_of(record_type)}
    return {name: _read(types.get(name, ""), value) for name, value in answer.items()}


def _read(type_: str, value: Any) -> Any:
    if not isinstance(value, str) or not value.strip():
        return value
    try:
        if type_ == "when":
            return read_when(value)
        if type_ == "number":
            return read_number(value)
        if type_ == "whole":
            number = read_number(value)
            return int(number) if number.is_integer() else value
    except ValueError:
        return value
    return value
