"""Serving the finished site on this computer only, for a look before it is published.

Reports and the portfolio are served from where they are written: a batch that is run in another
window shows at once, and the page only has to be loaded again.
"""

from __future__ import annotations

import errno
from collections.abc import Mapping
from fnmatch import fnmatch
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

from playbook_helpers.errors import InputError

ADDRESS = "127.0.0.1"
KEPT_BACK = ("*.failed.ipynb", "*.made-from.json")
"""What lies beside reports and is no page: a failed notebook may name folders of this computer."""


class _Handler(SimpleHTTPRequestHandler):
    """Files only, no folder listings, nothing kept by the browser, nothing logged."""

    def __init__(self, *given: Any, live: Mapping[str, Path], **settings: Any) -> None:
        self._live = live
        super().__init__(*given, **settings)

    def translate_path(self, path: str) -> str:
        """The file for a path: one that was written since, before the site's own copy."""
        copy = Path(super().translate_path(path))
        if self._live and copy.is_relative_to(self.directory):
            first, *rest = copy.relative_to(self.directory).parts or ("",)
            kept_back = any(fnmatch(copy.name, pattern) for pattern in KEPT_BACK)
            if first in self._live and not kept_back:
                fresh = self._live[first].joinpath(*rest)
                if fresh.is_file() or (fresh / "index.html").is_file():
                    return str(fresh)
        return str(copy)

    def end_headers(self) -> None:
        self.send_header("Cache-Control", "no-store")
        self.send_header("X-Content-Type-Options", "nosniff")
        super().end_headers()

    def list_directory(self, path: Any) -> None:
        self.send_error(404, "There is no page here")

    def log_message(self, format: str, *args: Any) -> None:  # noqa: A002 - the base class's name
        pass


def server_for(
    folder: Path, port: int, live: Mapping[str, Path] | None = None
) -> ThreadingHTTPServer:
    """A server of `folder` on this computer, at `port` or the next free one of twenty.

    `live` says for folders at its top where else a file is looked for first. Port 0 takes any
    free port. Raises InputError if none is free.
    """
    handler = partial(_Handler, directory=str(folder), live=live or {})
    for candidate in range(port, port + 20) if port else (0,):
        try:
            return ThreadingHTTPServer((ADDRESS, candidate), handler)
        except OSError as error:
            if error.errno not in (errno.EADDRINUSE, errno.EACCES):
                raise
    raise InputError(
        "No free port was found", value=port, allowed="another port: --port 9000, or --port 0"
    )
