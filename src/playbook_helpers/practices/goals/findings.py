"""What the goals' records say: where each goal stands, and what in the records needs a hand."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from difflib import get_close_matches

from playbook_helpers.core.assessment import Context, Finding
from playbook_helpers.core.partial_dates import first_day, last_day, spoken, years_between
from playbook_helpers.core.text import folded, listed
from playbook_helpers.practices.goals.about import About, when_words
from playbook_helpers.practices.goals.by_group import ShownGroup
from playbook_helpers.practices.goals.goal_set import AssessedGoal, GoalSet
from playbook_helpers.practices.goals.records import Goal
from playbook_helpers.practices.goals.series import GoalStatus, Point
from playbook_helpers.practices.goals.together import (
    looking_back,
    merged,
    names_of,
    once,
)
from playbook_helpers.practices.goals.trend import LARGE, Trend
from playbook_helpers.practices.goals.whose import is_theirs, nobodys
from playbook_helpers.practices.goals.wording import number_words

KINDS = {
    "goal": "goal",
    "indicator_sheet": "indicator sheet",
    "measurement": "measurement",
    "group_value": "value for a group",
}
SHEET_WORDS = {"responsible": "person or body responsible", "limits": "word on its limits"}
SHEET_WORDS |= {part: part for part in ("definition", "formula", "method", "frequency")}
APART = 0.25
"""Share of the whole speed by which the latest must differ from it to be told beside it."""
CHANCE = "Two numbers alone cannot say whether the difference is more than chance."


def findings(seen: GoalSet) -> Iterator[Finding]:
    """All findings: on each goal, then on the records as a whole."""
    if not seen.goals:
        yield _begin(seen)
    back = seen.context.ended
    pairs: list[tuple[Goal, Finding]] = []
    for each in seen.goals:
        said = (*once((*each.check, *_standing(each, seen.context))), *_gaps(each))
        found = [*(said if is_theirs(each.goal) else nobodys(each.goal, said)), *_names(each)]
        pairs += ((each.goal, f) for f in (looking_back(found) if back else found))
    yield from merged(pairs, back=back)
    yield from _levels(seen)
    yield from _sheets(seen)
    yield from _strays(seen)
    yield from _cards(seen)


def _begin(seen: GoalSet) -> Finding:
    purpose = seen.context.partnership.purpose if seen.context.partnership else None
    return Finding(
        "start_here",
        "No goal is written down yet.",
        "note",
        "Write the first one with the form: a short name, one sentence, and what kind of goal it "
        "is. The rest can follow.",
        "If this partnership works, what will be different for whom, and by when?"
        if not purpose
        else "What number would show that you come nearer to your purpose?",
        "meeting",
        (),
        "By [date], [who] will [increase/decrease/keep] [what] from [baseline] to [target].",
    )


def _standing(each: AssessedGoal, context: Context) -> Iterator[Finding]:
    goal, stands = each.goal, each.standing
    latest, trend = stands.latest, stands.trend
    about = About(each)
    if stands.broken and latest:
        aimed = goal.target_value is not None
        yield about.finding(
            "series_break",
            f"the way of counting changed after the baseline, so {about.in_full(latest)} "
            f"({when_words(latest)}) cannot be compared with it.",
            "look",
            f"Set a new baseline, counted in the new way"
            f"{', and look at the target again' if aimed else ''}.",
            "Does the old target still mean the same?" if aimed else "",
            "meeting",
        )
    elif stands.status == "met_then_lost" and latest and stands.first_met:
        yield about.finding(
            "met_then_lost",
            f"the target of {about.target()} was met in {when_words(stands.first_met)} "
            f"({about.value(stands.first_met)}) and lost again: {about.value(latest)} in "
            f"{when_words(latest)}.",
            "act" if _lost_much(each) else "look",
            "Look together at what changed in between, and decide what would bring it back.",
            "What was in place when it was met, and is not now?",
            "meeting",
        )
    elif stands.status == "getting_worse" and latest:
        away = (
            f" by {number_words(round(stands.away_percent, 1))}% of the baseline"
            if (stands.away_percent is not None)
            else ""
        )
        yield about.finding(
            "getting_worse",
            f"it has moved away from its target{away}: from {about.baseline()} to "
            f"{about.value(latest)} in {when_words(latest)}."
            f"{'' if trend and trend.values > 2 else ' ' + CHANCE}",
            "act" if trend and trend.grave else "note" if trend and trend.small else "look",
            "Watch it: so small a move can be chance."
            if trend and trend.small
            else "Ask what lies behind it before you change the plan.",
            "What else changed for the people concerned in that time?",
            "months",
        )
    elif stands.status == "not_kept" and latest:
        yield about.finding(
            "not_kept",
            f"it was to stay at {about.target()} and stands at {about.value(latest)} in "
            f"{when_words(latest)}. {CHANCE}",
            "look",
            "Agree how far it may move before you act.",
            "Is this more than the usual ups and downs?",
        )
    elif stands.status == "met" and latest:
        yield about.finding(
            "target_met",
            f"the target of {about.target()} is met: {about.value(latest)} in "
            f"{when_words(latest)}.",
            "good",
            "Tell those who made it happen, and agree how to keep it.",
            "",
            "minutes",
        )
    elif stands.status == "kept" and latest:
        yield about.finding(
            "kept",
            f"it is kept at {about.in_full(latest)} ({when_words(latest)}).",
            "good",
            "Tell those who keep it so.",
            "",
            "minutes",
        )
    elif stands.status == "no_measurement" and goal.target_value is not None:
        over = goal.target_date is not None and last_day(goal.target_date) < context.as_of
        yield about.finding(
            "no_measurement",
            ("its date has passed, and " if over else "")
            + (
                "it has not been measured since its baseline."
                if goal.baseline_value is not None
                else "it has a target, but no value has been written down."
            ),
            "look",
            "Add the latest value with its date, or write down when the next one is due.",
            "Who has the number?",
            "minutes",
        )
    stale = _stale(each, context)
    # Of a speed that ended long ago nobody can say that it is going well.
    yield from (f for f in _pace(each, about) if not (stale and f.code == "on_pace"))
    if stale and latest and stands.status != "met" and goal.level != "vision":
        yield about.finding(
            "stale",
            f"its latest value is from {when_words(latest)}, more than a year "
            f"{'before the end' if context.ended else 'back'}.",
            "look",
            "Find the newer value, or say why there is none.",
            "",
            "minutes",
        )


def _stale(each: AssessedGoal, context: Context) -> bool:
    """Whether the latest value is over a year old: today, or when the partnership ended."""
    latest = each.standing.latest
    if latest is None or latest.when is None:
        return False
    until = context.as_of.isoformat()
    if context.ended and context.partnership and context.partnership.ends:
        until = context.partnership.ends
    return years_between(latest.when, until) > 1


def _pace(each: AssessedGoal, about: About) -> Iterator[Finding]:
    stands, goal = each.standing, each.goal
    if stands.broken or stands.latest is None or goal.target_date is None:
        return
    if stands.pace == "past_date":
        yield _past(stands.latest, about, stands.percent)
    trend = stands.trend
    if trend and trend.untold and stands.pace is None and stands.status == "improving":
        yield _untold(trend, stands.latest, about)
    if (
        stands.pace == "behind"
        and stands.needed_per_year is not None
        and (stands.achieved_per_year is not None and stands.status in ("improving", "no_change"))
    ):
        times = (
            stands.needed_per_year / stands.achieved_per_year if stands.achieved_per_year else None
        )
        moves = _moves(stands, about)
        faster = times and 1 < times < 100 and moves.startswith("so far")
        yield about.finding(
            "behind",
            f"{moves}; to reach {about.target()} by {spoken(goal.target_date)} it would have to "
            f"{about.rate(stands.needed_per_year)} a year"
            f"{f', {times:.1f} times as fast as so far' if faster else ''}.",
            "look",
            "Decide which you change: what you do, the date, or the target. Say so openly.",
            "What would it take to go at that speed?",
            "months",
        )
    elif stands.pace in ("ahead", "on_pace"):
        several = trend is not None and trend.values > 2
        yield about.finding(
            "on_pace",
            f"so far it {about.rate(stands.achieved_per_year or 0.0, past=True)} a year; at that "
            f"speed it would reach {about.target()} by {spoken(goal.target_date)}. That is "
            f"arithmetic and no forecast"
            f"{'' if several else ': there are only two values to go by'}.",
            "good" if several else "note",
            "Keep going, and say at the next meeting what you think is working."
            if several
            else "Measure once more before you call it a success.",
            "",
            "minutes",
        )


def _moves(stands: GoalStatus, about: About) -> str:
    """How fast it went, over the whole time and lately where that differs."""
    trend = stands.trend
    whole = _rate(stands.achieved_per_year or 0.0, about)
    so_far = f"so far it {whole}"
    if trend is None or trend.since is None or trend.recent is None:
        return so_far
    if trend.peak:
        back = "fallen" if trend.recent < 0 else "risen"
        then = "rose" if trend.recent < 0 else "fell"
        return (
            f"it {then} to {about.number(trend.peak.value)} ({spoken(trend.peak.when)}) and has "
            f"{back} since, to {about.number(stands.latest.value if stands.latest else 0.0)}"
        )
    overall = stands.achieved_per_year or 0.0
    if abs(trend.recent - overall) <= APART * abs(overall):
        return so_far
    return (
        f"since {when_words(stands.points[0])} it {whole}, and since {spoken(trend.since.when)} it "
        f"{_rate(trend.recent, about)}"
    )


def _rate(change: float, about: About) -> str:
    said = about.rate(change, past=True)
    return f"{said} a year" if change else said


def _past(latest: Point, about: About, share: float | None) -> Finding:
    """The date has passed: how it ended is known only from a value at or after it."""
    goal = about.each.goal
    date = goal.target_date or ""
    known = latest.day is not None and latest.day >= first_day(date)
    made = f", {number_words(round(share))}% of the way" if share is not None else ""
    over = f"the date for {about.target()}, {spoken(date)}, has passed"
    if known:
        return about.finding(
            "past_date",
            f"{over}, and it was not reached: the latest value is {about.value(latest)} "
            f"({when_words(latest)}){made}.",
            "act",
            "Say openly how it ended and what you learned, then set a new date or close the goal.",
            "What would you choose now, knowing what you know?",
        )
    return about.finding(
        "past_date",
        f"{over}, and nobody has written down how it ended: the latest value is from before, "
        f"{about.value(latest)} ({when_words(latest)}){made}.",
        "look",
        "Find the value for that date, then say openly how it ended.",
        "Who has the number?",
        "minutes",
    )


def _untold(trend: Trend, latest: Point, about: About) -> Finding:
    """Why no pace is told, and what would make it possible."""
    goal = about.each.goal
    moved = f"from {about.baseline()} to {about.value(latest)} ({when_words(latest)})"
    said, step = {
        "early": (
            f"it moved {moved}. Too little of the time to {spoken(goal.target_date or '')} has "
            "passed to say whether that is fast enough.",
            "Measure again before you draw anything from it.",
        ),
        "season": (
            f"it moved {moved}. The two were counted at different times of the year, so season and "
            "change cannot be told apart.",
            "Count again in the same month as the first time.",
        ),
        "unsteady": (
            f"it moved {moved}, up and down in between. That says nothing yet about its pace.",
            "Look at more values before you draw anything from it.",
        ),
    }[trend.untold or "unsteady"]
    return about.finding("too_soon", said, "note", step, "", "minutes")


def _lost_much(each: AssessedGoal) -> bool:
    """Whether what was lost since the target was met is no small part of the way."""
    goal, latest = each.goal, each.standing.latest
    if (
        latest is None
        or goal.target_value is None
        or goal.baseline_value in (None, goal.target_value)
    ):
        return True
    way = abs(goal.target_value - (goal.baseline_value or 0.0))
    return abs(latest.value - goal.target_value) >= LARGE * way


def _gaps(each: AssessedGoal) -> Iterator[Finding]:
    """Groups whose value differs from all others' by more than chance, all of a kind in one."""
    far: dict[str, list[ShownGroup]] = defaultdict(list)
    for value in each.groups:
        if value.apart:
            far[value.by].append(value)
    for by, values in far.items():
        told = listed(
            [
                f"{v.group} at {v.value:.0f}% of {v.n:,} people ({v.low:.0f}% to {v.high:.0f}%), "
                f"all others at {v.others:.0f}%"
                for v in values
            ]
        )
        yield About(each).finding(
            "group_gap",
            f"{f'by {by.lower()}, ' if by else ''}chance does not explain how far apart groups are "
            f"({spoken(values[0].date)}): {told}.",
            "look",
            f"Ask people of {listed([v.group for v in values])} what stands in the way, before you "
            "change the plan.",
            "What do we do that fits some and not others?",
        )


