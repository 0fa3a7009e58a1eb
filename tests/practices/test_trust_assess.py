"""What the trust worksheet says: of nothing, of much, of the agreement and of small wins."""

from __future__ import annotations

import json
import random
from collections.abc import Callable
from datetime import date

from chart_results import CHARTS
from steps import grows_evenly
from trust_answers import closings

from playbook_helpers.core.assessment import Assessment, Context, Head
from playbook_helpers.core.records import Record
from playbook_helpers.practices.trust import AgreementPoint, CheckIn, SmallWin, Turnout, assess
from playbook_helpers.practices.trust.items import ITEMS
from playbook_helpers.practices.trust.records import POINTS
from playbook_helpers.worksheet.sections.results import findings_html, measures_html

HOSTILE = "<img src=x onerror=alert(1)>"
TODAY = date(2027, 6, 30)


def assessed(*records: Record, as_of: date = TODAY, **more: str) -> Assessment:
    heads = [
        Head(f"record-{n}", f"revision-{n}", r.practice, r.kind, r.payload(), r)
        for n, r in enumerate(records)
    ]
    heads += closings(sorted({r.round for r in records if isinstance(r, CheckIn)}))
    return assess(heads, Context("here", as_of, **more))


def answer(value: int, when: str = "2027-03", **more: str) -> CheckIn:
    """One person who gives every statement the same value, as it reads after turning round."""
    given = {i.name: str(6 - value if i.reverse else value) for i in ITEMS}
    return CheckIn(**{"round": when, **given, **more})


def codes(assessment: Assessment) -> list[str]:
    return [finding.code for finding in assessment.findings]


def drawn(assessment: Assessment) -> list[str]:
    return [chart.html() for draw in CHARTS["trust"].values() for chart in draw(assessment)]


def test_there_are_twelve_items_three_more_and_two_turned_round() -> None:
    groups = [item.group for item in ITEMS]
    assert [groups.count(g) for g in ("reliability", "care", "honesty", "respect")] == [3] * 4
    assert groups.count("together") == 3
    assert sum(item.reverse for item in ITEMS) == 2


def test_an_empty_partnership_gets_a_first_step_and_no_figure() -> None:
    result = assessed()
    assert codes(result) == ["no_answers"]
    assert result.findings[0].next_step
    assert all(m.value is None and m.note for m in result.measures)
    assert "nan" not in json.dumps(result.to_json()).lower()
    assert drawn(result) == []


def test_turned_items_count_the_right_way_round() -> None:
    result = assessed(*[answer(4)] * 6)
    assert {row["value"] for row in result.rows["items"]} == {4.0}
    assert result.measure("general").value == 4.0


def test_every_measure_says_what_it_rests_on() -> None:
    people = [answer(value) for value in (2, 3, 4, 4, 5, 3, 4, 5, 2, 4, 3)]
    general = assessed(*people).measure("general")
    # 39 / 11 = 3.545; t(0.975; 10) = 2.228 times the standard error of 0.312 is 0.7.
    assert (general.n, general.missing) == (11, 0)
    assert (general.value, general.low, general.high) == (3.5, 2.8, 4.2)


def test_a_low_item_asks_an_open_question() -> None:
    result = assessed(*[answer(2)] * 8)
    low = [f for f in result.findings if f.code == "low_item"]
    assert len(low) == len(ITEMS)
    assert all(f.question.endswith("?") for f in low)


def test_the_round_asked_for_is_the_round_shown_and_a_future_one_is_not() -> None:
    records = [answer(3, "2026-09") for _ in range(12)] + [answer(4) for _ in range(12)]
    records += [answer(5, "2028-03") for _ in range(6)]
    assert assessed(*records).measure("general").value == 4.0
    assert assessed(*records, round="2026-09").measure("general").value == 3.0
    assert "other_round" in codes(assessed(*records, round="spring"))
    change = assessed(*records).measure("change")
    assert change.value == 1.0
    assert "good" in {f.severity for f in assessed(*records).findings if f.code == "change"}


def test_a_fall_beyond_noise_is_to_be_acted_on() -> None:
    before = [answer(v, "2026-09") for v in (4, 5, 4, 4, 4, 4) * 2]
    after = [answer(v) for v in (2, 3, 2, 3, 2, 2) * 2]
    (fell,) = [f for f in assessed(*before, *after).findings if f.code == "change"]
    # 50 / 12 = 4.17 and 28 / 12 = 2.33, each to one decimal.
    assert fell.severity == "act"
    assert "fell by 1.9" in fell.sentence


