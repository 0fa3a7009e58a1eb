"""Partnership Playbook: the worksheets' arithmetic, records, forms, reports and batches.

What a notebook or a script of your own needs, each loaded when it is first asked for:

- `Worksheet(practice, partnership)`: one practice's worksheet, cell by cell;
- `OverviewWorksheet(partnership)`: where a partnership stands, over all practices;
- `frame(kind)`: all records of one kind as a pandas frame, over one partnership or all;
- `Store.open(address)`: the records themselves, and all their saved states;
- `import_paths(store, paths)`: files taken into a store;
- `make_plan(root, store)` and `run_plan(plan)`: worksheets run for many partnerships;
- `write_reports(root, store)` and `write_portfolio(root, store)`: what is made of them.

>>> from playbook_helpers import Store, frame, import_paths
>>> with Store.open("sqlite://") as store:
...     summary = import_paths(store, ["data/shape-up-somerville"])
...     goals = frame("goal", store=store)
>>> summary.partnerships, len(goals)
(('shape-up-somerville',), 3)
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

from playbook_helpers.core.version import __version__

if TYPE_CHECKING:
    from playbook_helpers.batch import make_plan, run_plan
    from playbook_helpers.publish.portfolio import write_portfolio
    from playbook_helpers.publish.report import write_reports
    from playbook_helpers.storage.database import Store
    from playbook_helpers.storage.files import import_paths
    from playbook_helpers.worksheet import OverviewWorksheet, Worksheet
    from playbook_helpers.worksheet.frames import frame

_PLACES = {
    "OverviewWorksheet": "worksheet",
    "PortfolioWorksheet": "publish.portfolio.worksheet",  # not listed, for scripts that have it
    "Store": "storage.database",
    "Worksheet": "worksheet",
    "frame": "worksheet.frames",
    "import_paths": "storage.files",
    "make_plan": "batch",
    "run_plan": "batch",
    "write_portfolio": "publish.portfolio",
    "write_reports": "publish.report",
}
__all__ = [
    "OverviewWorksheet",
    "Store",
    "Worksheet",
    "__version__",
    "frame",
    "import_paths",
    "make_plan",
    "run_plan",
    "write_portfolio",
    "write_reports",
]


def __getattr__(name: str) -> Any:
    """Load one of the names above when it is first asked for."""
    if name not in _PLACES:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    return getattr(import_module(f"{__name__}.{_PLACES[name]}"), name)


def __dir__() -> list[str]:
    return list(__all__)
