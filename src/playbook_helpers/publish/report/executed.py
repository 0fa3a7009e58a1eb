"""The executed worksheets that lie in a partnership's report folder, in the book's order."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from playbook_helpers.batch.artifacts import SavedNotebook, read_json, saved_notebooks
from playbook_helpers.core.errors import InputError
from playbook_helpers.core.partnership import OVERVIEW
from playbook_helpers.core.practice import Practice
from playbook_helpers.core.reads import Reads
from playbook_helpers.practices import PRACTICES
from playbook_helpers.storage.database.fingerprints import RecordFingerprints


@dataclass(frozen=True, slots=True)
class Executed:
    """One executed worksheet: its file, what it was made from, and whether a later run failed.

    `made` and `digest` (which changes with the file) are empty where no run has succeeded yet;
    `practice` is None for a worksheet that belongs to none; `retired` says that its source is
    no longer among the worksheets; `outdated` that records which it reads have changed since.
    """

    stem: str
    path: Path
    title: str
    practice: Practice | None
    made: Mapping[str, Any] = field(default_factory=dict)
    digest: str = ""
    failed: bool = False
    retired: bool = False
    outdated: bool = False

    @property
    def page(self) -> str:
        """The name of its page's file."""
        return f"{self.stem}.html"


def worksheets_in(
    folder: Path, reads: Mapping[str, Reads], prints: RecordFingerprints | None = None
) -> list[Executed]:
    """The worksheets run, well or not, for the partnership whose reports are in `folder`.

    `reads` says by stem what each of today's worksheets reads, `prints` which records the
    partnership holds now.
    """
    held = saved_notebooks(folder)
    book = (OVERVIEW, *_TITLES)
    order = [stem for stem in book if stem in held] + sorted(held.keys() - set(book))
    return [
        executed_at(folder / f"{stem}.ipynb", held[stem], reads.get(stem), prints) for stem in order
    ]


_TITLES = {practice.stem: practice for practice in PRACTICES}


def titled(stem: str) -> dict[str, str]:
    """The file of a worksheet's page, and its title."""
    practice = _TITLES.get(stem)
    title = practice.title if practice else stem.replace("-", " ").capitalize()
    return {"file": f"{stem}.html", "title": title}


def executed_at(
    path: Path,
    held: SavedNotebook,
    reads: Reads | None = None,
    prints: RecordFingerprints | None = None,
) -> Executed:
    """The executed worksheet at `path`, which has landed as `held` says."""
    practice = _TITLES.get(path.stem)
    made, digest = held.made, ""
    if held.state:
        if not made:
            metadata = read_json(path).get("metadata", {})
            made = metadata.get("playbook", {}) if isinstance(metadata, dict) else {}
        told = json.dumps([dict(made), held.state], sort_keys=True)
        digest = hashlib.sha256(told.encode()).hexdigest()
    outdated = False
    if made and reads is not None and prints is not None:
        outdated = made.get("records") != prints.of(reads)
    return Executed(
        stem=path.stem,
        path=path,
        title=titled(path.stem)["title"],
        practice=practice,
        made=made,
        digest=digest,
        retired=reads is None,
        failed=held.failed,
        outdated=outdated,
    )


def read_notebook(worksheet: Executed) -> dict[str, Any]:
    """The executed notebook as JSON values; raises InputError if it cannot be read."""
    notebook = read_json(worksheet.path)
    if not isinstance(notebook.get("cells"), list):
        raise InputError(
            "An executed notebook cannot be read",
            value=str(worksheet.path),
            allowed="a notebook as a batch writes it: run playbook batch again with --force",
        )
    return notebook
