"""Charts: the title says the point, the alt text the reading, and no text breaks the drawing."""

from __future__ import annotations

import base64
import copy
import itertools
import re
import xml.etree.ElementTree as ElementTree
from datetime import date
from string import ascii_letters, digits
from typing import Any
from urllib.parse import unquote

import matplotlib
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from playbook_helpers.assessment import Assessment, Context, Head
from playbook_helpers.charts import CHARTS, Chart
from playbook_helpers.charts.base import in_address, shares_of, wrapped
from playbook_helpers.errors import NotFound
from playbook_helpers.partnership import Partner
from playbook_helpers.practices.resources import Need, Offer, assess
from playbook_helpers.whens import last_day

NASTY = "$x_1^{2$ <b>&amp;</b> \\frac 😀 日本語 עברית ﷽ \ufffe"


def goal(name: str, **more: Any) -> dict[str, Any]:
    blank: dict[str, Any] = dict.fromkeys(
        ("indicator", "unit_words", "baseline_value", "baseline_date", "target_value",
         "target_date", "latest_value", "latest_date", "percent", "away_percent",
         "achieved_per_year", "needed_per_year", "pace")
    )  # fmt: skip
    return blank | {
        "record": "r", "name": name, "sentence": name, "level": "outcome", "unit": "percent",
        "direction": "up", "status": "improving", "owner": "", "measurements": 1, "broken": False,
    } | more  # fmt: skip


def series(
    name: str, values: list[tuple[str, float]], meets: Any = None, breaks: tuple[str, ...] = ()
) -> list[dict[str, Any]]:
    rows, segment = [], 0
    for place, (when, value) in enumerate(values):
        segment += when in breaks
        rows.append(
            {"goal": name, "date": when, "day": last_day(when).isoformat(), "value": value,
             "segment": segment, "met": bool(meets and meets(value)), "baseline": place == 0,
             "source": "Report card"}
        )  # fmt: skip
    return rows


def goals(progress: list[dict[str, Any]], *values: list[dict[str, Any]]) -> Assessment:
    rows = {"progress": tuple(progress), "series": tuple(r for some in values for r in some)}
    return Assessment("goals", "x", date(2026, 6, 30), rows=rows)


CINCINNATI = goal(
    "Cincinnati", unit_words="% of children ready for school", baseline_value=44.0,
    baseline_date="2005", latest_value=57.0, latest_date="2014", target_value=85.0,
    target_date="2020", percent=100 * 13 / 41, pace="behind",
)  # fmt: skip
READY = series("Cincinnati", [("2005", 44), ("2011", 53), ("2014", 57)])
POVERTY = goal(
    "Poverty rate", direction="down", baseline_value=14.5, baseline_date="2015", latest_value=10.4,
    latest_date="2023", target_value=7.25, target_date="2030", percent=56.6, status="met_then_lost",
)  # fmt: skip
POOR = series(
    "Poverty rate",
    [("2015", 14.5), ("2019", 10.5), ("2020", 6.5), ("2021", 7.6), ("2023", 10.4)],
    lambda value: value <= 7.25,
)


def drawn(chart: Chart) -> str:
    """All text of a chart's SVG, after checking that it is sound."""
    svg = chart.svg()
    root = ElementTree.fromstring(svg)
    assert "script" not in {element.tag.split("}")[-1] for element in root.iter()}
    return " ".join("".join(element.itertext()) for element in root.iter() if _is_text(element))


def _is_text(element: ElementTree.Element) -> bool:
    return element.tag.endswith("}text")


# Goals -----------------------------------------------------------------------------------------


def test_the_title_of_a_progress_chart_says_the_point_and_the_labels_the_real_values() -> None:
    (chart,) = CHARTS["goals"]["progress"](goals([CINCINNATI], READY))
    assert chart.title == "Cincinnati is 32% of the way from 44% to 85%"
    words = drawn(chart)
    for label in ("from 44% in 2005", "57% in 2014", "to 85% by 2020", "32% of the way"):
        assert label in words
    assert "% of children ready for school" in words
    assert chart.source == "Source: Report card"
    assert chart.table.rows[0]["percent"] == pytest.approx(31.7, abs=0.05)


