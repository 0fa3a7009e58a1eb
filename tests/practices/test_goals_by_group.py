"""Values for groups: shown with ranges, hidden where few, gaps told where chance does not do."""

from __future__ import annotations

import zipfile
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from playbook_helpers.batch import make_plan, run_plan
from playbook_helpers.core.assessment import Assessment, Context, Head
from playbook_helpers.core.distributions import exact_interval, fisher
from playbook_helpers.core.partnership import Partnership
from playbook_helpers.core.records import Record
from playbook_helpers.core.revisions import new_revision
from playbook_helpers.practices.goals.assess import assess
from playbook_helpers.practices.goals.charts import groups as group_charts
from playbook_helpers.practices.goals.records import Goal, GroupValue, Measurement
from playbook_helpers.practices.kinds import RECORD_TYPES
from playbook_helpers.publish.report import write_reports
from playbook_helpers.storage.database import Store
from playbook_helpers.storage.files.package import package_files
from playbook_helpers.worksheet.shipped import begin_folder

READY = Goal(
    name="Readiness", sentence="Ready.", level="outcome", unit="percent", baseline_value=50,
    baseline_date="2024-09", target_value=65, target_date="2028-09",
)  # fmt: skip


def for_group(group: str, value: float, out_of: int | None, **more: Any) -> GroupValue:
    given = {"date": "2026-09", "by": "Neighbourhood", **more}
    return GroupValue(goal="Readiness", group=group, value=value, out_of=out_of, **given)


def worked_out(*records: Record) -> Assessment:
    heads = [
        Head(f"{n:012d}", f"v{n}", "goals", r.kind, {}, r, client_time=f"2026-10-{n:02}")
        for n, r in enumerate((READY, *records), 1)
    ]
    return assess(heads, Context("town", date(2026, 12, 31)))


def rows(result: Assessment) -> dict[str, Any]:
    return {row["group"]: row for row in result.rows["groups"]}


def test_a_groups_value_is_no_value_of_everybody() -> None:
    result = worked_out(for_group("North", 30, 40), for_group("South", 60, 50))
    assert result.rows["progress"][0]["latest_value"] is None
    whole = worked_out(
        Measurement(goal="Readiness", date="2026-09", value=55), for_group("North", 30, 40)
    )
    assert whole.rows["progress"][0]["latest_value"] == 55
    assert whole.rows["progress"][0]["measurements"] == 1


def test_each_group_has_its_exact_range_and_its_own_target() -> None:
    result = worked_out(for_group("North", 30, 40, target_value=50), for_group("South", 60, 50))
    north, south = rows(result)["North"], rows(result)["South"]
    low, high = exact_interval(12, 40)
    assert (north["low"], north["high"]) == pytest.approx((100 * low, 100 * high))
    assert (north["target"], south["target"]) == (50, 65)


def test_a_gap_is_told_where_chance_does_not_explain_it() -> None:
    # Fisher's own tea, and a common textbook case: 0.4857 and 0.00276.
    assert fisher(3, 4, 1, 4) == pytest.approx(0.4857, abs=1e-4)
    assert fisher(1, 10, 11, 14) == pytest.approx(0.00276, abs=1e-5)
    # 12 of 40 against 30 of 50 lie 30 points apart, each with a standard error of about 10.
    result = worked_out(for_group("North", 30, 40), for_group("South", 60, 50))
    [gap] = [f for f in result.findings if f.code == "group_gap"]
    assert "North at 30% of 40 people (17% to 47%), all others at 60%" in gap.sentence
    [chart] = group_charts(result)
    assert "North and South lie apart from the rest" in chart.title
    # 16 of 40 against 25 of 50: p = 0.40.
    near = worked_out(for_group("North", 40, 40), for_group("South", 50, 50))
    assert not [f for f in near.findings if f.code == "group_gap"]
    assert group_charts(near)[0].title.endswith(
        "no group lies apart from the rest by more than chance"
    )


def test_few_people_are_never_shown_nor_what_would_give_them_away() -> None:
    result = worked_out(
        for_group("Hill", 50, 4), for_group("North", 30, 40), for_group("South", 60, 50),
        for_group("Unsaid", 20, None),
    )  # fmt: skip
    told = rows(result)
    assert told["Hill"]["value"] is None
    assert told["Unsaid"]["hidden"] == "nobody has said of how many people"
    # Hill alone could be worked out from the total: the next by name is hidden with it.
    assert told["North"]["value"] is None
    assert told["South"]["value"] == 60
    assert "4" not in str(told["Hill"]["n"])


@pytest.mark.parametrize(("value", "shown"), [(2.5, False), (97.5, False), (5, True), (0, True)])
def test_a_share_of_one_single_person_is_hidden(value: float, shown: bool) -> None:
    # Of 40 people 2.5 % is one of them, and 97.5 % all but one.
    told = rows(worked_out(for_group("North", value, 40), for_group("South", 60, 50)))
    assert (told["North"]["value"] is not None) == shown


def test_only_the_latest_date_is_compared() -> None:
    result = worked_out(
        for_group("North", 10, 40, date="2025-09"), for_group("North", 55, 40),
        for_group("South", 60, 50),
    )  # fmt: skip
    assert rows(result)["North"]["value"] == 55
    assert len(result.rows["groups"]) == 2


def test_what_pages_withhold_is_in_no_package_that_anybody_may_read() -> None:
    """Two of five in a small group: the report hides it, so its open data may not tell it."""
    small = GroupValue(goal="Places", date="2026", by="Language", group="Sami", value=50, out_of=4)
    revisions = [new_revision("town", Partnership(name="Town")), new_revision("town", small)]
    public = package_files("town", revisions, public=True)
    assert "group_value.csv" not in public
    assert "Sami" not in str(public)
    assert "Sami" in str(package_files("town", revisions))
    withheld = {kind for kind, type_ in RECORD_TYPES.items() if type_.withheld}
    assert withheld == {"group_count", "group_value"}


def test_no_report_tells_what_a_small_group_said(tmp_path: Path) -> None:
    """Every file of a report that is published, with what its zip holds."""
    root = tmp_path / "home"
    begin_folder(root)
    goal = Goal(name="Places", sentence="More places.", level="outcome", unit="percent")
    values = [("Sami", 43.21, 4), ("Polish", 51.0, 61), ("English", 62.0, 90)]
    told = [
        GroupValue(goal="Places", date="2026", by="Language", group=name, value=value, out_of=n)
        for name, value, n in values
    ]
    with Store.open(f"sqlite:///{root / 'playbook.db'}") as store:
        records = [Partnership(name="Town"), goal, *told]
        store.append([new_revision("town", record) for record in records])
        plan = make_plan(root, store, worksheets=["goals"])
        assert not run_plan(plan).failed
        write_reports(root, store)
    found = []
    for path in (root / "_build" / "reports" / "town").rglob("*"):
        if path.suffix == ".zip":
            with zipfile.ZipFile(path) as packed:
                found += [packed.read(name).decode() for name in packed.namelist()]
        elif path.is_file():
            found.append(path.read_text("utf-8"))
    assert any("Polish" in text for text in found)
    assert not [text[:80] for text in found if "43.21" in text]
