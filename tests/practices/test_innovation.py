"""Innovation: what is risky, when a pass line was moved, and what a result can be held against."""

from __future__ import annotations

import json
import time
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from playbook_helpers.assessment import Assessment, Context, Head
from playbook_helpers.charts import CHARTS
from playbook_helpers.errors import InputError
from playbook_helpers.exchange import import_paths
from playbook_helpers.practices.innovation import (
    Assumption,
    Decision,
    Experiment,
    Result,
    assess,
    moved_lines,
    risk,
    wilson,
)
from playbook_helpers.records import Record
from playbook_helpers.revisions import Revision, new_revision, uuid7
from playbook_helpers.show import findings_html
from playbook_helpers.store import Store
from playbook_helpers.worksheet import Worksheet

DATA = Path(__file__).parents[2] / "data"
AS_OF = date(2026, 10, 31)


def heads(*records: Record) -> list[Head]:
    return [
        Head(f"r{n:05d}", f"v{n:05d}", r.practice, r.kind, r.payload(), r)
        for n, r in enumerate(records)
    ]


def worked_out(
    *records: Record, history: dict[str, tuple[Revision, ...]] | None = None
) -> Assessment:
    return assess(heads(*records), Context("east", AS_OF, history=history or {}))


def codes(assessment: Assessment) -> set[str]:
    return {finding.code for finding in assessment.findings}


def experiment(name: str = "Drop-in", **more: Any) -> Experiment:
    return Experiment(name=name, **more)


def the_row(assessment: Assessment, name: str = "Drop-in") -> dict[str, Any]:
    return next(dict(r) for r in assessment.rows["experiments"] if r["name"] == name)


def states(*saved: tuple[str, dict[str, Any]]) -> tuple[Revision, ...]:
    """The revisions of one experiment, each replacing the one before: (day, what it said)."""
    held: list[Revision] = []
    for day, payload in saved:
        held.append(
            Revision(
                uuid7(),
                "east",
                "innovation",
                "experiment",
                "r00000",
                {"name": "Drop-in", **payload},
                parents=(held[-1].id,) if held else (),
                client_time=f"{day}T12:00:00.000Z" if day else "",
            )
        )
    return tuple(held)


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


# Wilson ----------------------------------------------------------------------------------------


def test_wilson_by_hand() -> None:
    """z = 1.96, z squared 3.8415. Nothing of 20: at most 3.8415 / (20 + 3.8415) = 0.1611.

    5 of 10: the middle is 0.5, and half the width is
    1.96 x sqrt(0.25 / 10 + 3.8415 / 400) / (1 + 0.38415) = 0.2634.
    """
    assert wilson(0, 20) == pytest.approx((0, 0.1611), abs=5e-5)
    assert wilson(20, 20) == pytest.approx((1 - 0.1611, 1), abs=5e-5)
    assert wilson(5, 10) == pytest.approx((0.5 - 0.2634, 0.5 + 0.2634), abs=5e-5)


@pytest.mark.parametrize(
    ("successes", "n", "low", "high"),
    [(81, 263, 0.2553, 0.3662), (15, 148, 0.0624, 0.1605), (0, 20, 0, 0.1611),
     (1, 29, 0.0061, 0.1718)],
)  # fmt: skip
def test_wilson_s_published_intervals(successes: int, n: int, low: float, high: float) -> None:
    """Newcombe (1998), Statistics in Medicine 17, 857-872, table I, score method."""
    assert wilson(successes, n) == pytest.approx((low, high), abs=5e-5)


@pytest.mark.parametrize(("successes", "n"), [(81, 263), (15, 148), (1, 29), (7, 10), (70, 100)])
def test_wilson_s_ends_are_the_shares_from_which_the_count_lies_1_96_deviations_off(
    successes: int, n: int
) -> None:
    """That is how the interval is defined; each end is put back into the definition here."""
    share = successes / n
    for end in wilson(successes, n):
        deviations = abs(share - end) / (end * (1 - end) / n) ** 0.5
        assert deviations == pytest.approx(1.959964, abs=1e-5)


