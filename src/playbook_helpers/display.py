"""How a notebook's cells show things: live to a person, as a document, or on the site.

The same cell serves three readers. In JupyterLab, Voila or the browser's Python it may answer
back (a form, a slider) and is redrawn when something is saved. In an executed notebook it is a
page to read. On the published site a form is the reader's own to fill in.
"""

from __future__ import annotations

import os
import sys
from collections.abc import Callable
from typing import Any, Literal

from playbook_helpers.tables import styled

Mode = Literal["live", "document", "site"]
MODE_VARIABLE = "PLAYBOOK_SHOW"
# Set by Jupyter Server for kernels that a person opened, by VS Code, and by Voila.
_LIVE_SIGNS = ("JPY_SESSION_NAME", "VSCODE_PID")


def display_mode() -> Mode:
    """Who is looking: PLAYBOOK_SHOW if set, else told from what started the kernel.

    papermill, nbval and nbconvert leave no sign, so a document is what is shown without one.
    """
    named = os.environ.get(MODE_VARIABLE, "")
    if named in ("live", "document", "site"):
        return named  # type: ignore[return-value]
    voila = os.environ.get("SERVER_SOFTWARE", "").startswith("voila")
    in_browser = sys.platform == "emscripten"
    return "live" if voila or in_browser or any(map(os.environ.get, _LIVE_SIGNS)) else "document"


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

        handle = display(self._draw(), display_id=True)  # type: ignore[no-untyped-call]
        if handle is not None:
            self._listeners.append(lambda: handle.update(self._draw()))

    def _repr_mimebundle_(self, **kwargs: Any) -> Any:
        return self._draw()._repr_mimebundle_(**kwargs)

    def html(self) -> str:
        """What it shows now, as HTML."""
        return str(self._draw().html())


class Html:
    """A piece of ready, safe HTML for a cell to show, with plain text and its style beside it."""

    def __init__(self, html: str, text: str = "") -> None:
        self._html = html
        self._text = text or "(shown as a page)"

    def html(self) -> str:
        """The HTML."""
        return self._html

    def _repr_mimebundle_(self, **_: Any) -> dict[str, str]:
        return {"text/html": styled(self._html), "text/plain": self._text}
