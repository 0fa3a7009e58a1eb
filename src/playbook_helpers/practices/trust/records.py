"""What a group writes down about trust: check-in answers, an agreement checklist, small wins.

Check-in answers are pseudonymous. The store holds, for each, the round, the sector and the
answers: no name, no organisation, no time of day, and an id that says nothing about the order. So
that one organisation cannot speak for all unnoticed, each answer also adds a count to its
organisation's turnout, in a record of its own that nothing links to the answer.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Annotated, Any, ClassVar, Literal

from pydantic import Field, create_model

from playbook_helpers.core.partial_dates import When
from playbook_helpers.core.partnership import SECTORS, Sector
from playbook_helpers.core.records import Entry, Long, Record, Short
from playbook_helpers.practices.trust.items import ITEMS, SCALE

Answer = Literal["1", "2", "3", "4", "5", "dk"]
STATES = {
    "in_place": "Agreed",
    "partly": "Partly",
    "not_yet": "Not yet",
    "not_relevant": "Not needed",
}
ONCE = {"in_place": "In place", "not_relevant": "Not relevant to us"}
"""What the answers were called before."""
State = Literal["in_place", "partly", "not_yet", "not_relevant"]
POINTS = {
    "purpose": "What we are for, in one sentence that all have agreed",
    "own_aims": "What each partner hopes to gain, said aloud",
    "members": "Who takes part, and who speaks for each partner",
    "roles": "Who does what",
    "decisions": "How we decide, and who has the last word on what",
    "money": "Who holds money, who may spend it, who can see the books",
    "resources": "What each partner has promised to bring",
    "goals": "Which goals and numbers we will be judged by",
    "meetings": "When we meet and how we keep each other informed",
    "community": "How the community has a say, and how its time is paid",
    "data": "What data we share, and how people's privacy is kept",
    "credit": "Who gets credit and who owns what we make",
    "conflict": "What we do when we disagree",
    "review": "When we look at this agreement again",
    "leaving": "How a partner leaves, and how all of it ends",
}
Point = Literal[
    "purpose",
    "own_aims",
    "members",
    "roles",
    "decisions",
    "money",
    "resources",
    "goals",
    "meetings",
    "community",
    "data",
    "credit",
    "conflict",
    "review",
    "leaving",
]


class _CheckInStart(Record):
    """The part of a check-in answer before its items."""

    round: Annotated[When, Entry("Which round is this?", "The month is enough.", "2027-03")]
    sector: Annotated[
        Sector | None,
        Entry(
            "What kind of organisation are you from?",
            "Leave empty if that would tell who you are.",
            choices=SECTORS,
        ),
    ] = None


def _check_in() -> type[Record]:
    """The check-in's record type: its items become fields, so that they are worded once."""
    answers: dict[str, Any] = {
        item.name: (Annotated[Answer | None, Entry(item.words, choices=SCALE)], None)
        for item in ITEMS
    }
    answers["comment"] = (
        Annotated[
            Long | None,
            Entry(
                "What would help us trust each other more?",
                "Shown in shuffled order. Do not write names.",
            ),
        ],
        None,
    )
    return create_model("CheckIn", __base__=_CheckInStart, __module__=__name__, **answers)


CheckIn = _check_in()
CheckIn.__doc__ = "One person's answers in one round, with nothing that says whose they are."
CheckIn.kind = "check_in"
CheckIn.practice = "trust"
CheckIn.title = "Check-in answer"
CheckIn.plural = "Check-in answers"
CheckIn.intro = (
    "One for each person, on their own, in about five minutes. No name is kept with the answers. "
    "But if you send your answers in a file, whoever opens it knows that they are yours. To stay "
    "unknown, answer on one device that goes from hand to hand, or on paper. One person answers "
    "once: where nobody has counted, a form takes one answer for each round."
)
CheckIn.on_paper = (
    "One for each person, on their own, in about five minutes. Do not write your name. Fold the "
    "sheet and put it with the others: they are mixed before anybody reads them."
)
CheckIn.verbs = {"add": "Answer the check-in", "save": "Hand in my answers"}
CheckIn.pseudonymous = True


