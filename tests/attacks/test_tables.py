"""Hidden cells of linked tables stay hidden: attacked by linear programming.

The attacker knows every cell that is shown, every sum that links the cells, and that no count is
negative. A hidden cell is told where its least and its greatest possible value are the same.

Two of the tables are those by which users of a statistics office's tool showed that it hid too
little: three single people in one table, and two ways of adding up the same regions
(github.com/sdcTools/UserSupport, issues 135 and 136).
"""

from __future__ import annotations

import random
from collections.abc import Callable, Mapping, Sequence
from typing import Any

import numpy as np
from scipy.optimize import linprog

from playbook_helpers.core.suppression import Cell, Sum, suppressed


def ranges(
    counts: Mapping[Any, int], sums: Sequence[Sum], hidden: Sequence[Any]
) -> dict[Any, tuple[float, float]]:
    """Each hidden cell's least and greatest value, by all that is shown."""
    place = {key: number for number, key in enumerate(hidden)}
    left, right = [], []
    for link in sums:
        row, rest = np.zeros(len(hidden)), 0.0
        for key, sign in ((link.whole, -1), *((part, 1) for part in link.parts)):
            if key in place:
                row[place[key]] += sign
            else:
                rest -= sign * counts[key]
        if row.any():
            left.append(row)
            right.append(rest)
    found = {}
    for key in hidden:
        ends = []
        for sign in (1, -1):
            aim = np.zeros(len(hidden))
            aim[place[key]] = sign
            # A cell without answers is known to have none and is never hidden: the least is 1.
            out = linprog(aim, A_eq=left or None, b_eq=right or None, bounds=(1, None))
            assert out.status in (0, 3), out.message  # solved, or without an end
            ends.append(sign * out.fun if out.status == 0 else sign * np.inf)
        found[key] = (ends[0], abs(ends[1]))
    return found


def attacked(counts: Mapping[Any, int], sums: Sequence[Sum], least: int) -> list[Any]:
    """The hidden cells that have one possible value."""
    hidden = list(suppressed({k: Cell(n) for k, n in counts.items()}, sums, least=least))
    assert all(key in hidden for key, n in counts.items() if 0 < n < least)
    return [key for key, (low, high) in ranges(counts, sums, hidden).items() if high - low < 1e-6]


def table(cells: Mapping[tuple[Any, Any], int]) -> tuple[dict[Any, int], list[Sum]]:
    """A table with both margins: its counts, and its sums."""
    rows, columns = ({key[side] for key in cells} for side in (0, 1))
    counts: dict[Any, int] = dict(cells)
    counts |= {(r, "all"): sum(cells[r, c] for c in columns) for r in rows}
    counts |= {("all", c): sum(cells[r, c] for r in rows) for c in columns}
    counts[("all", "all")] = sum(cells.values())
    sums = [Sum((r, "all"), tuple((r, c) for c in sorted(columns))) for r in (*sorted(rows), "all")]
    sums += [
        Sum(("all", c), tuple((r, c) for r in sorted(rows))) for c in (*sorted(columns), "all")
    ]
    return counts, sums


def test_three_single_people_in_one_table_stay_hidden() -> None:
    values = ((1, 1, 7, 1, 0), (1, 0, 0, 2, 8))
    cells = {
        (str(row), name): n
        for row, some in enumerate(values)
        for name, n in zip("ABHMW", some, strict=True)
    }
    for least in (3, 5):
        assert attacked(*table(cells), least) == []


def test_two_ways_of_adding_up_the_same_regions_keep_their_cells() -> None:
    counts = dict(zip("ABIJKLMN", (2, 2, 8, 8, 3, 3, 3, 7), strict=True))
    groups = {"county 1": "ABIJ", "county 2": "KLMN", "big": "LM", "small": "ABIJKN"}
    sums = [Sum(name, tuple(of)) for name, of in groups.items()]
    sums += [Sum("all", ("county 1", "county 2")), Sum("all", ("big", "small"))]
    counts |= {name: sum(counts[c] for c in of) for name, of in groups.items()}
    counts["all"] = 36
    for least in (3, 5):
        assert attacked(counts, sums, least) == []


def test_random_linked_tables_keep_their_cells(
    rounds: int, tried: Callable[[str, int], None]
) -> None:
    """Regions added up in two ways at once, as sectors and as places might be."""
    rng = random.Random(136)
    for _ in range(rounds):
        names = [f"r{n}" for n in range(rng.randint(4, 8))]
        counts: dict[Any, int] = {name: rng.choice((0, 1, 2, 3, 4, 5, 6, 8, 12)) for name in names}
        sums = []
        for way in range(2):
            shuffled = rng.sample(names, len(names))
            cut = rng.randint(1, len(names) - 1)
            for side, part in enumerate((shuffled[:cut], shuffled[cut:])):
                counts[f"{way}{side}"] = sum(counts[name] for name in part)
                sums.append(Sum(f"{way}{side}", tuple(part)))
            sums.append(Sum("all", (f"{way}0", f"{way}1")))
        counts["all"] = sum(counts[name] for name in names)
        assert attacked(counts, sums, 5) == [], (counts, sums)
    tried("linked tables", rounds)
