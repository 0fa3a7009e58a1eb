"""The rows of a table as a mapping sees them: renamed, picked, each with its date and its value."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Sequence
from collections.abc import Mapping as Mapped
from dataclasses import dataclass, field

from playbook_helpers.core.errors import InputError
from playbook_helpers.core.partial_dates import check_when
from playbook_helpers.core.slugs import slug_from
from playbook_helpers.practices.goals import Measurement
from playbook_helpers.storage.files.cells import (
    Broken,
    Cell,
    Habits,
    fold,
    is_blank,
    read_cell,
    shown,
)
from playbook_helpers.storage.files.formulas import unguarded
from playbook_helpers.storage.files.headings import specs_of
from playbook_helpers.storage.files.mapping.rules import DateRule, Mapping
from playbook_helpers.storage.files.problems import CellError, Problem, Problems, nearest
from playbook_helpers.storage.files.rows import Ways, habits_of
from playbook_helpers.storage.files.sheets import Sheet

_SPLIT = re.compile(r"([0-9]{4}) ?[/\u2013-] ?([0-9]{2}|[0-9]{4})", re.ASCII)
Fault = Callable[..., None]
"""Takes (column, what is wrong, what is allowed) of the row that is being read."""
SPLIT_ALLOWED = "two years that follow each other, such as 2012/13"


@dataclass(frozen=True, slots=True)
class DataRow:
    """One row of a table. `cells`: folded column -> its text, renamed where the mapping says so.

    `date` is None where it cannot be read; `value` where it cannot be or, with `missing`, where
    the table says that none is known.
    """

    file: str
    number: int
    slug: str
    cells: Mapped[str, str]
    date: str | None
    value: float | None
    missing: bool = False

    @property
    def place(self) -> str:
        """Where the row stands, in words."""
        return f"{self.file}, row {self.number}"


@dataclass(slots=True)
class DataRows:
    """The lines of one or more tables, what is wrong, and what people should know."""

    lines: list[DataRow] = field(default_factory=list)
    problems: Problems = field(default_factory=Problems)
    notes: list[str] = field(default_factory=list)
    headings: dict[str, str] = field(default_factory=dict)
    """Folded column -> its heading as the tables write it."""
    left_out: Counter[str] = field(default_factory=Counter)
    """Why rows were left out -> how many."""
    met: set[tuple[str, str]] = field(default_factory=set)
    """(column, cell) of everything that the mapping's picks and renames were looked up for."""


def fits(sheet: Sheet, mapping: Mapping) -> bool:
    """Whether the sheet has any of the columns that the mapping speaks of."""
    return any(fold(heading) in mapping.written for heading in sheet.headings)


def add_lines(found: DataRows, sheet: Sheet, mapping: Mapping, ways: Ways) -> int:
    """Take a sheet's rows into `found`; how many rows were taken."""
    columns = _columns(found, sheet, mapping)
    if columns is None:
        return 0
    found.headings |= {name: sheet.headings[place] for name, place in columns.items()}
    found.notes += [f"{sheet.label}: {note}" for note in sheet.notes]
    names = ["value" if place == columns[mapping.value] else "" for place in _places(sheet)]
    habits = habits_of(sheet, Measurement, names, ways)
    if habits.sure and ways.decimal is None and habits.decimal == ",":
        found.notes.append(f"{sheet.label}: numbers were read with a decimal comma, as in 3,5")
    before = len(found.lines)
    for number, cells in sheet.rows:
        line = _line(found, sheet, mapping, columns, habits, number, cells)
        if line is not None:
            found.lines.append(line)
    return len(found.lines) - before


def _places(sheet: Sheet) -> range:
    return range(len(sheet.headings))


def _columns(found: DataRows, sheet: Sheet, mapping: Mapping) -> dict[str, int] | None:
    """Folded column -> its place; None, with problems, where one is not there or there twice."""
    places: dict[str, list[int]] = {}
    for place, heading in enumerate(sheet.headings):
        places.setdefault(fold(heading), []).append(place)
    known = {fold(heading): heading for heading in sheet.headings if heading}
    before = found.problems.total
    for name, written in mapping.columns().items():
        held = places.get(name, [])
        if len(held) == 1:
            continue
        if held:
            what, allowed = "stands over more than one column", "one heading for one column"
        else:
            like = nearest(name, known)
            hint = f"; the nearest is {known[like]!r}" if like else ""
            what = f"is no column of this table, and {mapping.label} speaks of it{hint}"
            allowed = ", ".join(known.values())
        found.problems.add(Problem(sheet.label, what, value=written, allowed=allowed))
    if found.problems.total > before:
        return None
    return {name: places[name][0] for name in mapping.columns()}


