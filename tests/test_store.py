"""The store: what is saved stays as it was written, and every failure says what to do."""

from __future__ import annotations

import pickle
import sqlite3
import uuid
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from pathlib import Path
from typing import Any

import psutil
import pytest
from sqlalchemy import create_engine, event
from sqlalchemy.exc import DBAPIError
from sqlalchemy.pool import NullPool

from playbook_helpers.core.errors import InputError, RevisionChanged, StoreError
from playbook_helpers.core.revisions import Revision, new_revision, uuid7
from playbook_helpers.practices.kinds import RECORD_TYPES
from playbook_helpers.storage.database import Store


def name(number: int) -> str:
    return str(uuid.UUID(int=number))


def second(number: int) -> str:
    return f"2025-01-01T{number // 3600:02d}:{number // 60 % 60:02d}:{number % 60:02d}Z"


def goal(number: int, record: int = 1, parents: tuple[int, ...] = (), **more: Any) -> Revision:
    """The state `number` of goal `record`, written in the second `number`."""
    values: dict[str, Any] = {
        "id": name(number),
        "partnership": "east-side",
        "practice": "goals",
        "kind": "goal",
        "record": name(1000 + record),
        "payload": {"name": f"Goal {record}", "sentence": f"Version {number}"},
        "parents": tuple(name(p) for p in parents),
        "client_time": second(number),
    }
    return Revision(**(values | more))


def raw(url: str, statement: str) -> None:
    """Run a statement past the store, as a stranger with the database's own tools would."""
    engine = create_engine(url, poolclass=NullPool)
    with engine.begin() as connection:
        connection.exec_driver_sql(statement)


# Saving --------------------------------------------------------------------------------------


def test_what_is_read_is_exactly_what_was_written(store_url: str) -> None:
    payload = {
        "name": "Ünï 😀 \\ \" ' % ; --\nsecond line\ttab",
        "numbers": [0.1, 1e-300, 1.0, 10**30, -7, True, None],
        "z": {"a": [], "b": {}},
        "1e2": "1e2",
    }
    made = goal(1, payload=payload, author="Zoë O'Hara", schema_version=3, deleted=True)
    with Store.open(store_url) as store:
        assert store.append([made]) == 1
        (read,) = store.revisions()
    assert read == made
    assert [type(value) for value in read.payload["numbers"]] == [
        type(value) for value in payload["numbers"]
    ]
    assert read.stored_time.endswith("Z")


def test_saved_revisions_are_there_when_the_store_is_opened_again(store_url: str) -> None:
    with Store.open(store_url) as store:
        store.append([goal(1), goal(2, parents=(1,))])
    with Store.open(store_url, create=False) as again:
        assert again.history(name(1001)) == [goal(1), goal(2, parents=(1,))]


def test_sending_twice_stores_once(store_url: str) -> None:
    with Store.open(store_url) as store:
        assert store.append([goal(1), goal(2)]) == 2
        first = {r.id: r.stored_time for r in store.revisions()}
        assert store.append([goal(2), goal(3), goal(3)]) == 1
        assert store.append([]) == 0
        assert [r.id for r in store.revisions()] == [name(1), name(2), name(3)]
        assert {r.id: r.stored_time for r in store.revisions()[:2]} == first


def test_an_altered_revision_is_refused_and_nothing_beside_it_is_stored(store_url: str) -> None:
    altered = goal(1, payload={"name": "Goal 1", "sentence": "Something else"})
    with Store.open(store_url) as store:
        store.append([goal(1)])
        with pytest.raises(RevisionChanged, match="altered"):
            store.append([goal(2), altered, goal(3)])
        with pytest.raises(RevisionChanged):
            store.append([goal(4), replace(goal(4), record=name(5))])
        assert store.revisions() == [goal(1)]


def test_who_sent_it_and_when_is_no_part_of_what_a_revision_says(store_url: str) -> None:
    """A receipt that was lost is asked for again, maybe under a new cookie."""
    with Store.open(store_url) as store:
        assert store.append(replace(goal(1), author="Ada", client_time="2027-03-01")) == 1
        again = replace(goal(1), author="somebody else", client_time="2027-03-02")
        assert store.append(again) == 0
        assert [r.author for r in store.revisions()] == ["Ada"]


