"""The check of a goal's sentence alone: what it says, what it leaves out, what could mislead."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date

from playbook_helpers.practices.goals.cautions import Caution, cautions, is_change
from playbook_helpers.practices.goals.characters import Span
from playbook_helpers.practices.goals.measured import metric, target, target_quantities
from playbook_helpers.practices.goals.owner import owner
from playbook_helpers.practices.goals.quantities import Quantity
from playbook_helpers.practices.goals.reading import (
    ELEMENTS,
    Element,
    Judgement,
    Reading,
    Verdict,
    read,
)
from playbook_helpers.practices.goals.rules import RULES
from playbook_helpers.practices.goals.start_and_end import baseline, deadline, settle_dates


@dataclass(frozen=True, slots=True)
class StatementCheck:
    """What a sentence says by itself: a verdict for each of five elements, and warnings.

    For each element name, `spans` holds the stretch of the original text that decided it (None
    where nothing did), `reasons` says why in plain words, and `rules` names the rule in
    `rules.RULES`. `baseline_number` and `target_number` are the first such numbers found as
    amounts (not those that are changes: see `target_is_change`), `due` the last deadline.
    """

    text: str
    metric: Verdict
    baseline: Verdict
    target: Verdict
    deadline: Verdict
    owner: Verdict
    spans: Mapping[Element, Span | None] = field(default_factory=dict)
    reasons: Mapping[Element, str] = field(default_factory=dict)
    rules: Mapping[Element, str] = field(default_factory=dict)
    warnings: tuple[Caution, ...] = ()
    baseline_number: float | None = None
    target_number: float | None = None
    target_is_change: bool = False
    target_numbers: tuple[float, ...] = ()
    """Every number found that is an amount to reach, for sentences with more than one."""
    due: date | None = None

    def verdict(self, element: Element) -> Verdict:
        """The verdict on the element of that name."""
        verdicts: dict[Element, Verdict] = {
            "metric": self.metric,
            "baseline": self.baseline,
            "target": self.target,
            "deadline": self.deadline,
            "owner": self.owner,
        }
        return verdicts[element]

    @property
    def missing(self) -> tuple[Element, ...]:
        """The elements that the sentence does not fully say, in order."""
        return tuple(e for e in ELEMENTS if self.verdict(e) != "yes")


def check_statement(
    text: str,
    *,
    as_of: date | None = None,
    starts: date | None = None,
    ends: date | None = None,
) -> StatementCheck:
    """Judge one goal's sentence by itself.

    `as_of` is the day of the check, today unless given: dates before it have passed (`date.min`
    lets every date stand). `starts` and `ends` are the partnership's first and last day, where
    they are known. Raises TypeError if `text` is no text.

    >>> check = check_statement("By 2030, the city will halve road deaths compared to 2020.")
    >>> check.metric, check.baseline, check.target, check.deadline, check.owner
    ('yes', 'partial', 'yes', 'yes', 'yes')
    >>> check.spans["owner"].text, check.reasons["baseline"]
    ('the city', 'it names the year to compare with, but not the number in that year')
    """
    if not isinstance(text, str):
        raise TypeError(f"a statement is text, not {type(text).__name__}")
    reading = read(text)
    start = baseline(reading)
    reading = settle_dates(reading, start)
    amounts = target_quantities(reading, start)
    aim = target(reading, start, amounts)
    judged: dict[Element, Judgement] = {
        "metric": metric(reading, start, aim, amounts),
        "baseline": start,
        "target": aim,
        "deadline": deadline(reading),
        "owner": owner(reading),
    }
    number, changes = _target_number(reading, amounts, aim)
    due = [d.day for d in reading.dates if d.kind == "date" and d.part == "deadline" and d.day]
    return StatementCheck(
        text=text,
        **{name: j.verdict for name, j in judged.items()},
        spans={
            name: reading.span(j.start, j.end) if j.end > j.start else None
            for name, j in judged.items()
        },
        reasons={name: RULES[j.rule].reason for name, j in judged.items()},
        rules={name: j.rule for name, j in judged.items()},
        warnings=tuple(cautions(reading, judged, amounts, as_of or date.today(), starts, ends)),
        baseline_number=_baseline_number(reading, start, amounts),
        target_number=number,
        target_is_change=changes,
        target_numbers=tuple(q.value for q in amounts if q.value is not None),
        due=max(due, default=None),
    )


def _baseline_number(reading: Reading, start: Judgement, amounts: list[Quantity]) -> float | None:
    if start.verdict != "yes":
        return None
    inside = [q for q in reading.quantities if start.start <= q.start < start.end]
    rest = [q for q in inside if q not in amounts]
    return rest[0].value if rest else None


def _target_number(
    reading: Reading, amounts: list[Quantity], aim: Judgement
) -> tuple[float | None, bool]:
    """The target as a number, and whether it is a change ("by 10%") and no amount to reach."""
    first = next((q for q in amounts if aim.start <= q.start < aim.end), None)
    if first is None:
        return (0.0, False) if aim.rule == "T3" else (None, False)
    before = reading.low[max(0, first.start - 60) : first.start]
    after = reading.marked[first.end : first.end + 30]
    changes = first.kind in ("multiple", "points") or is_change(before, after)
    return first.value, changes


__all__ = ["Caution", "Span", "StatementCheck", "check_statement"]
