"""The celebration page: what was reached, how we know, and who is thanked; to print and put up."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import TypeVar

from playbook_helpers.core.assessment import Assessment
from playbook_helpers.core.errors import InputError
from playbook_helpers.core.partial_dates import check_when, first_day, last_day, spoken
from playbook_helpers.drawing.html import Markup, element, in_lines, joined
from playbook_helpers.drawing.kinds import PageKind
from playbook_helpers.practices.learning.rows import MilestoneRow, ReviewRow, rows_of

_Row = TypeVar("_Row")
MOST = 40
"""Milestones on one page, the latest ones."""
STYLE = """
.pb-celebration{border:2px solid #0b6b6b;padding:1.2rem 1.4rem;background:#fff;color:#1b2430}
.pb-celebration h2{font-size:1.7rem;line-height:1.2;margin:0 0 .2rem;color:#0b6b6b}
.pb-celebration h3{font-size:1.15rem;margin:1.4rem 0 .4rem}
.pb-celebration ol,.pb-celebration ul{list-style:none;margin:0;padding:0}
.pb-celebration li{margin:0;padding:.8rem 0;border-top:1px solid #c9d1d6;break-inside:avoid}
.pb-celebration .pb-step{font-size:1.15rem;font-weight:700;margin:0}
.pb-celebration p{margin:.2rem 0;overflow-wrap:anywhere}
.pb-celebration .pb-thanks{font-size:1.05rem}
@media print{.pb-celebration{border:0;padding:0;font-size:13pt;break-before:page;break-after:page}
.pb-celebration h2{font-size:26pt}.pb-celebration li{break-inside:avoid}}
"""


def celebration(
    assessment: Assessment, name: str, *, invented: bool = False, since: str = ""
) -> Markup:
    """The page as HTML, for the partnership called `name`; all text escaped.

    It holds what was reached, from `since` (a year, month or day) on where that is given, and
    those changes made after a review that may be shared. Raises InputError for a `since` that is
    no date.
    """
    if since:
        try:
            check_when(since)
        except ValueError as error:
            raise InputError(
                "That is not a date", value=since, allowed="a year, a month or a day: 2027, 2027-03"
            ) from error
    rows = rows_of(assessment)
    reached = _latest(((row["actual"], row) for row in rows.get("milestones", ())), since)
    changed = [
        row
        for row in _latest(((row["done"], row) for row in rows.get("reviews", ())), since)
        if row["sharing"] in ("partners", "anyone") and row["change"]
    ]
    until = f"{assessment.as_of.day} {assessment.as_of:%B %Y}"
    span = f"From {spoken(since)} to {until}" if since else f"Up to {until}"
    if reached:
        beyond = len(reached) - MOST
        steps = joined(
            element("ol", map(_step, reached[:MOST])),
            beyond > 0 and element("p", f"And {beyond:,} more before these."),
        )
    else:
        steps = element(
            "p",
            "Nothing is written down as reached yet. Take one step that you are glad to have "
            "behind you, however small, and write who made it happen.",
        )
    page = element(
        "section",
        element("h2", f"{name}: what we reached"),
        element("p", f"{span}."),
        invented and element("p", element("strong", "This partnership is invented for practice.")),
        steps,
        changed
        and (
            element("h3", "What we learned, and now do differently"),
            element("ul", map(_change, changed[:MOST])),
        ),
        class_="pb-celebration",
    )
    return joined(element("style", Markup(STYLE)), page)


def _latest(rows: Iterable[tuple[str | None, _Row]], since: str) -> list[_Row]:
    """Of (date, row), the rows that have a date, on or after `since`, the latest first."""
    held = [(last_day(when), row) for when, row in rows if when]
    if since:
        held = [(day, row) for day, row in held if day >= first_day(since)]
    return [row for _, row in sorted(held, key=lambda pair: pair[0], reverse=True)]


def _step(row: MilestoneRow) -> Markup:
    return element(
        "li",
        element("p", str(row["name"]), class_="pb-step"),
        element("p", spoken(str(row["actual"]))),
        _labelled("Thank you:", row["thanks"], class_="pb-thanks"),
        _labelled("How we know:", row["evidence"]),
        _labelled("How we mark it:", row["marked"]),
    )


def _labelled(label: str, value: object, class_: str | None = None) -> Markup | None:
    if not value:
        return None
    return element("p", element("strong", label), " ", in_lines(str(value)), class_=class_)


def _change(row: ReviewRow) -> Markup:
    return element(
        "li",
        element("p", str(row["name"]), class_="pb-step"),
        element("p", in_lines(str(row["change"]))),
        element("p", f"Done {spoken(str(row['done']))}."),
    )


PAGES: Mapping[str, PageKind] = {
    "celebration": PageKind(celebration, "one milestone that was reached"),
}
