"""The sentence checker: it agrees with a rater, says where it looked, and takes any text."""

from __future__ import annotations

import csv
from datetime import date
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from steps import steps

from playbook_helpers.practices.goals import (
    RULES,
    check_statement,
    read_sentence,
    rules_markdown,
)
from playbook_helpers.practices.goals.characters import plain
from playbook_helpers.practices.goals.rules import ELEMENTS

ROOT = Path(__file__).parents[2]
FOLDERS = (ROOT / "benchmarks" / "data", ROOT / "book" / "_data")


def labelled(file: str) -> list[dict[str, str]]:
    path = next(folder / file for folder in FOLDERS if (folder / file).is_file())
    with path.open(encoding="utf-8", newline="") as handle:
        return list(csv.DictReader(handle))


def macro_f1(rows: list[dict[str, str]], element: str) -> float:
    found = [(r[f"has_{element}"], check_statement(r["statement"]).verdict(element)) for r in rows]
    classes = {v for pair in found for v in pair}
    each = []
    for c in classes:
        hit = sum(said == got == c for said, got in found)
        each.append(2 * hit / sum((said == c) + (got == c) for said, got in found))
    return sum(each) / len(each)


@pytest.mark.parametrize(
    ("element", "least"),
    [("metric", 0.9), ("target", 0.9), ("deadline", 0.9), ("baseline", 0.8), ("owner", 0.8)],
)
def test_the_rules_agree_with_the_rater_of_the_real_statements(element: str, least: float) -> None:
    assert macro_f1(labelled("goal_statements.csv"), element) >= least


@pytest.mark.parametrize("element", ELEMENTS)
def test_the_rules_hold_on_statements_written_for_the_project(element: str) -> None:
    assert macro_f1(labelled("goal_statements_own.csv"), element) >= 0.9


# The five letters are metric, baseline, target, deadline, owner: y(es), p(artial), n(o).
@pytest.mark.parametrize(
    ("said", "text"),
    [
        ("yyyyy", "By June 2028, the Riverside partnership will raise attendance from 88% to 94%."),
        ("ypyyn", "Reduce emissions by 40 to 45% relative to 2005 levels by 2030"),
        ("ypyyn", "Halve the number of evictions by 2030"),
        ("ynyyn", "Reduce evictions by 40% by 2030"),
        ("ynnnn", "Increase the proportion of adults who walk 30 minutes on 5 days a week"),
        ("ynynn", "Increase the proportion of adults who walk 30 minutes on 5 days a week to 40%"),
        ("nnpyn", "By 2030, ensure that every child has a place to play"),
        ("nnnnn", "Strengthen cooperation at all levels and in all countries"),
        ("ynyyn", "Zero traffic deaths by 2035"),
        ("ynypn", "Two-thirds of our members will be renters within three years"),
        ("ynypn", "Visit 40 households a week"),
        ("ynyyn", "One in three new homes is affordable by 2031"),
        ("yyyyn", "80 per cent of buses run on time by 2028, up from 44%"),
        ("yyyyn", "Raise the score to 60 from a baseline of 42 (2019) by 2026"),
        ("ynyyn", "Train two hundred carers by the 2027-28 school year"),
        ("ynnyn", "Substantially reduce the number of accidents by FY2029"),
        ("nnnnp", "Schools to share what they learn"),
        ("nnnnn", "We as a society must do better"),
        ("nnnnp", "We will do better"),
        ("ynnnn", "Graduation rates will rise"),
        ("nnpyy", "The City of Oaks will end rough sleeping by 2029"),
        ("nnpnn", "Nobody is left behind"),
        ("pnnnn", "Increase the number of families who are resilient"),
        ("nnynn", "Positively impact the lives of one million people"),
        ("ynyyn", "Build 2000 homes by 2027"),
        ("ynyyn", "Keep the share of staff who stay for at least a year at 85% until 2029"),
        ("ynnny", "More children read; Oak Valley Council answers for it."),
        ("ynynn", "Ambition of Vision 2030: 500 new jobs"),
        ("yyyyn", "Employment rate: 48% (2024) -> 60% (2030)"),
        ("yyyyn", "Lift the share to 70 percent in 2031 (44 percent in 2026)"),
        ("ypyyn", "Cut admissions by a quarter on 2024 levels by 2029"),
        ("ypyyn", "Recycling rate up 12 points on 2025 by 2030"),
        ("ynyyn", "No more than 5 complaints per 1,000 visits in any quarter of 2027/28"),
        ("yyyyn", "Rough sleeping: baseline 64 people (2025); target 20 people by autumn 2028"),
        ("ynyyy", "The Harbour Collective is going to open three repair cafés by 2027"),
        ("ynyyp", "We'd like 300 more people signed up by June 2028"),
        ("ynnyn", "More residents cycle to work by 2030"),
        ("ynyyn", "Emissions from city buses fall 45% by 2030"),
        ("ynyyn", "Eliminate new HIV infections by 2030"),
        ("yyyyn", "Raise on-time graduation from 80% to 90% by the class of 2029"),
        ("nnnnn", "A thriving, connected and fair city for everyone"),
        ("yyyyp", "Cut the average wait from 14 to 6 weeks by 2027 (Riverside Health Board)."),
        ("yyyyn", "Cut the average wait from 14 to 6 weeks by 2027 (weeks from referral)."),
        ("yyyyn", "Raise the employment rate from 70% to 80% by 2030 (Labour Force Survey)"),
    ],
)
def test_what_a_sentence_says(said: str, text: str) -> None:
    check = check_statement(text)
    assert "".join(check.verdict(e)[0] for e in ELEMENTS) == said


