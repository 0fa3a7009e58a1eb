"""The page of what was reached, at its edges: one more than it has room for, the first day."""

from __future__ import annotations

from datetime import date

import pytest

from playbook_helpers.core.assessment import Context, Head
from playbook_helpers.core.records import Record
from playbook_helpers.practices.learning import Milestone, Review, assess
from playbook_helpers.practices.learning.pages import MOST, celebration


def page(*records: Record, since: str = "") -> str:
    heads = [
        Head(f"r{n:05d}", f"v{n:05d}", r.practice, r.kind, r.payload(), r)
        for n, r in enumerate(records)
    ]
    return celebration(assess(heads, Context("east", date(2026, 10, 31))), "East", since=since)


@pytest.mark.parametrize(("more", "words"), [(0, ""), (1, "And 1 more"), (3, "And 3 more")])
def test_what_the_page_has_no_room_for_is_counted(more: int, words: str) -> None:
    steps = [Milestone(name=f"Step {n}", actual="2026-05") for n in range(MOST + more)]
    told = page(*steps)
    assert told.count("pb-step") - told.count(".pb-step") == MOST
    assert (f"{words} before these." in told) if words else ("before these" not in told)


@pytest.mark.parametrize(
    ("since", "there"), [("2026-05-10", True), ("2026-05-11", False), ("2026-05", True)]
)
def test_the_first_day_belongs_to_the_page(since: str, there: bool) -> None:
    told = page(
        Milestone(name="Opening", actual="2026-05-10"),
        Review(name="Keys", change="Two", done="2026-05-10", sharing="partners"),
        since=since,
    )
    assert ("Opening" in told) == there
    assert ("What we learned, and now do differently" in told) == there
    assert ("Nothing is written down as reached yet" in told) != there


def test_a_lesson_is_shown_only_with_its_change_done_and_shared() -> None:
    for given in ({"change": None}, {"done": None}, {"sharing": "inside"}):
        whole = {"name": "Keys", "change": "Two", "done": "2026-05", "sharing": "anyone"}
        assert "Keys" not in page(Review(**(whole | given)))
    assert "Keys" in page(Review(**whole))
