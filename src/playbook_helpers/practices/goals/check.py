"""The check of a whole goal: its sentence and its fields together, and what is still missing."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date
from functools import lru_cache

from playbook_helpers.core.assessment import Context, Finding, Severity, sorted_findings
from playbook_helpers.core.partial_dates import first_day, last_day, spoken
from playbook_helpers.core.text import folded, listed
from playbook_helpers.practices.goals.records import Goal
from playbook_helpers.practices.goals.rules import ELEMENTS, Element
from playbook_helpers.practices.goals.statement import StatementCheck, check_statement
from playbook_helpers.practices.goals.wording import direction_of, goal_sentence, number_words

ELEMENT_WORDS: Mapping[Element, str] = {
    "metric": "what is counted or measured",
    "baseline": "where it stands now",
    "target": "how far to go",
    "deadline": "by when",
    "owner": "who answers for it",
}
MOST_QUOTED = 60
"""Letters of a sentence that a caution repeats."""
_REMEMBERED: Callable[..., StatementCheck] = lru_cache(maxsize=4096)(check_statement)
"""Sentences seldom change between two looks at a worksheet: what was read is remembered."""


@dataclass(frozen=True, slots=True)
class GoalCheck:
    """What a goal's sentence and fields say together.

    `missing` names the elements that neither says in full. `better` is the template filled with
    what is known, and empty where a part of the sentence is not sure. Going through a check goes
    through its findings.
    """

    goal: Goal
    statement: StatementCheck
    in_fields: Mapping[Element, bool] = field(default_factory=dict)
    missing: tuple[Element, ...] = ()
    findings: tuple[Finding, ...] = ()
    better: str = ""

    @property
    def complete(self) -> bool:
        """Whether all five elements are there, in the sentence or in the fields."""
        return not self.missing

    def __iter__(self) -> Iterator[Finding]:
        return iter(self.findings)

    def __len__(self) -> int:
        return len(self.findings)


def check_goal(goal: Goal, context: Context, *, record: str = "") -> GoalCheck:
    """Check one goal: what its sentence says, what its fields add, and what is still missing.

    `record` is the id that findings refer to. A vision is not asked for numbers.

    >>> from datetime import date
    >>> goal = Goal(name="Reading", sentence="By 2030, 80% of children read well.",
    ...     level="outcome", baseline_value=61, owner_role="School lead")
    >>> check = check_goal(goal, Context("town", date(2026, 1, 1)))
    >>> check.missing, check.better
    ((), 'By 2030, the school lead will increase [what is counted or measured] from 61 to 80.')
    """
    partnership = context.partnership
    starts = first_day(partnership.starts) if partnership and partnership.starts else None
    ends = last_day(partnership.ends) if partnership and partnership.ends else None
    statement = _REMEMBERED(
        goal.sentence,
        as_of=context.as_of,
        starts=starts,
        ends=ends,
        partners=tuple(partner.name for partner in context.partners),
    )
    in_fields: dict[Element, bool] = {
        "metric": goal.indicator is not None,
        "baseline": goal.baseline_value is not None,
        "target": goal.target_value is not None,
        "deadline": goal.target_date is not None,
        "owner": bool(goal.owner_role or goal.owner_organisation),
    }
    missing = tuple(e for e in ELEMENTS if statement.verdict(e) != "yes" and not in_fields[e])
    unsure = any(statement.verdict(e) == "partial" for e in missing)
    better = "" if unsure else goal_sentence(goal, statement)
    look = _Look(goal, statement, context, missing, better, record, starts, ends)
    return GoalCheck(goal, statement, in_fields, missing, sorted_findings(look.findings()), better)


@dataclass(frozen=True, slots=True)
class _Look:
    goal: Goal
    statement: StatementCheck
    context: Context
    missing: tuple[Element, ...]
    better: str
    record: str
    starts: date | None
    ends: date | None

    def findings(self) -> Iterator[Finding]:
        yield from self._incomplete()
        yield from self._fields_empty()
        yield from self._disagreements()
        yield from self._warnings()
        yield from self._calendar()
        yield from self._owner()
        yield from self._numbers()
        yield from self._details()

    def _finding(
        self, code: str, sentence: str, severity: Severity, next_step: str, **more: str
    ) -> Finding:
        return Finding(
            code,
            f"{self.goal.name}: {sentence}",
            severity,
            next_step,
            more.get("question", ""),
            "meeting" if more.get("effort") == "meeting" else "minutes",
            (self.record,) if self.record else (),
            more.get("better", self.better),
        )

    def _incomplete(self) -> Iterator[Finding]:
        if self.goal.level == "vision":
            if self.missing:
                yield self._finding(
                    "vision",
                    "this is a vision. It needs no number of its own, but something that can be "
                    "counted should lead towards it.",
                    "note",
                    "Write one outcome goal that would show that you are on the way.",
                    question="What would you see first if this were coming true?",
                    effort="meeting",
                )
            return
        if not self.missing:
            return
        absent = [e for e in self.missing if self.statement.verdict(e) == "no"]
        unsure = [e for e in self.missing if e not in absent]
        grave = bool({"metric", "baseline", "target"} & set(absent))
        said = []
        if absent:
            named = listed([ELEMENT_WORDS[e] for e in absent], 5, last="or")
            said.append(f"neither the sentence nor the fields say {named}")
        if unsure:
            checks = [f"{ELEMENT_WORDS[e]} ({self.statement.reasons[e]})" for e in unsure]
            said.append(f"please check {listed(checks, 5)}")
        yield self._finding(
            "incomplete",
            f"{'; '.join(said)}.",
            "act" if grave and self.goal.level == "outcome" else "look",
            "Finish the wording we suggest for it, then fill in the fields of the goal."
            if self.better
            else "Fill in the fields of the goal: they count, whatever the sentence says.",
            question="Who would know the number as it is today?"
            if "baseline" in self.missing
            else "",
            effort="meeting" if grave else "minutes",
        )

    def _fields_empty(self) -> Iterator[Finding]:
        goal, said = self.goal, self.statement
        if goal.level == "vision":
            return
        only = [
            part
            for part, number, field_ in (
                ("baseline", said.baseline_number, goal.baseline_value),
                (
                    "target",
                    None if said.target_is_change else said.target_number,
                    goal.target_value,
                ),
            )
            if number is not None and field_ is None
        ]
        if only:
            yield self._finding(
                "fields_empty",
                f"the sentence gives its {listed(only)}, the fields do not; progress can "
                f"only be worked out from the fields.",
                "look",
                "Copy the number into the field, with its unit.",
            )

    def _disagreements(self) -> Iterator[Finding]:
        goal, said = self.goal, self.statement
        if goal.target_value is not None and said.target == "yes" and not said.target_is_change:
            numbers = said.target_numbers or (
                () if said.target_number is None else (said.target_number,)
            )
            if numbers and not any(_same(n, goal.target_value, goal.unit) for n in numbers):
                yield self._differs("target", numbers[0], goal.target_value)
        start, field_ = said.baseline_number, goal.baseline_value
        if start is not None and field_ is not None and not _same(start, field_, goal.unit):
            yield self._differs("baseline", start, field_)
        if goal.target_date and said.due:
            low, high = first_day(goal.target_date), last_day(goal.target_date)
            coarse = len(goal.target_date) == 4 or said.due == date(said.due.year, 12, 31)
            agrees = low.year == said.due.year if coarse else low <= said.due <= high
            if not agrees and not (high.year == said.due.year and high.month == said.due.month):
                span = said.spans["deadline"]
                yield self._finding(
                    "date_differs",
                    f"the sentence says “{span.text if span else said.due.isoformat()}”, the field "
                    f"says {spoken(goal.target_date)}.",
                    "act",
                    "Settle which date holds, and change the other.",
                )

    def _differs(self, part: str, in_sentence: float, in_field: float) -> Finding:
        return self._finding(
            f"{part}_differs",
            f"the sentence gives {number_words(in_sentence)} as its {part}, the field says "
            f"{number_words(in_field)}.",
            "act",
            "Settle which number holds, and change the other.",
        )

    def _warnings(self) -> Iterator[Finding]:
        goal = self.goal
        for caution in self.statement.warnings:
            code = caution.code
            severity: Severity = "look"
            if code == "no_base" and goal.baseline_value is not None:
                continue
            if code == "percent_of_percent" and goal.target_value is not None and goal.unit:
                continue
            if code in ("unobservable_verb",) and goal.level == "vision":
                continue
            due = last_day(goal.target_date) if goal.target_date else None
            if code == "date_passed" and due and due >= self.context.as_of:
                continue
            if code == "activity":
                if goal.level in ("activity", "output"):
                    continue
                code = "activity_as_outcome"
            if code in ("steps", "too_long", "two_goals"):
                severity = "note"
            told, _, question = caution.sentence.partition(": ")
            if not question.endswith("?"):
                told, question = caution.sentence, ""
            sentence = told[0].lower() + told[1:].rstrip(".")
            shown = f" (“{_short(caution.span.text)}”)" if caution.span else ""
            asked = question[:1].upper() + question[1:]
            yield self._finding(
                code, f"{sentence}{shown}.", severity, caution.better, question=asked
            )

    def _calendar(self) -> Iterator[Finding]:
        when = self.goal.target_date
        if not when:
            return
        warned = {c.code for c in self.statement.warnings}
        due = last_day(when)
        if due < self.context.as_of and "date_passed" not in warned:
            yield self._finding(
                "date_passed",
                f"its date, {spoken(when)}, has passed.",
                "look",
                "Say how it ended, and set a new date for what is still open.",
                effort="meeting",
            )
        outside = (self.starts and due < self.starts) or (self.ends and first_day(when) > self.ends)
        if outside and "date_outside" not in warned:
            side = (
                "before the partnership began"
                if self.starts and due < self.starts
                else ("after the partnership ends")
            )
            yield self._finding(
                "date_outside",
                f"its date, {spoken(when)}, lies {side}.",
                "look",
                "Choose a date within the partnership's life, or say who carries on after it.",
            )
        start = self.goal.baseline_date
        if start and first_day(when) <= last_day(start) and when != start:
            yield self._finding(
                "dates_reversed",
                f"its date ({spoken(when)}) is not after the date of its baseline "
                f"({spoken(start)}).",
                "act",
                "Put the two dates right.",
            )

    def _owner(self) -> Iterator[Finding]:
        goal = self.goal
        if goal.owner_organisation and not goal.owner_role:
            yield self._finding(
                "owner_role",
                f"{goal.owner_organisation} is named, but not which role there answers for it.",
                "note",
                "Name the role (not the person): who reports on it at the next meeting?",
            )
        body = folded(goal.owner_organisation or "")
        if not body or not self.context.partners:
            return
        partner = next((p for p in self.context.partners if folded(p.name) == body), None)
        if partner is None:
            yield self._finding(
                "owner_unknown",
                f"{goal.owner_organisation} answers for it, but is not among the partners.",
                "look",
                "Add it as a partner, or correct the name.",
            )
        elif partner.left and last_day(partner.left) < self.context.as_of:
            yield self._finding(
                "owner_left",
                f"{partner.name} answers for it, but left in {spoken(partner.left)}.",
                "act",
                "Agree who takes it on.",
                effort="meeting",
            )

    def _numbers(self) -> Iterator[Finding]:
        goal = self.goal
        way = direction_of(goal)
        both = goal.baseline_value is not None and goal.target_value is not None
        if both and goal.direction is not None and way != goal.direction:
            words = {"up": "go up", "down": "go down", "keep": "stay as it is"}
            yield self._finding(
                "direction_contradicts",
                f"it should {words[goal.direction]}, says the field, but from "
                f"{number_words(goal.baseline_value or 0.0)} to "
                f"{number_words(goal.target_value or 0.0)} it would {words[way or 'keep']}.",
                "act",
                "Correct the direction, the baseline or the target. Progress is worked out from "
                "the two numbers.",
            )
        if goal.unit == "percent":
            for name, value in (("baseline", goal.baseline_value), ("target", goal.target_value)):
                if value is not None and not 0 <= value <= 100:
                    yield self._finding(
                        "percent_out_of_range",
                        f"its {name} is {number_words(value)}%, and a percent of a whole lies "
                        f"between 0 and 100.",
                        "look",
                        "If it is a change and not a share, choose another unit.",
                    )
        if both and goal.unit is None:
            yield self._finding(
                "no_unit",
                "its numbers have no unit.",
                "look",
                "Say whether they are a count, percent, a rate, money or a score.",
            )

    def _details(self) -> Iterator[Finding]:
        goal = self.goal
        if goal.level == "vision" or goal.target_value is None:
            return
        unsaid = [
            words
            for there, words in (
                (
                    goal.baseline_date or goal.baseline_value is None,
                    "when the baseline was measured",
                ),
                (goal.data_source, "where the numbers will come from"),
                (goal.feasibility, "why it is within reach"),
                (goal.target_method, "how the target was chosen"),
            )
            if not there
        ]
        if unsaid:
            yield self._finding(
                "details_missing",
                f"not yet said: {listed(unsaid, last='or')}.",
                "note",
                "Add a line on each while somebody remembers.",
                question="Has anyone like you reached this before, and in what time?"
                if not goal.feasibility
                else "",
                better="",
            )
        if goal.confidence is not None and goal.confidence <= 2:
            yield self._finding(
                "low_confidence",
                f"you are not sure to reach it ({goal.confidence} of 5).",
                "look",
                "Talk about what stands in the way before you announce it.",
                question="What would make you one step surer?",
                effort="meeting",
                better="",
            )


def _same(a: float, b: float, unit: str | None) -> bool:
    """Whether two numbers say the same, with 0.75 and 75 alike for a share in percent."""
    if abs(a - b) <= 1e-6 * max(1.0, abs(a), abs(b)):
        return True
    return unit in (None, "percent") and 0 < a < 1 and abs(a * 100 - b) < 0.5


def _short(text: str) -> str:
    flat = " ".join(text.split())
    return flat if len(flat) <= MOST_QUOTED else flat[: MOST_QUOTED - 1].rstrip() + "…"
