"""The ten-minute first round: one line for each practice, answered by each alone in three words.

It is for groups that would never start with a check-in of fifteen statements, and says where to
begin. Its answers are nobody's: no name, no time, and one count a line. A round is told once it is
closed, with five answers at least, as counts of single lines; nothing links one line to another.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Annotated, Any, ClassVar, Literal

from pydantic import create_model

from playbook_helpers.core.assessment import Head, current
from playbook_helpers.core.partial_dates import When
from playbook_helpers.core.partnership import OVERVIEW
from playbook_helpers.core.records import Entry, Record
from playbook_helpers.core.suppression import LEAST

LINES: Mapping[str, str] = {
    "trust": "We can say openly what goes wrong.",
    "goals": "We know what we want, and by when.",
    "resources": "What we need is there, or promised.",
    "community": "The people concerned have a say.",
    "innovation": "We try new things, and stop what fails.",
    "communication": "News reaches everybody in time.",
    "learning": "We change things when figures say so.",
    "sustainability": "It goes on when the money ends.",
}
"""Practice -> its line, in the order of the guide."""
SAID: Mapping[str, str] = {"well": "going well", "partly": "partly", "needs_us": "needs us"}
Said = Literal["well", "partly", "needs_us"]


class _Start(Record):
    """The part of an answer before its lines."""

    round: Annotated[When, Entry("Which round is this?", "The day you meet.", "2027-01-30")]


def _first_round() -> type[Record]:
    """The record type: its lines become fields, so that they are worded once."""
    fields: dict[str, Any] = {
        stem: (Annotated[Said | None, Entry(line, choices=SAID)], None)
        for stem, line in LINES.items()
    }
    made: type[Record] = create_model(
        "FirstRound",
        __base__=_Start,
        __doc__="One person's answer to the first round: eight lines, three words.",
        __module__=__name__,
        **fields,
    )
    return made


FirstRound = _first_round()
FirstRound.kind = "first_round"
FirstRound.practice = OVERVIEW
FirstRound.title = "How are we doing?"
FirstRound.plural = "First round"
FirstRound.intro = (
    "Each alone. The room sees the eight lines, never who said what. Leave a line empty if you do "
    "not know. Nobody, the leader of the meeting included, can see whose answers are whose. What "
    "this cannot do: if all say the same, all know what each said."
)
FirstRound.verbs = {"add": "Answer the eight lines", "save": "Hand in my answers"}
FirstRound.pseudonymous = True


class ClosedFirstRound(Record):
    """That a first round is closed: its picture can be shown, and nothing is added to it."""

    kind: ClassVar[str] = "closed_first_round"
    practice: ClassVar[str] = OVERVIEW
    title: ClassVar[str] = "Closed first round"
    plural: ClassVar[str] = "Closed first rounds"
    intro: ClassVar[str] = "A closed round stays closed: later answers belong to the next one."
    key: ClassVar[tuple[str, ...]] = ("round",)
    summary: ClassVar[tuple[str, ...]] = ("round",)
    closes: ClassVar[str] = FirstRound.kind

    round: Annotated[When, Entry("Which round do you close?", example="2027-01-30")]


RECORD_TYPES: tuple[type[Record], ...] = (FirstRound, ClosedFirstRound)


@dataclass(frozen=True, slots=True)
class Line:
    """What may be told of one line: how many said what, and how many left it empty."""

    stem: str
    text: str
    well: int
    partly: int
    needs_us: int
    empty: int

    @property
    def of_two_minds(self) -> bool:
        """Whether both ends are strong: each a third of those who answered, and two at least."""
        answered = self.well + self.partly + self.needs_us
        return 3 * min(self.well, self.needs_us) >= max(answered, 6)


@dataclass(frozen=True, slots=True)
class Told:
    """What may be told of a round. `lines` is empty while it is open, and with fewer than five."""

    round: str
    answers: int
    closed: bool
    lines: tuple[Line, ...] = ()

    @property
    def first(self) -> Line | None:
        """The line to talk about first: more need us than say it goes well; none where two tie."""
        ranked = sorted(self.lines, key=lambda line: line.well - line.needs_us)
        if len(ranked) < 2 or ranked[0].needs_us <= ranked[0].well:
            return None
        tied = ranked[0].well - ranked[0].needs_us == ranked[1].well - ranked[1].needs_us
        return None if tied else ranked[0]


def told(heads: Iterable[Head]) -> list[Told]:
    """What may be told of each first round among `heads`, the oldest first."""
    held = list(heads)
    closed = {h.value.round for h in held if isinstance(h.value, ClosedFirstRound)}
    given: dict[str, list[Head]] = {}
    for head in current(held):
        if head.kind == FirstRound.kind and head.value is not None and not head.waiting:
            given.setdefault(str(head.payload["round"]), []).append(head)
    return [_told(when, given.get(when, []), when in closed) for when in sorted({*given, *closed})]


def _told(when: str, given: list[Head], closed: bool) -> Told:
    if not closed or len(given) < LEAST:
        return Told(when, len(given), closed)
    lines = []
    for stem, text in LINES.items():
        said = Counter(str(head.payload.get(stem) or "") for head in given)
        lines.append(Line(stem, text, said["well"], said["partly"], said["needs_us"], said[""]))
    return Told(when, len(given), closed, tuple(lines))


def disclosed(heads: Iterable[Head]) -> str:
    """All that may be told, as a text that says no more; empty where there is no such round."""
    return "".join(f"{each}" for each in told(heads))


def refusal(heads: Iterable[Head], record: Record) -> str:
    """Why a round does not take an answer, in words; empty where it does."""
    closed = {h.value.round for h in heads if isinstance(h.value, ClosedFirstRound)}
    if record.kind == FirstRound.kind and getattr(record, "round", "") in closed:
        return "This round is closed, so its picture can no longer change. Nothing was saved."
    return ""
