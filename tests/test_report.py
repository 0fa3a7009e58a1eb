"""Reports: pages from executed notebooks, written only when something on them has changed."""

from __future__ import annotations

import json
import re
import zipfile
from collections.abc import Iterator
from html.parser import HTMLParser
from pathlib import Path
from typing import Any

import pytest
from executed_cells import code, prose, shown

from playbook_helpers.batch import make_plan
from playbook_helpers.batch.artifacts import failed_path, save_failed, save_notebook
from playbook_helpers.core.partnership import Partner, Partnership
from playbook_helpers.core.reads import EVERYTHING, Reads
from playbook_helpers.core.revisions import new_revision
from playbook_helpers.practices.goals import Goal
from playbook_helpers.practices.resources import Need
from playbook_helpers.publish.report import Whose, write_page, write_reports
from playbook_helpers.publish.report.home import write_home
from playbook_helpers.publish.report.stamps import stamp_of
from playbook_helpers.storage.database import Store

ROOT = Path(__file__).parents[1]
HOSTILE = "<script>alert(1)</script>\"'><img src=x onerror=alert(2)>"

PICTURE = "data:image/svg+xml,"
"""How the address of a picture begins that stands in the page itself."""


@pytest.fixture
def root(tmp_path: Path) -> Path:
    (tmp_path / "worksheets").mkdir()
    for stem in ("goals", "resources"):
        text = (ROOT / "worksheets" / f"{stem}.ipynb").read_text("utf-8")
        (tmp_path / "worksheets" / f"{stem}.ipynb").write_text(text, "utf-8")
    return tmp_path


@pytest.fixture
def store(root: Path) -> Iterator[Store]:
    with Store.open(f"sqlite:///{root / 'playbook.db'}") as opened:
        opened.append(
            [
                new_revision(
                    "our-town",
                    Partnership(
                        name=f"Our Town {HOSTILE}",
                        purpose=f"For all {HOSTILE}",
                        starts="2020",
                        facts_until="2025",
                        invented=True,
                    ),
                ),
                new_revision("our-town", Partner(name=f"Library {HOSTILE}", sector="government")),
                new_revision("our-town", Partner(name="Rowers", sector="other", left="2024-06")),
                new_revision(
                    "our-town",
                    Goal(
                        name=f"Reading {HOSTILE}",
                        sentence="More children read well.",
                        level="outcome",
                    ),
                ),
            ]
        )
        yield opened


def execute(root: Path, store: Store, *cells: dict[str, Any], stem: str = "goals") -> Path:
    """Land a notebook as a batch would, with these cells."""
    (task,) = make_plan(root, store, partnerships=["our-town"], worksheets=[stem], force=True).tasks
    made = dict(task.made_from) | {
        "fingerprint": task.fingerprint,
        "made": "2026-11-24T03:01:40.787Z",
    }
    held = {"cells": list(cells), "metadata": {"playbook": made}, "nbformat": 4}
    save_notebook(task.target, json.dumps(held | {"nbformat_minor": 5}), made)
    return task.target


