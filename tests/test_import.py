"""What an import does to a store: nothing twice, and no change lost."""

from __future__ import annotations

from pathlib import Path

import pytest
from imported_files import GOALS, payloads, refused, take, write

from playbook_helpers.core.errors import NotFound
from playbook_helpers.core.revisions import new_revision
from playbook_helpers.practices.goals import Goal, Measurement
from playbook_helpers.storage.database import Store
from playbook_helpers.storage.files import load_examples

ROOT = Path(__file__).parents[1]

# Once, twice, edited ---------------------------------------------------------------------------


def test_importing_the_same_file_twice_changes_nothing(store: Store, tmp_path: Path) -> None:
    path = write(tmp_path, "goal.csv", GOALS)
    first = take(store, path)
    assert (first.new, first.stored) == (2, 2)
    before = store.revisions()
    again = take(store, path)
    assert (again.new, again.changed, again.unchanged, again.stored) == (0, 0, 2, 0)
    assert store.revisions() == before


def test_records_stand_in_the_order_of_the_rows(store: Store, tmp_path: Path) -> None:
    names = [f"Goal {letter}" for letter in "zyxwabcdehgf"]
    rows = "".join(f"{name},Do it,output\n" for name in names)
    take(store, write(tmp_path, "goal.csv", "name,sentence,level\n" + rows))
    assert [head.payload["name"] for head in store.heads("town")] == names


def test_two_stores_that_import_one_file_hold_the_same_revisions(tmp_path: Path) -> None:
    path = write(tmp_path, "goal.csv", GOALS)
    with (
        Store.open(f"sqlite:///{tmp_path / 'a.db'}") as a,
        Store.open(f"sqlite:///{tmp_path / 'b.db'}") as b,
    ):
        take(a, path)
        take(b, path)
        assert a.revisions() == b.revisions()
        assert a.merge(b) == 0


def test_two_stores_that_went_different_ways_to_one_row_still_merge(tmp_path: Path) -> None:
    old, late = write(tmp_path, "goal.csv", GOALS), GOALS.replace(",65\n", ",70\n")
    with (
        Store.open(f"sqlite:///{tmp_path / 'a.db'}") as a,
        Store.open(f"sqlite:///{tmp_path / 'b.db'}") as b,
    ):
        take(a, old)
        path = write(tmp_path, "goal.csv", late)
        take(a, path)
        take(b, path)
        a.merge(b)
        b.merge(a)
        assert a.conflicts("town") == b.conflicts("town") == {}
        assert payloads(a)["Ready"]["target_value"] == 70


def test_a_changed_row_replaces_what_is_there_and_keeps_its_history(
    store: Store, tmp_path: Path
) -> None:
    path = write(tmp_path, "goal.csv", GOALS)
    take(store, path)
    write(tmp_path, "goal.csv", GOALS.replace(",65\n", ",70\n"))
    summary = take(store, path)
    assert (summary.changed, summary.unchanged) == (1, 1)
    assert payloads(store)["Ready"]["target_value"] == 70
    (head,) = [h for h in store.heads("town") if h.payload["name"] == "Ready"]
    assert [r.payload["target_value"] for r in store.history(head.record)] == [65, 70]
    assert not store.conflicts("town")


def test_a_row_that_says_what_was_before_is_left_alone_and_said(
    store: Store, tmp_path: Path
) -> None:
    old = write(tmp_path, "goal.csv", GOALS)
    take(store, old)
    (tmp_path / "later").mkdir()
    take(store, write(tmp_path / "later", "goal.csv", GOALS.replace(",65\n", ",70\n")))
    summary = take(store, old)
    assert summary.left_alone == ("goal.csv, row 2: older than what is there",)
    assert summary.stored == 0
    assert payloads(store)["Ready"]["target_value"] == 70


def test_a_row_missing_from_a_file_removes_nothing(store: Store, tmp_path: Path) -> None:
    take(store, write(tmp_path, "goal.csv", GOALS))
    take(store, write(tmp_path, "goal.csv", "".join(GOALS.splitlines(keepends=True)[:2])))
    assert set(payloads(store)) == {"Ready", "Housing"}


