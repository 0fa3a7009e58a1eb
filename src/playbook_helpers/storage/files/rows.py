"""The rows of a table as records of one type, and what is wrong with each row that is none."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

from playbook_helpers.core.answering import answered
from playbook_helpers.core.errors import InputError
from playbook_helpers.core.records import Record
from playbook_helpers.core.slugs import check_slug
from playbook_helpers.storage.files.cells import (
    Broken,
    Cell,
    Habits,
    Value,
    allowed_for,
    is_blank,
    read_cell,
    shown,
)
from playbook_helpers.storage.files.dates import DateOrder
from playbook_helpers.storage.files.headings import (
    PARTNERSHIP,
    RECORD,
    REVISION,
    SPECIAL,
    match_columns,
    specs_of,
)
from playbook_helpers.storage.files.numbers import Decimal, decimal_shown
from playbook_helpers.storage.files.problems import CellError, Problem, Problems
from playbook_helpers.storage.files.sheets import Sheet

_ID = re.compile(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}", re.ASCII)
_NOTES = 5


@dataclass(frozen=True, slots=True)
class Ways:
    """What the user said about how to read; None where nothing was said."""

    partnership: str | None
    dates: DateOrder | None
    decimal: Decimal | None
    taken_as: str | None = None


@dataclass(frozen=True, slots=True)
class FileRow:
    """One row that can be taken: where it stands, whose it is, its record, and its ids if any."""

    file: str
    number: int
    partnership: str
    value: Record
    record: str = ""
    revision: str = ""

    @property
    def kind(self) -> str:
        """The row's kind of record."""
        return self.value.kind

    @property
    def place(self) -> str:
        """Where the row stands, in words."""
        return f"{self.file}, row {self.number}"


@dataclass(slots=True)
class TableRows:
    """What a table gave: its rows, what is wrong with the others, and what may surprise."""

    rows: list[FileRow] = field(default_factory=list)
    problems: Problems = field(default_factory=Problems)
    notes: list[str] = field(default_factory=list)


def rows_of(sheet: Sheet, record_type: type[Record], ways: Ways) -> TableRows:
    """The rows of a sheet that holds records of one type."""
    found = TableRows()
    found.notes += [f"{sheet.label}: {note}" for note in sheet.notes]
    if not sheet.headings:
        found.notes.append(f"{sheet.label}: holds nothing")
        return found
    columns, faults = match_columns(sheet.label, record_type, sheet.headings)
    if faults:
        found.problems.extend(faults)
        return found
    habits = habits_of(sheet, record_type, columns, ways)
    if habits.sure and ways.decimal is None and habits.decimal == ",":
        found.notes.append(f"{sheet.label}: numbers were read with a decimal comma, as in 3,5")
    reader = _RowReader(sheet, record_type, columns, ways.partnership, habits)
    for number, cells in sheet.rows:
        row, row_faults = reader.read(number, cells)
        found.problems.extend(row_faults)
        if row is not None:
            found.rows.append(row)
    found.notes += [f"{sheet.label}: {note}" for note in reader.notes]
    return found


def habits_of(
    sheet: Sheet, record_type: type[Record], columns: Sequence[str], ways: Ways
) -> Habits:
    """How the sheet writes numbers: as stated, else as its own numbers leave no doubt of.

    A comma parts decimals only where it does not part cells; a file of both habits has neither.
    """
    if ways.decimal is not None:
        return Habits(ways.dates, ways.decimal, sure=True)
    specs = specs_of(record_type)
    places = [
        place
        for place, name in enumerate(columns)
        if name in specs and specs[name].type in ("number", "whole")
    ]
    seen = {
        mark
        for _, cells in sheet.rows
        for place in places
        if isinstance(text := cells[place], str) and (mark := decimal_shown(text)) is not None
    }
    if sheet.separator not in (";", "\t"):
        return Habits(ways.dates, ".", sure=seen == {"."})
    if len(seen) == 1:
        return Habits(ways.dates, seen.pop(), sure=True)
    unknown: Decimal | None = None if seen or sheet.separator == ";" else "."
    return Habits(ways.dates, unknown, sure=False)


