"""What a group writes down about its goals: goals, indicator sheets, measurements.

Fields follow common practice for results frameworks: a goal names what changes, from what, to
what, by when and who answers for it; an indicator sheet has the ten usual parts.
"""

from __future__ import annotations

from typing import Annotated, ClassVar, Literal

from pydantic import Field

from playbook_helpers.core.partial_dates import When
from playbook_helpers.core.records import Entry, Gap, Long, Number, Record, Sentence, Short, Whole

LEVELS = {
    "vision": "Vision: the world we hope for, beyond our reach alone",
    "outcome": "Outcome: a change for people or places",
    "output": "Output: something we make, deliver or reach",
    "activity": "Activity: something we do",
}
UNITS = {
    "number": "A count",
    "percent": "Percent of a whole",
    "rate": "A rate, such as deaths per 1,000",
    "currency": "Money",
    "index": "A score or an average",
}
DIRECTIONS = {
    "up": "It should go up",
    "down": "It should go down",
    "keep": "It should stay as it is",
}
METHODS = {
    "trend": "Where the present trend leads, or a little beyond",
    "ten_percent": "Ten percent better than the baseline",
    "points": "A set number of percentage points",
    "aligned": "The same as a wider programme or law",
    "comparable": "What others like us have reached",
    "community": "Chosen by the people most affected",
    "ambition": "A bold number to rally around, with no calculation",
    "other": "Another way (say which in the note)",
}
Level = Literal["vision", "outcome", "output", "activity"]
Unit = Literal["number", "percent", "rate", "currency", "index"]
Direction = Literal["up", "down", "keep"]
Method = Literal[
    "trend", "ten_percent", "points", "aligned", "comparable", "community", "ambition", "other"
]


class Goal(Record):
    """One goal: a sentence, and the facts that make the sentence checkable."""

    kind: ClassVar[str] = "goal"
    practice: ClassVar[str] = "goals"
    title: ClassVar[str] = "Goal"
    plural: ClassVar[str] = "Goals"
    intro: ClassVar[str] = (
        "Say each goal in one sentence. A gap may stay empty: it is a job for someone, "
        "not a failure."
    )
    key: ClassVar[tuple[str, ...]] = ("name",)
    summary: ClassVar[tuple[str, ...]] = ("name", "sentence")
    setting: ClassVar[bool] = True
    gapped: ClassVar[Sentence] = Sentence(
        "By {target_date}, |{owner_organisation} will {direction} {indicator}"
        "| from {baseline_value}| ({baseline_date})| to {target_value}",
        {
            "target_date": Gap("when", "no date yet", reads="deadline"),
            "owner_organisation": Gap(
                "who", "nobody answers for it yet", "we", reads="owner", or_in=("owner_role",)
            ),
            "direction": Gap(
                "which way",
                "",
                "change",
                choices={"up": "raise", "down": "lower", "keep": "keep"},
                reads="direction",
            ),
            "indicator": Gap(
                "what is measured",
                "nothing to measure yet",
                "what counts",
                reads="metric",
                needed=True,
            ),
            "baseline_value": Gap(
                "where it stands now",
                "not known where it stands now",
                reads="baseline",
            ),
            "baseline_date": Gap("measured when", reads="baseline_date"),
            "target_value": Gap("target", "no target yet", reads="target"),
        },
        text="sentence",
        now=("name", "level"),
        hope=("level", "vision"),
        hidden=("unit", "unit_words", "target_method"),
        percent="unit",
        way=("direction", "baseline_value", "target_value"),
        reads="read_goal",
    )

    name: Annotated[
        Short,
        Entry(
            "Short name",
            "Two or three words that you will call it by.",
            "School readiness",
            aliases=("code", "goal name", "goal"),
        ),
    ]
    sentence: Annotated[
        Long,
        Entry(
            "The goal in one sentence",
            "By when, who will raise, lower or keep what, from which number to which number.",
            "By June 2028, the Riverside partnership will raise the share of five-year-olds "
            "ready for school from 52% (2025) to 65%.",
            aliases=("goal text", "statement", "goal statement"),
        ),
    ]
    level: Annotated[Level, Entry("What kind of goal is it?", choices=LEVELS)]
    indicator: Annotated[
        Short | None,
        Entry("What exactly is counted or measured?", example="Five-year-olds ready for school"),
    ] = None
    unit: Annotated[Unit | None, Entry("In what unit?", choices=UNITS)] = None
    unit_words: Annotated[
        Short | None,
        Entry("The unit in words", "As it should stand on a chart.", "% of five-year-olds"),
    ] = None
    direction: Annotated[Direction | None, Entry("Which way should it go?", choices=DIRECTIONS)] = (
        None
    )
    baseline_value: Annotated[
        Number | None,
        Entry("Where does it stand now? (baseline)", example="52", aliases=("baseline",)),
    ] = None
    baseline_date: Annotated[
        When | None,
        Entry("When was that measured?", "A year is enough.", aliases=("baseline year",)),
    ] = None
    target_value: Annotated[
        Number | None, Entry("Where should it get to? (target)", example="65", aliases=("target",))
    ] = None
    target_date: Annotated[
        When | None,
        Entry("By when?", "A year is enough.", aliases=("deadline", "due", "by", "target year")),
    ] = None
    owner_role: Annotated[
        Short | None,
        Entry("Who answers for it?", "The role, not the person's name.", "Early years lead"),
    ] = None
    owner_organisation: Annotated[
        Short | None,
        Entry("In which organisation?", refers_to="partner", aliases=("owner", "lead partner")),
    ] = None
    data_source: Annotated[
        Short | None,
        Entry("Where will the numbers come from?", example="School entry check, every September"),
    ] = None
    disaggregation: Annotated[
        Short | None,
        Entry("For which groups will you look separately?", example="Neighbourhood, home language"),
    ] = None
    target_method: Annotated[
        Method | None, Entry("How was the target chosen?", choices=METHODS)
    ] = None
    feasibility: Annotated[
        Long | None, Entry("Why is it within reach?", "The trend so far, what others have reached.")
    ] = None
    confidence: Annotated[
        int | None,
        Field(ge=1, le=5),
        Entry("How sure are you to reach it?", ends=("not at all sure", "very sure")),
    ] = None
    source: Annotated[Long | None, Entry("Where is this goal written down?")] = None
    note: Annotated[Long | None, Entry("Note")] = None


