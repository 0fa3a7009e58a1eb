"""Words of languages written from right to left, among sentences written from left to right.

Some signs that nobody sees turn the text after them round: with one of them in a name, a page's
own sentence can be made to say something else. They are refused wherever text comes in, and taken
out of what was stored before that. Words that run from right to left by nature are welcome; on a
page each is set apart (`<bdi>`), so that the order of the words around it stays as it was written.
"""

from __future__ import annotations

import re
import unicodedata

_SIGNS = "\u202a-\u202e\u2066-\u2069"
TURNING = re.compile(f"[{_SIGNS}]")
"""The signs that embed, override or isolate a direction."""
_LEFTWARD = "\u0590-\u08ff\ufb1d-\ufdff\ufe70-\ufefe\U00010800-\U00010fff\U0001e800-\U0001efff"
_ANY = re.compile(f"[{_LEFTWARD}]")
_RUN = re.compile(f"[{_LEFTWARD}](?:[^A-Za-z<&]*[{_LEFTWARD}])?")
_QUOTED = re.compile("“[^“”<]*”")
_LATIN = re.compile("[A-Za-z\u00c0-\u024f]")
_LEFT_ALONE = "script|style|title|textarea|option|svg|bdi"
_PARTS = re.compile(
    rf"(<!--.*?-->|<({_LEFT_ALONE})\b.*?</\2\s*>|<(?:[^>\"']|\"[^\"]*\"|'[^']*')*>)",
    re.DOTALL | re.IGNORECASE,
)


def turning_sign(text: str) -> str:
    """The first sign in `text` that turns text round, by its number and name; else nothing.

    >>> turning_sign("Anna\\u202eB"), turning_sign("Anna")
    ('U+202E RIGHT-TO-LEFT OVERRIDE', '')
    """
    found = TURNING.search(text)
    if found is None:
        return ""
    return f"U+{ord(found[0]):04X} {unicodedata.name(found[0])}"


def refuse_turning(text: str) -> str:
    """Return `text` if no sign in it turns text round, else raise ValueError naming the sign."""
    if sign := turning_sign(text):
        raise ValueError(f"holds a hidden sign that turns text round ({sign}); type it without it")
    return text


def unturned(text: str) -> str:
    """The text without signs that turn it round.

    >>> unturned("Anna\\u202eB")
    'AnnaB'
    """
    return TURNING.sub("", text)


def isolated(html: str) -> str:
    """A page with each run of words from right to left set apart, and no sign that turns text.

    What stands in quotation marks, or alone in its element, is set apart as a whole.

    >>> isolated("<p>“\u05d2\u05df 3” is late</p>").count("<bdi>")
    1
    """
    html = unturned(html)
    if _ANY.search(html) is None:  # nearly always
        return html
    parts: list[str] = []
    end = 0
    for tag in _PARTS.finditer(html):
        parts += (_set_apart(html[end : tag.start()]), tag[0])
        end = tag.end()
    return "".join((*parts, _set_apart(html[end:])))


def _set_apart(text: str) -> str:
    if _ANY.search(text) is None:
        return text
    if _LATIN.search(re.sub(r"&[#\w]+;", "", text)) is None:
        return f"<bdi>{text}</bdi>"
    parts: list[str] = []
    end = 0
    for quoted in _QUOTED.finditer(text):
        if _ANY.search(quoted[0]):
            parts += (_runs(text[end : quoted.start()]), f"“<bdi>{quoted[0][1:-1]}</bdi>”")
            end = quoted.end()
    return "".join((*parts, _runs(text[end:])))


def _runs(text: str) -> str:
    return _RUN.sub(r"<bdi>\g<0></bdi>", text)
