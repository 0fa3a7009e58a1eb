"""A progress report drafted from the records: every number leads to the record it comes from.

The draft sets goals, learning and community side by side, what is hard as openly as what went
well. It is made of plain pieces (text and links) that are written out as Markdown, or as HTML by
`pages.py`. Each number links to an entry at the end of the report that names its record, its source
and its id. Stories go in only while their tellers' consent holds for the circle that the report is
for. Lessons go in only as far as the group said they may be shared.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date
from itertools import groupby
from typing import Protocol, TypeVar

from playbook_helpers.core.assessment import Context, Head, current, of_type
from playbook_helpers.core.partial_dates import first_day, last_day, spoken
from playbook_helpers.core.records import Record
from playbook_helpers.core.text import folded
from playbook_helpers.practices import community, goals, learning
from playbook_helpers.practices.communication.consent import gate_day, gated
from playbook_helpers.practices.communication.pieces import (
    Document,
    Link,
    Part,
    Piece,
    Source,
    Strong,
    number_words,
)
from playbook_helpers.practices.communication.records import SCOPES, ProgressReport, Scope
from playbook_helpers.practices.goals.rows import ProgressRow, rows_of

_R = TypeVar("_R", bound=Record)
_SHARED: dict[Scope, frozenset[str | None]] = {
    "inside": frozenset({"inside", "partners", "anyone", None}),
    "funders": frozenset({"partners", "anyone"}),
    "public": frozenset({"anyone"}),
}
"""Circle -> which answers to "with whom may it be shared?" let a lesson in."""
STATUS = {
    "met": "The target is met",
    "met_then_lost": "The target was met and lost again",
    "improving": "It moves the right way",
    "no_change": "No change",
    "getting_worse": "It moves the wrong way",
    "kept": "It was kept where it was",
    "not_kept": "It was not kept where it was",
    "series_break": "The way of counting changed, so old and new cannot be compared",
}


@dataclass(frozen=True, slots=True)
class Draft:
    """A drafted report: `markdown()` writes it out; `withheld` stories stayed out."""

    document: Document
    scope: Scope
    withheld: int

    def markdown(self) -> str:
        """The report as Markdown; all of people's own text is escaped."""
        return self.document.markdown()


class _Dated(Protocol):
    def __call__(self, when: str | None) -> bool: ...


def draft(
    heads: Iterable[Head],
    context: Context,
    *,
    period: str = "",
    scope: Scope | None = None,
    today: date | None = None,
) -> Draft:
    """A progress report of one partnership, drafted from its records as of `context.as_of`.

    `period` names the progress report (its own record) to draft for: the latest if empty; without
    any, all up to `context.as_of` is taken in. `scope` is the circle it may reach; it can be
    narrower than the record says and never wider, and is the public where nobody says.
    """
    every = list(heads)
    now = current(every)
    record = _report_record(now, period)
    own = record[1] if record else None
    asked = _circle(own.scope if own else None, scope)
    inside = _span(own, context.as_of)
    sources: dict[str, Source] = {
        head.record: _source(head) for head in now if head.kind in _TOLD_KINDS
    }
    stories, withheld = _stories(every, asked, gate_day(context.as_of, today))
    parts: list[Part] = [
        *_heading(own, context, asked),
        *_goals(now, context, own),
        *_own_words(record, ("well",)),
        *_milestones(now, inside),
        *_own_words(record, ("hard",)),
        *_lessons(now, asked, inside),
        *_community(now, context, inside),
        *stories,
        *_own_words(record, ("asked", "next")),
    ]
    title = f"{_name(context)}: {own.period if own else 'progress report'}"
    return Draft(Document(title, tuple(_cut(parts)), sources), asked, withheld)


MOST_ITEMS = 30
"""Lines of one list that a report holds: it is for reading, and the records are elsewhere."""


def _cut(parts: Iterable[Part]) -> Iterable[Part]:
    """The parts with long lists cut, each with a word on how much is not there."""
    for is_item, run in groupby(parts, lambda part: part.kind == "item"):
        held = list(run)
        yield from held[:MOST_ITEMS] if is_item else held
        if is_item and (beyond := len(held) - MOST_ITEMS) > 0:
            yield Part("text", f"And {beyond:,} more that this report does not list.")


_TOLD_KINDS = frozenset(
    {"goal", "measurement", "milestone", "review", "activity", "heard", "progress_report", "story"}
)


def _name(context: Context) -> str:
    return context.partnership.name if context.partnership else context.slug


