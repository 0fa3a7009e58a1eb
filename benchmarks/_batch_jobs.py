"""What `benchmarks/batch.py` has forks do that a batch would not: for comparing only."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from playbook_helpers.batch.kernels.jobs import Job

from playbook_helpers.batch import job as batch_job


def cells(job: Job, kernel: Any) -> int:
    """Run the cells of many notebooks one after the other, and nothing else: the floor."""
    done = 0
    for source, parameters in job.arguments["notebooks"]:
        kernel.shell.reset(new_session=True)
        for cell in json.loads(Path(source).read_text("utf-8"))["cells"]:
            if cell["cell_type"] == "code":
                kernel.shell.run_cell("".join(cell["source"]), store_history=True)
                if "parameters" in cell["metadata"].get("tags", ()):
                    kernel.shell.user_ns.update(parameters)
        done += 1
    return done


def together(job: Job, kernel: Any) -> list[str]:
    """Run several notebooks in one fork, each all in, as a batch would run it in its own."""
    said = []
    for task in job.arguments["tasks"]:
        kernel.shell.reset(new_session=True)
        outcome = batch_job.run(Job(batch_job.RUN, task), kernel)
        said.append(outcome["status"])
    return said
