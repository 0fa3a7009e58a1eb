"""What is written down about trying out: assumptions, experiments, results, decisions."""

from __future__ import annotations

from typing import Annotated, ClassVar, Literal

from pydantic import Field

from playbook_helpers.core.partial_dates import When
from playbook_helpers.core.records import Entry, Long, Number, Record, Short, Whole

KINDS = {
    "wanted": "Wanted: people want it and will use it",
    "doable": "Doable: we are able to do it",
    "affordable": "Affordable: it can be paid for, and go on being paid for",
    "right": "Right: it harms nobody and is fair",
    "effective": "Effective: it brings about the change",
}
AssumptionKind = Literal["wanted", "doable", "affordable", "right", "effective"]
DECISIONS = {
    "go_on": "Go on as it is",
    "change": "Change something and try again",
    "stop": "Stop",
    "widen": "Widen it to more people or places",
}
DecisionKind = Literal["go_on", "change", "stop", "widen"]
UNITS = {
    "percent": "Percent: how many of those it was tried with",
    "number": "A number: families, days, pounds ...",
}
Unit = Literal["percent", "number"]
SIDES = {"at_least": "At least this much", "at_most": "At most this much"}
Side = Literal["at_least", "at_most"]


class Assumption(Record):
    """Something that must be true for the plan to work."""

    kind: ClassVar[str] = "assumption"
    practice: ClassVar[str] = "innovation"
    title: ClassVar[str] = "Assumption"
    plural: ClassVar[str] = "Assumptions"
    intro: ClassVar[str] = "Finish the sentence: for our plan to work, it must be true that ..."
    key: ClassVar[tuple[str, ...]] = ("name",)
    summary: ClassVar[tuple[str, ...]] = ("name",)

    name: Annotated[
        Short,
        Entry(
            "What must be true?",
            example="Parents will come on a weekday evening",
            aliases=("assumption",),
        ),
    ]
    type: Annotated[AssumptionKind | None, Entry("What is it about?", choices=KINDS)] = None
    importance: Annotated[
        int | None,
        Field(ge=1, le=5),
        Entry(
            "If it is wrong, how bad is that?", ends=("we would hardly notice", "the plan fails")
        ),
    ] = None
    evidence: Annotated[
        int | None,
        Field(ge=0, le=5),
        Entry(
            "How much do we know that it is true?",
            ends=("nothing, we only believe it", "we have seen it with our own people"),
        ),
    ] = None
    known_from: Annotated[Long | None, Entry("What do we know it from?")] = None
    source: Annotated[Long | None, Entry("Where does this come from?")] = None


class Experiment(Record):
    """A small try-out, with the line that says beforehand what will count as a pass."""

    kind: ClassVar[str] = "experiment"
    practice: ClassVar[str] = "innovation"
    title: ClassVar[str] = "Experiment"
    plural: ClassVar[str] = "Experiments"
    intro: ClassVar[str] = "One card for each try-out. Write the pass line before you start."
    key: ClassVar[tuple[str, ...]] = ("name",)
    summary: ClassVar[tuple[str, ...]] = ("name",)
    dated_by: ClassVar[str] = "starts"

    name: Annotated[Short, Entry("Short name", example="Evening drop-in", aliases=("experiment",))]
    assumption: Annotated[
        Short | None, Entry("Which assumption does it test?", refers_to="assumption")
    ] = None
    believe: Annotated[Long | None, Entry("We believe that ...")] = None
    try_out: Annotated[Long | None, Entry("So we will try ...", aliases=("try",))] = None
    measure: Annotated[
        Short | None,
        Entry("And measure ...", example="Families who come a second time"),
    ] = None
    pass_side: Annotated[
        Side | None, Entry("It passes with ...", choices=SIDES, aliases=("side",))
    ] = None
    pass_line: Annotated[Number | None, Entry("... this number (the pass line)", example="12")] = (
        None
    )
    unit: Annotated[Unit | None, Entry("What is the pass line counted in?", choices=UNITS)] = None
    unit_words: Annotated[
        Short | None, Entry("... of what? (the unit in words)", example="families")
    ] = None
    before: Annotated[
        Number | None,
        Entry("Where does it stand before you start?", "In the unit of the pass line."),
    ] = None
    starts: Annotated[When | None, Entry("It starts on", aliases=("from", "start"))] = None
    ends: Annotated[When | None, Entry("It ends on", aliases=("to", "end"))] = None
    cost_cap: Annotated[
        Number | None, Field(ge=0), Entry("It may cost at most", aliases=("budget",))
    ] = None
    stop_rule: Annotated[
        Long | None,
        Entry("We stop at once if ...", example="Anyone is turned away two times running"),
    ] = None
    harm: Annotated[
        Long | None, Entry("What harm could it do, to whom, and how do we prevent it?")
    ] = None
    owner: Annotated[Short | None, Entry("Who runs it? (role)")] = None
    source: Annotated[Long | None, Entry("Where does this come from?")] = None
    note: Annotated[Long | None, Entry("Note")] = None


class Result(Record):
    """What an experiment showed."""

    kind: ClassVar[str] = "result"
    practice: ClassVar[str] = "innovation"
    title: ClassVar[str] = "Result"
    plural: ClassVar[str] = "Results"
    intro: ClassVar[str] = "What happened, in numbers where there are any. No result is a result."
    key: ClassVar[tuple[str, ...]] = ("experiment", "date")
    summary: ClassVar[tuple[str, ...]] = ("experiment", "date")
    dated_by: ClassVar[str] = "date"

    experiment: Annotated[Short, Entry("Which experiment?", refers_to="experiment")]
    date: Annotated[When, Entry("When was it known?")]
    value: Annotated[
        Number | None, Entry("What was measured?", "In the unit of the pass line.")
    ] = None
    successes: Annotated[
        Whole | None, Field(ge=0), Entry("If it is a share: how many did it?", example="7")
    ] = None
    out_of: Annotated[Whole | None, Field(ge=1), Entry("... of how many?", example="20")] = None
    observed: Annotated[Long | None, Entry("What did we see?")] = None
    learned: Annotated[Long | None, Entry("What did we learn?")] = None
    source: Annotated[Long | None, Entry("Where does this come from?")] = None


class Decision(Record):
    """What was decided after an experiment."""

    kind: ClassVar[str] = "experiment_decision"
    practice: ClassVar[str] = "innovation"
    title: ClassVar[str] = "Decision about an experiment"
    plural: ClassVar[str] = "Decisions about experiments"
    intro: ClassVar[str] = "Every experiment ends with one: go on, change, stop or widen."
    key: ClassVar[tuple[str, ...]] = ("experiment", "date")
    summary: ClassVar[tuple[str, ...]] = ("experiment", "decision")
    dated_by: ClassVar[str] = "date"

    experiment: Annotated[Short, Entry("Which experiment?", refers_to="experiment")]
    date: Annotated[When, Entry("When was it decided?")]
    decision: Annotated[DecisionKind, Entry("What was decided?", choices=DECISIONS)]
    why: Annotated[Long | None, Entry("Why?")] = None
    who: Annotated[Short | None, Entry("Who decided? (roles)")] = None
    source: Annotated[Long | None, Entry("Where does this come from?")] = None


RECORD_TYPES: tuple[type[Record], ...] = (Assumption, Experiment, Result, Decision)
