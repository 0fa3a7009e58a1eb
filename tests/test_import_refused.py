"""What an import refuses and what it says aloud: nothing by halves, nothing in silence."""

from __future__ import annotations

from pathlib import Path

import pytest
from imported_files import GOALS, payloads, refused, take, write

from playbook_helpers.core.errors import InputError
from playbook_helpers.storage.database import Store
from playbook_helpers.storage.files import ImportRefused, import_paths, read_path

# What is refused -------------------------------------------------------------------------------


def test_every_bad_row_is_told_in_one_go_with_its_place_value_and_what_is_allowed(
    store: Store, tmp_path: Path
) -> None:
    text = (
        "name,sentence,level,target,By when?,How sure are you to reach it?\n"
        "Ready,Raise it,outcome,lots,01/03/2026,3\n"
        "\n"
        ",No name,outcom,1,2026,9\n"
    )
    told = refused(store, write(tmp_path, "goal.csv", text))
    assert told == [
        "goal.csv, row 2, column 'target': 'lots' is not a number. "
        "Allowed: a number only, such as 85 or 1200.5",
        "goal.csv, row 2, column 'By when?': '01/03/2026' can be read as 2026-03-01 or as "
        "2026-01-03. Allowed: 2026-03-31, or say which order the file has "
        "(--dates day-first or month-first)",
        "goal.csv, row 4, column 'level': 'outcom' is not one of the choices "
        "(did you mean 'outcome'?). Allowed: vision, outcome, output, activity",
        "goal.csv, row 4, column 'name': is empty; it needs an answer. "
        "Allowed: text of up to 200 characters",
        "goal.csv, row 4, column 'How sure are you to reach it?': '9' should be less than or "
        "equal to 5. Allowed: a whole number from 1 to 5",
    ]


def test_good_rows_are_taken_only_when_asked_for(store: Store, tmp_path: Path) -> None:
    path = write(tmp_path, "goal.csv", GOALS.replace(",100\n", ",lots\n"))
    assert len(refused(store, path)) == 1
    summary = take(store, path, keep_going=True)
    assert (summary.new, summary.problem_count) == (1, 1)
    assert set(payloads(store)) == {"Ready"}


def test_one_bad_file_keeps_all_files_out(store: Store, tmp_path: Path) -> None:
    good = write(tmp_path, "goal.csv", GOALS)
    bad = write(tmp_path, "partner.csv", "name,sector\nLibrary,castle\n")
    assert len(refused(store, good, bad)) == 1


def test_an_unknown_column_is_an_error_that_names_the_nearest(store: Store, tmp_path: Path) -> None:
    (told,) = refused(store, write(tmp_path, "goal.csv", GOALS.replace("target", "targte")))
    assert "column 'targte': is no field of goals; the nearest is 'target_value'" in told


def test_two_columns_for_one_field_are_an_error(store: Store, tmp_path: Path) -> None:
    text = "name,Short name,sentence,level\na,b,c,outcome\n"
    (told,) = refused(store, write(tmp_path, "goal.csv", text))
    assert "column 'Short name': stands for the same field as 'name'" in told


def test_a_missing_column_and_a_value_beneath_no_heading_are_errors(
    store: Store, tmp_path: Path
) -> None:
    (told,) = refused(store, write(tmp_path, "goal.csv", "name,sentence\na,b\n"))
    assert "has no column for 'level'" in told
    (told,) = refused(store, write(tmp_path, "goal.csv", "name,sentence,level\na,b,output,c\n"))
    assert "row 2: 'c' stands in column D, which has no heading" in told


def test_two_rows_of_one_name_are_an_error_that_names_both(store: Store, tmp_path: Path) -> None:
    path = write(tmp_path, "goal.csv", GOALS + "READY,Another,output,5\n")
    (told,) = refused(store, path)
    assert "goal.csv, row 4, column 'name': is the same goal as row 2: 'READY'" in told
    assert take(store, path, keep_going=True).new == 1, "neither of the two is taken"
    (tmp_path / "x").mkdir()
    path = write(tmp_path, "goal.csv", GOALS)
    other = write(tmp_path / "x", "Goals.csv", GOALS.replace("Housing", "Parks"))
    (told,) = refused(store, path, other)
    assert told.startswith("Goals.csv, row 2, column 'name': is the same goal as goal.csv, row 2")


