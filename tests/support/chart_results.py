"""Assessments that charts are drawn from, and the text that is read out of a drawing."""

from __future__ import annotations

import xml.etree.ElementTree as ElementTree
from datetime import date
from typing import Any

from playbook_helpers.core.assessment import Assessment, Context, Head
from playbook_helpers.core.partial_dates import last_day
from playbook_helpers.drawing.chart import Chart
from playbook_helpers.practices import PRACTICES
from playbook_helpers.practices.resources import Need, Offer, assess
from playbook_helpers.practices.views import charts_of

CHARTS = {practice.stem: charts_of(practice) for practice in PRACTICES}


def goal(name: str, **more: Any) -> dict[str, Any]:
    blank: dict[str, Any] = dict.fromkeys(
        ("indicator", "unit_words", "baseline_value", "baseline_date", "target_value",
         "target_date", "latest_value", "latest_date", "percent", "away_percent",
         "achieved_per_year", "needed_per_year", "pace")
    )  # fmt: skip
    return blank | {
        "record": name, "name": name, "sentence": name, "level": "outcome", "unit": "percent",
        "direction": "up", "status": "improving", "owner": "", "measurements": 1, "broken": False,
    } | more  # fmt: skip


def series(
    name: str, values: list[tuple[str, float]], meets: Any = None, breaks: tuple[str, ...] = ()
) -> list[dict[str, Any]]:
    rows, segment = [], 0
    for place, (when, value) in enumerate(values):
        segment += when in breaks
        rows.append(
            {"record": name, "goal": name, "date": when,
             "day": last_day(when).isoformat(), "value": value,
             "segment": segment, "met": bool(meets and meets(value)), "baseline": place == 0,
             "source": "Report card"}
        )  # fmt: skip
    return rows


def goals(progress: list[dict[str, Any]], *values: list[dict[str, Any]]) -> Assessment:
    rows = {"progress": tuple(progress), "series": tuple(r for some in values for r in some)}
    return Assessment("goals", "x", date(2026, 6, 30), rows=rows)


CINCINNATI = goal(
    "Cincinnati", unit_words="% of children ready for school", baseline_value=44.0,
    baseline_date="2005", latest_value=57.0, latest_date="2014", target_value=85.0,
    target_date="2020", percent=100 * 13 / 41, pace="behind",
)  # fmt: skip
READY = series("Cincinnati", [("2005", 44), ("2011", 53), ("2014", 57)])
POVERTY = goal(
    "Poverty rate", direction="down", baseline_value=14.5, baseline_date="2015", latest_value=10.4,
    latest_date="2023", target_value=7.25, target_date="2030", percent=56.6, status="met_then_lost",
)  # fmt: skip
POOR = series(
    "Poverty rate",
    [("2015", 14.5), ("2019", 10.5), ("2020", 6.5), ("2021", 7.6), ("2023", 10.4)],
    lambda value: value <= 7.25,
)


def drawn(chart: Chart) -> str:
    """All text of a chart's SVG, after checking that it is sound."""
    svg = chart.svg()
    root = ElementTree.fromstring(svg)
    assert "script" not in {element.tag.split("}")[-1] for element in root.iter()}
    return " ".join("".join(element.itertext()) for element in root.iter() if _is_text(element))


def _is_text(element: ElementTree.Element) -> bool:
    return element.tag.endswith("}text")


def resources(*records: Offer | Need) -> Assessment:
    heads = [
        Head(f"{r.kind}-{i}", str(i), r.practice, r.kind, r.payload(), r)
        for i, r in enumerate(records)
    ]
    return assess(heads, Context("x", date(2026, 6, 30)))


HELD = resources(
    Need(name="Coordinator", type="staff_time", amount=100, unit="hours", must_have=True),
    Need(name="Hall", type="space"),
    Need(name="Advice", type="expertise", amount=5, unit="days"),
    Offer(partner="City", what="Officer", type="staff_time", amount=60, unit="hours",
          status="committed", delivered=20, need="Coordinator"),
    Offer(partner="Mill", what="Clerk", type="staff_time", amount=30, unit="hours",
          need="Coordinator"),
    Offer(partner="City", what="Annex", type="space", status="in_use", need="Hall"),
    Offer(partner="Uni", what="Statistician", type="expertise", amount=8, unit="hours",
          status="committed", need="Advice"),
)  # fmt: skip
