"""How a practice's records stood on an earlier day, as far as that can be known.

Two things can tell. The **history**: what had been written down by that day. And the **dates** in
the records: what had happened by that day, whenever it was typed in. Records that only say how
things stand now (an offer, a funding source) have no date that could tell how they stood before.
A measure that rests on such records, all written down later, has no known past: it is said so,
and it is compared with nothing.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from typing import Any, Literal

from playbook_helpers.core.assessment import Head, current
from playbook_helpers.core.partial_dates import first_day, spoken
from playbook_helpers.core.practice import Practice
from playbook_helpers.core.revisions import Revision
from playbook_helpers.practices.kinds import RECORD_TYPES, read_heads

Basis = Literal["history", "dates", "unknown"]


@dataclass(frozen=True, slots=True)
class Earlier:
    """A practice's records as they stood at the end of `day`, and how that is known.

    `why` says it in a sentence. Where `basis` is "unknown", `heads` is empty.
    """

    day: date
    basis: Basis
    why: str
    heads: tuple[Head, ...] = ()
    history: Mapping[str, tuple[Revision, ...]] = field(default_factory=dict)


def dated_by(head: Head) -> str:
    """The field that says when it happened, of a record that tells of something that did."""
    return RECORD_TYPES[head.kind].dated_by if head.kind in RECORD_TYPES else ""


def is_closed(kind: str) -> bool:
    """Whether single records of that kind are shown to nobody.

    Such records are never set back to an earlier day: two pictures taken on two days, one beside
    the other, could tell what neither of them tells.
    """
    type_ = RECORD_TYPES.get(kind)
    return type_ is not None and (type_.pseudonymous or bool(type_.withheld))


def written_on(revision: Revision) -> date | None:
    """The day a revision was written, or taken by the store where nobody noted it."""
    moment = revision.client_time or revision.stored_time
    try:
        return date.fromisoformat(moment[:10])
    except ValueError:
        return None


def earlier(
    practice: Practice, heads: Sequence[Head], revisions: Iterable[Revision], day: date
) -> Earlier:
    """The records of `practice` as they stood at the end of `day`.

    `heads` are those of today, `revisions` all there are; both may hold other practices' too.
    """
    kinds = {t.kind for t in practice.record_types if not is_closed(t.kind)}
    now = [head for head in current(heads) if head.kind in kinds]
    own = [r for r in revisions if r.kind in kinds]
    by_then = [r for r in own if (written := written_on(r)) is not None and written <= day]
    told = spoken(day.isoformat())
    if by_then:
        return _from_history(now, by_then, day, told)
    set_back = tuple(_set_back(now, day))
    if not practice.dated or not any(_tells(head) for head in set_back):
        why = (
            f"How it stood on {told} is not known: nothing had been written down here by then, "
            "and no date in the records tells of the time before."
        )
        return Earlier(day, "unknown", why)
    why = (
        f"Worked out from the dates in today's records: what came after {told} was left out. "
        "Nothing had been written down here by then."
    )
    undated = sum(bool(at := dated_by(h)) and not h.payload.get(at) for h in now)
    if undated:
        why += f" {undated} without a date count today, and not then."
    return Earlier(day, "dates", why, set_back)


def _from_history(
    now: Sequence[Head], by_then: Sequence[Revision], day: date, told: str
) -> Earlier:
    heads = read_heads(by_then)
    there = {revision.record for revision in by_then}
    # What happened by then counts though it was typed in later: else catching up with one's
    # notes would look like change.
    late = [h for h in _set_back(now, day) if h.record not in there and dated_by(h)]
    newer = sum(head.record not in there for head in now) - len(late)
    why = f"From what had been written down by {told}."
    if late:
        why += f" {len(late)} typed in later tell of the time before, and are counted."
    if newer:
        why += f" {newer} of today's records are newer."
    history: dict[str, tuple[Revision, ...]] = {}
    for revision in by_then:
        history[revision.record] = (*history.get(revision.record, ()), revision)
    return Earlier(day, "history", why, (*heads, *late), history)


def _tells(head: Head) -> bool:
    """Whether a head, set back, tells of something that had happened."""
    return bool(dated_by(head)) or any(map(head.payload.get, RECORD_TYPES[head.kind].later))


def _set_back(now: Iterable[Head], day: date) -> Iterable[Head]:
    """Today's heads of what had happened by `day`, without what came to them later."""
    for head in now:
        if head.value is None or not (dated_by(head) or head.value.setting):
            continue
        when = head.payload.get(dated_by(head))
        if dated_by(head) and (not when or _after(when, day)):
            continue
        payload = _without_later(head.kind, head.payload, day)
        yield (
            head
            if payload == head.payload
            else replace(head, payload=payload, value=type(head.value).model_validate(payload))
        )


def _without_later(kind: str, payload: Mapping[str, Any], day: date) -> Mapping[str, Any]:
    gone: set[str] = set()
    for name, company in RECORD_TYPES[kind].later.items():
        if payload.get(name) and _after(str(payload[name]), day):
            gone |= {name, *company}
    return {name: value for name, value in payload.items() if name not in gone} if gone else payload


def _after(when: object, day: date) -> bool:
    # A month or a year that had begun by then may or may not lie before it. It counts as before:
    # a figure "for 2025" is not left out of a picture taken at Christmas.
    return first_day(str(when)) > day
