"""What a practice is: its records, what is worked out of them, and what is found in its folder.

Each practice is a folder of one name: `records.py` (what is written down), `assess.py` (what is
worked out), and a module for each further idea. Its chapter, worksheet and tests carry the same
stem. Charts, what-ifs and pages to print are found in `charts/`, `what_if.py` and `pages.py`, where
they are there.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field, replace
from importlib import import_module
from importlib.util import find_spec
from typing import TYPE_CHECKING, Any

from playbook_helpers.core.assessment import Assessment, Context, Head, sorted_findings
from playbook_helpers.core.conflicts import open_questions
from playbook_helpers.core.partnership import WORKSHEETS
from playbook_helpers.core.reads import EVERYTHING, Reads
from playbook_helpers.core.records import Record

if TYPE_CHECKING:
    from playbook_helpers.drawing.kinds import ChartKind, PageKind, WhatIfKind

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

    @property
    def charts(self) -> Mapping[str, ChartKind]:
        """Name -> chart, from its folder; none where it draws nothing."""
        return self._found("charts", "CHARTS")

    @property
    def what_ifs(self) -> Mapping[str, WhatIfKind]:
        """Name -> what-if, from its folder."""
        return self._found("what_if", "WHAT_IFS")

    @property
    def pages(self) -> Mapping[str, PageKind]:
        """Name -> page to print and put up, from its folder."""
        return self._found("pages", "PAGES")

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
        return replace(assessment, findings=sorted_findings((*settle, *assessment.findings)))

    def _found(self, part: str, name: str) -> Mapping[str, Any]:
        module = f"{__package__}.{self.stem}.{part}"
        return getattr(import_module(module), name, {}) if find_spec(module) else {}
