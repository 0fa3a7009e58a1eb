"""Published tables become partnerships by a mapping file: worked by hand, refused with reasons."""

from __future__ import annotations

import contextlib
import io
import json
import os
import sys
from datetime import date
from pathlib import Path
from typing import Any
from unittest import mock

import openpyxl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from playbook_helpers.assessment import Assessment, Context, current, of_type
from playbook_helpers.cli import main
from playbook_helpers.errors import InputError
from playbook_helpers.exchange import ImportRefused, ImportSummary, export_partnership
from playbook_helpers.exchange.mapping import import_mapped, parse_mapping, read_mapped
from playbook_helpers.exchange.mapping.targets import TargetRule
from playbook_helpers.exchange.mapping.templates import read_template
from playbook_helpers.partnership import Partnership
from playbook_helpers.practices import practice_named
from playbook_helpers.practices.goals.whose import EXERCISE, READING
from playbook_helpers.revisions import new_revision
from playbook_helpers.store import Store

MAPPING = """
format = "playbook-mapping/1"
title = "Places in nurseries"
[table]
missing = ["", "x"]
[date]
column = "year"
[value]
column = "share"
[partnership]
slug = "{area}"
name = "{area} (figures)"
[[goal]]
whose = "exercise"
baseline = "first"
name = "a place for all"
sentence = "from {the baseline} ({the baseline date}) to {the target} by {the target date}."
level = "outcome"
unit = "percent"
target = { rule = "points", points = 5, date = "2030" }
"""
TABLE = "area,year,share\nEast,2020,50\nEast,2021,52.5\nWest,2020,40\nWest,2022,x\nWest,2023,39\n"


def write(folder: Path, name: str, text: str) -> Path:
    path = folder / name
    path.write_text(text, "utf-8", newline="")
    return path


def take(
    store: Store, folder: Path, table: str = TABLE, mapping: str = MAPPING, **ways: Any
) -> ImportSummary:
    path = write(folder, "table.csv", table)
    return import_mapped(store, [path], write(folder, "mapping.toml", mapping), **ways)


def refused(store: Store, folder: Path, table: str = TABLE, mapping: str = MAPPING) -> list[str]:
    before = store.revisions()
    with pytest.raises(ImportRefused) as caught:
        take(store, folder, table, mapping)
    assert store.revisions() == before, "nothing was half-written"
    return [str(problem) for problem in caught.value.summary.problems]


def wrong(mapping: str) -> str:
    with pytest.raises(InputError) as caught:
        parse_mapping("mapping.toml", mapping.encode())
    return str(caught.value)


def payloads(store: Store, slug: str, kind: str) -> list[dict[str, Any]]:
    return [dict(head.payload) for head in store.heads(slug, kind=kind)]


def goals_of(store: Store, slug: str, as_of: date = date(2026, 1, 1)) -> Assessment:
    heads = store.heads(slug)
    about = of_type(current(heads), Partnership)[0][1]
    return practice_named("goals").assess(heads, Context(slug, as_of, about, ()))


# What becomes of a table -----------------------------------------------------------------------


def test_a_row_for_an_area_and_a_year_becomes_a_measurement(store: Store, tmp_path: Path) -> None:
    summary = take(store, tmp_path)
    assert summary.partnerships == ("east", "west")
    # Two partnerships, two goals, and five rows of which one has no known value.
    assert (summary.new, summary.stored) == (8, 8)
    assert "1 row without a known value: no measurement was made of it" in summary.notes
    assert payloads(store, "west", "measurement") == [
        {"goal": "Exercise: a place for all", "date": d, "value": v, "series_break": False}
        for d, v in (("2020", 40.0), ("2023", 39.0))
    ]
    (about,) = payloads(store, "east", "partnership")
    assert about["name"] == "East (figures)"


def test_baseline_and_target_follow_from_the_rules(store: Store, tmp_path: Path) -> None:
    take(store, tmp_path)
    (goal,) = payloads(store, "east", "goal")
    assert (goal["baseline_value"], goal["baseline_date"]) == (50, "2020")
    assert (goal["target_value"], goal["target_date"]) == (55, "2030")
    assert goal["sentence"] == EXERCISE + "from 50% (2020) to 55% by 2030."
    (row,) = goals_of(store, "east").rows["progress"]
    assert row["percent"] == pytest.approx(50)  # 2.5 of 5 points


