"""Bands of cards, one for each state that things can be in, as on a wall."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, NamedTuple

from playbook_helpers.drawing.chart import (
    GREY,
    INK,
    LINE,
    PAPER,
    SMALL,
    TEAL,
    TRACK,
    WIDTH,
    canvas,
    wrapped,
    write,
    write_lines,
)

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

LEFT, RIGHT, CARDS = 0.03, WIDTH - 0.03, 1.4
MOST = 6
"""Cards drawn in one band."""


class Card(NamedTuple):
    """What stands on a card: a name, a line under it, and whether it waits for somebody."""

    name: str
    beside: str
    waits: bool = False


def bands(groups: Sequence[tuple[str, Sequence[Card]]]) -> Figure:
    """A figure with one band for each (words, cards); bands without cards are there as well."""
    heights = [
        max(0.62, 0.16 + sum(map(_tall, cards[:MOST])) + 0.26 * (len(cards) > MOST))
        for _, cards in groups
    ]
    figure, axes = canvas(sum(heights) + 0.06)
    y = 0.02
    for (words, cards), height in zip(groups, heights, strict=True):
        _band(axes, words, cards, y)
        y += height
    axes.plot([LEFT, RIGHT], [y, y], color=LINE, lw=1)
    return figure


def _name(card: Card) -> list[str]:
    return wrapped(card.name, RIGHT - CARDS - 0.3, 2)


def _tall(card: Card) -> float:
    return 0.58 + 0.22 * (len(_name(card)) - 1)


def _band(axes: Axes, words: str, cards: Sequence[Card], top: float) -> None:
    from matplotlib.patches import Rectangle

    axes.plot([LEFT, RIGHT], [top, top], color=LINE, lw=1)
    lines = wrapped(words, CARDS - 0.25, 3)
    last = write_lines(axes, LEFT, top + 0.27, lines, weight="bold", color=INK if cards else GREY)
    if len(cards) > 1:
        write(axes, LEFT, last + 0.22, f"{len(cards):,}", size=SMALL, color=GREY)
    if not cards:
        write(axes, CARDS, top + 0.27, "–", color=GREY)
    y = top + 0.09
    for card in cards[:MOST]:
        box = Rectangle(
            (CARDS, y),
            RIGHT - CARDS,
            _tall(card) - 0.07,
            facecolor=PAPER if card.waits else TRACK,
            edgecolor=TEAL if card.waits else TRACK,
            lw=1.6 if card.waits else 0.5,
        )
        axes.add_patch(box)
        end = write_lines(axes, CARDS + 0.12, y + 0.21, _name(card))
        beside = wrapped(card.beside, RIGHT - CARDS - 0.3, 1, SMALL)
        write_lines(axes, CARDS + 0.12, end + 0.2, beside, size=SMALL, color=GREY)
        y += _tall(card)
    if len(cards) > MOST:
        more = f"and {len(cards) - MOST:,} more, in the table"
        write(axes, CARDS + 0.12, y + 0.17, more, size=SMALL, color=GREY)
