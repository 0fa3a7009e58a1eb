"""One run of worksheets over many partnerships: plan, run, summary.

`make_plan` says which notebooks are missing or out of date, `run_plan` executes them, each in a
process of its own under a time limit, and the `Summary` says what came of each.
"""

from playbook_helpers.batch.limits import Limits
from playbook_helpers.batch.parameters import PARAMETER_NAMES, Parameters, read_parameters
from playbook_helpers.batch.plan import make_plan
from playbook_helpers.batch.run import run_plan
from playbook_helpers.batch.summary import Outcome, Summary
from playbook_helpers.batch.tasks import Plan, Task, joined

__all__ = [
    "PARAMETER_NAMES",
    "Limits",
    "Outcome",
    "Parameters",
    "Plan",
    "Summary",
    "Task",
    "joined",
    "make_plan",
    "read_parameters",
    "run_plan",
]
