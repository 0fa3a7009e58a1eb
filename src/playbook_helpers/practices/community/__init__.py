"""Engaging the community: who takes part, who is missing, and what came of what was heard."""

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

__all__ = [
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
