"""A community's make-up, a survey and its counts, and what is made of them."""

from __future__ import annotations

from datetime import date

from playbook_helpers.core.assessment import Assessment, Context, Head
from playbook_helpers.core.partnership import Partnership
from playbook_helpers.core.records import Record
from playbook_helpers.practices.community import Activity, CommunityGroup, GroupCount, assess


def assessed(*records: Record, as_of: date = date(2026, 10, 31)) -> Assessment:
    heads = [
        Head(f"{r.kind}-{i}", f"revision-{i}", r.practice, r.kind, r.payload(), r)
        for i, r in enumerate(records)
    ]
    return assess(heads, Context("our-town", as_of, Partnership(name="Our town")))


def codes(assessment: Assessment) -> list[str]:
    return [finding.code for finding in assessment.findings]


MAKE_UP = (
    CommunityGroup(trait="Age", group="Under 30", people=40, source="Census"),
    CommunityGroup(trait="Age", group="30 to 59", people=40),
    CommunityGroup(trait="Age", group="60 and over", people=20),
)
SURVEY = Activity(
    name="Survey", type="survey", date="2026-04", level="ask", promise="We answer.",
    sampling="random", population=1000, invited=200, completed=100,
)  # fmt: skip


def counted(under: int, middle: int, over: int, activity: str = "Survey") -> list[GroupCount]:
    groups = {"Under 30": under, "30 to 59": middle, "60 and over": over}
    return [
        GroupCount(activity=activity, trait="age", group=name.upper(), people=n)
        for name, n in groups.items()
    ]
