"""Answer files from forms: taken as a union, and nothing in them believed without a look."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from playbook_helpers.core.errors import InputError
from playbook_helpers.core.partnership import Decision, Partnership
from playbook_helpers.core.records import Record
from playbook_helpers.core.revisions import Revision, new_revision
from playbook_helpers.practices.goals import Goal, Measurement
from playbook_helpers.practices.trust.records import AgreementPoint, CheckIn
from playbook_helpers.storage.database import Store
from playbook_helpers.storage.files import (
    ImportRefused,
    ImportSummary,
    export_partnership,
    import_paths,
)
from playbook_helpers.storage.files.answers import read_answers, read_history

GOAL = Goal(name="Ready", sentence="Raise it to 65", level="outcome", target_value=65)
ID = "018f0000-0000-7000-8000-0000000000"


def made(record: Record = GOAL, **more: Any) -> Revision:
    return new_revision("town", record, **({"record_id": f"{ID}01"} | more))


def answers(*revisions: Revision | dict[str, Any], **more: Any) -> dict[str, Any]:
    return {
        "format": "playbook-answers/1",
        "partnership": "town",
        "practice": "goals",
        "made": "2026-11-24T09:00:00.000Z",
        "revisions": [r.to_json() if isinstance(r, Revision) else r for r in revisions],
    } | more


def write(folder: Path, content: Any, name: str = "answers.json") -> Path:
    path = folder / name
    path.write_text(content if isinstance(content, str) else json.dumps(content), "utf-8")
    return path


def refused(store: Store, path: Path, **ways: Any) -> str:
    before = store.revisions()
    with pytest.raises(ImportRefused) as caught:
        import_paths(store, [path], **ways)
    assert store.revisions() == before
    return str(caught.value)


def test_answers_are_taken_as_they_are_once(store: Store, tmp_path: Path) -> None:
    first = made()
    second = made(GOAL.model_copy(update={"target_value": 70.0}), parents=[first.id])
    path = write(tmp_path, answers(first, second))
    summary = import_paths(store, [path])
    assert (summary.carried, summary.stored, summary.partnerships) == (2, 2, ("town",))
    assert {r.id for r in store.revisions()} == {first.id, second.id}
    assert import_paths(store, [path]).stored == 0
    (head,) = store.heads("town")
    assert head.payload["target_value"] == 70


def test_the_name_that_the_form_asked_for_is_the_partnerships_name(
    store: Store, tmp_path: Path
) -> None:
    path = write(tmp_path, answers(made(), name="Town & Country"))
    assert import_paths(store, [path]).stored == 2
    assert import_paths(store, [path]).stored == 0
    names = [h.payload["name"] for h in store.heads("town") if h.kind == "partnership"]
    assert names == ["Town & Country"]
    with Store.open("sqlite://") as other:
        import_paths(other, [path])
        assert store.merge(other) == 0, "two stores that take it in agree"


def test_a_partnership_that_was_not_there_before_is_said(store: Store, tmp_path: Path) -> None:
    path = write(tmp_path, answers(made()))
    assert import_paths(store, [path]).notes == (), "the first of all surprises nobody"
    store.append([new_revision("city", Partnership(name="The City"))])
    assert import_paths(store, [path]).notes == ()
    other = new_revision("twon", GOAL)
    mistyped = write(tmp_path, answers(other, partnership="twon"), "other.json")
    assert import_paths(store, [mistyped]).notes == ("not in the store before: twon",)


def test_a_partnership_that_has_a_name_keeps_it(store: Store, tmp_path: Path) -> None:
    store.append([new_revision("town", Partnership(name="The Town"))])
    import_paths(store, [write(tmp_path, answers(made(), name="town"))])
    names = [h.payload["name"] for h in store.heads("town") if h.kind == "partnership"]
    assert names == ["The Town"]


@pytest.mark.parametrize("name", ["", 7, None, {"onclick": "x"}, "x" * 5000])
def test_a_name_that_is_none_is_refused(store: Store, tmp_path: Path, name: Any) -> None:
    said = refused(store, write(tmp_path, answers(made(), name=name)))
    assert "The partnership's name cannot be taken" in said


def test_two_peoples_answers_make_one_state_in_any_order(tmp_path: Path) -> None:
    first = made()
    files = [
        write(
            tmp_path,
            answers(first, made(GOAL.model_copy(update={"target_value": t}), parents=[first.id])),
            f"{t}.json",
        )
        for t in (70.0, 75.0)
    ]
    held = []
    for number, order in enumerate((files, files[::-1])):
        with Store.open(f"sqlite:///{tmp_path / str(number)}.db") as store:
            for path in order:
                import_paths(store, [path])
            held.append(store.revisions())
            assert len(store.conflicts("town")[first.record]) == 2
    assert held[0] == held[1]


def test_a_removal_is_an_answer(store: Store, tmp_path: Path) -> None:
    first = made()
    removed = made(parents=[first.id], deleted=True)
    import_paths(store, [write(tmp_path, answers(first, removed))])
    assert store.heads("town") == []
    assert len(store.revisions()) == 2


def test_a_second_record_of_one_name_is_kept_and_said(store: Store, tmp_path: Path) -> None:
    store.append([made()])
    summary = import_paths(store, [write(tmp_path, answers(made(record_id=f"{ID}02")))])
    assert summary.stored == 1
    assert summary.warnings == (
        "2 records in goals go by 'ready'; both are kept: remove or rename one",
    )


def test_a_name_that_leads_nowhere_is_said(store: Store, tmp_path: Path) -> None:
    measured = made(Measurement(goal="Redy", date="2026", value=1), record_id=f"{ID}02")
    summary = import_paths(store, [write(tmp_path, answers(made(), measured))])
    (warning,) = summary.warnings
    assert "answers.json, answer 2: no goal is called 'Redy'; the nearest is 'Ready'" in warning


def test_each_answer_must_fit_its_record_type(store: Store, tmp_path: Path) -> None:
    bad = made().to_json() | {"payload": {"name": "x", "level": "castle", "colour": "red"}}
    told = refused(store, write(tmp_path, answers(made(), bad)))
    assert "answers.json, answer 2, column 'sentence': is empty; it needs an answer" in told
    assert "column 'level': 'castle'" in told
    assert "column 'colour': 'red' is not a field" in told
    summary = import_paths(store, [tmp_path / "answers.json"], keep_going=True)
    assert (summary.stored, summary.problem_count) == (1, 3)


def test_answers_for_another_partnership_are_refused(store: Store, tmp_path: Path) -> None:
    path = write(tmp_path, answers(made()))
    assert "for another partnership" in refused(store, path, partnership="village")
    other = made().to_json() | {"partnership": "village"}
    assert "another partnership than the file" in refused(store, write(tmp_path, answers(other)))


BROKEN: dict[str, Callable[[], Any]] = {
    "no JSON": lambda: "{",
    "empty": lambda: "",
    "a list": lambda: [],
    "null": lambda: "null",
    "NaN": lambda: json.dumps(answers(made().to_json() | {"payload": {"target_value": 1}})).replace(
        "1}", "NaN}"
    ),
    "Infinity": lambda: '{"format": "playbook-answers/1", "revisions": [Infinity]}',
    "too large a number": lambda: json.dumps(answers()).replace("[]", "[1e999]"),
    "a number of very many digits": lambda: json.dumps(answers()).replace("[]", f"[{'9' * 5000}]"),
    "deep": lambda: json.dumps(answers()).replace("[]", "[" * 50_000 + "]" * 50_000),
    "deep payload": lambda: json.dumps(answers(made())).replace(
        '"Ready"', '{"a":' * 900 + "1" + "}" * 900
    ),
    "another format": lambda: answers(made(), format="playbook-answers/2"),
    "no revisions": lambda: answers(made(), revisions={"a": 1}),
    "revisions of the wrong type": lambda: answers(made(), revisions=[5, None, "x", []]),
    "a climbing slug": lambda: answers(made(), partnership="../../etc"),
    "a slug that is no text": lambda: answers(made(), partnership=["town"]),
    "a Windows device": lambda: answers(made(), partnership="con"),
    "an unknown practice": lambda: answers(made(), practice="magic"),
    "a practice that is no text": lambda: answers(made(), practice={"a": 1}),
    "an unknown kind": lambda: answers(made().to_json() | {"kind": "castle"}),
    "a kind of another practice": lambda: answers(made().to_json() | {"practice": "resources"}),
    "an id that is none": lambda: answers(made().to_json() | {"id": "../../x"}),
    "a huge text": lambda: answers(made().to_json() | {"payload": {"sentence": "x" * 200_000}}),
    "a lone surrogate": lambda: json.dumps(answers(made())).replace("Ready", "\\ud800"),
    "a surrogate as author": lambda: json.dumps(answers(made())).replace(
        '"author": ""', '"author": "\\ud800"'
    ),
    "an escape sequence as author": lambda: answers(made().to_json() | {"author": "\x1b[2J"}),
    "NUL": lambda: json.dumps(answers(made())).replace("Ready", "a\\u0000b"),
    "a time that is none": lambda: answers(made().to_json() | {"client_time": "tomorrow"}),
    "parents of the wrong type": lambda: answers(made().to_json() | {"parents": "all"}),
    "deleted of the wrong type": lambda: answers(made().to_json() | {"deleted": "yes"}),
}


@pytest.mark.parametrize("case", BROKEN)
def test_a_hostile_file_is_refused_in_words(store: Store, tmp_path: Path, case: str) -> None:
    told = refused(store, write(tmp_path, BROKEN[case]()))
    assert "answers.json" in told
    assert len(told) < 3000
    assert "\x1b" not in told


def test_a_file_that_is_too_large_is_not_read(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="too large"):
        read_answers("a.json", b" " * 50_000_001)
    with pytest.raises(InputError, match="too many"):
        read_answers("a.json", json.dumps(answers(revisions=[0] * 100_001)).encode())


# A revision cannot hide, take over or alter what others wrote ----------------------------------


def test_a_revision_that_claims_to_replace_another_record_is_refused(
    store: Store, tmp_path: Path
) -> None:
    theirs = made()
    store.append([theirs])
    thief = made(GOAL.model_copy(update={"name": "Mine"}), record_id=f"{ID}02", parents=[theirs.id])
    told = refused(store, write(tmp_path, answers(thief)))
    assert "is said to be replaced, but belongs to another record" in told


def test_a_revision_of_a_record_of_another_kind_or_partnership_is_refused(
    store: Store, tmp_path: Path
) -> None:
    store.append([made()])
    measured = made(Measurement(goal="Ready", date="2026", value=1))
    assert "of another kind (goal)" in refused(store, write(tmp_path, answers(measured)))
    other = made().to_json() | {"partnership": "village"}
    told = refused(store, write(tmp_path, answers(other, partnership="village")))
    assert "of another partnership (town)" in told


def test_revisions_that_replace_themselves_are_refused(store: Store, tmp_path: Path) -> None:
    one, two = made().to_json(), made().to_json()
    itself = one | {"parents": [one["id"]]}
    assert "names itself" in refused(store, write(tmp_path, answers(itself)))
    circle = answers(one | {"parents": [two["id"]]}, two | {"parents": [one["id"]]})
    assert "replaces itself by way of others" in refused(store, write(tmp_path, circle))


def test_a_revision_that_was_altered_is_refused_and_the_first_is_kept(
    store: Store, tmp_path: Path
) -> None:
    first = made()
    store.append([first])
    altered = first.to_json() | {"payload": GOAL.payload() | {"target_value": 1.0}}
    assert "was altered after it was saved" in refused(store, write(tmp_path, answers(altered)))
    assert store.revisions()[0].payload["target_value"] == 65


# Histories -------------------------------------------------------------------------------------


def test_a_history_is_parted_by_line_feeds_only() -> None:
    one = made(GOAL.model_copy(update={"sentence": "a\u2028b\x85c"}))
    line = json.dumps(one.to_json(), ensure_ascii=False)
    carried = read_history("revisions.jsonl", f"{line}\n\n".encode(), "town")
    assert [revision for _, revision in carried.revisions] == [one]


def test_a_history_of_another_partnership_or_with_broken_lines_is_told_by_line() -> None:
    line = json.dumps(made().to_json())
    text = f"{line}\n{{\n{line.replace('town', 'village')}\n[1]\n"
    carried = read_history("r.jsonl", text.encode(), "town")
    assert len(carried.revisions) == 1
    assert [str(p).split(":")[0] for p in carried.problems] == [
        f"r.jsonl, line {n}" for n in (2, 3, 4)
    ]


def test_other_json_in_a_folder_is_left_alone_and_said(store: Store, tmp_path: Path) -> None:
    write(tmp_path, answers(made()))
    write(tmp_path, {"measures": []}, "assessment.json")
    summary: ImportSummary = import_paths(store, [tmp_path])
    assert summary.stored == 1
    assert any("not read: 'assessment.json'" in note for note in summary.notes)


ABOUT = Partnership(name="Our Town", purpose="Nobody eats alone.")


def test_one_partnership_that_two_phones_wrote_about_is_one(store: Store, tmp_path: Path) -> None:
    mine = made(ABOUT, record_id=f"{ID}02")
    theirs = made(Partnership(name="The Town", place="By the river"), record_id=f"{ID}03")
    first = write(tmp_path, answers(mine, made()))
    second = write(tmp_path, answers(theirs), "theirs.json")
    for _ in range(2):
        import_paths(store, [first, second])
        (head,) = store.heads("town", kind="partnership")
        assert head.record == mine.record
        assert head.payload["place"] == "By the river", "what nobody had written down"
        assert head.payload["name"] == "Our Town", "what is there stays"


def test_what_a_form_says_of_a_partnership_in_the_store_fills_what_is_empty(
    store: Store, tmp_path: Path
) -> None:
    here = made(Partnership(name="Our Town", currency="GBP", note="Kept."), record_id=f"{ID}02")
    store.append([here])
    path = write(tmp_path, answers(made(ABOUT, record_id=f"{ID}03")))
    import_paths(store, [path])
    (head,) = store.heads("town", kind="partnership")
    assert (head.record, head.payload["currency"], head.payload["note"]) == (
        here.record,
        "GBP",
        "Kept.",
    )
    assert head.payload["purpose"] == "Nobody eats alone."
    assert import_paths(store, [path]).stored == 0, "the same file twice changes nothing"


def test_an_edit_of_the_partnerships_own_record_is_taken_as_it_is(
    store: Store, tmp_path: Path
) -> None:
    here = made(ABOUT, record_id=f"{ID}02")
    store.append([here])
    edit = made(Partnership(name="Our New Town"), record_id=here.record, parents=[here.id])
    assert import_paths(store, [write(tmp_path, answers(edit))]).carried == 1
    (head,) = store.heads("town", kind="partnership")
    assert head.payload == {"name": "Our New Town", "invented": False}


def test_answers_given_under_another_short_name_can_be_taken_as_ones_own(
    store: Store, tmp_path: Path
) -> None:
    first = write(tmp_path, answers(made()))
    other = made(GOAL.model_copy(update={"name": "Rooms"}), record_id=f"{ID}04").to_json()
    renamed = other | {"partnership": "the-town"}
    second = write(tmp_path, answers(renamed, partnership="the-town"), "second.json")
    summary = import_paths(store, [first, second], taken_as="our-town")
    assert summary.partnerships == ("our-town",)
    assert {head.payload["name"] for head in store.heads("our-town")} == {"Ready", "Rooms"}
    with pytest.raises(InputError, match="short name cannot be used"):
        import_paths(store, [first], taken_as="Our Town")


def test_a_store_can_be_opened_in_the_forms_and_comes_back_unchanged(
    store: Store, tmp_path: Path
) -> None:
    secret = new_revision("town", CheckIn(round="2027-03", comment="I do not trust."))
    decided = Decision(worksheet="goals", date="2027-03", decided="Ask the schools")
    everything = [
        made(ABOUT, record_id=f"{ID}02"),
        made(),
        new_revision("town", decided),
        new_revision("town", AgreementPoint(point="purpose", state="partly")),
        secret,
    ]
    store.append(everything)
    folder = export_partnership(store, "town", tmp_path / "town-answers", answers=True)
    files = {path.name: json.loads(path.read_text("utf-8")) for path in folder.iterdir()}
    assert set(files) == {"playbook-town-trust.json", "playbook-town-goals.json"}
    goals = files["playbook-town-goals.json"]
    assert (goals["practice"], goals["name"]) == ("goals", "Our Town")
    kinds = [revision["kind"] for revision in goals["revisions"]]
    assert sorted(kinds) == ["decision", "goal", "partnership"]
    assert "I do not trust." not in json.dumps(files)
    before = store.revisions()
    assert import_paths(store, sorted(folder.iterdir())).stored == 0
    assert store.revisions() == before
    again = export_partnership(store, "town", folder, answers=True, replace=True)
    assert {path.name for path in again.iterdir()} == set(files)
