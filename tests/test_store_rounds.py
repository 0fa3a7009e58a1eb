"""Rounds of secret answers in a store: what closes one, what waits, and what is shown when."""

from __future__ import annotations

import shutil
import sqlite3
import uuid
from collections.abc import Callable
from contextlib import closing
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from sqlalchemy import create_engine, text
from sqlalchemy.pool import NullPool

from playbook_helpers.core.errors import StoreError
from playbook_helpers.core.partnership import Partnership
from playbook_helpers.core.revisions import Revision, new_revision
from playbook_helpers.practices.trust import CheckIn, ClosedRound, Turnout
from playbook_helpers.storage.database import Saved, Store
from playbook_helpers.storage.database.ballots import closing_record
from playbook_helpers.storage.database.secret_stores import SecretFile
from playbook_helpers.storage.database.store import verify_store
from playbook_helpers.storage.files import ImportRefused, export_partnership, import_paths

if TYPE_CHECKING:
    from conftest import PostgresServer

MARCH, APRIL = "2027-03", "2027-04"
HERE = ("here", "check_in", MARCH)


def answer(comment: str = "", when: str = MARCH) -> Revision:
    return new_revision("here", CheckIn(round=when, helps="4", comment=comment))


def close(when: str = MARCH) -> Revision:
    return new_revision("here", ClosedRound(round=when), author="Ada")


def turnout(organisation: str, answers: int) -> Revision:
    count = Turnout(round=MARCH, organisation=organisation, answers=answers)
    return new_revision("here", count)


def edited(revision: Revision, comment: str, *, deleted: bool = False) -> Revision:
    value = CheckIn(round=MARCH, helps="4", comment=comment)
    return new_revision(
        "here", value, record_id=revision.record, parents=[revision.id], deleted=deleted
    )


def told(store: Store) -> dict[str, bool]:
    """Comment -> whether it waits, of the answers that are heads."""
    return {str(h.payload.get("comment")): h.waiting for h in store.heads("here", kind="check_in")}


def test_answers_of_an_open_round_are_all_there_and_a_person_closes_it(store_url: str) -> None:
    with Store.open(store_url) as store:
        first = answer("a")
        store.append([first, answer("b"), answer("gone")])
        store.append(edited(first, "a, mended"))
        assert told(store) == {"a, mended": False, "b": False, "gone": False}
        assert not store.is_closed(*HERE)
        saved = store.append(close())
        assert (saved, saved.closed, saved.counted) == (1, (HERE,), ())
        assert store.is_closed(*HERE)
        assert not store.is_closed("here", "check_in", APRIL)
        assert told(store) == {"a, mended": False, "b": False, "gone": False}
        assert {r.showing for r in store.revisions("here") if r.kind == "check_in"} == {1}


def test_four_late_answers_wait_and_the_fifth_brings_all_five_in(store_url: str) -> None:
    with Store.open(store_url) as store:
        store.append([*(answer(f"early {n}") for n in range(6)), close()])
        for n in range(4):
            saved = store.append(answer(f"late {n}"))
            assert saved.late == {HERE: (1, n + 1)}
        assert [c for c, waits in sorted(told(store).items()) if waits] == [
            f"late {n}" for n in range(4)
        ]
        assert store.append(answer("late 4")).late == {HERE: (1, 0)}
        assert not any(told(store).values())
        marks = sorted(r.showing for r in store.revisions("here") if r.kind == "check_in")
        assert marks == [1] * 6 + [2] * 5
        assert store.append(answer("later")).late == {HERE: (1, 1)}
        store.append(answer("another round", APRIL))
        assert told(store)["another round"] is False


def test_a_correction_of_what_is_shown_is_kept_and_not_shown(store_url: str) -> None:
    with Store.open(store_url) as store:
        held = [answer(f"early {n}") for n in range(6)]
        store.append([*held, close()])
        store.append(edited(held[0], "mended"))
        store.append(edited(held[1], "early 1", deleted=True))
        assert told(store) == {f"early {n}": False for n in range(6)}
        assert len(store.history(held[0].record)) == 2
        # Corrections are no new answers: four new ones beside them still wait.
        store.append([answer(f"late {n}") for n in range(4)])
        assert sum(told(store).values()) == 4


def test_a_late_answer_taken_back_before_it_is_shown_is_none_of_the_five(store_url: str) -> None:
    with Store.open(store_url) as store:
        store.append([*(answer(f"early {n}") for n in range(6)), close()])
        late = [answer(f"late {n}") for n in range(4)]
        store.append(late)
        store.append(edited(late[0], "late 0", deleted=True))
        store.append(answer("fifth"))
        assert sum(told(store).values()) == 4
        store.append(answer("sixth"))
        assert not any(told(store).values())
        assert "late 0" not in told(store)


