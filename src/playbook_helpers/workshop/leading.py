"""What whoever leads sees and does: the screen, their own window, and what steers."""

from __future__ import annotations

import asyncio
import json
import time
from collections.abc import AsyncIterator, Callable, Mapping
from typing import Any

from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import (
    HTMLResponse,
    JSONResponse,
    RedirectResponse,
    Response,
    StreamingResponse,
)

from playbook_helpers.core.answering import answered
from playbook_helpers.core.as_of import resolve_as_of
from playbook_helpers.core.assessment import Context
from playbook_helpers.core.partnership import Decision
from playbook_helpers.core.revisions import new_revision
from playbook_helpers.storage.database import closing_of
from playbook_helpers.storage.database.ballots import kind_closing
from playbook_helpers.workshop import pages
from playbook_helpers.workshop.desk import (
    LEAD,
    Desk,
    Refused,
    body,
    facilitator,
    same,
    secret_kind,
    stem_of,
    with_cookie,
)
from playbook_helpers.workshop.filling import state
from playbook_helpers.workshop.picture import open_picture, picture, vote_picture
from playbook_helpers.workshop.sitting import Vote
from playbook_helpers.workshop.wordings import Pair, Wording, chosen, kept, names, pairs

BEAT = 10.0
"""Seconds after which a stream says that it is alive."""
QUIET = 120.0
"""Seconds without a phone after which whoever leads is told."""
MOST_THINGS = 12
MOST_HANDS = 400
Act = Callable[[Desk, Mapping[str, Any]], Any]


async def screen(desk: Desk, request: Request) -> Response:
    """The projected picture."""
    return _led(desk, request, lambda: pages.screen(desk))


async def lead(desk: Desk, request: Request) -> Response:
    """The window of whoever leads."""
    return _led(desk, request, lambda: pages.lead(desk))


async def invite(desk: Desk, request: Request) -> Response:
    """Getting the room ready: how phones get through, and what to do when none does."""
    return _led(desk, request, lambda: pages.invite(desk))


def _led(desk: Desk, request: Request, page: Callable[[], str]) -> Response:
    """A page of the facilitator's; the key in its link becomes a cookie, and leaves the address."""
    key = request.query_params.get("key", "")
    if same(key, desk.sitting.lead):
        to = desk.root + request.url.path.removeprefix(desk.root)
        return with_cookie(desk, RedirectResponse(to, 303), request, LEAD, key)
    facilitator(desk, request)
    return HTMLResponse(page())


async def picture_of(desk: Desk, request: Request) -> Response:
    """The picture of a worksheet; of secret answers none before the room is shown it."""
    facilitator(desk, request)
    stem = stem_of(desk, request)
    if secret_kind(stem) and stem not in desk.sitting.shown:
        open_part = await run_in_threadpool(
            open_picture, desk.store, stem, desk.sitting.partnership
        )
        return HTMLResponse(open_part or pages.kept_back())
    slug, when = desk.sitting.partnership, desk.sitting.round_of(secret_kind(stem))
    return HTMLResponse(await run_in_threadpool(picture, desk.store, stem, slug, when))


async def vote_of(desk: Desk, request: Request) -> Response:
    """The picture of a vote: the count, and what was said once it is closed and shown."""
    facilitator(desk, request)
    asked = desk.sitting.vote(str(request.path_params["vote"]))
    if asked is None:
        raise Refused(404, "This vote is not there any more.")
    return HTMLResponse(vote_picture(asked))


async def events(desk: Desk, request: Request) -> Response:
    """What changes, as it changes: for the screen and for whoever leads."""
    facilitator(desk, request)

    async def stream() -> AsyncIterator[str]:
        yield "retry: 1000\n\n"
        while not desk.ending:
            changed = desk.changed
            told = await state(desk) | await _for_leader(desk)
            yield f"data: {json.dumps(told)}\n\n"
            try:
                await asyncio.wait_for(changed.wait(), BEAT)
                await asyncio.sleep(0.5)  # at most two pictures a second
            except TimeoutError:
                pass

    unbuffered = {"X-Accel-Buffering": "no"}
    return StreamingResponse(stream(), media_type="text/event-stream", headers=unbuffered)


