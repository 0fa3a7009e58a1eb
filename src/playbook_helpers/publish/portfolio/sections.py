"""What stands on the portfolio's page and in its worksheet: sections with words, charts, tables."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from playbook_helpers.drawing.chart import Chart
from playbook_helpers.practices import PRACTICES
from playbook_helpers.publish.portfolio.charts import (
    Bar,
    Month,
    Pair,
    filled_chart,
    months_chart,
    moves_chart,
    needs_chart,
    way_chart,
)
from playbook_helpers.publish.portfolio.portfolio import MISSING, Portfolio, is_vision
from playbook_helpers.publish.portfolio.summary import falls_by_month, kinds_of_need, moves, steps


@dataclass(frozen=True, slots=True)
class Section:
    """One section: a title for the page and a short one for its contents, words, charts, and the
    names of its tables, each with the words above it."""

    name: str
    title: str
    short: str
    words: tuple[str, ...] = ()
    items: tuple[str, ...] = ()
    items_title: str = ""
    charts: tuple[Chart, ...] = ()
    tables: Mapping[str, str] = field(default_factory=dict)
    empty: bool = False
    """Whether it has nothing to show but the words that say so."""


def sections_of(portfolio: Portfolio) -> list[Section]:
    """The sections of a portfolio, in the order of the page."""
    every = [
        _goals(portfolio),
        _partnerships(portfolio),
        _resources(portfolio),
        _money(portfolio),
        _lessons(portfolio),
        _findings(portfolio),
        _about(portfolio),
    ]
    empty = [section for section in every if section.empty]
    full = [section for section in every if not section.empty]
    if not empty:
        return full
    words = tuple(words for section in empty for words in section.words)
    return [*full[:-1], Section("not-yet", "Not written down yet", "Not yet", words), full[-1]]


def goal_charts(portfolio: Portfolio) -> tuple[Chart, ...]:
    """How far goals have come, and how they moved since the last round."""
    goals = [goal for _, goal in portfolio.goals]
    if not any(not is_vision(goal) for goal in goals):
        return ()
    way = way_chart([Bar(s.words, s.count, s.tone) for s in steps(goals)])
    return way, moves_chart([Bar(s.words, s.count, s.tone) for s in moves(goals)])


def filled_charts(portfolio: Portfolio) -> tuple[Chart, ...]:
    """What partnerships have written about."""
    titles = {practice.stem: practice.title for practice in PRACTICES}
    rows = [Bar(titles[stem], count, "reached") for stem, count in portfolio.filled().items()]
    return (filled_chart(rows, len(portfolio.digests)),) if portfolio.digests else ()


def needs_charts(portfolio: Portfolio) -> tuple[Chart, ...]:
    """Open needs by kind."""
    rows = [Pair(k.words, k.open, k.helped) for k in kinds_of_need(portfolio)]
    return (needs_chart(rows),) if rows else ()


def money_charts(portfolio: Portfolio) -> tuple[Chart, ...]:
    """When signed money falls."""
    chart = months_chart([Month(m.month, m.falls, m.deep) for m in falls_by_month(portfolio)])
    return (chart,) if chart else ()


def missing_items(portfolio: Portfolio) -> tuple[str, ...]:
    """What is missing or old, with at how many partnerships."""
    total = len(portfolio.digests)
    return tuple(
        f"{MISSING[key]}: {count:,} of {_partnerships_words(total)}"
        for key, count in portfolio.missing().items()
    )


def _goals(portfolio: Portfolio) -> Section:
    goals = portfolio.goals
    if not goals:
        return Section(
            "goals-now",
            "No partnership has written down a goal yet",
            "Goals",
            ("Begin there: without a goal there is nothing to hold progress against.",),
        )
    visions = sum(is_vision(goal) for _, goal in goals)
    words = [
        "A goal's way runs from its baseline (0%) to its target (100%). Nothing is compared across "
        "a change in the way of counting. Two numbers alone cannot say whether a difference is "
        "more than chance."
    ]
    if visions:
        words.append(
            f"{_many(visions, 'vision')} without a number {'is' if visions == 1 else 'are'} in "
            "the table and not in the charts."
        )
    return Section(
        "goals-now",
        "Goals, each against its own target",
        "Goals",
        tuple(words),
        charts=goal_charts(portfolio),
        tables={
            "goals": "The last round is the last day, at least four weeks before, on which a "
            "partnership decided something about its goals. Where there is none, it is the day "
            "a year before."
        },
    )


def _partnerships(portfolio: Portfolio) -> Section:
    missing = missing_items(portfolio)
    words = [
        "An empty place is no fault. Some worksheets can wait until a group needs them."
        if missing
        else "Every partnership has goals with numbers, measured within a year."
    ]
    past = sum(not digest.current for digest in portfolio.digests)
    if past:
        words.append(
            f"The records of {_partnerships_words(past)} end more than a year ago, or with the "
            "partnership. They are shown as they stood then, and take no part in what follows on "
            "needs and money."
        )
    return Section(
        "partnerships-now",
        "Partnerships, and where data are missing or old",
        "Partnerships",
        tuple(words),
        missing,
        "What is missing or old" if missing else "",
        filled_charts(portfolio),
        {"partnerships": ""},
    )


def _resources(portfolio: Portfolio) -> Section:
    needs = sum(digest.needs for digest in portfolio.digests)
    offers = sum(digest.offers for digest in portfolio.digests)
    if not needs and not offers:
        return Section(
            "needs-now",
            "Needs and offers",
            "Needs",
            ("No partnership has written down what it needs or what it can offer.",),
            empty=True,
        )
    words = [
        "What one partnership has to spare may be what another lacks. Here are matches of the "
        "same kind, unit and rhythm, with dates that meet and no strings attached. Nothing is "
        "counted twice. A match is a reason to make a telephone call, and no more."
    ]
    if not any(digest.gaps for digest in portfolio.digests):
        words = ["No need is open today at a partnership whose records speak of today."]
    elif not portfolio.matches:
        words.append("Today nothing fits.")
    return Section(
        "needs-now",
        "Needs nobody meets, and offers nobody uses",
        "Needs and offers",
        tuple(words),
        charts=needs_charts(portfolio),
        tables={
            "matches": "",
            "needs": "Nothing to spare elsewhere fits these. Must-haves come first, then what is "
            "due first.",
            "offers": "No need takes these up, at home or elsewhere. Where strings are attached, "
            "ask the partner first.",
        },
    )


def _money(portfolio: Portfolio) -> Section:
    with_money = sum("sustainability" in digest.filled for digest in portfolio.digests)
    mixed = sum(digest.mixed for digest in portfolio.digests)
    words = []
    if not with_money:
        words.append("No partnership has written anything about money.")
    elif not portfolio.falls:
        words.append("No signed money is written down that ends in the next three years.")
    else:
        words.append(
            "Each signed source counts evenly over its months. A fall is where less signed money "
            "comes in after a month than in it. What is hoped for is not counted. Amounts of "
            "different partnerships are never added up."
        )
    if mixed:
        words.append(
            f"{_partnerships_words(mixed).capitalize()} left out: the money is in several "
            "currencies, and there is no exchange rate."
        )
    return Section(
        "money-now",
        "When signed money falls",
        "Money",
        tuple(words),
        charts=money_charts(portfolio),
        tables={"money": "The earliest month comes first."} if portfolio.falls else {},
        empty=not portfolio.falls,
    )


def _lessons(portfolio: Portfolio) -> Section:
    shared = sum(len(digest.lessons) for digest in portfolio.digests)
    held = sum(digest.held_back for digest in portfolio.digests)
    words = [
        "Here are lessons that a partnership marked as free to be shared with anyone. All others "
        "stay where they were written."
        if shared
        else "No partnership has marked a lesson as free to be shared with anyone."
    ]
    if held:
        words.append(
            f"{_many(held, 'more lesson')} {'is' if held == 1 else 'are'} held back: "
            f"{'it tells' if held == 1 else 'they tell'} of a challenge and may name a person."
        )
    return Section(
        "lessons-now",
        "Lessons shared",
        "Lessons",
        tuple(words),
        tables={"lessons": ""},
        empty=not shared,
    )


def _findings(portfolio: Portfolio) -> Section:
    words = (
        "What the worksheets find at many partnerships may need one answer for all: a training, a "
        "template, a conversation with a funder. Counted are findings that follow from single "
        "cards; the reports hold more.",
    )
    if not portfolio.findings:
        words = ("Nothing has been found yet.",)
    return Section(
        "findings-now", "What is found most often", "Findings", words, tables={"findings": ""}
    )


def _about(portfolio: Portfolio) -> Section:
    items = [
        "Figures on trust, and counts of small groups. Answers belong to the group that gave them. "
        "Whoever holds a total over many groups could work out a small one by subtraction.",
        "Social value. Each ratio rests on assumptions of its own, so two of them cannot be set "
        "side by side.",
        "Stories. They go where their tellers agreed, and each partnership sees to that itself.",
        "A total score. One number for a whole partnership hides what there is to talk about.",
    ]
    days = Counter(digest.as_of for digest in portfolio.digests)
    named = len(days) == 1
    words = [
        "Each partnership is worked out as of the same day."
        if named
        else "Each partnership is worked out as of the day up to which its records are complete, "
        "or else as of today. The files say which."
    ]
    if portfolio.left_out:
        left = portfolio.left_out
        words.append(
            f"{_many(left, 'partnership')} invented for practice {'is' if left == 1 else 'are'} "
            "left out."
        )
    return Section(
        "about-now",
        "How this was worked out, and what is left out",
        "How it was worked out",
        tuple(words),
        tuple(items),
        "Left out on purpose",
    )


def _many(count: int, words: str) -> str:
    return f"{count:,} {words}" if count == 1 else f"{count:,} {words}s"


def _partnerships_words(count: int) -> str:
    return _many(count, "partnership")


__all__: Sequence[str] = (
    "Section",
    "filled_charts",
    "goal_charts",
    "missing_items",
    "money_charts",
    "needs_charts",
    "sections_of",
)
