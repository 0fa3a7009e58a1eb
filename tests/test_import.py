"""What an import does to a store: nothing twice, nothing by halves, nothing in silence."""

from __future__ import annotations

import zipfile
from pathlib import Path
from typing import Any

import openpyxl
import pytest

from playbook_helpers.errors import InputError, NotFound
from playbook_helpers.exchange import (
    ImportRefused,
    ImportSummary,
    import_paths,
    load_examples,
    read_path,
)
from playbook_helpers.practices.goals import Goal, Measurement
from playbook_helpers.revisions import new_revision
from playbook_helpers.store import Store

ROOT = Path(__file__).parents[1]
GOALS = (
    "name,sentence,level,target\nReady,Raise it to 65,outcome,65\nHousing,House 100,output,100\n"
)


def write(folder: Path, name: str, text: str) -> Path:
    path = folder / name
    path.write_text(text, "utf-8", newline="")
    return path


def take(store: Store, *paths: Path, **ways: Any) -> ImportSummary:
    return import_paths(store, paths, **({"partnership": "town"} | ways))


def refused(store: Store, *paths: Path, **ways: Any) -> list[str]:
    before = store.revisions()
    with pytest.raises(ImportRefused) as caught:
        take(store, *paths, **ways)
    assert store.revisions() == before, "nothing was half-written"
    return [str(problem) for problem in caught.value.summary.problems]


def payloads(store: Store, kind: str = "goal") -> dict[str, Any]:
    return {head.payload["name"]: dict(head.payload) for head in store.heads("town", kind=kind)}


# Once, twice, edited ---------------------------------------------------------------------------


def test_importing_the_same_file_twice_changes_nothing(store: Store, tmp_path: Path) -> None:
    path = write(tmp_path, "goal.csv", GOALS)
    first = take(store, path)
    assert (first.new, first.stored) == (2, 2)
    before = store.revisions()
    again = take(store, path)
    assert (again.new, again.changed, again.unchanged, again.stored) == (0, 0, 2, 0)
    assert store.revisions() == before


def test_records_stand_in_the_order_of_the_rows(store: Store, tmp_path: Path) -> None:
    names = [f"Goal {letter}" for letter in "zyxwabcdehgf"]
    rows = "".join(f"{name},Do it,output\n" for name in names)
    take(store, write(tmp_path, "goal.csv", "name,sentence,level\n" + rows))
    assert [head.payload["name"] for head in store.heads("town")] == names


def test_two_stores_that_import_one_file_hold_the_same_revisions(tmp_path: Path) -> None:
    path = write(tmp_path, "goal.csv", GOALS)
    with (
        Store.open(f"sqlite:///{tmp_path / 'a.db'}") as a,
        Store.open(f"sqlite:///{tmp_path / 'b.db'}") as b,
    ):
        take(a, path)
        take(b, path)
        assert a.revisions() == b.revisions()
        assert a.merge(b) == 0


def test_two_stores_that_went_different_ways_to_one_row_still_merge(tmp_path: Path) -> None:
    old, late = write(tmp_path, "goal.csv", GOALS), GOALS.replace(",65\n", ",70\n")
    with (
        Store.open(f"sqlite:///{tmp_path / 'a.db'}") as a,
        Store.open(f"sqlite:///{tmp_path / 'b.db'}") as b,
    ):
        take(a, old)
        path = write(tmp_path, "goal.csv", late)
        take(a, path)
        take(b, path)
        a.merge(b)
        b.merge(a)
        assert a.conflicts("town") == b.conflicts("town") == {}
        assert payloads(a)["Ready"]["target_value"] == 70


def test_a_changed_row_replaces_what_is_there_and_keeps_its_history(
    store: Store, tmp_path: Path
) -> None:
    path = write(tmp_path, "goal.csv", GOALS)
    take(store, path)
    write(tmp_path, "goal.csv", GOALS.replace(",65\n", ",70\n"))
    summary = take(store, path)
    assert (summary.changed, summary.unchanged) == (1, 1)
    assert payloads(store)["Ready"]["target_value"] == 70
    (head,) = [h for h in store.heads("town") if h.payload["name"] == "Ready"]
    assert [r.payload["target_value"] for r in store.history(head.record)] == [65, 70]
    assert not store.conflicts("town")


def test_a_row_that_says_what_was_before_is_left_alone_and_said(
    store: Store, tmp_path: Path
) -> None:
    old = write(tmp_path, "goal.csv", GOALS)
    take(store, old)
    (tmp_path / "later").mkdir()
    take(store, write(tmp_path / "later", "goal.csv", GOALS.replace(",65\n", ",70\n")))
    summary = take(store, old)
    assert summary.left_alone == ("goal.csv, row 2: older than what is there",)
    assert summary.stored == 0
    assert payloads(store)["Ready"]["target_value"] == 70


