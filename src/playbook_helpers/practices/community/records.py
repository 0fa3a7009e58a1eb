"""What a group writes down about engaging the community: activities, make-up, what was heard."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Annotated, ClassVar, Literal

from pydantic import Field

from playbook_helpers.core.partial_dates import When
from playbook_helpers.core.records import Entry, Long, Number, Record, Short, Whole
from playbook_helpers.practices.community.surveys import SAMPLING, Sampling

KINDS = {
    "survey": "Survey",
    "focus_group": "Focus group",
    "advisory_board": "Advisory board",
    "meeting": "Open meeting",
    "co_design": "Designing together",
    "interviews": "Conversations one to one",
    "other": "Something else",
}
ActivityKind = Literal[
    "survey", "focus_group", "advisory_board", "meeting", "co_design", "interviews", "other"
]
LEVELS = {
    "tell": "Tell: we say what happens, early and plainly",
    "ask": "Ask: we ask before we decide, and say what became of it",
    "work_through": "Work through: we look for answers together; we still decide",
    "decide_together": "Decide together: nothing passes without both of us",
    "community_decides": "Community decides: we carry out what the community decides",
}
Level = Literal["tell", "ask", "work_through", "decide_together", "community_decides"]
ROUTES = {
    "in_person": "In person",
    "letter": "Letter or leaflet",
    "online": "Website or message",
    "meeting": "At a meeting",
    "through_others": "Through people they trust",
    "other": "Another way",
}
Route = Literal["in_person", "letter", "online", "meeting", "through_others", "other"]
OUTCOMES = {
    "taken_up": "Taken up: we do it",
    "partly": "Partly taken up",
    "not_taken_up": "Not taken up, and here is why",
    "open": "Not decided yet",
}
Outcome = Literal["taken_up", "partly", "not_taken_up", "open"]


class Activity(Record):
    """One time that the community was engaged, with the promise that was made."""

    kind: ClassVar[str] = "activity"
    practice: ClassVar[str] = "community"
    title: ClassVar[str] = "Activity"
    plural: ClassVar[str] = "Activities"
    intro: ClassVar[str] = "One card for each survey, meeting, focus group or advisory board."
    key: ClassVar[tuple[str, ...]] = ("name",)
    summary: ClassVar[tuple[str, ...]] = ("name", "date")
    dated_by: ClassVar[str] = "date"

    name: Annotated[Short, Entry("Name", example="Spring survey on play streets")]
    type: Annotated[ActivityKind, Entry("What was it?", choices=KINDS)]
    date: Annotated[When | None, Entry("When?", aliases=("year",))] = None
    level: Annotated[
        Level | None, Entry("How much say did people have?", choices=LEVELS, aliases=("say",))
    ] = None
    promise: Annotated[
        Long | None,
        Entry("What did we promise them?", "In our own words, as it was said to them."),
    ] = None
    decision: Annotated[Short | None, Entry("About which decision?")] = None
    meant_for: Annotated[
        Short | None,
        Entry(
            "Whom was it for?",
            "Only if it was not for everybody: its people are then not compared with everybody.",
            example="Parents of young children",
        ),
    ] = None
    sampling: Annotated[
        Sampling | None, Entry("How were people found?", choices=SAMPLING, aliases=("sample",))
    ] = None
    population: Annotated[
        Whole | None, Field(ge=1), Entry("How many people is it about in all?", "If you know.")
    ] = None
    invited: Annotated[Whole | None, Field(ge=0), Entry("How many were invited?")] = None
    attended: Annotated[Whole | None, Field(ge=0), Entry("How many came or began?")] = None
    completed: Annotated[
        Whole | None, Field(ge=0), Entry("How many stayed or finished?", aliases=("answers", "n"))
    ] = None
    paid: Annotated[
        bool | None, Entry("Were people paid for their time, or given vouchers?", aliases=("pay",))
    ] = None
    cost: Annotated[Number | None, Field(ge=0), Entry("What did it cost in all?")] = None
    source: Annotated[Long | None, Entry("Where does this come from?")] = None
    note: Annotated[Long | None, Entry("Note")] = None


class CommunityGroup(Record):
    """How many people of one group live in the community."""

    kind: ClassVar[str] = "community_group"
    practice: ClassVar[str] = "community"
    title: ClassVar[str] = "Group in the community"
    plural: ClassVar[str] = "Make-up of the community"
    intro: ClassVar[str] = "From a census or a register, one line for each group."
    columns: ClassVar[tuple[str, ...]] = ("trait", "group", "people")
    key: ClassVar[tuple[str, ...]] = ("trait", "group")
    summary: ClassVar[tuple[str, ...]] = ("trait", "group")
    setting: ClassVar[bool] = True

    trait: Annotated[Short, Entry("By what do we look?", example="Age", aliases=("by",))]
    group: Annotated[Short, Entry("Group", example="Under 30")]
    people: Annotated[
        Number, Field(ge=0), Entry("How many people, or what percent?", aliases=("count", "share"))
    ]
    source: Annotated[Long | None, Entry("Where does this number come from?")] = None


class GroupCount(Record):
    """How many people of one group took part in one activity."""

    kind: ClassVar[str] = "group_count"
    practice: ClassVar[str] = "community"
    title: ClassVar[str] = "Group at an activity"
    plural: ClassVar[str] = "Who took part"
    intro: ClassVar[str] = "One line for each group, counted from the sign-in sheet or the survey."
    withheld: ClassVar[str] = "a small group could be told from them"
    columns: ClassVar[tuple[str, ...]] = ("activity", "trait", "group", "people")
    key: ClassVar[tuple[str, ...]] = ("activity", "trait", "group")
    summary: ClassVar[tuple[str, ...]] = ("activity", "group", "people")

    activity: Annotated[Short, Entry("Which activity?", refers_to="activity")]
    trait: Annotated[Short, Entry("By what do we look?", example="Age", aliases=("by",))]
    group: Annotated[Short, Entry("Group", example="Under 30")]
    people: Annotated[Whole, Field(ge=0), Entry("How many took part?", aliases=("count", "n"))]


class Heard(Record):
    """One thing people said, what was decided about it, and whether they were told."""

    kind: ClassVar[str] = "heard"
    practice: ClassVar[str] = "community"
    title: ClassVar[str] = "Thing we heard"
    plural: ClassVar[str] = "What we heard"
    intro: ClassVar[str] = "One card for each thing people said. A 'no' with its reason counts too."
    key: ClassVar[tuple[str, ...]] = ("what",)
    summary: ClassVar[tuple[str, ...]] = ("what",)
    dated_by: ClassVar[str] = "heard_on"
    later: ClassVar[Mapping[str, tuple[str, ...]]] = {
        "told_on": ("told_how",),
        "done_on": (),
        "decided_on": ("outcome", "decided"),
    }

    what: Annotated[Short, Entry("What did people say?", example="The bus stops too early")]
    activity: Annotated[Short | None, Entry("Where?", refers_to="activity")] = None
    heard_on: Annotated[When | None, Entry("When did we hear it?", aliases=("date",))] = None
    outcome: Annotated[Outcome | None, Entry("What was decided?", choices=OUTCOMES)] = None
    decided: Annotated[Long | None, Entry("What will be done, or why not?")] = None
    decided_on: Annotated[When | None, Entry("When was it decided?")] = None
    done_on: Annotated[When | None, Entry("When was it done?")] = None
    told_on: Annotated[When | None, Entry("When were people told?")] = None
    told_how: Annotated[Route | None, Entry("How were they told?", choices=ROUTES)] = None
    owner: Annotated[Short | None, Entry("Who sees to it? (role)")] = None
    source: Annotated[Long | None, Entry("Where does this come from?")] = None


RECORD_TYPES: tuple[type[Record], ...] = (Activity, CommunityGroup, GroupCount, Heard)
