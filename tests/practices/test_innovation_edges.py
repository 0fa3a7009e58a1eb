"""Innovation at its edges: the line itself, the day itself, the number from which it is risky."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest
from innovation_records import codes, experiment, the_row, worked_out

from playbook_helpers.core.assessment import Assessment, Finding
from playbook_helpers.core.errors import InputError
from playbook_helpers.core.revisions import new_revision
from playbook_helpers.practices.innovation import Assumption, Decision, Result
from playbook_helpers.practices.innovation.assess import risk
from playbook_helpers.practices.innovation.findings import lost_findings
from playbook_helpers.practices.innovation.lines import line_words, moved_lines, plain_number
from playbook_helpers.practices.innovation.trials import clear, result_value, result_words


def found(assessment: Assessment, code: str) -> list[Finding]:
    return [f for f in assessment.findings if f.code == code]


def assumption(importance: int | None, evidence: int | None, name: str = "Trust") -> Assumption:
    return Assumption(name=name, importance=importance, evidence=evidence)


# Risk -------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("importance", "evidence", "severity"),
    [
        (2, 0, None),  # 10
        (3, 1, "look"),  # 12
        (4, 2, "look"),  # 12
        (3, 0, "look"),  # 15
        (4, 1, "look"),  # 16
        (4, 0, "act"),  # 20
        (5, 1, "act"),  # 20
        (5, 0, "act"),  # 25
    ],
)
def test_twelve_of_twenty_five_is_risky_and_twenty_urgent(
    importance: int, evidence: int, severity: str | None
) -> None:
    held = worked_out(assumption(importance, evidence))
    assert [f.severity for f in found(held, "risky_untested")] == ([severity] if severity else [])
    assert held.rows["assumptions"][0]["risk"] == importance * (5 - evidence)
    measure = held.measure("untested")
    assert (measure.value, measure.n, measure.missing) == (int(bool(severity)), 1, 0)


@pytest.mark.parametrize(("importance", "evidence"), [(1, 0), (5, 5), (1, 5), (5, 0)])
def test_the_ends_of_both_scales_have_a_risk(importance: int, evidence: int) -> None:
    assert risk(importance, evidence) == importance * (5 - evidence)


@pytest.mark.parametrize(("importance", "evidence"), [(0, 0), (6, 0), (1, -1), (1, 6)])
def test_outside_the_scales_there_is_no_risk(importance: int, evidence: int) -> None:
    with pytest.raises(InputError):
        risk(importance, evidence)


@pytest.mark.parametrize(("importance", "evidence"), [(None, 3), (3, None), (None, None)])
def test_an_assumption_without_one_of_its_two_numbers_is_not_weighed(
    importance: int | None, evidence: int | None
) -> None:
    held = worked_out(assumption(importance, evidence))
    assert codes(held) >= {"unweighed"}
    measure = held.measure("untested")
    assert (measure.value, measure.n, measure.missing) == (None, 0, 1)


@pytest.mark.parametrize(
    ("card", "known", "test", "code"),
    [
        ({}, False, "planned", None),
        ({"starts": "2026-10-31"}, False, "running", None),
        ({"ends": "2026-10-30"}, False, "running", None),
        ({}, True, "known", "weigh_again"),
    ],
)
def test_how_far_the_test_of_an_assumption_has_come(
    card: dict[str, Any], known: bool, test: str, code: str | None
) -> None:
    results = [Result(experiment="Drop-in", date="2026-10-31", value=1)] if known else []
    held = worked_out(
        assumption(5, 0), experiment(assumption="TRUST", **card), experiment("Other"), *results
    )
    (row,) = held.rows["assumptions"]
    assert (row["test"], row["tested"]) == (test, True)
    assert bool(found(held, "weigh_again")) == bool(code)
    assert not found(held, "risky_untested")
    assert not found(held, "lost")


def test_the_furthest_of_two_tests_counts_and_the_riskiest_without_a_result_comes_first() -> None:
    held = worked_out(
        assumption(5, 0, "known"), assumption(2, 0, "little"), assumption(4, 0, "much"),
        assumption(None, None, "unweighed"), assumption(4, 0, "as much"),
        experiment("a", assumption="known", starts="2026-01"),
        experiment("b", assumption="known"),
        Result(experiment="a", date="2026-02", value=1),
    )  # fmt: skip
    assert [(r["name"], r["test"]) for r in held.rows["assumptions"]] == [
        ("as much", "none"), ("much", "none"), ("little", "none"), ("unweighed", "none"),
        ("known", "known"),
    ]  # fmt: skip


# Where an experiment stands ---------------------------------------------------------------------


@pytest.mark.parametrize(
    ("card", "state"),
    [
        ({"starts": "2026-10-31"}, "running"),
        ({"starts": "2026-11-01"}, "planned"),
        ({"starts": "2026-10"}, "running"),
        ({"ends": "2026-10-31", "starts": "2026-10-01"}, "running"),
        ({"ends": "2026-10-30", "starts": "2026-10-01"}, "over"),
        ({"ends": "2026-10"}, "planned"),
        ({}, "planned"),
    ],
)
def test_an_experiment_runs_from_its_first_day_to_its_last(
    card: dict[str, Any], state: str
) -> None:
    held = worked_out(experiment(**card))
    assert the_row(held)["state"] == state
    ahead = {"no_stop_rule", "no_harm_check", "no_cost_cap"} <= codes(held)
    assert ahead == (state in ("planned", "running"))
    assert bool(found(held, "no_end")) == (ahead and "ends" not in card)
    assert [f.severity for f in found(held, "no_pass_line")] == [
        "act" if state == "running" else "look"
    ]
    assert bool(found(held, "no_result")) == (state == "over")


def test_a_card_that_says_all_is_asked_for_nothing() -> None:
    card = experiment(
        starts="2026-10-31", ends="2026-10-31", pass_line=0, stop_rule="A complaint", harm="None",
        cost_cap=0,
    )  # fmt: skip
    assert {f.code for f in worked_out(card, assumption(1, 5)).findings} == set()
    late = card.model_copy(update={"starts": "2026-11", "ends": "2026-10-31"})
    assert codes(worked_out(late, assumption(1, 5))) == {"ends_before_start"}


@pytest.mark.parametrize(
    ("result", "decision", "state"),
    [
        ("2026-10-01", "2026-10-01", "decided"),
        ("2026-10-02", "2026-10-01", "known"),  # opened again by what came after
        ("2026-10", "2026-10-01", "decided"),
        (None, "2026-10-01", "decided"),
        ("2026-10-01", "2026-11-01", "known"),
        ("2026-11-01", "2026-10-01", "decided"),
    ],
)
def test_a_result_after_the_last_decision_opens_it_again(
    result: str | None, decision: str, state: str
) -> None:
    held = worked_out(
        experiment(),
        *([Result(experiment="drop-in", date=result, value=1)] if result else []),
        Decision(experiment="Drop-in", date=decision, decision="stop"),
    )
    assert the_row(held)["state"] == state
    assert bool(found(held, "no_decision")) == (state == "known")
    blind = result is None or result > "2026-10-31"
    assert bool(found(held, "decided_blind")) == blind
    assert bool(found(held, "nothing_learned")) == (state == "decided" and not blind)
    assert len([f for f in held.findings if f.code != "no_assumptions"]) == 1 + sum(
        f.code in ("no_pass_line",) for f in held.findings
    ), "one decision, one finding"


@pytest.mark.parametrize(
    ("results", "decision", "days"),
    [
        (("2026-10-01",), "2026-10-01", 0),
        (("2026-10-01",), "2026-10-08", 7),
        (("2026-10-09", "2026-10-01"), "2026-10-08", 7),
        (("2026-10-02", "2026-10-01"), "2026-10-08", 6),
        (("2026-10-09",), "2026-10-08", None),
        (("2026-09",), "2026-10-08", None),
        (("2026-09-01",), "2026-10", None),
    ],
)
def test_days_run_from_the_last_result_that_the_decision_could_rest_on(
    results: tuple[str, ...], decision: str, days: int | None
) -> None:
    held = worked_out(
        experiment(),
        *(Result(experiment="Drop-in", date=day, value=1) for day in results),
        Decision(experiment="Drop-in", date=decision, decision="stop"),
    )
    assert the_row(held)["days_to_decision"] == days
    measure = held.measure("days_to_decision")
    known = days is not None
    assert (measure.value, measure.low, measure.high) == (days, days, days)
    assert (measure.n, measure.missing) == (int(known), int(not known))


# Results and lines ------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("card", "result", "value", "problem"),
    [
        ({"unit": "number"}, {"successes": 7}, 7, ""),
        ({"unit": "percent"}, {"successes": 7}, None, ""),
        ({"unit": "number"}, {"successes": 7, "value": 5}, 5, ""),
        ({"unit": "number"}, {"successes": 7, "out_of": 10}, 7, ""),
        ({"unit": "percent"}, {"successes": 7, "out_of": 10}, 70, ""),
        ({}, {"successes": 7, "out_of": 10}, 70, ""),
        ({"pass_line": 5}, {"successes": 7, "out_of": 10}, None, "unit"),
        ({"pass_line": 5}, {"successes": 7, "out_of": 10, "value": 6}, 6, ""),
        ({"unit": "percent"}, {"successes": 10, "out_of": 10}, 100, ""),
        ({"unit": "percent"}, {"successes": 11, "out_of": 10, "value": 3}, 3, "counts"),
        ({"unit": "percent"}, {"successes": 7, "out_of": 10, "value": 71}, 70, ""),
        ({"unit": "percent"}, {"successes": 7, "out_of": 10, "value": 71.1}, 70, "differs"),
        ({"unit": "percent"}, {"successes": 7, "out_of": 10, "value": 68.9}, 70, "differs"),
        # A hundredth of 300 is 3.
        ({"unit": "number"}, {"successes": 300, "out_of": 999, "value": 303}, 300, ""),
        ({"unit": "number"}, {"successes": 300, "out_of": 999, "value": 304}, 300, "differs"),
    ],
)
def test_counts_speak_before_a_typed_value(
    card: dict[str, Any], result: dict[str, Any], value: float | None, problem: str
) -> None:
    told = result_value(experiment(**card), Result(experiment="Drop-in", date="2026-09", **result))
    assert told.value == (None if value is None else pytest.approx(value))
    assert told.problem == problem
    if told.low is not None and told.high is not None and told.value is not None:
        assert told.low <= told.value <= told.high


@pytest.mark.parametrize(
    ("low", "high", "is_clear"),
    [(12, 13, True), (11, 12, True), (11, 13, False), (12, 12, True), (None, 13, None)],
)
def test_an_interval_that_ends_on_the_line_is_clear(
    low: float | None, high: float | None, is_clear: bool | None
) -> None:
    assert clear(experiment(pass_line=12), low, high) is is_clear
    assert clear(experiment(), 11, 13) is None
    assert clear(experiment(pass_line=12), 11, None) is None


@pytest.mark.parametrize(
    ("decision", "value", "words"),
    [
        ("widen", 11, "be widened"),
        ("go_on", 11, "go on"),
        ("stop", 11, None),
        ("widen", 12, None),
    ],
)
def test_a_decision_against_the_line_is_asked_about(
    decision: Any, value: float, words: str | None
) -> None:
    held = worked_out(
        experiment(pass_line=12, unit="number"),
        Result(experiment="Drop-in", date="2026-10-01", value=value, learned="That."),
        Decision(experiment="Drop-in", date="2026-10-02", decision=decision),
    )
    sentence = "“Drop-in” did not reach its pass line (at least 12), and was decided to"
    got = [f.sentence for f in found(held, "against_line")]
    assert got == ([f"{sentence} {words}."] if words else [])
    done = "passed" if value == 12 else "did not pass"
    told = [f.sentence[10:].split(",")[0] for f in found(held, "learned")]
    assert told == ([] if words else [done]), "what stands against it is all that is said"


@pytest.mark.parametrize(
    ("side", "value", "words"),
    [
        ("at_least", 65, "worse than (65%, 70%)"),
        ("at_least", 70, "no better than (70%, 70%)"),
        ("at_least", 71, None),
        ("at_most", 50, None),
    ],
)
def test_a_result_is_held_against_the_start_as_well_as_the_line(
    side: Any, value: float, words: str | None
) -> None:
    held = worked_out(
        experiment(pass_line=60, unit="percent", before=70, pass_side=side),
        Result(experiment="Drop-in", date="2026-10-01", value=value, learned="That."),
        Decision(experiment="Drop-in", date="2026-10-02", decision="go_on"),
    )
    got = [f.sentence for f in found(held, "below_start")]
    line = f"at {side[3:]} 60 %"
    assert got == (
        [f"“Drop-in” passed its line ({line}), and stands {words} before it began."]
        if words
        else []
    )
    assert bool(found(held, "learned")) == (words is None)


def test_too_few_are_told_as_such_in_the_unit_of_the_line() -> None:
    # Wilson, 7 of 10: 39.7 % to 89.2 %
    for unit, line, decision, severity, span in (
        ("percent", 60, "widen", "look", "40 % to 89 %"),
        ("number", 6, "stop", "note", "4 to 8.9"),
    ):
        held = worked_out(
            experiment(pass_line=line, unit=unit),
            Result(experiment="Drop-in", date="2026-10-01", successes=7, out_of=10),
            Decision(experiment="Drop-in", date="2026-10-02", decision=decision),
        )
        (said,) = found(held, "unclear")
        assert (said.severity, said.sentence) == (
            severity,
            f"“Drop-in”: with 10, the true rate could be anywhere from {span}, on either side of "
            "the pass line.",
        )


@pytest.mark.parametrize(
    ("value", "words"),
    [(0.005, "0.01"), (0.004, "0"), (-0.004, "0"), (2.5, "2.5"), (10.0, "10"),
     (1234.567, "1,234.57")],
)  # fmt: skip
def test_a_number_has_two_decimals_at_most(value: float, words: str) -> None:
    assert plain_number(value) == words


def test_a_line_and_a_result_in_words() -> None:
    assert line_words({"pass_line": 3, "pass_side": "at_most", "unit": "percent"}) == "at most 3 %"
    assert line_words({"pass_line": 0}) == "at least 0"
    assert line_words({"pass_line": True}) == line_words({"pass_line": "3"}) == "none"
    assert result_words({"value": 33.333, "unit": "percent", "n": 0}) == "33.3 %"
    assert result_words({"value": 33.333, "unit": "number", "n": 3}) == "33.33 (n = 3)"
    assert result_words({"value": 0.0}) == "0"
    assert result_words({"value": None}) == ""


@pytest.mark.parametrize(
    ("days", "results", "moments"),
    [
        (("2026-05-01", "2026-09-01"), ["2026-09-02"], ["after"]),
        (("2026-05-01", "2026-09-02"), ["2026-09-02"], ["after_result"]),
        (("2026-05-01", "2026-09-02"), ["2026-10-01", "2026-09-02"], ["after_result"]),
        (("2026-05-01", "2026-09-02"), ["2026-09"], ["after"]),  # until its last day
    ],
)
def test_a_line_moved_on_the_day_of_the_result_was_moved_after_it(
    days: tuple[str, str], results: list[str], moments: list[str]
) -> None:
    first = new_revision("east", experiment(starts="2026-06-06", pass_line=20), record_id="r")
    second = new_revision(
        "east", experiment(starts="2026-06-06", pass_line=12), record_id="r", parents=[first.id]
    )
    history = [
        type(r)(**{f: getattr(r, f) for f in r.__slots__} | {"client_time": f"{day}T09:00:00.000Z"})
        for r, day in zip((first, second), days, strict=True)
    ]
    assert [m.moment for m in moved_lines(history, results)] == moments
    assert [m.was_value for m in moved_lines(history, results)] == [20]
    assert [m.on for m in moved_lines(history, results)] == [days[1]]
    held = worked_out(
        experiment(starts="2026-06-06", pass_line=12),
        *(Result(experiment="Drop-in", date=day, value=1) for day in results),
        history={"r00000": tuple(history)},
    )
    assert [f.severity for f in found(held, "line_moved")] == ["act"]
    assert held.measure("pass_lines").value == 0


def test_shares_of_experiments_by_hand() -> None:
    held = worked_out(
        experiment("a", pass_line=1, stop_rule="x"), experiment("b", pass_line=1),
        experiment("c"), experiment("d", stop_rule="x"), experiment("e"),
    )  # fmt: skip
    assert held.measure("pass_lines").value == 40
    assert held.measure("stop_rules").value == 40
    assert worked_out().measure("stop_rules").value is None


def test_names_are_found_whatever_their_case() -> None:
    told = [("r1", "Result", "DROP-IN"), ("r2", "Result", "Drop-out")]
    assert [f.records for f in lost_findings((), frozenset({"drop-in"}), told)] == [("r2",)]


def test_the_day_of_the_assessment_is_the_last_that_counts() -> None:
    held = worked_out(
        experiment(),
        Result(experiment="Drop-in", date="2026-10-31", value=1),
        Result(experiment="Drop-in", date="2026-11-01", value=2),
    )
    assert the_row(held)["value"] == 1
    assert held.as_of == date(2026, 10, 31)
