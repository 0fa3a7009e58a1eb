"""Celebrating successes and learning from challenges: milestones, reviews, changes."""

from playbook_helpers.practices.learning.assess import assess, slip_days
from playbook_helpers.practices.learning.names import names_in
from playbook_helpers.practices.learning.records import RECORD_TYPES, Milestone, Review

__all__ = ["RECORD_TYPES", "Milestone", "Review", "assess", "names_in", "slip_days"]
