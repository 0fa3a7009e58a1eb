"""What the warm server does once so that no notebook has to: first uses that take their time."""

from __future__ import annotations


def warm() -> None:
    """Draw a picture, fill a form, read the templates; nothing of it stays but what is cached."""
    from playbook_helpers.charts.base import Chart, canvas, write
    from playbook_helpers.tables import Column, Table

    figure, axes = canvas(2.0)
    write(axes, 0.1, 0.5, "Warm", weight="bold")
    axes.barh([1.0], [2.0], height=0.2)
    axes.plot([0, 1], [0, 1])
    table = Table("Warm", (Column("a", "A"),), ({"a": 1},))
    Chart(figure, "Warm", "Warm", table).html()