@pytest.mark.parametrize(
    ("text", "start", "aim"),
    [
        ("Readiness 48% to 61% by 2031", 48, 61),
        ("Readiness 48% → 61%", 48, 61),
        ("Average wait: 70 days -> 20 days", 70, 20),
        ("Readiness: 52% today and 65% by 2028", 52, 65),
        ("Raise places to 200 (today 120) by 2028", 120, 200),
        ("Reduce hunger from one in five to one in ten children", 20, 10),
        ("Lift take-up from 1/4 to ¾", 25, 75),
        ("In 2027 there were 12 clubs; by 2030 there will be 20", 12, 20),
        ("Waits over 26 weeks: 310 people in 2025, target 40", 310, 40),
        ("Target: 30 by 2029. Baseline: 12 (2024).", 12, 30),
        ("60% of waste is recycled (51% last year)", 51, 60),
        ("Double membership to 600", 300, 600),
    ],
)
def test_a_start_and_an_end_are_read_however_they_are_written(
    text: str, start: float, aim: float
) -> None:
    read = read_sentence(text)
    assert read.baseline is not None
    assert read.target is not None
    assert (read.baseline.value, read.target.value) == (start, aim)
    assert read.baseline.sure
    assert read.direction == ("up" if aim > start else "down")


def test_two_numbers_that_could_be_a_range_are_asked_about() -> None:
    check = check_statement("Readiness 48 to 61% by 2031")
    assert check.baseline == "partial"
    assert check.baseline_number is None


@pytest.mark.parametrize(
    ("who", "text"),
    [
        ("Four Corners Council", "Four Corners Council will mend the hall by 2029"),
        ("Mile End", "Mile End will plant 300 trees by 2028"),
        ("Double Impact", "Double Impact will run 3 clubs by 2028"),
        ("100,000 Homes Campaign", "100,000 Homes Campaign will house 100,000 people"),
        ("Oxfam", "Oxfam will train 40 volunteers by 2028"),
        ("Barnardo's", "Barnardo's will open 3 youth clubs by 2028"),
        ("The NHS", "The NHS will cut waits from 18 to 9 weeks"),
        ("World Vision", "World Vision will feed 300 families by 2029"),
        ("St Mary's, Barnardo's and the YMCA", "St Mary's, Barnardo's and the YMCA will open 3"),
    ],
)
def test_names_are_neither_numbers_nor_verbs(who: str, text: str) -> None:
    read = read_sentence(text)
    assert read.owner is not None
    assert (read.owner.value, read.owner.sure) == (who, True)
    numbers = [q.start for q in read.amounts]
    assert all(start >= len(who) for start in numbers)


