"""`playbook up`, `playbook site` and `playbook serve`: from records to pages to look at."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from playbook_helpers.cli.app import app, progress
from playbook_helpers.worksheet.project import (
    portfolio_folder,
    project_root,
    report_folder,
    site_folder,
)

Port = Annotated[int, typer.Option(help="The port to serve on; 0 takes any free one.", min=0)]
StoreUrl = Annotated[str, typer.Option("--store", help="The store's address.")]


@app.command()
def up(
    serve: Annotated[
        bool, typer.Option("--serve/--no-serve", help="Serve the site when it is there.")
    ] = True,
    port: Port = 8000,
    store: StoreUrl = "",
    workers: Annotated[int, typer.Option(help="Notebooks run at once; 0 for one a core.")] = 0,
) -> None:
    """Load the examples, run every worksheet, write the reports, build the book, show it all."""
    from playbook_helpers.cli.steps import make_everything

    failed = make_everything(project_root(), store_url=store, workers=workers)
    if serve:
        serve_site(port)
    raise typer.Exit(1 if failed else 0)


@app.command()
def site(
    force: Annotated[bool, typer.Option(help="Build the book even if nothing changed.")] = False,
    reports: Annotated[
        list[str] | None,
        typer.Option(
            "--report",
            help="Publish the report of this partnership, too, and take it into the portfolio. "
            "May be given several times. The examples are always there, and nobody else.",
        ),
    ] = None,
    store: StoreUrl = "",
) -> None:
    """Build the book and put the examples' reports beside it, ready for any static host."""
    from playbook_helpers.cli.run import run_with_progress
    from playbook_helpers.cli.steps import engine_for
    from playbook_helpers.publish.site.areas import make_areas
    from playbook_helpers.publish.site.build import assemble_site, build_book

    root = project_root()
    make_areas(root, run_with_progress)
    built = build_book(root, engine_for(root), force=force)
    progress.print("The book was built." if built else "The book is up to date.")
    made = assemble_site(root, reports or (), store_url=store)
    if not (made / "reports" / "index.html").is_file():
        progress.print("No report is in it yet: `playbook up` makes those of the examples.")
    typer.echo(str(made))


@app.command()
def publish(
    folder: Annotated[
        Path | None,
        typer.Argument(metavar="[FOLDER]", help="The site; the one just built if none."),
    ] = None,
) -> None:
    """Look at a built site before it goes out; end with code 1 where something must not.

    Links that lead nowhere, pictures without words, what weighs too much, anything asked of
    others, and answers that were given in secret. Nothing is sent: put the folder on your host
    when all is well.
    """
    from playbook_helpers.publish.site.inspection import inspect

    site = folder or site_folder(project_root())
    found = inspect(site)
    for flaw in found.flaws:
        typer.echo(f"{flaw.where}: {flaw.what}")
    what = f"{found.pages:,} pages with {found.links:,} links"
    if found.flaws:
        progress.print(f"{what}: {len(found.flaws):,} to mend before they go out.")
        raise typer.Exit(1)
    progress.print(f"{what}: all is well. Ready to go out:")
    typer.echo(str(site))


@app.command()
def areas(
    workers: Annotated[int, typer.Option(help="Notebooks run at once; 0 for one a core.")] = 0,
) -> None:
    """Make the example of 151 areas: a store of its own, and the reports of five; print where."""
    from functools import partial

    from playbook_helpers.cli.run import run_with_progress
    from playbook_helpers.publish.site.areas import make_areas

    made = make_areas(project_root(), partial(run_with_progress, workers=workers))
    if made.failed:
        progress.print(made.ran.text(), markup=False)
    typer.echo(str(made.written.home))
    raise typer.Exit(1 if made.failed else 0)


@app.command()
def serve(port: Port = 8000) -> None:
    """Serve the site, with the reports as they are now, on this computer only."""
    from playbook_helpers.publish.site.build import assemble_site
    from playbook_helpers.publish.site.published import named_in
    from playbook_helpers.worksheet.project import build_folder

    root = project_root()
    if (build_folder(root) / "html" / "index.html").is_file():
        assemble_site(root, named_in(site_folder(root)))
    serve_site(port)


def serve_site(port: int) -> None:
    """Serve until Ctrl-C."""
    from playbook_helpers.core.errors import NotFound
    from playbook_helpers.publish.site.serve import server_for

    root = project_root()
    folder = site_folder(root)
    if not (folder / "index.html").is_file():
        raise NotFound("There is no site yet", value=str(folder), allowed="run `playbook up` first")
    live = {"reports": report_folder(root), "portfolio": portfolio_folder(root)}
    server = server_for(folder, port, live)
    progress.print(f"\nThe playbook is at {server.address}", style="bold")
    progress.print(f"Reports are at {server.address}reports/index.html")
    if (folder / "portfolio" / "index.html").is_file():
        progress.print(f"The portfolio is at {server.address}portfolio/index.html")
    progress.print("Press Ctrl-C to end.")
    server.run()
    progress.print("\nEnded. Nothing is lost: run it again any time.")
