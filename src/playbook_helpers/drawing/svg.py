"""SVG as the charts want it: text as text, each style said once, nothing that no reader needs.

A matplotlib renderer of few words. Text is never measured: where a line of text begins, ends or
has its middle is said in the SVG, and the reader's own fonts decide the rest.
"""

from __future__ import annotations

from html import escape
from typing import TYPE_CHECKING, Any

from matplotlib.backend_bases import GraphicsContextBase, RendererBase
from matplotlib.colors import to_hex
from matplotlib.font_manager import FontProperties, weight_dict
from matplotlib.path import Path
from matplotlib.transforms import Affine2D, Bbox
from numpy import array_equal

if TYPE_CHECKING:
    from matplotlib.text import Text

_LETTERS = {Path.MOVETO: "M", Path.LINETO: "L", Path.CURVE3: "Q", Path.CURVE4: "C"}
_ANCHORS = {"center": "middle", "right": "end"}
_JOINS = {"miter": "miter", "bevel": "bevel"}
_CAPS = {"round": "round", "projecting": "square"}
_HATCH = 72.0
"""Points along the side of the square that a hatch repeats."""


def short(value: float) -> str:
    """A number with two decimals at most: a hundredth of a point is less than anybody sees.

    >>> short(12.3456), short(3.0), short(-0.001)
    ('12.35', '3', '0')
    """
    text = f"{value:.2f}".rstrip("0").rstrip(".")
    return "0" if text == "-0" else text


