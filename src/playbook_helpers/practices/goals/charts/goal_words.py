"""What goal charts say: values with their units, where a goal stands, titles and readings."""

from __future__ import annotations

from collections.abc import Sequence

from playbook_helpers.core.partial_dates import spoken
from playbook_helpers.core.text import listed
from playbook_helpers.drawing.chart import numeric, text_of
from playbook_helpers.drawing.tables import Column, Table, number
from playbook_helpers.practices.goals.rows import ProgressRow

STATUS_WORDS = {
    "met": "met",
    "met_then_lost": "met, then lost",
    "improving": "on the way",
    "no_change": "no change yet",
    "getting_worse": "moving away",
    "kept": "kept",
    "not_kept": "not kept",
    "no_target": "no target yet",
    "no_baseline": "no baseline yet",
    "no_measurement": "not measured yet",
    "series_break": "counting changed",
}
PACE_WORDS = {
    "ahead": "ahead of the path",
    "on_pace": "on the path",
    "behind": "behind the path",
    "past_date": "the date has passed",
    "met": "met",
}


def said(row: ProgressRow, value: float | None) -> str:
    """A value of the goal with its unit, as short as a label needs it."""
    if value is None:
        return "not known"
    words = text_of(row["unit_words"])
    if row["unit"] == "percent":
        return f"{number(value)}%"
    if row["unit"] == "currency" and len(words) == 3 and words.isupper():
        return f"{words} {number(value)}"
    return number(value)


def when(row: ProgressRow, name: str) -> str:
    """A date of the row as people say it, empty where there is none."""
    text = text_of(row.get(name))
    try:
        return spoken(text) if text else ""
    except ValueError:
        return text


def dated(row: ProgressRow, which: str, joint: str = "") -> str:
    """A value with its date, such as "44% in 2005"; `which` is baseline, latest or target."""
    date = when(row, f"{which}_date")
    joint = joint or (" on " if len(text_of(row.get(f"{which}_date"))) == 10 else " in ")
    return said(row, numeric(row.get(f"{which}_value"))) + (f"{joint}{date}" if date else "")


def is_vision(row: ProgressRow) -> bool:
    """Whether a goal is a vision, which needs no number of its own and has none to reach."""
    return row["level"] == "vision" and numeric(row["target_value"]) is None


def way(row: ProgressRow) -> str:
    """How far a goal has come, in a few words."""
    if is_vision(row):
        return "vision"
    percent, status = numeric(row["percent"]), text_of(row["status"])
    if status in ("improving", "no_change") and percent is not None:
        return f"{number(percent, 0)}% of the way"
    return STATUS_WORDS.get(status, status.replace("_", " "))


def sentence(row: ProgressRow) -> str:
    """Where one goal stands, as a title can say it.

    >>> nothing = dict.fromkeys(ProgressRow.__annotations__)
    >>> print(sentence(nothing | {"name": "Cincinnati", "unit": "percent", "status": "improving",
    ...     "percent": 31.7, "baseline_value": 44.0, "baseline_date": "2005",
    ...     "latest_value": 57.0, "latest_date": "2014", "target_value": 85.0}))
    Cincinnati is 32% of the way from 44% to 85%
    """
    name, status = text_of(row["name"]), text_of(row["status"])
    percent = numeric(row["percent"])
    target = said(row, numeric(row["target_value"]))
    latest, date = said(row, numeric(row["latest_value"])), when(row, "latest_date")
    base = said(row, numeric(row["baseline_value"]))
    now = f"{latest}{f' ({date})' if date else ''}"
    if is_vision(row) and numeric(row["latest_value"]) is None:
        return f"{name} is a vision, which needs no number of its own"
    if status == "met":
        return f"{name} has met its target of {target}: it stands at {now}"
    if status == "met_then_lost":
        return f"{name} met its target of {target} and lost it again: it stands at {now}"
    if status == "improving" and percent is not None:
        return f"{name} is {number(percent, 0)}% of the way from {base} to {target}"
    if status == "no_change":
        return f"{name} stands where it began, at {now}; the target is {target}"
    if status == "getting_worse":
        return f"{name} has moved from {base} to {now}, away from its target of {target}"
    if status == "kept":
        return f"{name} has been kept: {now}, to be kept at {target}"
    if status == "not_kept":
        return f"{name} was to stay at {target} and stands at {now}"
    if status == "no_target":
        if numeric(row["latest_value"]) is not None:
            return f"{name} stands at {now}; it has no target yet"
        if numeric(row["baseline_value"]) is not None:
            began = dated(row, "baseline")
            return f"{name} began at {began}; it has no target yet, and no later value"
        return f"{name} has no numbers yet"
    if status == "no_baseline":
        if numeric(row["latest_value"]) is None:
            return f"{name} is to reach {target}; where it stands now is not known yet"
        return f"{name} stands at {now}, to reach {target}; it has no baseline yet"
    if status == "series_break":
        return f"{name}: the counting changed, so {now} cannot be compared with {base}"
    if numeric(row["baseline_value"]) is None:
        if numeric(row["target_value"]) is not None:
            return f"{name} is to reach {target}; no value is written down yet"
        return f"{name} has no numbers yet"
    return f"{name} began at {base}, to reach {target}; it has not been measured since"


