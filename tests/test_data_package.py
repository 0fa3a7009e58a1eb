"""A data package goes out and comes back the same, and other programs can read it."""

from __future__ import annotations

import csv
import io
import json
import re
import tempfile
import zipfile
from pathlib import Path
from typing import Any

import frictionless
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from playbook_helpers.core.errors import InputError, NotFound
from playbook_helpers.core.partnership import Partner, Partnership
from playbook_helpers.core.records import FieldSpec, Record, fields_of, in_bounds
from playbook_helpers.core.revisions import Revision, new_revision
from playbook_helpers.practices.goals import Goal, Measurement
from playbook_helpers.practices.kinds import RECORD_TYPES
from playbook_helpers.storage.database import Store
from playbook_helpers.storage.files import (
    export_partnership,
    import_paths,
    load_examples,
    package_files,
)

ROOT = Path(__file__).parents[1]
# Answers that are nobody's lose their traces on the way, and stories without consent stay behind:
# test_pseudonymity.py and test_communication_consent.py hold them to that.
OPEN_KINDS = [k for k, t in RECORD_TYPES.items() if not t.pseudonymous and k != "story"]
NASTY = [
    "=1+1",
    "+1",
    "-1",
    "@x",
    "'=x",
    "''=x",
    "'",
    '"',
    'a"b,c;d',
    "tab\there",
    "＝1",
    "\u200b=1",
]
LONG_NASTY = [
    *NASTY,
    "two\nlines",
    "a\r\nb",
    "\n=x",
    "x\n=1\n-2",
    "\u2028=1",
    "\ufeff=1",
    "é 漢 🙂",
]


def text(limit: int, line: bool) -> st.SearchStrategy[str]:
    """Text that a form can send: no control characters, something in it."""
    signs = st.characters(exclude_categories=["Cs", "Cc"]) | st.sampled_from("=+-@'\"\t,;")
    free = st.text(signs | st.just("\n"), min_size=1, max_size=limit)
    known = st.sampled_from(NASTY if line else LONG_NASTY)
    return (known | free).filter(lambda t: bool(t.strip()) and bool(" ".join(t.split())))


def values(spec: FieldSpec) -> st.SearchStrategy[Any]:
    """What a form can send for a field."""
    match spec.type:
        case "text" | "reference":
            return text(20, line=True)
        case "long":
            return text(40, line=False)
        case "number":
            # Some fields want more than their lowest value; half above it fits them all.
            above = spec.low is not None or spec.name in ("amount", "worth")
            low = max(spec.low or 0, 0) + 0.5 if above else -1e15
            high = 1e15 if spec.high is None else spec.high
            whole = st.integers(1, int(min(high, 10**15))).map(float)
            return st.floats(low, high).filter(in_bounds) | whole
        case "whole":
            return st.integers(max(0, int(spec.low or 0)), int(min(spec.high or 9, 10**6)))
        case "yesno":
            return st.booleans()
        case "choice":
            return st.sampled_from(list(spec.entry.choices))
        case "when":
            return st.sampled_from(["2026", "2026-03", "2026-03-01", "1987"])
        case _:
            return st.dates().map(str)


@st.composite
def records(draw: st.DrawFn, kind: str = "") -> Record:
    type_ = RECORD_TYPES[kind or draw(st.sampled_from(OPEN_KINDS))]
    answers = {
        spec.name: draw(values(spec))
        for spec in fields_of(type_)
        if spec.required or draw(st.booleans())
    }
    return type_.model_validate(answers)


@st.composite
def histories(draw: st.DrawFn) -> list[Revision]:
    """Revisions of a few records: edits, rival edits, removals."""
    revisions: list[Revision] = []
    for _ in range(draw(st.integers(1, 4))):
        record = draw(records())
        first = new_revision("town", record, author=draw(st.sampled_from(["", "Ann"])))
        chain = [first]
        for _ in range(draw(st.integers(0, 2))):
            other = draw(records(record.kind))
            chain.append(
                new_revision(
                    "town",
                    other,
                    record_id=first.record,
                    parents=[draw(st.sampled_from(chain)).id],
                    deleted=draw(st.booleans()),
                )
            )
        if first.record not in {r.record for r in revisions}:
            revisions += chain
    return revisions


def heads(store: Store) -> list[tuple[str, str, Any]]:
    return [(h.record, h.revision, h.payload) for h in store.heads("town")]


