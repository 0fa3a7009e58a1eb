"""Reports of many partnerships, written by several processes at once."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from playbook_helpers.batch import make_plan
from playbook_helpers.batch.landing import land
from playbook_helpers.partnership import Partnership
from playbook_helpers.report import write_reports
from playbook_helpers.revisions import new_revision
from playbook_helpers.store import Store

ROOT = Path(__file__).parents[1]
AREAS = [f"area-{n}" for n in range(6)]
EMPTY = '{"cells": [], "metadata": {}, "nbformat": 4, "nbformat_minor": 5}'


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    (tmp_path / "worksheets").mkdir()
    text = (ROOT / "worksheets" / "goals.ipynb").read_text("utf-8")
    (tmp_path / "worksheets" / "goals.ipynb").write_text(text, "utf-8")
    with Store.open(f"sqlite:///{tmp_path / 'playbook.db'}") as opened:
        opened.append(new_revision(slug, Partnership(name=slug.title())) for slug in AREAS)
        for task in make_plan(tmp_path, opened).tasks:
            land(task.target, EMPTY, dict(task.made_from) | {"fingerprint": task.fingerprint})
        yield opened


def test_several_processes_write_what_one_would(store: Store, tmp_path: Path) -> None:
    told: list[str] = []
    summary = write_reports(tmp_path, store, workers=2, on_done=told.append)
    assert summary.written == dict.fromkeys(AREAS, 2)
    assert told == AREAS
    assert write_reports(tmp_path, store, workers=1).written == dict.fromkeys(AREAS, 0)
    assert write_reports(tmp_path, store, workers=2).written == dict.fromkeys(AREAS, 0)


def test_a_fault_in_one_process_is_told_and_stops_no_other_report(
    store: Store, tmp_path: Path
) -> None:
    folder = tmp_path / "_build" / "reports" / "area-3"
    (folder / "goals.ipynb").write_text("{ not JSON", "utf-8")
    summary = write_reports(tmp_path, store, workers=2)
    assert set(summary.failed) == {"area-3"}
    assert set(summary.written) == set(AREAS) - {"area-3"}
