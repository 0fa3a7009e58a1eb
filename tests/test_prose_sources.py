"""The guide is sound: citations, links, images and terms lead somewhere, its figures are right."""

from __future__ import annotations

import csv
import re
from pathlib import Path

import pytest
from guide_pages import BOOK, OTHER_TEXTS, PAGES, ROOT, name_of, source, words


def keys_cited(text: str) -> set[str]:
    return {
        key.strip()
        for group in re.findall(r"\{cite(?::\w)?\}`([^`]*)`", text)
        for key in group.split(",")
    }


def test_every_citation_has_an_entry_and_every_entry_is_cited() -> None:
    bib = (BOOK / "references.bib").read_text("utf-8")
    entries = re.findall(r"^@\w+\{([^,]+),", bib, re.MULTILINE)
    assert len(entries) == len(set(entries))
    cited = set().union(*(keys_cited(page.read_text("utf-8")) for page in PAGES))
    assert cited - set(entries) == set(), "cited without an entry"
    assert set(entries) - cited == set(), "in the list of sources, and cited nowhere"


def test_an_entry_names_who_what_and_when() -> None:
    bib = (BOOK / "references.bib").read_text("utf-8")
    for entry in re.findall(r"^@\w+\{.*?^\}", bib, re.DOTALL | re.MULTILINE):
        for part in ("author", "title", "year"):
            assert re.search(rf"^  {part} = \{{", entry, re.MULTILINE), entry.splitlines()[0]
        for copy in (
            "scribd",
            "slideplayer",
            "pdfslide",
            "studylib",
            "1library",
            "docslib",
            "vdocuments",
        ):
            assert copy not in entry, f"an address of a copy: {entry}"


@pytest.mark.parametrize("page", [*PAGES, *OTHER_TEXTS], ids=name_of)
def test_links_and_images_lead_somewhere(page: Path) -> None:
    text = source(page)
    for label, target in re.findall(r"(?<!!)\[([^\]\n]*)\]\(([^)\n]*)\)", text):
        assert label.strip(), f"a link without words to {target}"
        assert target.strip(), f"an empty link: {label}"
        assert label.strip().lower() not in ("here", "click here", "link"), "say where a link leads"
        if not re.match(r"https?:|mailto:|#", target):
            assert (page.parent / target.split("#")[0]).resolve().is_file(), target


@pytest.mark.parametrize("page", PAGES, ids=name_of)
def test_every_image_says_its_reading_and_is_there(page: Path) -> None:
    text = source(page)
    assert not re.search(r"!\[\]\(", text), "an image without alt text"
    blocks = re.findall(
        r"^```\{(?:figure|image)\} (\S+)\n(.*?)^```$", text, re.DOTALL | re.MULTILINE
    )
    for path, block in blocks:
        assert (page.parent / path).resolve().is_file(), path
        alt = re.search(r"^:alt: (.+)$", block, re.MULTILINE)
        assert alt, f"{path} has no alt text"
        assert len(words(alt[1])) >= 15, f"{path}: say what a reader should take from it"
        assert not re.match(r"(?:image|picture|figure|graphic) of", alt[1].lower())


def test_every_drawn_figure_is_used_small_and_self_contained() -> None:
    pages = "".join(page.read_text("utf-8") for page in PAGES)
    for figure in (BOOK / "_static" / "figures").glob("*.svg"):
        assert figure.name in pages, f"{figure.name} is used nowhere"
        drawing = figure.read_text("utf-8")
        assert len(drawing) < 12_000
        assert "<title>" in drawing
        assert not re.search(r"<script|<image|(?:xlink:)?href=|@import|font-face", drawing)
        sizes = [float(size) for size in re.findall(r'font-size="([\d.]+)"', drawing)]
        width = float(re.search(r'viewBox="0 0 (\d+)', drawing)[1])  # type: ignore[index]
        assert min(sizes) / width * 330 >= 11, "too small to read on a phone"


def glossary_terms() -> set[str]:
    block = re.search(
        r"```\{glossary\}\n(.*?)^```", (BOOK / "glossary.md").read_text("utf-8"), re.S | re.M
    )
    assert block
    return {line.strip() for line in block[1].splitlines() if line and not line.startswith(" ")}


