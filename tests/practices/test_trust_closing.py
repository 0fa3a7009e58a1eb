"""A round is closed once and for good: by a person, or by the last answer that was counted."""

from __future__ import annotations

import contextlib
import io
import json
import os
import sys
from dataclasses import replace
from datetime import date
from pathlib import Path
from unittest import mock

import pytest
from trust_answers import closings, round_heads

from playbook_helpers.cli import main
from playbook_helpers.core.assessment import Context, Head
from playbook_helpers.core.records import Record
from playbook_helpers.core.revisions import Revision, new_revision
from playbook_helpers.practices.trust import (
    CheckIn,
    ClosedRound,
    SmallWin,
    Turnout,
    assess,
    closed_rounds,
    counted_rounds,
    refusal,
)
from playbook_helpers.storage.database import Store
from playbook_helpers.storage.files import import_paths
from playbook_helpers.worksheet.rounds import COMPLETE
from playbook_helpers.worksheet.worksheet import Worksheet

ROUND = "2026-03"
ANSWER = CheckIn(round=ROUND, helps="4")


def turnout(answers: int, organisation: str = "Library") -> Head:
    record = Turnout(round=ROUND, organisation=organisation, answers=answers)
    return Head(organisation, organisation, "trust", record.kind, record.payload(), record)


def answers(number: int) -> list[Head]:
    return round_heads([{"helps": "4"}] * number, when=ROUND, closed=False)


def test_a_round_is_complete_when_as_many_have_answered_as_were_counted() -> None:
    assert counted_rounds([*answers(3), turnout(2), turnout(1, "Hub")]) == [ROUND]
    assert counted_rounds([*answers(3), turnout(2)]) == []
    assert counted_rounds([*answers(3), turnout(4)]) == []
    assert counted_rounds([turnout(0)]) == []
    assert counted_rounds([*answers(3), turnout(3), *closings([ROUND])]) == []


@pytest.mark.parametrize(
    ("there", "record", "given", "words"),
    [
        ([], ANSWER, 0, ""),
        (answers(4), ANSWER, 0, ""),
        (answers(1), ANSWER, 1, "one person answers once"),
        ([*answers(1), turnout(2)], ANSWER, 1, ""),
        ([*answers(2), turnout(2)], ANSWER, 0, "has 2 answers already"),
        ([*answers(2), *closings([ROUND])], ANSWER, 0, "is closed, so its picture"),
        (answers(2), CheckIn(round="2026-09", helps="4"), 0, ""),
        ([], ClosedRound(round=ROUND), 0, "has no answers yet"),
        (answers(2), ClosedRound(round=ROUND), 0, ""),
        ([*answers(2), *closings([ROUND])], SmallWin(action="Tea"), 0, ""),
    ],
)
def test_a_form_takes_an_answer_or_says_why_not(
    there: list[Head], record: Record, given: int, words: str
) -> None:
    said = refusal(there, record, given)
    assert (words in said) if words else said == ""


def store_at(folder: Path, number: int) -> str:
    url = f"sqlite:///{folder / 'own.db'}"
    with Store.open(url) as store:
        store.append([new_revision("here", CheckIn(round=ROUND, helps="4")) for _ in range(number)])
    return url


def heads(url: str) -> list[Head]:
    with Store.open(url) as store:
        return store.heads("here")


