"""Serving the finished site on this computer only, for a look before it is published.

Reports and the portfolio are served from where they are written: a batch that is run in another
window shows at once, and the page only has to be loaded again.

Another web page in the same browser must not be able to read them. So a request is answered only
under a name of this computer, no page may be put into a frame of another, and nothing is served
that is not a page: no file whose name begins with a dot, and nothing that a link leads to outside
of the folder.
"""

from __future__ import annotations

import errno
import mimetypes
import os
import signal
import socket
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from fnmatch import fnmatch
from pathlib import Path
from threading import current_thread, main_thread
from types import FrameType

import uvicorn
from starlette.applications import Starlette
from starlette.datastructures import MutableHeaders
from starlette.middleware import Middleware
from starlette.middleware.gzip import GZipMiddleware
from starlette.middleware.trustedhost import TrustedHostMiddleware
from starlette.responses import HTMLResponse, Response
from starlette.routing import Mount
from starlette.staticfiles import StaticFiles
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from playbook_helpers.core.errors import InputError
from playbook_helpers.publish.site.connections import limited
from playbook_helpers.publish.site.policy import headers_for
from playbook_helpers.publish.site.published import KEPT_BACK, with_ways_back

ADDRESS = "127.0.0.1"
HOSTS = ("localhost", ADDRESS, "[::1]")
"""The names under which this computer is asked. A page from elsewhere that has its own name lead
here (DNS rebinding) still asks under that name, and gets nothing."""
GRACE = 2
"""Seconds that replies under way are given when the server is asked to end."""


class _Pages(StaticFiles):
    """Files of some folders, the first that has it; no dotfiles, no links out, no listings.

    Pages from the folder `live` are those of reports as they were written, and get their links to
    the guide on the way.
    """

    def __init__(self, folders: Sequence[Path], live: Path | None = None) -> None:
        super().__init__(html=True, check_dir=False)
        self.all_directories = list(folders)
        self._live = os.path.realpath(live) + os.sep if live else ""

    def file_response(
        self,
        full_path: str | os.PathLike[str],
        stat_result: os.stat_result,
        scope: Scope,
        status_code: int = 200,
    ) -> Response:
        path = os.fspath(full_path)
        if self._live and path.endswith(".html") and path.startswith(self._live):
            html = Path(path).read_text("utf-8")
            place = scope["path"].removeprefix("/")
            if place.endswith("/"):
                place += "index.html"
            return HTMLResponse(with_ways_back(html, place), status_code)
        return super().file_response(full_path, stat_result, scope, status_code)

    def lookup_path(self, path: str) -> tuple[str, os.stat_result | None]:
        found, about = super().lookup_path(path)
        # By the name that was asked for, and by the file's own: a link may stand between them,
        # and some systems take another spelling for the same file.
        homes = [os.path.realpath(folder) + os.sep for folder in self.all_directories]
        own = [found.removeprefix(home) for home in homes if found.startswith(home)]
        if any(_is_kept_back(name) for each in (path, *own) for name in Path(each).parts):
            return "", None
        return found, about


def _is_kept_back(name: str) -> bool:
    hidden = name.startswith(".") and name != "."
    return hidden or any(fnmatch(name.lower(), pattern) for pattern in KEPT_BACK)


class _Guarded:
    """Adds the headers that every reply carries, errors too."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        async def add(message: Message) -> None:
            if message["type"] == "http.response.start":
                headers = MutableHeaders(scope=message)
                headers["Cache-Control"] = "no-store"
                headers.update(headers_for(scope.get("path", "")))
            await send(message)

        await self._app(scope, receive, add)


def site_app(
    folder: Path, live: Mapping[str, Path] | None = None, hosts: Sequence[str] = HOSTS
) -> Starlette:
    """The site as an ASGI application.

    `live` says for folders at its top where else a file is looked for first. `hosts` are the
    names under which it answers.
    """
    routes = [
        Mount(f"/{name}", _Pages([fresh, folder / name], fresh))
        for name, fresh in (live or {}).items()
    ]
    guards = [
        Middleware(_Guarded),
        Middleware(TrustedHostMiddleware, allowed_hosts=list(hosts), www_redirect=False),
        Middleware(GZipMiddleware, compresslevel=5),
    ]
    return Starlette(routes=[*routes, Mount("/", _Pages([folder]))], middleware=guards)


class SiteServer:
    """A site on this computer: bound to its port when it is made, answering while it runs."""

    def __init__(self, listening: socket.socket, app: ASGIApp) -> None:
        self._socket = listening
        app, protocol = limited(app)
        self._server = uvicorn.Server(
            uvicorn.Config(
                app,
                http=protocol,
                ws="none",
                lifespan="off",
                log_config=None,
                log_level="critical",
                access_log=False,
                server_header=False,
                proxy_headers=False,  # nothing stands before it: a client would write them
                timeout_graceful_shutdown=GRACE,
            )
        )

    @property
    def port(self) -> int:
        """The port it is bound to."""
        return int(self._socket.getsockname()[1])

    @property
    def address(self) -> str:
        """The address of its first page."""
        return f"http://{ADDRESS}:{self.port}/"

    def run(self) -> None:
        """Answer until `stop`, Ctrl-C or SIGTERM; open connections get a moment to end."""
        with _signals_that_return():
            self._server.run(sockets=[self._socket])

    def stop(self) -> None:
        """Have `run` come back; from any thread."""
        self._server.should_exit = True

    def close(self) -> None:
        """Give the port back."""
        self._socket.close()


def server_for(folder: Path, port: int, live: Mapping[str, Path] | None = None) -> SiteServer:
    """A server of `folder` on this computer, at `port` or the next free one of twenty.

    `live` is as for `site_app`. Port 0 takes any free port. Raises InputError if none is free.
    """
    # Windows may have been told otherwise by some program, and a script of the wrong type is
    # not run.
    mimetypes.add_type("text/javascript", ".js")
    for candidate in range(port, min(port + 20, 65_536)) if port else (0,):
        try:
            listening = socket.create_server((ADDRESS, candidate))
        except OSError as error:
            if error.errno not in (errno.EADDRINUSE, errno.EACCES):
                raise
        else:
            return SiteServer(listening, site_app(folder, live))
    raise InputError(
        "No free port was found", value=port, allowed="another port: --port 9000, or --port 0"
    )


@contextmanager
def _signals_that_return() -> Iterator[None]:
    """Within the block a signal to end does no more than that: uvicorn, which has ended orderly
    by then, raises it once more for whoever was there before."""
    if current_thread() is not main_thread():
        yield
        return

    def heard(number: int, frame: FrameType | None) -> None:
        pass

    before = {sign: signal.signal(sign, heard) for sign in (signal.SIGINT, signal.SIGTERM)}
    try:
        yield
    finally:
        for sign, handler in before.items():
            signal.signal(sign, handler)