def test_a_target_met_and_lost_again_is_shown_as_such() -> None:
    (chart,) = CHARTS["goals"]["run"](goals([POVERTY], POOR))
    assert chart.title == (
        "Poverty rate: the target of 7.25% was met in 2020 and lost again by 2021; "
        "it stands at 10.4% in 2023"
    )
    words = drawn(chart)
    assert "met in 2020: 6.5%" in words
    assert "lost by 2021" in words
    assert "target 7.25% by 2030" in words
    (bullet,) = CHARTS["goals"]["progress"](goals([POVERTY], POOR))
    assert "met, then lost" in drawn(bullet)


def test_a_series_break_is_marked_and_never_bridged() -> None:
    name = "Early learning"
    row = goal(name, baseline_value=60.0, baseline_date="2019", target_value=75.0,
               target_date="2027", latest_value=66.0, latest_date="2024", status="series_break",
               broken=True)  # fmt: skip
    values = series(name, [("2019", 60), ("2020", 61), ("2022", 65), ("2024", 66)], None, ("2022",))
    (chart,) = CHARTS["goals"]["run"](goals([row], values))
    lines = [
        line
        for line in chart.figure.axes[0].lines
        if line.get_linestyle() == "-" and len(line.get_xdata()) > 1  # type: ignore[arg-type]
    ]
    assert sorted(tuple(line.get_ydata()) for line in lines) == [(60, 61), (65, 66)]  # type: ignore[arg-type]
    assert "counting changed" in drawn(chart)
    assert "changed with 2022" in chart.alt
    dashed = [line for line in chart.figure.axes[0].lines if line.get_linestyle() == "--"]
    assert not any(tuple(line.get_ydata()) == (60, 75) for line in dashed)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("status", "more", "words"),
    [
        ("met", {"percent": 105.6, "latest_value": 90.0}, "has met its target of 85%"),
        ("getting_worse", {"percent": -400.0, "latest_value": 20.0}, "away from its target"),
        ("no_change", {"percent": 0.0, "latest_value": 44.0}, "stands where it began"),
        ("kept", {"percent": None, "target_value": 44.0}, "has been kept"),
        ("not_kept", {"percent": None, "target_value": 44.0}, "was to stay at 44%"),
        ("no_target", {"percent": None, "target_value": None}, "it has no target yet"),
        ("no_baseline", {"percent": None, "baseline_value": None}, "it has no baseline yet"),
        ("no_measurement", {"percent": None, "latest_value": None}, "not been measured since"),
        ("series_break", {"percent": None}, "cannot be compared"),
        ("met", {"percent": 9e9, "latest_value": 1e12, "unit": "number"}, "1,000,000,000,000"),
    ],
)
def test_every_status_can_be_drawn_and_said(status: str, more: Any, words: str) -> None:
    row = CINCINNATI | {"status": status} | more
    (chart,) = CHARTS["goals"]["progress"](goals([row]))
    assert words in chart.title
    assert words in chart.alt
    drawn(chart)


def test_a_single_value_gets_a_time_line_of_its_own_years() -> None:
    # Shape Up Somerville has 46% of children overweight or at risk in 2003, and no value after it.
    bare = {"status": "no_target", "latest_value": None, "target_value": None}
    for when, marks in (("2003", {"2002", "2003", "2004"}), ("2003-06", {"2002", "2003", "2004"})):
        row = goal("Overweight", baseline_value=46.0, baseline_date=when, **bare)
        result = goals([row], series("Overweight", [(when, 46)]))
        (chart,) = CHARTS["goals"]["run"](result)
        years = {word for word in drawn(chart).split() if word.isdigit() and len(word) == 4}
        assert marks <= years
        assert all(2001 <= int(year) <= 2005 for year in years)


