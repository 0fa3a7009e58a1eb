"""The plan of a batch: what is there and up to date is left alone, the rest is done."""

from __future__ import annotations

import json
import pickle
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from planned_work import CELL, done, notebook
from sqlalchemy import event

from playbook_helpers.batch import Plan, make_plan, run_plan
from playbook_helpers.batch import plan as plan_module
from playbook_helpers.batch.artifacts import INDEX, save_notebook
from playbook_helpers.core.errors import InputError, NotFound
from playbook_helpers.core.partnership import Partner, Partnership
from playbook_helpers.core.revisions import new_revision
from playbook_helpers.storage.database import Store


def left(plan: Plan) -> list[tuple[str, str]]:
    return [(task.partnership, task.worksheet) for task in plan.tasks]


def test_every_worksheet_is_planned_for_every_partnership_in_the_books_order(
    root: Path, store: Store
) -> None:
    assert left(make_plan(root, store)) == [
        (slug, stem)
        for slug in ("east-side", "our-town")
        for stem in ("goals", "resources", "extra")
    ]


def test_some_can_be_picked(root: Path, store: Store) -> None:
    plan = make_plan(root, store, partnerships=["our-town"], worksheets=["resources", "resources"])
    assert left(plan) == [("our-town", "resources")]


def test_a_star_picks_several_worksheets_and_partnerships(root: Path, store: Store) -> None:
    plan = make_plan(root, store, partnerships=["*-town"], worksheets=["*o*s"])
    assert left(plan) == [("our-town", "goals"), ("our-town", "resources")]


def own_worksheet(path: Path) -> Path:
    parameters = 'partnership: str = ""\nyear: int = 2020  # which year'
    cell = CELL | {"id": "p", "metadata": {"tags": ["parameters"]}, "source": parameters}
    made = {"cells": [cell], "metadata": {}, "nbformat": 4, "nbformat_minor": 5}
    path.write_text(json.dumps(made), "utf-8")
    return path


def test_a_worksheet_of_ones_own_is_run_by_its_path_with_its_own_parameters(
    root: Path, store: Store, tmp_path: Path
) -> None:
    own = own_worksheet(tmp_path / "mine.ipynb")
    plan = make_plan(root, store, worksheets=[str(own), "goals"], values={"year": 2031})
    told = {task.worksheet: task.parameters.for_notebook(task.names) for task in plan.tasks}
    assert told["mine"] == {"partnership": "our-town", "year": 2031}
    assert [t.worksheet for t in plan.tasks if t.partnership == "east-side"] == ["goals", "mine"]
    assert "year" not in told["goals"]
    other = make_plan(root, store, worksheets=[str(own)], values={"year": 2032})
    assert other.tasks[0].fingerprint != next(
        t.fingerprint for t in plan.tasks
        if (t.partnership, t.worksheet) == ("east-side", "mine")
    )  # fmt: skip


@pytest.mark.parametrize(
    "values", [{"yeer": 1}, {"import os": 1}, {"year": "x" * 1001}, {"year": None}, {"class": 1}]
)
def test_a_parameter_that_no_worksheet_declares_is_refused(
    root: Path, store: Store, tmp_path: Path, values: dict[str, Any]
) -> None:
    own = own_worksheet(tmp_path / "mine.ipynb")
    with pytest.raises(InputError) as refused:
        make_plan(root, store, worksheets=[str(own)], values=values)
    assert next(iter(values)) in str(refused.value)
    assert refused.value.allowed


def test_a_path_that_leads_nowhere_or_to_a_name_that_is_taken_is_refused(
    root: Path, store: Store, tmp_path: Path
) -> None:
    with pytest.raises(NotFound, match="no worksheet at this path"):
        make_plan(root, store, worksheets=["./none.ipynb"])
    taken = own_worksheet(tmp_path / "goals.ipynb")
    with pytest.raises(InputError, match="pages go by that name"):
        make_plan(root, store, worksheets=[str(taken)])
    own = root / "worksheets" / "goals.ipynb"
    assert left(make_plan(root, store, worksheets=[str(own)]))[0][1] == "goals"


