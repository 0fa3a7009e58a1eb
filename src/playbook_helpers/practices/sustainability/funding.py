"""What comes in and what goes out: sources and costs, as files and tables hold them.

A table's rows come as dictionaries, its numbers as text or numpy's, its empty cells as NaN. All of
that is settled here, so that what works with money knows numbers, days and names alone.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, fields
from datetime import date, datetime
from typing import Any, TypeVar

from playbook_helpers.core.blanks import is_missing
from playbook_helpers.core.errors import InputError
from playbook_helpers.core.partial_dates import first_day, last_day

_T = TypeVar("_T")
_YES = frozenset({"yes", "y", "true", "1", "1.0"})
_NO = frozenset({"no", "n", "false", "0", "0.0", ""})


@dataclass(frozen=True, slots=True)
class Funding:
    """Money from one source: the whole `amount`, spread evenly over its months.

    `starts` and `ends` are days, or partial: "2027" or "2027-03"; `likelihood` is a share
    (1: signed); `restricted_to` names the only cost line it may pay for ("" for any).
    """

    source: str
    amount: float
    starts: date
    ends: date
    likelihood: float = 1.0
    signed: bool = True
    restricted_to: str = ""
    currency: str = ""

    def __post_init__(self) -> None:
        _set(
            self,
            amount=number_of(self.amount, f"The amount of {self.source!r}"),
            starts=day_of(self.starts, first_day),
            ends=day_of(self.ends, last_day),
            likelihood=number_of(self.likelihood, f"The likelihood of {self.source!r}"),
            signed=_yes_or_no(self.signed, f"Whether {self.source!r} is signed"),
            restricted_to=cell_text(self.restricted_to),
            currency=letters_of(self.currency),
        )


@dataclass(frozen=True, slots=True)
class Cost:
    """What one line costs a month, from its first month to its last (None: without end)."""

    line: str
    monthly: float
    starts: date | None = None
    ends: date | None = None
    currency: str = ""

    def __post_init__(self) -> None:
        _set(
            self,
            monthly=number_of(self.monthly, f"The cost of {self.line!r}"),
            starts=None if _is_empty(self.starts) else day_of(self.starts, first_day),
            ends=None if _is_empty(self.ends) else day_of(self.ends, last_day),
            currency=letters_of(self.currency),
        )


def _set(made: object, **values: object) -> None:
    for name, value in values.items():
        object.__setattr__(made, name, value)


def each_of(given: Any, kind: type[_T]) -> list[_T]:
    """Sources, costs or outcomes: those that are dictionaries, or rows of a data frame, made into
    what they say. Raises InputError for anything else.

    >>> each_of([{"line": "Team", "monthly": "150"}], Cost)[0].monthly
    150.0
    """
    if hasattr(given, "columns") and hasattr(given, "to_dict"):
        given = given.to_dict("records")
    if isinstance(given, kind | Mapping):
        given = (given,)
    known = [f.name for f in fields(kind)]  # type: ignore[arg-type]
    allowed = f"a dictionary with {', '.join(known)}"
    what = f"This is no {kind.__name__.lower()}"
    if isinstance(given, str) or not isinstance(given, Iterable):
        raise InputError(what, value=given, allowed=allowed)
    made: list[_T] = []
    for one in given:
        try:
            made.append(one if isinstance(one, kind) else kind(**one))
        except TypeError:
            raise InputError(what, value=one, allowed=allowed) from None
    return made


def number_of(given: object, what: str) -> float:
    """A number, also from text as a CSV reader gives it; NaN stays what it is.

    Raises InputError for anything else.

    >>> number_of("1200", "The amount")
    1200.0
    """
    try:
        number = float(given)  # type: ignore[arg-type]
        if isinstance(given, bool):
            raise TypeError
    except (TypeError, ValueError):
        raise InputError(
            f"{what} is not a number", value=given, allowed="such as 1200.50"
        ) from None
    return number


def day_of(given: object, reading: Callable[[str], date]) -> date:
    """A day from a day, a day with its hour, or a when."""
    if isinstance(given, date) and not _is_empty(given):
        return given.date() if isinstance(given, datetime) else given
    try:
        return reading(str(given).strip())
    except ValueError:
        raise InputError(
            "This is no date", value=given, allowed="2027, 2027-03 or 2027-03-31"
        ) from None


def cell_text(given: object) -> str:
    """Words, or nothing where a cell is empty."""
    return "" if _is_empty(given) else str(given)


def letters_of(currency: object) -> str:
    """The letters of a currency as they are compared: usd is USD."""
    return cell_text(currency).strip().upper()


def _yes_or_no(given: object, what: str) -> bool:
    said = str(given).strip().casefold()
    if said not in _YES | _NO:
        raise InputError(f"{what} is not clear", value=given, allowed="yes or no")
    return said in _YES


def _is_empty(given: object) -> bool:
    return given == "" if isinstance(given, str) else is_missing(given)
