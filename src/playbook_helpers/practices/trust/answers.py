"""Answers as they come, made into rows of numbers: lists, arrays, data frames, dictionaries.

Survey files differ in how they hold a table and in how they write "no answer". All of that is
settled here, so that what works with the rows knows numbers and None alone. Nothing of pandas or
numpy is imported: their tables are known by what they can do.
"""

from __future__ import annotations

import math
import operator
from collections.abc import Collection, Hashable, Iterable, Mapping, Sequence
from typing import Any

from playbook_helpers.core.blanks import is_unsaid
from playbook_helpers.core.errors import InputError

Answers = Iterable[Sequence[Any] | Mapping[Any, Any]] | Any
"""Rows are people, columns are items: lists, dictionaries, an array or a data frame."""


def rows_of(rows: Answers) -> tuple[list[list[Any]], tuple[Hashable, ...]]:
    """The rows as lists, and the names of the items where the table has names.

    A dictionary that lacks an item gives None for it: that person left it out. Raises InputError
    for what is no table.

    >>> rows_of([{"fair": 4, "kind": 5}, {"kind": 2}])
    ([[4, 5], [None, 2]], ('fair', 'kind'))
    """
    if hasattr(rows, "columns") and hasattr(rows, "itertuples"):
        return [list(row) for row in rows.itertuples(index=False, name=None)], tuple(rows.columns)
    if isinstance(rows, Mapping | str | bytes) or not isinstance(rows, Iterable):
        raise InputError(
            "These are no rows of answers",
            value=type(rows).__name__,
            allowed="one row of answers for each person, such as [[4, 5], [3, 4]]",
        )
    held = list(rows)
    names = tuple(dict.fromkeys(n for row in held if isinstance(row, Mapping) for n in row))
    out: list[list[Any]] = []
    for number, row in enumerate(held, start=1):
        if isinstance(row, Mapping):
            out.append([row.get(name) for name in names])
        elif isinstance(row, str | bytes) or not isinstance(row, Iterable) or names:
            raise InputError(
                f"Row {number} is no row of answers",
                value=row,
                allowed="a list with one answer for each item, or a dictionary in every row",
            )
        else:
            out.append(list(row))
    return out, names


def places_of(
    reverse: Collection[Any] | Hashable, names: Sequence[Hashable], width: int
) -> frozenset[int]:
    """The places of the items to turn round, given by place (from 0) or by name.

    Raises InputError for a place or a name that is not there.

    >>> sorted(places_of(["kind", 0], ("fair", "kind"), 2))
    [0, 1]
    """
    given = [reverse] if isinstance(reverse, str | int) else list(reverse)  # type: ignore[arg-type]
    places: set[int] = set()
    for item in given:
        if item in names and (isinstance(item, str) or not _is_place(item, width)):
            places.add(names.index(item))
        elif _is_place(item, width):
            place = operator.index(item)  # type: ignore[arg-type]
            if item in names and names[place] != item:
                raise InputError(
                    "It is not clear which item to turn round: the items' names are numbers",
                    value=item,
                    allowed="items with names that are words, or rows without names",
                )
            places.add(place)
        else:
            listed = f", or one of {', '.join(map(str, names))}" if names else ""
            raise InputError(
                "There is no such item to turn round",
                value=item,
                allowed=f"0 to {width - 1}{listed}",
            )
    return frozenset(places)


def _is_place(item: object, width: int) -> bool:
    if isinstance(item, bool):
        return False
    try:
        return 0 <= operator.index(item) < width  # type: ignore[arg-type]
    except TypeError:
        return False


def number_of(answer: object) -> float | None:
    """One answer as a number; None for "don't know" and for every way of leaving it out.

    Raises ValueError for anything else.

    >>> number_of("4"), number_of("dk"), number_of(float("nan"))
    (4.0, None, None)
    """
    if answer is None or type(answer).__name__ in ("NAType", "NaTType"):
        return None
    if isinstance(answer, str):
        if is_unsaid(answer):
            return None
    elif isinstance(answer, bool | bytes) or not hasattr(answer, "__float__"):
        raise ValueError("not a number")
    value = float(answer)
    return None if math.isnan(value) else value