def headline(rows: Sequence[ProgressRow]) -> str:
    """Where several goals stand together."""
    if len(rows) == 1:
        return sentence(rows[0])
    visions = sum(is_vision(row) for row in rows)
    if visions:
        return _beside_visions([row for row in rows if not is_vision(row)], visions)
    found = [text_of(row["status"]) for row in rows]
    met = sum(s in ("met", "kept") for s in found)
    counts = [
        (sum(s == "improving" for s in found), "on the way"),
        (sum(s == "no_change" for s in found), "where it began"),
        (sum(s in ("getting_worse", "not_kept") for s in found), "moving away"),
        (sum(s == "met_then_lost" for s in found), "met and then lost"),
        (sum(s.startswith("no_") and s != "no_change" for s in found), "with numbers missing"),
        (sum(s == "series_break" for s in found), "counted in a new way"),
    ]
    rest = [f"{count} {words}" for count, words in counts if count]
    if set(found) == {"no_target"}:
        return f"None of the {len(rows)} goals has a target yet"
    if met == len(rows):
        return f"All {len(rows)} goals have met their targets"
    first = f"{met} of {len(rows)} goals {'has' if met == 1 else 'have'} met the target"
    if not met:
        first = f"None of the {len(rows)} goals has met its target yet"
    return f"{first}: {', '.join(rest)}"


def _beside_visions(goals: Sequence[ProgressRow], visions: int) -> str:
    """The headline of the other goals, with the visions named but not counted among them."""
    if not goals:
        return f"All {visions} goals are visions, which need no numbers of their own"
    return f"{headline(goals)}; beside {'a vision' if visions == 1 else f'{visions} visions'}"


def reading(rows: Sequence[ProgressRow], most: int = 6) -> str:
    """The alt text of a progress chart: what a reader takes from it."""
    shown = [sentence(row) + "." for row in rows[:most]]
    more = [text_of(row["name"]) for row in rows[most:]]
    tail = [f"Also shown: {listed(more, 12)}."] if more else []
    return " ".join([*shown, *tail, "The numbers are in the table below."])


def progress_table(rows: Sequence[ProgressRow], caption: str) -> Table:
    """The numbers of a progress chart."""
    columns = (
        Column("name", "Goal"),
        Column("baseline", "Baseline", align="right"),
        Column("latest", "Latest", align="right"),
        Column("target", "Target", align="right"),
        Column("percent", "Share of the way", format="percent"),
        Column("status", "Where it stands", words={**STATUS_WORDS, "vision": "vision"}),
        Column("pace", "Pace", words=PACE_WORDS),
    )
    cells = tuple(
        {
            "name": row["name"],
            "baseline": _cell(row, "baseline"),
            "latest": _cell(row, "latest"),
            "target": _cell(row, "target", " by "),
            "percent": numeric(row["percent"]),
            "status": "vision" if is_vision(row) else row["status"],
            "pace": row["pace"],
        }
        for row in rows
    )
    return Table(caption, columns, cells)


def _cell(row: ProgressRow, which: str, joint: str = "") -> str | None:
    return None if numeric(row.get(f"{which}_value")) is None else dated(row, which, joint)
