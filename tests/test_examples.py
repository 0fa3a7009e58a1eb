"""The example partnerships: every row is sound, cited or marked invented, and says what it cites.

Values are those of the cited publications, written here by hand, or sums worked out from them.
"""

from __future__ import annotations

import csv
import json
import re
import warnings
from collections import defaultdict
from typing import Any

import pytest
from example_records import DATA, INVENTED, PACKAGES, REAL, assessed, records

from playbook_helpers.core.assessment import Assessment
from playbook_helpers.core.records import Record, fields_of
from playbook_helpers.practices.goals import Goal
from playbook_helpers.practices.kinds import RECORD_TYPES
from playbook_helpers.storage.files.descriptor import describe

OURS = "Our reading, not a goal that anybody wrote down: "


def of_kind(slug: str, kind: str) -> list[Any]:
    return [record for record in records(slug) if record.kind == kind]


def goal(slug: str, name: str) -> Goal:
    return next(g for g in of_kind(slug, "goal") if g.name == name)


def measured(slug: str, name: str) -> dict[str, float]:
    return {m.date: m.value for m in of_kind(slug, "measurement") if m.goal == name}


def codes(assessment: Assessment) -> set[str]:
    return {finding.code for finding in assessment.findings}


# Every package ---------------------------------------------------------------------------------


def test_these_are_the_examples() -> None:
    assert sorted(path.parent.name for path in DATA.glob("*/datapackage.json")) == sorted(PACKAGES)


@pytest.mark.parametrize("slug", PACKAGES)
def test_every_row_is_read_without_a_problem(slug: str) -> None:
    for path in (DATA / slug).glob("*.csv"):
        with path.open(encoding="utf-8", newline="") as file:
            rows = sum(1 for _ in csv.DictReader(file))
        assert rows == len(of_kind(slug, path.stem)) > 0


@pytest.mark.parametrize("slug", PACKAGES)
def test_keys_are_unique_and_names_lead_somewhere(slug: str) -> None:
    names: dict[str, set[str]] = defaultdict(set)
    for record in records(slug):
        if record.key:
            assert record.key_text() not in names[record.kind], record.mention()
            names[record.kind].add(record.key_text())
    for record in records(slug):
        for spec in fields_of(type(record)):
            value = getattr(record, spec.name)
            if spec.type == "reference" and value is not None:
                assert value.casefold() in names[spec.entry.refers_to], (record.mention(), value)


@pytest.mark.parametrize("slug", PACKAGES)
def test_there_is_one_partnership_with_a_date_up_to_which_it_is_known(slug: str) -> None:
    (about,) = of_kind(slug, "partnership")
    assert about.facts_until is not None
    assert about.currency in ("USD", "GBP")


@pytest.mark.parametrize("slug", PACKAGES)
def test_the_data_package_describes_its_files(slug: str) -> None:
    content = json.loads((DATA / slug / "datapackage.json").read_text(encoding="utf-8"))
    (about,) = of_kind(slug, "partnership")
    assert (content["name"], content["title"]) == (slug, about.name)
    assert content["licenses"][0]["name"] == "CC-BY-4.0"
    files = {resource["path"] for resource in content["resources"]}
    assert files == {path.name for path in (DATA / slug).glob("*.csv")}, "name each file in it"
    types = [RECORD_TYPES[resource["name"]] for resource in content["resources"]]
    written = describe(slug, types, {})["resources"]
    for here, now in zip(content["resources"], written, strict=False):
        own = [f for f in now["schema"]["fields"] if f["name"] not in ("record", "revision")]
        assert here["schema"]["fields"] == own, "take the fields from what `playbook export` writes"
        header = (DATA / slug / here["path"]).read_text(encoding="utf-8").splitlines()[0]
        assert header.split(",") == [f["name"] for f in own]


@pytest.mark.parametrize("slug", PACKAGES)
def test_frictionless_finds_the_package_valid(slug: str) -> None:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # of the library's own making
        from frictionless import validate

        report = validate(str(DATA / slug / "datapackage.json"))
    assert report.valid, report.flatten(["name", "rowNumber", "fieldName", "message"])


