"""Erasing: words and names are gone from every file for good, and nothing else is."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from playbook_helpers.core.errors import InputError, NotFound, StoreError
from playbook_helpers.core.partnership import Partnership
from playbook_helpers.core.revisions import Revision, new_revision
from playbook_helpers.practices.communication.records import Story
from playbook_helpers.practices.goals import Goal
from playbook_helpers.practices.trust import CheckIn, ClosedRound, SmallWin
from playbook_helpers.storage.database import Store
from playbook_helpers.storage.database.erasing import erase, erasure
from playbook_helpers.storage.database.store import verify_store
from playbook_helpers.storage.files import export_partnership, import_paths
from playbook_helpers.worksheet import Worksheet

if TYPE_CHECKING:
    from conftest import PostgresServer

ADA, BOB = "Ada Lovelace-Byron", "Bob the Builder"
WORDS = "My neighbour drinks"


def goal(note: str, author: str, record: str = "", parents: tuple[str, ...] = ()) -> Revision:
    value = Goal(name="Ready for school", sentence=note, level="output")
    return new_revision("here", value, record_id=record, parents=parents, author=author)


def win(action: str, author: str) -> Revision:
    return new_revision("here", SmallWin(action=action), author=author)


def answer(comment: str) -> Revision:
    return new_revision("here", CheckIn(round="2027-03", comment=comment))


def close() -> Revision:
    return new_revision("here", ClosedRound(round="2027-03"))


def sentences(store: Store) -> list[Any]:
    return [head.payload.get("sentence") for head in store.heads("here", kind="goal")]


def bytes_of(folder: Path) -> bytes:
    return b"".join(path.read_bytes() for path in folder.rglob("*") if path.is_file())


def test_a_persons_words_are_gone_and_what_they_replaced_stands_again(store_url: str) -> None:
    first = goal("Bob's own words", BOB)
    second = goal(WORDS, ADA, first.record, (first.id,))
    other = goal("Nothing to do with it", BOB)
    with Store.open(store_url) as store:
        store.append([first, second, other, win(WORDS, ADA)])
        what = erasure(store, "here", author=ADA)
        assert {(r.kind, r.author) for r in what.going} == {("goal", ADA), ("small_win", ADA)}
        assert what.repeated == ()
        assert [r.id for r in what.again] == [first.id]
        assert erase(store, what) == 2
        assert sorted(sentences(store)) == ["Bob's own words", "Nothing to do with it"]
        assert store.heads("here", kind="small_win") == []
        left = {r.id: r for r in store.revisions("here")}
        assert left[second.id].erased
        assert (left[second.id].payload, left[second.id].author) == ({}, "")
        assert left[second.id].parents == (first.id,)
        assert left[first.id] == first
        with pytest.raises(NotFound, match="Nothing is there to erase"):
            erasure(store, "here", author=ADA)
    assert verify_store(store_url).whole


def test_the_names_next_to_it_stay(store_url: str) -> None:
    with Store.open(store_url) as store:
        store.append([win("one", "Ada"), win("two", "ada"), win("three", "Ada ")])
        what = erasure(store, "here", author="Ada")
        assert [r.payload["action"] for r in what.going] == ["one"]


def test_whoever_repeats_the_words_is_named_and_stays(store_url: str) -> None:
    first = goal(WORDS, ADA)
    later = goal(f"{WORDS}, says Ada", BOB, first.record, (first.id,))
    with Store.open(store_url) as store:
        store.append([first, later])
        what = erasure(store, "here", author=ADA)
        named = [(r.id, field) for r, field in what.repeated]
        assert named == [(later.id, "name"), (later.id, "sentence")]
        erase(store, what)
        assert sentences(store) == [f"{WORDS}, says Ada"]
        whole = erasure(store, "here", record=first.record)
        assert [r.id for r in whole.going] == [later.id]
        erase(store, whole)
        assert sentences(store) == []


def test_whoever_repeats_the_words_between_two_of_the_person_is_named(store_url: str) -> None:
    before = goal("Nothing of the kind", BOB)
    first = goal(WORDS, ADA, before.record, (before.id,))
    between = goal(f"{WORDS}, says Ada", BOB, before.record, (first.id,))
    last = goal("Something else", ADA, before.record, (between.id,))
    with Store.open(store_url) as store:
        store.append([before, first, between, last])
        what = erasure(store, "here", author=ADA)
        assert {r.id for r in what.going} == {first.id, last.id}
        assert [(r.id, field) for r, field in what.repeated if field == "sentence"] == [
            (between.id, "sentence")
        ]


def test_an_old_file_brings_nothing_back(tmp_path: Path) -> None:
    folder = tmp_path / "made"
    folder.mkdir()
    (folder / "goal.csv").write_text(f"name,sentence,level\nReady,{WORDS},output\n")
    (folder / "check_in.csv").write_text(f"round,comment\n2027-03,{WORDS}\n")
    with Store.open(str(tmp_path / "x.db")) as store:
        import_paths(store, [folder], partnership="here")
        store.append([win(WORDS, ADA)])
        package = export_partnership(store, "here", tmp_path / "package")
        with Store.open(str(tmp_path / "older.db")) as older:
            older.merge(store)
        for record in {r.record for r in store.revisions("here")}:
            erase(store, erasure(store, "here", record=record))
        summary = import_paths(store, [package])
        assert summary.stored == 0
        assert import_paths(store, [folder], partnership="here").stored == 0
        assert store.merge(tmp_path / "older.db") == 0
        assert store.heads("here") == []
        # A store that never had the words takes what is left of them, and then no old file.
        with Store.open("sqlite://") as empty:
            left = export_partnership(store, "here", tmp_path / "left")
            assert import_paths(empty, [left]).problem_count == 0
            assert WORDS.encode() not in bytes_of(left)
            import_paths(empty, [package])
            assert empty.heads("here") == []
        # What somebody else sends erases nothing here.
        with Store.open(str(tmp_path / "older.db")) as older:
            assert older.merge(store) == 0
            assert len(older.heads("here")) == 3


def test_a_round_that_was_shown_tells_that_it_has_lost_an_answer(store_url: str) -> None:
    given = [answer(f"{WORDS} {n}") for n in range(6)]
    with Store.open(store_url) as store:
        store.append([*given, close()])
        late = answer("late")
        store.append(late)
        erase(store, erasure(store, "here", record=given[0].record))
        erase(store, erasure(store, "here", record=late.record))
        heads = {h.record: h for h in store.heads("here", kind="check_in")}
        assert len(heads) == 6
        lost = heads[given[0].record]
        assert (lost.erased, lost.deleted, lost.waiting, lost.value) == (True, True, False, None)
        assert dict(lost.payload) == {"round": "2027-03"}
        # A late one that nobody has seen is simply gone.
        assert late.record not in heads


@pytest.mark.parametrize("held_open", [False, True])
def test_no_byte_of_the_words_is_left_in_any_file(tmp_path: Path, held_open: bool) -> None:
    folder = tmp_path / "store"
    folder.mkdir()
    address = f"sqlite:///{folder / 'x.db'}"
    with closing(sqlite3.connect(":memory:")) as reader:
        with Store.open(address, wait_seconds=0.2) as store:
            store.append([win(f"Tea {n}", BOB) for n in range(50)])
            if held_open:  # so that the write-ahead log is not folded in when a call ends
                reader.execute(f"ATTACH '{folder / 'x.db'}' AS kept")
                reader.execute("SELECT count(*) FROM kept.revision").fetchall()
            secret = answer(f"{WORDS} too much")
            store.append([goal(WORDS, ADA), secret])
            store.append([win(f"Tea {n}", BOB) for n in range(50)])
            assert WORDS.encode() in bytes_of(folder)
            erase(store, erasure(store, "here", author=ADA))
            erase(store, erasure(store, "here", record=secret.record))
            held = bytes_of(folder)
        for text in (WORDS, ADA, "drinks", "Lovelace"):
            assert text.encode() not in held
        assert BOB.encode() in held


def test_a_reader_in_the_way_is_told_of_and_the_next_opening_clears(tmp_path: Path) -> None:
    folder = tmp_path / "store"
    folder.mkdir()
    file = folder / "x.db"
    with Store.open(str(file), wait_seconds=0.2) as store:
        store.append([goal(WORDS, ADA)])
        with closing(sqlite3.connect(file, isolation_level=None)) as reader:
            reader.execute("BEGIN")
            reader.execute("SELECT count(*) FROM revision").fetchall()
            with pytest.raises(StoreError, match="keeps the store open") as caught:
                erase(store, erasure(store, "here", author=ADA))
            assert "open the store once more" in str(caught.value)
            assert store.heads("here") == []
    with Store.open(str(file)) as store:
        assert store.heads("here") == []
    assert WORDS.encode() not in bytes_of(folder)


def test_what_stands_again_is_what_a_table_and_a_form_go_on_from(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    first = goal("Bob's own words", BOB)
    second = goal(WORDS, ADA, first.record, (first.id,))
    with Store.open(str(tmp_path / "x.db")) as store:
        store.append([new_revision("here", Partnership(name="Here")), first, second])
        erase(store, erasure(store, "here", author=ADA))
        table = tmp_path / "goal.csv"
        table.write_text("name,sentence,level\nReady for school,Bob's own words,output\n")
        summary = import_paths(store, [table], partnership="here")
        assert (summary.unchanged, summary.stored) == (1, 0)
        table.write_text("name,sentence,level\nReady for school,New words,output\n")
        assert import_paths(store, [table], partnership="here").changed == 1
        assert sentences(store) == ["New words"]
    monkeypatch.setenv("PLAYBOOK_SHOW", "live")
    sheet = Worksheet("goals", "here", store=f"sqlite:///{tmp_path / 'x.db'}")
    listed = sheet.form().answer({"type": "list"})
    assert listed is not None
    assert second.id not in {revision["id"] for revision in listed["revisions"]}


def test_a_story_that_was_erased_is_exported_without_words(tmp_path: Path) -> None:
    story = Story(name="The bus", text=WORDS, consent=True, scope="public")
    with Store.open(str(tmp_path / "x.db")) as store:
        given = new_revision("here", story)
        store.append([given, win("Tea", BOB)])
        erase(store, erasure(store, "here", record=given.record))
        package = export_partnership(store, "here", tmp_path / "package", public=True)
        assert WORDS.encode() not in bytes_of(package)
        with Store.open("sqlite://") as other:
            assert import_paths(other, [package]).problem_count == 0


def test_what_is_to_be_erased_has_to_be_said(store_url: str) -> None:
    with Store.open(store_url) as store:
        store.append([win("Tea", "")])
        for given in ({}, {"record": "x", "author": "y"}):
            with pytest.raises(InputError, match="Say what is to be erased"):
                erasure(store, "here", **given)
        with pytest.raises(NotFound, match="no such partnership"):
            erasure(store, "there", author="Ada")
        with pytest.raises(NotFound, match="holds its id"):
            erasure(store, "here", record="0190c0de-0000-7000-8000-00000000000a")


def test_an_answer_is_found_by_the_id_that_an_old_page_gave_it(store_url: str) -> None:
    from dataclasses import replace

    from playbook_helpers.core.revisions import uuid7

    given = replace(answer(WORDS), id=uuid7(), record=uuid7())
    with Store.open(store_url) as store:
        store.append(given)
        assert len(erasure(store, "here", record=given.record).going) == 1


@pytest.mark.postgres
def test_the_tables_of_a_server_hold_no_word_either(postgres: PostgresServer) -> None:
    schema = "test_erase"
    postgres.execute(f"CREATE SCHEMA {schema}")
    try:
        with Store.open(postgres.address(schema)) as store:
            secret = answer(WORDS)
            store.append([goal(WORDS, ADA), secret, win("Tea", BOB)])
            erase(store, erasure(store, "here", author=ADA))
            erase(store, erasure(store, "here", record=secret.record))
        postgres.execute("CHECKPOINT")
        for table in ("revision", "answer"):
            ((place,),) = postgres.execute(f"SELECT pg_relation_filepath('{schema}.{table}')")
            ((held,),) = postgres.execute(f"SELECT pg_read_binary_file('{place}')")
            assert WORDS.encode() not in bytes(held)  # type: ignore[arg-type]
    finally:
        postgres.execute(f"DROP SCHEMA {schema} CASCADE")
