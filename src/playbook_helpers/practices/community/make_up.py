"""Who took part against who lives here: one comparison for each trait, small groups hidden."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace

from playbook_helpers.core.assessment import Finding, Head, Measure, of_type
from playbook_helpers.core.distributions import at_most, holm
from playbook_helpers.core.text import folded, listed
from playbook_helpers.practices.community.records import Activity, CommunityGroup, GroupCount
from playbook_helpers.practices.community.rows import GroupRow
from playbook_helpers.practices.community.surveys import (
    LEAST,
    GroupShare,
    Representation,
    representation,
)
from playbook_helpers.practices.community.waiting import settled

FAIR = (0.8, 1.25)
"""Ratios that count as about right: a reading aid in common use, not a norm."""
CHANCE = 0.05
"""A group counts as few only where chance alone would make any group of the partnership look so
few less than once in twenty times, however many groups there are."""
SURE_EXPECTED = 5.0
"""People to be expected of a group before its absence is something to act on."""
WHOLE = (100.5, 110.0)
"""Shares that add up to a little over 100 are most likely percentages that do not fit together."""


@dataclass(frozen=True, slots=True)
class Compared:
    """One trait: its groups in the sample and in the community, and what could not be placed.

    `unsaid` is how many people at the activities counted did not give their group. `strangers`
    are groups that were counted and that the community's make-up does not list. `waiting` are the
    records of activities whose counts are not in it yet (`waiting.settled`).
    """

    trait: str
    result: Representation
    unsaid: int
    strangers: tuple[str, ...]
    records: tuple[str, ...]
    source: str
    total: float
    waiting: tuple[str, ...] = ()
    few: frozenset[str] = frozenset()
    """Groups of which fewer came than chance can explain."""


def compare(now: Sequence[Head], activities: Sequence[tuple[Head, Activity]]) -> list[Compared]:
    """Each trait with the people of `activities` against the community's make-up."""
    make_up: dict[str, list[tuple[Head, CommunityGroup]]] = defaultdict(list)
    for head, group in of_type(now, CommunityGroup):
        make_up[folded(group.trait)].append((head, group))
    counts: dict[str, list[GroupCount]] = defaultdict(list)
    # By the first day that each may have been on: so they come into reports of later days.
    ordered = sorted(activities, key=lambda held: (held[1].date or "", folded(held[1].name)))
    begun = {folded(a.name): (head, a) for head, a in ordered if not a.meant_for}
    for _, count in of_type(now, GroupCount):
        if folded(count.activity) in begun:
            counts[folded(count.trait)].append(count)
    return _tested(
        [
            _one(groups, counts[trait], begun)
            for trait, groups in make_up.items()
            if counts[trait] and sum(g.people for _, g in groups) > 0
        ]
    )


def _tested(compared: Sequence[Compared]) -> list[Compared]:
    """The comparisons with the groups that are fewer than a fair draw would give.

    Each shown group's count against its share of the community, by an exact test, corrected for
    the number of groups over all traits.
    """
    shown = [
        (place, g)
        for place, each in enumerate(compared)
        for g in each.result.groups
        if g.n is not None and each.result.n and g.community_share > 0
    ]
    chances = holm([at_most(g.n or 0, compared[p].result.n, g.community_share) for p, g in shown])
    few = {(p, g.group) for (p, g), chance in zip(shown, chances, strict=True) if chance <= CHANCE}
    return [
        replace(each, few=frozenset(name for p, name in few if p == place))
        for place, each in enumerate(compared)
    ]


def in_order(groups: Iterable[CommunityGroup]) -> list[CommunityGroup]:
    """Groups that name numbers, such as ages, in that order; others the largest first.

    >>> ages = ("60 and over", "Under 30", "30 to 59")
    >>> [g.group for g in in_order(CommunityGroup(trait="Age", group=a, people=1) for a in ages)]
    ['Under 30', '30 to 59', '60 and over']
    """
    held = list(groups)
    numbers = {g.group: re.search(r"\d+", g.group, re.ASCII) for g in held}
    if not all(numbers.values()):
        return sorted(held, key=lambda g: (-g.people, g.group))

    def place(g: CommunityGroup) -> tuple[float, bool, str]:
        found = numbers[g.group]
        # "Under 30" comes before "30 to 59": the same first number, and not at the start.
        return (float(found[0]) if found else 0.0, bool(found and found.start() == 0), g.group)

    return sorted(held, key=place)


