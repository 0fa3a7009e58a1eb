"""Charts of the goals worksheet: progress towards every target, and one run chart per goal."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace

from playbook_helpers.core.assessment import Assessment
from playbook_helpers.core.errors import NotFound
from playbook_helpers.core.partial_dates import spoken
from playbook_helpers.core.text import folded, listed
from playbook_helpers.drawing.chart import Chart, text_of
from playbook_helpers.drawing.kinds import ChartKind
from playbook_helpers.drawing.ranges import Dot, ranges
from playbook_helpers.drawing.tables import Column, Table
from playbook_helpers.practices.goals.charts.bullets import progress_charts
from playbook_helpers.practices.goals.charts.runs import run_chart
from playbook_helpers.practices.goals.rows import GroupRow, ProgressRow, SeriesRow, rows_of

MOST_RUNS = 12
"""Run charts on one page: more than any group looks through, and as many as a page can carry."""
_ADDRESS = re.compile(r"[,;]?\s*https?://\S+?(?=[.,;]?(?:\s|$))", re.IGNORECASE)


def progress(assessment: Assessment, *, goal: str = "") -> list[Chart]:
    """Bullets from baseline to target, one per goal; `goal` picks one by its short name."""
    rows = _chosen(rows_of(assessment).get("progress", ()), goal)
    series = rows_of(assessment).get("series", ())
    records = {text_of(row["record"]) for row in rows}
    source = _source(row for row in series if text_of(row["record"]) in records)
    return progress_charts(rows, source)


def run(assessment: Assessment, *, goal: str = "") -> list[Chart]:
    """A run chart for each goal that has values; `goal` picks one by its short name.

    Values go by the goal's record, as the assessment counts them: two goals may have one name.
    """
    series: dict[str, list[SeriesRow]] = defaultdict(list)
    for value in rows_of(assessment).get("series", ()):
        if value["day"]:  # a baseline whose date nobody knows has no place on a time line
            series[value["record"]].append(value)
    charts = []
    with_values = [
        row
        for row in _chosen(rows_of(assessment).get("progress", ()), goal)
        if series[text_of(row["record"])]
    ]
    for row in with_values[:MOST_RUNS]:
        values = series[text_of(row["record"])]
        source = _source(values)
        charts.append(run_chart(row, values, source))
    if (beyond := len(with_values) - len(charts)) > 0:
        what = "1 more goal has" if beyond == 1 else f"{beyond:,} more goals have"
        note = f"{what} values and no picture here. {charts[-1].source}"
        charts[-1] = replace(charts[-1], source=note.strip())
    return charts


def groups(assessment: Assessment, *, goal: str = "") -> list[Chart]:
    """The latest values for groups of people, each with its range; one chart for each goal and
    kind of group, of goals in percent: the first dozen, those with a gap before the others."""
    told: dict[tuple[str, str], list[GroupRow]] = defaultdict(list)
    for row in rows_of(assessment).get("groups", ()):
        if row["unit"] == "percent" and (not goal or folded(row["goal"]) == folded(goal)):
            told[row["record"], row["by"]].append(row)
    first = sorted(told.values(), key=lambda rows: not any(row["apart"] for row in rows))
    charts = [_groups(rows) for rows in first[:MOST_RUNS]]
    if (beyond := len(first) - len(charts)) > 0:
        what = "1 more goal has" if beyond == 1 else f"{beyond:,} more goals have"
        note = f"{what} values for groups and no picture here. {charts[-1].source}"
        charts[-1] = replace(charts[-1], source=note.strip())
    return charts


def _groups(rows: Sequence[GroupRow]) -> Chart:
    dots = [
        Dot(
            row["group"],
            row["value"],
            row["low"],
            row["high"],
            "" if row["value"] is None else f"{row['value']:.0f}% of {row['n']:,}",
            row["hidden"],
        )
        for row in rows
    ]
    first = rows[0]
    by = f" by {first['by'].lower()}" if first["by"] else " by group"
    far = [row["group"] for row in rows if row["apart"]]
    says = (
        f"{listed(far)} {'lies' if len(far) == 1 else 'lie'} apart from the rest, by more than "
        "chance explains"
        if far
        else "one group, with nothing to compare it with"
        if len(rows) < 2
        else "no group lies apart from the rest by more than chance"
    )
    columns = (
        Column("group", first["by"] or "Group"),
        Column("value", "Value", align="right"),
        Column("range", "95% range", align="right"),
        Column("n", "People", align="right"),
        Column("target", "Target", align="right"),
        Column("hidden", "Hidden because"),
    )
    cells = tuple(
        {
            "group": row["group"],
            "value": "–" if row["value"] is None else f"{row['value']:g}%",
            "range": "–"
            if row["low"] is None or row["high"] is None
            else f"{row['low']:.0f}% to {row['high']:.0f}%",
            "n": "–" if row["n"] is None else f"{row['n']:,}",
            "target": "–" if row["target"] is None else f"{row['target']:g}%",
            "hidden": row["hidden"] or "–",
        }
        for row in rows
    )
    title = f"{first['goal']}{by}, {spoken(first['date'])}: {says}"
    reach = {d.label: "" if d.low is None else f", {d.low:.0f}% to {d.high:.0f}%" for d in dots}
    alt = " ".join(f"{d.label}: {d.words or 'hidden'}{reach[d.label]}." for d in dots)
    picture = ranges(dots, (0, 100), ("percent of people, with its 95% range", ""), step=20)
    table = Table(f"{first['goal']}{by}", columns, cells)
    return Chart(picture, title, alt, table, _source(rows))


def _chosen(rows: Iterable[ProgressRow], goal: str) -> list[ProgressRow]:
    found = list(rows)
    if not goal:
        return found
    chosen = [row for row in found if folded(text_of(row["name"])) == folded(goal)]
    if not chosen:
        names = ", ".join(text_of(row["name"]) for row in found)
        raise NotFound("There is no such goal", value=goal, allowed=names or "none yet")
    return chosen


def _source(rows: Iterable[SeriesRow | GroupRow], most: int = 3) -> str:
    """The sources named in the rows, each once, without web addresses: the table has those."""
    named = list(dict.fromkeys(_in_words(text_of(row["source"])) for row in rows))
    named = [name if len(name) <= 140 else name[:139].rstrip() + "…" for name in named if name]
    if not named:
        return ""
    more = f"; and {len(named) - most} more, in the table" if len(named) > most else ""
    return f"{'Source' if len(named) == 1 else 'Sources'}: {'; '.join(named[:most])}{more}"


def _in_words(source: str) -> str:
    """A source without web addresses, or as it is where it has no other words.

    >>> _in_words("City Council, School report (2025), https://city.example/r.pdf. Page 4")
    'City Council, School report (2025). Page 4'
    >>> _in_words("https://city.example/r.pdf")
    'https://city.example/r.pdf'
    """
    whole = " ".join(source.split())
    words = _ADDRESS.sub("", whole).strip(" ,;")
    return words if any(map(str.isalnum, words)) else whole


CHARTS: Mapping[str, ChartKind] = {
    "progress": ChartKind(progress, "one goal"),
    "run": ChartKind(run, "one goal and one dated value of it"),
    "groups": ChartKind(groups, "one goal in percent, with values for groups of people"),
}
