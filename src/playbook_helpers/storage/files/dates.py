"""Dates as people write them, never guessed: 01/03/2026 is two different days.

Taken as they are: 2026-03-01, 2026/3/1, 1 March 2026, March 1, 2026, 13/03/2026 (there is no
thirteenth month), Excel's day numbers; and for a *when* also 2026-03, March 2026 and 2026.
"""

from __future__ import annotations

import re
from datetime import date, timedelta
from typing import Literal, NamedTuple

from playbook_helpers.core.partial_dates import YEARS, YEARS_ALLOWED
from playbook_helpers.storage.files.problems import CellError

DateOrder = Literal["day-first", "month-first"]
DAY = "a day such as 2026-03-31 or 31 March 2026"
WHEN = "a day, a month or a year, such as 2026-03-31, 31 March 2026, 2026-03 or 2026"
# Written out: the calendar module's names change with the computer's language.
_MONTHS = (
    *("january", "february", "march", "april", "may", "june"),
    *("july", "august", "september", "october", "november", "december"),
)
_YEAR_FIRST = re.compile(r"([0-9]{4})([-/.])([0-9]{1,2})(?:\2([0-9]{1,2}))?")
_YEAR_LAST = re.compile(r"([0-9]{1,2})([-/.])([0-9]{1,2})\2([0-9]{2}|[0-9]{4})")
_WORDS = re.compile(
    r"(?:(?P<before>[0-9]{1,2})(?:st|nd|rd|th)?[ -]+(?:of )?)?(?P<month>[a-z]{3,9})\.?"
    r"(?:[ -]+(?P<after>[0-9]{1,2})(?:st|nd|rd|th)?(?=[, ]))?,?[ -]+(?P<year>[0-9]{4})"
)
_TIME = re.compile(
    r"([0-9]{4}-[0-9]{2}-[0-9]{2})[T ]([0-9]{2}:[0-9]{2}(?::[0-9]{2}(?:\.[0-9]+)?)?)Z?"
)


class Day(NamedTuple):
    """A date as precise as it was given, and what was done to read it, where that may surprise."""

    when: str
    note: str = ""


def read_when(text: str, order: DateOrder | None = None) -> Day:
    """The day, month or year that `text` names, as ISO text. Raises CellError.

    >>> read_when("1 March 2026").when, read_when("Mar 2026").when, read_when("2026").when
    ('2026-03-01', '2026-03', '2026')
    >>> read_when("13/03/2026").when, read_when("01/03/2026", "day-first").when
    ('2026-03-13', '2026-03-01')
    """
    plain = " ".join(text.split())
    if re.fullmatch(r"[0-9]{4}", plain):
        return Day(_checked(int(plain)))
    if re.fullmatch(r"[0-9]{5}", plain):
        day = day_of_serial(int(plain))
        return Day(day, f"day numbers were read as Excel's: {plain} is {day}")
    if match := _TIME.fullmatch(plain):
        note = "" if re.fullmatch(r"[0:.]+", match[2]) else "times of day were left out"
        return Day(_checked(*map(int, match[1].split("-"))), note)
    if match := _YEAR_FIRST.fullmatch(plain):
        return Day(_checked(int(match[1]), int(match[3]), int(match[4]) if match[4] else None))
    if match := _YEAR_LAST.fullmatch(plain):
        return Day(_year_last(int(match[1]), int(match[3]), match[4], order))
    if match := _WORDS.fullmatch(plain.lower()):
        return Day(_in_words(match))
    if re.fullmatch(r"[A-Za-z]{3,9}[- ][0-9]{2}|[0-9]{1,2}[- ][A-Za-z]{3,9}([- ][0-9]{2})?", plain):
        # What Excel makes of 2026-03 when it saves a CSV file.
        raise CellError("has no year of four digits", WHEN)
    raise CellError("is not a date", WHEN)


def read_day(text: str, order: DateOrder | None = None) -> Day:
    """The day that `text` names; a month or a year alone is refused. Raises CellError."""
    try:
        found = read_when(text, order)
    except CellError as error:
        raise CellError(error.what, error.allowed if error.allowed != WHEN else DAY) from None
    if len(found.when) < len("2026-03-01"):
        raise CellError("names no day", DAY)
    return found


def day_of_serial(number: int) -> str:
    """The day that Excel's day number stands for, in its usual count from 1900.

    >>> day_of_serial(46082)
    '2026-03-01'
    """
    if not 61 <= number <= 2_958_465:
        raise CellError("is no day number of Excel's", DAY)
    return (date(1899, 12, 30) + timedelta(days=number)).isoformat()


def _year_last(first: int, second: int, year: str, order: DateOrder | None) -> str:
    if len(year) == 2:
        raise CellError("has a year of two digits", f"a year of four digits: {DAY}")
    number = int(year)
    possible: dict[DateOrder, date] = {}
    orders: tuple[tuple[DateOrder, int, int], ...] = (
        ("day-first", second, first),
        ("month-first", first, second),
    )
    for name, month, day in orders:
        try:
            possible[name] = date(number, month, day)
        except ValueError:
            continue
    if order is not None and possible:
        if order not in possible:
            raise CellError(f"is no {order} date", DAY)
        return possible[order].isoformat()
    days = set(possible.values())
    if len(days) > 1:
        one, two = (possible[name] for name, *_ in orders)
        raise CellError(
            f"can be read as {one} or as {two}",
            "2026-03-31, or say which order the file has (--dates day-first or month-first)",
        )
    if not days:
        raise CellError("is a date that there is not", DAY)
    return days.pop().isoformat()


def _in_words(match: re.Match[str]) -> str:
    month = match["month"]
    numbers = [n for n, name in enumerate(_MONTHS, 1) if name == month or name[:3] == month]
    if month == "sept":
        numbers = [9]
    if not numbers or (match["before"] and match["after"]):
        raise CellError("is not a date", WHEN)
    day = match["before"] or match["after"]
    return _checked(int(match["year"]), numbers[0], int(day) if day else None)


def _checked(year: int, month: int | None = None, day: int | None = None) -> str:
    try:
        date(year, month or 1, day or 1)
        if month == 0 or day == 0:
            raise ValueError
    except ValueError:
        raise CellError("is a date that there is not", WHEN) from None
    if year not in YEARS:
        raise CellError("is too far away", YEARS_ALLOWED)
    parts = [f"{year:04d}", *(f"{part:02d}" for part in (month, day) if part is not None)]
    return "-".join(parts)
