"""Serving the finished site on this computer only, for a look before it is published."""

from __future__ import annotations

import errno
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

from playbook_helpers.errors import InputError

ADDRESS = "127.0.0.1"


class _Handler(SimpleHTTPRequestHandler):
    """Files only, no folder listings, nothing kept by the browser, nothing logged."""

    def end_headers(self) -> None:
        self.send_header("Cache-Control", "no-store")
        self.send_header("X-Content-Type-Options", "nosniff")
        super().end_headers()

    def list_directory(self, path: Any) -> None:
        self.send_error(404, "There is no page here")

    def log_message(self, format: str, *args: Any) -> None:  # noqa: A002 - the base class's name
        pass


def server_for(folder: Path, port: int) -> ThreadingHTTPServer:
    """A server of `folder` on this computer, at `port` or the next free one of twenty.

    Port 0 takes any free port. Raises InputError if none is free.
    """
    handler = partial(_Handler, directory=str(folder))
    for candidate in range(port, port + 20) if port else (0,):
        try:
            return ThreadingHTTPServer((ADDRESS, candidate), handler)
        except OSError as error:
            if error.errno not in (errno.EADDRINUSE, errno.EACCES):
                raise
    raise InputError(
        "No free port was found", value=port, allowed="another port: --port 9000, or --port 0"
    )
