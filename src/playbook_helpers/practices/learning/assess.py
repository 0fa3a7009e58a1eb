"""What the learning worksheet works out: slip, lessons nobody owns, and the balance of both."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from datetime import date
from statistics import median

from playbook_helpers.core.assessment import (
    Assessment,
    Context,
    Finding,
    Head,
    Measure,
    Row,
    current,
    of_type,
    sorted_findings,
)
from playbook_helpers.core.partial_dates import first_day, last_day, spoken
from playbook_helpers.practices.learning.names import names_in
from playbook_helpers.practices.learning.records import Milestone, Review
from playbook_helpers.practices.learning.rows import MilestoneRow, ReviewRow, Rows


def assess(heads: Iterable[Head], context: Context) -> Assessment:
    """The assessment of one partnership's celebrating and learning as of `context.as_of`."""
    now = current(heads)
    counts = Counter(head.kind for head in now if head.practice == "learning")
    milestones = of_type(now, Milestone)
    reviews = of_type(now, Review)
    rows: Rows = {
        "milestones": tuple(
            sorted((_milestone_row(h, m, context.as_of) for h, m in milestones), key=_by_date)
        ),
        "reviews": tuple(
            sorted((_review_row(h, r, context.as_of) for h, r in reviews), key=_by_date)
        ),
    }
    organisations = {partner.name for partner in context.partners}
    findings = [
        *_start_findings(milestones, reviews),
        *(f for h, m in milestones for f in _milestone_findings(h, m, context.as_of)),
        *(f for h, r in reviews for f in _review_findings(h, r, context.as_of, organisations)),
        *_slip_findings(rows["milestones"]),
        *_balance_findings(reviews),
    ]
    return Assessment(
        practice="learning",
        partnership=context.slug,
        as_of=context.as_of,
        measures=tuple(_measures(rows["milestones"], rows["reviews"])),
        findings=sorted_findings(findings),
        rows=rows,
        counts=dict(counts),
    )


def slip_days(milestone: Milestone) -> int | None:
    """Days from the planned to the actual date; below zero if early; None if either is missing.

    Where one date is known to the day and the other only to its month or year, both are compared
    by month or year: what was planned for 2026 and reached in March 2026 is on time.

    >>> slip_days(Milestone(name="Opening", planned="2026-03-01", actual="2026-03-15"))
    14
    >>> slip_days(Milestone(name="Opening", planned="2026", actual="2026-03-15"))
    0
    """
    if milestone.planned is None or milestone.actual is None:
        return None
    known = min(len(milestone.planned), len(milestone.actual))
    return (last_day(milestone.actual[:known]) - last_day(milestone.planned[:known])).days


def is_reached(milestone: Milestone, as_of: date) -> bool:
    """Whether it had been reached by that day; a date that is still to come is a plan."""
    return milestone.actual is not None and first_day(milestone.actual) <= as_of


def is_done(review: Review, as_of: date) -> bool:
    """Whether the change that a review led to had been made by that day."""
    return review.done is not None and first_day(review.done) <= as_of


def _by_date(row: Row) -> tuple[bool, str, str]:
    when = row.get("planned") or row.get("actual") or row.get("date")
    return (when is None, str(when or ""), str(row["name"]))


def _milestone_row(head: Head, m: Milestone, as_of: date) -> MilestoneRow:
    reached = is_reached(m, as_of)
    late = not reached and m.planned is not None and last_day(m.planned) < as_of
    slip = slip_days(m) if reached else None
    state = "ahead"
    if reached:
        state = "reached" if slip is None else "reached late" if slip > 0 else "reached on time"
    elif late:
        state = "late"
    elif m.planned is None:
        state = "no date"
    return {
        "record": head.record,
        "name": m.name,
        "goal": m.goal,
        "planned": m.planned,
        "actual": m.actual if reached else None,
        "state": state,
        "slip": slip,
        "late": late,
        "days_late": (as_of - last_day(m.planned)).days if late and m.planned else None,
        "thanks": m.thanks,
        "marked": m.marked,
        "evidence": m.evidence,
    }