def test_a_round_is_closed_once_as_many_answers_came_as_were_counted(store_url: str) -> None:
    with Store.open(store_url) as store:
        store.append([answer(str(n)) for n in range(5)])
        assert store.append(turnout("Library", 4)).counted == ()
        assert store.append(turnout("School", 2)).counted == ()
        saved = store.append(answer("the sixth"))
        assert (saved, saved.counted) == (2, (HERE,))
        (mark,) = store.heads("here", kind="closed_round")
        assert (mark.author, mark.client_time, mark.stored) == ("", "", "")
        assert store.append(answer("late")).late == {HERE: (1, 1)}
        assert [h.record for h in store.heads("here", kind="closed_round")] == [mark.record]


def test_two_stores_that_close_a_round_by_count_agree(
    new_store_url: Callable[[], str],
) -> None:
    given = [*(answer(str(n)) for n in range(5)), turnout("Library", 5)]
    with Store.open(new_store_url()) as one, Store.open(new_store_url()) as two:
        assert one.append(given).counted == two.append(given).counted == (HERE,)
        assert one.revisions() == two.revisions()
        assert one.merge(two) == two.merge(one) == 0


def test_a_merge_brings_pictures_along_and_what_was_here_waits(store_url: str) -> None:
    with Store.open(store_url) as here, Store.open("sqlite://") as there:
        shared = answer("both have it")
        here.append([shared, answer("only here")])
        there.append([shared, *(answer(f"there {n}") for n in range(5)), close()])
        there.append(answer("late there"))
        saved = here.merge(there)
        assert (saved, saved.closed) == (7, (HERE,))
        waiting = {comment for comment, waits in told(here).items() if waits}
        assert waiting == {"only here", "late there"}
        # What comes into a round that is closed here waits, whatever it was there.
        with Store.open("sqlite://") as third:
            third.append([*(answer(f"third {n}") for n in range(4)), close()])
            assert here.merge(third).late == {HERE: (4, 0)}, "six wait at once, and are let in"
        assert not any(told(here).values())


@pytest.mark.parametrize("known", [0, 3, 7])
def test_a_package_brings_pictures_along(tmp_path: Path, known: int) -> None:
    """Also for answers that are here already: else what was here would join their picture."""
    with Store.open(str(tmp_path / "there.db")) as there, Store.open("sqlite://") as here:
        sent = [answer(f"there {n}") for n in range(6)]
        there.append([new_revision("here", Partnership(name="Here")), *sent, close()])
        sent.append(answer("late there"))
        there.append(sent[-1])
        package = export_partnership(there, "here", tmp_path / "package")
        if known:
            here.append([answer("only here"), *sent[:known]])
        import_paths(here, [package])
        waiting = {comment for comment, waits in told(here).items() if waits}
        assert waiting == {"late there", "only here"} - ({"only here"} if not known else set())
        assert import_paths(here, [package]).stored == 0
        lines = (package / "revisions.jsonl").read_text()
        (package / "revisions.jsonl").write_text(lines.replace("there 3", "there 9"))
        with Store.open("sqlite://") as other, pytest.raises(ImportRefused, match="checksum"):
            import_paths(other, [package])


def test_a_merge_counts_nothing(store_url: str) -> None:
    with Store.open(store_url) as here, Store.open("sqlite://") as there:
        here.append([*(answer(str(n)) for n in range(3)), turnout("Library", 5)])
        there.append([answer("4"), answer("5")])
        assert here.merge(there).counted == ()
        assert not here.is_closed(*HERE)


def test_sending_again_changes_no_picture(store_url: str) -> None:
    with Store.open(store_url) as store:
        given = [*(answer(str(n)) for n in range(6)), close()]
        store.append(given)
        late = [answer(f"late {n}") for n in range(4)]
        store.append(late)
        before = store.revisions()
        assert store.append([*given, *late]) == 0
        assert store.append(late).late == {}
        assert [(r.id, r.showing) for r in store.revisions()] == [(r.id, r.showing) for r in before]


def test_prints_follow_what_is_shown_and_how_many_there_are(store_url: str) -> None:
    """An index of runs must not tell which answers were there on a day."""
    with Store.open(store_url) as store:
        given = [answer(str(n)) for n in range(6)]
        store.append(given[:5])
        marks = [store.record_fingerprints(["here"])["here"].kinds["trust", "check_in"]]
        store.append(edited(given[0], "mended"))
        assert store.record_fingerprints(["here"])["here"].kinds["trust", "check_in"] == marks[0]
        store.append(given[5])
        marks.append(store.record_fingerprints(["here"])["here"].kinds["trust", "check_in"])
        store.append(close())
        marks.append(store.record_fingerprints(["here"])["here"].kinds["trust", "check_in"])
        assert len(set(marks)) == 3
    with Store.open("sqlite://") as other:
        other.append([answer(str(n)) for n in range(5)])
        assert other.record_fingerprints(["here"])["here"].kinds["trust", "check_in"] == marks[0]
        assert other.fingerprint("here") != ""


