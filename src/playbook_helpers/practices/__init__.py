"""The practices in book order: each is the `PRACTICE` of the folder of its stem."""

from importlib import import_module

from playbook_helpers.core.partnership import OVERVIEW, WORKSHEETS
from playbook_helpers.core.practice import Practice

PRACTICES: tuple[Practice, ...] = tuple(
    import_module(f"{__name__}.{stem}").PRACTICE for stem in WORKSHEETS if stem != OVERVIEW
)
