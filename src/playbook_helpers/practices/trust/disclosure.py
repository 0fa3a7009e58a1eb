"""What may be told of a round of the check-in: the one rule that every output is held to.

Means are given to one decimal, from five answers on. Where a mean lies so near an end of the scale
that somebody who answered could work out everybody else's answer, only the line is told beyond
which it lies. The line is 1 + 5/n and 5 - 5/n: someone who gave the other extreme takes away up to
four points more than the least, so one more has to be left for two ways to remain.

How answers spread is never told as a figure of single statements, nor as one that is made of their
variances, such as alpha: of ten answers a mean and a share often leave one way only, and alpha
beside the means told that all had answered alike. Whether they differ widely is told from twenty
answers on and for means near the middle, where at least two ways always remain. `tests/attacks`
goes through all of them.

Scores of several statements are worked out from what is told of these, and from nothing else, so
that they tell nothing more.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from math import ceil, floor
from statistics import variance

from playbook_helpers.core.partnership import Partnership
from playbook_helpers.core.suppression import LEAST
from playbook_helpers.practices.trust.items import ENDS

SPREAD_FROM = 10
"""Answers from which a range of a whole score is told."""
DIFFER_FROM = 20
"""Answers from which it is told of a statement whether people differ widely on it."""
_NEAR_MIDDLE = (2.0, 4.0)
_SLACK = 5
ENOUGH_PARTS = 2 / 3


@dataclass(frozen=True, slots=True)
class Rule:
    """From how many answers on anything is shown, and to what numbers of people are rounded.

    A rule only ever leaves out, or rounds, what the standard one shows: so a group that changes
    its mind gives nothing away by the difference.
    """

    least: int = LEAST
    counts_to: int = 1

    def count(self, n: int) -> int:
        """A number of people as it is shown.

        >>> STANDARD.count(13), CAREFUL.count(13)
        (13, 15)
        """
        return self.counts_to * floor(n / self.counts_to + 0.5)

    def show(self, figure: Told) -> Told:
        """A figure as this rule shows it.

        >>> figure = told([3, 4, 4, 3, 3, 5, 3, 3, 4, 3, 4])
        >>> STANDARD.show(figure).n, CAREFUL.show(figure).n, CAREFUL.show(figure).value
        (11, 10, 3.5)
        """
        if self.counts_to == 1 or figure.n is None:
            return figure
        if figure.n < self.least:
            return Told(hidden=f"fewer than {self.least} answers")
        return replace(figure, n=self.count(figure.n), missing=None)


STANDARD = Rule()
CAREFUL = Rule(10, 5)


def lines(n: int) -> tuple[float, float]:
    """The two lines beyond which a mean of `n` whole answers is not told.

    >>> lines(8)
    (1.625, 4.375)
    """
    return ENDS[0] + _SLACK / n, ENDS[1] - _SLACK / n


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
    answers: Sequence[float], *, missing: int = 0, hidden: str = "", whole: bool = True
) -> Told:
    """What is told of the mean of `answers`, each from 1 to 5; `missing` people gave none.

    `hidden` says why nothing is, where that is settled already. Of `whole` answers it may be told
    that people differ. Fewer than five answers are hidden.

    >>> told([3, 4, 4, 3, 3]).value
    3.4
    >>> told([5, 4, 4, 4, 4]).bound
    'above 3.9'
    >>> told([1, 2, 1, 2]).hidden
    'fewer than 5 answers'
    """
    n = len(answers)
    if hidden or n < LEAST:
        return Told(hidden=hidden or f"fewer than {LEAST} answers")
    mean = sum(answers) / n
    lower, upper = lines(n)
    if mean <= lower + 1e-9:
        line = floor(10 * lower + 1 + 1e-9) / 10
        return Told(None, f"below {line:.1f}", "", n, missing, least=1.0, most=line)
    if mean >= upper - 1e-9:
        line = ceil(10 * upper - 1 - 1e-9) / 10
        return Told(None, f"above {line:.1f}", "", n, missing, least=line, most=5.0)
    value = floor(10 * mean + 0.5 + 1e-9) / 10
    differ = None
    if whole and n >= DIFFER_FROM and _NEAR_MIDDLE[0] <= value <= _NEAR_MIDDLE[1]:
        # Half of the variance that even answers over the whole scale would have.
        differ = variance(answers) > 1.0
    return Told(value, "", "", n, missing, least=value, most=value, differ=differ)


def combined(parts: Sequence[Told], n: int) -> Told:
    """The score of several statements, worked out from what is told of each.

    Hidden where fewer than two thirds of them are told. Where some lie beyond a line, so that the
    score has room, it is told between which two values it lies.

    >>> combined([told([3, 4, 4, 3, 3]), told([2, 4, 3, 3, 4])], 5).value
    3.3
    >>> combined([told([3, 4, 4, 3, 3]), told([5] * 5)], 5).bound
    'between 3.6 and 4.2'
    """
    known = [p for p in parts if p.least is not None and p.most is not None]
    if len(known) < ENOUGH_PARTS * len(parts):
        return Told(hidden=next(p.hidden for p in parts if p.hidden))
    least = sum(p.least for p in known if p.least is not None) / len(known)
    most = sum(p.most for p in known if p.most is not None) / len(known)
    missing = len(parts) - len(known)
    if most - least < 1e-9:
        value = floor(10 * least + 0.5 + 1e-9) / 10
        return Told(value, "", "", n, missing, least=value, most=value)
    low, high = floor(10 * least + 1e-9) / 10, ceil(10 * most - 1e-9) / 10
    return Told(None, f"between {low:.1f} and {high:.1f}", "", n, missing, least=low, most=high)
