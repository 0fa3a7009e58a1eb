"""Numbers, years and files that cannot be meant are refused in words, and stop nobody else."""

from __future__ import annotations

import json
import zipfile
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from pydantic import ValidationError

from playbook_helpers.core.as_of import read_day
from playbook_helpers.core.errors import InputError
from playbook_helpers.core.partnership import Partnership
from playbook_helpers.core.records import fields_of
from playbook_helpers.core.revisions import Revision, from_json, new_revision
from playbook_helpers.practices.goals import Goal, Measurement
from playbook_helpers.practices.kinds import RECORD_TYPES
from playbook_helpers.publish.portfolio import digest as digest_module
from playbook_helpers.publish.portfolio import write_portfolio
from playbook_helpers.storage.database import Store
from playbook_helpers.storage.files import dates, import_paths
from playbook_helpers.storage.files.answers import read_answers, read_history
from playbook_helpers.storage.files.bundles import bundles_at
from playbook_helpers.storage.files.numbers import read_number
from playbook_helpers.storage.files.problems import CellError
from playbook_helpers.worksheet.forms import form_description

ROOT = Path(__file__).parents[1]
ABSURD = (1e308, -1e308, 1e16, 5e-324, 1e-10)
NUMBERS = [
    (type_, spec)
    for type_ in RECORD_TYPES.values()
    for spec in fields_of(type_)
    if spec.type in ("number", "whole")
]


@pytest.mark.parametrize(("type_", "spec"), NUMBERS, ids=lambda v: getattr(v, "name", ""))
def test_no_field_takes_a_number_that_nothing_in_the_world_has(type_: Any, spec: Any) -> None:
    for number in ABSURD:
        given = int(number) if spec.type == "whole" else number
        if given == 0:
            continue
        with pytest.raises(ValidationError) as caught:
            type_.model_validate({spec.name: given})
        wrong = [error for error in caught.value.errors() if error["loc"] == (spec.name,)]
        assert wrong, (spec.name, given)
    kinds = form_description(type_.practice or "overview", [type_.kind])["kinds"]
    (asked,) = [field for field in kinds[0]["fields"] if field["name"] == spec.name]
    assert asked["high"] <= 1e15, "the form says so at once"
    assert asked["low"] is not None or asked["above"] is not None


def test_an_absurd_number_is_named_with_what_is_allowed() -> None:
    with pytest.raises(ValidationError, match=r"cannot be 1e\+308: numbers go from -1e15 to 1e15"):
        Measurement(goal="Reading", date="2026", value=1e308)
    for text in ("1e308", "1e400", "-1e16", "1e-12"):
        with pytest.raises(CellError, match=r"is too (large|small) a number") as caught:
            read_number(text, ".")
        assert "from -1e15 to 1e15" in caught.value.allowed
    assert read_number("8,200,000,000", ".") == 8.2e9


@pytest.mark.parametrize("when", ["9999-12-31", "9999", "3000-01", "1499", "0001-01-01"])
def test_years_that_no_partnership_sees_are_refused(when: str) -> None:
    with pytest.raises(ValidationError, match="years from 1500 to 2999 can be named"):
        Partnership(name="A", facts_until=when)
    with pytest.raises(CellError, match="too far away"):
        dates.read_when(when)
    if len(when) == 10:
        for given in (when, date.fromisoformat(when)):
            with pytest.raises(InputError, match="too far away") as caught:
                read_day(given)
            assert caught.value.value == when
    assert Partnership(name="A", facts_until="1500").facts_until == "1500"


def revision(**changes: Any) -> dict[str, Any]:
    goal = Goal(name="Reading", sentence="More.", level="outcome")
    return new_revision("our-town", goal).to_json() | changes


def answers(*revisions: dict[str, Any]) -> bytes:
    content = {"format": "playbook-answers/1", "partnership": "our-town", "practice": "goals"}
    return json.dumps(content | {"revisions": list(revisions)}).encode()


@pytest.mark.parametrize("moment", ["9999-12-31T00:00:00Z", "1970-01-01T00:00:00Z", "0001"])
def test_a_time_that_no_clock_shows_is_refused(moment: str) -> None:
    with pytest.raises(InputError, match="client_time is too far away") as caught:
        from_json(revision(client_time=moment))
    assert (caught.value.value, caught.value.allowed) == (
        moment,
        "a time from the years 2000 to 2999",
    )
    assert read_answers("f", answers(revision(client_time=moment))).problems


def test_a_version_that_there_is_not_is_refused() -> None:
    with pytest.raises(InputError, match="'schema_version' is wrong") as caught:
        from_json(revision(schema_version=9999))
    assert caught.value.value == 9999
    (problem,) = read_answers("f", answers(revision(schema_version=2))).problems
    assert "newer version of the playbook" in problem.what
    assert problem.value == "2"


