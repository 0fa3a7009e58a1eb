"""`playbook calendar` and `playbook progress`: the rhythm as a calendar file, a drafted report."""

from __future__ import annotations

import json
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from playbook_helpers.cli.app import app, progress
from playbook_helpers.core.errors import InputError

if TYPE_CHECKING:
    from playbook_helpers.worksheet.worksheet import Worksheet


class Circle(StrEnum):
    """Who may come to see a report."""

    inside = "inside"
    funders = "funders"
    public = "public"


Slug = Annotated[str, typer.Argument(metavar="SLUG", help="The partnership's short name.")]
StoreUrl = Annotated[str, typer.Option("--store", help="The store's address.")]
AsJson = Annotated[bool, typer.Option("--json", help="Print a summary for other programs.")]
AsOf = Annotated[
    str, typer.Option("--as-of", help="The day to work from, such as 2027-03-31.", metavar="DATE")
]
Replace = Annotated[bool, typer.Option("--replace", help="Write over a file of that name.")]


@app.command("calendar")
def calendar_(
    partnership: Slug,
    to: Annotated[
        Path | None,
        typer.Option("--to", help="The .ics file to write; SLUG.ics if none.", metavar="FILE"),
    ] = None,
    replace: Replace = False,
    as_of: AsOf = "",
    store: StoreUrl = "",
    as_json: AsJson = False,
) -> None:
    """Write when messages and meetings are due as a calendar file; print where."""
    from playbook_helpers.practices.communication.pages import calendar_text

    sheet = _worksheet(partnership, store, as_of)
    to = to or Path(f"{sheet.slug}.ics")
    heads = sheet.heads()
    text = calendar_text(sheet.name, heads, sheet.context(heads))
    _write(to, text, replace=replace)
    events = text.count("\nBEGIN:VEVENT\r")
    if as_json:
        _print({"partnership": partnership, "path": str(to.resolve()), "events": events})
    else:
        typer.echo(str(to))


@app.command("progress")
def progress_(
    partnership: Slug,
    to: Annotated[
        Path | None,
        typer.Option(
            "--to",
            help="The .md or .html file to write; SLUG-progress.html if none.",
            metavar="FILE",
        ),
    ] = None,
    period: Annotated[
        str, typer.Option(help="Which progress report, by its name; the latest if none.")
    ] = "",
    circle: Annotated[
        Circle | None,
        typer.Option(help="Who may come to see it; never more goes in than the record allows."),
    ] = None,
    replace: Replace = False,
    as_of: AsOf = "",
    store: StoreUrl = "",
    as_json: AsJson = False,
) -> None:
    """Draft a progress report in which every number leads to its record; print where."""
    from playbook_helpers.practices.communication import draft
    from playbook_helpers.practices.communication.pages import report_page

    ending = to.suffix.lower() if to else ".html"
    if to and ending not in (".md", ".html"):
        raise InputError("A report is Markdown or HTML", value=to.name, allowed=".md or .html")
    sheet = _worksheet(partnership, store, as_of)
    to = to or Path(f"{sheet.slug}-progress.html")
    heads = sheet.heads()
    made = draft(heads, sheet.context(heads), period=period, scope=circle.value if circle else None)
    _write(to, made.markdown() if ending == ".md" else report_page(made), replace=replace)
    if made.withheld:
        words = "story stays" if made.withheld == 1 else "stories stay"
        progress.print(f"{made.withheld} {words} out: no consent holds for this circle today.")
    if as_json:
        told = {"partnership": partnership, "path": str(to.resolve())}
        _print(told | {"circle": made.scope, "stories_left_out": made.withheld})
    else:
        typer.echo(str(to))


def _worksheet(partnership: str, store: str, as_of: str) -> Worksheet:
    from playbook_helpers.worksheet.worksheet import Worksheet

    return Worksheet("communication", partnership, store=store, as_of=as_of)


def _write(to: Path, text: str, *, replace: bool) -> None:
    if to.exists() and not replace:
        raise InputError(
            "A file of that name is there already",
            value=str(to),
            allowed="a name that is free, or --replace",
            kept="that file, untouched",
        )
    try:
        to.parent.mkdir(parents=True, exist_ok=True)
        fresh = to.with_name(f".{to.name}.part")
        fresh.write_bytes(text.encode())
        fresh.replace(to)
    except OSError as error:
        where = f"{to}: {error.strerror}"
        raise InputError("The file could not be written", value=where) from error


def _print(told: dict[str, object]) -> None:
    typer.echo(json.dumps(told, ensure_ascii=False, indent=2))
