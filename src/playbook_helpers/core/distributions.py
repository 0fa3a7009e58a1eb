"""What intervals and exact tests need, in plain Python: normal, t and F, shares and their tests.

SciPy is far too heavy for one quantile, and is not there in the browser's Python. The incomplete
beta function is the continued fraction of Numerical Recipes' kind (Lentz's method), inverted by
bisection; values agree with published tables to seven digits.
"""

from __future__ import annotations

import itertools
import math
from collections.abc import Callable, Sequence
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


def t_chance(t: float, df: float) -> float:
    """The chance of a t as far from 0 or farther, on both sides.

    >>> round(t_chance(2.2281, 10), 4)
    0.05
    """
    return beta_cdf(df / (df + t * t), df / 2, 0.5)


def fisher(a: int, of_a: int, b: int, of_b: int) -> float:
    """The chance of two shares at least as far apart, if both came from one: Fisher's exact test.

    Source: Fisher, R. A. (1935), Journal of the Royal Statistical Society 98, 39-82.

    >>> round(fisher(3, 4, 1, 4), 4), round(fisher(1, 10, 11, 14), 4)
    (0.4857, 0.0028)
    """
    both, whole = a + b, of_a + of_b

    def ways(k: int) -> float:
        return _log_choose(of_a, k) + _log_choose(of_b, both - k) - _log_choose(whole, both)

    here = ways(a)
    every = range(max(0, both - of_b), min(of_a, both) + 1)
    return min(1.0, math.fsum(math.exp(p) for k in every if (p := ways(k)) <= here + 1e-9))


def _log_choose(n: int, k: int) -> float:
    return math.lgamma(n + 1) - math.lgamma(k + 1) - math.lgamma(n - k + 1)


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


def at_most(successes: int, n: int, share: float) -> float:
    """The chance of so few or fewer among `n` drawn, each a success with chance `share`.

    >>> round(at_most(0, 10, 0.1), 4), round(at_most(2, 10, 0.5), 4)
    (0.3487, 0.0547)
    """
    if successes >= n:
        return 1.0
    return 1.0 - beta_cdf(share, successes + 1, n - successes)


def exact_interval(successes: int, n: int, confidence: float = 0.95) -> tuple[float, float]:
    """The exact interval of a share of `n` drawn: never surer than it says, also of 0 and of all.

    Source: Clopper, C. and Pearson, E. S. (1934), Biometrika 26, 404-413. Raises InputError
    unless 0 <= successes <= n and n > 0.

    >>> [round(bound, 3) for bound in exact_interval(3, 10)]
    [0.067, 0.652]
    >>> [round(bound, 3) for bound in exact_interval(0, 30)]
    [0.0, 0.116]
    """
    check_confidence(confidence)
    if n <= 0 or not 0 <= successes <= n:
        raise InputError(
            "A share needs counts", value=(successes, n), allowed="0 <= successes <= n, n above 0"
        )
    tail = (1 - confidence) / 2
    low = high = None
    if successes > 0:
        low = _invert(lambda x: beta_cdf(x, successes, n - successes + 1), tail)
    if successes < n:
        high = _invert(lambda x: beta_cdf(x, successes + 1, n - successes), 1 - tail)
    return (0.0 if low is None else low), (1.0 if high is None else high)


def mean_distance(n: int, share: float) -> float:
    """How far, on average, a share of `n` drawn by chance lies from the `share` drawn from.

    De Moivre's closed form of a binomial's mean absolute deviation, over `n`.

    >>> round(mean_distance(2, 0.5), 4)  # 0, 1 or 2 of 2, with chances 1/4, 1/2 and 1/4
    0.25
    """
    if not 0 < share < 1:
        return 0.0
    k = math.floor(n * share) + 1
    if k > n:
        return 2 * (1 - share) * share**n
    log = math.lgamma(n + 1) - math.lgamma(k + 1) - math.lgamma(n - k + 1)
    log += k * math.log(share) + (n - k + 1) * math.log1p(-share)
    return 2 * k * math.exp(log) / n


def holm(chances: Sequence[float]) -> list[float]:
    """Chances of several tests, each corrected for there being so many.

    Whoever calls those at 0.05 or less found makes any false find at most once in twenty times,
    however the tests hang together. Source: Holm, S. (1979), Scandinavian Journal of Statistics
    6, 65-70.

    >>> [round(p, 2) for p in holm([0.01, 0.04, 0.03])]
    [0.03, 0.06, 0.06]
    """
    order = sorted(range(len(chances)), key=chances.__getitem__)
    corrected, so_far = [1.0] * len(chances), 0.0
    for rank, place in enumerate(order):
        so_far = max(so_far, min(1.0, (len(chances) - rank) * chances[place]))
        corrected[place] = so_far
    return corrected
