"""The board: every experiment in the row of where it stands, as on a wall with cards."""

from __future__ import annotations

from collections.abc import Sequence

from playbook_helpers.core.partial_dates import spoken
from playbook_helpers.core.text import listed
from playbook_helpers.drawing.bands import MOST, Card, bands
from playbook_helpers.drawing.chart import Chart, text_of
from playbook_helpers.drawing.surface import Surface
from playbook_helpers.drawing.tables import Column, Table
from playbook_helpers.practices.innovation.records import DECISIONS
from playbook_helpers.practices.innovation.rows import ExperimentRow
from playbook_helpers.practices.innovation.trials import STATES

MOST_IN_TABLE = 200
"""Experiments in the table behind the board."""
_DECIDED = {"go_on": "go on", "change": "change", "stop": "stop", "widen": "widen"}


def board_charts(rows: Sequence[ExperimentRow]) -> list[Chart]:
    """One board for all experiments; none where there are none."""
    if not rows:
        return []
    return [Chart(_picture(rows), headline(rows), _reading(rows), _table(rows))]


def headline(rows: Sequence[ExperimentRow]) -> str:
    """The point: what waits for somebody.

    >>> headline([{"name": "Drop-in", "state": "known"}])
    'A result waits for a decision: Drop-in'
    """
    known = [text_of(row["name"]) for row in rows if row["state"] == "known"]
    over = [text_of(row["name"]) for row in rows if row["state"] == "over"]
    parts = []
    if known:
        results = "A result waits" if len(known) == 1 else f"{len(known)} results wait"
        parts.append(f"{results} for a decision: {listed(known, 2)}")
    if over:
        ended = "one ended" if len(over) == 1 else f"{len(over)} ended"
        parts.append(f"{ended} without a result: {listed(over, 2)}")
    if parts:
        words = "; ".join(parts)
        return words[:1].upper() + words[1:]
    running = sum(row["state"] == "running" for row in rows)
    return f"{len(rows)} experiments, {running} running; nothing waits for you"


def _groups(rows: Sequence[ExperimentRow]) -> list[tuple[str, list[ExperimentRow]]]:
    return [
        (words, [row for row in rows if row["state"] == state]) for state, words in STATES.items()
    ]


def _reading(rows: Sequence[ExperimentRow]) -> str:
    return " ".join(
        f"{words}: {listed([text_of(r['name']) for r in some], MOST) if some else 'none'}."
        for words, some in _groups(rows)
    )


def _table(rows: Sequence[ExperimentRow]) -> Table:
    caption = "Experiments"
    if len(rows) > MOST_IN_TABLE:
        caption += f" (the first {MOST_IN_TABLE} of {len(rows):,})"
    order = list(STATES)
    ordered = sorted(rows, key=lambda row: order.index(text_of(row["state"])))
    columns = (
        Column("name", "Experiment"),
        Column("state", "Where it stands", words=STATES),
        Column("starts", "Starts", format="when"),
        Column("ends", "Ends", format="when"),
        Column("line", "Pass line", words={"none": "none yet"}),
        Column("decision", "Decision", words=DECISIONS),
    )
    cells = tuple({**row, "decision": row["decision"] or "–"} for row in ordered[:MOST_IN_TABLE])
    return Table(caption, columns, cells)


def _beside(row: ExperimentRow) -> str:
    """What stands on a card under the name."""
    state = row["state"]
    if state == "decided":
        return _DECIDED.get(text_of(row["decision"]), "")
    if state == "planned":
        return f"from {spoken(text_of(row['starts']))}" if row["starts"] else "no date yet"
    if state == "running":
        return f"until {spoken(text_of(row['ends']))}" if row["ends"] else "no end date"
    if state == "over":
        return f"ended {spoken(text_of(row['ends']))}"
    known = f"known {spoken(text_of(row['known_on']))}"
    moved = ", line moved" if row["moved"] else ""
    return known + moved


def _picture(rows: Sequence[ExperimentRow]) -> Surface:
    return bands(
        [
            (words, [Card(text_of(r["name"]), _beside(r), _waits(r)) for r in some])
            for words, some in _groups(rows)
        ]
    )


def _waits(row: ExperimentRow) -> bool:
    return row["state"] in ("known", "over")