def test_a_partners_name_is_a_name_whatever_it_says() -> None:
    name = "Cut 20 by 2030"
    text = f"{name} will open 3 clubs by 2028"
    read = read_sentence(text, [name])
    assert read.owner is not None
    assert read.target is not None
    assert (read.owner.text, read.owner.sure, read.target.value) == (name, True, 3)


@pytest.mark.parametrize(
    ("when", "text"),
    [
        ("2028-07", "Cut waits to 9 weeks by July 2028"),
        ("2028-07-01", "Cut waits to 9 weeks by 1 July 2028"),
        ("2027-12", "Cut waits to 9 weeks by Q4 2027"),
        ("2027-11", "Cut waits to 9 weeks by autumn 2027"),
        ("2028", "Cut waits to 9 weeks by the 2027/28 school year"),
        ("2027-04", "Cut waits to 9 weeks in the financial year starting April 2027"),
        ("2029", "Cut waits to 9 weeks by year end 2029"),
        (None, "Cut waits to 9 weeks by year end"),
        (None, "Cut waits to 9 weeks over four years"),
    ],
)
def test_dates_are_read_no_more_exactly_than_they_are_said(when: str | None, text: str) -> None:
    read = read_sentence(text)
    assert read.deadline is not None
    assert (read.deadline.value, read.deadline.sure) == (when, when is not None)


def test_a_number_says_whether_it_is_percent() -> None:
    read = read_sentence("9 out of 10 babies are weighed by 2027, up from 7 in 10 in 2025")
    assert read.target is not None
    assert read.baseline is not None
    assert read.baseline_date is not None
    assert (read.target.value, read.target.percent, read.unit) == (90, True, "percent")
    assert (read.baseline.value, read.baseline_date.value) == (70, "2025")


@pytest.mark.parametrize(
    "text",
    [
        "Plant 8,000 trees by 2030, 2,000 a year",
        "By 2029, 70% of residents feel safe in the town centre after dark, up from 61%",
        "The number of coalition members will reach 40 by 2029",
        "Find and fix leaks in 200 homes by 2027",
    ],
)
def test_what_is_sound_is_not_warned_of(text: str) -> None:
    assert [w.code for w in check_statement(text, as_of=date.min).warnings] == []


@pytest.mark.parametrize("element", ELEMENTS)
def test_what_stands_in_a_published_sentence_is_never_called_missing(element: str) -> None:
    wrong = [
        row["statement"]
        for row in labelled("goal_statements_fresh.csv")
        if row["part"] == "first"
        and row[f"has_{element}"] == "yes"
        and check_statement(row["statement"]).verdict(element) == "no"
    ]
    assert wrong == []


def test_verdicts_compare_with_plain_words_and_carry_span_reason_and_rule() -> None:
    text = "By 2030, the city will halve road deaths compared to 2020."
    check = check_statement(text)
    assert check.metric == "yes"
    assert check.baseline == "partial"
    for element in ELEMENTS:
        span = check.spans[element]
        assert span is not None
        assert text[span.start : span.end] == span.text
        assert check.rules[element] in RULES
        assert check.reasons[element] == RULES[check.rules[element]].reason
    assert check.spans["deadline"].text == "By 2030"
    assert check.missing == ("baseline",)


def test_typographic_signs_count_like_plain_ones() -> None:
    one = check_statement(
        "By 2030, 7-8 million of the city's homes are insulated (2025: 4 million)"
    )
    two = check_statement(
        "By\u00a02030, 7\u20138\u00a0million of the city\u2019s homes are insulated "
        "(2025: 4 million)"
    )
    assert one.rules == two.rules
    assert one.target_number == two.target_number == 7_000_000


def test_numbers_and_dates_are_read_out() -> None:
    check = check_statement("Raise the share from 44% in 2005 to 85% by March 2020")
    assert (check.baseline_number, check.target_number) == (44.0, 85.0)
    assert check.due == date(2020, 3, 31)
    assert not check.target_is_change
    assert check_statement("Cut crime by 20% by 2027").target_is_change


