"""The words that findings about one goal share: its values with their units, dates and rates."""

from __future__ import annotations

from playbook_helpers.core.assessment import Finding
from playbook_helpers.core.partial_dates import spoken
from playbook_helpers.core.units import unit_beside
from playbook_helpers.practices.goals.goal_set import AssessedGoal
from playbook_helpers.practices.goals.series import Point
from playbook_helpers.practices.goals.wording import number_words

MOST_UNIT = 40
"""Unit words longer than this would break up a sentence."""


class About:
    """The words that findings about one goal share."""

    def __init__(self, each: AssessedGoal) -> None:
        self.each = each

    def value(self, point: Point) -> str:
        """The number, with its percent sign or currency."""
        return self._words(point.value)

    def in_full(self, point: Point) -> str:
        """The number with what it counts."""
        return self._with_unit(point.value)

    def number(self, value: float) -> str:
        """Any value of the goal, with its percent sign or currency."""
        return self._words(value)

    def target(self) -> str:
        """The target with what it counts."""
        return self._with_unit(self.each.goal.target_value or 0.0)

    def baseline(self) -> str:
        """The baseline with what it counts, and its date."""
        goal = self.each.goal
        when = f" ({spoken(goal.baseline_date)})" if goal.baseline_date else ""
        return self._with_unit(goal.baseline_value or 0.0) + when

    def rate(self, change: float, *, past: bool = False) -> str:
        """A change as it is said of the goal's number: "rose by 2 points"."""
        if change == 0:
            return "stayed the same" if past else "stay the same"
        unit = " points" if self.each.goal.unit == "percent" else ""
        verb = ("rose" if past else "rise") if change > 0 else ("fell" if past else "fall")
        digits = f"{abs(change):.2g}" if abs(change) < 0.01 else number_words(round(abs(change), 2))
        return f"{verb} by {digits}{unit}"

    def _words(self, value: float) -> str:
        return number_words(round(value, 4), self.each.goal.unit, self.each.goal.unit_words)

    def _with_unit(self, value: float) -> str:
        """The value with what it counts, where a percent sign or currency does not say it."""
        goal, said = self.each.goal, self._words(value)
        unit = " ".join((goal.unit_words or "").split())
        if not unit or len(unit) > MOST_UNIT or goal.unit == "percent" or unit in said:
            return said
        return f"{said} {unit_beside(value, unit)}"

    def finding(self, code: str, sentence: str, severity: str, next_step: str, question: str = "",
                effort: str = "meeting") -> Finding:  # fmt: skip
        """A finding on this goal, its sentence led in by the goal's name."""
        return Finding(
            code,
            f"{self.each.goal.name}: {sentence}",
            severity,  # type: ignore[arg-type]
            next_step,
            question,
            effort,  # type: ignore[arg-type]
            (self.each.head.record,),
        )


def when_words(point: Point) -> str:
    """The date of a value as people say it."""
    return spoken(point.when) if point.when else "an unknown year"
