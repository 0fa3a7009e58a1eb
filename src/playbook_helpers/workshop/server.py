"""The routes of a sitting, and the server that answers them.

Phones join, fill in forms and send answers; the facilitator's link alone leads to the screen and to
what steers. "Saved" is answered after the commit. A request is answered only under the names that
the server was given, a change only where the page that asks is one of its own, and only as JSON.
"""

from __future__ import annotations

import asyncio
import json
import time
from collections.abc import AsyncIterator, Awaitable, Callable, Collection, Mapping
from dataclasses import dataclass, replace
from typing import Any
from urllib.parse import urlsplit

from starlette.applications import Starlette
from starlette.concurrency import run_in_threadpool
from starlette.datastructures import MutableHeaders
from starlette.middleware import Middleware
from starlette.requests import ClientDisconnect, Request
from starlette.responses import (
    HTMLResponse,
    JSONResponse,
    PlainTextResponse,
    RedirectResponse,
    Response,
    StreamingResponse,
)
from starlette.routing import Route
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from playbook_helpers.core.answering import Fault
from playbook_helpers.core.assessment import current
from playbook_helpers.core.errors import InputError, PlaybookError, RevisionChanged
from playbook_helpers.core.revisions import Revision, from_json
from playbook_helpers.practices.kinds import CLOSING_KINDS, SECRET_KINDS, as_kept, record_type
from playbook_helpers.storage.database import Store, closing_of
from playbook_helpers.worksheet.forms import form_description
from playbook_helpers.worksheet.forms.checking import faults
from playbook_helpers.workshop import pages
from playbook_helpers.workshop.limits import Limit
from playbook_helpers.workshop.picture import picture, secret_kinds
from playbook_helpers.workshop.sitting import Sitting
from playbook_helpers.workshop.writer import Writer

POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self' 'unsafe-inline'; "
    "img-src 'self' data:; connect-src 'self'; base-uri 'none'; form-action 'self'; "
    "frame-ancestors 'none'"
)
HEADERS = {
    "Cache-Control": "no-store",
    "Content-Security-Policy": POLICY,
    "Cross-Origin-Resource-Policy": "same-origin",
    "Referrer-Policy": "no-referrer",
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
}
MOST_BYTES = 1_000_000
"""What one request may hold: a phone sends what it kept while it was away."""
MOST_REVISIONS = 100
SAVES = (120, 60.0)
"""Saves of one person, in so many seconds."""
RETURNS = (6, 60.0)
"""Tries of two words; they are of the whole room, since an address is nobody."""
CODES = (60, 60.0)
"""Wrong codes of the whole room."""
BEAT = 10.0
"""Seconds after which a stream says that it is alive."""
LONGEST_NAME = 60
OWN_ONLY = frozenset({"communication", "community"})
"""Worksheets with stories of people: what one wrote, others on their phones do not see."""
WORDS = {
    "saving": "On its way to the laptop \u2026",
    "saved": "Saved on the laptop.",
    "unsaved": "Kept on this phone. It is sent by itself as soon as the laptop is reached.",
    "refused": "Not taken. Please look at it again: you can change it or leave it out.",
}
"""What the form says of where an answer is, in a workshop."""
PERSON, LEAD = "playbook_person", "playbook_lead"
_DAY = 24 * 60 * 60


class Refused(Exception):
    """A request that gets no more than a status and a sentence."""

    def __init__(self, status: int, words: str, headers: Mapping[str, str] | None = None) -> None:
        super().__init__(words)
        self.status, self.words, self.headers = status, words, dict(headers or {})


@dataclass(slots=True)
class Desk:
    """All that the routes need: the sitting, the store, and what is going on."""

    sitting: Sitting
    store: Store
    writer: Writer
    hosts: frozenset[str]
    address: str
    version: int
    changed: asyncio.Event
    saves: Limit
    returns: Limit
    codes: Limit
    name: str
    reached: float = 0.0
    """When a phone last asked for something, in seconds since 1970."""
    ending: bool = False

    def bump(self) -> None:
        """Something is new: pages that wait are told."""
        self.version += 1
        self.changed.set()
        self.changed = asyncio.Event()


