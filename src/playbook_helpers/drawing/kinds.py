"""What a practice offers to be seen: charts, what-ifs and pages, each with what it needs.

"Nothing to draw yet" helps nobody: so each says what has to be written down first.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from playbook_helpers.core.assessment import Assessment, Context, Head
from playbook_helpers.drawing.chart import Chart
from playbook_helpers.drawing.controls import WhatIf


@dataclass(frozen=True, slots=True)
class ChartKind:
    """A chart of a practice: called with an assessment, it draws the charts there are to draw."""

    draw: Callable[..., Sequence[Chart]]
    needs: str

    def __call__(self, assessment: Assessment, **choice: str) -> Sequence[Chart]:
        """The charts; `choice` picks one, such as goal="Readiness"."""
        return self.draw(assessment, **choice)

    @property
    def nothing(self) -> str:
        """What stands in its place while there is nothing to draw.

        >>> ChartKind(lambda assessment: (), "one need").nothing
        'Nothing to draw yet. First write down one need.'
        """
        return f"Nothing to draw yet. First write down {self.needs}."


@dataclass(frozen=True, slots=True)
class WhatIfKind:
    """A what-if of a practice: `make` gives it, or None while there is nothing to try out."""

    make: Callable[[Assessment, Sequence[Head], Context], WhatIf | None]
    needs: str
    """Empty where it can be tried without any record."""

    @property
    def nothing(self) -> str:
        """What stands in its place while there is nothing to try out.

        >>> WhatIfKind(lambda assessment, heads, context: None, "one offer by a partner").nothing
        'There is nothing to try out yet. First write down one offer by a partner.'
        """
        return f"There is nothing to try out yet. First write down {self.needs}."


@dataclass(frozen=True, slots=True)
class PageKind:
    """A page to print and put up: `write` gives it as HTML, from an assessment and a heading.

    A page is never empty: it says itself what it `needs`.
    """

    write: Callable[..., str]
    needs: str

    def __call__(self, assessment: Assessment, name: str, **choice: Any) -> str:
        """The page for the partnership called `name`."""
        return self.write(assessment, name, **choice)