def test_very_many_problems_are_counted_and_not_all_listed(store: Store, tmp_path: Path) -> None:
    rows = "".join(f"g{n},2026,many\n" for n in range(2000))
    path = write(tmp_path, "measurement.csv", "goal,date,value\n" + rows)
    with pytest.raises(ImportRefused, match=r"2,000 things need putting right") as caught:
        take(store, path)
    assert "... and 1,950 more" in str(caught.value)
    assert len(caught.value.summary.problems) == 500


def test_whose_a_loose_file_is_must_be_said(store: Store, tmp_path: Path) -> None:
    path = write(tmp_path, "goal.csv", GOALS)
    with pytest.raises(ImportRefused, match="does not say whose it is"):
        import_paths(store, [path])
    text = "partnership,name,sentence,level\ntown,a,b,output\nvillage,a,b,output\n../x,a,b,output\n"
    with pytest.raises(ImportRefused, match="is no short name of a partnership"):
        import_paths(store, [write(tmp_path, "goal.csv", text)])
    import_paths(store, [path], keep_going=True)
    assert store.partnerships() == ["town", "village"]
    with pytest.raises(ImportRefused, match="another partnership than asked for"):
        take(store, path)


def test_a_file_of_unknown_kind_is_asked_about(store: Store, tmp_path: Path) -> None:
    (told,) = refused(store, write(tmp_path, "list.csv", "name,type\na,b\n"))
    assert "does not say which kind of record it holds" in told
    assert "indicator_sheet" in told
    found = take(store, write(tmp_path, "list.csv", "goal,year,value\na,2026,1\n"))
    assert found.new == 1, "headings that fit one kind alone say it"


@pytest.mark.parametrize(
    ("name", "data"),
    [("goal.xls", b"x"), ("goal.csv", b"\xff\xfe\x00"), ("x.json", b"{}"), ("x.zip", b"PK")],
)
def test_files_that_cannot_be_read_are_problems_like_others(
    store: Store, tmp_path: Path, name: str, data: bytes
) -> None:
    (tmp_path / name).write_bytes(data)
    (told,) = refused(store, tmp_path / name)
    assert "Allowed" in told


def test_a_path_that_is_not_there_is_told_with_the_others(store: Store, tmp_path: Path) -> None:
    bad = write(tmp_path, "goal.csv", GOALS.replace("100\n", "x\n"))
    assert len(refused(store, tmp_path / "nowhere.csv", bad)) == 2


def test_options_that_cannot_be_are_refused(tmp_path: Path) -> None:
    for ways in ({"partnership": "../up"}, {"dates": "year-first"}, {"decimal": ";"}):
        with pytest.raises(InputError):
            read_path(tmp_path, **ways)  # type: ignore[arg-type]


# What is said aloud ----------------------------------------------------------------------------


def test_a_name_that_leads_nowhere_is_a_warning_that_names_the_nearest(
    store: Store, tmp_path: Path
) -> None:
    text = "goal,date,value\nRedy,2025,1\nReady,2026,2\nredy,2027,3\n"
    paths = write(tmp_path, "goal.csv", GOALS), write(tmp_path, "measurement.csv", text)
    summary = take(store, *paths)
    assert summary.warnings == (
        "measurement.csv, row 2 (and 1 more): no goal is called 'Redy'; the nearest is 'Ready'",
    )
    assert summary.new == 5


def test_a_dry_run_tells_everything_and_writes_nothing(store: Store, tmp_path: Path) -> None:
    path = write(tmp_path, "goal.csv", GOALS)
    assert take(store, path, dry_run=True).new == 2
    assert import_paths(None, [path], partnership="town", dry_run=True).new == 2
    assert store.revisions() == []
    with pytest.raises(InputError):
        import_paths(None, [path], partnership="town")