def workshop_app(
    sitting: Sitting, store: Store, *, hosts: Collection[str], address: str, name: str
) -> tuple[Starlette, Desk]:
    """The application of a sitting, and its desk. `hosts` are the names it answers under."""
    desk = Desk(
        sitting,
        store,
        Writer(store),
        frozenset(host.lower() for host in hosts),
        address,
        time.time_ns() // 1_000_000,
        asyncio.Event(),
        Limit(*SAVES),
        Limit(*RETURNS),
        Limit(*CODES),
        name,
    )
    handlers: list[tuple[str, str, Callable[[Desk, Request], Awaitable[Response]]]] = [
        ("GET", "/", _join_page),
        ("GET", "/j/{code}", _join_page),
        ("POST", "/join", _join),
        ("POST", "/back", _come_back),
        ("POST", "/leave", _leave),
        ("GET", "/w/{stem}", _worksheet),
        ("GET", "/list/{stem}", _list),
        ("POST", "/save/{stem}", _save),
        ("GET", "/now", _now),
        ("GET", "/screen", _screen),
        ("GET", "/lead", _lead),
        ("POST", "/lead", _act),
        ("GET", "/picture/{stem}", _picture),
        ("GET", "/events", _events),
        ("GET", "/static/{file}", _static),
    ]
    routes = [
        Route(path, _guarded(desk, handler), methods=[method]) for method, path, handler in handlers
    ]
    app = Starlette(routes=routes, middleware=[Middleware(_Guarded, desk=desk)])
    return app, desk


class _Guarded:
    """Answers only under a name of its own, and puts the same headers on every reply."""

    def __init__(self, app: ASGIApp, desk: Desk) -> None:
        self._app, self._desk = app, desk

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        async def add(message: Message) -> None:
            if message["type"] == "http.response.start":
                MutableHeaders(scope=message).update(HEADERS)
            await send(message)

        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        request = Request(scope)
        if _host(request.headers.get("host", "")) not in self._desk.hosts:
            words = "This is not an address of the workshop. Scan the code on the screen again."
            await PlainTextResponse(words, 421)(scope, receive, add)
            return
        await self._app(scope, receive, add)


def _host(said: str) -> str:
    try:
        return (urlsplit(f"//{said}").hostname or "").lower()
    except ValueError:
        return ""


def _guarded(
    desk: Desk, handler: Callable[[Desk, Request], Awaitable[Response]]
) -> Callable[[Request], Awaitable[Response]]:
    async def answer(request: Request) -> Response:
        try:
            if request.method == "POST":
                _check_origin(request)
            return await handler(desk, request)
        except Refused as refused:
            reply = {"failed": refused.words} if request.method == "POST" else None
            if reply is not None:
                return JSONResponse(reply, refused.status, refused.headers)
            return HTMLResponse(pages.told(refused.words), refused.status, refused.headers)
        except ClientDisconnect:
            return Response(status_code=400)
        except PlaybookError as error:
            return JSONResponse({"failed": error.what}, 503)

    return answer


def _check_origin(request: Request) -> None:
    """A page of somebody else in the same browser changes nothing here."""
    origin = urlsplit(request.headers.get("origin", ""))
    if not origin.netloc or origin.netloc.lower() != request.headers.get("host", "").lower():
        raise Refused(403, "This was sent from another page. Nothing was changed.")
    if request.headers.get("content-type", "").partition(";")[0].strip() != "application/json":
        raise Refused(415, "This is taken as JSON only. Nothing was changed.")


async def _body(request: Request) -> Any:
    held = bytearray()
    async for part in request.stream():
        held += part
        if len(held) > MOST_BYTES:
            raise Refused(413, "This is too large to be sent at once. It stays on this phone.")
    try:
        return json.loads(bytes(held))
    except (ValueError, RecursionError):
        raise Refused(400, "This is not JSON. Nothing was changed.") from None


def _person(desk: Desk, request: Request) -> str:
    id_ = desk.sitting.who(request.cookies.get(PERSON, ""))
    if not id_:
        raise Refused(401, "Please join again. What you wrote stays on this phone.")
    desk.reached = time.time()
    return id_


def _facilitator(desk: Desk, request: Request) -> None:
    given = request.cookies.get(LEAD, "")
    if not pages.same(given, desk.sitting.lead):
        raise Refused(403, "This page is for whoever leads: open it by the link they were given.")


def _stem(desk: Desk, request: Request) -> str:
    stem = str(request.path_params["stem"])
    if stem not in desk.sitting.stems:
        raise Refused(404, "This worksheet is not part of the workshop.")
    return stem


# Joining ---------------------------------------------------------------------------------------


