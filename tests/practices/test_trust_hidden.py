"""Nobody can be picked out of the check-in: what is hidden cannot be worked out from the rest.

The attack here does not use the code under test: it takes every figure that is shown and every
sum that links the figures, and asks linear algebra in floating point (a singular value
decomposition) whether a hidden one follows.
"""

from __future__ import annotations

import random
from collections import Counter, defaultdict
from collections.abc import Sequence
from itertools import product
from typing import Any

import numpy as np
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st
from trust_answers import KINDS, orgs, people

from playbook_helpers.core.suppression import Cell, Sum, solvable, suppressed
from playbook_helpers.practices.trust.rounds import Round, round_of


def found_out(links: Sequence[tuple[Any, Sequence[Any]]], hidden: Sequence[Any]) -> set[Any]:
    """The hidden figures that have one value only, given all the others."""
    if not hidden:
        return set()
    place = {key: number for number, key in enumerate(hidden)}
    matrix = np.zeros((len(links), len(hidden)))
    for row, (whole, parts) in enumerate(links):
        for key, sign in ((whole, -1.0), *((part, 1.0) for part in parts)):
            if key in place:
                matrix[row, place[key]] += sign
    _, sizes, vectors = np.linalg.svd(matrix)
    free = vectors[int((sizes > 1e-9).sum()) :]
    return {key for key in hidden if not np.any(np.abs(free[:, place[key]]) > 1e-9)}


def hidden_in(held: Round) -> list[str]:
    return [sector for sector, figure in held.sectors.items() if figure.hidden]


@settings(max_examples=60, deadline=None)
@given(
    st.lists(st.integers(0, 9), min_size=2, max_size=6),
    st.integers(0, 10_000),
    st.sampled_from([0.0, 0.3, 0.6]),
)
@example([1, 7], 309, 0.3).via("one of a kind who skips too much for a score of their own")
def test_no_hidden_kind_follows_from_the_whole_and_the_kinds_shown(
    sizes: list[int], seed: int, skip: float
) -> None:
    held = round_of("2026-03", people(random.Random(seed), sizes, skip), {}, ())
    links = [("all", list(held.sectors))] if held.shown else []
    assert not found_out(links, hidden_in(held))


@settings(max_examples=60, deadline=None)
@given(st.lists(st.integers(0, 9), min_size=2, max_size=6), st.integers(0, 10_000))
def test_nothing_shown_rests_on_fewer_than_five_and_neither_does_what_is_left_over(
    sizes: list[int], seed: int
) -> None:
    held = round_of("2026-03", people(random.Random(seed), sizes), {}, ())
    figures = [*held.items.values(), *held.scales.values(), *held.sectors.values()]
    assert all(figure.hidden or (figure.n or 0) >= 5 for figure in figures)
    counts = Counter(dict(zip((*KINDS, "not told"), sizes, strict=False)))
    if held.shown:
        # The rest is the total less what is shown.
        rest = sum(counts[s] for s in hidden_in(held))
        assert rest == 0 or rest >= 5


@settings(max_examples=60, deadline=None)
@given(
    st.lists(st.lists(st.integers(1, 7), min_size=1, max_size=3), min_size=2, max_size=5),
    st.integers(0, 10_000),
)
def test_no_figure_and_no_left_over_is_mostly_one_organisations(
    sizes: list[list[int]], seed: int
) -> None:
    by_sector = dict(zip(KINDS, sizes, strict=False))
    turnout, partners = orgs(by_sector)
    answers = people(random.Random(seed), [sum(counts) for counts in by_sector.values()])
    held = round_of("2026-03", answers, turnout, partners)
    assert held.shown or not held.sectors, "of a round that is not shown no kind is named"
    for sector, figure in held.sectors.items():
        if not figure.hidden:
            assert max(by_sector[sector]) / sum(by_sector[sector]) <= 0.5
    every = [count for counts in by_sector.values() for count in counts]
    if held.shown:
        assert max(every) / sum(every) <= 0.5
        rest = [count for s in hidden_in(held) for count in by_sector[s]]
        assert not rest or max(rest) / sum(rest) <= 0.5


