"""Running a plan: over an executor, one process for each notebook, under one time limit each.

Plan, run and summary know nothing of how a notebook is executed. `execute` is a plain function
from a task to its outcome that can be sent elsewhere, and any `concurrent.futures.Executor` can
carry it; a task's `engine` is the papermill engine that its process is told to use.
"""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import tempfile
import threading
import time
import uuid
from collections.abc import Callable
from concurrent.futures import Executor, Future, ThreadPoolExecutor, as_completed
from contextlib import suppress
from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import IO, Any, cast

from playbook_helpers.batch.cells import mark_stopped, one_line, stopped_at
from playbook_helpers.batch.landing import land, land_failed, sweep_parts
from playbook_helpers.batch.one import NOTEBOOK, RESULT
from playbook_helpers.batch.parameters import shown_address
from playbook_helpers.batch.plan import Plan, Task
from playbook_helpers.batch.processes import adopting_orphans, end_marked, end_tree, start
from playbook_helpers.batch.summary import Outcome, Summary
from playbook_helpers.errors import InputError
from playbook_helpers.revisions import now

TIME_LIMIT = 300.0
"""Seconds that one notebook may take, its Python's start included."""
Execute = Callable[[Task], Outcome]


class Stop:
    """The wish to end a batch, and the processes that then have to be ended."""

    def __init__(self) -> None:
        self._running: set[subprocess.Popen[bytes]] = set()
        self._lock = threading.Lock()
        self.wished = threading.Event()

    def begin(self, process: subprocess.Popen[bytes]) -> None:
        """Take note of a process; it is ended at once if the wish is there already."""
        with self._lock:
            self._running.add(process)
            late = self.wished.is_set()
        if late:
            end_tree(process)

    def ended(self, process: subprocess.Popen[bytes]) -> None:
        """Forget a process."""
        with self._lock:
            self._running.discard(process)

    def now(self) -> None:
        """End all processes, and every one that begins after this."""
        with self._lock:
            self.wished.set()
            running = list(self._running)
        for process in running:
            end_tree(process)


def cores() -> int:
    """How many cores this process may use."""
    if hasattr(os, "sched_getaffinity"):
        return len(os.sched_getaffinity(0))
    return os.cpu_count() or 1


def run_plan(
    plan: Plan,
    *,
    workers: int = 0,
    time_limit: float = TIME_LIMIT,
    on_done: Callable[[Outcome], None] | None = None,
    execute: Execute | None = None,
    executor: Executor | None = None,
) -> Summary:
    """Execute the plan's tasks; a summary of them and of those that were up to date.

    `workers` notebooks run at once (0: one for each core). `on_done` is called in this thread
    after each. `execute` and `executor` are where another way of running plugs in. A failure
    stops nothing; Ctrl-C ends the running ones and gives the summary of what was done. Raises
    InputError for a number of workers or a time limit that cannot be.
    """
    if workers < 0 or workers > 1000:
        raise InputError("The number of workers is wrong", value=workers, allowed="0 to 1000")
    if not 1 <= time_limit <= 7 * 86_400:
        raise InputError(
            "The time limit is wrong", value=time_limit, allowed="seconds, from 1 to a week"
        )
    started, begin = now(), time.monotonic()
    number = max(1, min(workers or cores(), len(plan.tasks)))
    for folder in {task.folder for task in plan.tasks}:
        sweep_parts(folder)
    mark, stop = f"batch-{uuid.uuid4().hex}-", Stop()
    run = execute or partial(execute_in_process, time_limit=time_limit, mark=mark)
    if execute is None and executor is None:  # a wish to stop cannot be sent elsewhere
        run = partial(execute_in_process, time_limit=time_limit, mark=mark, stop=stop)
    held: dict[tuple[str, str], Outcome] = {}
    futures: dict[Future[Outcome], Task] = {}
    with adopting_orphans():
        pool = executor or ThreadPoolExecutor(number, thread_name_prefix="playbook-batch")
        try:
            futures = {pool.submit(run, task): task for task in plan.tasks}
            for future in as_completed(futures):
                outcome = _outcome(future, futures[future])
                held[outcome.partnership, outcome.worksheet] = outcome
                if on_done is not None:
                    on_done(outcome)
        except KeyboardInterrupt:
            for future in futures:
                future.cancel()
            stop.now()
        finally:
            stop.wished.set()
            if executor is None:
                pool.shutdown(wait=True, cancel_futures=True)
            end_marked(mark)
    interrupted = len(held) < len(plan.tasks)
    for future, task in futures.items():
        if (task.partnership, task.worksheet) not in held:
            done = future.done() and not future.cancelled()
            outcome = _outcome(future, task) if done else _stopped(task)
            held[task.partnership, task.worksheet] = outcome
    outcomes = [
        Outcome(task.partnership, task.worksheet, "unchanged", notebook=str(task.target))
        for task in plan.unchanged
    ]
    outcomes += [held.get((t.partnership, t.worksheet), _stopped(t)) for t in plan.tasks]
    return Summary(
        outcomes=tuple(sorted(outcomes, key=lambda o: plan.partnerships.index(o.partnership))),
        started=started,
        seconds=time.monotonic() - begin,
        workers=number,
        interrupted=interrupted,
    )


def _outcome(future: Future[Outcome], task: Task) -> Outcome:
    error = future.exception()
    if error is None:
        return future.result()
    said = one_line(f"{type(error).__name__}: {error}")
    return _failed(task, 0.0, "it could not be run", error=said)


def _stopped(task: Task) -> Outcome:
    return Outcome(task.partnership, task.worksheet, "stopped")


