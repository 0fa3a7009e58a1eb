"""The portfolio's tables: one source for the page and for the files beside it.

Rows hold plain values; how a value is written follows from its column. Nothing is ranked: rows
stand in the order of names, of months or of what is needed first, and no table has a column on
trust or on the social value of money.
"""

from __future__ import annotations

from collections.abc import Callable

from playbook_helpers.core.assessment import SEVERITY_WORDS
from playbook_helpers.drawing.tables import NOTHING, Column, Table
from playbook_helpers.practices import PRACTICES
from playbook_helpers.practices.goals.pace import PACING_WORDS
from playbook_helpers.practices.goals.series import STATUSES
from playbook_helpers.practices.learning.records import SIDES
from playbook_helpers.practices.resources.amounts import from_base
from playbook_helpers.practices.resources.records import PERIODS, TYPES
from playbook_helpers.publish.portfolio.goals import LACKS, MOVES
from playbook_helpers.publish.portfolio.matching import Match
from playbook_helpers.publish.portfolio.portfolio import MISSING, Portfolio, is_vision, missing_at

_SLUG = Column("short_name", "Short name", file_only=True)
_NAME = Column("partnership", "Partnership", beside="marked")
_MARKED = Column("marked", "Invented?", file_only=True)
_FIRMNESS = {True: "Promised or here", False: "Offered"}
_LEVEL = {"vision": "Vision", "outcome": "Outcome", "output": "Output", "activity": "Activity"}


def tables_of(portfolio: Portfolio) -> dict[str, Table]:
    """Name -> table, in the order of the page."""
    makers: dict[str, Callable[[Portfolio], Table]] = {
        "partnerships": _partnerships,
        "goals": _goals,
        "matches": _matches,
        "needs": _needs,
        "offers": _offers,
        "money": _money,
        "lessons": _lessons,
        "findings": _findings,
    }
    return {name: make(portfolio) for name, make in makers.items()}


def _names(portfolio: Portfolio) -> dict[str, dict[str, str]]:
    """Short name -> the values of the first three columns of every table on partnerships."""
    return {
        d.slug: {
            "short_name": d.slug,
            "partnership": d.name,
            "marked": "invented for practice" if d.invented else "",
        }
        for d in portfolio.digests
    }


def _partnerships(portfolio: Portfolio) -> Table:
    names = _names(portfolio)
    rows = []
    for digest in portfolio.digests:
        goals = digest.goals
        next_fall = digest.falls[0] if digest.falls else None
        wanting = [digest.problem] if digest.problem else []
        wanting += [MISSING[key] for key in missing_at(digest)]
        rows.append(
            {
                **names[digest.slug],
                "place": digest.place,
                "goals": len(goals),
                "met": sum(g.status in ("met", "kept") for g in goals),
                "nearer": sum(g.move == "nearer" for g in goals),
                "further": sum(g.move == "further" for g in goals),
                "latest": digest.latest,
                "open_needs": len(digest.gaps),
                "spare_offers": len(digest.spares),
                "money_falls": next_fall.month if next_fall else "",
                "money_lost": 100 * next_fall.share if next_fall else None,
                "missing": "; ".join(wanting),
                "as_of": digest.as_of.isoformat(),
            }
        )
    return Table(
        "All partnerships",
        (
            _SLUG,
            _NAME,
            _MARKED,
            Column("place", "Where"),
            Column("goals", "Goals", format="count"),
            Column("met", "Met or kept", format="count"),
            Column("nearer", "Nearer since last round", format="count"),
            Column("further", "Further away", format="count"),
            Column("latest", "Newest value", format="when"),
            Column("open_needs", "Needs nobody meets", format="count"),
            Column("spare_offers", "Offers to spare", format="count"),
            Column("money_falls", "Signed money falls after", format="when", beside="money_lost"),
            Column(
                "money_lost", "Share of signed money lost then", format="percent", file_only=True
            ),
            Column("missing", "Missing or old", filter=True, several=True),
            Column("as_of", "Worked out as of", format="when", file_only=True),
        ),
        tuple(rows),
        noun=("partnership", "partnerships"),
        none=NOTHING,
    )


