"""One part of a mapping file, read by name: what is missing, unknown or of the wrong type is told.

Every answer is taken out by name and type, and `done` then refuses whatever nobody asked for, so
that a misspelt word is an error and never silently without effect.
"""

from __future__ import annotations

import tomllib
from collections.abc import Mapping, Sequence
from datetime import date, datetime
from typing import Any, NoReturn

from playbook_helpers.core.errors import InputError
from playbook_helpers.storage.files.problems import nearest

Scalar = str | bool | int | float
"""A single value as it may stand in a mapping file; a date is its ISO text."""


class Section:
    """A table of the file. `place` says to people where it stands."""

    def __init__(self, label: str, place: str, content: Mapping[str, Any]) -> None:
        self.label = label
        self.place = place
        self._content = content
        self._asked: set[str] = set()

    def __contains__(self, name: str) -> bool:
        return name in self._content

    def wrong(self, name: str, what: str, allowed: str = "", value: object = None) -> NoReturn:
        """Raise InputError about the answer `name`, or about the section where that is empty."""
        parts = [f"{self.label}: {self.place}" if self.place else self.label, name]
        raise InputError(
            f"{', '.join(part for part in parts if part)}: {what}",
            value=value,
            allowed=allowed,
            kept="everything that was in the store; nothing was taken",
        )

    def text(self, name: str, default: str | None = None) -> str:
        """A text; without a default it has to be there and say something."""
        value = self._taken(name, default)
        if not isinstance(value, str):
            self.wrong(name, "is not a text", 'text in quotation marks: "like this"', value)
        if not value.strip() and default is None:
            self.wrong(name, "is empty", "a text")
        return value

    def choice(self, name: str, choices: Sequence[str], default: str | None = None) -> str:
        """One word of a closed set."""
        value = self.text(name, default)
        if value not in choices and value != default:
            self.wrong(name, "is not one of the choices", ", ".join(choices), value)
        return value

    def number(self, name: str, default: float | None = None) -> float:
        """A number."""
        value = self._taken(name, default)
        if isinstance(value, bool) or not isinstance(value, int | float) or value != value:
            self.wrong(name, "is not a number", "a number such as 85 or 0.5, no quotation marks")
        return float(value)

    def flag(self, name: str) -> bool:
        """Yes or no; no where it is not there."""
        value = self._taken(name, False)
        if not isinstance(value, bool):
            self.wrong(name, "is neither yes nor no", "true or false, no quotation marks", value)
        return value

    def whole(self, name: str, low: int, high: int, default: int | None = None) -> int:
        """A whole number between two ends."""
        value = self._taken(name, default)
        if isinstance(value, bool) or not isinstance(value, int) or not low <= value <= high:
            self.wrong(name, "cannot be that", f"a whole number from {low} to {high}", value)
        return value

    def texts(self, name: str, default: tuple[str, ...] | None = None) -> tuple[str, ...]:
        """A list of texts."""
        value = self._taken(name, default)
        if not isinstance(value, list | tuple) or not all(isinstance(v, str) for v in value):
            self.wrong(name, "is not a list of texts", '["one", "two"]', value)
        return tuple(value)

    def scalar(self, name: str) -> Scalar:
        """A single value of any one kind."""
        value = self._taken(name, None)
        if isinstance(value, date) and not isinstance(value, datetime):
            return value.isoformat()
        if not isinstance(value, str | bool | int | float):
            self.wrong(name, "is no single value", "a text, a number, a day, true or false")
        return value

    def is_list(self, name: str) -> bool:
        """Whether a list stands there."""
        return isinstance(self._content.get(name), list)

    def section(self, name: str, *, needed: bool = False) -> Section | None:
        """A table inside this one; None where it is not there."""
        self._asked.add(name)
        if name not in self._content and not needed:
            return None
        value = self._content.get(name)
        place = f"{self.place}.{name}" if self.place else name
        if not isinstance(value, Mapping):
            self.wrong("", f"there is no part [{place}]", f"[{place}] on a line of its own")
        return Section(self.label, place, value)

    def sections(self, name: str) -> tuple[Section, ...]:
        """The tables of a list of them, numbered from one where people are told of them."""
        self._asked.add(name)
        value = self._content.get(name, [])
        place = f"{self.place}.{name}" if self.place else name
        if not isinstance(value, list) or not all(isinstance(v, Mapping) for v in value):
            self.wrong(name, "is no list of parts", f"[[{place}]] on a line of its own")
        return tuple(Section(self.label, f"{place} {n}", v) for n, v in enumerate(value, start=1))

    def names(self) -> tuple[str, ...]:
        """The names of all answers that are there."""
        return tuple(self._content)

    def done(self) -> None:
        """Refuse what was never asked for."""
        for name in self._content:
            if name not in self._asked:
                like = nearest(name, self._asked)
                hint = f"; the nearest is {like!r}" if like else ""
                allowed = ", ".join(sorted(self._asked))
                self.wrong("", f"{name!r} is not known here{hint}", allowed)

    def _taken(self, name: str, default: object) -> Any:
        self._asked.add(name)
        if name not in self._content and default is None:
            self.wrong(name, "is missing", "see the guide's page for operators")
        return self._content.get(name, default)


def read_toml(label: str, data: bytes) -> Section:
    """The whole file as a section. Raises InputError where it is no TOML."""
    try:
        return Section(label, "", tomllib.loads(data.decode("utf-8-sig")))
    except UnicodeDecodeError:
        what, allowed = "is not UTF-8 text", "a text file saved as UTF-8"
    except tomllib.TOMLDecodeError as error:
        what, allowed = f"cannot be read: {error}", "TOML: name = value, [part], [[list]]"
    except RecursionError:
        what, allowed = "is nested too deeply", "TOML: name = value, [part], [[list]]"
    raise InputError(f"The mapping {what}", value=label, allowed=allowed)
