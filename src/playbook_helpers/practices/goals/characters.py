"""A text in plain letters, character for character, so that places found in it fit the original.

People paste goals from anywhere: curly quotes, long dashes, narrow spaces, digits of other
scripts. Each such character becomes one plain character, never none and never two.
"""

from __future__ import annotations

from dataclasses import dataclass

JUDGED = 5000
"""Characters of a text that are judged: as long as a goal's sentence may be on the form."""

_ASCII = {code: chr(code) for code in range(32, 127)}
_TABLE: dict[int, str] = {
    **dict.fromkeys(range(32), " "),
    127: " ",
    **{ord(a): a.lower() for a in _ASCII.values()},
    **dict.fromkeys(map(ord, "\u2010\u2011\u2012\u2013\u2014\u2015\u2212\u00ad\ufe63\uff0d"), "-"),
    **dict.fromkeys(map(ord, "\u2018\u2019\u201a\u201b\u2032\u02bc\uff07"), "'"),
    **dict.fromkeys(map(ord, "\u201c\u201d\u201e\u201f\u2033\u00ab\u00bb"), '"'),
    **dict.fromkeys(map(ord, "\u00a0\u2002\u2003\u2007\u2008\u2009\u200a\u202f\u3000\u200b"), " "),
    0xFF05: "%",
    0x066A: "%",
    0x2044: "/",
}


@dataclass(frozen=True, slots=True)
class Span:
    """A stretch of the original text: where it starts and ends, and what it says."""

    start: int
    end: int
    text: str


def plain(text: str) -> str:
    """`text` in lower-case plain letters, of exactly the same length.

    >>> plain("By 2030 \u2013 \u201cHALF\u201d"), len(plain("\u0130zmir"))
    ('by 2030 - "half"', 5)
    """
    low = text.translate(_TABLE)
    if low.isascii():
        return low
    return "".join(
        c
        if c < "\x80"
        else str(int(c))
        if c.isdecimal()
        else c.lower()
        if len(c.lower()) == 1
        else c
        for c in low
    )


def cover(text: str, start: int, end: int, mark: str) -> str:
    """`text` with the characters from `start` to `end` replaced by as many marks."""
    return text[:start] + mark * (end - start) + text[end:]
