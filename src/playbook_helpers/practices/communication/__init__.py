"""Communication: who hears what, how often and from whom; stories told only with consent."""

from playbook_helpers.practices.communication.assess import assess, next_due, place_for, rhythm
from playbook_helpers.practices.communication.calendar import calendar
from playbook_helpers.practices.communication.consent import consent_problem, may_be_told
from playbook_helpers.practices.communication.records import (
    RECORD_TYPES,
    Audience,
    Meeting,
    Message,
    ProgressReport,
    Story,
)

__all__ = [
    "RECORD_TYPES",
    "Audience",
    "Meeting",
    "Message",
    "ProgressReport",
    "Story",
    "assess",
    "calendar",
    "consent_problem",
    "may_be_told",
    "next_due",
    "place_for",
    "rhythm",
]
