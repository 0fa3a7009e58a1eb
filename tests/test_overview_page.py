"""The overview on its page: for the examples, for nothing yet, and for what people typed."""

from __future__ import annotations

import re
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest
from overview_records import GOAL, check_ins, decision

from playbook_helpers.core.assessment import SEVERITIES, Head
from playbook_helpers.core.partnership import Partnership
from playbook_helpers.core.revisions import new_revision
from playbook_helpers.practices import PRACTICES
from playbook_helpers.practices.overview import things_to_do
from playbook_helpers.practices.overview.changes import FEW
from playbook_helpers.publish.site.published import with_ways_back
from playbook_helpers.storage.database import Store
from playbook_helpers.storage.files import load_examples
from playbook_helpers.worksheet import OverviewWorksheet

ROOT = Path(__file__).parents[1]
HOSTILE = "<img src=x onerror=alert(1)>"


@pytest.fixture
def examples(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> str:
    monkeypatch.setenv("PLAYBOOK_SHOW", "document")
    address = f"sqlite:///{tmp_path / 'examples.db'}"
    with Store.open(address) as store:
        load_examples(store, ROOT / "data")
        store.append([new_revision("nothing-yet", Partnership(name="Nothing yet"))])
    return address


def cells(page: OverviewWorksheet) -> Mapping[str, str]:
    shown = {
        "title": page.title(),
        "next": page.next(),
        "measures": page.measures(),
        "findings": page.findings(),
        "gaps": page.gaps(),
        "form": page.form(),
        "decisions": page.decisions(),
    }
    return {name: cell.html() for name, cell in shown.items()}


def test_measures_that_are_shown_first_are_the_practices_own(examples: str) -> None:
    view = OverviewWorksheet("riverside-invented", store=examples).overview()
    for standing in view.standings:
        names = {measure.name for measure in standing.assessment.measures}
        assert set(standing.practice.first) <= names
        assert set(standing.practice.dated) <= names
        assert 1 <= len(standing.measures) <= FEW


def test_findings_stand_serious_first_then_easy(examples: str) -> None:
    view = OverviewWorksheet("riverside-invented", store=examples).overview()
    order = ["minutes", "meeting", "months"]
    ranks = [
        (SEVERITIES.index(f.finding.severity), order.index(f.finding.effort)) for f in view.findings
    ]
    assert ranks == sorted(ranks)
    assert len({f.practice for f in view.findings}) == len(PRACTICES)


def test_trust_answers_do_not_tell_when_the_last_one_came(examples: str) -> None:
    address = examples
    with Store.open(address) as store:
        store.append([new_revision("only-trust", a) for a in check_ins("2027-01", 4)])
    page = OverviewWorksheet("only-trust", store=address)
    trust = next(f for f in page.overview().filled if f.practice == "trust")
    assert trust.records
    assert trust.touched is None
    assert not re.search(r"<td>[A-Z][a-z]+ \d{4}</td>", page.gaps().html())


def test_every_cell_shows_something_for_every_example_and_for_an_empty_one(examples: str) -> None:
    with Store.open(examples) as store:
        slugs = store.partnerships()
    for slug in slugs:
        for name, html in cells(OverviewWorksheet(slug, store=examples)).items():
            assert html, (slug, name)
            assert not re.search(r"\bnan\b|\bNone\b|\binf\b", html), (slug, name)
    empty = cells(OverviewWorksheet("nothing-yet", store=examples))
    assert "Begin with the worksheet" in empty["measures"]
    assert "Nothing is decided yet" in empty["decisions"]


def test_there_is_no_total_and_no_light(examples: str) -> None:
    html = "".join(cells(OverviewWorksheet("riverside-invented", store=examples)).values())
    assert not re.search(r"total score|overall score|traffic|\bgreen\b|\bamber\b", html.lower())


def test_what_people_typed_is_shown_as_text(tmp_path: Path, monkeypatch: Any) -> None:
    monkeypatch.setenv("PLAYBOOK_SHOW", "document")
    address = f"sqlite:///{tmp_path / 'own.db'}"
    with Store.open(address) as store:
        bad = GOAL.model_copy(update={"name": HOSTILE})
        chosen = decision(decided=HOSTILE, who=HOSTILE, seen=HOSTILE)
        about = Partnership(name=HOSTILE)
        store.append([new_revision("our-town", r) for r in (bad, chosen, about)])
    shown = cells(OverviewWorksheet("our-town", store=address))
    assert all("<img" not in html for html in shown.values())
    assert "&lt;img" in shown["next"]
    assert "&lt;img" in shown["decisions"]


def test_a_decision_saved_in_the_form_changes_the_list_at_once(examples: str) -> None:
    page = OverviewWorksheet("nothing-yet", store=examples, as_of="2027-03-31")
    before = page.next().html()
    page.save(new_revision("nothing-yet", decision(decided="Ring the library")).to_json())
    assert "Ring the library" not in before
    assert "Ring the library" in page.next().html()


def test_the_next_things_need_no_past(examples: str) -> None:
    page = OverviewWorksheet("riverside-invented", store=examples)
    heads: list[Head] = page.heads()
    view = page.overview()
    assert things_to_do(heads, page.context(heads), {}) == view.next


def test_in_a_report_each_finding_leads_to_the_worksheet_of_its_record(examples: str) -> None:
    with Store.open(examples) as store:
        homes = {head.record: head.practice for head in store.heads("riverside-invented")}
    worksheet = OverviewWorksheet("riverside-invented", store=examples)
    for shown in (worksheet.next(), worksheet.findings()):
        html = with_ways_back(shown.html(), "reports/riverside-invented/overview.html")
        told = html.count(" data-record=")
        ways = re.findall(
            r'"\.\./\.\./worksheets/([a-z]+)\.html\?p=([a-z-]+)#change=([^"]+)"', html
        )
        assert told == len(ways) > 3
        for stem, slug, record in ways:
            assert slug == "riverside-invented"
            assert stem == homes[record] or homes[record] == "partnership"
