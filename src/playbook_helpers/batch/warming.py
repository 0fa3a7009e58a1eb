"""What the warm server does once so that no notebook has to: first uses that take their time.

It reads one partnership of the store and draws what its worksheets would show. Nothing of that
stays but what libraries and this package keep to be quick: fonts, templates, compiled checks.
"""

from __future__ import annotations

from contextlib import suppress


def warm() -> None:
    """Draw a picture, go through the worksheets of one partnership, write a page."""
    from nbformat.v4 import new_code_cell, new_notebook

    from playbook_helpers.charts.base import Chart, canvas, write
    from playbook_helpers.kernels import engine
    from playbook_helpers.report.exporter import exporter
    from playbook_helpers.tables import Column, Table

    engine.register()
    figure, axes = canvas(2.0)
    write(axes, 0.1, 0.5, "Warm", weight="bold")
    table = Table("Warm", (Column("a", "A"),), ({"a": 1},))
    Chart(figure, "Warm", "Warm", table).html()
    _prose()
    notebook = new_notebook(cells=[new_code_cell("1", id="warm")])  # type: ignore[no-untyped-call]
    with suppress(Exception):
        exporter().worksheet(notebook, title="Warm", made={}, partnership="Warm", stamp="")
    with suppress(Exception):  # a store that cannot be read is told by the notebooks that read it
        _one_partnership()


def _prose() -> None:
    """The words of every worksheet, which are the same for every partnership."""
    import json

    from playbook_helpers.project import project_root
    from playbook_helpers.report.document import markdown

    with suppress(Exception):
        for path in (project_root() / "worksheets").glob("*.ipynb"):
            for cell in json.loads(path.read_text("utf-8"))["cells"]:
                if cell["cell_type"] == "markdown":
                    markdown("".join(cell["source"]))


def _one_partnership() -> None:
    from playbook_helpers.charts import CHARTS
    from playbook_helpers.practices import PRACTICES
    from playbook_helpers.storing import open_worksheet_store
    from playbook_helpers.worksheet import Worksheet

    with open_worksheet_store("") as store:
        slugs = store.partnerships()
    for stem in [practice.stem for practice in PRACTICES if slugs]:
        worksheet = Worksheet(stem, slugs[0])
        shown = [worksheet.title(), worksheet.measures(), worksheet.findings()]
        shown += [worksheet.chart(name) for name in CHARTS[stem]]
        for each in shown:
            with suppress(Exception):
                each._repr_mimebundle_()
