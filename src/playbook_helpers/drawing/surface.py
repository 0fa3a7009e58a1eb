"""A surface to put marks on: lines, shapes and words, written as SVG by plain Python.

Places are in inches to the right and down from the upper left corner; sizes of words and widths of
lines are in points, as in print. Dashes are in widths of their line. Marks of a higher level lie
above those of a lower one; among equals, the later lies above.

>>> surface = Surface(1.0)
>>> surface.line([(0, 0.5), (1, 0.5)], "#0b6b6b")
>>> surface.write(0, 0.4, "a < b")
>>> print(surface.svg().partition('"round">')[2])
<path d="M0 72L388.8 72L388.8 0L0 0z" fill="#ffffff"/>\
<path d="M0 36L72 36" fill="none" stroke="#0b6b6b" stroke-linecap="square"/>\
<text x="0" y="28.8" font-size="12" fill="#1b2430">a &lt; b</text></svg>
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from html import escape
from typing import Literal

from playbook_helpers.drawing.style import FONTS, INK, PAPER, SIZE, WIDTH
from playbook_helpers.drawing.words import one_line, width_of

Point = tuple[float, float]
Side = Literal["left", "center", "right"]
Cap = Literal["butt", "round", "square"]
MarkShape = Literal["circle", "square", "diamond", "down", "left", "right", "cross"]

HATCH_WIDTH = 1.1
"""Width of a hatch's lines, in points."""
_HATCH = 72.0
"""Points along the side of the square that a hatch repeats."""
_ANCHORS = {"center": ' text-anchor="middle"', "right": ' text-anchor="end"', "left": ""}
_ASCENT, _DESCENT = 0.76, 0.24
"""How far letters reach above and below their baseline, in sizes of type."""
LINE_HEIGHT = 1.28
"""From one baseline to the next, in sizes of type."""
_HALF = 2**-0.5
_OUTLINES: dict[MarkShape, tuple[Point, ...]] = {
    "square": ((-0.5, 0.5), (0.5, 0.5), (0.5, -0.5), (-0.5, -0.5)),
    "diamond": ((0, _HALF), (_HALF, 0), (0, -_HALF), (-_HALF, 0)),
    "down": ((0, 0.5), (0.5, -0.5), (-0.5, -0.5)),
    "right": ((0.5, 0), (-0.5, -0.5), (-0.5, 0.5)),
    "left": ((-0.5, 0), (0.5, 0.5), (0.5, -0.5)),
    "cross": tuple(
        (x / 4, y / 4)
        for x, y in (
            (-1, 2), (0, 1), (1, 2), (2, 1), (1, 0), (2, -1),
            (1, -2), (0, -1), (-1, -2), (-2, -1), (-1, 0), (-2, 1),
        )
    ),
}  # fmt: skip
"""Outlines of marks of size 1 around the place where they stand, y to below."""


def short(value: float) -> str:
    """A number with two decimals at most: a hundredth of a point is less than anybody sees.

    >>> short(12.3456), short(3.0), short(-0.001)
    ('12.35', '3', '0')
    """
    text = f"{value:.2f}".rstrip("0").rstrip(".")
    return "0" if text == "-0" else text


@dataclass(frozen=True, slots=True)
class Line:
    """A line through points, or several drawn alike."""

    pieces: tuple[tuple[Point, ...], ...]
    color: str
    width: float = 1.0
    dash: tuple[float, ...] = ()
    cap: Cap = "square"
    opacity: float = 1.0

    def moved(self, down: float) -> Line:
        """The same line so many inches further down."""
        return replace(self, pieces=tuple(_moved(piece, down) for piece in self.pieces))

    def svg(self, hatches: Hatches) -> str:
        """The mark as SVG."""
        drawn = "".join(_path(piece) for piece in self.pieces)
        cap = "" if self.dash or self.cap == "butt" else f' stroke-linecap="{self.cap}"'
        look = _stroke(self.color, self.width, self.dash, self.opacity)
        return f'<path d="{drawn}" fill="none"{look}{cap}/>'


@dataclass(frozen=True, slots=True)
class Curve:
    """A line that leaves `points[0]` towards the second and comes to the last from the third."""

    points: tuple[Point, Point, Point, Point]
    color: str
    width: float = 1.0
    dash: tuple[float, ...] = ()
    opacity: float = 1.0

    def moved(self, down: float) -> Curve:
        """The same curve so many inches further down."""
        a, b, c, d = _moved(self.points, down)
        return replace(self, points=(a, b, c, d))

    def svg(self, hatches: Hatches) -> str:
        """The mark as SVG."""
        start, *rest = (f"{short(x * 72)} {short(y * 72)}" for x, y in self.points)
        look = _stroke(self.color, self.width, self.dash, self.opacity)
        return f'<path d="M{start}C{" ".join(rest)}" fill="none"{look}/>'


