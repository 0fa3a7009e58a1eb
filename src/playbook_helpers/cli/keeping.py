"""`playbook backup`, `verify` and `erase`: keeping a store, and taking words out of it."""

from __future__ import annotations

import shutil
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from playbook_helpers.cli.app import app, confirmed
from playbook_helpers.cli.exchange import AsJson, StoreUrl, print_json, say
from playbook_helpers.core.errors import InputError, StoreError
from playbook_helpers.worksheet.project import default_store_url, project_root, report_folder

if TYPE_CHECKING:
    from playbook_helpers.core.revisions import Revision
    from playbook_helpers.storage.database.erasing import Erasure
    from playbook_helpers.storage.database.verifying import Verified

_SHOWN = 40


@app.command()
def backup(
    file: Annotated[Path, typer.Argument(metavar="FILE", help="The copy to write.")],
    store: StoreUrl = "",
    as_json: AsJson = False,
) -> None:
    """Copy the whole store, safely while others write, to one file that opens as a store.

    The copy holds everything, the single secret answers too. A damaged store is not copied.
    """
    from playbook_helpers.storage.database import Store
    from playbook_helpers.storage.database.verifying import with_details

    if file.exists():
        raise InputError(
            "A file of that name is there already",
            value=str(file),
            allowed="a name that is free",
            kept="that file, untouched",
        )
    address = store or default_store_url()
    try:
        with Store.open(address, create=False) as opened:
            written = opened.backup(file)
    except StoreError as error:
        raise with_details(error, address) from error
    say("The copy holds single secret answers: keep it where only you can read it.")
    if as_json:
        print_json({"path": str(written.resolve()), "bytes": written.stat().st_size})
    else:
        typer.echo(str(written))


@app.command()
def verify(
    begin_answers_again: Annotated[
        bool,
        typer.Option(
            "--begin-answers-again",
            help="Make an empty file of secret answers, where the old one is lost for good.",
        ),
    ] = False,
    store: StoreUrl = "",
    as_json: AsJson = False,
) -> None:
    """Look whether the store is as it was written: say what is damaged, and what is whole.

    Ends with code 1 if anything is damaged. Changes nothing.
    """
    from playbook_helpers.storage.database.store import verify_store
    from playbook_helpers.storage.database.verifying import begin_again

    address = store or default_store_url()
    if begin_answers_again:
        say(f"Begun again, without the answers that were lost: {begin_again(address)}")
    found = verify_store(address)
    for note in found.notes:
        say(note)
    if found.before is not None:
        say(
            f"A copy of the store from the version before lies beside it: {found.before}. It holds "
            "single answers: delete it once you have seen that all is well."
        )
    if as_json:
        print_json(
            {
                "whole": found.whole,
                "damage": found.damage,
                "partnerships": found.partnerships,
                "revisions": found.revisions,
                "answers": found.answers,
            }
        )
    else:
        typer.echo(_verified(found))
    raise typer.Exit(0 if found.whole else 1)


@app.command()
def erase(
    partnership: Annotated[str, typer.Argument(metavar="SLUG", help="Its short name.")],
    record: Annotated[
        str, typer.Option("--record", help="All revisions of this record.", metavar="ID")
    ] = "",
    author: Annotated[
        str,
        typer.Option("--author", help="All revisions under exactly this name.", metavar="NAME"),
    ] = "",
    reports: Annotated[
        bool, typer.Option("--reports", help="Take the partnership's reports away too.")
    ] = False,
    yes: Annotated[bool, typer.Option("--yes", help="Do not ask.")] = False,
    store: StoreUrl = "",
    as_json: AsJson = False,
) -> None:
    """Take a person's words out of the store for good. First lists what would go, and asks.

    An answer that is nobody's bears no name: it can be erased only by whoever holds its id.
    """
    from playbook_helpers.core.slugs import check_slug
    from playbook_helpers.storage.database import Store
    from playbook_helpers.storage.database.erasing import copies_of, erase, erasure

    check_slug(partnership)
    with Store.open(store or default_store_url(), create=False) as opened:
        what = erasure(opened, partnership, record=record, author=author)
        _list(what)
        if not yes:
            _ask(len(what.going))
        number = erase(opened, what)
        copies = copies_of(opened)
    gone = _without_reports(partnership) if reports else []
    for path in copies:
        say(f"The words are still in the copy of the old store: delete {path}")
    say("Backups, exports and portfolios made before still hold the words: delete those too.")
    if reports:
        say("Run `playbook batch` again, for reports without the words.")
    if as_json:
        print_json(
            {
                "partnership": partnership,
                "erased": number,
                "records": sorted({r.record for r in what.going}),
                "reports": gone,
            }
        )
    else:
        typer.echo(f"Erased {_revisions(number)} of {partnership}.")


def _list(what: Erasure) -> None:
    say(f"This would go for good, from {what.partnership}:")
    for revision in what.going[:_SHOWN]:
        say(f"  {_told(revision)}")
    if len(what.going) > _SHOWN:
        say(f"  ... and {len(what.going) - _SHOWN:,} more")
    if what.repeated:
        say("Others have written the same words later. They stay, unless you erase them too:")
        for revision, name in what.repeated[:_SHOWN]:
            say(f"  {_told(revision)}, in '{name}'")
    if what.again:
        say("These earlier words would be shown again:")
        for revision in what.again[:_SHOWN]:
            say(f"  {_told(revision)}")


def _told(revision: Revision) -> str:
    whose = f"by {revision.author}" if revision.author else "without a name"
    when = f", {revision.client_time[:10]}" if revision.client_time else ""
    words = " / ".join(str(v) for v in revision.payload.values() if isinstance(v, str))
    shown = words if len(words) <= 80 else f"{words[:77]}..."
    return f"{revision.kind} {revision.record} {whose}{when}: {shown}"


def _ask(number: int) -> None:
    answer = confirmed(f"Erase {_revisions(number)} for good?")
    if answer is None:
        raise InputError(
            "Nothing was erased, since nobody could be asked",
            allowed="--yes, once you have read the list",
            kept="everything",
        )
    if not answer:
        raise InputError("Nothing was erased", kept="everything")


def _without_reports(partnership: str) -> list[str]:
    """Take away the reports of a partnership; what was there."""
    folder = report_folder(project_root()) / partnership
    if not folder.is_dir() or folder.is_symlink():
        return []
    shutil.rmtree(folder)
    return [str(folder)]


def _revisions(number: int) -> str:
    return "1 saved state" if number == 1 else f"{number:,} saved states"


def _verified(found: Verified) -> str:
    answers = "1 secret answer" if found.answers == 1 else f"{found.answers:,} secret answers"
    counts = f"{_revisions(found.revisions)} and {answers}"
    whole = ", ".join(found.partnerships) or "none"
    if found.whole:
        return f"All is as it was written: {counts}. Partnerships: {whole}."
    return f"Damaged:\n{found.lines()}\nWhole: {whole}."


__all__ = ["backup", "erase", "verify"]
