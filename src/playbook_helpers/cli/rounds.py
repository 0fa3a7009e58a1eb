"""`playbook close`: close a round of the check-in, so that its picture is shown."""

from __future__ import annotations

from typing import Annotated

import typer

from playbook_helpers.cli.app import app, confirmed, progress
from playbook_helpers.core.errors import InputError, NotFound
from playbook_helpers.worksheet.project import default_store_url


@app.command()
def close(
    partnership: Annotated[str, typer.Argument(metavar="SLUG", help="Its short name.")],
    when: Annotated[
        str, typer.Option("--round", help="The round, such as 2027-03.", metavar="ROUND")
    ],
    yes: Annotated[bool, typer.Option("--yes", help="All slips and files are in.")] = False,
    store: Annotated[str, typer.Option("--store", help="The store's address.")] = "",
) -> None:
    """Close a round of the trust check-in for good: its picture is shown, and stays as it is.

    Asks first whether all paper slips and files are in. Later answers belong to the next round.
    """
    from playbook_helpers.core.partial_dates import spoken
    from playbook_helpers.core.revisions import new_revision
    from playbook_helpers.core.written import read_when
    from playbook_helpers.practices.trust import ClosedRound, closed_rounds, numbers, refusal
    from playbook_helpers.storage.database import Store

    try:
        record = ClosedRound(round=read_when(when))
    except ValueError as error:
        raise InputError(f"The round {error}", value=when, allowed="such as 2027-03") from None
    with Store.open(store or default_store_url(), create=False) as opened:
        known = opened.partnerships()
        if partnership not in known:
            raise NotFound(
                "There is no partnership of that name in the store",
                value=partnership,
                allowed=", ".join(known) or "none yet",
            )
        heads = opened.heads(partnership, practice=ClosedRound.practice)
        if record.round in closed_rounds(heads):
            typer.echo(f"{spoken(record.round)} is closed already. Nothing was changed.")
            return
        if problem := refusal(heads, record):
            raise InputError(problem.rstrip("."), value=record.round, kept="all answers")
        answers, counted = numbers(heads)
        progress.print(_standing(answers[record.round], counted[record.round]), markup=False)
        if not yes:
            asked = "Are all paper slips and all files in? A round that is closed stays closed."
            answer = confirmed(asked)
            if answer is None:
                raise InputError(
                    "Closing a round has to be confirmed",
                    value=record.round,
                    allowed="--yes, once all paper slips and all files are in",
                    kept="the round, open",
                )
            if not answer:
                typer.echo("The round stays open. Nothing was changed.")
                return
        opened.append(new_revision(partnership, record))
    typer.echo(f"{spoken(record.round)} is closed. Its picture is in the next report.")


def _standing(answers: int, counted: int) -> str:
    """How many have answered, beside how many were counted."""
    people = "1 person has" if answers == 1 else f"{answers} people have"
    if not counted:
        return f"{people} answered; nobody was counted."
    if counted > answers:
        return f"{people} answered, {counted - answers} fewer than were counted."
    return f"{people} answered, {answers - counted} more than were counted."
