"""Worksheets in a folder and a store of two partnerships, for a batch to be planned and run."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path

import pytest
from planned_work import notebook

from playbook_helpers.core.partnership import Partnership
from playbook_helpers.core.revisions import new_revision
from playbook_helpers.storage.database import Store


@pytest.fixture
def root(tmp_path: Path) -> Path:
    (tmp_path / "_config.yml").touch()
    (tmp_path / "worksheets").mkdir()
    for stem in ("goals", "resources", "extra"):
        (tmp_path / "worksheets" / f"{stem}.ipynb").write_text(notebook(f"'{stem}'"), "utf-8")
    above = json.loads(notebook())
    above["cells"][0]["source"] = 'store = ""'
    (tmp_path / "worksheets" / "portfolio.ipynb").write_text(json.dumps(above), "utf-8")
    return tmp_path


@pytest.fixture
def store(root: Path) -> Iterator[Store]:
    with Store.open(f"sqlite:///{root / 'playbook.db'}") as opened:
        ended = Partnership(name="Our Town", facts_until="2014")
        opened.append([new_revision("our-town", ended)])
        opened.append([new_revision("east-side", Partnership(name="East Side"))])
        yield opened
