"""The early years figures of England's local authorities: real values, and no bridged break.

Expected values are read from the published table by hand.
"""

from __future__ import annotations

import csv
from collections import Counter
from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from playbook_helpers.core.assessment import Assessment, Context, Head, current, of_type
from playbook_helpers.core.errors import NotFound
from playbook_helpers.core.partnership import Partnership
from playbook_helpers.practices.goals import Goal
from playbook_helpers.practices.goals.whose import EXERCISE, READING
from playbook_helpers.practices.kinds import practice_named
from playbook_helpers.storage.database import Store
from playbook_helpers.storage.files import load_examples
from playbook_helpers.storage.files.areas import FOLDER, SAMPLE, load_areas
from playbook_helpers.storage.files.mapping import read_mapping

ROOT = Path(__file__).parents[1]
DATA = ROOT / "data" / FOLDER
OLD = "Exercise: halve the rest, 2013 to 2019"
NEW = "At the expected level, as counted from 2022"


@pytest.fixture(scope="module")
def store(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Store]:
    path = tmp_path_factory.mktemp("areas") / "areas.db"
    with Store.open(f"sqlite:///{path}") as opened:
        load_areas(opened, ROOT)
        yield opened


@pytest.fixture(scope="module")
def heads(store: Store) -> dict[str, list[Head]]:
    return {slug: store.heads(slug) for slug in store.partnerships()}


def values(heads: list[Head], goal: str) -> dict[str, float]:
    held = [h.payload for h in heads if h.kind == "measurement" and h.payload["goal"] == goal]
    return {m["date"]: m["value"] for m in held}


def assessed(slug: str, heads: list[Head]) -> Assessment:
    about = of_type(current(heads), Partnership)[0][1]
    context = Context(slug, date(2022, 6, 30), about, ())
    return practice_named("goals").assess(heads, context)


def rows(slug: str, heads: list[Head]) -> dict[str, dict[str, Any]]:
    return {str(r["name"]): dict(r) for r in assessed(slug, heads).rows["progress"]}


def published() -> list[dict[str, str]]:
    path = DATA / "early_learning_by_local_authority.csv"
    with path.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def test_there_are_151_areas_148_of_them_with_the_old_series(heads: dict[str, list[Head]]) -> None:
    assert len(heads) == 151
    goals = Counter(h.payload["name"] for held in heads.values() for h in held if h.kind == "goal")
    assert goals == {OLD: 148, NEW: 151}
    without = {slug for slug, held in heads.items() if not values(held, OLD)}
    assert without == {
        "area-bournemouth-christchurch-and-poole",
        "area-north-northamptonshire",
        "area-west-northamptonshire",
    }


def test_an_areas_values_are_those_published(heads: dict[str, list[Head]]) -> None:
    barnet = heads["area-barnet"]
    assert values(barnet, OLD) == {
        "2013-06": 57.8,
        "2014-06": 64.1,
        "2015-06": 66.7,
        "2016-06": 67.6,
        "2017-06": 71.8,
        "2018-06": 73.3,
        "2019-06": 73.4,
    }
    assert values(barnet, NEW) == {"2022-06": 62.9}
    # Written in two ways in the table, and one area.
    hereford = heads["area-herefordshire"]
    assert values(hereford, OLD)["2019-06"] == 75.2
    assert values(hereford, NEW) == {"2022-06": 70.8}


def test_every_published_value_of_these_areas_is_there_once(heads: dict[str, list[Head]]) -> None:
    gone = {"Bournemouth", "Poole", "Northamptonshire", "Isles of Scilly", ""}
    rows = [row for row in published() if row["local_authority"] not in gone]
    merged = [
        row for row in rows if row["local_authority"] == "Bournemouth, Christchurch and Poole"
    ]
    assert [row["year"] for row in merged] == ["2018/19", "2021/22"]
    expected = Counter(float(row["value_percent"]) for row in rows)
    # Its one old value has no baseline before it, so that no goal could be made of it.
    expected[73.3] -= 1
    stored = Counter(
        h.payload["value"] for held in heads.values() for h in held if h.kind == "measurement"
    )
    assert stored == +expected


