"""Amounts, units and periods: what may be added to what, and how an amount is said in words.

Two amounts are added only where they count the same thing. Units are compared as words, without
regard to case, plural or common short forms (h, hrs). Periods are turned into each other: a year
has 12 months and is counted as 52 weeks. What is there once and what comes again and again are
never added. Arithmetic is in fractions, so sums are exact and do not depend on the order of the
rows.
"""

from __future__ import annotations

import re
import sys
from fractions import Fraction
from functools import lru_cache

from playbook_helpers.core.text import folded
from playbook_helpers.core.units import IRREGULAR, unit_beside

# Period -> the period that sums are kept in, and how many of the one make up the other.
# An amount with no period is an amount once, in all.
_BASE: dict[str | None, tuple[str, int]] = {
    None: ("once", 1),
    "once": ("once", 1),
    "week": ("year", 52),
    "month": ("year", 12),
    "year": ("year", 1),
}
_EVERY = {"week": "a week", "month": "a month", "year": "a year"}
_SIGNS = {"€": "eur", "euro": "eur", "£": "gbp", "us$": "usd", "us dollar": "usd"}
_SHORT = {
    "h": "hour", "hr": "hour", "min": "minute", "mins": "minute", "d": "day", "wk": "week",
    "vol": "volunteer", "sqm": "square metre", "m²": "square metre", "m2": "square metre",
    "km": "kilometre", "kg": "kilogram",
}  # fmt: skip
"""Short forms of units, after the plural is taken off."""


@lru_cache(maxsize=65_536)
def unit_key(unit: str | None, *, money: bool = False, currency: str | None = None) -> str:
    """What a unit is compared by; empty where none is given.

    Money without a unit is in the partnership's `currency`, and a bare dollar sign means that
    currency where it is a dollar.

    >>> unit_key("Hours") == unit_key("hrs") == unit_key("h"), unit_key("boxes") == unit_key("Box")
    (True, True)
    >>> unit_key("days") == unit_key("hours")
    False
    >>> unit_key(None, money=True, currency="USD")
    'usd'
    """
    home = folded(currency or "")
    if not unit:
        return home if money else ""
    said = [_singular(word) for word in re.split(r"[\s.]+", folded(unit)) if word]
    words = " ".join(_singular(_SHORT.get(word, word)) for word in said)
    if words in ("$", "dollar") and home.endswith("d") and len(home) == 3:
        return home
    return _SIGNS.get(words, words)


def _singular(word: str) -> str:
    """A key that singular and plural share; it need not be a word."""
    if word in IRREGULAR:
        return IRREGULAR[word]
    if len(word) > 2 and word.endswith("s") and not word.endswith(("ss", "us", "is")):
        word = word[:-1]
    if word.endswith(("se", "xe", "ze", "che", "she", "ie")):
        word = word[:-1]
    if len(word) > 2 and word.endswith("y") and word[-2] not in "aeiou":
        word = word[:-1] + "i"
    return word


def base_period(period: str | None) -> str:
    """The period in which amounts of `period` are added up: `once` or `year`."""
    return _BASE[period][0]


def to_base(amount: float, period: str | None) -> Fraction:
    """An amount in its base period.

    >>> to_base(2.5, "month"), to_base(10, "week"), to_base(1, "year")
    (Fraction(30, 1), Fraction(520, 1), Fraction(1, 1))
    """
    times = _BASE[period][1]
    whole = int(amount)
    # The digits of a float are read as they are written; a whole number has no others to read.
    exact = Fraction(whole) if whole == amount and abs(whole) < 10**15 else None
    return (Fraction(repr(float(amount))) if exact is None else exact) * times


def from_base(amount: Fraction, period: str | None) -> float:
    """The way back from `to_base`, as an ordinary number."""
    return number(amount / _BASE[period][1])


def number(amount: Fraction) -> float:
    """A fraction as a finite float; sums beyond the largest float become the largest."""
    try:
        return float(amount)
    except OverflowError:
        return sys.float_info.max


def number_words(value: float) -> str:
    """A number as people write it: separators for thousands, no more decimals than help.

    >>> [number_words(x) for x in (1500000, 1234.56, 12.5, 0.333333, 3.0)]
    ['1,500,000', '1,235', '12.5', '0.33', '3']
    """
    size = abs(value)
    if size >= 1e15 or 0 < size < 0.005:
        return f"{value:.3g}"
    decimals = 0 if size >= 1000 else 1 if size >= 100 else 2
    text = f"{value:,.{decimals}f}"
    return text.rstrip("0").rstrip(".") if "." in text else text


def amount_words(value: float, unit: str | None, period: str | None = None) -> str:
    """An amount with its unit and period.

    >>> amount_words(12, "hours", "week"), amount_words(5000, "USD"), amount_words(1, None)
    ('12 hours a week', 'USD 5,000', '1')
    >>> amount_words(1, "evenings", "week")
    '1 evening a week'
    """
    said = number_words(value)
    if unit:
        code = re.fullmatch(r"[A-Z]{3}", unit) is not None
        said = f"{unit} {said}" if code else f"{said} {unit_beside(value, unit)}"
    return " ".join(filter(None, (said, _EVERY.get(period or "", ""))))
