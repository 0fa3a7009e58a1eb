"""Hiding small cells so that they stay hidden: primary and complementary suppression.

A cell that rests on fewer than five answers, or mostly on one organisation's, is hidden. That is
not enough: whoever knows a total and all other parts can subtract. So further cells are hidden
until no hidden cell can be worked out from what is shown, over every sum that links the cells:
rows, columns, totals, rounds. What can be worked out is decided by linear algebra, exactly. What
the hidden parts of one sum add up to can always be worked out, so together they have to pass the
same two rules.

Which cell is hidden beside a small one follows from the order in which the cells are given, and
never from how many answers they hold. Were it the smallest one left, every cell that is still
shown would say that the hidden ones are smaller: with 5, 5 and 3 answers that alone gives two
hidden counts away (Wong and others (2007), Minimality attack in privacy preserving data
publishing). So callers give the cells in an order that everybody may know.

Source of the method: Willenborg and de Waal (2001), Elements of Statistical Disclosure Control,
chapters on tables; cells are chosen one at a time here, which hides a little more than the least
possible.
"""

from __future__ import annotations

from collections.abc import Hashable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import Literal

Key = Hashable
Reason = Literal["few", "dominated", "complement", "waiting"]
LEAST = 5
MOST_FROM_ONE = 0.5
REASON_WORDS: Mapping[Reason, str] = {
    "few": f"fewer than {LEAST} answers",
    "dominated": "over half of the answers are from one organisation",
    "complement": "it would give away a hidden figure",
    "waiting": "answers may still be coming in",
}
HIDDEN_WORDS = "a few people could be recognised by it"
"""Why one of several cells is hidden. Which of the three it is would tell how many answered."""


@dataclass(frozen=True, slots=True)
class Cell:
    """What a figure rests on: `n` answers, the largest part of them from one organisation."""

    n: int
    largest_share: float = 0.0


@dataclass(frozen=True, slots=True)
class Sum:
    """One link between figures: `whole` is the sum of `parts`, all known to a careful reader."""

    whole: Key
    parts: tuple[Key, ...]


def suppressed(
    cells: Mapping[Key, Cell],
    sums: Sequence[Sum] = (),
    *,
    least: int = LEAST,
    already: Mapping[Key, Reason] | None = None,
) -> dict[Key, Reason]:
    """Which cells to hide, and why. Cells with no answers at all hide nothing and are left out.

    `already` are cells that are to be hidden in any case, each with its reason.

    Cells that must go with a hidden one are taken in the order of `cells`, which must not depend
    on the counts. Do not show the reasons of single cells: they tell which count is small.

    >>> cells = {"a": Cell(3), "b": Cell(9), "c": Cell(7), "all": Cell(19)}
    >>> suppressed(cells, [Sum("all", ("a", "b", "c"))])
    {'a': 'few', 'b': 'complement'}
    """
    hidden: dict[Key, Reason] = dict(already or {})
    for key, cell in cells.items():
        if 0 < cell.n < least:
            hidden[key] = "few"
        elif cell.n and cell.largest_share > MOST_FROM_ONE:
            hidden[key] = "dominated"
    # A whole that nobody's answers make up has no value to subtract from.
    sums = [link for link in sums if cells[link.whole].n]
    while True:
        exposed = _exposed(cells, sums, hidden, least)
        choice = _next_to_hide(cells, sums, exposed, hidden)
        if choice is None:
            return hidden
        hidden[choice] = "complement"


def _next_to_hide(
    cells: Mapping[Key, Cell],
    sums: Sequence[Sum],
    exposed: Sequence[Sum],
    hidden: Mapping[Key, Reason],
) -> Key | None:
    """The first shown cell near a sum that gives something away; parts before wholes.

    Where the sum itself has nothing left to hide, the way to the hidden cell leads over other
    sums, and a cell of those goes next.
    """
    if not exposed:
        return None
    for links in (exposed, sums):
        for pick in (lambda link: link.parts, lambda link: (link.whole,)):
            near = {key for link in links for key in pick(link)}
            for key in cells:
                if key in near and key not in hidden and cells[key].n > 0:
                    return key
    return None


def _exposed(
    cells: Mapping[Key, Cell], sums: Sequence[Sum], hidden: Mapping[Key, Reason], least: int
) -> list[Sum]:
    """The sums to mend: those around a hidden cell that can be worked out, and those whose
    hidden parts together are still fewer than `least` answers or mostly one organisation's, or
    which must all be of one size to add up to what is left: four and four to eight."""
    known = solvable(sums, hidden)
    if len(sums) > 1:
        # A count cannot go below 1: where sums are linked, a hidden 1 may leave no room to a cell
        # that equations alone leave open. Taken as known, it can only lead to more being hidden.
        for key in hidden:
            roomy = [other for other in hidden if other == key or cells[other].n > 1]
            known |= {key} & solvable(sums, roomy)
    open_sums = [link for link in sums if any(key in known for key in (link.whole, *link.parts))]
    for link in sums:
        parts = [key for key in link.parts if key in hidden]
        if parts and link.whole not in hidden:
            together = sum(cells[key].n for key in parts)
            largest = max(cells[key].n * cells[key].largest_share for key in parts)
            # Where every part is hidden, a large one may be among them for all a reader knows.
            left = any(cells[key].n and key not in hidden for key in link.parts)
            small = left and all(cells[key].n < least for key in parts)
            forced = small and together in (len(parts), (least - 1) * len(parts))
            if together < least or forced or largest > MOST_FROM_ONE * together:
                open_sums.append(link)
    return open_sums


def solvable(sums: Sequence[Sum], hidden: Iterable[Key]) -> set[Key]:
    """The hidden cells whose value follows from the cells shown and the sums.

    A hidden cell follows exactly if its unit vector lies in the row space of the equations
    restricted to hidden cells; the reduced row echelon form shows it as a row with one entry.

    >>> sorted(solvable([Sum("all", ("a", "b", "c"))], ["a"]))
    ['a']
    >>> sorted(solvable([Sum("all", ("a", "b", "c"))], ["a", "b"]))
    []
    """
    unknown = list(dict.fromkeys(hidden))
    place = {key: i for i, key in enumerate(unknown)}
    rows: list[dict[int, Fraction]] = []
    for link in sums:
        row: dict[int, Fraction] = {}
        for key, sign in ((link.whole, -1), *((part, 1) for part in link.parts)):
            if key in place:
                row[place[key]] = row.get(place[key], Fraction(0)) + sign
        row = {i: value for i, value in row.items() if value}
        if row:
            rows.append(row)
    reduced = _reduce(rows)
    return {unknown[next(iter(row))] for row in reduced if len(row) == 1}


def _reduce(rows: list[dict[int, Fraction]]) -> list[dict[int, Fraction]]:
    """Reduced row echelon form of sparse rows."""
    done: dict[int, dict[int, Fraction]] = {}
    for row in rows:
        row = dict(row)
        for pivot in [p for p in row if p in done]:
            _subtract(row, done[pivot], row[pivot])
        if not row:
            continue
        pivot = min(row)
        scale = row[pivot]
        row = {i: value / scale for i, value in row.items()}
        for other in done.values():
            if pivot in other:
                _subtract(other, row, other[pivot])
        done[pivot] = row
    return list(done.values())


def _subtract(row: dict[int, Fraction], other: Mapping[int, Fraction], factor: Fraction) -> None:
    for i, value in other.items():
        left = row.get(i, Fraction(0)) - factor * value
        if left:
            row[i] = left
        else:
            row.pop(i, None)
