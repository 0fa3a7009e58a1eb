"""The surface that pictures are drawn on: its SVG by hand, and the same marks as a figure."""

from __future__ import annotations

import itertools
import math
import random
import re
import subprocess
import sys
import xml.etree.ElementTree as ElementTree
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from chart_results import CHARTS, CINCINNATI, HELD, POOR, POVERTY, READY, goals
from example_records import PACKAGES, assessed
from hypothesis import given, settings
from hypothesis import strategies as st

from playbook_helpers.core.assessment import Assessment
from playbook_helpers.drawing.chart import Chart, shown
from playbook_helpers.drawing.figure import image_of
from playbook_helpers.drawing.rows import Rows
from playbook_helpers.drawing.scales import Scale, nice_ticks
from playbook_helpers.drawing.style import WIDTH
from playbook_helpers.drawing.surface import (
    Circle,
    Curve,
    Line,
    Mark,
    Shape,
    Surface,
    Words,
    stacked,
)
from playbook_helpers.drawing.tables import Table
from playbook_helpers.drawing.words import width_of
from playbook_helpers.practices.community.charts.samples import MARGINS, sample_chart
from playbook_helpers.publish.portfolio.charts import (
    Bar,
    Month,
    Pair,
    filled_chart,
    months_chart,
    moves_chart,
    needs_chart,
    way_chart,
)

SPACE = "{http://www.w3.org/2000/svg}"


def marks_svg(surface: Surface) -> str:
    """What stands in the SVG after its white ground."""
    return surface.svg().partition('fill="#ffffff"/>')[2].removesuffix("</svg>")


# Each mark by hand, an inch being 72 points -----------------------------------------------------


def test_the_whole_is_one_svg_of_the_surfaces_size_with_the_readers_fonts() -> None:
    root = ElementTree.fromstring(Surface(2.5).svg())
    assert root.tag == f"{SPACE}svg"
    # 5.4 inches are 388.8 points, 2.5 are 180.
    assert root.attrib["viewBox"] == "0 0 388.8 180"
    assert (root.attrib["width"], root.attrib["height"]) == ("388.8pt", "180pt")
    assert root.attrib["font-family"].endswith("sans-serif")
    (ground,) = root
    assert ground.attrib == {"d": "M0 180L388.8 180L388.8 0L0 0z", "fill": "#ffffff"}


def test_lines() -> None:
    surface = Surface(1.0)
    surface.line([(0.5, 0.5), (1.0, 0.25), (2.0, 0.25)], "#123456", width=2.5)
    # Dashes of 3 and 2 widths of the line, which is 1.5 points.
    surface.line([(0, 0), (1, 1)], "#123456", width=1.5, dash=(3, 2), opacity=0.8)
    surface.line([(0, 0), (1, 0)], "#123456", cap="round")
    surface.line([(3, 3)], "#123456")
    assert marks_svg(surface) == (
        '<path d="M36 36L72 18L144 18" fill="none" stroke="#123456" stroke-width="2.5" '
        'stroke-linecap="square"/>'
        '<path d="M0 0L72 72" fill="none" stroke="#123456" stroke-opacity="0.8" '
        'stroke-width="1.5" stroke-dasharray="4.5 3"/>'
        '<path d="M0 0L72 0" fill="none" stroke="#123456" stroke-linecap="round"/>'
    )


def test_shapes_and_curves() -> None:
    surface = Surface(1.0)
    surface.rectangle(0.25, 0.5, 1, 0.25, fill="#aaaaaa", stroke="#bbbbbb")
    surface.rectangle(0, 0, 1, 1, fill="#aaaaaa", opacity=0.45)
    surface.put(Curve(((0, 0), (1, 0), (1, 1), (2, 1)), "#cccccc", 2.0))
    assert marks_svg(surface) == (
        '<path d="M0 0C72 0 72 72 144 72" fill="none" stroke="#cccccc" stroke-width="2"/>'
        '<path d="M18 36L90 36L90 54L18 54z" fill="#aaaaaa" stroke="#bbbbbb" '
        'stroke-linejoin="miter"/>'
        '<path d="M0 0L72 0L72 72L0 72z" fill="#aaaaaa" fill-opacity="0.45"/>'
    ), "what is put without a level lies lowest"


