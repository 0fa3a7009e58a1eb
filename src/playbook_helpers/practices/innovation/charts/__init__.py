"""Charts of the innovation worksheet: the map of risk, results against pass lines, the board."""

from __future__ import annotations

from collections.abc import Mapping

from playbook_helpers.core.assessment import Assessment
from playbook_helpers.drawing.chart import Chart
from playbook_helpers.drawing.kinds import ChartKind
from playbook_helpers.practices.innovation.charts.board import board_charts
from playbook_helpers.practices.innovation.charts.risks import risk_charts
from playbook_helpers.practices.innovation.charts.trials import trial_charts
from playbook_helpers.practices.innovation.rows import rows_of


def risk(assessment: Assessment) -> list[Chart]:
    """Importance by evidence, with the riskiest assumptions named."""
    return risk_charts(rows_of(assessment).get("assumptions", ()))


def tests(assessment: Assessment) -> list[Chart]:
    """Each result with its interval against its pass line; lines that were moved are shown."""
    rows = rows_of(assessment)
    return trial_charts(rows.get("experiments", ()), rows.get("moved", ()))


def board(assessment: Assessment) -> list[Chart]:
    """Experiments by where they stand: planned, running, over, known, decided."""
    return board_charts(rows_of(assessment).get("experiments", ()))


CHARTS: Mapping[str, ChartKind] = {
    "risk": ChartKind(risk, "one assumption, with how much hangs on it and how well you know it"),
    "tests": ChartKind(tests, "one experiment with a pass line"),
    "board": ChartKind(board, "one experiment"),
}