async def _join_page(desk: Desk, request: Request) -> Response:
    desk.reached = time.time()
    code = str(request.path_params.get("code", "")).upper()[:12]
    id_ = desk.sitting.who(request.cookies.get(PERSON, ""))
    person = desk.sitting.people.get(id_)
    return HTMLResponse(pages.join(desk.name, code, desk.sitting.stems, person))


async def _join(desk: Desk, request: Request) -> Response:
    said = await _body(request)
    held: Mapping[str, Any] = said if isinstance(said, dict) else {}
    code, name = str(held.get("code", "")), str(held.get("name", ""))
    if not pages.same("".join(code.upper().split()), desk.sitting.code):
        if not desk.codes.allows("code"):
            raise Refused(429, "Too many wrong codes in this room. Wait a minute.", _wait(60))
        return JSONResponse({"problems": [["code", "is not the code on the screen"]]}, 400)
    name = " ".join(name.split())
    if len(name) > LONGEST_NAME or not name.isprintable():
        words = f"takes up to {LONGEST_NAME} letters"
        return JSONResponse({"problems": [["name", words]]}, 400)
    id_, person = desk.sitting.join(name)
    desk.bump()
    reply = {"joined": True, "words": person.words, "stems": desk.sitting.stems}
    return _with_cookie(JSONResponse(reply), request, PERSON, desk.sitting.cookie(id_))


async def _come_back(desk: Desk, request: Request) -> Response:
    said = await _body(request)
    if not desk.returns.allows("words"):
        words = "Six tries a minute are allowed in this room. Whoever leads can let you in."
        raise Refused(429, words, _wait(60))
    id_ = desk.sitting.by_words(str(said.get("words", ""))) if _is_map(said) else ""
    if not id_:
        return JSONResponse({"problems": [["words", "are not the two words of anybody here"]]}, 400)
    person = desk.sitting.people[id_]
    reply = {"joined": True, "words": person.words, "stems": desk.sitting.stems}
    return _with_cookie(JSONResponse(reply), request, PERSON, desk.sitting.cookie(id_))


async def _leave(desk: Desk, request: Request) -> Response:
    """Hand on: the next person on this phone joins anew."""
    response = JSONResponse({"left": True})
    response.delete_cookie(PERSON, path="/")
    return response


def _with_cookie(response: Response, request: Request, name: str, value: str) -> Response:
    safe = request.headers.get("x-forwarded-proto", request.url.scheme) == "https"
    response.set_cookie(name, value, _DAY, path="/", httponly=True, samesite="lax", secure=safe)
    return response


def _wait(seconds: int) -> dict[str, str]:
    return {"Retry-After": str(seconds)}


def _is_map(said: object) -> bool:
    return isinstance(said, dict)


# Filling in ------------------------------------------------------------------------------------


def _kinds(stem: str) -> list[str]:
    """The kinds that a phone fills in: rounds are closed and counted by whoever leads."""
    described = form_description(stem)["kinds"]
    return [
        kind["kind"]
        for kind in described
        if not (record_type(kind["kind"]).closes or record_type(kind["kind"]).counts)
    ]


async def _worksheet(desk: Desk, request: Request) -> Response:
    id_ = desk.sitting.who(request.cookies.get(PERSON, ""))
    if not id_:
        return RedirectResponse("/", 303)
    desk.reached = time.time()
    stem = _stem(desk, request)
    described = form_description(stem, _kinds(stem))
    own = {name: value for name, value in described.items() if name != "shared"}
    own["words"] = described["words"] | WORDS
    setup = {"description": own, "partnership": desk.sitting.partnership}
    person = desk.sitting.people[id_]
    page = pages.worksheet(desk.name, stem, desk.sitting.stems, person, setup)
    return HTMLResponse(page)


async def _list(desk: Desk, request: Request) -> Response:
    id_, stem = _person(desk, request), _stem(desk, request)
    return JSONResponse(await run_in_threadpool(_listed, desk, stem, desk.sitting.people[id_].name))