# Real and invented -----------------------------------------------------------------------------


CITING = ("source", "evidence")


def cited(record: Record) -> str:
    """What a record says of where it comes from; a note counts where there is no such field."""
    fields = [name for name in CITING if name in type(record).model_fields] or ["note"]
    return " ".join(str(getattr(record, name, None) or "") for name in fields)


def cites(record: Record) -> bool:
    """Whether records of this type can say where they come from."""
    return not {*CITING, "note"}.isdisjoint(type(record).model_fields)


@pytest.mark.parametrize("slug", REAL)
def test_every_row_of_a_real_partnership_names_publisher_title_and_year(slug: str) -> None:
    dated = re.compile(r"\w, .+\((?:about )?(?:[^()]*\b\d{4}|no date)\)|, 2011-2018 \(")
    for record in filter(cites, records(slug)):
        words = cited(record)
        follows = "It follows from the difference" in words
        assert dated.search(words) or follows, (record.mention(), words)


@pytest.mark.parametrize("slug", REAL)
def test_a_real_partnership_is_told_from_its_listed_sources_and_no_other(slug: str) -> None:
    """Each address in a row is one of the package's sources, and each source is used in a row."""
    content = json.loads((DATA / slug / "datapackage.json").read_text(encoding="utf-8"))
    words = " ".join(f"{cited(record)} {getattr(record, 'note', '')}" for record in records(slug))
    listed = {source["path"] for source in content["sources"] if "path" in source}
    addresses = {found.rstrip(".") for found in re.findall(r"https?://[^\s;,)]+", words)}
    assert addresses == listed
    for source in content["sources"]:
        assert source["title"] in words, source["title"]


def test_no_source_links_a_copy() -> None:
    copies = ("studylib", "scribd", "docslib", "slideshare", "pdfslide", "weblink", "docplayer")
    for path in DATA.rglob("*.*"):
        text = path.read_text(encoding="utf-8").lower()
        assert not [host for host in copies if host in text], path


@pytest.mark.parametrize("slug", REAL)
def test_needs_of_real_partnerships_say_that_they_are_our_reading(slug: str) -> None:
    assert all(need.source.startswith("Our reading of the facts") for need in of_kind(slug, "need"))


@pytest.mark.parametrize("slug", REAL)
def test_no_target_is_put_into_anybodys_mouth(slug: str) -> None:
    """A goal that nobody wrote down has no target, date or owner."""
    for each in of_kind(slug, "goal"):
        if each.sentence.startswith(OURS):
            assert (each.target_value, each.target_date, each.owner_organisation) == (None,) * 3


@pytest.mark.parametrize("slug", REAL)
def test_a_baseline_that_nobody_published_says_derived(slug: str) -> None:
    derived = {
        "100,000 homes": 0,
        "Chronic homelessness": 114294,
        "Kindergarten readiness, Newport": 60,
        "Kindergarten readiness, Covington": 63,
        "BMI z-score": 0,
        "Weight gained": 0,
    }
    for each in of_kind(slug, "goal"):
        if each.name in derived:
            assert each.baseline_value == derived[each.name]
            assert "DERIVED baseline" in each.note or "DERIVED: sums" in each.note
        else:
            assert "DERIVED baseline" not in (each.note or "")


def test_the_invented_partnership_says_so_in_its_name_and_on_every_row() -> None:
    (about,) = of_kind(INVENTED, "partnership")
    assert about.invented
    assert "invented" in about.name
    rows = filter(cites, records(INVENTED))
    assert all("invented for practice" in cited(record).lower() for record in rows)


@pytest.mark.parametrize("slug", REAL)
def test_the_real_ones_are_not_marked_invented(slug: str) -> None:
    assert not of_kind(slug, "partnership")[0].invented
    assert not any("invented" in cited(record).lower() for record in records(slug))


# Published figures -----------------------------------------------------------------------------


