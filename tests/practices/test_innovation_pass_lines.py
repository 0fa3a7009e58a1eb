"""Innovation: what a result can be held against, and whether its pass line was moved."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from chart_results import CHARTS
from innovation_records import codes, experiment, the_row, worked_out

from playbook_helpers.core.revisions import Revision, new_revision, uuid7
from playbook_helpers.practices.innovation import Result, moved_lines, wilson
from playbook_helpers.storage.database import Store
from playbook_helpers.storage.files import import_paths
from playbook_helpers.worksheet import Worksheet

DATA = Path(__file__).parents[2] / "data"


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
    [said] = [f.sentence for f in assessment.findings if f.code == "no_decision"]
    assert said.endswith("could be anywhere from 40 % to 89 %: too few to call.")


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
