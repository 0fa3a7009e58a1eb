"""What a phone fills in and sends, and what it is told of the room."""

from __future__ import annotations

import asyncio
import hashlib
import json
import secrets
import time
from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import HTMLResponse, JSONResponse, RedirectResponse, Response

from playbook_helpers.core.answering import Fault
from playbook_helpers.core.assessment import Head, current, of_type
from playbook_helpers.core.errors import InputError, PlaybookError, RevisionChanged
from playbook_helpers.core.partial_dates import spoken
from playbook_helpers.core.partnership import OVERVIEW, Decision
from playbook_helpers.core.revisions import Revision, from_json
from playbook_helpers.practices.kinds import (
    CLOSING_KINDS,
    RECORD_TYPES,
    SECRET_KINDS,
    as_kept,
    record_type,
)
from playbook_helpers.worksheet.forms import form_description
from playbook_helpers.worksheet.forms.checking import faults
from playbook_helpers.workshop import pages
from playbook_helpers.workshop.desk import (
    PERSON,
    Desk,
    Refused,
    body,
    known,
    leads,
    person,
    reached,
    secret_kind,
    stem_of,
    types_of,
    wait,
    writer_of,
)
from playbook_helpers.workshop.sitting import Person, Vote

MOST_REVISIONS = 100
OWN_ONLY = frozenset({"communication", "community"})
"""Worksheets with stories of people: what one wrote, others on their phones do not see."""
WORDS = {
    "saving": "On its way to the laptop \u2026",
    "saved": "Saved on the laptop.",
    "unsaved": "Kept on this phone. It is sent by itself as soon as the laptop is reached.",
    "refused": "Not taken. Please look at it again: you can change it or leave it out.",
}
"""What the form says of where an answer is, in a workshop."""


def kinds_of(stem: str) -> list[str]:
    """The kinds that a phone fills in: rounds are closed and counted by whoever leads."""
    own = [type_ for type_ in types_of(stem) if not (type_.closes or type_.counts)]
    return [type_.kind for type_ in own] + [Decision.kind]


def description(desk: Desk, stem: str, kinds: list[str]) -> dict[str, Any]:
    """The form of a worksheet; which round is answered, the sitting says."""
    described = form_description(stem, kinds)
    own = {name: value for name, value in described.items() if name != "shared"}
    own["words"] = described["words"] | WORDS
    own["kinds"] = [
        kind | {"fields": [field for field in kind["fields"] if field["name"] != "round"]}
        if kind["kind"] == secret_kind(stem)
        else kind
        for kind in described["kinds"]
    ]
    return own


async def worksheet(desk: Desk, request: Request) -> Response:
    """The form of a worksheet on a phone."""
    id_ = known(desk, request)
    if not id_:
        return RedirectResponse(f"{desk.root}/", 303)
    reached(desk, request)
    stem = stem_of(desk, request)
    setup = {
        "description": description(desk, stem, kinds_of(stem)),
        "partnership": desk.sitting.partnership,
        "root": desk.root,
    }
    return HTMLResponse(pages.worksheet(desk, stem, desk.sitting.people[id_], setup))


async def paper(desk: Desk, request: Request) -> Response:
    """The same form for whoever leads, who types in what was written on paper."""
    if not leads(desk, request):
        raise Refused(403, "This page is for whoever leads: open it by the link they were given.")
    stem = stem_of(desk, request)
    setup = {
        "description": description(desk, stem, kinds_of(stem)),
        "partnership": desk.sitting.partnership,
        "root": desk.root,
        "paper": True,
    }
    return HTMLResponse(pages.paper(desk, stem, setup))


async def entries(desk: Desk, request: Request) -> Response:
    """What stands of a worksheet, without whose it is."""
    _, one = writer_of(desk, request)
    stem = stem_of(desk, request)
    if stem in OWN_ONLY:
        return JSONResponse(await run_in_threadpool(_listed, desk, stem, one.name))
    async with desk.asking:
        text, version = desk.lists.get(stem), desk.stored
        if text is None:
            text = await run_in_threadpool(_list_text, desk, stem)
            if version == desk.stored:
                desk.lists[stem] = text
    return Response(text, media_type="application/json")


def _list_text(desk: Desk, stem: str) -> bytes:
    """The list as it is sent: worked out once for all phones, until something is stored."""
    return json.dumps(_listed(desk, stem, "")).encode()


def _listed(desk: Desk, stem: str, name: str) -> dict[str, Any]:
    slug, kinds = desk.sitting.partnership, set(kinds_of(stem)) - SECRET_KINDS
    heads = current(desk.store.heads(slug))
    names: dict[str, set[str]] = {}
    for head in heads:
        if head.value is not None and head.value.key and head.kind not in SECRET_KINDS:
            names.setdefault(head.kind, set()).add(str(head.payload[head.value.key[0]]))
    told = []
    for revisions in desk.store.histories(slug, kinds).values():
        for revision in revisions:
            here = revision.practice == stem or revision.payload.get("worksheet") == stem
            closed = stem in OWN_ONLY or record_type(revision.kind).withheld
            mine = not closed or (name and revision.author == name)
            if here and mine and not revision.erased:
                # Whose it is stays with whoever leads.
                told.append(replace(revision, author="").to_json())
    return {"id": "", "revisions": told, "known": {kind: sorted(n) for kind, n in names.items()}}


