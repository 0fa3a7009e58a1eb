"""Text as it is compared: what people typed in two ways and meant as one."""

from __future__ import annotations

from functools import lru_cache


@lru_cache(maxsize=65_536)
def folded(text: str) -> str:
    """A text by which names are told apart: case and spacing do not count.

    >>> folded("  City   LIBRARY ")
    'city library'
    """
    return " ".join(text.split()).casefold()
