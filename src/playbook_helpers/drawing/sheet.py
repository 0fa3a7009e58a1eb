"""A bare sheet to draw on, measured in inches from its top, and words that need no measuring.

An ordinary matplotlib plot makes ticks, limits, titles and spines first; on a sheet without axes
all of them are then switched off, at three quarters of the cost of the whole figure.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Any, Literal

from matplotlib.artist import Artist
from matplotlib.axes import Axes
from matplotlib.colors import to_rgba
from matplotlib.figure import Figure
from matplotlib.font_manager import FontProperties
from matplotlib.lines import Line2D
from matplotlib.patches import Patch, PathPatch
from matplotlib.path import Path
from matplotlib.text import Text
from matplotlib.transforms import Affine2D

from playbook_helpers.drawing.svg import SvgRenderer

_FULL = {
    "lw": "linewidth",
    "ls": "linestyle",
    "ms": "markersize",
    "mfc": "markerfacecolor",
    "mec": "markeredgecolor",
    "mew": "markeredgewidth",
}


Style = Literal["normal", "italic", "oblique"]
Side = Literal["left", "center", "right"]


@lru_cache(maxsize=64)
def font(size: float, weight: str = "normal", style: Style = "normal") -> FontProperties:
    """The measuring font in one size and look; shared, so never to be changed."""
    return FontProperties(family=["DejaVu Sans"], size=size, weight=weight, style=style)


class Words(Text):
    """One line of text. In SVG it stands where it is put, without being measured."""

    def draw(self, renderer: Any) -> None:
        """Draw it: the short way where nothing has to be known of its size."""
        angle = self.get_rotation()
        short_way = (
            isinstance(renderer, SvgRenderer)
            and self.get_verticalalignment() == "baseline"
            and (angle == 0 or self.get_rotation_mode() == "anchor")
            and self.get_bbox_patch() is None
        )
        if not short_way or not self.get_text():
            super().draw(renderer)
            return
        x, y = self.get_transform().transform(self.get_unitless_position())
        _, height = renderer.get_canvas_width_height()
        anchor, color = self.get_horizontalalignment(), to_rgba(self.get_color())
        renderer.words(
            float(x), height - float(y), self.get_text(), self.get_fontproperties(), color, anchor,
            angle,
        )  # fmt: skip


class Sheet(Axes):
    """The whole of a figure as a plot without axes: inches to the right and down."""

    def __init__(self, figure: Figure) -> None:
        Artist.__init__(self)  # and not that of a plot with axes: see above
        Artist.set_figure(self, figure)
        width, height = figure.get_size_inches()
        self._children: list[Artist] = []
        self._projection_init = (type(self), {})  # as a figure notes of every plot
        self.transData = Affine2D().scale(1.0, -1.0).translate(0.0, height) + figure.dpi_scale_trans
        self.transAxes = figure.transFigure
        self.inches = (float(width), float(height))

    def __getstate__(self) -> dict[str, Any]:
        state: Any = Artist.__getstate__(self)
        return dict(state)

    def __setstate__(self, state: dict[str, Any]) -> None:
        self.__dict__ = state

    def plot(self, x: Any, y: Any, **look: Any) -> list[Line2D]:  # type: ignore[override]
        """Draw a line through points, or marks at them."""
        line = Line2D(x, y, **{_FULL.get(name, name): value for name, value in look.items()})
        self.add_artist(line)
        return [line]

    def add_patch(self, p: Patch) -> Patch:
        """Draw a shape."""
        self.add_artist(p)
        return p

    def add_artist(self, a: Artist) -> Artist:
        """Draw anything else that matplotlib can draw."""
        a.set_figure(self.get_figure())  # type: ignore[arg-type]
        if not a.is_transform_set():
            a.set_transform(self.transData)
        self._children.append(a)
        return a

    def get_children(self) -> list[Artist]:
        """What is drawn on it."""
        return list(self._children)

    def get_axes_locator(self) -> Any:
        """It lies where it lies."""

    def apply_aspect(self, position: Any = None) -> None:
        """An inch is an inch in both directions."""

    def get_tightbbox(self, *args: Any, **more: Any) -> Any:
        """All of the figure."""
        return self.get_figure().bbox  # type: ignore[union-attr]

    def draw(self, renderer: Any) -> None:
        """Draw what is on it, what lies lowest first."""
        for artist in sorted(self._children, key=lambda each: each.get_zorder()):
            artist.draw(renderer)


Marks = Sequence[tuple[float, str]]
"""Places on a scale, and the words beside them."""


class Graph(Sheet):
    """A plot with scales: a part of a figure in which places are values.

    `box` is its left and lower edge, its width and height in inches from the figure's lower left
    corner; `x` and `y` are the values at its edges.
    """

    def __init__(
        self,
        figure: Figure,
        box: tuple[float, float, float, float],
        x: tuple[float, float],
        y: tuple[float, float],
    ) -> None:
        super().__init__(figure)
        self.box, self.ends = box, (x, y)
        left, low, width, height = box
        inches = figure.dpi_scale_trans
        self.transAxes = Affine2D().scale(width, height).translate(left, low) + inches
        self.transData = (
            Affine2D()
            .translate(-x[0], -y[0])
            .scale(width / (x[1] - x[0]), height / (y[1] - y[0]))
            .translate(left, low)
            + inches
        )
        self.below: list[Text] = []

    def axhline(self, y: float, **look: Any) -> Line2D:  # type: ignore[override]
        """Draw a line from edge to edge at one height."""
        return self.plot(self.ends[0], (y, y), **look)[0]

    def axvline(self, x: float, **look: Any) -> Line2D:  # type: ignore[override]
        """Draw a line from bottom to top at one place."""
        return self.plot((x, x), self.ends[1], **look)[0]

    def scales(self, across: Marks, up: Marks, look: ScaleLook) -> None:
        """Draw a line behind everything at each mark of the upright scale, and the words of both.

        Words stand where matplotlib would have put them after measuring: their height is known.
        """
        left, low, width, height = self.box
        (x0, x1), (y0, y1) = self.ends
        inches = self.get_figure().dpi_scale_trans  # type: ignore[union-attr]
        middle, top = 0.38 * look.size / 72, 0.76 * look.size / 72
        lines = []
        for value, words in up:
            at = low + height * (value - y0) / (y1 - y0)
            lines += [(left, at), (left + width, at)]
            self._beside(left - look.gap, at - middle, words, "right", inches, look)
        self._strokes(lines, inches, edgecolor=look.grid, linewidth=1.0, zorder=0.5)
        drop = low - look.tick - look.gap - top
        for value, words in across:
            at = left + width * (value - x0) / (x1 - x0)
            self.below.append(self._beside(at, drop, words, "center", inches, look))
        if look.tick:
            spots = [left + width * (value - x0) / (x1 - x0) for value, _ in across]
            ticks = [end for at in spots for end in ((at, low), (at, low - look.tick))]
            self._strokes(ticks, inches, edgecolor=look.floor, linewidth=0.8, zorder=0.5)
            floor = [(left, low), (left + width, low)]
            self._strokes(floor, inches, edgecolor=look.floor, linewidth=1.0, zorder=2.5)

    def get_xticklabels(self, *args: Any, **more: Any) -> list[Text]:
        """The words below."""
        return self.below

    def _strokes(self, ends: Sequence[tuple[float, float]], inches: Any, **look: Any) -> None:
        if ends:
            codes = [Path.MOVETO, Path.LINETO] * (len(ends) // 2)
            path = Path(list(ends), codes)
            self.add_patch(PathPatch(path, facecolor="none", transform=inches, **look))

    def _beside(
        self, x: float, y: float, words: str, side: Side, inches: Any, look: ScaleLook
    ) -> Text:
        text = Words(
            x, y, words, color=look.color, fontproperties=font(look.size), transform=inches,
            horizontalalignment=side, verticalalignment="baseline", parse_math=False, zorder=0.5,
        )  # fmt: skip
        self.add_artist(text)
        return text


@dataclass(frozen=True, slots=True)
class ScaleLook:
    """How scales look: colours, the size of their words, and distances in inches."""

    color: str
    grid: str
    floor: str
    size: float
    gap: float = 6 / 72
    tick: float = 0.0
    """Length of the ticks below; 0 for none, and no line to stand on."""
