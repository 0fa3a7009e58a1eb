"""Scores from answers on a scale: means with missing answers, alpha, agreement, change.

Rows are people, columns are items; None is an answer that was not given or "don't know". Rows may
be lists, arrays, dictionaries or a data frame (`answers.py`).
"""

from __future__ import annotations

import math
from collections.abc import Collection, Hashable, Iterable, Sequence
from dataclasses import dataclass
from itertools import combinations
from statistics import fmean, variance
from typing import Any

from playbook_helpers.core.distributions import (
    check_confidence,
    f_quantile,
    holm,
    t_chance,
    t_quantile,
)
from playbook_helpers.core.errors import InputError
from playbook_helpers.practices.trust.answers import Answers, number_of, places_of, rows_of

LEAST_FOR_ALPHA = 10
MOST_COMPLETE = 2 / 3
"""Share of the people who must have answered every item for an alpha to speak for the group."""


class Alpha(float):
    """Cronbach's alpha: a number that also carries its interval and what it rests on.

    `n` people answered all `items`; `missing` did not and are left out. `low` and `high` bound it.
    """

    low: float
    high: float
    n: int
    items: int
    missing: int

    def __new__(
        cls, value: float, low: float, high: float, n: int, items: int, missing: int
    ) -> Alpha:
        """The number `value` with its interval and counts."""
        alpha = super().__new__(cls, value)
        alpha.low, alpha.high = low, high
        alpha.n, alpha.items, alpha.missing = n, items, missing
        return alpha

    def __getnewargs__(self) -> tuple[Any, ...]:
        return (self.value, self.low, self.high, self.n, self.items, self.missing)

    @property
    def value(self) -> float:
        """The number alone."""
        return float(self)

    @property
    def interval(self) -> tuple[float, float]:
        """`low` and `high` together."""
        return (self.low, self.high)

    def __repr__(self) -> str:
        return (
            f"Alpha({self.value:.4f}, low={self.low:.4f}, high={self.high:.4f}, n={self.n}, "
            f"items={self.items}, missing={self.missing})"
        )


@dataclass(frozen=True, slots=True)
class Score:
    """A mean over people of each person's mean over items, with a t interval.

    `value`, `low` and `high` are None where too few people answered (one for the value, two for
    the interval). `n` people are in it; `missing` answered fewer than two thirds of the items.
    """

    value: float | None
    low: float | None
    high: float | None
    n: int
    missing: int
    people: tuple[float | None, ...]


def reverse_keyed(
    rows: Answers, reverse: Collection[Hashable] = (), scale: tuple[int, int] = (1, 5)
) -> list[list[float | None]]:
    """The answers with the items of `reverse` turned round: low + high - x.

    `reverse` names items, or gives their places from 0. Raises InputError for an answer outside
    the scale, a ragged row, or an item that is not there.

    >>> reverse_keyed([[1, 5], [2, None]], reverse=[1])
    [[1.0, 1.0], [2.0, None]]
    """
    low, high = scale
    if not low < high:
        raise InputError(
            "The scale is wrong", value=scale, allowed="its low end, then its high end"
        )
    table, names = rows_of(rows)
    if not table:
        return []
    width = len(table[0])
    places = places_of(reverse, names, width)
    turned: list[list[float | None]] = []
    for number, row in enumerate(table, start=1):
        if len(row) != width:
            raise InputError(f"Row {number} has {len(row)} answers", value=row, allowed=f"{width}")
        out: list[float | None] = []
        for place, given in enumerate(row):
            if type(given) is float and low <= given <= high:  # most are; rounds are long
                out.append(low + high - given if place in places else given)
                continue
            wrong = ""
            try:
                answer = number_of(given)
            except ValueError:
                answer, wrong = None, "is no number on the scale"
            if answer is not None and not low <= answer <= high:
                wrong = "is outside the scale"
            if wrong:
                what = f"item {names[place]!r}" if names else f"item {place + 1}"
                raise InputError(
                    f"Row {number}, {what} {wrong}",
                    value=given,
                    allowed=f"{low} to {high}, or nothing; where a word or a code such as 9 stands "
                    "for no answer, empty it first",
                )
            out.append(low + high - answer if answer is not None and place in places else answer)
        turned.append(out)
    return turned


