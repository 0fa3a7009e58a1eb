"""The tables as files to keep: CSV, and one workbook with a sheet for each.

Text that a spreadsheet would take for a formula leaves as text, as in every file the playbook
writes. The workbook is written a row at a time, so that its memory does not grow with its rows.
"""

from __future__ import annotations

import csv
import io
import re
import uuid
from collections.abc import Iterable
from datetime import datetime
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING, Any

from playbook_helpers.drawing.tables import Column, Table
from playbook_helpers.storage.files.formulas import guarded

if TYPE_CHECKING:
    from xlsxwriter import Workbook

MOST_ROWS = 1_048_575
"""Rows below the headings that a workbook's sheet can hold."""
MOST_LETTERS = 32_000
"""Letters that a workbook's cell can hold."""
_NOT_XML = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")


def csv_text(table: Table) -> str:
    """A table as CSV that spreadsheets open without asking: marked as UTF-8, headings in words."""
    out = io.StringIO()
    out.write("\ufeff")
    writer = csv.writer(out, lineterminator="\r\n")
    writer.writerow([column.label for column in table.columns])
    keys = [column.key for column in table.columns]
    writer.writerows([_plain(row[key]) for key in keys] for row in table.rows)
    return out.getvalue()


def _plain(value: Any) -> Any:
    if isinstance(value, str):
        return guarded(value)
    if isinstance(value, float):
        return int(value) if value.is_integer() and abs(value) < 1e15 else round(value, 6)
    return value


def write_workbook(path: Path, tables: Iterable[Table]) -> None:
    """Write the tables into one .xlsx file, which appears by rename, whole or not at all."""
    from xlsxwriter import Workbook

    path.parent.mkdir(parents=True, exist_ok=True)
    fresh = path.with_name(f".{path.name}.{uuid.uuid4().hex[:8]}.part")
    try:
        with TemporaryDirectory() as scratch:
            options = {
                "constant_memory": True,
                "strings_to_formulas": False,
                "strings_to_urls": False,
                "tmpdir": scratch,
            }
            with Workbook(str(fresh), options) as book:
                for table in tables:
                    _add_sheet(book, table)
        fresh.replace(path)
    finally:
        fresh.unlink(missing_ok=True)


def _add_sheet(book: Workbook, table: Table) -> None:
    # A sheet's name holds up to 31 letters and none of the signs of an address.
    sheet = book.add_worksheet(re.sub(r"[\[\]:*?/\\]", " ", table.caption)[:31])
    rows = table.rows[:MOST_ROWS]
    sheet.freeze_panes(1, 0)
    sheet.autofilter(0, 0, len(rows), len(table.columns) - 1)
    for place, column in enumerate(table.columns):
        sheet.set_column(place, place, _width(column, place))
    bold = book.add_format({"bold": True})
    days = book.add_format({"num_format": "yyyy-mm-dd", "align": "left"})
    for place, column in enumerate(table.columns):
        sheet.write_string(0, place, column.label, bold)
    for line, row in enumerate(rows, start=1):
        for place, column in enumerate(table.columns):
            value = _plain(row[column.key])
            if isinstance(value, str):
                if column.format == "when" and (day := _day(value)):
                    sheet.write_datetime(line, place, day, days)
                elif value:
                    sheet.write_string(line, place, _NOT_XML.sub("", value)[:MOST_LETTERS])
            elif value is not None:
                sheet.write_number(line, place, value)


def _day(text: str) -> datetime | None:
    """A whole day that a workbook can hold, which counts from 1900 on; None for all else."""
    try:
        day = datetime.fromisoformat(text) if len(text) == 10 else None
    except ValueError:
        return None
    return day if day is not None and day.year >= 1900 else None


def _width(column: Column, place: int) -> int:
    return 14 if column.format not in ("auto", "text") else 34 if place == 1 else 24
