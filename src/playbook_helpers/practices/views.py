"""What a practice has to show: charts, what-ifs and pages to print, found in its folder.

They are in `charts/`, `what_if.py` and `pages.py`, where they are there.
"""

from __future__ import annotations

from collections.abc import Mapping
from importlib import import_module
from importlib.util import find_spec
from typing import TYPE_CHECKING, Any

from playbook_helpers.core.practice import Practice

if TYPE_CHECKING:
    from playbook_helpers.drawing.kinds import ChartKind, PageKind, WhatIfKind


def charts_of(practice: Practice) -> Mapping[str, ChartKind]:
    """Name -> chart; none where the practice draws nothing."""
    return _found(practice, "charts", "CHARTS")


def what_ifs_of(practice: Practice) -> Mapping[str, WhatIfKind]:
    """Name -> what-if."""
    return _found(practice, "what_if", "WHAT_IFS")


def pages_of(practice: Practice) -> Mapping[str, PageKind]:
    """Name -> page to print and put up."""
    return _found(practice, "pages", "PAGES")


def _found(practice: Practice, part: str, name: str) -> Mapping[str, Any]:
    module = f"{__package__}.{practice.stem}.{part}"
    return getattr(import_module(module), name, {}) if find_spec(module) else {}
