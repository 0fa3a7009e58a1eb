"""What the goals worksheet works out of its records: rows, measures and findings."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from statistics import median

from playbook_helpers.core.assessment import (
    Assessment,
    Context,
    Head,
    Measure,
    sorted_findings,
)
from playbook_helpers.core.partial_dates import years_between
from playbook_helpers.practices.goals.findings import findings
from playbook_helpers.practices.goals.goal_set import AssessedGoal, GoalSet, goal_set
from playbook_helpers.practices.goals.reading import ELEMENTS
from playbook_helpers.practices.goals.rows import (
    CheckRow,
    GroupRow,
    ProgressRow,
    SentenceRow,
    SeriesRow,
)
from playbook_helpers.practices.goals.series import STATUSES


def assess(heads: Iterable[Head], context: Context) -> Assessment:
    """The assessment of one partnership's goals as of `context.as_of`.

    Rows: `progress` (one per goal), `series` (one per value that is counted for it, in order of
    date), `checks` (one per goal and element), `sentences` (one per goal) and `groups` (one per
    group of people and goal). Values are in the
    goal's own unit; `percent` and `away_percent` are percentages as `progress` defines them.
    Measurements dated after `context.as_of` are left out, and nothing is compared across a series
    break.
    """
    seen = goal_set(heads, context)
    return Assessment(
        practice="goals",
        partnership=context.slug,
        as_of=context.as_of,
        measures=tuple(_measures(seen)),
        findings=sorted_findings(findings(seen)),
        rows={
            "progress": tuple(_progress_row(s) for s in seen.goals),
            "series": tuple(row for s in seen.goals for row in _series_rows(s)),
            "checks": tuple(row for s in seen.goals for row in _check_rows(s)),
            "sentences": tuple(_sentence_row(s) for s in seen.goals),
            "groups": tuple(row for s in seen.goals for row in _group_rows(s)),
        },
        counts=seen.counts,
    )


def _progress_row(seen: AssessedGoal) -> ProgressRow:
    goal, stands = seen.goal, seen.standing
    latest = stands.latest
    owner = [part for part in (goal.owner_role, goal.owner_organisation) if part]
    return {
        "record": seen.head.record,
        "name": goal.name,
        "sentence": goal.sentence,
        "level": goal.level,
        "indicator": goal.indicator,
        "unit": goal.unit,
        "unit_words": goal.unit_words,
        "direction": stands.direction,
        "baseline_value": goal.baseline_value,
        "baseline_date": goal.baseline_date,
        "target_value": goal.target_value,
        "target_date": goal.target_date,
        "latest_value": latest.value if latest else None,
        "latest_date": latest.when if latest else None,
        "percent": stands.percent,
        "away_percent": stands.away_percent,
        "status": stands.status,
        "status_words": STATUSES[stands.status],
        "achieved_per_year": stands.achieved_per_year,
        "needed_per_year": stands.needed_per_year,
        "pace": stands.pace,
        "owner": ", ".join(owner),
        "measurements": stands.measurements,
        "broken": stands.broken,
    }


def _series_rows(seen: AssessedGoal) -> Iterator[SeriesRow]:
    for point in seen.standing.points:
        yield {
            "record": seen.head.record,
            "goal": seen.goal.name,
            "date": point.when,
            "day": point.day.isoformat() if point.day else None,
            "value": point.value,
            "segment": point.segment,
            "met": point.met,
            "baseline": point.baseline,
            "source": point.source,
        }


def _check_rows(seen: AssessedGoal) -> Iterator[CheckRow]:
    for element in ELEMENTS:
        span = seen.check.statement.spans[element]
        yield {
            "record": seen.head.record,
            "name": seen.goal.name,
            "element": element,
            "in_sentence": seen.check.statement.verdict(element),
            "span": span.text if span else "",
            "reason": seen.check.statement.reasons[element],
            "in_fields": seen.check.in_fields[element],
        }


def _group_rows(seen: AssessedGoal) -> Iterator[GroupRow]:
    for each in seen.groups:
        yield {
            "record": seen.head.record,
            "goal": seen.goal.name,
            "unit": seen.goal.unit,
            "by": each.by,
            "group": each.group,
            "date": each.date,
            "value": each.value,
            "low": each.low,
            "high": each.high,
            "n": each.n,
            "target": each.target,
            "apart": each.apart,
            "hidden": each.hidden,
            "source": each.source,
        }


def _sentence_row(seen: AssessedGoal) -> SentenceRow:
    verdict = seen.check.statement.verdict
    return {
        "name": seen.goal.name,
        "sentence": seen.goal.sentence,
        "metric": verdict("metric"),
        "baseline": verdict("baseline"),
        "target": verdict("target"),
        "deadline": verdict("deadline"),
        "owner": verdict("owner"),
    }


def _measures(seen: GoalSet) -> Iterator[Measure]:
    goals = [s for s in seen.goals if s.goal.level != "vision"]
    n = len(goals)
    none = "no goal is written down yet" if not seen.goals else "there are visions only"
    note = "" if n else none
    as_of = seen.context.as_of.isoformat()

    def counted(name: str, label: str, found: list[AssessedGoal], words: str) -> Measure:
        value = float(len(found)) if n else None
        return Measure(name, label, value, "goals", n, n - len(found), note=note or words)

    yield counted(
        "complete",
        "Goals that say all five things: what is measured, from where, to where, by when, and who",
        [s for s in goals if s.check.complete],
        "in the sentence or in the fields; visions are not counted",
    )
    yield counted(
        "with_number",
        "Goals with a number to reach",
        [s for s in goals if s.goal.target_value is not None],
        "",
    )
    yield counted(
        "measured_lately",
        "Goals measured in the last 12 months",
        [s for s in goals if _age(s, as_of) <= 1],
        "",
    )
    yield counted(
        "outcomes",
        "Goals that are outcomes: a change for people or places",
        [s for s in goals if s.goal.level == "outcome"],
        "",
    )
    judged = [
        s
        for s in goals
        if s.standing.status not in ("no_target", "no_baseline", "no_measurement", "series_break")
    ]
    met = [s for s in judged if s.standing.status in ("met", "kept")]
    yield Measure(
        "met",
        "Goals met",
        float(len(met)) if judged else None,
        "goals",
        len(judged),
        n - len(judged),
        note="" if judged else note or "no goal has a baseline, a target and a later value yet",
    )
    percents = [s.standing.percent for s in goals if s.standing.percent is not None]
    yield Measure(
        "median_percent",
        "Share of the targeted change reached, middle of the goals",
        median(percents) if percents else None,
        "%",
        len(percents),
        n - len(percents),
        min(percents) if len(percents) > 1 else None,
        max(percents) if len(percents) > 1 else None,
        "lowest and highest goal" if len(percents) > 1 else "",
        note=(
            "goals that moved away from their target are not in it"
            if any(s.standing.status == "getting_worse" for s in goals)
            else ""
        )
        if percents
        else note or "no goal has moved towards its target yet, or none can be compared",
    )
    # A speed of long ago says nothing about now, unless the goal was met or its date is over.
    told = [s for s in goals if s.standing.pace is not None]
    paced = [s for s in told if s.standing.pace in ("met", "past_date") or _age(s, as_of) <= 1]
    quick = [s for s in paced if s.standing.pace in ("ahead", "on_pace", "met")]
    yield Measure(
        "on_pace",
        "Goals met or changing fast enough to reach their target in time",
        float(len(quick)) if paced else None,
        "goals",
        len(paced),
        n - len(paced),
        note=note
        or (
            "goals whose latest value is more than a year old are left out"
            if len(told) > len(paced)
            else ""
            if paced
            else "no goal has the dates that are needed to tell"
        ),
    )


def _age(seen: AssessedGoal, as_of: str) -> float:
    latest = seen.standing.latest
    dates = [p.when for p in seen.standing.points if p.when is not None]
    when = latest.when if latest and latest.when else max(dates, default=None)
    return years_between(when, as_of) if when else float("inf")