class _RowReader:
    """Reads the rows of one sheet; `notes` gathers what may surprise, each thing once."""

    def __init__(
        self,
        sheet: Sheet,
        record_type: type[Record],
        columns: Sequence[str],
        partnership: str | None,
        habits: Habits,
    ) -> None:
        self.label = sheet.label
        self.headings = sheet.headings
        self.type = record_type
        self.columns = columns
        self.partnership = partnership
        self.habits = habits
        self.specs = specs_of(record_type)
        self.notes: list[str] = []

    def read(self, number: int, cells: Sequence[Cell]) -> tuple[FileRow | None, list[Problem]]:
        """The row, or None and what is wrong with it."""
        faults: list[Problem] = []
        values: dict[str, Value] = {}
        special = dict.fromkeys(SPECIAL, "")

        def fault(name: str, what: str, allowed: str = "") -> None:
            place = self.columns.index(name) if name in self.columns else None
            heading = self.headings[place] if place is not None else name
            cell = cells[place] if place is not None else None
            value = None if is_blank(cell) else shown(cell)
            faults.append(Problem(self.label, what, number, heading, value, allowed))

        for place, (name, cell) in enumerate(zip(self.columns, cells, strict=True)):
            if not name:
                if not is_blank(cell):
                    what = f"stands in column {column_letter(place)}, which has no heading"
                    faults.append(Problem(self.label, what, number, value=shown(cell)))
            elif name in special:
                if isinstance(cell, Broken):
                    fault(name, cell.what)
                special[name] = shown(cell).strip()
            else:
                try:
                    value, note = read_cell(self.specs[name], cell, self.habits)
                except CellError as error:
                    fault(name, error.what, error.allowed)
                    continue
                if value is not None:
                    values[name] = value
                if note and note not in self.notes and len(self.notes) < _NOTES:
                    self.notes.append(note)
        told = {fault.column for fault in faults}
        record, wrong = answered(self.type, values)
        for name, words in wrong:
            place = self.columns.index(name) if name in self.columns else -1
            if place < 0 or self.headings[place] not in told:
                fault(name, words, allowed_for(self.specs[name]) if name in self.specs else "")
        slug = self._slug(special[PARTNERSHIP], fault)
        ids = self._ids(special[RECORD], special[REVISION], fault)
        if faults or record is None:
            return None, faults
        return FileRow(self.label, number, slug, record, *ids), []

    def _slug(self, written: str, fault: Callable[..., None]) -> str:
        if not written and self.partnership is None:
            fault(
                PARTNERSHIP,
                "does not say whose it is",
                "a column 'partnership', a datapackage.json, or --partnership SHORT-NAME",
            )
            return ""
        if written and self.partnership is not None and written != self.partnership:
            fault(PARTNERSHIP, "is another partnership than asked for", self.partnership)
            return ""
        try:
            return check_slug(written or self.partnership or "")
        except InputError as error:
            fault(PARTNERSHIP, "is no short name of a partnership", error.allowed)
            return ""

    @staticmethod
    def _ids(record: str, revision: str, fault: Callable[..., None]) -> tuple[str, str]:
        for name, text in ((RECORD, record), (REVISION, revision)):
            if text and not _ID.fullmatch(text):
                fault(name, "is no id that an export gives", "the id as exported, or an empty cell")
                return "", ""
        if bool(record) != bool(revision):
            missing = REVISION if record else RECORD
            fault(missing, "is empty", "both ids as exported, or neither for a new record")
            return "", ""
        return record, revision


def column_letter(place: int) -> str:
    """The letters a spreadsheet gives a column, counted from zero.

    >>> column_letter(0), column_letter(25), column_letter(26)
    ('A', 'Z', 'AA')
    """
    letters = ""
    number = place + 1
    while number:
        number, rest = divmod(number - 1, 26)
        letters = chr(ord("A") + rest) + letters
    return letters
