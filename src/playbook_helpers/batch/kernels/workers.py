"""The owner's side of workers that stay: the same face as a fork server, where forks are unsafe.

Each place has a worker process of its own, started when first needed and replaced when it dies,
runs out of time, says that it is not fit to go on, or has run `MOST` notebooks.
"""

from __future__ import annotations

import json
import os
import queue
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Mapping, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import suppress
from pathlib import Path
from typing import Any

import psutil  # type: ignore[import-untyped]

from playbook_helpers.batch.kernels.jobs import Answer, How, Job, as_values
from playbook_helpers.batch.kernels.link import START_SECONDS, ServerEnded

MOST = 50
AFTER_SECONDS = 60.0


class WorkerPool:
    """`places` workers that stay; see `ForkServer` for what is given and answered."""

    def __init__(
        self,
        places: int = 1,
        *,
        modules: Sequence[str] = (),
        calls: Sequence[str] = (),
        environment: Mapping[str, str] | None = None,
    ) -> None:
        self.environment = dict(environment or os.environ)
        self._folder = tempfile.TemporaryDirectory(prefix="playbook-", ignore_cleanup_errors=True)
        self.settings = {
            "modules": list(modules),
            "calls": list(calls),
            "folder": self._folder.name,
        }
        self._pool = ThreadPoolExecutor(places, thread_name_prefix="playbook-worker")
        self._idle: queue.SimpleQueue[_Worker] = queue.SimpleQueue()
        self._busy: set[_Worker] = set()
        self._lock = threading.Lock()
        self._wish = 0

    def submit(self, job: Job, handed: Sequence[int] = ()) -> Future[Answer]:
        """Hand over a job; its answer, later. Descriptors cannot be handed to a worker."""
        return self._pool.submit(self._run, job, self._wish)

    def alone(self, job: Job) -> Answer:
        """Run a job once more; each has a process to itself as it is."""
        return self.submit(job).result()

    def stop(self) -> None:
        """End all jobs in hand; each is answered with how="stopped"."""
        with self._lock:
            self._wish += 1
            for worker in self._busy:
                worker.end()

    def close(self) -> None:
        """End all workers; wait until they are gone."""
        self.stop()
        self._pool.shutdown(wait=True, cancel_futures=True)
        with suppress(queue.Empty):
            while True:
                self._idle.get_nowait().end()
        self._folder.cleanup()

    def _run(self, job: Job, wish: int) -> Answer:
        journal = Path(self._folder.name) / f"{threading.get_ident()}-{time.monotonic_ns()}"
        journal.touch()
        try:
            begin = time.monotonic()
            answer = self._ask(job, wish, journal, None, job.seconds)
            if answer.value is not None or answer.how == "stopped" or not job.after:
                return answer
            ending = {
                "how": answer.how,
                "number": answer.number,
                "journal": str(journal),
                "seconds": time.monotonic() - begin,
            }
            more = journal.with_name(journal.name + "-after")
            saved = self._ask(job, wish, more, ending, AFTER_SECONDS)
            more.unlink(missing_ok=True)
            return saved if saved.value is not None else answer
        finally:
            journal.unlink(missing_ok=True)

    def _ask(
        self, job: Job, wish: int, journal: Path, ending: Mapping[str, Any] | None, seconds: float
    ) -> Answer:
        if wish != self._wish:
            return Answer(None, "stopped")
        worker = self._worker()
        try:
            told = worker.ask(
                {"job": as_values(job), "journal": str(journal), "ending": ending}, seconds
            )
        finally:
            with self._lock:
                self._busy.discard(worker)
        if isinstance(told, dict):
            if told["fit"] and worker.done < MOST:
                self._idle.put(worker)
            else:
                worker.end()
            how: How = "exit" if told["error"] else "answered"
            return Answer(told["value"], how, error=told["error"])
        worker.end()
        if wish != self._wish:
            return Answer(None, "stopped")
        if told is None:
            return Answer(None, "timeout")
        return Answer(None, "signal" if told < 0 else "exit", abs(told))

    def _worker(self) -> _Worker:
        try:
            worker = self._idle.get_nowait()
        except queue.Empty:
            worker = _Worker(self.settings, self.environment)
        with self._lock:
            self._busy.add(worker)
        return worker


class _Worker:
    """One worker process."""

    def __init__(self, settings: Mapping[str, Any], environment: Mapping[str, str]) -> None:
        self.done = 0
        self._lines: queue.SimpleQueue[bytes] = queue.SimpleQueue()
        self.process = subprocess.Popen(  # noqa: S603 - our own interpreter and module
            [sys.executable, "-P", "-m", __name__.replace("workers", "worker")],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            env=dict(environment),
            start_new_session=os.name == "posix",
        )
        self._listener = threading.Thread(target=self._hear, daemon=True)
        self._listener.start()
        if self._say(settings, START_SECONDS) != "ready":
            self.end()
            raise ServerEnded("A worker did not start")

    def ask(self, order: Mapping[str, Any], seconds: float) -> Any:
        """What the worker answers; its exit code if it has ended; None if its time is over."""
        self.done += 1
        return self._say(order, seconds or None)

    def end(self) -> None:
        """Kill the worker and all that came from it."""
        family = []
        with suppress(psutil.Error):
            family = psutil.Process(self.process.pid).children(recursive=True)
        with suppress(OSError):
            self.process.kill()
        for each in family:
            with suppress(psutil.Error):
                each.kill()
        self.process.wait()
        self._listener.join(5)
        for end in (self.process.stdin, self.process.stdout):
            with suppress(OSError):
                if end is not None:
                    end.close()

    def _say(self, what: Mapping[str, Any], seconds: float | None) -> Any:
        assert self.process.stdin is not None
        with suppress(OSError):
            self.process.stdin.write(json.dumps(what).encode() + b"\n")
            self.process.stdin.flush()
        try:
            line = self._lines.get(timeout=seconds)
        except queue.Empty:
            return None
        return json.loads(line) if line else self.process.wait()

    def _hear(self) -> None:
        assert self.process.stdout is not None
        for line in self.process.stdout:
            self._lines.put(line)
        self._lines.put(b"")
