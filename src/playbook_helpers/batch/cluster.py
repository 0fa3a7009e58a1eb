"""A plan carried out by a Dask cluster: many machines, one scheduler, any of which may fail.

The cluster's workers are asked before anything is sent: whether they have this very version of
the playbook, the worksheets, the store and the place for results. A worker that is lost costs a
retry elsewhere. A notebook whose worker is lost again and again is tried once more when all else
is done, apart from the others, so that nobody pays for a neighbour; then it is told as failed.
"""

from __future__ import annotations

import threading
import time
import uuid
from collections import deque
from collections.abc import Callable, Iterator
from concurrent.futures import Executor, Future
from contextlib import contextmanager, suppress
from typing import TYPE_CHECKING, Any

from playbook_helpers.batch.artifacts import write_text
from playbook_helpers.batch.plan import source_hash
from playbook_helpers.batch.summary import Outcome
from playbook_helpers.batch.tasks import Plan, Task
from playbook_helpers.core.errors import ClusterError, InputError, PlaybookError, install_line
from playbook_helpers.core.version import __version__
from playbook_helpers.storage.database import Store

if TYPE_CHECKING:
    from distributed import Client

CONNECT_SECONDS = 10.0
LOOK_SECONDS = 60.0
"""How long a worker may take to say what it has; its first import of the playbook included."""
PATIENCE = 120.0
"""How long a batch waits while the cluster has no worker at all."""
LOST = "the worker that ran it was lost each time"


@contextmanager
def on_cluster(
    address: str, plan: Plan, *, shared: bool = True, patience: float = PATIENCE
) -> Iterator[ClusterExecutor]:
    """An executor over the cluster whose scheduler is at `address`, for the length of a block.

    `shared` is whether results land in a folder, which every worker must then see. Raises
    InputError for what is no address or where a part is not installed, ClusterError if the
    scheduler cannot be reached or a worker cannot do the plan's work.
    """
    if not address.startswith(("tcp://", "tls://")):
        raise InputError(
            "This is not the address of a scheduler",
            value=address,
            allowed="tcp://HOST:PORT, as `dask scheduler` prints it when it starts",
        )
    try:
        from distributed import Client
    except ImportError as error:
        raise InputError(
            "Working on a cluster needs a part that is not installed (distributed)",
            value=address,
            allowed=install_line("cluster"),
        ) from error
    try:
        client = Client(address, timeout=CONNECT_SECONDS, set_as_default=False)  # type: ignore[no-untyped-call]
    except (OSError, TimeoutError, ValueError) as error:
        raise ClusterError(
            "The scheduler cannot be reached",
            value=address,
            allowed="the address of a running `dask scheduler`",
        ) from error
    executor = None
    try:
        workers = _workers(client, address)
        if plan.tasks:
            _ask(client, workers, plan.tasks[0], shared)
        executor = ClusterExecutor(client, sum(workers.values()), patience)
        yield executor
    finally:
        if executor is not None:
            executor.shutdown(cancel_futures=True)
        client.close(timeout=CONNECT_SECONDS)  # type: ignore[no-untyped-call]


def _workers(client: Client, address: str) -> dict[str, int]:
    """Worker -> its threads; waits a moment for the first one."""
    until = time.monotonic() + CONNECT_SECONDS
    while True:
        workers = dict(client.nthreads())  # type: ignore[no-untyped-call]
        if workers:
            return workers
        if time.monotonic() > until:
            raise ClusterError(
                "The cluster has no worker",
                value=address,
                allowed="start at least one: dask worker ADDRESS",
            )
        time.sleep(0.2)


def _ask(client: Client, workers: dict[str, int], task: Task, shared: bool) -> None:
    """Have every worker look whether it can do the work; raises ClusterError if one cannot."""
    token = task.folder.parent / f".seen-{uuid.uuid4().hex}.part"
    if shared:
        write_text(token, "")
    try:
        with Store.open(task.parameters.store, create=False) as store:
            records = store.fingerprint(task.partnership)
        place = str(token) if shared else ""
        asked = {
            # The task keeps the store's password out of every text that is made of it.
            worker: client.submit(
                look,
                task,
                records,
                place,
                key=f"look-{uuid.uuid4().hex}",
                workers=[worker],
                allow_other_workers=False,
                pure=False,
            )
            for worker in workers
        }
        for worker, answer in asked.items():
            try:
                problem = answer.result(timeout=LOOK_SECONDS)
            except Exception as error:  # whatever a worker says, it is told and not raised
                problem = f"it does not answer ({type(error).__name__})"
            if problem:
                raise ClusterError(
                    f"A worker of the cluster cannot do this work: {problem}",
                    value=worker,
                    allowed="workers with the same playbook, folders and store as this computer",
                    kept="everything; nothing was run",
                )
    finally:
        token.unlink(missing_ok=True)