def _names(each: AssessedGoal) -> Iterator[Finding]:
    if each.namesakes:
        yield Finding(
            "same_name",
            f"{1 + len(each.namesakes)} goals are called “{each.goal.name}”; measurements of that "
            f"name were counted for the oldest only.",
            "act",
            "Give each goal a name of its own, and check its measurements.",
            "",
            "minutes",
            (each.head.record, *(head.record for head in each.namesakes)),
        )


def _levels(seen: GoalSet) -> Iterator[Finding]:
    if seen.goals and not any(s.goal.level == "outcome" for s in seen.goals):
        yield Finding(
            "no_outcome",
            "None of the goals is an outcome: they say what you hope for or what you do, and none "
            "what will change for people or places.",
            "act",
            "Take your most important goal and ask “so that what changes, for whom?” until the "
            "answer can be measured.",
            "Who would notice if you reached all of these?",
            "meeting",
            tuple(s.head.record for s in seen.goals),
        )


def _sheets(seen: GoalSet) -> Iterator[Finding]:
    if seen.context.ended:
        return
    without = [s for s in seen.goals if s.goal.target_value is not None and not s.sheets]
    if without:
        yield Finding(
            "no_sheet",
            f"{names_of(s.goal for s in without)} {'has' if len(without) == 1 else 'have'} "
            f"a number but no indicator sheet, so two people may count it differently.",
            "note",
            "Fill in a sheet for the goal you report on most.",
            "",
            "meeting",
            tuple(s.head.record for s in without),
        )
    for each in seen.goals:
        for head, sheet in each.sheets:
            parts = ("definition", "formula", "method", "responsible", "frequency", "limits")
            empty = [p for p in parts if getattr(sheet, p) is None]
            if len(empty) >= 3:
                yield Finding(
                    "thin_sheet",
                    f"{each.goal.name}: its indicator sheet “{sheet.name}” has no "
                    f"{', no '.join(empty)} yet.",
                    "note",
                    "Fill in the definition first: it decides what is counted.",
                    "",
                    "meeting",
                    (head.record,),
                )


