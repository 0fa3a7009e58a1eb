"""What if we wanted to be surer: how many answers a random sample needs, and what it cannot do."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from playbook_helpers.core.assessment import Assessment, Context, Head, current, of_type
from playbook_helpers.drawing.chart import shown
from playbook_helpers.drawing.controls import Choice, WhatIf
from playbook_helpers.drawing.display import Html
from playbook_helpers.drawing.html import element, joined
from playbook_helpers.drawing.kinds import WhatIfKind
from playbook_helpers.practices.community import Activity
from playbook_helpers.practices.community import sample_size as needed
from playbook_helpers.practices.community.charts.samples import sample_chart

LOUD = (
    "Random samples only. These numbers hold if everyone had a known chance to be asked and those "
    "drawn did answer. For an open link, or for those who happened to be there, no number of "
    "answers gives a margin of error: look at who is missing instead."
)
LARGEST = 100_000
"""How far the slider goes, if no survey is about more people; more hardly change the answers."""


def sample_size(assessment: Assessment, heads: Sequence[Head], context: Context) -> WhatIf:
    """Choose a margin, a population and a confidence; see how many answers that takes."""
    known = [
        a.population
        for _, a in of_type(current(heads), Activity)
        if a.population and a.type == "survey"
    ]
    people = float(max(known, default=5000))
    largest = max(LARGEST, people)

    def controls(values: Mapping[str, Any]) -> tuple[Choice, ...]:
        return (
            Choice("margin", "Margin, in percentage points", 5.0, low=1, high=15, readout=".0f"),
            Choice(
                "population",
                "People it is about",
                max(people, 50.0),
                low=50,
                high=largest,
                step=10,
                readout=",.0f",
            ),
            Choice("confidence", "Confidence in percent", 95.0, low=80, high=99, readout=".0f"),
        )

    def draw(values: Mapping[str, Any]) -> Html:
        margin, population = round(float(values["margin"])), round(float(values["population"]))
        confidence = round(float(values["confidence"])) / 100
        sentence = sample_sentence(margin, population, confidence)
        before = joined(element("p", element("strong", LOUD)), element("p", sentence))
        return shown([sample_chart(margin, population, confidence)], before=before)

    return WhatIf(controls, draw)


def sample_sentence(margin: int, population: int, confidence: float = 0.95) -> str:
    """How many answers a margin of so many percentage points takes, and the invitations for it.

    >>> print(sample_sentence(5, 1000))
    To be sure to 5 percentage points either way (95 % confidence) of a share among 1,000 people, \
you need 278 answers. If half of those drawn answer, draw 556 people.
    """
    answers = needed(margin / 100, population, confidence)
    points = "percentage point" if margin == 1 else "percentage points"
    start = (
        f"To be sure to {margin} {points} either way ({100 * confidence:.0f} % confidence) of a "
        f"share among {population:,} people, you need {answers:,} answers."
    )
    if 2 * answers >= population:
        return f"{start} That is so many that you had better ask everyone."
    return f"{start} If half of those drawn answer, draw {2 * answers:,} people."


WHAT_IFS: Mapping[str, WhatIfKind] = {
    "sample_size": WhatIfKind(sample_size, ""),
}
