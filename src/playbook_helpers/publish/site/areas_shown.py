"""What the guide's page for operators shows of the 151 areas, worked out while it is built."""

from __future__ import annotations

from collections import Counter
from functools import cache
from pathlib import Path
from statistics import quantiles

from playbook_helpers.core.as_of import resolve_as_of
from playbook_helpers.core.assessment import Context, current, of_type
from playbook_helpers.core.partnership import Partnership
from playbook_helpers.drawing.display import Html, Shown
from playbook_helpers.drawing.html import element
from playbook_helpers.drawing.tables import Column, Table
from playbook_helpers.practices.goals.rows import ProgressRow, rows_of
from playbook_helpers.practices.goals.series import STATUSES
from playbook_helpers.practices.kinds import practice_named
from playbook_helpers.publish.site.areas import open_areas
from playbook_helpers.storage.files.areas import SAMPLE
from playbook_helpers.worksheet.project import project_root
from playbook_helpers.worksheet.worksheet import Worksheet

OLD = "Exercise: halve the rest, 2013 to 2019"
NEW = "At the expected level, as counted from 2022"
NAMES = {
    "area-barnet": "Barnet",
    "area-isle-of-wight": "Isle of Wight",
    "area-lincolnshire": "Lincolnshire",
    "area-richmond-upon-thames": "Richmond upon Thames",
    "area-bournemouth-christchurch-and-poole": "Bournemouth, Christchurch and Poole",
}
"""The areas whose reports are on the site, as people know them."""


def standings() -> Html:
    """How many areas stand where, for each of the two ways of counting."""
    counts = Counter((str(r["name"]), str(r["status"])) for r in _rows(project_root()))
    rows = [
        {"goal": goal, "status": STATUSES[status], "areas": count}
        for (goal, status), count in sorted(
            counts.items(), key=lambda it: (it[0][0] == NEW, -it[1])
        )
    ]
    columns = (
        Column("goal", "Goal"),
        Column("status", "Where it stands"),
        Column("areas", "Areas"),
    )
    caption = "Where the areas stand: two ways of counting, never put together"
    return Html(Table(caption, columns, tuple(rows)).html(), caption)


def spread() -> Html:
    """How much of the way to the exercise's target the areas came: the range and the quarters."""
    percents = sorted(
        float(str(row["percent"])) for row in _rows(project_root()) if row["percent"] is not None
    )
    low, middle, high = quantiles(percents, n=4, method="inclusive")
    rows = (
        ("The area that came least far", percents[0]),
        ("A quarter of the areas came less far than", low),
        ("Half of them came less far than", middle),
        ("A quarter came further than", high),
        ("The area that came furthest", percents[-1]),
    )
    columns = (Column("what", f"Of {len(percents)} areas"), Column("way", "Share of the way", "%"))
    caption = "Share of the way from the value of 2013 to the exercise's target, in 2019"
    cells = tuple({"what": what, "way": round(value)} for what, value in rows)
    return Html(Table(caption, columns, cells).html(), caption)


def run_of(slug: str, goal: str = OLD) -> Shown:
    """The run chart of one area's goal."""
    with open_areas(project_root()) as store:
        address = store.address
    return Worksheet("goals", slug, store=address).chart("run", goal=goal)


def reports() -> Html:
    """Links to the reports of the areas that are on the site."""
    links = (
        element("li", element("a", NAMES[slug], href=f"../areas/reports/{slug}/index.html"))
        for slug in SAMPLE
    )
    return Html(element("ul", links), ", ".join(NAMES[slug] for slug in SAMPLE))


@cache
def _rows(root: Path) -> tuple[ProgressRow, ...]:
    """The progress of every goal of every area, as of the day its figures reach."""
    practice = practice_named("goals")
    found: list[ProgressRow] = []
    with open_areas(root) as store:
        for slug in store.partnerships():
            heads = store.heads(slug)
            about = next((p for _, p in of_type(current(heads), Partnership)), None)
            context = Context(slug, resolve_as_of(about), about, ())
            found += rows_of(practice.assess(heads, context))["progress"]
    return tuple(found)