async def save(desk: Desk, request: Request) -> Response:
    """One revision, or several: for each what is wrong with it, or that it is committed."""
    id_, one = writer_of(desk, request)
    stem = stem_of(desk, request)
    if not desk.saves.allows(id_):
        words = "That is more than anybody can type in a minute. It stays here and is sent later."
        raise Refused(429, words, wait(10))
    said = await body(request)
    several = said.get("revisions")
    if several is None:
        answer = await _take(desk, id_, one, stem, said)
        return JSONResponse(answer, 503 if "failed" in answer else 200)
    if not isinstance(several, list) or len(several) > MOST_REVISIONS:
        raise Refused(413, f"Up to {MOST_REVISIONS} answers can be sent at once.")
    answers = await asyncio.gather(*(_take(desk, id_, one, stem, each) for each in several))
    return JSONResponse({"answers": answers, "version": desk.version})


async def _take(desk: Desk, id_: str, one: Person, stem: str, data: object) -> dict[str, Any]:
    """One revision: what is wrong with it, or that it is committed."""
    held = data.get("id") if isinstance(data, dict) else None
    reply: dict[str, Any] = {"id": held if isinstance(held, str) else ""}
    problems: list[Fault] = []
    revision = None
    try:
        sent = from_json(data)
        secret = sent.kind in SECRET_KINDS
        if secret:
            when = desk.sitting.round_of(sent.kind)
            sent = replace(sent, payload={"round": when, **sent.payload})
        revision = as_kept(replace(sent, author=one.name, erased=False, showing=0))
        kinds = {kind: record_type(kind).practice for kind in kinds_of(stem)}
        problems = list(faults(revision, desk.sitting.partnership, kinds))
        if not problems and secret:
            problems = await _ballot(desk, id_, stem, revision)
        elif not problems:
            await asyncio.wrap_future(desk.writer.save(revision))
            if id_:
                desk.sitting.has_sent(id_, stem)
    except RevisionChanged:
        problems = [("", "was sent before with other words; write it once more")]
    except InputError as error:
        problems = [("", error.what)]
    except PlaybookError as error:
        return reply | {"failed": error.what}
    except Exception as error:  # the phone must learn that it was not saved, whatever it was
        return reply | {"failed": f"{type(error).__name__}: {error}"}
    if problems or revision is None:
        _keep_refused(desk, one, revision, problems)
        return reply | {"problems": [list(fault) for fault in problems]}
    desk.refused.pop(revision.record, None)
    desk.bump(stored=True)
    stored = {} if revision.kind in SECRET_KINDS else {"stored": revision.payload}
    return reply | {"saved": True, "version": desk.version, "kept_as": revision.record} | stored


def _keep_refused(
    desk: Desk, one: Person, revision: Revision | None, problems: list[Fault]
) -> None:
    """Whoever leads is told that an answer was not taken; of a secret one, not whose."""
    if revision is None or len(desk.refused) > 100:
        return
    words = "; ".join(f"{where} {what}".strip() for where, what in problems)[:200]
    type_ = RECORD_TYPES.get(revision.kind)  # none where a phone sends what no form has
    whose = "" if revision.kind in SECRET_KINDS else one.name
    told = f"{type_.title}: {words}" if type_ else words
    desk.refused[revision.record] = (whose, told, time.time())
    desk.bump()


async def _ballot(desk: Desk, id_: str, stem: str, revision: Revision) -> list[Fault]:
    """Store a secret answer: one a person, while its round is open. A slip is a person's too."""
    if revision.parents or revision.deleted:
        return [("", "An answer that was handed in stays as it is. Nothing was saved.")]
    when = str(revision.payload.get("round", ""))
    mark = desk.sitting.mark(id_ or secrets.token_hex(16), revision.kind, when)
    await asyncio.wrap_future(desk.writer.save(revision, mark))
    if not id_:
        desk.sitting.slips[stem] = desk.sitting.slips.get(stem, 0) + 1
        desk.sitting.save()
    return []


async def vote(desk: Desk, request: Request) -> Response:
    """An answer to the vote that is open: one a person; what it says is nobody's."""
    id_ = person(desk, request)
    if not desk.saves.allows(id_):
        raise Refused(429, "Wait a moment, then send it again.", wait(10))
    held = await body(request)
    asked, said = desk.sitting.vote(str(held.get("vote", ""))), held.get("said")
    if asked is None or asked.closed:
        return JSONResponse({"problems": [["", "This vote is closed. Nothing was counted."]]})
    mark = desk.sitting.mark(id_, "vote", asked.id)
    if mark in asked.voted:
        return JSONResponse({"saved": True, "again": True})
    if problem := asked.problem(said if isinstance(said, list) else []):
        return JSONResponse({"problems": [["", problem]]})
    assert isinstance(said, list)
    asked.take(said)
    asked.voted = sorted([*asked.voted, mark])
    desk.sitting.save()  # the mark and the counts are one write
    desk.bump()
    return JSONResponse({"saved": True})