@pytest.mark.parametrize(
    ("shape", "drawn"),
    [
        # Around 36, 36, with a size of 10 points; half a diagonal of that square is 7.07.
        ("square", "M31 41L41 41L41 31L31 31z"),
        ("diamond", "M36 43.07L43.07 36L36 28.93L28.93 36z"),
        ("down", "M36 41L41 31L31 31z"),
        ("left", "M31 36L41 41L41 31z"),
        ("right", "M41 36L31 31L31 41z"),
        ("cross", "M33.5 41L36 38.5L38.5 41L41 38.5L38.5 36L41 33.5L38.5 31L36 33.5L33.5 31"
                  "L31 33.5L33.5 36L31 38.5z"),
    ],
)  # fmt: skip
def test_marks_have_the_shape_that_they_are_called_by(shape: Any, drawn: str) -> None:
    surface = Surface(1.0)
    surface.mark(0.5, 0.5, shape, size=10, fill="#0b6b6b")
    look = 'fill="#0b6b6b" stroke="#0b6b6b" stroke-linejoin="miter"'
    assert marks_svg(surface) == f'<path d="{drawn}" {look}/>'


def test_a_round_mark_is_a_circle_of_half_its_size() -> None:
    surface = Surface(1.0)
    surface.mark(0.5, 0.25, size=9, fill="#ffffff", stroke="#1b2430", width=1.6)
    assert marks_svg(surface) == (
        '<circle cx="36" cy="18" r="4.5" fill="#ffffff" stroke="#1b2430" stroke-width="1.6"/>'
    )


def test_words_say_where_they_begin_end_or_have_their_middle() -> None:
    surface = Surface(1.0)
    surface.write(1, 0.5, "a", bold=True, side="right")
    surface.write(1, 0.5, "b", italic=True, size=11, color="#4a5664", side="center")
    surface.write(1, 0.5, " c\n d\ufffe", turn=45)
    assert marks_svg(surface) == (
        '<text x="72" y="36" font-size="12" fill="#1b2430" font-weight="700" text-anchor="end">a'
        "</text>"
        '<text x="72" y="36" font-size="11" fill="#4a5664" font-style="italic" '
        'text-anchor="middle">b</text>'
        '<text x="72" y="36" font-size="12" fill="#1b2430" transform="rotate(-45 72 36)">c d</text>'
    )


def test_a_ground_lies_under_its_words_and_reaches_around_them() -> None:
    surface = Surface(1.0)
    surface.write(1, 0.5, "iii", size=10, ground=2)
    ground, words = surface.marks
    assert isinstance(ground, Shape)
    assert isinstance(words, Words)
    # Three times 0.28 of 10 points, and 2 on either side; 7.6 above the baseline and 2.4 below.
    xs, ys = zip(*((x * 72, y * 72) for x, y in ground.points), strict=True)
    assert (min(xs), max(xs)) == (pytest.approx(70), pytest.approx(72 + 8.4 + 2))
    assert (min(ys), max(ys)) == (pytest.approx(36 - 9.6), pytest.approx(36 + 4.4))


def test_a_hatch_stands_once_however_often_it_is_used() -> None:
    surface = Surface(1.0)
    for x in (0, 1):
        surface.rectangle(x, 0, 1, 1, fill="#eeeeee", hatch="/", hatch_color="#0b6b6b")
    surface.rectangle(2, 0, 1, 1, fill="#dddddd", hatch="/")
    svg = surface.svg()
    assert re.findall(r'<pattern id="(\w+)"', svg) == ["s1", "s2"]
    assert re.findall(r'fill="url\(#(\w+)\)"', svg) == ["s1", "s1", "s2"]
    # Six strokes over a square of 72 points, 12 apart, from lower left to upper right.
    first = re.search(r'<path d="([^"]*)" fill="#0b6b6b"', svg)
    assert first is not None
    assert first[1].startswith("M-36 36L36 -36M-24 48L48 -24M-12 60L60 -12M0 72L72 0")
    assert first[1].count("M") == 7