def _one(
    groups: Sequence[tuple[Head, CommunityGroup]],
    counts: Sequence[GroupCount],
    begun: dict[str, tuple[Head, Activity]],
) -> Compared:
    community = {group.group: group.people for group in in_order(group for _, group in groups)}
    names = {folded(name): name for name in community}
    people: dict[str, dict[str, float]] = defaultdict(lambda: defaultdict(float))
    counted: dict[str, int] = defaultdict(int)
    strangers: dict[str, None] = {}
    for count in counts:
        counted[folded(count.activity)] += count.people
        name = names.get(folded(count.group))
        if name is None:
            strangers[count.group] = None
        else:
            people[folded(count.activity)][name] += count.people
    # Groups that nobody listed may be small too, but they are in no figure.
    there = [activity for activity in begun if activity in counted]
    taken = there[: settled([people[activity] for activity in there], community)]
    sample: dict[str, float] = defaultdict(float)
    for activity in taken:
        for name, n in people[activity].items():
            sample[name] += n
    unsaid = sum(max(0, (begun[name][1].completed or 0) - counted[name]) for name in taken)
    sources = dict.fromkeys(g.source for _, g in groups if g.source)
    return Compared(
        trait=groups[0][1].trait,
        result=representation(dict(sample), community),
        unsaid=unsaid,
        strangers=tuple(strangers),
        records=tuple(head.record for head, _ in groups),
        source="; ".join(sources),
        total=sum(community.values()),
        waiting=tuple(begun[activity][0].record for activity in there[len(taken) :]),
    )


def too_many(now: Sequence[Head], activities: Sequence[tuple[Head, Activity]]) -> list[Finding]:
    """Activities whose groups add up to more people than took part."""
    sums: dict[tuple[str, str], int] = defaultdict(int)
    traits: dict[tuple[str, str], str] = {}
    for _, count in of_type(now, GroupCount):
        place = (folded(count.activity), folded(count.trait))
        sums[place] += count.people
        traits[place] = count.trait
    known = {folded(a.name): (head, a) for head, a in activities}
    found = []
    for place, total in sums.items():
        if place[0] not in known:
            continue
        head, a = known[place[0]]
        most = max((n for n in (a.attended, a.completed) if n is not None), default=None)
        if most is not None and total > most:
            found.append(
                Finding(
                    "groups_over_total",
                    f"“{a.name}”: the groups by {traits[place].lower()} add up to {total:,} "
                    f"people, and {most:,} took part.",
                    "look",
                    "Count each person in one group of a trait, or join the groups.",
                    effort="minutes",
                    records=(head.record,),
                )
            )
    return found


def rows(compared: Iterable[Compared]) -> tuple[GroupRow, ...]:
    """One row for each trait and group, in the order of the make-up; hidden figures are None."""
    return tuple(
        {
            "trait": each.trait,
            "group": g.group,
            "n": g.n,
            "sample_share": None if g.sample_share is None else 100 * g.sample_share,
            "low": None if g.low is None else 100 * g.low,
            "high": None if g.high is None else 100 * g.high,
            "few": g.group in each.few,
            "community_share": 100 * g.community_share,
            "ratio": g.ratio,
            "weight": g.weight,
            "capped": g.capped,
            "hidden": f"fewer than {LEAST} people, or next to such a group" if g.hidden else "",
            "total": each.result.n,
            "waiting": len(each.waiting),
            "source": each.source,
        }
        for each in compared
        for g in each.result.groups
    )


def measures(compared: Iterable[Compared]) -> Iterable[Measure]:
    """How like the community those who took part are, by each trait."""
    for each in compared:
        result = each.result
        notes = []
        if result.index is None:
            notes.append("too few people to show")
        elif result.fair_index is not None:
            notes.append(f"a fair draw of as many people gives about {result.fair_index:.2f}")
        if result.index is not None and any(g.hidden for g in result.groups):
            notes.append("at most: hidden groups count as one")
        if result.effective_n is not None and round(result.effective_n) < result.n:
            notes.append(f"weighted, {result.n} people are worth {result.effective_n:.0f}")
        if each.waiting:
            notes.append(f"{_activities(len(each.waiting))} not counted yet")
        yield Measure(
            f"likeness_{'_'.join(each.trait.casefold().split())}",
            f"Likeness to the community by {each.trait.lower()} (1 is alike)",
            result.index,
            "",
            result.n,
            each.unsaid,
            note="; ".join(notes),
        )