class SvgRenderer(RendererBase):
    """Draws one figure of so many points across and down; `text` is the SVG when it is done."""

    def __init__(self, width: float, height: float, fonts: str) -> None:
        super().__init__()
        self._width, self._height, self._fonts = width, height, fonts
        self._parts: list[str] = []
        self._shared: dict[str, str] = {}
        self._flip = Affine2D().scale(1.0, -1.0).translate(0.0, height)

    def text(self) -> str:
        """The whole SVG."""
        size = f'width="{short(self._width)}pt" height="{short(self._height)}pt"'
        box = f"0 0 {short(self._width)} {short(self._height)}"
        shared = f"<defs>{''.join(self._shared.values())}</defs>" if self._shared else ""
        return (
            f'<svg {size} viewBox="{box}" xmlns="http://www.w3.org/2000/svg" version="1.1" '
            f'font-family="{escape(self._fonts)}" stroke-linejoin="round">'
            f"{shared}{''.join(self._parts)}</svg>"
        )

    # What matplotlib asks of a renderer ------------------------------------------------------

    def get_canvas_width_height(self) -> tuple[float, float]:
        """The size in points."""
        return self._width, self._height

    def flipy(self) -> bool:
        """SVG counts from the top."""
        return True

    def get_text_width_height_descent(
        self, s: str, prop: FontProperties, ismath: Any
    ) -> tuple[float, float, float]:
        """The size of text in the measuring font."""
        return self._text2path.get_text_width_height_descent(s, prop, ismath)

    def draw_path(
        self,
        gc: GraphicsContextBase,
        path: Path,
        transform: Any,
        rgbFace: Any = None,  # noqa: N803 - matplotlib's name
    ) -> None:
        """Draw a line or a shape."""
        drawn = self._described(path, transform + self._flip)
        if drawn:
            self._parts.append(f'<path d="{drawn}"{self._look(gc, rgbFace)}/>')

    def draw_text(
        self,
        gc: GraphicsContextBase,
        x: float,
        y: float,
        s: str,
        prop: FontProperties,
        angle: float,
        ismath: Any = False,
        mtext: Text | None = None,
    ) -> None:
        """Draw a line of text that matplotlib has laid out; `x` and `y` count from the top."""
        anchor = "left"
        if mtext is not None and (angle == 0 or mtext.get_rotation_mode() == "anchor"):
            anchor = mtext.get_horizontalalignment()
            left, _ = mtext.get_transform().transform(mtext.get_unitless_position())
            x = float(left) if angle == 0 else x
        self.words(x, y, s, prop, gc.get_rgb(), anchor, angle)

    def words(
        self,
        x: float,
        y: float,
        words: str,
        font: FontProperties,
        color: Any,
        anchor: str = "left",
        angle: float = 0.0,
    ) -> None:
        """Write a line of text that begins, ends or has its middle at `x`."""
        named: Any = font.get_weight()
        weight = weight_dict.get(named, named)
        look = f' font-size="{short(font.get_size_in_points())}" fill="{to_hex(color)}"'
        if weight != 400:
            look += f' font-weight="{weight}"'
        if font.get_style() != "normal":
            look += f' font-style="{font.get_style()}"'
        if anchor in _ANCHORS:
            look += f' text-anchor="{_ANCHORS[anchor]}"'
        a, b = short(x), short(y)
        if angle:
            look += f' transform="rotate({short(-angle)} {a} {b})"'
        self._parts.append(f'<text x="{a}" y="{b}"{look}>{escape(words, quote=False)}</text>')

    # ------------------------------------------------------------------------------------------

    def draw_markers(
        self,
        gc: GraphicsContextBase,
        marker_path: Path,
        marker_trans: Any,
        path: Path,
        trans: Any,
        rgbFace: Any = None,  # noqa: N803 - matplotlib's name
    ) -> None:
        """Draw a mark at each point; round ones as circles."""
        if not _is_circle(marker_path):
            super().draw_markers(gc, marker_path, marker_trans, path, trans, rgbFace)
            return
        radius, look = short(marker_trans.get_matrix()[0, 0]), self._look(gc, rgbFace)
        for x, y in trans.transform(path.vertices):
            at = f'cx="{short(x)}" cy="{short(self._height - y)}"'
            self._parts.append(f'<circle {at} r="{radius}"{look}/>')

    @staticmethod
    def _described(path: Path, transform: Any) -> str:
        if len(path) < 2:  # a point is no line
            return ""
        parts = []
        for points, code in path.iter_segments(transform, simplify=False):
            if code == Path.CLOSEPOLY:
                parts.append("z")
            else:
                parts.append(_LETTERS[code] + " ".join(map(short, points)))
        return "".join(parts)

    def _look(self, gc: GraphicsContextBase, face: Any) -> str:
        alpha, forced = gc.get_alpha(), gc.get_forced_alpha()
        look = ""
        if gc.get_hatch() is not None:
            look += f' fill="url(#{self._hatched(gc, face)})"'
        elif face is None:
            look += ' fill="none"'
        else:
            look += f' fill="{to_hex(face)}"'
            look += _opacity("fill-opacity", alpha if forced else _alpha_of(face))
        width = gc.get_linewidth()
        if width:
            look += f' stroke="{to_hex(gc.get_rgb())}"'
            look += _opacity("stroke-opacity", alpha if forced else _alpha_of(gc.get_rgb()))
            look += "" if width == 1 else f' stroke-width="{short(width)}"'
            dashed: Any = gc.get_dashes()
            offset, dashes = dashed
            if dashes is not None:
                look += f' stroke-dasharray="{" ".join(short(d) for d in dashes)}"'
                look += f' stroke-dashoffset="{short(offset)}"' if offset else ""
            join, cap = gc.get_joinstyle(), gc.get_capstyle()
            look += f' stroke-linejoin="{_JOINS[join]}"' if join in _JOINS else ""
            look += f' stroke-linecap="{_CAPS[cap]}"' if cap in _CAPS else ""
        clipped: Any = gc.get_clip_path()
        box, (shape, moved) = gc.get_clip_rectangle(), clipped
        if shape is not None:
            look += f' clip-path="url(#{self._clip(self._described(shape, moved + self._flip))})"'
        elif box is not None:
            whole = Path.unit_rectangle()
            inside = Affine2D().scale(box.width, box.height).translate(box.x0, box.y0)
            if not _holds(box, self._width, self._height):
                drawn = self._described(whole, inside + self._flip)
                look += f' clip-path="url(#{self._clip(drawn)})"'
        return look

    def _clip(self, drawn: str) -> str:
        return self._kept(f'<clipPath id="{{}}"><path d="{drawn}"/></clipPath>')

    def _hatched(self, gc: GraphicsContextBase, face: Any) -> str:
        move = Affine2D().scale(_HATCH, -_HATCH).translate(0.0, _HATCH)
        drawn = self._described(gc.get_hatch_path(), move)
        ground = "none" if face is None else to_hex(face)
        color = to_hex(gc.get_hatch_color())
        side = short(_HATCH)
        return self._kept(
            f'<pattern id="{{}}" patternUnits="userSpaceOnUse" width="{side}" height="{side}">'
            f'<rect width="{side}" height="{side}" fill="{ground}"/>'
            f'<path d="{drawn}" fill="{color}" stroke="{color}" '
            f'stroke-width="{short(gc.get_hatch_linewidth())}"/></pattern>'
        )

    def _kept(self, form: str) -> str:
        """The id under which a clip or a hatch stands once, whoever asks for it again."""
        if form not in self._shared:
            self._shared[form] = form.format(f"s{len(self._shared) + 1}")
        return self._shared[form].split('"', 2)[1]


def _is_circle(path: Path) -> bool:
    circle = Path.unit_circle()
    return path is circle or (
        len(path) == len(circle) and bool(array_equal(path.vertices, circle.vertices))
    )


def _alpha_of(color: Any) -> float:
    return float(color[3]) if len(color) == 4 else 1.0


def _opacity(name: str, alpha: float | None) -> str:
    return "" if alpha is None or alpha == 1.0 else f' {name}="{short(alpha)}"'


def _holds(box: Bbox, width: float, height: float) -> bool:
    """Whether a clip is the whole figure and so clips nothing."""
    return bool(box.x0 <= 0 and box.y0 <= 0 and box.x1 >= width and box.y1 >= height)