def _review_row(head: Head, r: Review, as_of: date) -> ReviewRow:
    done = is_done(r, as_of)
    late = not done and r.due is not None and last_day(r.due) < as_of
    state = "done" if done else "no owner" if not r.owner else "late" if late else "open"
    return {
        "record": head.record,
        "name": r.name,
        "date": r.date,
        "side": r.side,
        "change": r.change,
        "owner": r.owner,
        "due": r.due,
        "done": r.done if done else None,
        "state": state if r.change else "no change named",
        "sharing": r.sharing,
    }


def _measures(
    milestones: Sequence[MilestoneRow], reviews: Sequence[ReviewRow]
) -> Iterable[Measure]:
    slips = [slip for row in milestones if isinstance(slip := row["slip"], int)]
    reached = [row for row in milestones if row["actual"] is not None]
    yield Measure(
        "slip",
        "Days from planned to reached (median)",
        float(median(slips)) if slips else None,
        "days",
        len(slips),
        len(reached) - len(slips),
        low=float(min(slips)) if slips else None,
        high=float(max(slips)) if slips else None,
        interval="earliest and latest" if slips else "",
        note="below zero is early" if slips else "nothing reached has both dates yet",
    )
    yield Measure(
        "on_time",
        "Reached on time, of what is reached or overdue",
        100 * sum(slip <= 0 for slip in slips) / due
        if (due := len(slips) + sum(bool(row["late"]) for row in milestones))
        else None,
        "%",
        due,
        len(milestones) - due,
        note="" if due else "nothing with a date is due yet",
    )
    lessons = [row for row in reviews if row["change"]]
    yield Measure(
        "closed",
        "Lessons that led to a change that is done",
        100 * sum(row["state"] == "done" for row in lessons) / len(lessons) if lessons else None,
        "%",
        len(lessons),
        len(reviews) - len(lessons),
        note="" if lessons else "no review names a change yet",
    )
    yield Measure(
        "no_owner",
        "Lessons that nobody owns",
        float(sum(row["state"] == "no owner" for row in lessons)) if lessons else None,
        "",
        len(lessons),
        len(reviews) - len(lessons),
        note="" if lessons else "no review names a change yet",
    )
    sides = Counter(row["side"] for row in reviews)
    told = sides["success"] + sides["challenge"] + sides["both"]
    yield Measure(
        "challenges",
        "Reviews that look at a challenge, alone or with a success",
        100 * (sides["challenge"] + sides["both"]) / told if told else None,
        "%",
        told,
        len(reviews) - told,
        note="both sides have something to teach" if told else "no review says which yet",
    )


def _start_findings(
    milestones: Sequence[tuple[Head, Milestone]], reviews: Sequence[tuple[Head, Review]]
) -> Iterable[Finding]:
    if not milestones:
        yield Finding(
            "no_milestones",
            "No milestone is written down yet.",
            "note",
            "Name one that you have already reached, and say who made it happen.",
            "What did we do this year that we never stopped to notice?",
            effort="minutes",
        )
    if not reviews:
        yield Finding(
            "no_reviews",
            "No review is written down yet.",
            "note",
            "Take the last thing you finished, and give it four questions and forty minutes.",
        )


