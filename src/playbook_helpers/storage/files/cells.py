"""One cell of a spreadsheet made a value of one field, or refused with what is allowed.

A cell of a CSV file is text; a cell of a workbook also knows whether it is a number, a date, a
percentage or an error. Nothing is guessed: what can be read in two ways is refused.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from typing import Literal, NamedTuple

from playbook_helpers.core.records import FieldSpec
from playbook_helpers.storage.files.dates import (
    DAY,
    WHEN,
    DateOrder,
    day_of_serial,
    read_day,
    read_when,
)
from playbook_helpers.storage.files.formulas import unguarded
from playbook_helpers.storage.files.numbers import NUMBER, Decimal, read_number
from playbook_helpers.storage.files.problems import CellError, nearest

YES = frozenset(("yes", "y", "true", "1", "x", "✓", "✔", "ja", "oui", "sí", "si"))
NO = frozenset(("no", "n", "false", "0", "nein", "non"))


@dataclass(frozen=True, slots=True)
class Dated:
    """A workbook's date cell: the day it holds, and how much of it the sheet shows."""

    day: date
    shown: Literal["day", "month", "year"] = "day"
    timed: bool = False

    @property
    def when(self) -> str:
        """The date as precise as the sheet shows it."""
        return self.day.isoformat()[: {"day": 10, "month": 7, "year": 4}[self.shown]]


@dataclass(frozen=True, slots=True)
class Percentage:
    """A workbook's cell that shows 0.85 as 85%: `number` is the 85."""

    number: float


@dataclass(frozen=True, slots=True)
class Broken:
    """A workbook's cell that holds no value: an error, or a formula never worked out."""

    shown: str
    what: str


Cell = str | bool | int | float | Dated | Percentage | Broken | None
Value = str | bool | int | float | None


@dataclass(frozen=True, slots=True)
class Habits:
    """How a file writes what can be written in two ways; None where it is not known.

    `sure` says that `decimal` was stated or shown by the file, not only taken as usual.
    """

    dates: DateOrder | None = None
    decimal: Decimal | None = "."
    sure: bool = False


class CellValue(NamedTuple):
    """A cell's value, None for an empty cell, and a note where reading it may surprise."""

    value: Value
    note: str = ""


def is_blank(cell: Cell) -> bool:
    """Whether there is nothing in the cell but space."""
    return cell is None or (isinstance(cell, str) and not cell.strip())


def shown(cell: Cell) -> str:
    """The cell as text, much as the spreadsheet shows it."""
    match cell:
        case None:
            return ""
        case bool():
            return "TRUE" if cell else "FALSE"
        case float() if cell.is_integer() and abs(cell) < 1e15:
            return str(int(cell))
        case Dated():
            return cell.when
        case Percentage():
            return f"{shown(cell.number)}%"
        case Broken():
            return cell.shown
        case _:
            return str(cell)


def read_cell(spec: FieldSpec, cell: Cell, habits: Habits | None = None) -> CellValue:
    """The value of `cell` for the field `spec`. Raises CellError.

    The value is what the record type takes; lengths and ranges are the record type's to check.
    """
    habits = habits or Habits()
    if is_blank(cell):
        return CellValue(None)
    if isinstance(cell, Broken):
        raise CellError(cell.what, allowed_for(spec))
    match spec.type:
        case "number":
            return CellValue(_number(cell, habits))
        case "whole":
            return CellValue(_whole(cell, habits))
        case "date" | "when":
            return _date(cell, habits, day=spec.type == "date")
        case "yesno":
            return CellValue(_yes_or_no(cell))
        case "choice":
            return CellValue(_choice(spec, cell))
        case _:
            return CellValue(unguarded(shown(cell)))


def allowed_for(spec: FieldSpec) -> str:
    """What a cell of this field may hold, in words.

    >>> from playbook_helpers.practices.goals import Goal
    >>> from playbook_helpers.core.records import fields_of
    >>> allowed_for(next(f for f in fields_of(Goal) if f.name == "confidence"))
    'a whole number from 1 to 5'
    """
    bounds = ""
    if spec.low is not None and spec.high is not None:
        bounds = f" from {spec.low:g} to {spec.high:g}"
    elif spec.low is not None:
        bounds = f", {spec.low:g} or more"
    elif spec.high is not None:
        bounds = f", {spec.high:g} or less"
    match spec.type:
        case "number":
            return NUMBER + bounds
        case "whole":
            return "a whole number" + bounds
        case "date":
            return DAY
        case "when":
            return WHEN
        case "yesno":
            return "yes or no"
        case "choice":
            return ", ".join(spec.entry.choices)
        case _:
            return f"text of up to {spec.max_length:,} characters" if spec.max_length else "text"


def fold(text: str) -> str:
    """Text for comparing: small letters, words parted by one space, no other signs.

    >>> fold("Baseline_Value "), fold("What exactly is counted?")
    ('baseline value', 'what exactly is counted')
    """
    return " ".join(re.sub(r"[\W_]+", " ", text.casefold()).split())


def _number(cell: Cell, habits: Habits) -> float:
    match cell:
        case bool() | Dated():
            raise CellError("is not a number", NUMBER)
        case Percentage():
            return cell.number
        case int() | float():
            return float(cell)
        case _:
            return read_number(str(cell), habits.decimal, sure=habits.sure)


def _whole(cell: Cell, habits: Habits) -> int:
    number = _number(cell, habits)
    if not number.is_integer():
        raise CellError("is not a whole number", "a whole number, such as 3")
    return int(number)


def _date(cell: Cell, habits: Habits, *, day: bool) -> CellValue:
    match cell:
        case Dated():
            note = "times of day were left out" if cell.timed else ""
            return CellValue(cell.day.isoformat() if day else cell.when, note)
        case bool() | Percentage():
            raise CellError("is not a date", DAY if day else WHEN)
        case int() | float():
            if not float(cell).is_integer():
                raise CellError("is not a date", DAY if day else WHEN)
            if not day and 1000 <= cell <= 2999:
                return CellValue(str(int(cell)))
            found = day_of_serial(int(cell))
            return CellValue(found, f"day numbers were read as Excel's: {int(cell)} is {found}")
        case _:
            text = unguarded(str(cell))
            read = read_day(text, habits.dates) if day else read_when(text, habits.dates)
            return CellValue(read.when, read.note)


def _yes_or_no(cell: Cell) -> bool:
    if isinstance(cell, bool):
        return cell
    word = shown(cell).strip().casefold()
    if word in YES:
        return True
    if word in NO:
        return False
    raise CellError("is neither yes nor no", "yes or no (also y, n, true, false, 1, 0, x)")


def _choice(spec: FieldSpec, cell: Cell) -> str:
    text = unguarded(shown(cell).strip())
    entry = spec.entry
    words = _choice_words((*entry.choices.items(), *entry.earlier.items()))
    found = words.get(fold(text))
    if found is None:
        like = nearest(fold(text), words)
        hint = f" (did you mean {words[like]!r}?)" if like else ""
        raise CellError(f"is not one of the choices{hint}", allowed_for(spec))
    return found


@lru_cache(maxsize=256)
def _choice_words(choices: tuple[tuple[str, str], ...]) -> dict[str, str]:
    """Every way to write a choice -> its stored value; ways that two share are left out."""
    ways: dict[str, set[str]] = {}
    for value, words in choices:
        for way in (words, words.split(":")[0], words.split(" (")[0], words.split(",")[0]):
            ways.setdefault(fold(way), set()).add(value)
    found = {way: values.pop() for way, values in ways.items() if len(values) == 1}
    return found | {fold(value): value for value, _ in choices}
