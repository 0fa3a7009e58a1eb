"""A bare sheet to draw on, measured in inches from its top, and words that need no measuring.

An ordinary matplotlib plot makes ticks, limits, titles and spines first; on a sheet without axes
all of them are then switched off, at three quarters of the cost of the whole figure.
"""

from __future__ import annotations

from functools import lru_cache
from typing import Any

from matplotlib.artist import Artist
from matplotlib.axes import Axes
from matplotlib.colors import to_rgba
from matplotlib.figure import Figure
from matplotlib.font_manager import FontProperties
from matplotlib.lines import Line2D
from matplotlib.patches import Patch
from matplotlib.text import Text
from matplotlib.transforms import Affine2D

from playbook_helpers.charts.svg import SvgRenderer

_FULL = {
    "lw": "linewidth",
    "ls": "linestyle",
    "ms": "markersize",
    "mfc": "markerfacecolor",
    "mec": "markeredgecolor",
    "mew": "markeredgewidth",
}


@lru_cache(maxsize=64)
def font(size: float, weight: str) -> FontProperties:
    """The measuring font in one size and weight; shared, so never to be changed."""
    return FontProperties(family=["DejaVu Sans"], size=size, weight=weight)


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
        return dict(Artist.__getstate__(self))

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
        a.set_figure(self.get_figure())
        if not a.is_transform_set():
            a.set_transform(self.transData)
        self._children.append(a)
        return a

    def get_children(self) -> list[Artist]:
        """What is drawn on it."""
        return list(self._children)

    def get_axes_locator(self) -> None:
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
