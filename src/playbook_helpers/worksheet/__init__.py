"""The face that a notebook sees: a practice's worksheet, and the overview's, for one partnership.

`Worksheet` and `OverviewWorksheet` are loaded when they are asked for, since they open a store: the
sections that they are made of, and the forms, run where there is none.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from playbook_helpers.worksheet.overview import OverviewWorksheet
    from playbook_helpers.worksheet.worksheet import Worksheet

__all__ = ["OverviewWorksheet", "Worksheet"]


def __getattr__(name: str) -> Any:
    """Load one of the two when it is first asked for."""
    if name == "Worksheet":
        from playbook_helpers.worksheet.worksheet import Worksheet

        return Worksheet
    if name == "OverviewWorksheet":
        from playbook_helpers.worksheet.overview import OverviewWorksheet

        return OverviewWorksheet
    raise AttributeError(name)
