"""Tables as people really have them: CSV in any usual encoding, with any usual separator.

What was read in an unusual way is said in a note; what cannot be told for certain is refused.
Rows are numbered as a spreadsheet numbers them: a cell of several lines is one row, and blank
rows count.
"""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass

from playbook_helpers.core.errors import InputError
from playbook_helpers.storage.files.cells import Cell, is_blank, shown

MAX_BYTES = 50_000_000
MAX_ROWS = 200_000
MAX_COLUMNS = 500
csv.field_size_limit(MAX_BYTES)  # a cell that is too long is one bad cell, not a bad file
_SEPARATORS = {",": "commas", ";": "semicolons", "\t": "tabs", "|": "upright strokes"}


@dataclass(frozen=True, slots=True)
class Sheet:
    """One table: where it is from, its headings, and its rows with their numbers.

    `label` names it to people, `name` is what may say its kind (the file's or the sheet's name).
    `separator` is what parts the cells of a CSV file, empty for a workbook. Every row has as many
    cells as there are headings; an empty heading stands over cells that nothing names.
    """

    label: str
    name: str
    headings: tuple[str, ...]
    rows: tuple[tuple[int, tuple[Cell, ...]], ...]
    separator: str = ""
    notes: tuple[str, ...] = ()


def read_csv(
    label: str, name: str, data: bytes, known: Callable[[str], bool] = lambda heading: False
) -> Sheet:
    """Read a CSV file's bytes. `known` says whether a heading is one that a kind of record has.

    Raises InputError where the encoding, the quoting or the size cannot be taken.
    """
    check_size(label, len(data))
    text, notes = _decoded(label, data)
    stated = re.match(r"sep=(.)\r?\n", text)
    if stated:
        text = text[stated.end() :]
    separator = stated[1] if stated else _separator(text, known)
    sheet = table(label, name, _records(label, text, separator), separator)
    if separator != "," and not stated and len(sheet.headings) > 1:
        notes.append(f"cells are parted by {_SEPARATORS.get(separator, repr(separator))}")
    return Sheet(label, name, sheet.headings, sheet.rows, separator, tuple(notes))


def table(
    label: str, name: str, numbered: Iterable[tuple[int, Sequence[Cell]]], separator: str = ""
) -> Sheet:
    """A sheet from rows with their numbers: blank rows and spare blank columns left out.

    Raises InputError for more rows or columns than can be taken.
    """
    filled: list[tuple[int, Sequence[Cell]]] = []
    for number, cells in numbered:
        if all(is_blank(cell) for cell in cells):
            continue
        filled.append((number, cells))
        if len(filled) > MAX_ROWS + 1 or len(cells) > MAX_COLUMNS:
            raise InputError(
                "This table is too long or too wide",
                value=f"row {number}, {len(cells)} columns",
                allowed=f"up to {MAX_ROWS:,} rows and {MAX_COLUMNS} columns",
            )
    if not filled:
        return Sheet(label, name, (), (), separator)
    width = max(len(cells) for _, cells in filled)
    padded = [(number, (*cells, *[None] * (width - len(cells)))) for number, cells in filled]
    (_, head), *rest = padded
    used = [
        place
        for place in range(width)
        if not is_blank(head[place]) or any(not is_blank(cells[place]) for _, cells in rest)
    ]
    headings = tuple(" ".join(shown(head[place]).split()) for place in used)
    rows = tuple((number, tuple(cells[place] for place in used)) for number, cells in rest)
    return Sheet(label, name, headings, rows, separator)


def write_csv(headings: Sequence[str], rows: Iterable[Sequence[str]]) -> bytes:
    """CSV that Excel opens with its accents whole: UTF-8 with a mark, lines ended by CR LF."""
    out = io.StringIO(newline="")
    writer = csv.writer(out, lineterminator="\r\n")
    writer.writerow(headings)
    writer.writerows(rows)
    return out.getvalue().encode("utf-8-sig")


def check_size(label: str, size: int) -> None:
    """Raise InputError for a file larger than any that people write by hand."""
    if size > MAX_BYTES:
        raise InputError(
            "This file is too large",
            value=f"{label}: {size:,} bytes",
            allowed=f"up to {MAX_BYTES:,} bytes; several smaller files may be given at once",
        )


def _decoded(label: str, data: bytes) -> tuple[str, list[str]]:
    notes = []
    try:
        if data.startswith((b"\xff\xfe", b"\xfe\xff")):
            text = data.decode("utf-16")
            notes.append("read as UTF-16")
        else:
            text = data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        if data.startswith((b"\xff\xfe", b"\xfe\xff")):
            raise _unreadable(label, error) from None
        try:
            text = data.decode("cp1252")
        except UnicodeDecodeError as worse:
            raise _unreadable(label, worse) from None
        accented = re.findall(r"[^\s,;|\"]*[^\x00-\x7f][^\s,;|\"]*", text)
        notes.append(
            "not UTF-8, so read as Windows-1252: look whether letters with accents came out "
            f"right, as in {', '.join(dict.fromkeys(word[:40] for word in accented[:3]))}"
        )
    if "\x00" in text:
        raise InputError(
            "This file holds NUL characters, as no text does",
            value=label,
            allowed="CSV text in UTF-8; in Excel: Save As, CSV UTF-8",
        )
    return text, notes


def _unreadable(label: str, error: UnicodeDecodeError) -> InputError:
    return InputError(
        "The letters of this file cannot be read",
        value=f"{label}: byte {error.start}",
        allowed="CSV text in UTF-8; in Excel: Save As, CSV UTF-8",
    )


def _records(label: str, text: str, separator: str) -> Iterable[tuple[int, list[str]]]:
    reader = csv.reader(
        io.StringIO(text, newline=""), delimiter=separator, strict=True, skipinitialspace=True
    )
    number = 0
    while True:
        number += 1
        try:
            cells = next(reader)
        except StopIteration:
            return
        except csv.Error as error:
            raise InputError(
                f"FileRow {number} cannot be parted into cells ({error})",
                value=label,
                allowed="a quotation mark at each end of a cell, doubled inside it",
            ) from error
        yield number, cells


def _separator(text: str, known: Callable[[str], bool]) -> str:
    """What parts the cells: the sign that makes the first row's cells into known headings."""
    first = re.search(r"[^\s,;|][^\n\r]*|\"", text)
    if first is None:
        return ","
    start = text.rfind("\n", 0, first.start()) + 1
    best, most = ",", (0, 0)
    for separator in _SEPARATORS:
        try:
            lines = io.StringIO(text[start : start + 100_000], newline="")
            cells = next(csv.reader(lines, delimiter=separator, skipinitialspace=True))
        except (csv.Error, StopIteration):
            continue
        score = (sum(known(cell) for cell in cells), len(cells))
        if score > most:
            best, most = separator, score
    return best
