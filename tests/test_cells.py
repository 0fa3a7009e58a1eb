"""Cells as people write them: taken where there is no doubt, refused where there is."""

from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from playbook_helpers.core.partnership import Partner, Partnership
from playbook_helpers.core.records import FieldSpec, Record, fields_of, in_bounds
from playbook_helpers.practices.goals import Goal, Measurement
from playbook_helpers.practices.resources import Offer
from playbook_helpers.practices.trust import AgreementPoint
from playbook_helpers.storage.files.cells import (
    Broken,
    Cell,
    Dated,
    Habits,
    Percentage,
    allowed_for,
    read_cell,
)
from playbook_helpers.storage.files.dates import read_day, read_when
from playbook_helpers.storage.files.formulas import guarded, unguarded
from playbook_helpers.storage.files.numbers import read_number
from playbook_helpers.storage.files.problems import CellError


def field(record_type: type[Record], name: str) -> FieldSpec:
    return next(spec for spec in fields_of(record_type) if spec.name == name)


VALUE = field(Measurement, "value")
WHEN = field(Measurement, "date")
BREAK = field(Measurement, "series_break")


@pytest.mark.parametrize(
    ("written", "number"),
    [
        ("85", 85),
        (" 85 ", 85),
        ("85%", 85),
        ("85 %", 85),
        ("$1,200.50", 1200.5),
        ("-$5", -5),
        ("€ 12", 12),
        ("12 €", 12),
        ("1,234,567", 1234567),
        ("12,34,567", 1234567),
        ("1.234.567,5", 1234567.5),
        ("1.200,50", 1200.5),
        ("1 200.5", 1200.5),
        ("1\u00a0234\u202f567", 1234567),
        ("1'234.50", 1234.5),
        ("1’234’000", 1234000),
        ("(300)", -300),
        ("−4", -4),
        ("+7", 7),
        (".5", 0.5),
        ("1.234", 1.234),
        ("1E+05", 100000),
        ("6.02e13", 6.02e13),
        ("-0", 0),
    ],
)
def test_a_number_is_taken_however_it_is_usually_written(written: str, number: float) -> None:
    assert read_number(written, ".", sure=False) == number


@pytest.mark.parametrize(
    ("written", "number"),
    [("3,5", 3.5), ("1.234", 1234), ("1,234", 1.234), ("1.200,50", 1200.5), ("1 234,5", 1234.5)],
)
def test_where_the_comma_parts_decimals_the_point_parts_thousands(
    written: str, number: float
) -> None:
    assert read_number(written, ",") == number


@pytest.mark.parametrize("decimal", [".", None])
def test_one_comma_before_three_digits_is_never_guessed(decimal: str | None) -> None:
    with pytest.raises(CellError, match=r"can be read as 1234 or as 1\.234") as caught:
        read_number("1,234", decimal, sure=False)  # type: ignore[arg-type]
    assert "--decimal" in caught.value.allowed


def test_in_a_file_of_unknown_habits_a_lone_point_is_not_guessed_either() -> None:
    with pytest.raises(CellError, match="can be read as"):
        read_number("1.234", None, sure=False)
    assert read_number("3.5", None, sure=False) == 3.5
    assert read_number("0.123", None, sure=False) == 0.123
    assert read_number("1234,567", None, sure=False) == 1234.567


def test_a_stated_habit_settles_what_is_ambiguous_and_refuses_what_contradicts_it() -> None:
    assert read_number("1,234", ".", sure=True) == 1234
    with pytest.raises(CellError, match="does not fit"):
        read_number("3,5", ".", sure=True)
    with pytest.raises(CellError, match="does not fit"):
        read_number("3.5", ",", sure=True)


@pytest.mark.parametrize(
    "written",
    [
        *("12 hours", "5km", "USD 20", "3k", "about 7", "7-8", "1/2", "n/a", "-", "NaN", "inf"),
        *("1,23,4", "1 23", "12,3456,789", "1.2.3", "++5", "1e999", "٣", "½", "0x10", "1_000"),
        "9" * 70,
    ],
)
def test_what_is_no_number_is_refused_with_what_is_allowed(written: str) -> None:
    with pytest.raises(CellError) as caught:
        read_number(written, ".", sure=False)
    assert caught.value.allowed


def test_a_number_with_its_unit_is_refused_kindly() -> None:
    with pytest.raises(CellError, match="words beside the number") as caught:
        read_number("12 hours", ".")
    assert "the unit has a column of its own" in caught.value.allowed


