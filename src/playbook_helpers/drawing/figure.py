"""A surface as a matplotlib figure: for PNG, PDF, and whoever wants to go on from a picture.

Each mark becomes one artist of matplotlib's, whose looks are all said, so that the reader's own
settings change none of them. matplotlib is imported here alone, when a figure is asked for.
"""

from __future__ import annotations

import io
import warnings
from typing import TYPE_CHECKING, Any, Literal

from playbook_helpers.drawing.style import PAPER
from playbook_helpers.drawing.surface import (
    HATCH_WIDTH,
    Circle,
    Curve,
    Line,
    Mark,
    Shape,
    Surface,
)

if TYPE_CHECKING:
    from matplotlib.artist import Artist
    from matplotlib.figure import Figure


def figure_of(surface: Surface) -> Figure:
    """A figure of the surface's size that has one artist for each mark, in the order drawn.

    Its one pair of axes lies over all of it, unseen.
    """
    from matplotlib.figure import Figure
    from matplotlib.transforms import Affine2D

    figure = Figure(
        figsize=(surface.width, surface.height), dpi=72, facecolor=PAPER, edgecolor=PAPER,
        linewidth=0.0,
    )  # fmt: skip
    figure.set_layout_engine("none")
    # Nothing of it is seen. Notebooks show no figure without axes, and whoever goes on needs some:
    # their units are inches from the upper left corner, as those of the marks.
    axes = figure.add_axes((0.0, 0.0, 1.0, 1.0))
    axes.set(xlim=(0.0, surface.width), ylim=(surface.height, 0.0))
    axes.set_axis_off()
    from_top = Affine2D().scale(1.0, -1.0).translate(0.0, surface.height)
    for place, mark in enumerate(surface.marks):
        artist = _artist(mark)
        artist.set_zorder(place)
        artist.set_transform(from_top + figure.dpi_scale_trans)
        figure.add_artist(artist)
    return figure


def image_of(surface: Surface, form: Literal["png", "pdf"], dpi: float = 144) -> bytes:
    """The surface as a PNG image or a PDF page; the same surface gives the same bytes at any time.

    Letters that matplotlib's own font lacks are drawn as empty boxes, without a warning: who reads
    the SVG has fonts of their own.
    """
    from matplotlib.backends.backend_agg import FigureCanvasAgg
    from matplotlib.backends.backend_pdf import FigureCanvasPdf

    figure, buffer = figure_of(surface), io.BytesIO()
    with warnings.catch_warnings():
        warnings.filterwarnings(
            "ignore", message=r"(?s)Glyph .* missing from", category=UserWarning
        )
        warnings.filterwarnings("ignore", message=r"(?s).*Matplotlib currently does not support")
        canvas: Any
        if form == "png":
            figure.set_dpi(dpi)
            canvas = FigureCanvasAgg(figure)
            canvas.print_png(buffer, metadata={"Software": None})
        else:
            canvas = FigureCanvasPdf(figure)
            canvas.print_pdf(
                buffer, metadata=dict.fromkeys(("Creator", "Producer", "CreationDate"))
            )
    return buffer.getvalue()


def _artist(mark: Mark) -> Artist:
    from matplotlib.font_manager import FontProperties
    from matplotlib.lines import Line2D
    from matplotlib.patches import Circle as RoundPatch
    from matplotlib.patches import PathPatch, Polygon
    from matplotlib.path import Path
    from matplotlib.text import Text

    if isinstance(mark, Line) and len(mark.pieces) == 1:
        caps: Any = {
            "solid_capstyle": "projecting" if mark.cap == "square" else mark.cap,
            "dash_capstyle": "butt", "solid_joinstyle": "round", "dash_joinstyle": "round",
        }  # fmt: skip
        return Line2D(
            *zip(*mark.pieces[0], strict=True), color=mark.color, linewidth=mark.width,
            linestyle=_dashes(mark.dash), alpha=mark.opacity, marker="None", **caps,
        )  # fmt: skip
    if isinstance(mark, Line | Curve):
        if isinstance(mark, Curve):
            path = Path(list(mark.points), [Path.MOVETO, *[Path.CURVE4] * 3])
        else:
            path = Path.make_compound_path(*(Path(list(piece)) for piece in mark.pieces))
        return PathPatch(
            path, facecolor="none", edgecolor=mark.color, linewidth=mark.width,
            linestyle=_dashes(mark.dash), alpha=mark.opacity,
        )  # fmt: skip
    if isinstance(mark, Circle):
        return RoundPatch((mark.x, mark.y), mark.radius / 72, **_look(mark))
    if isinstance(mark, Shape):
        shape = Polygon(
            list(mark.points), closed=True, linestyle=_dashes(mark.dash), alpha=mark.opacity,
            hatch=mark.hatch or None, hatchcolor=mark.hatch_color, **_look(mark),
        )  # fmt: skip
        shape.set_hatch_linewidth(HATCH_WIDTH)
        return shape
    font = FontProperties(
        family=["DejaVu Sans"],
        size=mark.size,
        weight="bold" if mark.bold else "normal",
        style="italic" if mark.italic else "normal",
    )
    return Text(
        mark.x, mark.y, mark.text, color=mark.color, fontproperties=font,
        horizontalalignment=mark.side, verticalalignment="baseline", rotation=mark.turn,
        rotation_mode="anchor", parse_math=False, usetex=False,
    )  # fmt: skip


def _look(mark: Circle | Shape) -> dict[str, Any]:
    return {
        "facecolor": mark.fill or "none",
        "edgecolor": mark.stroke or "none",
        "linewidth": mark.width if mark.stroke else 0.0,
    }


def _dashes(dash: tuple[float, ...]) -> Any:
    return (0, dash) if dash else "solid"
