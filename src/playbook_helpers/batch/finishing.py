"""What becomes of an executed notebook: its marks, its text, its place, its outcome.

All ways of running end here, so that a notebook looks the same whichever way it was run.
"""

from __future__ import annotations

import json
from dataclasses import replace
from typing import Any

from playbook_helpers.batch.artifacts import land, land_failed
from playbook_helpers.batch.cells import mark_stopped, one_line, stopped_at
from playbook_helpers.batch.parameters import shown_address
from playbook_helpers.batch.summary import Outcome
from playbook_helpers.batch.tasks import Task
from playbook_helpers.core.revisions import now


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
        land(task.target, text_of(task, notebook), made)
    except OSError as error:
        return _unwritten(task, seconds, error)
    return Outcome(task.partnership, task.worksheet, "done", seconds, notebook=str(task.target))


def finish_failed(task: Task, notebook: dict[str, Any] | None, outcome: Outcome) -> Outcome:
    """Land the notebook of a failed run, beside the last good one; the outcome that names it."""
    place = ""
    if notebook is not None:
        _sign(task, notebook)
        try:
            place = str(land_failed(task.target, text_of(task, notebook)))
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
        mark_stopped(notebook, outcome.told().split(": ", 1)[1])
    return finish_failed(task, notebook, outcome)


def _unwritten(task: Task, seconds: float, error: OSError) -> Outcome:
    said = one_line(f"{type(error).__name__}: {error}")
    return failed(task, seconds, "it could not be written", error=said)


def _sign(task: Task, notebook: dict[str, Any]) -> None:
    """Have papermill's notes name files as seen from the project, not from this computer."""
    notes = notebook["metadata"].setdefault("papermill", {})
    notes["input_path"] = task.source.relative_to(task.root).as_posix()
    notes["output_path"] = task.target.relative_to(task.root).as_posix()


def text_of(task: Task, notebook: dict[str, Any]) -> str:
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
