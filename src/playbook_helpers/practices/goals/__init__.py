"""Clear goals and metrics: drafting goals that can be checked, and following them."""

from playbook_helpers.core.practice import Practice
from playbook_helpers.practices.goals.assess import assess
from playbook_helpers.practices.goals.cautions import Caution
from playbook_helpers.practices.goals.characters import Span
from playbook_helpers.practices.goals.check import GoalCheck, check_goal
from playbook_helpers.practices.goals.pace import Pace, pace
from playbook_helpers.practices.goals.progress import Progress, progress
from playbook_helpers.practices.goals.reading import Part, Reading, read_sentence
from playbook_helpers.practices.goals.records import RECORD_TYPES, Goal, IndicatorSheet, Measurement
from playbook_helpers.practices.goals.rules import RULES, Rule, rules_markdown
from playbook_helpers.practices.goals.statement import StatementCheck, check_statement
from playbook_helpers.practices.goals.targets import cohens_h, target_by_h, ten_percent_improvement

PRACTICE = Practice(
    "goals",
    RECORD_TYPES,
    assess,
    reads=("partner",),
    first=("complete", "median_percent", "on_pace", "measured_lately"),
    pictured="median_percent",
    dated=("median_percent", "on_pace", "met", "measured_lately"),
)

__all__ = [
    "PRACTICE",
    "RECORD_TYPES",
    "RULES",
    "Caution",
    "Goal",
    "GoalCheck",
    "IndicatorSheet",
    "Measurement",
    "Pace",
    "Part",
    "Progress",
    "Reading",
    "Rule",
    "Span",
    "StatementCheck",
    "assess",
    "check_goal",
    "check_statement",
    "cohens_h",
    "pace",
    "progress",
    "read_sentence",
    "rules_markdown",
    "target_by_h",
    "ten_percent_improvement",
]