@given(st.floats(-1e15, 1e15).filter(in_bounds))
def test_every_number_that_is_exported_is_read_back_the_same(number: float) -> None:
    assert read_number(repr(number), ".", sure=False) == number


@pytest.mark.parametrize(
    ("written", "when"),
    [
        ("2026-03-01", "2026-03-01"),
        ("2026-3-1", "2026-03-01"),
        ("2026/03/01", "2026-03-01"),
        ("2026.03.01", "2026-03-01"),
        ("2026-03-01 00:00:00", "2026-03-01"),
        ("13/03/2026", "2026-03-13"),
        ("03/13/2026", "2026-03-13"),
        ("13.3.2026", "2026-03-13"),
        ("04/04/2026", "2026-04-04"),
        ("1 March 2026", "2026-03-01"),
        ("1st of March 2026", "2026-03-01"),
        ("March 1, 2026", "2026-03-01"),
        ("Mar 1 2026", "2026-03-01"),
        ("1-Mar-2026", "2026-03-01"),
        ("30 Sept. 2026", "2026-09-30"),
        ("46082", "2026-03-01"),
        ("2026-03", "2026-03"),
        ("March 2026", "2026-03"),
        ("MAR 2026", "2026-03"),
        ("2026", "2026"),
    ],
)
def test_a_date_is_taken_as_precise_as_it_is_written(written: str, when: str) -> None:
    assert read_when(written).when == when


@pytest.mark.parametrize(
    ("written", "what"),
    [
        ("01/03/2026", "can be read as 2026-03-01 or as 2026-01-03"),
        ("1.3.2026", "can be read as"),
        ("01/03/26", "two digits"),
        ("Mar-26", "no year of four digits"),
        ("1-Mar-26", "no year of four digits"),
        ("1-Mar", "no year of four digits"),
        ("2026-02-30", "there is not"),
        ("31/02/2026", "there is not"),
        ("2026-13", "there is not"),
        ("spring 2026", "not a date"),
        ("1 Marvember 2026", "not a date"),
        ("2026-27", "there is not"),
        ("20260301", "not a date"),
    ],
)
def test_a_date_that_is_in_doubt_or_is_none_is_refused(written: str, what: str) -> None:
    with pytest.raises(CellError, match=what) as caught:
        read_when(written)
    assert caught.value.allowed


def test_a_stated_order_settles_a_date_and_refuses_one_that_contradicts_it() -> None:
    assert read_when("01/03/2026", "day-first").when == "2026-03-01"
    assert read_when("01/03/2026", "month-first").when == "2026-01-03"
    with pytest.raises(CellError, match="no month-first date"):
        read_when("13/03/2026", "month-first")


def test_a_day_field_wants_a_day() -> None:
    assert read_day("1 March 2026").when == "2026-03-01"
    with pytest.raises(CellError, match="names no day"):
        read_day("March 2026")


@given(st.dates(date(1500, 1, 1), date(2999, 12, 31)))
def test_every_day_and_month_and_year_is_read_back_the_same(day: date) -> None:
    for length in (10, 7, 4):
        assert read_when(day.isoformat()[:length]).when == day.isoformat()[:length]


def test_excel_day_numbers_and_times_are_read_and_said_aloud() -> None:
    assert "46082 is 2026-03-01" in read_cell(WHEN, "46082").note
    assert read_cell(WHEN, 46082.0).value == "2026-03-01"
    assert read_cell(WHEN, 2026).value == "2026"
    assert "times of day" in read_cell(WHEN, "2026-03-01T14:30:00").note


@pytest.mark.parametrize(
    ("cell", "when"),
    [
        (Dated(date(2026, 3, 1)), "2026-03-01"),
        (Dated(date(2026, 3, 1), "month"), "2026-03"),
        (Dated(date(2026, 1, 1), "year"), "2026"),
    ],
)
def test_a_workbook_date_is_as_precise_as_the_sheet_shows_it(cell: Dated, when: str) -> None:
    assert read_cell(WHEN, cell).value == when


@pytest.mark.parametrize("written", ["yes", "Y", "TRUE", "1", "x", "✓", "Ja", "oui", True, 1.0])
def test_yes_in_words(written: Cell) -> None:
    assert read_cell(BREAK, written).value is True


