"""The one layout of figures that are rows: a name in bold, and below it a bar, a dot or a dumbbell.

A figure of rows says how tall its rows are and what it draws in each; names are broken into lines,
rows make room for them, and below them stands the scale that all share.
"""

from __future__ import annotations

import itertools
import math
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Generic, Literal, NamedTuple, TypeVar

from playbook_helpers.drawing.scales import Scale
from playbook_helpers.drawing.style import GREY, LINE, SIZE, SMALL, TRACK, WIDTH
from playbook_helpers.drawing.surface import Side, Surface
from playbook_helpers.drawing.words import wrapped

STEP = 0.22
"""From one line of a name, or of the words below it, to the next, in inches."""
MARGIN = 0.03
EDGE = 0.2
"""Words of a tick so near an end of its scale are set inwards, where that is asked for."""


class Place(NamedTuple):
    """Where one row lies: its top, and the first and last baseline of its name, in inches."""

    top: float
    first: float
    base: float


class Rows:
    """Rows below each other, `head` inches from the top, with `foot` inches left below them.

    `tall` is the height of a row whose name takes one line, or one height for each row. Names begin
    at `left`, are at most `room` inches wide and have their first baseline `first` inches below the
    row's top. Thin rules lie `between` rows, above `all` of them, or nowhere.

    >>> rows = Rows(["Reading", "A name that takes the room of two lines"], 0.5, room=2.0)
    >>> [round(place.base - place.top, 2) for place in rows.places()], rows.bottom
    ([0.2, 0.41], 1.22)
    """

    def __init__(
        self,
        names: Sequence[str],
        tall: float | Sequence[float],
        *,
        room: float,
        left: float = MARGIN,
        head: float = 0.0,
        foot: float = 0.0,
        first: float = 0.2,
        rules: Literal["none", "between", "all"] = "none",
        size: float = SIZE,
        bold: bool = True,
        ground: float | None = None,
    ) -> None:
        self._lines = [wrapped(name, room, 2) for name in names]
        talls = [tall] * len(names) if isinstance(tall, int | float) else tall
        self._talls = [
            each + STEP * (len(lines) - 1) for each, lines in zip(talls, self._lines, strict=True)
        ]
        self._left, self._head, self._first = left, head, first
        self._rules, self._size, self._bold, self._ground = rules, size, bold, ground
        self.bottom = head + math.fsum(self._talls)
        """Where the last row ends."""
        self.surface = Surface(self.bottom + foot)

    def places(self) -> Iterator[Place]:
        """Write the names, and the rules between them, giving each row's place in turn."""
        y = self._head
        for lines, tall in zip(self._lines, self._talls, strict=True):
            if self._rules == "all" or (self._rules == "between" and y > self._head):
                ends = [(self._left, y), (WIDTH - self._left, y)]
                self.surface.line(ends, TRACK, level=1)
            base = self.surface.write_lines(
                self._left, y + self._first, lines, size=self._size, bold=self._bold,
                ground=self._ground,
            )  # fmt: skip
            yield Place(y, y + self._first, base)
            y += tall

    def axis(
        self, scale: Scale, ticks: Iterable[tuple[float, str]], *, inward: bool = False
    ) -> None:
        """Draw the scale below the rows, with a tick and its words at each value.

        With `inward`, words at its ends do not reach beyond them.
        """
        y = self.bottom
        self.surface.line([(scale.start, y), (scale.end, y)], LINE)
        for value, words in ticks:
            x = scale(value)
            self.surface.line([(x, y), (x, y + 0.06)], LINE)
            left, right = x < scale.start + EDGE, x > scale.end - EDGE
            side: Side = "left" if inward and left else "right" if inward and right else "center"
            self.surface.write(x, y + 0.24, words, size=SMALL, color=GREY, side=side)


T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Part(Generic[T]):
    """The rows of one figure, where many are drawn in several, and the words that say so.

    `title` and `caption` are to be added to the title and to the table's caption; `note` says
    below the last figure how many rows are in none.
    """

    rows: Sequence[T]
    title: str
    caption: str
    note: str
    last: bool


def in_parts(
    rows: Sequence[T], most: int, figures: int, things: str, elsewhere: str = ""
) -> Iterator[Part[T]]:
    """Rows in even parts of at most `most`, so that no last figure holds one row alone.

    Those that do not fit into so many `figures` are left out; `elsewhere` says where they are.

    >>> [part.title for part in in_parts(range(30), 12, 5, "goals")]
    [' (goals 1 to 10 of 30)', ' (goals 11 to 20 of 30)', ' (goals 21 to 30 of 30)']
    >>> [part.title for part in in_parts(range(12), 12, 5, "goals")]
    ['']
    """
    shown = min(len(rows), most * figures)
    count = math.ceil(shown / most)
    edges = [round(shown * place / count) for place in range(count + 1)] if count else []
    for first, end in itertools.pairwise(edges):
        title = caption = note = ""
        if count > 1:
            title = f" ({things} {first + 1} to {end} of {len(rows):,})"
            caption = f", {first + 1} to {end}"
        if end == shown < len(rows):
            note = f"{len(rows) - shown:,} more {things} are not drawn{elsewhere}."
        yield Part(rows[first:end], title, caption, note, end == shown)