@dataclass(frozen=True, slots=True)
class Shape:
    """A closed shape with straight sides; without a fill or an outline where that is empty.

    `hatch` is empty or a number of strokes as in matplotlib, such as "////"; its lines have the
    colour `hatch_color`.
    """

    points: tuple[Point, ...]
    fill: str = ""
    stroke: str = ""
    width: float = 1.0
    dash: tuple[float, ...] = ()
    hatch: str = ""
    hatch_color: str = PAPER
    opacity: float = 1.0

    def moved(self, down: float) -> Shape:
        """The same shape so many inches further down."""
        return replace(self, points=_moved(self.points, down))

    def svg(self, hatches: Hatches) -> str:
        """The mark as SVG."""
        if self.hatch:
            look = f' fill="url(#{hatches.name(self)})"'
        else:
            look = _fill(self.fill, self.opacity)
        if self.stroke:
            look += _stroke(self.stroke, self.width, self.dash, self.opacity)
            look += ' stroke-linejoin="miter"'
        return f'<path d="{_path(self.points)}z"{look}/>'


@dataclass(frozen=True, slots=True)
class Circle:
    """A circle; its radius is in points."""

    x: float
    y: float
    radius: float
    fill: str = ""
    stroke: str = ""
    width: float = 1.0

    def moved(self, down: float) -> Circle:
        """The same circle so many inches further down."""
        return replace(self, y=self.y + down)

    def svg(self, hatches: Hatches) -> str:
        """The mark as SVG."""
        at = f'cx="{short(self.x * 72)}" cy="{short(self.y * 72)}" r="{short(self.radius)}"'
        stroke = _stroke(self.stroke, self.width) if self.stroke else ""
        return f"<circle {at}{_fill(self.fill)}{stroke}/>"


@dataclass(frozen=True, slots=True)
class Words:
    """One line of words that begins, ends or has its middle at its place, on its baseline.

    `turn` turns it about that place, in degrees against the clock.
    """

    x: float
    y: float
    text: str
    size: float = SIZE
    color: str = INK
    bold: bool = False
    italic: bool = False
    side: Side = "left"
    turn: float = 0.0

    def moved(self, down: float) -> Words:
        """The same words so many inches further down."""
        return replace(self, y=self.y + down)

    def svg(self, hatches: Hatches) -> str:
        """The mark as SVG."""
        x, y = short(self.x * 72), short(self.y * 72)
        look = f' font-size="{short(self.size)}" fill="{self.color}"'
        look += ' font-weight="700"' * self.bold + ' font-style="italic"' * self.italic
        look += _ANCHORS[self.side]
        if self.turn:
            look += f' transform="rotate({short(-self.turn)} {x} {y})"'
        return f'<text x="{x}" y="{y}"{look}>{escape(self.text, quote=False)}</text>'


Mark = Line | Curve | Shape | Circle | Words


