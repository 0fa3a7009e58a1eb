"""From the store to digests: many partnerships at a time, over the cores where it is worth it."""

from __future__ import annotations

import gc
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import date

from playbook_helpers.batch.parallel import can_share, cores, held, processes
from playbook_helpers.publish.portfolio.digest import UNREAD, Digest, digest_or_problem
from playbook_helpers.storage.database import Store

WORTH_IT = 600
"""Partnerships from which on starting processes costs less than it saves."""
_PART = 200


def read_digests(
    store: Store, day: date, as_of: date | None = None, *, workers: int = 0
) -> list[Digest]:
    """The digests of all partnerships in the store.

    `workers` is the number of processes; 0 chooses by the number of partnerships and of cores.
    The digests do not depend on it. Raises StoreError if the store cannot be read.
    """
    slugs = store.partnerships()
    parts = [slugs[start : start + _PART] for start in range(0, len(slugs), _PART)]
    count = min(how_many(len(slugs), workers), len(parts))
    if count < 2 or not can_share(store):
        return [digest for part in parts for digest in _digests(store, part, day, as_of)]
    with processes(store, count) as pool:
        read = pool.map(_part, parts, [day] * len(parts), [as_of] * len(parts))
        with unhurried():
            return [digest for part in read for digest in part]


def how_many(partnerships: int, workers: int = 0) -> int:
    """How many processes to work with: `workers`, or by the number of partnerships and of cores."""
    return workers or (cores() if partnerships >= WORTH_IT else 1)


@contextmanager
def unhurried() -> Iterator[None]:
    """Without looking for garbage in circles, of which plain rows make none."""
    was = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was:
            gc.enable()


def _digests(store: Store, slugs: Sequence[str], day: date, as_of: date | None) -> list[Digest]:
    with unhurried():
        return [
            digest_or_problem(slug, heads, day, as_of, filled)
            for slug, heads, filled in store.some_of_many(slugs, unread=UNREAD)
        ]


def _part(slugs: Sequence[str], day: date, as_of: date | None) -> list[Digest]:
    return _digests(held(), slugs, day, as_of)