@pytest.mark.parametrize(
    ("first", "last", "marks"),
    [
        (2010, 2020, ["2010", "2012", "2014", "2016", "2018", "2020"]),
        (2005, 2008, ["2005", "2006", "2007", "2008"]),
        (1998, 2024, ["2000", "2010", "2020"]),
    ],
)
def test_years_stand_at_even_distances(first: int, last: int, marks: list[str]) -> None:
    row = goal("Covington", baseline_value=63.0, target_value=85.0, target_date=str(last))
    result = goals([row], series("Covington", [(str(first), 63), (str(first + 1), 67)]))
    (chart,) = CHARTS["goals"]["run"](result)
    assert [w.get_text() for w in chart.figure.axes[0].get_xticklabels()] == marks


def test_a_goal_that_was_to_stay_is_not_said_to_be_met_on_a_day() -> None:
    row = goal("Staff", status="kept", direction="keep", baseline_value=85.0, target_value=85.0,
               target_date="2029", latest_value=85.0, latest_date="2026")  # fmt: skip
    values = series("Staff", [("2024", 85), ("2025", 86), ("2026", 85)], lambda v: v == 85)
    words = drawn(CHARTS["goals"]["run"](goals([row], values))[0])
    assert "met in" not in words
    assert "lost by" not in words


def test_a_vision_is_not_counted_among_goals_with_numbers_missing() -> None:
    dream = goal("Every child thrives", level="vision", unit=None, status="no_target",
                 direction=None)  # fmt: skip
    (chart,) = CHARTS["goals"]["progress"](goals([CINCINNATI, dream, {**dream, "name": "B"}]))
    assert chart.title == "Cincinnati is 32% of the way from 44% to 85%; beside 2 visions"
    assert "Every child thrives is a vision, which needs no number of its own." in chart.alt
    assert [row["status"] for row in chart.table.rows] == ["improving", "vision", "vision"]
    words = drawn(chart)
    assert "no target" not in words
    (only,) = CHARTS["goals"]["progress"](goals([dream, {**dream, "name": "B"}]))
    assert only.title == "All 2 goals are visions, which need no numbers of their own"


@pytest.mark.parametrize("level", ["vision", "outcome", "output", "activity"])
@pytest.mark.parametrize("status", ["no_target", "no_baseline", "no_measurement"])
@pytest.mark.parametrize("known", [(), ("baseline",), ("latest",), ("target",)])
def test_no_chart_says_that_something_stands_at_not_known(
    level: str, status: str, known: tuple[str, ...]
) -> None:
    numbers = {f"{part}_value": 5.0 for part in known} | {f"{part}_date": "2020" for part in known}
    row = goal("Readiness", level=level, status=status, **numbers)
    result = goals([row], series("Readiness", [("2020", 5.0)] if known else []))
    for chart in (*CHARTS["goals"]["progress"](result), *CHARTS["goals"]["run"](result)):
        assert "not known," not in chart.title
        assert "at not known" not in chart.title + chart.alt
        assert "from not known" not in drawn(chart)


def test_what_is_missing_is_named() -> None:
    aimed = goal("Homes", status="no_measurement", target_value=2.5)
    (chart,) = CHARTS["goals"]["progress"](goals([aimed]))
    assert chart.title == "Homes is to reach 2.5%; no value is written down yet"
    bare = goal("Weight", status="no_target", latest_value=4.0, latest_date="2005")
    (chart,) = CHARTS["goals"]["progress"](goals([bare, {**bare, "name": "Health"}]))
    assert chart.title == "None of the 2 goals has a target yet"


def test_money_is_said_in_its_currency() -> None:
    row = CINCINNATI | {"unit": "currency", "unit_words": "USD", "latest_value": 57000.0}
    (chart,) = CHARTS["goals"]["progress"](goals([row]))
    assert "USD 57,000 in 2014" in drawn(chart)


def test_many_goals_are_drawn_in_several_figures_and_none_is_forgotten() -> None:
    rows = [goal(f"Goal {i}", **{k: CINCINNATI[k] for k in CINCINNATI if k.startswith(
        ("baseline", "latest", "target", "percent"))}) for i in range(30)]  # fmt: skip
    charts = CHARTS["goals"]["progress"](goals(rows))
    assert [len(c.table.rows) for c in charts] == [8, 7, 7, 8]
    assert charts[1].title.endswith("(goals 9 to 15 of 30)")
    hundred = CHARTS["goals"]["progress"](goals([goal(f"G {i}") for i in range(100)]))
    assert len(hundred) == 5
    assert hundred[-1].source == "60 more goals are not drawn."


