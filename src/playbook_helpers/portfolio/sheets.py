"""The portfolio as sheets of rows: one source for the page's tables and for the files.

A sheet's rows hold plain values; how a value is written on a page follows from its column. Nothing
is ranked: sheets stand in the order of names, of months or of what is needed first, and none has
a column on trust or on the social value of money.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Literal

from playbook_helpers.assessment import SEVERITY_WORDS
from playbook_helpers.portfolio.goals import LACKS, MOVES
from playbook_helpers.portfolio.matching import Match
from playbook_helpers.portfolio.taking import MISSING, Portfolio, is_vision, missing_at
from playbook_helpers.practices import PRACTICES
from playbook_helpers.practices.goals.pace import PACING_WORDS
from playbook_helpers.practices.goals.series import STATUSES
from playbook_helpers.practices.learning.records import SIDES
from playbook_helpers.practices.resources.amounts import from_base
from playbook_helpers.practices.resources.records import PERIODS, TYPES

Value = str | float | int | None
Kind = Literal["text", "number", "count", "signed", "percent", "when"]
Layout = Literal["table", "cards"]
_LEVEL = {"vision": "Vision", "outcome": "Outcome", "output": "Output", "activity": "Activity"}
_FIRMNESS = {True: "Promised or here", False: "Offered"}


@dataclass(frozen=True, slots=True)
class Column:
    """One column. `filter` offers its values to choose from on the page.

    `beside` names another column whose value stands under this one's on the page. `file_only`
    columns are for the files alone, or for standing beside another.
    """

    key: str
    label: str
    kind: Kind = "text"
    filter: bool = False
    beside: str = ""
    file_only: bool = False


@dataclass(frozen=True, slots=True)
class Sheet:
    """Rows under columns; `noun` is what one row and several rows are called.

    The first column of each is the short name of the partnership. `parts` names columns whose
    text holds several things, parted by "; ".
    """

    name: str
    title: str
    noun: tuple[str, str]
    columns: tuple[Column, ...]
    rows: tuple[tuple[Value, ...], ...]
    layout: Layout = "table"
    parts: frozenset[str] = frozenset()

    def filled(self) -> Sheet:
        """The sheet without columns in which no row says anything."""
        keep = [
            place
            for place, _ in enumerate(self.columns)
            if place < 2 or any(row[place] not in (None, "", 0) for row in self.rows)
        ]
        if len(keep) == len(self.columns):
            return self
        return Sheet(
            self.name,
            self.title,
            self.noun,
            tuple(self.columns[place] for place in keep),
            tuple(tuple(row[place] for place in keep) for row in self.rows),
            self.layout,
            self.parts,
        )


def sheets_of(portfolio: Portfolio) -> dict[str, Sheet]:
    """Name -> sheet, in the order of the page."""
    return {sheet.name: sheet for sheet in (make(portfolio) for make in _SHEETS)}


_SLUG = Column("short_name", "Short name", file_only=True)
_NAME = Column("partnership", "Partnership", beside="marked")
_MARKED = Column("marked", "Invented?", file_only=True)


def _names(portfolio: Portfolio) -> dict[str, tuple[str, str, str]]:
    return {
        d.slug: (d.slug, d.name, "invented for practice" if d.invented else "")
        for d in portfolio.digests
    }


def _partnerships(portfolio: Portfolio) -> Sheet:
    names = _names(portfolio)
    rows = []
    for digest in portfolio.digests:
        goals = digest.goals
        next_fall = digest.falls[0] if digest.falls else None
        wanting = [MISSING[key] for key in missing_at(digest)]
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
            _SLUG,
            _NAME,
            _MARKED,
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
    names = _names(portfolio)
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
            _SLUG,
            _NAME,
            _MARKED,
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


def _needs(portfolio: Portfolio) -> Sheet:
    names = _names(portfolio)
    rows = tuple(
        (
            *names[gap.slug],
            gap.name,
            gap.goal,
            TYPES[gap.type],
            None if gap.amount is None else from_base(gap.amount, gap.period),
            _unit(gap.unit, gap.period),
            "Must-have" if gap.must_have else "Good to have",
            "All of it" if gap.whole else "A part",
            gap.due,
        )
        for gap in portfolio.gaps
    )
    return Sheet(
        "needs",
        "Needs that nobody meets",
        ("need", "needs"),
        (
            _SLUG,
            _NAME,
            _MARKED,
            Column("need", "What is needed", beside="goal"),
            Column("goal", "For which goal", file_only=True),
            Column("type", "Kind", filter=True),
            Column("open", "Still open", "number", beside="unit"),
            Column("unit", "Unit", file_only=True),
            Column("must_have", "How much it matters", filter=True),
            Column("part", "Open is", filter=True),
            Column("due", "The goal's date", "when"),
        ),
        rows,
    )


def _offers(portfolio: Portfolio) -> Sheet:
    names = _names(portfolio)
    rows = tuple(
        (
            *names[spare.slug],
            spare.what,
            spare.partner,
            TYPES[spare.type],
            None if spare.amount is None else from_base(spare.amount, spare.period),
            _unit(spare.unit, spare.period),
            _FIRMNESS[spare.firm],
            spare.ends,
            spare.strings,
        )
        for spare in portfolio.spares
    )
    return Sheet(
        "offers",
        "Offers that nobody uses",
        ("offer", "offers"),
        (
            _SLUG,
            _NAME,
            _MARKED,
            Column("what", "What is offered", beside="partner"),
            Column("partner", "By whom", file_only=True),
            Column("type", "Kind", filter=True),
            Column("left", "Left over", "number", beside="unit"),
            Column("unit", "Unit", file_only=True),
            Column("firm", "How firm", filter=True),
            Column("ends", "Until", "when"),
            Column("strings", "Strings attached"),
        ),
        rows,
    )


def _matches(portfolio: Portfolio) -> Sheet:
    names = _names(portfolio)
    rows = tuple(
        (
            *names[m.gap.slug],
            m.gap.name,
            m.gap.goal,
            _need_amount(m),
            "Must-have" if m.gap.must_have else "Good to have",
            TYPES[m.gap.type],
            m.spare.slug,
            names[m.spare.slug][1],
            names[m.spare.slug][2],
            m.spare.what,
            m.spare.partner,
            None if m.amount is None else from_base(m.amount, m.gap.period),
            _unit(m.gap.unit, m.gap.period),
            _FIRMNESS[m.spare.firm],
            "Same place" if m.near else "Another place",
        )
        for m in portfolio.matches
    )
    return Sheet(
        "matches",
        "Who could help whom",
        ("match", "matches"),
        (
            _SLUG,
            Column("partnership", "Who needs it", beside="marked"),
            _MARKED,
            Column("need", "What is needed", beside="goal"),
            Column("goal", "For which goal", file_only=True),
            Column("open", "Still open there", "number", file_only=True),
            Column("must_have", "How much it matters", filter=True),
            Column("type", "Kind", filter=True),
            Column("giver_short_name", "Short name of who has it", file_only=True),
            Column("giver", "Who has it to spare", beside="giver_marked"),
            Column("giver_marked", "Is that one invented?", file_only=True),
            Column("what", "What there is", beside="partner"),
            Column("partner", "By which partner", file_only=True),
            Column("could_bring", "Could bring", "number", beside="unit"),
            Column("unit", "Unit", file_only=True),
            Column("firm", "How firm", filter=True),
            Column("near", "Where", filter=True),
        ),
        rows,
    )


def _money(portfolio: Portfolio) -> Sheet:
    names = _names(portfolio)
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
            _SLUG,
            _NAME,
            _MARKED,
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
    names = _names(portfolio)
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
            _SLUG,
            _NAME,
            _MARKED,
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
    _matches,
    _needs,
    _offers,
    _money,
    _lessons,
    _findings,
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