def _listed(desk: Desk, stem: str, name: str) -> dict[str, Any]:
    slug, kinds = desk.sitting.partnership, set(_kinds(stem)) - SECRET_KINDS
    heads = current(desk.store.heads(slug))
    known: dict[str, set[str]] = {}
    for head in heads:
        if head.value is not None and head.value.key and head.kind not in SECRET_KINDS:
            known.setdefault(head.kind, set()).add(str(head.payload[head.value.key[0]]))
    told = []
    for revisions in desk.store.histories(slug, kinds).values():
        for revision in revisions:
            here = revision.practice == stem or revision.payload.get("worksheet") == stem
            mine = stem not in OWN_ONLY or (name and revision.author == name)
            if here and mine and not revision.erased:
                # Whose it is stays with whoever leads.
                told.append(replace(revision, author="").to_json())
    return {"id": "", "revisions": told, "known": {kind: sorted(n) for kind, n in known.items()}}


async def _save(desk: Desk, request: Request) -> Response:
    id_, stem = _person(desk, request), _stem(desk, request)
    if not desk.saves.allows(id_):
        words = "That is more than anybody can type in a minute. It stays here and is sent later."
        raise Refused(429, words, _wait(10))
    said = await _body(request)
    several = said.get("revisions") if _is_map(said) else None
    if several is None:
        answer = await _take(desk, id_, stem, said)
        return JSONResponse(answer, 503 if "failed" in answer else 200)
    if not isinstance(several, list) or len(several) > MOST_REVISIONS:
        raise Refused(413, f"Up to {MOST_REVISIONS} answers can be sent at once.")
    answers = await asyncio.gather(*(_take(desk, id_, stem, one) for one in several))
    return JSONResponse({"answers": answers, "version": desk.version})


async def _take(desk: Desk, id_: str, stem: str, data: object) -> dict[str, Any]:
    """One revision: what is wrong with it, or that it is committed."""
    held = data.get("id") if isinstance(data, dict) else None
    reply: dict[str, Any] = {"id": held if isinstance(held, str) else ""}
    try:
        sent = from_json(data)
        secret = sent.kind in SECRET_KINDS
        person = desk.sitting.people[id_]
        revision = as_kept(replace(sent, author=person.name, erased=False, showing=0))
        kinds = {kind: record_type(kind).practice for kind in _kinds(stem)}
        problems = faults(revision, desk.sitting.partnership, kinds)
        if not problems and secret:
            problems = await _ballot(desk, id_, revision)
        elif not problems:
            await asyncio.wrap_future(desk.writer.save(revision))
    except RevisionChanged:
        return reply | {"problems": [["", "was sent before with other words; write it once more"]]}
    except InputError as error:
        return reply | {"problems": [["", error.what]]}
    except PlaybookError as error:
        return reply | {"failed": error.what}
    except Exception as error:  # the phone must learn that it was not saved, whatever it was
        return reply | {"failed": f"{type(error).__name__}: {error}"}
    if problems:
        return reply | {"problems": [list(fault) for fault in problems]}
    desk.bump()
    return reply | {"saved": True, "version": desk.version}


async def _ballot(desk: Desk, id_: str, revision: Revision) -> list[Fault]:
    """Store a secret answer: one a person, while its round is open."""
    if revision.parents or revision.deleted:
        return [("", "An answer that was handed in stays as it is. Nothing was saved.")]
    when = str(revision.payload.get("round", ""))
    mark = desk.sitting.mark(id_, revision.kind, when)
    await asyncio.wrap_future(desk.writer.save(revision, mark))
    return []


# What is going on ------------------------------------------------------------------------------


async def _now(desk: Desk, request: Request) -> Response:
    _person(desk, request)
    since = request.query_params.get("since", "")
    if since == str(desk.version):
        return JSONResponse({"version": desk.version})
    return JSONResponse(await _state(desk))


async def _state(desk: Desk) -> dict[str, Any]:
    sitting = desk.sitting
    step = sitting.steps[sitting.step] if sitting.begun and sitting.steps else None
    answered = await run_in_threadpool(_answered, desk)
    names = sorted(person.name for person in sitting.people.values() if person.name)
    return {
        "version": desk.version,
        "step": None
        if step is None
        else {
            "number": sitting.step + 1,
            "of": len(sitting.steps),
            "title": step.title,
            "what": step.what,
            "say": step.say,
        },
        "next": sitting.steps[sitting.step + bool(step)].title
        if sitting.step + bool(step) < len(sitting.steps)
        else "",
        "ends": sitting.ends,
        "now": time.time(),
        "people": len(sitting.people),
        "names": names,
        "answered": answered,
        "ending": desk.ending,
    }