@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(histories(), st.booleans())
def test_what_is_exported_and_imported_elsewhere_has_the_same_heads_and_history(
    revisions: list[Revision], zipped: bool
) -> None:
    with (
        tempfile.TemporaryDirectory() as folder,
        Store.open(f"sqlite:///{folder}/a.db") as here,
        Store.open(f"sqlite:///{folder}/b.db") as there,
    ):
        here.append(revisions)
        path = export_partnership(here, "town", Path(folder) / "out.zip", zipped=zipped)
        summary = import_paths(there, [path])
        assert there.revisions() == here.revisions()
        assert heads(there) == heads(here)
        assert (summary.new, summary.changed, summary.left_alone) == (0, 0, ())
        assert import_paths(here, [path]).stored == 0
        for name, data in package_files("town", revisions).items():
            if name.endswith(".csv"):
                assert_no_formulas(data)


def assert_no_formulas(data: bytes) -> None:
    for row in csv.reader(io.StringIO(data.decode("utf-8-sig"), newline="")):
        for cell in row:
            bare = re.sub(r"^[\s\u200b\ufeff]+", "", cell)
            is_number = re.fullmatch(r"-?[0-9.]+(e[+-]?[0-9]+)?", cell)
            assert is_number or not bare.startswith(tuple("=+-@＝＋－＠"))


