"""The portfolio's sums, worked out by hand, and what must not show through in them."""

from __future__ import annotations

import random
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from portfolio_records import DAY, digest, goal, head, measured, reading, town

from playbook_helpers.core.assessment import Context, Head, current, of_type
from playbook_helpers.core.partnership import Partner, Partnership
from playbook_helpers.practices import PRACTICES
from playbook_helpers.practices.kinds import RECORD_TYPES
from playbook_helpers.practices.overview.earlier import is_closed
from playbook_helpers.publish.portfolio.digest import CLOSED, READ, UNREAD, make_digest
from playbook_helpers.publish.portfolio.findings import COMMON
from playbook_helpers.publish.portfolio.portfolio import Portfolio, make_portfolio, missing_at
from playbook_helpers.publish.portfolio.summary import moves, steps
from playbook_helpers.publish.portfolio.tables import tables_of
from playbook_helpers.storage.database import Store
from playbook_helpers.storage.files import load_examples

ROOT = Path(__file__).parents[1]

# Goals ----------------------------------------------------------------------------------------


def test_a_goal_is_held_against_its_own_target() -> None:
    (line,) = digest(town(), reading(), *measured(("2024", 58), ("2025", 60))).goals
    assert line.percent == 50.0  # 10 of the 20 that were aimed for
    assert (line.status, line.latest, line.latest_date) == ("improving", 60, "2025")
    assert line.lacks == ()


def test_movement_is_told_since_a_year_before_where_no_round_is_written_down() -> None:
    values = measured(("2024-06", 58), ("2026-06", 55))
    (line,) = digest(town(), reading(), *values).goals
    assert line.since == date(2025, 11, 26)
    assert (line.move, line.before, line.change) == ("further", 58, -3)


def test_movement_is_told_since_the_last_round_of_decisions() -> None:
    values = measured(("2024-06", 58), ("2026-06", 55), ("2026-10", 57))
    decided = head("decision", worksheet="goals", date="2026-07-01", decided="Go on")
    (line,) = digest(town(), reading(), *values, decided).goals
    assert line.since == date(2026, 7, 1)
    assert (line.move, line.before, line.change) == ("nearer", 55, 2)


def test_without_a_newer_value_nothing_is_said_to_have_moved() -> None:
    (line,) = digest(town(), reading(), *measured(("2023", 58), ("2024", 60))).goals
    assert (line.move, line.change) == ("no_new", None)
    assert line.old
    assert not line.recent


def test_nothing_is_compared_across_a_change_in_the_way_of_counting() -> None:
    values = [*measured(("2024", 58)), head("measurement", 9, goal="reading", date="2026-03",
                                            value=40, series_break=True)]  # fmt: skip
    (line,) = digest(town(), reading(), *values).goals
    assert (line.status, line.move, line.percent) == ("series_break", "counted_anew", None)


def test_a_number_that_is_to_fall_comes_nearer_by_falling() -> None:
    sleeping = reading(baseline_value=60, target_value=10)
    (line,) = digest(town(), sleeping, *measured(("2025-06", 40), ("2026-06", 35))).goals
    assert (line.move, line.change, line.percent) == ("nearer", -5, 50.0)


def test_beyond_the_target_a_number_neither_comes_nearer_nor_is_lost() -> None:
    (line,) = digest(town(), reading(), *measured(("2025-06", 75), ("2026-06", 72))).goals
    assert (line.status, line.move) == ("met", "same")


def test_what_is_to_stay_comes_nearer_by_coming_back() -> None:
    staff = reading(baseline_value=85, target_value=85)
    (line,) = digest(town(), staff, *measured(("2025-06", 88), ("2026-06", 86))).goals
    assert line.move == "nearer"


def test_values_after_the_day_looked_at_are_left_out() -> None:
    values = measured(("2024", 58), ("2026-06", 69))
    (line,) = digest(town(), reading(), *values, as_of=date(2025, 6, 30)).goals
    assert line.latest == 58


