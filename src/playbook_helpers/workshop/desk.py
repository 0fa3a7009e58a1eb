"""The desk of a sitting: all that its routes need, and how a request is known and refused."""

from __future__ import annotations

import asyncio
import hashlib
import hmac
import json
import time
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from starlette.requests import Request
from starlette.responses import Response

from playbook_helpers.core.partnership import OVERVIEW, WORKSHEETS
from playbook_helpers.core.records import Record
from playbook_helpers.practices import first_round
from playbook_helpers.practices.kinds import practice_named
from playbook_helpers.storage.database import Store
from playbook_helpers.workshop.limits import Limit
from playbook_helpers.workshop.sitting import Person, Sitting
from playbook_helpers.workshop.writer import Writer

MOST_BYTES = 1_000_000
"""What one request may hold: a phone sends what it kept while it was away."""
SAVES = (120, 60.0)
"""Saves of one person, in so many seconds."""
RETURNS = (6, 60.0)
"""Tries of two words; they are of the whole room, since an address is nobody."""
CODES = (60, 60.0)
"""Wrong codes of the whole room."""
CALLS = (6, 60.0)
"""Calls of one person; of those who are not known yet, of all of them together."""
MOST_ASKS = 50
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
    """Where phones join, with a slash at its end."""
    others: tuple[str, ...]
    """Other addresses of this computer."""
    root: str
    """The path under which a proxy shows the workshop; mostly none."""
    name: str
    end: Callable[[], list[tuple[str, str]]]
    """Exports everything: for each file or folder what it is, and its path."""
    version: int = field(default_factory=lambda: time.time_ns() // 1_000_000)
    changed: asyncio.Event = field(default_factory=asyncio.Event)
    stored: int = 0
    """How often something was stored."""
    lists: dict[str, bytes] = field(default_factory=dict)
    """Worksheet -> its entries as phones are sent them."""
    told: tuple[int, dict[str, Any]] | None = None
    """What everybody may know, and of which version."""
    asking: asyncio.Lock = field(default_factory=asyncio.Lock)
    saves: Limit = field(default_factory=lambda: Limit(*SAVES))
    returns: Limit = field(default_factory=lambda: Limit(*RETURNS))
    codes: Limit = field(default_factory=lambda: Limit(*CODES))
    calls: Limit = field(default_factory=lambda: Limit(*CALLS))
    refused: dict[str, tuple[str, str, float]] = field(default_factory=dict)
    """Revision -> whose (empty of secret answers), what was said against it, and when."""
    reached: float = 0.0
    """When a phone last asked for something, in seconds since 1970."""
    reached_by: str = ""
    """The address by which it did."""
    exported: list[tuple[str, str]] = field(default_factory=list)
    ending: bool = False
    """Whether the server stops: streams end."""

    def bump(self, *, stored: bool = False) -> None:
        """Something is new: pages that wait are told. `stored` says that it is in the store."""
        if stored:
            self.stored += 1
            self.lists.clear()
        self.version += 1
        self.changed.set()
        self.changed = asyncio.Event()


Handler = Callable[[Desk, Request], Awaitable[Response]]


def title_of(stem: str) -> str:
    """The title of a worksheet as a workshop shows it."""
    return first_round.FirstRound.plural if stem == OVERVIEW else WORKSHEETS[stem]


def types_of(stem: str) -> tuple[type[Record], ...]:
    """The record types of a worksheet here; the overview's are those of the first round."""
    return first_round.RECORD_TYPES if stem == OVERVIEW else practice_named(stem).record_types


def secret_kind(stem: str) -> str:
    """The kind of a worksheet whose answers are nobody's; empty where there is none."""
    return next((type_.kind for type_ in types_of(stem) if type_.pseudonymous), "")


def same(given: str, wanted: str) -> bool:
    """Whether two texts are the same, told in a time that does not say where they differ."""
    return hmac.compare_digest(given.encode("utf-8", "replace"), wanted.encode())


async def body(request: Request) -> Mapping[str, Any]:
    """The JSON object that a request sends; one without entries where it sends none."""
    held = bytearray()
    async for part in request.stream():
        held += part
        if len(held) > MOST_BYTES:
            raise Refused(413, "This is too large to be sent at once. It stays on this phone.")
    try:
        said = json.loads(bytes(held))
    except (ValueError, RecursionError):
        raise Refused(400, "This is not JSON. Nothing was changed.") from None
    return said if isinstance(said, dict) else {}


def reached(desk: Desk, request: Request) -> None:
    """A phone got through."""
    first = not desk.reached
    desk.reached, desk.reached_by = time.time(), request.headers.get("host", "")
    if first:
        desk.bump()


def known(desk: Desk, request: Request) -> str:
    """The id of the person whose phone asks; empty for a stranger."""
    return desk.sitting.who(request.cookies.get(PERSON, ""))


def person(desk: Desk, request: Request) -> str:
    """The id of the person whose phone asks. Raises Refused for a stranger."""
    id_ = known(desk, request)
    if not id_:
        raise Refused(401, "Please join again. What you wrote stays on this phone.")
    reached(desk, request)
    return id_


def leads(desk: Desk, request: Request) -> bool:
    """Whether whoever leads asks."""
    return same(request.cookies.get(LEAD, ""), desk.sitting.lead)


def facilitator(desk: Desk, request: Request) -> None:
    """Raises Refused unless whoever leads asks."""
    if not leads(desk, request):
        raise Refused(403, "This page is for whoever leads: open it by the link they were given.")


def stem_of(desk: Desk, request: Request) -> str:
    """The worksheet that a request names. Raises Refused where the workshop has none such."""
    stem = str(request.path_params["stem"])
    if stem not in desk.sitting.stems:
        raise Refused(404, "This worksheet is not part of the workshop.")
    return stem


def writer_of(desk: Desk, request: Request) -> tuple[str, Person]:
    """Who types: a person, or whoever leads (who types paper slips and cards)."""
    if leads(desk, request) and request.headers.get("x-paper"):
        return "", Person("", "")
    id_ = person(desk, request)
    return id_, desk.sitting.people[id_]


def with_cookie(
    desk: Desk, response: Response, request: Request, name: str, value: str
) -> Response:
    """The response, with a cookie for this workshop alone."""
    response.set_cookie(
        name,
        value,
        _DAY,
        path=f"{desk.root}/",
        httponly=True,
        samesite="lax",
        secure=request.url.scheme == "https" or desk.address.startswith("https:"),
    )
    return response


def build_of(contents: list[bytes]) -> str:
    """A short name of what pages are made of: one that is older has another."""
    return hashlib.sha256(b"\0".join(contents)).hexdigest()[:12]


def wait(seconds: int) -> dict[str, str]:
    """The header that says when to try again."""
    return {"Retry-After": str(seconds)}
