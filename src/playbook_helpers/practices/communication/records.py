"""What a group writes down about communication: audiences, messages, meetings, reports, stories."""

from __future__ import annotations

from typing import Annotated, ClassVar, Literal

from pydantic import Field

from playbook_helpers.core.partial_dates import When
from playbook_helpers.core.records import Entry, Long, Number, Record, Short, Whole

CHANNELS = {
    "in_person": "In person",
    "meeting": "Meeting",
    "phone": "Telephone",
    "message": "E-mail or message",
    "letter": "Letter or leaflet",
    "website": "Website",
    "social": "Social media",
    "media": "Newspaper, radio or television",
    "through_others": "Through people they trust",
    "other": "Another way",
}
Channel = Literal[
    "in_person",
    "meeting",
    "phone",
    "message",
    "letter",
    "website",
    "social",
    "media",
    "through_others",
    "other",
]
SCOPES = {
    "inside": "Only inside the partnership",
    "funders": "Partners and funders",
    "public": "In public, in print and online",
}
Scope = Literal["inside", "funders", "public"]
_Step = Annotated[int | None, Field(ge=1, le=5)]


class Audience(Record):
    """People or bodies that need to hear from you, or you from them."""

    kind: ClassVar[str] = "audience"
    practice: ClassVar[str] = "communication"
    title: ClassVar[str] = "Audience"
    plural: ClassVar[str] = "Audiences"
    intro: ClassVar[str] = "Groups and bodies, no persons' names. This list is for inside only."
    columns: ClassVar[tuple[str, ...]] = ("name", "community", "influence", "interest")
    key: ClassVar[tuple[str, ...]] = ("name",)
    summary: ClassVar[tuple[str, ...]] = ("name",)

    name: Annotated[
        Short, Entry("Who?", example="Parents of the north side", aliases=("audience",))
    ]
    community: Annotated[
        bool,
        Entry(
            "Are they the people it is all for?",
            "Yes for the community itself, whatever its influence.",
        ),
    ] = False
    influence: Annotated[
        _Step,
        Entry("How much can they help or hinder?", ends=("hardly at all", "decisively")),
    ] = None
    interest: Annotated[
        _Step, Entry("How much does it matter to them?", ends=("hardly at all", "a great deal"))
    ] = None
    needs: Annotated[Long | None, Entry("What do they need to know, and what do we from them?")] = (
        None
    )
    source: Annotated[Long | None, Entry("Where does this come from?")] = None


class Message(Record):
    """What is said to one audience, how, how often and by whom."""

    kind: ClassVar[str] = "message"
    practice: ClassVar[str] = "communication"
    title: ClassVar[str] = "Message"
    plural: ClassVar[str] = "Messages"
    intro: ClassVar[str] = "One card for each thing you tell or ask an audience in a rhythm."
    key: ClassVar[tuple[str, ...]] = ("name",)
    summary: ClassVar[tuple[str, ...]] = ("name",)

    name: Annotated[Short, Entry("Short name", example="Monthly note to parents")]
    audience: Annotated[Short, Entry("To whom?", refers_to="audience")]
    says: Annotated[Long | None, Entry("What does it say, in one sentence?")] = None
    channel: Annotated[Channel | None, Entry("How?", choices=CHANNELS)] = None
    every_days: Annotated[
        int | None,
        Field(ge=1, le=1000),
        Entry("Every how many days?", "7 a week, 30 a month, 90 a quarter.", "30"),
    ] = None
    owner: Annotated[Short | None, Entry("Who sends it? (role)")] = None
    last_sent: Annotated[When | None, Entry("When was it last sent?", aliases=("last",))] = None
    asks_back: Annotated[
        bool | None, Entry("Can people answer, and does someone read it?", aliases=("two way",))
    ] = None
    source: Annotated[Long | None, Entry("Where does this come from?")] = None


