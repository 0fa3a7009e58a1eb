"""Charts of the innovation worksheet: the map of risk, results against pass lines, the board."""

from __future__ import annotations

from collections.abc import Mapping

from playbook_helpers.core.assessment import Assessment
from playbook_helpers.drawing.chart import Chart, Draw
from playbook_helpers.practices.innovation.charts.board import board_charts
from playbook_helpers.practices.innovation.charts.risks import risk_charts
from playbook_helpers.practices.innovation.charts.trials import trial_charts


def risk(assessment: Assessment) -> list[Chart]:
    """Importance by evidence, with the riskiest assumptions named."""
    return risk_charts(assessment.rows.get("assumptions", ()))


def tests(assessment: Assessment) -> list[Chart]:
    """Each result with its interval against its pass line; lines that were moved are shown."""
    rows = assessment.rows
    return trial_charts(rows.get("experiments", ()), rows.get("moved", ()))


def board(assessment: Assessment) -> list[Chart]:
    """Experiments by where they stand: planned, running, over, known, decided."""
    return board_charts(assessment.rows.get("experiments", ()))


CHARTS: Mapping[str, Draw] = {"risk": risk, "tests": tests, "board": board}
