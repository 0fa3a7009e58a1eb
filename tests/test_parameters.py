"""The parameters of worksheets: known names, typed values, no password where others can read."""

from __future__ import annotations

import os
from datetime import date
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from playbook_helpers.batch.parameters import (
    Parameters,
    nearest_first,
    pick_partnerships,
    read_parameters,
    shown_address,
    working_address,
)
from playbook_helpers.core.as_of import resolve_as_of
from playbook_helpers.core.errors import InputError, NotFound, PlaybookError
from playbook_helpers.core.partnership import Partnership


def test_values_are_typed() -> None:
    read = read_parameters(
        {"partnership": "our-town", "as_of": "2027-03-31", "round": " March 2027 "}
    )
    assert read == Parameters("our-town", "", date(2027, 3, 31), "March 2027")


def test_whole_numbers_are_what_they_were_written_as() -> None:
    """papermill's command line makes numbers of `-p round 3 -p partnership 42 -p as_of 2016`."""
    read = read_parameters({"partnership": 42, "as_of": 2016, "round": 3})
    assert read == Parameters("42", "", date(2016, 12, 31), "3")
    assert read_parameters({"partnership": "a", "as_of": "2027-02"}).as_of == date(2027, 2, 28)


@pytest.mark.parametrize(
    ("wanted", "found"),
    [
        (["*-side"], ("east-side", "west-side")),
        (["our-town", "e*"], ("our-town", "east-side")),
        (["?ast-side", "east-side"], ("east-side",)),
    ],
)
def test_a_star_stands_for_any_letters(wanted: list[str], found: tuple[str, ...]) -> None:
    there = ["east-side", "our-town", "west-side"]
    assert pick_partnerships(there, wanted) == found
    with pytest.raises(NotFound, match="value: 'north-\\*'"):
        pick_partnerships(there, ["north-*"])


@pytest.mark.parametrize("name", ["workers", "Partnership", "x; import os", "store ", ""])
def test_a_name_that_is_no_parameter_is_refused_and_those_there_are_are_named(name: str) -> None:
    with pytest.raises(InputError, match="partnership, store, as_of, round"):
        read_parameters({"partnership": "our-town", name: "1"})


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("partnership", "../../etc"),
        ("partnership", "Our Town"),
        ("partnership", 7.5),
        ("partnership", None),
        ("partnership", ""),
        ("as_of", "31/03/2027"),
        ("as_of", "2027-02-30"),
        ("as_of", "20270331"),
        ("as_of", 99),
        ("as_of", None),
        ("round", "a\nb"),
        ("round", "x" * 61),
        ("round", 3.5),
        ("round", True),
        ("round", None),
        ("store", 3),
        ("store", "mysql://localhost/x"),
        ("store", "sqlite://:memory:"),
    ],
)
def test_a_value_of_the_wrong_kind_is_refused(name: str, value: object) -> None:
    with pytest.raises(PlaybookError) as caught:
        read_parameters({"partnership": "our-town", name: value})
    assert caught.value.allowed


@given(st.dictionaries(st.text(max_size=20), st.text(max_size=20), max_size=4))
def test_only_the_four_names_and_checked_values_ever_reach_a_notebook(
    values: dict[str, str],
) -> None:
    try:
        told = read_parameters({"partnership": "our-town", **values}).for_notebook()
    except PlaybookError:
        return
    assert set(told) == {"partnership", "store", "as_of", "round"}
    assert told["store"] == ""
    assert all("\n" not in value for value in told.values())


def test_a_worksheet_is_told_only_what_it_declares() -> None:
    told = Parameters("our-town", as_of=date(2027, 3, 31)).for_notebook(("partnership", "as_of"))
    assert told == {"partnership": "our-town", "as_of": "2027-03-31"}


def test_a_password_shows_neither_in_the_object_nor_in_the_address_for_readers() -> None:
    held = Parameters("our-town", "postgresql+psycopg://anna:geheim@db.example.org/hub")
    assert "geheim" not in repr(held)
    assert "geheim" not in str(held.for_notebook())
    assert shown_address(held.store, Path()) == "postgresql+psycopg://anna:***@db.example.org/hub"


def test_a_store_in_a_file_means_the_same_in_any_folder(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    assert working_address("sqlite:///a.db") == f"sqlite:///{tmp_path.resolve() / 'a.db'}"
    assert working_address("a.db") == working_address("sqlite:///a.db")


def test_pages_do_not_name_folders_of_this_computer(tmp_path: Path) -> None:
    inside = f"sqlite:///{tmp_path / 'stores' / 'a.db'}"
    assert shown_address(inside, tmp_path) == "sqlite:///stores/a.db"
    assert shown_address(inside, tmp_path / "elsewhere") == "sqlite:///a.db"


def test_an_unknown_partnership_gives_those_there_are_with_the_nearest_first() -> None:
    with pytest.raises(NotFound) as caught:
        pick_partnerships(
            ["100000-homes", "shape-up-somerville", "strive"], ["shape-up-sommervile"]
        )
    assert caught.value.allowed == "shape-up-somerville, 100000-homes, strive"


def test_a_long_list_of_names_is_cut_and_says_how_many_more() -> None:
    names = [f"town-{number:03}" for number in range(100)]
    listed = nearest_first("town-077", names)
    assert listed.startswith("town-077, ")
    assert listed.endswith(" and 80 more")


def test_an_empty_store_says_what_to_do() -> None:
    with pytest.raises(NotFound, match="playbook import"):
        pick_partnerships([], [])


@pytest.mark.parametrize(
    ("facts_until", "as_of", "expected"),
    [
        ("2014", "", date(2014, 12, 31)),
        ("2024-02", "", date(2024, 2, 29)),
        ("2014", "2020-06-30", date(2020, 6, 30)),
        (None, "", date(2026, 11, 24)),
        (None, date(2020, 6, 30), date(2020, 6, 30)),
    ],
)
def test_the_date_to_work_from_is_named_or_the_partnerships_own_or_today(
    facts_until: str | None, as_of: str | date, expected: date
) -> None:
    record = Partnership(name="Our Town", facts_until=facts_until)
    assert resolve_as_of(record, as_of, today=date(2026, 11, 24)) == expected


def test_without_a_record_of_the_partnership_the_date_is_today() -> None:
    assert resolve_as_of(None, "", today=date(2026, 11, 24)) == date(2026, 11, 24)


@pytest.mark.skipif(os.name != "posix", reason="a folder's name with braces and quotes")
def test_odd_folder_names_are_taken_as_they_are(tmp_path: Path) -> None:
    folder = tmp_path / "50% {of} it?"
    address = working_address(str(folder / "a.db"))
    assert working_address(address) == address