def test_what_lies_higher_is_drawn_later_and_among_equals_the_later() -> None:
    surface = Surface(1.0)
    for words, level in (("c", 2.0), ("a", 1.0), ("d", 2.0), ("b", 1.0)):
        surface.write(0, 0, words, level=level)
    assert re.findall(r">(\w)</text>", surface.svg()) == ["a", "b", "c", "d"]


# What people type -------------------------------------------------------------------------------


@settings(max_examples=300)
@given(st.text(max_size=60) | st.sampled_from(['"/><script>', "</text>", "]]>", "<!--", "&#0;"]))
def test_no_text_breaks_out_of_a_picture(text: str) -> None:
    surface = Surface(1.0)
    surface.write(0, 0.5, text, ground=1)
    root = ElementTree.fromstring(surface.svg())
    assert [element.tag for element in root] == [f"{SPACE}{t}" for t in ("path", "path", "text")]
    (words,) = root.findall(f"{SPACE}text")
    assert len(words) == 0
    assert set(words.attrib) == {"x", "y", "font-size", "fill"}
    # Whitespace is made one blank, and what is no letter left out; nothing else is changed.
    kept = "".join(c for c in text if c.isprintable() and not c.isspace())
    assert "".join((words.text or "").split()) == kept


@settings(max_examples=100)
@given(st.text(max_size=60), st.text(max_size=60))
def test_no_text_breaks_out_of_a_charts_html(title: str, alt: str) -> None:
    chart = Chart(Surface(1.0), title, alt, Table(title, (), ()), alt)
    tags = re.findall(r"</?([a-z]+)", chart.html())
    empty = Chart(Surface(1.0), "", "", Table("", (), ()), alt and "x").html()
    assert tags == re.findall(r"</?([a-z]+)", empty)


# The same marks as a figure ---------------------------------------------------------------------


def every_chart() -> Iterator[Any]:
    for slug in PACKAGES:
        for stem, charts in CHARTS.items():
            for name, draw in charts.items():
                for place, chart in enumerate(draw(assessed(slug, stem))):
                    yield pytest.param(chart, id=f"{slug}-{stem}-{name}-{place}")


EVERY = list(every_chart())


def extents(mark: Mark) -> tuple[float, float, float, float]:
    """From where to where a mark's own outline reaches, in points right and up."""
    if isinstance(mark, Line):
        points = [point for piece in mark.pieces for point in piece]
    elif isinstance(mark, Circle):
        reach = mark.radius / 72
        points = [(mark.x - reach, mark.y - reach), (mark.x + reach, mark.y + reach)]
    elif isinstance(mark, Words):
        points = [(mark.x, mark.y)]
    else:
        points = list(mark.points)
    xs, ys = zip(*points, strict=True)
    return min(xs) * 72, -max(ys) * 72, max(xs) * 72, -min(ys) * 72


@pytest.mark.parametrize("chart", EVERY)
def test_the_figure_of_each_chart_has_the_same_marks_at_the_same_places(chart: Chart) -> None:
    figure, marks = chart.figure(), chart.surface.marks
    up = chart.surface.height * 72
    assert len(figure.artists) == len(marks) > 3
    assert [artist.get_zorder() for artist in figure.artists] == list(range(len(marks)))
    for artist, mark in zip(figure.artists, marks, strict=True):
        if isinstance(mark, Words):
            drawn: Any = artist
            assert drawn.get_text() == mark.text
            x, y = drawn.get_transform().transform(drawn.get_position())
            box = (x, y, x, y)
        else:
            path = _outline(artist)
            box = (path.x0, path.y0, path.x1, path.y1)
        left, low, right, high = extents(mark)
        assert box == pytest.approx((left, low + up, right, high + up), abs=1e-6)
    assert chart.png(72)[1:4] == b"PNG"


def _outline(artist: Any) -> Any:
    # A circle of matplotlib's puts its own change of place before the one it was given.
    return artist.get_transform().transform_path(artist.get_path()).get_extents()


# No words run into each other ------------------------------------------------------------------


LONG = (
    "A very long name that goes on about what the partnership does for everyone in town",
    "Supercalifragilisticexpialidocious" * 3,
    "日本語の長い名前がここにあります",
    "שלום עולם",
    "x",
)
NAMES = {"name", "task", "source", "assumption", "partner", "need", "label", "group", "words",
         "audience", "unit_words", "top_provider"}  # fmt: skip


