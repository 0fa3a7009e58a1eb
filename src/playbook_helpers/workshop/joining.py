"""Joining a sitting, coming back to it, and handing a phone on."""

from __future__ import annotations

from starlette.requests import Request
from starlette.responses import HTMLResponse, JSONResponse, Response

from playbook_helpers.workshop import pages
from playbook_helpers.workshop.desk import (
    MOST_ASKS,
    PERSON,
    Desk,
    Refused,
    body,
    known,
    person,
    reached,
    same,
    wait,
    with_cookie,
)

LONGEST_NAME = 60


async def join_page(desk: Desk, request: Request) -> Response:
    """The first page: code, a name or none; or the way on for whoever is here already."""
    reached(desk, request)
    code = str(request.path_params.get("code", "")).upper()[:12]
    here = desk.sitting.people.get(known(desk, request))
    return HTMLResponse(pages.join(desk, code, here))


async def join(desk: Desk, request: Request) -> Response:
    """Somebody new, by the code on the screen."""
    held = await body(request)
    code = str(held.get("code", ""))
    if not same("".join(code.upper().split()), desk.sitting.code):
        if not desk.codes.allows("code"):
            raise Refused(429, "Too many wrong codes in this room. Wait a minute.", wait(60))
        return JSONResponse({"problems": [["code", "is not the code on the screen"]]}, 400)
    name = _name(held.get("name", ""))
    if name is None:
        words = f"takes up to {LONGEST_NAME} letters"
        return JSONResponse({"problems": [["name", words]]}, 400)
    id_, _ = desk.sitting.join(name)
    desk.bump()
    return _welcome(desk, request, id_)


def _name(said: object) -> str | None:
    """A name on one line; None where it is none."""
    name = " ".join(str(said).split())
    return name if len(name) <= LONGEST_NAME and (name.isprintable() or not name) else None


def _welcome(desk: Desk, request: Request, id_: str) -> Response:
    one = desk.sitting.people[id_]
    reply = {"joined": True, "words": one.words, "stem": pages.now_at(desk.sitting)}
    return with_cookie(desk, JSONResponse(reply), request, PERSON, desk.sitting.cookie(id_))


async def come_back(desk: Desk, request: Request) -> Response:
    """Somebody who was here before, by their two words."""
    held = await body(request)
    if not desk.returns.allows("words"):
        words = "Six tries a minute are allowed in this room. Ask whoever leads to let you in."
        raise Refused(429, words, wait(60))
    id_ = desk.sitting.by_words(str(held.get("words", "")))
    if not id_:
        return JSONResponse({"problems": [["words", "are not the two words of anybody here"]]}, 400)
    return _welcome(desk, request, id_)


async def ask_in(desk: Desk, request: Request) -> Response:
    """Somebody without their two words asks to be let in by whoever leads."""
    held = await body(request)
    if not desk.calls.allows("") or len(desk.sitting.asks) >= MOST_ASKS:
        raise Refused(429, "Several people ask already. Wait a minute, or wave.", wait(60))
    name = _name(held.get("name", ""))
    there = [one for one in desk.sitting.people.values() if name and one.name == name]
    if not there:
        words = "is nobody\u2019s here. Write it as before, or join as somebody new"
        return JSONResponse({"problems": [["as", words]]}, 400)
    one = desk.sitting.ask("return", str(name))
    desk.bump()
    return JSONResponse({"asked": one.id})


async def let_in(desk: Desk, request: Request) -> Response:
    """Whether whoever leads has let somebody in who asked."""
    held = await body(request)
    asked = next((one for one in desk.sitting.asks if one.id == held.get("asked")), None)
    if asked is None or asked.kind != "return":
        return JSONResponse({"no": True})
    if not asked.person:
        return JSONResponse({"waiting": True})
    desk.sitting.done(asked.id)
    desk.bump()
    return _welcome(desk, request, asked.person)


async def leave(desk: Desk, request: Request) -> Response:
    """Hand on: the next person on this phone joins anew."""
    response = JSONResponse({"left": True})
    response.delete_cookie(PERSON, path=f"{desk.root}/")
    return response


async def call(desk: Desk, request: Request) -> Response:
    """A person, or a table that works apart, calls whoever leads."""
    id_ = person(desk, request)
    held = await body(request)
    if not desk.calls.allows(id_):
        raise Refused(429, "They have been called. Wait a minute.", wait(60))
    if held.get("back"):
        desk.sitting.asks = [one for one in desk.sitting.asks if one.person != id_]
        desk.sitting.save()
    else:
        words = " ".join(str(held.get("words", "")).split())[:200]
        words = "".join(sign for sign in words if sign.isprintable())
        desk.sitting.ask("call", desk.sitting.people[id_].name, words, id_)
    desk.bump()
    return JSONResponse({"called": not held.get("back")})