def test_a_share_is_held_against_a_line_in_percent_with_its_interval() -> None:
    assessment = worked_out(
        experiment(pass_line=60, unit="percent"),
        Result(experiment="Drop-in", date="2026-05-04", successes=7, out_of=10),
    )
    row = the_row(assessment)
    assert (row["value"], row["n"], row["passed"], row["clear"]) == (70, 10, True, False)
    assert (round(row["low"], 1), round(row["high"], 1)) == (39.7, 89.2)
    assert "unclear" in codes(assessment)


def test_a_count_is_held_against_a_line_in_numbers_and_never_as_a_share() -> None:
    """7 of 20 are 35 %, and do not pass a line of 12 families."""
    row = the_row(
        worked_out(
            experiment(pass_line=12, unit="number"),
            Result(experiment="Drop-in", date="2026-05-04", successes=7, out_of=20),
        )
    )
    assert (row["value"], row["passed"]) == (7, False)
    assert (row["low"], row["high"]) == pytest.approx([20 * b for b in wilson(7, 20)])


def test_where_nobody_said_percent_or_number_nothing_is_judged() -> None:
    assessment = worked_out(
        experiment(pass_line=12),
        Result(experiment="Drop-in", date="2026-05-04", successes=7, out_of=20),
    )
    assert (the_row(assessment)["value"], the_row(assessment)["passed"]) == (None, None)
    assert "counting" in codes(assessment)


@pytest.mark.parametrize(
    "result",
    [{"successes": 9, "out_of": 7}, {"successes": 7, "out_of": 10, "value": 35}],
)
def test_counts_that_cannot_be_are_told(result: dict[str, Any]) -> None:
    assessment = worked_out(
        experiment(pass_line=60, unit="percent"),
        Result(experiment="Drop-in", date="2026-05-04", **result),
    )
    assert "counting" in codes(assessment)


@pytest.mark.parametrize(
    ("side", "value", "passed"),
    [("at_least", 12, True), ("at_least", 11, False), ("at_most", 0, True), ("at_most", 1, False)],
)
def test_the_line_itself_passes(side: str, value: float, passed: bool) -> None:
    line = 12 if side == "at_least" else 0
    row = the_row(
        worked_out(
            experiment(pass_side=side, pass_line=line, unit="number"),
            Result(experiment="Drop-in", date="2026-05-04", value=value),
        )
    )
    assert row["passed"] is passed


# Moved lines -----------------------------------------------------------------------------------

START = {"starts": "2026-06-06", "pass_line": 20, "pass_side": "at_least"}


@pytest.mark.parametrize(
    ("day", "moment"),
    [
        ("2026-05-30", "before"),
        ("2026-06-06", "unsure"),
        ("2026-06-07", "after"),
        ("2026-09-03", "after_result"),
        ("", "unsure"),
    ],
)
def test_a_moved_line_is_told_from_the_day_it_was_moved(day: str, moment: str) -> None:
    history = states(("2026-05-01" if day else "", START), (day, {**START, "pass_line": 12}))
    (move,) = moved_lines(history, ["2026-09-02"])
    assert (move.was, move.line, move.moment) == ("at least 20", "at least 12", moment)


def test_a_line_moved_before_the_start_is_no_finding_and_one_after_it_is() -> None:
    result = Result(experiment="Drop-in", date="2026-09-02", value=14)
    for day, expected in (("2026-05-30", 0), ("2026-07-27", 1)):
        history = {"r00000": states(("2026-05-01", START), (day, {**START, "pass_line": 12}))}
        assessment = worked_out(experiment(**{**START, "pass_line": 12}), result, history=history)
        assert ("line_moved" in codes(assessment)) is bool(expected)
        assert the_row(assessment)["moved"] == expected
        assert assessment.measure("pass_lines").value == 100 * (1 - expected)
        assert len(assessment.rows["moved"]) == 1


def test_moving_the_start_as_well_hides_nothing() -> None:
    history = states(
        ("2026-05-01", START),
        ("2026-07-01", {**START, "starts": "2026-08-01"}),
        ("2026-07-02", {**START, "starts": "2026-08-01", "pass_line": 5}),
    )
    assert [move.moment for move in moved_lines(history)] == ["after"]


