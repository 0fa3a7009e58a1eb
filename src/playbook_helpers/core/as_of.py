"""As of which date a worksheet is worked out: named, or the partnership's own, or today.

Records of a partnership that ended in 2014 say little about today. So where nobody names a date,
a report stands on the last day for which the partnership says its records are complete.
"""

from __future__ import annotations

from datetime import date

from playbook_helpers.core.errors import InputError
from playbook_helpers.core.parameters import parameter_text
from playbook_helpers.core.partial_dates import YEARS, YEARS_ALLOWED, last_day
from playbook_helpers.core.partnership import Partnership

ALLOWED = "a day, a month or a year: 2027-03-31, 2027-03, 2027"


def read_day(given: object, what: str = "The date to work from (as of)") -> date | None:
    """The day that is given, None for empty text; raises InputError for anything else.

    A month and a year mean their last day. A whole number is a year: papermill's command line
    makes numbers of what looks like one.

    >>> read_day("2027-03-31"), read_day("2027-02"), read_day(2016), read_day("")
    (datetime.date(2027, 3, 31), datetime.date(2027, 2, 28), datetime.date(2016, 12, 31), None)
    """
    if type(given) is date:
        return _near(given, what)
    text = parameter_text("as_of", given, ALLOWED)
    if not text.strip():
        return None
    try:
        return _near(last_day(text), what)
    except ValueError:
        raise InputError(f"{what} is not a date", value=given, allowed=ALLOWED) from None


def _near(day: date, what: str) -> date:
    if day.year not in YEARS:
        raise InputError(f"{what} is too far away", value=day.isoformat(), allowed=YEARS_ALLOWED)
    return day


def resolve_as_of(
    partnership: Partnership | None, as_of: object = "", today: date | None = None
) -> date:
    """The date to work from: `as_of`, else the partnership's `facts_until`, else `today`.

    A year or a month counts as its last day. Raises InputError if `as_of` is none of these.

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