def test_a_malformed_revision_stops_the_whole_call(store_url: str) -> None:
    with Store.open(store_url) as store:
        with pytest.raises(InputError, match="short name"):
            store.append([goal(1), goal(2, partnership="../elsewhere")])
        assert store.revisions() == []


def test_many_at_once_are_saved_and_none_twice(store_url: str) -> None:
    """Eight people save at the same time, each also sending what a neighbour sends."""
    everything = [goal(n, record=n) for n in range(1, 61)]
    with Store.open(store_url) as store:

        def save(person: int) -> int:
            mine = everything[person * 5 : person * 5 + 25]
            return sum(store.append(part) for part in (mine[:12], mine[24:11:-1], mine))

        with ThreadPoolExecutor(8) as people:
            added = list(people.map(save, range(8)))
        assert sum(added) == 60
        assert store.revisions() == everything


def test_two_who_open_a_new_store_at_once_make_one(new_store_url: Callable[[], str]) -> None:
    for _ in range(3):
        url = new_store_url()

        def save(number: int, url: str = url) -> int:
            with Store.open(url) as store:
                return store.append([goal(number)])

        with ThreadPoolExecutor(6) as people:
            assert sum(people.map(save, range(1, 7))) == 6
        with Store.open(url, create=False) as store:
            assert len(store.revisions()) == 6


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE revision SET payload = '{}'",
        "DELETE FROM revision",
        "INSERT OR REPLACE INTO revision SELECT id, 'other', practice, kind, record, parents,"
        " schema_version, author, client_time, stored_time, payload, deleted, erased, checksum"
        " FROM revision",
        "REPLACE INTO revision SELECT * FROM revision",
        "UPDATE OR REPLACE revision SET id = 'x'",
        "INSERT INTO revision SELECT * FROM revision WHERE true"
        " ON CONFLICT (id) DO UPDATE SET payload = '{}'",
        "TRUNCATE revision",
        # Words may be taken out, and nothing else may change with that.
        "UPDATE revision SET payload = '{}', author = '', deleted = true",
        "UPDATE revision SET payload = '{}', deleted = true, erased = true, author = 'Eve'",
        "UPDATE revision SET payload = '{\"a\":1}', author = '', deleted = true, erased = true",
        "UPDATE revision SET payload = '{}', author = '', deleted = true, erased = true,"
        " record = 'x'",
    ],
)
def test_not_even_the_databases_own_tools_change_a_revision(store_url: str, statement: str) -> None:
    sqlite = store_url.startswith("sqlite")
    if ("REPLACE" in statement and not sqlite) or ("TRUNCATE" in statement and sqlite):
        return  # this database does not know the statement
    with Store.open(store_url) as store:
        store.append([goal(1)])
        with pytest.raises(DBAPIError, match="revisions are never"):
            raw(store_url, statement)
        assert store.revisions() == [goal(1)]


# Reading -------------------------------------------------------------------------------------


def test_heads_are_typed_and_can_be_asked_by_practice_and_kind(store_url: str) -> None:
    partner = new_revision("east-side", RECORD_TYPES["partner"](name="Library", sector="other"))
    broken = goal(3, record=2, payload={"no_such_field": 1})
    with Store.open(store_url) as store:
        store.append([goal(1), goal(2, parents=(1,)), broken, partner])
        assert [h.revision for h in store.heads("east-side")] == [name(2), name(3), partner.id]
        (read,) = store.heads("east-side", practice="partnership")
        assert read.value == RECORD_TYPES["partner"](name="Library", sector="other")
        assert [h.kind for h in store.heads("east-side", kind="goal")] == ["goal", "goal"]
        assert "no_such_field is not a field" in store.heads("east-side")[1].problem
        assert store.heads("west-side") == []


def test_histories_hold_every_state_of_the_records_of_some_kinds(store_url: str) -> None:
    with Store.open(store_url) as store:
        store.append([goal(1), goal(2, parents=(1,)), goal(3, record=2)])
        held = store.histories("east-side", ["goal"])
        assert [len(states) for states in held.values()].count(2) == 1
        for record, states in held.items():
            assert list(states) == store.history(record)
        assert store.histories("east-side", []) == {}
        assert store.histories("east-side", ["experiment"]) == {}
        assert store.histories("nobody", ["goal"]) == {}