@pytest.mark.parametrize(
    ("rule", "baseline", "target"),
    [
        (TargetRule("value", "2030", 85), 40.4, 85),
        (TargetRule("points", "2030", 5), 40.4, 45.4),
        (TargetRule("points", "2030", 5, way="down"), 40.4, 35.4),
        (TargetRule("percent", "2030", 10), 40.4, 44.4),  # 44.44
        (TargetRule("percent", "2030", 10, way="down", digits=2), 40.4, 36.36),
        (TargetRule("gap", "2030", 0.5), 40.4, 70.2),
        (TargetRule("gap", "2030", 0.5), 57.9, 79.0),  # 78.95: a half goes up
        (TargetRule("gap", "2030", 0.25, end=0, digits=0), 30, 23),  # 22.5
    ],
)
def test_target_rules_worked_by_hand(rule: TargetRule, baseline: float, target: float) -> None:
    assert rule.value(baseline) == target


WAITING = """
format = "playbook-mapping/1"
title = "Waiting times"
[table]
newest = ["Ziel 2028"]
[date]
column = "Stichtag"
[value]
column = "Wert"
[partnership]
slug = "{Kurzname}"
name = "{Gebiet}"
[[goal]]
whose = "theirs"
rows = { Kennzahl = "Wartezeit" }
series = "Zählweise"
baseline = "31.12.2022"
name = "Shorter waits"
sentence = "Cut the wait in {Gebiet} from {the baseline} days to {the target} by {the target date}."
level = "outcome"
unit = "number"
direction = "down"
source = "Plan of the district, 2022"
target = { rule = "column", column = "Ziel 2028", date = "2028-12-31" }
[goal.measurement]
note = "Counted in the {Zählweise} way"
[goal.indicator_sheet]
name = "Days to a place"
baseline = "{the baseline} on {the baseline date}, for {the goal}"
[[goal]]
whose = "reading"
rows = { Kennzahl = ["Plätze", "Plätze (vorläufig)"] }
name = "Places"
sentence = "more places in {Gebiet}."
level = "output"
"""
WAITING_TABLE = (
    "Gebiet;Kurzname;Kennzahl;Stichtag;Wert;Ziel 2028;Zählweise\n"
    "Nord;district north;Wartezeit;31.12.2020;40,5;;alt\n"
    "Nord;district north;Wartezeit;31.12.2021;38,0;;alt\n"
    "Nord;district north;Wartezeit;31.12.2023;30,5;20;neu\n"
    "Nord;district north;Wartezeit;31.12.2022;35,5;25;neu\n"
    "Nord;district north;Plätze;31.12.2022;1.200;;neu\n"
    "Nord;district north;Plätze (vorläufig);31.12.2023;1.250,5;;neu\n"
)


def test_a_table_of_another_shape(store: Store, tmp_path: Path) -> None:
    summary = take(store, tmp_path, WAITING_TABLE, WAITING)
    assert summary.partnerships == ("district-north",)
    assert any("decimal comma" in note for note in summary.notes)
    goals = {g["name"]: g for g in payloads(store, "district-north", "goal")}
    waits, places = goals["Shorter waits"], goals["Places"]
    assert (waits["baseline_value"], waits["baseline_date"]) == (35.5, "2022-12-31")
    assert (waits["target_value"], waits["target_date"]) == (20, "2028-12-31")
    assert waits["sentence"] == "Cut the wait in Nord from 35.5 days to 20 by 31 December 2028."
    assert places["sentence"] == READING + "more places in Nord."
    assert "target_value" not in places
    (sheet,) = payloads(store, "district-north", "indicator_sheet")
    assert sheet["baseline"] == "35.5 on 31 December 2022, for Shorter waits"
    values = [m["value"] for m in payloads(store, "district-north", "measurement")]
    assert sorted(values) == [30.5, 35.5, 38.0, 40.5, 1200, 1250.5]


def test_a_series_break_stands_where_the_series_changes_and_is_not_bridged(
    store: Store, tmp_path: Path
) -> None:
    take(store, tmp_path, WAITING_TABLE, WAITING)
    waits = [
        m for m in payloads(store, "district-north", "measurement") if m["goal"] == "Shorter waits"
    ]
    assert {m["date"]: m["series_break"] for m in waits} == {
        "2020-12-31": False,
        "2021-12-31": False,
        "2022-12-31": True,
        "2023-12-31": False,
    }
    rows = {r["name"]: r for r in goals_of(store, "district-north").rows["progress"]}
    # From 35.5 towards 20: 5 of 15.5 days. The 40.5 of the old way plays no part.
    assert rows["Shorter waits"]["percent"] == pytest.approx(100 * 5 / 15.5)
    old = WAITING.replace('baseline = "31.12.2022"', 'baseline = "first"')
    with Store.open(f"sqlite:///{tmp_path / 'old.db'}") as other:
        take(other, tmp_path, WAITING_TABLE, old)
        (row, _) = goals_of(other, "district-north").rows["progress"]
        assert (row["status"], row["percent"], row["broken"]) == ("series_break", None, True)


