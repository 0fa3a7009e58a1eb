"""The gate before a story: whether its teller's consent holds, where and until when.

Consent is a process and can be taken back. Wherever a story could leave (export, report, site,
progress report), this is asked, and the answer is no unless everything holds. What is asked for
is always the story as the store has it: of two versions that nobody has settled yet, the stricter
one counts.
"""

from __future__ import annotations

import uuid
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date

from pydantic import ValidationError

from playbook_helpers.core.assessment import Head
from playbook_helpers.core.partial_dates import last_day, spoken
from playbook_helpers.core.revisions import Revision, age, heads_of
from playbook_helpers.practices.communication.records import Scope, Story

_ORDER: tuple[Scope, ...] = ("inside", "funders", "public")
_NAMESPACE = uuid.UUID("0b4ce2f4-7d0c-5d0c-9a3e-0a2c5c1d6e55")
UNREADABLE = "it cannot be read, so nobody can tell whether it may be told"


def consent_problem(story: Story, scope: Scope, on: date) -> str:
    """Why the story may not be told in `scope` on that day; empty where it may.

    >>> told = Story(name="A", consent=True, scope="funders", reviewed=True, expires="2027-06")
    >>> consent_problem(told, "funders", date(2027, 1, 1))
    ''
    >>> consent_problem(told, "public", date(2027, 1, 1))
    'the teller has agreed to a smaller circle'
    >>> consent_problem(told, "inside", date(2027, 7, 1))
    'the consent ended with June 2027'
    """
    if story.withdrawn:
        return "the teller has taken the consent back"
    if not story.consent:
        return "the teller has not agreed"
    if story.minor and not story.guardian:
        return "the teller is under age and no parent or guardian has agreed"
    if story.scope is None:
        return "nothing says where it may be told"
    if _ORDER.index(scope) > _ORDER.index(story.scope):
        return "the teller has agreed to a smaller circle"
    if story.expires is not None and last_day(story.expires) < on:
        return f"the consent ended with {spoken(story.expires)}"
    if not story.reviewed:
        return "the teller has not read or heard this version"
    return ""


def may_be_told(story: Story, scope: Scope, on: date) -> bool:
    """Whether the story may be told in `scope` on that day."""
    return not consent_problem(story, scope, on)


def gate_day(as_of: date, today: date | None = None) -> date:
    """The day a consent is held against: never earlier than the day the page is made.

    A report on last year's figures is read this year, so a consent that has ended since is over.

    >>> gate_day(date(2026, 10, 31), today=date(2027, 2, 1))
    datetime.date(2027, 2, 1)
    """
    return max(as_of, today or date.today())


@dataclass(frozen=True, slots=True)
class Gated:
    """One story with what stands in its way; `problem` is empty where it may be told."""

    head: Head
    story: Story
    problem: str


def gated(heads: Iterable[Head], scope: Scope | None, on: date) -> tuple[Gated, ...]:
    """Every story among `heads`, each once, with the strictest answer any of its heads gives.

    Without a `scope` each is held against the circle that its own teller agreed to.
    """
    grouped: dict[str, list[Head]] = {}
    for head in sorted(heads, key=lambda h: (h.client_time, h.revision)):
        if head.kind == Story.kind:
            grouped.setdefault(head.record, []).append(head)
    told = []
    for rivals in grouped.values():
        readable = [h for h in rivals if not h.deleted and isinstance(h.value, Story)]
        if readable:
            latest = readable[-1]
            assert isinstance(latest.value, Story)
            asked = scope or latest.value.scope or "inside"
            problems = (_head_problem(head, asked, on) for head in reversed(rivals))
            told.append(Gated(latest, latest.value, next(filter(None, problems), "")))
    return tuple(told)


def _head_problem(head: Head, scope: Scope, on: date) -> str:
    if head.deleted:
        return "one of its versions was deleted"
    if not isinstance(head.value, Story):
        return UNREADABLE
    return consent_problem(head.value, scope, on)


@dataclass(frozen=True, slots=True)
class Released:
    """Revisions that may leave, and the reason for each story (by record id) that may not."""

    revisions: tuple[Revision, ...]
    withheld: tuple[tuple[str, str], ...]


