"""The example of 151 areas for the site: a store of its own, and the reports of a few of them.

Running every worksheet for every area would take longer than a reader of the examples should
wait, and would show the same page 151 times. So a handful of reports is made, chosen to differ,
and what is true of all areas is read from the store at once.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from playbook_helpers.batch import Plan, Summary, make_plan
from playbook_helpers.batch.plan import source_hash
from playbook_helpers.publish.portfolio import write_portfolio
from playbook_helpers.publish.report import ReportSummary, write_reports
from playbook_helpers.storage.database import Store
from playbook_helpers.storage.files.areas import FOLDER, SAMPLE, load_areas
from playbook_helpers.worksheet.project import areas_folder

WORKSHEETS = ("goals",)
"""The worksheets that are run: those that have records."""
_STAMP = "made-from"


@dataclass(frozen=True, slots=True)
class AreasMade:
    """What running and writing came to."""

    ran: Summary
    written: ReportSummary

    @property
    def failed(self) -> bool:
        """Whether a worksheet or a report failed."""
        return bool(self.ran.failed or self.written.failed)


def open_areas(root: Path) -> Store:
    """The store with the 151 areas, filled if it is not there or the example has changed.

    A changed example begins a store anew: what it once said is nobody's history.
    """
    folder = areas_folder(root)
    folder.mkdir(parents=True, exist_ok=True)
    stamp, made_from = folder / _STAMP, _made_from(root)
    url = f"sqlite:///{folder / 'areas.db'}"
    if stamp.is_file() and stamp.read_text("utf-8") == made_from:
        return Store.open(url)
    stamp.unlink(missing_ok=True)
    for leftover in folder.glob("areas.db*"):
        leftover.unlink()
    store = Store.open(url)
    load_areas(store, root)
    stamp.write_text(made_from, "utf-8")
    return store


def plan_areas(root: Path, store: Store) -> Plan:
    """What is to be run for the few areas whose reports are shown."""
    return make_plan(root, store, partnerships=SAMPLE, worksheets=WORKSHEETS, folder=_reports(root))


def write_areas(root: Path, store: Store) -> ReportSummary:
    """Write the reports of the few areas whose notebooks were run, and the portfolio of all."""
    written = write_reports(root, store, SAMPLE, folder=_reports(root))
    write_portfolio(root, store, folder=areas_folder(root) / "portfolio", reports=_reports(root))
    return written


def make_areas(root: Path, run: Callable[[Plan], Summary]) -> AreasMade:
    """Load the areas, run their worksheets for a few with `run`, write those reports.

    Only what changed is done again. Raises StoreError if the store cannot be written.
    """
    with open_areas(root) as store:
        return AreasMade(run(plan_areas(root, store)), write_areas(root, store))


def _reports(root: Path) -> Path:
    return areas_folder(root) / "reports"


def _made_from(root: Path) -> str:
    total = hashlib.sha256(source_hash().encode())
    for file in sorted((root / "data" / FOLDER).iterdir()):
        total.update(file.name.encode() + b"\0" + hashlib.sha256(file.read_bytes()).digest())
    return total.hexdigest()