MOST_HINTS = 20
"""Names without a goal for which a near one is looked for."""


def _strays(seen: GoalSet) -> Iterator[Finding]:
    names = {folded(s.goal.name): s.goal.name for s in seen.goals}
    groups: dict[str, list[tuple[str, str, str]]] = defaultdict(list)
    for head, m in seen.orphans:
        groups[folded(m.goal)].append((head.record, m.goal, "measurement"))
    for head, sheet in seen.orphan_sheets:
        groups[folded(sheet.goal)].append((head.record, sheet.goal, "indicator sheet"))
    for place, (key, found) in enumerate(groups.items()):
        kinds = sorted({kind for _, _, kind in found})
        # Looking for a name that is near takes a while: enough for those who mistyped a few.
        near = get_close_matches(key, names, 1, 0.6) if place < MOST_HINTS else []
        hint = f" Did you mean “{names[near[0]]}”?" if near else ""
        count = len(found)
        what = (
            f"{count} {kinds[0]}{'s' if count > 1 else ''}"
            if len(kinds) == 1
            else (f"{count} measurements and sheets")
        )
        yield Finding(
            "names_no_goal",
            f"{what} {'names' if count == 1 else 'name'} a goal “{found[0][1]}” that is not there, "
            f"and {'is' if count == 1 else 'are'} left out.{hint}",
            "look",
            "Correct the name on them, or add the goal.",
            "",
            "minutes",
            tuple(record for record, _, _ in found),
        )
    if seen.later:
        count = len(seen.later)
        first = min(m.date for _, m in seen.later)
        yield Finding(
            "later_measurements",
            f"{count} measurement{'s' if count > 1 else ''} dated {spoken(first)}"
            f"{' or later' if count > 1 else ''} {'lie' if count > 1 else 'lies'} after "
            f"{seen.context.as_of.isoformat()}, the day this is worked out for, and "
            f"{'are' if count > 1 else 'is'} left out.",
            "note",
            "Nothing to do if the worksheet is meant to look back; otherwise correct the dates.",
            "",
            "minutes",
            tuple(head.record for head, _ in seen.later),
        )
    for head, before, after in seen.twice:
        yield Finding(
            "measured_twice",
            f"{after.goal}: there are two values for {spoken(after.date)}, "
            f"{number_words(before.value)} and {number_words(after.value)}; the one written down "
            f"later counts.",
            "look",
            "If two sources disagree, say so in the note and keep the one you trust more.",
            "",
            "minutes",
            (head.record,),
        )


def _cards(seen: GoalSet) -> Iterator[Finding]:
    """Cards that cannot be read, or exist in two versions."""
    settled: set[str] = set()
    for head in seen.heads:
        if head.kind not in KINDS or head.deleted or head.record in settled:
            continue
        name = str(head.payload.get("name") or head.payload.get("goal") or "without a name")
        if head.value is None:
            code = "unreadable"
            kind = KINDS[head.kind]
            sentence = f"The {kind} “{name}” could not be read and is left out: {head.problem}."
            step = "Open the card, put it right and save it again; nothing on it is lost."
        elif head.rivals:
            code = "two_versions"
            sentence = (
                f"The {KINDS[head.kind]} “{name}” was changed by two people at once; the later "
                f"version counts until you choose."
            )
            step = "Look at both versions together and save the one that is right."
        else:
            continue
        settled.add(head.record)
        yield Finding(code, sentence, "look", step, "", "minutes", (head.record,))
