"""`playbook import`, `check`, `export` and `new`: records in and out of the store."""

from __future__ import annotations

import json
from collections import Counter
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from playbook_helpers.cli.app import app, progress
from playbook_helpers.core.errors import InputError, NotFound, PlaybookError
from playbook_helpers.worksheet.project import default_store_url

if TYPE_CHECKING:
    from collections.abc import Mapping

    from playbook_helpers.core.partnership import Partnership
    from playbook_helpers.core.revisions import Revision
    from playbook_helpers.storage.database import Store
    from playbook_helpers.storage.files import ImportSummary

_SHOWN = 20


class DateOrder(StrEnum):
    """The order of dates such as 01/03/2026."""

    day_first = "day-first"
    month_first = "month-first"


class DecimalMark(StrEnum):
    """The sign that parts decimals."""

    point = "."
    comma = ","


StoreUrl = Annotated[str, typer.Option("--store", help="The store's address.")]
AsJson = Annotated[bool, typer.Option("--json", help="Print a summary for other programs.")]
Paths = Annotated[
    list[Path],
    typer.Argument(help="Folders, zip archives, CSV or Excel files, answer files.", metavar="PATH"),
]
Whose = Annotated[
    str | None,
    typer.Option(
        "--partnership", help="Whose rows are, in a file that does not say.", metavar="SLUG"
    ),
]
Dates = Annotated[
    DateOrder | None, typer.Option("--dates", help="The order of dates such as 01/03/2026.")
]
Decimals = Annotated[
    DecimalMark | None, typer.Option("--decimal", help="The sign that parts decimals in the files.")
]

MappingFile = Annotated[
    Path | None,
    typer.Option(
        "--mapping",
        help="How a table of areas and years becomes partnerships, goals and measurements.",
        metavar="FILE",
    ),
]


@app.command("import")
def import_(
    paths: Paths,
    partnership: Whose = None,
    mapping: MappingFile = None,
    dates: Dates = None,
    decimal: Decimals = None,
    keep_going: Annotated[
        bool, typer.Option("--keep-going", help="Take the good rows even if others have mistakes.")
    ] = False,
    taken_as: Annotated[
        str | None,
        typer.Option(
            "--as",
            help="Take answer files as this partnership's, whatever short name they were given.",
            metavar="SLUG",
        ),
    ] = None,
    store: StoreUrl = "",
    as_json: AsJson = False,
) -> None:
    """Bring files into the store: all of them, or nothing and the reasons why.

    Importing a file twice changes nothing, and a row that is missing from a file removes nothing.
    With --mapping, each area of a published table becomes a partnership. With --as, answers that
    several phones gave under different names come together.
    """
    from playbook_helpers.storage.database import Store
    from playbook_helpers.storage.files import ImportRefused

    try:
        with Store.open(store or default_store_url()) as opened:
            summary = _take(
                opened,
                paths,
                partnership,
                mapping,
                dates,
                decimal,
                taken_as=taken_as,
                keep_going=keep_going,
            )
    except ImportRefused as refused:
        if as_json:
            print_json(refused.summary.to_json() | {"taken": False})
        raise
    _tell(summary)
    if as_json:
        print_json(summary.to_json() | {"taken": True})
    else:
        typer.echo(_sentence(summary))
    raise typer.Exit(1 if summary.problem_count else 0)


@app.command()
def check(
    paths: Paths,
    partnership: Whose = None,
    mapping: MappingFile = None,
    dates: Dates = None,
    decimal: Decimals = None,
    store: StoreUrl = "",
    as_json: AsJson = False,
) -> None:
    """Look at files as `import` would, and write nothing."""
    from playbook_helpers.storage.database import Store

    opened: Store | None = None
    try:
        opened = Store.open(store or default_store_url(), create=False)
    except PlaybookError as error:
        nothing_yet = isinstance(error, NotFound) or error.what.startswith("There is no store")
        if store or not nothing_yet:
            raise
        say("There is no store yet: the files are held against an empty one.")
    try:
        summary = _take(opened, paths, partnership, mapping, dates, decimal, dry_run=True)
    finally:
        if opened is not None:
            opened.close()
    _tell(summary)
    if as_json:
        print_json(summary.to_json())
    else:
        typer.echo(_sentence(summary, done=False))
    raise typer.Exit(2 if summary.problem_count else 0)


