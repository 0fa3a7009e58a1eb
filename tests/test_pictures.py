"""Each small example is drawn as `tests/pictures` says: which mark, where, in which colour.

Above the marks stand the words around the picture. Each line below them is a mark, the lowest
first, in inches to the right and down from the upper left corner; widths of lines, sizes of words
and of dots are in points.

Who changes a picture on purpose finds the new text and the picture in `_build/pictures`: look at
the picture, read what changed in the text, and copy it to `tests/pictures`.
"""

from __future__ import annotations

import difflib
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from small_charts import SMALL_CHARTS

from playbook_helpers.drawing import style
from playbook_helpers.drawing.chart import Chart
from playbook_helpers.drawing.surface import Circle, Curve, Line, Mark, Point, Shape, Words

PICTURES = Path(__file__).with_name("pictures")
DRAWN = Path(__file__).parents[1] / "_build" / "pictures"
COLOURS = {
    value: name.lower().replace("_", " ")
    for name, value in vars(style).items()
    if isinstance(value, str) and value.startswith("#")
}
SIDES = {"left": "from", "right": "up to", "center": "around"}


def inches(value: float) -> str:
    """To a thousandth of an inch, which nobody sees.

    >>> inches(0.25), inches(-0.0001), inches(1.0)
    ('0.25', '0', '1')
    """
    text = f"{value:.3f}".rstrip("0").rstrip(".")
    return "0" if text == "-0" else text


def at(points: tuple[Point, ...]) -> str:
    return " – ".join(f"{inches(x)} {inches(y)}" for x, y in points)


def stretch(values: list[float]) -> str:
    return f"{inches(min(values))} to {inches(max(values))}"


def look(mark: Line | Curve | Shape | Circle) -> Iterator[str]:
    """Colours, widths and dashes, where they are not the ordinary ones."""
    if isinstance(mark, Shape | Circle):
        yield COLOURS[mark.fill] if mark.fill else "empty"
        edge = mark.stroke
        if isinstance(mark, Shape) and mark.hatch:
            yield f"hatched {mark.hatch} in {COLOURS[mark.hatch_color]}"
        if edge and (edge != mark.fill or mark.width != 1):
            yield f"edge {COLOURS[edge]}{'' if mark.width == 1 else f' {mark.width:g}'}"
    else:
        yield COLOURS[mark.color]
        if mark.width != 1:
            yield f"width {mark.width:g}"
    if isinstance(mark, Line) and mark.cap != "square" and not mark.dash:
        yield f"{mark.cap} ends"
    if not isinstance(mark, Circle):
        if mark.dash:
            yield "dashes " + " ".join(f"{each:g}" for each in mark.dash)
        if mark.opacity != 1:
            yield f"opacity {mark.opacity:g}"


def described(mark: Mark) -> str:
    """One mark in words."""
    if isinstance(mark, Words):
        weight = " bold" * mark.bold + " italic" * mark.italic
        turned = f", turned by {mark.turn:g}" if mark.turn else ""
        place = f"{SIDES[mark.side]} {inches(mark.x)} {inches(mark.y)}"
        return f"words {place}, {mark.size:g}{weight} {COLOURS[mark.color]}{turned}: {mark.text}"
    if isinstance(mark, Circle):
        where = f"dot {inches(mark.x)} {inches(mark.y)}, radius {mark.radius:g}"
    elif isinstance(mark, Shape):
        across, down = [x for x, _ in mark.points], [y for _, y in mark.points]
        if len(mark.points) == 3:
            where = f"triangle {at(mark.points)}"
        else:
            level = len(mark.points) == 4 and len({round(y, 9) for y in down}) == 2
            name = "box" if level else {4: "diamond", 12: "cross"}[len(mark.points)]
            where = f"{name} across {stretch(across)}, down {stretch(down)}"
    elif isinstance(mark, Curve):
        where = f"curve {at(mark.points)}"
    else:
        where = "line " + "; ".join(at(piece) for piece in mark.pieces)
    return ", ".join([where, *look(mark)])


def written(chart: Chart) -> list[str]:
    """A chart in words: what stands around the picture, and each mark in it."""
    surface = chart.surface
    return [
        f"title: {chart.title}",
        f"reading: {chart.alt}",
        *([f"note: {chart.source}"] if chart.source else []),
        *(f"table: {line}" for line in chart.table.text().splitlines()),
        f"paper {inches(surface.width)} wide, {inches(surface.height)} tall",
        *map(described, surface.marks),
    ]


@pytest.mark.parametrize("make", SMALL_CHARTS, ids=lambda make: make.__name__)
def test_small_examples_are_drawn_as_written_down(make: Callable[[], dict[str, Chart]]) -> None:
    wrong = []
    for name, chart in make().items():
        held = PICTURES / f"{name}.txt"
        before = held.read_text("utf-8").splitlines() if held.is_file() else []
        if (lines := written(chart)) != before:
            DRAWN.mkdir(parents=True, exist_ok=True)
            (DRAWN / held.name).write_text("\n".join(lines) + "\n", "utf-8")
            (DRAWN / f"{name}.svg").write_text(chart.svg(), "utf-8")
            changes = difflib.unified_diff(before, lines, "written down", "drawn", "", "", 0, "")
            wrong += [f"look at _build/pictures/{name}.svg", *changes]
    assert not wrong, "\n".join(wrong)


def test_every_picture_that_is_written_down_is_drawn() -> None:
    names = {name for make in SMALL_CHARTS for name in make()}
    assert {held.stem for held in PICTURES.glob("*.txt")} == names
