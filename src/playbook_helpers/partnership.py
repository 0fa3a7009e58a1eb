"""The records above all practices: the partnership itself and its partners."""

from __future__ import annotations

from typing import Annotated, ClassVar, Literal

from playbook_helpers.records import Entry, Long, Record, Short
from playbook_helpers.whens import When

SECTORS = {
    "nonprofit": "Non-profit organisation",
    "company": "Company",
    "government": "Government or public body",
    "community": "Community group",
    "funder": "Funder or foundation",
    "other": "Other",
}
Sector = Literal["nonprofit", "company", "government", "community", "funder", "other"]


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


RECORD_TYPES: tuple[type[Record], ...] = (Partnership, Partner)