def test_figures_of_the_strive_partnership() -> None:
    slug = "strive-partnership"
    cincinnati = goal(slug, "Kindergarten readiness, Cincinnati")
    assert (cincinnati.baseline_value, cincinnati.baseline_date) == (44, "2005")
    assert (cincinnati.target_value, cincinnati.target_date) == (85, "2020")
    assert measured(slug, cincinnati.name) == {"2011": 53, "2014": 57}
    assert measured(slug, "Kindergarten readiness, Newport") == {"2011": 72}
    assert measured(slug, "Kindergarten readiness, Covington") == {"2011": 67}
    improving = goal(slug, "Measures that improve")
    assert (improving.baseline_value, improving.baseline_date) == (68, "2009")
    assert measured(slug, improving.name) == {"2010": 74, "2011": 81, "2012": 85, "2016": 80}
    assert cincinnati.owner_role is None
    assert cincinnati.owner_organisation is None


def test_figures_of_the_100000_homes_campaign() -> None:
    slug = "100000-homes"
    homes = goal(slug, "100,000 homes")
    assert (homes.target_value, homes.target_date) == (100_000, "2014-07")
    assert measured(slug, homes.name) == {
        "2013-04": 44_000,
        "2014-06-11": 101_628,
        "2014": 105_580,
    }
    assert goal(slug, "2.5% a month").target_value == 2.5
    pairs = {
        "San Diego: people housed": (14, 32),
        "San Antonio: days to a home": (207, 71),
        "Detroit: days to a home": (113, 20),
        "Atlanta: vouchers to those longest without a home": (26, 93),
    }
    for name, (before, after) in pairs.items():
        assert goal(slug, name).baseline_value == before
        assert goal(slug, name).baseline_date is None, "the source gives no date"
        assert measured(slug, name) == {"2014": after}


def test_counts_of_chronic_homelessness_are_the_sums_of_their_kinds_of_area() -> None:
    """Sums over 384 areas: 114,294 people in 2011, 96,702 in 2014, 95,027 in 2018."""
    sums: dict[str, int] = defaultdict(int)
    areas: dict[str, int] = defaultdict(int)
    path = DATA / "derived" / "hud_chronic_by_kind_of_area.csv"
    with path.open(encoding="utf-8", newline="") as file:
        for row in csv.DictReader(file):
            sums[row["year"]] += int(row["people_chronically_homeless"])
            areas[row["year"]] += int(row["areas"])
    published = (114294, 107896, 100138, 96702, 94069, 84061, 93226, 95027)
    assert tuple(sums.values()) == published
    assert set(areas.values()) == {384}
    chronic = goal("100000-homes", "Chronic homelessness")
    series = measured("100000-homes", chronic.name)
    assert {chronic.baseline_date: chronic.baseline_value, **series} == sums
    notes = [m.note for m in of_kind("100000-homes", "measurement") if m.goal == chronic.name]
    assert all(note.startswith("DERIVED") for note in notes)


def test_figures_of_shape_up_somerville() -> None:
    slug = "shape-up-somerville"
    assert measured(slug, "BMI z-score") == {"2005": -0.06}
    assert measured(slug, "Weight gained") == {"2004-06": -1}
    overweight = goal(slug, "Overweight or at risk")
    assert overweight.baseline_value == 46
    assert "44%" in (overweight.note or ""), "the second source stands beside the first"
    money = {o.partner: o.amount for o in of_kind(slug, "offer") if o.type == "money"}
    assert money["Centers for Disease Control and Prevention"] == 1_500_000
    assert {f.name: f.amount for f in of_kind(slug, "fund")}["Further grants"] == 1_500_000
    (produce,) = [o for o in of_kind(slug, "offer") if o.type == "goods"]
    assert (produce.partner, produce.amount) == ("Whole Foods", 35_000)


# What the worksheets make of them --------------------------------------------------------------


