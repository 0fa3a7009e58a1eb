"""What `benchmarks/batch.py` has forks do that a batch would not: for comparing only."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from playbook_helpers.batch import fork_executor
from playbook_helpers.batch.kernels.forkserver import Job


def cells(job: Job, kernel: Any) -> int:
    """Run the cells of many notebooks one after the other, and nothing else: the floor."""
    tasks = job.arguments["tasks"]
    for task in tasks:
        kernel.shell.reset(new_session=True)
        for cell in json.loads(Path(task.source).read_text("utf-8"))["cells"]:
            if cell["cell_type"] == "code":
                kernel.shell.run_cell("".join(cell["source"]), store_history=True)
                if "parameters" in cell["metadata"].get("tags", ()):
                    kernel.shell.user_ns.update(task.parameters.for_notebook(task.names))
    return len(tasks)


def together(job: Job, kernel: Any) -> int:
    """Run several notebooks in one fork, each all in, as a batch would run it in its own."""
    done = 0
    for task in job.arguments["tasks"]:
        kernel.shell.reset(new_session=True)
        arguments = {**job.arguments, "task": task}
        done += fork_executor.run(Job(job.call, arguments), kernel)["status"] == "done"
    return done
