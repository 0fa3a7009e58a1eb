"""Running a plan: over an executor, one notebook after the other at each place.

Plan, run and summary know nothing of how a notebook is executed. `execute` is a plain function
from a task to its outcome that can be sent elsewhere, and any `concurrent.futures.Executor` can
carry it. Without one, notebooks run in forks of a warm process where that is safe, and else by
plain papermill in processes of their own.
"""

from __future__ import annotations

import threading
import time
import uuid
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import Executor, Future, ThreadPoolExecutor
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from functools import partial
from itertools import groupby, islice
from pathlib import Path
from queue import SimpleQueue

from playbook_helpers.batch.artifacts import sweep_parts
from playbook_helpers.batch.kernels.linux import can_fork
from playbook_helpers.batch.limits import Limits
from playbook_helpers.batch.outcomes import failed, one_line, stopped
from playbook_helpers.batch.parallel import cores
from playbook_helpers.batch.plan import BOOK
from playbook_helpers.batch.process_executor import adopting_orphans, end_marked, execute_in_process
from playbook_helpers.batch.summary import Outcome, Summary
from playbook_helpers.batch.tasks import Plan, Task
from playbook_helpers.core.errors import InputError
from playbook_helpers.core.revisions import now

REMOVED = "its notebook was there and is gone: something has removed it"
Execute = Callable[[Task], Outcome]


def run_plan(
    plan: Plan,
    *,
    workers: int = 0,
    limits: Limits | None = None,
    on_done: Callable[[Outcome], None] | None = None,
    execute: Execute | None = None,
    executor: Executor | None = None,
    finish: str = "",
) -> Summary:
    """Execute the plan's tasks; a summary of them and of those that were up to date.

    `workers` notebooks run at once (0: one for each core). `on_done` is called in this thread
    after each. `limits` hold for each notebook. `execute` and `executor` are where another way
    of running plugs in. A failure stops nothing; Ctrl-C ends the running ones and gives the
    summary of what was done. A notebook counts as done if it is still there when all have run.
    `finish` ("module:function") is called in each fork as `function(task, notebook)` when its
    notebook has landed. Raises InputError for a number of workers that cannot be.
    """
    if workers < 0 or workers > 1000:
        raise InputError("The number of workers is wrong", value=workers, allowed="0 to 1000")
    started, begin = now(), time.monotonic()
    number = max(1, min(workers or cores(), len(plan.tasks)))
    limits = (limits or Limits()).shared_by(number)
    held: list[Outcome | None] = [None] * len(plan.tasks)
    running: dict[Future[Outcome], tuple[int, Task]] = {}
    ended: SimpleQueue[Future[Outcome]] = SimpleQueue()
    # A pool of this computer is given little more than it can run: a thousand partnerships have
    # thousands of tasks, and each that waits in a pool takes memory.
    ahead = len(plan.tasks) if executor is not None else 2 * number + 2
    with _way(plan, number, limits, execute, executor, finish) as way:
        todo = enumerate(_swept(plan.tasks))
        try:
            while True:
                for place, task in islice(todo, ahead - len(running)):
                    future = way.pool.submit(way.execute, task)
                    running[future] = place, task
                    future.add_done_callback(ended.put)
                if not running:
                    break
                future = ended.get()
                place, task = running[future]
                outcome = _outcome(future, task)
                held[place] = outcome
                del running[future]
                if on_done is not None:
                    on_done(outcome)
        except KeyboardInterrupt:
            for future in running:
                future.cancel()
            way.stop()
    interrupted = any(kept is None for kept in held)
    for future, (place, task) in running.items():
        if held[place] is None:
            done = future.done() and not future.cancelled()
            held[place] = _outcome(future, task) if done else stopped(task)
    outcomes = [
        Outcome(task.partnership, task.worksheet, "unchanged", notebook=task.place)
        for task in plan.unchanged
    ]
    outcomes += (kept or stopped(task) for kept, task in zip(held, plan.tasks, strict=True))
    if execute is None and executor is None:
        outcomes = [_still_there(outcome) for outcome in outcomes]
    order = {slug: place for place, slug in enumerate(plan.partnerships)}
    book = {stem: place for place, stem in enumerate(BOOK)}
    outcomes.sort(key=lambda o: (order[o.partnership], book.get(o.worksheet, len(book))))
    return Summary(
        outcomes=tuple(outcomes),
        started=started,
        seconds=time.monotonic() - begin,
        workers=number,
        interrupted=interrupted,
        notes=plan.notes,
    )


def _still_there(outcome: Outcome) -> Outcome:
    """The outcome, unless what it counts on has been removed since: a notebook can do that."""
    elsewhere = "://" in outcome.notebook
    if outcome.status not in ("done", "unchanged") or elsewhere:
        return outcome
    if Path(outcome.notebook).is_file():
        return outcome
    return Outcome(
        outcome.partnership, outcome.worksheet, "failed", outcome.seconds, reason=REMOVED
    )


def _swept(tasks: Iterable[Task]) -> Iterator[Task]:
    """The tasks, each folder without what a killed run left half written there."""
    for folder, those in groupby(tasks, key=lambda task: task.folder):
        sweep_parts(folder)
        yield from those


@dataclass(frozen=True, slots=True)
class _Way:
    """How tasks are carried, executed, and stopped."""

    pool: Executor
    execute: Execute
    stop: Callable[[], None]


@contextmanager
def _way(
    plan: Plan,
    number: int,
    limits: Limits,
    execute: Execute | None,
    executor: Executor | None,
    finish: str,
) -> Iterator[_Way]:
    """The way for this plan; everything it started is gone when the block ends."""
    mark = f"batch-{uuid.uuid4().hex}-"
    wish = threading.Event()

    def stop() -> None:
        wish.set()
        end_marked(mark)

    with adopting_orphans(), ExitStack() as ends:
        ends.callback(end_marked, mark)
        if executor is not None:
            execute = execute or partial(execute_in_process, limits=limits, mark=mark)
        elif execute is None and plan.tasks and in_forks(plan.tasks[0]):
            from playbook_helpers.batch.fork_executor import execute_in_fork
            from playbook_helpers.batch.servers import server as made

            server = made(plan.tasks[0], mark, finish)
            ends.callback(server.close)
            stop = server.close
            execute = partial(execute_in_fork, server=server, limits=limits, finish=finish)
        elif execute is None:
            execute = partial(execute_in_process, limits=limits, mark=mark, stop=wish)
        pool = executor or ThreadPoolExecutor(number, thread_name_prefix="playbook-batch")
        try:
            yield _Way(pool, execute, stop)
        finally:
            wish.set()
            if pool is not executor:
                pool.shutdown(wait=True, cancel_futures=True)


def in_forks(task: Task) -> bool:
    """Whether a task runs in a fork of a warm process."""
    return task.engine in ("", "playbook") and can_fork()


def execute_task(task: Task, *, limits: Limits | None = None, finish: str = "") -> Outcome:
    """Execute one task here, for a cluster or whoever else hands out tasks; what came of it.

    `finish` as in `run_plan`.
    """
    limits = (limits or Limits()).shared_by(cores())
    if not in_forks(task):
        return execute_in_process(task, limits=limits)
    from playbook_helpers.batch.fork_executor import execute_in_fork
    from playbook_helpers.batch.servers import kept_server

    return execute_in_fork(task, server=kept_server(task, finish), limits=limits, finish=finish)


def _outcome(future: Future[Outcome], task: Task) -> Outcome:
    error = future.exception()
    if error is None:
        return future.result()
    said = one_line(f"{type(error).__name__}: {error}")
    return failed(task, 0.0, "it could not be run", error=said)
