"""What a report was made from, in a few bytes: to tell at a glance that nothing has changed.

Each page carries a stamp in its head. `report.json` carries one for the whole folder: over what
the report is made from, and over the size and time of every file in it. While that one holds, no
page has to be opened: the second run over a thousand partnerships looks at their files and is done.
"""

from __future__ import annotations

import hashlib
import json
import os
import re
from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import Any

from playbook_helpers.batch.artifacts import read_json, write_text

FACTS = "report.json"
"""What the home page says of a partnership, and the stamp of its report."""
_STAMP = re.compile(r'<meta name="playbook-made-from" content="([0-9a-f]{64})">')
_KEPT = "standing"


def digest(*values: object) -> str:
    """A hash over JSON values."""
    return hashlib.sha256(json.dumps(values, sort_keys=True).encode()).hexdigest()


def stamp_of(page: Path) -> str:
    """The stamp in the head of a page; empty where there is none."""
    try:
        with page.open(encoding="utf-8") as file:
            found = _STAMP.search(file.read(4096))
    except (OSError, ValueError):
        return ""
    return found[1] if found else ""


def is_current(folder: Path, made_from: object) -> bool:
    """Whether the report in `folder` was made from just this, and lies there as it was left."""
    held = read_json(folder / FACTS).get(_KEPT)
    return bool(held) and held == _stamp(folder, made_from)


def note_current(folder: Path, made_from: object) -> None:
    """Write down that the report in `folder` is as it should be, made from this."""
    card, stamp = read_json(folder / FACTS), _stamp(folder, made_from)
    if card.get(_KEPT) != stamp:
        card = shown_part(card) | {_KEPT: stamp}
        write_text(folder / FACTS, json.dumps(card, ensure_ascii=False, indent=1) + "\n")


def shown_part(card: Mapping[str, Any]) -> dict[str, Any]:
    """What of `report.json` a page shows."""
    return {name: value for name, value in card.items() if name != _KEPT}


def _stamp(folder: Path, made_from: object) -> str:
    with os.scandir(folder) as entries:
        files = sorted(
            (entry.name, state.st_size, state.st_mtime_ns)
            for entry in entries
            if entry.name != FACTS
            for state in (entry.stat(),)
        )
    return digest(made_from, files)


@cache
def report_hash() -> str:
    """A hash over what pages are drawn with: this folder, templates, and how sections look."""
    folder = Path(__file__).parent
    package = folder.parents[1]
    parts = (folder, package / "drawing", package / "worksheet" / "sections")
    files = [f for part in parts for f in part.rglob("*") if f.suffix in (".py", ".j2", ".css")]
    files.append(folder.parent / "pages.py")
    total = hashlib.sha256()
    for file in sorted(files):
        total.update(file.read_bytes())
    return total.hexdigest()
