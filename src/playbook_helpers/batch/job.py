"""One notebook of a batch, from its worksheet to its place, in a fork of the warm server.

`run` executes and lands it; if the fork is gone before it could, `after` lands what there is, in
another fork. Both answer with an `Outcome` as JSON values.
"""

from __future__ import annotations

import base64
import os
import pickle
import sys
import time
from contextlib import suppress
from dataclasses import asdict, replace
from typing import Any

from playbook_helpers.batch.cells import first_line, one_line, place_of
from playbook_helpers.batch.finishing import failed, finish_broken, finish_done, finish_failed
from playbook_helpers.batch.kernels.jobs import Ending, Job
from playbook_helpers.batch.kernels.linux import unlimited_memory
from playbook_helpers.batch.limits import Limits
from playbook_helpers.batch.parameters import read_parameters
from playbook_helpers.batch.summary import Outcome
from playbook_helpers.batch.tasks import Task
from playbook_helpers.worksheet.project import STORE_VARIABLE

RUN, AFTER = f"{__name__}:run", f"{__name__}:after"


def packed(task: Task, limits: Limits) -> dict[str, Any]:
    """A task as a job's arguments."""
    return {
        "task": base64.b64encode(pickle.dumps(task)).decode(),
        "limits": asdict(limits),
    }


def _task(job: Job) -> Task:
    # Only the batch itself hands jobs to its server, through a socket that nobody else holds.
    task: Task = pickle.loads(base64.b64decode(job.arguments["task"]))  # noqa: S301
    return task


def run(job: Job, kernel: Any) -> dict[str, Any]:
    """Execute the task's worksheet here, and put the notebook in its place."""
    from nbclient.exceptions import DeadKernelError
    from papermill.exceptions import PapermillExecutionError

    from playbook_helpers.batch.kernels.engine import use_here

    task, begin, limits = _task(job), time.monotonic(), Limits(**job.arguments["limits"])
    # The server knows one store; tasks of a joined plan may each have their own.
    os.environ[STORE_VARIABLE] = task.parameters.store
    here = use_here(kernel, kernel.fork.write)
    try:
        notebook = _papermill(task)
    except PapermillExecutionError as error:
        _free()
        outcome = failed(
            task,
            time.monotonic() - begin,
            limits.reason(str(error.ename)),
            # papermill counted before it put its two marks in; the top one is before our cell.
            cell=place_of(here.notebook.cells if here.notebook else [], error.cell_index + 2),
            code=first_line(error.source or ""),
            error=one_line(f"{error.ename}: {error.evalue}".removesuffix(": ")),
        )
        return asdict(finish_failed(task, here.notebook, outcome))
    except DeadKernelError:
        said, seconds = "a cell before it called exit or quit", time.monotonic() - begin
        return asdict(finish_broken(task, here.notebook, seconds, "its Python died", said))
    outcome = _finish(task, notebook, time.monotonic() - begin)
    if kernel.session.allowance.passed:
        outcome = replace(outcome, note=limits.too_much)
    return asdict(outcome)


def _free() -> None:
    """Lift the limit of memory: a notebook that has reached it has still to be written down."""
    if sys.platform == "linux":
        unlimited_memory()


def rehearse(task: Task, kernel: Any) -> None:
    """Do for a task all that `run` does, where no fork is: so that forks find it done before."""
    from playbook_helpers.batch.kernels.engine import use_here

    use_here(kernel, lambda line: None)
    _finish(task, _papermill(task), 0.0)


def _finish(task: Task, notebook: Any, seconds: float) -> Outcome:
    outcome = finish_done(task, notebook, seconds)
    if outcome.status == "done" and task.order and not task.output:
        _page(task, notebook)
    return outcome


def _page(task: Task, notebook: Any) -> None:
    """Write the page here and now, warm; the report written later finds it, or makes it."""
    from playbook_helpers.publish.report import Whose, write_page

    whose = Whose(task.name, task.invented, task.about)
    # What is wrong with a page is told by the report, which writes it once more.
    with suppress(Exception):
        write_page(task.target, whose, order=task.order, executed=notebook)


def after(job: Job, ending: Ending) -> dict[str, Any]:
    """Land what a fork had done that is gone: its notebook up to the cell that was running."""
    from playbook_helpers.batch.kernels.journal import replay

    task = _task(job)
    seconds, limits = ending.seconds, Limits(**job.arguments["limits"])
    notebook = _papermill(task, prepare_only=True)
    error = replay(notebook, ending.journal)
    if ending.how == "timeout":
        reason = f"more than its {limits.seconds:g} seconds"
        return asdict(finish_broken(task, notebook, seconds, reason))
    if error:
        said = one_line(error.strip().splitlines()[-1])
        reason = limits.reason(said).replace("an error", "it could not be run")
        return asdict(finish_broken(task, notebook, seconds, reason, said))
    said = f"signal {ending.number}" if ending.how == "signal" else f"exit code {ending.number}"
    return asdict(finish_broken(task, notebook, seconds, "its Python died", said))


def _papermill(task: Task, **settings: Any) -> Any:
    from papermill import execute
    from papermill.execute import execute_notebook

    # papermill writes the notebook out once more, to nowhere, where no output is named.
    execute.write_ipynb = lambda nb, path: None  # type: ignore[attr-defined]
    checked = read_parameters(task.parameters.for_notebook()).for_notebook(task.names)
    return execute_notebook(  # type: ignore[no-untyped-call]
        str(task.source).replace("{", "{{").replace("}", "}}"),
        None,
        parameters=checked,
        engine_name="playbook",
        kernel_name="python3",
        language="python",
        progress_bar=False,
        log_output=False,
        request_save_on_cell_execute=False,
        **settings,
    )
