"""How many attacks were tried is told at the end of the run: `make attacks` tries them all."""

from __future__ import annotations

import os
from collections import Counter
from collections.abc import Callable

import pytest

WHOLE = os.environ.get("PLAYBOOK_ATTACKS") == "whole"
_TRIED: Counter[str] = Counter()


@pytest.fixture
def rounds() -> int:
    """How often to try: 600 times in `make attacks`, fewer in a test run."""
    return 600 if WHOLE else 60


@pytest.fixture
def tried() -> Callable[[str, int], None]:
    """tried(what, number): so many of these were attacked, and none gave way."""

    def note(what: str, number: int = 1) -> None:
        _TRIED[what] += number

    return note


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    for what, number in sorted(_TRIED.items()):
        terminalreporter.write_line(f"attacked: {number:,} {what}")