def test_one_goal_can_be_picked_and_an_unknown_one_lists_those_there_are() -> None:
    held = goals([CINCINNATI, POVERTY], READY, POOR)
    assert len(CHARTS["goals"]["run"](held)) == 2
    assert [c.title[:7] for c in CHARTS["goals"]["run"](held, goal="poverty  RATE")] == ["Poverty"]
    with pytest.raises(NotFound, match="Cincinnati, Poverty rate"):
        CHARTS["goals"]["run"](held, goal="Nothing")


def test_a_run_chart_copes_with_one_value_equal_values_months_and_hundreds() -> None:
    one = goals([goal("A", target_value=3.0)], series("A", [("2024-05", 3)]))
    flat = goals([goal("A")], series("A", [("2020", 0), ("2021", 0)]))
    months = goals([goal("A")], series("A", [("2024-01", 1), ("2024-06-15", 2), ("2025-02", 3)]))
    many = [(f"{1000 + i}", float(i % 7)) for i in range(600)]
    long = goals([goal("A", unit="number")], series("A", many))
    for held in (one, flat, months, long):
        (chart,) = CHARTS["goals"]["run"](held)
        drawn(chart)
    assert "May 2024" in drawn(CHARTS["goals"]["run"](months)[0])


# Resources -------------------------------------------------------------------------------------


def resources(*records: Offer | Need) -> Assessment:
    heads = [
        Head(f"{r.kind}-{i}", str(i), r.practice, r.kind, r.payload(), r)
        for i, r in enumerate(records)
    ]
    return assess(heads, Context("x", date(2026, 6, 30)))


HELD = resources(
    Need(name="Coordinator", type="staff_time", amount=100, unit="hours", must_have=True),
    Need(name="Hall", type="space"),
    Need(name="Advice", type="expertise", amount=5, unit="days"),
    Offer(partner="City", what="Officer", type="staff_time", amount=60, unit="hours",
          status="committed", delivered=20, need="Coordinator"),
    Offer(partner="Mill", what="Clerk", type="staff_time", amount=30, unit="hours",
          need="Coordinator"),
    Offer(partner="City", what="Annex", type="space", status="in_use", need="Hall"),
    Offer(partner="Uni", what="Statistician", type="expertise", amount=8, unit="hours",
          status="committed", need="Advice"),
)  # fmt: skip


def test_gap_bars_put_must_haves_first_and_say_amounts_in_the_needs_own_unit() -> None:
    (chart,) = CHARTS["resources"]["gaps"](HELD)
    assert chart.title == "The one must-have is not covered yet: Coordinator"
    assert [row["name"] for row in chart.table.rows] == ["Coordinator", "Hall", "Advice"]
    words = drawn(chart)
    assert "60 of 100 hours firm, 30 more offered" in words
    assert "covered by 1 partner" in words
    assert "5 days needed; what Uni brings could not be added" in words
    for legend in ("here", "promised", "only offered", "still open"):
        assert legend in words


def test_the_gaps_chart_shows_what_is_offered_without_an_amount() -> None:
    payer = Need(name="A payer", type="money")
    hours = Need(name="Coaching", type="expertise", amount=10, unit="hours")
    result = resources(
        payer, hours, Need(name="A van", type="equipment"),
        Offer(partner="State of Ohio", what="A rate card", type="money", need="A payer"),
        Offer(partner="College", what="Students", type="expertise", need="Coaching"),
    )  # fmt: skip
    (chart,) = CHARTS["resources"]["gaps"](result)
    words = drawn(chart)
    assert "offered by State of Ohio, not promised yet" in words
    assert "10 hours still open; what College brings could not be added" in words
    assert "A van still open" in words
    offered = {row["name"]: row["offered_uncounted"] for row in chart.table.rows}
    assert offered == {"A payer": "State of Ohio", "Coaching": "College", "A van": "–"}