def test_with_fewer_than_ten_answers_nobody_is_told_that_trust_fell() -> None:
    before = [answer(v, "2026-09") for v in (4, 4, 3, 4, 3, 4)]
    after = [answer(v) for v in (2, 3, 2, 3, 2, 3)]
    result = assessed(*before, *after)
    (step,) = [f for f in result.findings if f.code == "change"]
    assert step.severity == "note"
    assert "moved by -1.2. With 6 and then 6 answers nobody can tell" in step.sentence
    assert result.measure("change").low is None


def test_the_agreement_names_what_is_open_and_what_was_not_talked_about() -> None:
    result = assessed(
        AgreementPoint(point="money", state="not_yet"),
        AgreementPoint(point="purpose", state="in_place"),
        AgreementPoint(point="credit", state="not_relevant"),
        AgreementPoint(point="roles", state="partly"),
    )
    measure = result.measure("agreement")
    assert (measure.value, measure.n, measure.missing) == (1.0, 3, len(POINTS) - 4)
    [gap] = [f for f in result.findings if f.code == "agreement_gap"]
    assert gap.severity == "act"
    assert gap.sentence == (
        "2 points of the agreement are open. Not settled yet: Who holds money, who may spend it, "
        "who can see the books. 1 more is only partly settled."
    )
    assert gap.next_step.endswith(": who holds money, who may spend it, who can see the books.")
    assert len(gap.records) == 2
    states = {row["point"]: row["state_words"] for row in result.rows["agreement"]}
    assert states["leaving"] == "Not talked about yet"
    assert len(states) == len(POINTS)


def test_small_wins_without_owner_or_date_late_and_done() -> None:
    result = assessed(
        SmallWin(action="Tea", done="2027-05"),
        SmallWin(action="Visit", owner="Library", due="2027-05"),
        SmallWin(action="Sign"),
        SmallWin(action="Walk", owner="Library", due="2027-06-30"),
    )
    by_code = {f.code: f.sentence for f in result.findings}
    assert by_code["win_late"] == "The small win “Visit” was due May 2027."
    assert by_code["win_open"] == "The small win “Sign” has no owner and no date."
    assert (result.measure("wins").value, result.measure("wins").n) == (1.0, 4)


def test_what_people_type_is_shown_as_text() -> None:
    records: list[Record] = [answer(3, comment=HOSTILE) for _ in range(6)]
    records += [
        Turnout(round="2027-03", organisation=HOSTILE, answers=6),
        SmallWin(action=HOSTILE, owner=HOSTILE, due="2027-01"),
        AgreementPoint(point="money", state="partly", where=HOSTILE),
    ]
    result = assessed(*records)
    pages = [findings_html(result).html(), measures_html(result).html(), *drawn(result)]
    assert len(pages) > 2
    assert not [page for page in pages if "<img src=x" in page]


def many_records(number: int) -> list[Record]:
    rng = random.Random(1)
    records: list[Record] = [
        CheckIn(
            round=f"{2020 + n % 5}-03",
            sector=rng.choice(["nonprofit", "company", "community"]),
            **{i.name: str(rng.randint(1, 5)) for i in ITEMS},
        )
        for n in range(19 * number)
    ]
    return records + [SmallWin(action=f"Win {n}") for n in range(number)]


def test_twice_the_records_take_twice_the_work() -> None:
    def drawing(number: int) -> Callable[[], object]:
        records = many_records(number)
        return lambda: drawn(assessed(*records))

    assert grows_evenly(drawing, 10)


def test_two_thousand_records_are_drawn() -> None:
    assert drawn(assessed(*many_records(100)))


def test_charts_say_the_point_and_name_what_is_hidden() -> None:
    people = [answer(v, sector="company") for v in (3, 4, 4, 5, 3, 4, 4)]
    people += [answer(v, sector="nonprofit") for v in (2, 2, 3, 2, 3, 2)]
    people += [answer(v, sector="community") for v in (2, 3, 3, 2, 3, 2)]
    people += [answer(5, sector="funder")]
    result = assessed(*people)
    (sectors,) = CHARTS["trust"]["sectors"](result)
    assert "hidden: a few people could be recognised by it" in sectors.alt
    assert "are hidden" in sectors.title
    charts = CHARTS["trust"]["items"](result)
    values = [row["value"] for row in result.rows["items"]]
    assert values == sorted(values)  # type: ignore[type-var]
    assert all("answers" in chart.alt for chart in charts)
    assert len(charts) == 2
