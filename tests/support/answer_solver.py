"""An attacker who knows whole answers from 1 to 5 were given, and goes through all sets that fit.

It knows nothing of the code under test: it reads the rows that `assessment.json` holds, whatever
is in them, and keeps the sets of answers that agree with every number, line and word. A single
answer is *told* where one set is left, or where all sets that are left are alike in somebody's
answer: for an outsider, or for one who answered and takes the own answer away.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from functools import lru_cache
from itertools import combinations
from typing import Any

import numpy as np
from numpy.typing import NDArray

from playbook_helpers.core.distributions import t_quantile

Sets = NDArray[np.int64]
SCALE = np.arange(1, 6)


@lru_cache(maxsize=64)
def sets_of(n: int) -> Sets:
    """Every way `n` people can answer: how many gave 1, 2, 3, 4 and 5, a row each."""
    bars = np.array(list(combinations(range(n + 4), 4)), dtype=np.int64)
    edges = np.hstack([np.full((len(bars), 1), -1), bars, np.full((len(bars), 1), n + 4)])
    return np.diff(edges, axis=1) - 1


def half_step(value: float) -> float:
    """Half a step of the last decimal that is written: what rounding can hide."""
    text = repr(float(value))
    decimals = len(text.split(".")[1]) if "e" not in text else 12
    return 0.5 * 10.0 ** -min(decimals, 12) + 1e-9


def fitting(row: Mapping[str, Any]) -> Sets | None:
    """The sets of answers that agree with one item's row; None where nothing at all is told."""
    n = row.get("n")
    if n is None:
        return None
    sets = sets_of(int(n))
    total, squares = sets @ SCALE, sets @ SCALE**2
    keep = np.ones(len(sets), dtype=bool)
    mean = total / n
    spread = (squares - total**2 / n) / max(n - 1, 1)
    if row.get("value") is not None:
        keep &= np.abs(mean - row["value"]) <= half_step(row["value"])
    if row.get("bound"):
        word, line = re.fullmatch(r"(below|above) (\d\.\d+)", row["bound"]).groups()  # type: ignore[union-attr]
        keep &= mean < float(line) if word == "below" else mean > float(line)
    reach = t_quantile(0.975, n - 1) * np.sqrt(np.maximum(spread, 0) / n) if n > 1 else 0 * mean
    for name, end in (("low", np.maximum(1, mean - reach)), ("high", np.minimum(5, mean + reach))):
        if row.get(name) is not None:
            keep &= np.abs(end - row[name]) <= half_step(row[name])
    if row.get("agreement") is not None:
        keep &= np.abs(np.maximum(0, 1 - spread / 2) - row["agreement"]) <= half_step(
            row["agreement"]
        )
    for name, of in (("doubt", (0, 1)), ("partly", (2,)), ("agree", (3, 4))):
        if row.get(name) is not None:
            share = sets[:, list(of)].sum(axis=1) / n
            keep &= np.abs(share - row[name]) <= half_step(row[name])
    if row.get("differ") is not None:
        keep &= (spread > 1.0) == row["differ"]
    return sets[keep]


def tells(sets: Sets, given: Sequence[int]) -> list[str]:
    """Whom these sets tell a single answer, where `given` is what people really answered."""
    assert len(sets), "the answers that were given must be among the sets that fit"
    told = []
    if _certain(sets):
        told.append("an outsider")
    for own in sorted(set(given)):
        others = sets[sets[:, own - 1] > 0].copy()
        others[:, own - 1] -= 1
        if _certain(others):
            told.append(f"one who answered {own}")
    return told


def _certain(sets: Sets) -> bool:
    """One set fits, or in all that fit everybody gave the same answer."""
    if len(sets) == 1:
        return True
    return any(bool((sets[:, place] == sets.sum(axis=1)).all()) for place in range(5))


def differences(first: Mapping[str, Any], second: Mapping[str, Any]) -> Sets | None:
    """The sets of answers that came in between two pictures of one item, by what both tell."""
    before, after = fitting(first), fitting(second)
    if before is None or after is None or second["n"] <= first["n"]:
        return None
    sums = {int(s) for s in after @ SCALE} if second.get("value") or second.get("bound") else set()
    starts = {int(s) for s in before @ SCALE}
    between = sets_of(int(second["n"] - first["n"]))
    fits = {late - early for late in sums for early in starts}
    return between[np.isin(between @ SCALE, sorted(fits))]
