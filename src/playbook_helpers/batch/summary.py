"""What came of a batch: one outcome for each notebook, as text for people and as JSON."""

from __future__ import annotations

import sys
from collections import Counter
from dataclasses import asdict, dataclass
from typing import Any, Literal

Status = Literal["done", "unchanged", "failed", "stopped"]
STATUSES: tuple[Status, ...] = ("done", "unchanged", "failed", "stopped")
"""Run well; up to date already; run and failed; not run or cut off because the batch ended."""


@dataclass(frozen=True, slots=True)
class Outcome:
    """What came of one notebook.

    For a failure `reason` is a few words, `cell` the place of the cell in the worksheet (from
    one, all cells counted) and `code` its first line, `error` the error in one line. `notebook`
    is where the executed notebook, or for a failure the part of it that ran, lies. `note` is
    what is to be known of one that is done, such as that its output was cut off.
    """

    partnership: str
    worksheet: str
    status: Status
    seconds: float = 0.0
    reason: str = ""
    cell: int | None = None
    code: str = ""
    error: str = ""
    notebook: str = ""
    note: str = ""

    def __post_init__(self) -> None:
        # Outcomes come by the ten thousand, as JSON, and have few words between them.
        for name in ("partnership", "worksheet", "status"):
            object.__setattr__(self, name, sys.intern(getattr(self, name)))

    def line(self) -> str:
        """The failure in one line.

        >>> print(Outcome("our-town", "goals", "failed", reason="an error", cell=3,
        ...               code="ws.form()", error="KeyError: 'x'").line())
        our-town, goals: an error in cell 3 (ws.form()): KeyError: 'x'
        """
        where = f" in cell {self.cell}" if self.cell else ""
        where += f" ({self.code})" if self.code else ""
        said = f": {self.error}" if self.error else ""
        return f"{self.partnership}, {self.worksheet}: {self.reason}{where}{said}"


@dataclass(frozen=True, slots=True)
class Summary:
    """The outcomes of a batch in the plan's order, and how it went as a whole."""

    outcomes: tuple[Outcome, ...]
    started: str = ""
    seconds: float = 0.0
    workers: int = 0
    interrupted: bool = False
    notes: tuple[str, ...] = ()
    """What to know of the batch as a whole, such as notebooks that were left out."""

    @property
    def counts(self) -> dict[str, int]:
        """Status -> how many, for all four statuses."""
        held = Counter(outcome.status for outcome in self.outcomes)
        return {status: held[status] for status in STATUSES}

    @property
    def failed(self) -> tuple[Outcome, ...]:
        """Those that failed."""
        return tuple(outcome for outcome in self.outcomes if outcome.status == "failed")

    @property
    def exit_code(self) -> int:
        """0 if all is well, 1 if some failed, 130 if it was ended from the keyboard."""
        return 130 if self.interrupted else 1 if self.failed else 0

    def to_json(self) -> dict[str, Any]:
        """JSON values, in stable order."""
        return {
            "format": "playbook-batch/1",
            "started": self.started,
            "seconds": round(self.seconds, 3),
            "workers": self.workers,
            "interrupted": self.interrupted,
            "counts": self.counts,
            "notes": list(self.notes),
            "notebooks": [
                asdict(outcome) | {"seconds": round(outcome.seconds, 3)}
                for outcome in self.outcomes
            ],
        }

    def text(self) -> str:
        """A table of counts by worksheet, then each failure with its reason."""
        stems = list(dict.fromkeys(outcome.worksheet for outcome in self.outcomes))
        rows = [["Worksheet", *STATUSES]]
        for stem in stems:
            held = Counter(o.status for o in self.outcomes if o.worksheet == stem)
            rows.append([stem, *(str(held[status]) for status in STATUSES)])
        if len(stems) > 1:
            rows.append(["all", *(str(count) for count in self.counts.values())])
        # Nobody needs a column of noughts for a batch that was not cut off.
        if not self.counts["stopped"]:
            rows = [row[:-1] for row in rows]
        widths = [max(len(row[place]) for row in rows) for place in range(len(rows[0]))]
        lines = [
            "  ".join(
                text.ljust(width) if place == 0 else text.rjust(width)
                for place, (text, width) in enumerate(zip(row, widths, strict=True))
            )
            for row in rows
        ]
        if self.failed:
            lines += ["", "Failed:"]
        for outcome in self.failed:
            lines.append(f"  {outcome.line()}")
            if outcome.notebook:
                lines.append(f"    as far as it ran: {outcome.notebook}")
        noted = [
            f"{outcome.partnership}, {outcome.worksheet}: {outcome.note}"
            for outcome in self.outcomes
            if outcome.note
        ]
        if self.notes or noted:
            lines += ["", "To know:", *(f"  {note}" for note in (*self.notes, *noted))]
        if self.interrupted:
            lines += ["", "Ended before all was done. Run it again to do the rest."]
        return "\n".join(lines)