def test_a_row_missing_from_a_file_removes_nothing(store: Store, tmp_path: Path) -> None:
    take(store, write(tmp_path, "goal.csv", GOALS))
    take(store, write(tmp_path, "goal.csv", "".join(GOALS.splitlines(keepends=True)[:2])))
    assert set(payloads(store)) == {"Ready", "Housing"}


def test_case_and_spacing_of_a_name_make_no_second_record(store: Store, tmp_path: Path) -> None:
    take(store, write(tmp_path, "goal.csv", GOALS))
    summary = take(store, write(tmp_path, "goal.csv", GOALS.replace("Ready,", " ready ,")))
    assert (summary.changed, summary.new) == (1, 0)
    assert set(payloads(store)) == {"ready", "Housing"}


def test_a_record_made_in_a_form_is_found_by_its_name(store: Store, tmp_path: Path) -> None:
    made = new_revision(
        "town",
        Goal(name="Ready", sentence="Raise it to 65", level="outcome", target_value=65),
        record_id="018f0000-0000-7000-8000-000000000001",
    )
    store.append([made])
    summary = take(store, write(tmp_path, "goal.csv", GOALS))
    assert (summary.unchanged, summary.new) == (1, 1)


def test_a_removed_or_renamed_record_does_not_come_back_with_an_old_file(
    store: Store, tmp_path: Path
) -> None:
    path = write(tmp_path, "goal.csv", GOALS)
    take(store, path)
    ready, housing = sorted(store.heads("town"), key=lambda h: str(h.payload["name"]))[::-1]
    renamed = Goal.model_validate(dict(housing.payload) | {"name": "Homes"})
    assert ready.value is not None
    store.append(
        [
            new_revision(
                "town", ready.value, record_id=ready.record, parents=[ready.revision], deleted=True
            ),
            new_revision("town", renamed, record_id=housing.record, parents=[housing.revision]),
        ]
    )
    summary = take(store, path)
    assert summary.stored == 0
    assert len(summary.left_alone) == 2
    assert set(payloads(store)) == {"Homes"}
    write(tmp_path, "goal.csv", GOALS.replace("Raise", "Lift").replace("House", "Shelter"))
    assert take(store, path).new == 2, "rows that say something new are taken"
    assert set(payloads(store)) == {"Ready", "Homes", "Housing"}


def test_a_row_settles_two_rival_states_if_it_says_something_else(
    store: Store, tmp_path: Path
) -> None:
    take(store, write(tmp_path, "goal.csv", GOALS))
    (head,) = [h for h in store.heads("town") if h.payload["name"] == "Ready"]
    rivals = [
        new_revision(
            "town",
            Goal.model_validate(dict(head.payload) | {"target_value": target}),
            record_id=head.record,
            parents=[head.revision],
        )
        for target in (70, 75)
    ]
    store.append(rivals)
    assert head.record in store.conflicts("town")
    take(store, write(tmp_path, "goal.csv", GOALS.replace(",65\n", ",72\n")))
    assert not store.conflicts("town")
    assert payloads(store)["Ready"]["target_value"] == 72


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


# Workbooks, folders, archives ------------------------------------------------------------------


def test_a_workbook_brings_each_sheet_and_says_what_it_passed_over(
    store: Store, tmp_path: Path
) -> None:
    book = openpyxl.Workbook()
    book.active.title = "Read me first"
    book.active.append(["Please fill in the sheets"])
    for title, rows in {
        "Goals": [["Name", "Sentence", "LEVEL"], ["Ready", "=x is text", "Outcome"]],
        "measurement": [["goal", "date", "value"], ["Ready", 2026, 0.5]],
    }.items():
        sheet = book.create_sheet(title)
        for row in rows:
            sheet.append(row)
    book["measurement"]["C2"].number_format = "0.0%"
    book["Goals"]["B2"].data_type = "s"
    book.save(tmp_path / "our.xlsx")
    summary = take(store, tmp_path / "our.xlsx")
    assert summary.new == 2
    assert any("Read me first" in note for note in summary.notes)
    assert [h.payload["value"] for h in store.heads("town", kind="measurement")] == [50]


def zipped(path: Path, files: dict[str, str]) -> Path:
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, text in files.items():
            archive.writestr(name, text)
    return path