def cronbach_alpha(
    rows: Answers,
    reverse: Collection[Hashable] = (),
    scale: tuple[int, int] = (1, 5),
    confidence: float = 0.95,
) -> Alpha:
    """How far the items go together: k/(k-1) * (1 - sum of item variances / variance of totals).

    People who left out an item are left out (listwise). The interval is Feldt's, from the F
    distribution with n-1 and (n-1)(k-1) degrees of freedom. A high alpha does not prove that the
    items measure one thing, and a low one with few people says little.

    Sources: Cronbach (1951); Bland and Altman (1997), BMJ 314:572; Feldt (1965), Psychometrika 30.
    Raises InputError with fewer than 10 complete rows or two thirds of all, fewer than 2 items,
    or totals that are all the same.

    >>> rows = [[3, 3, 2], [4, 4, 5], [2, 3, 2], [5, 5, 4], [1, 2, 1], [4, 3, 4], [3, 4, 3],
    ...     [2, 1, 2], [5, 4, 5], [4, 5, 4]]
    >>> alpha = cronbach_alpha(rows)
    >>> round(alpha.value, 3), alpha.n, alpha.items
    (0.922, 10, 3)
    """
    check_confidence(confidence)
    turned = reverse_keyed(rows, reverse, scale)
    complete = [[a for a in row if a is not None] for row in turned if None not in row]
    items = len(turned[0]) if turned else 0
    n = len(complete)
    if items < 2:
        raise InputError("Alpha needs two items or more", value=items, allowed="at least 2 items")
    if n < LEAST_FOR_ALPHA:
        raise InputError(
            "Too few people answered every item for an alpha",
            value=n,
            allowed=f"at least {LEAST_FOR_ALPHA} complete answers",
        )
    if n < MOST_COMPLETE * len(turned):
        raise InputError(
            "Most people left something out, so an alpha would speak for the others alone",
            value=f"{n} of {len(turned)}",
            allowed="complete answers from two thirds of the people or more",
        )
    total = variance([math.fsum(row) for row in complete])
    if total == 0:
        raise InputError("Everybody's total is the same, so there is no alpha", value=total)
    parts = math.fsum(variance(column) for column in zip(*complete, strict=True))
    value = items / (items - 1) * (1 - parts / total)
    tail = (1 - confidence) / 2
    df1, df2 = n - 1, (n - 1) * (items - 1)
    return Alpha(
        value,
        low=1 - (1 - value) * f_quantile(1 - tail, df1, df2),
        high=1 - (1 - value) * f_quantile(tail, df1, df2),
        n=n,
        items=items,
        missing=len(turned) - n,
    )


def score(
    rows: Answers,
    reverse: Collection[Hashable] = (),
    scale: tuple[int, int] = (1, 5),
    confidence: float = 0.95,
) -> Score:
    """The group's score: the mean of the people's means.

    A person counts who answered at least two thirds of the items; their mean is over what they
    answered. The interval is the t interval of a mean. It treats the people as a sample, which
    in a whole partnership's check-in they are not quite: read it as a guard against noise.

    >>> result = score([[4, 5, 3], [2, None, 2], [None, None, 5]])
    >>> result.value, result.n, result.missing
    (3.0, 2, 1)
    """
    check_confidence(confidence)
    turned = reverse_keyed(rows, reverse, scale)
    people: list[float | None] = []
    for row in turned:
        answered = [a for a in row if a is not None]
        # Multiplied out, so that two of three is exactly enough.
        enough = bool(answered) and 3 * len(answered) >= 2 * len(row)
        people.append(fmean(answered) if enough else None)
    means = [p for p in people if p is not None]
    value = fmean(means) if means else None
    low = high = None
    if len(means) >= 2 and value is not None:
        reach = t_quantile(0.5 + confidence / 2, len(means) - 1) * math.sqrt(
            variance(means) / len(means)
        )
        low, high = max(scale[0], value - reach), min(scale[1], value + reach)
    return Score(value, low, high, len(means), len(people) - len(means), tuple(people))


def agreement(answers: Iterable[Any], scale: tuple[int, int] = (1, 5)) -> float | None:
    """How far a group agrees on one item: r_wg = 1 - s^2 / s_uniform^2, between 0 and 1.

    s_uniform^2 = (A^2 - 1) / 12 is the variance if answers fell evenly over the A steps of the
    scale. 1 is everybody alike; 0 is no more alike than chance. None with fewer than two answers.
    Source: James, Demaree and Wolf (1984), Journal of Applied Psychology 69.

    >>> agreement([4, 4, 4, 4]), agreement([1, 5, 1, 5, 3])
    (1.0, 0.0)
    """
    column = reverse_keyed([[answer] for answer in answers], scale=scale)
    given = [a for (a,) in column if a is not None]
    if len(given) < 2:
        return None
    steps = scale[1] - scale[0] + 1
    return max(0.0, 1 - variance(given) / ((steps**2 - 1) / 12))


