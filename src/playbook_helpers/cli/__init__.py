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
)
from playbook_helpers.cli.app import app, progress
from playbook_helpers.core.errors import InputError, PlaybookError, install_line

_PARTS = {
    "dask": "cluster",
    "distributed": "cluster",
    "jupyterlab": "lab",
    "psycopg": "postgres",
}
"""Which lock in `requirements/` brings what; all else that may be missing comes with the site."""


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


def part_missing(missing: ModuleNotFoundError) -> InputError:
    """What to tell who asks for something whose part of the package was not installed.

    Raises the error itself if it is a module of our own that is missing: that is our mistake.
    """
    name = (missing.name or "").partition(".")[0]
    if name in ("", "playbook_helpers"):
        raise missing
    part = _PARTS.get(name, "site")
    return InputError(
        "A part that this needs is not installed",
        value=name,
        allowed=install_line(part),
        kept="all that was saved before",
    )


__all__ = ["app", "main"]