def test_strive_is_at_32_percent_of_the_way_and_behind() -> None:
    """(57 - 44) / (85 - 44) = 31.7%; 13 points in 9 years, 28 to go in 6: 1.44 and 4.67 a year."""
    rows = assessed("strive-partnership", "goals").rows["progress"]
    (row,) = [r for r in rows if r["name"] == "Kindergarten readiness, Cincinnati"]
    assert row["percent"] == pytest.approx(100 * 13 / 41)
    assert row["achieved_per_year"] == pytest.approx(13 / 9)
    assert row["needed_per_year"] == pytest.approx(28 / 6)
    assert (row["status"], row["pace"], row["owner"]) == ("improving", "behind", "")


def test_the_campaign_met_its_output_while_the_outcome_fell_by_15_percent() -> None:
    """114,294 to 96,702 from 2011 to 2014: 15.4% fewer."""
    rows = {r["name"]: r for r in assessed("100000-homes", "goals").rows["progress"]}
    homes, chronic = rows["100,000 homes"], rows["Chronic homelessness"]
    assert (homes["level"], homes["status"], homes["latest_value"]) == ("output", "met", 105_580)
    assert (chronic["level"], chronic["status"]) == ("outcome", "no_target")
    assert chronic["latest_date"] == "2014"
    fall = 100 * (114294 - float(chronic["latest_value"] or 0)) / 114294
    assert round(fall, 1) == 15.4


def test_somerville_has_no_target_and_its_grant_has_all_arrived() -> None:
    rows = assessed("shape-up-somerville", "goals").rows["progress"]
    assert {row["status"] for row in rows} == {"no_target"}
    needs = assessed("shape-up-somerville", "resources").rows["needs"]
    (study,) = [r for r in needs if r["name"] == "Money to run and study three years of work"]
    assert (study["coverage"], study["delivered"]) == (1, 1_500_000)


def test_the_invented_goals_show_each_thing_a_goal_can_show() -> None:
    goals = assessed(INVENTED, "goals")
    statuses = {row["name"]: row["status"] for row in goals.rows["progress"]}
    assert statuses == {
        "School readiness": "improving",
        "Families reached": "improving",
        "Parent workshops": "no_baseline",
        "Reading together": "series_break",
        "Waiting for a nursery place": "met_then_lost",
        "Staff who stay": "kept",
        "At home in Riverside": "no_target",
    }
    model = [row for row in goals.rows["checks"] if row["name"] == "School readiness"]
    assert {(row["in_sentence"], row["in_fields"]) for row in model} == {("yes", True)}
    assert {"two_goals", "activity_as_outcome", "behind", "on_pace", "vision"} <= codes(goals)


def test_the_invented_resources_show_each_thing_a_map_can_show() -> None:
    resources = assessed(INVENTED, "resources")
    assert {
        "must_have_uncovered",
        "must_have_partly",
        "offered_not_committed",
        "committed_not_delivered",
        "single_source",
        "ends_early",
        "units_differ",
        "restricted_money",
        "partner_left",
        "more_than_needed",
        "unused_strength",
        "need_without_goal",
        "shared_shoulders",
        "all_here",
    } <= codes(resources)
    needs = {row["name"]: row for row in resources.rows["needs"]}
    assert needs["Home visits"]["coverage"] == pytest.approx((35 + 15) / 60)
    assert needs["Money for home visits and books"]["gap"] == 40_000 - 25_000 - 12_000
    assert needs["Interpreters for home visits"]["coverage"] == 0
    assert needs["A vehicle for book days"]["coverage"] is None
    assert needs["Picture books"]["delivered"] == 250 + 200 + 150


def test_the_invented_partnership_has_every_sector_and_every_kind_of_resource() -> None:
    sectors = {partner.sector for partner in of_kind(INVENTED, "partner")}
    assert sectors == {"nonprofit", "company", "government", "community", "funder", "other"}
    offered = {offer.type for offer in of_kind(INVENTED, "offer")}
    needed = {need.type for need in of_kind(INVENTED, "need")}
    assert len(offered | needed) == 9