def look(task: Task, records: str, token: str) -> str:
    """Why this computer cannot do a plan's work, in words; empty if it can."""
    from pathlib import Path

    if source_hash() != task.made_from["source"]:
        return f"its playbook is not the same (it has version {__version__})"
    if not task.source.is_file():
        return f"it has no {task.source}"
    if token and not Path(token).is_file():
        return f"it does not see the folder for results, {task.folder.parent}"
    try:
        with Store.open(task.parameters.store, create=False) as store:
            if store.fingerprint(task.partnership) != records:
                return f"its store at {store.url} holds other records"
    except PlaybookError as error:
        return " ".join(str(error).split())
    return ""


class ClusterExecutor(Executor):
    """Carries calls to a cluster; its futures end whatever happens to workers and scheduler."""

    def __init__(self, client: Client, workers: int, patience: float = PATIENCE) -> None:
        self.workers = workers
        self._client, self._patience = client, patience
        self._lock = threading.RLock()
        self._sent: dict[Future[Any], Any] = {}
        self._again: deque[tuple[Future[Any], Callable[..., Any], tuple[Any, ...]]] = deque()
        self._alone: Future[Any] | None = None
        self._ended = threading.Event()
        threading.Thread(target=self._watch, name="playbook-cluster", daemon=True).start()

    def submit(self, fn: Callable[..., Any], /, *args: Any, **named: Any) -> Future[Any]:
        """Send one call; `named` is not used."""
        future: Future[Any] = Future()
        self._send(future, fn, args, first=True)
        return future

    def shutdown(self, wait: bool = True, *, cancel_futures: bool = False) -> None:
        """Send nothing more; what was sent and has not ended is called off."""
        self._ended.set()
        with self._lock:
            sent = list(self._sent.values())
            self._again.clear()
        if sent:
            with suppress(Exception):
                self._client.cancel(sent)  # type: ignore[no-untyped-call]

    def _send(
        self, future: Future[Any], fn: Callable[..., Any], args: tuple[Any, ...], *, first: bool
    ) -> None:
        task = args[0] if args and isinstance(args[0], Task) else None
        name = f"{task.worksheet}-{task.partnership}" if task else "call"
        sent = self._client.submit(
            fn, *args, key=f"{name}-{uuid.uuid4().hex}", pure=False, priority=0 if first else -10
        )
        with self._lock:
            self._sent[future] = sent
        sent.add_done_callback(  # type: ignore[no-untyped-call]
            lambda done: self._done(future, done, fn, args, first)
        )

    def _done(
        self,
        future: Future[Any],
        sent: Any,
        fn: Callable[..., Any],
        args: tuple[Any, ...],
        first: bool,
    ) -> None:
        from distributed import KilledWorker

        with self._lock:
            if self._sent.pop(future, None) is None:
                return
        try:
            result, error = sent.result(), None
        except BaseException as raised:  # a call that was called off raises CancelledError
            result, error = None, raised
        if isinstance(error, KilledWorker) and first and not self._ended.is_set():
            with self._lock:
                self._again.append((future, fn, args))
        elif not future.set_running_or_notify_cancel():
            pass
        elif isinstance(error, KilledWorker) and (lost := _lost(args)) is not None:
            future.set_result(lost)
        elif error is not None:
            future.set_exception(_told(error))
        else:
            future.set_result(result)
        with self._lock:
            if self._alone is future:
                self._alone = None
        self._second_chances()

    def _second_chances(self) -> None:
        """Send the next of those that lost their workers, when nothing else is under way."""
        with self._lock:
            if self._sent or self._alone or not self._again or self._ended.is_set():
                return
            future, fn, args = self._again.popleft()
            self._alone = future
        self._send(future, fn, args, first=False)

    def _watch(self) -> None:
        """End what waits for a cluster that is gone."""
        seen = time.monotonic()
        while not self._ended.wait(1.0):
            why = ""
            if self._client.status not in ("running", "connecting"):
                why = "the connection to the scheduler was lost"
            else:
                with suppress(Exception):
                    if self._client.nthreads():  # type: ignore[no-untyped-call]
                        seen = time.monotonic()
                if time.monotonic() - seen > self._patience:
                    why = f"the cluster had no worker for {self._patience:g} seconds"
            if why:
                self._give_up(why)
                return

    def _give_up(self, why: str) -> None:
        self._ended.set()
        with self._lock:
            waiting = [*self._sent, *(future for future, _, _ in self._again)]
            self._sent.clear()
            self._again.clear()
        for future in waiting:
            if future.set_running_or_notify_cancel():
                future.set_exception(ClusterError(why.capitalize()))


def _lost(args: tuple[Any, ...]) -> Outcome | None:
    """The outcome of a task whose workers were all lost."""
    if not args or not isinstance(args[0], Task):
        return None
    task = args[0]
    return Outcome(task.partnership, task.worksheet, "failed", reason=LOST)


def _told(error: BaseException) -> BaseException:
    if isinstance(error, Exception):
        return error
    return ClusterError("It was called off by the cluster")
