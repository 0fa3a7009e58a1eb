"""The command line. Each module here adds its commands to `app`."""

from __future__ import annotations

import sys
from collections.abc import Sequence

from playbook_helpers.cli import (  # noqa: F401 - add their commands
    communication,
    exchange,
    folder,
    keeping,
    lab,
    portfolio,
    rounds,
    run,
    site,
    surveys,
    workshop,
)
from playbook_helpers.cli.app import app, part_missing, progress
from playbook_helpers.core.errors import PlaybookError


def as_pairs(words: Sequence[str]) -> list[str]:
    """The words of a command with each `-p NAME VALUE`, as papermill takes it, as `-p NAME=VALUE`.

    >>> as_pairs(["batch", "-p", "year", "2031", "our-town"])
    ['batch', '-p', 'year=2031', 'our-town']
    """
    found: list[str] = []
    rest = iter(words)
    for word in rest:
        found.append(word)
        if word in ("-p", "--parameter"):
            name = next(rest, None)
            value = next(rest, None) if name is not None and "=" not in name else None
            found += [] if name is None else [name if value is None else f"{name}={value}"]
    return found


def main() -> None:
    """Run the command line; a PlaybookError ends it with its message and its exit code."""
    try:
        try:
            app(as_pairs(sys.argv[1:]))
        except ModuleNotFoundError as missing:
            raise part_missing(missing) from missing
    except PlaybookError as error:
        progress.print(f"Error: {error}", markup=False, soft_wrap=True)
        sys.exit(error.exit_code)


__all__ = ["app", "main"]
