"""What a group decided, as a table: what was seen, what is to be done, by whom, by when."""

from __future__ import annotations

from collections.abc import Iterable

from playbook_helpers.core.assessment import Head, current, of_type
from playbook_helpers.core.partial_dates import last_day
from playbook_helpers.core.partnership import WORKSHEETS, Decision
from playbook_helpers.drawing.display import Html
from playbook_helpers.drawing.html import element
from playbook_helpers.drawing.tables import Column, Table

_COLUMNS = (
    Column("decided", "What we decided", format="text"),
    Column("who", "Who", format="text"),
    Column("by", "By when", format="when"),
    Column("done", "Done", format="when"),
    Column("seen", "What we saw", format="text"),
    Column("worksheet", "Worksheet", words=WORKSHEETS),
    Column("date", "Decided on", format="when"),
    Column("note", "Note", format="text"),
)
"""What is to be done, by whom and by when first: a wide table goes out of sight at its end."""
_OPEN = {"who": "nobody yet", "by": "no date yet", "done": "not yet", "seen": "–", "note": "–"}


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
    return Table("What we decided", columns, rows, cards=True)
