"""How often something may be tried: for each participant, never for an address.

A room sits behind one router, so an address is nobody.
"""

from __future__ import annotations

import time
from collections import deque
from collections.abc import Callable


class Limit:
    """So many tries in so many seconds for each name."""

    def __init__(
        self, most: int, seconds: float, clock: Callable[[], float] = time.monotonic
    ) -> None:
        self._most, self._seconds, self._clock = most, seconds, clock
        self._tries: dict[str, deque[float]] = {}

    def allows(self, name: str) -> bool:
        """Whether one more is allowed now; counts it if so.

        >>> limit = Limit(2, 60)
        >>> [limit.allows("Ada") for _ in range(3)], limit.allows("Bo")
        ([True, True, False], True)
        """
        now, tries = self._clock(), self._tries.setdefault(name, deque())
        while tries and tries[0] <= now - self._seconds:
            tries.popleft()
        if len(tries) >= self._most:
            return False
        tries.append(now)
        return True
