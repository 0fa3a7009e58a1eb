"""Strengths and resources: what partners bring, what goals need, and where the two do not meet."""

from playbook_helpers.core.practice import Practice
from playbook_helpers.practices.resources.assess import assess
from playbook_helpers.practices.resources.leaving import (
    partner_leaves,
    partners_with_offers,
    without_partner,
)
from playbook_helpers.practices.resources.records import RECORD_TYPES, Need, Offer

PRACTICE = Practice(
    "resources",
    RECORD_TYPES,
    assess,
    reads=("partner", "goal"),
    first=("must_haves_covered", "needs_covered", "needs_open", "single_source"),
    pictured="must_haves_covered",
)

__all__ = [
    "PRACTICE",
    "RECORD_TYPES",
    "Need",
    "Offer",
    "assess",
    "partner_leaves",
    "partners_with_offers",
    "without_partner",
]
