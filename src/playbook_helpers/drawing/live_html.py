"""HTML in a live notebook that can be drawn anew, also after the page was loaded again.

A display that is updated by its id is known to the page that ran the cell, and to no other: not
after a reload, and not where the cells had run before the page was opened. A widget's state is in
the kernel, and every page that joins it follows.
"""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from typing import Any

_DRAW = """
export default {
  render({ model, el }) {
    const draw = () => { el.innerHTML = model.get("html"); };
    model.on("change:html", draw);
    draw();
  },
};
"""


def live_html(bundle: Mapping[str, str]) -> Any:
    """A widget that shows a mime bundle with HTML in it; its `draw` puts another in its place."""
    return _widget()(bundle)


@cache
def _widget() -> Any:
    import anywidget
    import traitlets

    class LiveHtml(anywidget.AnyWidget):
        _esm = _DRAW
        html = traitlets.Unicode().tag(sync=True)

        def __init__(self, bundle: Mapping[str, str]) -> None:
            super().__init__()
            self.draw(bundle)

        def draw(self, bundle: Mapping[str, str]) -> None:
            self._bundle = dict(bundle)
            self.html = bundle["text/html"]

        def _repr_mimebundle_(self, **options: Any) -> tuple[dict[Any, Any], dict[Any, Any]] | None:
            # What it shows now, for viewers that know no widgets.
            own, more = super()._repr_mimebundle_(**options) or ({}, {})
            return {**own, **self._bundle}, more

    return LiveHtml
