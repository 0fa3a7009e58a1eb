"""Workbooks, folders and archives brought in whole, and what in them is never followed."""

from __future__ import annotations

import zipfile
from pathlib import Path

import openpyxl
import pytest
from imported_files import GOALS, refused, take, write

from playbook_helpers.storage.database import Store
from playbook_helpers.storage.files import import_paths


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
