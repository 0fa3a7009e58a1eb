"""How an executed notebook gets to its place: whole or not at all, with what it was made from.

A notebook is written beside its target and renamed over it, so that nobody ever opens half of
one. A failed run lands under another name; the last good notebook stays.

Beside each notebook stands a small file that says what it was made from. So that a plan over
thousands of notebooks need not open them all, one index in each folder holds what they say,
together with the state (size, time of change, place on the disk) of the notebook. An entry counts
only as long as the notebook is just as it was and its small file is there: the index can be
behind, lost or half of another run's, and nothing passes for what it is not.
"""

from __future__ import annotations

import json
import os
import time
import uuid
from collections.abc import Callable, Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

_STALE_SECONDS = 600
_MADE = ".made-from.json"
_FAILED = ".failed.ipynb"
INDEX = "made-from.json"
"""The name of a folder's index."""
_FORMAT = "playbook-made-from-index/1"


def write_text(path: Path, text: str) -> None:
    """Write a file by a temporary one and a rename; its folder is made if need be."""
    path.parent.mkdir(parents=True, exist_ok=True)
    fresh = path.with_name(f".{path.name}.{uuid.uuid4().hex[:8]}.part")
    try:
        fresh.write_text(text, "utf-8", newline="\n")
        fresh.replace(path)
    finally:
        fresh.unlink(missing_ok=True)


def made_from_path(notebook: Path) -> Path:
    """The small file beside an executed notebook that says what it was made from."""
    return notebook.with_name(f"{notebook.stem}{_MADE}")


def failed_path(notebook: Path) -> Path:
    """Where a failed run of this notebook lies."""
    return notebook.with_name(f"{notebook.stem}{_FAILED}")


def read_json(path: Path) -> dict[str, Any]:
    """The object in a JSON file; empty where there is none that can be read."""
    try:
        data = json.loads(path.read_text("utf-8"))
    except (OSError, ValueError):
        return {}
    return data if isinstance(data, dict) else {}


def save_notebook(notebook: Path, text: str, made_from: Mapping[str, Any]) -> None:
    """Put a good notebook in its place; what is said of the one before goes first.

    In this order a run that is cut off at any moment leaves a notebook that counts as out of
    date, never one that passes for something it was not made from.
    """
    made_from_path(notebook).unlink(missing_ok=True)
    write_text(notebook, text)
    write_text(made_from_path(notebook), json.dumps(made_from, indent=1, sort_keys=True) + "\n")
    failed_path(notebook).unlink(missing_ok=True)


def save_failed(notebook: Path, text: str) -> Path:
    """Put the notebook of a failed run beside the last good one; where it lies."""
    write_text(failed_path(notebook), text)
    return failed_path(notebook)


def sweep_parts(folder: Path) -> None:
    """Remove half-written files that a run which was killed left behind."""
    for leftover in folder.glob(".*.part"):
        with suppress(OSError):
            if time.time() - leftover.stat().st_mtime > _STALE_SECONDS:
                leftover.unlink()


@dataclass(frozen=True, slots=True)
class SavedNotebook:
    """One executed notebook that lies in a folder: what it was made from, and its state.

    `made` is empty where a run was cut off before it could say. `failed` is whether a later run
    failed; where only a failed one is there, `state` is empty.
    """

    made: Mapping[str, Any] = field(default_factory=dict)
    state: tuple[Any, ...] = ()
    failed: bool = False


def saved_notebook(notebook: Path) -> SavedNotebook:
    """What has just landed at `notebook`."""
    state = notebook.stat()
    told = (state.st_ino, state.st_size, state.st_mtime_ns)
    return SavedNotebook(read_json(made_from_path(notebook)), told, failed_path(notebook).exists())


def saved_notebooks(folder: Path) -> dict[str, SavedNotebook]:
    """Stem -> what lies in the folder of one partnership. Brings the folder's index up to date."""
    try:
        with os.scandir(folder) as entries:
            states = {
                entry.name: _state(entry) if entry.name.endswith(".ipynb") else ()
                for entry in entries
                if entry.name.endswith((".ipynb", _MADE)) and entry.is_file()
            }
    except OSError:
        return {}
    index = read_json(folder / INDEX)
    found, fresh = told_by(states, index, lambda name: read_json(folder / name))
    if fresh is not None:
        with suppress(OSError):  # it only saves time
            write_text(folder / INDEX, fresh)
    return found


def told_by(
    states: Mapping[str, tuple[Any, ...]],
    index: Mapping[str, Any],
    read: Callable[[str], Mapping[str, Any]],
) -> tuple[dict[str, SavedNotebook], str | None]:
    """What lies in a folder, from the states of its files and its index; the index if it changed.

    `read` reads one of the small files, for notebooks of which the index does not know.
    """
    known = index.get("notebooks") if index.get("format") == _FORMAT else None
    before: Mapping[str, Any] = known if isinstance(known, dict) else {}
    found: dict[str, SavedNotebook] = {}
    notes: dict[str, Any] = {}
    for name, state in states.items():
        if not name.endswith(".ipynb") or name.endswith(_FAILED):
            continue
        stem = name.removesuffix(".ipynb")
        note = before.get(stem)
        made: Any = None
        if f"{stem}{_MADE}" in states:
            if isinstance(note, dict) and note.get("state") == list(state):
                made = note.get("made")
            else:
                made = read(f"{stem}{_MADE}")
        made = made if isinstance(made, dict) else {}
        found[stem] = SavedNotebook(made, state, f"{stem}{_FAILED}" in states)
        notes[stem] = {"state": list(state), "made": made}
    for name in states:
        if name.endswith(_FAILED):
            found.setdefault(name.removesuffix(_FAILED), SavedNotebook(failed=True))
    return found, None if notes == before else json.dumps({"format": _FORMAT, "notebooks": notes})


def _state(entry: os.DirEntry[str]) -> tuple[int, ...]:
    state = entry.stat()
    return (state.st_ino, state.st_size, state.st_mtime_ns)