def test_a_worksheet_that_stands_above_partnerships_is_no_part_of_a_batch(
    root: Path, store: Store
) -> None:
    with pytest.raises(NotFound) as caught:
        make_plan(root, store, worksheets=["portfolio"])
    assert caught.value.allowed == "extra, goals, resources"


def test_an_unknown_worksheet_gives_the_nearest_first(root: Path, store: Store) -> None:
    with pytest.raises(NotFound) as caught:
        make_plan(root, store, worksheets=["resorces"])
    assert caught.value.allowed.startswith("resources")


def test_each_partnership_is_worked_out_as_of_its_own_date(root: Path, store: Store) -> None:
    plan = make_plan(root, store, worksheets=["goals"], today=date(2026, 11, 24))
    assert [task.parameters.for_notebook()["as_of"] for task in plan.tasks] == [
        "2026-11-24",
        "2014-12-31",
    ]


def test_what_is_done_and_unchanged_is_not_done_again(root: Path, store: Store) -> None:
    summary = run_plan(make_plan(root, store), execute=done, workers=1)
    assert summary.counts == {"done": 6, "unchanged": 0, "failed": 0, "stopped": 0}
    again = make_plan(root, store)
    assert left(again) == []
    assert run_plan(again, execute=done).counts["unchanged"] == 6
    assert len(make_plan(root, store, force=True).tasks) == 6


def test_a_plan_asks_the_store_as_often_for_many_partnerships_as_for_few(
    root: Path, store: Store
) -> None:
    asked: list[str] = []
    event.listen(store._engine, "before_cursor_execute", lambda *given: asked.append(given[2]))
    make_plan(root, store)
    few = len(asked)
    store.append(
        new_revision(f"area-{n}", Partnership(name=f"Area {n}"), author="a") for n in range(30)
    )
    asked.clear()
    assert len(make_plan(root, store).tasks) == 32 * 3
    assert len(asked) == few < 10