def test_what_a_goal_lacks_is_named() -> None:
    found = digest(town(), goal())
    assert found.goals[0].lacks == ("target", "baseline", "value", "date", "owner")
    assert missing_at(found) == ("no_target", "no_baseline")
    assert missing_at(digest(town())) == ("no_goal",)
    never = reading(baseline_date="2020")
    assert missing_at(digest(town(), never)) == ("no_value", "old_value")


def test_goals_are_counted_by_the_share_of_their_own_way() -> None:
    lines = [
        digest(town(), reading(), *measured(("2026", value))).goals[0]
        for value in (70, 66, 61, 56, 52, 50, 45)
    ]  # 100, 80, 55, 30, 10, 0 percent, and away
    lines.append(digest(town(), goal(level="vision")).goals[0])
    counted = {step.words: step.count for step in steps(lines)}
    assert counted == {
        "Met, exceeded or kept": 1,
        "Three quarters or more": 1,
        "Half to three quarters": 1,
        "A quarter to half": 1,
        "Less than a quarter": 1,
        "No change": 1,
        "Met, then lost again": 0,
        "Moved away": 1,
    }
    assert sum(step.count for step in moves(lines)) == 7


# Money ----------------------------------------------------------------------------------------


def fund(number: int, **more: Any) -> Head:
    given = {"name": f"Grant {number}", "signed": True, "currency": "GBP"}
    return head("fund", number, **(given | more))


def test_signed_money_falls_after_the_last_month_of_a_source() -> None:
    found = digest(
        town(currency="GBP"),
        fund(1, amount=12_000, starts="2026-01", ends="2026-12"),  # 1,000 a month
        fund(2, amount=36_000, starts="2026-01", ends="2028-12"),  # 1,000 a month
        fund(3, amount=99_000, starts="2026-01", ends="2027-06", signed=False, likelihood=90),
    )
    first, last = found.falls
    assert (first.month, first.before, first.after, first.share) == ("2026-12", 2000, 1000, 0.5)
    assert (last.month, last.after, last.ends, last.currency) == ("2028-12", 0, True, "GBP")
    assert first.sources == ("Grant 1",)


def test_a_source_that_another_follows_at_once_is_no_fall() -> None:
    found = digest(
        town(currency="GBP"),
        fund(1, amount=12_000, starts="2026-01", ends="2026-12"),
        fund(2, amount=12_000, starts="2027-01", ends="2027-12"),
    )
    assert [fall.month for fall in found.falls] == ["2027-12"]


def test_money_in_another_currency_counts_at_the_partnerships_own_rate_or_not_at_all() -> None:
    euros = [
        fund(1, amount=12_000, starts="2026-01", ends="2026-12"),
        fund(2, amount=12_000, currency="EUR", starts="2026-01", ends="2027-12"),
    ]
    without = digest(town(currency="GBP"), *euros)
    assert (without.falls, without.mixed) == ((), True)
    rate = head("exchange_rate", currency="EUR", worth=0.8)
    fall = digest(town(currency="GBP"), *euros, rate).falls[0]
    assert (fall.before, fall.after) == pytest.approx((1400, 400))


# Lessons --------------------------------------------------------------------------------------


def review(number: int, **more: Any) -> Head:
    given = {"name": f"Review {number}", "date": "2026-03", "side": "challenge",
             "happened": "Few came.", "change": "Open later.", "sharing": "anyone"}  # fmt: skip
    return head("review", number, **(given | more))


def test_only_lessons_marked_for_anyone_are_shared() -> None:
    found = digest(
        town(),
        review(1),
        review(2, sharing="partners"),
        review(3, sharing="inside"),
        head("review", 4, name="No word on it", happened="Something."),
        review(5, date="2027-02"),  # not yet
    )
    assert [lesson.name for lesson in found.lessons] == ["Review 1"]


def test_a_challenge_that_seems_to_name_a_person_stays_at_home() -> None:
    named = review(1, happened="It rained, and Jane Miller forgot the keys.")
    assert (digest(town(), named).lessons, digest(town(), named).held_back) == ((), 1)
    hall = head("partner", name="Jane Miller", sector="company")  # an organisation of that name
    assert digest(town(), hall, named).held_back == 0


