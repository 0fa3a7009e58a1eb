"""Tables as they come: encodings, separators, blank rows, workbooks; and hostile ones refused."""

from __future__ import annotations

import io
import zipfile
from contextlib import suppress
from datetime import date, datetime, time
from pathlib import Path
from typing import Any

import openpyxl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from playbook_helpers.core.errors import InputError
from playbook_helpers.storage.files import read_path
from playbook_helpers.storage.files.cells import Broken, Dated, Percentage
from playbook_helpers.storage.files.headings import is_heading, kind_named, kinds_fitting
from playbook_helpers.storage.files.sheets import Sheet, read_csv, write_csv
from playbook_helpers.storage.files.workbook import read_workbook

TEXT = "Goal,Date,Value\r\nGrün & café,2026,85\r\n"
ROWS = ((2, ("Grün & café", "2026", "85")),)


def read(data: bytes | str) -> Sheet:
    data = data.encode("utf-8") if isinstance(data, str) else data
    return read_csv("m.csv", "m", data, is_heading)


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "cp1252"])
def test_every_usual_encoding_is_read(encoding: str) -> None:
    sheet = read(TEXT.encode(encoding))
    assert sheet.headings == ("Goal", "Date", "Value")
    assert sheet.rows == ROWS


def test_a_file_that_is_not_utf_8_is_read_as_windows_text_and_that_is_said() -> None:
    (note,) = read(TEXT.encode("cp1252")).notes
    assert "Windows-1252" in note
    assert "café" in note
    assert not read(TEXT).notes


def test_the_note_on_windows_text_shows_the_words_to_look_at() -> None:
    (note,) = read("Goal,Date,Value\r\nÉcole du café,2026,85\r\n".encode("cp1252")).notes
    assert note.endswith("as in École, café")


def test_a_cell_that_is_too_long_is_one_bad_cell_and_the_other_rows_are_read(
    tmp_path: Path,
) -> None:
    long = "x" * 200_000
    text = f"name,sentence,level\nA,B,outcome\nC,{long},outcome\nD,E,output\n"
    (tmp_path / "goal.csv").write_text(text)
    found = read_path(tmp_path / "goal.csv", partnership="our-town")
    assert [row.value.name for row in found.rows] == ["A", "D"]
    (problem,) = found.problems
    assert (problem.row, problem.column) == (3, "sentence")
    assert len(str(problem)) < 400


def test_a_table_of_no_name_with_a_column_too_many_is_told_what_it_looks_like(
    tmp_path: Path,
) -> None:
    (tmp_path / "wishes.csv").write_text("name,sentence,level,colour\nA,B,outcome,red\n")
    (problem,) = read_path(tmp_path / "wishes.csv", partnership="our-town").problems
    assert "looks like goals, but for the column 'colour'" in problem.what


def test_letters_that_nobody_can_read_are_refused() -> None:
    for data in (b"Goal,Date\n\x81\x8d,1\n", b"\xff\xfeG\x00o", b"Goal\x00,Date\n1,2"):
        with pytest.raises(InputError):
            read(data + b"\xd8")


@pytest.mark.parametrize("mark", [",", ";", "\t", "|"])
def test_cells_may_be_parted_by_any_usual_sign(mark: str) -> None:
    sheet = read(TEXT.replace(",", mark))
    assert (sheet.rows, sheet.separator) == (ROWS, mark)


def test_the_separator_is_not_fooled_by_signs_inside_headings_and_cells() -> None:
    sheet = read('"Goal";"When was it measured?";"Value"\r\n"a, b, c, d";2026;"1,5"\r\n')
    assert sheet.rows == ((2, ("a, b, c, d", "2026", "1,5")),)


def test_excels_own_word_on_the_separator_is_heeded_and_is_no_row() -> None:
    assert read("sep=;\r\nGoal;Date\r\na;2026\r\n").rows == ((2, ("a", "2026")),)


