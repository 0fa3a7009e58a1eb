"""Nobody can be picked out of the whole trust worksheet: by order, by comments, by coming late."""

from __future__ import annotations

import json
import random
from collections.abc import Mapping, Sequence
from datetime import date
from pathlib import Path
from typing import Any

from trust_answers import Payload, orgs, people, person

from playbook_helpers.assessment import Assessment, Context, Head
from playbook_helpers.partnership import Partner
from playbook_helpers.practices.trust import CheckIn, Turnout, assess
from playbook_helpers.revisions import new_revision
from playbook_helpers.store import Store


def assessed(
    rounds: Mapping[str, Sequence[Payload]],
    turnout: Mapping[str, Mapping[str, int]] | None = None,
    partners: tuple[Partner, ...] = (),
    as_of: date = date(2027, 1, 31),
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
    return assess(heads, Context("here", as_of, None, partners, **more))


def as_text(assessment: Assessment) -> str:
    return json.dumps(assessment.to_json(), sort_keys=True)


def test_the_worksheet_tells_no_sectors_reason_and_hides_by_what_is_public() -> None:
    rng = random.Random(9)
    partners = tuple(
        Partner(name=f"{s} {n}", sector=s)
        for s, many in (("nonprofit", 2), ("company", 4), ("government", 3))
        for n in range(many)
    )
    for sizes in ([3, 5, 5], [3, 9, 6], [3, 6, 9]):
        rows = assessed({"2026-03": people(rng, sizes)}, partners=partners).rows["sectors"]
        # Of the two others, government has fewer partners, however many answered.
        assert [r["sector"] for r in rows if r["n"] is None] == ["government", "nonprofit"]
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


def test_four_answers_show_no_figure_no_comment_and_no_alpha() -> None:
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
    assert "one organisation" in str(reasons["nonprofit"])


def test_while_answers_come_in_nothing_is_shown_until_hands_are_counted() -> None:
    """Whoever saw the mean before and after one more answer could subtract."""
    rng = random.Random(6)
    answers, today = people(rng, [6, 6]), date(2026, 3, 20)
    turnout, partners = orgs({"nonprofit": [3, 3], "company": [3, 3]})
    live = assessed({"2026-03": answers}, partners=partners, as_of=today)
    assert live.measure("general").value is None
    assert "waiting" in {f.code for f in live.findings}
    counted = assessed({"2026-03": answers}, {"2026-03": turnout}, partners, today)
    assert counted.measure("general").n == 12
    one_more = [*answers, person(rng, "company")]
    for day in (today, date(2026, 5, 1)):
        late = assessed({"2026-03": one_more}, {"2026-03": turnout}, partners, day)
        assert late.measure("general").value is None
    past = assessed({"2026-03": answers}, partners=partners, as_of=date(2026, 4, 1))
    assert past.measure("general").n == 12


def kept(answers: Sequence[Payload], months: Sequence[str]) -> list[Head]:
    """The answers as a store gives them that took each in in one of `months`."""
    return [
        Head(f"r{n}", f"v{n}", "trust", "check_in", p, CheckIn(**p), stored=month)
        for n, (p, month) in enumerate(zip(answers, months, strict=True))
    ]


def test_an_answer_that_comes_a_month_later_cannot_be_subtracted() -> None:
    """Two pages of one round, with and without one more answer, gave that answer away."""
    answers = people(random.Random(11), [6, 6, 4])
    answers[12]["comment"] = "Mine alone."
    context = Context("here", date(2026, 8, 1))
    first = assess(kept(answers[:12], ["2026-03"] * 12), context)
    one = assess(kept(answers[:13], ["2026-03"] * 12 + ["2026-05"]), context)
    assert one.measures == first.measures
    assert one.rows == first.rows
    assert {f.code for f in one.findings} - {f.code for f in first.findings} == {"late"}
    five = [*answers, answers[0]]
    late = ["2026-03"] * 12 + ["2026-05"] * 2 + ["2026-06"] * 3
    assert assess(kept(five, late), context).measure("general").n == 17
    # In June itself the sixth may still come.
    in_june = assess(kept(five, late), Context("here", date(2026, 6, 20)))
    assert in_june.measure("general").n == 12


def test_answers_that_all_come_in_later_are_the_round() -> None:
    answers = people(random.Random(12), [6, 6])
    for months in (["2026-09"] * 12, [""] * 12, ["2026-02"] * 4 + ["2026-03"] * 8):
        result = assess(kept(answers, months), Context("here", date(2026, 9, 2)))
        assert result.measure("general").n == 12
    # Three at first, so that nothing was shown that could be subtracted.
    slow = ["2026-03"] * 3 + ["2026-05"] * 9
    assert assess(kept(answers, slow), Context("here", date(2026, 6, 1))).measure("general").n == 12


def test_a_late_answer_shows_nothing_when_hands_were_counted() -> None:
    rng = random.Random(13)
    answers = people(rng, [6, 6])
    turnout, partners = orgs({"nonprofit": [3, 3], "company": [3, 4]})
    # Thirteen hands, twelve answers: the thirteenth would show by subtraction once it is there.
    result = assessed({"2026-03": answers}, {"2026-03": turnout}, partners)
    assert result.measure("general").value is None
    found = next(f for f in result.findings if f.code == "waiting")
    assert "12 answers came in" in found.sentence
    assert "13 people were counted" in found.sentence


def test_the_store_tells_the_worksheet_no_time_at_all(tmp_path: Path) -> None:
    with Store.open(f"sqlite:///{tmp_path / 'own.db'}") as store:
        store.append([new_revision("here", CheckIn(round="2020-01", helps="4"))])
        (head,) = store.heads("here", kind="check_in")
    assert (head.stored, head.client_time) == ("", "")


def test_a_share_is_given_only_from_ten_answers_on() -> None:
    rng = random.Random(8)
    nine = assessed({"2026-03": people(rng, [9])}).rows["items"]
    assert {row["agree"] for row in nine} == {None}
    ten = assessed({"2026-03": people(rng, [10])}).rows["items"]
    assert None not in {row["agree"] for row in ten}
