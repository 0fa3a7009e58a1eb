"""The one writer of a server: answers that come at once are committed at once.

A thread of its own takes all that waits and stores it in one transaction. Where the store refuses
that, each is tried by itself, so that the refusal of one leaves its neighbours.
"""

from __future__ import annotations

import queue
from collections.abc import Callable
from concurrent.futures import Future
from threading import Thread

from playbook_helpers.core.errors import PlaybookError
from playbook_helpers.core.revisions import Revision
from playbook_helpers.storage.database import Store

AT_ONCE = 100
"""Answers in one commit, at most."""
Check = Callable[[Revision], None]


class Writer:
    """Stores revisions in the order in which they came. `close` waits for what was given."""

    def __init__(self, store: Store) -> None:
        self._store = store
        self._waiting: queue.SimpleQueue[tuple[Revision, Future[None]] | None] = queue.SimpleQueue()
        self._thread = Thread(target=self._run, name="workshop-writer", daemon=True)
        self._thread.start()

    def save(self, revision: Revision) -> Future[None]:
        """Done once it is committed; else it raises what the store says against it."""
        done: Future[None] = Future()
        self._waiting.put((revision, done))
        return done

    def close(self) -> None:
        """Commit what waits, and end."""
        self._waiting.put(None)
        self._thread.join()

    def _run(self) -> None:
        ended = False
        while not ended:
            given = [self._waiting.get()]
            while len(given) < AT_ONCE and not self._waiting.empty():
                given.append(self._waiting.get())
            ended = None in given
            self._commit([one for one in given if one is not None])

    def _commit(self, given: list[tuple[Revision, Future[None]]]) -> None:
        try:
            self._store.append([revision for revision, _ in given])
        except Exception as error:  # whoever waits must learn of it, whatever it was
            if len(given) > 1 and isinstance(error, PlaybookError):
                for one in given:
                    self._commit([one])
                return
            for _, done in given:
                done.set_exception(error)
            return
        for _, done in given:
            done.set_result(None)