def _circle(recorded: Scope | None, asked: Scope | None) -> Scope:
    """The stricter of the two in what it lets in: the wider the circle, the less goes in."""
    named = [s for s in (recorded, asked) if s is not None]
    return max(named, key=tuple(SCOPES).index) if named else "public"


def _report_record(now: Sequence[Head], period: str) -> tuple[Head, ProgressReport] | None:
    held = of_type(now, ProgressReport)
    if period:
        wanted = folded(period)
        held = [(h, r) for h, r in held if r.key_text() == wanted]
    return max(held, key=lambda hr: (hr[1].ends or "", hr[0].client_time), default=None)


def _span(own: ProgressReport | None, as_of: date) -> _Dated:
    """Whether a date lies in the report's stretch of time; what has no date is left out of one."""
    start = first_day(own.starts) if own and own.starts else None
    end = min(last_day(own.ends), as_of) if own and own.ends else as_of

    def inside(when: str | None) -> bool:
        if when is None:
            return start is None
        return (start is None or last_day(when) >= start) and first_day(when) <= end

    return inside


def _source(head: Head) -> Source:
    value = head.value
    assert value is not None
    told = getattr(value, "source", None) or getattr(value, "evidence", None)
    if head.kind == "story":
        told = None  # where a consent is kept is for inside only
    if isinstance(value, goals.Measurement):
        mention = f"{value.goal}, {spoken(value.date)}, {number_words(value.value)}"
    else:
        mention = str(getattr(value, "name", "") or value.mention())
    return Source(head.record, type(value).title, mention.rstrip("."), told or "")


def _heading(own: ProgressReport | None, context: Context, scope: Scope) -> Iterable[Part]:
    about = context.partnership
    if about is not None and about.invented:
        yield Part("text", "This partnership is invented for practice.")
    if about is not None and about.purpose:
        yield Part("text", about.purpose)
    day = spoken(context.as_of.isoformat())
    who = f" For: {own.audience}." if own and own.audience else ""
    line = f"Drafted from the records as of {day}. May be seen: {_lower(SCOPES[scope])}.{who}"
    yield Part("text", line)
    yield Part(
        "text",
        "Every number leads to its record at the end. Read it with the group before it goes.",
    )


def _goals(now: Sequence[Head], context: Context, own: ProgressReport | None) -> Iterable[Part]:
    if own and own.ends and last_day(own.ends) < context.as_of:
        context = replace(context, as_of=last_day(own.ends))
    held = [
        head
        for head in now
        if not isinstance(head.value, goals.Measurement)
        or first_day(head.value.date) <= context.as_of
    ]
    assessment = goals.assess(held, context)
    rows = [row for row in rows_of(assessment).get("progress", ()) if row["level"] != "vision"]
    yield Part("heading", "Where the goals stand")
    if not rows:
        yield Part("text", "No goal is written down yet.")
        return
    points = _points(held)
    for row in rows:
        yield Part("item", *_goal_words(row, points))


def _points(now: Sequence[Head]) -> dict[tuple[str, str, float], str]:
    """(goal, date, value) -> the measurement's record."""
    return {
        (folded(m.goal), m.date, m.value): head.record
        for head, m in of_type(now, goals.Measurement)
    }


def _goal_words(row: ProgressRow, points: dict[tuple[str, str, float], str]) -> Iterable[Piece]:
    goal = str(row["record"])
    name = str(row["name"])
    unit = str(row["unit_words"] or "")
    percent = row["unit"] == "percent"
    yield Strong(f"{name}: ")
    latest, base = row["latest_value"], row["baseline_value"]
    if not isinstance(latest, int | float):
        yield "not measured yet"
    else:
        key = (folded(name), str(row["latest_date"]), float(latest))
        yield Link(_value(latest, percent), points.get(key, goal))
        yield f" {_after_percent(unit, percent)}".rstrip() + _dated(row["latest_date"])
    if isinstance(base, int | float):
        yield "; the start was "
        yield Link(_value(base, percent), goal)
        yield _dated(row["baseline_date"])
    if isinstance(target := row["target_value"], int | float):
        yield "; the target is "
        yield Link(_value(target, percent), goal)
        by = row["target_date"]
        yield f" by {spoken(str(by))}" if by else ""
    status = STATUS.get(str(row["status"]))
    share = row["percent"]
    if status:
        yield f". {status}" if isinstance(latest, int | float) else ""
        if isinstance(share, int | float) and isinstance(latest, int | float):
            yield ": "
            yield Link(f"{number_words(share)}%", goal)
            yield " of the way"
    yield "."


