"""Nobody can be picked out of the whole trust worksheet: by comments, by coming late, by going."""

from __future__ import annotations

import json
import random
from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import date
from typing import Any

from trust_answers import Payload, closings, orgs, people, round_heads

from playbook_helpers.core.assessment import Assessment, Context, Head
from playbook_helpers.core.partnership import Partner
from playbook_helpers.practices.trust import CheckIn, Turnout, assess
from playbook_helpers.practices.trust.items import ITEMS


def assessed(
    rounds: Mapping[str, Sequence[Payload]],
    turnout: Mapping[str, Mapping[str, int]] | None = None,
    partners: tuple[Partner, ...] = (),
    as_of: date = date(2027, 1, 31),
    closed: bool = True,
    **more: Any,
) -> Assessment:
    records = [CheckIn(**{**p, "round": when}) for when, some in rounds.items() for p in some]
    records += [
        Turnout(round=when, organisation=name, answers=count)
        for when, counts in (turnout or {}).items()
        for name, count in counts.items()
    ]
    heads = [
        Head(f"record-{n}", f"revision-{n}", r.practice, r.kind, r.payload(), r)
        for n, r in enumerate(records)
    ]
    if closed:
        heads += closings(rounds)
    return assess(heads, Context("here", as_of, None, partners, **more))


def as_text(assessment: Assessment) -> str:
    return json.dumps(assessment.to_json(), sort_keys=True)


def test_the_worksheet_tells_no_sectors_reason_and_hides_by_what_never_changes() -> None:
    rng = random.Random(9)
    partners = tuple(
        Partner(name=f"{s} {n}", sector=s)
        for s, many in (("nonprofit", 2), ("company", 4), ("government", 3))
        for n in range(many)
    )
    for sizes in ([3, 5, 5], [3, 9, 6], [3, 6, 9]):
        rows = assessed({"2026-03": people(rng, sizes)}, partners=partners).rows["sectors"]
        # Of the two others, company comes first, however many answered.
        assert [r["sector"] for r in rows if r["n"] is None] == ["company", "nonprofit"]
        assert len({r["hidden"] for r in rows if r["n"] is None}) == 1


def test_people_of_hidden_kinds_could_change_places_and_nobody_would_see_it() -> None:
    rng = random.Random(7)
    answers = people(rng, [8, 7, 6, 2, 2])
    before = assessed({"2026-03": answers})
    shown = [r["sector"] for r in before.rows["sectors"] if r["value"] is not None]
    # Four answers in the two smallest are too few, so the first of the others goes with them.
    assert shown == ["government", "nonprofit"]
    hidden = [p for p in answers if p["sector"] not in shown]
    sectors = [p["sector"] for p in hidden]
    rng.shuffle(sectors)
    for p, sector in zip(hidden, sectors, strict=True):
        p["sector"] = sector
    assert as_text(assessed({"2026-03": answers})) == as_text(before)


def test_the_order_in_which_answers_came_in_shows_nowhere() -> None:
    rng = random.Random(3)
    answers = people(rng, [8, 7, 6])
    for place, p in enumerate(answers[:9]):
        p["comment"] = f"Thought {place}"
    before = assessed({"2026-03": answers})
    rng.shuffle(answers)
    after = assessed({"2026-03": answers})
    assert before.rows["comments"] == after.rows["comments"]
    assert {r["comment"] for r in after.rows["comments"]} == {f"Thought {n}" for n in range(9)}
    first = [f"Thought {n}" for n in range(9)]
    assert [r["comment"] for r in after.rows["comments"]] != first


def test_four_answers_show_no_figure_and_no_comment() -> None:
    answers = people(random.Random(1), [2, 2])
    answers[0]["comment"] = "It was me."
    result = assessed({"2026-03": answers})
    assert "It was me." not in as_text(result)
    assert {m.value for m in result.measures if m.name not in ("agreement", "wins")} == {None}
    rows = [*result.rows["scales"], *result.rows["items"], *result.rows["sectors"]]
    assert {row["value"] for row in rows} == {row["n"] for row in rows} == {None}
    assert "too_few" in {f.code for f in result.findings}


def test_a_change_is_not_shown_beside_a_round_that_is_hidden() -> None:
    rng = random.Random(2)
    result = assessed({"2026-03": people(rng, [2, 2]), "2026-09": people(rng, [8, 8])})
    assert "change" not in {m.name for m in result.measures}
    assert [row["value"] is None for row in result.rows["rounds"]] == [True, False]