def test_doubling_to_a_number_tells_where_it_starts() -> None:
    """Double to 600: from 300."""
    assert "no_base" in {w.code for w in check_statement("Double membership").warnings}
    assert "no_base" not in {w.code for w in check_statement("Double membership to 600").warnings}


@pytest.mark.parametrize(
    ("code", "text"),
    [
        ("two_goals", "By 2030, end hunger and ensure access by all people to safe food"),
        ("two_goals", "95% coverage of childhood vaccines and 90% coverage of adolescent vaccines"),
        ("two_goals", "Reduce waiting times and improve staff morale"),
        ("two_goals", "Increase employment by 10% and reduce crime by 5% by 2027"),
        ("steps", "Reduce emissions by 40% by 2030, and 80% by 2050"),
        ("percent_of_percent", "Increase the percentage of pupils who read well by 10 percent"),
        ("percent_of_percent", "Increase the graduation rate by 10%"),
        ("no_base", "Reduce homelessness by 10% by 2030"),
        ("no_base", "Waiting times fall 20% by 2027"),
        ("no_base", "Double the number of volunteers"),
        ("up_to", "Reduce violence by up to 5%, compared to 2018"),
        ("activity", "Hold 12 workshops by 2027"),
        ("activity", "Increase the number of community meetings from 0 to 3"),
        ("unobservable_verb", "Parents will understand the risks of smoking"),
        ("unobservable_verb", "Raise awareness of diabetes"),
    ],
)
def test_warnings(code: str, text: str) -> None:
    found = {w.code: w for w in check_statement(text).warnings}
    assert code in found
    warning = found[code]
    assert warning.better
    assert warning.sentence
    assert warning.span is not None
    assert text[warning.span.start : warning.span.end] == warning.span.text


@pytest.mark.parametrize(
    "text",
    [
        "By June 2028, the Riverside partnership will raise attendance from 88% to 94%.",
        "By 2035, less than 5% of adults smoke",
        "Reduce the prevalence of smoking to 12% or less by 2030, from 17% in 2024",
        "Cut crime by 20% compared with 2023 by March 2027",
        "Increase the employment rate by 4 percentage points, from 61% in 2025, by 2030",
        "Find and fix leaks in 200 homes by 2027",
    ],
)
def test_a_sound_sentence_gets_no_warning(text: str) -> None:
    assert [w.code for w in check_statement(text).warnings] == []


def test_dates_are_held_against_today_and_the_life_of_the_partnership() -> None:
    text = "House 100 people by July 2014"
    passed = check_statement(text, as_of=date(2026, 1, 1))
    assert [w.code for w in passed.warnings] == ["date_passed"]
    assert not check_statement(text, as_of=date(2014, 7, 31)).warnings
    assert [w.code for w in check_statement(text).warnings] == ["date_passed"], "by today"
    assert not check_statement(text, as_of=date.min).warnings
    after = check_statement(text, as_of=date.min, ends=date(2013, 12, 31))
    before = check_statement(text, as_of=date.min, starts=date(2015, 1, 1))
    assert [w.code for w in (*after.warnings, *before.warnings)] == ["date_outside"] * 2


@pytest.mark.parametrize(
    ("when", "outside"),
    [
        ("2014", False),
        ("mid-2014", False),
        ("July 2014", False),
        ("FY2014", False),
        ("2013-14", False),
        ("2010-2016", False),
        ("summer 2014", False),
        ("the third quarter of 2014", False),
        ("the second half of 2014", False),
        ("31 July 2014", False),
        ("1 August 2014", True),
        ("August 2014", True),
        ("the fourth quarter of 2014", True),
        ("autumn 2014", True),
        ("2014-09", True),
        ("2015", True),
    ],
)
def test_a_date_is_outside_only_where_no_day_it_can_mean_is_inside(
    when: str, outside: bool
) -> None:
    # The 100,000 Homes Campaign ended in July 2014; its goal said "by 2014".
    check = check_statement(f"House 100,000 people by {when}", ends=date(2014, 7, 31))
    assert check.due is not None
    assert ("date_outside" in {w.code for w in check.warnings}) is outside


