"""Text that a spreadsheet would take for a formula, made harmless on the way out and put back.

A spreadsheet runs a cell that begins with `=`, `+`, `-` or `@`, so a sentence somebody typed into
a form could run on the computer of whoever opens the file. An apostrophe in front makes it text.
The rule can be undone without loss: a text that is dangerous behind any number of apostrophes
gets one more, and loses one again when it comes back.
"""

from __future__ import annotations

import re

# What a spreadsheet may pass over before it looks at the first sign: white space of any kind,
# control characters, and characters that have no width.
_UNSEEN = r"[\s\x00-\x20\xa0\xad\u180e\u200b-\u200f\u202a-\u202e\u2060-\u2064\ufeff]*"
# The signs themselves, their full-width and small forms; tab and line breaks start a new cell.
_SIGN = r"[=+\-@\t\r\n\uff1d\uff0b\uff0d\uff20\ufe66\ufe62\ufe63\ufe6b\u2212]"
_DANGEROUS = re.compile(rf"'*{_UNSEEN}{_SIGN}")


def guarded(text: str) -> str:
    """`text` as it may stand in a file that a spreadsheet opens.

    >>> guarded("=1+1"), guarded("'=1+1"), guarded("plain"), guarded("it's")
    ("'=1+1", "''=1+1", 'plain', "it's")
    """
    return "'" + text if _DANGEROUS.match(text) else text


def unguarded(text: str) -> str:
    """What `guarded` was given.

    >>> unguarded("'=1+1"), unguarded("''=1+1"), unguarded("'quoted'")
    ('=1+1', "'=1+1", "'quoted'")
    """
    return text[1:] if text.startswith("'") and _DANGEROUS.match(text[1:]) else text
