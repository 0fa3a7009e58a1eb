"""Secret answers of many at once: one a person, all or none, and nobody knows in which order."""

from __future__ import annotations

import json
import os
import random
import shutil
import sqlite3
import subprocess
import sys
import time
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from dataclasses import replace
from pathlib import Path

import pytest
from sqlalchemy import event
from workshop_room import SLUG, goal

from playbook_helpers.core.errors import InputError, RevisionChanged, StoreError
from playbook_helpers.core.revisions import Revision, from_json, new_revision
from playbook_helpers.practices.trust import CheckIn, ClosedRound, Turnout
from playbook_helpers.storage.database import Store
from playbook_helpers.storage.database.secret_stores import SecretFile
from playbook_helpers.workshop.writer import Writer


def ballot(when: str = "2027-03", score: int = 4) -> Revision:
    return new_revision(SLUG, CheckIn(round=when, helps=str(score)))


@pytest.fixture
def store(store_url: str) -> Store:
    return Store.open(store_url)


def answers(store: Store) -> set[str]:
    return {r.id for r in store.revisions(SLUG) if r.kind == "check_in"}


def test_the_refusal_of_one_leaves_its_neighbours(store: Store) -> None:
    first = from_json(goal("First"))
    store.append(first)
    good, altered = from_json(goal("Good")), replace(first, payload={"name": "Altered"})
    malformed = replace(from_json(goal("Malformed")), partnership="no such slug!")
    told = store.append_each([malformed, first, altered, good, good])
    assert isinstance(told[0], InputError)
    assert isinstance(told[2], RevisionChanged)
    assert [told[1], told[3], told[4]] == [None, None, None]
    assert {r.id for r in store.revisions()} == {first.id, good.id}
    assert store.append_each([]) == []


def test_one_ballot_a_person_and_a_resend_is_the_same_one(store: Store) -> None:
    one, again, other = ballot(), ballot(), ballot()
    assert store.append_each([one], {one.id: "ada"}) == [None]
    assert store.append_each([one], {one.id: "ada"}) == [None], "its receipt was lost"
    assert store.append_each([one], {one.id: "another cookie"}) == [None]
    (refused,) = store.append_each([again], {again.id: "ada"})
    assert "one person answers once" in str(refused)
    both = store.append_each([again, other], {again.id: "bo", other.id: "bo"})
    assert sorted(map(bool, both)) == [False, True], "two of one person in one commit"
    elsewhere = ballot("2027-05")
    assert store.append_each([elsewhere], {elsewhere.id: "ada"}) == [None]
    assert len(answers(store)) == 3


def test_who_has_answered_is_forgotten_when_the_round_is_closed(store: Store) -> None:
    given = [ballot() for _ in range(6)]
    store.append_each(given, {one.id: f"mark {n}" for n, one in enumerate(given)})
    assert all(store.has_voted(SLUG, "check_in", "2027-03", f"mark {n}") for n in range(6))
    assert not store.has_voted(SLUG, "check_in", "2027-03", "mark 6")
    store.append(new_revision(SLUG, ClosedRound(round="2027-03")))
    assert not store.has_voted(SLUG, "check_in", "2027-03", "mark 0")
    late = ballot()
    (refused,) = store.append_each([late], {late.id: "late"})
    assert "This round is closed" in str(refused)


def test_no_more_answer_at_once_than_were_counted(store: Store) -> None:
    store.append(new_revision(SLUG, Turnout(round="2027-03", organisation="All", answers=3)))
    given = [ballot() for _ in range(5)]
    told = store.append_each(given, {one.id: one.id for one in given})
    assert [bool(one) for one in told] == [False] * 3 + [True] * 2
    assert store.is_closed(SLUG, "check_in", "2027-03")


def test_a_copy_keeps_the_answers_and_not_who_has_answered(store: Store, tmp_path: Path) -> None:
    one = ballot()
    store.append_each([one], {one.id: "ada"})
    with Store.open(str(store.backup(tmp_path / "copy.db"))) as copy:
        assert answers(copy) == {one.id}
        assert not copy.has_voted(SLUG, "check_in", "2027-03", "ada")