def test_two_who_edit_at_once_are_a_conflict_until_it_is_settled(store_url: str) -> None:
    with Store.open(store_url) as store:
        store.append([goal(1), goal(2, parents=(1,)), goal(3, parents=(1,))])
        assert store.conflicts("east-side") == {
            name(1001): (goal(2, parents=(1,)), goal(3, parents=(1,)))
        }
        assert [h.rivals for h in store.heads("east-side")] == [(name(3),), (name(2),)]
        store.append([goal(4, parents=(2, 3))])
        assert store.conflicts("east-side") == {}
        assert [h.revision for h in store.heads("east-side")] == [name(4)]
        assert len(store.history(name(1001))) == 4


def test_the_plainest_calls_do_what_they_say(store_url: str, tmp_path: Path) -> None:
    """One revision, no partnership named, a store by its address."""
    with Store.open(store_url) as store, Store.open(str(tmp_path / "other.db")) as other:
        assert store.append(goal(1)) == 1
        assert [head.payload["name"] for head in store.heads()] == ["Goal 1"]
        assert store.conflicts() == {}
        other.append(goal(2, parents=()))
        assert store.merge(str(tmp_path / "other.db")) == 1
        assert list(store.conflicts()) == [name(1001)]
        assert [revision.id for revision in store.history(name(1001))] == [name(1), name(2)]
        with pytest.raises(StoreError, match="There is no store"):
            store.merge(tmp_path / "nowhere.db")


def test_partnerships_are_listed_in_order(store_url: str) -> None:
    slugs = ["b-side", "a-side", "a", "a2", "b-side"]
    with Store.open(store_url) as store:
        store.append([goal(n, n, partnership=slug) for n, slug in enumerate(slugs, 1)])
        assert store.partnerships() == ["a", "a-side", "a2", "b-side"]


def test_the_fingerprint_changes_exactly_when_the_heads_change(store_url: str) -> None:
    with Store.open(store_url) as store:
        empty = store.fingerprint("east-side")
        store.append([goal(2, parents=(1,))])
        first = store.fingerprint("east-side")
        store.append([goal(1)])  # what goal 2 replaced arrives late
        assert store.fingerprint("east-side") == first != empty
        store.append([goal(5, record=9, partnership="west-side")])
        assert store.fingerprint("east-side") == first
        store.append([goal(3, parents=(1,), payload=dict(goal(2).payload))])  # says the same, later
        assert [h.revision for h in store.heads("east-side")] == [name(3)]
        second = store.fingerprint("east-side")
        assert second != first
        store.append([goal(4, parents=(2, 3), deleted=True)])
        assert store.heads("east-side") == []
        assert store.fingerprint("east-side") == empty


def test_fingerprints_of_some_practices_do_not_follow_the_others(store_url: str) -> None:
    with Store.open(store_url) as store:
        store.append([goal(1)])
        mine = store.fingerprints(["east-side"], practices=["goals"])
        whole = store.fingerprints()
        store.append([goal(2, record=2, practice="resources", kind="need")])
        assert store.fingerprints(["east-side"], practices=["goals"]) == mine
        assert store.fingerprints() != whole
        assert store.fingerprints(["nobody"]) == {"nobody": store.fingerprint("nobody")}


def test_large_stores_are_read_in_few_questions(store_url: str) -> None:
    """1,000 partnerships' fingerprints and 2,000 records' heads: not one question for each."""
    many = [goal(n, n, partnership=f"area-{n % 1000}") for n in range(1, 3001)]
    many += [goal(n, n, partnership="large") for n in range(5001, 7001)]
    asked: list[str] = []
    with Store.open(store_url) as store:
        event.listen(store._engine, "before_cursor_execute", lambda *a: asked.append(a[2]))
        assert store.append(many) == 5000
        assert len([s for s in asked if s.startswith("SELECT revision")]) == 10  # 500 at a time
        asked.clear()
        assert len(store.fingerprints([f"area-{n}" for n in range(1000)])) == 1000
        assert len([s for s in asked if s.startswith("SELECT revision")]) == 2
        asked.clear()
        assert len(store.heads("large")) == 2000
        assert len([s for s in asked if s.startswith("SELECT revision")]) == 1


# Merging and copies --------------------------------------------------------------------------


