"""What is done to the book once all of its pages are written.

Each mend names what it is for. They are plain replacements of markup that the pinned versions
write; the browser tests fail when an update writes it otherwise.
"""

from __future__ import annotations

import re
from collections import Counter
from html import unescape
from pathlib import Path

from playbook_helpers.core.errors import PlaybookError

MENDS: tuple[tuple[str, str], ...] = (
    # Headings of the list of pages, without their level.
    ('<p class="caption" role="heading">', '<p class="caption">'),
    # Roles that ARIA has given up, and a list whose children are not its items.
    (' role="doc-biblioentry"', ""),
    ('<div role="list" class="citation-list">', '<div class="citation-list">'),
)

_SCRIPT = re.compile(r"<script(?![^>]*\ssrc=)(?![^>]*\stype=\"application/json\")[^>]*>")
_ARTICLE = re.compile(r'<article class="article">(.*?)</article>', re.DOTALL)
_NO_WORDS = re.compile(r"<(script|style)\b.*?</\1>|<[^>]*>", re.DOTALL)
_WORD = re.compile(r"[^\W\d_]{4,}")
_OFTEN = 3
"""A word that is used less often may be a slip itself, or a name."""

# From a disk a page may not read its neighbours: search shows names without a piece of the text.
_SUMMARY = ("SHOW_SEARCH_SUMMARY: true", 'SHOW_SEARCH_SUMMARY: location.protocol !== "file:"')


class PageError(PlaybookError):
    """A page holds what no finished page may hold: an update of the theme writes it otherwise."""

    exit_code = 1


def finish_pages(folder: Path) -> int:
    """Mend every page in `folder`, and write down the book's words; how many were changed.

    Raises PageError for a page with a script in it, which the site's policy would not run.
    """
    options = folder / "_static" / "documentation_options.js"
    if options.is_file():
        options.write_text(options.read_text("utf-8").replace(*_SUMMARY), "utf-8")
    changed = 0
    words: Counter[str] = Counter()
    for path in sorted(folder.rglob("*.html")):
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
        words.update(words_of(after))
    if options.is_file():
        common = " ".join(word for word, times in words.most_common() if times >= _OFTEN)
        listed = f'var playbookWords = "{common}".split(" ");\n'
        (folder / "_static" / "words.js").write_text(listed, "utf-8")
    return changed


def finished(html: str) -> str:
    """A page with everything mended.

    >>> finished('<div role="list" class="citation-list"></div>')
    '<div class="citation-list"></div>'
    """
    for found, instead in MENDS:
        html = html.replace(found, instead)
    return html


def words_of(html: str) -> list[str]:
    """The words of a page's article in small letters, for search to know which there are.

    >>> words_of('<p>No</p><article class="article"><p>Warm &amp; dry <b>rooms</b></p></article>')
    ['warm', 'rooms']
    """
    article = _ARTICLE.search(html)
    text = unescape(_NO_WORDS.sub(" ", article[1])) if article else ""
    return [word.lower() for word in _WORD.findall(text)]
