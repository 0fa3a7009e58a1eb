"""`playbook portfolio`: all partnerships beside each other, each against its own targets."""

from __future__ import annotations

import json
from typing import Annotated

import typer

from playbook_helpers.cli.app import app
from playbook_helpers.worksheet.project import project_root


@app.command()
def portfolio(
    as_of: Annotated[
        str,
        typer.Option(
            "--as-of", help="One day to work from for all, such as 2027-03-31.", metavar="DATE"
        ),
    ] = "",
    invented: Annotated[
        bool,
        typer.Option(
            "--invented/--real-only", help="Take in partnerships invented for practice, marked."
        ),
    ] = False,
    store: Annotated[str, typer.Option("--store", help="The store's address.")] = "",
    workers: Annotated[
        int, typer.Option(help="Processes that read at once; 0 for as many as help.", min=0)
    ] = 0,
    force: Annotated[
        bool, typer.Option("--force", help="Write it again even if nothing changed.")
    ] = False,
    as_json: Annotated[
        bool, typer.Option("--json", help="Print a summary for other programs.")
    ] = False,
) -> None:
    """Compare all partnerships on one page, with tables as CSV and Excel files beside it.

    Each goal is held against its own target; nothing is ranked. Without --as-of each partnership
    is worked out as of the day up to which its records are complete, else as of today.
    """
    from playbook_helpers.publish.portfolio import write_portfolio
    from playbook_helpers.publish.report import refresh_home
    from playbook_helpers.worksheet.stores import open_worksheet_store

    root = project_root()
    with open_worksheet_store(store) as opened:
        written = write_portfolio(
            root, opened, as_of=as_of, invented=invented, force=force, workers=workers
        )
        refresh_home(root, opened)
    if as_json:
        typer.echo(json.dumps(written.to_json(), ensure_ascii=False, indent=2))
    else:
        typer.echo(written.text())
    raise typer.Exit(1 if written.failed else 0)