@app.command()
def export(
    partnership: Annotated[str, typer.Argument(metavar="PARTNERSHIP", help="Its short name.")],
    to: Annotated[
        Path | None, typer.Option("--to", help="The folder or zip file to write.", metavar="PATH")
    ] = None,
    zipped: Annotated[bool, typer.Option("--zip", help="Write one zip file.")] = False,
    replace: Annotated[
        bool, typer.Option("--replace", help="Replace an earlier package of that name.")
    ] = False,
    licence: Annotated[
        str,
        typer.Option("--licence", help="How others may use it, such as CC-BY-4.0.", metavar="NAME"),
    ] = "",
    public: Annotated[
        bool,
        typer.Option("--public", help="For anybody to read: without what is for inside only."),
    ] = False,
    answers: Annotated[
        bool,
        typer.Option("--answers", help="Write the files that the forms of the site open."),
    ] = False,
    store: StoreUrl = "",
    as_json: AsJson = False,
) -> None:
    """Write a partnership's records, with their whole history, as open files; print where.

    A story goes along only while its teller's consent holds. `backup` copies everything. With
    --answers there is a file for each worksheet, to be opened in its form and gone on with.
    """
    from playbook_helpers.core.slugs import check_slug
    from playbook_helpers.practices.kinds import SECRET_KINDS
    from playbook_helpers.storage.database import Store
    from playbook_helpers.storage.files import export_partnership, withheld_stories

    check_slug(partnership)
    zipped = zipped or (to is not None and to.suffix.lower() == ".zip")
    stem = f"{partnership}-answers" if answers else partnership
    target = to or Path(f"{stem}.zip" if zipped else stem)
    with Store.open(store or default_store_url(), create=False) as opened:
        written = export_partnership(
            opened,
            partnership,
            target,
            zipped=zipped,
            replace=replace,
            public=public,
            licence=_licence(licence) if licence else None,
            answers=answers,
        )
        withheld = withheld_stories(opened.revisions(partnership), public=public)
        held = not public and not answers and opened.heads_of(SECRET_KINDS, [partnership])
    if held:
        say("The package holds single secret answers: for another store, and not for readers.")
    for reason, count in Counter(withheld.values()).items():
        say(f"Not exported: {count} {'story' if count == 1 else 'stories'}: {reason}.")
    if as_json:
        told = {"partnership": partnership, "path": str(written.resolve()), "zip": zipped}
        print_json(told | {"withheld": withheld})
    else:
        typer.echo(str(written))


@app.command()
def new(
    slug: Annotated[str, typer.Argument(metavar="SLUG", help="A short name, such as our-town.")],
    name: Annotated[str, typer.Option("--name", help="Its name in full.")],
    purpose: Annotated[str, typer.Option(help="What it is for.")] = "",
    place: Annotated[str, typer.Option(help="Where it works.")] = "",
    starts: Annotated[str, typer.Option(help="When it began: a year is enough.")] = "",
    store: StoreUrl = "",
    as_json: AsJson = False,
) -> None:
    """Start a partnership: write down its name under a short name."""
    from playbook_helpers.storage.database import Store

    given = {"name": name, "purpose": purpose, "place": place, "starts": starts}
    with Store.open(store or default_store_url()) as opened:
        revision, record = start_partnership(opened, slug, given)
    if as_json:
        print_json({"partnership": slug, "record": revision.record, "revision": revision.id})
    else:
        typer.echo(slug)
        progress.print(
            f"Started {record.name}. Next: fill in its worksheet, or `playbook import` a file "
            f"with --partnership {slug}.",
            markup=False,
        )