def test_stores_merge_both_ways_and_across_databases(store_url: str, tmp_path: Path) -> None:
    with Store.open(store_url) as hub, Store.open(str(tmp_path / "laptop.db")) as laptop:
        hub.append([goal(n, n) for n in range(1, 700)])
        laptop.append([goal(n, n) for n in range(600, 1300)])
        assert hub.merge(laptop) == 600
        assert laptop.merge(hub) == 599
        assert hub.merge(hub) == 0
        assert laptop.merge(hub.revisions()) == 0
        assert hub.revisions() == laptop.revisions()
        assert hub.fingerprints() == laptop.fingerprints()


def test_a_merge_that_meets_an_altered_revision_takes_nothing(
    store_url: str, tmp_path: Path
) -> None:
    with Store.open(store_url) as hub, Store.open(str(tmp_path / "laptop.db")) as laptop:
        hub.append([goal(999)])
        laptop.append([goal(n) for n in range(1, 999)] + [goal(999, payload={"name": "altered"})])
        with pytest.raises(RevisionChanged):
            hub.merge(laptop)
        assert hub.revisions() == [goal(999)]


def test_a_copy_opens_as_a_store_with_everything_in_it(store_url: str, tmp_path: Path) -> None:
    with Store.open(store_url) as store:
        store.append([goal(n, n) for n in range(1, 1001)])
        copy = store.backup(tmp_path / "copy of it.db")
        store.append([goal(2001)])
        assert [p.name for p in tmp_path.iterdir() if "copy" in p.name] == ["copy of it.db"]
        with Store.open(str(copy), create=False) as opened:
            kept = {r.id: (r, r.stored_time) for r in opened.revisions()}
        assert kept == {r.id: (r, r.stored_time) for r in store.revisions() if r.id != name(2001)}


def test_a_copy_overwrites_nothing_and_leaves_nothing_half_written(
    store_url: str, tmp_path: Path
) -> None:
    there = tmp_path / "there.db"
    there.write_text("mine")
    with Store.open(store_url) as store:
        with pytest.raises(StoreError, match="there already"):
            store.backup(there)
        with pytest.raises(StoreError, match="folder for the copy is not there"):
            store.backup(tmp_path / "no" / "copy.db")
    assert there.read_text() == "mine"


# Other processes and threads -----------------------------------------------------------------


def test_a_store_can_be_sent_to_another_process(store_url: str) -> None:
    with Store.open(store_url) as store:
        store.append([goal(1)])
        with pickle.loads(pickle.dumps(store)) as other:
            assert other.revisions() == [goal(1)]
            other.append([goal(2)])
        assert len(store.revisions()) == 2


def test_no_connection_stays_open_between_calls_so_that_a_process_can_be_forked(
    store_url: str,
) -> None:
    me = psutil.Process()
    before = me.num_fds() if hasattr(me, "num_fds") else 0
    with Store.open(store_url) as store:
        store.append([goal(1)])
        store.heads("east-side")
        if hasattr(me, "num_fds"):
            assert me.num_fds() == before
        assert not [f.path for f in me.open_files() if ".db" in f.path]


def test_a_store_in_memory_works_from_many_threads_and_says_what_it_cannot_do() -> None:
    with Store.open("sqlite://") as store, Store.open("sqlite:///:memory:") as other:
        with ThreadPoolExecutor(4) as people:
            list(people.map(lambda n: store.append([goal(n)]), range(1, 41)))
        assert len(store.revisions()) == 40
        assert other.merge(store) == 40
        with pytest.raises(StoreError, match="in memory"):
            pickle.dumps(store)


def test_a_row_that_somebody_else_wrote_is_named(tmp_path: Path) -> None:
    file = tmp_path / "x.db"
    with Store.open(str(file)) as store:
        store.append([goal(1)])
        with sqlite3.connect(file) as stranger:
            stranger.execute(
                "INSERT INTO revision VALUES"
                " ('abc','p','x','x','r','[]',1,'','','','no json',0,0,'abc')"
            )
        stranger.close()
        with pytest.raises(StoreError, match="cannot be read") as caught:
            store.revisions()
        assert caught.value.value == "abc"


def test_ids_made_by_the_playbook_are_taken(store_url: str) -> None:
    offer = RECORD_TYPES["partner"](name="School", sector="government")
    with Store.open(store_url) as store:
        made = [new_revision("east-side", offer, record_id=uuid7()) for _ in range(3)]
        assert store.append(made) == 3
