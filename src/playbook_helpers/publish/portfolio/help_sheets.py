"""The sheets on who could help whom, on needs nobody meets, and on offers nobody uses."""

from __future__ import annotations

from playbook_helpers.practices.resources.amounts import from_base
from playbook_helpers.practices.resources.records import PERIODS, TYPES
from playbook_helpers.publish.portfolio.matching import Match
from playbook_helpers.publish.portfolio.sheet import MARKED, NAME, SLUG, Column, Sheet, names_of
from playbook_helpers.publish.portfolio.taking import Portfolio

_FIRMNESS = {True: "Promised or here", False: "Offered"}


def matches_sheet(portfolio: Portfolio) -> Sheet:
    """What one partnership could bring to another's need."""
    names = names_of(portfolio)
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
            SLUG,
            Column("partnership", "Who needs it", beside="marked"),
            MARKED,
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


def needs_sheet(portfolio: Portfolio) -> Sheet:
    """Open needs that nothing to spare elsewhere fits."""
    names = names_of(portfolio)
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
            SLUG,
            NAME,
            MARKED,
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


def offers_sheet(portfolio: Portfolio) -> Sheet:
    """What is to spare and no need takes up."""
    names = names_of(portfolio)
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
            SLUG,
            NAME,
            MARKED,
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


def _need_amount(m: Match) -> float | None:
    return None if m.gap.amount is None else from_base(m.gap.amount, m.gap.period)


def _unit(unit: str, period: str) -> str:
    """The unit of an amount with how often, such as "hours each week"."""
    if not unit:
        return ""
    return unit if period == "once" else f"{unit} {PERIODS[period].lower()}"