def _goals(portfolio: Portfolio) -> Table:
    names = _names(portfolio)
    rows = tuple(
        {
            **names[digest.slug],
            "goal": goal.name,
            "unit": goal.unit,
            "level": _LEVEL[goal.level],
            "baseline": goal.baseline,
            "baseline_date": goal.baseline_date,
            "latest": goal.latest,
            "latest_date": goal.latest_date,
            "target": goal.target,
            "target_date": goal.target_date,
            "percent": goal.percent,
            "status": "A vision" if is_vision(goal) else _capital(STATUSES[goal.status]),
            "move": _capital(MOVES[goal.move]),
            "change": goal.change,
            "before": goal.before,
            "before_date": goal.before_date,
            "pace": _capital(PACING_WORDS[goal.pace]) if goal.pace else "",  # type: ignore[index]
            "lacks": "; ".join(LACKS[name] for name in goal.lacks),
            "old": "" if goal.recent or not goal.newest else "Over a year old",
            "as_of": digest.as_of.isoformat(),
        }
        for digest, goal in portfolio.goals
    )
    return Table(
        "All goals",
        (
            _SLUG,
            _NAME,
            _MARKED,
            Column("goal", "Goal", beside="unit"),
            Column("unit", "Unit", file_only=True),
            Column("level", "Level", file_only=True),
            Column("baseline", "Baseline", format="number", beside="baseline_date"),
            Column("baseline_date", "Date of baseline", format="when", file_only=True),
            Column("latest", "Latest", format="number", beside="latest_date"),
            Column("latest_date", "Date of latest", format="when", file_only=True),
            Column("target", "Target", format="number", beside="target_date"),
            Column("target_date", "Date of target", format="when", file_only=True),
            Column("percent", "Of its own way", format="percent"),
            Column("status", "Against its target", filter=True, beside="old"),
            Column("move", "Since last round", filter=True, beside="change"),
            Column("change", "Change since last round", format="signed", file_only=True),
            Column("before", "Value at last round", format="number", file_only=True),
            Column("before_date", "Date of that value", format="when", file_only=True),
            Column("pace", "Pace", filter=True),
            Column("lacks", "It has no ...", file_only=True),
            Column("old", "Is the latest value old?", file_only=True),
            Column("as_of", "Worked out as of", format="when", file_only=True),
        ),
        rows,
        noun=("goal", "goals"),
        none=NOTHING,
    )


def _matches(portfolio: Portfolio) -> Table:
    """What one partnership could bring to another's need."""
    names = _names(portfolio)
    rows = tuple(
        {
            **names[m.gap.slug],
            "need": m.gap.name,
            "goal": m.gap.goal,
            "open": _need_amount(m),
            "must_have": "Must-have" if m.gap.must_have else "Good to have",
            "type": TYPES[m.gap.type],
            "giver_short_name": m.spare.slug,
            "giver": names[m.spare.slug]["partnership"],
            "giver_marked": names[m.spare.slug]["marked"],
            "what": m.spare.what,
            "partner": m.spare.partner,
            "could_bring": None if m.amount is None else from_base(m.amount, m.gap.period),
            "unit": _unit(m.gap.unit, m.gap.period),
            "firm": _FIRMNESS[m.spare.firm],
            "near": "Same place" if m.near else "Another place",
        }
        for m in portfolio.matches
    )
    return Table(
        "Who could help whom",
        (
            _SLUG,
            Column("partnership", "Who needs it", beside="marked"),
            _MARKED,
            Column("need", "What is needed", beside="goal"),
            Column("goal", "For which goal", file_only=True),
            Column("open", "Still open there", format="number", file_only=True),
            Column("must_have", "How much it matters", filter=True),
            Column("type", "Kind", filter=True),
            Column("giver_short_name", "Short name of who has it", file_only=True),
            Column("giver", "Who has it to spare", beside="giver_marked"),
            Column("giver_marked", "Is that one invented?", file_only=True),
            Column("what", "What there is", beside="partner"),
            Column("partner", "By which partner", file_only=True),
            Column("could_bring", "Could bring", format="number", beside="unit"),
            Column("unit", "Unit", file_only=True),
            Column("firm", "How firm", filter=True),
            Column("near", "Where", filter=True),
        ),
        rows,
        noun=("match", "matches"),
        none=NOTHING,
    )


def _needs(portfolio: Portfolio) -> Table:
    """Open needs that nothing to spare elsewhere fits."""
    names = _names(portfolio)
    rows = tuple(
        {
            **names[gap.slug],
            "need": gap.name,
            "goal": gap.goal,
            "type": TYPES[gap.type],
            "open": None if gap.amount is None else from_base(gap.amount, gap.period),
            "unit": _unit(gap.unit, gap.period),
            "must_have": "Must-have" if gap.must_have else "Good to have",
            "part": "All of it" if gap.whole else "A part",
            "due": gap.due,
        }
        for gap in portfolio.gaps
    )
    return Table(
        "Needs that nobody meets",
        (
            _SLUG,
            _NAME,
            _MARKED,
            Column("need", "What is needed", beside="goal"),
            Column("goal", "For which goal", file_only=True),
            Column("type", "Kind", filter=True),
            Column("open", "Still open", format="number", beside="unit"),
            Column("unit", "Unit", file_only=True),
            Column("must_have", "How much it matters", filter=True),
            Column("part", "Open is", filter=True),
            Column("due", "The goal's date", format="when"),
        ),
        rows,
        noun=("need", "needs"),
        none=NOTHING,
    )


