"""What the records say about one need: what is open, promised, resting on one partner, ending.

Wording starts from strengths: what is there, what could join it, whom to ask. A need is "still
open"; no partner is called weak for bringing one thing and not another.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator

from playbook_helpers.core.assessment import Finding
from playbook_helpers.core.partial_dates import last_day, spoken
from playbook_helpers.core.text import folded, listed
from playbook_helpers.practices.resources.amounts import amount_words, from_base
from playbook_helpers.practices.resources.coverage import NeedCoverage
from playbook_helpers.practices.resources.matching import ZERO, Link
from playbook_helpers.practices.resources.records import TYPES
from playbook_helpers.practices.resources.words import on_day, quoted, records_of


def about_need(need: NeedCoverage) -> Iterator[Finding]:
    """All findings about one need."""
    for about in _ABOUT:
        yield from about(need)


def _open(need: NeedCoverage) -> Iterator[Finding]:
    """A need that is not fully covered by what is firm."""
    if need.coverage is None or need.coverage == 1:
        return
    wanted = need.demand.need
    must = wanted.must_have
    possible = [k for k in need.links if not k.supply.over and not k.supply.firm and not k.refused]
    if need.coverage == 0 and not possible:
        yield Finding(
            "must_have_uncovered" if must else "need_open",
            f"{_the_need(need)} is still open: nobody has been asked for it, or nobody has said "
            f"yes so far{_for_goal(need)}.",
            "act" if must else "look",
            f"Ask each partner this week who has {TYPES[wanted.type].lower()} for "
            f"{quoted(wanted.name)}, or knows who does.",
            "Who among your members, neighbours and friends already does something like this?",
            "meeting",
            (need.demand.record,),
        )
        return
    if need.coverage > 0:
        who = listed(sorted(need.providers, key=folded))
        givers = sorted({k.supply.partner for k in possible}, key=folded)
        asked = f"{listed(givers)} {'offers' if len(givers) == 1 else 'offer'}" if givers else ""
        yield Finding(
            "must_have_partly" if must else "need_partly",
            f"{_the_need(need)} is covered to {_percent(need)} by {who}; {_gap(need)} is still open"
            f"{_for_goal(need)}.",
            "act" if must else "look",
            f"Turn what {asked} into promises first."
            if possible
            else f"Ask {who} what would make the rest possible, and look for a second partner.",
            "Is the whole amount needed at once, or can it grow?",
            "meeting",
            records_of(need, need.links),
        )


def _offered_not_committed(need: NeedCoverage) -> Iterator[Finding]:
    """Somebody would help, and nobody has written it down as a promise."""
    if need.coverage == 1:
        return
    waiting = [k for k in need.links if not k.supply.over and not k.supply.firm]
    for partner, links in _by_partner(waiting):
        what = listed([quoted(k.supply.offer.what) for k in links], 3)
        amount = _sum_words(need, links, "offered")
        shared = any(k.open for k in links)
        yield Finding(
            "offered_not_committed",
            f"{partner} offers {what}{amount} for {quoted(need.demand.need.name)}, and it is not "
            f"promised yet{' (matched by kind and unit)' if shared else ''}.",
            "act" if need.demand.need.must_have else "look",
            f"Ask {partner} for two lines in writing: what, how much, from when to when.",
            "",
            "minutes",
            records_of(need, links),
        )


_STAND_IN = {
    "money": "At the next meeting, name one other payer, and who asks there; {partner} may know of "
    "one.",
    "staff_time": "Agree with {partner} who does the work when its people cannot.",
    "volunteers": "Agree with {partner} who calls on whom when too few can come.",
    "space": "Look for a second place before it is needed, and write down whom to ring.",
    "equipment": "Write down where the same could be hired or borrowed, and what that costs.",
    "data": "Write down how long it can be used, and who keeps a copy.",
    "expertise": "Let one more person from another partner work beside {partner} next time.",
    "network": "Let one more partner get to know those whom {partner} brings in.",
    "goods": "Name a second giver, and who asks there.",
}
"""Kind of need -> what to do where one partner carries it alone: a grant is not asked to teach."""


def _single_source(need: NeedCoverage) -> Iterator[Finding]:
    """All, or more than half, of what is firm comes from one partner."""
    if not need.single_source or need.top is None or need.done:
        return
    partner, share = need.top
    alone = len(need.providers) == 1
    others = sorted(
        {k.supply.partner for k in need.links if not k.supply.over} - {partner}, key=folded
    )
    step = (
        f"Ask {listed(others)} to share in it."
        if others
        else _STAND_IN[need.demand.need.type].format(partner=partner)
    )
    if need.coverage is None:
        # It is named for the need, but nobody can tell yet how far it goes.
        words = (
            f"{_the_need(need)} has {partner} alone to count on, and what it brings could not be "
            f"added yet."
        )
    elif alone:
        words = f"{_the_need(need)} rests on {partner} alone."
    elif share == 1:
        words = f"{_the_need(need)} rests on {partner} for all that can be added up."
    else:
        # Never "50%" for more than half, nor "100%" for what others share in.
        percent = min(99, max(51, round(float(share) * 100)))
        words = f"{_the_need(need)} rests on {partner} for {percent}%."
    yield Finding(
        "single_source",
        words,
        "look" if need.demand.need.must_have else "note",
        step,
        f"What would you do in the first week if {partner} could not go on?",
        "meeting",
        records_of(need, [k for k in need.links if k.supply.partner == partner]),
    )


def _ends_early(need: NeedCoverage) -> Iterator[Finding]:
    for partner, links in _by_partner(need.early):
        ends = min((k.supply.offer.ends or "" for k in links), key=last_day)
        yield Finding(
            "ends_early",
            f"What {partner} brings for {quoted(need.demand.need.name)} "
            f"({listed([quoted(k.supply.offer.what) for k in links], 3)}) ends {on_day(ends)}, "
            f"before the goal's date ({spoken(need.demand.due_when or '')}).",
            "look",
            f"Ask {partner} now whether it can go on, and what it would need for that.",
            "If it cannot, who could take over, and by when must they know?",
            "meeting",
            records_of(need, links),
        )


def _not_addable(need: NeedCoverage) -> Iterator[Finding]:
    for link in need.refused:
        if link.supply.over:
            continue
        yield Finding(
            "units_differ",
            f"{quoted(link.supply.offer.what)} from {link.supply.partner} could not be added to "
            f"{quoted(need.demand.need.name)}: {link.refused}.",
            "look",
            "Agree on one unit and one rhythm for both cards, and write the amount in it.",
            "",
            "minutes",
            records_of(need, [link]),
        )


def _without_goal(need: NeedCoverage) -> Iterator[Finding]:
    if need.demand.need.goal is None:
        yield Finding(
            "need_without_goal",
            f"{quoted(need.demand.need.name)} names no goal that it is for.",
            "note",
            "Write on its card which goal cannot go on without it.",
            "",
            "minutes",
            (need.demand.record,),
        )


_ABOUT: tuple[Callable[[NeedCoverage], Iterator[Finding]], ...] = (
    _open,
    _offered_not_committed,
    _single_source,
    _ends_early,
    _not_addable,
    _without_goal,
)


def _the_need(need: NeedCoverage) -> str:
    wanted = need.demand.need
    return f"{'The must-have ' if wanted.must_have else ''}{quoted(wanted.name)}"


def _for_goal(need: NeedCoverage) -> str:
    goal = need.demand.need.goal
    return f" (goal: {goal})" if goal else ""


def _percent(need: NeedCoverage) -> str:
    # Never "100%" for what is not whole, nor "0%" for what is there.
    return f"{min(99, max(1, round(float(need.coverage or 0) * 100)))}%"


def _gap(need: NeedCoverage) -> str:
    wanted = need.demand.need
    return amount_words(from_base(need.gap or ZERO, wanted.period), wanted.unit, wanted.period)


def _sum_words(need: NeedCoverage, links: list[Link], part: str) -> str:
    total = sum(getattr(k, part) for k in links)
    if not total:
        return ""
    wanted = need.demand.need
    return f" ({amount_words(from_base(total, wanted.period), wanted.unit, wanted.period)})"


def _by_partner(links: Iterable[Link]) -> list[tuple[str, list[Link]]]:
    found: dict[str, list[Link]] = defaultdict(list)
    for link in links:
        found[link.supply.partner].append(link)
    return sorted(found.items(), key=lambda item: folded(item[0]))
