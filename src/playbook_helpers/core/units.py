"""Unit words beside a number: "1 evening", "2 evenings"."""

from __future__ import annotations

import re

IRREGULAR = {"people": "person", "children": "child", "women": "woman", "men": "man"}
IRREGULAR |= {"buses": "bus", "lives": "life", "leaves": "leaf", "quizzes": "quiz"}
_ALIKE = {"series", "species", "means", "always", "news", "glasses", "lens", "gas", "yes"}
_JOINS = {
    "of",
    "per",
    "in",
    "a",
    "an",
    "for",
    "at",
    "with",
    "on",
    "by",
    "to",
    "who",
    "that",
    "each",
}


def unit_beside(value: float, unit: str) -> str:
    """The words of a unit as they stand beside `value`: for 1, in the singular.

    The word that is counted is the last one before a word that joins, such as "of" or "per". A
    word that shows no plural stays as it is.

    >>> unit_beside(1, "evenings"), unit_beside(2, "evenings"), unit_beside(1, "boxes of books")
    ('evening', 'evenings', 'box of books')
    >>> unit_beside(1, "people"), unit_beside(1, "families"), unit_beside(1, "houses")
    ('person', 'family', 'house')
    """
    if value != 1:
        return unit
    words = re.split(r"(\s+)", unit)
    joins = [place for place, word in enumerate(words) if word.casefold() in _JOINS]
    last = (joins[0] if joins else len(words) + 1) - 2
    if last >= 0:
        words[last] = _one(words[last])
    return "".join(words)


def _one(word: str) -> str:
    low = word.casefold()
    if low in IRREGULAR:
        single = IRREGULAR[low]
        return single.capitalize() if word[0].isupper() else single
    if low in _ALIKE or len(word) < 4 or word.isupper() or not re.fullmatch(r"[^\W\d_-]+s", word):
        return word
    if low.endswith(("ss", "us", "is")):
        return word
    if low.endswith("ies") and len(word) > 4 and low not in ("movies", "cookies", "calories"):
        return word[:-3] + "y"
    if low.endswith(("sses", "xes", "ches", "shes")):
        return word[:-2]
    return word[:-1]
