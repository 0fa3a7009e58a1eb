"""What is wrong with a table or a mapping is refused with its place, and nothing typed is run."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from imported_files import write
from mapped_tables import MAPPING, TABLE, WAITING, WAITING_TABLE, payloads, refused, take

from playbook_helpers.core.errors import InputError
from playbook_helpers.storage.database import Store
from playbook_helpers.storage.files import export_partnership
from playbook_helpers.storage.files.mapping import import_mapped, parse_mapping, read_mapped
from playbook_helpers.storage.files.mapping.templates import read_template


def wrong(mapping: str) -> str:
    with pytest.raises(InputError) as caught:
        parse_mapping("mapping.toml", mapping.encode())
    return str(caught.value)


# What is wrong with a table --------------------------------------------------------------------


@pytest.mark.parametrize(
    ("row", "told"),
    [
        ("East,2022,many", "table.csv, row 7, column 'share': 'many'"),
        ("East,,51", "row 7, column 'year': is empty, so nobody can tell when"),
        ("East,01/03/2022,51", "row 7, column 'year': '01/03/2022' can be read as"),
        (",2022,51", "row 7, column 'area': is empty, and the partnership's short name"),
        ("???,2022,51", "row 7, column 'area': '???' makes no short name"),
        ("con,2022,51", "row 7, column 'area': 'con' makes no short name"),
        ("East,2021,51", "row 7, column 'year': '2021' is the same date as in table.csv, row 3"),
        ("E-a-s-t!,2022,51\ne a s t,2022,5", "makes the short name 'e-a-s-t'"),
    ],
)
def test_a_bad_row_is_named_with_its_place(
    store: Store, tmp_path: Path, row: str, told: str
) -> None:
    assert any(told in problem for problem in refused(store, tmp_path, TABLE + row + "\n"))


def test_an_empty_value_is_no_value_only_where_the_mapping_says_so(
    store: Store, tmp_path: Path
) -> None:
    strict = MAPPING.replace('missing = ["", "x"]', 'missing = ["x"]')
    (problem,) = refused(store, tmp_path, TABLE + "East,2022,\n", strict)
    assert "row 7, column 'share': is empty" in problem
    assert "under missing in mapping.toml" in problem


def test_good_rows_are_taken_where_the_user_says_so(store: Store, tmp_path: Path) -> None:
    summary = take(store, tmp_path, TABLE + "East,2022,many\n", keep_going=True)
    assert (summary.new, summary.problem_count) == (8, 1)


def test_the_next_row_never_takes_the_place_of_a_baseline_that_cannot_be_read(
    store: Store, tmp_path: Path
) -> None:
    summary = take(store, tmp_path, TABLE.replace("2020,50", "2020,fifty"), keep_going=True)
    assert payloads(store, "east", "goal") == []
    assert payloads(store, "east", "measurement") == []
    assert any("east: goal 1 was not made" in note for note in summary.notes)
    undated = take(store, tmp_path, TABLE.replace("East,2021", "East,soon"), keep_going=True)
    assert payloads(store, "east", "goal") == []
    assert undated.problem_count == 1


def test_a_baseline_that_is_not_there_is_told_or_left_out_as_the_mapping_says(
    store: Store, tmp_path: Path
) -> None:
    dated = MAPPING.replace('baseline = "first"', 'baseline = "2021"')
    (problem,) = refused(store, tmp_path, mapping=dated)
    assert "has no value for the baseline '2021' of goal 1" in problem
    lenient = dated.replace('"2021"\n', '"2021"\nwithout_baseline = "no goal"\n')
    summary = take(store, tmp_path, mapping=lenient)
    assert "goal 1: partnerships without its baseline: 1" in summary.notes
    assert payloads(store, "west", "goal") == []


def test_a_column_that_differs_within_an_area_is_not_guessed(store: Store, tmp_path: Path) -> None:
    table = "area,year,share,region\nEast,2020,50,Old\nEast,2021,52,New\n"
    placed = MAPPING.replace(
        'name = "{area} (figures)"', 'name = "{area} (figures)"\nplace = "{region}"'
    )
    (problem,) = refused(store, tmp_path, table, placed)
    assert "differs within one partnership" in problem
    assert "under newest" in problem
    take(store, tmp_path, table, placed.replace("[table]", '[table]\nnewest = ["region"]'))
    assert payloads(store, "east", "partnership")[0]["place"] == "New"


def test_columns_are_checked_by_name(store: Store, tmp_path: Path) -> None:
    (problem,) = refused(store, tmp_path, TABLE.replace("share", "shares"))
    assert "'share' is no column of this table, and mapping.toml speaks of it" in problem
    assert "the nearest is 'shares'" in problem
    assert "Allowed: area, year, shares" in problem
    twice = "area,year,share,Share\nEast,2020,50,51\n"
    assert "stands over more than one column" in refused(store, tmp_path, twice)[0]


def test_what_is_left_out_is_told_and_a_word_that_meets_no_row_too(
    store: Store, tmp_path: Path
) -> None:
    picky = MAPPING.replace(
        "[date]",
        '[table.rename.area]\n"Nowhere" = "East"\n'
        '[[table.leave_out]]\ncolumn = "area"\nvalues = ["West", "Wset"]\nbecause = "too small"\n'
        '[[table.keep]]\ncolumn = "year"\nvalues = ["2020", "2021"]\nbecause = "other years"\n'
        "[date]",
    )
    notes = take(store, tmp_path, TABLE + "East,2022,53\n", picky).notes
    assert "3 rows left out: too small" in notes
    assert "1 row left out: other years" in notes
    assert "no row has 'Wset' under 'area', which mapping.toml names" in notes
    assert "no row has 'Nowhere' under 'area', which mapping.toml names" in notes
    assert store.partnerships() == ["east"]


def test_rows_that_no_goal_takes_are_told(store: Store, tmp_path: Path) -> None:
    extra = WAITING_TABLE + "Nord;district north;Anderes;31.12.2022;3;;neu\n"
    notes = take(store, tmp_path, extra, WAITING).notes
    assert "1 row of no goal in mapping.toml" in notes
    gone = WAITING.replace('"Wartezeit"', '"Wartezeiten"')
    problems = refused(store, tmp_path, WAITING_TABLE, gone)
    assert any("goal 1.rows: no row has 'Wartezeiten' under 'Kennzahl'" in p for p in problems)


# What is wrong with a mapping ------------------------------------------------------------------


@pytest.mark.parametrize(
    ("old", "new", "told"),
    [
        ('level = "outcome"', "", "mapping.toml: goal 1, level: is missing"),
        ('level = "outcome"', 'level = "outcom"', "goal 1, level: is not one of the choices"),
        ('name = "a place', 'nmae = "a place', "nmae: is no field of goals; the nearest is 'name'"),
        ("[value]", "[values]", "there is no part [value]"),
        ('column = "year"', 'colum = "year"', "mapping.toml: date, column: is missing"),
        ('column = "year"', 'column = "year"\nyaer = 1', "'yaer' is not known here"),
        ('"{area}"', '"area"', "partnership, slug: names no column"),
        ('"{area}"', '"{area"', "partnership, slug: A brace stands alone or empty"),
        ('"{area}"', '"{the target}"', "is known in goals only"),
        ('"exercise"', '"ours"', "goal 1, whose: is not one of the choices"),
        ('"exercise"', '"theirs"', "goal 1, source: is missing"),
        ('"exercise"', '"reading"', "a goal that is our reading has no target"),
        ('baseline = "first"', "", "the rule 'points' needs a baseline"),
        ("points = 5", "points = -5", "goal 1.target, points: cannot be that"),
        ("points = 5", 'points = "5"', "goal 1.target, points: is not a number"),
        ('date = "2030"', 'date = "soon"', "goal 1.target, date: 'soon' is not a date"),
        ('rule = "points"', 'rule = "guess"', "goal 1.target, rule: is not one of the choices"),
        ('unit = "percent"', "target_value = 85", "target_value: follows from the table"),
        ("format", "fromat", "mapping.toml, format: is missing"),
        ("mapping/1", "mapping/2", "mapping.toml, format: is not one of the choices"),
        ("[table]", "[table", "The mapping cannot be read"),
    ],
)
def test_a_mapping_is_checked_word_by_word(old: str, new: str, told: str) -> None:
    assert told in wrong(MAPPING.replace(old, new, 1))


def test_a_mapping_without_goals_or_that_is_no_text_is_refused(tmp_path: Path) -> None:
    assert "there is no goal" in wrong(MAPPING.split("[[goal]]")[0])
    with pytest.raises(InputError, match="is not UTF-8 text"):
        parse_mapping("mapping.toml", b"title = '\xff\xfe'")
    with pytest.raises(InputError, match="cannot be read"):
        import_mapped(None, [], tmp_path / "nowhere.toml", dry_run=True)


# Nothing that is typed becomes anything else ---------------------------------------------------

HOSTILE = (
    "<script>alert(1)</script>",
    "=1+1",
    "'=1+1",
    "@SUM(A1)",
    "../../etc/passwd",
    "..\\..\\windows",
    "{the target}",
    "{0.__class__}",
    "%s $HOME `id`",
)


@pytest.mark.parametrize("name", HOSTILE)
def test_a_name_is_text_and_nothing_else(store: Store, tmp_path: Path, name: str) -> None:
    take(store, tmp_path, f'area,year,share\n"{name}",2020,50\n')
    (slug,) = store.partnerships()
    assert slug.replace("-", "").isalnum()
    assert slug.isascii()
    (about,) = payloads(store, slug, "partnership")
    assert about["name"] == f"{name.removeprefix(chr(39))} (figures)"
    target = tmp_path / "out"
    export_partnership(store, slug, target)
    assert target.is_dir()
    line = (target / "partnership.csv").read_text("utf-8-sig").splitlines()[1]
    assert not line.lstrip('"').startswith(("=", "@", "+", "-"))


@given(st.text(max_size=40), st.text(max_size=40))
def test_filling_in_a_template_adds_the_cell_and_runs_nothing(before: str, cell: str) -> None:
    escaped = before.replace("{", "{{").replace("}", "}}")
    assert read_template(escaped + "{area}").filled({"area": cell}) == before + cell


@pytest.mark.parametrize("text", ["{", "}", "{}", "{ }", "{a{b}}", "{a}}"])
def test_a_brace_without_its_partner_is_refused(text: str) -> None:
    with pytest.raises(InputError, match="brace"):
        read_template(text)


@pytest.mark.parametrize("text", ["{a.b}", "{a[0]}", "{a!r}", "{a:>9}"])
def test_a_place_is_a_columns_name_and_no_expression(
    store: Store, tmp_path: Path, text: str
) -> None:
    odd = MAPPING.replace('name = "{area} (figures)"', f'name = "{text}"')
    assert any("is no column of this table" in p for p in refused(store, tmp_path, mapping=odd))


def test_looking_writes_nothing(tmp_path: Path) -> None:
    summary = import_mapped(
        None,
        [write(tmp_path, "table.csv", TABLE)],
        parse_mapping("m", MAPPING.encode()),
        dry_run=True,
    )
    assert (summary.new, summary.stored) == (8, 0)
    found = read_mapped([tmp_path / "no-such.csv"], parse_mapping("m", MAPPING.encode()))
    assert found.problems.total == 1
