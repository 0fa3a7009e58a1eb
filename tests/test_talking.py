"""Talking about the figures: what a group saw, why, and what it does stands below the picture."""

from __future__ import annotations

from datetime import date

from playbook_helpers.core.assessment import Context, Head
from playbook_helpers.core.partnership import Decision, Partnership
from playbook_helpers.practices.goals import Goal
from playbook_helpers.practices.goals.records import Measurement
from playbook_helpers.practices.kinds import practice_named
from playbook_helpers.worksheet.forms.description import form_description
from playbook_helpers.worksheet.sections.decisions import talked_about
from playbook_helpers.worksheet.sections.view import WorksheetView

GOAL = Goal(
    name="School readiness", sentence="Ready.", level="outcome", unit="percent",
    baseline_value=52, baseline_date="2024", target_value=65, target_date="2028",
)  # fmt: skip
SEEN = Decision(
    worksheet="goals", date="2026-11-03", figure="school readiness", seen="It rose <b>twice</b>",
    why="More places", decided="Ask Northbank", who="Head of early years", by="2027-01",
)  # fmt: skip


def view(*records: Decision) -> WorksheetView:
    every = (GOAL, Measurement(goal="School readiness", date="2026", value=57), *records)
    heads = tuple(
        Head(f"r{n}", f"v{n}", r.practice, r.kind, r.payload(), r) for n, r in enumerate(every)
    )
    about = Partnership(name="Town")
    practice = practice_named("goals")
    held = tuple(practice.reading.heads(heads))
    return WorksheetView(practice, held, Context("town", date(2026, 12, 1), about))


def test_what_was_made_of_a_picture_stands_below_it() -> None:
    html = str(view(SEEN).chart("run").html())
    assert "What we made of it" in html
    assert (
        "3 November 2026. We saw: It rose &lt;b&gt;twice&lt;/b&gt;. It may be because: More "
        "places. We decided: Ask Northbank. (Head of early years by January 2027)"
    ) in html


def test_it_stands_below_no_other_picture() -> None:
    heads = view(SEEN).heads
    assert talked_about(heads, "goals", ["Families reached rose"]) == ""
    assert talked_about(heads, "trust", ["School readiness"]) == ""
    alone = SEEN.model_copy(update={"figure": None})
    assert "What we made of it" not in str(view(alone).chart("run").html())


def test_the_form_asks_what_is_seen_why_and_what_is_done() -> None:
    (decision,) = form_description("goals", kinds=["decision"])["kinds"]
    names = [field["name"] for field in decision["fields"]]
    assert [n for n in names if n in ("seen", "why", "figure", "decided")] == [
        "seen", "why", "figure", "decided",
    ]  # fmt: skip


def test_the_table_of_decisions_tells_the_reason() -> None:
    assert "More places" in str(view(SEEN).decisions().html())
