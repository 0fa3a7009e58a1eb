"""What a group writes down about celebrating and learning: milestones and reviews."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Annotated, ClassVar, Literal

from playbook_helpers.core.partial_dates import When
from playbook_helpers.core.records import Entry, Long, Record, Short

SHARING = {
    "inside": "Only among us",
    "partners": "With all partners' staff and boards",
    "anyone": "With anyone",
}
Sharing = Literal["inside", "partners", "anyone"]
SIDES = {
    "success": "More a success",
    "challenge": "More a challenge",
    "both": "Both",
}
Side = Literal["success", "challenge", "both"]


class Milestone(Record):
    """A step worth marking: when it was planned, when it came, whom to thank."""

    kind: ClassVar[str] = "milestone"
    practice: ClassVar[str] = "learning"
    title: ClassVar[str] = "Milestone"
    plural: ClassVar[str] = "Milestones"
    intro: ClassVar[str] = "The steps that you would be glad to have behind you."
    columns: ClassVar[tuple[str, ...]] = ("name", "goal", "planned", "actual")
    key: ClassVar[tuple[str, ...]] = ("name",)
    summary: ClassVar[tuple[str, ...]] = ("name",)
    setting: ClassVar[bool] = True
    later: ClassVar[Mapping[str, tuple[str, ...]]] = {"actual": ("evidence",)}

    name: Annotated[
        Short, Entry("What is the step?", example="First 100 families", aliases=("milestone",))
    ]
    goal: Annotated[Short | None, Entry("Towards which goal?", refers_to="goal")] = None
    planned: Annotated[When | None, Entry("When was it planned for?", aliases=("due",))] = None
    actual: Annotated[
        When | None, Entry("When was it reached?", "Leave empty until then.", aliases=("done",))
    ] = None
    evidence: Annotated[Long | None, Entry("How do we know that it was reached?")] = None
    thanks: Annotated[
        Long | None,
        Entry("Who is thanked, and for what?", "Groups and roles; persons only if they agree."),
    ] = None
    marked: Annotated[
        Short | None, Entry("How will it be marked, or how was it?", example="Tea at the library")
    ] = None
    source: Annotated[Long | None, Entry("Where does this come from?")] = None
    note: Annotated[Long | None, Entry("Note")] = None


class Review(Record):
    """One look back: expected, happened, why, and what changes."""

    kind: ClassVar[str] = "review"
    practice: ClassVar[str] = "learning"
    title: ClassVar[str] = "Review"
    plural: ClassVar[str] = "Reviews"
    intro: ClassVar[str] = (
        "One card for each thing you looked back on, good or bad. "
        "Write what was done, not who did it."
    )
    key: ClassVar[tuple[str, ...]] = ("name",)
    summary: ClassVar[tuple[str, ...]] = ("name",)
    dated_by: ClassVar[str] = "date"
    later: ClassVar[Mapping[str, tuple[str, ...]]] = {"done": ()}

    name: Annotated[Short, Entry("What did you look back on?", example="The summer programme")]
    date: Annotated[When | None, Entry("When did you look back?")] = None
    side: Annotated[Side | None, Entry("What was it, on the whole?", choices=SIDES)] = None
    expected: Annotated[Long | None, Entry("What did we expect?")] = None
    happened: Annotated[Long | None, Entry("What happened?")] = None
    why: Annotated[
        Long | None, Entry("Why?", "Look for causes in how things are set up, not in persons.")
    ] = None
    change: Annotated[Long | None, Entry("What do we change, or keep on purpose?")] = None
    owner: Annotated[Short | None, Entry("Who sees to the change? (role)")] = None
    due: Annotated[When | None, Entry("By when?")] = None
    done: Annotated[When | None, Entry("When was it done?", "Leave empty until then.")] = None
    sharing: Annotated[Sharing | None, Entry("With whom may it be shared?", choices=SHARING)] = None
    source: Annotated[Long | None, Entry("Where does this come from?")] = None


RECORD_TYPES: tuple[type[Record], ...] = (Milestone, Review)
