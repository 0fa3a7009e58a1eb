"""Charts: from an assessment to figures with a title that says the point, alt text and a table."""

from collections.abc import Mapping

from playbook_helpers.drawing.chart import Chart, Draw
from playbook_helpers.practices.communication.charts import CHARTS as _COMMUNICATION
from playbook_helpers.practices.community.charts import CHARTS as _COMMUNITY
from playbook_helpers.practices.goals.charts import CHARTS as _GOALS
from playbook_helpers.practices.innovation.charts import CHARTS as _INNOVATION
from playbook_helpers.practices.learning.charts import CHARTS as _LEARNING
from playbook_helpers.practices.resources.charts import CHARTS as _RESOURCES
from playbook_helpers.practices.sustainability.charts import CHARTS as _SUSTAINABILITY
from playbook_helpers.practices.trust.charts import CHARTS as _TRUST

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
