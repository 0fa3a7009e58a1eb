"""Innovation: what is risky, where an experiment stands, and what is asked about it."""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import date, timedelta
from typing import Any

import pytest
from chart_results import CHARTS
from hypothesis import given
from hypothesis import strategies as st
from innovation_records import AS_OF, codes, experiment, heads, the_row, worked_out
from steps import grows_evenly

from playbook_helpers.core.assessment import Context
from playbook_helpers.core.errors import InputError
from playbook_helpers.core.records import Record
from playbook_helpers.practices.innovation import Assumption, Decision, Result, assess, risk
from playbook_helpers.worksheet.sections.results import findings_html

# Risk ------------------------------------------------------------------------------------------


def test_risk_is_importance_times_missing_evidence() -> None:
    assert [risk(5, 0), risk(5, 5), risk(3, 1), risk(1, 0)] == [25, 0, 12, 5]
    for importance, evidence in ((0, 0), (6, 1), (3, -1), (3, 6)):
        with pytest.raises(InputError, match="Risk cannot be worked out"):
            risk(importance, evidence)


@given(st.integers(1, 5), st.integers(0, 4))
def test_more_evidence_never_raises_risk(importance: int, evidence: int) -> None:
    assert 0 <= risk(importance, evidence + 1) <= risk(importance, evidence) <= 25


@given(st.integers(1, 4), st.integers(0, 5))
def test_more_importance_never_lowers_risk(importance: int, evidence: int) -> None:
    assert risk(importance + 1, evidence) >= risk(importance, evidence)


def test_the_riskiest_untested_come_first_and_those_with_a_result_last() -> None:
    assessment = worked_out(
        Assumption(name="Tested", importance=5, evidence=0),
        Assumption(name="Small", importance=1, evidence=0),
        Assumption(name="Unweighed", importance=5),
        Assumption(name="Large", importance=5, evidence=1),
        experiment(assumption="  tested ", starts="2026-01-01"),
        Result(experiment="drop-in", date="2026-02-01", value=3),
    )
    rows = assessment.rows["assumptions"]
    assert [row["name"] for row in rows] == ["Large", "Small", "Unweighed", "Tested"]
    assert rows[2]["risk"] is None
    assert rows[3]["test"] == "known"
    assert {"risky_untested", "unweighed", "weigh_again"} <= codes(assessment)
    assert assessment.measure("untested").value == 1
    assert (assessment.measure("untested").n, assessment.measure("untested").missing) == (3, 1)


# Where an experiment stands --------------------------------------------------------------------


@pytest.mark.parametrize(
    ("card", "more", "state"),
    [
        ({}, [], "planned"),
        ({"starts": "2027-01"}, [], "planned"),
        ({"starts": "2026-10-31"}, [], "running"),
        ({"starts": "2026-01", "ends": "2026-10-31"}, [], "running"),
        ({"starts": "2026-01", "ends": "2026-10-30"}, [], "over"),
        ({"starts": "2026-01"}, [Result(experiment="Drop-in", date="2026-02-01")], "known"),
        ({"starts": "2026-01"}, [Result(experiment="Drop-in", date="2026-11-01")], "running"),
        (
            {},
            [
                Result(experiment="Drop-in", date="2026-02-01"),
                Decision(experiment="Drop-in", date="2026-02-16", decision="go_on"),
            ],
            "decided",
        ),
        (
            {},
            [
                Decision(experiment="Drop-in", date="2026-02-16", decision="go_on"),
                Result(experiment="Drop-in", date="2026-04-01"),
            ],
            "known",
        ),
    ],
)
def test_where_an_experiment_stands(card: dict[str, Any], more: list[Record], state: str) -> None:
    assert the_row(worked_out(experiment(**card), *more))["state"] == state


