"""What a practice is: its stem, its records, and what is worked out of them."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field, replace

from playbook_helpers.core.assessment import (
    Assessment,
    Context,
    Head,
    alike_once,
    looked_back_on,
    sorted_findings,
)
from playbook_helpers.core.conflicts import open_questions
from playbook_helpers.core.partnership import WORKSHEETS
from playbook_helpers.core.reads import EVERYTHING, Reads
from playbook_helpers.core.records import Record

Assess = Callable[[Iterable[Head], Context], Assessment]


@dataclass(frozen=True, slots=True)
class Practice:
    """One of the ways of working: its stem, its records and its assessment."""

    stem: str
    record_types: tuple[type[Record], ...]
    assess: Assess
    history: tuple[str, ...] = ()
    """Kinds of record of which the assessment reads what was changed and when."""
    reads: tuple[str, ...] = ()
    """Kinds of record it reads besides its own, the partnership's and decisions taken at it."""
    first: tuple[str, ...] = ()
    """The measures that the overview shows; those that it has no more are passed over."""
    pictured: str = ""
    """Which of these a report's picture draws: it has an end, and more of it is better."""
    dated: tuple[str, ...] = ()
    """Measures that dates in the records alone can set back to an earlier day."""
    own_change: Mapping[str, str] = field(default_factory=dict)
    """Measure -> the measure in which the practice itself says what has changed."""
    above: bool = False
    """Whether it stands above the practices and reads everything."""

    @property
    def title(self) -> str:
        """Its title in the guide."""
        return WORKSHEETS[self.stem]

    @property
    def reading(self) -> Reads:
        """All that its worksheet reads."""
        if self.above:
            return EVERYTHING
        kinds = (*(type_.kind for type_ in self.record_types), *self.reads, "partnership")
        return Reads(frozenset({self.stem}), frozenset(kinds), frozenset({self.stem}))

    def assessed(self, heads: Iterable[Head], context: Context) -> Assessment:
        """Its assessment, with what the group has to settle, unless the practice says it itself.

        It is given what it reads and nothing else.
        """
        held = self.reading.heads(heads)
        if not self.reading.partners:
            context = replace(context, partners=())
        assessment = self.assess(held, context)
        told = {(f.code, f.records) for f in assessment.findings}
        settle = [f for f in open_questions(held, self.stem) if (f.code, f.records) not in told]
        found = (*settle, *assessment.findings)
        found = looked_back_on(found) if context.past(held) else found
        return replace(assessment, findings=alike_once(sorted_findings(found)))