async def _for_leader(desk: Desk) -> dict[str, Any]:
    sitting = desk.sitting
    heads = await run_in_threadpool(desk.store.heads, sitting.partnership)
    context = Context(sitting.partnership, resolve_as_of(None, ""))
    stem = sitting.steps[sitting.step].stem if sitting.steps else sitting.stems[0]
    two = pairs(heads, sitting.stems, context, sitting.settled)
    return {
        "light": {
            "at": desk.reached,
            "by": desk.reached_by,
            "quiet": bool(desk.reached) and time.time() - desk.reached > QUIET,
        },
        "code": sitting.code,
        "build": pages.build(),
        "blank": sitting.blank,
        "asks": [
            {"id": one.id, "kind": one.kind, "name": one.name, "words": one.words, "at": one.since}
            for one in sitting.asks
            if one.kind == "call" or not one.person
        ],
        "refused": [
            {"record": record, "whose": whose, "words": words, "at": at}
            for record, (whose, words, at) in desk.refused.items()
        ],
        "pairs": [_pair(pair) for pair in two],
        "entries": [
            {"revision": revision, "kind": kind, "name": name}
            for revision, kind, name in names(heads, stem)
        ],
        "notes": sitting.notes,
        "notes_told": sitting.notes_told,
        "exported": [{"what": what, "path": path} for what, path in desk.exported],
    }


def _pair(pair: Pair) -> dict[str, Any]:
    return {"one": _wording(pair.one), "other": _wording(pair.other)}


def _wording(one: Wording) -> dict[str, Any]:
    return {
        "revision": one.head.revision,
        "whose": one.head.author,
        "says": one.says,
        "lacks": list(one.lacks),
    }


# Steering --------------------------------------------------------------------------------------


async def act(desk: Desk, request: Request) -> Response:
    """What whoever leads has pressed."""
    facilitator(desk, request)
    said = await body(request)
    doing = _ACTS.get(str(said.get("do", "")))
    if doing is None:
        raise Refused(400, "There is no such button.")
    answer = await doing(desk, said)
    desk.bump(stored=True)
    return JSONResponse({"done": True} | (answer or {}))


async def _go(desk: Desk, said: Mapping[str, Any]) -> None:
    """To the next step or back. The page names the step it shows, so a press counts once."""
    at = said.get("at")
    here = desk.sitting.step + 1 if desk.sitting.begun else 0
    if at is None or at == here:
        desk.sitting.go(-1 if said["do"] == "back" else 1)


async def _more(desk: Desk, said: Mapping[str, Any]) -> None:
    desk.sitting.lengthen(5)


async def _blank(desk: Desk, said: Mapping[str, Any]) -> None:
    desk.sitting.blank = said.get("blank") is True
    desk.sitting.save()


async def _show(desk: Desk, said: Mapping[str, Any]) -> None:
    sitting, stem = desk.sitting, str(said.get("stem", ""))
    asked = sitting.vote(str(said.get("vote", "")))
    if asked is not None:
        if not asked.closed:
            raise Refused(409, "Close the vote first: then it can be shown.")
        asked.shown = True
    elif stem in sitting.stems:
        if secret_kind(stem) and not (await state(desk))["answered"][stem]["any_closed"]:
            raise Refused(409, "Close the round first: then its picture can be shown.")
        sitting.shown = sorted({*sitting.shown, stem})
    else:
        raise Refused(404, "There is nothing of that name to show.")
    sitting.save()


