"""`playbook init` and `playbook list`: a folder to work in, and what is in it."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from playbook_helpers.cli.app import app, progress

if TYPE_CHECKING:
    from playbook_helpers.storage.database import Store


@app.command()
def init(
    folder: Annotated[Path, typer.Argument(metavar="FOLDER", help="The folder to make.")],
) -> None:
    """Make a folder to work in: the guide, its worksheets and the examples. Print where it is.

    Nothing that is there is written over: the folder must be new or empty.
    """
    from playbook_helpers.worksheet.shipped import begin_folder

    made = begin_folder(folder)
    typer.echo(str(made))
    enter = f'cd "{folder}"' if " " in str(folder) else f"cd {folder}"
    progress.print(
        f"Go on in it:\n  {enter}\n"
        "  playbook batch riverside-invented     an invented partnership's report\n"
        '  playbook new our-town --name "..."    start yours\n'
        "  playbook up                           the guide and its worksheets in the browser",
        markup=False,
        soft_wrap=True,
    )


@app.command("list")
def list_(
    store: Annotated[str, typer.Option("--store", help="The store's address.")] = "",
    as_json: Annotated[bool, typer.Option("--json", help="Print it for other programs.")] = False,
) -> None:
    """List the partnerships in the store, the examples that could be, and the worksheets."""
    from playbook_helpers.storage.database import Store
    from playbook_helpers.worksheet.project import (
        default_store_url,
        example_slugs,
        notebooks_in,
        project_root,
    )

    root = project_root()
    address = store or default_store_url(root)
    found = []
    if address != f"sqlite:///{root / 'playbook.db'}" or (root / "playbook.db").exists():
        with Store.open(address, create=False) as opened:
            found = _partnerships(opened)
    known = {each["partnership"] for each in found}
    examples = [slug for slug in example_slugs(root) if slug not in known]
    sheets = [path.stem for path in notebooks_in(root / "worksheets")]
    if as_json:
        told = {"partnerships": found, "examples": examples, "worksheets": sheets}
        typer.echo(json.dumps(told, ensure_ascii=False, indent=2))
        return
    for each in found:
        count = each["records"]
        what = f"{count:,} record" + ("" if count == 1 else "s")
        typer.echo(f"{each['partnership']}\t{each['name']}\t{what}")
    if not found:
        progress.print('No partnership yet. Start one: playbook new SLUG --name "Its name"')
    if examples:
        progress.print(f"Examples to run, as in `playbook batch {examples[0]}`:")
        progress.print(f"  {', '.join(examples)}", markup=False, soft_wrap=True)
    progress.print(f"Worksheets: {', '.join(sheets)}", markup=False, soft_wrap=True)


def _partnerships(store: Store) -> list[dict[str, Any]]:
    from playbook_helpers.core.assessment import current, of_type
    from playbook_helpers.core.partnership import Partnership

    found = []
    for slug, heads in store.heads_of_many():
        stand = current(heads)
        record = next((it for _, it in of_type(stand, Partnership)), None)
        name = record.name if record else slug
        found.append({"partnership": slug, "name": name, "records": len(stand)})
    return found
