"""What every worksheet says to every partnership: to each example, to an empty and a large one."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from html import unescape
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest

from playbook_helpers.core.partnership import OVERVIEW, Partnership
from playbook_helpers.core.revisions import new_revision
from playbook_helpers.drawing.display import MODE_VARIABLE
from playbook_helpers.practices import PRACTICES
from playbook_helpers.practices.kinds import practice_named
from playbook_helpers.practices.views import charts_of, pages_of, what_ifs_of
from playbook_helpers.publish.pages import page
from playbook_helpers.publish.report.document import read_document
from playbook_helpers.storage.database import Store
from playbook_helpers.storage.files import load_examples

ROOT = Path(__file__).parents[1]
STEMS = (OVERVIEW, *(practice.stem for practice in PRACTICES))
EXAMPLES = tuple(sorted(p.parent.name for p in (ROOT / "data").glob("*/datapackage.json")))
EMPTY, ONLY_REMOVED, LARGE = "our-town", "gone-again", "large"
NO_WORDS = re.compile(
    r"\b(nan|NaN|None(?! [a-z])|inf|Infinity|undefined|null|NoneType|Traceback|\w+Error)\b"
    r"|<\w+ object"
)
"""What a computer says and no person would."""
Run = Callable[..., dict[str, Any]]


@pytest.fixture(autouse=True)
def _document(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(MODE_VARIABLE, "document")


@pytest.fixture(scope="module")
def store(tmp_path_factory: pytest.TempPathFactory) -> str:
    address = f"sqlite:///{tmp_path_factory.mktemp('store') / 'playbook.db'}"
    with Store.open(address) as opened:
        load_examples(opened, ROOT / "data")
        opened.append([new_revision(EMPTY, Partnership(name="Our Town"))])
        about = new_revision(ONLY_REMOVED, Partnership(name="Gone again"))
        opened.append([about])
        opened.append(
            [
                new_revision(
                    ONLY_REMOVED,
                    Partnership(name="Gone again"),
                    record_id=about.record,
                    parents=(about.id,),
                    deleted=True,
                )
            ]
        )
    return address


@pytest.fixture(scope="module")
def large(tmp_path_factory: pytest.TempPathFactory, made_up: ModuleType) -> str:
    address = f"sqlite:///{tmp_path_factory.mktemp('large') / 'playbook.db'}"
    with Store.open(address) as opened:
        opened.append(made_up.partnership(LARGE, 2_000))
    return address


def outputs(notebook: dict[str, Any]) -> dict[str, str]:
    """Cell -> what it shows, as a reader reads it: no tags, no pictures; alt texts are kept."""
    return {
        "".join(cell["source"]).splitlines()[-1]: words(cell["outputs"][0]["data"]["text/html"])
        for cell in notebook["cells"]
        if cell["cell_type"] == "code" and cell["outputs"]
    }


def words(html: str) -> str:
    html = re.sub(r"<style>.*?</style>|(?:src|href)=\"data:[^\"]*\"", "", html, flags=re.DOTALL)
    html = re.sub(r'\balt="([^"]*)"', r">\1<", html)
    return unescape(" ".join(re.sub(r"<[^>]*>", " ", html).split()))


@pytest.mark.parametrize("slug", [*EXAMPLES, EMPTY, ONLY_REMOVED])
@pytest.mark.parametrize("stem", STEMS)
def test_every_cell_says_something_that_a_person_would_say(
    store: str, run_worksheet: Run, stem: str, slug: str
) -> None:
    for cell, text in outputs(run_worksheet(stem, slug, store)).items():
        assert text, cell
        assert not NO_WORDS.search(text), (cell, text)


@pytest.mark.parametrize("slug", [EMPTY, ONLY_REMOVED])
@pytest.mark.parametrize("stem", STEMS[1:])
def test_an_empty_worksheet_says_first_of_all_where_to_begin(
    store: str, run_worksheet: Run, stem: str, slug: str
) -> None:
    shown = outputs(run_worksheet(stem, slug, store))
    title = shown.pop("ws.title()")
    begin = title.partition("Begin here. ")[2]
    assert len(begin.split()) >= 8
    assert any(begin.split(". ")[-1] in text for text in shown.values()), "a finding says it too"
    empty = [text for text in shown.values() if text.startswith(("Nothing to draw", "There is no"))]
    for text in empty:
        assert re.search(r"First write down \w+", text), text


def test_an_empty_partnership_s_overview_leads_to_the_worksheets(
    store: str, run_worksheet: Run
) -> None:
    shown = outputs(run_worksheet(OVERVIEW, EMPTY, store))
    assert "Begin with the worksheet that fits" in shown["ws.measures()"]
    assert shown["ws.next()"].count("Nothing is written down here yet") == 5


@pytest.mark.parametrize("stem", STEMS[1:])
def test_a_worksheet_with_one_record_no_longer_says_begin(
    tmp_path: Path, run_worksheet: Run, made_up: ModuleType, stem: str
) -> None:
    address = f"sqlite:///{tmp_path / 'playbook.db'}"
    with Store.open(address) as opened:
        (record,) = made_up.records(practice_named(stem), 1)
        opened.append([new_revision(EMPTY, record)])
    shown = outputs(run_worksheet(stem, EMPTY, address))
    assert "Begin here" not in shown["ws.title()"]
    for cell, text in shown.items():
        assert not NO_WORDS.search(text), (cell, text)


def test_what_a_practice_offers_is_found_in_its_folder() -> None:
    offered = {p.stem: {*charts_of(p), *what_ifs_of(p), *pages_of(p)} for p in PRACTICES}
    assert offered["goals"] == {"progress", "run", "groups", "pace"}
    assert offered["learning"] == {"milestones", "lessons", "celebration"}
    assert {p.stem for p in PRACTICES if what_ifs_of(p)} == {
        *("goals", "resources", "community", "sustainability"),
    }


def test_every_chart_says_what_it_is_drawn_from() -> None:
    for practice in PRACTICES:
        assert charts_of(practice)
        for chart in charts_of(practice).values():
            assert chart.nothing.startswith("Nothing to draw yet. First write down ")
            assert not chart.needs.endswith(".")


@pytest.mark.slow
@pytest.mark.parametrize("stem", STEMS)
def test_a_worksheet_at_2_000_records_a_practice_reads_well(
    large: str, run_worksheet: Run, stem: str
) -> None:
    notebook = run_worksheet(stem, LARGE, large)
    shown = outputs(notebook)
    for cell, text in shown.items():
        assert not NO_WORDS.search(text), (cell, text)
    for cell in notebook["cells"]:
        for output in cell.get("outputs", ()):
            data = output["data"]
            # Nobody reads a table of 2,000 rows: it is cut, and says so.
            assert data["text/html"].count("</tr>") < 1_000
            for alt in re.findall(r'\balt="([^"]*)"', data["text/html"]):
                assert len(alt) < 4_000
            assert len(data["text/plain"]) < 60_000
    html = page("worksheet.html.j2", document=read_document(notebook), **about_page())
    assert len(html) < 500_000, "a phone can open it"
    json.dumps(notebook, allow_nan=False)


def about_page() -> dict[str, Any]:
    """What the template asks for beside the notebook."""
    made = dict.fromkeys(("as_of", "round", "records", "source", "fingerprint"), "")
    return {
        "partnership": "A large partnership",
        "invented": False,
        "notice": "",
        "before": None,
        "after": None,
        "made": made | {"store": "playbook.db", "made": "2026-11-24", "version": "1"},
        "stamp": "",
    }
