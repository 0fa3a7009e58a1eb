"""The charts of resources: what is open, who brings what, and what rests on one partner."""

from __future__ import annotations

from datetime import date

from chart_results import CHARTS, HELD, drawn, resources

from playbook_helpers.core.assessment import Context, Head
from playbook_helpers.core.partnership import Partner
from playbook_helpers.drawing.surface import Shape, Words
from playbook_helpers.practices.resources import Need, Offer, assess
from playbook_helpers.practices.resources.charts.needs import headline


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
    assert any(isinstance(mark, Shape) and mark.dash for mark in chart.surface.marks)
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


def test_the_heat_map_shows_a_number_only_where_something_is_offered() -> None:
    (chart,) = CHARTS["resources"]["heatmap"](HELD)
    numbers = [m.text for m in chart.surface.marks if isinstance(m, Words) and m.side == "center"]
    # Four offers in four cells; and in the key a 2, a 1, and 2 beside 1.
    assert sorted(numbers) == ["1", "1", "1", "1", "1", "1", "2", "2"]
    pale = [m for m in chart.surface.marks if isinstance(m, Shape) and m.opacity == 0.45]
    assert len(pale) == 3 * 3 - 4


def test_one_need_is_not_counted_as_all_needs() -> None:
    covered = {"name": "Room", "must_have": False, "coverage": 1.0}
    assert headline([covered]) == "The need is covered"
    assert headline([covered, covered]) == "All 2 needs are covered"
