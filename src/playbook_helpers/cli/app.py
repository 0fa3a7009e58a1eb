"""The `playbook` command itself: its name, its help, and how it reports errors.

Progress goes to stderr, results to stdout. Exit codes: 0 all well, 1 some partnerships failed,
2 wrong use, 3 the store cannot be reached.
"""

from __future__ import annotations

from typing import Annotated

import typer
from rich.console import Console

from playbook_helpers.core.errors import InputError, install_line
from playbook_helpers.core.version import __version__

app = typer.Typer(
    name="playbook",
    no_args_is_help=True,
    pretty_exceptions_enable=False,
    rich_markup_mode=None,
)
progress = Console(stderr=True, highlight=False)
"""Where progress and errors are written; never results."""

_PARTS = {
    "dask": "cluster",
    "distributed": "cluster",
    "jupyterlab": "lab",
    "psycopg": "postgres",
    "segno": "workshop",
}
"""Which lock in `requirements/` brings what; all else that may be missing comes with the site."""


def _say_version(wanted: bool) -> None:
    if wanted:
        typer.echo(f"playbook {__version__}")
        raise typer.Exit


@app.callback()
def playbook(
    version: Annotated[
        bool,
        typer.Option(
            "--version", help="Say which version this is.", callback=_say_version, is_eager=True
        ),
    ] = False,
) -> None:
    """Worksheets, reports and a site for partnerships that want to do more good together."""


def confirmed(question: str) -> bool | None:
    """The answer to a question, asked on stderr; None where nobody is there to answer."""
    try:
        return typer.confirm(question, err=True)
    except typer.Abort:
        return None


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