def _milestone_findings(head: Head, m: Milestone, as_of: date) -> Iterable[Finding]:
    reached = is_reached(m, as_of)
    if not reached and m.planned is not None and last_day(m.planned) < as_of:
        yield Finding(
            "milestone_late",
            f"“{m.name}” was planned for {spoken(m.planned)} and has not been reached.",
            "look",
            "Set a new date aloud, or drop it and say why.",
            "What did we not know when we set the date?",
            records=(head.record,),
        )
    # After a year a late thank-you is a nice thought, and nothing to be reminded of.
    lately = reached and (as_of - last_day(m.actual or "")).days <= 366
    if lately and not m.thanks:
        yield Finding(
            "not_thanked",
            f"“{m.name}” was reached, and nobody is thanked for it yet.",
            "look",
            "Name who made it happen, and for what, and thank them where others can hear it.",
            "Whose part in it was easy to overlook?",
            effort="minutes",
            records=(head.record,),
        )
    elif lately and not m.marked:
        yield Finding(
            "not_marked",
            f"“{m.name}” was reached. Nothing says how it was marked.",
            "look",
            "Mark it at the next meeting with the people who did it.",
            "What would the people who did it be glad of?",
            effort="minutes",
            records=(head.record,),
        )
    if reached and not m.evidence:
        yield Finding(
            "no_evidence",
            f"“{m.name}” counts as reached. Nothing says how we know.",
            "note",
            "Add a number, a document or a photograph people agreed to.",
            effort="minutes",
            records=(head.record,),
        )
    if reached and m.marked and m.thanks:
        yield Finding(
            "marked",
            f"“{m.name}”: reached, marked, and people thanked.",
            "good",
            records=(head.record,),
        )


def _slip_findings(milestones: Sequence[MilestoneRow]) -> Iterable[Finding]:
    """Plans that are kept less often than not, though all was reached in the end."""
    slips = [slip for row in milestones if isinstance(slip := row["slip"], int)]
    late = sum(slip > 0 for slip in slips)
    if len(slips) >= 3 and 2 * late > len(slips):
        yield Finding(
            "mostly_late",
            f"{late} of {len(slips)} steps came later than planned, half of all by "
            f"{median(slips):,.0f} days or more.",
            "look",
            "Set the next date by how long the last one took, and not by how long it should take.",
            "What do our dates leave out each time?",
            records=tuple(str(row["record"]) for row in milestones if (row["slip"] or 0) > 0),
        )


def _review_findings(
    head: Head, r: Review, as_of: date, organisations: set[str]
) -> Iterable[Finding]:
    done = is_done(r, as_of)
    if r.change and not r.owner and not done:
        yield Finding(
            "no_owner",
            f"The lesson from “{r.name}” has no owner: {r.change}",
            "act",
            "Ask who wants to see it through, and by when.",
            "Who would notice first if nothing changed?",
            effort="minutes",
            records=(head.record,),
        )
    elif r.change and not done and r.due is not None and last_day(r.due) < as_of:
        yield Finding(
            "lesson_late",
            f"The change from “{r.name}” was due {spoken(r.due)}.",
            "look",
            "Do it, make it smaller, or say openly that it will not happen.",
            "What made it harder than we thought?",
            records=(head.record,),
        )
    if not r.change:
        yield Finding(
            "no_change",
            f"“{r.name}” was looked back on, and nothing says what changes.",
            "look",
            "End with one thing to do differently, or to keep on purpose.",
            "If it came again tomorrow, what would we do the same way?",
            effort="minutes",
            records=(head.record,),
        )
    if r.side != "success":
        text = "\n".join(t for t in (r.name, r.expected, r.happened, r.why, r.change) if t)
        found = names_in(text, organisations)
        if found:
            yield Finding(
                "names_person",
                f"“{r.name}” may tell of something that went wrong. Please check that it names "
                "nobody.",
                "note",
                "If it does, write what was done and how it was set up, not who did it.",
                "Would everybody in it agree to how this is written?",
                effort="minutes",
                records=(head.record,),
            )


def _balance_findings(reviews: Sequence[tuple[Head, Review]]) -> Iterable[Finding]:
    sides = Counter(r.side for _, r in reviews)
    if len(reviews) >= 3 and not sides["challenge"] + sides["both"] and sides["success"]:
        yield Finding(
            "only_successes",
            f"All {sides['success']} reviews tell of successes.",
            "look",
            "Look back on one thing that did not work, with someone from outside asking.",
            "What do we not say to each other yet?",
        )
    if len(reviews) >= 3 and not sides["success"] + sides["both"] and sides["challenge"]:
        yield Finding(
            "only_challenges",
            f"All {sides['challenge']} reviews tell of challenges.",
            "look",
            "Look back on something that went well, with the same care.",
            "What do we do well without knowing why?",
        )
