"""The check of a goal's sentence alone: what it says, what we did not read, what could mislead."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date

from playbook_helpers.practices.goals.cautions import Caution, cautions
from playbook_helpers.practices.goals.characters import JUDGED, Span
from playbook_helpers.practices.goals.reading import Reading, read_sentence
from playbook_helpers.practices.goals.rules import ELEMENTS, RULES, Element, Verdict


@dataclass(frozen=True, slots=True)
class StatementCheck:
    """What a sentence says by itself: a verdict for each of five elements, and warnings.

    "partial" means: please check; it is not sure, or not in full. For each element name, `spans`
    holds the stretch of the original text that decided it (None where nothing did), `reasons`
    says why in plain words, and `rules` names the rule in `rules.RULES`. `baseline_number` and
    `target_number` are the numbers read (the latter a change where `target_is_change`), `due` the
    last deadline.
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
    what: str | None = None
    """What is counted or measured, in the sentence's own words, where it is sure."""
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
    partners: Iterable[str] = (),
) -> StatementCheck:
    """Judge one goal's sentence by itself.

    `as_of` is the day of the check, today unless given: dates before it have passed (`date.min`
    lets every date stand). `starts` and `ends` are the partnership's first and last day, and
    `partners` its partners' names, where they are known. Raises TypeError if `text` is no text.

    >>> check = check_statement("By 2030, the city will halve road deaths compared to 2020.")
    >>> check.metric, check.baseline, check.target, check.deadline, check.owner
    ('yes', 'partial', 'yes', 'yes', 'yes')
    >>> check.spans["owner"].text, check.reasons["baseline"]
    ('the city', 'it names the year to compare with, but not the number in that year')
    """
    if not isinstance(text, str):
        raise TypeError(f"a statement is text, not {type(text).__name__}")
    reading = read_sentence(text, partners)
    rules: dict[Element, str] = {e: _rule(reading, e) for e in ELEMENTS}
    parts = {e: reading.part(e) for e in ELEMENTS}
    due = [d.day for d in reading.dates if d.kind == "date" and d.part == "deadline" and d.day]
    start, aim, found = parts["baseline"], parts["target"], parts["metric"]
    return StatementCheck(
        text=text,
        **{e: RULES[rules[e]].verdict for e in ELEMENTS},  # type: ignore[arg-type]
        spans={e: Span(p.start, p.end, p.text) if p else None for e, p in parts.items()},
        reasons={e: RULES[rule].reason for e, rule in rules.items()},
        rules=rules,
        warnings=tuple(
            cautions(reading, as_of or date.today(), starts, ends, cut=len(text) > JUDGED)
        ),
        baseline_number=start.value
        if start and start.sure and isinstance(start.value, float)
        else None,
        target_number=aim.value if aim and isinstance(aim.value, float) else None,
        target_is_change=reading.is_change,
        what=str(found.value) if found and found.sure and found.value else None,
        target_numbers=tuple(q.value for q in reading.amounts if q.value is not None),
        due=max(due, default=None),
    )


def _rule(reading: Reading, element: Element) -> str:
    part = reading.part(element)
    return part.rule if part else f"{element[0].upper()}0"


__all__ = ["Caution", "Span", "StatementCheck", "check_statement"]