async def _close(desk: Desk, said: Mapping[str, Any]) -> dict[str, Any] | None:
    """Close a round for good: asked once more, with how many have not answered."""
    stem, sitting = str(said.get("stem", "")), desk.sitting
    kind = secret_kind(stem) if stem in sitting.stems else ""
    if not kind:
        raise Refused(404, "There is no round of that name to close.")
    when = str(said.get("round") or sitting.round_of(kind))
    count = (await state(desk))["answered"][stem]["rounds"].get(when, 0)
    if not count:
        raise Refused(409, "This round has no answers, so there is nothing to close.")
    if said.get("sure") is not True:
        return {"ask": {"answers": count, "people": len(sitting.people)}, "done": False}
    closing = closing_of(sitting.partnership, kind_closing(kind), {"round": when})
    sitting.shown = [one for one in sitting.shown if one != stem]
    sitting.save()
    await asyncio.wrap_future(desk.writer.save(closing))
    return None


async def _ask_room(desk: Desk, said: Mapping[str, Any]) -> None:
    """Open a vote: a number from 1 to 5 for each thing, or dots."""
    question = _line(said.get("question"), 160)
    given = said.get("things")
    things = [_line(one, 200) for one in given] if isinstance(given, list) else []
    things = list(dict.fromkeys(one for one in things if one))
    dots = said.get("dots", 0)
    if not question or not 1 <= len(things) <= MOST_THINGS:
        raise Refused(409, f"A question, and 1 to {MOST_THINGS} lines to vote on.")
    if not isinstance(dots, int) or not 0 <= dots <= 10:
        raise Refused(409, "Give each up to ten dots.")
    desk.sitting.open_vote(question, things, dots)


def _asked(desk: Desk, said: Mapping[str, Any]) -> Vote:
    found = desk.sitting.vote(str(said.get("vote", "")))
    if found is None:
        raise Refused(404, "This vote is not there any more.")
    return found


async def _close_vote(desk: Desk, said: Mapping[str, Any]) -> dict[str, Any] | None:
    asked = _asked(desk, said)
    if said.get("sure") is not True:
        told = {"answers": asked.number, "people": len(desk.sitting.people)}
        return {"ask": told, "done": False}
    asked.closed, asked.voted = True, []
    desk.sitting.save()
    return None


async def _hands(desk: Desk, said: Mapping[str, Any]) -> None:
    """Hands and slips, counted beside the phones: once, as the page names how many there were."""
    asked, given = _asked(desk, said), said.get("hands")
    if asked.closed:
        raise Refused(409, "This vote is closed. Nothing was counted.")
    if said.get("before") != asked.by_hand:
        raise Refused(409, "These were counted already. Look at the number above.")
    allowed = {"dots"} if asked.dots else {"1", "2", "3", "4", "5"}
    fine = isinstance(given, list) and len(given) == len(asked.things)
    for each in given if isinstance(given, list) else ():
        fine = fine and isinstance(each, dict) and set(each) <= allowed
        numbers = list(each.values()) if isinstance(each, dict) else []
        fine = fine and all(isinstance(n, int) and 0 <= n <= MOST_HANDS for n in numbers)
    if not fine or not isinstance(given, list):
        raise Refused(409, "Type how many hands there were for each: whole numbers.")
    asked.take_hands(given)
    desk.sitting.save()


async def _coming(desk: Desk, said: Mapping[str, Any]) -> None:
    desk.sitting.done(str(said.get("ask", "")))


async def _let_in(desk: Desk, said: Mapping[str, Any]) -> None:
    sitting = desk.sitting
    asked = next((one for one in sitting.asks if one.id == said.get("ask")), None)
    if asked is None or asked.kind != "return":
        raise Refused(404, "They ask no longer.")
    asked.person = next((i for i, one in sitting.people.items() if one.name == asked.name), "")
    sitting.save()


async def _seen(desk: Desk, said: Mapping[str, Any]) -> None:
    desk.refused.pop(str(said.get("record", "")), None)


