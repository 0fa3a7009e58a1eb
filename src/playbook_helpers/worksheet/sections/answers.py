"""A worksheet's sections worked out of a reader's own answers, where no store is.

The published page holds each section of the worked example in a slot, which says how it is drawn.
The page's engine hands this module the revisions that the browser keeps, and gets back what stands
in the slots: the same HTML as in a report. It runs in the browser with pydantic alone, and takes
and gives JSON.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Any

from playbook_helpers.core.as_of import resolve_as_of
from playbook_helpers.core.assessment import Context, Head, current, of_type
from playbook_helpers.core.errors import InputError
from playbook_helpers.core.partnership import OVERVIEW, Partner, Partnership
from playbook_helpers.core.revisions import Revision, from_json, histories, new_revision
from playbook_helpers.drawing.controls import Choice, WhatIf
from playbook_helpers.drawing.display import Html
from playbook_helpers.drawing.html import Markup, element
from playbook_helpers.practices import overview
from playbook_helpers.practices.goals import read_sentence
from playbook_helpers.practices.kinds import (
    CLOSING_KINDS,
    COUNTED_KINDS,
    SECRET_KINDS,
    as_kept,
    closed_by,
    counted,
    practice_named,
    read_heads,
    round_of,
)
from playbook_helpers.worksheet.sections.overview import OverviewView
from playbook_helpers.worksheet.sections.results import with_unit
from playbook_helpers.worksheet.sections.view import WorksheetView

DRAWN = (
    "calendar",
    "chart",
    "decisions",
    "findings",
    "gaps",
    "measures",
    "next",
    "page",
    "progress_report",
    "rows",
)
"""The sections that a picture draws by a method of their name."""
TOLD = 3
"""Changes that are told one by one; the rest are counted."""


def slot(html: str, part: Sequence[Any], choice: Mapping[str, str] | None = None) -> Markup:
    """A section of the worked example, with how the reader's own is drawn in its place.

    >>> slot("<p>Two</p>", ("chart", "progress")).startswith('<div class="pb-slot"')
    True
    """
    call = json.dumps([part[0], list(part[1:]), dict(choice or {})])
    # The page says in a sentence what has changed; the sections are not read out again.
    return element("div", Markup(html), class_="pb-slot", data_part=call, aria_live="off")


@dataclass(frozen=True, slots=True)
class Answers:
    """What a browser holds for one partnership, as one worksheet reads it.

    `unread` counts the revisions that this version cannot read.
    """

    picture: WorksheetView
    heads: Sequence[Head]
    own: int
    """How many records there are of the worksheet's own practice; of all, for the overview."""
    unread: int = 0


def read_answers(
    stem: str, slug: str, name: str, held: Iterable[Mapping[str, Any]], today: date
) -> Answers:
    """The answers that a browser keeps, as the worksheet `stem` reads them.

    `held` are revisions as JSON values, `name` is what the reader calls the partnership, and
    `today` the reader's own day. Raises NotFound for an unknown worksheet.
    """
    whole = stem == OVERVIEW
    practice = overview.PRACTICE if whole else practice_named(stem)
    revisions, unread = [], 0
    for one in held:
        try:
            revisions.append(as_kept(from_json(one)))
        except InputError:
            unread += 1
    revisions.sort(key=lambda revision: (revision.client_time, revision.id))
    heads = read_heads(_with_closings(revisions, slug))
    now = current(heads)
    about = next((record for _, record in of_type(now, Partnership)), None)
    if about is None and name:
        about = Partnership(name=name)
    partners = tuple(partner for _, partner in of_type(now, Partner))
    day = resolve_as_of(about, today=today)
    context = Context(slug, day, about, partners, history=histories(revisions, practice.history))
    own = sum(1 for head in now if whole or head.practice == stem)
    if whole:
        return Answers(
            OverviewView(practice, heads, context, revisions=revisions), heads, own, unread
        )
    return Answers(
        WorksheetView(practice, tuple(practice.reading.heads(heads)), context), heads, own, unread
    )


def _with_closings(revisions: Sequence[Revision], slug: str) -> list[Revision]:
    """The revisions with the rounds closed that are complete, and their answers in the picture.

    A store closes a round that is complete, and notes with which answers it was shown. A browser
    takes no more answers once a round is closed, so those that it holds are those.
    """
    told = read_heads(r for r in revisions if r.kind in COUNTED_KINDS)
    full = [new_revision(slug, record) for record in counted(told)]
    held = [*revisions, *full]
    closed = {
        (r.partnership, *closed_by(r.kind, r.payload))
        for r in held
        if r.kind in CLOSING_KINDS and not r.deleted
    }
    return [
        replace(r, showing=1) if r.kind in SECRET_KINDS and round_of(r) in closed else r
        for r in held
    ]


