"""`playbook import-survey`: how many people of each group answered, without their answers."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from playbook_helpers.cli.app import app, progress
from playbook_helpers.core.errors import InputError
from playbook_helpers.worksheet.project import default_store_url

if TYPE_CHECKING:
    from playbook_helpers.practices.community.surveys import GroupShare
    from playbook_helpers.storage.files.surveys import SurveyImport

HIDDEN = "hidden"


@app.command("import-survey")
def import_survey(
    file: Annotated[
        Path, typer.Argument(metavar="FILE", help="A CSV or Excel file, one row per person.")
    ],
    partnership: Annotated[str, typer.Option("--partnership", help="Its short name.")],
    activity: Annotated[
        str, typer.Option("--activity", help="The activity that the survey was, by its name.")
    ],
    columns: Annotated[
        list[str],
        typer.Option(
            "--map", metavar="COLUMN=TRAIT", help="Which column tells which trait. May be repeated."
        ),
    ],
    groups: Annotated[
        list[str] | None,
        typer.Option(
            "--group",
            metavar="RULE",
            help="Which answers are a group: 'Age: 16-29 = Under 30'. May be repeated.",
        ),
    ] = None,
    dry_run: Annotated[
        bool, typer.Option("--dry-run", help="Count and show, and write nothing.")
    ] = False,
    store: Annotated[str, typer.Option("--store", help="The store's address.")] = "",
    as_json: Annotated[
        bool, typer.Option("--json", help="Print a summary for other programs.")
    ] = False,
) -> None:
    """Count a survey's people by group and write the counts down, not the answers.

    Groups of fewer than five people are kept out of what is shown.
    """
    from playbook_helpers.practices.community import GroupRule
    from playbook_helpers.storage.database import Store
    from playbook_helpers.storage.files.surveys import import_survey as take_in

    mapping = _mapping(columns)
    rules = [GroupRule.read(text) for text in groups or ()]
    with Store.open(store or default_store_url(), create=False) as opened:
        done = take_in(
            opened,
            file,
            partnership=partnership,
            activity=activity,
            columns=mapping,
            rules=rules,
            dry_run=dry_run,
        )
    for note in done.notes:
        progress.print(f"Note: {note}", markup=False, soft_wrap=True)
    if done.activity_is_new:
        made = "would be made" if dry_run else "was made"
        progress.print(
            f"The activity “{done.activity}” {made}, as a survey. Add how people were found and "
            "what they were promised in the worksheet.",
            markup=False,
            soft_wrap=True,
        )
    if as_json:
        typer.echo(json.dumps(_summary(done, dry_run), ensure_ascii=False, indent=2))
    else:
        _show(done, dry_run)


def _mapping(columns: list[str]) -> dict[str, str]:
    mapping: dict[str, str] = {}
    for text in columns:
        column, equals, trait = (part.strip() for part in text.rpartition("="))
        if not (column and equals and trait):
            raise InputError(
                "--map names a column and a trait",
                value=text,
                allowed="column=trait, such as age=Age",
            )
        if column in mapping:
            raise InputError("--map names a column twice", value=column)
        mapping[column] = trait
    return mapping


def _show(done: SurveyImport, dry_run: bool) -> None:
    verb = "Would write" if dry_run else "Wrote"
    typer.echo(
        f"{verb} {done.new} new and {done.changed} changed counts for “{done.activity}” "
        f"({done.answers:,} answers); {done.unchanged} were there already."
    )
    for count in done.counts:
        result = done.shown[count.trait]
        typer.echo(f"\n{count.trait} ({count.unsaid:,} did not say)")
        held = count.trait in done.against_make_up
        for g in result.groups:
            typer.echo(f"  {_line(g, held)}")
        if not held:
            typer.echo(
                "  The make-up of the community by this trait is not written down, so nobody "
                "can tell who is missing."
            )
        elif result.index is not None:
            typer.echo(f"  Likeness to the community: {result.index:.2f} (1 is alike)")


def _line(g: GroupShare, held: bool) -> str:
    if g.hidden:
        return f"{g.group}: {HIDDEN}, few people"
    share = "" if g.sample_share is None else f", {100 * g.sample_share:.0f} %"
    community = f", {100 * g.community_share:.0f} % of the community" if held else ""
    return f"{g.group}: {g.n:,} people{share}{community}"


def _summary(done: SurveyImport, dry_run: bool) -> dict[str, Any]:
    return {
        "activity": done.activity,
        "activity_is_new": done.activity_is_new,
        "answers": done.answers,
        "written": not dry_run,
        "new": done.new,
        "changed": done.changed,
        "unchanged": done.unchanged,
        "notes": list(done.notes),
        "traits": [
            {
                "trait": count.trait,
                "column": count.column,
                "unsaid": count.unsaid,
                "index": done.shown[count.trait].index if held else None,
                "groups": [
                    {
                        "group": g.group,
                        "hidden": g.hidden,
                        "people": g.n,
                        "share": g.sample_share,
                        "community_share": g.community_share if held else None,
                        "weight": g.weight if held else None,
                    }
                    for g in done.shown[count.trait].groups
                ],
            }
            for count in done.counts
            for held in (count.trait in done.against_make_up,)
        ],
    }
