"""What the trust worksheet says in sentences, each with a next step or an open question."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence

from playbook_helpers.core.assessment import Context, Finding, Head
from playbook_helpers.core.partial_dates import last_day, spoken
from playbook_helpers.core.text import listed
from playbook_helpers.practices.trust.records import POINTS, AgreementPoint, SmallWin
from playbook_helpers.practices.trust.rounds import GENERAL, Round
from playbook_helpers.practices.trust.rows import ItemRow
from playbook_helpers.practices.trust.scales import Change

LOW = 3.0
"""A mean below the middle of the scale: a reading aid for where to start talking, not a norm."""


def round_findings(
    latest: Round | None,
    rounds: Sequence[Round],
    before: Round | None,
    moved: Change | None,
    items: Sequence[ItemRow],
    context: Context,
) -> Iterable[Finding]:
    """What the round says that is shown, and why something is not shown."""
    if context.round and (latest is None or latest.when != context.round):
        yield Finding(
            "other_round",
            f"No answers bear the round “{context.round}”"
            + (f"; shown is {spoken(latest.when)}." if latest else "."),
            "note",
            "Write the round the same way in every answer, such as 2027-03.",
            effort="minutes",
        )
    if latest is None:
        yield Finding(
            "no_answers",
            "Nobody has filled in the check-in yet.",
            "note",
            "Give everyone five quiet minutes before the next meeting.",
            effort="minutes",
        )
        return
    for each in rounds[rounds.index(latest) :]:
        if not each.closed:
            yield _open_round(each)
    why = latest.scales[GENERAL].hidden
    if latest.closed and why.startswith("fewer than"):
        yield Finding(
            "too_few",
            f"{why[0].upper()}{why[1:]} came in for {spoken(latest.when)}, so no figure is shown.",
            "look",
            "Talk instead, or ask more of the people who do the work to answer the next round.",
            "What would make it safe and easy for more people to answer?",
        )
    if latest.closed and latest.lost:
        yield Finding(
            "lost",
            f"{latest.n} people had answered for {spoken(latest.when)} when it was shown. "
            "Since then an answer was taken out for good, so the picture is not drawn again.",
            "note",
            "Keep to what you decided from it, and hold a new round.",
            effort="minutes",
        )
    if latest.closed and latest.late:
        yield Finding(
            "late",
            f"Answers for {spoken(latest.when)} came after it was closed. They are kept, but are "
            "in no figure: whoever kept the page from before could work out a single one.",
            "note",
            "Ask these people to answer the next round.",
            effort="minutes",
        )
    if latest.dominated_by:
        yield Finding(
            "one_voice",
            f"Over half of the answers come from {latest.dominated_by}.",
            "look",
            "Ask the other partners to answer before anybody reads the scores.",
            "Whose view are we about to take for everyone's?",
        )
    if latest.shown and not latest.turnout:
        yield Finding(
            "no_turnout",
            "How many answered from each organisation is not written down, so nobody can tell "
            "whether one of them speaks for all.",
            "note",
            "Next time, count by show of hands and write it down.",
            effort="minutes",
        )
    for row in items:
        line = row["value"] if row["value"] is not None else row["band_high"]
        if isinstance(line, float) and line < LOW:
            words = str(row["words"])
            turned = " (turned round)" if row["reverse"] else ""
            score = f"{line:.1f}" if row["value"] is not None else str(row["bound"])
            yield Finding(
                "low_item",
                f"“{words}” scores {score} of 5{turned}.",
                "look",
                "Read it aloud and ask for an example, from any partner, without names.",
                "What would have to happen for this to be one point higher next time?",
            )
    yield from _split(items)
    yield from _parts(latest)
    if moved is not None and before is not None:
        fell = moved.noise is False and moved.value < 0
        rose = moved.noise is False and moved.value > 0
        yield Finding(
            "change",
            f"Since {spoken(before.when)}: {moved.sentence[0].lower()}{moved.sentence[1:]}",
            "act" if fell else "good" if rose else "note",
            "Find out what happened in between, partner by partner." if fell else "",
            "What happened in between that we have not spoken about?" if fell else "",
        )


def _open_round(each: Round) -> Finding:
    """How many have answered while a round is open, and no more."""
    people = "person has" if each.n == 1 else "people have"
    counted = sum(each.turnout.values())
    said = f" {counted} were counted." if each.turnout else ""
    return Finding(
        "open_round",
        f"{each.n} {people} answered for {spoken(each.when)}.{said} The round is open, so nothing "
        "of it is shown: nobody can see what one more answer changes.",
        "look",
        "Ask who has handed in an answer and write it down as turnout: when the two numbers are "
        "the same, the round closes by itself. Or close it when all slips and files are in.",
        effort="minutes",
    )


def _parts(latest: Round) -> Iterable[Finding]:
    """Which parts of trust the same people put lower than others."""
    above: dict[str, list[str]] = defaultdict(list)
    for low, high in latest.apart:
        above[low].append(high)
    alike: dict[tuple[str, ...], list[str]] = defaultdict(list)
    for low, highs in above.items():
        alike[tuple(highs)].append(low)
    if alike:
        told = [f"{listed(lows)} lower than {listed(highs)}" for highs, lows in alike.items()]
        yield Finding(
            "parts_apart",
            f"The same people put {listed(told)}, by more than chance explains.",
            "note",
            "Begin the talk with what is lowest, and ask for an example without names.",
            "What do we do well in the one that we could do in the other?",
        )


def _split(items: Sequence[ItemRow]) -> Iterable[Finding]:
    """The items on which people differ most: a mean in the middle may be two camps."""
    split = [row for row in items if row["differ"]]
    if split:
        named = "; ".join(f"“{row['words']}”" for row in split[:3])
        yield Finding(
            "people_differ",
            f"People answer very differently on {len(split)} of the {len(items)} sentences, "
            f"such as {named}",
            "look",
            "Ask for one example of each kind, without names, before you look for a reason.",
            "What do some of us meet with that others do not?",
        )


URGENT = ("decisions", "money", "data", "conflict", "leaving")
"""Points that do harm when they are settled in a quarrel, the first to settle first."""


def _rank(point: AgreementPoint) -> int:
    return URGENT.index(point.point) if point.point in URGENT else len(URGENT)


def _inside(point: AgreementPoint) -> str:
    words = POINTS[point.point]
    return words[0].lower() + words[1:]


def agreement_findings(points: Sequence[tuple[Head, AgreementPoint]]) -> Iterable[Finding]:
    """What the agreement leaves open, and which points nobody has talked about."""
    if not points:
        return
    open_points = [(h, p) for h, p in points if p.state in ("not_yet", "partly")]
    if open_points:
        # What a quarrel would turn on first: by the order of URGENT, then as the list has them.
        order = sorted(open_points, key=lambda held: (held[1].state == "partly", _rank(held[1])))
        bare = [POINTS[p.point] for _, p in order if p.state == "not_yet"]
        half = len(order) - len(bare)
        told = [f"Not settled yet: {'; '.join(bare)}."] if bare else []
        more = f"{half} more" if bare else f"{half}"
        told += [f"{more} {'is' if half == 1 else 'are'} only partly settled."] if half else []
        first = order[0][1]
        count = len(order)
        yield Finding(
            "agreement_gap",
            f"{count} {'point' if count == 1 else 'points'} of the agreement "
            f"{'is' if count == 1 else 'are'} open. {' '.join(told)}",
            "act" if first.state == "not_yet" and first.point in URGENT else "look",
            f"Settle one at the next meeting, while nothing hangs on it: {_inside(first)}.",
            "Who would be hurt most if we left this open?",
            records=tuple(head.record for head, _ in order),
        )
    missing = len(POINTS) - len(points)
    if missing:
        yield Finding(
            "agreement_unread",
            f"{missing} of the {len(POINTS)} points {'has' if missing == 1 else 'have'} not been "
            "talked about yet.",
            "note",
            "Go through them at the next meeting; ten minutes are enough for a first round.",
            "Which of them would we rather not talk about?",
        )


def win_findings(wins: Sequence[tuple[Head, SmallWin]], context: Context) -> Iterable[Finding]:
    """Small wins that are nobody's, late or done."""
    for head, win in wins:
        if win.done is not None:
            continue
        if win.owner is None or win.due is None:
            lacks = " and ".join(
                w for w, v in (("no owner", win.owner), ("no date", win.due)) if v is None
            )
            yield Finding(
                "win_open",
                f"The small win “{win.action}” has {lacks}.",
                "look",
                "Ask who would enjoy doing it, and by when.",
                "What would make it small enough to do this month?",
                effort="minutes",
                records=(head.record,),
            )
        elif is_late(win, context):
            yield Finding(
                "win_late",
                f"The small win “{win.action}” was due {spoken(win.due)}.",
                "look",
                "Do it, make it smaller, or let it go and say so.",
                "What got in the way, and is it in the way of other things too?",
                effort="minutes",
                records=(head.record,),
            )
    done = [head.record for head, win in wins if win.done is not None]
    if done:
        yield Finding(
            "wins_done",
            f"{len(done)} small {'win is' if len(done) == 1 else 'wins are'} done.",
            "good",
            records=tuple(done),
        )


def is_late(win: SmallWin, context: Context) -> bool:
    """Whether a small win is past its date and not done."""
    return win.done is None and win.due is not None and last_day(win.due) < context.as_of
