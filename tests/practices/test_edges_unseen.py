"""More edges that nobody noticed when a sign or a number there was changed."""

from __future__ import annotations

import time
import uuid
from datetime import date
from typing import Any

import pytest

from playbook_helpers.core.assessment import Assessment, Context, Head, Measure
from playbook_helpers.core.bidi import isolated
from playbook_helpers.core.errors import InputError, NotFound
from playbook_helpers.core.partial_dates import last_day
from playbook_helpers.core.revisions import MAX_VERSION, from_json, new_revision, uuid7
from playbook_helpers.practices.communication import Story
from playbook_helpers.practices.communication.pages import progress_report_html
from playbook_helpers.practices.communication.records import Scope
from playbook_helpers.practices.community.charts import missing
from playbook_helpers.practices.community.surveys import representation
from playbook_helpers.practices.resources.charts.network import _picture
from playbook_helpers.practices.resources.words import shortened
from playbook_helpers.practices.sustainability.social_value import Outcome, sroi
from playbook_helpers.practices.trust.answers import rows_of
from playbook_helpers.practices.trust.scales import score


def test_a_score_stands_between_the_ends_of_its_t_interval() -> None:
    """Means 3, 3, 4 and 4: s^2 = 1/3, so the error is the root of 1/12, times 3.18245."""
    told = score([[3], [3], [4], [4]])
    assert told.value == 3.5
    assert told.low == pytest.approx(3.5 - 3.182446 * (1 / 12) ** 0.5, abs=1e-5)
    assert told.high == pytest.approx(3.5 + 3.182446 * (1 / 12) ** 0.5, abs=1e-5)


@pytest.mark.parametrize(("people", "hidden"), [(4, True), (5, False)])
def test_a_group_of_five_is_shown_and_one_of_four_is_not(people: int, hidden: bool) -> None:
    told = representation({"Young": people, "Middle": 40, "Old": 30}, {"Young": 2, "Middle": 5,
                          "Old": 3})  # fmt: skip
    assert {g.group: g.hidden for g in told.groups}["Young"] is hidden


def test_the_rate_of_return_counts_what_wears_off() -> None:
    """100 in the first year and half of that in the second, for 125: 100/r + 50/r^2 = 125."""
    told = sroi([Outcome("Work", 1, 100, drop_off=0.5, duration=2)], 125, 0.0)
    rate = 1 + told.break_even["Discount rate"]
    assert 100 / rate + 50 / rate**2 == pytest.approx(125, abs=1e-6)


@pytest.mark.parametrize("shown", ["document", "site"])
def test_a_draft_holds_outside_what_may_be_told_outside(
    monkeypatch: pytest.MonkeyPatch, shown: str
) -> None:
    monkeypatch.setenv("PLAYBOOK_SHOW", shown)
    told = Story(name="The geese", text="They came back.", consent=True, scope="inside",
                 reviewed=True)  # fmt: skip
    head = Head("r0", "v0", told.practice, told.kind, told.payload(), told)
    context = Context("east", date(2026, 10, 31))

    def words(scope: Scope | None) -> str:
        return progress_report_html("east", "East", [head], context, scope=scope).html()

    assert words(None) == words("public") != words("inside")


def test_a_version_of_a_record_ends_at_ninety_nine() -> None:
    data: dict[str, Any] = new_revision("east", Story(name="A", text="B")).to_json()
    assert from_json({**data, "schema_version": MAX_VERSION}).schema_version == 99
    with pytest.raises(InputError, match="schema_version") as refused:
        from_json({**data, "schema_version": 100})
    assert "1 to 99" in str(refused.value)


def test_a_measure_that_is_not_there_is_refused_with_those_that_are() -> None:
    bare = Assessment("goals", "east", date(2026, 1, 1))
    with pytest.raises(KeyError, match="there is none"):
        bare.measure("pace")
    some = Assessment("goals", "east", date(2026, 1, 1), (Measure("gaps", "Gaps", 1),))
    with pytest.raises(KeyError, match="there is gaps"):
        some.measure("pace")


def test_a_text_that_just_fits_is_not_cut() -> None:
    assert shortened("a" * 120) == "a" * 120 + "."
    assert shortened("a" * 121) == "a" * 119 + "…"


def test_words_from_right_to_left_after_a_tag_are_set_apart_once() -> None:
    word = "\u05d2\u05df"
    assert isolated(f"<b>{word}</b><i>x {word} y</i>") == (
        f"<b><bdi>{word}</bdi></b><i>x <bdi>{word}</bdi> y</i>"
    )


def test_a_trait_that_nobody_counted_is_refused_with_those_that_were() -> None:
    row = {"trait": "Age", "group": "Old", "hidden": "few"}
    counted = Assessment("community", "east", date(2026, 1, 1), rows={"groups": [row]})
    with pytest.raises(NotFound) as refused:
        missing(counted, trait="Language")
    assert "allowed: Age" in str(refused.value)
    with pytest.raises(NotFound) as nothing:
        missing(Assessment("community", "east", date(2026, 1, 1)), trait="Age")
    assert "allowed: none" in str(nothing.value)


def test_what_only_has_columns_is_no_table_of_answers() -> None:
    class Half:
        columns = ("fair",)

    with pytest.raises(InputError, match="no rows of answers"):
        rows_of(Half())  # type: ignore[arg-type]


@pytest.mark.parametrize("month", ["2026-00", "2026-13", "2026-99"])
def test_there_are_twelve_months(month: str) -> None:
    with pytest.raises(ValueError, match=f"'{month}' is not"):
        last_day(month)
    assert last_day("2026-12") == date(2026, 12, 31)


def test_an_id_begins_with_its_millisecond() -> None:
    seen = set()
    while len(seen) < 20:  # odd ones and even ones
        before = time.time_ns() // 1_000_000
        stamp = uuid.UUID(uuid7()).int >> 80
        assert before <= stamp <= time.time_ns() // 1_000_000
        seen.add(stamp)


def test_a_partner_has_three_lines_at_most_beside_the_network() -> None:
    name = "Association of all parents and grandparents of the northern and southern shore " * 3
    surface = _picture([name], [], {}, {})
    lines = [mark for mark in surface.marks if getattr(mark, "text", "").split()]
    assert sum(mark.text.split()[0] in name for mark in lines) == 3


def test_no_answer_weighs_more_than_three() -> None:
    """9 to 1 where the community is 1 to 9: weights of 3 (for 9) and 1/9, so 40^2 / (90 + 10/9)."""
    told = representation({"A": 10, "B": 90}, {"A": 90, "B": 10})
    assert told.effective_n == pytest.approx(40**2 / (9 * 10 + 90 / 81))