def test_case_and_spacing_of_a_name_make_no_second_record(store: Store, tmp_path: Path) -> None:
    take(store, write(tmp_path, "goal.csv", GOALS))
    summary = take(store, write(tmp_path, "goal.csv", GOALS.replace("Ready,", " ready ,")))
    assert (summary.changed, summary.new) == (1, 0)
    assert set(payloads(store)) == {"ready", "Housing"}


def test_a_record_made_in_a_form_is_found_by_its_name(store: Store, tmp_path: Path) -> None:
    made = new_revision(
        "town",
        Goal(name="Ready", sentence="Raise it to 65", level="outcome", target_value=65),
        record_id="018f0000-0000-7000-8000-000000000001",
    )
    store.append([made])
    summary = take(store, write(tmp_path, "goal.csv", GOALS))
    assert (summary.unchanged, summary.new) == (1, 1)


def test_a_removed_or_renamed_record_does_not_come_back_with_an_old_file(
    store: Store, tmp_path: Path
) -> None:
    path = write(tmp_path, "goal.csv", GOALS)
    take(store, path)
    ready, housing = sorted(store.heads("town"), key=lambda h: str(h.payload["name"]))[::-1]
    renamed = Goal.model_validate(dict(housing.payload) | {"name": "Homes"})
    assert ready.value is not None
    store.append(
        [
            new_revision(
                "town", ready.value, record_id=ready.record, parents=[ready.revision], deleted=True
            ),
            new_revision("town", renamed, record_id=housing.record, parents=[housing.revision]),
        ]
    )
    summary = take(store, path)
    assert summary.stored == 0
    assert len(summary.left_alone) == 2
    assert set(payloads(store)) == {"Homes"}
    write(tmp_path, "goal.csv", GOALS.replace("Raise", "Lift").replace("House", "Shelter"))
    assert take(store, path).new == 2, "rows that say something new are taken"
    assert set(payloads(store)) == {"Ready", "Homes", "Housing"}


def test_a_row_settles_two_rival_states_if_it_says_something_else(
    store: Store, tmp_path: Path
) -> None:
    take(store, write(tmp_path, "goal.csv", GOALS))
    (head,) = [h for h in store.heads("town") if h.payload["name"] == "Ready"]
    rivals = [
        new_revision(
            "town",
            Goal.model_validate(dict(head.payload) | {"target_value": target}),
            record_id=head.record,
            parents=[head.revision],
        )
        for target in (70, 75)
    ]
    store.append(rivals)
    assert head.record in store.conflicts("town")
    take(store, write(tmp_path, "goal.csv", GOALS.replace(",65\n", ",72\n")))
    assert not store.conflicts("town")
    assert payloads(store)["Ready"]["target_value"] == 72


# Ids of an export ------------------------------------------------------------------------------


def with_ids(store: Store, **changes: str) -> str:
    """The goals as an export has them, with texts replaced in the row of `Ready`."""
    lines = ["name,sentence,level,target,record,revision"]
    for head in store.heads("town", kind="goal"):
        p = head.payload
        line = f"{p['name']},{p['sentence']},{p['level']},{p['target_value']:g}"
        if p["name"] == "Ready":
            for old, new in changes.items():
                line = line.replace(old, new)
        lines.append(f"{line},{head.record},{head.revision}")
    return "\n".join(lines) + "\n"


def test_an_edited_export_replaces_the_state_it_was_made_from(store: Store, tmp_path: Path) -> None:
    take(store, write(tmp_path, "goal.csv", GOALS))
    path = write(tmp_path, "goal.csv", with_ids(store, Ready="School readiness"))
    assert (take(store, path).changed, take(store, path).changed) == (1, 0)
    assert set(payloads(store)) == {"School readiness", "Housing"}, "renamed, not doubled"