def test_a_plan_made_in_slices_is_the_same_plan(
    root: Path, store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    store.append(new_revision(f"area-{n}", Partnership(name=f"Area {n}")) for n in range(4))
    run_plan(make_plan(root, store, partnerships=["area-2"]), execute=done, workers=1)
    whole = make_plan(root, store)
    monkeypatch.setattr(plan_module, "_AT_ONCE", 2)
    assert make_plan(root, store) == whole
    assert len(whole.tasks) == 5 * 3
    assert {task.partnership for task in whole.unchanged} == {"area-2"}


def test_a_changed_record_renews_that_partnership_alone(root: Path, store: Store) -> None:
    run_plan(make_plan(root, store), execute=done, workers=1)
    store.append([new_revision("our-town", Partner(name="Library", sector="government"))])
    assert {slug for slug, _ in left(make_plan(root, store))} == {"our-town"}


def test_a_changed_worksheet_renews_that_worksheet_alone(root: Path, store: Store) -> None:
    run_plan(make_plan(root, store), execute=done, workers=1)
    (root / "worksheets" / "goals.ipynb").write_text(notebook("'anew'"), "utf-8")
    assert {stem for _, stem in left(make_plan(root, store))} == {"goals"}


def test_another_date_round_engine_or_image_makes_another_notebook(
    root: Path, store: Store
) -> None:
    run_plan(make_plan(root, store), execute=done, workers=1)
    assert len(make_plan(root, store, images="svg").tasks) == 0
    assert len(make_plan(root, store, images="png").tasks) == 6
    assert len(make_plan(root, store, as_of="2030-01-31").tasks) == 6
    assert len(make_plan(root, store, round="March").tasks) == 6
    assert len(make_plan(root, store, engine="other").tasks) == 6


def test_the_same_records_in_another_place_make_the_same_notebook(root: Path, store: Store) -> None:
    run_plan(make_plan(root, store), execute=done, workers=1)
    with Store.open(f"sqlite:///{root / 'copy.db'}") as copy:
        copy.merge(store)
        assert left(make_plan(root, copy)) == []


def test_another_version_of_the_package_makes_another_notebook(
    root: Path, store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    run_plan(make_plan(root, store), execute=done, workers=1)
    monkeypatch.setattr("playbook_helpers.batch.plan.source_hash", lambda: "other")
    assert len(make_plan(root, store).tasks) == 6


def test_a_notebook_that_was_taken_away_is_made_again(root: Path, store: Store) -> None:
    plan = make_plan(root, store)
    run_plan(plan, execute=done, workers=1)
    plan.tasks[0].target.unlink()
    assert left(make_plan(root, store)) == left(plan)[:1]


def test_a_run_cut_off_between_notebook_and_note_counts_as_out_of_date(
    root: Path, store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    plan = make_plan(root, store, as_of="2020-01-31", worksheets=["goals"])
    run_plan(plan, execute=done, workers=1)
    other = make_plan(root, store, as_of="2021-01-31", worksheets=["goals"]).tasks[0]
    real = Path.replace

    def cut_off(self: Path, target: Path) -> Path:
        if str(target).endswith(".json"):
            raise KeyboardInterrupt
        return real(self, target)

    with monkeypatch.context() as patch:
        patch.setattr(Path, "replace", cut_off)
        with pytest.raises(KeyboardInterrupt):
            save_notebook(other.target, "{}", {"fingerprint": other.fingerprint})
    # The notebook of 2021 now lies there; asked for 2020 again, it may not pass for it.
    assert other.partnership in {
        slug for slug, _ in left(make_plan(root, store, as_of="2020-01-31", worksheets=["goals"]))
    }
    assert not list(other.folder.glob(".*"))


def test_of_each_folder_a_plan_opens_one_file(
    root: Path, store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    run_plan(make_plan(root, store), execute=done, workers=1)
    assert left(make_plan(root, store)) == []
    opened: list[str] = []
    real = Path.read_text

    def counted(self: Path, *given: Any, **named: Any) -> str:
        opened.append(self.name)
        return real(self, *given, **named)

    with monkeypatch.context() as patch:
        patch.setattr(Path, "read_text", counted)
        assert len(make_plan(root, store).unchanged) == 6
    assert opened == [INDEX, INDEX]


@pytest.mark.parametrize("step", ["unlink", "notebook", "note"])
def test_wherever_a_run_is_cut_off_the_index_lets_nothing_pass_for_what_it_is_not(
    root: Path, store: Store, monkeypatch: pytest.MonkeyPatch, step: str
) -> None:
    def plan(year: int) -> Plan:
        return make_plan(root, store, as_of=f"{year}-01-31", worksheets=["goals"])

    run_plan(plan(2020), execute=done, workers=1)
    assert left(plan(2020)) == []  # and the index is written
    task = plan(2021).tasks[0]
    real = Path.replace

    def cut_off(self: Path, target: Path) -> Path:
        if (step == "note") == str(target).endswith(".json") or step == "unlink":
            raise KeyboardInterrupt
        moved = real(self, target)
        if step == "notebook":
            raise KeyboardInterrupt
        return moved

    with monkeypatch.context() as patch:
        patch.setattr(Path, "replace", cut_off)
        with pytest.raises(KeyboardInterrupt):
            save_notebook(task.target, "{}", {"fingerprint": task.fingerprint})
    assert task.partnership in {slug for slug, _ in left(plan(2020))}
    assert task.partnership in {slug for slug, _ in left(plan(2021))}
    save_notebook(task.target, "{}", {"fingerprint": task.fingerprint})
    assert task.partnership not in {slug for slug, _ in left(plan(2021))}
    assert task.partnership in {slug for slug, _ in left(plan(2020))}


@pytest.mark.parametrize("content", ["", "[]", '{"format": "other"}', "half of {"])
def test_an_index_that_cannot_be_read_costs_time_only(
    root: Path, store: Store, content: str
) -> None:
    plan = make_plan(root, store)
    run_plan(plan, execute=done, workers=1)
    assert left(make_plan(root, store)) == []
    (plan.tasks[0].folder / INDEX).write_text(content)
    assert left(make_plan(root, store)) == []


def test_a_file_beside_the_worksheets_stops_none_of_them(root: Path, store: Store) -> None:
    """What programs leave behind while they save, links to nothing, folders, odd names."""
    folder = root / "worksheets"
    before = left(make_plan(root, store))
    (folder / "gone.ipynb").symlink_to("nowhere")
    (folder / "folder.ipynb").mkdir()
    goals = (folder / "goals.ipynb").read_bytes()
    for name in (".~goals.ipynb", "goals.failed.ipynb", "index.ipynb"):
        (folder / name).write_bytes(goals)
    plan = make_plan(root, store)
    assert left(plan) == before
    assert [line.split(" ")[0] for line in plan.notes] == [
        "goals.failed.ipynb",
        "index.ipynb",
        "folder.ipynb",
        "gone.ipynb",
    ]
    for stem in ("gone", "index"):
        with pytest.raises(InputError) as caught:
            make_plan(root, store, worksheets=[stem])
        assert caught.value.value == f"{stem}.ipynb"


def test_a_task_can_be_sent_to_another_process_and_its_text_holds_no_address(
    root: Path, store: Store
) -> None:
    task = make_plan(root, store).tasks[0]
    assert pickle.loads(pickle.dumps(task)) == task
    assert "playbook.db" not in repr(task.parameters)


def with_tags(*tags: list[str], source: str = 'partnership = ""') -> str:
    """A notebook with a code cell for each list of tags."""
    cells = [
        CELL | {"id": f"c{place}", "metadata": {"tags": each}, "source": source}
        for place, each in enumerate(tags)
    ]
    return json.dumps({"cells": cells, "metadata": {}, "nbformat": 4, "nbformat_minor": 5})


@pytest.mark.parametrize(
    ("tags", "words"),
    [
        ([[]], "none of its cells has the tag parameters"),
        ([["Parameters"]], "(one has it with capital letters)"),
        ([["parameter"]], "(one has the tag 'parameter')"),
        ([["parameters"], ["parameters"]], "2 of its cells have the tag parameters"),
    ],
    ids=["no tag", "capital", "misspelt", "two"],
)
def test_a_notebook_whose_parameters_cannot_be_told_is_left_out_with_a_word(
    tags: list[list[str]], words: str, root: Path, store: Store
) -> None:
    (root / "worksheets" / "own.ipynb").write_text(with_tags(*tags), "utf-8")
    plan = make_plan(root, store, partnerships=["our-town"])
    assert len(plan.tasks) == 3
    (note,) = plan.notes
    assert note.startswith("own.ipynb was left out: ")
    assert words in note
    summary = run_plan(plan, execute=done)
    assert note in summary.text()
    assert summary.to_json()["notes"] == [note]
    assert summary.exit_code == 0
    with pytest.raises(InputError, match="cannot be run for a partnership"):
        make_plan(root, store, worksheets=["own"])
    assert make_plan(root, store, worksheets=["goals"]).notes == ()


def test_parameters_with_types_are_parameters(root: Path, store: Store) -> None:
    typed = with_tags(["parameters"], source='partnership: str = "x"\nround: str = ""')
    (root / "worksheets" / "typed.ipynb").write_text(typed, "utf-8")
    plan = make_plan(root, store, partnerships=["our-town"], worksheets=["typed"])
    (task,) = plan.tasks
    assert task.names == ("partnership", "round")
    assert plan.notes == ()