def test_a_name_that_stands_twice_is_refused() -> None:
    twice = answers(revision()).replace(b'"deleted": false', b'"deleted": false, "deleted": true')
    with pytest.raises(InputError, match="says one thing twice") as caught:
        read_answers("f", twice)
    assert caught.value.value == "deleted"
    line = json.dumps(revision()).replace('"name": ', '"name": "Other", "name": ')
    (problem,) = read_history("f", line.encode(), "our-town").problems
    assert "says one thing twice" in problem.what


def test_a_link_to_itself_is_told(tmp_path: Path) -> None:
    (tmp_path / "goal.csv").write_text("name\n", "utf-8")
    (tmp_path / "loop.csv").symlink_to("loop.csv")
    with pytest.raises(InputError, match="leads out of it or nowhere") as caught:
        bundles_at(tmp_path)
    assert "loop.csv" in str(caught.value.value)
    (tmp_path / "loop.csv").unlink()
    (tmp_path / "self").symlink_to(tmp_path, target_is_directory=True)
    assert [file.name for bundle in bundles_at(tmp_path) for file in bundle.files] == ["goal.csv"]


def test_an_archive_of_many_files_is_opened_once(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "many.zip"
    with zipfile.ZipFile(path, "w") as archive:
        for number in range(1900):
            archive.writestr(f"p/{number}.csv", f"a\n{number}\n")
    opened: list[object] = []

    class Counted(zipfile.ZipFile):
        def __init__(self, *args: Any, **more: Any) -> None:
            opened.append(args)
            super().__init__(*args, **more)

    monkeypatch.setattr(zipfile, "ZipFile", Counted)
    files = [file for bundle in bundles_at(path) for file in bundle.files]
    assert {file.read() for file in files} == {f"a\n{n}\n".encode() for n in range(1900)}
    assert len(opened) == 1


# Nobody else is stopped --------------------------------------------------------------------------


@pytest.fixture
def store(tmp_path: Path) -> Any:
    """Three partnerships; in one a version before this has stored a number without sense."""
    with Store.open(f"sqlite:///{tmp_path / 'playbook.db'}") as opened:
        revisions: list[Revision] = []
        for slug in ("east", "odd", "west"):
            revisions.append(new_revision(slug, Partnership(name=slug.title())))
            goal = Goal(name="Reading", sentence="M.", level="outcome", target_value=9)
            revisions.append(new_revision(slug, goal))
        absurd = new_revision("odd", Measurement(goal="Reading", date="2026", value=1))
        revisions.append(replace(absurd, payload={**absurd.payload, "value": 1e308}))
        opened.append(revisions)
        yield opened


def test_one_absurd_number_in_an_old_store_stops_no_portfolio(tmp_path: Path, store: Store) -> None:
    written = write_portfolio(tmp_path, store, today=date(2026, 6, 1))
    assert (written.partnerships, written.failed) == (3, {})
    rows = (written.page.parent / "partnerships.csv").read_text("utf-8").splitlines()
    assert "Cards to settle or to mend" in next(row for row in rows if "Odd" in row)


def test_a_partnership_that_cannot_be_worked_out_is_one_row_that_says_so(
    tmp_path: Path, store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    real = digest_module.goal_lines

    def fails(heads: Any, context: Any) -> Any:
        if context.slug == "odd":
            raise OverflowError("year 10000 <b>")
        return real(heads, context)

    monkeypatch.setattr(digest_module, "goal_lines", fails)
    written = write_portfolio(tmp_path, store, today=date(2026, 6, 1))
    cause = "Could not be worked out (OverflowError: year 10000 <b>)"
    assert written.failed == {"odd": cause}
    assert f"Failed: odd: {cause}" in written.text()
    rows = (written.page.parent / "partnerships.csv").read_text("utf-8").splitlines()
    assert cause in next(row for row in rows if "Odd" in row)
    assert written.goals == 2
    page = written.page.read_text("utf-8")
    assert "year 10000" in page
    assert "year 10000 <b>" not in page


def test_a_file_with_an_absurd_number_names_its_cell(tmp_path: Path) -> None:
    file = tmp_path / "measurement.csv"
    file.write_text("goal,date,value\nReading,2026,1e308\nReading,9999-12-31,5\n", "utf-8")
    with Store.open(f"sqlite:///{tmp_path / 'own.db'}") as store:
        store.append([new_revision("our-town", Partnership(name="Our Town"))])
        with pytest.raises(InputError) as caught:
            import_paths(store, [file], partnership="our-town")
    told = str(caught.value)
    assert "1e308" in told
    assert "9999-12-31" in told
    assert "1500 to 2999" in told
