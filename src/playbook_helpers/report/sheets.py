"""The executed worksheets that lie in a partnership's report folder, in the book's order."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from playbook_helpers.batch.landing import failed_path, made_from_path, read_json
from playbook_helpers.errors import InputError
from playbook_helpers.partnership import OVERVIEW
from playbook_helpers.practices import PRACTICES, Practice


@dataclass(frozen=True, slots=True)
class Sheet:
    """One executed worksheet: its file, what it was made from, and whether a later run failed.

    `made` and `digest` (which changes with the file) are empty where no run has succeeded yet;
    `practice` is None for a worksheet that belongs to none; `retired` says that its source is
    no longer among the worksheets.
    """

    stem: str
    path: Path
    title: str
    practice: Practice | None
    made: Mapping[str, Any] = field(default_factory=dict)
    digest: str = ""
    failed: bool = False
    retired: bool = False

    @property
    def page(self) -> str:
        """The name of its page's file."""
        return f"{self.stem}.html"


def sheets_in(folder: Path, worksheets: Path) -> list[Sheet]:
    """The worksheets run, well or not, for the partnership whose reports are in `folder`.

    `worksheets` is the folder of their sources.
    """
    stems = {path.stem.removesuffix(".failed") for path in folder.glob("*.ipynb")}
    book = (OVERVIEW, *_TITLES)
    order = [stem for stem in book if stem in stems] + sorted(stems - set(book))
    return [sheet_at(folder / f"{stem}.ipynb", worksheets) for stem in order]


_TITLES = {practice.stem: practice for practice in PRACTICES}


def titled(stem: str) -> dict[str, str]:
    """The file of a worksheet's page, and its title."""
    practice = _TITLES.get(stem)
    title = practice.title if practice else stem.replace("-", " ").capitalize()
    return {"file": f"{stem}.html", "title": title}


def sheet_at(path: Path, worksheets: Path) -> Sheet:
    """The executed worksheet at `path`; `worksheets` is the folder of their sources."""
    practice = _TITLES.get(path.stem)
    made: Mapping[str, Any] = {}
    digest = ""
    if path.is_file():
        # Where this file is there, it is the notebook's own: it goes before the notebook does.
        made = read_json(made_from_path(path))
        if not made:
            metadata = read_json(path).get("metadata", {})
            made = metadata.get("playbook", {}) if isinstance(metadata, dict) else {}
        state = path.stat()
        told = json.dumps([dict(made), state.st_size, state.st_mtime_ns], sort_keys=True)
        digest = hashlib.sha256(told.encode()).hexdigest()
    return Sheet(
        stem=path.stem,
        path=path,
        title=titled(path.stem)["title"],
        practice=practice,
        made=made,
        digest=digest,
        retired=not (worksheets / path.name).is_file(),
        failed=failed_path(path).is_file(),
    )


def read_notebook(sheet: Sheet) -> dict[str, Any]:
    """The executed notebook as JSON values; raises InputError if it cannot be read."""
    notebook = read_json(sheet.path)
    if not isinstance(notebook.get("cells"), list):
        raise InputError(
            "An executed notebook cannot be read",
            value=str(sheet.path),
            allowed="a notebook as a batch writes it: run playbook batch again with --force",
        )
    return notebook
