"""Bands of cards, one for each state that things can be in, as on a wall."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import NamedTuple

from playbook_helpers.drawing.rows import STEP
from playbook_helpers.drawing.style import GREY, INK, LINE, PAPER, SMALL, TEAL, TRACK, WIDTH
from playbook_helpers.drawing.surface import Surface
from playbook_helpers.drawing.words import wrapped

LEFT, RIGHT, CARDS = 0.03, WIDTH - 0.03, 1.4
MOST = 6
"""Cards drawn in one band."""


class Card(NamedTuple):
    """What stands on a card: a name, a line under it, and whether it waits for somebody."""

    name: str
    beside: str
    waits: bool = False


def bands(groups: Sequence[tuple[str, Sequence[Card]]]) -> Surface:
    """One band for each (words, cards); bands without cards are there as well."""
    heights = [
        max(0.62, 0.16 + math.fsum(map(_tall, cards[:MOST])) + 0.26 * (len(cards) > MOST))
        for _, cards in groups
    ]
    surface = Surface(math.fsum(heights) + 0.06)
    y = 0.02
    for (words, cards), height in zip(groups, heights, strict=True):
        _band(surface, words, cards, y)
        y += height
    surface.line([(LEFT, y), (RIGHT, y)], LINE)
    return surface


def _name(card: Card) -> list[str]:
    return wrapped(card.name, RIGHT - CARDS - 0.3, 2)


def _tall(card: Card) -> float:
    return 0.58 + STEP * (len(_name(card)) - 1)


def _band(surface: Surface, words: str, cards: Sequence[Card], top: float) -> None:
    surface.line([(LEFT, top), (RIGHT, top)], LINE)
    lines = wrapped(words, CARDS - 0.25, 3)
    last = surface.write_lines(LEFT, top + 0.27, lines, bold=True, color=INK if cards else GREY)
    if len(cards) > 1:
        surface.write(LEFT, last + 0.22, f"{len(cards):,}", size=SMALL, color=GREY)
    if not cards:
        surface.write(CARDS, top + 0.27, "–", color=GREY)
    y = top + 0.09
    for card in cards[:MOST]:
        fill, edge, width = (PAPER, TEAL, 1.6) if card.waits else (TRACK, TRACK, 0.5)
        tall = _tall(card) - 0.07
        surface.rectangle(CARDS, y, RIGHT - CARDS, tall, fill=fill, stroke=edge, width=width)
        end = surface.write_lines(CARDS + 0.12, y + 0.21, _name(card))
        beside = wrapped(card.beside, RIGHT - CARDS - 0.3, 1, SMALL)
        surface.write_lines(CARDS + 0.12, end + 0.2, beside, size=SMALL, color=GREY)
        y += _tall(card)
    if len(cards) > MOST:
        more = f"and {len(cards) - MOST:,} more, in the table"
        surface.write(CARDS + 0.12, y + 0.17, more, size=SMALL, color=GREY)
