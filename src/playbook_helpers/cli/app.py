"""The `playbook` command itself: its name, its help, and how it reports errors.

Progress goes to stderr, results to stdout. Exit codes: 0 all well, 1 some partnerships failed,
2 wrong use, 3 the store cannot be reached.
"""

from __future__ import annotations

import typer
from rich.console import Console

app = typer.Typer(
    name="playbook",
    help="Worksheets, reports and a site for partnerships that want to do more good together.",
    no_args_is_help=True,
    pretty_exceptions_enable=False,
    rich_markup_mode=None,
)
progress = Console(stderr=True, highlight=False)
"""Where progress and errors are written; never results."""


def confirmed(question: str) -> bool | None:
    """The answer to a question, asked on stderr; None where nobody is there to answer."""
    try:
        return typer.confirm(question, err=True)
    except typer.Abort:
        return None
