"""Charts: from an assessment to figures with a title that says the point, alt text and a table."""

from collections.abc import Mapping

from playbook_helpers.charts.base import Chart, Draw
from playbook_helpers.charts.communication import CHARTS as _COMMUNICATION
from playbook_helpers.charts.community import CHARTS as _COMMUNITY
from playbook_helpers.charts.goals import CHARTS as _GOALS
from playbook_helpers.charts.innovation import CHARTS as _INNOVATION
from playbook_helpers.charts.learning import CHARTS as _LEARNING
from playbook_helpers.charts.resources import CHARTS as _RESOURCES
from playbook_helpers.charts.sustainability import CHARTS as _SUSTAINABILITY
from playbook_helpers.charts.trust import CHARTS as _TRUST

CHARTS: Mapping[str, Mapping[str, Draw]] = {
    "trust": _TRUST,
    "goals": _GOALS,
    "resources": _RESOURCES,
    "community": _COMMUNITY,
    "innovation": _INNOVATION,
    "communication": _COMMUNICATION,
    "learning": _LEARNING,
    "sustainability": _SUSTAINABILITY,
}
"""Practice -> name of chart -> the function that draws it from an assessment."""

__all__ = ["CHARTS", "Chart", "Draw"]
