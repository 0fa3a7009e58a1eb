"""One notebook in a fork of a warm process: papermill and its kernel run in the fork itself.

The fork runs its notebook, lands it and answers. If it is gone before it could, its notebook as
far as it ran is landed from its journal, in another fork. A server that dies may have been killed
by one of the notebooks that it had in hand: each of them is run once more, in a server of its own,
so that only the one that does it again is counted as failed.
"""

from __future__ import annotations

import os
import time
from contextlib import suppress
from dataclasses import asdict, replace
from typing import TYPE_CHECKING, Any

from playbook_helpers.batch.artifacts import made_from_path
from playbook_helpers.batch.kernels.cells import CellKernel
from playbook_helpers.batch.kernels.forkserver import Answer, ForkServer, Job, ServerEnded, named
from playbook_helpers.batch.kernels.linux import unlimited_memory
from playbook_helpers.batch.limits import Limits
from playbook_helpers.batch.outcomes import (
    failed,
    finish_broken,
    finish_done,
    finish_failed,
    first_line,
    one_line,
    place_of,
    stopped,
)
from playbook_helpers.batch.parameters import PARAMETER_NAMES, read_parameters
from playbook_helpers.batch.summary import Outcome
from playbook_helpers.batch.tasks import Task
from playbook_helpers.worksheet.project import STORE_VARIABLE

if TYPE_CHECKING:
    from nbformat import NotebookNode

SAVING = Limits(60)
"""What saving the rest of a notebook may take."""


def execute_in_fork(
    task: Task, *, server: ForkServer, limits: Limits | None = None, finish: str = ""
) -> Outcome:
    """Execute one task in a fork; what came of it.

    `finish` ("module:function") is called there as `function(task, notebook)` when a notebook
    has landed in its folder.
    """
    begin = time.monotonic()
    limits = (limits or Limits()).shared_by(1)
    arguments = {"task": task, "limits": limits, "finish": finish}
    try:
        answer = _run(server, "run", arguments, limits)
        if answer.how not in ("answered", "stopped"):
            answer = _run(server, "save", arguments | {"ended": answer}, SAVING)
    except ServerEnded as ended:
        error = str(ended)
    else:
        if answer.how == "answered":
            return Outcome(**answer.value)
        if answer.how == "stopped":
            return stopped(task)
        error = (answer.error or answer.how).strip().splitlines()[-1]
    # It may have landed before its server was gone; as a failure it counts as nobody's notebook.
    made_from_path(task.target).unlink(missing_ok=True)
    return failed(task, time.monotonic() - begin, "it could not be run", error=one_line(error))


def _run(server: ForkServer, name: str, arguments: dict[str, Any], limits: Limits) -> Answer:
    task: Task = arguments["task"]
    job = Job(
        f"{__name__}:{name}",
        arguments,
        folder=os.fspath(task.source.parent),
        seconds=limits.seconds,
        memory=limits.memory,
        output=limits.output,
    )
    try:
        return server.run(job)
    except ServerEnded:
        return server.run_alone(job)


# In a fork ----------------------------------------------------------------------------------------


def run(job: Job, kernel: CellKernel) -> dict[str, Any]:
    """Execute the task's worksheet here, and put the notebook in its place; an `Outcome`."""
    from nbclient.exceptions import DeadKernelError
    from papermill.exceptions import PapermillExecutionError

    from playbook_helpers.batch.kernels.engine import use_here

    task, limits, begin = job.arguments["task"], job.arguments["limits"], time.monotonic()
    # The server knows one store; tasks of a joined plan may each have their own.
    os.environ[STORE_VARIABLE] = task.parameters.store
    here = use_here(kernel, kernel.journal)
    try:
        notebook = _executed(task)
    except PapermillExecutionError as error:
        unlimited_memory()  # a notebook that has reached the limit has still to be written down
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
    outcome = finish_done(task, notebook, time.monotonic() - begin)
    if outcome.status == "done" and job.arguments["finish"]:
        # What is wrong with a page is told by the report, which writes it once more.
        with suppress(Exception):
            named(job.arguments["finish"])(task, notebook)
    if kernel.session.allowance.passed:
        outcome = replace(outcome, note=limits.too_much)
    return asdict(outcome)


def save(job: Job, kernel: CellKernel) -> dict[str, Any]:
    """Land what a fork had done that is gone: its notebook up to the cell that was running."""
    from playbook_helpers.batch.kernels.journal import replayed

    task, limits = job.arguments["task"], job.arguments["limits"]
    ended: Answer = job.arguments["ended"]
    notebook = _prepared(task)
    error = replayed(notebook, ended.journal)
    if ended.how == "timeout":
        reason = f"more than its {limits.seconds:g} seconds"
        return asdict(finish_broken(task, notebook, ended.seconds, reason))
    if error:
        said = one_line(error.strip().splitlines()[-1])
        reason = limits.reason(said).replace("an error", "it could not be run")
        return asdict(finish_broken(task, notebook, ended.seconds, reason, said))
    said = f"{'signal' if ended.how == 'signal' else 'exit code'} {ended.number}"
    return asdict(finish_broken(task, notebook, ended.seconds, "its Python died", said))


def _prepared(task: Task) -> NotebookNode:
    """The worksheet with the task's parameters in it, as papermill puts them."""
    from papermill.execute import execute_notebook

    told = task.parameters.for_notebook((*PARAMETER_NAMES, *task.names))
    checked = read_parameters(told, task.names).for_notebook(task.names)
    return execute_notebook(  # type: ignore[no-any-return, no-untyped-call]
        str(task.source).replace("{", "{{").replace("}", "}}"),
        None,
        parameters=checked,
        engine_name="playbook",
        prepare_only=True,
        kernel_name="python3",
        language="python",
        progress_bar=False,
    )


def _executed(task: Task) -> NotebookNode:
    """The worksheet with what its cells show. Raises papermill's PapermillExecutionError.

    In papermill's two steps, since the one function for both makes the text of the executed
    notebook too, to be written nowhere.
    """
    from papermill.engines import papermill_engines
    from papermill.execute import raise_for_execution_errors

    notebook: NotebookNode = papermill_engines.execute_notebook_with_engine(  # type: ignore[no-untyped-call]
        "playbook", _prepared(task), kernel_name="python3", progress_bar=False
    )
    raise_for_execution_errors(notebook, None)  # type: ignore[no-untyped-call]
    return notebook
