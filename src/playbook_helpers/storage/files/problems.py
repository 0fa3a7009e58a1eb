"""What is wrong with a file: one problem is a place, a value, what is wrong and what is allowed.

All problems of an import are told in one go. A file of a million bad rows must not fill the
memory, so a list of problems keeps the first and counts the rest.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import asdict, dataclass
from difflib import get_close_matches
from typing import Any

from playbook_helpers.core.errors import InputError

KEPT_PROBLEMS = 500
SHOWN_VALUE = 80


@dataclass(frozen=True, slots=True)
class Problem:
    """One thing that is wrong. `row` is numbered as a spreadsheet numbers it; None: the file."""

    file: str
    what: str
    row: int | None = None
    column: str = ""
    value: str | None = None
    allowed: str = ""

    @property
    def place(self) -> str:
        """Where it is, in words."""
        parts = [self.file]
        if self.row is not None:
            parts.append(f"row {self.row}")
        if self.column:
            parts.append(f"column {shorten(self.column)}")
        return ", ".join(parts)

    def __str__(self) -> str:
        text = self.what
        if self.value is not None:
            # A whole sentence names its value after it; a part of one begins with it.
            sentence = text[:1].isupper()
            text = f"{text}: {shorten(self.value)}" if sentence else f"{shorten(self.value)} {text}"
        text = f"{self.place}: {text}"
        return f"{text}. Allowed: {self.allowed}" if self.allowed else text

    def to_json(self) -> dict[str, Any]:
        """The problem as JSON values."""
        return asdict(self)


class Problems:
    """A list of problems that keeps the first `KEPT_PROBLEMS` and counts all."""

    def __init__(self, problems: Iterable[Problem] = ()) -> None:
        self._kept: list[Problem] = []
        self.total = 0
        self.extend(problems)

    def add(self, problem: Problem) -> None:
        """Take one more."""
        self.total += 1
        if len(self._kept) < KEPT_PROBLEMS:
            self._kept.append(problem)

    def extend(self, problems: Iterable[Problem]) -> None:
        """Take several; of another `Problems`, also what it only counted."""
        before = self.total
        for problem in problems:
            self.add(problem)
        if isinstance(problems, Problems):
            self.total = before + problems.total

    def __iter__(self) -> Iterator[Problem]:
        return iter(self._kept)

    def __len__(self) -> int:
        return len(self._kept)

    def __bool__(self) -> bool:
        return self.total > 0


class CellError(ValueError):
    """A cell's value cannot be taken: what is wrong with it, and what is allowed."""

    def __init__(self, what: str, allowed: str = "") -> None:
        super().__init__(what)
        self.what = what
        self.allowed = allowed


def from_error(file: str, error: InputError) -> Problem:
    """An InputError as a problem of a file."""
    value = None if error.value is None else str(error.value)
    return Problem(file, error.what, value=value, allowed=error.allowed)


def shorten(text: str, limit: int = SHOWN_VALUE) -> str:
    """A value quoted for people: on one line, without control characters, not too long.

    >>> shorten("two" + chr(10) + "lines")
    "'two\\\\nlines'"
    """
    return repr(text if len(text) <= limit else text[: limit - 1] + "…")


def nearest(word: str, known: Iterable[str]) -> str:
    """The known word most like `word`, or an empty text.

    >>> nearest("Scool readiness", ["School readiness", "Housing"])
    'School readiness'
    """
    folded = {name.casefold(): name for name in known}
    found = get_close_matches(word.casefold()[:200], folded, n=1, cutoff=0.6)
    return folded[found[0]] if found else ""
