"""How many answers a survey needs, how sure its shares are, and whom it misses."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Container, Iterable, Mapping, Sequence
from dataclasses import dataclass
from numbers import Real
from typing import Literal, TypeGuard

from playbook_helpers.core.blanks import is_missing, is_unsaid
from playbook_helpers.core.distributions import exact_interval, mean_distance, z_value
from playbook_helpers.core.errors import InputError

Sampling = Literal["random", "everyone", "open_link", "by_invitation", "convenience"]
SAMPLING = {
    "random": "A random sample: everyone had a known chance to be asked",
    "everyone": "Everyone was asked",
    "open_link": "An open link: whoever wished answered",
    "by_invitation": "Those we invited",
    "convenience": "Those who were there",
}
LEAST = 5
MOST_WEIGHT = 3.0


def sample_size(
    margin: float, population: int | None = None, confidence: float = 0.95, p: float = 0.5
) -> int:
    """Completed answers of a random sample needed for a margin of error, rounded up.

    n0 = z^2 p (1 - p) / margin^2; for a known population n = n0 / (1 + (n0 - 1) / population).
    `margin` and `p` are shares: 0.05 is five percentage points. Count answers, not invitations.
    Source: Cochran (1977), Sampling Techniques, chapter 4. Raises InputError for values out of
    range.

    >>> sample_size(0.05), sample_size(0.05, population=1000)
    (385, 278)
    """
    _check_share("margin", margin)
    _check_share("p", p)
    n0 = z_value(confidence) ** 2 * p * (1 - p) / margin**2
    if population is not None:
        population = _whole("population", population)
        n0 = n0 / (1 + (n0 - 1) / population)
        return min(population, max(1, math.ceil(n0 - 1e-9)))
    return max(1, math.ceil(n0 - 1e-9))


def margin_of_error(
    n: int,
    population: int | None = None,
    confidence: float = 0.95,
    p: float = 0.5,
    sampling: Sampling = "random",
) -> float:
    """The margin of error of a share, as a share, for a random sample of `n` answers.

    z sqrt(p (1 - p) / n), times sqrt((N - n) / (N - 1)) for a known population N. Raises
    InputError with the reason for any other way of sampling: there the error that matters is who
    answered, and no formula knows that. Source: Isserlis (1918) for the finite correction.

    >>> round(margin_of_error(72_000), 4), round(margin_of_error(72_000, population=300_000), 4)
    (0.0037, 0.0032)
    """
    if sampling != "random":
        raise InputError(
            "A margin of error is for random samples only. Here people chose to answer, or were "
            "chosen, so what matters is who answered: look at who is missing",
            value=sampling,
            allowed="random",
        )
    n = _whole("number of answers", n)
    _check_share("p", p)
    error = z_value(confidence) * math.sqrt(p * (1 - p) / n)
    if population is None:
        return error
    population = _whole("population", population)
    if n > population:
        raise InputError("More answers than people", value=n, allowed=f"at most {population}")
    if population == 1:
        return 0.0
    return error * math.sqrt((population - n) / (population - 1))


@dataclass(frozen=True, slots=True)
class GroupShare:
    """One group in the sample and in the community. Hidden figures are None (`hidden` is True).

    `ratio` is the share in the sample over the share in the community: 1 is just right, 0.5 is
    half as many as there should be. `weight` would right it, capped at 3. `low` and `high` bound
    the share that people of this group would have if many more came as these did (95 %, exact).
    """

    group: str
    n: int | None
    sample_share: float | None
    community_share: float
    ratio: float | None
    weight: float | None
    capped: bool = False
    hidden: bool = False
    low: float | None = None
    high: float | None = None


@dataclass(frozen=True, slots=True)
class Representation:
    """How a sample's make-up compares with the community's.

    `index` is 1 minus half the sum of the differences between the shares: 1 is alike in every
    group, 0 is nothing in common. `effective_n` is what `n` is worth after weighting. Where groups
    are hidden, both take them as one group, so that they cannot give a hidden count away; the
    index is then the most that it can be, and None where every group is hidden. `unsaid` people
    did not say their group, where that is known; they are in no figure.
    """

    groups: tuple[GroupShare, ...]
    index: float | None
    n: int
    effective_n: float | None
    missing: tuple[str, ...]
    unsaid: int = 0
    fair_index: float | None = None
    """What the index of a fair draw of as many people comes to on average: never quite 1."""


def representation(
    sample: Mapping[str, float] | Iterable[str],
    community: Mapping[str, float],
    *,
    least: int = LEAST,
) -> Representation:
    """Whom a sample has too few of, against the community's own make-up.

    `sample` gives people counted in each group, or each person's group (a column of a survey file;
    who left it out counts as unsaid); `community` people (or shares) in each. Groups with 1 to 4
    people are hidden, and the community's smallest other group with them where one alone could be
    worked out from the total; with fewer than 5 people in all, every group is. Nobody from a group
    is shown: that is the finding that matters. `least=1` hides nothing, for work inside. The index
    is one minus the dissimilarity of Duncan and Duncan (1955); weights are community share over
    sample share, capped at 3; the effective n is Kish's (sum w)^2 / sum w^2 (1965).
    Raises InputError for negative counts, an empty community, or groups of the sample that the
    community does not list.

    >>> result = representation({"under 30": 10, "30 and over": 40},
    ...     {"under 30": 50, "30 and over": 50})
    >>> [round(group.ratio, 2) for group in result.groups], round(result.index, 2)
    ([0.4, 1.6], 0.7)
    """
    community, _ = _counts("community", community)
    counted, unsaid = _counts("sample", sample, community)
    parts = [group for group, count in counted.items() if count % 1]
    if parts:
        raise InputError(
            f"The sample's count of {parts[0]!r} is no whole number",
            value=counted[parts[0]],
            allowed="people counted, not shares: small groups cannot be hidden without the counts",
        )
    unknown = sorted(set(counted) - set(community), key=str)
    if unknown:
        raise InputError(
            "The sample has a group that the community's make-up does not list",
            value=unknown[0],
            allowed=", ".join(map(str, community)),
        )
    everyone = math.fsum(community.values())
    if everyone <= 0:
        raise InputError("The community's make-up is empty", value=dict(community))
    n = math.fsum(counted.values())
    counts = {group: counted.get(group, 0.0) for group in community}
    shares = {group: community[group] / everyone for group in community}
    hidden = small_cells(counts, least, shares)
    groups = tuple(
        _group(group, counts[group], n, shares[group], group in hidden) for group in community
    )
    index = effective = fair = None
    if n > 0 and len(hidden) < len(counts):
        cells = _known_cells(counts, shares, hidden)
        index = 1 - math.fsum(abs(count / n - share) for count, share in cells) / 2
        fair = 1 - math.fsum(mean_distance(int(n), share) for _, share in cells) / 2
        weights = [(min(MOST_WEIGHT, share * n / count), count) for count, share in cells if count]
        total = math.fsum(w * c for w, c in weights)
        squares = math.fsum(w * w * c for w, c in weights)
        effective = total**2 / squares if squares else None
    missing = tuple(g for g in community if counts[g] == 0 and shares[g] > 0 and g not in hidden)
    return Representation(groups, index, int(n), effective, missing, unsaid, fair)


def small_cells(
    counts: Mapping[str, float],
    least: int = LEAST,
    community: Mapping[str, float] | None = None,
) -> set[str]:
    """The groups to hide where the total is known: the small ones, and those that would tell.

    Which group goes with a small one follows from what everybody knows, never from the counts:
    the smallest group of the `community` first (without it, the order of `counts`). Were it the
    smallest of the sample, a group that is still shown would say that the hidden one is smaller.

    >>> sorted(small_cells({"a": 3, "b": 9, "c": 7}, community={"a": 50, "b": 20, "c": 30}))
    ['a', 'b']
    """
    small = {group for group, count in counts.items() if 0 < count < least}
    if small and math.fsum(counts.values()) < least:
        # Nobody in the other groups would leave the whole total to the one that is hidden.
        return set(counts)
    size = community or {}
    rest = sorted((g for g, c in counts.items() if c >= least), key=lambda g: size.get(g, 0.0))
    # The total is shown, so hidden groups could be worked out from what is left of it: one alone,
    # a few people in all, or small groups that must all be of one size to add up.
    while small and rest and _tells([counts[g] for g in small], least):
        small.add(rest.pop(0))
    if small and _tells([counts[g] for g in small], least):
        return set(counts)
    return small


def _tells(hidden: Sequence[float], least: int) -> bool:
    """Whether the sum of hidden groups, which is known, gives one of them away."""
    total = math.fsum(hidden)
    forced = max(hidden) < least and total in (len(hidden), (least - 1) * len(hidden))
    return len(hidden) < 2 or total < least or forced


def _known_cells(
    counts: Mapping[str, float], shares: Mapping[str, float], hidden: set[str]
) -> list[tuple[float, float]]:
    """(people, community share) of the groups shown, and of all the hidden ones as one."""
    cells = [(counts[group], shares[group]) for group in counts if group not in hidden]
    if hidden:
        together = math.fsum(counts[group] for group in hidden)
        cells.append((together, math.fsum(shares[group] for group in hidden)))
    return cells


def _group(group: str, count: float, n: float, share: float, hidden: bool) -> GroupShare:
    if hidden or n == 0:
        return GroupShare(group, None if hidden else 0, None, share, None, None, hidden=hidden)
    own = count / n
    weight = share / own if own else None
    low, high = exact_interval(int(count), int(n))
    return GroupShare(
        group=group,
        n=int(count),
        sample_share=own,
        community_share=share,
        # 32 of 100 beside 40 % is 0.8, and not a little less as its binary digits have it.
        ratio=round(own / share, 12) if share else None,
        weight=None if weight is None else min(MOST_WEIGHT, weight),
        capped=weight is not None and weight > MOST_WEIGHT,
        low=low,
        high=high,
    )


def _check_share(name: str, value: float) -> None:
    if not _is_number(value) or not 0 < value < 1:
        raise InputError(
            f"{name} is out of range", value=value, allowed="a share between 0 and 1, such as 0.05"
        )


def _is_number(given: object) -> TypeGuard[float]:
    return isinstance(given, Real) and not isinstance(given, bool)


def _whole(name: str, given: object) -> int:
    """A count of people as a whole number above 0, whatever kind of number it came as."""
    if not _is_number(given) or not given >= 1 or given % 1:
        raise InputError(f"The {name} is wrong", value=given, allowed="a whole number, 1 or more")
    return int(given)


def _counts(name: str, given: object, known: Container[str] = ()) -> tuple[dict[str, float], int]:
    """People by group, and how many of no group, from a mapping of counts, or from one group's
    name for each person: a list, or a column of a data frame. `known` groups are groups whatever
    they are called: "None" is one where people are counted by religion."""
    pairs = getattr(given, "items", None)
    held = [] if pairs is None else [count for _, count in pairs()]
    # A column is a mapping too, from the number of each row to what stands in it.
    column = hasattr(given, "to_list") and any(isinstance(count, str) for count in held)
    if pairs is None or column:
        if isinstance(given, str) or not isinstance(given, Iterable):
            raise InputError(f"The {name} is wrong", value=given, allowed="people by group")
        each = held if column else list(given)
        said = [group for group in each if group in known or not _is_nothing(group)]
        return dict(Counter(said)), len(each) - len(said)
    counts: dict[str, float] = {}
    for group, count in pairs():
        number = _number(count)
        if number is None or number < 0:
            raise InputError(
                f"The {name}'s count of {group!r} is wrong", value=count, allowed="0 or more"
            )
        counts[group] = number
    return counts, 0


def _number(given: object) -> float | None:
    """A finite number, also from text as a CSV reader gives it; None for anything else."""
    try:
        number = float(given) if isinstance(given, str) or _is_number(given) else math.nan
    except ValueError:
        return None
    return number if math.isfinite(number) else None


def _is_nothing(group: object) -> bool:
    """Whether a person's group was left out: no value at all, or words for no answer."""
    return is_unsaid(group) if isinstance(group, str) else is_missing(group)