def test_one_organisation_with_over_half_hides_all_and_its_comments() -> None:
    turnout, partners = orgs({"nonprofit": [6], "company": [3], "funder": [2]})
    answers = people(random.Random(4), [6, 3, 0, 0, 2])
    answers[0]["comment"] = "From the six."
    result = assessed({"2026-03": answers}, {"2026-03": turnout}, partners)
    assert result.measure("general").value is None
    assert "over half of the answers are from one organisation" in result.measure("general").note
    assert "From the six." not in as_text(result)
    assert "one_voice" in {f.code for f in result.findings}


def test_a_kind_with_one_partner_is_hidden_where_nobody_counted() -> None:
    partners = tuple(
        Partner(name=f"{s} {n}", sector=s)
        for s, many in (("nonprofit", 1), ("company", 2), ("government", 2))
        for n in range(many)
    )
    answers = people(random.Random(5), [6, 6, 6])
    reasons = {
        row["sector"]: row["hidden"]
        for row in assessed({"2026-03": answers}, partners=partners).rows["sectors"]
    }
    assert reasons["nonprofit"]


def test_an_open_round_says_how_many_have_answered_and_no_more() -> None:
    """Whoever saw the mean before and after one more answer could subtract."""
    answers = people(random.Random(6), [6, 6])
    answers[0]["comment"] = "Mine alone."
    turnout, partners = orgs({"nonprofit": [3, 3], "company": [3, 3]})
    for counted in ({}, {"2026-03": turnout}):
        live = assessed({"2026-03": answers}, counted, partners, closed=False)
        assert {m.value for m in live.measures if m.name not in ("agreement", "wins")} == {None}
        rows = [*live.rows["scales"], *live.rows["items"], *live.rows["sectors"]]
        assert {row["value"] for row in rows} == {row["n"] for row in rows} == {None}
        assert live.rows["comments"] == ()
        assert "Mine alone." not in as_text(live)
        (found,) = [f for f in live.findings if f.code == "open_round"]
        assert found.sentence.startswith("12 people have answered for March 2026.")
    shown = assessed({"2026-03": answers}, {"2026-03": turnout}, partners)
    assert shown.measure("general").n == 12


def test_while_a_round_is_open_the_one_before_stays_in_sight() -> None:
    rng = random.Random(14)
    before = people(rng, [6, 6])
    heads = [*round_heads(before), *round_heads(people(rng, [3]), when="2026-09", closed=False)]
    result = assess(heads, Context("here", date(2027, 1, 31)))
    assert result.measure("general").n == 12
    assert [f.sentence[:31] for f in result.findings if f.code == "open_round"] == [
        "3 people have answered for Sept"
    ]
    asked = assess(heads, Context("here", date(2027, 1, 31), round="2026-09"))
    assert asked.measure("general").value is None


def test_a_round_that_lost_an_answer_is_not_drawn_again_and_says_how_many_there_were() -> None:
    answers = people(random.Random(15), [6, 6])
    heads = round_heads(answers)
    gone = replace(heads[0], payload={"round": "2026-03"}, value=None, deleted=True, erased=True)
    result = assess([gone, *heads[1:]], Context("here", date(2027, 1, 31)))
    assert {r["value"] for r in result.rows["items"]} == {None}
    assert "not shown: an answer was taken out" in result.measure("general").note
    (found,) = [f for f in result.findings if f.code == "lost"]
    assert found.sentence.startswith("12 people had answered for March 2026 when it was shown.")


def test_five_that_come_together_are_in_the_next_picture_of_whole_scores() -> None:
    rng = random.Random(16)
    first, more = people(rng, [6, 6]), people(rng, [5])
    result = assess(round_heads(first, more), Context("here", date(2027, 1, 31)))
    assert result.measure("general").n == 17
    assert result.measure("general").low is None
    assert {r["hidden"] for r in result.rows["sectors"]} == {
        "late answers could be worked out from it"
    }


def test_that_people_differ_is_told_from_twenty_answers_on() -> None:
    """Ten ones and ten fives: a mean of 3.0 with a variance of 4.2."""
    two_camps = [{i.name: value for i in ITEMS} for value in ("1", "5") for _ in range(10)]
    rows = assessed({"2026-03": two_camps}).rows["items"]
    assert {(row["value"], row["differ"]) for row in rows} == {(3.0, True)}
    rows = assessed({"2026-03": two_camps[1:]}).rows["items"]
    assert {row["differ"] for row in rows} == {None}