def test_the_network_leaves_out_who_has_left() -> None:
    needs = Need(name="A van", type="equipment")
    gone = Partner(name="Rowing club", sector="community", left="2025")
    heads = [
        Head(str(n), str(n), "resources", r.kind, r.payload(), r)
        for n, r in enumerate(
            (needs, Offer(partner="Rowing club", what="Minibus", type="equipment", need="A van",
                          status="in_use"),
             Offer(partner="Bakery", what="Van", type="equipment", need="A van"))
        )
    ]  # fmt: skip
    result = assess(heads, Context("x", date(2026, 6, 30), partners=(gone,)))
    (chart,) = CHARTS["resources"]["network"](result)
    assert "Rowing club" not in drawn(chart) + chart.alt + chart.table.text()
    assert "Bakery" in drawn(chart)


def test_the_heat_map_tells_firm_from_only_offered_without_colour_alone() -> None:
    (chart,) = CHARTS["resources"]["heatmap"](HELD)
    assert chart.title == "3 partners bring 4 things of 3 kinds; 3 are firm"
    assert "Mill: staff time (1, none firm)." in chart.alt
    outlined = [p for p in chart.figure.axes[0].patches if p.get_linestyle() not in ("-", "solid")]
    assert outlined
    assert "1 offered" in chart.table.html()


def test_the_network_marks_what_rests_on_one_partner() -> None:
    (chart,) = CHARTS["resources"]["network"](HELD)
    assert (
        chart.title == "3 of 3 needs have more than half from one partner; City carries 2 of them"
    )
    words = drawn(chart)
    assert words.count("only one partner") == 3
    assert "Coordinator: City, offered by Mill." in chart.alt


def test_many_partners_and_needs_are_capped_with_a_note() -> None:
    held = resources(
        *(Need(name=f"Need {i}", type="space") for i in range(60)),
        *(Offer(partner=f"Partner {i}", what="Room", type="space", need=f"Need {i}",
                status="in_use") for i in range(60)),
    )  # fmt: skip
    (network,) = CHARTS["resources"]["network"](held)
    assert network.source == "Not drawn: 44 more partners and 44 more needs."
    assert [len(c.table.rows) for c in CHARTS["resources"]["heatmap"](held)] == [20, 20, 20]
    gaps = CHARTS["resources"]["gaps"](held)
    assert len(gaps) == 5
    assert gaps[-1].source == "10 more needs are not drawn; the table of needs has them."


# What holds for all of them --------------------------------------------------------------------

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
    sizes = {text.get_fontsize() for axes in chart.figure.axes for text in axes.texts}
    assert min(sizes) >= 11
    # At 360 CSS pixels of width, in pixels.
    assert min(sizes) * 360 / (chart.figure.get_figwidth() * 72) >= 10
    assert chart.png().startswith(b"\x89PNG")


def test_the_readers_own_settings_neither_change_a_chart_nor_are_changed() -> None:
    held = goals([CINCINNATI], READY)
    before = CHARTS["goals"]["progress"](held)[0].svg()
    with matplotlib.rc_context({"font.size": 30, "text.color": "red", "svg.fonttype": "path"}):
        kept = dict(matplotlib.rcParams)
        assert CHARTS["goals"]["progress"](held)[0].svg() == before
        assert dict(matplotlib.rcParams) == kept


def test_no_figure_is_left_open_behind_a_chart() -> None:
    import matplotlib.pyplot as plt

    for draw in CHARTS["resources"].values():
        draw(HELD)[0].html()
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


@given(st.integers(1, 500), st.integers(1, 20))
def test_rows_are_shared_out_over_figures_without_loss(count: int, most: int) -> None:
    parts = shares_of(count, most)
    assert parts[0].start == 0
    assert parts[-1].stop == count
    assert all(0 < part.stop - part.start <= most for part in parts)
    assert all(a.stop == b.start for a, b in itertools.pairwise(parts))


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
