"""What the records say about resources as a whole: cards, offers, strengths, partners.

What they say about each need is in `need_findings`. Each finding names the partner or the need
it speaks of, and the next step.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterator

from playbook_helpers.core.assessment import Finding
from playbook_helpers.core.partial_dates import last_day
from playbook_helpers.core.text import folded, listed
from playbook_helpers.practices.resources.amounts import amount_words, from_base
from playbook_helpers.practices.resources.coverage import MatchedNeeds
from playbook_helpers.practices.resources.matching import Demand, Supply, restricted
from playbook_helpers.practices.resources.need_findings import about_need
from playbook_helpers.practices.resources.records import TYPES
from playbook_helpers.practices.resources.words import (
    offer_words,
    on_day,
    quoted,
    records_of,
    shortened,
    there_are,
)

_KINDS = ("offer", "need")


def findings(seen: MatchedNeeds) -> Iterator[Finding]:
    """All findings of a picture, in no particular order of weight."""
    yield from _beginning(seen)
    for need in seen.needs:
        yield from about_need(need)
    for about_all in _ABOUT_ALL:
        yield from about_all(seen)


def _beginning(seen: MatchedNeeds) -> Iterator[Finding]:
    """Kind words where there is nothing, or only one half, to work with."""
    offers, needs = seen.matching.supplies, seen.matching.demands
    if not offers and not needs:
        yield Finding(
            "nothing_yet",
            "Nothing is written down here yet, so this is a good place to begin.",
            "note",
            "Let each partner write one card for each thing it could bring: rooms, hours, vans, "
            "skills and contacts count as much as money.",
            "What do people already come to you for?",
            "meeting",
        )
    elif not needs:
        yield Finding(
            "no_needs_yet",
            f"{there_are(len(offers), 'offer')} on the table, and no need to put beside "
            f"{'it' if len(offers) == 1 else 'them'} yet.",
            "look",
            "Go goal by goal and write one card for each thing that the goal cannot do without.",
            "",
            "meeting",
        )
    elif not offers:
        yield Finding(
            "no_offers_yet",
            f"{there_are(len(needs), 'need')} written down, and no offer beside "
            f"{'it' if len(needs) == 1 else 'them'} yet.",
            "look",
            "Ask each partner for three things it does well or has to spare, before you ask for "
            "what is needed.",
            "What do people already come to you for?",
            "meeting",
        )


def _cards(seen: MatchedNeeds) -> Iterator[Finding]:
    """Cards that cannot be read, stand twice, or exist in two versions."""
    settled: set[str] = set()
    for head in seen.heads:
        if head.kind not in _KINDS or head.deleted or head.record in settled:
            continue
        name = str(head.payload.get("what") or head.payload.get("name") or "without a name")
        if head.value is None:
            settled.add(head.record)
            yield Finding(
                "unreadable",
                f"The card {quoted(name)} could not be read and is left out: {head.problem}.",
                "look",
                "Open the card, put it right and save it again; nothing on it is lost.",
                "",
                "minutes",
                (head.record,),
            )
        elif head.rivals:
            settled.add(head.record)
            yield Finding(
                "two_versions",
                f"The card {quoted(name)} was changed by two people at once; the later version "
                f"counts until you choose.",
                "look",
                "Look at both versions together and save the one that is right.",
                "",
                "minutes",
                (head.record,),
            )
    for dropped, kept in seen.matching.duplicates:
        yield Finding(
            "offer_twice",
            f"{quoted(dropped.offer.what)} from {dropped.partner} is written down twice; the "
            f"firmer or larger card counts, once.",
            "look",
            "Remove one of the cards, or give them different names if they are two things.",
            "",
            "minutes",
            (dropped.record, kept.record),
        )
    names: dict[str, list[str]] = defaultdict(list)
    for d in seen.matching.demands:
        names[d.key].append(d.record)
    for d in seen.matching.demands:
        records = names.pop(d.key, [])
        if len(records) > 1:
            yield Finding(
                "need_twice",
                f"{len(records)} need cards are called {quoted(d.need.name)}; offers that name "
                f"it count for the first.",
                "look",
                "Merge the cards, or give each its own name.",
                "",
                "minutes",
                tuple(records),
            )


def _offers(seen: MatchedNeeds) -> Iterator[Finding]:
    """Promises still on their way, offers that are over, named wrongly or come with strings."""
    wanted = {d.key for d in seen.matching.demands}
    for s in seen.matching.supplies:
        offer = s.offer
        what = f"{quoted(offer.what)} from {s.partner}"
        if offer.need is not None and folded(offer.need) not in wanted and not s.over:
            yield Finding(
                "need_unknown",
                f"{what} is meant for {quoted(offer.need)}, and there is no card of that name.",
                "look",
                f"Write the need {quoted(offer.need)} down, or correct its name on the offer.",
                "",
                "minutes",
                (s.record,),
            )
        if s.over:
            yield from _over(seen, s, what)
            continue
        yield from _still_to_come(seen, s, what)
        if restricted(offer):
            place = (
                f"check with {s.partner} that it may pay for {quoted(offer.need)}"
                if offer.need
                else f"ask {s.partner} what it may pay for, and name that need on the offer"
            )
            yield Finding(
                "restricted_money",
                f"{what} comes with strings attached: {shortened(offer.restrictions or '')}"
                f"{'' if offer.need else ' It is not counted for any need until it names one.'}",
                "look",
                place[0].upper() + place[1:] + ".",
                "",
                "minutes",
                (s.record,),
            )


def _over(seen: MatchedNeeds, s: Supply, what: str) -> Iterator[Finding]:
    if s.offer.status == "ended":
        return
    if s.offer.ends is not None and last_day(s.offer.ends) < seen.as_of:
        yield Finding(
            "end_passed",
            f"{what} was to end {on_day(s.offer.ends)}, so it is no longer counted.",
            "look",
            f"Ask {s.partner} whether it goes on: if so, write the new date; if not, mark it as "
            f"ended and say thank you.",
            "",
            "minutes",
            (s.record,),
        )
    else:
        yield Finding(
            "partner_left",
            f"{what} is no longer counted, because {s.partner} has left.",
            "look",
            f"Agree with {s.partner} on what happens to it, and mark the offer as ended.",
            "",
            "minutes",
            (s.record,),
        )


def _still_to_come(seen: MatchedNeeds, s: Supply, what: str) -> Iterator[Finding]:
    """Promised, due by now, and not here in full."""
    offer = s.offer
    if offer.status != "committed" or s.record not in seen.matching.by_supply:
        return
    if offer.starts is not None and last_day(offer.starts) >= seen.as_of:
        return
    if s.offered is not None and s.delivered >= s.committed:
        return
    here = (
        ""
        if s.offered is None
        else f": {offer_words(s, from_base(s.delivered, offer.period))} of "
        f"{offer_words(s, from_base(s.committed, offer.period))} so far"
    )
    yield Finding(
        "committed_not_delivered",
        f"{what} is promised and not here in full yet{here}.",
        "look",
        f"Ask {s.partner} what is holding it up and when it will come; write down what has come.",
        "Is there something the rest of us can do to make it easier?",
        "minutes",
        (s.record,),
    )


def _unused(seen: MatchedNeeds) -> Iterator[Finding]:
    """Strengths that no need has taken up; with the needs of the same kind that are open."""
    open_by_type: dict[str, list[Demand]] = defaultdict(list)
    for need in seen.needs:
        if need.coverage is not None and need.coverage < 1:
            open_by_type[need.demand.need.type].append(need.demand)
    if not seen.matching.demands:
        return
    idle = [
        s
        for s in seen.matching.supplies
        if not s.over and s.record not in seen.matching.by_supply and s.offer.need is None
        if not restricted(s.offer)
    ]
    for s in idle:
        near = open_by_type[s.offer.type]
        names = listed([quoted(d.need.name) for d in near], 3) if near else ""
        other = [d for d in near if s.offered and d.amount and (d.unit, d.period) != _counted_in(s)]
        step = (
            f"Ask {s.partner} whether it could serve {names}, and name the need on the offer if so"
            f"{', in one unit and rhythm: only amounts of one unit can be added' if other else ''}."
            if near
            else f"Ask {s.partner} where it would do most good, or which goal it could open up."
        )
        yield Finding(
            "unused_strength",
            f"{s.partner} brings {quoted(s.offer.what)} ({TYPES[s.offer.type].lower()}), and no "
            f"need has taken it up yet.",
            "note",
            step,
            "What would we do if we built on this?",
            "minutes",
            (s.record,),
        )


def _counted_in(s: Supply) -> tuple[str, str]:
    return s.unit, s.period


def _overlap(seen: MatchedNeeds) -> Iterator[Finding]:
    """More than is needed: room for another need."""
    for need in seen.needs:
        amount = need.demand.amount
        if amount is None or need.offered <= amount:
            continue
        period = need.demand.need.period
        beyond = amount_words(
            from_base(need.offered - amount, period), need.demand.need.unit, period
        )
        who = sorted({k.supply.partner for k in need.links if k.offered > 0}, key=folded)
        yield Finding(
            "more_than_needed",
            f"{quoted(need.demand.need.name)} has {beyond} more on offer than is needed, from "
            f"{listed(who)}.",
            "note",
            f"Ask {listed(who)} whether the rest may go to another need, and leave the need on "
            f"that card empty or change it.",
            "",
            "minutes",
            records_of(need, need.links),
        )


def _partners(seen: MatchedNeeds) -> Iterator[Finding]:
    """Partners without a card yet, and givers who are not on the list of partners."""
    if not seen.partners:
        return
    giving = {folded(s.partner): s.partner for s in seen.matching.supplies}
    here = [p.name for p in seen.partners if p.left is None or last_day(p.left) > seen.as_of]
    quiet = sorted((n for n in here if folded(n) not in giving), key=folded)
    if quiet and giving:
        yield Finding(
            "partner_not_asked",
            f"{listed(quiet)} {'has' if len(quiet) == 1 else 'have'} no card on the table yet.",
            "note",
            f"Ask {listed(quiet)} in a short call what people come to them for, and write the "
            f"first card together.",
            "What does each of them do well that nobody here has asked about?",
            "meeting",
        )
    known = {folded(p.name) for p in seen.partners}
    strangers = sorted((name for key, name in giving.items() if key not in known), key=folded)
    if strangers:
        yield Finding(
            "giver_not_listed",
            f"{listed(strangers)} {'brings' if len(strangers) == 1 else 'bring'} something and "
            f"{'is' if len(strangers) == 1 else 'are'} not on the list of partners.",
            "note",
            "Add them as partners, or correct the spelling on the offer.",
            "",
            "minutes",
            tuple(s.record for s in seen.matching.supplies if s.partner in strangers),
        )


def _goals(seen: MatchedNeeds) -> Iterator[Finding]:
    """Needs whose goal has no card; asked only where goals are written down at all."""
    if not seen.goals:
        return
    for need in seen.needs:
        goal = need.demand.need.goal
        if goal is not None and folded(goal) not in seen.goals:
            yield Finding(
                "goal_unknown",
                f"{quoted(need.demand.need.name)} is for the goal {quoted(goal)}, and there is "
                f"no goal of that name.",
                "note",
                "Write the goal down, or correct its name on the need.",
                "",
                "minutes",
                (need.demand.record,),
            )


def _going_well(seen: MatchedNeeds) -> Iterator[Finding]:
    musts = [n for n in seen.needs if n.demand.need.must_have]
    if musts and all(n.coverage == 1 for n in musts):
        yield Finding(
            "must_haves_covered",
            f"{'The one must-have is' if len(musts) == 1 else f'All {len(musts)} must-haves are'} "
            f"fully covered by what is firm.",
            "good",
            "Tell the partners who made it so, by name.",
            "",
            "minutes",
            tuple(n.demand.record for n in musts),
        )
    shared = [n for n in seen.needs if n.coverage == 1 and not n.single_source]
    if shared:
        names = listed([quoted(n.demand.need.name) for n in shared])
        yield Finding(
            "shared_shoulders",
            f"{names} {'is' if len(shared) == 1 else 'are'} fully covered, and no one partner "
            f"carries more than half.",
            "good",
            "Ask how they came to share it, and whether it would work for another need.",
            "",
            "meeting",
            tuple(n.demand.record for n in shared),
        )
    done = [n for n in seen.needs if n.done]
    if done:
        names = listed([quoted(n.demand.need.name) for n in done])
        yield Finding(
            "all_here",
            f"Everything needed for {names} has arrived.",
            "good",
            "Say thank you, and tell the givers what became of it.",
            "",
            "minutes",
            tuple(n.demand.record for n in done),
        )


_ABOUT_ALL: tuple[Callable[[MatchedNeeds], Iterator[Finding]], ...] = (
    _cards,
    _offers,
    _unused,
    _overlap,
    _partners,
    _goals,
    _going_well,
)