def test_days_to_a_decision_are_counted_between_days_alone() -> None:
    def days(known: str, decided: str) -> Any:
        assessment = worked_out(
            experiment(),
            Result(experiment="Drop-in", date=known),
            Decision(experiment="Drop-in", date=decided, decision="stop"),
        )
        return assessment.measure("days_to_decision").value

    assert days("2026-05-04", "2026-05-19") == 15
    assert days("2026-05-04", "2026-05-04") == 0
    assert days("2026-01", "2026") is None


def test_widening_what_did_not_pass_is_asked_about() -> None:
    assessment = worked_out(
        experiment(pass_line=12, unit="number"),
        Result(experiment="Drop-in", date="2026-02-01", value=3),
        Decision(experiment="Drop-in", date="2026-02-16", decision="widen"),
    )
    assert "against_line" in codes(assessment)


def test_names_that_lead_nowhere_are_told() -> None:
    assessment = worked_out(
        experiment(assumption="Nobody wrote this"), Result(experiment="Drop-inn", date="2026")
    )
    assert [f.code for f in assessment.findings].count("lost") == 2


# Empty, large, hostile -------------------------------------------------------------------------


def test_an_empty_partnership_is_told_kindly_where_to_begin() -> None:
    assessment = worked_out()
    assert [(f.code, f.severity) for f in assessment.findings] == [("no_assumptions", "note")]
    assert all(m.value is None and m.note for m in assessment.measures)
    assert all(draw(assessment) == [] for draw in CHARTS["innovation"].values())
    json.dumps(assessment.to_json(), allow_nan=False)


@given(st.permutations(range(6)))
def test_the_order_of_records_changes_nothing(order: list[int]) -> None:
    records = [
        Assumption(name="A", importance=5, evidence=1),
        Assumption(name="B", importance=5, evidence=1),
        experiment("X", assumption="A", pass_line=1, unit="number", starts="2026-01"),
        experiment("Y", assumption="B"),
        Result(experiment="X", date="2026-02-02", value=2),
        Decision(experiment="X", date="2026-03-02", decision="stop"),
    ]
    known = heads(*records)
    shuffled = assess([known[i] for i in order], Context("east", AS_OF))
    straight = assess(known, Context("east", AS_OF))
    assert shuffled.rows == straight.rows
    assert shuffled.measures == straight.measures


def many_records(number: int) -> list[Record]:
    records: list[Record] = []
    for n in range(number):
        begins = (date(2024, 1, 1) + timedelta(days=n)).isoformat()
        records += [
            Assumption(name=f"A{n}", importance=1 + n % 5, evidence=n % 6),
            experiment(f"E{n}", assumption=f"A{n}", pass_line=50, unit="percent", starts=begins),
            Result(experiment=f"E{n}", date="2026-01-05", successes=n % 20, out_of=20),
            Decision(experiment=f"E{n}", date="2026-02-01", decision="go_on"),
        ]
    return records


def test_twice_the_records_take_twice_the_work() -> None:
    def drawing(number: int) -> Callable[[], object]:
        records = many_records(number)

        def work() -> None:
            assessment = worked_out(*records)
            for draw in CHARTS["innovation"].values():
                draw(assessment)

        return work

    assert grows_evenly(drawing, 30)


def test_2000_records_are_assessed_and_drawn() -> None:
    assessment = worked_out(*many_records(500))
    drawn = [chart for draw in CHARTS["innovation"].values() for chart in draw(assessment)]
    assert len(assessment.rows["experiments"]) == 500
    assert len(drawn) == 1 + 5 + 1
    assert len(drawn[0].html()) < 500_000


def test_markup_in_any_field_is_shown_as_text() -> None:
    evil = "<script>alert(1)</script>$x^2$"
    assessment = worked_out(
        Assumption(name=evil, importance=5, evidence=0),
        experiment(evil, measure=evil, pass_line=1, unit="number", unit_words=evil),
        Result(experiment=evil, date="2026-02-02", value=2, learned=evil),
    )
    pages = [findings_html(assessment).html()]
    pages += [chart.html() for draw in CHARTS["innovation"].values() for chart in draw(assessment)]
    for page in pages:
        assert "<script" not in page
        assert "&lt;script&gt;" in page
