"""Records as a pandas frame: what an analyst begins with."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest

from playbook_helpers import Store, Worksheet, frame, import_paths
from playbook_helpers.core.errors import InputError, NotFound
from playbook_helpers.core.revisions import new_revision
from playbook_helpers.practices.communication import Story
from playbook_helpers.practices.goals import Goal
from playbook_helpers.practices.kinds import RECORD_TYPES, SECRET_KINDS
from playbook_helpers.storage.files import load_examples

ROOT = Path(__file__).parents[1]


@pytest.fixture(scope="module")
def examples() -> Store:
    store = Store.open("sqlite://")
    load_examples(store, ROOT / "data")
    return store


def goal(name: str, **more: Any) -> Goal:
    return Goal(name=name, sentence=f"{name} rises.", level="outcome", **more)


def test_every_kind_of_every_partnership_has_a_row_for_each_record(examples: Store) -> None:
    for kind in RECORD_TYPES.keys() - SECRET_KINDS - {"story"}:
        found = frame(kind, store=examples)
        heads = [h for slug in examples.partnerships() for h in examples.heads(slug, kind=kind)]
        assert list(found.index) == [
            (slug, h.record)
            for slug in examples.partnerships()
            for h in examples.heads(slug, kind=kind)
        ]
        for name in found.columns[:-1]:
            stored = [h.payload.get(name) for h in heads]
            assert found[name].notna().tolist() == [value is not None for value in stored]
        assert not found["conflict"].any()


def test_values_have_the_type_of_their_field() -> None:
    with Store.open("sqlite://") as store:
        told = goal("Readiness", baseline_value=41.5, baseline_date="2026-02",
                    target_value=60, target_date="2028", confidence=4)  # fmt: skip
        store.append([new_revision("east", told), new_revision("west", goal("Jobs"))])
        goals = frame("goal", store=store)
        assert goals.loc["east", "baseline_date"].iloc[0] == pd.Timestamp("2026-02-28")
        assert goals.loc["east", "target_date"].iloc[0] == pd.Timestamp("2028-12-31")
        assert goals["target_value"].dtype == np.float64
        assert str(goals["confidence"].dtype) == "Int64"
        assert goals.loc["west"].iloc[0][["target_value", "target_date", "source"]].isna().all()
        assert frame("goal", "west", store=store)["name"].tolist() == ["Jobs"]
        assert frame("need", store=store).shape == (0, len(RECORD_TYPES["need"].model_fields) + 1)


def test_two_peoples_answers_both_stand_and_what_was_deleted_does_not() -> None:
    with Store.open("sqlite://") as store:
        first = new_revision("east", goal("Readiness"))
        rivals = [
            new_revision("east", goal("Readiness", target_value=n), record_id=first.record,
                         parents=[first.id])
            for n in (60, 70)
        ]  # fmt: skip
        gone = new_revision("east", goal("Old"))
        last = new_revision("east", goal("Old"), record_id=gone.record, parents=[gone.id],
                            deleted=True)  # fmt: skip
        store.append([first, *rivals, gone, last])
        goals = frame("goal", store=store)
    assert sorted(goals["target_value"]) == [60, 70]  # of one moment: in either order
    assert goals["conflict"].tolist() == [True, True]


def test_no_single_secret_answer_and_no_story_without_its_tellers_word(examples: Store) -> None:
    for kind in SECRET_KINDS:
        with pytest.raises(InputError, match="answered in secret"):
            frame(kind, store=examples)
    with Store.open("sqlite://") as store:
        stories = [
            Story(name="Mine", text="Mine alone.", consent=False),
            Story(name="Ours", text="For us.", consent=True, scope="inside", reviewed=True),
        ]
        store.append([new_revision("east", story) for story in stories])
        assert frame("story", store=store)["name"].tolist() == ["Ours"]


def test_a_kind_or_a_partnership_that_is_not_there_is_refused(examples: Store) -> None:
    with pytest.raises(NotFound, match="goal") as refused:
        frame("gaol", store=examples)
    assert "check_in" not in str(refused.value)
    with pytest.raises(NotFound, match="value: 'nowhere'"):
        frame("goal", ["nowhere"], store=examples)


def test_a_worksheet_says_what_it_is(tmp_path: Path) -> None:
    address = f"sqlite:///{tmp_path / 'store.db'}"
    with Store.open(address) as store:
        import_paths(store, [ROOT / "data" / "shape-up-somerville"])
    sheet = Worksheet("goals", "shape-up-somerville", store=address, as_of="2010-06-30")
    assert repr(sheet) == (
        "<Worksheet 'goals' of 'shape-up-somerville' as of 2010-06-30: "
        "3 of goal, 2 of indicator_sheet, 2 of measurement>"
    )
    assert "Shape Up Somerville" in sheet._repr_html_()
