"""Lasting impact: how long the money lasts, on whom it hangs, what goes on, what it is worth."""

from playbook_helpers.core.practice import Practice
from playbook_helpers.practices.sustainability.assess import assess
from playbook_helpers.practices.sustainability.funding import Cost, Funding
from playbook_helpers.practices.sustainability.money import concentration, hhi, runway, to_come
from playbook_helpers.practices.sustainability.records import RECORD_TYPES
from playbook_helpers.practices.sustainability.reference import hhi_percentile
from playbook_helpers.practices.sustainability.social_value import (
    Outcome,
    Range,
    range_of,
    sroi,
    sure,
)

PRACTICE = Practice(
    "sustainability",
    RECORD_TYPES,
    assess,
    first=("expected", "largest_stops", "largest_share", "alone"),
    pictured="expected",
)

__all__ = [
    "PRACTICE",
    "RECORD_TYPES",
    "Cost",
    "Funding",
    "Outcome",
    "Range",
    "assess",
    "concentration",
    "hhi",
    "hhi_percentile",
    "range_of",
    "runway",
    "sroi",
    "sure",
    "to_come",
]
