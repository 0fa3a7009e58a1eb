"""Published tables become partnerships by a mapping file: worked by hand, and once only."""

from __future__ import annotations

import contextlib
import io
import json
import os
import sys
from datetime import date
from pathlib import Path
from unittest import mock

import openpyxl
import pytest
from imported_files import write
from mapped_tables import MAPPING, TABLE, WAITING, WAITING_TABLE, payloads, refused, take

from playbook_helpers.cli import main
from playbook_helpers.core.assessment import Assessment, Context, current, of_type
from playbook_helpers.core.partnership import Partnership
from playbook_helpers.core.revisions import new_revision
from playbook_helpers.practices.goals.whose import EXERCISE, READING
from playbook_helpers.practices.kinds import practice_named
from playbook_helpers.storage.database import Store
from playbook_helpers.storage.files.mapping import import_mapped
from playbook_helpers.storage.files.mapping.targets import TargetRule


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
