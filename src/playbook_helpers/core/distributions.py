"""Quantiles that intervals need, in plain Python: normal, t and F, and Wilson's interval.

SciPy is far too heavy for one quantile, and is not there in the browser's Python. The incomplete
beta function is the continued fraction of Numerical Recipes' kind (Lentz's method), inverted by
bisection; values agree with published tables to seven digits.
"""

from __future__ import annotations

import itertools
import math
from collections.abc import Callable
from functools import lru_cache
from statistics import NormalDist

from playbook_helpers.core.errors import InputError


def z_value(confidence: float = 0.95) -> float:
    """The two-sided normal quantile of a confidence level.

    >>> round(z_value(0.95), 4)
    1.96
    """
    check_confidence(confidence)
    return NormalDist().inv_cdf(0.5 + confidence / 2)


def check_confidence(confidence: float) -> None:
    """Raise InputError unless `confidence` lies between 0 and 1."""
    if not 0 < confidence < 1:
        raise InputError("The confidence is out of range", value=confidence, allowed="0.5 to 0.999")


def beta_cdf(x: float, a: float, b: float) -> float:
    """The regularised incomplete beta function I_x(a, b).

    >>> round(beta_cdf(0.5, 2, 3), 4)
    0.6875
    """
    if x <= 0:
        return 0.0
    if x >= 1:
        return 1.0
    front = math.exp(
        math.lgamma(a + b) - math.lgamma(a) - math.lgamma(b) + a * math.log(x) + b * math.log1p(-x)
    )
    if x < a / (a + b):
        return front * _fraction(x, a, b) / a
    return 1.0 - front * _fraction(1 - x, b, a) / b


def _fraction(x: float, a: float, b: float) -> float:
    """The continued fraction of I_x(a, b), up to the term that no longer changes it."""
    c, d = 1.0, 1 / (1 - (a + b) * x / (a + 1))
    value = d
    for m in itertools.count(1):
        even = m * (b - m) * x / ((a + 2 * m - 1) * (a + 2 * m))
        odd = -(a + m) * (a + b + m) * x / ((a + 2 * m) * (a + 2 * m + 1))
        for step in (even, odd):
            c, d = 1 + step / c, 1 / (1 + step * d)
            value *= c * d
        if math.isclose(c, 1 / d, rel_tol=1e-14):
            break
    return value


def _invert(cdf: Callable[[float], float], p: float) -> float:
    """Where a function that rises from 0 to 1 is `p`: halved until there is no float between."""
    low, high = 0.0, 1.0
    while low < (middle := (low + high) / 2) < high:
        if cdf(middle) < p:
            low = middle
        else:
            high = middle
    return middle


@lru_cache(maxsize=4096)
def f_quantile(p: float, df1: float, df2: float) -> float:
    """The value below which an F distribution with df1 and df2 degrees of freedom has share p.

    >>> round(f_quantile(0.95, 5, 10), 4)
    3.3258
    """
    x = _invert(lambda value: beta_cdf(value, df1 / 2, df2 / 2), p)
    return df2 * x / (df1 * (1 - x))


def t_quantile(p: float, df: float) -> float:
    """The value below which a t distribution with df degrees of freedom has share p.

    >>> round(t_quantile(0.975, 10), 4)
    2.2281
    """
    if p == 0.5:
        return 0.0
    if p < 0.5:
        return -t_quantile(1 - p, df)
    return math.sqrt(f_quantile(2 * p - 1, 1, df))


def wilson(successes: int, n: int, confidence: float = 0.95) -> tuple[float, float]:
    """Wilson's score interval for a share of `n`, which behaves with small counts.

    Source: Wilson, E. B. (1927), Journal of the American Statistical Association 22, 209-212.
    Raises InputError unless 0 <= successes <= n and n > 0.

    >>> [round(bound, 3) for bound in wilson(3, 10)]
    [0.108, 0.603]
    >>> wilson(0, 10)[0], wilson(10, 10)[1]
    (0.0, 1.0)
    """
    if n <= 0 or not 0 <= successes <= n:
        raise InputError(
            "A share needs counts", value=(successes, n), allowed="0 <= successes <= n, n above 0"
        )
    z = z_value(confidence)
    p = successes / n
    middle = (p + z * z / (2 * n)) / (1 + z * z / n)
    reach = z / (1 + z * z / n) * math.sqrt(p * (1 - p) / n + z * z / (4 * n * n))
    low = 0.0 if successes == 0 else max(0.0, middle - reach)
    high = 1.0 if successes == n else min(1.0, middle + reach)
    return low, high