def test_of_two_versions_that_nobody_has_settled_the_stricter_counts() -> None:
    one, two = review(1), review(1, sharing="inside")
    rivals = [replace(one, rivals=("other",)), replace(two, revision="other", rivals=("v",))]
    assert digest(town(), *rivals).lessons == ()
    deleted = [one, replace(one, revision="other", deleted=True)]
    assert digest(town(), *deleted).lessons == ()


# What never shows -----------------------------------------------------------------------------


def test_what_is_closed_elsewhere_is_never_read_here() -> None:
    closed = {kind for kind in RECORD_TYPES if is_closed(kind)}
    assert closed <= CLOSED <= UNREAD
    assert not READ & UNREAD
    assert set(RECORD_TYPES) == READ | UNREAD
    assert {"check_in", "group_count", "story", "social_outcome"} <= UNREAD


def test_a_column_in_which_nobody_says_anything_is_left_out_but_a_baseline_of_zero_stays() -> None:
    found = make_portfolio([digest(town(), reading(baseline_value=0))], DAY)
    goals = {column.key for column in tables_of(found)["goals"].filled().columns}
    assert "baseline" in goals
    assert "latest" not in goals
    partnerships = {column.key for column in tables_of(found)["partnerships"].filled().columns}
    assert "goals" in partnerships
    assert not {"open_needs", "money_falls"} & partnerships


def test_no_sheet_has_a_column_on_trust_or_social_value() -> None:
    found = make_portfolio([digest(town(), reading())], DAY)
    labels = {c.label.casefold() for s in tables_of(found).values() for c in s.columns}
    for word in ("trust", "sroi", "social", "score", "rank"):
        assert not [label for label in labels if word in label]


# The whole ------------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def examples() -> dict[str, list[Head]]:
    with Store.open("sqlite://") as store:
        load_examples(store, ROOT / "data")
        return dict(store.heads_of_many())


def taken(heads: dict[str, list[Head]], **more: Any) -> Portfolio:
    return make_portfolio([make_digest(slug, hs, DAY) for slug, hs in heads.items()], DAY, **more)


def test_invented_partnerships_stay_out_unless_asked_for_or_alone(
    examples: dict[str, list[Head]],
) -> None:
    real = taken(examples)
    assert real.left_out == 1
    assert not any(d.invented for d in real.digests)
    assert taken(examples, invented=True).left_out == 0
    only = {"riverside-invented": examples["riverside-invented"]}
    assert [d.slug for d in taken(only).digests] == ["riverside-invented"]


@settings(max_examples=12)
@given(st.randoms(use_true_random=False))
def test_the_order_of_partnerships_and_records_does_not_matter(
    examples: dict[str, list[Head]], chance: random.Random
) -> None:
    expected = tables_of(taken(examples, invented=True))
    digests = []
    for slug, heads in chance.sample(list(examples.items()), len(examples)):
        shuffled = list(heads)
        chance.shuffle(shuffled)
        digests.append(make_digest(slug, shuffled, DAY))
    found = make_portfolio(digests, DAY, invented=True)
    assert tables_of(found) == expected
    assert found.records == taken(examples, invented=True).records


@pytest.mark.parametrize(
    "slug", ["100000-homes", "riverside-invented", "shape-up-somerville", "strive-partnership"]
)
def test_what_is_found_often_is_what_the_worksheets_find(
    examples: dict[str, list[Head]], slug: str
) -> None:
    heads = examples[slug]
    now = current(heads)
    found = make_digest(slug, heads, DAY)
    record = next(value for _, value in of_type(now, Partnership))
    partners = tuple(p for _, p in of_type(now, Partner))
    context = Context(slug, found.as_of, record, partners)
    for practice in PRACTICES:
        codes = {f"{practice.stem}.{f.code}" for f in practice.assess(heads, context).findings}
        own = {key for key in found.findings if key.startswith(f"{practice.stem}.")}
        assert own == codes & COMMON.keys()


def test_each_common_finding_is_one_that_a_worksheet_can_give() -> None:
    source = ROOT / "src" / "playbook_helpers" / "practices"
    for key, common in COMMON.items():
        code = key.partition(".")[2]
        text = "".join(p.read_text("utf-8") for p in (source / common.practice).glob("*.py"))
        assert f'"{code}"' in text, key