@pytest.mark.parametrize("written", ["no", "N", "false", "0", "nein", "non", False, 0])
def test_no_in_words(written: Cell) -> None:
    assert read_cell(BREAK, written).value is False


@pytest.mark.parametrize("written", ["maybe", "2", "yes please", "-"])
def test_what_is_neither_yes_nor_no_is_refused(written: str) -> None:
    with pytest.raises(CellError, match="neither yes nor no"):
        read_cell(BREAK, written)


@pytest.mark.parametrize(
    ("record_type", "name", "written", "value"),
    [
        (Goal, "level", "outcome", "outcome"),
        (Goal, "level", "OUTCOME", "outcome"),
        (Goal, "level", "Outcome: a change for people or places", "outcome"),
        (Goal, "target_method", "ten percent", "ten_percent"),
        (Partner, "sector", "Non-profit organisation", "nonprofit"),
        (Partner, "sector", "community  group", "community"),
        (Offer, "status", "In use: it is here", "in_use"),
        (Offer, "status", "in use", "in_use"),
        (Offer, "type", "staff-time", "staff_time"),
        (Offer, "period", "Each month", "month"),
        (Offer, "period", "once", "once"),
    ],
)
def test_a_choice_is_taken_by_its_value_or_by_the_words_on_the_form(
    record_type: type[Record], name: str, written: str, value: str
) -> None:
    assert read_cell(field(record_type, name), written).value == value


@pytest.mark.parametrize(
    ("written", "value"),
    [
        ("Agreed", "in_place"),
        ("In place", "in_place"),
        ("Not needed", "not_relevant"),
        ("Not relevant to us", "not_relevant"),
    ],
)
def test_the_words_that_once_stood_for_a_choice_are_still_read(written: str, value: str) -> None:
    assert read_cell(field(AgreementPoint, "state"), written).value == value


def test_another_choice_is_refused_with_the_nearest_and_all_that_there_are() -> None:
    with pytest.raises(CellError, match="did you mean 'outcome'") as caught:
        read_cell(field(Goal, "level"), "outcom")
    assert caught.value.allowed == "vision, outcome, output, activity"


def test_cells_of_a_workbook_are_read_by_what_they_are() -> None:
    name = field(Goal, "name")
    assert read_cell(VALUE, Percentage(85)).value == 85
    assert read_cell(VALUE, 3).value == 3.0
    assert read_cell(name, 2026.0).value == "2026"
    assert read_cell(name, Dated(date(2026, 3, 1))).value == "2026-03-01"
    with pytest.raises(CellError, match="is not a number"):
        read_cell(VALUE, True)
    with pytest.raises(CellError, match="an error"):
        read_cell(name, Broken("#REF!", "is an error that Excel shows in place of a value"))


def test_a_whole_number_is_whole() -> None:
    confidence = field(Goal, "confidence")
    assert read_cell(confidence, "4.0").value == 4
    with pytest.raises(CellError, match="not a whole number"):
        read_cell(confidence, "3.5")
    assert allowed_for(confidence) == "a whole number from 1 to 5"


def test_an_empty_cell_is_no_answer() -> None:
    for cell in (None, "", "  ", "\u00a0\t"):
        assert read_cell(VALUE, cell, Habits()).value is None


nasty = st.text(
    st.sampled_from("=+-@'\t\r\n ab1;,\"\u00a0\u200b\ufeff＝＋－＠−é")
    | st.characters(exclude_categories=["Cs"]),
    max_size=12,
)


@given(nasty)
def test_guarding_a_formula_can_be_undone_for_every_text(text: str) -> None:
    assert unguarded(guarded(text)) == text


@given(nasty, nasty)
def test_guarding_keeps_different_texts_different(one: str, two: str) -> None:
    assert (guarded(one) == guarded(two)) == (one == two)


@pytest.mark.parametrize("sign", list("=+-@\t\r＝＋－＠"))
@pytest.mark.parametrize("before", ["", " ", "\n", "\u00a0", "\u200b\ufeff", "\t "])
def test_no_text_leaves_as_a_formula(sign: str, before: str) -> None:
    text = f"{before}{sign}HYPERLINK(1)"
    assert guarded(text) == "'" + text
    assert guarded(guarded(text)) == "''" + text


def test_fields_outside_the_practices_are_read_by_the_same_rules() -> None:
    assert read_cell(field(Partnership, "starts"), "June 2006").value == "2006-06"
