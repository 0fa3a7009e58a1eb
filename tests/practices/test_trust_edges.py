"""Trust: the edges of what is told, each with what lies just below, on and just above it."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from typing import Any

import pytest
from trust_answers import closings

from playbook_helpers.core.assessment import Assessment, Context, Finding, Head, Measure
from playbook_helpers.core.partnership import Partner, Partnership
from playbook_helpers.core.records import Record
from playbook_helpers.practices.trust import (
    AgreementPoint,
    CheckIn,
    ClosedRound,
    SmallWin,
    Turnout,
    assess,
)
from playbook_helpers.practices.trust.charts import agreement, items, rounds, scales, sectors
from playbook_helpers.practices.trust.closing import _in_time, closed_before, refusal
from playbook_helpers.practices.trust.disclosure import (
    CAREFUL,
    STANDARD,
    Told,
    combined,
    lines,
    rule_of,
    told,
)
from playbook_helpers.practices.trust.findings import is_late
from playbook_helpers.practices.trust.items import ITEMS
from playbook_helpers.practices.trust.records import POINTS
from playbook_helpers.practices.trust.rounds import ranged, told_change
from playbook_helpers.practices.trust.scales import change, changed, score

# What is told of one statement ----------------------------------------------------------------


@pytest.mark.parametrize(
    ("answers", "value", "bound", "least", "most"),
    [
        # Of five the lines are 2 and 4, of ten 1.5 and 4.5.
        ([1, 1, 2, 3, 3], None, "below 2.1", 1, 2.1),
        ([1, 2, 2, 3, 3], 2.2, "", 2.2, 2.2),
        ([5, 5, 4, 3, 3], None, "above 3.9", 3.9, 5),
        ([5, 4, 4, 3, 3], 3.8, "", 3.8, 3.8),
        ([1] * 5 + [2] * 5, None, "below 1.6", 1, 1.6),
        ([1] * 4 + [2] * 6, 1.6, "", 1.6, 1.6),
        ([5] * 5 + [4] * 5, None, "above 4.4", 4.4, 5),
        ([5] * 4 + [4] * 6, 4.4, "", 4.4, 4.4),
        # 22 of 8 is 2.75, told to one decimal, and a half goes up.
        ([3] * 6 + [2] * 2, 2.8, "", 2.8, 2.8),
    ],
)
def test_a_mean_is_told_between_two_lines_and_not_on_them(
    answers: list[int], value: float | None, bound: str, least: float, most: float
) -> None:
    figure = told(answers, missing=3)
    assert (figure.value, figure.bound, figure.least, figure.most) == (value, bound, least, most)
    assert (figure.n, figure.missing, figure.hidden) == (len(answers), 3, "")


def test_the_lines_close_in_on_the_ends() -> None:
    assert [lines(n) for n in (5, 10, 50)] == [(2, 4), (1.5, 4.5), (1.1, 4.9)]


@pytest.mark.parametrize(
    ("answers", "differ"),
    [
        ([2] * 10 + [4] * 10, True),  # variance 20/19
        ([2] * 9 + [4] * 10, None),
        ([2] * 10 + [3] + [4] * 10, False),  # variance just 1
        ([2] * 13 + [4] * 13, True),  # variance 1.04
        ([1] * 10 + [3] * 10, True),
        ([1] * 12 + [3] * 7 + [5], None),  # a mean of 1.9
        ([5] * 10 + [3] * 10, True),
        ([5] * 12 + [3] * 7 + [1], None),
        ([3] * 20, False),
    ],
)
def test_that_people_differ_is_told_from_twenty_answers_near_the_middle(
    answers: list[int], differ: bool | None
) -> None:
    assert told(answers).differ is differ
    assert told(answers, whole=False).differ is None


def test_five_answers_are_told_and_four_are_not() -> None:
    assert told([3] * 4) == Told(hidden="fewer than 5 answers")
    assert told([3] * 5).value == 3
    assert told([3] * 5, hidden="so") == Told(hidden="so")


@pytest.mark.parametrize(
    ("figures", "hidden", "value", "bound", "missing"),
    [
        ([3.4, 3.5, None], "", 3.5, "", 1),
        ([3.4, None, None], "small", None, "", None),
        ([3.4, 3.4, 3.5], "", 3.4, "", 0),
        ([3.4] * 8 + [None] * 4, "", 3.4, "", 4),
        ([3.4] * 7 + [None] * 5, "small", None, "", None),
        # 3 and something up to 2 of it: from (3+1)/2 to (3+2)/2.
        ([3.0, (1.0, 2.0)], "", None, "between 2.0 and 2.5", 0),
        ([3.0, 3.0, (4.0, 5.0)], "", None, "between 3.3 and 3.7", 0),
    ],
)
def test_a_score_rests_on_two_thirds_of_its_statements(
    figures: list[Any], hidden: str, value: float | None, bound: str, missing: int | None
) -> None:
    parts = [
        Told(hidden="small")
        if f is None
        else Told(least=f[0], most=f[1])
        if isinstance(f, tuple)
        else Told(f, least=f, most=f)
        for f in figures
    ]
    figure = combined(parts, 7)
    assert (figure.hidden, figure.value, figure.bound, figure.missing) == (
        hidden,
        value,
        bound,
        missing,
    )
    assert figure.n == (None if hidden else 7)


@pytest.mark.parametrize(("n", "shown"), [(9, None), (10, 10), (12, 10), (13, 15), (17, 15)])
def test_a_careful_partnership_shows_from_ten_answers_and_rounds_to_fives(
    n: int, shown: int | None
) -> None:
    figure = told([3] * n, missing=2)
    careful = CAREFUL.show(figure)
    assert (careful.n, careful.missing) == (shown, None)
    assert careful.hidden == ("" if shown else "fewer than 10 answers")
    assert STANDARD.show(figure) == figure
    assert [CAREFUL.count(each) for each in (2, 3, 7, 8)] == [0, 5, 5, 10]


def test_the_rule_is_the_one_a_partnership_chose() -> None:
    assert rule_of(None) is STANDARD
    assert rule_of(Partnership(name="R")) is STANDARD
    assert rule_of(Partnership(name="R", check_in_shown="careful")) is CAREFUL


# Ranges and changes ---------------------------------------------------------------------------

TEN = [3.0] * 5 + [4.0] * 5
"""A variance of 2.5/9; t of 9 is 2.2622: a mean of ten lies within 0.377 of theirs."""


@pytest.mark.parametrize(
    ("value", "low", "high"), [(3.5, 3.1, 3.9), (4.8, 4.4, 5), (1.2, 1, 1.6), (4.6, 4.2, 5)]
)
def test_a_range_stays_on_the_scale(value: float, low: float, high: float) -> None:
    figure = ranged(Told(value, n=10), TEN)
    assert (figure.low, figure.high) == (low, high)


def test_a_range_is_told_from_ten_people_on() -> None:
    assert ranged(Told(3.5), TEN[:9]).low is None
    assert ranged(Told(None, "below 2"), TEN).low is None


@pytest.mark.parametrize(
    ("new", "low", "high", "noise"),
    # Welch: t of 18 is 2.1009, and the root of two variances of 2.5/90 is 0.2357: 0.495.
    [
        (3.5, -0.5, 0.5, True),
        (4.0, 0.0, 1.0, True),
        (4.1, 0.1, 1.1, False),
        (2.9, -1.1, -0.1, False),
    ],
)
def test_a_step_is_more_than_chance_where_its_range_leaves_nothing_out(
    new: float, low: float, high: float, noise: bool
) -> None:
    old = Told(3.5, n=10, low=3.1, high=3.9)
    step = told_change(old, replace(old, value=new), TEN, TEN)
    assert (step.low, step.high, step.noise) == (low, high, noise)
    assert step.value == round(new - 3.5, 1)
    unsure = told_change(old, Told(new, n=8), TEN, TEN)
    assert (unsure.low, unsure.noise) == (None, None)
    assert "With 10 and then 8 answers nobody can tell" in unsure.sentence


@pytest.mark.parametrize(
    ("value", "reach", "words"),
    [
        (
            0.05,
            1.0,
            "The score moved by +0.1. With 10 and then 12 answers the true change could be "
            "anything from -0.9 to +1.1, so nobody can tell",
        ),
        (0.04, 1.0, "The score hardly moved. With"),
        (-0.05, None, "The score moved by -0.1. With 10 and then 12"),
        (0.04, 0.01, "The score rose by 0.04, more than"),
        (-0.4, 0.3, "The score fell by 0.4, more than"),
        (0.3, 0.3, "The score moved by +0.3. With"),
        (-0.3, 0.3, "The score moved by -0.3. With"),
        (0.0, 0.0, "The score hardly moved. With"),
    ],
)
def test_a_step_is_said_as_it_is(value: float, reach: float | None, words: str) -> None:
    assert changed(value, reach, 10, 12).sentence.startswith(words)


def test_a_change_needs_two_people_in_each_round() -> None:
    assert change([3], [3, 4]) is None
    assert change([3, 4], [3]) is None
    step = change([3, 5], [4, 6])
    # Variances of 2 over 2 people each; t of 2 is 4.3027 times the root of 2.
    assert step is not None
    assert (step.value, step.low, step.high) == (
        1,
        pytest.approx(-5.0848, abs=1e-3),
        pytest.approx(7.0848, abs=1e-3),
    )
    same = change([3, 3], [4, 4])
    assert same is not None
    assert (same.low, same.high, same.noise) == (1, 1, False)


@pytest.mark.parametrize(("given", "of", "counts"), [(2, 3, 1), (1, 3, 0), (8, 12, 1), (7, 12, 0)])
def test_who_answered_two_thirds_counts(given: int, of: int, counts: int) -> None:
    found = score([[4] * given + [None] * (of - given)])
    assert (found.n, found.missing) == (counts, 1 - counts)
    assert found.value == (4 if counts else None)


# A round --------------------------------------------------------------------------------------


def answer(value: int, when: str = "2027-03", **more: str) -> CheckIn:
    given = {i.name: str(6 - value if i.reverse else value) for i in ITEMS}
    return CheckIn(**{"round": when, **given, **more})


def assessed(
    *records: Record, as_of: date = date(2027, 6, 30), close: bool = True, **more: Any
) -> Assessment:
    heads = [
        Head(f"record-{n}", f"revision-{n}", r.practice, r.kind, r.payload(), r)
        for n, r in enumerate(records)
    ]
    if close:
        heads += closings(sorted({r.round for r in records if isinstance(r, CheckIn)}))
    return assess(heads, Context("here", as_of, **more))


def the(result: Assessment, code: str) -> Finding:
    return next(f for f in result.findings if f.code == code)


def codes(result: Assessment) -> list[str]:
    return [f.code for f in result.findings]


def counts(when: str = "2027-03", **of: int) -> list[Turnout]:
    return [Turnout(round=when, organisation=name, answers=n) for name, n in of.items()]


@pytest.mark.parametrize(
    ("a", "b", "voice"), [(5, 5, False), (6, 4, True), (52, 48, True), (50, 50, False)]
)
def test_one_voice_is_more_than_half_of_those_counted(a: int, b: int, voice: bool) -> None:
    result = assessed(*[answer(3)] * (a + b), *counts(A=a, B=b))
    assert ("one_voice" in codes(result)) is voice
    assert (result.measure("general").value is None) is voice
    if voice:
        assert "over half" in result.measure("general").note


@pytest.mark.parametrize(
    ("given", "hidden", "missing"),
    [
        (0, "nobody has answered this", None),
        (1, "a few people could be recognised by it", None),
        (4, "a few people could be recognised by it", None),
        (5, "", 3),
        (6, "", 2),
    ],
)
def test_a_statement_is_told_from_five_answers_on_and_how_many_gave_none(
    given: int, hidden: str, missing: int | None
) -> None:
    full, empty = answer(3), answer(3, keeps_word="dk")
    result = assessed(*[full] * given, *[empty] * (8 - given))
    item = next(row for row in result.rows["items"] if row["item"] == "keeps_word")
    assert (item["hidden"], item["missing"]) == (hidden, missing)
    assert item["n"] == (given if not hidden else None)


def test_turnout_may_name_as_many_of_one_organisation_as_half_of_a_statements_answers() -> None:
    full, empty = answer(3), answer(3, keeps_word="dk")
    for given, hidden in ((10, False), (9, True)):
        people = [*[full] * given, *[empty] * (12 - given)]
        result = assessed(*people, *counts(A=5, B=4, C=3))
        item = next(row for row in result.rows["items"] if row["item"] == "keeps_word")
        assert bool(item["hidden"]) is hidden


@pytest.mark.parametrize(
    ("value", "low", "words"), [(2, True, "scores 2.0 of 5"), (3, False, ""), (4, False, "")]
)
def test_a_low_statement_lies_below_the_middle(value: int, low: bool, words: str) -> None:
    result = assessed(*[answer(value)] * 6)
    found = [f.sentence for f in result.findings if f.code == "low_item"]
    assert len(found) == (15 if low else 0)
    assert all(words in said for said in found)
    assert sum("(turned round)" in said for said in found) == (2 if low else 0)


def test_an_open_round_says_how_many_have_answered() -> None:
    one = assessed(answer(3), close=False)
    assert the(one, "open_round").sentence.startswith("1 person has answered for March 2027. The")
    two = assessed(answer(3), answer(3), *counts(A=2, B=1), close=False)
    assert (
        "2 people have answered for March 2027. 3 were counted." in the(two, "open_round").sentence
    )


def test_measures_of_a_round_say_what_they_rest_on() -> None:
    full, empty = answer(3), answer(3, keeps_word="dk", skilled="dk", chasing="dk")
    result = assessed(*[full] * 4, *[empty] * 3)
    part = result.measure("reliability")
    assert (part.value, part.n, part.note) == (
        None,
        0,
        "not shown: a few people could be recognised by it",
    )
    general = result.measure("general")
    assert (general.value, general.n, general.missing) == (3, 7, 3)
    assert general.interval == "no range is given"
    high = assessed(*[answer(5)] * 7).measure("care")
    assert (high.value, high.n, high.missing) == (None, 7, 0)
    assert high.note == "between 4.2 and 5.0: more would tell single answers"


def test_a_change_between_rounds_is_good_bad_or_noise() -> None:
    for after, severity in ((4, "good"), (3, "note"), (2, "act")):
        people = [answer(3, "2027-01")] * 10 + [answer(after)] * 10
        result = assessed(*people)
        found = the(result, "change")
        assert found.severity == severity
        assert found.sentence.startswith("Since January 2027: the score")
        step = result.measure("change")
        assert (step.value, step.n, step.low) == (after - 3, 10, after - 3)


# The agreement and small wins -----------------------------------------------------------------


def test_the_agreement_counts_what_is_in_place_of_what_matters() -> None:
    names = list(POINTS)
    states = ("in_place", "not_yet", "partly", "not_relevant")
    points = [AgreementPoint(point=n, state=s) for n, s in zip(names, states, strict=False)]
    result = assessed(*points)
    told_ = result.measure("agreement")
    assert (told_.value, told_.n, told_.missing) == (1, 3, len(POINTS) - 4)
    unread = the(result, "agreement_unread").sentence
    assert unread.startswith(f"{len(POINTS) - 4} of the {len(POINTS)} points have not")
    nearly = assessed(*[AgreementPoint(point=n, state="in_place") for n in names[1:]])
    assert the(nearly, "agreement_unread").sentence.startswith("1 of the")
    assert " points has not " in the(nearly, "agreement_unread").sentence
    all_ = assessed(*[AgreementPoint(point=n, state="in_place") for n in names])
    assert "agreement_unread" not in codes(all_)
    assert (
        agreement(all_)[0].title
        == f"{len(POINTS)} of {len(POINTS)} points of the agreement are in place"
    )


@pytest.mark.parametrize(
    ("point", "state", "severity"),
    [
        ("money", "not_yet", "act"),
        ("money", "partly", "look"),
        ("leaving", "not_yet", "act"),
        ("data", "not_yet", "act"),
        ("purpose", "not_yet", "look"),
    ],
)
def test_what_is_open_and_urgent_is_to_be_acted_on(point: Any, state: Any, severity: str) -> None:
    assert point in POINTS
    gap = the(assessed(AgreementPoint(point=point, state=state)), "agreement_gap")
    assert gap.severity == severity


@pytest.mark.parametrize(
    ("due", "late"),
    [("2027-06-29", True), ("2027-06-30", False), ("2027-06", False), (None, False)],
)
def test_a_small_win_is_late_the_day_after(due: str | None, late: bool) -> None:
    win = SmallWin(action="Visit", owner="A", due=due)
    assert is_late(win, Context("x", date(2027, 6, 30))) is late
    assert not is_late(win.model_copy(update={"done": "2027-06"}), Context("x", date(2027, 6, 30)))
    assert ("win_late" in codes(assessed(win))) is late


def test_small_wins_are_counted() -> None:
    done = SmallWin(action="Visit", done="2027-05")
    open_ = SmallWin(action="Lunch")
    one = assessed(done, open_)
    assert (one.measure("wins").value, one.measure("wins").n) == (1, 2)
    assert the(one, "wins_done").sentence == "1 small win is done."
    assert the(one, "win_open").sentence == "The small win “Lunch” has no owner and no date."
    assert the(assessed(done, done), "wins_done").sentence == "2 small wins are done."
    half = assessed(SmallWin(action="Lunch", owner="A"))
    assert the(half, "win_open").sentence == "The small win “Lunch” has no date."


# Closing a round ------------------------------------------------------------------------------


def head(record: Record, number: int, stored: str = "") -> Head:
    name = f"{record.kind}-{number}"
    return Head(name, name, record.practice, record.kind, record.payload(), record, stored=stored)


@pytest.mark.parametrize(("answers", "full"), [(1, False), (2, True), (3, True)])
def test_a_counted_round_takes_as_many_answers_as_were_counted(answers: int, full: bool) -> None:
    held = [*(head(answer(3), n) for n in range(answers)), head(counts(A=2)[0], 9)]
    said = refusal(held, answer(3))
    assert bool(said) is full
    if full:
        assert f"has {answers} answers already" in said


def test_without_a_count_one_form_answers_once() -> None:
    assert refusal([], answer(3)) == ""
    assert refusal([], answer(3), given=1).startswith("This round has been answered")
    assert refusal([head(counts(A=2)[0], 9)], answer(3), given=1) == ""
    assert refusal([], ClosedRound(round="2027-03")).startswith("This round has no answers")
    assert refusal([head(answer(3), 1)], ClosedRound(round="2027-03")) == ""


@pytest.mark.parametrize(
    ("months", "as_of", "shown"),
    [
        (["2026-03"] * 5 + ["2026-05"] * 5, date(2026, 6, 1), 10),
        (["2026-03"] * 5 + ["2026-05"] * 4, date(2026, 6, 1), 5),
        (["2026-03"] * 5 + ["2026-05"] * 5, date(2026, 5, 31), 5),
        (["2026-03"] * 5 + ["2026-05"] * 3 + ["2026-06"] * 2, date(2026, 7, 1), 10),
        (["2026-03"] * 4 + ["2026-05"], date(2026, 6, 1), 5),
        (["2026-05"] * 2, date(2026, 5, 20), 2),
        (["2026-02"] * 2 + ["2026-03"], date(2026, 3, 1), 3),
    ],
)
def test_late_answers_wait_until_five_are_there_and_their_month_is_past(
    months: list[str], as_of: date, shown: int
) -> None:
    assert sum(_in_time(months, "2026-03", as_of)) == shown


@pytest.mark.parametrize(
    ("today", "counted", "shown"),
    [
        (date(2027, 3, 31), None, False),
        (date(2027, 4, 1), None, True),
        (date(2027, 3, 1), 5, True),
        (date(2027, 4, 1), 6, False),
    ],
)
def test_before_rounds_were_closed_one_was_shown_when_over_or_complete(
    today: date, counted: int | None, shown: bool
) -> None:
    held = [head(answer(3), n, "2027-03") for n in range(5)]
    held += [head(counts(A=counted)[0], 9)] if counted else []
    assert ("2027-03" in closed_before(held, today)) is shown


# Charts ---------------------------------------------------------------------------------------


def figure(value: float | None = None, **more: Any) -> dict[str, Any]:
    empty = dict.fromkeys(("low", "high", "band_low", "band_high", "missing", "bound"))
    return {**empty, "value": value, "n": 7, "hidden": "", **more}


def drawn(name: str, *rows: dict[str, Any], measures: tuple[Measure, ...] = ()) -> Assessment:
    return Assessment("trust", "x", date(2027, 6, 30), measures=measures, rows={name: rows})


def scale(name: str, value: float | None, **more: Any) -> dict[str, Any]:
    return {"scale": name, "label": name.title(), **figure(value, **more)}


@pytest.mark.parametrize(
    ("rows", "title"),
    [
        ((scale("general", 3.5), scale("care", 3.0, lower_than="Respect"), scale("respect", 4.0)),
         "Trust stands at 3.5 of 5; care is lower than respect"),
        ((scale("general", 3.5), scale("care", 3.0), scale("respect", 4.0)),
         "Trust stands at 3.5 of 5"),
        ((scale("general", 3.5), scale("care", 3.0)), "Trust stands at 3.5 of 5"),
        ((scale("care", None, bound="x", band_low=2.0, band_high=3.0), scale("respect", 3.0)),
         "The parts of trust"),
    ],
)  # fmt: skip
def test_the_highest_and_the_lowest_part_are_named_where_nothing_else_can_be(
    rows: tuple[dict[str, Any], ...], title: str
) -> None:
    assert scales(drawn("scales", *rows))[0].title == title


def kind(label: str, value: float | None, **more: Any) -> dict[str, Any]:
    return {"sector": label, "label": label, **figure(value, **more)}


@pytest.mark.parametrize(
    ("rows", "title"),
    [
        ((kind("A", 3.0),), "A: 3.0 of 5"),
        ((kind("A", 3.0), kind("B", None, hidden="few")), "A: 3.0 of 5; 1 of 2 kinds are hidden"),
        ((kind("B", 4.0, low=3.6, high=4.4), kind("A", 3.0, low=2.5, high=3.5)),
         "A at 3.0, B at 4.0: their ranges do not meet"),
        ((kind("B", 4.0, low=3.5, high=4.4), kind("A", 3.0, low=2.5, high=3.5)),
         "Scores of 2 kinds of organisation: their ranges overlap"),
        ((kind("B", 4.0), kind("A", 3.0, low=2.5, high=3.5)),
         "Scores of 2 kinds of organisation: too few answers to tell them apart"),
    ],
)  # fmt: skip
def test_kinds_of_organisation_are_apart_where_their_ranges_do_not_meet(
    rows: tuple[dict[str, Any], ...], title: str
) -> None:
    assert sectors(drawn("sectors", *rows))[0].title == title


@pytest.mark.parametrize(
    ("value", "more", "title"),
    [
        (0.3, {}, "Trust moved by +0.3: too few answers to tell it from chance"),
        (0.3, {"low": -0.1, "high": 0.7, "note": "x"},
         "Trust moved by +0.3; the true change may be anything from -0.1 to +0.7"),
        (0.3, {"low": 0.1, "high": 0.5}, "Trust rose by 0.3, more than chance would explain"),
        (-0.3, {"low": -0.5, "high": -0.1}, "Trust fell by 0.3, more than chance would explain"),
        (None, {}, "Trust over 2 rounds"),
    ],
)  # fmt: skip
def test_the_last_step_between_rounds_is_the_title(
    value: float | None, more: dict[str, Any], title: str
) -> None:
    rows = [{"round": when, **figure(3.0)} for when in ("2027-01", "2027-03")]
    step = Measure("change", "Change", value, **more)
    assert rounds(drawn("rounds", *rows, measures=(step,)))[0].title == title
    assert rounds(drawn("rounds", rows[0])) == []


def item(words: str, value: float | None, **more: Any) -> dict[str, Any]:
    return {"item": words, "words": words, "reverse": False, **figure(value, **more)}


@pytest.mark.parametrize(
    ("rows", "title"),
    [
        ((item("A", 3.0), item("B", 4.0)), "No item lies below the middle; the lowest is “A”"),
        ((item("A", 2.9), item("B", 3.0)), "1 of 2 items lies below 3: “A”"),
        ((item("A", 2.0), item("B", 2.9)), "2 of 2 items lie below 3: “A” and “B”"),
        ((item("A", 2.0, reverse=True),), "1 of 1 items lies below 3: “A (turned round)”"),
    ],
)
def test_statements_below_the_middle_are_counted_and_named(
    rows: tuple[dict[str, Any], ...], title: str
) -> None:
    (chart,) = items(drawn("items", *rows))
    assert chart.title == title
    assert "Not drawn" not in chart.source


def test_what_is_hidden_or_has_a_range_says_so_beside_the_chart() -> None:
    rows = (item("A", 3.0, low=2.5, high=3.5), item("B", None, hidden="few"))
    (chart,) = items(drawn("items", *rows))
    assert "Not drawn: 1 of 2 items, which are hidden." in chart.source
    assert "The line is the range" in chart.source
    assert "striped bar" not in chart.source
    assert chart.alt == "A: 3.0 (7 answers), range 2.5 to 3.5."
    both = scales(drawn("scales", scale("a", None, hidden="few"), scale("b", 3.0)))[0]
    assert both.alt == "A: hidden: few. B: 3.0 (7 answers)."
    assert "The line is the range" not in both.source
    band = scales(drawn("scales", scale("a", None, bound="x", band_low=2.0, band_high=3.0)))[0]
    assert "striped bar" in band.source
    assert band.alt == "A: x (7 answers)."


def test_nine_statements_are_drawn_in_two_charts_and_eight_in_one() -> None:
    rows = [item(str(n), 3.0) for n in range(9)]
    assert [len(items(drawn("items", *rows[:n]))) for n in (8, 9)] == [1, 2]


# Kinds of organisation ------------------------------------------------------------------------


def test_kinds_of_organisation_are_told_from_five_on_and_hide_what_would_give_one_away() -> None:
    def of(**sizes: int) -> dict[str, float | None]:
        people = [answer(3, sector=s) for s, n in sizes.items() for _ in range(n)]
        return {row["sector"]: row["value"] for row in assessed(*people).rows["sectors"]}

    assert of(company=5, government=5) == {"company": 3, "government": 3}
    assert of(company=5, government=4) == {"company": None, "government": None}


def test_one_partner_alone_in_its_kind_is_not_told_by_its_kind() -> None:
    partners = (
        Partner(name="A", sector="company"),
        Partner(name="B", sector="government"),
        Partner(name="C", sector="government"),
    )
    people = [answer(3, sector=s) for s in ("company", "government") for _ in range(6)]
    alone = assessed(*people, partners=partners).rows["sectors"]
    assert all(row["hidden"] for row in alone)
    two = (*partners, Partner(name="D", sector="company"))
    assert not any(row["hidden"] for row in assessed(*people, partners=two).rows["sectors"])
