"""Files that a page gives its reader to keep: a calendar, a drafted report.

A notebook's output is one page that may be mailed on, so the file is in the link itself, as data:
nothing is fetched, and it works from disk. What is in it has passed the same gates as the page.
"""

from __future__ import annotations

import base64
from collections.abc import Mapping, Sequence
from datetime import date
from itertools import groupby

from playbook_helpers.core.assessment import Context, Head
from playbook_helpers.drawing.display import Html, display_mode
from playbook_helpers.drawing.html import Markup, element, in_lines, joined
from playbook_helpers.practices.communication.calendar import calendar
from playbook_helpers.practices.communication.pieces import Entry, Link, Part, Piece, Strong
from playbook_helpers.practices.communication.progress_report import Draft, draft
from playbook_helpers.practices.communication.records import SCOPES, Scope
from playbook_helpers.practices.communication.rhythm import rhythm

CALENDAR_TYPE, MARKDOWN_TYPE, HTML_TYPE = "text/calendar", "text/markdown", "text/html"
MOST_EVENTS = 150
"""Entries of a calendar file that a page carries in its link; more would make it slow to open."""


def download_link(name: str, media_type: str, text: str, words: str) -> Markup:
    """A link, as HTML, that saves `text` as a file of that name.

    >>> download_link("a.txt", "text/plain", "Hi", "Take it")
    '<a download="a.txt" href="data:text/plain;charset=utf-8;base64,SGk=">Take it</a>'
    """
    data = base64.b64encode(text.encode()).decode()
    address = f"data:{media_type};charset=utf-8;base64,{data}"
    return element("a", words, download=name, href=address)


def calendar_text(name: str, heads: Sequence[Head], context: Context) -> str:
    """The partnership's calendar file; raises InputError if nothing in it has a rhythm yet."""
    return calendar(_titled(name), rhythm(heads, context), date.today())


def _titled(name: str) -> str:
    return f"{name}: who hears what"


def calendar_html(slug: str, name: str, heads: Sequence[Head], context: Context) -> Html:
    """A link to the calendar file, and how much is in it; kind words where there is nothing."""
    every = sorted(rhythm(heads, context), key=lambda event: (event.day, event.key))
    if not every:
        words = (
            "Nothing can go in a calendar yet. Give a message or a meeting a number of days after "
            "which it comes again, and take the calendar from here."
        )
        return Html(element("p", words, class_="pb-empty"), words)
    text = calendar(_titled(name), every[:MOST_EVENTS], date.today())
    what = "1 rhythm" if len(every) == 1 else f"{len(every):,} rhythms"
    if len(every) > MOST_EVENTS:
        what = f"{MOST_EVENTS} of {what}: those due first"
    link = download_link(f"{slug}-calendar.ics", CALENDAR_TYPE, text, "Take the calendar file")
    command = f"playbook calendar {slug} --to {slug}.ics"
    html = element(
        "p",
        link,
        f" ({what}). Open it with your calendar program. Taken in again after a change, it changes "
        "its own entries and adds none twice.",
        len(every) > MOST_EVENTS and (" All of them: ", element("code", command), "."),
    )
    return Html(html, f"A calendar file with {what}.")


def report_page(made: Draft) -> str:
    """A drafted report as a page of its own, which opens from disk and fetches nothing."""
    policy = "default-src 'none'; style-src 'unsafe-inline'"
    head = element(
        "head",
        element("meta", charset="utf-8"),
        element("meta", name="viewport", content="width=device-width, initial-scale=1"),
        element("meta", http_equiv="Content-Security-Policy", content=policy),
        element("title", made.document.title),
        element("style", Markup(_PAGE_STYLE)),
    )
    body = element("body", element("main", draft_html(made)))
    return f"<!doctype html>{element('html', head, body, lang='en')}\n"


def draft_html(made: Draft) -> Markup:
    """A drafted report as HTML to be set into a page: headings from h2 on."""
    entries = made.document.entries()
    body = [
        element("ul", parts) if is_item else joined(parts)
        for is_item, parts in (
            (is_item, [_part_html(part, entries) for part in run])
            for is_item, run in groupby(made.document.parts, lambda part: part.kind == "item")
        )
    ]
    rows = [_entry_html(entry) for entry in entries.values()]
    return element(
        "article",
        element("h2", made.document.title),
        body,
        rows and (element("h3", "Where the numbers come from"), element("ol", rows)),
        class_="pb-report-draft",
    )


def _part_html(part: Part, entries: Mapping[tuple[str, ...], Entry]) -> Markup:
    inner = [_piece_html(piece, entries) for piece in part.pieces]
    if part.kind == "quote":
        return element("blockquote", element("p", inner))
    return element({"heading": "h3", "item": "li", "text": "p"}[part.kind], inner)


def _piece_html(piece: Piece, entries: Mapping[tuple[str, ...], Entry]) -> Markup:
    if isinstance(piece, Link):
        return element("a", in_lines(piece.text), href=f"#{entries[piece.records].anchor}")
    return element("strong", in_lines(piece)) if isinstance(piece, Strong) else in_lines(piece)


def _entry_html(entry: Entry) -> Markup:
    told = [
        joined(
            place > 0 and element("br"),
            f"{s.what}: {s.mention}.{' ' + s.source if s.source else ''} ",
            element("small", f"Record {s.record}"),
        )
        for place, s in enumerate(entry.shown)
    ]
    beyond = entry.beyond and (element("br"), entry.beyond)
    return element("li", told, beyond, id=entry.anchor)


def progress_report_html(
    slug: str,
    name: str,
    heads: Sequence[Head],
    context: Context,
    period: str = "",
    scope: Scope | None = None,
) -> Html:
    """The drafted report to read, with links to keep it as Markdown and as a page."""
    del name
    if scope is None and display_mode() != "live":
        scope = "public"
    made = draft(heads, context, period=period, scope=scope)
    markdown = download_link(
        f"{slug}-progress.md", MARKDOWN_TYPE, made.markdown(), "Take it as text (Markdown)"
    )
    page = download_link(
        f"{slug}-progress.html", HTML_TYPE, report_page(made), "Take it as a page (HTML)"
    )
    out = None
    if made.withheld:
        what = "1 story stays" if made.withheld == 1 else f"{made.withheld:,} stories stay"
        circle = SCOPES[made.scope]
        words = f"{what} out: no consent that holds today for this circle "
        out = element("p", f"{words}({circle[:1].lower() + circle[1:]}).", class_="pb-facts")
    html = joined(element("p", markdown, " or ", page, "."), out, draft_html(made))
    return Html(html, made.markdown())


_PAGE_STYLE = (
    "body{font:1.0625rem/1.6 system-ui,sans-serif;color:#1b2430;background:#fff;margin:0}"
    "main{max-width:42rem;margin:0 auto;padding:1.5rem}a{color:#0b6b6b}"
    "blockquote{border-left:.25rem solid #0b6b6b;margin:1rem 0;padding:.25rem 1rem}"
    "ol{overflow-wrap:anywhere}small{color:#4a5664}:target{background:#e6f2f1}"
)