def test_a_line_first_written_after_the_start_is_told_as_late() -> None:
    history = {"r00000": states(("2026-05-01", {"starts": "2026-06-06"}), ("2026-07-01", START))}
    assessment = worked_out(experiment(**START), history=history)
    assert "line_late" in codes(assessment)
    assert "line_moved" not in codes(assessment)


def test_changing_side_or_unit_moves_the_line_and_changing_a_note_does_not() -> None:
    noted = states(("2026-05-01", START), ("2026-07-01", {**START, "note": "New room"}))
    assert moved_lines(noted) == []
    for change in ({"pass_side": "at_most"}, {"unit": "percent"}):
        history = states(("2026-05-01", START), ("2026-07-01", {**START, **change}))
        assert [move.late for move in moved_lines(history)] == [True]


def test_two_who_edit_at_once_and_the_settling_of_it_are_one_move() -> None:
    first, left = states(("2026-05-01", START), ("2026-07-01", {**START, "note": "Room"}))
    right = new_revision(
        "east", experiment(**{**START, "pass_line": 9}), record_id="r00000", parents=[first.id]
    )
    settled = new_revision(
        "east",
        experiment(**{**START, "pass_line": 9, "note": "Room"}),
        record_id="r00000",
        parents=[left.id, right.id],
    )
    assert [move.line for move in moved_lines((settled, right, left, first))] == ["at least 9"]


def test_a_start_known_to_its_month_leaves_that_month_open() -> None:
    month = {**START, "starts": "2026-06"}
    for day, moment in (
        ("2026-05-31", "before"),
        ("2026-06-20", "unsure"),
        ("2026-07-01", "after"),
    ):
        history = states(("2026-05-01", month), (day, {**month, "pass_line": 12}))
        assert [move.moment for move in moved_lines(history)] == [moment]


def test_the_example_shows_its_moved_line_from_a_store(tmp_path: Path) -> None:
    with Store.open(f"sqlite:///{tmp_path / 'store.db'}") as store:
        import_paths(store, [DATA / "riverside-invented"])
        held = store.histories("riverside-invented", ["experiment"])
    assert sorted(map(len, held.values())) == [1, 1, 1, 1, 1, 1, 2]
    sheet = Worksheet(
        "innovation", "riverside-invented", store=f"sqlite:///{tmp_path / 'store.db'}"
    )
    assessment = sheet.assess()
    (move,) = assessment.rows["moved"]
    assert (move["was"], move["line"]) == ("at least 20 families", "at least 12 families")
    assert {"line_moved", "no_pass_line", "risky_untested", "unclear", "no_result"} <= codes(
        assessment
    )
    decided = {r["name"]: r["decision"] for r in assessment.rows["experiments"] if r["decision"]}
    assert decided == {
        "Story bags": "widen",
        "Evening drop-in": "change",
        "Volunteers at the door": "stop",
    }
    (chart,) = CHARTS["innovation"]["tests"](assessment)
    assert "was at least 20 families" in chart.alt
    assert chart.title.startswith("The pass line of Saturday corner in the bakery was moved")


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


def test_2000_records_are_assessed_and_drawn_in_under_5_seconds() -> None:
    records: list[Record] = []
    for n in range(500):
        begins = (date(2024, 1, 1) + timedelta(days=n)).isoformat()
        records += [
            Assumption(name=f"A{n}", importance=1 + n % 5, evidence=n % 6),
            experiment(f"E{n}", assumption=f"A{n}", pass_line=50, unit="percent", starts=begins),
            Result(experiment=f"E{n}", date="2026-01-05", successes=n % 20, out_of=20),
            Decision(experiment=f"E{n}", date="2026-02-01", decision="go_on"),
        ]
    start = time.process_time()
    assessment = worked_out(*records)
    drawn = [chart for draw in CHARTS["innovation"].values() for chart in draw(assessment)]
    assert time.process_time() - start < 5
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