def test_progress_worked_by_hand(heads: dict[str, list[Head]]) -> None:
    """Barnet: from 57.8 half of the way to 100 is 78.9; 73.4 is 15.6 of 21.1 points."""
    row = rows("area-barnet", heads["area-barnet"])[OLD]
    assert (row["baseline_value"], row["target_value"], row["latest_value"]) == (57.8, 78.9, 73.4)
    assert row["percent"] == pytest.approx(100 * 15.6 / 21.1)
    assert row["status"] == "improving"
    # 40.5 to 70.3 (70.25 rounded up): 71.8 in 2018 was above it, 70.0 in 2019 is not.
    wight = rows("area-isle-of-wight", heads["area-isle-of-wight"])[OLD]
    assert wight["status"] == "met_then_lost"
    # 40.6 to 70.3, reached with 80.3.
    assert rows("area-richmond-upon-thames", heads["area-richmond-upon-thames"])[OLD][
        "percent"
    ] == pytest.approx(100 * (80.3 - 40.6) / (70.3 - 40.6))


def test_nothing_leads_across_the_break(heads: dict[str, list[Head]]) -> None:
    for slug, held in heads.items():
        found = rows(slug, held)
        old, new = found.get(OLD), found[NEW]
        if old is not None:
            assert (old["latest_date"], old["broken"]) == ("2019-06", False), slug
            assert set(values(held, OLD)) == {f"{year}-06" for year in range(2013, 2020)}, slug
        # One value, the baseline: no movement, no pace, no word on getting better or worse.
        assert (new["baseline_date"], new["latest_value"]) == ("2022-06", None), slug
        assert (new["percent"], new["achieved_per_year"], new["pace"]) == (None, None, None), slug
        assert (new["status"], new["target_value"]) == ("no_target", None), slug
        breaks = {
            h.payload["date"] for h in held if h.kind == "measurement" and h.payload["series_break"]
        }
        assert breaks == {"2022-06"}, slug


def test_no_area_is_made_to_say_what_it_never_said(heads: dict[str, list[Head]]) -> None:
    for slug, held in heads.items():
        assert slug.startswith("area-")
        (about,) = [h.value for h in held if isinstance(h.value, Partnership)]
        assert about.name.endswith(" (area figures)")
        assert "no partnership" in (about.purpose or "")
        assert not about.invented, "the figures are real"
        for goal in (h.value for h in held if isinstance(h.value, Goal)):
            assert goal.sentence.startswith(EXERCISE if goal.target_value else READING)
            assert goal.name.startswith("Exercise: ") == (goal.target_value is not None)
            assert "Open Government Licence" in (goal.source or "")
            assert "Nobody in the area" in (goal.note or "") or "nobody in the area" in (
                goal.note or ""
            )
            assert goal.owner_role is None
            assert goal.owner_organisation is None
            assert goal.confidence is None


def test_what_is_found_about_them_asks_nobody_for_anything(heads: dict[str, list[Head]]) -> None:
    statuses: Counter[str] = Counter()
    for slug, held in heads.items():
        assessment = assessed(slug, held)
        assert {f.severity for f in assessment.findings} <= {"note", "good", "look"}, slug
        statuses.update(str(r["status"]) for r in assessment.rows["progress"] if r["name"] == OLD)
    assert statuses == {"improving": 122, "met": 24, "met_then_lost": 2}


def test_loading_again_stores_nothing(store: Store) -> None:
    before = store.fingerprints(store.partnerships())
    summary = load_areas(store, ROOT)
    assert (summary.stored, summary.new, summary.changed) == (0, 0, 0)
    assert summary.unchanged == 151 + 148 + 151 + 148 + 151 + 148 * 7 + 151
    assert store.fingerprints(store.partnerships()) == before


def test_the_examples_of_the_guide_do_not_bring_the_areas_along(tmp_path: Path) -> None:
    with Store.open(f"sqlite:///{tmp_path / 'store.db'}") as opened:
        load_examples(opened, ROOT / "data")
        assert not [slug for slug in opened.partnerships() if slug.startswith("area-")]
        with pytest.raises(NotFound):
            load_areas(opened, tmp_path)


def test_the_areas_that_are_shown_are_there(heads: dict[str, list[Head]]) -> None:
    assert set(SAMPLE) < set(heads)


def test_the_mapping_says_what_it_leaves_out_and_why() -> None:
    mapping = read_mapping(DATA / "mapping.toml")
    assert [len(pick.because) > 40 for pick in mapping.picks] == [True] * 3
    text = (DATA / "README.md").read_text("utf-8")
    for words in ("Open Government Licence v3.0", "Office for National Statistics", "exercise"):
        assert words in text
    assert f"{len(published()):,} rows" in text
