"""The example of 151 areas on the site: one batch for two stores, and nothing done twice."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

import pytest

from playbook_helpers.batch import joined, make_plan, run_plan
from playbook_helpers.publish.report import write_reports
from playbook_helpers.publish.site.areas import open_areas, plan_areas
from playbook_helpers.publish.site.build import assemble_site
from playbook_helpers.storage.database import Store
from playbook_helpers.storage.files import load_examples
from playbook_helpers.storage.files.areas import FOLDER, SAMPLE, load_areas
from playbook_helpers.worksheet.project import areas_folder

ROOT = Path(__file__).parents[1]


@pytest.fixture
def project(tmp_path: Path) -> Path:
    """A folder with the worksheets and the table, and nothing made yet."""
    for name in ("worksheets", f"data/{FOLDER}"):
        shutil.copytree(ROOT / name, tmp_path / name)
    return tmp_path


def test_each_task_of_a_joined_plan_reads_its_own_store(project: Path) -> None:
    """A batch tells its processes one store; two plans in one must not mix them up."""
    with (
        Store.open(f"sqlite:///{project / 'areas.db'}") as areas,
        Store.open(f"sqlite:///{project / 'examples.db'}") as examples,
    ):
        load_areas(areas, ROOT)
        load_examples(examples, ROOT / "data")
        plans = [
            make_plan(
                project, store, partnerships=[slug], worksheets=["goals"], folder=project / at
            )
            for store, slug, at in (
                (examples, "strive-partnership", "reports"),
                (areas, "area-barnet", "areas"),
            )
        ]
        summary = run_plan(joined(*plans), workers=2)
        assert [o.status for o in summary.outcomes] == ["done", "done"], summary.text()
        written = write_reports(project, areas, ["area-barnet"], folder=project / "areas")
    assert written.home == project / "areas" / "index.html"
    assert not written.failed
    page = (project / "areas" / "area-barnet" / "goals.html").read_text("utf-8")
    assert "An exercise, not a goal that anybody wrote down" in page
    assert "74% of the way" in page
    assert len(page) < 500_000
    facts = json.loads((project / "areas" / "area-barnet" / "report.json").read_text("utf-8"))
    assert (facts["name"], facts["to_act_on"]) == ("Barnet (area figures)", 0)
    strive = (project / "reports" / "strive-partnership" / "goals.ipynb").read_text("utf-8")
    assert "StrivePartnership" in strive


def test_the_store_of_the_areas_is_filled_once_and_anew_when_the_table_changes(
    project: Path,
) -> None:
    with open_areas(project) as store:
        before = store.revisions("area-barnet")
        assert len(store.partnerships()) == 151
        plan = plan_areas(project, store)
        assert {task.partnership for task in plan.tasks} == set(SAMPLE)
        assert all(areas_folder(project) in task.target.parents for task in plan.tasks)
    with open_areas(project) as store:
        assert store.revisions("area-barnet") == before
    table = project / "data" / FOLDER / "early_learning_by_local_authority.csv"
    table.write_text(
        table.read_text("utf-8").replace("Barnet,E09000003,,,,73.4", "Barnet,,,,,73.5")
    )
    with open_areas(project) as store:
        values = [r.payload.get("value") for r in store.revisions("area-barnet")]
        assert 73.5 in values
        assert 73.4 not in values, "a changed example is no history of anybody's"


def test_the_site_has_the_areas_beside_the_reports(project: Path) -> None:
    (project / "data" / "example").mkdir()
    (project / "data" / "example" / "datapackage.json").write_text("{}", "utf-8")
    for name in ("html", "reports/example", "reports/town", "areas/reports/area-barnet"):
        folder = project / "_build" / name
        folder.mkdir(parents=True)
        (folder / "index.html").write_text(name, "utf-8")
    (project / "_build" / "areas" / "areas.db").write_text("", "utf-8")
    site = assemble_site(project)
    assert (site / "areas" / "reports" / "area-barnet" / "index.html").is_file()
    assert (site / "reports" / "example" / "index.html").is_file()
    assert not (site / "reports" / "town").exists(), "nobody named it"
    assert not list(site.rglob("*.db"))
