"""The routes of a sitting, and what holds for every request.

Phones join, fill in forms and send answers; the facilitator's link alone leads to the screen and to
what steers. "Saved" is answered after the commit. A request is answered only under the names that
the server was given, a change only where the page that asks is one of its own, and only as JSON.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Collection, Sequence
from urllib.parse import urlsplit

from starlette.applications import Starlette
from starlette.datastructures import MutableHeaders
from starlette.middleware import Middleware
from starlette.requests import ClientDisconnect, Request
from starlette.responses import HTMLResponse, JSONResponse, PlainTextResponse, Response
from starlette.routing import Route
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from playbook_helpers.core.errors import InputError, PlaybookError
from playbook_helpers.storage.database import Store
from playbook_helpers.workshop import filling, joining, leading, pages
from playbook_helpers.workshop.desk import Desk, Handler, Refused
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
ROUTES: tuple[tuple[str, str, Handler], ...] = (
    ("GET", "/", joining.join_page),
    ("GET", "/j/{code}", joining.join_page),
    ("POST", "/join", joining.join),
    ("POST", "/back", joining.come_back),
    ("POST", "/ask-in", joining.ask_in),
    ("POST", "/let-in", joining.let_in),
    ("POST", "/leave", joining.leave),
    ("POST", "/call", joining.call),
    ("GET", "/w/{stem}", filling.worksheet),
    ("GET", "/paper/{stem}", filling.paper),
    ("GET", "/list/{stem}", filling.entries),
    ("POST", "/save/{stem}", filling.save),
    ("POST", "/vote", filling.vote),
    ("GET", "/now", filling.now),
    ("GET", "/screen", leading.screen),
    ("GET", "/lead", leading.lead),
    ("GET", "/invite", leading.invite),
    ("POST", "/lead", leading.act),
    ("GET", "/picture/{stem}", leading.picture_of),
    ("GET", "/vote/{vote}", leading.vote_of),
    ("GET", "/events", leading.events),
)


def workshop_app(
    sitting: Sitting,
    store: Store,
    *,
    hosts: Collection[str],
    address: str,
    name: str,
    end: Callable[[], list[tuple[str, str]]],
    others: Sequence[str] = (),
) -> tuple[Starlette, Desk]:
    """The application of a sitting, and its desk. `hosts` are the names it answers under."""
    desk = Desk(
        sitting,
        store,
        Writer(store),
        frozenset(host.lower() for host in hosts),
        address,
        tuple(others),
        urlsplit(address).path.rstrip("/"),
        name,
        end,
    )
    routes = [
        Route(path, _guarded(desk, handler), methods=[method]) for method, path, handler in ROUTES
    ]
    routes.append(Route("/static/{file}", _guarded(desk, _static), methods=["GET"]))
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


def _guarded(desk: Desk, handler: Handler) -> Callable[[Request], Awaitable[Response]]:
    async def answer(request: Request) -> Response:
        try:
            if request.method == "POST":
                _check_origin(request)
            return await handler(desk, request)
        except Refused as refused:
            return _told(desk, request, refused.words, refused.status, refused.headers)
        except ClientDisconnect:
            return Response(status_code=400)
        except InputError as error:
            return _told(desk, request, error.what, 409)
        except PlaybookError as error:
            kept = f" Kept: {error.kept}." if error.kept else ""
            return _told(desk, request, f"{error.what}.{kept}", 503)

    return answer


def _told(
    desk: Desk, request: Request, words: str, status: int, headers: dict[str, str] | None = None
) -> Response:
    """A sentence, as the page that asked can show it."""
    page = request.method == "GET" and "text/html" in request.headers.get("accept", "")
    if page:
        return HTMLResponse(pages.told(desk, words), status, headers)
    return JSONResponse({"failed": words}, status, headers)


def _check_origin(request: Request) -> None:
    """A page of somebody else in the same browser changes nothing here."""
    origin = urlsplit(request.headers.get("origin", ""))
    if not origin.netloc or origin.netloc.lower() != request.headers.get("host", "").lower():
        raise Refused(403, "This was sent from another page. Nothing was changed.")
    if request.headers.get("content-type", "").partition(";")[0].strip() != "application/json":
        raise Refused(415, "This is taken as JSON only. Nothing was changed.")


async def _static(desk: Desk, request: Request) -> Response:
    found = pages.assets().get(str(request.path_params["file"]))
    if found is None:
        raise Refused(404, "There is no such file.")
    content, media_type = found
    return Response(content, media_type=media_type)
