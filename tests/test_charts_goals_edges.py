"""Charts of goals and resources: their titles and readings, where one thing turns into another."""

from __future__ import annotations

from typing import Any

import pytest
from resource_records import need, offer, worked_out

from playbook_helpers.core.records import Record
from playbook_helpers.practices.goals.charts.goal_words import (
    dated,
    headline,
    reading,
    said,
    sentence,
    way,
)
from playbook_helpers.practices.goals.rows import ProgressRow
from playbook_helpers.practices.resources.charts import heatmap
from playbook_helpers.practices.resources.charts.needs import GapRow, state
from playbook_helpers.practices.resources.charts.needs import headline as needs_headline
from playbook_helpers.practices.resources.charts.network import _reading, _ties
from playbook_helpers.practices.resources.charts.network import headline as network_headline


def goal(status: str, **more: Any) -> Any:
    return {**dict.fromkeys(ProgressRow.__annotations__), "name": "G", "status": status, **more}


@pytest.mark.parametrize(
    ("statuses", "words"),
    [
        (("met", "kept"), "All 2 goals have met their targets"),
        (("met", "improving"), "1 of 2 goals has met the target: 1 on the way"),
        (("met", "kept", "no_change"), "2 of 3 goals have met the target: 1 where it began"),
        (("improving", "improving"), "None of the 2 goals has met its target yet: 2 on the way"),
        (("no_target", "no_target"), "None of the 2 goals has a target yet"),
        (("getting_worse", "not_kept"),
         "None of the 2 goals has met its target yet: 2 moving away"),
        (("met_then_lost", "series_break"), "None of the 2 goals has met its target yet: 1 met and "
         "then lost, 1 counted in a new way"),
        (("no_baseline", "no_change", "no_target"), "None of the 3 goals has met its target yet: 1 "
         "where it began, 2 with numbers missing"),
    ],
)  # fmt: skip
def test_goals_are_counted_by_where_they_stand(statuses: tuple[str, ...], words: str) -> None:
    assert headline([goal(s) for s in statuses]) == words


def test_visions_stand_beside_the_goals() -> None:
    vision = goal("no_target", level="vision")
    assert headline([vision, vision]).startswith("All 2 goals are visions")
    two = [goal("met"), goal("met")]
    assert headline([*two, vision]) == "All 2 goals have met their targets; beside a vision"
    assert headline([*two, vision, vision]).endswith("; beside 2 visions")
    assert way(vision) == "vision"
    aimed = goal("no_measurement", level="vision", target_value=5.0)
    assert way(aimed) == "not measured yet"


@pytest.mark.parametrize(
    ("row", "words"),
    [
        (goal("met", latest_value=5.0, target_value=5.0),
         "G has met its target of 5: it stands at 5"),
        (goal("no_target", latest_value=0.0), "G stands at 0; it has no target yet"),
        (goal("no_target", baseline_value=1.0),
         "G began at 1; it has no target yet, and no later value"),
        (goal("no_target"), "G has no numbers yet"),
        (goal("no_baseline", target_value=5.0),
         "G is to reach 5; where it stands now is not known yet"),
        (goal("no_baseline", target_value=5.0, latest_value=2.0),
         "G stands at 2, to reach 5; it has no baseline yet"),
        (goal("no_measurement", target_value=5.0), "G is to reach 5; no value is written down yet"),
        (goal("no_measurement"), "G has no numbers yet"),
        (goal("no_measurement", baseline_value=0.0, target_value=5.0),
         "G began at 0, to reach 5; it has not been measured since"),
    ],
)  # fmt: skip
def test_what_a_goal_lacks_is_said(row: Any, words: str) -> None:
    assert sentence(row) == words