@dataclass(frozen=True, slots=True)
class Change:
    """The difference between two rounds' scores, with its interval where there is one.

    `noise` says that chance alone could do it; None where nobody can tell.
    """

    value: float
    low: float | None
    high: float | None
    noise: bool | None
    sentence: str


def change(
    before: Score | Iterable[Any], after: Score | Iterable[Any], confidence: float = 0.95
) -> Change | None:
    """The change between two rounds, with Welch's interval; None with under two people in either.

    `before` and `after` are the rounds' scores, or one number for each person; who did not answer
    is left out. Who answered what in the last round is not known, so the rounds count as two
    groups. Source: Welch (1947), Biometrika 34.

    >>> change([3, 3, 4, 3, 4], [4, 3, 4, 3, 4]).noise
    True
    """
    check_confidence(confidence)
    old, new = _given(before), _given(after)
    if len(old) < 2 or len(new) < 2:
        return None
    a, b = variance(old) / len(old), variance(new) / len(new)
    if a + b == 0:
        reach = 0.0
    else:
        df = (a + b) ** 2 / (a**2 / (len(old) - 1) + b**2 / (len(new) - 1))
        reach = t_quantile(0.5 + confidence / 2, df) * math.sqrt(a + b)
    return changed(fmean(new) - fmean(old), reach, len(old), len(new))


def changed(value: float, reach: float | None, old: int, new: int) -> Change:
    """A difference of `value`, give or take `reach`, told with how many answered.

    Without a `reach` nobody can tell it from chance.
    """
    step = f"{abs(value):.1f}" if abs(value) >= 0.05 else f"{abs(value):.2g}"
    moved = f"moved by {value:+.1f}" if abs(value) >= 0.05 else "hardly moved"
    if reach is None:
        return Change(
            value,
            None,
            None,
            None,
            f"The score {moved}. With {old} and then {new} answers nobody can tell whether that "
            "is more than chance.",
        )
    low, high = value - reach, value + reach
    noise = low <= 0 <= high or abs(value) < 1e-9
    if noise:
        sentence = (
            f"The score {moved}. With {old} and then {new} answers the true change could be "
            f"anything from {low:+.1f} to {high:+.1f}, so nobody can tell yet whether it moved."
        )
    else:
        sentence = (
            f"The score {'rose' if value > 0 else 'fell'} by {step}, more than chance alone would "
            f"explain ({old} and then {new} answers)."
        )
    return Change(value, low, high, noise, sentence)


def paired(people: Sequence[Sequence[float | None]]) -> list[tuple[int, int]]:
    """Which of several scores of the same people differ by more than chance: (lower, higher).

    `people` holds each person's scores, in one order. Each two are compared within those who have
    both, by a paired t test, and corrected for the number of comparisons (Holm, at 5 %).

    >>> paired([(3, 4), (3, 4), (2, 4), (3, 4), (3, 5)]), paired([(3, 4), (4, 3), (3, 3)])
    ([(0, 1)], [])
    """
    pairs = list(combinations(range(len(people[0]) if people else 0), 2))
    chances, means = [], []
    for a, b in pairs:
        both = [(p[a], p[b]) for p in people]
        apart = [y - x for x, y in both if x is not None and y is not None]
        mean = fmean(apart) if apart else 0.0
        spread = variance(apart) / len(apart) if len(apart) > 1 else 0.0
        sure = 0.0 if mean and len(apart) > 2 else 1.0
        chances.append(t_chance(mean / math.sqrt(spread), len(apart) - 1) if spread else sure)
        means.append(mean)
    found = zip(pairs, holm(chances), means, strict=True)
    return [(a, b) if mean > 0 else (b, a) for (a, b), chance, mean in found if chance <= 0.05]


def _given(people: Score | Iterable[Any]) -> list[float]:
    held = people.people if isinstance(people, Score) else people
    try:
        numbers = [number_of(person) for person in held]
    except ValueError:
        raise InputError(
            "A round's scores are wrong", value=list(held), allowed="a number for each person"
        ) from None
    return [number for number in numbers if number is not None]
