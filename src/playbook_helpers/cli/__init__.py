"""The command line. Each module here adds its commands to `app`."""

from __future__ import annotations

import sys

from playbook_helpers.cli import (  # noqa: F401 - add their commands
    communication,
    exchange,
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


def main() -> None:
    """Run the command line; a PlaybookError ends it with its message and its exit code."""
    try:
        try:
            app()
        except ModuleNotFoundError as missing:
            raise part_missing(missing) from missing
    except PlaybookError as error:
        progress.print(f"Error: {error}", markup=False, soft_wrap=True)
        sys.exit(error.exit_code)


__all__ = ["app", "main"]
