"""Innovation and flexibility: what must be true, how it is tried, what was learned and decided."""

from playbook_helpers.core.distributions import wilson
from playbook_helpers.core.practice import Practice
from playbook_helpers.practices.innovation.assess import assess, risk
from playbook_helpers.practices.innovation.lines import MovedLine, moved_lines
from playbook_helpers.practices.innovation.records import (
    RECORD_TYPES,
    Assumption,
    Decision,
    Experiment,
    Result,
)

PRACTICE = Practice(
    "innovation",
    RECORD_TYPES,
    assess,
    history=(Experiment.kind,),
    first=("untested", "pass_lines", "stop_rules", "days_to_decision"),
    pictured="pass_lines",
    dated=("days_to_decision",),
)

__all__ = [
    "PRACTICE",
    "RECORD_TYPES",
    "Assumption",
    "Decision",
    "Experiment",
    "MovedLine",
    "Result",
    "assess",
    "moved_lines",
    "risk",
    "wilson",
]