def _offers(portfolio: Portfolio) -> Table:
    """What is to spare and no need takes up."""
    names = _names(portfolio)
    rows = tuple(
        {
            **names[spare.slug],
            "what": spare.what,
            "partner": spare.partner,
            "type": TYPES[spare.type],
            "left": None if spare.amount is None else from_base(spare.amount, spare.period),
            "unit": _unit(spare.unit, spare.period),
            "firm": _FIRMNESS[spare.firm],
            "ends": spare.ends,
            "strings": spare.strings,
        }
        for spare in portfolio.spares
    )
    return Table(
        "Offers that nobody uses",
        (
            _SLUG,
            _NAME,
            _MARKED,
            Column("what", "What is offered", beside="partner"),
            Column("partner", "By whom", file_only=True),
            Column("type", "Kind", filter=True),
            Column("left", "Left over", format="number", beside="unit"),
            Column("unit", "Unit", file_only=True),
            Column("firm", "How firm", filter=True),
            Column("ends", "Until", format="when"),
            Column("strings", "Strings attached"),
        ),
        rows,
        noun=("offer", "offers"),
        none=NOTHING,
    )


def _money(portfolio: Portfolio) -> Table:
    names = _names(portfolio)
    rows = tuple(
        {
            **names[digest.slug],
            "month": fall.month,
            "share": 100 * fall.share,
            "size": (
                "All signed money ends"
                if fall.ends
                else "Half or more"
                if fall.share >= 0.5
                else "Less"
            ),
            "before": fall.before,
            "after": fall.after,
            "currency": fall.currency,
            "sources": "; ".join(fall.sources),
        }
        for digest, fall in portfolio.falls
    )
    return Table(
        "All falls",
        (
            _SLUG,
            _NAME,
            _MARKED,
            Column("month", "Last month before", format="when"),
            Column("share", "Lost then", format="percent"),
            Column("size", "How deep", filter=True),
            Column("before", "A month before", format="number", beside="currency"),
            Column("after", "A month after", format="number", beside="currency"),
            Column("currency", "Currency", file_only=True),
            Column("sources", "What ends"),
        ),
        rows,
        noun=("fall", "falls"),
        none=NOTHING,
    )


def _lessons(portfolio: Portfolio) -> Table:
    names = _names(portfolio)
    every = [(d, lesson) for d in portfolio.digests for lesson in d.lessons]
    every.sort(key=lambda pair: pair[1].date, reverse=True)
    rows = tuple(
        {
            **names[digest.slug],
            "lesson": lesson.name,
            "date": lesson.date,
            "side": SIDES.get(lesson.side, ""),
            "expected": lesson.expected,
            "happened": lesson.happened,
            "why": lesson.why,
            "change": lesson.change,
            "done": lesson.done,
        }
        for digest, lesson in every
    )
    return Table(
        "All lessons",
        (
            _SLUG,
            _NAME,
            _MARKED,
            Column("lesson", "What they looked back on"),
            Column("date", "When", format="when"),
            Column("side", "What it was", filter=True),
            Column("expected", "What they expected"),
            Column("happened", "What happened"),
            Column("why", "Why"),
            Column("change", "What they change or keep"),
            Column("done", "Done", format="when"),
        ),
        rows,
        cards=True,
        noun=("lesson", "lessons"),
        none=NOTHING,
    )


def _findings(portfolio: Portfolio) -> Table:
    titles = {practice.stem: practice.title for practice in PRACTICES}
    total = len(portfolio.digests)
    rows = tuple(
        {
            "practice": each.common.practice,
            "says": each.common.says,
            "title": titles[each.common.practice],
            "severity": SEVERITY_WORDS[each.common.severity],
            "partnerships": each.partnerships,
            "share": 100 * each.partnerships / total,
            "times": each.times,
        }
        for each in portfolio.findings
    )
    return Table(
        "All findings",
        (
            Column("practice", "Practice, short", file_only=True),
            Column("says", "What is found", beside="title"),
            Column("title", "Practice", file_only=True),
            Column("severity", "How serious"),
            Column("partnerships", "Partnerships", format="count"),
            Column("share", "Of all", format="percent"),
            Column("times", "Times in all", format="count"),
        ),
        rows,
        noun=("finding", "findings"),
        none=NOTHING,
    )


def _need_amount(m: Match) -> float | None:
    return None if m.gap.amount is None else from_base(m.gap.amount, m.gap.period)


def _unit(unit: str, period: str) -> str:
    """The unit of an amount with how often, such as "hours each week"."""
    if not unit:
        return ""
    return unit if period == "once" else f"{unit} {PERIODS[period].lower()}"


def _capital(words: str) -> str:
    return words[:1].upper() + words[1:]
