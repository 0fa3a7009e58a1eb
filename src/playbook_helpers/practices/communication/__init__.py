"""Communication: who hears what, how often and from whom; stories told only with consent."""

from playbook_helpers.core.practice import Practice
from playbook_helpers.practices.communication.assess import assess, place_for
from playbook_helpers.practices.communication.calendar import Event, calendar
from playbook_helpers.practices.communication.consent import (
    Gated,
    Released,
    consent_problem,
    for_showing,
    gate_day,
    gated,
    may_be_told,
    release,
)
from playbook_helpers.practices.communication.progress_report import Draft, draft
from playbook_helpers.practices.communication.records import (
    RECORD_TYPES,
    Audience,
    Meeting,
    Message,
    ProgressReport,
    Story,
)
from playbook_helpers.practices.communication.rhythm import next_due, rhythm

PRACTICE = Practice(
    "communication",
    RECORD_TYPES,
    assess,
    # The drafted progress report is put together from these.
    reads=("goal", "measurement", "milestone", "review", "activity", "heard"),
    first=("covered", "overdue", "community_answers", "stories"),
    pictured="covered",
)

__all__ = [
    "PRACTICE",
    "RECORD_TYPES",
    "Audience",
    "Draft",
    "Event",
    "Gated",
    "Meeting",
    "Message",
    "ProgressReport",
    "Released",
    "Story",
    "assess",
    "calendar",
    "consent_problem",
    "draft",
    "for_showing",
    "gate_day",
    "gated",
    "may_be_told",
    "next_due",
    "place_for",
    "release",
    "rhythm",
]
