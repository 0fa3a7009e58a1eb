"""What other programs may do with the site's pages, as headers of a reply.

`playbook serve` sends them. Hosts that read a file `_headers` beside the pages do so too.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from pathlib import Path

_EVERYWHERE = "object-src 'none'; base-uri 'none'; form-action 'self'; frame-ancestors 'none'"
_POLICIES = {
    # A page of the book runs the site's own script files and no others; none may stand in a page.
    # The page's engine is WebAssembly. Charts and the theme carry styles in their elements. The
    # engine's worker reads what it fetched as a blob.
    "": "default-src 'self'; script-src 'self' 'wasm-unsafe-eval'; "
    "style-src 'self' 'unsafe-inline'; img-src 'self' data:; font-src 'self'; "
    "connect-src 'self' blob:; " + _EVERYWHERE,
    "reports": "default-src 'none'; style-src 'unsafe-inline'; img-src 'self' data:; "
    + _EVERYWHERE,
    # Its page names the one script that it runs by its hash; this adds to that and takes nothing.
    "portfolio": "default-src 'none'; script-src 'unsafe-inline'; style-src 'unsafe-inline'; "
    "img-src 'self' data:; " + _EVERYWHERE,
}
_HEADERS = {
    "Cross-Origin-Resource-Policy": "same-origin",
    "Referrer-Policy": "no-referrer",
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
}
_ENGINE = re.compile(r"/_static/engine/[0-9a-f]{12}/")
"""Where the page's engine lies, in a folder named for what it holds: it never changes."""
_FOR_GOOD = "public, max-age=31536000, immutable"


def policy_for(path: str) -> str:
    """The Content-Security-Policy of a page.

    >>> "script-src 'self'" in policy_for("/book/goals.html")
    True
    >>> "script-src" in policy_for("/reports/our-town/index.html")
    False
    """
    parts = path.strip("/").split("/")
    if parts[0] == "areas":
        parts = parts[1:] or [""]
    return _POLICIES.get(parts[0], _POLICIES[""])


def headers_for(path: str) -> Mapping[str, str]:
    """The headers of a page or file of the site.

    >>> headers_for("/_static/engine/0123456789ab/worker.mjs")["Cache-Control"]
    'public, max-age=31536000, immutable'
    """
    kept = {"Cache-Control": _FOR_GOOD} if _ENGINE.match(path) else {}
    return {**_HEADERS, "Content-Security-Policy": policy_for(path), **kept}


def write_headers(site: Path) -> Path:
    """Write `_headers` into the site's first folder, for hosts that read it; its path."""
    engines = [f"/_static/engine/{p.name}/*" for p in site.glob("_static/engine/*")]
    folders = [f"/{name}/*" for name in _POLICIES if name and (site / name).is_dir()]
    blocks = []
    for pattern in ("/*", *folders, *engines):
        told = headers_for(pattern.replace("*", "index.html"))
        # A host adds up what fits; what is said again has to take back what was said before.
        again = [] if pattern == "/*" else ["  ! Content-Security-Policy"]
        blocks.append("\n".join([pattern, *again, *(f"  {k}: {v}" for k, v in told.items())]))
    made = site / "_headers"
    made.write_text("\n".join(blocks) + "\n", "utf-8")
    return made
