"""How many answers a random sample needs for each margin, with the chosen one marked."""

from __future__ import annotations

from playbook_helpers.drawing.chart import Chart
from playbook_helpers.drawing.scales import Scale, nice_ticks
from playbook_helpers.drawing.style import GREY, INK, LINE, SMALL, TEAL
from playbook_helpers.drawing.surface import Point, Surface
from playbook_helpers.drawing.tables import Column, Table
from playbook_helpers.drawing.words import width_of
from playbook_helpers.practices.community.surveys import sample_size

MARGINS = range(1, 16)
LEFT, RIGHT, TOP, TALL = 0.75, 5.25, 0.62, 2.2


def sample_chart(margin: int, population: int, confidence: float) -> Chart:
    """Answers needed at each margin from 1 to 15 points, the chosen one marked.

    `confidence` is a share, such as 0.95.
    """
    needed = {m: sample_size(m / 100, population, confidence) for m in MARGINS}
    title = f"A margin of {margin} takes {needed[margin]:,} answers"
    half = sample_size(margin / 200, population, confidence)
    if margin > 1:
        title += f"; half that margin takes {half:,}"
    alt = f"Answers needed in a random sample from {population:,} people: " + ", ".join(
        f"{n:,} for {m} point{'s' * (m > 1)}"
        for m, n in needed.items()
        if m in (1, 3, 5, 10, 15, margin)
    )
    columns = (
        Column("margin", "Margin", "percentage points", align="right"),
        Column("answers", "Answers needed", align="right"),
    )
    table = Table(
        "Answers needed", columns, tuple({"margin": m, "answers": n} for m, n in needed.items())
    )
    source = "Worked out for a share of 50 %, the worst case (Cochran 1977). Random samples only."
    return Chart(_picture(needed, margin), title, alt + ".", table, source)


def _picture(needed: dict[int, int], margin: int) -> Surface:
    surface, bottom = Surface(TOP + TALL + 0.75), TOP + TALL
    largest = max(needed.values())
    most = max(nice_ticks(0, largest * 1.1)[-1], largest)
    across, up = Scale(MARGINS[0], MARGINS[-1], LEFT, RIGHT), Scale(0, most, bottom, TOP)
    for tick in nice_ticks(0, most):
        y = up(tick)
        surface.line([(LEFT, y), (RIGHT, y)], LINE, width=0.6)
        surface.write(LEFT - 0.1, y + 0.05, f"{tick:,.0f}", size=SMALL, color=GREY, side="right")
    for m in (1, 3, 5, 10, 15):
        x = across(m)
        surface.line([(x, bottom), (x, bottom + 0.06)], LINE)
        surface.write(x, bottom + 0.24, f"{m}", size=SMALL, color=GREY, side="center")
    path: list[Point] = [(across(m), up(n)) for m, n in needed.items()]
    surface.line(path, TEAL, width=2)
    x, y = across(margin), up(needed[margin])
    surface.line([(x, bottom), (x, y), (LEFT, y)], INK, dash=(3, 2))
    surface.mark(x, y, size=10, fill=TEAL, stroke=INK)
    # Above the line and to its right, where it has gone down.
    words = f"{needed[margin]:,} answers"
    place = min(x + 0.14, RIGHT - width_of(words, bold=True))
    surface.write(place, y - 0.14, words, bold=True)
    surface.write(0.08, 0.22, "answers needed", size=SMALL, color=GREY)
    words = "margin of error, percentage points either way"
    middle = (LEFT + RIGHT) / 2
    surface.write(middle, bottom + 0.5, words, size=SMALL, color=GREY, side="center")
    return surface
