"""The count that tells work that grows evenly from work that grows with its square."""

from __future__ import annotations

from steps import grows_evenly, steps


def test_steps_are_counted_in_all_that_is_called() -> None:
    def work(size: int) -> int:
        return sum(n for n in range(size))

    few, many = steps(lambda: work(100)), steps(lambda: work(1100))
    assert steps(lambda: work(100)) == few
    per = (many - few) / 1000
    assert per == int(per) > 2, "as many for each number more"


def test_work_that_grows_with_the_square_is_told_from_work_that_does_not() -> None:
    assert grows_evenly(lambda size: lambda: [2 * n for n in range(size)], 300)
    assert not grows_evenly(lambda size: lambda: [m for n in range(size) for m in range(n)], 300)
