"""The page of one executed worksheet: written with a report, or at once where the notebook ran.

`write_page` needs no store and no other page, so a worker may call it right after it has run a
notebook. The report written later finds the page as it should be, by its stamp, and leaves it.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from playbook_helpers.batch.artifacts import saved_notebook, write_text
from playbook_helpers.publish.pages import page
from playbook_helpers.publish.report.document import NOTICE, read_document
from playbook_helpers.publish.report.executed import Executed, executed_at, read_notebook, titled
from playbook_helpers.publish.report.stamps import digest, report_hash

if TYPE_CHECKING:
    from playbook_helpers.batch import Task

Link = Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Whose:
    """Whose page it is: the partnership's name, and whether it is made up for practice."""

    name: str
    invented: bool = False
    about: str = ""
    """The fingerprint of what is written down of the partnership itself."""


def write_page_of(task: Task, notebook: Mapping[str, Any]) -> None:
    """Write the page of a batch's task, right after its notebook has landed."""
    whose = Whose(task.name, task.invented, task.about)
    write_page(task.target, whose, order=task.order, executed=notebook)


def write_page(
    notebook: Path,
    whose: Whose,
    *,
    order: Iterable[str],
    executed: Mapping[str, Any] | None = None,
) -> Path:
    """Write the page of the executed notebook that has landed at `notebook`; where it lies.

    `order` are the stems of all worksheets that this partnership's report is to hold, in order.
    `executed` is the notebook where it is at hand; else it is read. Raises InputError for a
    notebook that cannot be read.
    """
    worksheet = executed_at(notebook, saved_notebook(notebook))
    stems = list(order)
    place = stems.index(worksheet.stem)
    around = [titled(stem) for stem in stems[max(0, place - 1) : place + 2]]
    before = titled(stems[place - 1]) if place else None
    after = titled(stems[place + 1]) if place + 1 < len(stems) else None
    stamp = page_stamp(around, worksheet, whose.about)
    held = read_notebook(worksheet) if executed is None else executed
    path = notebook.with_name(worksheet.page)
    write_text(path, executed_html(worksheet, held, whose, before, after, stamp))
    return path


def link(worksheet: Executed) -> Link:
    """Where a worksheet's page lies, and its title."""
    return {"file": worksheet.page, "title": worksheet.title}


def page_stamp(around: Sequence[Link], worksheet: Executed, about: str) -> str:
    """What a page is made from: its neighbours, its notebook, whose it is, how pages are drawn."""
    return digest(around, worksheet.digest, about, report_hash())


def executed_html(
    worksheet: Executed,
    notebook: Mapping[str, Any],
    whose: Whose,
    before: Link | None,
    after: Link | None,
    stamp: str,
) -> str:
    """The page as HTML."""
    told = worksheet.made.get("parameters", {})
    names = ("store", "records", "made", "version", "source", "fingerprint")
    made = {"as_of": told.get("as_of", ""), "round": told.get("round", "")}
    return page(
        "worksheet.html.j2",
        document=read_document(notebook, worksheet.title),
        partnership=whose.name,
        invented=whose.invented,
        notice=NOTICE,
        before=before,
        after=after,
        made=made | {name: worksheet.made.get(name, "") for name in names},
        stamp=stamp,
    )
