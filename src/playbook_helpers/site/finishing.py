"""Mending what the theme and its parts leave short of WCAG 2.2, in the finished pages.

Each mend names what it is for. They are plain replacements of markup that the pinned versions
write; the browser tests fail when an update writes it otherwise.
"""

from __future__ import annotations

import re
from pathlib import Path

MENDS: tuple[tuple[str, str], ...] = (
    # The arrow that folds a chapter's pages away has no name.
    (
        '<summary><span class="toctree-toggle"',
        '<summary aria-label="Pages of this chapter"><span class="toctree-toggle"',
    ),
    # The sidebar's title stands in no landmark.
    (
        '<div id="pst-primary-sidebar" class="bd-sidebar-primary bd-sidebar">',
        '<div id="pst-primary-sidebar" class="bd-sidebar-primary bd-sidebar" '
        'role="region" aria-label="The book">',
    ),
    # Roles that ARIA has given up, and a list whose children are not its items.
    (' role="doc-biblioentry"', ""),
    ('<div role="list" class="citation-list">', '<div class="citation-list">'),
)

# Running cells on someone else's server is switched off, but its loader is put on every page all
# the same, twice, and names another host.
_LIVE_CODE = re.compile(
    r"<script>const THEBE_JS_URL[^<]*</script>\s*"
    r"|<script[^>]*sphinx-thebe[^>]*></script>\s*"
    r"|<link[^>]*sphinx-thebe[^>]*>\s*"
)


def finish_pages(folder: Path) -> int:
    """Mend every page in `folder`; how many were changed."""
    # Pages of the theme's own building that were never meant to be read.
    for leftover in (folder / "_static").glob("*webpack-macros.html"):
        leftover.unlink()
    changed = 0
    for path in folder.rglob("*.html"):
        before = path.read_text("utf-8")
        after = _LIVE_CODE.sub("", before)
        for found, instead in MENDS:
            after = after.replace(found, instead)
        if after != before:
            path.write_text(after, "utf-8")
            changed += 1
    return changed
