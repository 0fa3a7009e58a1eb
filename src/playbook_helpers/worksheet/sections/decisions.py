"""What a group decided, as a table: what was seen, what is to be done, by whom, by when."""

from __future__ import annotations

from collections.abc import Iterable

from playbook_helpers.core.assessment import Head, current, of_type
from playbook_helpers.core.partial_dates import last_day, spoken
from playbook_helpers.core.partnership import WORKSHEETS, Decision
from playbook_helpers.core.text import folded
from playbook_helpers.drawing.display import Html
from playbook_helpers.drawing.html import Markup, element
from playbook_helpers.drawing.tables import Column, Table

_COLUMNS = (
    Column("decided", "What we decided", format="text"),
    Column("who", "Who", format="text"),
    Column("by", "By when", format="when"),
    Column("done", "Done", format="when"),
    Column("figure", "About", format="text"),
    Column("seen", "What we saw", format="text"),
    Column("why", "Why that may be", format="text"),
    Column("worksheet", "Worksheet", words=WORKSHEETS),
    Column("date", "Decided on", format="when"),
    Column("note", "Note", format="text"),
)
"""What is to be done, by whom and by when first: a wide table goes out of sight at its end."""
_CARDS = 50
"""Decisions up to which each is a card on phones; there, each cell bears the name of its column."""
_OPEN = {"who": "nobody yet", "by": "no date yet", "done": "not yet", "seen": "–", "note": "–"}
_OPEN |= {"figure": "–", "why": "–"}


def decided(heads: Iterable[Head], worksheet: str = "") -> Html | Table:
    """The decisions taken at one worksheet, or at all: those not done first, the latest first."""
    found = [d for _, d in of_type(current(heads), Decision) if worksheet in ("", d.worksheet)]
    if not found:
        where = "" if worksheet else ", or into the form of any worksheet"
        words = (
            f"Nothing is decided yet. What you decide goes into the last part of the form{where}."
        )
        return Html(element("p", words, class_="pb-empty"), words)
    found.sort(key=lambda d: (d.done is not None, -last_day(d.date).toordinal(), d.decided))
    rows = tuple(_OPEN | decision.payload() for decision in found)
    told = {name for decision in found for name in decision.payload()} | {"who", "by", "done"}
    skipped = {"worksheet"} if worksheet else set()
    columns = tuple(c for c in _COLUMNS if c.key in told - skipped)
    return Table("What we decided", columns, rows, cards=len(rows) <= _CARDS)


def talked_about(heads: Iterable[Head], worksheet: str, titles: Iterable[str]) -> Markup:
    """What a group made of the pictures with these titles: what it saw, why, what it does.

    A decision belongs to a picture whose title has the words that it names.
    """
    said = [folded(title) for title in titles]
    found = [
        d
        for _, d in of_type(current(heads), Decision)
        if d.worksheet == worksheet
        and d.figure
        and any(folded(d.figure) in title for title in said)
    ]
    if not found:
        return Markup()
    found.sort(key=lambda d: (-last_day(d.date).toordinal(), d.decided))
    return element(
        "div",
        element("p", element("strong", "What we made of it")),
        element("ul", [element("li", _made(decision)) for decision in found]),
        class_="pb-talked",
    )


def _made(decision: Decision) -> str:
    """A decision in sentences: seen, why, what is to be done."""
    by = f" by {spoken(decision.by)}" if decision.by else ""
    who = f"{decision.who}{by}" if decision.who else f"{'nobody yet'}{by}"
    done = f", done {spoken(decision.done)}" if decision.done else ""
    told = [
        f"{spoken(decision.date)}.",
        f"We saw: {sentence(decision.seen)}" if decision.seen else "",
        f"It may be because: {sentence(decision.why)}" if decision.why else "",
        f"We decided: {sentence(decision.decided)} ({who}{done})",
    ]
    return " ".join(part for part in told if part)


def sentence(text: str) -> str:
    """A text of a person's with one stop at its end.

    >>> sentence("Ask a second partner "), sentence("Why?")
    ('Ask a second partner.', 'Why?')
    """
    flat = " ".join(text.split())
    return flat if flat.endswith((".", "!", "?", "…")) else f"{flat}."