def _answered(desk: Desk) -> dict[str, Any]:
    """Worksheet -> how many records stand, and how many secret answers each open round has."""
    heads = desk.store.heads(desk.sitting.partnership)
    found: dict[str, Any] = {}
    for stem in desk.sitting.stems:
        secret = set(secret_kinds(stem))
        rounds: dict[str, int] = {}
        for head in heads:
            if head.kind in secret and not head.showing and not head.waiting:
                when = str(head.payload.get("round", ""))
                rounds[when] = rounds.get(when, 0) + 1
        own = sum(h.practice == stem and h.kind not in secret for h in current(heads))
        shown = not secret or stem in desk.sitting.shown
        found[stem] = {"records": own, "rounds": rounds, "secret": bool(secret), "shown": shown}
    return found


async def _screen(desk: Desk, request: Request) -> Response:
    return _led(desk, request, lambda: pages.screen(desk.name, desk.address, desk.sitting))


async def _lead(desk: Desk, request: Request) -> Response:
    return _led(desk, request, lambda: pages.lead(desk.name, desk.address, desk.sitting))


def _led(desk: Desk, request: Request, page: Callable[[], str]) -> Response:
    """A page of the facilitator's; the key in its link becomes a cookie, and leaves the address."""
    key = request.query_params.get("key", "")
    if pages.same(key, desk.sitting.lead):
        return _with_cookie(RedirectResponse(request.url.path, 303), request, LEAD, key)
    _facilitator(desk, request)
    return HTMLResponse(page())


async def _picture(desk: Desk, request: Request) -> Response:
    _facilitator(desk, request)
    stem = _stem(desk, request)
    if secret_kinds(stem) and stem not in desk.sitting.shown:
        return HTMLResponse(pages.kept_back())
    return HTMLResponse(
        await run_in_threadpool(picture, desk.store, stem, desk.sitting.partnership)
    )


async def _act(desk: Desk, request: Request) -> Response:
    _facilitator(desk, request)
    said = await _body(request)
    what = said.get("do") if _is_map(said) else None
    sitting = desk.sitting
    if what in ("next", "back"):
        sitting.go(1 if what == "next" else -1)
    elif what == "more":
        sitting.lengthen(5)
    elif what == "show" and said.get("stem") in sitting.stems:
        sitting.shown = sorted({*sitting.shown, str(said["stem"])})
        sitting.save()
    elif what == "close" and said.get("stem") in sitting.stems:
        return await _close(desk, said)
    else:
        raise Refused(400, "There is no such button.")
    desk.bump()
    return JSONResponse({"done": True})


async def _close(desk: Desk, said: Mapping[str, Any]) -> Response:
    """Close a round for good: asked once more, with how many have not answered."""
    stem, when, sitting = str(said["stem"]), str(said.get("round", "")), desk.sitting
    count = (await run_in_threadpool(_answered, desk))[stem]["rounds"].get(when, 0)
    if not count:
        raise Refused(409, "This round has no answers, so there is nothing to close.")
    if said.get("sure") is not True:
        return JSONResponse({"ask": {"answers": count, "people": len(sitting.people)}})
    for kind in sorted(CLOSING_KINDS):
        if record_type(kind).closes in secret_kinds(stem):
            closing = closing_of(sitting.partnership, record_type(kind), {"round": when})
            sitting.shown = [one for one in sitting.shown if one != stem]
            sitting.save()
            await asyncio.wrap_future(desk.writer.save(closing))
    desk.bump()
    return JSONResponse({"done": True})


async def _events(desk: Desk, request: Request) -> Response:
    _facilitator(desk, request)

    async def stream() -> AsyncIterator[str]:
        yield "retry: 1000\n\n"
        while not desk.ending:
            changed = desk.changed
            light = {"reached": desk.reached, "code": desk.sitting.code}
            yield f"data: {json.dumps(await _state(desk) | light)}\n\n"
            try:
                await asyncio.wait_for(changed.wait(), BEAT)
                await asyncio.sleep(0.5)  # at most two pictures a second
            except TimeoutError:
                pass

    unbuffered = {"X-Accel-Buffering": "no"}
    return StreamingResponse(stream(), media_type="text/event-stream", headers=unbuffered)


async def _static(desk: Desk, request: Request) -> Response:
    found = pages.assets().get(str(request.path_params["file"]))
    if found is None:
        raise Refused(404, "There is no such file.")
    content, media_type = found
    return Response(content, media_type=media_type)