def renamed(held: Assessment, seed: int) -> Assessment:
    """The assessment with other names for everything, long and short, each used throughout."""
    rng = random.Random(f"{seed} {held.partnership} {held.practice}")
    names: dict[str, str] = {}

    def said(key: str, value: Any) -> Any:
        if key not in NAMES or not isinstance(value, str):
            return value
        return names.setdefault(value, f"{rng.choice(LONG)} {len(names)}")

    rows = {
        part: tuple({key: said(key, value) for key, value in row.items()} for row in some)
        for part, some in held.rows.items()
    }
    return replace(held, rows=rows)


def space(words: Words) -> tuple[float, float, float, float]:
    """The box that words fill at most, as far as their letters go: left, top, right, bottom."""
    wide, tall = width_of(words.text, words.size, bold=words.bold), words.size / 72
    start = {"left": 0.0, "center": -wide / 2, "right": -wide}[words.side]
    turn = math.radians(-words.turn)
    corners = [
        (words.x + a * math.cos(turn) - b * math.sin(turn),
         words.y + a * math.sin(turn) + b * math.cos(turn))
        for a in (start, start + wide)
        for b in (-0.72 * tall, 0.2 * tall)
    ]  # fmt: skip
    xs, ys = zip(*corners, strict=True)
    return min(xs), min(ys), max(xs), max(ys)


def is_legible(chart: Chart) -> bool:
    """Whether all words are within the picture, and none run into each other."""
    surface = chart.surface
    boxes = [(words, space(words)) for words in surface.marks if isinstance(words, Words)]
    for words, (left, top, right, bottom) in boxes:
        assert -0.02 < left < right < surface.width + 0.02, words
        assert -0.02 < top < bottom < surface.height, words
    flat = [(words, box) for words, box in boxes if not words.turn]
    for (one, a), (other, b) in itertools.combinations(flat, 2):
        across, down = min(a[2], b[2]) - max(a[0], b[0]), min(a[3], b[3]) - max(a[1], b[1])
        assert min(across, down) < 0.01, (one.text, other.text)
    return True


@pytest.mark.parametrize("seed", range(4))
@pytest.mark.parametrize("slug", PACKAGES)
def test_no_words_run_into_each_other_or_out_of_their_picture(slug: str, seed: int) -> None:
    for stem, charts in CHARTS.items():
        held = assessed(slug, stem)
        for draw in charts.values():
            assert all(map(is_legible, draw(renamed(held, seed) if seed else held)))


@pytest.mark.parametrize("population", [50, 60, 1000, 9_000_000_000])
def test_the_words_beside_a_sample_stand_clear_at_every_margin(population: int) -> None:
    assert all(is_legible(sample_chart(margin, population, 0.95)) for margin in MARGINS)


@pytest.mark.parametrize("many", [1, 90, 999_999])
def test_the_charts_over_many_partnerships_have_room_for_their_numbers(many: int) -> None:
    tones = ("reached", "towards", "still", "away", "unknown")
    bars = [Bar(f"Some words {tone} {many}", many, tone) for tone in tones]
    pairs = [Pair(bar.words, many, many) for bar in bars]
    charts = [way_chart(bars), moves_chart(bars), filled_chart(bars, many), needs_chart(pairs)]
    for length in (12, 24, 36):
        ahead = [Month(f"{2026 + k // 12}-{k % 12 + 1:02d}", many, 1) for k in range(1, length + 1)]
        charts.append(months_chart(ahead) or charts[0])
    assert all(map(is_legible, charts))


@pytest.mark.parametrize("chart", EVERY)
def test_every_mark_lies_within_its_picture(chart: Chart) -> None:
    surface = chart.surface
    for mark in surface.marks:
        left, low, right, high = extents(mark)
        assert -1 < left <= right < surface.width * 72 + 1, mark
        assert -surface.height * 72 - 1 < low <= high < 1, mark


