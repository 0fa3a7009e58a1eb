"""What a group writes down about lasting: funding, costs, reserves, people, engagement, value."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Annotated, ClassVar, Literal

from pydantic import Field

from playbook_helpers.core.partial_dates import When
from playbook_helpers.core.records import Entry, Long, Number, Record, Short

SOURCES = {
    "grant": "Grant",
    "contract": "Contract for services",
    "donations": "Donations",
    "membership": "Membership fees",
    "earned": "Earned by selling something",
    "partner": "Money from a partner",
    "other": "Something else",
}
SourceKind = Literal["grant", "contract", "donations", "membership", "earned", "partner", "other"]
SIDES = {"gain": "A gain for people", "loss": "A loss that we cause"}
Side = Literal["gain", "loss"]
_Share = Annotated[Number | None, Field(ge=0, le=100)]
_Money = Annotated[Number | None, Field(ge=0, le=1e15)]


class Fund(Record):
    """Money from one source for one time."""

    kind: ClassVar[str] = "fund"
    practice: ClassVar[str] = "sustainability"
    title: ClassVar[str] = "Source of money"
    plural: ClassVar[str] = "Funding"
    intro: ClassVar[str] = "Each grant, contract or other source, signed or hoped for."
    columns: ClassVar[tuple[str, ...]] = (
        "name",
        "amount",
        "signed",
        "likelihood",
        "starts",
        "ends",
    )
    key: ClassVar[tuple[str, ...]] = ("name",)
    summary: ClassVar[tuple[str, ...]] = ("name",)

    name: Annotated[Short, Entry("Name", example="City grant 2027", aliases=("fund", "grant"))]
    funder: Annotated[Short | None, Entry("Who pays?", refers_to="partner")] = None
    type: Annotated[SourceKind | None, Entry("What kind of money?", choices=SOURCES)] = None
    amount: Annotated[
        Number | None,
        Field(ge=-1e15, le=1e15),
        Entry(
            "How much in all?",
            "From its first day to its last. What was taken back or is 0 is left out of the sums.",
            "24000",
        ),
    ] = None
    currency: Annotated[Short | None, Entry("Currency", "Three letters.", "USD")] = None
    starts: Annotated[When | None, Entry("From when?", aliases=("from",))] = None
    ends: Annotated[When | None, Entry("Until when?", aliases=("to", "until"))] = None
    signed: Annotated[bool, Entry("Is it signed?", "Yes only if it is promised in writing.")] = (
        False
    )
    likelihood: Annotated[
        _Share, Entry("If not signed: how likely is it?", "In percent.", "50", unit="%")
    ] = None
    restricted_to: Annotated[
        Short | None,
        Entry(
            "May it pay for one thing only?",
            "The name of that cost. Leave empty if it may pay for anything.",
            refers_to="cost",
        ),
    ] = None
    source: Annotated[Long | None, Entry("Where does this come from?")] = None
    note: Annotated[Long | None, Entry("Note")] = None


class CostLine(Record):
    """What one thing costs each month."""

    kind: ClassVar[str] = "cost"
    practice: ClassVar[str] = "sustainability"
    title: ClassVar[str] = "Cost"
    plural: ClassVar[str] = "Costs"
    intro: ClassVar[str] = "What it takes to keep going, line by line, each month."
    columns: ClassVar[tuple[str, ...]] = ("name", "monthly")
    key: ClassVar[tuple[str, ...]] = ("name",)
    summary: ClassVar[tuple[str, ...]] = ("name",)

    name: Annotated[Short, Entry("What is paid for?", example="Coordinator", aliases=("cost",))]
    monthly: Annotated[
        Number, Field(ge=0, le=1e15), Entry("How much each month?", aliases=("per month", "amount"))
    ]
    currency: Annotated[Short | None, Entry("Currency", "Three letters.", "USD")] = None
    starts: Annotated[When | None, Entry("From when?", aliases=("from",))] = None
    ends: Annotated[When | None, Entry("Until when?", aliases=("to", "until"))] = None
    source: Annotated[Long | None, Entry("Where does this come from?")] = None


class Reserve(Record):
    """Free money at one date."""

    kind: ClassVar[str] = "reserve"
    practice: ClassVar[str] = "sustainability"
    title: ClassVar[str] = "Reserve"
    plural: ClassVar[str] = "Reserves"
    intro: ClassVar[str] = "Money in the bank that nobody has tied to a purpose."
    columns: ClassVar[tuple[str, ...]] = ("date", "amount")
    key: ClassVar[tuple[str, ...]] = ("date",)
    summary: ClassVar[tuple[str, ...]] = ("date", "amount")
    dated_by: ClassVar[str] = "date"

    date: Annotated[When, Entry("On which date?")]
    amount: Annotated[Number, Field(ge=-1e15, le=1e15), Entry("How much free money was there?")]
    currency: Annotated[Short | None, Entry("Currency", "Three letters.", "USD")] = None
    source: Annotated[Long | None, Entry("Where does this come from?")] = None


class Capacity(Record):
    """A task that the partnership hangs on, and who is able to do it."""

    kind: ClassVar[str] = "capacity"
    practice: ClassVar[str] = "sustainability"
    title: ClassVar[str] = "Task"
    plural: ClassVar[str] = "Who can do what"
    intro: ClassVar[str] = "Each task that must go on if somebody leaves. Roles, no names."
    columns: ClassVar[tuple[str, ...]] = ("task", "able", "role", "deputy")
    key: ClassVar[tuple[str, ...]] = ("task",)
    summary: ClassVar[tuple[str, ...]] = ("task",)

    task: Annotated[Short, Entry("Which task?", example="Keeping the shared data")]
    able: Annotated[
        int | None, Field(ge=0, le=10000), Entry("How many people can do it today?", example="1")
    ] = None
    role: Annotated[Short | None, Entry("Who does it? (role)")] = None
    deputy: Annotated[Short | None, Entry("Who steps in? (role)")] = None
    written: Annotated[
        bool | None, Entry("Is it written down how to do it?", aliases=("documented",))
    ] = None
    step: Annotated[Short | None, Entry("What would make it safer?")] = None
    due: Annotated[When | None, Entry("By when?")] = None
    source: Annotated[Long | None, Entry("Where does this come from?")] = None


class Continuing(Record):
    """A way in which the community stays part of it, or the impact is looked at again."""

    kind: ClassVar[str] = "continuing"
    practice: ClassVar[str] = "sustainability"
    title: ClassVar[str] = "Thing that goes on"
    plural: ClassVar[str] = "What goes on"
    intro: ClassVar[str] = (
        "What will still happen in three years: how people keep a say, how results are looked at."
    )
    key: ClassVar[tuple[str, ...]] = ("name",)
    summary: ClassVar[tuple[str, ...]] = ("name",)

    name: Annotated[Short, Entry("What goes on?", example="Residents' board")]
    type: Annotated[
        Literal["engagement", "evaluation", "other"],
        Entry(
            "What is it?",
            choices={
                "engagement": "The community keeps a say",
                "evaluation": "We look at what we bring about",
                "other": "Something else",
            },
        ),
    ]
    rhythm: Annotated[Short | None, Entry("How often?", example="Every three months")] = None
    owner: Annotated[Short | None, Entry("Who sees to it? (role)")] = None
    next: Annotated[When | None, Entry("When is it next?")] = None
    paid_by: Annotated[Short | None, Entry("Who pays for it?")] = None
    source: Annotated[Long | None, Entry("Where does this come from?")] = None


def _range(words: str, unit: str = "", help_: str = "") -> tuple[Entry, Entry, Entry]:
    return (
        Entry(f"{words}: lowest believable", help_, unit=unit),
        Entry(f"{words}: best guess", help_, unit=unit),
        Entry(f"{words}: highest believable", help_, unit=unit),
    )


_QUANTITY = _range("How many people or things")
_WORTH = _range("Worth of one in a year", help_="In money; always above zero.")
_DEADWEIGHT = _range("What would have happened anyway", "%")
_DISPLACEMENT = _range("What only moved elsewhere", "%")
_ATTRIBUTION = _range("What others brought about", "%")
_DROP_OFF = _range("What is lost each year", "%")
_DISCOUNT = _range(
    "How much less is a year later worth?",
    "%",
    "Called the discount rate. If left empty: 3.5, as the United Kingdom's treasury used in 2025.",
)
_LASTS = _range("For how many years does it last?", help_="One if it ends with the year.")
_YEARS = Annotated[int | None, Field(ge=1, le=100)]


class SocialOutcome(Record):
    """One change, with the assumptions that give it a worth, each as a range."""

    kind: ClassVar[str] = "social_outcome"
    practice: ClassVar[str] = "sustainability"
    title: ClassVar[str] = "Change with a worth"
    plural: ClassVar[str] = "Social value"
    intro: ClassVar[str] = (
        "Only if somebody must know a ratio. Give three numbers where you are unsure, and list "
        "losses too."
    )
    key: ClassVar[tuple[str, ...]] = ("name",)
    summary: ClassVar[tuple[str, ...]] = ("name",)

    name: Annotated[Short, Entry("What changed?", example="Finds work", aliases=("outcome",))]
    group: Annotated[Short | None, Entry("For whom?")] = None
    side: Annotated[Side, Entry("Is it a gain or a loss?", choices=SIDES)] = "gain"
    quantity_low: Annotated[_Money, _QUANTITY[0]] = None
    quantity: Annotated[Number, Field(ge=0, le=1e15), _QUANTITY[1]]
    quantity_high: Annotated[_Money, _QUANTITY[2]] = None
    worth_low: Annotated[_Money, _WORTH[0]] = None
    worth: Annotated[Number, Field(ge=0, le=1e15), _WORTH[1]]
    worth_high: Annotated[_Money, _WORTH[2]] = None
    deadweight_low: Annotated[_Share, _DEADWEIGHT[0]] = None
    deadweight: Annotated[_Share, _DEADWEIGHT[1]] = None
    deadweight_high: Annotated[_Share, _DEADWEIGHT[2]] = None
    displacement_low: Annotated[_Share, _DISPLACEMENT[0]] = None
    displacement: Annotated[_Share, _DISPLACEMENT[1]] = None
    displacement_high: Annotated[_Share, _DISPLACEMENT[2]] = None
    attribution_low: Annotated[_Share, _ATTRIBUTION[0]] = None
    attribution: Annotated[_Share, _ATTRIBUTION[1]] = None
    attribution_high: Annotated[_Share, _ATTRIBUTION[2]] = None
    drop_off_low: Annotated[_Share, _DROP_OFF[0]] = None
    drop_off: Annotated[_Share, _DROP_OFF[1]] = None
    drop_off_high: Annotated[_Share, _DROP_OFF[2]] = None
    years_low: Annotated[_YEARS, _LASTS[0]] = None
    years: Annotated[_YEARS, _LASTS[1]] = None
    years_high: Annotated[_YEARS, _LASTS[2]] = None
    worth_source: Annotated[Long | None, Entry("Where does the worth of one come from?")] = None
    source: Annotated[Long | None, Entry("Where does the rest come from?")] = None


class SocialInput(Record):
    """What went in, in money or worth in money."""

    kind: ClassVar[str] = "social_input"
    practice: ClassVar[str] = "sustainability"
    title: ClassVar[str] = "Input"
    plural: ClassVar[str] = "What went in"
    intro: ClassVar[str] = "All that it took: money, and unpaid time at a fair wage."
    columns: ClassVar[tuple[str, ...]] = ("name", "value", "currency")
    key: ClassVar[tuple[str, ...]] = ("name",)
    summary: ClassVar[tuple[str, ...]] = ("name",)

    name: Annotated[Short, Entry("What went in?", example="Volunteers' hours")]
    value: Annotated[Number, Field(ge=0, le=1e15), Entry("Its worth in money", aliases=("amount",))]
    currency: Annotated[Short | None, Entry("Currency", "Three letters.", "USD")] = None
    source: Annotated[Long | None, Entry("Where does this come from?")] = None


class SocialAccount(Record):
    """The rules of the sum: discount rate, what has no price, and what others published."""

    kind: ClassVar[str] = "social_account"
    practice: ClassVar[str] = "sustainability"
    title: ClassVar[str] = "Rules of the sum"
    verbs: ClassVar[Mapping[str, str]] = {
        "add": "Write down the rules of the sum",
        "new": "The rules of the sum",
        "edit": "Edit the rules of the sum",
        "save": "Keep the rules",
        "resume": "You were in the middle of the rules of the sum",
    }
    plural: ClassVar[str] = "Rules of the sum of social value"
    intro: ClassVar[str] = (
        "One card for the whole sum. What has no price belongs here too: it counts, unpriced."
    )
    key: ClassVar[tuple[str, ...]] = ("name",)
    summary: ClassVar[tuple[str, ...]] = ("name",)

    name: Annotated[Short, Entry("What is the sum about?", example="Home visits in 2026")]
    discount_low: Annotated[_Share, _DISCOUNT[0]] = None
    discount: Annotated[_Share, _DISCOUNT[1]] = None
    discount_high: Annotated[_Share, _DISCOUNT[2]] = None
    without_price: Annotated[Long | None, Entry("What changed that has no price?")] = None
    published_ratio: Annotated[
        Number | None,
        Entry(
            "What ratio did a study publish?",
            "Worth for each 1 put in. It is shown beside your own and not worked out again.",
            "1.51",
        ),
    ] = None
    published_net: Annotated[
        Number | None, Entry("What net worth did it publish?", "Worth less what went in.")
    ] = None
    published_basis: Annotated[
        Long | None,
        Entry("What does that study count?", "Over how many years, for whom, in which money."),
    ] = None
    source: Annotated[Long | None, Entry("Where does this come from?")] = None


class ExchangeRate(Record):
    """What one unit of another currency is worth in the partnership's own."""

    kind: ClassVar[str] = "exchange_rate"
    practice: ClassVar[str] = "sustainability"
    title: ClassVar[str] = "Exchange rate"
    plural: ClassVar[str] = "Exchange rates"
    intro: ClassVar[str] = "Only if your money comes in several currencies."
    columns: ClassVar[tuple[str, ...]] = ("currency", "worth", "date")
    key: ClassVar[tuple[str, ...]] = ("currency",)
    summary: ClassVar[tuple[str, ...]] = ("currency", "worth")

    currency: Annotated[Short, Entry("Which currency?", "Three letters.", "EUR")]
    worth: Annotated[
        Number,
        Field(gt=0, le=1e6),
        Entry("What is one of it worth in your own currency?", example="0.85", aliases=("rate",)),
    ]
    date: Annotated[When | None, Entry("On which date?")] = None
    source: Annotated[Long | None, Entry("Where does this come from?")] = None


RECORD_TYPES: tuple[type[Record], ...] = (
    Fund,
    CostLine,
    Reserve,
    Capacity,
    Continuing,
    SocialOutcome,
    SocialInput,
    SocialAccount,
    ExchangeRate,
)
