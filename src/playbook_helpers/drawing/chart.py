"""What every chart shares: the Chart object, one style, safe text, scales and wrapping.

A chart is a figure, the title that says its point, alt text that gives its reading, and the table
of its numbers. Figures are made directly, never through pyplot, so nothing is left behind between
charts. The SVG (`svg.py`) keeps text as text: it stays sharp, small, and in the reader's own fonts,
whatever script it is written in. Sizes are chosen so that a figure fits a phone: drawn 5.4 inches
wide, its text of 11 and 12 points is 10 to 11 pixels tall where the figure has 360 pixels.
"""

from __future__ import annotations

import io
import itertools
import math
import unicodedata
import warnings
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cache
from html import escape
from typing import TYPE_CHECKING, Any
from urllib.parse import quote

from playbook_helpers.core.assessment import Row
from playbook_helpers.drawing.tables import Table, styled

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure
    from matplotlib.text import Text

    from playbook_helpers.drawing.sheet import Style

INK, GREY, LINE, TRACK, PAPER = "#1b2430", "#4a5664", "#8d989f", "#e3e8ea", "#ffffff"
TEAL, PALE_TEAL = "#0b6b6b", "#8fbfbd"
BLUE, VERMILLION = "#0072B2", "#D55E00"
WIDTH = 5.4
"""Inches; every figure has the same width, so that text has the same size in all of them."""
SIZE, SMALL = 12.0, 11.0
DPI = 72.0
"""Dots to the inch in SVG: a point each."""
FONTS = (
    "system-ui, -apple-system, 'Segoe UI', Roboto, 'Noto Sans', 'Helvetica Neue', Arial, sans-serif"
)
"""The reader's own fonts. All are narrower than the DejaVu Sans that text is measured with."""

_STYLE: Mapping[str, Any] = {
    "font.family": ["DejaVu Sans"],
    "font.size": SIZE,
    "text.parse_math": False,
    "text.usetex": False,
    "path.simplify": True,
    "hatch.linewidth": 1.1,
    "hatch.color": PAPER,
    "axes.unicode_minus": True,
    "savefig.bbox": None,
    "savefig.facecolor": PAPER,
    "savefig.transparent": False,
    "figure.autolayout": False,
    "figure.constrained_layout.use": False,
}


@contextmanager
def drawing() -> Iterator[None]:
    """The playbook's style for the length of a block, whatever the reader's settings are.

    A script that the measuring font lacks draws no warning: the SVG holds the text itself, and
    the reader's fonts show it.
    """
    import matplotlib

    with warnings.catch_warnings():
        warnings.filterwarnings(
            "ignore", message=r"(?s)Glyph .* missing from", category=UserWarning
        )
        warnings.filterwarnings("ignore", message=r"(?s).*Matplotlib currently does not support")
        # Only what the style sets is touched: the backend stays as it was. The style has been
        # checked once; matplotlib's own way copies and checks all settings each time.
        held: Any = matplotlib.rcParams
        before = {name: held[name] for name in _STYLE}
        dict.update(held, _checked_style())
        try:
            yield
        finally:
            dict.update(held, before)


@cache
def _checked_style() -> dict[str, Any]:
    import matplotlib

    settings: Any = dict(_STYLE)
    checked: Any = matplotlib.RcParams(settings)
    return {name: checked[name] for name in _STYLE}


@dataclass(frozen=True, slots=True)
class Chart:
    """A figure with its title (the point it makes), alt text (its reading), table and source."""

    figure: Figure
    title: str
    alt: str
    table: Table
    source: str = ""

    def svg(self) -> str:
        """The figure as SVG text; the same figure gives the same bytes at any time."""
        from playbook_helpers.drawing.svg import SvgRenderer

        width, height = self.figure.get_size_inches() * DPI
        renderer = SvgRenderer(float(width), float(height), FONTS)
        self.figure.set_dpi(DPI)
        with drawing():
            self.figure.draw(renderer)
        return renderer.text()

    def png(self, dpi: int = 144) -> bytes:
        """The figure as a PNG image, for places that take no SVG."""
        buffer = io.BytesIO()
        with drawing():
            self.figure.savefig(buffer, format="png", dpi=dpi, metadata={"Software": None})
        return buffer.getvalue()

    def html(self) -> str:
        """Title, picture with alt text, source, and the numbers behind it; all text escaped."""
        data = in_address(self.svg())
        source = f'<p class="pb-source">{escape(self.source)}</p>' if self.source else ""
        return (
            f'<figure class="pb-chart"><figcaption>{escape(self.title)}</figcaption>'
            f'<img alt="{escape(self.alt)}" src="data:image/svg+xml,{escape(data)}">{source}'
            f'<details class="pb-more"><summary>The numbers behind this chart</summary>'
            f"{self.table.html()}</details></figure>"
        )

    def _repr_mimebundle_(self, **_: Any) -> dict[str, str]:
        return {"text/html": styled(self.html()), "text/plain": f"{self.title}\n{self.alt}"}


_SAFE = " !$&'()*+,-./:;=?@[]_~{}|^"


def in_address(svg: str) -> str:
    """SVG text as it may stand in a `data:` address: only what must be is written in another way.

    >>> in_address('<g id="é">')
    '%3Cg id=%22%C3%A9%22%3E'
    """
    if not svg.isascii():
        return quote(svg, safe=_SAFE)
    for letter in '%<>"#\\`':  # the per cent sign first: the others bring it in
        svg = svg.replace(letter, quote(letter))
    return svg if svg.isprintable() else quote(svg, safe=_SAFE + "%")


Draw = Callable[..., list[Chart]]
"""A function from an assessment (and choices by name, such as `goal`) to charts."""