def test_two_files_and_a_workbook_are_one_table(store: Store, tmp_path: Path) -> None:
    head, *rows = TABLE.splitlines()
    folder = tmp_path / "tables"
    folder.mkdir()
    write(folder, "a.csv", "\n".join([head, *rows[:2]]))
    write(folder, "notes.csv", "who,what\nme,nothing\n")
    book = openpyxl.Workbook()
    for line in [head, *rows[2:]]:
        book.active.append([int(c) if c.isdigit() else c for c in line.split(",")])
    book.save(folder / "b.xlsx")
    summary = import_mapped(store, [folder], write(tmp_path, "mapping.toml", MAPPING))
    assert summary.new == 8
    assert any("notes.csv: not read" in note for note in summary.notes)
    assert payloads(store, "west", "goal")[0]["baseline_value"] == 40


# Twice, longer, elsewhere ----------------------------------------------------------------------


def test_importing_twice_changes_nothing(store: Store, tmp_path: Path) -> None:
    take(store, tmp_path)
    before = store.revisions()
    again = take(store, tmp_path)
    assert (again.new, again.changed, again.unchanged, again.stored) == (0, 0, 8, 0)
    assert store.revisions() == before


def test_next_years_table_adds_next_years_values(store: Store, tmp_path: Path) -> None:
    take(store, tmp_path)
    summary = take(store, tmp_path, TABLE + "East,2024,54\n")
    assert (summary.new, summary.changed) == (1, 0)


def test_two_stores_that_take_in_one_table_hold_the_same(tmp_path: Path) -> None:
    with (
        Store.open(f"sqlite:///{tmp_path / 'a.db'}") as a,
        Store.open(f"sqlite:///{tmp_path / 'b.db'}") as b,
    ):
        take(a, tmp_path)
        take(b, tmp_path)
        assert a.revisions() == b.revisions()


def test_a_real_group_of_an_areas_short_name_gets_no_goals_put_into_its_records(
    store: Store, tmp_path: Path
) -> None:
    store.append([new_revision("east", Partnership(name="East Side Together"))])
    (problem,) = refused(store, tmp_path)
    assert "which is another one" in problem
    assert "East Side Together" in problem
    assert take(store, tmp_path, keep_going=True).partnerships == ("west",)
    assert payloads(store, "east", "goal") == []


def test_a_renamed_area_of_the_same_source_is_the_same_area(store: Store, tmp_path: Path) -> None:
    sourced = MAPPING.replace('name = "{area} (figures)"', 'name = "{area}"\nsource = "Office"')
    take(store, tmp_path, mapping=sourced)
    renamed = sourced.replace('name = "{area}"', 'name = "Area {area}"', 1)
    assert take(store, tmp_path, mapping=renamed).changed == 2


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
    "East\u202ewest",
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


# On the command line ---------------------------------------------------------------------------


def playbook(folder: Path, *arguments: str) -> tuple[int, str, str]:
    """Run the command line in that folder, with a store of its own: exit code, stdout, stderr."""
    out, err = io.StringIO(), io.StringIO()
    with (
        contextlib.chdir(folder),
        mock.patch.dict(os.environ, {"PLAYBOOK_STORE": "sqlite:///store.db"}),
        mock.patch.object(sys, "argv", ["playbook", *arguments]),
        contextlib.redirect_stdout(out),
        contextlib.redirect_stderr(err),
        pytest.raises(SystemExit) as ended,
    ):
        main()
    return int(ended.value.code or 0), out.getvalue(), err.getvalue()


def test_import_and_check_take_a_mapping(tmp_path: Path) -> None:
    write(tmp_path, "table.csv", TABLE)
    write(tmp_path, "mapping.toml", MAPPING)
    call = ("table.csv", "--mapping", "mapping.toml")
    code, out, _ = playbook(tmp_path, "check", *call)
    assert (code, out) == (0, "Would import east, west: 8 new.\n")
    assert not (tmp_path / "store.db").exists()
    code, out, err = playbook(tmp_path, "import", *call, "--json")
    assert (code, json.loads(out)["stored"]) == (0, 8)
    assert "1 row without a known value" in err
    assert playbook(tmp_path, "import", *call)[1] == "Imported east, west: 8 unchanged.\n"


def test_wrong_use_ends_with_2_and_words(tmp_path: Path) -> None:
    write(tmp_path, "table.csv", TABLE)
    write(tmp_path, "mapping.toml", MAPPING.replace("level", "levle"))
    code, out, err = playbook(tmp_path, "import", "table.csv", "--mapping", "mapping.toml")
    assert (code, out) == (2, "")
    assert "levle: is no field of goals; the nearest is 'level'" in err
    assert "Traceback" not in err
    both = ("--mapping", "mapping.toml", "--partnership", "east")
    code, _, err = playbook(tmp_path, "import", "table.csv", *both)
    assert code == 2
    assert "do not go together" in err