def test_a_closing_of_which_a_kill_left_one_half_is_finished(tmp_path: Path) -> None:
    file = tmp_path / "x.db"
    with Store.open(str(file)) as store:
        store.append([answer(str(n)) for n in range(6)])
        before = file.read_bytes()
        store.append(close())
    after = SecretFile(file).file.read_bytes()
    # The answers are marked, and the record of the closing is lost: it is made up for.
    file.write_bytes(before)
    with Store.open(str(file)) as store:
        assert SecretFile(file).file.read_bytes() == after
        (head,) = store.heads("here", kind="closed_round")
        assert head.record == closing_record(*HERE).record
        assert store.append(answer("late")).late == {HERE: (1, 1)}


def test_a_store_without_its_answers_says_so_and_begins_no_empty_file(tmp_path: Path) -> None:
    file = tmp_path / "x.db"
    with Store.open(str(file)) as store:
        store.append([answer("a")])
    kept = SecretFile(file).file.rename(tmp_path / "moved away")
    for _ in range(2):
        with pytest.raises(StoreError, match="secret answers is missing") as caught:
            Store.open(str(file))
        assert str(SecretFile(file).file) in str(caught.value)
        assert not SecretFile(file).file.exists()
    kept.rename(SecretFile(file).file)
    with Store.open(str(file)) as store:
        assert list(told(store)) == ["a"]


@pytest.mark.postgres
def test_a_server_that_could_not_forget_how_answers_came_is_asked_again(
    postgres: PostgresServer,
) -> None:
    """Another session in the middle of a transaction keeps the table from being written anew."""
    schema = f"test_{uuid.uuid4().hex}"
    postgres.execute(f"CREATE SCHEMA {schema}")
    address = postgres.address(schema)
    reader = create_engine(postgres.url, poolclass=NullPool)

    def size() -> int:
        ((number,),) = postgres.execute(f"SELECT pg_relation_size('{schema}.answer')")
        assert isinstance(number, int)
        return number

    try:
        with Store.open(address) as store:
            for n in range(30):
                store.append(answer(f"{n} " + "x" * 1000))
            with reader.connect() as session:
                session.execute(text(f"SELECT count(*) FROM {schema}.answer"))
                full = size()
                assert store.append(close()).closed == (HERE,)
                assert size() >= full, "not written anew"
                found = verify_store(address)
                assert found.whole
                assert "rows that were replaced" in found.notes[0]
            assert size() >= full
        with Store.open(address) as store:
            assert size() < full / 2
            assert len(told(store)) == 30
        assert verify_store(address).notes == []
    finally:
        postgres.execute(f"DROP SCHEMA {schema} CASCADE")


def test_a_copy_is_one_file_that_opens_as_a_store(store_url: str, tmp_path: Path) -> None:
    copy = tmp_path / "copy.db"
    with Store.open(store_url) as store:
        store.append([*(answer(str(n)) for n in range(6)), close()])
        store.append(answer("late"))
        before = {(r.id, r.showing) for r in store.revisions()}
        assert store.backup(copy) == copy
    assert [path.name for path in tmp_path.glob("copy*")] == ["copy.db"]
    with Store.open(str(copy)) as opened:
        assert {(r.id, r.showing) for r in opened.revisions()} == before
        assert opened.is_closed(*HERE)
    with closing(sqlite3.connect(copy)) as db:
        names = {row[0] for row in db.execute("SELECT name FROM sqlite_master")}
        assert "answer" not in names, "put into a file of their own"
    stranger = tmp_path / "stranger.db"
    with Store.open(str(stranger)) as other:
        other.append([answer("of another store")])
        other.backup(tmp_path / "another copy.db")
    shutil.copy(SecretFile(stranger).file, SecretFile(tmp_path / "another copy.db").file)
    Store.open(str(tmp_path / "another copy.db")).close()  # its own answers: a kill left them
    with Store.open(str(copy)) as store:
        store.backup(tmp_path / "third.db")
    shutil.copy(SecretFile(stranger).file, SecretFile(tmp_path / "third.db").file)
    with pytest.raises(StoreError, match="another store lie beside"):
        Store.open(str(tmp_path / "third.db"))


def test_an_answer_marked_by_hand_is_in_no_picture(store_url: str) -> None:
    """A page or a file may say of itself that it is in a picture: only a closing makes it so."""
    with Store.open(store_url) as store:
        store.append([replace(answer("hand made"), showing=3)])
        assert [r.showing for r in store.revisions()] == [0]
        store.append([*(answer(str(n)) for n in range(6)), close()])
        store.append([replace(answer("late"), showing=1), close()])
        assert told(store)["late"] is True


def test_a_number_of_new_revisions_is_a_number() -> None:
    saved = Saved(3)
    assert (saved + 1, saved == 3, saved.late, saved.closed) == (4, True, {}, ())