def draw(answers: Answers, part: str, args: Sequence[Any], choice: Mapping[str, str]) -> str:
    """The HTML of one section; raises NotFound for what there is none of."""
    picture = answers.picture
    if part in DRAWN:
        return str(getattr(picture, part)(*args, **choice).html())
    if part == "title":
        return picture.title() + picture.beginning()
    if part == "records":
        return picture.records(*args)
    if part == "table":
        kind, *names = args
        return str(picture.table(kind, tuple(names), answers.heads).html())
    raise InputError("There is no such section", value=part, allowed=", ".join(sorted(DRAWN)))


def try_out(chosen: WhatIf | Html, values: Mapping[str, Any]) -> dict[str, Any]:
    """A what-if for the values chosen: its controls, as JSON values, and the HTML of its case."""
    if isinstance(chosen, Html):
        return {"controls": [], "html": str(chosen.html())}
    # What was picked may be gone by now, and what is picked sets the limits of the rest.
    picked = {c.name: _within(c, values.get(c.name)) for c in chosen.controls({}) if c.options}
    choices = [c if c.options else c.on_grid() for c in chosen.controls(picked)]
    now = {choice.name: _within(choice, values.get(choice.name)) for choice in choices}
    controls = [
        {
            "name": choice.name,
            "label": choice.label,
            "value": now[choice.name],
            "options": list(choice.options),
            "low": choice.low,
            "high": choice.high,
            "step": choice.step,
            "said": format(now[choice.name], choice.readout) if not choice.options else "",
        }
        for choice in choices
    ]
    return {"controls": controls, "html": str(chosen.draw(now).html())}


def _within(choice: Choice, value: Any) -> Any:
    if choice.options:
        return value if value in choice.options else choice.start
    fits = isinstance(value, int | float) and choice.low <= value <= choice.high
    return float(value) if fits else choice.start


def said(answers: Answers) -> dict[str, str]:
    """What the answers come to, line by line: each measure with its value, and each finding."""
    told = {finding.sentence: "" for finding in answers.picture.assessment.findings}
    for measure in answers.picture.assessment.measures:
        told[measure.label] = with_unit(measure.value, measure.unit)
    return told


def changed(before: Mapping[str, str], now: Mapping[str, str]) -> str:
    """What is different, in a sentence or two for whoever cannot see it.

    >>> changed({"Goals": "1", "No date.": ""}, {"Goals": "2"})
    'Goals: 2. No longer said: No date.'
    """
    moved = [
        f"{name}: {value}." for name, value in now.items() if value and before.get(name) != value
    ]
    new = [name for name, value in now.items() if not value and name not in before]
    gone = [f"No longer said: {n}" for n, value in before.items() if not value and n not in now]
    lines = [*moved, *new, *gone]
    more = len(lines) - TOLD
    rest = [] if more <= 0 else ["And 1 more change." if more == 1 else f"And {more} more changes."]
    return " ".join([*lines[:TOLD], *rest])


def read_goal(text: str, partners: Iterable[str] = ()) -> dict[str, str | float]:
    """What is read out of a goal's sentence, for people to confirm; what is not sure stays out.

    `partners` are the names in the partner list. Dates are as a field keeps them, and a number of
    percent has its sign.

    >>> read = read_goal("By July 2028, the school will lower hunger from 22% to 10%.")
    >>> read["direction"], read["metric"], read["baseline"], read["target"], read["deadline"]
    ('down', 'hunger', '22%', '10%', '2028-07')
    """
    read = read_sentence(text, partners)
    parts = {
        "metric": read.metric,
        "baseline": read.baseline,
        "baseline_date": read.baseline_date,
        "target": None if read.is_change else read.target,
        "deadline": read.deadline,
        "owner": read.owner,
    }
    found: dict[str, str | float] = {
        name: f"{part.value:g}%" if part.percent else part.value
        for name, part in parts.items()
        if part is not None and part.sure and part.value is not None
    }
    if read.direction:
        found["direction"] = read.direction
    return found


def work_out(request: str) -> str:
    """What the page asks for, from JSON to JSON.

    A request for the whole worksheet holds `practice`, `slug`, `name`, `today`, `revisions`,
    `parts` (name, arguments, choice), `values` of what-ifs by name, and `before`, the `said` of
    the answer before. With `what_if` it asks for that one alone, and with `read_goal` and
    `partners`, the names of them, for what a sentence says.
    """
    asked = json.loads(request)
    if "read_goal" in asked:
        return json.dumps(read_goal(asked["read_goal"], asked["partners"]))
    answers = read_answers(
        asked["practice"],
        asked["slug"],
        asked["name"],
        asked["revisions"],
        date.fromisoformat(asked["today"]),
    )
    values = asked["values"]
    if "what_if" in asked:
        name = asked["what_if"]
        return json.dumps(try_out(answers.picture.what_if(name), values[name]))
    made = [
        try_out(answers.picture.what_if(args[0]), values.get(args[0], {}))
        if part == "what_if"
        else draw(answers, part, args, choice)
        for part, args, choice in asked["parts"]
    ]
    now = said(answers)
    before = asked["before"]
    return json.dumps(
        {
            "parts": made,
            "own": answers.own,
            "unread": answers.unread,
            "said": now,
            "changed": changed(before, now) if before else "",
        }
    )