def _line(
    found: DataRows,
    sheet: Sheet,
    mapping: Mapping,
    columns: Mapped[str, int],
    habits: Habits,
    number: int,
    row: Sequence[Cell],
) -> DataRow | None:
    """The row as a line; None where it is left out, or where nobody can tell whose it is."""
    cells = {name: row[place] for name, place in columns.items()}
    texts = {name: unguarded(shown(cell).strip()) for name, cell in cells.items()}
    for pick in mapping.picks:
        found.met.add((pick.column, texts[pick.column]))
        if pick.leaves_out(texts[pick.column]):
            found.left_out[pick.because] += 1
            return None

    def fault(name: str, what: str, allowed: str = "") -> None:
        value = None if is_blank(cells[name]) else shown(cells[name])
        found.problems.add(Problem(sheet.label, what, number, found.headings[name], value, allowed))

    for name, cell in cells.items():
        if isinstance(cell, Broken) and name not in (mapping.value, mapping.date.column):
            fault(name, cell.what)
            return None
    for name, words in mapping.rename.items():
        found.met.add((name, texts[name]))
        texts[name] = words.get(texts[name], texts[name])
    slug = _slug(mapping, texts, fault)
    date = _date(mapping.date, cells[mapping.date.column], habits, fault)
    missing = texts[mapping.value] in mapping.missing
    value = None if missing else _value(mapping, cells[mapping.value], habits, fault)
    return DataRow(sheet.label, number, slug, texts, date, value, missing) if slug else None


def _slug(mapping: Mapping, texts: Mapped[str, str], fault: Fault) -> str:
    for name in mapping.slug.names:
        if not texts[name]:
            fault(name, "is empty, and the partnership's short name is made from it", "a name")
            return ""
    try:
        return slug_from(mapping.slug.filled(texts))
    except InputError as error:
        fault(mapping.slug.names[0], "makes no short name for a partnership", error.allowed)
        return ""


def _date(rule: DateRule, cell: Cell, habits: Habits, fault: Fault) -> str | None:
    spec = specs_of(Measurement)["date"]
    if is_blank(cell):
        fault(rule.column, "is empty, so nobody can tell when this was measured", "a date")
        return None
    if not rule.split:
        try:
            return check_when(str(read_cell(spec, cell, habits).value))
        except CellError as error:
            fault(rule.column, error.what, error.allowed)
        except ValueError as error:
            fault(rule.column, str(error))
        return None
    match = _SPLIT.fullmatch(shown(cell).strip())
    first = int(match[1]) if match else 0
    if match is None or str(first + 1)[-len(match[2]) :] != match[2] or first < 1:
        fault(rule.column, "is no year of two halves", SPLIT_ALLOWED)
        return None
    year = f"{first + (rule.split == 'second'):04d}"
    return year if rule.month is None else f"{year}-{rule.month:02d}"


def _value(mapping: Mapping, cell: Cell, habits: Habits, fault: Fault) -> float | None:
    allowed = f"a number; what means “not known” stands under missing in {mapping.label}"
    if is_blank(cell):
        fault(mapping.value, "is empty", allowed)
        return None
    try:
        found = read_cell(specs_of(Measurement)["value"], cell, habits).value
    except CellError as error:
        fault(mapping.value, error.what, error.allowed or allowed)
        return None
    return float(found) if isinstance(found, int | float) else None


def rows_in_words(count: int) -> str:
    """A number of rows.

    >>> rows_in_words(1), rows_in_words(1374)
    ('1 row', '1,374 rows')
    """
    return f"{count:,} {'row' if count == 1 else 'rows'}"


def picked_notes(found: DataRows, mapping: Mapping) -> list[str]:
    """What was left out and why, and the words of the mapping that met no row."""
    notes = [
        f"{rows_in_words(count)} left out: {because}" for because, count in found.left_out.items()
    ]
    wanted = [(p.column, value) for p in mapping.picks for value in sorted(p.values)]
    wanted += [(column, old) for column, words in mapping.rename.items() for old in words]
    for column, value in wanted:
        if (column, value) not in found.met:
            heading = found.headings.get(column, column)
            notes.append(f"no row has {value!r} under {heading!r}, which {mapping.label} names")
    return notes