def test_a_zip_may_hold_the_folder_and_what_a_mac_leaves_in_it(
    store: Store, tmp_path: Path
) -> None:
    path = zipped(
        tmp_path / "p.zip",
        {
            "town/datapackage.json": '{"name": "town"}',
            "town/goal.csv": GOALS,
            "town/.DS_Store": "x",
            "town/README.md": "about",
            "__MACOSX/town/._goal.csv": "\0\1",
        },
    )
    summary = import_paths(store, [path])
    assert (summary.new, summary.partnerships) == (2, ("town",))


@pytest.mark.parametrize(
    "name", ["../goal.csv", "/etc/goal.csv", "a/../../goal.csv", "..\\goal.csv", "C:/goal.csv"]
)
def test_a_zip_with_names_that_climb_out_is_refused_whole(
    store: Store, tmp_path: Path, name: str
) -> None:
    path = zipped(tmp_path / "p.zip", {"partner.csv": "name,sector\na,other\n", name: GOALS})
    (told,) = refused(store, path)
    assert "leads out of it" in told


def test_zip_bombs_links_and_doubled_names_are_refused(store: Store, tmp_path: Path) -> None:
    bomb = zipped(tmp_path / "b.zip", {"goal.csv": "0" * 40_000_000})
    assert "too large when unpacked" in refused(store, bomb)[0]
    many = zipped(tmp_path / "m.zip", {f"{n}.csv": "" for n in range(2001)})
    assert "too many files" in refused(store, many)[0]
    link = zipfile.ZipInfo("goal.csv")
    link.external_attr = 0o120777 << 16
    with zipfile.ZipFile(tmp_path / "l.zip", "w") as archive:
        archive.writestr(link, "/etc/passwd")
    assert "holds a link" in refused(store, tmp_path / "l.zip")[0]
    with zipfile.ZipFile(tmp_path / "d.zip", "w") as archive:
        archive.writestr("goal.csv", GOALS)
        with pytest.warns(UserWarning, match="Duplicate"):
            archive.writestr("goal.csv", GOALS)
    assert "one name" in refused(store, tmp_path / "d.zip")[0]


def test_a_link_out_of_a_folder_is_not_followed(store: Store, tmp_path: Path) -> None:
    inside = tmp_path / "in"
    inside.mkdir()
    (inside / "goal.csv").symlink_to(write(tmp_path, "secret.csv", GOALS))
    assert "leads out of it" in refused(store, inside)[0]


def test_a_package_says_whose_it_is_and_what_it_lacks(store: Store, tmp_path: Path) -> None:
    write(tmp_path, "goal.csv", GOALS)
    about = (
        '{"name": "town", "resources": [{"name": "goal", "path": "goal.csv"}, {"path": "x.csv"}]}'
    )
    write(tmp_path, "datapackage.json", about)
    (told,) = refused(store, tmp_path, partnership=None)
    assert "'x.csv' is named in datapackage.json but is not there" in told
    (told,) = refused(store, tmp_path, partnership="other")
    assert "of another partnership" in told
    for content in ('{"name": "../x"}', "[]", "{", "[" * 100_000, '{"name": 5}'):
        write(tmp_path, "datapackage.json", content)
        assert len(refused(store, tmp_path, partnership=None)) == 1


def test_a_folder_of_packages_brings_them_all(store: Store, tmp_path: Path) -> None:
    for slug in ("town", "village"):
        (tmp_path / slug).mkdir()
        write(tmp_path / slug, "goal.csv", GOALS)
        write(tmp_path / slug, "datapackage.json", f'{{"name": "{slug}"}}')
    assert import_paths(store, [tmp_path]).partnerships == ("town", "village")


# Ids of an export ------------------------------------------------------------------------------


def with_ids(store: Store, **changes: str) -> str:
    """The goals as an export has them, with texts replaced in the row of `Ready`."""
    lines = ["name,sentence,level,target,record,revision"]
    for head in store.heads("town", kind="goal"):
        p = head.payload
        line = f"{p['name']},{p['sentence']},{p['level']},{p['target_value']:g}"
        if p["name"] == "Ready":
            for old, new in changes.items():
                line = line.replace(old, new)
        lines.append(f"{line},{head.record},{head.revision}")
    return "\n".join(lines) + "\n"


def test_an_edited_export_replaces_the_state_it_was_made_from(store: Store, tmp_path: Path) -> None:
    take(store, write(tmp_path, "goal.csv", GOALS))
    path = write(tmp_path, "goal.csv", with_ids(store, Ready="School readiness"))
    assert (take(store, path).changed, take(store, path).changed) == (1, 0)
    assert set(payloads(store)) == {"School readiness", "Housing"}, "renamed, not doubled"


