"""The sheets as files to keep: CSV, and one workbook with a sheet for each.

Text that a spreadsheet would take for a formula leaves as text, as in every file the playbook
writes. The workbook is written straight as the open format's own parts: a hundred thousand rows
take seconds, where building each cell as an object takes minutes.
"""

from __future__ import annotations

import csv
import io
import re
import uuid
import zipfile
from collections.abc import Iterable, Iterator
from pathlib import Path
from xml.sax.saxutils import escape

from playbook_helpers.publish.portfolio.sheets import Sheet, Value
from playbook_helpers.storage.files.formulas import guarded

MOST_ROWS = 1_048_575
"""Rows below the headings that a workbook's sheet can hold."""
MOST_LETTERS = 32_000
"""Letters that a workbook's cell can hold."""
_NOT_XML = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")
_LOOKS_ESCAPED = re.compile(r"_(?=x[0-9A-Fa-f]{4}_)")


def csv_text(sheet: Sheet) -> str:
    """A sheet as CSV that spreadsheets open without asking: marked as UTF-8, headings in words."""
    out = io.StringIO()
    out.write("\ufeff")
    writer = csv.writer(out, lineterminator="\r\n")
    writer.writerow([column.label for column in sheet.columns])
    writer.writerows([_plain(value) for value in row] for row in sheet.rows)
    return out.getvalue()


def _plain(value: Value) -> Value:
    if isinstance(value, str):
        return guarded(value)
    if isinstance(value, float):
        return int(value) if value.is_integer() and abs(value) < 1e15 else round(value, 6)
    return value


def write_workbook(path: Path, sheets: Iterable[Sheet]) -> None:
    """Write the sheets into one .xlsx file, which appears by rename, whole or not at all."""
    path.parent.mkdir(parents=True, exist_ok=True)
    fresh = path.with_name(f".{path.name}.{uuid.uuid4().hex[:8]}.part")
    every = list(sheets)
    try:
        with zipfile.ZipFile(fresh, "w", zipfile.ZIP_DEFLATED, compresslevel=1) as archive:
            for name, text in _parts_around(every).items():
                archive.writestr(name, text)
            for number, sheet in enumerate(every, start=1):
                with archive.open(f"xl/worksheets/sheet{number}.xml", "w") as part:
                    for piece in _sheet_xml(sheet):
                        part.write(piece.encode("utf-8"))
        fresh.replace(path)
    finally:
        fresh.unlink(missing_ok=True)


_MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
_OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
_PACKAGE = "http://schemas.openxmlformats.org/package/2006"
_TYPE = "application/vnd.openxmlformats-officedocument.spreadsheetml"
_HEAD = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'


