"""Text as it is compared and put together: names that are one, and several in a sentence."""

from __future__ import annotations

from collections.abc import Sequence
from functools import lru_cache


@lru_cache(maxsize=65_536)
def folded(text: str) -> str:
    """A text by which names are told apart: case and spacing do not count.

    >>> folded("  City   LIBRARY ")
    'city library'
    """
    return " ".join(text.split()).casefold()


def listed(names: Sequence[str], most: int = 4, *, last: str = "and") -> str:
    """Names in a sentence, the first few where there are many.

    >>> listed(["A", "B", "C", "D"], most=2), listed(["A", "B"], last="or"), listed(["A"])
    ('A, B and 2 more', 'A or B', 'A')
    """
    if len(names) > most:
        return f"{', '.join(names[:most])} and {len(names) - most} more"
    return f"{', '.join(names[:-1])} {last} {names[-1]}" if len(names) > 1 else names[0]
