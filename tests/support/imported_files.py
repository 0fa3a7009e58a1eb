"""Files written for an import into one town, what they bring, and why they are refused."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from playbook_helpers.storage.database import Store
from playbook_helpers.storage.files import ImportRefused, ImportSummary, import_paths

GOALS = (
    "name,sentence,level,target\nReady,Raise it to 65,outcome,65\nHousing,House 100,output,100\n"
)


def write(folder: Path, name: str, text: str) -> Path:
    path = folder / name
    path.write_text(text, "utf-8", newline="")
    return path


def take(store: Store, *paths: Path, **ways: Any) -> ImportSummary:
    return import_paths(store, paths, **({"partnership": "town"} | ways))


def refused(store: Store, *paths: Path, **ways: Any) -> list[str]:
    before = store.revisions()
    with pytest.raises(ImportRefused) as caught:
        take(store, *paths, **ways)
    assert store.revisions() == before, "nothing was half-written"
    return [str(problem) for problem in caught.value.summary.problems]


def payloads(store: Store, kind: str = "goal") -> dict[str, Any]:
    return {head.payload["name"]: dict(head.payload) for head in store.heads("town", kind=kind)}
