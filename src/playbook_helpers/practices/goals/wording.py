"""A better wording to start from: the common template, filled with what is known.

"By [date], [who] will [increase, decrease or keep] [what] from [baseline] to [target]." The
template follows the one that NACCHO teaches for community action plans. Blanks stay marked.
"""

from __future__ import annotations

import re

from playbook_helpers.core.partial_dates import spoken
from playbook_helpers.practices.goals.progress import Way
from playbook_helpers.practices.goals.records import Goal
from playbook_helpers.practices.goals.statement import StatementCheck
from playbook_helpers.practices.goals.words import MEASURE, QUANTITY_NOUN

VERBS: dict[Way, str] = {"up": "increase", "down": "decrease", "keep": "keep"}


def number_words(value: float, unit: str | None = None, unit_words: str | None = None) -> str:
    """A number as it is written in a sentence, with its unit where that is short.

    >>> number_words(52.0, "percent"), number_words(100000.0), number_words(8.25)
    ('52%', '100,000', '8.25')
    """
    digits = f"{value:,.6f}".rstrip("0").rstrip(".") if abs(value) < 1e15 else f"{value:g}"
    digits = "0" if digits == "-0" else digits
    if unit == "percent":
        return digits + "%"
    if unit == "currency" and unit_words and len(unit_words) <= 4:
        return f"{unit_words} {digits}"
    return digits


def direction_of(goal: Goal) -> Way | None:
    """Which way the goal goes: from baseline and target where both are there, else as stated."""
    return _way(goal.baseline_value, goal.target_value, goal.direction)


def _way(start: float | None, aim: float | None, said: Way | None) -> Way | None:
    if start is None or aim is None:
        return said
    return "keep" if aim == start else "up" if aim > start else "down"


def goal_sentence(goal: Goal, check: StatementCheck) -> str:
    """The template filled from the goal's fields, then from its sentence; blanks in brackets.

    >>> from playbook_helpers.practices.goals.statement import check_statement
    >>> goal = Goal(name="Reading", sentence="More children read.", level="outcome",
    ...     indicator="the share of children who read", unit="percent", target_value=80)
    >>> goal_sentence(goal, check_statement(goal.sentence))
    'By [date], [who] will [increase/decrease/keep] the share of children who read from \
[baseline] to 80%.'
    >>> told = "By 2028 the Library will raise the number of families who come from 12 to 60."
    >>> goal_sentence(Goal(name="Nights", sentence=told, level="outcome"), check_statement(told))
    'By 2028, the Library will increase the number of families who come from 12 to 60.'
    """
    way = _way(_start(goal, check), _aim(goal, check), goal.direction)
    what = _what(goal, check)
    verb = VERBS[way] if way else "[increase/decrease/keep]"
    target = _target(goal, check)
    start = f"By {_date(goal, check)}, {_who(goal, check)} will {verb} {what}"
    if way == "keep":
        return f"{start} at {target}."
    return f"{start} from {_baseline(goal, check)} to {target}."


_COUNTED = {"percent": "the share of ", "number": "the number of ", "rate": "the rate of "}


def _what(goal: Goal, check: StatementCheck) -> str:
    """The indicator as the object of the sentence: "five-year-olds" in percent is their share."""
    if goal.indicator is None:
        return check.what or "[what is counted or measured]"
    said = re.match(
        rf"(?:[\w-]+ ){{0,2}}?(?:{MEASURE}|{QUANTITY_NOUN}|levels?)\b", goal.indicator.lower()
    )
    return ("" if said else _COUNTED.get(goal.unit or "", "")) + _lower(goal.indicator)


def _lower(what: str) -> str:
    """The first letter small inside the sentence, unless the word is an acronym or a name."""
    return what[0].lower() + what[1:] if re.match(r"[A-Z][a-z-]*(?: [a-z]|$)", what) else what


def _span(check: StatementCheck, element: str) -> str:
    span = next((s for name, s in check.spans.items() if name == element), None)
    return " ".join(span.text.split()) if span else ""


def _date(goal: Goal, check: StatementCheck) -> str:
    if goal.target_date:
        return spoken(goal.target_date)
    if check.deadline == "yes":
        found = re.sub(
            r"^(?:by|before|until|till|through|no later than|in|during|over|from)\s+",
            "",
            _span(check, "deadline"),
            flags=re.IGNORECASE,
        )
        return found or "[date]"
    return "[date]"


def _who(goal: Goal, check: StatementCheck) -> str:
    role, body = goal.owner_role, goal.owner_organisation
    if role and body:
        return f"the {_lower(role)} at {body}"
    if body or role:
        return body or f"the {_lower(role or '')}"
    said = _span(check, "owner") if check.owner == "yes" else ""
    return (
        said[0].lower() + said[1:] if said.startswith(("The ", "Our ", "All ")) else said or "[who]"
    )


def _start(goal: Goal, check: StatementCheck) -> float | None:
    if goal.baseline_value is not None:
        return goal.baseline_value
    return check.baseline_number if check.baseline == "yes" else None


def _aim(goal: Goal, check: StatementCheck) -> float | None:
    if goal.target_value is not None:
        return goal.target_value
    return check.target_number if check.target == "yes" and not check.target_is_change else None


def _baseline(goal: Goal, check: StatementCheck) -> str:
    value = _start(goal, check)
    if value is None:
        return "[baseline]"
    words = number_words(value, goal.unit, goal.unit_words)
    return f"{words} ({spoken(goal.baseline_date)})" if goal.baseline_date else words


def _target(goal: Goal, check: StatementCheck) -> str:
    value = _aim(goal, check)
    return "[target]" if value is None else number_words(value, goal.unit, goal.unit_words)
