"""Celebrating successes and learning from challenges: milestones, reviews, changes."""

from playbook_helpers.core.practice import Practice
from playbook_helpers.practices.learning.assess import assess, slip_days
from playbook_helpers.practices.learning.names import names_in
from playbook_helpers.practices.learning.records import RECORD_TYPES, Milestone, Review

PRACTICE = Practice(
    "learning",
    RECORD_TYPES,
    assess,
    reads=("partner",),
    first=("on_time", "slip", "closed", "no_owner"),
    pictured="on_time",
    dated=("slip", "on_time", "closed"),
)

__all__ = ["PRACTICE", "RECORD_TYPES", "Milestone", "Review", "assess", "names_in", "slip_days"]