class Turnout(Record):
    """How many answers of one round came from one organisation."""

    kind: ClassVar[str] = "turnout"
    practice: ClassVar[str] = "trust"
    title: ClassVar[str] = "Turnout"
    plural: ClassVar[str] = "Turnout"
    intro: ClassVar[str] = (
        "How many people of each organisation answer, counted by show of hands. It keeps one "
        "organisation from speaking for all unnoticed. On a device that goes from hand to hand, "
        "count first: then that many can answer. When as many have answered as were counted, the "
        "round closes."
    )
    verbs: ClassVar[Mapping[str, str]] = {"add": "Write down a count", "save": "Keep this count"}
    counts: ClassVar[str] = CheckIn.kind
    columns: ClassVar[tuple[str, ...]] = ("round", "organisation", "answers")
    key: ClassVar[tuple[str, ...]] = ("round", "organisation")
    summary: ClassVar[tuple[str, ...]] = ("round", "organisation", "answers")
    dated_by: ClassVar[str] = "round"

    round: Annotated[When, Entry("Which round?", example="2027-03")]
    organisation: Annotated[Short, Entry("Organisation", refers_to="partner")]
    answers: Annotated[int, Field(ge=0, le=100_000), Entry("How many people answered?")]


class ClosedRound(Record):
    """That a round of the check-in is closed: what came in is shown, and nothing is added to it."""

    kind: ClassVar[str] = "closed_round"
    practice: ClassVar[str] = "trust"
    title: ClassVar[str] = "Closed round"
    plural: ClassVar[str] = "Closed rounds"
    intro: ClassVar[str] = (
        "Close a round when every paper slip and every file is in. Only then is its picture shown. "
        "A closed round stays closed: later answers belong to the next one."
    )
    key: ClassVar[tuple[str, ...]] = ("round",)
    summary: ClassVar[tuple[str, ...]] = ("round",)
    closes: ClassVar[str] = CheckIn.kind
    verbs: ClassVar[Mapping[str, str]] = {"add": "Close a round", "save": "Close the round"}
    confirm: ClassVar[str] = (
        "Are all paper slips and all files in? A round that is closed stays closed. Press the "
        "button again to close it."
    )

    round: Annotated[When, Entry("Which round do you close?", example="2027-03")]


class AgreementPoint(Record):
    """One point that a partnership agreement settles, and whether ours does."""

    kind: ClassVar[str] = "agreement_point"
    practice: ClassVar[str] = "trust"
    title: ClassVar[str] = "Agreement point"
    plural: ClassVar[str] = "Agreement checklist"
    intro: ClassVar[str] = "Go down the list together. Disagreement about the answer is an answer."
    key: ClassVar[tuple[str, ...]] = ("point",)
    summary: ClassVar[tuple[str, ...]] = ("point", "state")

    points: ClassVar[tuple[str, str]] = ("point", "state")

    point: Annotated[Point, Entry("Which point?", choices=POINTS)]
    state: Annotated[State, Entry("Is it settled?", choices=STATES, earlier=ONCE)]
    where: Annotated[Short | None, Entry("Where is it written down?")] = None
    note: Annotated[Long | None, Entry("Note")] = None


class SmallWin(Record):
    """Something small that partners do together, so that trust has something to grow on."""

    kind: ClassVar[str] = "small_win"
    practice: ClassVar[str] = "trust"
    title: ClassVar[str] = "Small win"
    plural: ClassVar[str] = "Small wins"
    intro: ClassVar[str] = "Two or three things you can do together before the next meeting."
    key: ClassVar[tuple[str, ...]] = ("action",)
    summary: ClassVar[tuple[str, ...]] = ("action",)
    setting: ClassVar[bool] = True
    later: ClassVar[Mapping[str, tuple[str, ...]]] = {"done": ("happened",)}

    action: Annotated[Short, Entry("What will you do together?", example="Visit each other's site")]
    owner: Annotated[
        Short | None, Entry("Who sees to it?", "A role or an organisation.", "Library")
    ] = None
    due: Annotated[When | None, Entry("By when?")] = None
    done: Annotated[When | None, Entry("When was it done?", "Leave empty until then.")] = None
    expected: Annotated[Long | None, Entry("What do you expect from it?")] = None
    happened: Annotated[Long | None, Entry("What happened?")] = None


RECORD_TYPES: tuple[type[Record], ...] = (
    CheckIn,
    Turnout,
    ClosedRound,
    AgreementPoint,
    SmallWin,
)