def release(revisions: Iterable[Revision], scope: Scope, on: date) -> Released:
    """What of `revisions` may go to `scope` on that day; all that is not a story goes.

    Of a story that may be told, the version goes that its teller has seen, and no earlier words.
    Of one that may not, nothing goes that holds words. That it was taken back or deleted is sent
    on inside the partnership, without the words, so that other copies learn of it.
    """
    out: list[Revision] = []
    stories: dict[str, list[Revision]] = {}
    for revision in revisions:
        if revision.kind == Story.kind:
            stories.setdefault(revision.record, []).append(revision)
        else:
            out.append(revision)
    withheld = []
    for record, states in stories.items():
        kept, reason = _release_one(sorted(states, key=age), scope, on)
        out += kept
        if reason:
            withheld.append((record, reason))
    return Released(tuple(out), tuple(sorted(withheld)))


def _release_one(
    states: Sequence[Revision], scope: Scope, on: date
) -> tuple[Sequence[Revision], str]:
    if all(state.erased for state in states):  # no words are left that anybody could read
        return states, ""
    (heads,) = heads_of(states).values()
    problems = [_revision_problem(head, scope, on) for head in heads]
    reason = next(filter(None, reversed(problems)), "")
    words = {str(head.payload.get("text", "")) for head in heads}
    if not reason:
        same = all(str(state.payload.get("text", "")) in {"", *words} for state in states)
        return (states if same else heads), ""
    if scope == "public":
        return (), reason
    if not any(_wordy(state) for state in states):
        return states, reason
    if not any(map(_wordy, heads)):
        return heads, reason
    over = any(head.deleted or head.payload.get("withdrawn") is True for head in heads)
    return ((_notice(states, heads),) if over else ()), reason


def _revision_problem(revision: Revision, scope: Scope, on: date) -> str:
    if revision.deleted:
        return "it was deleted"
    try:
        story = Story.model_validate(dict(revision.payload))
    except ValidationError:
        return UNREADABLE
    return consent_problem(story, scope, on)


def _wordy(revision: Revision) -> bool:
    """Whether a revision may hold words of the story: all but known fields count as such."""
    return bool(set(revision.payload) - (set(Story.model_fields) - {"text"}))


def _notice(states: Sequence[Revision], heads: Sequence[Revision]) -> Revision:
    """That a story was taken back or deleted, as a state that replaces all before, wordless."""
    latest = heads[-1]
    ids = tuple(sorted(state.id for state in states))
    deleted = all(head.deleted for head in heads)
    name = latest.payload.get("name")
    payload = {"name": name if isinstance(name, str) else "A story", "withdrawn": True}
    return Revision(
        id=str(uuid.uuid5(_NAMESPACE, "".join(ids))),
        partnership=latest.partnership,
        practice=latest.practice,
        kind=latest.kind,
        record=latest.record,
        payload=payload,
        parents=ids[-1000:],
        deleted=deleted,
        client_time=latest.client_time,
    )


def for_showing(heads: Iterable[Head], scope: Scope, on: date) -> list[Head]:
    """`heads` as they may be shown: for a story's words that may not be told, the reason.

    >>> heads = [Head("r", "v", "communication", "story", {}, Story(name="A", text="I was ..."))]
    >>> for_showing(heads, "inside", date(2027, 1, 1))[0].value.text
    '(Not shown here: the teller has not agreed.)'
    """
    held = list(heads)
    barred = {g.head.record: g.problem for g in gated(held, scope, on) if g.problem}
    for head in held:
        if head.kind == Story.kind and head.value is None:
            barred.setdefault(head.record, UNREADABLE)
    return [_without_words(h, barred[h.record]) if h.record in barred else h for h in held]


def _without_words(head: Head, problem: str) -> Head:
    if not isinstance(head.value, Story):
        return replace(head, payload={}, value=None)
    note = f"(Not shown here: {problem}.)" if head.value.text else None
    shown = head.value.model_copy(update={"text": note, "source": None})
    return replace(head, payload=shown.payload(), value=shown)
