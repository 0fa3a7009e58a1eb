"""Trust and mutual respect: a check-in nobody can be picked out of, an agreement, small wins."""

from playbook_helpers.core.practice import Practice
from playbook_helpers.practices.trust.assess import assess, disclosed
from playbook_helpers.practices.trust.closing import (
    closed_before,
    closed_rounds,
    completes,
    counted_rounds,
    numbers,
    refusal,
)
from playbook_helpers.practices.trust.records import (
    RECORD_TYPES,
    AgreementPoint,
    CheckIn,
    ClosedRound,
    SmallWin,
    Turnout,
)
from playbook_helpers.practices.trust.scales import agreement, change, cronbach_alpha, score

PRACTICE = Practice(
    "trust",
    RECORD_TYPES,
    assess,
    reads=("partner",),
    first=("general", "agreement", "wins"),
    pictured="general",
    dated=("wins",),
    own_change={"general": "change"},
)

__all__ = [
    "PRACTICE",
    "RECORD_TYPES",
    "AgreementPoint",
    "CheckIn",
    "ClosedRound",
    "SmallWin",
    "Turnout",
    "agreement",
    "assess",
    "change",
    "closed_before",
    "closed_rounds",
    "completes",
    "counted_rounds",
    "cronbach_alpha",
    "disclosed",
    "numbers",
    "refusal",
    "score",
]
