"""As of which date a worksheet is worked out: named, or the partnership's own, or today.

Records of a partnership that ended in 2014 say little about today. So where nobody names a date,
a report stands on the last day for which the partnership says its records are complete.
"""

from __future__ import annotations

from datetime import date

from playbook_helpers.core.errors import InputError
from playbook_helpers.core.partial_dates import YEARS, YEARS_ALLOWED, last_day
from playbook_helpers.core.partnership import Partnership


def read_day(text: str | date, what: str = "The date to work from (as of)") -> date | None:
    """The day that `text` names, None where it is empty; raises InputError for anything else.

    >>> read_day("2027-03-31"), read_day("")
    (datetime.date(2027, 3, 31), None)
    """
    if type(text) is date:
        return _near(text, what)
    if not isinstance(text, str):
        raise InputError(f"{what} has the wrong type", value=text, allowed="a day: 2027-03-31")
    if not text.strip():
        return None
    try:
        day = date.fromisoformat(text)
    except ValueError:
        day = None
    # fromisoformat also takes 20270331 and 2027-W13-3; one spelling is enough.
    if day is None or day.isoformat() != text:
        raise InputError(f"{what} is not a date", value=text, allowed="a day: 2027-03-31")
    return _near(day, what)


def _near(day: date, what: str) -> date:
    if day.year not in YEARS:
        raise InputError(f"{what} is too far away", value=day.isoformat(), allowed=YEARS_ALLOWED)
    return day


def resolve_as_of(
    partnership: Partnership | None, as_of: str | date = "", today: date | None = None
) -> date:
    """The date to work from: `as_of`, else the partnership's `facts_until`, else `today`.

    A `facts_until` of a year or a month counts as its last day. Raises InputError if `as_of` is
    not a day.

    >>> resolve_as_of(Partnership(name="Riverside", facts_until="2014"))
    datetime.date(2014, 12, 31)
    >>> resolve_as_of(None, "2020-06-30", today=date(2026, 1, 1))
    datetime.date(2020, 6, 30)
    """
    named = read_day(as_of)
    if named is not None:
        return named
    if partnership is not None and partnership.facts_until:
        return last_day(partnership.facts_until)
    return today or date.today()