async def _keep(desk: Desk, said: Mapping[str, Any]) -> None:
    """Of two wordings keep one, or both."""
    sitting = desk.sitting
    both = [str(one) for one in said.get("both", ())] if isinstance(said.get("both"), list) else []
    heads = await run_in_threadpool(desk.store.heads, sitting.partnership)
    pair = chosen(heads, both, Context(sitting.partnership, resolve_as_of(None, "")))
    keep = str(said.get("keep", ""))
    if keep == "both":
        sitting.settled = sorted([*sitting.settled, pair.ids])
        sitting.save()
    elif keep in pair.ids:
        for revision in kept(sitting.partnership, pair, keep):
            await asyncio.wrap_future(desk.writer.save(revision))
    else:
        raise Refused(400, "Keep one of the two, or both.")


async def _side_by_side(desk: Desk, said: Mapping[str, Any]) -> dict[str, Any]:
    """Two records that whoever leads wants to see side by side."""
    both = [str(one) for one in said.get("both", ())] if isinstance(said.get("both"), list) else []
    heads = await run_in_threadpool(desk.store.heads, desk.sitting.partnership)
    context = Context(desk.sitting.partnership, resolve_as_of(None, ""))
    return {"pair": _pair(chosen(heads, both, context))}


async def _note(desk: Desk, said: Mapping[str, Any]) -> None:
    desk.sitting.notes = str(said.get("notes", ""))[:20_000]
    desk.sitting.notes_told = said.get("told") is True
    desk.sitting.save()


async def _decide(desk: Desk, said: Mapping[str, Any]) -> dict[str, Any] | None:
    """What was decided: what was seen, why that may be, what, who, by when."""
    sitting = desk.sitting
    stem = sitting.steps[sitting.step].stem if sitting.steps else ""
    given = {
        "worksheet": stem if stem in sitting.stems else sitting.stems[0],
        "date": sitting.day,
        "seen": _line(said.get("seen"), 300),
        "why": _line(said.get("why"), 200),
        "decided": _line(said.get("decided"), 300),
        "who": _line(said.get("who"), 300),
        "by": _line(said.get("by"), 60),
    }
    record, problems = answered(Decision, {name: one for name, one in given.items() if one})
    if record is None or problems:
        return {"problems": [list(fault) for fault in problems], "done": False}
    await asyncio.wrap_future(desk.writer.save(new_revision(sitting.partnership, record)))
    return None


async def _address(desk: Desk, said: Mapping[str, Any]) -> None:
    """Another address of this computer for the square."""
    wanted = str(said.get("address", ""))
    if wanted not in desk.others:
        raise Refused(404, "This computer has no such address any more.")
    desk.others = (desk.address, *(one for one in desk.others if one != wanted))
    desk.address = wanted


async def _end(desk: Desk, said: Mapping[str, Any]) -> dict[str, Any] | None:
    """End the workshop: everything is exported, and phones say what was decided."""
    sitting = desk.sitting
    if said.get("sure") is not True:
        still = _open(desk, await state(desk))
        return {"ask": {"open": still}, "done": False}
    desk.exported = await run_in_threadpool(desk.end)
    sitting.ended = time.time()
    sitting.save()
    return None


def _open(desk: Desk, told: Mapping[str, Any]) -> list[str]:
    """What is open still: rounds with answers that nobody has closed, and votes."""
    rounds = [
        pages.title_of(stem)
        for stem, one in told["answered"].items()
        if one["secret"] and one["given"] and not one["closed"]
    ]
    return rounds + [one.question for one in desk.sitting.votes if not one.closed]


def _line(said: object, most: int) -> str:
    text = " ".join(str(said or "").split())[:most]
    return "".join(sign for sign in text if sign.isprintable())


_ACTS: dict[str, Act] = {
    "next": _go,
    "back": _go,
    "more": _more,
    "blank": _blank,
    "show": _show,
    "close": _close,
    "vote": _ask_room,
    "close_vote": _close_vote,
    "hands": _hands,
    "coming": _coming,
    "no": _coming,
    "let_in": _let_in,
    "seen": _seen,
    "keep": _keep,
    "two": _side_by_side,
    "note": _note,
    "decide": _decide,
    "address": _address,
    "end": _end,
}

__all__ = ["act", "events", "invite", "lead", "picture_of", "screen", "vote_of"]
