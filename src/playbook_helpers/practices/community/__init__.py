"""Engaging the community: who takes part, who is missing, and what came of what was heard."""

from playbook_helpers.core.practice import Practice
from playbook_helpers.practices.community.assess import assess
from playbook_helpers.practices.community.counting import GroupRule, SurveyCount, count_groups
from playbook_helpers.practices.community.records import (
    RECORD_TYPES,
    Activity,
    CommunityGroup,
    GroupCount,
    Heard,
)
from playbook_helpers.practices.community.surveys import (
    margin_of_error,
    representation,
    sample_size,
    small_cells,
)

PRACTICE = Practice(
    "community",
    RECORD_TYPES,
    assess,
    first=("shared_say", "paid", "told_back", "days_to_answer"),
    pictured="shared_say",
    dated=("people", "shared_say", "paid", "told_back", "days_to_answer"),
)

__all__ = [
    "PRACTICE",
    "RECORD_TYPES",
    "Activity",
    "CommunityGroup",
    "GroupCount",
    "GroupRule",
    "Heard",
    "SurveyCount",
    "assess",
    "count_groups",
    "margin_of_error",
    "representation",
    "sample_size",
    "small_cells",
]
