"""What if a goal's target or its date were another: how fast would things have to change?"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

from playbook_helpers.core.assessment import Assessment, Context, Head
from playbook_helpers.core.partial_dates import last_day, spoken, years_between
from playbook_helpers.drawing.chart import Chart, shown
from playbook_helpers.drawing.controls import Choice, WhatIf
from playbook_helpers.drawing.display import Html
from playbook_helpers.drawing.html import element
from playbook_helpers.drawing.kinds import WhatIfKind
from playbook_helpers.drawing.tables import number
from playbook_helpers.practices.goals.charts import run
from playbook_helpers.practices.goals.rows import ProgressRow, rows_of

_NEEDED = ("latest_value", "latest_date", "baseline_value", "target_value", "target_date")


def pace(assessment: Assessment, heads: Sequence[Head], context: Context) -> WhatIf | None:
    """Move a goal's target or its date. None where no goal has a target and two values yet."""
    rows: dict[str, ProgressRow] = {}
    for row in rows_of(assessment).get("progress", ()):
        if all(row.get(name) is not None for name in _NEEDED) and not row["broken"]:
            rows.setdefault(str(row["name"]), row)  # of one name the oldest has the measurements
    if not rows:
        return None

    def controls(values: Mapping[str, Any]) -> tuple[Choice, ...]:
        name = str(values.get("goal", next(iter(rows))))
        row = rows[name]
        low, high, step = _span(row)
        latest, due = last_day(str(row["latest_date"])).year, last_day(str(row["target_date"])).year
        return (
            Choice("goal", "Goal", name, options=tuple(rows)),
            Choice(
                "target",
                "Target",
                float(row["target_value"] or 0),
                low=low,
                high=high,
                step=step,
                readout=",.0f" if step >= 1 else ",.1f",
            ),
            Choice(
                "year",
                "By the end of",
                float(max(due, latest + 1)),
                low=latest + 1,
                high=max(due, latest) + 20,
                readout=".0f",
            ),
        )

    def draw(values: Mapping[str, Any]) -> Html:
        row = rows[values["goal"]]
        sentence = pace_sentence(row, float(values["target"]), str(int(values["year"])))
        return shown(_run_charts(assessment, row, values), before=element("p", sentence))

    return WhatIf(controls, draw)


def pace_sentence(row: ProgressRow, target: float, by: str) -> str:
    """How fast the number would have to change to reach `target` by `by`, a partial date.

    >>> row = {"name": "Readiness", "latest_value": 57.0, "latest_date": "2014",
    ...     "baseline_value": 44.0, "baseline_date": "2005", "unit": "percent"}
    >>> print(pace_sentence(row, 85.0, "2020"))
    To get from 57 (2014) to 85 by 2020, it would have to go up by 4.67 points a year. Since 2005 \
it went up by 1.44 points a year. That is 3.2 times as fast as so far.
    """
    latest, since = float(row["latest_value"] or 0), str(row["latest_date"])
    years = years_between(since, by)
    unit = " points" if row["unit"] == "percent" else ""
    needed = (target - latest) / years
    parts = [f"To get from {number(latest)} ({spoken(since)}) to {number(target)} by {spoken(by)}"]
    if needed == 0:
        return parts[0] + ", it would have to stay where it is."
    parts[0] += f", it would have to {_way(needed)} by {number(abs(needed))}{unit} a year."
    start, was = row["baseline_date"], float(row["baseline_value"] or 0)
    if start is None or years_between(str(start), since) <= 0:
        return parts[0]
    so_far = (latest - was) / years_between(str(start), since)
    if so_far == 0:
        parts.append(f"Since {spoken(str(start))} it did not move.")
    else:
        parts.append(
            f"Since {spoken(str(start))} it {_way(so_far, past=True)} by "
            f"{number(abs(so_far))}{unit} a year."
        )
        if needed / so_far < 0:
            parts.append("It would have to turn round.")
        else:
            parts.append(f"That is {needed / so_far:.1f} times as fast as so far.")
    return " ".join(parts)


def _way(change: float, past: bool = False) -> str:
    go = "went" if past else "go"
    return f"{go} {'up' if change > 0 else 'down'}"


def _span(row: ProgressRow) -> tuple[float, float, float]:
    """Least, greatest and step of a target slider that leaves room on both sides."""
    values = [row["latest_value"] or 0.0, row["baseline_value"] or 0.0, row["target_value"] or 0.0]
    room = max(max(values) - min(values), abs(values[2]) * 0.1, 1.0)
    low, high = min(values) - room / 2, max(values) + room / 2
    if min(values) >= 0:
        low = max(low, 0.0)
    if row["unit"] == "percent":
        low, high = max(low, 0.0), min(high, 100.0)
    step = 10.0 ** (len(str(int(high - low))) - 2) if high - low >= 10 else 0.1
    return math.floor(low / step) * step, math.ceil(high / step) * step, step


def _run_charts(assessment: Assessment, row: ProgressRow, values: Mapping[str, Any]) -> list[Chart]:
    moved = dict(row) | {
        "target_value": float(values["target"]),
        "target_date": str(int(values["year"])),
    }
    changed = replace(assessment, rows=dict(assessment.rows) | {"progress": (moved,)})
    return run(changed, goal=str(row["name"]))


WHAT_IFS: Mapping[str, WhatIfKind] = {
    "pace": WhatIfKind(pace, "one goal with a target, its date, and two dated values"),
}
