"""Limits on connections, so that one that says nothing, or drips, holds nothing up for long.

uvicorn ends a connection that is idle after a reply. These limits are for the rest: one that
never asks, one that takes minutes over its question, one that does not take its reply, and too
many at once.
"""

from __future__ import annotations

import asyncio
from typing import Any, cast

from starlette.types import ASGIApp, Receive, Scope, Send
from uvicorn.protocols.http.h11_impl import H11Protocol

ASK_WITHIN = 15.0
"""Seconds in which a connection has to have asked, from its beginning or its last reply."""
TAKE_WITHIN = 300.0
"""Seconds in which a reply has to have been taken."""
MOST = 200
"""Connections at once; a browser opens about six."""


def limited(
    app: ASGIApp,
    *,
    ask_within: float = ASK_WITHIN,
    take_within: float = TAKE_WITHIN,
    most: int = MOST,
) -> tuple[ASGIApp, type[asyncio.Protocol]]:
    """The application and the protocol (`uvicorn.Config(http=...)`) that hold to the limits."""
    open_now: dict[object, _Limited] = {}

    class _Limited(H11Protocol):
        """One connection, cut when its time is over."""

        def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]
            super().connection_made(transport)
            self._whose = _client(transport.get_extra_info("peername"))
            self._ending: asyncio.TimerHandle | None = None
            if len(open_now) >= most:
                transport.abort()
                return
            open_now[self._whose] = self
            self.end_in(ask_within)

        def end_in(self, seconds: float) -> None:
            """Cut the connection after so many seconds, unless told otherwise before."""
            if self._ending is not None:
                self._ending.cancel()
            self._ending = asyncio.get_running_loop().call_later(seconds, self.transport.abort)

        def connection_lost(self, exc: Exception | None) -> None:
            super().connection_lost(exc)
            open_now.pop(self._whose, None) if open_now.get(self._whose) is self else None
            if self._ending is not None:
                self._ending.cancel()

    async def timed(scope: Scope, receive: Receive, send: Send) -> None:
        own = open_now.get(_client(scope.get("client")))
        if own is not None:
            own.end_in(take_within)
        try:
            await app(scope, receive, send)
        finally:
            if own is not None and open_now.get(_client(scope.get("client"))) is own:
                own.end_in(ask_within)

    return timed, cast("type[asyncio.Protocol]", _Limited)


def _client(address: Any) -> object:
    return tuple(address[:2]) if address else None