def test_an_edit_elsewhere_meanwhile_gives_two_states_to_settle(
    store: Store, tmp_path: Path
) -> None:
    take(store, write(tmp_path, "goal.csv", GOALS))
    exported = with_ids(store, **{"Raise it": "Lift it"})
    take(store, write(tmp_path, "goal.csv", GOALS.replace(",65\n", ",70\n")))
    path = write(tmp_path, "goal.csv", exported)
    summary = take(store, path)
    assert summary.warnings == ("goal.csv, row 2: was changed elsewhere meanwhile; both are kept",)
    ((one, other),) = store.conflicts("town").values()
    assert {one.payload["target_value"], other.payload["target_value"]} == {65, 70}
    assert take(store, path).stored == 0


def test_an_edit_back_to_an_earlier_state_is_an_edit(store: Store, tmp_path: Path) -> None:
    take(store, write(tmp_path, "goal.csv", GOALS))
    take(store, write(tmp_path, "goal.csv", GOALS.replace(",65\n", ",70\n")))
    path = write(tmp_path, "goal.csv", with_ids(store, **{",70": ",65"}))
    assert take(store, path).changed == 1
    assert payloads(store)["Ready"]["target_value"] == 65
    assert not store.conflicts("town")


def test_a_copied_row_that_kept_its_ids_is_told(store: Store, tmp_path: Path) -> None:
    take(store, write(tmp_path, "goal.csv", GOALS))
    text = with_ids(store)
    copied = text + text.splitlines()[1].replace("Ready", "Copy") + "\n"
    (told,) = refused(store, write(tmp_path, "goal.csv", copied))
    assert "has the same ids as row 2, but says something else" in told
    assert take(store, write(tmp_path, "goal.csv", text + text.splitlines()[1])).stored == 0


def test_ids_of_another_record_or_partnership_are_refused(store: Store, tmp_path: Path) -> None:
    take(store, write(tmp_path, "goal.csv", GOALS))
    text = with_ids(store)
    path = write(tmp_path, "goal.csv", text)
    assert "of another partnership (town)" in refused(store, path, partnership="other")[0]
    one, two = store.heads("town")
    wrong = text.replace(one.revision, two.revision).splitlines()[:2]
    (told,) = refused(store, write(tmp_path, "goal.csv", "\n".join(wrong)))
    assert "is not the id of a saved state of this record" in told


@pytest.mark.parametrize(
    ("record", "revision"), [("", "018f0000-0000-7000-8000-000000000001"), ("me", "you")]
)
def test_half_or_made_up_ids_are_refused(
    store: Store, tmp_path: Path, record: str, revision: str
) -> None:
    text = f"name,sentence,level,record,revision\na,b,output,{record},{revision}\n"
    assert len(refused(store, write(tmp_path, "goal.csv", text))) == 1


def test_a_row_from_a_store_that_saw_more_is_kept_beside_what_is_here(
    store: Store, tmp_path: Path
) -> None:
    take(store, write(tmp_path, "goal.csv", GOALS))
    (head,) = [h for h in store.heads("town") if h.payload["name"] == "Ready"]
    unseen = "018f0000-0000-7000-8000-000000000009"
    text = with_ids(store, **{",65": ",80"}).replace(head.revision, unseen)
    path = write(tmp_path, "goal.csv", text)
    assert "made from a state that is not here" in take(store, path).warnings[0]
    assert head.record in store.conflicts("town")
    assert take(store, path).stored == 0


# The examples ----------------------------------------------------------------------------------


def test_the_examples_load_once_and_then_change_nothing(store: Store) -> None:
    first = load_examples(store, ROOT / "data")
    assert first.new + first.carried == first.stored > 100
    assert set(first.partnerships) == {
        path.parent.name for path in (ROOT / "data").glob("*/partnership.csv")
    }
    assert first.warnings == ()
    assert load_examples(store, ROOT / "data").stored == 0
    with pytest.raises(NotFound):
        load_examples(store, ROOT / "nowhere")


def test_a_measurement_of_a_goal_is_told_from_another_by_its_date(
    store: Store, tmp_path: Path
) -> None:
    text = "goal,date,value\nReady,2025,1\nReady,2026,1\n"
    take(store, write(tmp_path, "goal.csv", GOALS), write(tmp_path, "measurement.csv", text))
    held = [head.value for head in store.heads("town", kind="measurement")]
    assert sorted(m.date for m in held if isinstance(m, Measurement)) == ["2025", "2026"]
