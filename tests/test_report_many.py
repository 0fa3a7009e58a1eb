"""Reports of many partnerships, written by several processes at once."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from playbook_helpers.batch import make_plan, plan
from playbook_helpers.batch.artifacts import save_notebook
from playbook_helpers.core.partnership import Partnership
from playbook_helpers.core.revisions import new_revision
from playbook_helpers.publish.report import home, write_reports, writing
from playbook_helpers.storage.database import Store

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
            made = dict(task.made_from) | {"fingerprint": task.fingerprint}
            save_notebook(task.target, EMPTY, made)
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
    assert set(summary.written) == set(AREAS), "what of it could be written was"
    assert "cannot be shown" in (folder / "goals.html").read_text("utf-8")


def test_no_more_reports_are_in_hand_than_are_written_and_wait_next(
    store: Store, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(plan, "_AT_ONCE", 1)
    looked_at: list[str] = []
    whole = writing.is_current

    def is_current(folder: Path, made_from: object) -> bool:
        looked_at.append(folder.name)
        return whole(folder, made_from)

    monkeypatch.setattr(writing, "is_current", is_current)
    monkeypatch.setattr(writing, "WORTH_IT", 2)
    monkeypatch.setattr(writing, "AHEAD", 1)
    before: list[int] = []
    write_reports(tmp_path, store, workers=2, on_done=lambda _: before.append(len(looked_at)))
    assert before == [3, 4, 5, 6, 6, 6]


@pytest.mark.parametrize("workers", [1, 2])
def test_only_what_does_not_stand_is_written_again(
    store: Store, tmp_path: Path, workers: int
) -> None:
    write_reports(tmp_path, store)
    for slug in ("area-1", "area-4"):
        (tmp_path / "_build" / "reports" / slug / "goals.html").unlink()
    written = write_reports(tmp_path, store, workers=workers).written
    assert written == dict.fromkeys(AREAS, 0) | {"area-1": 1, "area-4": 1}
    assert list(written) == AREAS


def test_very_many_partnerships_stand_under_their_first_letters(
    store: Store, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    page = tmp_path / "_build" / "reports" / "index.html"
    write_reports(tmp_path, store)
    assert "pb-cards" in page.read_text("utf-8")
    monkeypatch.setattr(home, "MOST_CARDS", 5)
    names = {"area-0": "Ávila", "area-1": "avon", "area-2": "Östersund", "area-3": "5 Towns"}
    for slug, name in names.items():
        (head,) = store.heads(slug)
        parents, record = [head.revision], head.record
        new = new_revision(slug, Partnership(name=name), record_id=record, parents=parents)
        store.append([new])
    write_reports(tmp_path, store, force=True)
    text = page.read_text("utf-8")
    shown = re.findall(r'<h2 class="pb-letter"[^>]*>([^<]+)<|<li><a href="area[^>]*>([^<]+)<', text)
    assert [letter or name for letter, name in shown] == [
        "Numbers and signs", "5 Towns", "A", "Area-4", "Area-5", "Ávila", "avon", "O", "Östersund"
    ]  # fmt: skip
