"""Numbers as people write them: 1,200.50 and 1.200,50, $1,200, 85%, 1 200, (300).

`1,234` is one thousand two hundred and thirty-four to some and a little over one to others. It
is never guessed: it is taken only where the file elsewhere shows, or the user says, which sign
parts the decimals.
"""

from __future__ import annotations

import re
from typing import Literal

from playbook_helpers.core.records import in_bounds
from playbook_helpers.storage.files.problems import CellError

Decimal = Literal[".", ","]
MONEY = "$€£¥₹"
_SPACES = str.maketrans(dict.fromkeys("\u00a0\u2007\u2009\u202f", " ") | {"’": "'", "\u2212": "-"})
_SHAPE = re.compile(
    rf"(?P<sign>[+-]?) ?[{MONEY}]? ?(?P<inner>[+-]?)"
    rf"(?P<body>[0-9](?:[0-9.,' ]*[0-9])?[.,]?|[.,][0-9]+)(?P<power>[eE][+-]?[0-9]+)? ?[{MONEY}%]?"
)
_WITH_UNIT = re.compile(rf"[{MONEY}]? ?[+-]?[0-9][0-9.,' ]* ?[^\W\d_].*", re.DOTALL)
NUMBER = "a number only, such as 85 or 1200.5"


def read_number(text: str, decimal: Decimal | None, *, sure: bool = True) -> float:
    """The number in `text`. `decimal` is the sign that parts the decimals, None if not known.

    `sure` says that it was stated or seen, not only taken as usual: only then is a lone sign
    in front of three digits read as parting thousands. Raises CellError.

    >>> read_number("$1,200.50", "."), read_number("85%", "."), read_number("3,5", ",")
    (1200.5, 85.0, 3.5)
    >>> read_number("1,234", ".", sure=False)
    Traceback (most recent call last):
    ...
    playbook_helpers.storage.files.problems.CellError: can be read as 1234 or as 1.234
    """
    plain = text.strip().translate(_SPACES)
    negative = plain.startswith("(") and plain.endswith(")")
    if negative:
        plain = plain[1:-1].strip()
    match = _SHAPE.fullmatch(plain) if len(plain) <= 60 else None
    if match is None or (match["sign"] and match["inner"]):
        raise _refusal(plain)
    digits = _plain_digits(match["body"], decimal, sure)
    number = float(digits + (match["power"] or ""))
    if not in_bounds(number):
        size = "large" if abs(number) > 1 else "small"
        raise CellError(f"is too {size} a number", f"{NUMBER}, from -1e15 to 1e15 (not below 1e-9)")
    if negative or "-" in (match["sign"], match["inner"]):
        number = -number
    return number + 0.0  # so that -0 is 0


def _refusal(text: str) -> CellError:
    if _WITH_UNIT.fullmatch(text):
        return CellError(
            "holds words beside the number", f"{NUMBER}; the unit has a column of its own"
        )
    if text.casefold() in {"n/a", "na", "nan", "-", "–", "—", "?", "none", "null", "tbc", "tbd"}:
        return CellError("is not a number", "an empty cell where the number is not known")
    return CellError("is not a number", NUMBER)


def _plain_digits(body: str, decimal: Decimal | None, sure: bool) -> str:
    """The digits with a point for the decimals and nothing between the thousands."""
    spaced = False
    for sign in (" ", "'"):
        if sign in body:
            if not re.fullmatch(rf"[0-9]{{1,3}}({sign}[0-9]{{3}})+([.,][0-9]+)?", body):
                raise CellError("has a gap where none belongs", NUMBER)
            body, spaced = body.replace(sign, ""), True
    found = _decimal_in(body, spaced)
    if found == "either":
        if decimal is None or (not sure and decimal not in body):
            whole, parted = re.sub("[.,]", "", body), re.sub("[.,]", ".", body)
            raise CellError(
                f"can be read as {whole} or as {parted}",
                f"{whole} or {parted}, or say which sign parts the decimals (--decimal)",
            )
        found = decimal
    elif found is not None and decimal is not None and found != decimal:
        both = "." in body and "," in body
        if sure or not both:
            raise CellError(
                f"does not fit: decimals are parted by {decimal!r} in this file",
                f"{NUMBER}, or another --decimal",
            )
    if found is None:
        return body
    thousands = "," if found == "." else "."
    return body.replace(thousands, "").replace(found, ".")


def _decimal_in(body: str, spaced: bool = False) -> Decimal | Literal["either"] | None:
    """Which sign parts the decimals in `body`, from its shape alone; None if it has neither.

    Raises CellError for a shape that is no number in any country.
    """
    marks = re.findall(r"[.,]", body)
    if not marks:
        return None
    last: Decimal = "," if marks[-1] == "," else "."
    other: Decimal = "." if last == "," else ","
    if len(set(marks)) == 2:
        if re.fullmatch(
            rf"[0-9]{{1,3}}({re.escape(other)}[0-9]{{3}})+{re.escape(last)}[0-9]+", body
        ):
            return last
        raise CellError("has its signs in places where no number has them", NUMBER)
    if len(marks) > 1:
        groups = body.split(last)
        western = all(len(group) == 3 for group in groups[1:]) and len(groups[0]) <= 3
        indian = last == "," and len(groups[-1]) == 3 and len(groups[0]) <= 2
        indian = indian and all(len(group) == 2 for group in groups[1:-1])
        if groups[0] and (western or indian):
            return other
        raise CellError("has its signs in places where no number has them", NUMBER)
    left, right = body.split(last)
    grouped = len(right) == 3 and 1 <= len(left) <= 3 and not left.startswith("0")
    return "either" if grouped and not spaced else last


def decimal_shown(text: str) -> Decimal | None:
    """Which sign parts the decimals, where the text leaves no doubt; else None.

    >>> decimal_shown("3,5"), decimal_shown("1,200.50"), decimal_shown("1,234"), decimal_shown("7")
    (',', '.', None, None)
    """
    match = _SHAPE.fullmatch(text.strip(" ()").translate(_SPACES)) if len(text) <= 60 else None
    if match is None:
        return None
    body = match["body"]
    spaced = " " in body or "'" in body
    try:
        found = _decimal_in(body.replace(" ", "").replace("'", ""), spaced)
    except CellError:
        return None
    return None if found == "either" else found