def _parts_around(sheets: list[Sheet]) -> dict[str, str]:
    """The parts of a workbook that say which sheets there are and how they look."""
    numbers = range(1, len(sheets) + 1)
    listed = "".join(
        f'<sheet name="{escape(_tab(sheet.title))}" sheetId="{n}" r:id="rId{n}"/>'
        for n, sheet in zip(numbers, sheets, strict=True)
    )
    links = "".join(
        f'<Relationship Id="rId{n}" Type="{_OFFICE}/worksheet" Target="worksheets/sheet{n}.xml"/>'
        for n in numbers
    )
    styles_id = len(sheets) + 1
    kinds = "".join(
        f'<Override PartName="/xl/worksheets/sheet{n}.xml" ContentType="{_TYPE}.worksheet+xml"/>'
        for n in numbers
    )
    return {
        "[Content_Types].xml": f'{_HEAD}<Types xmlns="{_PACKAGE}/content-types">'
        '<Default Extension="rels" '
        'ContentType="application/vnd.openxmlformats-package.relationships+xml"/>'
        f'<Override PartName="/xl/workbook.xml" ContentType="{_TYPE}.sheet.main+xml"/>'
        f'<Override PartName="/xl/styles.xml" ContentType="{_TYPE}.styles+xml"/>{kinds}</Types>',
        "_rels/.rels": f'{_HEAD}<Relationships xmlns="{_PACKAGE}/relationships">'
        f'<Relationship Id="rId1" Type="{_OFFICE}/officeDocument" Target="xl/workbook.xml"/>'
        "</Relationships>",
        "xl/workbook.xml": f'{_HEAD}<workbook xmlns="{_MAIN}" xmlns:r="{_OFFICE}">'
        f"<sheets>{listed}</sheets></workbook>",
        "xl/_rels/workbook.xml.rels": f'{_HEAD}<Relationships xmlns="{_PACKAGE}/relationships">'
        f'{links}<Relationship Id="rId{styles_id}" Type="{_OFFICE}/styles" Target="styles.xml"/>'
        "</Relationships>",
        "xl/styles.xml": f'{_HEAD}<styleSheet xmlns="{_MAIN}">'
        '<fonts count="2"><font><sz val="11"/><name val="Calibri"/></font>'
        '<font><b/><sz val="11"/><name val="Calibri"/></font></fonts>'
        '<fills count="2"><fill><patternFill patternType="none"/></fill>'
        '<fill><patternFill patternType="gray125"/></fill></fills>'
        '<borders count="1"><border><left/><right/><top/><bottom/><diagonal/></border></borders>'
        '<cellStyleXfs count="1"><xf/></cellStyleXfs>'
        '<cellXfs count="2"><xf fontId="0" xfId="0"/>'
        '<xf fontId="1" xfId="0" applyFont="1"/></cellXfs>'
        '<cellStyles count="1"><cellStyle name="Normal" xfId="0" builtinId="0"/></cellStyles>'
        "</styleSheet>",
    }


def _tab(title: str) -> str:
    """The name of a sheet, as workbooks allow it."""
    return re.sub(r"[\[\]:*?/\\]", " ", title)[:31]


def _sheet_xml(sheet: Sheet) -> Iterator[str]:
    widths = "".join(
        f'<col min="{n}" max="{n}" width="{_width(column.kind, place)}" customWidth="1"/>'
        for n, (place, column) in enumerate(enumerate(sheet.columns), start=1)
    )
    yield (
        f'{_HEAD}<worksheet xmlns="{_MAIN}"><sheetViews><sheetView workbookViewId="0">'
        '<pane ySplit="1" topLeftCell="A2" activePane="bottomLeft" state="frozen"/>'
        f"</sheetView></sheetViews><cols>{widths}</cols><sheetData><row>"
    )
    yield "".join(
        f'<c s="1" t="inlineStr"><is><t>{escape(column.label)}</t></is></c>'
        for column in sheet.columns
    )
    yield "</row>"
    rows = sheet.rows[:MOST_ROWS]
    for start in range(0, len(rows), 2000):
        yield "".join(
            f"<row>{''.join(map(_cell_xml, row))}</row>" for row in rows[start : start + 2000]
        )
    yield f'</sheetData><autoFilter ref="A1:{_letters(len(sheet.columns))}{len(rows) + 1}"/>'
    yield "</worksheet>"


def _cell_xml(value: Value) -> str:
    if value is None or value == "":
        return "<c/>"
    if isinstance(value, str):
        text = guarded(_NOT_XML.sub("", value))[:MOST_LETTERS]
        if "_x" in text:
            text = _LOOKS_ESCAPED.sub("_x005F_", text)
        return f'<c t="inlineStr"><is><t xml:space="preserve">{escape(text)}</t></is></c>'
    return f"<c><v>{_plain(value)}</v></c>"


def _width(kind: str, place: int) -> int:
    return 14 if kind != "text" else 34 if place == 1 else 24


def _letters(number: int) -> str:
    """The letters of a workbook's column.

    >>> _letters(1), _letters(27)
    ('A', 'AA')
    """
    letters = ""
    while number:
        number, rest = divmod(number - 1, 26)
        letters = chr(65 + rest) + letters
    return letters