def _failed(task: Task, seconds: float, reason: str, **more: Any) -> Outcome:
    return Outcome(task.partnership, task.worksheet, "failed", seconds, reason, **more)


def execute_in_process(
    task: Task,
    *,
    time_limit: float = TIME_LIMIT,
    mark: str = "",
    stop: Stop | None = None,
) -> Outcome:
    """Execute one task in a process of its own and land its notebook; what came of it.

    The process and everything that came from it are gone when this returns.
    """
    stop = stop or Stop()
    if stop.wished.is_set():
        return _stopped(task)
    begin = time.monotonic()
    own_mark = f"{mark or 'batch-'}{uuid.uuid4().hex}"
    # A short path: sockets lie here, and their names may not be long.
    work = Path(tempfile.mkdtemp(prefix="pb-"))
    try:
        process = start(task, work, own_mark)
        stop.begin(process)
        try:
            in_time = _converse(process, task, work, time_limit)
        finally:
            end_tree(process)
            stop.ended(process)
        result = _result(work)
        if not result:
            end_marked(own_mark)
        if stop.wished.is_set() and not result:
            return _stopped(task)
        return _landed(task, work, result, in_time, time_limit, time.monotonic() - begin)
    except OSError as error:
        said = one_line(f"{type(error).__name__}: {error}")
        return _failed(task, time.monotonic() - begin, "it could not be written", error=said)
    finally:
        _remove(work)


def _converse(process: subprocess.Popen[bytes], task: Task, work: Path, time_limit: float) -> bool:
    """Hand the task over and wait for the process to end; False if its time ran out."""
    order = {
        "source": str(task.source),
        "parameters": task.parameters.for_notebook(task.names),
        "engine": task.engine,
        "work": str(work),
        "start_limit": max(1, int(time_limit)),
    }
    pipe = cast("IO[bytes]", process.stdin)
    try:
        pipe.write(json.dumps(order).encode() + b"\n")
        pipe.flush()
        process.wait(time_limit)
    except BrokenPipeError:
        process.wait(time_limit)
    except subprocess.TimeoutExpired:
        return False
    finally:
        # Held open until now: its end is the sign to the process that the batch is gone.
        end_tree(process)
        with suppress(OSError):
            pipe.close()
    return True


def _result(work: Path) -> dict[str, Any]:
    try:
        data = json.loads((work / RESULT).read_text("utf-8"))
    except (OSError, ValueError):
        return {}
    return data if isinstance(data, dict) else {}


def _landed(
    task: Task,
    work: Path,
    result: dict[str, Any],
    in_time: bool,
    time_limit: float,
    seconds: float,
) -> Outcome:
    notebook = _notebook(task, work)
    if result.get("status") == "done" and notebook is not None:
        made = dict(task.made_from) | {
            "format": "playbook-made-from/1",
            "fingerprint": task.fingerprint,
            "made": now(),
            "seconds": round(seconds, 3),
        }
        notebook["metadata"]["playbook"] = made
        land(task.target, _text(task, notebook), made)
        name = str(task.target)
        return Outcome(task.partnership, task.worksheet, "done", seconds, notebook=name)
    if result.get("status") == "failed":
        told = {key: result.get(key) for key in ("cell", "code", "error") if result.get(key)}
        outcome = _failed(task, seconds, str(result.get("reason", "an error")), **told)
    else:
        place, code = stopped_at(notebook or {})
        reason = "the process ended by itself"
        error = _last_line(work)
        if not in_time:
            reason, error = f"more than its {time_limit:g} seconds", ""
        outcome = _failed(task, seconds, reason, cell=place, code=code, error=error)
    if notebook is None:
        return _scrubbed(task, outcome, "")
    if outcome.reason != "an error":  # papermill has marked those itself
        mark_stopped(notebook, outcome.told().split(": ", 1)[1])
    return _scrubbed(task, outcome, str(land_failed(task.target, _text(task, notebook))))


def _notebook(task: Task, work: Path) -> dict[str, Any] | None:
    """The notebook as far as it ran, without paths of this computer; None if there is none."""
    try:
        notebook = json.loads((work / NOTEBOOK).read_text("utf-8"))
        notes = notebook["metadata"].setdefault("papermill", {})
        notes["input_path"] = task.source.relative_to(task.root).as_posix()
        notes["output_path"] = task.target.relative_to(task.root).as_posix()
    except (OSError, ValueError, LookupError, TypeError, AttributeError):
        return None
    return cast("dict[str, Any]", notebook)


def _text(task: Task, notebook: dict[str, Any]) -> str:
    text = json.dumps(notebook, indent=1, ensure_ascii=False) + "\n"
    secret, said = (json.dumps(t, ensure_ascii=False)[1:-1] for t in _addresses(task))
    return text.replace(secret, said)


def _scrubbed(task: Task, outcome: Outcome, notebook: str) -> Outcome:
    return replace(outcome, error=outcome.error.replace(*_addresses(task)), notebook=notebook)


def _addresses(task: Task) -> tuple[str, str]:
    """The store's address with its password, and as others may read it."""
    return task.parameters.store, shown_address(task.parameters.store, task.root)


def _last_line(work: Path) -> str:
    try:
        lines = (work / "log.txt").read_text("utf-8", "replace").strip().splitlines()
    except OSError:
        return ""
    return one_line(lines[-1]) if lines else ""


def _remove(work: Path) -> None:
    # On Windows a file stays locked for a moment after its process has been ended.
    for _ in range(20):
        shutil.rmtree(work, ignore_errors=True)
        if not work.exists():
            return
        time.sleep(0.1)
