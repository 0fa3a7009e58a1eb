"""What if we wanted to be surer: how many answers a random sample needs, and what it cannot do."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from html import escape
from typing import TYPE_CHECKING, Any

from playbook_helpers.core.assessment import Assessment, Context, Head, current, of_type
from playbook_helpers.drawing.chart import (
    GREY,
    INK,
    LINE,
    SMALL,
    TEAL,
    Chart,
    canvas,
    drawing,
    nice_ticks,
    write,
)
from playbook_helpers.drawing.controls import Choice, WhatIf
from playbook_helpers.drawing.kinds import WhatIfKind
from playbook_helpers.drawing.tables import Column, Table
from playbook_helpers.practices.community import Activity
from playbook_helpers.practices.community import sample_size as needed

if TYPE_CHECKING:
    from matplotlib.figure import Figure

LOUD = (
    "Random samples only. These numbers hold if everyone had a known chance to be asked and those "
    "drawn did answer. For an open link, or for those who happened to be there, no number of "
    "answers gives a margin of error: look at who is missing instead."
)
LARGEST = 100_000
"""How far the slider goes, if no survey is about more people; more hardly change the answers."""
_MARGINS = tuple(range(1, 16))
_LEFT, _RIGHT, _TOP, _TALL = 0.75, 5.25, 0.45, 2.2


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

    def draw(values: Mapping[str, Any]) -> str:
        margin, population = round(float(values["margin"])), round(float(values["population"]))
        confidence = round(float(values["confidence"])) / 100
        sentence = sample_sentence(margin, population, confidence)
        return (
            f"<p><strong>{escape(LOUD)}</strong></p><p>{escape(sentence)}</p>"
            + sample_chart(margin, population, confidence).html()
        )

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


def sample_chart(margin: int, population: int, confidence: float) -> Chart:
    """Answers needed at each margin from 1 to 15 points, the chosen one marked."""
    points = [(m, needed(m / 100, population, confidence)) for m in _MARGINS]
    chosen = dict(points)[margin]
    title = f"A margin of {margin} takes {chosen:,} answers"
    half = needed(margin / 200, population, confidence)
    if margin > 1:
        title += f"; half that margin takes {half:,}"
    alt = f"Answers needed in a random sample from {population:,} people: " + ", ".join(
        f"{n:,} for {m} points" for m, n in points if m in (1, 3, 5, 10, 15) or m == margin
    )
    columns = (
        Column("margin", "Margin", "percentage points", align="right"),
        Column("answers", "Answers needed", align="right"),
    )
    rows = tuple({"margin": m, "answers": n} for m, n in points)
    with drawing():
        figure = _figure(points, margin, chosen)
    source = "Worked out for a share of 50 %, the worst case (Cochran 1977). Random samples only."
    return Chart(figure, title, alt + ".", Table("Answers needed", columns, rows), source)


def _figure(points: list[tuple[int, int]], margin: int, chosen: int) -> Figure:
    figure, axes = canvas(_TOP + _TALL + 0.75)
    most = nice_ticks(0, max(n for _, n in points) * 1.1)[-1] or 1.0
    most = max(most, max(n for _, n in points))
    low, high = _MARGINS[0], _MARGINS[-1]
    bottom = _TOP + _TALL

    def place(m: float, n: float) -> tuple[float, float]:
        x = _LEFT + (_RIGHT - _LEFT) * (m - low) / (high - low)
        return x, bottom - _TALL * n / most

    for tick in nice_ticks(0, most):
        _, y = place(low, tick)
        axes.plot([_LEFT, _RIGHT], [y, y], color=LINE, lw=0.6, zorder=1)
        write(axes, _LEFT - 0.1, y + 0.05, f"{tick:,.0f}", size=SMALL, color=GREY, ha="right")
    for m in (1, 3, 5, 10, 15):
        x, _ = place(m, 0)
        axes.plot([x, x], [bottom, bottom + 0.06], color=LINE, lw=1)
        write(axes, x, bottom + 0.24, f"{m}", size=SMALL, color=GREY, ha="center")
    xs, ys = zip(*(place(m, n) for m, n in points), strict=True)
    axes.plot(xs, ys, color=TEAL, lw=2, zorder=2)
    x, y = place(margin, chosen)
    axes.plot([x, x, _LEFT], [bottom, y, y], color=INK, lw=1, ls=(0, (3, 2)), zorder=3)
    axes.plot([x], [y], marker="o", ms=10, mfc=TEAL, mec=INK, zorder=4)
    late = margin > 10
    at = (x - 0.12, y + 0.28) if late else (x + 0.14, y - 0.14)
    write(axes, *at, f"{chosen:,} answers", weight="bold", ha="right" if late else "left", zorder=5)
    write(axes, 0.08, 0.22, "answers needed", size=SMALL, color=GREY)
    words = "margin of error, percentage points either way"
    write(axes, (_LEFT + _RIGHT) / 2, bottom + 0.5, words, size=SMALL, color=GREY, ha="center")
    return figure


WHAT_IFS: Mapping[str, WhatIfKind] = {
    "sample_size": WhatIfKind(sample_size, ""),
}
