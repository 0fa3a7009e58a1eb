"""What a group writes down about its resources: what each partner offers, what the goals need."""

from __future__ import annotations

from typing import Annotated, ClassVar, Literal

from pydantic import Field

from playbook_helpers.core.partial_dates import When
from playbook_helpers.core.records import Entry, Long, Number, Record, Short

TYPES = {
    "money": "Money",
    "staff_time": "Staff time",
    "volunteers": "Volunteers",
    "space": "Space",
    "equipment": "Equipment",
    "data": "Data",
    "expertise": "Expertise",
    "network": "Network and standing",
    "goods": "Goods in kind",
}
ResourceType = Literal[
    "money",
    "staff_time",
    "volunteers",
    "space",
    "equipment",
    "data",
    "expertise",
    "network",
    "goods",
]
PERIODS = {
    "once": "Once, in all",
    "week": "Each week",
    "month": "Each month",
    "year": "Each year",
}
Period = Literal["once", "week", "month", "year"]
STATUSES = {
    "offered": "Offered: said, not yet promised",
    "committed": "Committed: promised in writing",
    "in_use": "In use: it is here",
    "ended": "Ended: it was here and is over",
}
Status = Literal["offered", "committed", "in_use", "ended"]


class Offer(Record):
    """One thing that one partner brings."""

    kind: ClassVar[str] = "offer"
    practice: ClassVar[str] = "resources"
    title: ClassVar[str] = "Offer"
    plural: ClassVar[str] = "Offers"
    intro: ClassVar[str] = (
        "What each partner can bring. Rooms, hours and skills count as much as money."
    )
    columns: ClassVar[tuple[str, ...]] = (
        "what",
        "partner",
        "amount",
        "unit",
        "period",
        "type",
        "status",
    )
    key: ClassVar[tuple[str, ...]] = ("partner", "what")
    summary: ClassVar[tuple[str, ...]] = ("partner", "what")

    partner: Annotated[Short, Entry("Who offers it?", refers_to="partner", aliases=("provider",))]
    what: Annotated[
        Short, Entry("What is it?", example="Two rooms on weekday evenings", aliases=("offer",))
    ]
    type: Annotated[ResourceType, Entry("What kind of resource?", choices=TYPES)]
    amount: Annotated[
        Number | None,
        Field(ge=0),
        Entry("How much?", "A number only. Leave empty if it cannot be counted.", "12"),
    ] = None
    unit: Annotated[Short | None, Entry("Of what? (unit)", example="hours")] = None
    period: Annotated[Period | None, Entry("How often?", choices=PERIODS)] = None
    delivered: Annotated[
        Number | None,
        Field(ge=0),
        Entry("How much of it has arrived so far?", "In the same unit.", aliases=("received",)),
    ] = None
    status: Annotated[Status, Entry("How firm is it?", choices=STATUSES)] = "offered"
    need: Annotated[
        Short | None,
        Entry("For which need?", "Leave empty if it may go wherever it fits.", refers_to="need"),
    ] = None
    starts: Annotated[When | None, Entry("From when?", aliases=("from",))] = None
    ends: Annotated[When | None, Entry("Until when?", aliases=("to", "until"))] = None
    restrictions: Annotated[Long | None, Entry("Are there any strings attached?")] = None
    evidence: Annotated[
        Long | None,
        Entry("How do you know?", "A letter, an agreement, a bank statement.", aliases=("source",)),
    ] = None
    note: Annotated[Long | None, Entry("Note")] = None


class Need(Record):
    """One thing that a goal cannot do without, or would be better for."""

    kind: ClassVar[str] = "need"
    practice: ClassVar[str] = "resources"
    title: ClassVar[str] = "Need"
    plural: ClassVar[str] = "Needs"
    intro: ClassVar[str] = "Goal by goal: first what it cannot do without."
    columns: ClassVar[tuple[str, ...]] = (
        "name",
        "amount",
        "unit",
        "period",
        "type",
        "goal",
        "must_have",
    )
    key: ClassVar[tuple[str, ...]] = ("name",)
    summary: ClassVar[tuple[str, ...]] = ("name",)

    name: Annotated[
        Short, Entry("What is needed?", example="Evening meeting room", aliases=("need", "what"))
    ]
    type: Annotated[ResourceType, Entry("What kind of resource?", choices=TYPES)]
    amount: Annotated[Number | None, Field(gt=0), Entry("How much?", "A number only.")] = None
    unit: Annotated[Short | None, Entry("Of what? (unit)", example="hours")] = None
    period: Annotated[Period | None, Entry("How often?", choices=PERIODS)] = None
    goal: Annotated[Short | None, Entry("For which goal?", refers_to="goal")] = None
    must_have: Annotated[
        bool, Entry("Is it a must-have?", "Yes if the goal cannot be reached without it.")
    ] = False
    source: Annotated[Long | None, Entry("Where does this come from?")] = None
    note: Annotated[Long | None, Entry("Note")] = None


RECORD_TYPES: tuple[type[Record], ...] = (Offer, Need)
