"""One practice, one name: chapter, worksheet, module, charts, tests, examples; no orphans."""

from __future__ import annotations

import csv
import json
import re
from pathlib import Path

import pytest
import yaml
from chart_results import CHARTS

from playbook_helpers.practices import PRACTICES
from playbook_helpers.practices.kinds import RECORD_TYPES
from playbook_helpers.publish.site.steps import step_numbers

ROOT = Path(__file__).parents[1]
STEMS = [practice.stem for practice in PRACTICES]
WORKSHEET_FILES = sorted((ROOT / "worksheets").glob("*.ipynb"))
BOOK_ORDER = (
    "trust",
    "goals",
    "resources",
    "community",
    "innovation",
    "communication",
    "learning",
    "sustainability",
)
"""The order of the article that the playbook builds on."""


@pytest.mark.parametrize("stem", STEMS)
def test_a_practice_is_whole(stem: str) -> None:
    source = ROOT / "src" / "playbook_helpers"
    expected = [
        ROOT / "book" / f"{stem}.md",
        ROOT / "worksheets" / f"{stem}.ipynb",
        source / "practices" / stem / "records.py",
        source / "practices" / stem / "assess.py",
        source / "practices" / stem / "charts" / "__init__.py",
    ]
    missing = [str(path.relative_to(ROOT)) for path in expected if not path.is_file()]
    assert not missing
    assert list((ROOT / "tests" / "practices").glob(f"test_{stem}*.py"))
    assert stem in CHARTS


@pytest.mark.parametrize("stem", STEMS)
def test_a_practice_has_example_records_of_each_kind(stem: str) -> None:
    practice = next(p for p in PRACTICES if p.stem == stem)
    for record_type in practice.record_types:
        files = list((ROOT / "data").glob(f"*/{record_type.kind}.csv"))
        rows = 0
        for file in files:
            with file.open(encoding="utf-8-sig", newline="") as handle:
                rows += sum(1 for _ in csv.DictReader(handle))
        assert rows, f"no example of {record_type.kind}"


def toc_files() -> list[str]:
    toc = yaml.safe_load((ROOT / "_toc.yml").read_text("utf-8"))
    text = json.dumps(toc)
    return re.findall(r'"(?:file|root)": "([^"]+)"', text)


def test_the_contents_list_has_every_page_and_each_worksheet_follows_its_chapter() -> None:
    files = toc_files()
    for stem in STEMS:
        assert files.index(f"worksheets/{stem}") == files.index(f"book/{stem}") + 1
    pages = {
        str(p.relative_to(ROOT).with_suffix(""))
        for p in (*ROOT.glob("book/*.md"), *ROOT.glob("worksheets/*.ipynb"))
    }
    assert pages == set(files) - {"index"}


def test_no_worksheet_and_no_module_is_without_its_practice() -> None:
    folders = {
        p.name
        for p in (ROOT / "src" / "playbook_helpers" / "practices").iterdir()
        if p.is_dir() and p.name != "__pycache__"
    }
    assert folders == {*STEMS, "overview"}
    above = {"overview", "portfolio"}
    assert {p.stem for p in ROOT.glob("worksheets/*.ipynb")} <= set(STEMS) | above


def test_the_practices_stand_in_the_order_of_the_article() -> None:
    assert [stem for stem in BOOK_ORDER if stem in STEMS] == STEMS


def test_kinds_of_record_are_named_once() -> None:
    kinds = [t.kind for p in PRACTICES for t in p.record_types]
    assert len(kinds) == len(set(kinds))
    assert set(kinds) < set(RECORD_TYPES)
    for kind, record_type in RECORD_TYPES.items():
        assert record_type.kind == kind
        assert set(record_type.key) | set(record_type.summary) <= set(record_type.model_fields)


NOTEBOOKS = sorted((ROOT / "worksheets").glob("*.ipynb"))


@pytest.mark.parametrize("path", NOTEBOOKS, ids=lambda p: p.stem)
def test_worksheets_are_thin_and_carry_no_outputs(path: Path) -> None:
    notebook = json.loads(path.read_text("utf-8"))
    tagged = []
    for cell in notebook["cells"]:
        assert cell.get("id"), "cells keep their ids"
        if cell["cell_type"] != "code":
            continue
        source = "".join(cell["source"])
        assert len(source.splitlines()) <= 10
        assert not cell["outputs"]
        assert cell["execution_count"] is None
        if "parameters" in cell["metadata"].get("tags", ()):
            tagged.append(source)
    assert len(tagged) == 1
    names = re.findall(r"^(\w+): str = .*  # \w", tagged[0], re.MULTILINE)
    # The portfolio stands above partnerships, so it takes none.
    above = ["store", "as_of", "invented"]
    assert names == (
        above if path.stem == "portfolio" else ["partnership", "store", "as_of", "round"]
    )


@pytest.mark.parametrize("path", WORKSHEET_FILES, ids=lambda path: path.stem)
def test_steps_bear_the_numbers_of_the_chapter(path: Path) -> None:
    """Whoever has the chapter in one hand and the worksheet in the other is at one step in both."""
    chapter = (ROOT / "book" / f"{path.stem}.md").read_text("utf-8")
    steps = [int(number) for number in re.findall(r"^### (\d+)\. ", chapter, re.MULTILINE)]
    assert steps == list(range(1, len(steps) + 1))
    cells = json.loads(path.read_text("utf-8"))["cells"]
    prose = "\n\n".join("".join(c["source"]) for c in cells if c["cell_type"] == "markdown")
    headings = re.findall(r"^##+ (.*)$", prose, re.MULTILINE)
    assert not [heading for heading in headings if heading[0].isdigit()], "a count of its own"
    assert all(step_numbers(heading) for heading in headings if heading.startswith("Step"))
    told = [number for heading in headings for number in step_numbers(heading)]
    assert set(told) <= set(steps)
    assert told or path.stem == "community", "its chapter's session is another meeting"
