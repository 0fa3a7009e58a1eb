"""Charts: the title says the point, the alt text the reading, and no text breaks the drawing."""

from __future__ import annotations

import base64
import copy
import re
import xml.etree.ElementTree as ElementTree
from datetime import date
from string import ascii_letters, digits
from urllib.parse import unquote

import matplotlib
import pytest
from chart_results import (
    CHARTS,
    CINCINNATI,
    HELD,
    POOR,
    POVERTY,
    READY,
    drawn,
    goals,
    resources,
    series,
)
from hypothesis import given, settings
from hypothesis import strategies as st

from playbook_helpers.core.assessment import Assessment
from playbook_helpers.drawing.chart import Chart, in_address
from playbook_helpers.drawing.rows import in_parts
from playbook_helpers.drawing.surface import Words
from playbook_helpers.drawing.words import wrapped
from playbook_helpers.practices.resources import Need, Offer

NASTY = "$x_1^{2$ <b>&amp;</b> \\frac 😀 日本語 עברית ﷽ \ufffe"
THEIRS = {
    "font.size": 30, "font.family": "serif", "text.color": "red", "text.usetex": True,
    "savefig.bbox": "tight", "savefig.dpi": 7, "figure.constrained_layout.use": True,
    "figure.facecolor": "black", "hatch.color": "red", "hatch.linewidth": 9.0,
    "lines.dash_capstyle": "projecting", "lines.marker": "o", "patch.force_edgecolor": True,
}  # fmt: skip
"""A reader's own settings of matplotlib."""
ALL = [
    (name, chart)
    for held in (goals([CINCINNATI, POVERTY], READY, POOR), HELD)
    for name, draw in CHARTS[held.practice].items()
    for chart in draw(held)
]


@pytest.mark.parametrize("chart", [chart for _, chart in ALL], ids=[name for name, _ in ALL])
def test_a_chart_carries_title_alt_text_and_its_numbers(chart: Chart) -> None:
    html = chart.html()
    assert html.count("<img ") == 1
    assert 40 < len(chart.alt) < 2000
    for word in ("chart", "graph", "bar", "line", "picture", "teal"):
        assert word not in chart.alt.lower().split(), "alt text gives the reading, not the look"
    assert "<details" in html
    assert "<table>" in html
    assert "http" not in html.replace("http://www.w3.org", ""), "no address outside"
    source = html.split('src="data:image/svg+xml,')[1].split('"')[0]
    ElementTree.fromstring(unquote(source.replace("&amp;", "&").replace("&#x27;", "'")))
    assert len(html) < 60_000
    bundle = chart._repr_mimebundle_()
    assert bundle["text/plain"].startswith(chart.title)
    assert bundle["text/html"].startswith("<style>")


@pytest.mark.parametrize("chart", [chart for _, chart in ALL], ids=[name for name, _ in ALL])
def test_the_same_figure_gives_the_same_bytes_and_text_that_a_phone_can_read(chart: Chart) -> None:
    svg = chart.svg()
    assert svg == copy.deepcopy(chart).svg()
    assert "<dc:date" not in svg
    sizes = {mark.size for mark in chart.surface.marks if isinstance(mark, Words)}
    assert min(sizes) >= 11
    # At 360 CSS pixels of width, in pixels.
    assert min(sizes) * 360 / (chart.surface.width * 72) >= 10
    assert chart.png().startswith(b"\x89PNG")


def test_the_readers_own_settings_neither_change_a_chart_nor_are_changed() -> None:
    held = goals([CINCINNATI], READY)
    charts = [CHARTS["goals"]["progress"](held)[0], CHARTS["resources"]["gaps"](HELD)[0]]
    before = [chart.png() for chart in charts]
    with matplotlib.rc_context(THEIRS):
        kept = dict(matplotlib.rcParams)
        assert [chart.png() for chart in charts] == before
        assert dict(matplotlib.rcParams) == kept


def test_no_figure_is_left_open_behind_a_chart() -> None:
    import matplotlib.pyplot as plt

    for draw in CHARTS["resources"].values():
        draw(HELD)[0].png()
    assert plt.get_fignums() == []


