"""What came of a notebook's run: where it stopped, its marks, its text, its place, its outcome.

All ways of running end here, so that a notebook looks the same whichever way it was run.
"""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from dataclasses import replace
from html import escape
from typing import Any

from playbook_helpers.batch.artifacts import save_failed, save_notebook
from playbook_helpers.batch.parameters import shown_address
from playbook_helpers.batch.summary import Outcome
from playbook_helpers.batch.tasks import Task
from playbook_helpers.core.revisions import now

ERROR_TAG = "papermill-error-cell-tag"
"""papermill's own tag: cells that carry it are taken out again at the next run."""
_NOT_THE_AUTHORS = {ERROR_TAG, "injected-parameters"}
_COLOUR = re.compile(r"\x1b\[[0-9;]*[A-Za-z]")


def failed(task: Task, seconds: float, reason: str, **more: Any) -> Outcome:
    """The outcome of a task that failed."""
    return Outcome(task.partnership, task.worksheet, "failed", seconds, reason, **more)


def stopped(task: Task) -> Outcome:
    """The outcome of a task that was not run, or cut off because the batch ended."""
    return Outcome(task.partnership, task.worksheet, "stopped")


def finish_done(task: Task, notebook: dict[str, Any], seconds: float) -> Outcome:
    """Land a notebook that ran to its end."""
    made = dict(task.made_from) | {
        "format": "playbook-made-from/1",
        "fingerprint": task.fingerprint,
        "made": now(),
        "seconds": round(seconds, 3),
    }
    _sign(task, notebook)
    notebook["metadata"]["playbook"] = made
    try:
        save_notebook(task.target, file_text(task, notebook), made)
    except OSError as error:
        return _unwritten(task, seconds, error)
    return Outcome(task.partnership, task.worksheet, "done", seconds, notebook=str(task.target))


def finish_failed(task: Task, notebook: dict[str, Any] | None, outcome: Outcome) -> Outcome:
    """Land the notebook of a failed run, beside the last good one; the outcome that names it."""
    place = ""
    if notebook is not None:
        _sign(task, notebook)
        try:
            place = str(save_failed(task.target, file_text(task, notebook)))
        except OSError as error:
            return _unwritten(task, outcome.seconds, error)
    return replace(outcome, error=_without_password(task, outcome.error), notebook=place)


def finish_broken(
    task: Task, notebook: dict[str, Any] | None, seconds: float, reason: str, error: str = ""
) -> Outcome:
    """Land the notebook of a run that did not come to its end, with a mark that says so."""
    place, code = stopped_at(notebook or {})
    outcome = failed(task, seconds, reason, cell=place, code=code, error=error)
    if notebook is not None:
        mark_stopped(notebook, outcome.line().split(": ", 1)[1])
    return finish_failed(task, notebook, outcome)


def _unwritten(task: Task, seconds: float, error: OSError) -> Outcome:
    said = one_line(f"{type(error).__name__}: {error}")
    return failed(task, seconds, "it could not be written", error=said)


def _sign(task: Task, notebook: dict[str, Any]) -> None:
    """Have papermill's notes name files as seen from the project, not from this computer."""
    notes = notebook["metadata"].setdefault("papermill", {})
    notes["input_path"] = task.source.relative_to(task.root).as_posix()
    notes["output_path"] = task.target.relative_to(task.root).as_posix()


def file_text(task: Task, notebook: dict[str, Any]) -> str:
    """The notebook's file as nbformat writes it, without the store's password."""
    from nbformat import NotebookNode
    from nbformat.v4.rwbase import split_lines, strip_transient

    if isinstance(notebook, NotebookNode):  # else it has been read from such a file
        notebook = strip_transient(split_lines(notebook))  # type: ignore[no-untyped-call]
    text = json.dumps(notebook, indent=1, ensure_ascii=False, sort_keys=True) + "\n"
    return _without_password(task, text, quoted=True)


def _without_password(task: Task, text: str, *, quoted: bool = False) -> str:
    """The text with the store's address as others may read it; `quoted` as it stands in JSON."""
    secret = task.parameters.store
    if not secret:
        return text
    said = shown_address(secret, task.root)
    if quoted:
        secret, said = (json.dumps(each, ensure_ascii=False)[1:-1] for each in (secret, said))
    return text.replace(secret, said)


def place_of(cells: list[Any], index: int) -> int:
    """The place of cell `index` in the worksheet as its author sees it, counted from one."""
    return sum(1 for cell in cells[: index + 1] if not _added(cell))


def stopped_at(notebook: Mapping[str, Any]) -> tuple[int | None, str]:
    """(place, first line of code) of the cell that failed or was running; None if none was.

    papermill notes in each cell when it began and how it ended. A kernel that died or was
    killed leaves the last code cell that began.
    """
    cells = list(notebook.get("cells", ()))
    begun = None
    for index, cell in enumerate(cells):
        notes = cell.get("metadata", {}).get("papermill", {})
        if cell.get("cell_type") != "code" or not notes.get("start_time"):
            continue
        begun = index
        if notes.get("status") in ("running", "failed"):
            break
    if begun is None:
        return None, ""
    place = None if _added(cells[begun]) else place_of(cells, begun)
    return place, first_line(cells[begun].get("source", ""))


def first_line(source: str | list[str]) -> str:
    """The first line of code that is no comment, cut to a length that fits a message."""
    text = source if isinstance(source, str) else "".join(source)
    lines = [line.strip() for line in text.splitlines()]
    line = next((line for line in lines if line and not line.startswith("#")), "")
    return line if len(line) <= 60 else line[:57] + "..."


def one_line(text: str, limit: int = 400) -> str:
    """Text without colour codes and line breaks, cut to `limit`.

    >>> one_line("There is no such chart\\n  value: 'x'")
    "There is no such chart value: 'x'"
    """
    plain = " ".join(_COLOUR.sub("", text).split())
    return plain if len(plain) <= limit else plain[: limit - 3] + "..."


def mark_stopped(notebook: dict[str, Any], reason: str) -> None:
    """Put a cell on top that says why the run did not come to its end."""
    text = f"**This run did not come to its end: {escape(reason)}.**"
    from nbformat import from_dict

    mark = {
        "cell_type": "markdown",
        "id": "stopped",
        "metadata": {"tags": [ERROR_TAG]},
        "source": text,
    }
    notebook["cells"] = [from_dict(mark), *notebook.get("cells", ())]  # type: ignore[no-untyped-call]


def _added(cell: Mapping[str, Any]) -> bool:
    return bool(_NOT_THE_AUTHORS & set(cell.get("metadata", {}).get("tags", ())))