def start_partnership(
    store: Store, slug: str, given: Mapping[str, str]
) -> tuple[Revision, Partnership]:
    """Write down a new partnership. Raises InputError for a wrong answer or a taken name."""
    from playbook_helpers.core.answering import answered
    from playbook_helpers.core.partnership import Partnership
    from playbook_helpers.core.revisions import new_revision
    from playbook_helpers.core.slugs import check_slug
    from playbook_helpers.core.written import read_answer

    check_slug(slug)
    record, wrong = answered(Partnership, read_answer(Partnership, given))
    if not isinstance(record, Partnership):
        where, words = wrong[0]
        raise InputError(f"--{where} {words}", value=given.get(where))
    if slug in store.partnerships():
        raise InputError(
            "There is a partnership of that short name already",
            value=slug,
            allowed="another short name",
            kept="the partnership that is there, unchanged",
        )
    revision = new_revision(slug, record)
    store.append([revision])
    return revision, record


def _take(
    store: Store | None,
    paths: list[Path],
    partnership: str | None,
    mapping: Path | None,
    dates: DateOrder | None,
    decimal: DecimalMark | None,
    taken_as: str | None = None,
    **how: bool,
) -> ImportSummary:
    """Import the files as they are, or as a mapping says."""
    from playbook_helpers.storage.files import import_paths
    from playbook_helpers.storage.files.mapping import import_mapped

    if partnership is not None and taken_as is not None:
        raise InputError(
            "--partnership and --as do not go together",
            value=taken_as,
            allowed="--as for answer files, --partnership for tables",
        )
    if mapping is None:
        return import_paths(
            store,
            paths,
            partnership=partnership,
            dates=dates.value if dates else None,
            decimal=decimal.value if decimal else None,
            taken_as=taken_as,
            progress=say,
            **how,
        )
    if partnership is not None or taken_as is not None:
        raise InputError(
            f"--{'partnership' if partnership is not None else 'as'} and --mapping do not go "
            "together",
            value=partnership or taken_as,
            allowed="--mapping alone: the mapping says whose each row is",
        )
    return import_mapped(
        store,
        paths,
        mapping,
        dates=dates.value if dates else None,
        decimal=decimal.value if decimal else None,
        progress=say,
        **how,
    )


def _licence(name: str) -> dict[str, str]:
    known = {
        "CC-BY-4.0": (
            "Creative Commons Attribution 4.0",
            "https://creativecommons.org/licenses/by/4.0/",
        ),
        "CC0-1.0": ("CC0 1.0", "https://creativecommons.org/publicdomain/zero/1.0/"),
    }
    if name in known:
        title, path = known[name]
        return {"name": name, "title": title, "path": path}
    if not name.isascii() or not all(sign.isalnum() or sign in "-._+" for sign in name):
        raise InputError(
            "This is no licence's name",
            value=name,
            allowed="an SPDX name, such as " + ", ".join(known),
        )
    return {"name": name}


def say(line: str) -> None:
    """Tell a person something on the screen, beside the outcome."""
    progress.print(line, markup=False, soft_wrap=True)


def _tell(summary: ImportSummary) -> None:
    """Everything a person should know besides the outcome."""
    from playbook_helpers.storage.files.importing import problem_lines

    for title, lines in (
        ("Note", summary.notes),
        ("Left alone", summary.left_alone),
        ("Look at this", summary.warnings),
    ):
        for line in lines[:_SHOWN]:
            say(f"{title}: {line}")
        if len(lines) > _SHOWN:
            say(f"{title}: ... and {len(lines) - _SHOWN:,} more")
    if summary.problem_count:
        say(f"{summary.problem_count:,} to put right:\n{problem_lines(summary)}")


def _sentence(summary: ImportSummary, *, done: bool = True) -> str:
    counts = [
        f"{number:,} {word}"
        for number, word in (
            (summary.new, "new"),
            (summary.changed, "changed"),
            (summary.unchanged, "unchanged"),
            (len(summary.left_alone), "left alone"),
            (
                summary.carried,
                f"saved {'state' if summary.carried == 1 else 'states'} brought along",
            ),
            (summary.problem_count, "to put right"),
        )
        if number
    ]
    whose = ", ".join(summary.partnerships[:5]) or "no partnership"
    if len(summary.partnerships) > 5:
        whose += f" and {len(summary.partnerships) - 5:,} more"
    lead = "Imported" if done else "Would import"
    return f"{lead} {whose}: {', '.join(counts) or 'nothing new'}."


def print_json(data: dict[str, Any]) -> None:
    """The outcome, for other programs."""
    typer.echo(json.dumps(data, ensure_ascii=False, indent=2))
