"""What may be told of a round of the check-in: the one rule that every output is held to.

Means are given to one decimal, from five answers on. Where a mean lies so near an end of the scale
that somebody who answered could work out everybody else's answer, only the line is told beyond
which it lies. The line is 1 + 5/n and 5 - 5/n: someone who gave the other extreme takes away up to
four points more than the least, so one more has to be left for two ways to remain.

How answers spread is told of single statements never as a figure: of ten answers the mean and the
share of one of them often leave one way only. Whether they differ widely is told from twenty
answers on and for means near the middle, where at least two ways always remain. `tests/attacks`
goes through all of them.

Scores of several statements are worked out from what is told of these, and from nothing else, so
that they tell nothing more.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from math import ceil, floor
from statistics import variance

from playbook_helpers.partnership import Partnership
from playbook_helpers.practices.trust.items import ENDS
from playbook_helpers.suppression import LEAST

SPREAD_FROM = 10
"""Answers from which a range of a whole score is told."""
DIFFER_FROM = 20
"""Answers from which it is told of a statement whether people differ widely on it."""
_NEAR_MIDDLE = (2.0, 4.0)
_SLACK = 5
ENOUGH_PARTS = 2 / 3


@dataclass(frozen=True, slots=True)
class Rule:
    """From how many answers on anything is told, and to what counts of answers are rounded.

    Everything that a stricter rule tells follows from what `STANDARD` tells, so that a group that
    changes its mind gives nothing away.
    """

    least: int = LEAST
    counts_to: int = 1

    def count(self, n: int) -> int:
        """A number of answers as it is told.

        >>> STANDARD.count(13), CAREFUL.count(13)
        (13, 15)
        """
        return self.counts_to * floor(n / self.counts_to + 0.5)

    def lines(self, n: int) -> tuple[float, float]:
        """The two lines beyond which a mean of `n` whole answers is not told.

        >>> STANDARD.lines(8), CAREFUL.lines(40)
        ((1.625, 4.375), (1.5, 4.5))
        """
        slack = _SLACK / (n if self.counts_to == 1 else self.least)
        return ENDS[0] + slack, ENDS[1] - slack


STANDARD = Rule()
CAREFUL = Rule(10, 5)


def rule_of(partnership: Partnership | None) -> Rule:
    """The rule that a partnership has chosen."""
    careful = partnership is not None and partnership.check_in_shown == "careful"
    return CAREFUL if careful else STANDARD


@dataclass(frozen=True, slots=True)
class Told:
    """What is told of one figure: its `value`, or the `bound` it lies beyond, or why it is hidden.

    `least` and `most` are where the mean can lie by what is told: both the value where that is
    told. `low` and `high` are a 95% range. Of a hidden figure `n` is not told either.
    """

    value: float | None = None
    bound: str = ""
    hidden: str = ""
    n: int | None = None
    missing: int | None = None
    least: float | None = None
    most: float | None = None
    low: float | None = None
    high: float | None = None
    differ: bool | None = None


def told(
    answers: Sequence[float], rule: Rule, *, missing: int = 0, hidden: str = "", whole: bool = True
) -> Told:
    """What is told of the mean of `answers`, each from 1 to 5; `missing` people gave none.

    `hidden` says why nothing is, where that is settled already. `whole` answers may show that
    people differ. Fewer than `rule.least` answers are hidden.

    >>> told([3, 4, 4, 3, 3], STANDARD).value
    3.4
    >>> told([5, 4, 4, 4, 4], STANDARD).bound
    'above 3.9'
    >>> told([1, 2, 1, 2], STANDARD).hidden
    'fewer than 5 answers'
    """
    n = len(answers)
    if hidden or n < rule.least:
        return Told(hidden=hidden or f"fewer than {rule.least} answers")
    mean = sum(answers) / n
    lower, upper = rule.lines(n)
    counts = (rule.count(n), rule.count(missing))
    if mean <= lower + 1e-9:
        line = floor(10 * lower + 1 + 1e-9) / 10
        return Told(None, f"below {line:.1f}", "", *counts, least=1.0, most=line)
    if mean >= upper - 1e-9:
        line = ceil(10 * upper - 1 - 1e-9) / 10
        return Told(None, f"above {line:.1f}", "", *counts, least=line, most=5.0)
    value = floor(10 * mean + 0.5 + 1e-9) / 10
    differ = None
    if whole and n >= DIFFER_FROM and _NEAR_MIDDLE[0] <= value <= _NEAR_MIDDLE[1]:
        # Half of the variance that even answers over the whole scale would have.
        differ = variance(answers) > 1.0
    return Told(value, "", "", *counts, least=value, most=value, differ=differ)


def combined(parts: Sequence[Told], n: int, rule: Rule) -> Told:
    """The score of several statements, worked out from what is told of each.

    Hidden where fewer than two thirds of them are told. Where some lie beyond a line, so that the
    score has room, it is told between which two values it lies.

    >>> combined([told([3, 4, 4, 3, 3], STANDARD), told([2, 4, 3, 3, 4], STANDARD)], 5, STANDARD)
    ... # doctest: +ELLIPSIS
    Told(value=3.3, ...)
    >>> combined([told([3, 4, 4, 3, 3], STANDARD), told([5] * 5, STANDARD)], 5, STANDARD).bound
    'between 3.6 and 4.2'
    """
    known = [p for p in parts if p.least is not None and p.most is not None]
    if len(known) < ENOUGH_PARTS * len(parts):
        return Told(hidden=next(p.hidden for p in parts if p.hidden))
    least = sum(p.least for p in known if p.least is not None) / len(known)
    most = sum(p.most for p in known if p.most is not None) / len(known)
    counts = (rule.count(n), len(parts) - len(known))
    if most - least < 1e-9:
        value = floor(10 * least + 0.5 + 1e-9) / 10
        return Told(value, "", "", *counts, least=value, most=value)
    low, high = floor(10 * least + 1e-9) / 10, ceil(10 * most - 1e-9) / 10
    return Told(None, f"between {low:.1f} and {high:.1f}", "", *counts, least=low, most=high)