def test_the_file_tells_no_order_of_answers_or_of_marks(tmp_path: Path) -> None:
    given, seen = [ballot(score=1 + n % 5) for n in range(12)], set()
    for seed in range(4):
        order = random.Random(seed).sample(given, len(given))
        with Store.open(str(tmp_path / f"{seed}.db")) as store:
            for one in order:
                store.append_each([one], {one.id: f"mark of {one.id}"})
            seen.add(SecretFile(tmp_path / f"{seed}.db").file.read_bytes())
    assert len({content.replace(b"\0", b"") for content in seen}) == 1


def test_sixty_at_once_are_one_commit_or_a_few(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    file = tmp_path / "room.db"
    with Store.open(str(file)) as store:
        writer, written = Writer(store), []
        stage = SecretFile.stage
        monkeypatch.setattr(
            SecretFile, "stage", lambda self, *args: (written.append(1), stage(self, *args))[1]
        )
        given = [ballot() for _ in range(60)]
        begun = time.monotonic()
        with ThreadPoolExecutor(60) as pool:
            done = list(pool.map(lambda one: writer.save(one, f"mark {one.id}"), given))
        for one in done:
            one.result(10)
        print(f"60 ballots in {time.monotonic() - begun:.3f} s, {len(written)} commits")
        writer.close()
        assert len(written) < 30
        assert answers(store) == {one.id for one in given}
    with closing(sqlite3.connect(SecretFile(file).file)) as db:
        (line,) = db.execute("SELECT * FROM answered WHERE slug = ?", [SLUG]).fetchall()
    assert line[1].count("mark") == 60


def test_one_id_under_two_marks_at_once_is_one_answer(tmp_path: Path) -> None:
    with Store.open(str(tmp_path / "room.db")) as store:
        writer, one = Writer(store), ballot()
        for done in [writer.save(one, mark) for mark in ("ada", "bo", "ada")]:
            done.result(10)
        writer.close()
        assert answers(store) == {one.id}


def syncs(file: Path, saves: int, folder: Path) -> int:
    """How often one process told the disk to sync while it saved so many goals."""
    script = (
        "import sys; from playbook_helpers.core.revisions import from_json; import json\n"
        "from playbook_helpers.storage.database import Store\n"
        "with Store.open(sys.argv[1]) as store, store.held_open():\n"
        "    for one in json.loads(sys.stdin.read()):\n"
        "        store.append(from_json(one))\n"
    )
    log = folder / "calls"
    command = ["strace", "-f", "-e", "trace=fdatasync,fsync", "-o", str(log), sys.executable]
    given = json.dumps([goal(f"Goal {n}") for n in range(saves)])
    subprocess.run([*command, "-c", script, str(file)], input=given, text=True, check=True)
    return sum("sync(" in line for line in log.read_text("utf-8").splitlines())


@pytest.mark.skipif(not shutil.which("strace"), reason="strace counts the syncs")
def test_a_save_of_a_kept_connection_is_one_sync(tmp_path: Path) -> None:
    Store.open(str(tmp_path / "room.db")).close()
    few, many = (syncs(tmp_path / "room.db", saves, tmp_path) for saves in (10, 60))
    assert many - few == 50


def test_a_kept_connection_is_one_and_a_forked_process_opens_its_own(store_url: str) -> None:
    with Store.open(store_url) as store:
        opened: list[object] = []
        event.listen(store._engine, "connect", lambda *given: opened.append(given))
        with store.held_open():
            for number in range(5):
                store.append(from_json(goal(f"Goal {number}")))
            assert len(opened) == 1
            child = os.fork()
            if not child:
                store.append(from_json(goal("Of the child")))
                os._exit(len(opened) - 1)
            assert os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) == 1
            store.append(from_json(goal("After it")))
            assert len(opened) == 1
        assert len(store.heads(SLUG)) == 7


def test_a_kept_connection_that_breaks_is_opened_anew(store: Store) -> None:
    with store.held_open():
        store.append(from_json(goal("First")))
        store._kept.connection[1].connection.dbapi_connection.close()
        with pytest.raises(StoreError):
            store.append(from_json(goal("Lost")))
        store.append(from_json(goal("After it")))
    assert {head.payload["name"] for head in store.heads(SLUG)} == {"First", "After it"}