def test_glossary_terms_are_used_and_linked_terms_are_explained() -> None:
    terms = glossary_terms()
    texts = {page: page.read_text("utf-8") for page in PAGES}
    linked = {
        (target or label).strip().lower()
        for text in texts.values()
        for label, target in re.findall(r"\{term\}`([^`<]*?)(?:\s*<([^`>]*)>)?`", text)
    }
    assert linked <= {term.lower() for term in terms}
    rest = " ".join(text for page, text in texts.items() if page.name != "glossary.md").lower()
    rest += " ".join(p.read_text("utf-8") for p in (ROOT / "worksheets").glob("*.ipynb")).lower()
    unused = [term for term in terms if term.lower() not in rest]
    assert not unused, f"explained, and used nowhere: {unused}"


def test_the_glossary_is_in_order() -> None:
    text = (BOOK / "glossary.md").read_text("utf-8")
    block = text.split("```{glossary}\n")[1].split("\n```")[0]
    order = [line.lower() for line in block.splitlines() if line and not line.startswith(" ")]
    assert order == sorted(order)


def measured(partnership: str, goal: str) -> dict[str, float]:
    with (ROOT / "data" / partnership / "measurement.csv").open(
        encoding="utf-8-sig", newline=""
    ) as file:
        return {
            row["date"]: float(row["value"]) for row in csv.DictReader(file) if row["goal"] == goal
        }


def baseline(partnership: str, goal: str) -> float:
    with (ROOT / "data" / partnership / "goal.csv").open(encoding="utf-8-sig", newline="") as file:
        return next(
            float(row["baseline_value"]) for row in csv.DictReader(file) if row["name"] == goal
        )


def test_figures_in_the_text_agree_with_the_records() -> None:
    text = (BOOK / "goals.md").read_text("utf-8")
    ready = measured("strive-partnership", "Kindergarten readiness, Cincinnati")
    rise = ready["2014"] - baseline("strive-partnership", "Kindergarten readiness, Cincinnati")
    assert f"rose by {rise:.0f} points in nine years" in text
    counted = measured("100000-homes", "Chronic homelessness")
    start = baseline("100000-homes", "Chronic homelessness")
    fewer = start - counted["2014"]
    assert (
        f"from {start:,.0f} in 2011 to {counted['2014']:,.0f} in 2014: {fewer:,.0f} fewer" in text
    )
    housed = measured("100000-homes", "100,000 homes")
    assert f"ended with {max(housed.values()):,.0f} people housed" in text


def test_what_is_said_about_poverty_in_canada_follows_from_the_series() -> None:
    text = (BOOK / "goals.md").read_text("utf-8")
    with (BOOK / "_data" / "canada_poverty.csv").open(encoding="utf-8", newline="") as file:
        rate = {row["year"]: float(row["value"]) for row in csv.DictReader(file)}
    target = rate["2015"] / 2
    assert f"from {rate['2015']}% to {target}%" in text
    assert rate["2020"] < target
    assert rate["2023"] - target > 3
    path = rate["2015"] + (target - rate["2015"]) * (2023 - 2015) / (2030 - 2015)
    assert rate["2023"] < path, "just under the straight path to 2030"


def test_the_progress_worked_by_hand_in_the_text_is_right() -> None:
    text = (BOOK / "about.md").read_text("utf-8")
    assert "From 44% to 57%, with a target of 85%, that is 13 of 41 points, or about 32%" in text
    assert round(100 * (57 - 44) / (85 - 44)) == 32


def test_licences_are_whole() -> None:
    code = (ROOT / "LICENSE").read_text("utf-8")
    assert code.startswith("BSD 3-Clause License")
    assert "Copyright (c) 2026, Partnership Playbook contributors" in code
    text = (ROOT / "LICENSE-content").read_text("utf-8")
    assert "https://creativecommons.org/licenses/by/4.0/" in text
    for number in range(1, 9):
        assert f"Section {number} -- " in text
