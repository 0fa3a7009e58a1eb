"""The operators' page: what it concludes follows from the table, and no figure is unmeasured."""

from __future__ import annotations

import csv
import json
import re
from collections import defaultdict
from itertools import pairwise
from pathlib import Path

import pytest

from playbook_helpers.core.errors import InputError
from playbook_helpers.publish.site.areas_shown import NAMES
from playbook_helpers.publish.site.measured import (
    FILE,
    MEASURED,
    checked,
    figures_table,
    in_words,
    known_names,
    paragraph,
    read_words,
    told,
)
from playbook_helpers.storage.files.areas import SAMPLE
from playbook_helpers.storage.files.cells import fold
from playbook_helpers.storage.files.mapping.rules import OPENING
from playbook_helpers.storage.files.mapping.targets import RULES
from playbook_helpers.storage.files.mapping.templates import read_template

ROOT = Path(__file__).parents[1]
PAGE = (ROOT / "book" / "operators.md").read_text("utf-8")
YEARS = [f"20{year}/{year + 1}" for year in range(12, 19)]


@pytest.fixture(scope="module")
def areas() -> dict[str, dict[str, float]]:
    """The areas of the example -> school year -> the published value."""
    found: dict[str, dict[str, float]] = defaultdict(dict)
    path = ROOT / "data" / "early-years-england" / "early_learning_by_local_authority.csv"
    with path.open(encoding="utf-8", newline="") as file:
        for row in csv.DictReader(file):
            name = row["local_authority"].removesuffix(", County of")
            if name not in ("", "Bournemouth", "Poole", "Northamptonshire", "Isles of Scilly"):
                found[name][row["year"]] = float(row["value_percent"])
    return found


# What the page says of the areas ---------------------------------------------------------------


def test_the_share_rose_in_every_area_mostly_in_the_first_two_years(
    areas: dict[str, dict[str, float]],
) -> None:
    assert "From 2013 to 2019 the share rose in every area that was counted in both years." in PAGE
    whole = [v for v in areas.values() if all(year in v for year in YEARS)]
    assert len(whole) == 148
    assert all(v["2018/19"] > v["2012/13"] for v in whole)
    rises = [[v[b] - v[a] for a, b in pairwise(YEARS)] for v in whole]
    assert "In most, the steepest rise came in the first two years." in PAGE
    assert sum(rise.index(max(rise)) < 2 for rise in rises) == 143


def test_the_figure_of_2022_is_lower_everywhere(areas: dict[str, dict[str, float]]) -> None:
    assert "The figure is lower everywhere" in PAGE
    both = [v for v in areas.values() if "2018/19" in v and "2021/22" in v]
    assert len(both) == 149
    assert all(v["2021/22"] < v["2018/19"] for v in both)


def test_the_numbers_of_england_are_in_the_table() -> None:
    path = ROOT / "data" / "early-years-england" / "early_learning_by_local_authority.csv"
    with path.open(encoding="utf-8", newline="") as file:
        england = {
            row["year"]: row["value_percent"]
            for row in csv.DictReader(file)
            if not any(v for k, v in row.items() if k not in ("year", "series", "value_percent"))
        }
    assert england["2021/22"] == "63.4"
    assert "65.2% and 63.4%" in PAGE


def test_the_page_explains_every_word_of_a_mapping() -> None:
    for word in (*RULES, *OPENING, "first", "last"):
        assert f'`"{word}"`' in PAGE, word
    for part in ("missing", "newest", "split_year", "month", "because", "slug", "rows", "series"):
        assert f"`{part}`" in PAGE, part


def test_the_reports_that_are_linked_are_those_that_are_made() -> None:
    assert tuple(NAMES) == SAMPLE


# Measured figures ------------------------------------------------------------------------------


def test_what_follows_from_a_measurement_worked_by_hand() -> None:
    words = in_words({"worksheet": 0.07, "cores": 2, "worksheet by papermill": 1.1, "store": 25})
    # 9 worksheets of 0.07 s: 0.63 s a partnership on 2 cores.
    assert words["batch 10"] == "6.3 seconds"
    more = in_words({"worksheet": 0.07, "partnership": 0.05})
    assert more["batch 10"] == "6.8 seconds"  # 10 * (9 * 0.07 + 0.05)
    assert words["batch 10000"] == "105 minutes"
    assert words["batch 100000"] == "18 hours"  # 63,000 s are 17.5 hours
    assert words["batch 100000 on 64"] == "33 minutes"  # 63,000 s * 2 / 64 = 1,969 s
    assert words["store 100000"] == "2.5 GB"
    assert words["times as fast"] == "16"


def test_a_figure_that_was_not_measured_takes_its_sentence_with_it(tmp_path: Path) -> None:
    assert told("It took {portfolio}.", in_words({"worksheet": 1})) == ""
    assert paragraph("It took {portfolio}.", root=tmp_path).html() == ""
    assert figures_table("All", ("A",), (("{portfolio}",),), root=tmp_path).html() == ""
    path = tmp_path / FILE
    path.parent.mkdir(parents=True)
    path.write_text(json.dumps({"day": "2026-11-26", "figures": {"worksheet": 0.5}}), "utf-8")
    said = paragraph("On {day} it took {worksheet}.", "Then {portfolio}.", root=tmp_path)
    assert said.html() == "<p>On 26 November 2026 it took 0.5 seconds.</p>"
    table = figures_table("All", ("A", "B"), (("1", "{worksheet}"), ("2", "{store}")), tmp_path)
    assert table.html().count("</tr>") == 2  # the heading, and the one row that is known


@pytest.mark.parametrize("figures", [{"wroksheet": 1}, {"store": 0}, {"store": "25"}])
def test_a_figure_of_another_name_or_no_number_is_refused(figures: dict[str, object]) -> None:
    with pytest.raises(InputError):
        checked(figures)


def test_the_page_asks_only_for_figures_that_can_be_measured() -> None:
    cells = re.findall(r"^```\{code-cell\} ipython3\n(.*?)^```$", PAGE, re.S | re.M)
    asked = [
        name
        for cell in cells
        for text in re.findall(r'"([^"\n]*\{[^"\n]*)"', cell)
        for name in read_template(text).names
    ]
    assert len(asked) > 20
    assert set(asked) <= known_names()
    # And each figure that is measured is told somewhere, or something that follows from it.
    assert {fold(name) for name in MEASURED} <= {name.split(" 10")[0] for name in asked}


def test_the_figures_that_are_there_are_sound() -> None:
    words = read_words(ROOT)
    if words:
        assert {"day", "machine"} <= set(words), "say when and on what it was measured"