@pytest.mark.parametrize("chart", [each for each in EVERY if "-run-" not in str(each.id)])
def test_no_picture_has_an_empty_band_across_it(chart: Chart) -> None:
    surface, taken = chart.surface, []
    for mark in surface.marks:
        if isinstance(mark, Words):
            _, top, _, bottom = space(mark)
        else:
            _, low, _, high = extents(mark)
            top, bottom = -high / 72, -low / 72
        taken.append((top, bottom))
    taken.sort()
    end = 0.0
    for top, bottom in taken:
        assert top - end < 0.45, f"nothing between {end} and {top}"
        end = max(end, bottom)
    assert surface.height - end < 0.35, f"nothing below {end}"


def test_an_analyst_can_go_on_from_a_figure(tmp_path: Path) -> None:
    (chart,) = CHARTS["goals"]["progress"](goals([CINCINNATI], READY))
    figure = chart.figure()
    figure.text(0.5, 0.98, "Ours", fontsize=9)
    figure.savefig(tmp_path / "ours.pdf")
    figure.savefig(tmp_path / "ours.svg")
    assert (tmp_path / "ours.pdf").read_bytes().startswith(b"%PDF")
    assert chart.svg() == CHARTS["goals"]["progress"](goals([CINCINNATI], READY))[0].svg()


def test_a_png_has_the_size_that_is_asked_for() -> None:
    surface = Surface(1.5)
    surface.write(
        0.1, 0.5, "日本語"
    )  # the measuring font has no such letters: no warning is raised
    assert image_of(surface, "pdf") == image_of(surface, "pdf")
    image = Chart(surface, "", "", Table("", (), ())).png(100)
    # The width and the height stand in bytes 16 to 24 of a PNG (ISO 15948, 11.2.2).
    size = [int.from_bytes(image[start : start + 4], "big") for start in (16, 20)]
    assert size == [540, 150]


# Beside HTML ------------------------------------------------------------------------------------


def test_several_charts_of_a_cell_are_one_image_with_each_title_above_its_picture() -> None:
    charts = tuple(CHARTS["goals"]["run"](goals([CINCINNATI, POVERTY], READY, POOR)))
    assert len(charts) == 2
    bundle = shown(charts)._repr_mimebundle_()
    assert set(bundle) == {"text/html", "text/plain", "image/svg+xml"}
    assert bundle["text/html"].count("<figure") == 2
    root = ElementTree.fromstring(bundle["image/svg+xml"])
    words = ["".join(element.itertext()) for element in root.iter(f"{SPACE}text")]
    # Cincinnati's short title stands first, before anything of its picture.
    assert words[0].startswith("Cincinnati is 32% of the way")
    assert sum(word == "57%" for word in words) == 1
    alone = [ElementTree.fromstring(chart.svg()).attrib["viewBox"].split()[3] for chart in charts]
    tall = float(root.attrib["viewBox"].split()[3])
    assert tall > sum(map(float, alone))
    assert bundle["text/plain"] == "\n".join(f"{c.title}\n{c.alt}" for c in charts)


def test_a_png_is_there_where_it_is_asked_for() -> None:
    import base64

    charts = tuple(CHARTS["resources"]["gaps"](HELD))
    bundle = shown(charts, "png")._repr_mimebundle_()
    assert base64.b64decode(bundle["image/png"]).startswith(b"\x89PNG")
    assert "image/png" not in charts[0]._repr_mimebundle_()


def test_marks_of_surfaces_below_each_other_are_moved_down_by_those_above() -> None:
    upper, lower = Surface(1.0), Surface(0.5)
    lower.write(0.1, 0.2, "words")
    lower.mark(0.1, 0.2, size=9, fill="#000000")
    lower.mark(0.1, 0.2, "diamond", size=9, fill="#000000")
    lower.line([(0, 0.2), (1, 0.3)], "#000000")
    lower.put(Curve(((0, 0), (1, 0), (1, 0.1), (2, 0.4)), "#000000"))
    whole = stacked([upper, lower])
    assert (whole.width, whole.height) == (WIDTH, 1.5)
    for moved, mark in zip(whole.marks, lower.marks, strict=True):
        left, low, right, high = extents(mark)
        assert extents(moved) == pytest.approx((left, low - 72, right, high - 72))


# Scales, widths and rows ------------------------------------------------------------------------


