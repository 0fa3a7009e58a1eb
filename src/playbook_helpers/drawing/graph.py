"""A graph: a part of a surface in which places are values, and words that never collide.

Each label goes to the free place nearest to its value.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import Any

from playbook_helpers.drawing.scales import Scale
from playbook_helpers.drawing.style import GREY, LINE, SMALL, TRACK
from playbook_helpers.drawing.surface import Line, Point, Surface
from playbook_helpers.drawing.words import width_of

GAP, TICK = 6 / 72, 4 / 72
"""Between a graph and the words of its scales, and the length of its ticks, in inches."""
Marks = Sequence[tuple[float, str]]
"""Values on a scale, and the words beside them."""
Box = tuple[float, float, float, float]


@dataclass(slots=True)
class Graph:
    """A graph on a surface, from its upper left corner, and the places taken by words and marks.

    `x` and `y` are the values at its edges; `side` is the room to its right that words may use.
    Places that are taken are boxes in inches to the right and up from its lower left corner.
    """

    surface: Surface
    left: float
    top: float
    width: float
    height: float
    x: tuple[float, float]
    y: tuple[float, float]
    side: float = 0.0
    taken: list[Box] = field(default_factory=list)

    @property
    def bottom(self) -> float:
        """The lower edge."""
        return self.top + self.height

    def at(self, x: float, y: float) -> Point:
        """Where values lie on the surface."""
        across, up = self.inches(x, y)
        return self.left + across, self.bottom - up

    def inches(self, x: float, y: float) -> Point:
        """Where values lie, in inches to the right and up from the lower left corner."""
        return Scale(*self.x, 0.0, self.width)(x), Scale(*self.y, 0.0, self.height)(y)

    def line(self, points: Iterable[Point], color: str, **look: Any) -> None:
        """Draw a line through values."""
        self.surface.line([self.at(*point) for point in points], color, **look)

    def scales(self, across: Marks, up: Marks, *, floor: bool = False) -> None:
        """Draw a line behind everything at each mark of the upright scale, and the words of both.

        With `floor` it stands on a line, with a tick at each mark.
        """
        right, bottom = self.left + self.width, self.bottom
        heights = [self.at(self.x[0], value)[1] for value, _ in up]
        for at, (_, words) in zip(heights, up, strict=True):
            self._beside(self.left - GAP, at + 0.38 * SMALL / 72, words, side="right")
        self._strokes([((self.left, at), (right, at)) for at in heights], TRACK, 1.0)
        tick = TICK if floor else 0.0
        places = [self.at(value, self.y[0])[0] for value, _ in across]
        for at, (_, words) in zip(places, across, strict=True):
            self._beside(at, bottom + tick + GAP + 0.76 * SMALL / 72, words, side="center")
        if floor:
            self._strokes([((at, bottom), (at, bottom + tick)) for at in places], LINE, 0.8)
            floor_ends = [(self.left, bottom), (right, bottom)]
            self.surface.line(floor_ends, LINE, cap="butt", level=2.5)

    def _strokes(self, pieces: list[tuple[Point, Point]], color: str, width: float) -> None:
        if pieces:
            self.surface.put(Line(tuple(pieces), color, width, cap="butt"), 0.5)

    def _beside(self, x: float, y: float, words: str, **look: Any) -> None:
        self.surface.write(x, y, words, size=SMALL, color=GREY, level=0.5, **look)

    # Labels -----------------------------------------------------------------------------------

    def occupy(self, x: float, y: float, half: float = 0.06) -> None:
        """Keep words off a mark."""
        a, b = self.inches(x, y)
        self.taken.append((a - half, b - half, a + half, b + half))

    def label(self, x: float, y: float, words: str, *, must: bool = False, **look: Any) -> bool:
        """Write beside a value at the first free place around it; False if there is none."""
        a, b = self.inches(x, y)
        wide = width_of(words, SMALL, bold=look.get("bold", False))
        tall, off = 0.17, 0.11
        near = [
            (a - wide / 2, b + off),
            (a - wide / 2, b - off - tall),
            (a + off, b - tall / 2),
            (a - off - wide, b - tall / 2),
        ]
        far = [
            (left, b + side * (off + away) - (tall if side < 0 else 0))
            for away in (0.0, 0.2, 0.4, 0.6, 0.8, 1.0)
            for side in (1, -1)
            for left in (a - wide / 2, a + 0.04, a - wide - 0.04, a + 0.4, a - wide - 0.4)
        ]
        boxes = [self._within(*place, wide, tall) for place in (near + far if must else near)]
        box = self._freest(a, b, boxes)
        if self._covered(box) > 0 and not must:
            return False
        self.taken.append(box)
        leader = _leader(a, b, box)
        if leader:
            ends = [(self.left + m, self.bottom - n) for m, n in ((a, b), leader[-1])]
            self.surface.line(ends, LINE, level=3)
            self.taken += [(m - 0.02, n - 0.02, m + 0.02, n + 0.02) for m, n in leader[:-1]]
        place = (self.left + box[0], self.bottom - box[1] - 0.035)
        self.surface.write(*place, words, size=SMALL, level=9, **look)
        return True

    def _within(self, left: float, low: float, wide: float, tall: float) -> Box:
        left = min(max(left, 0.03), max(0.03, self.width + self.side - 0.06 - wide))
        low = min(max(low, 0.02), self.height + 0.12 - tall)
        return (left, low, left + wide, low + tall)

    def _freest(self, a: float, b: float, boxes: Sequence[Box]) -> Box:
        """The first of the places that take least from others, with the line to them."""
        freest, least = boxes[0], math.inf
        for box in boxes:
            covered = self._covered(box)
            if covered < least:  # else its line need not be looked at
                taken = covered + 0.01 * len(self._crossed(a, b, box))
                freest, least = (box, taken) if taken < least else (freest, least)
        return freest

    def _crossed(self, a: float, b: float, box: Box) -> list[Point]:
        """The points of a line to the words on which something else stands already."""
        return [
            (m, n)
            for m, n in _leader(a, b, box)[:-1]
            if any(left < m < right and low < n < high for left, low, right, high in self.taken)
        ]

    def _covered(self, box: Box) -> float:
        """How much of a place is taken, in square inches."""
        left, low, right, high = box
        return math.fsum(
            (min(right, c) - max(left, a)) * (min(high, d) - max(low, b))
            for a, b, c, d in self.taken
            if a < right and c > left and b < high and d > low
        )


def _leader(a: float, b: float, box: Box) -> list[Point]:
    """The thin line from a mark to words so far away that it has to say which is meant; else []."""
    middle = min(max(a, box[0]), box[2])
    edge = box[1] if box[1] > b else box[3]
    if abs(edge - b) <= 0.2:
        return []
    steps = (0.2, 0.4, 0.6, 0.8, 1.0)
    return [(a + (middle - a) * step, b + (edge - b) * step) for step in steps]
