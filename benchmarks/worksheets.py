"""Seconds that each worksheet's cells take for a partnership of 2,000 records a practice.

The records are made up, 16,000 in all, in a SQLite store; each worksheet reads them from there.
Starting a kernel is not counted: the cells run here, in a process in which all is imported, as
in a batch. `processor` is the time of this process alone, `wall` what went by on the clock; where
a machine has other things to do, the first says what the worksheet costs. The goal is 5 seconds.
"""

from __future__ import annotations

import argparse
import gc
import os
import tempfile
import time
from pathlib import Path

from _cells import run_worksheet
from _made_up import partnership

from playbook_helpers.core.partnership import OVERVIEW
from playbook_helpers.drawing.display import MODE_VARIABLE
from playbook_helpers.practices import PRACTICES
from playbook_helpers.storage.database import Store

GOAL = 5.0


def size_of(notebook: dict[str, object]) -> int:
    """Characters of HTML that the cells gave."""
    cells = notebook["cells"]
    assert isinstance(cells, list)
    shown = [output["data"] for cell in cells for output in cell.get("outputs", ())]
    return sum(len(data["text/html"]) for data in shown)


def main() -> None:
    """Print the table."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--records", type=int, default=2_000, help="records for each practice")
    each = parser.parse_args().records
    os.environ[MODE_VARIABLE] = "document"
    with tempfile.TemporaryDirectory() as folder:
        url = f"sqlite:///{Path(folder) / 'playbook.db'}"
        with Store.open(url) as store:
            store.append(partnership("large", each))
            store.append(partnership("small", 1))
        print(f"{each:,} records for each practice")
        print(f"{'worksheet':16}{'processor s':>13}{'wall s':>9}{'HTML kB':>9}")
        for stem in (OVERVIEW, *(practice.stem for practice in PRACTICES)):
            run_worksheet(stem, "small", url)  # so that nothing is imported on the way
            gc.collect()
            processor, wall = time.process_time(), time.perf_counter()
            notebook = run_worksheet(stem, "large", url)
            processor, wall = time.process_time() - processor, time.perf_counter() - wall
            over = "  over the goal" if processor > GOAL else ""
            kilobytes = size_of(notebook) / 1000
            print(f"{stem:16}{processor:13.2f}{wall:9.2f}{kilobytes:9.0f}{over}", flush=True)


if __name__ == "__main__":
    main()