@settings(max_examples=100, deadline=None)
@given(st.data())
def test_a_table_with_both_margins_keeps_its_hidden_cells(data: st.DataObject) -> None:
    """Rows and columns at once: sectors down, rounds across, with all totals shown."""
    rows = data.draw(st.integers(2, 4))
    columns = data.draw(st.integers(2, 4))
    n = [[data.draw(st.integers(0, 12)) for _ in range(columns)] for _ in range(rows)]
    cells = {(r, c): Cell(n[r][c]) for r in range(rows) for c in range(columns)}
    cells |= {(r, "all"): Cell(sum(n[r])) for r in range(rows)}
    cells |= {("all", c): Cell(sum(row[c] for row in n)) for c in range(columns)}
    cells[("all", "all")] = Cell(sum(map(sum, n)))
    sums = [Sum((r, "all"), tuple((r, c) for c in range(columns))) for r in (*range(rows), "all")]
    sums += [Sum(("all", c), tuple((r, c) for r in range(rows))) for c in (*range(columns), "all")]
    hidden = suppressed(cells, sums)
    assert all(key in hidden for key, cell in cells.items() if 0 < cell.n < 5)
    links = [(link.whole, link.parts) for link in sums]
    # Cells without answers are known to be nothing, so they do not cover for others.
    assert not found_out(links, list(hidden))
    assert found_out(links, list(hidden)) == solvable(sums, hidden)


def shown_counts(counts: Sequence[int]) -> tuple[int | None, ...]:
    """What a reader sees of the counts of some sectors whose total is shown."""
    parts = {place: Cell(n) for place, n in enumerate(counts)}
    cells = {**parts, "all": Cell(sum(counts))}
    hidden = suppressed(cells, [Sum("all", tuple(parts))])
    return tuple(None if key in hidden else cell.n for key, cell in cells.items())


@pytest.mark.parametrize(("sectors", "most"), [(2, 24), (3, 24), (4, 16)])
def test_no_hidden_count_follows_from_which_cells_are_hidden(sectors: int, most: int) -> None:
    """The attack on minimality: try every way to fill the sectors that shows just the same.

    With the smallest cell left as the one that goes with a small one, 5, 5 and 3 answers showed
    that the two hidden counts are 5 and 3; reasons told apart gave 1 and 5 of six answers away.
    """
    for total in range(5, most + 1):
        alike: dict[object, list[tuple[int, ...]]] = defaultdict(list)
        for counts in product(range(total + 1), repeat=sectors):
            if sum(counts) == total:
                # That a sector has no answers at all is known.
                seen = (shown_counts(counts), tuple(n == 0 for n in counts))
                alike[seen].append(counts)
        for (seen, _), ways in alike.items():
            for place in range(sectors):
                if seen[place] is None:
                    assert len({way[place] for way in ways}) > 1, (total, ways)


def test_a_cell_that_is_small_hides_the_first_of_the_others() -> None:
    cells = {"a": Cell(4), "b": Cell(9), "c": Cell(8), "all": Cell(21)}
    assert suppressed(cells, [Sum("all", ("a", "b", "c"))]) == {"a": "few", "b": "complement"}


def test_fours_that_must_be_fours_to_add_up_need_another() -> None:
    cells = {"a": Cell(4), "b": Cell(4), "c": Cell(8), "d": Cell(9), "all": Cell(25)}
    hidden = suppressed(cells, [Sum("all", ("a", "b", "c", "d"))])
    assert hidden == {"a": "few", "b": "few", "c": "complement"}


def test_two_small_parts_that_are_four_together_need_a_third() -> None:
    cells = {"a": Cell(2), "b": Cell(2), "c": Cell(6), "d": Cell(9), "all": Cell(19)}
    hidden = suppressed(cells, [Sum("all", ("a", "b", "c", "d"))])
    assert hidden == {"a": "few", "b": "few", "c": "complement"}


def test_hidden_parts_that_are_mostly_one_organisation_need_another() -> None:
    cells = {"a": Cell(4, 1.0), "b": Cell(3, 0.4), "c": Cell(6, 0.5), "d": Cell(9), "all": Cell(22)}
    hidden = suppressed(cells, [Sum("all", ("a", "b", "c", "d"))])
    assert hidden == {"a": "few", "b": "few", "c": "complement"}
