"""Mending what the theme and its parts leave short of WCAG 2.2, in the finished pages.

Each mend names what it is for. They are plain replacements of markup that the pinned versions
write; the browser tests fail when an update writes it otherwise.
"""

from __future__ import annotations

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


def finish_pages(folder: Path) -> int:
    """Mend every page in `folder`; how many were changed."""
    changed = 0
    for path in folder.rglob("*.html"):
        before = after = path.read_text("utf-8")
        for found, instead in MENDS:
            after = after.replace(found, instead)
        if after != before:
            path.write_text(after, "utf-8")
            changed += 1
    return changed
