"""The portfolio as sheets of rows: one source for the page's tables and for the files.

A sheet's rows hold plain values; how a value is written on a page follows from its column. Nothing
is ranked: sheets stand in the order of names, of months or of what is needed first, and none has
a column on trust or on the social value of money.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence

from playbook_helpers.core.assessment import SEVERITY_WORDS
from playbook_helpers.practices import PRACTICES
from playbook_helpers.practices.goals.pace import PACING_WORDS
from playbook_helpers.practices.goals.series import STATUSES
from playbook_helpers.practices.learning.records import SIDES
from playbook_helpers.publish.portfolio.goals import LACKS, MOVES
from playbook_helpers.publish.portfolio.help_sheets import matches_sheet, needs_sheet, offers_sheet
from playbook_helpers.publish.portfolio.sheet import (
    MARKED,
    NAME,
    SLUG,
    Column,
    Sheet,
    Value,
    names_of,
)
from playbook_helpers.publish.portfolio.taking import MISSING, Portfolio, is_vision, missing_at

_LEVEL = {"vision": "Vision", "outcome": "Outcome", "output": "Output", "activity": "Activity"}


def sheets_of(portfolio: Portfolio) -> dict[str, Sheet]:
    """Name -> sheet, in the order of the page."""
    return {sheet.name: sheet for sheet in (make(portfolio) for make in _SHEETS)}


def _partnerships(portfolio: Portfolio) -> Sheet:
    names = names_of(portfolio)
    rows = []
    for digest in portfolio.digests:
        goals = digest.goals
        next_fall = digest.falls[0] if digest.falls else None
        wanting = [digest.problem] if digest.problem else []
        wanting += [MISSING[key] for key in missing_at(digest)]
        rows.append(
            (
                *names[digest.slug],
                digest.place,
                len(goals),
                sum(g.status in ("met", "kept") for g in goals),
                sum(g.move == "nearer" for g in goals),
                sum(g.move == "further" for g in goals),
                digest.latest,
                len(digest.gaps),
                len(digest.spares),
                next_fall.month if next_fall else "",
                100 * next_fall.share if next_fall else None,
                "; ".join(wanting),
                digest.as_of.isoformat(),
            )
        )
    return Sheet(
        "partnerships",
        "All partnerships",
        ("partnership", "partnerships"),
        (
            SLUG,
            NAME,
            MARKED,
            Column("place", "Where"),
            Column("goals", "Goals", "count"),
            Column("met", "Met or kept", "count"),
            Column("nearer", "Nearer since last round", "count"),
            Column("further", "Further away", "count"),
            Column("latest", "Newest value", "when"),
            Column("open_needs", "Needs nobody meets", "count"),
            Column("spare_offers", "Offers to spare", "count"),
            Column("money_falls", "Signed money falls after", "when", beside="money_lost"),
            Column("money_lost", "Share of signed money lost then", "percent", file_only=True),
            Column("missing", "Missing or old", filter=True),
            Column("as_of", "Worked out as of", "when", file_only=True),
        ),
        tuple(rows),
        parts=frozenset({"missing"}),
    )


def _goals(portfolio: Portfolio) -> Sheet:
    names = names_of(portfolio)
    rows = tuple(
        (
            *names[digest.slug],
            goal.name,
            goal.unit,
            _LEVEL[goal.level],
            goal.baseline,
            goal.baseline_date,
            goal.latest,
            goal.latest_date,
            goal.target,
            goal.target_date,
            goal.percent,
            "A vision" if is_vision(goal) else _capital(STATUSES[goal.status]),
            _capital(MOVES[goal.move]),
            goal.change,
            goal.before,
            goal.before_date,
            _capital(PACING_WORDS[goal.pace]) if goal.pace else "",  # type: ignore[index]
            "; ".join(LACKS[name] for name in goal.lacks),
            "" if goal.recent or not goal.newest else "Over a year old",
            digest.as_of.isoformat(),
        )
        for digest, goal in portfolio.goals
    )
    return Sheet(
        "goals",
        "All goals",
        ("goal", "goals"),
        (
            SLUG,
            NAME,
            MARKED,
            Column("goal", "Goal", beside="unit"),
            Column("unit", "Unit", file_only=True),
            Column("level", "Level", file_only=True),
            Column("baseline", "Baseline", "number", beside="baseline_date"),
            Column("baseline_date", "Date of baseline", "when", file_only=True),
            Column("latest", "Latest", "number", beside="latest_date"),
            Column("latest_date", "Date of latest", "when", file_only=True),
            Column("target", "Target", "number", beside="target_date"),
            Column("target_date", "Date of target", "when", file_only=True),
            Column("percent", "Of its own way", "percent"),
            Column("status", "Against its target", filter=True, beside="old"),
            Column("move", "Since last round", filter=True, beside="change"),
            Column("change", "Change since last round", "signed", file_only=True),
            Column("before", "Value at last round", "number", file_only=True),
            Column("before_date", "Date of that value", "when", file_only=True),
            Column("pace", "Pace", filter=True),
            Column("lacks", "It has no ...", file_only=True),
            Column("old", "Is the latest value old?", file_only=True),
            Column("as_of", "Worked out as of", "when", file_only=True),
        ),
        rows,
    )


def _money(portfolio: Portfolio) -> Sheet:
    names = names_of(portfolio)
    rows = tuple(
        (
            *names[digest.slug],
            fall.month,
            100 * fall.share,
            "All signed money ends"
            if fall.ends
            else "Half or more"
            if fall.share >= 0.5
            else "Less",
            fall.before,
            fall.after,
            fall.currency,
            "; ".join(fall.sources),
        )
        for digest, fall in portfolio.falls
    )
    return Sheet(
        "money",
        "All falls",
        ("fall", "falls"),
        (
            SLUG,
            NAME,
            MARKED,
            Column("month", "Last month before", "when"),
            Column("share", "Lost then", "percent"),
            Column("size", "How deep", filter=True),
            Column("before", "A month before", "number", beside="currency"),
            Column("after", "A month after", "number", beside="currency"),
            Column("currency", "Currency", file_only=True),
            Column("sources", "What ends"),
        ),
        rows,
    )


def _lessons(portfolio: Portfolio) -> Sheet:
    names = names_of(portfolio)
    every = [(d, lesson) for d in portfolio.digests for lesson in d.lessons]
    every.sort(key=lambda pair: pair[1].date, reverse=True)
    rows = tuple(
        (
            *names[digest.slug],
            lesson.name,
            lesson.date,
            SIDES.get(lesson.side, ""),
            lesson.expected,
            lesson.happened,
            lesson.why,
            lesson.change,
            lesson.done,
        )
        for digest, lesson in every
    )
    return Sheet(
        "lessons",
        "All lessons",
        ("lesson", "lessons"),
        (
            SLUG,
            NAME,
            MARKED,
            Column("lesson", "What they looked back on"),
            Column("date", "When", "when"),
            Column("side", "What it was", filter=True),
            Column("expected", "What they expected"),
            Column("happened", "What happened"),
            Column("why", "Why"),
            Column("change", "What they change or keep"),
            Column("done", "Done", "when"),
        ),
        rows,
        layout="cards",
    )


def _findings(portfolio: Portfolio) -> Sheet:
    titles = {practice.stem: practice.title for practice in PRACTICES}
    total = len(portfolio.digests)
    rows = tuple(
        (
            each.common.practice,
            each.common.says,
            titles[each.common.practice],
            SEVERITY_WORDS[each.common.severity],
            each.partnerships,
            100 * each.partnerships / total,
            each.times,
        )
        for each in portfolio.findings
    )
    return Sheet(
        "findings",
        "All findings",
        ("finding", "findings"),
        (
            Column("practice", "Practice, short", file_only=True),
            Column("says", "What is found", beside="title"),
            Column("title", "Practice", file_only=True),
            Column("severity", "How serious"),
            Column("partnerships", "Partnerships", "count"),
            Column("share", "Of all", "percent"),
            Column("times", "Times in all", "count"),
        ),
        rows,
    )


_SHEETS: Sequence[Callable[[Portfolio], Sheet]] = (
    _partnerships,
    _goals,
    matches_sheet,
    needs_sheet,
    offers_sheet,
    _money,
    _lessons,
    _findings,
)


def _capital(words: str) -> str:
    return words[:1].upper() + words[1:]


__all__ = ["Column", "Sheet", "Value", "sheets_of"]