def _activities(count: int) -> str:
    return "1 activity" if count == 1 else f"{count:,} activities"


def findings(compared: Iterable[Compared]) -> Iterable[Finding]:
    """Who is missing, who is few, and what does not fit together in the numbers."""
    for each in compared:
        trait = each.trait.lower()
        yield from _absent(each, trait)
        hidden = [g.group for g in each.result.groups if g.hidden]
        if hidden:
            yield Finding(
                "small_groups",
                f"By {trait}, the counts of {len(hidden)} groups are hidden, so that no single "
                "person can be picked out.",
                "note",
                "Do not publish the sheet they were counted from. Join groups before you count.",
                effort="minutes",
                records=each.records,
            )
        if each.waiting:
            yield Finding(
                "counts_wait",
                f"By {trait}, who came to {_activities(len(each.waiting))} is not in the "
                "comparison yet. Whoever kept an earlier report could subtract it, and would know "
                "of single people who came.",
                "note",
                "Nothing, it comes in once enough people have been counted. At small activities, "
                "count by broader groups.",
                effort="minutes",
                records=each.waiting,
            )
        if each.strangers:
            names = ", ".join(f"“{name}”" for name in each.strangers[:5])
            yield Finding(
                "group_unknown",
                f"Counted by {trait}, but not in the make-up of the community: {names}.",
                "look",
                "Write the group in the same words in both places, or add it to the make-up.",
                effort="minutes",
                records=each.records,
            )
        if WHOLE[0] < each.total <= WHOLE[1]:
            yield Finding(
                "shares_over_100",
                f"The shares of the community by {trait} add up to {each.total:.4g}. If they are "
                "percentages, that is more than everyone.",
                "look",
                "Check the source: each person belongs in one group of a trait.",
                effort="minutes",
                records=each.records,
            )
        if each.result.n and each.unsaid > each.result.n:
            yield Finding(
                "mostly_unsaid",
                f"By {trait}, {each.unsaid} people did not give their group and {each.result.n} "
                "did. The comparison speaks for the smaller part.",
                "look",
                "Say on the form why you ask, and that leaving it out is fine.",
                "What might they fear that we would do with it?",
                records=each.records,
            )
        fair = [g for g in each.result.groups if g.ratio is not None]
        if len(fair) == len(each.result.groups) > 1 and all(
            FAIR[0] <= (g.ratio or 0) <= FAIR[1] and (g.low or 0) >= g.community_share / 2
            for g in fair
        ):
            yield Finding(
                "alike",
                f"By {trait}, those who took part are much like the community.",
                "good",
                records=each.records,
            )


def _absent(each: Compared, trait: str) -> Iterable[Finding]:
    """Who is missing or few, more than chance can explain, all of one trait in one finding."""
    few = [g for g in each.result.groups if g.group in each.few]
    n = each.result.n
    absent = [g for g in few if g.n == 0]
    there = [g for g in few if g.n]
    so_far = " in the activities that are compared" if each.waiting else " so far"
    if absent:
        sure = any(n * g.community_share >= SURE_EXPECTED for g in absent)
        told = listed([f"“{g.group}” (about {_expected(g, n)} to be expected)" for g in absent])
        yield Finding(
            "group_missing",
            f"By {trait}, nobody was counted{so_far} of {told} among {n:,} people. Chance alone "
            "does not explain that.",
            "act" if sure else "look",
            f"Ask someone they trust how {listed([f'“{g.group}”' for g in absent])} would like to "
            "be asked, and where.",
            "What do we do now that keeps them away?",
            records=each.records,
        )
    if there:
        told = listed(
            [
                f"“{g.group}”, {g.n:,} of {n:,}, where about {_expected(g, n)} were to be expected "
                f"({100 * (g.low or 0):.0f}% to {100 * (g.high or 0):.0f}%, against "
                f"{100 * g.community_share:.0f}% of the community)"
                for g in there
            ]
        )
        yield Finding(
            "group_few",
            f"By {trait}, fewer came{so_far} than chance can explain: {told}.",
            "look",
            "Go where they are next time, rather than asking them to come.",
            "What would make it worth their while?",
            records=each.records,
        )


def _expected(g: GroupShare, n: int) -> str:
    people = n * g.community_share
    return f"{people:.0f}" if people >= 1 else "1"
