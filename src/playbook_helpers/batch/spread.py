"""Work spread over the cores of this computer, in processes that each open the store themselves."""

from __future__ import annotations

import gc
import multiprocessing
import os
import sys
import threading
from collections.abc import Iterator
from concurrent.futures import Executor, ProcessPoolExecutor
from contextlib import contextmanager

from playbook_helpers.store import Store
from playbook_helpers.store.engines import is_memory, read_url


def cores() -> int:
    """How many cores this process may use."""
    if hasattr(os, "sched_getaffinity"):
        return len(os.sched_getaffinity(0))
    return os.cpu_count() or 1


def can_share(store: Store) -> bool:
    """Whether other processes can open the store: not one that lives in this one's memory."""
    return not is_memory(read_url(store.address))


@contextmanager
def processes(store: Store, count: int) -> Iterator[Executor]:
    """That many processes, in each of which `held` is the store."""
    gc.collect()
    gc.freeze()  # copies of this process share what is there as long as no collection marks it
    try:
        with ProcessPoolExecutor(
            count, mp_context=_context(), initializer=_open, initargs=(store.address,)
        ) as pool:
            yield pool
    finally:
        gc.unfreeze()


def held() -> Store:
    """The store of a process that `processes` has started."""
    return _STORE[0]


def _context() -> multiprocessing.context.BaseContext:
    # A copy of this process starts at once, but may only be made where no other thread runs.
    alone = sys.platform == "linux" and threading.active_count() == 1
    return multiprocessing.get_context("fork" if alone else "spawn")


_STORE: list[Store] = []


def _open(address: str) -> None:
    _STORE[:] = [Store.open(address, create=False)]
