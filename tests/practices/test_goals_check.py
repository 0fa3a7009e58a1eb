"""The check of a whole goal: what sentence and fields say together, and a wording to start from."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from playbook_helpers.core.assessment import Context, Finding
from playbook_helpers.core.partnership import Partner, Partnership
from playbook_helpers.practices.goals import Goal, GoalCheck, check_goal

CONTEXT = Context("riverside-invented", date(2026, 6, 30))
WHOLE: dict[str, Any] = {
    "name": "Readiness",
    "sentence": "By June 2028, the Riverside partnership will raise the share of five-year-olds "
    "ready for school from 52% (2025) to 65%.",
    "level": "outcome",
    "indicator": "Five-year-olds ready for school",
    "unit": "percent",
    "direction": "up",
    "baseline_value": 52,
    "baseline_date": "2025",
    "target_value": 65,
    "target_date": "2028-06",
    "owner_role": "Early years lead",
    "owner_organisation": "Riverside Council",
    "data_source": "School entry check",
    "target_method": "trend",
    "feasibility": "Three points a year since 2022.",
}


def check(context: Context = CONTEXT, **changed: Any) -> GoalCheck:
    return check_goal(Goal(**{**WHOLE, **changed}), context, record="goal-1")


def codes(result: GoalCheck) -> set[str]:
    return {finding.code for finding in result}


def the(result: GoalCheck, code: str) -> Finding:
    return next(finding for finding in result if finding.code == code)


def test_a_whole_goal_leaves_nothing_to_find() -> None:
    result = check()
    assert list(result) == []
    assert result.complete


def test_the_better_wording_is_the_template_filled_with_what_is_known() -> None:
    assert check().better == (
        "By June 2028, the early years lead at Riverside Council will increase the share of "
        "five-year-olds ready for school from 52% (2025) to 65%."
    )
    bare = check_goal(Goal(name="Reading", sentence="More reading", level="outcome"), CONTEXT)
    assert bare.better == (
        "By [date], [who] will [increase/decrease/keep] [what is counted or measured] from "
        "[baseline] to [target]."
    )
    assert bare.missing == ("metric", "baseline", "target", "deadline", "owner")
    kept = check(target_value=52, direction="keep", sentence="Stay.")
    assert "will keep the share of five-year-olds ready for school at 52%." in kept.better


def test_fields_complete_what_the_sentence_leaves_out() -> None:
    result = check(sentence="More children are ready for school.")
    assert result.complete
    assert "incomplete" not in codes(result)
    without = check(
        sentence="More children are ready for school.", owner_role=None, owner_organisation=None
    )
    assert without.missing == ("owner",)
    finding = the(without, "incomplete")
    assert "who answers for it" in finding.sentence
    assert "[who]" in finding.better
    assert finding.records == ("goal-1",)


@pytest.mark.parametrize(
    ("code", "changed"),
    [
        ("target_differs", {"target_value": 80}),
        ("baseline_differs", {"baseline_value": 50}),
        ("date_differs", {"target_date": "2029"}),
        ("direction_contradicts", {"direction": "down"}),
        ("direction_contradicts", {"direction": "keep"}),
        ("dates_reversed", {"baseline_date": "2029"}),
        ("percent_out_of_range", {"target_value": 165, "sentence": "Rise to 165"}),
        ("owner_role", {"owner_role": None}),
        ("details_missing", {"feasibility": None}),
        ("no_unit", {"unit": None}),
        ("low_confidence", {"confidence": 1}),
        ("fields_empty", {"target_value": None}),
        ("activity_as_outcome", {"sentence": "Hold 12 workshops by 2028"}),
        ("up_to", {"sentence": "Raise readiness by up to 13 points from 52 by 2028"}),
    ],
)
def test_what_does_not_fit_is_found(code: str, changed: dict[str, Any]) -> None:
    finding = the(check(**changed), code)
    assert finding.next_step
    assert finding.sentence.startswith("Readiness: ")


def test_a_share_in_the_sentence_agrees_with_a_percent_in_the_field() -> None:
    text = "By June 2028, two-thirds of five-year-olds are ready for school, up from half in 2025"
    result = check(sentence=text, baseline_value=50, target_value=66.7)
    assert not codes(result) & {"target_differs", "baseline_differs"}


def test_a_change_in_the_sentence_does_not_contradict_the_target_in_the_field() -> None:
    result = check(sentence="Raise readiness by 25% by 2028, compared to 2025")
    assert "target_differs" not in codes(result)


def test_fields_settle_what_the_sentence_leaves_open() -> None:
    text = "Raise the share of children ready for school by 25% by 2028"
    assert not codes(check(sentence=text)) & {"no_base", "percent_of_percent"}
    bare = check_goal(Goal(name="R", sentence=text, level="outcome"), CONTEXT)
    assert codes(bare) >= {"no_base", "percent_of_percent"}


def test_what_is_unsure_is_asked_about_and_never_called_missing() -> None:
    text = "By 2031, Oxfam will bring readiness 48 to 61%"
    unsure = check_goal(Goal(name="R", sentence=text, level="outcome"), CONTEXT)
    finding = the(unsure, "incomplete")
    assert finding.sentence == (
        "R: please check where it stands now (there are two numbers, and we are not sure that the "
        "first is where things start)."
    )
    assert finding.severity == "look", "only what we found no words for is worth acting on"
    assert unsure.better == finding.better == "", "no wording is offered when a part is unsure"
    sure = check_goal(Goal(name="R", sentence=text, level="outcome", baseline_value=48), CONTEXT)
    assert "incomplete" not in codes(sure), "a field settles it"
    assert "from 48 to 61" in sure.better


def test_a_partners_name_is_known_to_the_sentence() -> None:
    partner = Partner(name="Residents", sector="community")
    text = "Residents will plant 40 trees by 2028"
    alone = check_goal(Goal(name="T", sentence=text, level="output"), CONTEXT)
    known = check_goal(
        Goal(name="T", sentence=text, level="output"),
        Context("riverside-invented", date(2026, 6, 30), None, (partner,)),
    )
    assert (alone.statement.owner, known.statement.owner) == ("partial", "yes")


def test_an_output_may_be_something_you_do() -> None:
    text = "By 2028, hold 12 workshops"
    done = check_goal(Goal(name="W", sentence=text, level="output"), CONTEXT)
    assert "activity_as_outcome" not in codes(done)


def test_a_vision_is_not_asked_for_numbers() -> None:
    result = check_goal(Goal(name="V", sentence="Every child thrives", level="vision"), CONTEXT)
    assert codes(result) == {"vision"}
    assert next(iter(result)).severity == "note"


def test_dates_are_held_against_the_partnership() -> None:
    ended = Partnership(name="Riverside", starts="2020", ends="2027")
    context = Context("riverside-invented", date(2026, 6, 30), ended)
    assert "date_outside" in codes(check(context))
    assert "date_outside" in codes(check(context, sentence="More children are ready."))
    late = Context("riverside-invented", date(2029, 1, 1))
    assert "date_passed" in codes(check(late))
    assert "date_passed" in codes(check(late, sentence="More children are ready."))


def test_the_owner_is_looked_up_among_the_partners() -> None:
    def with_partner(**more: Any) -> Context:
        partner = Partner(sector="government", **more)
        return Context("riverside-invented", date(2026, 6, 30), None, (partner,))

    assert "owner_unknown" in codes(check(with_partner(name="Valley Trust")))
    assert not codes(check(with_partner(name="riverside  COUNCIL")))
    assert "owner_left" in codes(check(with_partner(name="Riverside Council", left="2024")))