class Surface:
    """A sheet of paper, so many inches tall and wide, and the marks on it."""

    def __init__(self, height: float, width: float = WIDTH) -> None:
        self.width, self.height = width, height
        self._marks: list[tuple[float, Mark]] = []

    @property
    def marks(self) -> list[Mark]:
        """The marks in the order in which they are drawn, the lowest first."""
        return [mark for _, mark in sorted(self._marks, key=lambda put: put[0])]

    def put(self, mark: Mark, level: float = 0.0) -> None:
        """Put a mark on the surface."""
        self._marks.append((level, mark))

    def line(
        self,
        points: Iterable[Point],
        color: str,
        *,
        width: float = 1.0,
        dash: tuple[float, ...] = (),
        cap: Cap = "square",
        opacity: float = 1.0,
        level: float = 2.0,
    ) -> None:
        """Draw a line through points; a single one is no line, and draws nothing."""
        piece = tuple(points)
        if len(piece) > 1:
            self.put(Line((piece,), color, width, dash, cap, opacity), level)

    def rectangle(
        self,
        x: float,
        y: float,
        wide: float,
        tall: float,
        *,
        fill: str = "",
        stroke: str = "",
        width: float = 1.0,
        dash: tuple[float, ...] = (),
        hatch: str = "",
        hatch_color: str = PAPER,
        opacity: float = 1.0,
        level: float = 1.0,
    ) -> None:
        """Draw a rectangle from its upper left corner."""
        corners = ((x, y), (x + wide, y), (x + wide, y + tall), (x, y + tall))
        self.put(Shape(corners, fill, stroke, width, dash, hatch, hatch_color, opacity), level)

    def mark(
        self,
        x: float,
        y: float,
        shape: MarkShape = "circle",
        *,
        size: float,
        fill: str,
        stroke: str = "",
        width: float = 1.0,
        level: float = 2.0,
    ) -> None:
        """Mark a place; `size` is in points. The outline has the fill's colour if none is named."""
        stroke = stroke or fill
        if shape == "circle":
            self.put(Circle(x, y, size / 2, fill, stroke, width), level)
            return
        points = tuple((x + a * size / 72, y + b * size / 72) for a, b in _OUTLINES[shape])
        self.put(Shape(points, fill, stroke, width), level)

    def write(
        self,
        x: float,
        y: float,
        words: str,
        *,
        size: float = SIZE,
        color: str = INK,
        bold: bool = False,
        italic: bool = False,
        side: Side = "left",
        turn: float = 0.0,
        ground: float | None = None,
        level: float = 3.0,
    ) -> None:
        """Write one line of words, on a ground of paper with so many points around them if named.

        The ground keeps what lies below from running through words that begin at their place.
        """
        text = one_line(words)
        if ground is not None:
            wide = width_of(text, size, bold=bold)
            pad, tall = ground / 72, size / 72
            self.rectangle(
                x - pad, y - _ASCENT * tall - pad, wide + 2 * pad, tall + 2 * pad,
                fill=PAPER, level=level,
            )  # fmt: skip
        self.put(Words(x, y, text, size, color, bold, italic, side, turn), level)

    def write_lines(
        self,
        x: float,
        y: float,
        lines: Sequence[str],
        *,
        size: float = SIZE,
        color: str = INK,
        bold: bool = False,
        side: Side = "left",
        ground: float | None = None,
        level: float = 3.0,
    ) -> float:
        """Write lines of words below each other from baseline `y`; the last baseline.

        Each line is a text of its own: so it stays aligned in fonts of other widths.
        """
        step = LINE_HEIGHT * size / 72
        for place, line in enumerate(lines):
            self.write(
                x, y + place * step, line, size=size, color=color, bold=bold, side=side,
                ground=ground, level=level,
            )  # fmt: skip
        return y + step * (len(lines) - 1)

    def svg(self) -> str:
        """The whole surface as SVG text; the same marks give the same bytes at any time."""
        hatches = Hatches()
        ground = Shape(
            ((0, self.height), (self.width, self.height), (self.width, 0), (0, 0)), fill=PAPER
        )
        drawn = "".join(mark.svg(hatches) for mark in (ground, *self.marks))
        wide, tall = short(self.width * 72), short(self.height * 72)
        return (
            f'<svg width="{wide}pt" height="{tall}pt" viewBox="0 0 {wide} {tall}" '
            f'xmlns="http://www.w3.org/2000/svg" version="1.1" '
            f'font-family="{escape(FONTS)}" stroke-linejoin="round">{hatches.svg()}{drawn}</svg>'
        )


def stacked(surfaces: Sequence[Surface]) -> Surface:
    """One surface with the marks of several, below each other."""
    whole = Surface(
        math.fsum(each.height for each in surfaces), max(each.width for each in surfaces)
    )
    down = 0.0
    for each in surfaces:
        for mark in each.marks:
            whole.put(mark.moved(down))
        down += each.height
    return whole


class Hatches:
    """The hatches of one SVG, each said once, whoever asks for it again."""

    def __init__(self) -> None:
        self._drawn: dict[str, str] = {}

    def name(self, shape: Shape) -> str:
        """The id under which a shape's hatch stands."""
        side, color = short(_HATCH), shape.hatch_color
        count = 6 * len(shape.hatch)
        steps = [_HATCH * (place / count - 0.5) for place in range(count + 1)]
        strokes = "".join(
            f"M{short(s)} {short(_HATCH + s)}L{short(_HATCH + s)} {short(s)}" for s in steps
        )
        form = (
            f'<pattern id="{{}}" patternUnits="userSpaceOnUse" width="{side}" height="{side}">'
            f'<rect width="{side}" height="{side}" fill="{shape.fill or "none"}"/>'
            f'<path d="{strokes}" fill="{color}" stroke="{color}" '
            f'stroke-width="{short(HATCH_WIDTH)}"/></pattern>'
        )
        return self._drawn.setdefault(form, f"s{len(self._drawn) + 1}")

    def svg(self) -> str:
        """All hatches that were asked for."""
        parts = "".join(form.format(name) for form, name in self._drawn.items())
        return f"<defs>{parts}</defs>" if parts else ""


def _moved(points: Iterable[Point], down: float) -> tuple[Point, ...]:
    return tuple((x, y + down) for x, y in points)


def _path(points: Iterable[Point]) -> str:
    drawn = "L".join(f"{short(x * 72)} {short(y * 72)}" for x, y in points)
    return f"M{drawn}"


def _fill(color: str, opacity: float = 1.0) -> str:
    if not color:
        return ' fill="none"'
    return f' fill="{color}"' + ("" if opacity == 1 else f' fill-opacity="{short(opacity)}"')


def _stroke(color: str, width: float, dash: tuple[float, ...] = (), opacity: float = 1.0) -> str:
    look = f' stroke="{color}"' + ("" if opacity == 1 else f' stroke-opacity="{short(opacity)}"')
    look += "" if width == 1 else f' stroke-width="{short(width)}"'
    if dash:
        look += f' stroke-dasharray="{" ".join(short(part * width) for part in dash)}"'
    return look