def test_a_value_is_said_with_its_unit_and_its_date() -> None:
    assert said(goal("met", unit="percent"), 5.0) == "5%"
    assert said(goal("met", unit="currency", unit_words="EUR"), 5.0) == "EUR 5"
    assert said(goal("met", unit="currency", unit_words="euro"), 5.0) == "5"
    assert said(goal("met", unit="number", unit_words="EUR"), 5.0) == "5"
    assert said(goal("met", unit="currency", unit_words="EURO"), 5.0) == "5"
    assert said(goal("met"), None) == "not known"
    for when, words in (("2020", "5 in 2020"), ("2020-03", "5 in March 2020"),
                        ("2020-03-09", "5 on 9 March 2020"), (None, "5")):  # fmt: skip
        assert dated(goal("met", latest_value=5.0, latest_date=when), "latest") == words
    assert dated(goal("met", latest_value=5.0, latest_date="2020"), "latest", " by ") == "5 by 2020"
    assert way(goal("improving", percent=49.6)) == "50% of the way"
    assert way(goal("improving")) == "on the way"


def test_six_goals_are_read_out_and_the_others_named() -> None:
    rows = [goal("no_measurement", name=f"G{n}") for n in range(8)]
    assert "Also shown" not in reading(rows[:6])
    assert "Also shown: G6." in reading(rows[:7])
    assert "Also shown: G6 and G7." in reading(rows)


@pytest.mark.parametrize(
    ("records", "words"),
    [
        ([offer("A", "x")], "1 partner brings 1 thing of 1 kind; 0 are firm"),
        ([offer("A", "x", status="in_use")], "1 partner brings 1 thing of 1 kind; 1 is firm"),
        ([offer("A", "x", status="in_use"), offer("B", "y", "space")],
         "2 partners bring 2 things of 2 kinds; 1 is firm"),
        ([offer(p, "x", status="in_use") for p in "AB"],
         "2 partners bring 2 things of 1 kind; all are firm"),
        ([offer("A", "x"), need("Money", "money")],
         "1 partner brings 1 thing of 1 kind; 0 are firm. Needed and not offered yet: money"),
    ],
)  # fmt: skip
def test_what_partners_bring_is_counted(records: list[Record], words: str) -> None:
    assert heatmap(worked_out(*records))[0].title == words


def test_what_is_firm_is_told_from_what_is_only_offered() -> None:
    firm = {"status": "in_use"}
    result = worked_out(
        *(offer("A", x, **firm) for x in "pq"), offer("A", "r"),
        *(offer("B", x) for x in "pq"), *(offer("C", x, **firm) for x in "pq"),
    )  # fmt: skip
    (chart,) = heatmap(result)
    assert (
        chart.alt == "A: staff time (3, 2 firm). B: staff time (2, none firm). C: staff time (2)."
    )
    told = [row["staff_time"] for row in chart.table.rows]
    assert told == ["2 firm, 1 offered", "2 offered", "2 firm"]
    many = worked_out(*(offer(f"P{n:02}", "x") for n in range(13)))
    assert heatmap(many)[0].alt.endswith(
        "P11: staff time (1, none firm). The rest is in the table below."
    )
    twelve = worked_out(*(offer(f"P{n:02}", "x") for n in range(12)))
    assert "The rest" not in heatmap(twelve)[0].alt


def of(coverage: float | None, must: bool = False, name: str = "N") -> Any:
    nothing = dict.fromkeys(GapRow.__annotations__)
    return {**nothing, "name": name, "must_have": must, "coverage": coverage}


@pytest.mark.parametrize(
    ("rows", "words"),
    [
        ([of(1)], "The need is covered"),
        ([of(1), of(1)], "All 2 needs are covered"),
        ([of(0.99)], "1 of 1 needs is still open in part or whole: N"),
        ([of(0), of(0.5, name="M")], "2 of 2 needs are still open in part or whole: N and M"),
        ([of(1, True), of(0)], "Every must-have is covered; 1 of 2 needs is still open in part or "
         "whole: N"),
        ([of(0.9, True)], "The one must-have is not covered yet: N"),
        ([of(0.9, True), of(1, True)], "1 of 2 must-haves is not fully covered yet: N"),
        ([of(0, True), of(0, True, "M")], "2 of 2 must-haves are not fully covered yet: N and M"),
        ([of(None), of(1)], "What can be counted is covered; 1 of 2 needs cannot be counted"),
        ([of(None, True), of(0, name="M")], "1 of 2 needs is still open in part or whole: M"),
    ],
)  # fmt: skip
def test_what_is_still_open_is_counted(rows: list[Any], words: str) -> None:
    assert needs_headline(rows) == words


