"""Between this computer and another place: executed notebooks go there, reports follow.

A notebook is run here, into a folder that is gone afterwards, and sent. Reports are written from
a copy of what lies there, of which only what changed is fetched, and only changed pages are sent.
"""

from __future__ import annotations

import hashlib
import json
import shutil
import uuid
from collections.abc import Callable, Iterable
from dataclasses import replace
from pathlib import Path
from typing import Any

from playbook_helpers.batch.artifacts import read_json, write_text
from playbook_helpers.batch.outcomes import one_line
from playbook_helpers.batch.places import listed, put, put_bytes, save_at, take
from playbook_helpers.batch.summary import Outcome
from playbook_helpers.batch.tasks import Task
from playbook_helpers.worksheet.project import build_folder

_FETCHED, _SENT = ".fetched.json", ".sent.json"
_KEPT = (".ipynb", ".made-from.json")


def execute_and_send(task: Task, *, execute: Callable[[Task], Outcome]) -> Outcome:
    """Execute a task here and put its notebook where the task says; what came of it."""
    folder = build_folder(task.root) / "outgoing" / uuid.uuid4().hex
    try:
        outcome = execute(replace(task, folder=folder, output=""))
        if not outcome.notebook:
            return outcome
        text = Path(outcome.notebook).read_text("utf-8")
        if outcome.status == "done":
            notebook = json.loads(text)
            notebook["metadata"].setdefault("papermill", {})["output_path"] = task.place
            made = notebook["metadata"]["playbook"]
            save_at(task.place, json.dumps(notebook, indent=1, ensure_ascii=False) + "\n", made)
            return replace(outcome, notebook=task.place)
        place = f"{task.place.removesuffix('.ipynb')}.failed.ipynb"
        put(place, text)
        return replace(outcome, notebook=place)
    except Exception as error:  # of whatever kind the place's own tools raise
        said = one_line(f"{type(error).__name__}: {error}")
        reason = "it could not be put in its place"
        return Outcome(task.partnership, task.worksheet, "failed", reason=reason, error=said)
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def copy_of(root: Path, output: str) -> Path:
    """The folder here that is kept as a copy of a place."""
    return build_folder(root) / "copies" / hashlib.sha256(output.encode()).hexdigest()[:16]


def fetch(output: str, copy: Path, slugs: Iterable[str]) -> int:
    """Bring the copy's notebooks up to date; how many files were fetched."""
    count = 0
    for slug, names in listed(output, slugs).items():
        folder = copy / slug
        before = read_json(folder / _FETCHED)
        there = {n: list(state) for n, state in names.items() if n.endswith(_KEPT)}
        for name in set(before) - set(there):
            (folder / name).unlink(missing_ok=True)
        for name, state in there.items():
            if before.get(name) != state or not (folder / name).is_file():
                write_text(folder / name, take(f"{output}/{slug}/{name}"))
                count += 1
        if before != there:
            write_text(folder / _FETCHED, json.dumps(there))
    return count


def send(copy: Path, output: str, slugs: Iterable[str]) -> int:
    """Put changed pages and what lies beside them in the place, the home page last; how many."""
    count = 0
    for slug in (*slugs, ""):
        folder = copy / slug if slug else copy
        before = read_json(folder / _SENT)
        now: dict[str, Any] = {}
        for path in sorted(folder.glob("*")) if folder.is_dir() else ():
            if not path.is_file() or path.name.startswith(".") or path.name.endswith(_KEPT):
                continue
            if path.name == "made-from.json":
                continue
            state = path.stat()
            now[path.name] = [state.st_size, state.st_mtime_ns]
            if before.get(path.name) != now[path.name]:
                address = f"{output}/{slug}/{path.name}" if slug else f"{output}/{path.name}"
                put_bytes(address, path.read_bytes())
                count += 1
        if now != before:
            write_text(folder / _SENT, json.dumps(now))
    return count
