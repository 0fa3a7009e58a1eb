"""The form's Python side: what it answers to the page, and that 'saved' follows the commit."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest

from playbook_helpers.core.errors import StoreError
from playbook_helpers.core.revisions import from_json, new_revision
from playbook_helpers.practices.goals import Goal
from playbook_helpers.storage.database import Store
from playbook_helpers.worksheet.forms import form_description
from playbook_helpers.worksheet.forms.widget import FormView

GOAL = Goal(name="Reading", sentence="We will read more by 2028.", level="outcome")


def revision(**changes: Any) -> dict[str, Any]:
    return new_revision("riverside", GOAL).to_json() | changes


def view(saved: list[Mapping[str, Any]] | None = None, **options: Any) -> FormView:
    keep = [] if saved is None else saved
    return FormView(
        form_description("goals"), partnership="riverside", on_save=keep.append, **options
    )


def save(data: object) -> dict[str, Any]:
    return {"type": "save", "revision": data}


def listed(form: FormView) -> list[dict[str, Any]]:
    """The revisions that a page is told of when it asks."""
    answer = form.answer({"type": "list"})
    assert answer is not None
    return list(answer["revisions"])


def test_a_good_revision_is_stored_and_then_said_to_be_saved() -> None:
    stored: list[Mapping[str, Any]] = []
    sent = revision()
    assert view(stored).answer(save(sent)) == {"id": sent["id"], "saved": True}
    assert stored == [sent]


def test_saved_means_committed(tmp_path: Path) -> None:
    path = tmp_path / "playbook.db"
    sent = revision()
    with Store.open(f"sqlite:///{path}") as store:
        form = FormView(
            form_description("goals"),
            partnership="riverside",
            on_save=lambda data: store.append([from_json(data)]) and None,
        )
        for _ in range(2):  # the page may send it twice
            assert form.answer(save(sent)) == {"id": sent["id"], "saved": True}
        with Store.open(f"sqlite:///{path}") as other:  # another process would see it, too
            assert [r.id for r in other.revisions("riverside")] == [sent["id"]]
    assert [r["id"] for r in listed(form)] == [sent["id"]]
    assert form.setup.keys() == {"description", "partnership"}, "what is saved with a notebook"


@pytest.mark.parametrize(
    ("payload", "problems"),
    [
        (
            {"name": "Reading", "level": "outcome"},
            [["sentence", "is empty; it needs an answer"]],
        ),
        (
            {**GOAL.payload(), "baseline_date": "2027-13"},
            [
                [
                    "baseline_date",
                    "'2027-13' is not a date: a year, a month or a day: "
                    "2027, 2027-03 or 2027-03-31",
                ]
            ],
        ),
        (
            {**GOAL.payload(), "colour": "red"},
            [["colour", "is not a field of this kind of record"]],
        ),
    ],
)
def test_a_payload_that_does_not_fit_comes_back_with_its_fields_named(
    payload: dict[str, Any], problems: list[list[str]]
) -> None:
    stored: list[Mapping[str, Any]] = []
    sent = revision(payload=payload)
    assert view(stored).answer(save(sent)) == {"id": sent["id"], "problems": problems}
    assert stored == []


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"partnership": "elsewhere"}, "this is for elsewhere, not for riverside"),
        ({"kind": "offer", "practice": "resources"}, "offer is not part of this form"),
        ({"kind": "goal", "practice": "resources"}, "goal is not part of this form"),
        ({"parents": ["1"]}, "A revision's parent is wrong"),
        ({"partnership": "../x"}, "short name cannot be used"),
    ],
)
def test_a_revision_that_does_not_belong_here_is_refused_as_a_whole(
    changes: dict[str, Any], words: str
) -> None:
    stored: list[Mapping[str, Any]] = []
    reply = view(stored).answer(save(revision(**changes)))
    assert reply is not None
    ((where, what),) = reply["problems"]
    assert where == ""
    assert words in what
    assert stored == []


@pytest.mark.parametrize("data", [None, [], "x", {"id": 3}, {}])
def test_nonsense_is_answered_and_not_stored(data: object) -> None:
    stored: list[Mapping[str, Any]] = []
    reply = view(stored).answer(save(data))
    assert reply is not None
    assert "problems" in reply
    assert stored == []


@pytest.mark.parametrize("message", [None, "save", {}, {"type": "other"}, [1]])
def test_messages_that_are_not_the_forms_are_left_alone(message: object) -> None:
    assert view().answer(message) is None


@pytest.mark.parametrize(
    ("error", "words"),
    [
        (StoreError("The disk is full"), "The disk is full"),
        (RuntimeError("boom"), "RuntimeError: boom"),
    ],
)
def test_what_could_not_be_stored_is_never_said_to_be_saved(error: Exception, words: str) -> None:
    def fail(data: Mapping[str, Any]) -> None:
        raise error

    form = FormView(form_description("goals"), partnership="riverside", on_save=fail)
    sent = revision()
    assert form.answer(save(sent)) == {"id": sent["id"], "failed": words}
    assert listed(form) == []


def test_a_removal_is_stored_like_any_other_state() -> None:
    stored: list[Mapping[str, Any]] = []
    first = revision()
    gone = revision(record=first["record"], parents=[first["id"]], deleted=True)
    form = view(stored, revisions=[first])
    assert form.answer(save(gone)) == {"id": gone["id"], "saved": True}
    assert stored == [gone]


def test_the_reply_goes_to_the_page(monkeypatch: pytest.MonkeyPatch) -> None:
    form = view()
    sent: list[Any] = []
    monkeypatch.setattr(form, "send", lambda content, buffers=None: sent.append(content))
    data = revision()
    form._handle_custom_msg(save(data), [])  # what ipywidgets calls for a message of the page
    form._handle_custom_msg({"type": "other"}, [])
    assert sent == [{"id": data["id"], "saved": True}]
