"""`playbook workshop`: phones fill in worksheets together, led from this computer."""

from __future__ import annotations

import webbrowser
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from playbook_helpers.cli.app import app, progress
from playbook_helpers.core.errors import InputError, NotFound
from playbook_helpers.worksheet.project import project_root

if TYPE_CHECKING:
    from playbook_helpers.storage.database import Store


@app.command()
def workshop(
    stems: Annotated[
        list[str], typer.Argument(metavar="STEM...", help="The worksheets: goals trust ...")
    ],
    partnership: Annotated[
        str, typer.Option("--partnership", metavar="SLUG", help="Whose workshop it is.")
    ],
    plan: Annotated[
        str, typer.Option("--plan", help="A workshop plan: online-90, half-day or full-day.")
    ] = "",
    port: Annotated[int, typer.Option(help="The port to serve on.", min=0, max=65535)] = 8080,
    address: Annotated[
        str, typer.Option("--address", help="The address to listen on; all, unless given.")
    ] = "",
    public_url: Annotated[
        str, typer.Option("--public-url", help="Where phones reach it by another name.")
    ] = "",
    open_page: Annotated[
        bool, typer.Option("--open/--no-open", help="Open the leader's page in the browser.")
    ] = True,
    store: Annotated[str, typer.Option("--store", help="The store's address.")] = "",
) -> None:
    """Have a room fill in worksheets on phones, with one picture on the big screen.

    Phones join by the code on the screen. What is saved is in the store at once, and a sitting
    that was stopped goes on where it was.
    """
    from playbook_helpers.practices.kinds import practice_named
    from playbook_helpers.worksheet.stores import open_worksheet_store
    from playbook_helpers.workshop.serving import addresses, server_for
    from playbook_helpers.workshop.sitting import open_sitting
    from playbook_helpers.workshop.steps import steps_for

    several = list(dict.fromkeys(stems))
    for stem in several:
        practice_named(stem)
    root = project_root()
    steps = steps_for(root / "book", several, plan)
    with open_worksheet_store(store) as opened:
        known = opened.partnerships()
        if partnership not in known:
            raise NotFound(
                "There is no partnership of that name in the store",
                value=partnership,
                allowed=", ".join(known) or "none yet: make one with `playbook new`",
            )
        sitting, went_on = open_sitting(_beside(opened, root), partnership, several, steps)
        found = addresses()
        server = server_for(
            sitting, opened, port=port, address=address, public_url=public_url, found=found
        )
        lead = f"{server.here}lead?key={sitting.lead}"
        if went_on:
            progress.print("The workshop goes on where it was.")
        progress.print(f"Phones join at {server.address}j/{sitting.code}", style="bold")
        progress.print(f"The code is {sitting.code}", markup=False)
        for other in found[1:]:
            progress.print(f"Another address of this computer: {other}", markup=False)
        progress.print(f"Lead it at {lead}", markup=False, soft_wrap=True)
        progress.print(
            f"The big screen is {server.here}screen?key={sitting.lead}",
            markup=False,
            soft_wrap=True,
        )
        progress.print(
            "Answers go over this network unencrypted. The two links above are for you alone. "
            "Press Ctrl-C to end."
        )
        if open_page:
            webbrowser.open(lead)
        server.run()
    progress.print("\nEnded. Every answer that was saved is in the store.")


def _beside(store: Store, root: Path) -> Path:
    """Where the state of the sitting is kept: beside the store's file, else in this folder."""
    from playbook_helpers.storage.database.engines import is_memory, read_url

    url = read_url(store.address)
    if is_memory(url):
        raise InputError("A workshop needs a store that lasts", value=store.url, allowed="a file")
    if url.get_backend_name() == "sqlite":
        return Path(f"{url.database}-workshop")
    return root / "playbook.db-workshop"


__all__ = ["workshop"]
