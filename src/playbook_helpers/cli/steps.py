"""The steps of `playbook up`, one after the other, each with what it does and how long it took."""

from __future__ import annotations

import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from playbook_helpers.batch import joined, make_plan
from playbook_helpers.cli.app import progress
from playbook_helpers.cli.run import run_with_progress
from playbook_helpers.core.errors import InputError
from playbook_helpers.publish.portfolio import write_portfolio
from playbook_helpers.publish.report import refresh_home, write_reports
from playbook_helpers.publish.site.areas import open_areas, plan_areas, write_areas
from playbook_helpers.publish.site.build import assemble_site, build_book
from playbook_helpers.publish.site.engine import build_engine
from playbook_helpers.storage.database import Store
from playbook_helpers.storage.files import load_examples
from playbook_helpers.worksheet.project import build_folder, default_store_url


def make_everything(root: Path, *, store_url: str = "", workers: int = 0) -> bool:
    """Examples into the store, worksheets run, reports and portfolio written, book and site made.

    Returns whether a worksheet or a report failed; the rest is made all the same. Only what
    changed is done again.
    """
    with Store.open(store_url or default_store_url(root)) as store:
        with _step("Loading the example partnerships"):
            load_examples(store, root / "data")
            areas = open_areas(root)
        with areas:
            with _step("Running the worksheets"):
                # One plan for both stores: a batch warms up once.
                plan = joined(make_plan(root, store), plan_areas(root, areas))
                summary = run_with_progress(plan, workers=workers)
            if summary.failed:
                progress.print(summary.text(), markup=False)
            with _step("Writing the reports"):
                written = (write_reports(root, store, ()), write_areas(root, areas))
            with _step("Writing the portfolio"):
                write_portfolio(root, store, invented=True)
                refresh_home(root, store)
    with _step("Making the page's calculator"):
        engine = engine_for(root)
    with _step("Building the book"):
        build_book(root, engine)
    with _step("Putting the site together"):
        site = assemble_site(root, store_url=store_url)
    progress.print(f"The site is in {site}", markup=False)
    return bool(summary.failed or any(each.failed for each in written))


def engine_for(root: Path) -> Path | None:
    """The folder of the page's engine; None, with a word why, where it cannot be made here."""
    try:
        return build_engine(root, build_folder(root) / "engine")
    except InputError as error:
        progress.print(f"{error}", style="yellow", markup=False)
        progress.print("So the site's pages will not work out what a reader writes in them.")
        return None


@contextmanager
def _step(words: str) -> Iterator[None]:
    progress.print(f"{words} ...")
    start = time.monotonic()
    yield
    progress.print(f"  done in {time.monotonic() - start:.1f} s", style="dim")
