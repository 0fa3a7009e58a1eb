"""`playbook lab`: a partnership's own copies of the worksheets, in JupyterLab."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import webbrowser
from contextlib import suppress
from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from playbook_helpers.cli.app import app, part_missing, progress
from playbook_helpers.core.errors import NotFound
from playbook_helpers.drawing.display import MODE_VARIABLE
from playbook_helpers.worksheet.project import (
    HOME_VARIABLE,
    STORE_VARIABLE,
    notebooks_in,
    project_root,
)

if TYPE_CHECKING:
    from playbook_helpers.core.partnership import Partnership
    from playbook_helpers.storage.database import Store
    from playbook_helpers.worksheet.notebooks import Copies

_NEW = 'make it first: playbook new {} --name "Its name in full"'


@app.command()
def lab(
    partnership: Annotated[
        str, typer.Argument(metavar="[SLUG]", help="The partnership's short name.")
    ] = "",
    worksheet: Annotated[
        str, typer.Option("--worksheet", help="The worksheet to open first.")
    ] = "goals",
    browser: Annotated[
        bool, typer.Option("--browser/--no-browser", help="Open it in the browser.")
    ] = True,
    port: Annotated[int, typer.Option(help="The port to serve on.", min=0)] = 8888,
    store: Annotated[str, typer.Option("--store", help="The store's address.")] = "",
) -> None:
    """Fill in a partnership's worksheets in JupyterLab; without SLUG, list whose there are.

    The notebooks are the partnership's own copies, in notebooks/SLUG/. They are made once, and
    what you change in them is kept. A real example opens to be read.
    """
    from playbook_helpers.batch.parameters import nearest_first
    from playbook_helpers.worksheet.notebooks import own_copies
    from playbook_helpers.worksheet.stores import open_worksheet_store

    root = project_root()
    with open_worksheet_store(store) as opened:
        known = _known(opened)
        address = opened.address
        if partnership and partnership not in known and sys.stdin.isatty():
            _start(opened, partnership)
            known = _known(opened)
    if not partnership:
        for slug, record in known.items():
            typer.echo(f"{slug}\t{record.name if record else slug}")
        progress.print("Open one with: playbook lab SLUG")
        return
    if partnership not in known:
        raise NotFound(
            "There is no partnership of that name in the store",
            value=partnership,
            allowed=f"{nearest_first(partnership, known)}. Or {_NEW.format(partnership)}",
        )
    sheets = {path.stem: path for path in notebooks_in(root / "worksheets")}
    if worksheet not in sheets:
        allowed = nearest_first(worksheet, sheets)
        raise NotFound("There is no worksheet of that name", value=worksheet, allowed=allowed)
    if find_spec("jupyterlab") is None:
        raise part_missing(ModuleNotFoundError(name="jupyterlab"))
    copies = own_copies(root, partnership, sheets.values())
    _tell(copies, root)
    environment = os.environ | {HOME_VARIABLE: str(root), STORE_VARIABLE: address}
    if _is_real_example(root, partnership, known[partnership]):
        environment[MODE_VARIABLE] = "document"
        progress.print("This is a real example: what was written down is shown, to be read.")
    raise typer.Exit(_open_lab(copies.folder, f"{worksheet}.ipynb", environment, port, browser))


def _start(store: Store, slug: str) -> None:
    """Ask for the name of a partnership that is not there yet, and start it if one is given."""
    from playbook_helpers.cli.exchange import start_partnership

    progress.print(f"There is no partnership {slug} in the store yet.", markup=False)
    name = typer.prompt("To start it, type its name in full (Enter: no)", default="", err=True)
    if name.strip():
        start_partnership(store, slug, {"name": name})


def _known(store: Store) -> dict[str, Partnership | None]:
    from playbook_helpers.core.assessment import current, of_type
    from playbook_helpers.core.partnership import Partnership

    slugs = store.partnerships()
    heads = store.heads_of((Partnership.kind,), slugs)
    return {
        slug: next((it for _, it in of_type(current(heads.get(slug, [])), Partnership)), None)
        for slug in slugs
    }


def _is_real_example(root: Path, slug: str, record: Partnership | None) -> bool:
    """Whether the records are what others published: nobody here should write into them."""
    published = (root / "data" / slug / "datapackage.json").is_file()
    return published and not (record and record.invented)


def _tell(copies: Copies, root: Path) -> None:
    folder = copies.folder.relative_to(root).as_posix()
    progress.print(f"Notebooks: {folder}/", markup=False)
    if copies.unread:
        progress.print(
            f"Left out, since they cannot be read: {', '.join(copies.unread)}.", markup=False
        )
    if copies.older:
        names = ", ".join(copies.older)
        progress.print(
            f"A newer worksheet is there, and you had changed yours, so yours was kept: {names}. "
            "Rename it to get the new one.",
            markup=False,
        )


def _open_lab(
    folder: Path, notebook: str, environment: dict[str, str], port: int, browser: bool
) -> int:
    """Start JupyterLab, or take the one that runs for the folder; open a notebook that has run."""
    from playbook_helpers.worksheet.lab_server import LAB_SETTINGS, running, wait_for

    process = None
    server = running(folder)
    if server is None:
        command = [sys.executable, "-m", "jupyterlab", f"--ServerApp.root_dir={folder}"]
        # JupyterLab asks its makers for news and for newer versions: nothing here asks anybody.
        command += ["--LabApp.news_url=None"]
        command += ["--LabApp.check_for_updates_class=jupyterlab.NeverCheckForUpdate"]
        paths = [str(LAB_SETTINGS), os.environ.get("JUPYTER_CONFIG_PATH", "")]
        environment["JUPYTER_CONFIG_PATH"] = os.pathsep.join(filter(None, paths))
        command += ["--no-browser", f"--port={port}"]
        process = subprocess.Popen(command, cwd=folder, env=environment)  # noqa: S603 - our own
        signal.signal(signal.SIGTERM, lambda *_: process.terminate())
        server = wait_for(process, folder)
        if server is None:
            return process.returncode
    progress.print(f"Running the cells of {notebook} ...", markup=False)
    if not server.run_cells(notebook):
        progress.print("A cell failed: it says what is wrong, further down in the notebook.")
    progress.print(f"Open: {server.page(notebook)}", markup=False, soft_wrap=True)
    progress.print(
        f"Another worksheet: playbook lab {folder.name} --worksheet trust, in a second terminal; "
        "or open it in JupyterLab, then Run, Run All Cells."
    )
    if browser:
        webbrowser.open(server.page(notebook))
    if process is None:
        progress.print("JupyterLab was running already: it ends where it was started.")
        return 0
    progress.print("Ctrl-C here ends it.")
    while True:
        with suppress(KeyboardInterrupt):  # Ctrl-C reaches JupyterLab too, which asks and ends
            return process.wait()
