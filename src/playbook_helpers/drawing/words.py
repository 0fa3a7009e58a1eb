"""Words in a picture: what may stand in one, how wide they are, and where their lines break."""

from __future__ import annotations

import math
import unicodedata

from playbook_helpers.drawing.style import SIZE

_HUNDREDTHS = {
    28: "'ijl", 30: "IJ", 32: " ,.", 34: "/:;\\|", 35: "f", 36: "-", 39: "()[]t", 40: "!", 41: "r",
    46: '"', 50: "*_`", 52: "sz", 53: "?", 55: "c", 56: "L", 58: "Fk", 59: "vxy", 60: "P",
    61: "TYao", 62: "e", 63: "Ehnu", 64: "$0123456789Sbdgpq{}", 66: "K", 68: "AVXZ", 69: "B",
    70: "CR", 73: "U", 75: "HN", 77: "D", 78: "&G", 79: "OQ", 82: "w", 84: "#+<=>^~", 86: "M",
    95: "%", 97: "m", 99: "W", 100: "@",
}  # fmt: skip
"""How far each letter of DejaVu Sans moves on the next, in hundredths of the size of type."""
_ADVANCES = {letter: wide / 100 for wide, some in _HUNDREDTHS.items() for letter in some}
_OTHER, _WIDE, _BOLD = 0.62, 1.0, 1.11
"""The same of other letters, of those that take two columns, and how much wider bold is."""


def one_line(text: str) -> str:
    """Text on one line, without what an SVG file may not hold.

    >>> one_line("a\\nb\\ufffe")
    'a b'
    """
    if text.isascii() and text.isprintable():
        return " ".join(text.split())
    kept = (c for c in text if ord(c) not in (0xFFFE, 0xFFFF) and unicodedata.category(c) != "Cs")
    return " ".join("".join(c if c.isprintable() or c.isspace() else "" for c in kept).split())


def width_of(text: str, size: float = SIZE, *, bold: bool = False) -> float:
    """How wide text is in DejaVu Sans, in inches; near enough for a ground to lay under it.

    >>> round(width_of("from 0.85 to 1.55", 11), 2)
    1.34
    """
    # Exactly: Python 3.12 and later add floats otherwise, and pictures are the same everywhere.
    ems = math.fsum(_ADVANCES.get(c) or (0.0, _OTHER, _WIDE)[int(columns_of(c))] for c in text)
    return ems * size / 72 * (_BOLD if bold else 1.0)


def columns_of(text: str) -> float:
    """How wide text is, in letters of ordinary width: wide scripts and emoji count more.

    >>> columns_of("abc"), columns_of("日本")
    (3, 4)
    """
    if text.isascii():
        return len(text)
    wide = sum(unicodedata.east_asian_width(c) in "WF" or ord(c) > 0x1F000 for c in text)
    marks = sum(unicodedata.combining(c) > 0 for c in text)
    return len(text) + wide - marks


def wrapped(text: str, inches: float, most: int = 2, size: float = SIZE) -> list[str]:
    """`text` broken into at most `most` lines of that width; what does not fit ends in "…".

    >>> wrapped("Reading at grade level by the end of third grade", 2.0)
    ['Reading at grade', 'level by the end of…']
    """
    limit = inches * 72 / (size * 0.58)
    lines: list[str] = []
    line = ""
    for word in one_line(text).split():
        while columns_of(word) > limit:
            cut = max(1, int(limit * len(word) / columns_of(word)) - 1)
            head, word = word[:cut], word[cut:]
            if line:
                lines.append(line)
                line = ""
            lines.append(head)
        longer = f"{line} {word}".strip()
        if columns_of(longer) <= limit:
            line = longer
        else:
            lines.append(line)
            line = word
    lines = [part for part in (*lines, line) if part]
    if len(lines) <= most:
        return lines or [""]
    last = lines[most - 1]
    while columns_of(last) > limit - 1 and len(last) > 1:
        last = last[:-1]
    return [*lines[: most - 1], last.rstrip(" ,;:") + "…"]