@pytest.mark.parametrize(
    ("more", "words"),
    [
        ({"coverage": 1.0, "providers": 1}, "covered by 1 partner"),
        ({"coverage": 0.0}, "still open"),
        ({"amount": 10.0, "unit": "hours", "coverage": None},
         "10 hours needed; what is here brings could not be added"),
        ({"amount": 10.0, "coverage": None, "firm_uncounted": "A", "offered_uncounted": "B"},
         "10 needed; what A and B brings could not be added"),
        ({"amount": 10.0, "coverage": 0.0, "committed": 0.0, "offered": 0.0}, "10 still open"),
        ({"amount": 10.0, "coverage": 0.0, "committed": 0.0, "offered": 4.0},
         "10 still open, 4 offered"),
        ({"amount": 10.0, "coverage": 0.5, "committed": 5.0, "offered": 5.0}, "5 of 10 firm"),
        ({"amount": 10.0, "coverage": 0.5, "committed": 5.0, "offered": 6.0},
         "5 of 10 firm, 1 more offered"),
        ({"amount": 10.0, "coverage": 1.0, "committed": 10.0, "offered": 15.0}, "10 of 10 firm"),
        ({"amount": 10.0, "coverage": 0.5, "committed": 5.0, "offered": 5.0, "firm_uncounted": "A"},
         "5 of 10 firm; what A brings could not be added"),
    ],
)  # fmt: skip
def test_what_a_need_has_is_said_in_a_few_words(more: dict[str, Any], words: str) -> None:
    row = {**of(None), "firm_uncounted": "", "offered_uncounted": "", **more}
    assert state(row) == words  # type: ignore[arg-type]


def rests(name: str, on: str | None = None) -> Any:
    return {"name": name, "single_source": on is not None, "top_provider": on}


@pytest.mark.parametrize(
    ("needs", "givers", "words"),
    [
        ([rests("a")], "A", "1 partner provides; no need rests on one of them"),
        ([rests("a")], "AB", "2 partners provide; no need rests on one of them"),
        ([rests("a", "A"), rests("b")], "A", "1 of 2 needs has more than half from one partner: a "
         "from A"),
        ([rests("a", "A"), rests("b", "A")], "A", "2 of 2 needs have more than half from one "
         "partner, both from A"),
        ([rests(n, "A") for n in "abc"], "A", "3 of 3 needs have more than half from one partner, "
         "all from A"),
        ([rests("a", "A"), rests("b", "B")], "AB", "2 of 2 needs have more than half from one "
         "partner"),
        ([rests("a", "B"), rests("b", "B"), rests("c", "A")], "AB", "3 of 3 needs have more than "
         "half from one partner; B carries 2 of them"),
    ],
)  # fmt: skip
def test_needs_that_rest_on_one_partner_are_counted(
    needs: list[Any], givers: str, words: str
) -> None:
    links: list[Any] = [{"partner": giver, "need": "a"} for giver in givers]
    assert network_headline(needs, links) == words


def test_what_one_brings_to_a_need_is_put_together() -> None:
    def link(partner: str, share: float | None, status: str, amount: float | None = 1.0) -> Any:
        return {
            "partner": partner, "need": "N", "share": share, "status": status, "amount": amount,
        }  # fmt: skip

    links = [
        link("A", 0.2, "offered"),
        link("A", 0.3, "in_use"),
        link("B", None, "offered"),
        link("C", 0.8, "committed"),
        link("C", 0.8, "offered"),
        link("D", 0.4, "ended", None),
        link("E", 0.4, "ended"),
    ]
    assert _ties(links) == {
        ("A", "N"): (0.5, True),
        ("B", "N"): (0.5, False),
        ("C", "N"): (1.0, True),
        ("E", "N"): (0.4, True),
    }
    assert _reading([rests("N")], _ties(links)) == "N: A, C and E, offered by B."
    assert _reading([rests("M")], _ties(links)) == "M: nobody firmly yet."
    many = [rests(str(n)) for n in range(14)]
    assert _reading(many, {}).endswith("2 more needs are in the table of needs.")
    assert "more needs" not in _reading(many[:12], {})
