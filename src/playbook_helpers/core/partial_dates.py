"""Dates as partnerships know them: a day, a month or only a year, kept as precise as they are.

A report that says "44% in 2005" names no day, and the record must not invent one. A *when* is
the text `2005`, `2005-03` or `2005-03-31`. For arithmetic it counts as the last day of its
period, for every when alike, so that differences between years come out whole.
"""

from __future__ import annotations

import calendar
import re
from datetime import date
from functools import lru_cache
from typing import Annotated

from pydantic import AfterValidator

PATTERN = r"\d{4}(-\d{2}(-\d{2})?)?"
ALLOWED = "a year, a month or a day: 2027, 2027-03 or 2027-03-31"
YEARS = range(1500, 3000)
"""Years that a record can name: so that sums of dates and years never leave the calendar."""
YEARS_ALLOWED = f"years from {YEARS.start} to {YEARS.stop - 1} can be named"
_FORM = re.compile(rf"^{PATTERN}$", re.ASCII)


def check_when(text: str) -> str:
    """Return `text` if it is a when, else raise ValueError saying what is allowed.

    >>> check_when("2027-03")
    '2027-03'
    >>> check_when("2027-13")
    Traceback (most recent call last):
    ...
    ValueError: '2027-13' is not a date: a year, a month or a day: 2027, 2027-03 or 2027-03-31
    """
    try:
        year = last_day(text).year
    except ValueError:
        raise ValueError(f"{text!r} is not a date: {ALLOWED}") from None
    if year not in YEARS:
        raise ValueError(f"{text!r} is too far away: {YEARS_ALLOWED}")
    return text


@lru_cache(maxsize=65_536)
def last_day(when: str) -> date:
    """The last day of the period that `when` names.

    >>> last_day("2024-02"), last_day("2020"), last_day("2020-05-01")
    (datetime.date(2024, 2, 29), datetime.date(2020, 12, 31), datetime.date(2020, 5, 1))
    """
    if not _FORM.match(when):
        raise ValueError(f"{when!r} is not {ALLOWED}")
    parts = [int(part) for part in when.split("-")]
    if len(parts) == 3:
        return date(parts[0], parts[1], parts[2])
    month = parts[1] if len(parts) == 2 else 12
    if not 1 <= month <= 12 or parts[0] < 1:
        raise ValueError(f"{when!r} is not {ALLOWED}")
    return date(parts[0], month, calendar.monthrange(parts[0], month)[1])


def first_day(when: str) -> date:
    """The first day of the period that `when` names.

    >>> first_day("2024-02"), first_day("2020")
    (datetime.date(2024, 2, 1), datetime.date(2020, 1, 1))
    """
    end = last_day(when)
    return date(end.year, end.month if len(when) > 4 else 1, end.day if len(when) > 7 else 1)


def years_between(start: str, end: str) -> float:
    """Years from one when to another (365.2425 days a year), negative if `end` is earlier.

    >>> years_between("2005", "2014")
    9.0
    """
    a, b = last_day(start), last_day(end)
    if (a.month, a.day) == (b.month, b.day):
        return float(b.year - a.year)
    return (b - a).days / 365.2425


def spoken(when: str) -> str:
    """A when as people say it.

    >>> spoken("2020"), spoken("2020-03"), spoken("2020-03-31")
    ('2020', 'March 2020', '31 March 2020')
    """
    day = last_day(when)
    if len(when) == 4:
        return when
    month = f"{calendar.month_name[day.month]} {day.year}"
    return month if len(when) == 7 else f"{day.day} {month}"


When = Annotated[str, AfterValidator(check_when)]
"""A pydantic field type: text that `check_when` accepts."""