class IndicatorSheet(Record):
    """The ten parts that let two people measure the same thing the same way."""

    kind: ClassVar[str] = "indicator_sheet"
    practice: ClassVar[str] = "goals"
    title: ClassVar[str] = "Indicator sheet"
    plural: ClassVar[str] = "Indicator sheets"
    intro: ClassVar[str] = "One for each goal that has a number, so that it is counted one way."
    key: ClassVar[tuple[str, ...]] = ("goal", "name")
    summary: ClassVar[tuple[str, ...]] = ("goal", "name")
    setting: ClassVar[bool] = True

    goal: Annotated[Short, Entry("For which goal?", refers_to="goal")]
    name: Annotated[Short, Entry("1. Name of the indicator", aliases=("indicator", "title"))]
    definition: Annotated[
        Long | None,
        Entry("2. What does it mean?", "Define each word that two people could read differently."),
    ] = None
    formula: Annotated[
        Long | None,
        Entry(
            "3. Unit and formula",
            "What is counted on top, what it is divided by.",
            "Children at the expected level ÷ children assessed × 100",
        ),
    ] = None
    disaggregation: Annotated[Short | None, Entry("4. Which groups are shown separately?")] = None
    method: Annotated[Long | None, Entry("5. Source and method")] = None
    responsible: Annotated[Short | None, Entry("6. Who collects it? (role)")] = None
    frequency: Annotated[
        Short | None, Entry("7. How often, and when is it ready?", example="Yearly, by 30 November")
    ] = None
    baseline: Annotated[Short | None, Entry("8. Baseline: value and date")] = None
    yearly_targets: Annotated[
        Short | None, Entry("9. Targets year by year", example="2026: 55, 2027: 60, 2028: 65")
    ] = None
    limits: Annotated[
        Long | None,
        Entry("10. What is weak about this number?", "Who is missed; what could mislead."),
    ] = None
    source: Annotated[Long | None, Entry("Where does this sheet come from?")] = None


class Measurement(Record):
    """One value of a goal's indicator at one date."""

    kind: ClassVar[str] = "measurement"
    practice: ClassVar[str] = "goals"
    title: ClassVar[str] = "Measurement"
    plural: ClassVar[str] = "Measurements"
    intro: ClassVar[str] = "Each time the number is known again. Old values stay as they are."
    columns: ClassVar[tuple[str, ...]] = ("goal", "date", "value")
    key: ClassVar[tuple[str, ...]] = ("goal", "date")
    summary: ClassVar[tuple[str, ...]] = ("goal", "date", "value")
    dated_by: ClassVar[str] = "date"

    goal: Annotated[Short, Entry("For which goal?", refers_to="goal")]
    date: Annotated[When, Entry("When was it measured?", "A year is enough.", aliases=("year",))]
    value: Annotated[Number, Entry("Value", example="55")]
    series_break: Annotated[
        bool,
        Entry(
            "Did the way of counting change at this point?",
            "Yes keeps it from being compared with earlier values.",
            aliases=("break",),
        ),
    ] = False
    source: Annotated[Long | None, Entry("Where does it come from?")] = None
    note: Annotated[Long | None, Entry("Note")] = None


class GroupValue(Record):
    """The value of a goal's indicator for one group of people at one date."""

    kind: ClassVar[str] = "group_value"
    practice: ClassVar[str] = "goals"
    title: ClassVar[str] = "Value for a group"
    plural: ClassVar[str] = "Values for groups"
    intro: ClassVar[str] = "The same number for each group, to see whom the change leaves out."
    withheld: ClassVar[str] = "a small group could be told from them"
    columns: ClassVar[tuple[str, ...]] = ("goal", "date", "by", "group", "value", "out_of")
    key: ClassVar[tuple[str, ...]] = ("goal", "date", "by", "group")
    summary: ClassVar[tuple[str, ...]] = ("goal", "date", "group")

    goal: Annotated[Short, Entry("For which goal?", refers_to="goal")]
    date: Annotated[When, Entry("When was it measured?", "A year is enough.", aliases=("year",))]
    by: Annotated[
        Short, Entry("Which characteristic?", example="Neighbourhood", aliases=("trait",))
    ]
    group: Annotated[Short, Entry("Which group?", example="Northbank")]
    value: Annotated[Number, Entry("Value", example="43")]
    out_of: Annotated[
        Whole | None,
        Field(ge=1),
        Entry("Of how many people?", "A group is shown from five people on.", "61"),
    ] = None
    target_value: Annotated[
        Number | None,
        Entry("Target for this group", "Only if it is another than for everybody.", "60"),
    ] = None
    source: Annotated[Long | None, Entry("Where does it come from?")] = None
    note: Annotated[Long | None, Entry("Note")] = None


RECORD_TYPES: tuple[type[Record], ...] = (Goal, IndicatorSheet, Measurement, GroupValue)