# What is going on ------------------------------------------------------------------------------


async def now(desk: Desk, request: Request) -> Response:
    """The state of the room for a phone; only the version where nothing is new."""
    id_ = person(desk, request)
    since = request.query_params.get("since", "")
    if since == str(desk.version):
        return JSONResponse({"version": desk.version, "build": pages.build()})
    told = await state(desk)
    asked = next((one for one in reversed(desk.sitting.votes) if not one.closed), None)
    mine: Mapping[str, Any] | None = None
    if asked is not None:
        voted = desk.sitting.mark(id_, "vote", asked.id) in asked.voted
        mine = {
            "id": asked.id,
            "question": asked.question,
            "things": asked.things,
            "dots": asked.dots,
            "voted": voted,
        }
    more = {
        "build": pages.build(),
        "vote": mine,
        "called": any(one.person == id_ and one.kind == "call" for one in desk.sitting.asks),
    }
    return JSONResponse(told | more)


async def state(desk: Desk) -> dict[str, Any]:
    """What everybody in the room may know; worked out once for all who ask of one version."""
    async with desk.asking:
        if desk.told is None or desk.told[0] != desk.version:
            version = desk.version
            desk.told = version, await _state(desk) | {"version": version}
    return desk.told[1] | {"now": time.time(), "ending": desk.ending}


async def _state(desk: Desk) -> dict[str, Any]:
    sitting = desk.sitting
    begun = bool(sitting.begun and sitting.steps)
    step = sitting.steps[sitting.step] if begun else None
    after = sitting.step + begun
    heads = await run_in_threadpool(desk.store.heads, sitting.partnership)
    names = sorted(one.name for one in sitting.people.values() if one.name)
    shown = None
    if step is not None:
        shown = {
            "number": sitting.step + 1,
            "of": len(sitting.steps),
            "title": step.title,
            "minutes": step.minutes + sitting.extra,
            "what": step.what,
            "say": step.say,
            "stem": step.stem if step.stem in sitting.stems else "",
            "doing": step.doing,
        }
    return {
        "step": shown,
        "next": sitting.steps[after].title if after < len(sitting.steps) else "",
        "ends": sitting.ends,
        "people": len(sitting.people),
        "names": names,
        "answered": {stem: _answered(desk, stem, heads) for stem in sitting.stems},
        "votes": [_voted(one) for one in sitting.votes],
        "decisions": _decided(desk, heads),
        "ended": bool(sitting.ended),
    }


def _answered(desk: Desk, stem: str, heads: list[Head]) -> dict[str, Any]:
    """How many records stand, who of the room has sent any, and of secret answers how many."""
    secret = secret_kind(stem)
    rounds: dict[str, int] = {}
    for head in heads:
        if head.kind == secret and not head.showing and not head.waiting:
            when = str(head.payload.get("round", ""))
            rounds[when] = rounds.get(when, 0) + 1
    own = sum(h.practice == stem and h.kind not in SECRET_KINDS for h in current(heads))
    closed = {
        str(h.payload.get("round", ""))
        for h in heads
        if secret and h.kind in CLOSING_KINDS and record_type(h.kind).closes == secret
    }
    here = desk.sitting.round_of(secret) if secret else ""
    counted = sum(
        h.kind == secret and str(h.payload.get("round", "")) == here and not h.deleted
        for h in heads
    )
    mark = hashlib.sha256(
        "".join(
            sorted(h.revision for h in heads if h.practice == stem and h.kind not in SECRET_KINDS)
        ).encode()
    )
    return {
        "mark": mark.hexdigest()[:12],
        "records": own,
        "sent": len(desk.sitting.sent.get(stem, ())),
        "rounds": rounds,
        "secret": bool(secret),
        "round": here,
        "given": counted,
        "slips": desk.sitting.slips.get(stem, 0),
        "closed": bool(secret) and here in closed,
        "any_closed": bool(closed),
        "shown": not secret or stem in desk.sitting.shown,
        "overview": stem == OVERVIEW,
    }


def _voted(one: Vote) -> dict[str, Any]:
    """Of an open vote the number alone; of one that was closed and shown, what was said."""
    told = {
        "id": one.id,
        "question": one.question,
        "number": one.number,
        "by_hand": one.by_hand,
        "closed": one.closed,
        "shown": one.shown,
        "dots": one.dots,
        "things": one.things,
        "step": one.step + 1,
    }
    return told | ({"counts": one.counts} if one.shown else {})


def _decided(desk: Desk, heads: list[Head]) -> list[dict[str, str]]:
    """What was decided on the day of the workshop."""
    return [
        {"decided": d.decided, "who": d.who or "", "by": spoken(d.by) if d.by else ""}
        for _, d in of_type(current(heads), Decision)
        if d.date == desk.sitting.day and d.done is None
    ]


__all__ = ["PERSON", "entries", "now", "paper", "save", "state", "vote", "worksheet"]