def test_a_live_form_takes_one_answer_each_and_the_last_one_shows_the_picture(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PLAYBOOK_SHOW", "live")
    url = store_at(tmp_path, 1)
    sheet = Worksheet("trust", "here", store=url)
    drawn: list[int] = []
    sheet._listeners.append(lambda: drawn.append(1))

    def hand_in() -> str:
        ((_, words),) = sheet.save(new_revision("here", ANSWER).to_json()) or [("", "")]
        return words

    assert hand_in() == ""
    assert "one person answers once" in hand_in()
    for name in ("Hub", "Library"):
        count = Turnout(round=ROUND, organisation=name, answers=3)
        sheet.save(new_revision("here", count).to_json())
    assert [hand_in() for _ in range(4)] == [""] * 4
    assert drawn == [1, 1, 1], "for each count, and once for the picture"
    first = sheet.assess().rows["items"][0]
    assert (first["item"], first["value"], first["n"]) == ("helps", 4.0, 6)
    assert "is closed" in hand_in()
    assert len([h for h in heads(url) if h.kind == "check_in"]) == 6


def test_a_count_that_would_close_a_round_is_asked_about_once(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Five of twenty have answered, and the first organisation's count is five."""
    monkeypatch.setenv("PLAYBOOK_SHOW", "live")
    url = store_at(tmp_path, 5)
    sheet = Worksheet("trust", "here", store=url)
    first = new_revision("here", Turnout(round=ROUND, organisation="Hub", answers=5))
    assert sheet.save(first.to_json()) == [("", COMPLETE)]
    assert not [h for h in heads(url) if h.kind == "turnout"]
    more = new_revision("here", Turnout(round=ROUND, organisation="Library", answers=15))
    assert sheet.save(more.to_json()) is None
    assert sheet.save(first.to_json()) is None
    assert closed_rounds(heads(url)) == frozenset()
    fewer = new_revision(
        "here", Turnout(round=ROUND, organisation="Library", answers=0), parents=[more.id]
    )
    assert sheet.save(fewer.to_json()) is None, "asked once"
    assert closed_rounds(heads(url)) == {ROUND}


def test_what_would_take_a_closing_back_leaves_the_round_closed(tmp_path: Path) -> None:
    url = store_at(tmp_path, 6)
    with Store.open(url) as store:
        closing = new_revision("here", ClosedRound(round=ROUND))
        store.append(closing)
        taken_back = replace(new_revision("here", ClosedRound(round=ROUND)), deleted=True)
        other = replace(
            new_revision("here", ClosedRound(round="2030")),
            record=closing.record,
            parents=(closing.id,),
        )
        store.append([replace(taken_back, parents=(closing.id,)), other])
        assert ROUND in closed_rounds(store.heads("here"))
        late = new_revision("here", ANSWER)
        store.append(late)
        waiting = {h.revision: h.waiting for h in store.heads("here", kind="check_in")}
    assert waiting.pop(late.id)
    assert set(waiting.values()) == {False}


def playbook(*arguments: str) -> tuple[object, str, str]:
    out, err = io.StringIO(), io.StringIO()
    code: object = 0
    with (
        mock.patch.object(sys, "argv", ["playbook", *arguments]),
        mock.patch.object(sys, "stdin", io.StringIO()),
        mock.patch.dict(os.environ),
        contextlib.redirect_stdout(out),
        contextlib.redirect_stderr(err),
    ):
        try:
            main()
        except SystemExit as ended:
            code = ended.code or 0
    return code, out.getvalue(), err.getvalue()


def test_the_command_asks_first_closes_once_and_says_what_it_did(tmp_path: Path) -> None:
    url = store_at(tmp_path, 6)
    how = ("close", "here", "--round", ROUND, "--store", url)
    code, _, said = playbook(*how)
    assert code == 2
    assert "6 people have answered; nobody was counted." in said
    assert "--yes, once all paper slips and all files are in" in said
    assert closed_rounds(heads(url)) == frozenset()
    assert playbook(*how, "--yes")[:2] == (
        0,
        "March 2026 is closed. Its picture is in the next report.\n",
    )
    assert closed_rounds(heads(url)) == {ROUND}
    before = len(heads(url))
    assert playbook(*how, "--yes")[1] == "March 2026 is closed already. Nothing was changed.\n"
    assert len(heads(url)) == before


@pytest.mark.parametrize(
    ("slug", "when", "words"),
    [
        ("here", "2026-09", "has no answers yet"),
        ("here", "spring", "spring"),
        ("there", ROUND, "There is no partnership of that name"),
    ],
)
def test_the_command_refuses_what_cannot_be_closed(
    tmp_path: Path, slug: str, when: str, words: str
) -> None:
    url = store_at(tmp_path, 6)
    code, out, said = playbook("close", slug, "--round", when, "--yes", "--store", url)
    assert (code, out) == (2, "")
    assert words in said


def answers_file(folder: Path, *revisions: Revision) -> Path:
    """What a form downloads, with these revisions in it."""
    content = {
        "format": "playbook-answers/1",
        "partnership": "here",
        "name": "Here",
        "practice": "trust",
        "made": "2026-11-24T10:00:00.000Z",
        "revisions": [r.to_json() for r in revisions],
    }
    file = folder / f"{len(list(folder.iterdir()))}.json"
    file.write_text(json.dumps(content), "utf-8")
    return file


def test_a_correction_of_an_answer_that_is_shown_is_said_not_to_be(tmp_path: Path) -> None:
    url = f"sqlite:///{tmp_path / 'own.db'}"
    given = [new_revision("here", ANSWER) for _ in range(6)]
    moved = CheckIn(round="2026-09", helps="1")
    mended = new_revision("here", moved, record_id=given[0].record, parents=[given[0].id])
    with Store.open(url) as store:
        store.append([*given, new_revision("here", ClosedRound(round=ROUND))])
        before = store.heads("here", kind="check_in")
        summary = import_paths(store, [answers_file(tmp_path, mended)])
        assert store.heads("here", kind="check_in") == before
    (note,) = [n for n in summary.notes if ROUND in n]
    assert note == (
        f"here: 1 correction or withdrawal of answers in round {ROUND} came after it was closed: "
        "kept, and the picture stays as it was"
    )


def test_a_form_s_file_brings_no_marks_along(tmp_path: Path) -> None:
    """Five forged answers that call themselves the first picture of a round of nine others."""
    url = store_at(tmp_path, 9)
    forged = [replace(new_revision("here", ANSWER), showing=1) for _ in range(5)]
    file = answers_file(tmp_path, *forged, new_revision("here", ClosedRound(round=ROUND)))
    with Store.open(url) as store:
        import_paths(store, [file])
        assert {h.showing for h in store.heads("here", kind="check_in")} == {1}
        assert len(store.heads("here", kind="check_in")) == 14


def test_a_closing_that_was_made_another_leaves_both_rounds_shown_as_closed(
    tmp_path: Path,
) -> None:
    url = store_at(tmp_path, 6)
    with Store.open(url) as store:
        closing = new_revision("here", ClosedRound(round=ROUND))
        other = ClosedRound(round="2026-09")
        later = new_revision("here", other, record_id=closing.record, parents=[closing.id])
        store.append([closing, later])
        result = assess(store.heads("here"), Context("here", date(2026, 11, 30)))
    assert [(r["round"], r["closed"]) for r in result.rows["rounds"]] == [(ROUND, True)]


def test_a_round_that_closes_by_its_count_does_not_tell_when_the_last_one_answered(
    tmp_path: Path,
) -> None:
    url = store_at(tmp_path, 5)
    with Store.open(url) as store:
        store.append(
            [
                new_revision("here", Turnout(round=ROUND, organisation=name, answers=3))
                for name in ("Hub", "Library")
            ]
        )
        store.append(new_revision("here", ANSWER))
        (closing,) = [r for r in store.revisions("here") if r.kind == "closed_round"]
    assert (closing.author, closing.client_time, closing.stored_time) == ("", "", "")


def test_answers_that_say_the_same_in_two_files_are_said_to_count_once(tmp_path: Path) -> None:
    url = f"sqlite:///{tmp_path / 'own.db'}"
    row = "round,helps\n2026-03,5\n"
    with Store.open(url) as store:
        for name in ("one", "two"):
            (tmp_path / name).mkdir()
            file = tmp_path / name / "check_in.csv"
            file.write_text(row, "utf-8")
            summary = import_paths(store, [file], partnership="here")
        assert len(store.heads("here", kind="check_in")) == 1
        assert "count as that one; if they are other people's" in " ".join(summary.notes)
        file.write_text(row + row.splitlines()[1] + "\n", "utf-8")
        import_paths(store, [file], partnership="here")
        assert len(store.heads("here", kind="check_in")) == 2