def test_an_edit_elsewhere_meanwhile_gives_two_states_to_settle(
    store: Store, tmp_path: Path
) -> None:
    take(store, write(tmp_path, "goal.csv", GOALS))
    exported = with_ids(store, **{"Raise it": "Lift it"})
    take(store, write(tmp_path, "goal.csv", GOALS.replace(",65\n", ",70\n")))
    path = write(tmp_path, "goal.csv", exported)
    summary = take(store, path)
    assert summary.warnings == ("goal.csv, row 2: was changed elsewhere meanwhile; both are kept",)
    ((one, other),) = store.conflicts("town").values()
    assert {one.payload["target_value"], other.payload["target_value"]} == {65, 70}
    assert take(store, path).stored == 0


def test_an_edit_back_to_an_earlier_state_is_an_edit(store: Store, tmp_path: Path) -> None:
    take(store, write(tmp_path, "goal.csv", GOALS))
    take(store, write(tmp_path, "goal.csv", GOALS.replace(",65\n", ",70\n")))
    path = write(tmp_path, "goal.csv", with_ids(store, **{",70": ",65"}))
    assert take(store, path).changed == 1
    assert payloads(store)["Ready"]["target_value"] == 65
    assert not store.conflicts("town")


def test_a_copied_row_that_kept_its_ids_is_told(store: Store, tmp_path: Path) -> None:
    take(store, write(tmp_path, "goal.csv", GOALS))
    text = with_ids(store)
    copied = text + text.splitlines()[1].replace("Ready", "Copy") + "\n"
    (told,) = refused(store, write(tmp_path, "goal.csv", copied))
    assert "has the same ids as row 2, but says something else" in told
    assert take(store, write(tmp_path, "goal.csv", text + text.splitlines()[1])).stored == 0


def test_ids_of_another_record_or_partnership_are_refused(store: Store, tmp_path: Path) -> None:
    take(store, write(tmp_path, "goal.csv", GOALS))
    text = with_ids(store)
    path = write(tmp_path, "goal.csv", text)
    assert "of another partnership (town)" in refused(store, path, partnership="other")[0]
    one, two = store.heads("town")
    wrong = text.replace(one.revision, two.revision).splitlines()[:2]
    (told,) = refused(store, write(tmp_path, "goal.csv", "\n".join(wrong)))
    assert "is not the id of a saved state of this record" in told


@pytest.mark.parametrize(
    ("record", "revision"), [("", "018f0000-0000-7000-8000-000000000001"), ("me", "you")]
)
def test_half_or_made_up_ids_are_refused(
    store: Store, tmp_path: Path, record: str, revision: str
) -> None:
    text = f"name,sentence,level,record,revision\na,b,output,{record},{revision}\n"
    assert len(refused(store, write(tmp_path, "goal.csv", text))) == 1


def test_a_row_from_a_store_that_saw_more_is_kept_beside_what_is_here(
    store: Store, tmp_path: Path
) -> None:
    take(store, write(tmp_path, "goal.csv", GOALS))
    (head,) = [h for h in store.heads("town") if h.payload["name"] == "Ready"]
    unseen = "018f0000-0000-7000-8000-000000000009"
    text = with_ids(store, **{",65": ",80"}).replace(head.revision, unseen)
    path = write(tmp_path, "goal.csv", text)
    assert "made from a state that is not here" in take(store, path).warnings[0]
    assert head.record in store.conflicts("town")
    assert take(store, path).stored == 0


# The examples ----------------------------------------------------------------------------------


def test_the_examples_load_once_and_then_change_nothing(store: Store) -> None:
    first = load_examples(store, ROOT / "data")
    assert first.new + first.carried == first.stored > 100
    assert set(first.partnerships) == {
        path.parent.name for path in (ROOT / "data").glob("*/partnership.csv")
    }
    assert first.warnings == ()
    assert load_examples(store, ROOT / "data").stored == 0
    with pytest.raises(NotFound):
        load_examples(store, ROOT / "nowhere")


def test_a_measurement_of_a_goal_is_told_from_another_by_its_date(
    store: Store, tmp_path: Path
) -> None:
    text = "goal,date,value\nReady,2025,1\nReady,2026,1\n"
    take(store, write(tmp_path, "goal.csv", GOALS), write(tmp_path, "measurement.csv", text))
    held = [head.value for head in store.heads("town", kind="measurement")]
    assert sorted(m.date for m in held if isinstance(m, Measurement)) == ["2025", "2026"]
