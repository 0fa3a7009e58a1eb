"""Charts of the learning worksheet: milestones, and where lessons stand."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from playbook_helpers.core.assessment import Assessment
from playbook_helpers.core.partial_dates import spoken
from playbook_helpers.core.text import listed
from playbook_helpers.drawing.bands import MOST, Card, bands
from playbook_helpers.drawing.chart import Chart, text_of
from playbook_helpers.drawing.kinds import ChartKind
from playbook_helpers.drawing.tables import Column, Table
from playbook_helpers.practices.learning.charts.milestones import milestone_charts
from playbook_helpers.practices.learning.rows import ReviewRow, rows_of

LESSONS: Mapping[str, str] = {
    "no change named": "No change named",
    "no owner": "No owner",
    "late": "Past its date",
    "open": "Under way",
    "done": "Done",
}
WAITING = ("no change named", "no owner", "late")
MOST_IN_TABLE = 200


def milestones(assessment: Assessment) -> list[Chart]:
    """Each milestone from the day it was planned for to the day it was reached."""
    return milestone_charts(rows_of(assessment).get("milestones", ()), assessment.as_of)


def lessons(assessment: Assessment) -> list[Chart]:
    """What became of each lesson: no change named, no owner, past its date, under way, done."""
    rows = rows_of(assessment).get("reviews", ())
    if not rows:
        return []
    groups = [
        (words, [row for row in rows if row["state"] == state]) for state, words in LESSONS.items()
    ]
    surface = bands([(words, [_card(row) for row in some]) for words, some in groups])
    alt = " ".join(
        f"{words}: {listed([text_of(r['name']) for r in some], MOST) if some else 'none'}."
        for words, some in groups
    )
    return [Chart(surface, headline(rows), alt, _table(rows))]


def headline(rows: Sequence[ReviewRow]) -> str:
    """The point: how many lessons led to a change, and how many wait for somebody.

    >>> headline([{"state": "done"}, {"state": "no owner"}])
    '1 of 2 reviews led to a change that is done; 1 waits for somebody'
    """
    done = sum(row["state"] == "done" for row in rows)
    waiting = sum(row["state"] in WAITING for row in rows)
    reviews = "review" if len(rows) == 1 else "reviews"
    point = f"{done} of {len(rows):,} {reviews} led to a change that is done"
    if waiting:
        point += f"; {waiting:,} {'waits' if waiting == 1 else 'wait'} for somebody"
    return point


def _card(row: ReviewRow) -> Card:
    state, owner = text_of(row["state"]), text_of(row["owner"])
    if state == "done":
        beside = f"done {spoken(text_of(row['done']))}"
    elif row["due"]:
        beside = (
            f"{owner}, by {spoken(text_of(row['due']))}"
            if owner
            else (f"by {spoken(text_of(row['due']))}")
        )
    else:
        beside = owner or ("looked back " + spoken(text_of(row["date"])) if row["date"] else "")
    return Card(text_of(row["name"]), beside, state in WAITING)


def _table(rows: Sequence[ReviewRow]) -> Table:
    caption = "Lessons"
    if len(rows) > MOST_IN_TABLE:
        caption += f" (the first {MOST_IN_TABLE} of {len(rows):,})"
    order = list(LESSONS)
    ordered = sorted(rows, key=lambda row: order.index(text_of(row["state"])))
    columns = (
        Column("name", "Looked back on"),
        Column("state", "Where it stands", words=LESSONS),
        Column("change", "What changes", format="text"),
        Column("owner", "Who sees to it", format="text"),
        Column("due", "By when", format="when"),
    )
    cells = tuple(
        {**row, **{key: row.get(key) or "–" for key in ("change", "owner", "due")}}
        for row in ordered[:MOST_IN_TABLE]
    )
    return Table(caption, columns, cells)


CHARTS: Mapping[str, ChartKind] = {
    "milestones": ChartKind(milestones, "one milestone with a date"),
    "lessons": ChartKind(lessons, "one review"),
}