@settings(max_examples=30, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(st.lists(records(), min_size=1, max_size=4))
def test_the_csv_files_alone_hold_every_value(made: list[Record]) -> None:
    revisions = [
        new_revision("town", record, record_id=f"018f0000-0000-7000-8000-00000000000{n}")
        for n, record in enumerate(made)
    ]
    with (
        tempfile.TemporaryDirectory() as folder,
        Store.open(f"sqlite:///{folder}/a.db") as here,
    ):
        here.append(revisions)
        path = export_partnership(here, "town", Path(folder) / "town")
        (path / "revisions.jsonl").unlink()
        about = json.loads((path / "datapackage.json").read_text("utf-8"))
        about["resources"].pop()
        (path / "datapackage.json").write_text(json.dumps(about), "utf-8")
        summary = import_paths(here, [path])
        assert (summary.stored, summary.unchanged) == (0, len(made))


def test_minus_nought_is_nought_and_no_edit(store: Store, tmp_path: Path) -> None:
    store.append([new_revision("town", Measurement(goal="a", date="2026", value=-0.0))])
    path = export_partnership(store, "town", tmp_path / "town")
    assert import_paths(store, [path]).stored == 0


def filled(store: Store) -> None:
    store.append(
        new_revision("town", record)
        for record in (
            Partnership(name="Our Town", purpose="=cmd|' /C calc'!A0"),
            Partner(name="'=Library", sector="government"),
            Goal(name="-5 %", sentence="x" * 4999 + "=", level="outcome", target_value=-5),
            Goal(name="=" + "x" * 199, sentence="y", level="outcome", confidence=3),
            Measurement(goal="-5 %", date="2026", value=1e15, series_break=True),
        )
    )


def test_formulas_leave_with_an_apostrophe_and_numbers_stay_numbers(
    store: Store, tmp_path: Path
) -> None:
    filled(store)
    folder = export_partnership(store, "town", tmp_path / "town")
    goals = (folder / "goal.csv").read_text("utf-8-sig")
    assert "\n'-5 %," in goals
    assert ",-5," in goals
    assert "''=Library" in (folder / "partner.csv").read_text("utf-8-sig")
    assert "'=cmd|" in (folder / "partnership.csv").read_text("utf-8-sig")


def test_a_package_is_valid_frictionless_data(store: Store, tmp_path: Path) -> None:
    filled(store)
    folder = export_partnership(store, "town", tmp_path / "town")
    report = frictionless.Package(str(folder / "datapackage.json")).validate()
    assert report.valid, report.flatten(["title", "note"])
    about = json.loads((folder / "datapackage.json").read_text("utf-8"))
    assert about["name"] == "town"
    assert about["licenses"][0]["name"] == "notspecified"
    level = next(
        field
        for resource in about["resources"]
        if resource["name"] == "goal"
        for field in resource["schema"]["fields"]
        if field["name"] == "level"
    )
    assert level["title"] == "What kind of goal is it?"
    assert level["constraints"] == {
        "required": True,
        "enum": ["vision", "outcome", "output", "activity"],
    }
    assert "A change for people or places".lower() in level["description"].lower()


def test_the_examples_come_out_as_valid_packages(store: Store, tmp_path: Path) -> None:
    load_examples(store, ROOT / "data")
    for slug in store.partnerships():
        folder = export_partnership(store, slug, tmp_path / slug)
        report = frictionless.Package(str(folder / "datapackage.json")).validate()
        assert report.valid, report.flatten(["title", "note"])
        assert import_paths(store, [folder]).stored == 0


def test_the_schema_finds_what_is_wrong_in_a_file(store: Store, tmp_path: Path) -> None:
    filled(store)
    folder = export_partnership(store, "town", tmp_path / "town")
    goals = folder / "goal.csv"
    goals.write_bytes(goals.read_bytes().replace(b",outcome,", b",outcom,"))
    assert not frictionless.Package(str(folder / "datapackage.json")).validate().valid


def test_a_licence_may_be_stated(store: Store, tmp_path: Path) -> None:
    filled(store)
    licence = {"name": "CC-BY-4.0", "title": "Creative Commons Attribution 4.0"}
    folder = export_partnership(store, "town", tmp_path / "town", licence=licence)
    assert json.loads((folder / "datapackage.json").read_text("utf-8"))["licenses"] == [licence]


def test_the_same_records_give_the_same_bytes(store: Store, tmp_path: Path) -> None:
    filled(store)
    one = export_partnership(store, "town", tmp_path / "one.zip", zipped=True)
    two = export_partnership(store, "town", tmp_path / "two.zip", zipped=True)
    assert one.read_bytes() == two.read_bytes()
    with zipfile.ZipFile(one) as archive:
        assert "town/datapackage.json" in archive.namelist()


def test_what_this_version_cannot_read_is_kept_in_the_history(store: Store, tmp_path: Path) -> None:
    filled(store)
    base = "018f0000-0000-7000-8000-00000000000"
    strange = [
        Revision(f"{base}1", "town", "goals", "goal", f"{base}2", {"name": "x", "new_field": 1}),
        Revision(f"{base}3", "town", "future", "future_kind", f"{base}4", {"a": [1, {"b": None}]}),
    ]
    store.append(strange)
    path = export_partnership(store, "town", tmp_path / "town")
    with Store.open(f"sqlite:///{tmp_path / 'other.db'}") as other:
        summary = import_paths(other, [path])
        assert other.revisions() == store.revisions()
    assert any("2 saved states cannot be read by this version" in note for note in summary.notes)


# Where it lands --------------------------------------------------------------------------------


def test_nothing_is_overwritten_unless_asked_and_never_what_is_no_package(
    store: Store, tmp_path: Path
) -> None:
    filled(store)
    target = tmp_path / "town"
    export_partnership(store, "town", target)
    before = (target / "goal.csv").read_bytes()
    with pytest.raises(InputError, match="there already"):
        export_partnership(store, "town", target)
    (target / "goal.csv").write_text("mine", "utf-8")
    (target / "need.csv").write_text("left over", "utf-8")
    export_partnership(store, "town", target, replace=True)
    assert (target / "goal.csv").read_bytes() == before
    assert not (target / "need.csv").exists(), "never mixed with what was there"
    (target / "letter.txt").write_text("keep me", "utf-8")
    with pytest.raises(InputError, match="more than a data package"):
        export_partnership(store, "town", target, replace=True)
    assert (target / "letter.txt").read_text("utf-8") == "keep me"
    (tmp_path / "photo.jpg").write_bytes(b"jpg")
    for taken, zipped in (
        (tmp_path / "photo.jpg", True),
        (tmp_path / "photo.jpg", False),
        (target, True),
    ):
        with pytest.raises(InputError):
            export_partnership(store, "town", taken, zipped=zipped, replace=True)
    assert (tmp_path / "photo.jpg").read_bytes() == b"jpg"


def test_a_failed_export_leaves_what_was_there_and_nothing_beside_it(
    store: Store, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    filled(store)
    target = export_partnership(store, "town", tmp_path / "out" / "town")
    before = sorted((p.name, p.read_bytes()) for p in target.iterdir())
    real = Path.write_bytes

    def full(self: Path, data: bytes) -> int:
        if self.name == "revisions.jsonl":
            raise OSError(28, "No space left on device")
        return real(self, data)

    monkeypatch.setattr(Path, "write_bytes", full)
    with pytest.raises(InputError, match="could not be written"):
        export_partnership(store, "town", target, replace=True)
    assert sorted((p.name, p.read_bytes()) for p in target.iterdir()) == before
    assert [p.name for p in target.parent.iterdir()] == ["town"]


def test_an_unknown_partnership_is_told_with_those_there_are(store: Store, tmp_path: Path) -> None:
    filled(store)
    with pytest.raises(NotFound) as caught:
        export_partnership(store, "twon", tmp_path / "x")
    assert caught.value.allowed == "town"
    assert not (tmp_path / "x").exists()
