"""Mending what the theme and its parts leave short of WCAG 2.2, in the finished pages.

Each mend names what it is for. They are plain replacements of markup that the pinned versions
write; the browser tests fail when an update writes it otherwise.
"""

from __future__ import annotations

import re
from pathlib import Path

from playbook_helpers.core.errors import PlaybookError

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
    # The two buttons at the top are named for who built the page. `static/page.js` says whether
    # they are open.
    (
        'title="Toggle primary sidebar" data-bs-placement="bottom" data-bs-toggle="tooltip"',
        'title="Menu" aria-label="Menu"',
    ),
    (
        'title="Toggle secondary sidebar" data-bs-placement="bottom" data-bs-toggle="tooltip"',
        'title="On this page" aria-label="On this page"',
    ),
    # Roles that ARIA has given up, and a list whose children are not its items.
    (' role="doc-biblioentry"', ""),
    ('<div role="list" class="citation-list">', '<div class="citation-list">'),
)

# A header that is never seen holds a second button for the menu and for "On this page", and the
# theme's scripts listen to these alone. They still ask for its height: it has none.
_HEADER = re.compile(r'<header id="pst-header".*?</header>', re.DOTALL)

# Running cells on someone else's server is switched off, but its loader is put on every page all
# the same, twice, and names another host.
_LIVE_CODE = re.compile(
    r"<script>const THEBE_JS_URL[^<]*</script>\s*"
    r"|<script[^>]*sphinx-thebe[^>]*></script>\s*"
    r"|<link[^>]*sphinx-thebe[^>]*>\s*"
    r'|<script type="text/x-thebe-config">[^<]*</script>\s*'
    r"|<script>kernelName = [^<]*</script>\s*"
)

# Scripts that stand in pages. What they do is done by `static/page.js`, or is asked for by nobody.
_IN_PAGE = re.compile(
    r"<script(?: data-cfasync=\"false\")?>\s*(?:"
    r"document\.documentElement\.dataset\.mode = "
    r"|(?:let|var) toggle\w+ = "
    r"|DOCUMENTATION_OPTIONS\.(?:pagename|search_as_you_type) ?= "
    r"|// Activate the search field on page load\s"
    r")[^<]*</script>\s*"
)
_SCRIPT = re.compile(r"<script(?![^>]*\ssrc=)(?![^>]*\stype=\"application/json\")[^>]*>")

# From a disk a page may not read its neighbours: search shows names without a piece of the text.
_SUMMARY = ("SHOW_SEARCH_SUMMARY: true", 'SHOW_SEARCH_SUMMARY: location.protocol !== "file:"')


class PageError(PlaybookError):
    """A page holds what no finished page may hold: an update of the theme writes it otherwise."""

    exit_code = 1


def finish_pages(folder: Path) -> int:
    """Mend every page in `folder`; how many were changed.

    Raises PageError for a page with a script in it, which the site's policy would not run.
    """
    # Pages of the theme's own building that were never meant to be read.
    for leftover in (folder / "_static").glob("*webpack-macros.html"):
        leftover.unlink()
    options = folder / "_static" / "documentation_options.js"
    if options.is_file():
        options.write_text(options.read_text("utf-8").replace(*_SUMMARY), "utf-8")
    changed = 0
    for path in folder.rglob("*.html"):
        before = path.read_text("utf-8")
        after = finished(before)
        script = _SCRIPT.search(after)
        if script is not None:
            raise PageError(
                "A page of the book has a script in it",
                value=f"{path.relative_to(folder)}: {after[script.start() :][:120]}",
                allowed="scripts in files: the site's policy runs no others",
            )
        if after != before:
            path.write_text(after, "utf-8")
            changed += 1
    return changed


def finished(html: str) -> str:
    """A page with everything mended.

    >>> finished('<header id="pst-header"><button class="primary-toggle"></button></header>')
    '<div id="pst-header" class="bd-header"></div>'
    """
    html = _IN_PAGE.sub("", _LIVE_CODE.sub("", html))
    html = _HEADER.sub('<div id="pst-header" class="bd-header"></div>', html)
    for found, instead in MENDS:
        html = html.replace(found, instead)
    return html
