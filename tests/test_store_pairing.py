"""A store and its file of secret answers belong together: no older file, and none of another's."""

from __future__ import annotations

import json
import shutil
import sqlite3
from collections.abc import Callable
from contextlib import closing
from pathlib import Path

import pytest

from playbook_helpers.core.errors import StoreError
from playbook_helpers.core.partnership import Partnership
from playbook_helpers.core.revisions import Revision, checksum, new_revision
from playbook_helpers.practices.trust import CheckIn, ClosedRound
from playbook_helpers.storage.database import Store
from playbook_helpers.storage.database.erasing import erase, erasure
from playbook_helpers.storage.database.secret_stores import SecretFile
from playbook_helpers.storage.database.tallies import total_of
from playbook_helpers.storage.database.verifying import begin_again, verify_file

MARCH = "2027-03"


def answers(slug: str, number: int) -> list[Revision]:
    return [new_revision(slug, CheckIn(round=MARCH, helps="4")) for _ in range(number)]


def closed(slug: str) -> Revision:
    return new_revision(slug, ClosedRound(round=MARCH))


def held(store: Store, slug: str) -> int:
    return len(store.heads(slug, kind="check_in"))


@pytest.fixture
def file(tmp_path: Path) -> Path:
    """A store with eight answers of `a` and five of `b`, all rounds open."""
    made = tmp_path / "own.db"
    with Store.open(str(made)) as store:
        store.append(new_revision("a", Partnership(name="A")))
        store.append([*answers("a", 8), *answers("b", 5)])
    return made


def more_answers(store: Store) -> None:
    store.append(answers("a", 1))


def a_closing(store: Store) -> None:
    store.append(closed("a"))


def an_erasure(store: Store) -> None:
    one = store.heads("a", kind="check_in")[0]
    erase(store, erasure(store, "a", record=one.record))


@pytest.mark.parametrize("change", [more_answers, a_closing, an_erasure])
def test_an_older_file_of_answers_is_refused_and_never_closed_again(
    file: Path, change: Callable[[Store], None]
) -> None:
    older = SecretFile(file).file.read_bytes()
    with Store.open(str(file)) as store:
        change(store)
        assert held(store, "a") == {more_answers: 9, a_closing: 8, an_erasure: 7}[change]
    newest = SecretFile(file).file.read_bytes()
    SecretFile(file).file.write_bytes(older)
    assert verify_file(file).damage == [
        "own.db-secret: secret answers of a, or the closing of a round, are missing: it is older "
        "than the store, or damaged"
    ]
    for _ in range(2):
        with Store.open(str(file)) as store:
            assert held(store, "b") == 5, "nothing of it is missing"
            for read in (store.heads, store.revisions, lambda s: store.is_closed(s, "", "")):
                with pytest.raises(
                    StoreError, match=r"older than the store.*\n.*own\.db-secret: a"
                ):
                    read("a")
            with pytest.raises(StoreError, match="older than the store"):
                store.append(answers("a", 1))
            with pytest.raises(StoreError, match="older than the store"):
                store.backup(file.with_name("copy.db"))
            with (
                pytest.raises(StoreError, match="older than the store"),
                Store.open("sqlite://") as m,
            ):
                m.merge(store)
        assert SecretFile(file).file.read_bytes() == older
    SecretFile(file).file.write_bytes(newest)
    assert verify_file(file).whole
    with Store.open(str(file)) as store:
        assert store.append(answers("a", 1)) == 1


def test_another_stores_file_of_answers_is_refused(file: Path, tmp_path: Path) -> None:
    stranger = tmp_path / "stranger.db"
    with Store.open(str(stranger)) as store:
        store.append(new_revision("a", Partnership(name="A")))
        store.append([*answers("a", 20), *answers("b", 20)])
    own = SecretFile(file).file.read_bytes()
    with Store.open(str(file)) as store:
        shutil.copy(SecretFile(stranger).file, SecretFile(file).file)
        with pytest.raises(StoreError, match="of another store") as caught:
            store.heads("a")
        assert str(SecretFile(file).file) in str(caught.value)
        with pytest.raises(StoreError, match="of another store"):
            store.append(answers("a", 1))
    with pytest.raises(StoreError, match="of another store"):
        Store.open(str(file))
    assert verify_file(file).damage == ["own.db-secret: holds the secret answers of another store"]
    assert SecretFile(file).file.read_bytes() == SecretFile(stranger).file.read_bytes()
    SecretFile(file).file.write_bytes(own)
    with Store.open(str(file)) as store:
        assert held(store, "a") == 8