class Outline(HTMLParser):
    """The tags and ids of a page, and the addresses it names."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.tags: list[str] = []
        self.ids: list[str] = []
        self.addresses: list[str] = []
        self.feed(html)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append(tag)
        for name, value in attrs:
            if name == "id":
                self.ids.append(value or "")
            elif name in ("href", "src"):
                self.addresses.append(value or "")


@pytest.fixture
def pages(root: Path, store: Store) -> dict[str, str]:
    execute(
        root,
        store,
        prose("# Goals worksheet\n\nFor **you**."),
        code(shown(html="<p>from the parameters</p>"), tags=("parameters",)),
        code(shown(html="<p>injected</p>"), tags=("injected-parameters",)),
        prose("## First things\n\ntext\n\n## First things"),
        code(shown(html='<style>.a{}</style><div class="playbook"><p>a table</p></div>')),
        code(shown(widget="{}", plain="IntSlider(value=3)"), shown(script="alert(3)")),
        code({"output_type": "stream", "name": "stderr", "text": "a warning"}),
        code({"output_type": "stream", "name": "stdout", "text": f"printed {HOSTILE}"}),
    )
    execute(root, store, prose("# Resources worksheet"), stem="resources")
    summary = write_reports(root, store)
    assert summary.failed == {}
    assert summary.written == {"our-town": 3}
    folder = root / "_build" / "reports"
    found = {p.relative_to(folder).as_posix(): p.read_text("utf-8") for p in folder.rglob("*.html")}
    assert set(found) == {
        "index.html",
        "our-town/index.html",
        "our-town/goals.html",
        "our-town/resources.html",
    }
    return found


def test_a_page_shows_prose_and_outputs_and_neither_code_nor_parameters_nor_widgets(
    pages: dict[str, str],
) -> None:
    html = pages["our-town/goals.html"]
    assert "<strong>you</strong>" in html
    assert "a table" in html
    assert "printed &lt;script&gt;" in html
    for absent in ("secret_code", "from the parameters", "injected", "IntSlider", "a warning"):
        assert absent not in html
    assert "<style>.a{}" not in html


def test_every_page_has_a_language_a_title_one_first_heading_a_main_part_and_a_way_past_the_head(
    pages: dict[str, str],
) -> None:
    for html in pages.values():
        outline = Outline(html)
        assert html.startswith('<!DOCTYPE html>\n<html lang="en">')
        assert re.search(r"<title>[^<]{5,}</title>", html)
        assert [outline.tags.count(tag) for tag in ("h1", "main", "header", "footer")] == [1] * 4
        assert 'href="#main"' in html
        assert len(outline.ids) == len(set(outline.ids))
        inner = {address[1:] for address in outline.addresses if address.startswith("#")}
        assert inner <= set(outline.ids)


def test_no_page_runs_a_script_or_asks_anyone_for_anything(pages: dict[str, str]) -> None:
    for html in pages.values():
        outline = Outline(html)
        assert not {"script", "link", "iframe", "object", "embed"} & set(outline.tags)
        drawn = [a for a in outline.addresses if a.startswith(PICTURE)]
        assert len(drawn) == outline.tags.count("img"), "pictures stand in the page"
        assert not [a for a in outline.addresses if "//" in a and a not in drawn]
        assert "@import" not in html
        assert "url(" not in html
        assert "default-src 'none'" in html
        assert "mathjax" not in html.lower()
        assert len(html.encode()) < 500_000


def test_users_words_are_text_on_every_page(pages: dict[str, str]) -> None:
    for html in pages.values():
        assert "<script" not in html
        assert html.count("<img") == html.count(f'<img alt="" src="{PICTURE}')
        assert "Our Town &lt;script&gt;" in html


def test_every_page_of_an_invented_partnership_says_so(pages: dict[str, str]) -> None:
    for html in pages.values():
        assert "This partnership is invented for practice." in html


def test_every_page_says_what_it_was_made_from(pages: dict[str, str]) -> None:
    for html in pages.values():
        assert "sqlite:///playbook.db" in html
        assert "Partnership Playbook 0." in html
        assert re.search(r"Fingerprint(</dt><dd>| )<code>[0-9a-f]{10}</code>", html)
    assert "24 November 2026, 03:01 UTC" in pages["our-town/goals.html"]
    assert "31 December 2025" in pages["our-town/goals.html"]


def test_the_contents_name_each_second_heading_once(pages: dict[str, str]) -> None:
    html = pages["our-town/goals.html"]
    assert '<a href="#first-things">First things</a>' in html
    assert '<a href="#first-things-2">First things</a>' in html


def test_links_between_pages_lead_somewhere(pages: dict[str, str], root: Path) -> None:
    folder = root / "_build" / "reports"
    for name, html in pages.items():
        for address in Outline(html).addresses:
            if not address.startswith(("#", PICTURE)):
                assert ((folder / name).parent / address).is_file(), f"{name}: {address}"


def test_the_page_above_shows_measures_findings_and_partners_by_sector(
    pages: dict[str, str],
) -> None:
    html = pages["our-town/index.html"]
    assert "Clear goals and metrics" in html
    assert 'class="pb-figures"' in html
    assert 'class="pb-finding' in html
    assert "Government or public body" in html
    assert "Rowers (until June 2024)" in html
    assert "from 2020" in html


def test_a_practice_in_which_nothing_is_written_says_so(pages: dict[str, str]) -> None:
    html = pages["our-town/index.html"]
    resources = html[html.index(">Strengths and resources</h2>") :]
    assert "Nothing is written down for this yet." in resources[: resources.index("</section>")]


def test_beside_the_pages_lie_the_assessments_and_the_records(
    pages: dict[str, str], root: Path, store: Store
) -> None:
    folder = root / "_build" / "reports" / "our-town"
    data = json.loads((folder / "assessment.json").read_text("utf-8"))
    assert set(data["practices"]) == {"goals", "resources"}
    assert data["practices"]["goals"]["as_of"] == "2025-12-31"
    assert data["practices"]["goals"]["counts"]["goal"] == 1
    records = store.record_fingerprints(["our-town"])["our-town"]
    assert data["made_from"]["records"] == records.of(EVERYTHING)
    with zipfile.ZipFile(folder / "our-town-data.zip") as package:
        assert any(name.endswith("goal.csv") for name in package.namelist())


def test_a_page_is_written_again_only_when_something_on_it_changed(
    pages: dict[str, str], root: Path, store: Store
) -> None:
    home = root / "_build" / "reports" / "index.html"
    first = home.stat().st_mtime_ns
    assert write_reports(root, store).written == {"our-town": 0}
    assert home.stat().st_mtime_ns == first
    assert write_reports(root, store, force=True).written == {"our-town": 3}
    execute(root, store, prose("# Goals worksheet, anew"))
    assert write_reports(root, store).written == {"our-town": 2}
    assert not list((root / "_build").rglob(".*"))


def test_a_page_written_where_its_notebook_ran_is_the_page_the_report_would_write(
    pages: dict[str, str], root: Path, store: Store
) -> None:
    folder = root / "_build" / "reports" / "our-town"
    page = folder / "goals.html"
    page.unlink()
    about = store.record_fingerprints(["our-town"])["our-town"].of(Reads())
    whose = Whose(f"Our Town {HOSTILE}", invented=True, about=about)
    written = write_page(folder / "goals.ipynb", whose, order=("goals", "resources"))
    assert written == page
    assert page.read_text("utf-8") == pages["our-town/goals.html"]
    at = page.stat().st_mtime_ns
    assert write_reports(root, store).written == {"our-town": 0}
    assert page.stat().st_mtime_ns == at


def test_a_report_that_stands_is_not_read_and_one_that_was_touched_is_mended(
    pages: dict[str, str], root: Path, store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    opened: list[Path] = []
    for module in ("writing", "home"):
        monkeypatch.setattr(
            f"playbook_helpers.publish.report.{module}.stamp_of",
            lambda page: opened.append(page) or stamp_of(page),
        )
    assert write_reports(root, store).written == {"our-town": 0}
    assert [page.parent.name for page in opened] == ["reports"]  # the home page alone
    page = root / "_build" / "reports" / "our-town" / "goals.html"
    page.write_text("spoilt", "utf-8")
    assert write_reports(root, store).written == {"our-town": 1}
    assert page.read_text("utf-8") == pages["our-town/goals.html"]
    (page.parent / "assessment.json").unlink()
    assert write_reports(root, store).written == {"our-town": 1}
    assert (page.parent / "assessment.json").is_file()
    assert write_reports(root, store).written == {"our-town": 0}


def test_records_that_changed_since_are_told(
    pages: dict[str, str], root: Path, store: Store
) -> None:
    told = "Records have changed since its page was made"
    page = root / "_build" / "reports" / "our-town" / "index.html"
    store.append([new_revision("our-town", Need(name="Rooms", type="space"))])
    assert write_reports(root, store).written == {"our-town": 1}
    assert page.read_text("utf-8").count(told) == 1  # the goals worksheet reads no needs
    store.append([new_revision("our-town", Partner(name="School", sector="government"))])
    assert write_reports(root, store).written == {"our-town": 1}
    assert page.read_text("utf-8").count(told) == 2


def test_a_run_that_failed_is_told_and_the_last_good_page_stays(
    pages: dict[str, str], root: Path, store: Store
) -> None:
    folder = root / "_build" / "reports" / "our-town"
    save_failed(folder / "goals.ipynb", "{}")
    save_failed(folder / "resources.ipynb", "{}")
    (folder / "resources.ipynb").unlink()
    summary = write_reports(root, store)
    assert summary.failed == {}
    html = (folder / "index.html").read_text("utf-8")
    assert "Its page is from an earlier run" in html
    assert "It has no page yet" in html
    assert (folder / "goals.html").is_file()
    assert failed_path(folder / "goals.ipynb").is_file()


def test_a_worksheet_that_is_no_more_is_told(
    pages: dict[str, str], root: Path, store: Store
) -> None:
    (root / "worksheets" / "goals.ipynb").unlink()
    write_reports(root, store)
    html = (root / "_build" / "reports" / "our-town" / "index.html").read_text("utf-8")
    assert "no longer among the worksheets" in html


def test_a_report_whose_partnership_left_the_store_is_told_of_and_kept(
    pages: dict[str, str], root: Path
) -> None:
    with Store.open(f"sqlite:///{root / 'other.db'}") as other:
        other.append([new_revision("east-side", Partnership(name="East Side"))])
        summary = write_reports(root, other)
    assert "our-town is no longer in the store; its report was left as it is" in summary.notes
    home = (root / "_build" / "reports" / "index.html").read_text("utf-8")
    assert "No longer in the store" in home
    assert (root / "_build" / "reports" / "our-town" / "index.html").is_file()


def test_a_worksheet_that_cannot_be_shown_is_named_and_stops_no_other(
    pages: dict[str, str], root: Path, store: Store
) -> None:
    folder = root / "_build" / "reports" / "our-town"
    good = (folder / "goals.ipynb").read_text("utf-8")
    (folder / "goals.ipynb").write_text("{ not JSON <script>", "utf-8")
    execute(root, store, prose("# Resources, again"), stem="resources")
    summary = write_reports(root, store)
    assert set(summary.failed) == {"our-town"}
    why = "goals.ipynb cannot be shown: An executed notebook cannot be read"
    assert f"Not written: our-town: {why}" in summary.text()
    assert summary.written == {"our-town": 3}
    assert why in (folder / "goals.html").read_text("utf-8")
    assert "Resources, again" in (folder / "resources.html").read_text("utf-8")
    assert "goals.html" in (folder / "index.html").read_text("utf-8")
    (folder / "goals.ipynb").write_text(good, "utf-8")
    assert write_reports(root, store).failed == {}
    assert why not in (folder / "goals.html").read_text("utf-8")


def test_what_a_card_does_not_tell_is_left_out_of_the_page_above(tmp_path: Path) -> None:
    (tmp_path / "old-town").mkdir()
    (tmp_path / "old-town" / "report.json").write_text('{"name": "Old <Town>"}', "utf-8")
    assert write_home(tmp_path, ["old-town"], "playbook.db", force=True) == []
    html = (tmp_path / "index.html").read_text("utf-8")
    assert '<a href="old-town/index.html">Old &lt;Town&gt;</a>' in html
    assert "nothing to act on" in html