def test_a_base_year_is_no_deadline_and_has_not_passed() -> None:
    check = check_statement("Reduce waste by 30% compared to 2014", as_of=date(2026, 1, 1))
    assert check.deadline == "no"
    assert not check.warnings


@pytest.mark.parametrize(
    "text", ["", " ", "\n", "?", "2030", "50%", "by", "۱۲۳", "目标", "🙂" * 50]
)
def test_scraps_are_judged_without_complaint(text: str) -> None:
    check_statement(text, as_of=date(2026, 1, 1))


def test_an_empty_text_says_nothing() -> None:
    check = check_statement("")
    assert {check.verdict(e) for e in ELEMENTS} == {"no"}
    assert check.warnings == ()


@pytest.mark.parametrize(
    "piece",
    [
        "from 1 to ",
        "-",
        "the number of ",
        "and reduce ",
        "will ",
        "for all ",
        "by, ",
        "9",
        "twenty-",
    ],
)
def test_a_huge_text_takes_no_more_time_than_its_beginning(piece: str) -> None:
    text = (piece * 100_000)[:100_000]
    check = check_statement(text)
    assert "too_long" in {w.code for w in check.warnings}
    beginning = text[:5001]
    assert check_statement(beginning).warnings == check.warnings
    assert steps(lambda: check_statement(text)) < 1.1 * steps(lambda: check_statement(beginning))


PIECES = (
    "by from to 2030 2019 50% half the number of rate who will city we reduce increase and , . ( ) "
    "per 1,000 every year within three years at least up compared than baseline | : - 3-5 £2m"
)
WORDS = st.sampled_from(PIECES.split())


@settings(max_examples=150, deadline=None)
@given(st.one_of(st.text(max_size=300), st.lists(WORDS, max_size=40).map(" ".join)))
def test_any_text_is_judged_and_every_span_lies_in_it(text: str) -> None:
    check = check_statement(text, as_of=date(2026, 1, 1), starts=date(2020, 1, 1))
    for element in ELEMENTS:
        assert check.verdict(element) in ("yes", "partial", "no")
        span = check.spans[element]
        if span is not None:
            assert text[span.start : span.end] == span.text
    for warning in check.warnings:
        if warning.span is not None:
            assert text[warning.span.start : warning.span.end] == warning.span.text


@given(st.text(max_size=200))
def test_plain_letters_keep_every_place(text: str) -> None:
    assert len(plain(text)) == len(text)


def test_only_text_is_taken() -> None:
    with pytest.raises(TypeError, match="a statement is text"):
        check_statement(None)  # type: ignore[arg-type]


def test_every_rule_is_in_the_table_for_the_guide() -> None:
    table = rules_markdown()
    for rule in RULES.values():
        assert f"| {rule.id} |" in table
        assert rule.reason
        assert rule.source
    widths = {line.count("|") for line in table.splitlines()}
    assert widths == {7}


@pytest.mark.parametrize(
    ("sentence", "rule", "owner"),
    [
        ("Riverside College cuts dropout from 20% to 10%.", "O1", "Riverside College"),
        ("The council halves its emissions by 2030.", "O1", "The council"),
        ("Our partners reduce food waste by 20%.", "O2", "Our partners"),
        ("Oxfam and the water board will connect 1,200 homes.", "O2", "Oxfam and the water board"),
        ("Emissions from city buses fall 45% by 2030.", "O0", None),
        ("Significantly reduce the time people wait.", "O0", None),
        ("Deaths and injuries will fall by 20%.", "O0", None),
    ],
)
def test_who_does_something_in_the_present_or_with_others_is_not_missing(
    sentence: str, rule: str, owner: str | None
) -> None:
    told = check_statement(sentence)
    span = told.spans["owner"]
    assert (told.rules["owner"], span and span.text) == (rule, owner)


@pytest.mark.parametrize(
    "sentence",
    [
        "We want every family to have a garden within reach by 2031.",
        "A living wage for all cleaners by April 2027.",
    ],
)
def test_all_or_none_is_asked_about_and_never_missing(sentence: str) -> None:
    assert check_statement(sentence).target == "partial"