def test_answers_of_which_a_kill_has_left_no_count_are_counted_by_the_next_opening(
    file: Path,
) -> None:
    store = Store.open(str(file))
    older = SecretFile(file).file.read_bytes()
    store.append(answers("a", 3))  # and never closed
    (note,) = verify_file(file).notes
    assert "own.db-secret holds more than the store has counted" in note
    Store.open(str(file)).close()
    assert verify_file(file).notes == []
    SecretFile(file).file.write_bytes(older)
    with pytest.raises(StoreError, match="older than the store"):
        store.heads("a")


def test_answers_that_were_lost_for_good_are_begun_again_and_rounds_stay_closed(file: Path) -> None:
    with Store.open(str(file)) as store:
        store.append(closed("a"))
    SecretFile(file).file.unlink()
    begin_again(str(file))
    with Store.open(str(file)) as store:
        assert (held(store, "a"), held(store, "b")) == (0, 0)
        assert store.is_closed("a", "check_in", MARCH)
        store.append(answers("b", 2))
    assert verify_file(file).whole


@pytest.mark.parametrize("counted", [True, False])
def test_a_partnership_whose_answers_are_lost_altogether_is_not_taken_for_one_without(
    file: Path, counted: bool
) -> None:
    """A damaged page can take a partnership's line along with all its rows."""
    with closing(sqlite3.connect(SecretFile(file).file)) as db:
        db.execute("DELETE FROM answer WHERE partnership = 'b'")
        db.execute("DELETE FROM answered WHERE slug = 'b'")
        db.commit()
    if not counted:
        with closing(sqlite3.connect(file)) as db:
            db.execute("DELETE FROM tied WHERE slug = 'b'")
            db.commit()
    assert not verify_file(file).whole
    with Store.open(str(file)) as store:
        assert held(store, "a") == 8
        for read in (store.heads, store.fingerprint, lambda s: store.is_closed(s, "check_in", "")):
            with pytest.raises(StoreError, match="damaged"):
                read("b")


def test_a_store_from_before_there_were_names_is_given_one(file: Path) -> None:
    with closing(sqlite3.connect(file)) as db:
        db.execute("DROP TABLE tied")
        db.commit()
    whose = SecretFile(file).name()
    with Store.open(str(file)) as store:
        assert (held(store, "a"), held(store, "b")) == (8, 5)
    assert SecretFile(file).name() == whose
    assert verify_file(file).whole
    with closing(sqlite3.connect(file)) as db:
        told = dict(db.execute("SELECT slug, told FROM tied"))
    assert told == {"": whose, "a": "000000000008", "b": "000000000005"}


def test_older_answers_beside_a_store_without_a_name_are_not_closed_again(file: Path) -> None:
    older = SecretFile(file).file.read_bytes()
    with Store.open(str(file)) as store:
        store.append(closed("a"))
    with closing(sqlite3.connect(file)) as db:
        db.execute("DROP TABLE tied")
        db.commit()
    SecretFile(file).file.write_bytes(older)
    with closing(sqlite3.connect(SecretFile(file).file)) as db:  # as it was written then
        db.execute("DELETE FROM answered WHERE slug = ''")
        line = json.dumps([*total_of("ab")])
        db.execute("INSERT INTO answered VALUES ('', ?, ?)", (line, checksum("", line)))
        db.commit()
    for _ in range(2):
        with Store.open(str(file)) as store:
            assert held(store, "b") == 5
            with pytest.raises(StoreError, match="older than the store"):
                store.heads("a")
    assert SecretFile(file).name()
