"""What the warm server does once so that no notebook has to: first uses that take their time.

It reads one partnership of the store, draws what its worksheets would show, and runs a small
notebook of its own the whole way to its page. Nothing of that stays but what libraries and this
package keep to be quick: fonts, templates, compiled checks.
"""

from __future__ import annotations

import asyncio
import json
import signal
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any

_SOURCES = (
    "partnership, store, as_of, round = '', '', '', ''",
    "import ipywidgets as _w\nprint('warm')\ndisplay(_w.HBox([_w.IntSlider(), _w.Dropdown()]))",
    "from playbook_helpers.drawing.display import Html\nHtml('<p>warm</p>')",
    "from playbook_helpers.drawing.tables import Column, Table\n"
    "Table('Warm', (Column('a', 'A'),), ({'a': 1},))",
)


def warm() -> None:
    """Go through the worksheets of one partnership, and run a notebook to its end."""
    from playbook_helpers.batch.kernels import engine

    engine.register()
    # A store that cannot be read, or whatever else it is, is told by the notebooks themselves.
    for first in (_prose, _one_partnership, _notebook):
        with suppress(Exception):
            first()


def _prose() -> None:
    """The words of every worksheet, which are the same for every partnership."""
    from playbook_helpers.publish.report.document import markdown
    from playbook_helpers.worksheet.project import notebooks_in, project_root

    for path in notebooks_in(project_root() / "worksheets"):
        for cell in json.loads(path.read_text("utf-8"))["cells"]:
            if cell["cell_type"] == "markdown":
                markdown("".join(cell["source"]))


def _one_partnership() -> None:
    """What the worksheets of the first partnership show."""
    from playbook_helpers.practices import PRACTICES
    from playbook_helpers.practices.views import charts_of
    from playbook_helpers.worksheet.stores import open_worksheet_store
    from playbook_helpers.worksheet.worksheet import Worksheet

    with open_worksheet_store("") as store:
        slugs = store.partnerships()
    for practice in PRACTICES if slugs else ():
        worksheet = Worksheet(practice.stem, slugs[0])
        shown = [worksheet.title(), worksheet.form(), worksheet.measures(), worksheet.findings()]
        shown += [worksheet.chart(name) for name in charts_of(practice)]
        for each in shown:
            with suppress(Exception):
                each._repr_mimebundle_()


def _notebook() -> None:
    """A notebook of our own, as a fork would run it."""
    from playbook_helpers.batch.job import rehearse
    from playbook_helpers.batch.kernels.cells import CellKernel
    from playbook_helpers.batch.parameters import PARAMETER_NAMES, Parameters
    from playbook_helpers.batch.tasks import Task

    with tempfile.TemporaryDirectory(prefix="playbook-") as name:
        folder = Path(name)
        source = folder / "warm.ipynb"
        cells: list[dict[str, Any]] = [
            {
                "cell_type": "code",
                "id": f"warm-{place}",
                "metadata": {"tags": ["parameters"] if place == 0 else []},
                "source": text,
                "outputs": [],
                "execution_count": None,
            }
            for place, text in enumerate(_SOURCES)
        ]
        notebook = {"cells": cells, "metadata": {}, "nbformat": 4, "nbformat_minor": 5}
        source.write_text(json.dumps(notebook), "utf-8")
        task = Task(
            partnership="warm",
            worksheet="warm",
            source=source,
            folder=folder / "out",
            root=folder,
            parameters=Parameters("warm"),
            names=PARAMETER_NAMES,
            made_from={},
            name="Warm",
            order=("warm",),
        )
        kernel: CellKernel = CellKernel.instance()
        with _as_before(kernel):
            rehearse(task, kernel)


@contextmanager
def _as_before(kernel: Any) -> Iterator[None]:
    """Run as in a fork, and leave nothing of it in the shell, the streams and the signals."""
    from playbook_helpers.batch.kernels import cells, engine

    streams, handler, path = (sys.stdout, sys.stderr), signal.getsignal(signal.SIGINT), [*sys.path]
    cells.begin(kernel, cells.nowhere)
    try:
        yield
    finally:
        engine.leave()
        asyncio.get_event_loop_policy().get_event_loop().close()
        asyncio.set_event_loop(None)
        sys.stdout, sys.stderr = streams
        signal.signal(signal.SIGINT, handler)
        sys.path[:] = path
        kernel.session.owner = 0
        cells.reset(kernel)