def test_blank_rows_and_columns_are_left_out_and_rows_keep_their_numbers() -> None:
    sheet = read('\r\n,,,\r\nGoal,,Date,\r\n,,,\r\n"two\r\nlines",,2026,\r\n\r\nb,,2027,\r\n')
    assert sheet.headings == ("Goal", "Date")
    assert sheet.rows == ((5, ("two\r\nlines", "2026")), (7, ("b", "2027")))


def test_a_quotation_mark_left_open_is_told_with_its_row() -> None:
    with pytest.raises(InputError, match="Row 2"):
        read('Goal,Date\r\n"open,2026\r\nb,2027\r\n')


@settings(max_examples=60)
@given(
    st.lists(
        st.lists(
            st.text(st.characters(exclude_characters="\x00", exclude_categories=["Cs"])),
            min_size=2,
            max_size=2,
        ),
        max_size=4,
    )
)
def test_what_is_written_is_read_back_cell_by_cell(rows: list[list[str]]) -> None:
    kept = [["a" + cell for cell in row] for row in rows]  # so that no row or cell is blank
    sheet = read(write_csv(["goal", "date"], kept))
    assert [list(cells) for _, cells in sheet.rows] == kept


@given(st.binary(max_size=200))
def test_any_bytes_are_read_or_refused_in_words(data: bytes) -> None:
    with suppress(InputError):
        assert isinstance(read(data), Sheet)


# Kinds and headings ----------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("name", "kind"),
    [
        ("goal", "goal"),
        ("GOALS", "goal"),
        ("Indicator sheets", "indicator_sheet"),
        ("indicator-sheet", "indicator_sheet"),
        ("Partners", "partner"),
        ("budget", None),
    ],
)
def test_a_file_is_known_by_the_name_of_its_kind(name: str, kind: str | None) -> None:
    assert kind_named(name) == kind


def test_a_file_of_another_name_is_known_by_its_headings_if_only_one_kind_fits() -> None:
    assert kinds_fitting(["Goal", "year", "VALUE", "break"]) == ["measurement"]
    assert kinds_fitting(["colour"]) == []


# Workbooks -------------------------------------------------------------------------------------


def workbook(**sheets: list[list[Any]]) -> bytes:
    book = openpyxl.Workbook()
    book.remove(book.active)
    for title, rows in sheets.items():
        sheet = book.create_sheet(title.replace("_", " "))
        for row in rows:
            sheet.append(row)
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def test_each_sheet_is_a_table_and_blank_sheets_are_none() -> None:
    sheets = read_workbook(
        "our.xlsx", workbook(Goals=[[], ["Name", None, "Level"], [], ["a", None, 1]], Empty=[])
    )
    assert [(s.name, s.headings, s.rows) for s in sheets] == [
        ("Goals", ("Name", "Level"), ((4, ("a", 1)),))
    ]


def test_dates_percentages_and_errors_keep_what_the_sheet_shows() -> None:
    book = openpyxl.Workbook()
    sheet = book.active
    sheet.title = "measurement"
    sheet.append(["a", "b", "c", "d", "e", "f"])
    sheet.append([date(2026, 3, 1), date(2026, 3, 1), datetime(2026, 3, 1, 9), 0.85, time(9), True])
    sheet["B2"].number_format = "mmm yyyy"
    sheet["D2"].number_format = "0%"
    out = io.BytesIO()
    book.save(out)
    ((_, cells),) = read_workbook("m.xlsx", out.getvalue())[0].rows
    assert cells[0] == Dated(date(2026, 3, 1))
    assert cells[1] == Dated(date(2026, 3, 1), "month")
    assert cells[2] == Dated(date(2026, 3, 1), "day", timed=True)
    assert cells[3] == Percentage(85)
    assert isinstance(cells[4], Broken)
    assert cells[5] is True


