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
    partnership: Annotated[
        str, typer.Option("--partnership", metavar="SLUG", help="Whose workshop it is.")
    ],
    stems: Annotated[
        list[str] | None,
        typer.Argument(
            metavar="[STEM...]",
            help="The worksheets: goals trust ... Without any: those of the plan, else the "
            "ten-minute first round, which is `overview`.",
        ),
    ] = None,
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
    proxy: Annotated[
        list[str] | None,
        typer.Option(
            "--proxy",
            metavar="ADDRESS",
            help="A reverse proxy whose word on the sender is taken. May be given several times.",
        ),
    ] = None,
    to: Annotated[
        Path | None,
        typer.Option(
            "--to", help="The folder for what the end exports; `workshops`, unless given."
        ),
    ] = None,
    open_page: Annotated[
        bool, typer.Option("--open/--no-open", help="Open the leader's page in the browser.")
    ] = True,
    store: Annotated[str, typer.Option("--store", help="The store's address.")] = "",
) -> None:
    """Have a room fill in worksheets on phones, with one picture on the big screen.

    Phones join by the code on the screen. What is saved is in the store at once, and a sitting
    that was stopped goes on where it was.
    """
    from playbook_helpers.core.partnership import OVERVIEW
    from playbook_helpers.practices.kinds import SECRET_KINDS, practice_named
    from playbook_helpers.worksheet.stores import open_worksheet_store
    from playbook_helpers.workshop.serving import addresses, server_for
    from playbook_helpers.workshop.sitting import open_sitting
    from playbook_helpers.workshop.steps import plan_named, steps_for

    root = project_root()
    book, place = root / "book", to or root / "workshops"
    chosen = list(dict.fromkeys(stems or ()))
    for stem in chosen:
        if stem != OVERVIEW:
            practice_named(stem)
    if plan:
        whole = plan_named(book, plan)
        several, steps = list(dict.fromkeys((*whole.stems, *chosen))), list(whole.steps)
    else:
        several = chosen or [OVERVIEW]
        steps = steps_for(book, several)
    with open_worksheet_store(store) as opened:
        known = opened.partnerships()
        if partnership not in known:
            raise NotFound(
                "There is no partnership of that name in the store",
                value=partnership,
                allowed=", ".join(known) or "none yet: make one with `playbook new`",
            )
        sitting, went_on = open_sitting(
            _beside(opened, place, partnership), partnership, several, steps
        )
        if not went_on:
            day, closed = sitting.day, opened.is_closed
            months = dict.fromkeys(SECRET_KINDS, day[:7])
            # A month that is closed takes no more answers: then this day is a round of its own.
            sitting.rounds = {
                kind: day if kind == "first_round" or closed(partnership, kind, when) else when
                for kind, when in months.items()
            }
            sitting.save()
        found = addresses()
        server = server_for(
            sitting,
            opened,
            port=port,
            address=address,
            public_url=public_url,
            found=found,
            proxies=proxy or (),
            place=place,
        )
        lead = f"{server.here}lead?key={sitting.lead}"
        if went_on:
            progress.print("The workshop goes on where it was.")
        progress.print(f"Phones join at {server.address}j/{sitting.code}", style="bold")
        progress.print(f"The code is {sitting.code}", markup=False)
        for other in server.desk.others:
            progress.print(f"Another address of this computer: {other}", markup=False)
        progress.print(
            f"Get the room ready at {server.here}invite?key={sitting.lead}",
            markup=False,
            soft_wrap=True,
        )
        progress.print(f"Lead it at {lead}", markup=False, soft_wrap=True)
        progress.print(
            f"The big screen is {server.here}screen?key={sitting.lead}",
            markup=False,
            soft_wrap=True,
        )
        plain = "Answers go over this network unencrypted. " if lead.startswith("http:") else ""
        progress.print(
            f"{plain}The three links above are for you alone. Press Ctrl-C to stop: what is "
            "saved is kept, and the same command goes on where it was."
        )
        if open_page:
            webbrowser.open(f"{server.here}invite?key={sitting.lead}")
        server.run()
        for what, path in server.desk.exported:
            progress.print(f"{what}: {path}", markup=False, soft_wrap=True)
    progress.print("\nStopped. Every answer that was saved is in the store.")


def _beside(store: Store, place: Path, partnership: str) -> Path:
    """Where the state of the sitting is kept: beside the store's file, else in `place`."""
    from playbook_helpers.storage.database.engines import is_memory, read_url

    url = read_url(store.address)
    if is_memory(url):
        raise InputError("A workshop needs a store that lasts", value=store.url, allowed="a file")
    if url.get_backend_name() == "sqlite":
        return Path(f"{url.database}-workshop")
    try:
        place.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise InputError(
            f"The folder of the workshop cannot be made: {error.strerror}", value=str(place)
        ) from error
    return place / f".{partnership}-workshop"


__all__ = ["workshop"]
