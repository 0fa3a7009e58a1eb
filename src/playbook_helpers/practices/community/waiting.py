"""Which activities' counts must wait, so that nobody can be singled out between two reports.

A report adds up who came to all activities so far. Whoever kept the one before can subtract it,
and has the counts of what came in between, which may be one group of eight people. So activities
are taken in by their dates, and one is held back until it, with those that wait beside it, adds
nobody or at least five people to each group that both reports show, and to those that one of them
hides, together: for every two reports, not only for neighbours. The order is that of the dates
alone, so that a report of an earlier day has taken in the first of the same activities. A count
that is put right later, or written down for a day before the last report, can still be told.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from playbook_helpers.practices.community.surveys import LEAST, small_cells

Counts = Mapping[str, float]


def settled(activities: Sequence[Counts], community: Counts, *, least: int = LEAST) -> int:
    """How many of the activities, in the order of their dates, may be in the figures.

    `activities` are people by group, one mapping for each. The first one is always taken in: there
    is nothing to subtract yet, and its small groups are hidden in what is shown.

    >>> community = {"young": 50, "old": 50}
    >>> settled([{"young": 40, "old": 40}, {"young": 1, "old": 7}], community)
    1
    >>> settled([{"young": 40, "old": 40}, {"young": 1, "old": 7}, {"young": 4}], community)
    3
    """
    total = dict.fromkeys(community, 0.0)
    last: dict[str, float] = {}  # what each group's count was when it was last shown
    # Of the totals that hid the same groups, the latest: all counts only grow, so that one which
    # has a difference of five to it has as much to those before.
    reports: dict[frozenset[str], dict[str, float]] = {}
    taken = 0
    for place, counts in enumerate(activities, start=1):
        for group, people in counts.items():
            total[group] += people
        small = frozenset(small_cells(total, least, community))
        shown = {group: people for group, people in total.items() if group not in small}
        steps = [people - last[group] for group, people in shown.items() if group in last]
        for hidden, before in reports.items():
            steps.append(sum(total[group] - before[group] for group in hidden | small))
        if all(step == 0 or step >= least for step in steps):
            last |= shown
            reports[small] = dict(total)
            taken = place
    return taken
