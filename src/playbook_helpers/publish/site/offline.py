"""The site without a network: a service worker that knows the book's pages and what they load."""

from __future__ import annotations

import hashlib
import json
import re
from pathlib import Path

SCRIPT = Path(__file__).parent / "static" / "service-worker.js"
_OWN = ("reports", "portfolio", "areas")
"""Folders with what was made of somebody's records: a browser keeps nothing of them."""
_LOADED = re.compile(
    r"<(?:link|script|img)\b[^>]*?\s(?:href|src)=\"(?!data:|https?:|//|#)([^\"?#]+)"
)
_BESIDE = re.compile(r"url\([\"']?(?!data:|https?:|#)([^\"')?#]+)")


def write_service_worker(site: Path) -> Path:
    """Write the site's service worker into its first folder; its path.

    It lists every page of the book and every file that one of them loads, and is another one as
    soon as any of these changes.
    """
    pages = [p for p in sorted(site.rglob("*.html")) if p.relative_to(site).parts[0] not in _OWN]
    found = set(pages)
    for page in pages:
        found |= _named(_LOADED, page)
    for style in [path for path in found if path.suffix == ".css"]:
        found |= _named(_BESIDE, style)
    index = site / "searchindex.js"
    held = sorted(path.relative_to(site.resolve()) for path in map(Path.resolve, found | {index}))
    version = hashlib.sha256()
    names = []
    for name in held:
        if (site / name).is_file():
            version.update((site / name).read_bytes())
            names.append(name.as_posix())
    made = site / SCRIPT.name
    head = f'const VERSION = "{version.hexdigest()[:12]}";\nconst PAGES = {json.dumps(names)};\n'
    made.write_text(head + SCRIPT.read_text("utf-8"), "utf-8")
    return made


def _named(pattern: re.Pattern[str], page: Path) -> set[Path]:
    """The files that a page or a style sheet names, as far as they lie on the site."""
    named = pattern.findall(page.read_text("utf-8"))
    paths = {(page.parent / name).resolve() for name in named}
    return {path for path in paths if path.is_file()}
