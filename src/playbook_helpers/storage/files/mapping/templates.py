"""Text with named places, such as "Children in {area}", and nothing that could be a program.

A place is a name in braces and nothing else: no attribute, no index, no format. It is filled in
once, so that braces which stand in a table's cell stay as they are.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass

from playbook_helpers.core.errors import InputError
from playbook_helpers.storage.files.cells import fold

ALLOWED = "text with names in braces, such as {area}; a brace itself is written twice: {{ or }}"
_PIECE = re.compile(r"\{\{|\}\}|\{([^{}]*)\}|[{}]|[^{}]+")


@dataclass(frozen=True, slots=True)
class Template:
    """A text in pieces: each is words, or the name of a place as `fold` compares names."""

    text: str
    pieces: tuple[tuple[str, str], ...]

    @property
    def names(self) -> tuple[str, ...]:
        """The names of its places, each once, as they are compared."""
        return tuple(dict.fromkeys(name for _, name in self.pieces if name))

    def filled(self, values: Mapping[str, str]) -> str:
        """The text with every place filled in from `values`, which has all its names.

        >>> read_template("{Area}, England").filled({"area": "{Barnet}"})
        '{Barnet}, England'
        """
        return "".join(values[name] if name else words for words, name in self.pieces)


def read_template(text: str) -> Template:
    """Read a template; raises InputError for a brace that has no partner, or holds no name.

    >>> read_template("{local_authority} in {Year}").names
    ('local authority', 'year')
    """
    pieces: list[tuple[str, str]] = []
    for found in _PIECE.finditer(text):
        whole, inside = found.group(), found.group(1)
        if whole in ("{{", "}}"):
            pieces.append((whole[0], ""))
        elif whole in ("{", "}") or (inside is not None and not fold(inside)):
            raise InputError("A brace stands alone or empty", value=text, allowed=ALLOWED)
        elif inside is not None:
            pieces.append((inside, fold(inside)))
        else:
            pieces.append((whole, ""))
    return Template(text, tuple(pieces))
