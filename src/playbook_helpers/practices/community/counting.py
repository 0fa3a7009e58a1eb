"""A survey's answers counted by group: from columns of a file to people of a trait.

Only counts leave this module; no answer of a single person is kept. A value of a column is a
group by its own name, or by a rule such as `18-29 = Under 30` for numbers or `f = Women` for codes.
"""

from __future__ import annotations

import math
import re
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass

from playbook_helpers.core.blanks import is_unsaid
from playbook_helpers.core.errors import InputError, NotFound
from playbook_helpers.core.text import folded

MOST_GROUPS = 30
"""With more different values than this, a column is text that people wrote, not groups."""
_NUMBER = r"[+-]?\d+(?:\.\d+)?"
_RANGE = re.compile(rf"({_NUMBER})?\s*(\.\.|-|–|to)\s*({_NUMBER})?", re.ASCII)


@dataclass(frozen=True, slots=True)
class GroupRule:
    """Which values of a trait are one group: one value, or numbers from `low` to `high`.

    Both ends belong to the range; an end that is None is open.
    """

    trait: str
    group: str
    value: str = ""
    low: float | None = None
    high: float | None = None

    @classmethod
    def read(cls, text: str) -> GroupRule:
        """A rule from text such as `Age: 16-29 = Under 30`, `Age: 65.. = 65 and over`, or
        `Sex: f = Women`. Raises InputError for text that is no rule.

        >>> GroupRule.read("Age: 16-29 = Under 30")
        GroupRule(trait='Age', group='Under 30', value='', low=16.0, high=29.0)
        >>> GroupRule.read("Sex: f = Women").value
        'f'
        """
        left, equals, group = text.rpartition("=")
        trait, colon, value = (part.strip() for part in left.partition(":"))
        group = group.strip()
        if not (equals and colon and trait and value and group):
            raise InputError(
                "This is no rule for a group",
                value=text,
                allowed='"trait: value = group" or "trait: from-to = group", such as '
                '"Age: 16-29 = Under 30"',
            )
        found = _RANGE.fullmatch(value)
        if found is None or (None in (found[1], found[3]) and found[2] != ".."):
            return cls(trait, group, value=value)  # -1 is a code, not "up to 1"
        low, high = (None if end is None else float(end) for end in (found[1], found[3]))
        if low is not None and high is not None and low > high:
            raise InputError(
                "A range runs from low to high", value=value, allowed=f"{high:g}-{low:g}"
            )
        return cls(trait, group, low=low, high=high)

    def takes(self, value: str) -> bool:
        """Whether an answer belongs to this group."""
        if self.value:
            return folded(value) == folded(self.value)
        number = _number(value)
        return (
            number is not None
            and (self.low is None or self.low <= number)
            and (self.high is None or number <= self.high)
        )


@dataclass(frozen=True, slots=True)
class SurveyCount:
    """People in each group of one trait; `unsaid` left it empty. The numbers are exact: show
    them through `representation` or `small_cells`, which hide the small ones."""

    trait: str
    column: str
    people: Mapping[str, int]
    unsaid: int


def count_groups(
    answers: Iterable[Mapping[str, object]],
    columns: Mapping[str, str],
    *,
    known: Mapping[str, Sequence[str]] | None = None,
    rules: Sequence[GroupRule] = (),
) -> list[SurveyCount]:
    """Count the people of a survey by group, one count for each trait.

    `answers` are rows as mappings from heading to value; `columns` maps a heading to the trait it
    tells; `known` lists a trait's groups in the community's make-up. A value becomes the group of
    the first rule that takes it, else the known group of the same name, else a group of its own
    where the trait has neither. Known groups that nobody is of are counted as 0. Raises NotFound
    for a column that is not there, InputError for values that belong to no group, or for a column
    of free text.

    >>> rows = [{"age": 19}, {"age": 44}, {"age": ""}]
    >>> texts = ("Age: 0-29 = Under 30", "Age: 30.. = 30 and over")
    >>> [count] = count_groups(rows, {"age": "Age"}, rules=[GroupRule.read(t) for t in texts])
    >>> dict(count.people), count.unsaid
    ({'Under 30': 1, '30 and over': 1}, 1)
    """
    rows = list(answers)
    headings = list(dict.fromkeys(name for row in rows for name in row))
    by_key = {folded(name): name for name in reversed(headings)}
    traits = {folded(trait) for trait in columns.values()}
    for rule in rules:
        if folded(rule.trait) not in traits:
            raise NotFound(
                "A rule speaks of a trait that no column tells",
                value=rule.trait,
                allowed=", ".join(columns.values()),
            )
    if len(traits) < len(columns):
        raise InputError("Two columns tell one trait", value=", ".join(columns.values()))
    counts = []
    for column, trait in columns.items():
        if folded(column) not in by_key:
            raise NotFound(
                "The file has no such column", value=column, allowed=", ".join(headings) or "none"
            )
        heading = by_key[folded(column)]
        values = [_text(row.get(heading)) for row in rows]
        own = [rule for rule in rules if folded(rule.trait) == folded(trait)]
        groups = {folded(t): names for t, names in (known or {}).items()}.get(folded(trait), ())
        counts.append(_count(column, trait, values, groups, own))
    return counts


def _count(
    column: str, trait: str, values: Sequence[str], known: Sequence[str], rules: Sequence[GroupRule]
) -> SurveyCount:
    names: dict[str, str] = {}
    for name in (*known, *(rule.group for rule in rules)):
        names.setdefault(folded(name), name)
    people = dict.fromkeys(names.values(), 0)
    listed = {folded(name) for name in known}
    free = not known and not rules
    unsaid = 0
    lost: dict[str, None] = {}
    for value in values:
        group = _group(value, listed, rules, free)
        if group is not None:
            group = names.setdefault(folded(group), group)
            people[group] = people.get(group, 0) + 1
        elif is_unsaid(value):
            unsaid += 1
        else:
            lost[value] = None
    if free and len(people) > MOST_GROUPS:
        raise InputError(
            f"The column {column!r} has {len(people)} different answers, too many to be groups",
            allowed=f"a column with at most {MOST_GROUPS} different answers, or a rule for each "
            f'group, such as "{trait}: 16-29 = Under 30"',
            kept="nothing was written",
        )
    if lost:
        shown = ", ".join(repr(value) for value in list(lost)[:5])
        more = f" and {len(lost) - 5} more" if len(lost) > 5 else ""
        raise InputError(
            f"The column {column!r} has answers that belong to no group of {trait!r}",
            value=shown + more,
            allowed=f"{', '.join(people)}; or a rule, such as "
            f'"{trait}: {next(iter(lost))} = {next(iter(people))}"',
            kept="nothing was written",
        )
    if free:
        people = {name: people[name] for name in sorted(people, key=_order)}
    return SurveyCount(trait, column, people, unsaid)


def _group(
    value: str, listed: Collection[str], rules: Sequence[GroupRule], free: bool
) -> str | None:
    for rule in rules:
        if rule.takes(value):
            return rule.group
    if folded(value) in listed:
        return value
    return value if free and not is_unsaid(value) else None


def _text(value: object) -> str:
    if value is None or (isinstance(value, float) and math.isnan(value)):
        return ""
    if isinstance(value, float) and value.is_integer():
        value = int(value)
    return " ".join(str(value).split())


def _number(value: str) -> float | None:
    try:
        number = float(value.replace(",", "."))
    except ValueError:
        return None
    return number if math.isfinite(number) else None


def _order(name: str) -> tuple[bool, float, str]:
    number = _number(name)
    return (number is None, number or 0.0, name.casefold())