@settings(max_examples=500)
@given(
    st.integers(-10_000, 10_000).map(lambda n: n / 8) | st.just(0.0),
    st.integers(1, 10_000_000).map(lambda n: n / 8) | st.integers(1, 5000).map(float),
    st.integers(4, 6),
)
def test_ticks_are_those_that_matplotlib_finds(low: float, span: float, most: int) -> None:
    from matplotlib.ticker import MaxNLocator

    high = low + span  # eighths, so that no sum is rounded
    finder = MaxNLocator(nbins=most - 1, steps=[1, 2, 2.5, 5, 10])
    theirs = [
        float(v)
        for v in finder.tick_values(low, high)
        if low - span * 1e-9 <= v <= high + span * 1e-9
    ]
    assert nice_ticks(low, high, most) == pytest.approx(theirs, abs=span * 1e-6)


def test_ticks_by_hand() -> None:
    assert nice_ticks(0, 1, 6) == [0.0, 0.2, 0.4, 0.6, 0.8, 1.0]
    assert nice_ticks(0, 3) == [0.0, 1.0, 2.0, 3.0]
    assert nice_ticks(-30, 45) == [-20.0, 0.0, 20.0, 40.0]
    assert nice_ticks(7, 7) == [7.0]


@settings(max_examples=20, deadline=None)
@given(st.text("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ 0123456789,.%-", min_size=20))
def test_widths_are_those_of_the_font_that_room_is_left_for(text: str) -> None:
    from matplotlib.font_manager import FontProperties
    from matplotlib.textpath import TextPath

    # Between two strokes, so that blanks at the ends count; less than a twentieth is off.
    for weight, bold, near in (("normal", False, 0.04), ("bold", True, 0.08)):
        font = FontProperties(family=["DejaVu Sans"], weight=weight, size=72)
        ends = [
            TextPath((0, 0), f"|{words}|", prop=font).get_extents().width for words in (text, "")
        ]
        assert width_of(text, 72, bold=bold) == pytest.approx((ends[0] - ends[1]) / 72, rel=near)


def test_rows_leave_room_for_the_lines_of_their_names() -> None:
    names = ["One", "A name that is long enough to take the room of two lines", "Three"]
    rows = Rows(names, 0.5, room=2.5, head=0.3, foot=0.4, first=0.25)
    places = list(rows.places())
    # The second is one line of 0.22 inches taller.
    assert [place.top for place in places] == pytest.approx([0.3, 0.8, 1.52])
    assert [place.first for place in places] == pytest.approx([0.55, 1.05, 1.77])
    # 1.28 of 12 points between its two baselines.
    assert places[1].base - places[1].first == pytest.approx(1.28 * 12 / 72)
    assert rows.bottom == pytest.approx(2.02)
    assert rows.surface.height == pytest.approx(2.42)


def test_the_scale_below_rows_sets_words_at_its_ends_inwards() -> None:
    rows = Rows(["One"], 0.5, room=2.5)
    rows.axis(Scale(0, 10, 1.0, 5.0), [(0, "0"), (5, "5"), (10, "10")], inward=True)
    words = {m.text: (m.x, m.side) for m in rows.surface.marks if isinstance(m, Words)}
    assert words == {"0": (1.0, "left"), "5": (3.0, "center"), "10": (5.0, "right")}


# Where little else is there ---------------------------------------------------------------------


def test_every_chart_is_drawn_and_shown_without_anything_heavy() -> None:
    code = """
import sys
sys.path[:0] = ["tests", "tests/support"]
from chart_results import CHARTS, HELD, CINCINNATI, POVERTY, READY, POOR, goals
from playbook_helpers.drawing.chart import shown
from playbook_helpers.practices.community.charts.samples import sample_chart
count = 0
for held in (goals([CINCINNATI, POVERTY], READY, POOR), HELD):
    for draw in CHARTS[held.practice].values():
        charts = tuple(draw(held))
        count += len(shown(charts)._repr_mimebundle_())
sample_chart(5, 1000, 0.95).html()
print(count, *sorted({name.split(".")[0] for name in sys.modules}))
"""
    done = subprocess.run(
        [sys.executable, "-c", code],
        capture_output=True,
        text=True,
        check=True,
        cwd=Path(__file__).parents[1],
    )
    count, *loaded = done.stdout.split()
    assert int(count) == 17
    assert not set(loaded) & {"matplotlib", "numpy", "pandas", "PIL", "IPython", "sqlalchemy"}