def test_peoples_text_is_text_in_every_script_and_never_a_formula_or_a_tag() -> None:
    row = CINCINNATI | {"name": NASTY, "unit_words": NASTY, "unit": "number"}
    held = goals([row], series(NASTY, [("2005", 1), ("2014", 2)]))
    people = resources(
        Need(name=NASTY, type="space", amount=2, unit=NASTY),
        Offer(partner=NASTY, what=NASTY, type="space", amount=1, unit=NASTY, need=NASTY,
              status="committed"),
    )  # fmt: skip
    for assessment in (held, people):
        for draw in CHARTS[assessment.practice].values():
            for chart in draw(assessment):
                words = drawn(chart)
                chart.png()
                assert "$x_1^{2$" in words
                assert "<b>" not in chart.html()


@settings(max_examples=25, deadline=None)
@given(st.text(st.characters(exclude_categories=["Cs", "Cc"]), min_size=1, max_size=200))
def test_any_name_can_be_drawn(name: str) -> None:
    (chart,) = CHARTS["goals"]["progress"](goals([CINCINNATI | {"name": name}]))
    drawn(chart)


@pytest.mark.parametrize("practice", sorted(CHARTS))
def test_an_empty_assessment_has_no_charts_and_no_error(practice: str) -> None:
    empty = Assessment(practice, "x", date(2026, 6, 30))
    assert [draw(empty) for draw in CHARTS[practice].values()] == [[]] * len(CHARTS[practice])


@given(st.text(max_size=300), st.floats(0.3, 5), st.integers(1, 4))
def test_wrapping_never_gives_more_lines_than_there_is_room_for(
    text: str, inches: float, most: int
) -> None:
    lines = wrapped(text, inches, most)
    assert 1 <= len(lines) <= most
    assert all("\n" not in line for line in lines)


@given(st.integers(0, 500), st.integers(1, 20), st.integers(1, 5))
def test_rows_are_shared_out_over_figures_without_loss(count: int, most: int, figures: int) -> None:
    parts = list(in_parts(range(count), most, figures, "rows"))
    drawn = [row for part in parts for row in part.rows]
    assert drawn == list(range(min(count, most * figures)))
    sizes = [len(part.rows) for part in parts]
    assert all(0 < size <= most for size in sizes)
    assert not sizes or max(sizes) - min(sizes) <= 1
    assert [part.last for part in parts] == [False] * (len(parts) - 1) + [True] * bool(parts)
    left = count - most * figures
    said = [f"{left} more rows are not drawn."] if left > 0 else []
    assert [part.note for part in parts if part.note] == said


def test_the_picture_needs_no_other_file() -> None:
    (chart,) = CHARTS["goals"]["progress"](goals([CINCINNATI]))
    assert "url(http" not in chart.svg()
    assert base64.b64encode(chart.png())


@given(st.text(max_size=80))
def test_a_picture_in_an_address_is_written_as_the_standard_says(text: str) -> None:
    # RFC 3986: everything but these is written as per cent signs and bytes in UTF-8.
    kept = set(" !$&'()*+,-./:;=?@[]_~{}|^") | set(ascii_letters + digits)
    assert unquote(in_address(text)) == text
    written = re.sub("%[0-9A-F]{2}", "", in_address(text))
    assert set(written) <= kept


def test_a_chart_says_its_fonts_once_and_draws_round_marks_as_circles() -> None:
    (chart,) = CHARTS["goals"]["run"](goals([POVERTY], POOR))
    svg = chart.svg()
    assert svg.count("font-family") == 1
    assert "sans-serif" in svg
    assert svg.count("<circle") == len(POOR) - 1  # the baseline is a square
    assert len(svg) < 8_000


def test_hatching_and_italics_are_in_the_picture() -> None:
    (chart,) = CHARTS["resources"]["gaps"](HELD)
    svg = chart.svg()
    patterns = re.findall(r'<pattern id="(\w+)"', svg)
    assert patterns
    assert all(f'fill="url(#{name})"' in svg for name in patterns)
    assert re.search(r'<text[^>]* font-style="italic"[^>]*>must-have<', svg)