def with_cached_formula(cached: str) -> bytes:
    """A workbook whose cell B2 is the formula 1+1 with the given cached result."""
    data = workbook(measurement=[["goal", "value"], ["a", "=1+1"]])
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(data)) as old, zipfile.ZipFile(out, "w") as new:
        for name in old.namelist():
            content = old.read(name)
            if name.startswith("xl/worksheets/"):
                content = content.replace(b"<v></v>", cached.encode()).replace(
                    b"<v />", cached.encode()
                )
            new.writestr(name, content)
    return out.getvalue()


def test_a_formula_counts_by_the_value_that_excel_last_worked_out() -> None:
    (sheet,) = read_workbook("m.xlsx", with_cached_formula("<v>2</v>"))
    assert sheet.rows == ((2, ("a", 2)),)


def test_a_formula_that_was_never_worked_out_is_not_dropped_in_silence() -> None:
    (sheet,) = read_workbook("m.xlsx", with_cached_formula(""))
    ((_, cells),) = sheet.rows
    assert isinstance(cells[1], Broken)
    assert "open it in Excel and save it" in cells[1].what


@pytest.mark.parametrize(
    "data", [b"", b"PK\x03\x04 broken", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 600, b"a,b\n"]
)
def test_what_is_no_workbook_is_refused(data: bytes) -> None:
    with pytest.raises(InputError) as caught:
        read_workbook("old.xls", data)
    assert ".xlsx" in caught.value.allowed


def test_a_damaged_workbook_is_refused() -> None:
    data = workbook(goal=[["name"], ["a"]])
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(data)) as old, zipfile.ZipFile(out, "w") as new:
        for name in old.namelist():
            content = old.read(name)
            new.writestr(name, content[:60] if name.startswith("xl/worksheets/") else content)
    with pytest.raises(InputError):
        read_workbook("m.xlsx", out.getvalue())


def test_a_workbook_that_unpacks_to_very_much_is_refused_before_it_is_read() -> None:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for number in range(5):
            archive.writestr(f"xl/worksheets/sheet{number}.xml", b"0" * 45_000_000)
    with pytest.raises(InputError, match="too large when unpacked"):
        read_workbook("bomb.xlsx", out.getvalue())


# Whole files: how a file writes its numbers ----------------------------------------------------


def values(path: Path, text: str, **ways: Any) -> tuple[list[float], list[str]]:
    path.write_text(text, "utf-8", newline="")
    found = read_path(path, partnership="p", **ways)
    return [row.value.value for row in found.rows], [str(problem) for problem in found.problems]  # type: ignore[attr-defined]


def test_a_semicolon_file_with_a_clear_decimal_comma_is_read_so_throughout(tmp_path: Path) -> None:
    text = "goal;date;value\na;2024;3,5\na;2025;1,234\na;2026;1.234\n"
    assert values(tmp_path / "measurement.csv", text) == ([3.5, 1.234, 1234], [])


def test_a_semicolon_file_without_a_clear_number_is_asked_about(tmp_path: Path) -> None:
    path = tmp_path / "measurement.csv"
    text = "goal;date;value\na;2024;1,234\na;2025;1.234\na;2026;7\n"
    read_values, problems = values(path, text)
    assert read_values == [7]
    assert len(problems) == 2
    assert values(path, text, decimal=",") == ([1.234, 1234, 7], [])
    assert values(path, text, decimal=".") == ([1234, 1.234, 7], [])


def test_in_a_comma_file_a_decimal_comma_is_not_guessed(tmp_path: Path) -> None:
    path = tmp_path / "measurement.csv"
    text = 'goal,date,value\na,2024,"3,5"\na,2025,"1,234"\na,2026,1.234\n'
    read_values, problems = values(path, text)
    assert read_values == [1.234]
    assert len(problems) == 2
    assert values(path, text.replace(",1.234", ",7"), decimal=",") == ([3.5, 1.234, 7], [])


def test_in_a_comma_file_that_shows_its_decimal_point_a_comma_parts_thousands(
    tmp_path: Path,
) -> None:
    text = 'goal,date,value\na,2024,"1,234"\na,2025,2.5\n'
    assert values(tmp_path / "measurement.csv", text) == ([1234, 2.5], [])