class Meeting(Record):
    """A meeting that comes round again, and what it takes."""

    kind: ClassVar[str] = "meeting"
    practice: ClassVar[str] = "communication"
    title: ClassVar[str] = "Meeting"
    plural: ClassVar[str] = "Meetings"
    intro: ClassVar[str] = "One card for each kind of meeting, so that you see what they take."
    key: ClassVar[tuple[str, ...]] = ("name",)
    summary: ClassVar[tuple[str, ...]] = ("name",)

    name: Annotated[Short, Entry("Which meeting?", example="Steering group")]
    purpose: Annotated[Long | None, Entry("What is decided or made there?")] = None
    people: Annotated[Whole | None, Field(ge=1), Entry("How many people come?")] = None
    hours: Annotated[
        Number | None, Field(ge=0.1, le=24), Entry("How many hours, travel included?")
    ] = None
    per_month: Annotated[
        Number | None,
        Field(ge=0.01, le=62),
        Entry("How often a month?", "0.33 for each quarter.", "1"),
    ] = None
    every_days: Annotated[
        int | None, Field(ge=1, le=1000), Entry("Every how many days?", "For the calendar.", "30")
    ] = None
    last_held: Annotated[When | None, Entry("When was it last?")] = None
    owner: Annotated[Short | None, Entry("Who prepares it? (role)")] = None
    notes_shared: Annotated[bool | None, Entry("Do all who need them get the notes?")] = None
    source: Annotated[Long | None, Entry("Where does this come from?")] = None


class ProgressReport(Record):
    """One report on a stretch of time: what went well, what did not, what is asked."""

    kind: ClassVar[str] = "progress_report"
    practice: ClassVar[str] = "communication"
    title: ClassVar[str] = "Progress report"
    plural: ClassVar[str] = "Progress reports"
    intro: ClassVar[str] = "The numbers come from the other worksheets; here is what they mean."
    key: ClassVar[tuple[str, ...]] = ("period",)
    summary: ClassVar[tuple[str, ...]] = ("period",)
    dated_by: ClassVar[str] = "ends"

    period: Annotated[Short, Entry("Which stretch of time?", example="January to March 2027")]
    starts: Annotated[
        When | None, Entry("From which day?", "Numbers from before it stay out.", "2027-01")
    ] = None
    ends: Annotated[
        When | None, Entry("Up to which day?", "Numbers from after it stay out.", "2027-03")
    ] = None
    audience: Annotated[Short | None, Entry("For whom?", refers_to="audience")] = None
    scope: Annotated[
        Scope | None,
        Entry(
            "Who may come to see it?",
            "Stories and lessons go in only as far as was agreed. Empty: the public.",
            choices=SCOPES,
        ),
    ] = None
    well: Annotated[Long | None, Entry("What went well?")] = None
    hard: Annotated[Long | None, Entry("What was hard, or went wrong?")] = None
    asked: Annotated[Long | None, Entry("What do we ask of the reader?")] = None
    next: Annotated[Long | None, Entry("What comes next?")] = None
    source: Annotated[Long | None, Entry("Where does this come from?")] = None


class Story(Record):
    """A person's story, and what that person has allowed. Without consent it goes nowhere."""

    kind: ClassVar[str] = "story"
    practice: ClassVar[str] = "communication"
    title: ClassVar[str] = "Story"
    plural: ClassVar[str] = "Stories"
    intro: ClassVar[str] = (
        "Write a story down only after its teller has agreed, and take it out when they say so."
    )
    key: ClassVar[tuple[str, ...]] = ("name",)
    summary: ClassVar[tuple[str, ...]] = ("name",)

    name: Annotated[Short, Entry("Short name", "Not the person's name.", "The first bus ride")]
    text: Annotated[Long | None, Entry("The story, in the teller's words")] = None
    consent: Annotated[bool, Entry("Has the teller agreed, freely and knowing what for?")] = False
    scope: Annotated[Scope | None, Entry("Where may it be told?", choices=SCOPES)] = None
    expires: Annotated[When | None, Entry("Until when?", "Ask again after that.")] = None
    withdrawn: Annotated[bool, Entry("Has the teller taken the consent back?")] = False
    reviewed: Annotated[
        bool, Entry("Has the teller read or heard this version?", aliases=("reviewed by teller",))
    ] = False
    minor: Annotated[
        bool, Entry("Is the teller under age?", "Then a parent or guardian must agree as well.")
    ] = False
    guardian: Annotated[bool, Entry("Has a parent or guardian agreed?")] = False
    source: Annotated[
        Long | None,
        Entry("Where and when was it agreed?", "No names: it is seen wherever the story is seen."),
    ] = None


RECORD_TYPES: tuple[type[Record], ...] = (Audience, Message, Meeting, ProgressReport, Story)
