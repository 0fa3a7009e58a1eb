"""Words beside marks: each label at the free place nearest to its value, so that none collide."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from playbook_helpers.drawing.chart import LINE, SMALL, columns_of, write

if TYPE_CHECKING:
    from matplotlib.axes import Axes


@dataclass(slots=True)
class Plot:
    """The plot with its scale in inches, and the places already taken by words and marks."""

    axes: Axes
    left: float
    width: float
    height: float
    x: tuple[float, float]
    y: tuple[float, float]
    side: float = 0.0
    taken: list[tuple[float, float, float, float]] = field(default_factory=list)

    def inches(self, x: float, y: float) -> tuple[float, float]:
        """Where a value lies, in inches from the plot's lower left corner."""
        return (
            (x - self.x[0]) / (self.x[1] - self.x[0]) * self.width,
            (y - self.y[0]) / (self.y[1] - self.y[0]) * self.height,
        )

    def occupy(self, x: float, y: float, half: float = 0.06) -> None:
        """Keep words off a mark."""
        a, b = self.inches(x, y)
        self.taken.append((a - half, b - half, a + half, b + half))

    def label(self, x: float, y: float, words: str, *, must: bool = False, **look: Any) -> bool:
        """Write beside a value at the first free place around it; False if there is none."""
        a, b = self.inches(x, y)
        wide = columns_of(words) * SMALL * (0.66 if look.get("weight") == "bold" else 0.6) / 72
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
        box = min(boxes, key=self._covered)
        if self._covered(box) > 0 and not must:
            return False
        self.taken.append(box)
        middle = min(max(a, box[0]), box[2])
        edge = box[1] if box[1] > b else box[3]
        if abs(edge - b) > 0.2:
            # So far away that a thin line has to say which mark is meant.
            self.axes.plot(
                [a / self.width, middle / self.width],
                [b / self.height, edge / self.height],
                color=LINE,
                lw=1,
                transform=self.axes.transAxes,
                zorder=3,
                clip_on=False,
            )
        write(
            self.axes,
            box[0] / self.width,
            (box[1] + 0.035) / self.height,
            words,
            size=SMALL,
            transform=self.axes.transAxes,
            zorder=9,
            **look,
        )
        return True

    def _within(
        self, left: float, low: float, wide: float, tall: float
    ) -> tuple[float, float, float, float]:
        left = min(max(left, 0.03), max(0.03, self.width + self.side - 0.06 - wide))
        low = min(max(low, 0.02), self.height + 0.12 - tall)
        return (left, low, left + wide, low + tall)

    def _covered(self, box: tuple[float, float, float, float]) -> float:
        """How much of a place is taken, in square inches."""
        left, low, right, high = box
        return sum(
            (min(right, c) - max(left, a)) * (min(high, d) - max(low, b))
            for a, b, c, d in self.taken
            if a < right and c > left and b < high and d > low
        )
