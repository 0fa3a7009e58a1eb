"""Excel workbooks (.xlsx): each sheet a table, formulas by the value that Excel last worked out.

A workbook is a zip archive of XML made by anybody, so its size unpacked is looked at first. A
cell keeps what the sheet shows of it: a date shown as "Mar 2026" is a month, 0.85 shown as 85%
is 85.
"""

from __future__ import annotations

import io
import math
import re
import zipfile
import zlib
from collections.abc import Iterator
from datetime import date, datetime, time, timedelta
from itertools import zip_longest
from pathlib import PurePosixPath
from typing import Any
from xml.etree.ElementTree import ParseError

from playbook_helpers.core.errors import InputError
from playbook_helpers.storage.files.cells import Broken, Cell, Dated, Percentage
from playbook_helpers.storage.files.sheets import MAX_ROWS, Sheet, check_size, table

MAX_UNPACKED = 200_000_000
_OLD = b"\xd0\xcf\x11\xe0"
# What openpyxl raises for XML that is not as it should be; it has no error of its own for most.
_DAMAGE = (
    *(ArithmeticError, AttributeError, EOFError, LookupError, OSError, ParseError),
    *(RecursionError, TypeError, ValueError, zipfile.BadZipFile, zlib.error),
)
_READABLE = "an .xlsx workbook without a password; in Excel: Save As, Excel Workbook (.xlsx)"


def read_workbook(label: str, data: bytes) -> list[Sheet]:
    """The sheets of a workbook, blank ones left out. Raises InputError if it cannot be read."""
    check_size(label, len(data))
    if data.startswith(_OLD):
        raise InputError(
            "This workbook is of an old kind or has a password", value=label, allowed=_READABLE
        )
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            unpacked = sum(info.file_size for info in archive.infolist())
            formulas = unpacked <= MAX_UNPACKED and _has_formulas(archive)
    except (zipfile.BadZipFile, NotImplementedError, RuntimeError, EOFError, OSError) as error:
        raise InputError("This is no workbook", value=label, allowed=_READABLE) from error
    if unpacked > MAX_UNPACKED:
        raise InputError(
            "This workbook is too large when unpacked",
            value=f"{label}: {unpacked:,} bytes",
            allowed=f"up to {MAX_UNPACKED:,} bytes",
        )
    import openpyxl

    try:
        values = openpyxl.load_workbook(io.BytesIO(data), read_only=True, data_only=True)
        written = openpyxl.load_workbook(io.BytesIO(data), read_only=True) if formulas else None
        sheets = []
        for sheet in values.worksheets:
            other = written[sheet.title] if written else None
            name = PurePosixPath(label).stem if len(values.worksheets) == 1 else sheet.title
            found = table(f"{label}, sheet {sheet.title!r}", name, _rows(label, sheet, other))
            if found.headings:
                sheets.append(found)
        values.close()
    except InputError:
        raise
    except _DAMAGE as error:
        raise InputError("This workbook is damaged", value=label, allowed=_READABLE) from error
    return sheets


def _has_formulas(archive: zipfile.ZipFile) -> bool:
    return any(
        info.filename.startswith("xl/worksheets/")
        and re.search(rb"<f[ >/]", archive.read(info)) is not None
        for info in archive.infolist()
    )


def _rows(label: str, sheet: Any, written: Any) -> Iterator[tuple[int, list[Cell]]]:
    """Rows with their numbers; the sheet's own word on its size is not relied on."""
    sheet.reset_dimensions()
    if written is not None:
        written.reset_dimensions()
    pairs = zip_longest(sheet.iter_rows(), written.iter_rows() if written is not None else ())
    blank = 0
    for number, (cells, formulas) in enumerate(pairs, start=1):
        blank = 0 if cells else blank + 1
        if blank > 2 * MAX_ROWS:
            raise InputError(
                "This sheet is too long", value=label, allowed=f"up to {MAX_ROWS:,} rows"
            )
        row: list[Cell] = []
        for cell, formula in zip_longest(cells or (), formulas or ()):
            row.append(_cell(cell, formula))
        while row and row[-1] is None:
            row.pop()
        yield number, row


def _cell(cell: Any, formula: Any) -> Cell:
    value = getattr(cell, "value", None)
    if value is None:
        if getattr(formula, "data_type", "") == "f":
            return Broken(
                str(formula.value)[:80],
                "is a formula whose result is not in the file: open it in Excel and save it",
            )
        return None
    if cell.data_type == "e":
        return Broken(str(value), "is an error that Excel shows in place of a value")
    style = str(cell.number_format or "")
    match value:
        case bool() | str():
            return value
        case datetime():
            return Dated(value.date(), _shown(style), value.time() != time())
        case date():
            return Dated(value, _shown(style))
        case time() | timedelta():
            return Broken(str(value), "is a time of day or a length of time")
        case int() | float():
            if not math.isfinite(value):
                return Broken(str(value), "is not a number")
            plain = re.sub(r'"[^"]*"|\\.', "", style)
            return Percentage(round(value * 100, 10)) if "%" in plain else value
        case _:
            return str(value)


def _shown(style: str) -> Any:
    """How much of a date its number format shows: "day", "month" or "year"."""
    plain = re.sub(r'"[^"]*"|\[[^\]]*\]|\\.', "", style.lower())
    if "d" in plain or "y" not in plain:
        return "day"
    return "month" if "m" in plain else "year"
