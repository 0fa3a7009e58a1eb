"""The records above all practices: the partnership, its partners, and what it decides."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, ClassVar, Literal

from playbook_helpers.core.partial_dates import When
from playbook_helpers.core.records import Entry, Long, Record, Short

SECTORS = {
    "nonprofit": "Non-profit organisation",
    "company": "Company",
    "government": "Government or public body",
    "community": "Community group",
    "funder": "Funder or foundation",
    "other": "Other",
}
Sector = Literal["nonprofit", "company", "government", "community", "funder", "other"]
OVERVIEW = "overview"
"""The stem of the worksheet above all practices."""
WORKSHEETS = {
    OVERVIEW: "Overview",
    "trust": "Trust and mutual respect",
    "goals": "Clear goals and metrics",
    "resources": "Strengths and resources",
    "community": "Engaging the community",
    "innovation": "Innovation and flexibility",
    "communication": "Communication",
    "learning": "Celebrating and learning",
    "sustainability": "Lasting impact",
}
"""Stem -> title, in the order of the book: the one list in which a practice is named. All else of
it is found by its stem, in the folder `practices/<stem>`."""
if TYPE_CHECKING:
    WorksheetName = str
else:
    WorksheetName = Literal[tuple(WORKSHEETS)]


class Partnership(Record):
    """Who is working together, on what, where and from when."""

    kind: ClassVar[str] = "partnership"
    practice: ClassVar[str] = "partnership"
    title: ClassVar[str] = "Partnership"
    plural: ClassVar[str] = "Partnership"
    intro: ClassVar[str] = "One record for the partnership as a whole."
    summary: ClassVar[tuple[str, ...]] = ("name",)

    name: Annotated[Short, Entry("Name", example="Riverside Early Years Partnership")]
    purpose: Annotated[Long | None, Entry("What is it for, in one or two sentences?")] = None
    place: Annotated[Short | None, Entry("Where does it work?")] = None
    starts: Annotated[When | None, Entry("When did it begin?", "A year is enough.")] = None
    ends: Annotated[
        When | None, Entry("When does it end, or when did it?", "Leave empty if no end is set.")
    ] = None
    facts_until: Annotated[
        When | None,
        Entry(
            "Up to when are these records complete?",
            "Reports are worked out as of this date unless you name another. Empty: today.",
        ),
    ] = None
    currency: Annotated[Short | None, Entry("Currency", "Its three-letter code.", "USD")] = None
    check_in_shown: Annotated[
        Literal["standard", "careful"] | None,
        Entry(
            "From how many answers on is the trust check-in shown?",
            "A careful partnership waits for ten and gives numbers of people in fives.",
            choices={
                "standard": "From five answers on (standard)",
                "careful": "From ten answers on, numbers of people in fives",
            },
        ),
    ] = None
    invented: Annotated[
        bool, Entry("Is this an invented example?", "Yes puts a notice on every page.")
    ] = False
    source: Annotated[Long | None, Entry("Where does this come from?")] = None
    note: Annotated[Long | None, Entry("Note")] = None


class Partner(Record):
    """One organisation or group in the partnership."""

    kind: ClassVar[str] = "partner"
    practice: ClassVar[str] = "partnership"
    title: ClassVar[str] = "Partner"
    plural: ClassVar[str] = "Partners"
    intro: ClassVar[str] = "Each organisation or group that takes part. No names of persons."
    columns: ClassVar[tuple[str, ...]] = ("name", "sector")
    key: ClassVar[tuple[str, ...]] = ("name",)
    summary: ClassVar[tuple[str, ...]] = ("name",)

    name: Annotated[
        Short,
        Entry("Name of the organisation or group", aliases=("partner", "organisation", "org")),
    ]
    sector: Annotated[Sector, Entry("Sector", choices=SECTORS, aliases=("type",))]
    role: Annotated[Long | None, Entry("What it does in the partnership")] = None
    joined: Annotated[When | None, Entry("Since when?")] = None
    left: Annotated[When | None, Entry("Until when?", "Leave empty if it is still a partner.")] = (
        None
    )
    source: Annotated[Long | None, Entry("Where does this come from?")] = None
    note: Annotated[Long | None, Entry("Note")] = None


class Decision(Record):
    """What a group saw in a worksheet, and what it decided: every worksheet ends with one."""

    kind: ClassVar[str] = "decision"
    practice: ClassVar[str] = "partnership"
    title: ClassVar[str] = "Decision"
    plural: ClassVar[str] = "What we decided"
    intro: ClassVar[str] = "A picture is only of use if somebody does something about it."
    columns: ClassVar[tuple[str, ...]] = ("decided", "who", "by", "date")
    key: ClassVar[tuple[str, ...]] = ("worksheet", "date", "decided")
    summary: ClassVar[tuple[str, ...]] = ("decided", "who", "by")

    worksheet: Annotated[
        WorksheetName,
        Entry("Which worksheet did you talk about?", choices=WORKSHEETS, aliases=("practice",)),
    ]
    date: Annotated[When, Entry("When did you decide?", "The day you met.")]
    seen: Annotated[
        Long | None,
        Entry("What did you see?", "A sentence or two.", "Two needs rest on one partner."),
    ] = None
    why: Annotated[
        Short | None,
        Entry("Why might that be?", "What those say who know it best.", "Only one has keys."),
    ] = None
    figure: Annotated[
        Short | None,
        Entry(
            "About which picture?",
            "A few words of its title, and this will stand below it. Empty: about all of it.",
            "School readiness",
        ),
    ] = None
    decided: Annotated[
        Short,
        Entry(
            "What did you decide to do?",
            "Nothing is an answer too, with its reason.",
            "Ask a second partner for rooms",
            aliases=("decision", "action"),
        ),
    ]
    who: Annotated[
        Short | None,
        Entry("Who sees to it?", "A role, not the name of a person.", aliases=("owner",)),
    ] = None
    by: Annotated[When | None, Entry("By when?", aliases=("due",))] = None
    done: Annotated[When | None, Entry("When was it done?", "Leave empty until then.")] = None
    note: Annotated[Long | None, Entry("Note")] = None


RECORD_TYPES: tuple[type[Record], ...] = (Partnership, Partner, Decision)
