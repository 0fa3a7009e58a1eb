"""The one writer of a server: answers that come at once are committed at once.

A thread of its own takes all that waits and stores it in one transaction. The refusal of one leaves
its neighbours.
"""

from __future__ import annotations

import queue
from concurrent.futures import Future
from dataclasses import dataclass, field
from threading import Thread

from playbook_helpers.core.revisions import Revision
from playbook_helpers.storage.database import Store

AT_ONCE = 100
"""Answers in one commit, at most."""


@dataclass(frozen=True, slots=True)
class _Waiting:
    revision: Revision
    voter: str
    done: Future[None] = field(default_factory=Future)


class Writer:
    """Stores revisions in the order in which they came. `close` waits for what was given."""

    def __init__(self, store: Store) -> None:
        self._store = store
        self._waiting: queue.SimpleQueue[_Waiting | None] = queue.SimpleQueue()
        self._thread = Thread(target=self._run, name="workshop-writer", daemon=True)
        self._thread.start()

    def save(self, revision: Revision, voter: str = "") -> Future[None]:
        """Done once it is committed; else it raises what the store says against it.

        `voter` marks whoever gives a secret answer, and is kept in the same commit.
        """
        one = _Waiting(revision, voter)
        self._waiting.put(one)
        return one.done

    def close(self) -> None:
        """Commit what waits, and end."""
        self._waiting.put(None)
        self._thread.join()

    def _run(self) -> None:
        ended = False
        with self._store.held_open():
            while not ended:
                given = [self._waiting.get()]
                while len(given) < AT_ONCE and not self._waiting.empty():
                    given.append(self._waiting.get())
                ended = None in given
                self._commit([one for one in given if one is not None])

    def _commit(self, given: list[_Waiting]) -> None:
        voters: dict[str, str] = {}
        alone: list[_Waiting] = []
        together: list[_Waiting] = []
        for one in given:  # one id under two voters at once: one after the other
            if one.voter and voters.setdefault(one.revision.id, one.voter) != one.voter:
                alone.append(one)
            else:
                together.append(one)
        try:
            told = self._store.append_each((one.revision for one in together), voters)
        except Exception as error:  # whoever waits must learn of it, whatever it was
            for one in together:
                one.done.set_exception(error)
        else:
            for one, problem in zip(together, told, strict=True):
                if problem is None:
                    one.done.set_result(None)
                else:
                    one.done.set_exception(problem)
        if alone:
            self._commit(alone)
