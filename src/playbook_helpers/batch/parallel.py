"""Work spread over the cores of this computer: among processes, or in a copy of this one."""

from __future__ import annotations

import gc
import multiprocessing
import os
import sys
import threading
from collections.abc import Callable, Iterator
from concurrent.futures import Executor, ProcessPoolExecutor
from contextlib import contextmanager, suppress

from playbook_helpers.storage.database import Store
from playbook_helpers.storage.database.engines import is_memory, read_url


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


@contextmanager
def beside(work: Callable[[], object], *, copy: bool) -> Iterator[None]:
    """Do `work` while the block runs, in a copy of this process that has all that this one has.

    Without `copy`, or where no copy may be made, it is done after the block; so it is if the copy
    fails in any way: what is wrong is then told from here. Only files that it writes are left.
    """
    if not copy or not _can_copy():
        yield
        work()
        return
    other = multiprocessing.get_context("fork").Process(target=_quietly, args=(work,))
    other.start()
    try:
        yield
    finally:
        other.join()
    if other.exitcode != 0:
        work()


def _quietly(work: Callable[[], object]) -> None:
    with suppress(Exception):
        work()
        return
    os._exit(1)


def held() -> Store:
    """The store of a process that `processes` has started."""
    return _STORE[0]


def _context() -> multiprocessing.context.BaseContext:
    return multiprocessing.get_context("fork" if _can_copy() else "spawn")


def _can_copy() -> bool:
    # A copy of this process starts at once, but may only be made where no other thread runs.
    return sys.platform == "linux" and threading.active_count() == 1


_STORE: list[Store] = []


def _open(address: str) -> None:
    _STORE[:] = [Store.open(address, create=False)]
