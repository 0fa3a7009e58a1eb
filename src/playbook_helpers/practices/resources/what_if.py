"""What if a partner leaves: which needs would fall open, and who would be left."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from typing import Any

from playbook_helpers.core.assessment import Assessment, Context, Head, Row
from playbook_helpers.drawing.controls import Choice, WhatIf
from playbook_helpers.drawing.display import Html
from playbook_helpers.drawing.html import element, joined
from playbook_helpers.drawing.kinds import WhatIfKind
from playbook_helpers.drawing.tables import Column, Table
from playbook_helpers.practices.resources import partner_leaves as leave
from playbook_helpers.practices.resources import partners_with_offers
from playbook_helpers.practices.resources.rows import rows_of

_COLUMNS = (
    Column("name", "Need"),
    Column("must_have", "Must-have"),
    Column("coverage_before", "Covered now", format="share"),
    Column("coverage_after", "Covered then", format="share"),
    Column("left_words", "Who would be left"),
)


def partner_leaves(
    assessment: Assessment, heads: Sequence[Head], context: Context
) -> WhatIf | None:
    """Take a partner away. None where nobody offers anything yet."""
    partners = partners_with_offers(heads, context)
    if not partners:
        return None
    # The starting case is the one that teaches most: the partner whom most needs hang on alone.
    alone = Counter(
        str(row["top_provider"]) for row in rows_of(assessment)["needs"] if row["providers"] == 1
    )
    start = max(partners, key=lambda name: (alone[name], -partners.index(name)))

    def controls(values: Mapping[str, Any]) -> tuple[Choice, ...]:
        return (Choice("partner", "Who leaves?", values.get("partner", start), options=partners),)

    def draw(values: Mapping[str, Any]) -> Html:
        partner = str(values["partner"])
        rows = leave(heads, context, partner)
        told = tuple({**row, "left_words": row["left"] or "nobody yet"} for row in rows)
        table = Table(f"What changes if {partner} leaves", _COLUMNS, told).html() if rows else None
        sentence = leaving_sentence(partner, rows)
        return Html(joined(element("p", sentence), table), sentence)

    return WhatIf(controls, draw)


def leaving_sentence(partner: str, rows: tuple[Row, ...]) -> str:
    """What would follow, in one or two sentences.

    >>> leaving_sentence("The library", ())
    'If The library left, every need would be covered as before.'
    """
    if not rows:
        return f"If {partner} left, every need would be covered as before."
    fallen = [str(row["name"]) for row in rows if row["falls_open"]]
    thinner = len(rows) - len(fallen)
    parts = []
    if fallen:
        words = "need" if len(fallen) == 1 else "needs"
        parts.append(
            f"If {partner} left, {len(fallen)} {words} would have nobody: {', '.join(fallen)}."
        )
    if thinner:
        words = "need" if thinner == 1 else "needs"
        start = "" if fallen else f"If {partner} left, "
        then = "more " if fallen else ""
        sentence = f"{start}{thinner} {then}{words} would be covered less."
        parts.append(sentence[0].upper() + sentence[1:])
    return " ".join(parts)


WHAT_IFS: Mapping[str, WhatIfKind] = {
    "partner_leaves": WhatIfKind(partner_leaves, "one offer by a partner"),
}
