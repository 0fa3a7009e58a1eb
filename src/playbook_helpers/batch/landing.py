"""How an executed notebook gets to its place: whole or not at all, with what it was made from.

A notebook is written beside its target and renamed over it, so that nobody ever opens half of
one. A failed run lands under another name; the last good notebook stays.
"""

from __future__ import annotations

import json
import time
import uuid
from collections.abc import Mapping
from contextlib import suppress
from pathlib import Path
from typing import Any

_STALE_SECONDS = 600


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
    return notebook.with_name(f"{notebook.stem}.made-from.json")


def failed_path(notebook: Path) -> Path:
    """Where a failed run of this notebook lies."""
    return notebook.with_name(f"{notebook.stem}.failed.ipynb")


def read_json(path: Path) -> dict[str, Any]:
    """The object in a JSON file; empty where there is none that can be read."""
    try:
        data = json.loads(path.read_text("utf-8"))
    except (OSError, ValueError):
        return {}
    return data if isinstance(data, dict) else {}


def land(notebook: Path, text: str, made_from: Mapping[str, Any]) -> None:
    """Put a good notebook in its place; what is said of the one before goes first.

    In this order a run that is cut off at any moment leaves a notebook that counts as out of
    date, never one that passes for something it was not made from.
    """
    made_from_path(notebook).unlink(missing_ok=True)
    write_text(notebook, text)
    write_text(made_from_path(notebook), json.dumps(made_from, indent=1, sort_keys=True) + "\n")
    failed_path(notebook).unlink(missing_ok=True)


def land_failed(notebook: Path, text: str) -> Path:
    """Put the notebook of a failed run beside the last good one; where it lies."""
    write_text(failed_path(notebook), text)
    return failed_path(notebook)


def sweep_parts(folder: Path) -> None:
    """Remove half-written files that a run which was killed left behind."""
    for leftover in folder.glob(".*.part"):
        with suppress(OSError):
            if time.time() - leftover.stat().st_mtime > _STALE_SECONDS:
                leftover.unlink()
