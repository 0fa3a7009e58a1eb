"""Clear goals and metrics: drafting goals that can be checked, and following them."""

from playbook_helpers.practices.goals.assess import assess
from playbook_helpers.practices.goals.records import RECORD_TYPES, Goal, IndicatorSheet, Measurement

__all__ = ["RECORD_TYPES", "Goal", "IndicatorSheet", "Measurement", "assess"]
