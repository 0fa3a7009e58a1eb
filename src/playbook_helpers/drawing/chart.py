"""A chart: a picture, the title that says its point, alt text with its reading, and its table.

Pictures are marks on a surface (`surface.py`) and written as SVG, which keeps text as text: it
stays sharp, small, and in the reader's own fonts, whatever script it is written in. matplotlib
takes over where somebody asks for a figure or an image.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any
from urllib.parse import quote

from playbook_helpers.drawing.display import Html, Images
from playbook_helpers.drawing.html import Markup, element, joined
from playbook_helpers.drawing.style import DARK
from playbook_helpers.drawing.surface import Surface, stacked
from playbook_helpers.drawing.tables import Table
from playbook_helpers.drawing.words import wrapped

if TYPE_CHECKING:
    from matplotlib.figure import Figure


@dataclass(frozen=True, slots=True)
class Chart:
    """A picture with its title (the point it makes), alt text (its reading), table and source."""

    surface: Surface
    title: str
    alt: str
    table: Table
    source: str = ""

    def svg(self) -> str:
        """The picture as SVG text; the same chart gives the same bytes at any time."""
        return self.surface.svg()

    def figure(self) -> Figure:
        """The picture as a matplotlib figure, to go on from or to save as PDF."""
        from playbook_helpers.drawing.figure import figure_of

        return figure_of(self.surface)

    def png(self, dpi: float = 144) -> bytes:
        """The picture as a PNG image, for places that take no SVG."""
        from playbook_helpers.drawing.figure import image_of

        return image_of(self.surface, "png", dpi)

    def image(self) -> Markup:
        """The picture with its alt text, light or dark as the page that it stands in."""
        return image_of(self.surface, self.alt)

    def html(self) -> Markup:
        """Title, picture with alt text, source, and the numbers behind it; all text escaped."""
        summary = element("summary", "The numbers behind this chart")
        return element(
            "figure",
            element("figcaption", self.title),
            self.image(),
            element("p", self.source, class_="pb-source") if self.source else None,
            element("details", summary, self.table.html(), class_="pb-more"),
            class_="pb-chart",
        )

    def _repr_mimebundle_(self, **more: Any) -> dict[str, str]:
        return shown([self])._repr_mimebundle_(**more)


def image_of(surface: Surface, alt: str) -> Markup:
    """A surface as an image with alt text, light or dark as the page that it stands in."""
    head, closing, marks = surface.svg().partition(">")
    address = f"data:image/svg+xml,{in_address(head + closing + _dark_style() + marks)}"
    return element("img", alt=alt, src=address)


def _dark_style() -> str:
    """The colours of a dark page. A browser goes by the `color-scheme` of the image's element."""
    rules = (
        f'[{part}="{light}"]{{{part}:{dark}}}'
        for light, dark in DARK.items()
        for part in ("fill", "stroke")
    )
    return f"<style>@media (prefers-color-scheme:dark){{{''.join(rules)}}}</style>"


def shown(
    charts: Sequence[Chart], images: Images = "svg", before: str = "", after: str = ""
) -> Html:
    """Charts as a cell shows them: each as a figure, and in one image all of them below each other.

    In the image each has its title above it, since it is for viewers that show no HTML and so
    nothing else. `before` and `after` are HTML that stands above and below the charts.
    """
    html = joined(Markup(before), (chart.html() for chart in charts), Markup(after))
    text = "\n".join(f"{chart.title}\n{chart.alt}" for chart in charts)
    parts = [part for chart in charts for part in (_headed(chart.title), chart.surface)]
    return Html(html, text, stacked(parts) if parts else None, images)


def _headed(title: str) -> Surface:
    lines = wrapped(title, 5.0, 4)
    head = Surface(0.2 + 0.22 * len(lines))
    head.write_lines(0.03, 0.24, lines, bold=True)
    return head


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


def numeric(value: object) -> float | None:
    """A row's number, or None where there is none."""
    if isinstance(value, bool) or not isinstance(value, int | float):
        return None
    return float(value)


def number_of(value: object) -> float:
    """A row's number, 0 where there is none."""
    return numeric(value) or 0.0


def text_of(value: object) -> str:
    """A row's text, empty where there is none."""
    return "" if value is None else str(value)
