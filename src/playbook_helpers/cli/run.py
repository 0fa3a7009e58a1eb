"""`playbook batch` and `playbook report`: run worksheets, write reports."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from enum import StrEnum
from typing import TYPE_CHECKING, Annotated, Any

import typer

from playbook_helpers.cli.app import app, progress
from playbook_helpers.worksheet.project import project_root

if TYPE_CHECKING:
    from pathlib import Path

    from playbook_helpers.batch import Limits, Outcome, Plan, Summary
    from playbook_helpers.batch.parameters import Value
    from playbook_helpers.publish.report import ReportSummary
    from playbook_helpers.storage.database import Store

Partnerships = Annotated[
    list[str] | None,
    typer.Argument(help="Short names of partnerships; all in the store if none.", metavar="SLUG"),
]
StoreUrl = Annotated[str, typer.Option("--store", help="The store's address.")]
AsJson = Annotated[bool, typer.Option("--json", help="Print a summary for other programs.")]
_ADVANCE_LINES = 10
WRITE_PAGE = "playbook_helpers.publish.report.worksheet_page:write_page_of"
"""What is done where a notebook has run: its page is written while all for it is at hand."""


class Engine(StrEnum):
    """How notebooks are run."""

    playbook = "playbook"
    papermill = "papermill"


class ImageForm(StrEnum):
    """What charts carry beside their HTML."""

    svg = "svg"
    png = "png"


@app.command()
def batch(
    partnerships: Partnerships = None,
    worksheet: Annotated[
        list[str] | None,
        typer.Option(
            "--worksheet",
            help="A worksheet to run, with * for several, or the path of one of your own; "
            "may be given again. All if none.",
        ),
    ] = None,
    workers: Annotated[
        int, typer.Option(help="Notebooks run at once; 0 for one a core.", min=0)
    ] = 0,
    time_limit: Annotated[
        float, typer.Option("--time-limit", help="Seconds one notebook may take.", min=1)
    ] = 300,
    memory_limit: Annotated[
        float,
        typer.Option(
            "--memory-limit",
            help="MB of memory one notebook may take, on Linux; 0 for its share of the computer's.",
        ),
    ] = 0,
    output_limit: Annotated[
        float, typer.Option("--output-limit", help="MB that one notebook may print and show.")
    ] = 20,
    as_of: Annotated[
        str,
        typer.Option("--as-of", help="The day to work from, such as 2027-03-31.", metavar="DATE"),
    ] = "",
    round: Annotated[  # noqa: A002 - the word people know it by
        str, typer.Option("--round", help="A label for this round, shown on its pages.")
    ] = "",
    own: Annotated[
        list[str] | None,
        typer.Option(
            "--parameter",
            "-p",
            help="A parameter that a worksheet of your own declares, and its value.",
            metavar="NAME VALUE",
        ),
    ] = None,
    store: StoreUrl = "",
    force: Annotated[bool, typer.Option("--force", help="Run all, not only what changed.")] = False,
    scheduler: Annotated[
        str,
        typer.Option(
            "--scheduler",
            help="Run on a Dask cluster: the address of its scheduler.",
            metavar="tcp://HOST:PORT",
        ),
    ] = "",
    output: Annotated[
        str,
        typer.Option(
            "--output",
            help="Where results go: s3://bucket/folder, gs://…, abfs://…, or a folder.",
            metavar="PLACE",
        ),
    ] = "",
    engine: Annotated[
        Engine,
        typer.Option("--engine", help="How notebooks run: warm, or each with a new kernel."),
    ] = Engine.playbook,
    images: Annotated[
        ImageForm,
        typer.Option(
            "--images",
            help="Images that charts carry for programs that show no HTML; png for LaTeX, too.",
        ),
    ] = ImageForm.svg,
    report: Annotated[
        bool, typer.Option("--report/--no-report", help="Write the reports afterwards.")
    ] = True,
    as_json: AsJson = False,
) -> None:
    """Run worksheets for partnerships and write their reports; only what is missing or changed.

    One failure stops nothing else; the summary says which failed, in which cell and why.
    Without --as-of a worksheet works from the day up to which the partnership's records are
    complete, else from today.
    """
    from playbook_helpers.batch import Limits, make_plan
    from playbook_helpers.worksheet.stores import open_worksheet_store

    root = project_root()
    limits = Limits(time_limit, int(memory_limit * 1e6), int(output_limit * 1e6))
    place = ""
    if output:
        from playbook_helpers.batch.places import read_output

        place = read_output(output)
    with open_worksheet_store(store) as opened:
        _take_examples_in(root, opened, partnerships or ())
        plan = make_plan(
            root,
            opened,
            partnerships=partnerships or (),
            worksheets=worksheet or (),
            as_of=as_of,
            round=round,
            values=_own_parameters(own or ()),
            engine="" if engine is Engine.playbook else engine.value,
            images=images.value,
            force=force,
            output=place,
        )
        summary = run_with_progress(plan, workers=workers, limits=limits, scheduler=scheduler)
        written = None
        if report and not summary.interrupted:
            written = _reports_at(place, root, opened, plan.partnerships)
    if as_json:
        _print_json(summary.to_json() | {"reports": written.to_json() if written else None})
    else:
        typer.echo(summary.text())
        if written is not None:
            typer.echo(written.text())
    failed = bool(written and written.failed)
    raise typer.Exit(summary.exit_code or (1 if failed else 0))


def _own_parameters(given: Sequence[str]) -> dict[str, Value]:
    """Parameters by name, of texts such as year=2031.

    Raises InputError for those that have an option of their own.
    """
    from playbook_helpers.batch.parameters import PARAMETER_NAMES, typed
    from playbook_helpers.core.errors import InputError

    ways = ("playbook batch SLUG", "--store ADDRESS", "--as-of DATE", "--round LABEL")
    found = {name: typed(value) for name, _, value in (each.partition("=") for each in given)}
    for name, way in zip(PARAMETER_NAMES, ways, strict=True):
        if name in found:
            raise InputError("This parameter has a way of its own", value=name, allowed=way)
    return found


def _take_examples_in(root: Path, opened: Store, wanted: Sequence[str]) -> None:
    """Bring in the examples that are named and not in the store yet."""
    from playbook_helpers.storage.files import load_examples
    from playbook_helpers.worksheet.project import example_slugs

    missing = set(wanted) & set(example_slugs(root))
    missing -= set(opened.partnerships()) if missing else set()
    if missing:
        load_examples(opened, root / "data", missing)
        progress.print(f"Brought in from data/: {', '.join(sorted(missing))}", markup=False)


def _reports_at(
    place: str, root: Path, opened: Store, partnerships: tuple[str, ...]
) -> ReportSummary:
    """Write the reports here, or from a copy of what lies in another place, and send them there."""
    from dataclasses import replace

    from playbook_helpers.publish.report import write_reports

    if not place:
        return write_reports(root, opened, partnerships)
    from playbook_helpers.batch.upload import copy_of, fetch, send

    copy = copy_of(root, place)
    fetch(place, copy, partnerships)
    written = write_reports(root, opened, partnerships, folder=copy)
    send(copy, place, partnerships)
    return replace(written, home=f"{place}/index.html")


@app.command()
def report(
    partnerships: Partnerships = None,
    store: StoreUrl = "",
    force: Annotated[
        bool, typer.Option("--force", help="Write all pages, not only what changed.")
    ] = False,
    as_json: AsJson = False,
) -> None:
    """Write the reports from worksheets that a batch has run: pages, assessments, open data."""
    from playbook_helpers.publish.report import write_reports
    from playbook_helpers.worksheet.stores import open_worksheet_store

    root = project_root()
    with open_worksheet_store(store) as opened:
        written = write_reports(root, opened, partnerships or (), force=force)
    if as_json:
        _print_json(written.to_json())
    else:
        typer.echo(written.text())
    raise typer.Exit(1 if written.failed else 0)


def run_with_progress(
    plan: Plan, *, workers: int = 0, limits: Limits | None = None, scheduler: str = ""
) -> Summary:
    """Run a plan, here or on a cluster, and show on stderr how far it is; its summary."""
    from functools import partial

    from playbook_helpers.batch import run_plan
    from playbook_helpers.batch.run import execute_task

    execute = None
    sent = any(task.output for task in plan.tasks)
    finish = "" if sent else WRITE_PAGE  # pages of what is sent are written from a copy of it
    if sent or scheduler:
        execute = partial(execute_task, limits=limits, finish=finish)
    if execute is not None and sent:
        from playbook_helpers.batch.upload import execute_and_send

        execute = partial(execute_and_send, execute=execute)
    if scheduler:
        from playbook_helpers.batch.cluster import on_cluster

        with (
            on_cluster(scheduler, plan, shared=not sent) as executor,
            shown_progress(len(plan.tasks)) as on_done,
        ):
            number = min(executor.workers, 1000)
            return run_plan(
                plan,
                workers=number,
                limits=limits,
                on_done=on_done,
                execute=execute,
                executor=executor,
            )
    with shown_progress(len(plan.tasks)) as on_done:
        return run_plan(
            plan, workers=workers, limits=limits, on_done=on_done, execute=execute, finish=finish
        )


@contextmanager
def shown_progress(total: int) -> Iterator[Callable[[Outcome], None]]:
    """What to call after each notebook: a bar with the time left, or lines without a terminal."""
    if not total:
        yield lambda outcome: None
    elif progress.is_terminal:
        from rich.progress import (
            BarColumn,
            MofNCompleteColumn,
            Progress,
            TextColumn,
            TimeRemainingColumn,
        )

        columns = (
            TextColumn("Worksheets"),
            BarColumn(),
            MofNCompleteColumn(),
            TimeRemainingColumn(),
            TextColumn("{task.fields[latest]}", markup=False),
        )
        with Progress(*columns, console=progress, transient=True) as bar:
            task = bar.add_task("", total=total, latest="")

            def advance(outcome: Outcome) -> None:
                if outcome.status == "failed":
                    bar.console.print(f"Failed: {outcome.line()}", markup=False, soft_wrap=True)
                latest = f"{outcome.partnership}, {outcome.worksheet}"
                bar.update(task, advance=1, latest=latest)

            yield advance
    else:
        yield _lines(total)


def _lines(total: int) -> Callable[[Outcome], None]:
    """Lines in place of a bar: each failure, and how far it is at every tenth or so."""
    done = 0
    step = max(1, total // _ADVANCE_LINES)

    def advance(outcome: Outcome) -> None:
        nonlocal done
        done += 1
        if outcome.status == "failed":
            progress.print(f"Failed: {outcome.line()}", markup=False, soft_wrap=True)
        if done % step == 0 or done == total:
            latest = f"{outcome.partnership}, {outcome.worksheet}"
            progress.print(f"Worksheets {done} of {total}: {latest}", markup=False, soft_wrap=True)

    return advance


def _print_json(data: dict[str, Any]) -> None:
    typer.echo(json.dumps(data, ensure_ascii=False, indent=2))
