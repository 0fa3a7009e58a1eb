"""A sentence read once: its dates and quantities found, and covered by marks that rules can see.

Rules look at `marked`, a text as long as the original in which every date stands as D, every
quantity as Q and every other number as N signs of their own, so that a rule can say "from Q ...
to Q" and the place it finds is the place in the original.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Literal, NamedTuple

from playbook_helpers.practices.goals.characters import JUDGED, Span, cover, plain
from playbook_helpers.practices.goals.dates import Found, find_dates
from playbook_helpers.practices.goals.quantities import Quantity, find_quantities, not_amounts

Verdict = Literal["yes", "partial", "no"]
Element = Literal["metric", "baseline", "target", "deadline", "owner"]
ELEMENTS: tuple[Element, ...] = ("metric", "baseline", "target", "deadline", "owner")

DATE, NUMBER, OTHER, ZERO, MULTIPLE = "\x01", "\x02", "\x03", "\x04", "\x05"
D = f"{DATE}+"
Q = f"[{NUMBER}{ZERO}{MULTIPLE}]+"
ANY_NUMBER = f"{DATE}{NUMBER}{OTHER}{ZERO}{MULTIPLE}"

_PAIRS = {
    ("at", "least"),
    ("at", "most"),
    ("more", "than"),
    ("less", "than"),
    ("fewer", "than"),
    ("lower", "than"),
    ("higher", "than"),
    ("greater", "than"),
    ("longer", "than"),
    ("up", "to"),
    ("as", "low"),
    ("close", "to"),
    ("average", "of"),
    ("total", "of"),
    ("minimum", "of"),
    ("maximum", "of"),
    ("or", "above"),
    ("or", "below"),
    ("low", "as"),
    ("many", "as"),
    ("much", "as"),
    ("just", "under"),
}
_SINGLES = {
    *("about", "around", "approximately", "roughly", "nearly", "almost", "over", "under", "below"),
    *("above", "another", "an", "a", "the", "additional", "further", "estimated", "some", "only"),
    *("just", "exactly", "no", "not", "between", "as", "full"),
}


class Judgement(NamedTuple):
    """What a rule decided about one element, and where in the text."""

    verdict: Verdict
    rule: str
    start: int = 0
    end: int = 0


@dataclass(frozen=True, slots=True)
class Reading:
    """A sentence with what was found in it; `quantities` leaves out numbers that are no amounts."""

    original: str
    low: str
    marked: str
    dates: tuple[Found, ...]
    quantities: tuple[Quantity, ...]
    cut: bool = False

    def span(self, start: int, end: int) -> Span:
        """The stretch from `start` to `end`, without spaces and joining marks at its ends."""
        text = self.original[start:end]
        start += len(text) - len(text.lstrip(" \t\r\n,;:|("))
        text = self.original[start:end].rstrip(" \t\r\n,;:|")
        return Span(start, start + len(text), text)


def read(text: str) -> Reading:
    """Read a sentence; of a text longer than 5,000 characters, its first 5,000."""
    original = text[:JUDGED]
    low = plain(original)
    dates = find_dates(low, original)
    marked = low
    for each in dates:
        marked = cover(marked, each.start, each.end, DATE)
    for start, end in not_amounts(marked):
        marked = cover(marked, start, end, OTHER)
    quantities = find_quantities(marked)
    for q in quantities:
        mark = MULTIPLE if q.kind == "multiple" else ZERO if q.kind == "zero" else NUMBER
        marked = cover(marked, q.start, q.end, mark)
    return Reading(original, low, marked, tuple(dates), tuple(quantities), len(text) > JUDGED)


def lead_in(marked: str, start: int) -> tuple[str, int]:
    """The word that brings a quantity in, past "at least", "about" and their like.

    Returns that word ("" at the start or after punctuation) and where the quantity's own words
    ("at least 40%") begin.

    >>> lead_in("reduce it by at least \\x02\\x02", 22)
    ('by', 13)
    """
    begins = start
    words = [
        (m.group(), m.start()) for m in re.finditer(r"[^\s]+", marked[max(0, start - 60) : start])
    ]
    offset = max(0, start - 60)
    while words:
        word, place = words[-1]
        if len(words) > 1 and (words[-2][0], word) in _PAIRS:
            begins = offset + words[-2][1]
            words = words[:-2]
        elif word in _SINGLES:
            begins = offset + place
            words = words[:-1]
        else:
            return (word if word.isalpha() else ""), begins
    return "", begins


def clause_start(marked: str, place: int) -> int:
    """Where the clause that `place` stands in begins: after a full stop, semicolon, bar or dash."""
    back = max(marked.rfind(sign, 0, place) for sign in (". ", "; ", " | ", " - ", ": "))
    return back + 2 if back >= 0 else 0
