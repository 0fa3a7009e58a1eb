"""How a notebook's cells show things: live to a person, as a document, or on the site.

The same cell serves three readers. In JupyterLab, Voila or the browser's Python it may answer
back (a form, a slider) and is redrawn when something is saved. In an executed notebook it is a
page to read. On the published site a form is the reader's own to fill in.
"""

from __future__ import annotations

import os
import re
import sys
from base64 import b64encode
from collections.abc import Callable
from typing import TYPE_CHECKING, Any, Literal, get_args

from playbook_helpers.core.errors import InputError, NotFound
from playbook_helpers.drawing.html import Markup
from playbook_helpers.drawing.surface import Surface
from playbook_helpers.drawing.tables import styled

if TYPE_CHECKING:
    from matplotlib.figure import Figure

Mode = Literal["live", "document", "site"]
MODE_VARIABLE = "PLAYBOOK_SHOW"
Images = Literal["svg", "png"]
"""What charts carry beside HTML, for viewers that show none: SVG, or PNG as well."""
IMAGES_VARIABLE = "PLAYBOOK_IMAGES"
_VOILA = "SERVER_SOFTWARE"
# A front end in a browser or in VS Code names its requests by a UUID alone. A Python program
# (nbclient, and with it papermill, nbconvert, nbval) names its session, process and a count.
_BY_FRONT_END = re.compile(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}", re.ASCII)


def display_mode() -> Mode:
    """Who is looking: a person at a live front end, a reader of a document, or of the site.

    PLAYBOOK_SHOW says so, but cannot make live what a program runs. Without it, it is live only
    if the request that is being carried out came from a front end. Variables of a server are no
    sign: whatever a person starts from a live notebook or its terminal inherits them. When
    nothing tells, it is a document, which holds only what anybody may see.
    """
    named = os.environ.get(MODE_VARIABLE, "")
    if named in ("document", "site"):
        return named  # type: ignore[return-value]
    request = _request()
    if request:
        by_person = _BY_FRONT_END.fullmatch(request) is not None or _is_voila()
    else:
        by_person = named == "live" or sys.platform == "emscripten"
    return "live" if by_person else "document"


def images_wanted(named: str = "") -> Images:
    """The images that charts carry: those named, else what PLAYBOOK_IMAGES says, else SVG.

    Raises InputError for images that there are not.
    """
    wanted = named or os.environ.get(IMAGES_VARIABLE, "") or "svg"
    if wanted not in get_args(Images):
        raise InputError(
            "Charts carry no such images", value=wanted, allowed=", ".join(get_args(Images))
        )
    return wanted  # type: ignore[return-value]


def notebook_shell() -> Any:
    """IPython's shell where code runs in one; else None, and IPython is not loaded for it."""
    ipython = sys.modules.get("IPython")
    return ipython.get_ipython() if ipython is not None else None


def _request() -> str:
    """The id of the request that the kernel is carrying out; empty where there is no kernel."""
    kernel = getattr(notebook_shell(), "kernel", None)
    try:
        return str(kernel.get_parent()["header"]["msg_id"])  # type: ignore[union-attr]
    except (AttributeError, LookupError, TypeError):
        return ""


def _is_voila() -> bool:
    """Whether Voila started this very kernel. Its mark is also inherited by what the kernel starts,
    but then the process that started it has it too."""
    if not os.environ.get(_VOILA, "").startswith("voila"):
        return False
    import psutil  # type: ignore[import-untyped]

    try:
        parent = psutil.Process(os.getppid()).environ()
    except (psutil.Error, OSError):
        return False
    return not parent.get(_VOILA, "").startswith("voila")


class Shown:
    """Something a cell shows, drawn when it is shown and, where it is live, drawn again.

    `draw` returns an object with `_repr_mimebundle_` (or a widget). `listeners` collects, in
    live mode, the functions to call after a save.
    """

    def __init__(self, draw: Callable[[], Any], listeners: list[Callable[[], None]]) -> None:
        self._draw = draw
        self._listeners = listeners

    def _ipython_display_(self) -> None:
        if display_mode() != "live":
            raise NotImplementedError  # IPython then asks for the mime bundle
        from IPython.display import display

        drawn = self._draw()
        if not hasattr(drawn, "html"):  # a widget draws itself
            display(drawn)  # type: ignore[no-untyped-call]
            return
        from playbook_helpers.drawing.live_html import live_html

        shown = live_html(drawn._repr_mimebundle_())
        handle = display(shown, display_id=True)  # type: ignore[no-untyped-call]

        def redraw() -> None:
            shown.draw(self._draw()._repr_mimebundle_())
            if handle is not None:  # so that the notebook's file has it, too
                handle.update(shown)

        self._listeners.append(redraw)

    def _repr_mimebundle_(self, **kwargs: Any) -> Any:
        return self._draw()._repr_mimebundle_(**kwargs)

    def html(self) -> str:
        """What it shows now, as HTML."""
        return str(self._draw().html())

    def figure(self) -> Figure:
        """The picture that it shows now, as a matplotlib figure: see `Html.figure`."""
        found: Figure = self._draw().figure()
        return found


class Html:
    """A piece of ready, safe HTML for a cell to show, with plain text and its style beside it.

    An `image` stands beside it for viewers that show no HTML: as SVG, and where `images` is "png"
    as PNG too; then also as PDF, since nbconvert asks Inkscape for one of any SVG without it on its
    way to LaTeX.
    """

    def __init__(
        self, html: str, text: str = "", image: Surface | None = None, images: Images = "svg"
    ) -> None:
        self._html = html
        self._text = text or "(shown as a page)"
        self.image = image
        self._images = images

    def html(self) -> Markup:
        """The HTML."""
        return Markup(self._html)

    def text(self) -> str:
        """The plain text."""
        return self._text

    def figure(self) -> Figure:
        """The image as a matplotlib figure, to go on from or to save; NotFound if there is none."""
        from playbook_helpers.drawing.figure import figure_of

        if self.image is None:
            raise NotFound(
                "There is no picture here", value=self._text, allowed="a chart with data"
            )
        return figure_of(self.image)

    def _repr_mimebundle_(self, **_: Any) -> dict[str, str]:
        bundle = {"text/html": styled(self._html), "text/plain": self._text}
        if self.image is not None:
            bundle["image/svg+xml"] = self.image.svg()
            if self._images == "png":
                from playbook_helpers.drawing.figure import image_of

                png, pdf = image_of(self.image, "png"), image_of(self.image, "pdf")
                bundle["image/png"] = b64encode(png).decode("ascii")
                bundle["application/pdf"] = b64encode(pdf).decode("ascii")
        return bundle