# Making figures -------------------------------------------------------------------------------


def canvas(height: float) -> tuple[Figure, Axes]:
    """A figure `height` inches tall, all of it one bare plot measured in inches from the top.

    Layouts of labels and bars are drawn in inches, so that text and marks keep their distance
    whatever the number of rows.
    """
    from playbook_helpers.drawing.sheet import Sheet

    figure = new_figure(height)
    axes = Sheet(figure)
    figure.add_axes(axes)
    return figure, axes


def new_figure(height: float) -> Figure:
    """An empty figure, `height` inches tall."""
    from matplotlib.figure import Figure

    return Figure(figsize=(WIDTH, height), dpi=DPI)


def write(
    axes: Axes,
    x: float,
    y: float,
    words: str,
    *,
    size: float = SIZE,
    color: str = INK,
    weight: str = "normal",
    style: Style = "normal",
    ha: str = "left",
    va: str = "baseline",
    **more: Any,
) -> Text:
    """One line of text, which is never read as a formula."""
    from playbook_helpers.drawing.sheet import Words, font

    sides: Any = {"horizontalalignment": ha, "verticalalignment": va}
    text = Words(
        x,
        y,
        plain(words),
        color=color,
        fontproperties=font(size, weight, style),
        **sides,
        parse_math=False,
        clip_on=False,
        **more,
    )
    axes.add_artist(text)
    return text


def write_lines(axes: Axes, x: float, y: float, lines: Sequence[str], **look: Any) -> float:
    """Lines of text below each other from baseline `y`, in inches; the last baseline.

    Each line is a text of its own: so it stays aligned in fonts of other widths.
    """
    step = 1.28 * float(look.get("size", SIZE)) / 72
    for place, line in enumerate(lines):
        write(axes, x, y + place * step, line, **look)
    return y + step * (len(lines) - 1)


def plain(text: str) -> str:
    """Text on one line, without what an SVG file may not hold.

    >>> plain("a\\nb\\ufffe")
    'a b'
    """
    if text.isascii() and text.isprintable():
        return " ".join(text.split())
    kept = (c for c in text if ord(c) not in (0xFFFE, 0xFFFF) and unicodedata.category(c) != "Cs")
    return " ".join("".join(c if c.isprintable() or c.isspace() else "" for c in kept).split())


def columns_of(text: str) -> float:
    """How wide text is, in letters of ordinary width: wide scripts and emoji count more.

    >>> columns_of("abc"), columns_of("日本")
    (3, 4)
    """
    if text.isascii():
        return len(text)
    wide = sum(unicodedata.east_asian_width(c) in "WF" or ord(c) > 0x1F000 for c in text)
    marks = sum(unicodedata.combining(c) > 0 for c in text)
    return len(text) + wide - marks


def wrapped(text: str, inches: float, most: int = 2, size: float = SIZE) -> list[str]:
    """`text` broken into at most `most` lines of that width; what does not fit ends in "…".

    >>> wrapped("Reading at grade level by the end of third grade", 2.0)
    ['Reading at grade', 'level by the end of…']
    """
    limit = inches * 72 / (size * 0.58)
    lines: list[str] = []
    line = ""
    for word in plain(text).split():
        while columns_of(word) > limit:
            cut = max(1, int(limit * len(word) / columns_of(word)) - 1)
            head, word = word[:cut], word[cut:]
            if line:
                lines.append(line)
                line = ""
            lines.append(head)
        longer = f"{line} {word}".strip()
        if columns_of(longer) <= limit:
            line = longer
        else:
            lines.append(line)
            line = word
    lines = [part for part in (*lines, line) if part]
    if len(lines) <= most:
        return lines or [""]
    last = lines[most - 1]
    while columns_of(last) > limit - 1 and len(last) > 1:
        last = last[:-1]
    return [*lines[: most - 1], last.rstrip(" ,;:") + "…"]


def shares_of(count: int, most: int) -> list[slice]:
    """`count` rows in even parts of at most `most`, so that no last figure holds one row.

    >>> [(s.start, s.stop) for s in shares_of(30, 12)]
    [(0, 10), (10, 20), (20, 30)]
    """
    parts = max(1, math.ceil(count / most))
    edges = [round(count * place / parts) for place in range(parts + 1)]
    return [slice(a, b) for a, b in itertools.pairwise(edges)]


def nice_ticks(low: float, high: float, most: int = 5) -> list[float]:
    """Round values between `low` and `high`, at most `most` of them.

    >>> nice_ticks(0, 100)
    [0.0, 25.0, 50.0, 75.0, 100.0]
    """
    from matplotlib.ticker import MaxNLocator

    found = MaxNLocator(nbins=most - 1, steps=[1, 2, 2.5, 5, 10]).tick_values(low, high)
    slack = (high - low) * 1e-9
    return [float(v) for v in found if low - slack <= v <= high + slack]


def listed(names: Sequence[str], most: int = 3) -> str:
    """Names in a sentence.

    >>> listed(["A", "B", "C", "D"], most=2)
    'A, B and 2 more'
    """
    if len(names) > most:
        return f"{', '.join(names[:most])} and {len(names) - most} more"
    return names[0] if len(names) == 1 else f"{', '.join(names[:-1])} and {names[-1]}"


def numeric(row: Row, name: str) -> float | None:
    """A row's number, or None where there is none."""
    value = row.get(name)
    if isinstance(value, bool) or not isinstance(value, int | float):
        return None
    return float(value)


def text_of(row: Row, name: str) -> str:
    """A row's text, empty where there is none."""
    value = row.get(name)
    return "" if value is None else str(value)