def _after_percent(unit: str, percent: bool) -> str:
    return unit.removeprefix("%").strip() if percent else unit


def _value(value: float, percent: bool) -> str:
    return f"{number_words(value)}%" if percent else number_words(value)


def _dated(when: object) -> str:
    return f" ({spoken(str(when))})" if when else ""


def _milestones(now: Sequence[Head], inside: _Dated) -> Iterable[Part]:
    held = of_type(now, learning.Milestone)
    reached = [(h, m) for h, m in held if m.actual is not None and inside(m.actual)]
    if not held:
        return
    yield Part("heading", "Steps reached")
    yield Part(
        "text",
        _count(len(reached), [h for h, _ in reached]),
        " of the steps written down " + _were(len(reached)) + " reached in this time.",
    )
    for head, m in reached:
        words: list[Piece] = [
            Link(m.name, head.record),
            f", {spoken(m.actual or '')}",
        ]
        if m.thanks:
            words.append(f". Thank you: {m.thanks}")
        yield Part("item", *words)


def _lessons(now: Sequence[Head], scope: Scope, inside: _Dated) -> Iterable[Part]:
    held = [(h, r) for h, r in of_type(now, learning.Review) if inside(r.date)]
    shown = [(h, r) for h, r in held if r.sharing in _SHARED[scope]]
    if not shown:
        return
    yield Part("heading", "What we learned")
    for head, r in shown:
        words: list[Piece] = [Link(r.name, head.record)]
        if r.happened:
            words.append(f". {r.happened}")
        if r.change:
            words.append(f" What changes: {r.change}")
        yield Part("item", *words)


def _community(now: Sequence[Head], context: Context, inside: _Dated) -> Iterable[Part]:
    took = [(h, a) for h, a in of_type(now, community.Activity) if inside(a.date)]
    heard = [(h, x) for h, x in of_type(now, community.Heard) if inside(x.heard_on)]
    if not took and not heard:
        return
    yield Part("heading", "What the community said and did")
    for head, a in took:
        people = a.completed if a.completed is not None else a.attended
        words: list[Piece] = [Link(a.name, head.record), _dated(a.date)]
        if people is not None:
            words += [": ", Link(number_words(people), head.record), " took part"]
        yield Part("item", *words)
    if heard:
        answered = [(h, x) for h, x in heard if _by(x.told_on, context.as_of)]
        yield Part(
            "text",
            _count(len(heard), [h for h, _ in heard]),
            f" {'thing was' if len(heard) == 1 else 'things were'} heard. On ",
            _count(len(answered), [h for h, _ in answered]),
            " of them people have been told what came of it.",
        )
        for head, x in heard:
            outcome = community.records.OUTCOMES[x.outcome].split(",")[0] if x.outcome else "open"
            words = [Link(x.what, head.record), f": {_lower(outcome)}"]
            if x.decided:
                words.append(f". {x.decided}")
            yield Part("item", *words)


def _by(when: str | None, day: date) -> bool:
    return when is not None and first_day(when) <= day


def _stories(heads: Sequence[Head], scope: Scope, on: date) -> tuple[list[Part], int]:
    told = gated(heads, scope, on)
    shown = [t for t in told if not t.problem and t.story.text]
    parts: list[Part] = [Part("heading", "In their own words")] if shown else []
    for each in shown:
        parts.append(Part("quote", each.story.text or ""))
        parts.append(Part("text", "Told with consent: ", Link(each.story.name, each.head.record)))
    return parts, sum(bool(t.problem) for t in told)


_OWN = {
    "well": "What went well",
    "hard": "What was hard",
    "asked": "What we ask of you",
    "next": "What comes next",
}


def _own_words(record: tuple[Head, ProgressReport] | None, names: Sequence[str]) -> Iterable[Part]:
    for name in names:
        yield Part("heading", _OWN[name])
        text = getattr(record[1], name) if record else None
        if record and text:
            yield Part("text", text, " ", Link("(record)", record[0].record))
        else:
            yield Part("text", "Still to be written by the group.")


def _count(count: int, heads: Sequence[Head]) -> Piece:
    """A count leads to the records it counts."""
    if not heads:
        return str(count)
    return Link(str(count), *(head.record for head in heads))


def _were(count: int) -> str:
    return "was" if count == 1 else "were"


def _lower(text: str) -> str:
    return text[:1].lower() + text[1:]
