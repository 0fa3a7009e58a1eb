"""Heads of many partnerships at once: the same heads, and nothing of what is not to be read."""

from __future__ import annotations

import uuid
from itertools import combinations
from pathlib import Path
from typing import Any

import pytest

from playbook_helpers.core.errors import StoreError
from playbook_helpers.core.revisions import Revision
from playbook_helpers.practices.kinds import read_heads
from playbook_helpers.storage.database import Store


def name(number: int) -> str:
    return str(uuid.UUID(int=number))


def revision(number: int, slug: str, record: int, *parents: int, **more: Any) -> Revision:
    values: dict[str, Any] = {
        "id": name(number),
        "partnership": slug,
        "practice": "goals",
        "kind": "goal",
        "record": name(1000 + record),
        "payload": {"name": f"Goal {record}", "sentence": f"Version {number}", "level": "outcome"},
        "parents": tuple(map(name, parents)),
        "client_time": f"2026-01-01T00:00:{number % 60:02d}.000Z",
    }
    return Revision(**(values | more))


HISTORY = (
    revision(1, "east", 1),
    revision(2, "east", 1, 1),
    revision(3, "east", 2),
    revision(4, "east", 2, 3, deleted=True),  # taken away
    revision(5, "east", 3),
    revision(6, "east", 3, 5),
    revision(7, "east", 3, 5),  # two at once
    revision(8, "east", 4),
    revision(9, "east", 4, payload={"name": "Goal 4", "sentence": "Version 8", "level": "outcome"}),
    revision(10, "west", 5, payload={"name": " Blanks ", "sentence": "A.", "level": "outcome"}),
    revision(11, "west", 6, payload={"name": "No level", "sentence": "A."}),
    revision(12, "west", 7, kind="something_new"),
    revision(13, "west", 8, practice="communication", kind="story", payload={"name": "Mine"}),
    revision(
        14, "west", 8, 13, practice="communication", kind="story", payload={"name": "Mine, mended"}
    ),
    revision(15, "west", 9, practice="communication", kind="story", payload={"name": "Gone"}),
    revision(16, "west", 9, 15, practice="communication", kind="story", deleted=True),
)


@pytest.fixture
def store(store_url: str) -> Any:
    with Store.open(store_url) as opened:
        opened.append(HISTORY)
        yield opened


def test_the_heads_are_those_that_the_revisions_give(store: Store) -> None:
    for slug in ("east", "west"):
        kept = store.revisions(slug)
        assert kept == [r for r in HISTORY if r.partnership == slug]
        assert store.heads(slug) == read_heads(kept)
    assert dict(store.heads_of_many()) == {s: store.heads(s) for s in ("east", "west")}


def test_they_come_in_order_and_only_those_asked_for(store: Store) -> None:
    assert [slug for slug, _ in store.heads_of_many()] == ["east", "west"]
    assert [slug for slug, _ in store.heads_of_many(["west", "west"])] == ["west"]
    assert list(store.heads_of_many([])) == []
    assert list(store.heads_of_many(["nobody"])) == [("nobody", [])]


KINDS = ("goal", "something_new", "story")


@pytest.mark.parametrize(
    "unread", [c for n in range(4) for c in combinations(KINDS, n)], ids=" ".join
)
def test_of_what_is_not_to_be_read_only_that_its_practice_is_filled_in(
    store: Store, unread: tuple[str, ...]
) -> None:
    found = list(store.some_of_many(unread=unread))
    assert [slug for slug, _, _ in found] == ["east", "west"]
    for slug, heads, filled in found:
        every = store.heads(slug)
        assert heads == [head for head in every if head.kind not in unread]
        assert filled == {head.practice for head in every if not head.deleted}


def test_a_practice_whose_unread_records_are_all_taken_away_is_not_filled_in(
    store_url: str,
) -> None:
    story: dict[str, Any] = {"practice": "communication", "kind": "story"}
    group: dict[str, Any] = {"practice": "community", "kind": "community_group"}
    payload = {"name": "Mine"}
    with Store.open(store_url) as store:
        store.append(
            [
                revision(1, "east", 1, payload=payload, **story),
                revision(2, "east", 1, 1, deleted=True, **story),
                revision(3, "north", 2, payload=payload, **story),
                revision(4, "north", 2, 3, deleted=True, **story),
                revision(5, "north", 2, 4, payload=payload, **story),  # and brought back
                revision(6, "north", 3, payload=payload, **group),
                revision(7, "south", 4),
                revision(8, "south", 5, deleted=True, **group),
            ]
        )
        found = store.some_of_many(unread={"story", "community_group"})
        assert [(slug, sorted(filled)) for slug, _, filled in found] == [
            ("east", []),
            ("north", ["communication", "community"]),
            ("south", ["goals"]),
        ]
        assert list(store.some_of_many(["nobody"], unread={"goal"})) == [
            ("nobody", [], frozenset())
        ]
        assert list(store.some_of_many([], unread={"goal"})) == []


def test_no_payload_that_is_not_to_be_read_leaves_the_database(tmp_path: Path) -> None:
    import sqlite3

    path = tmp_path / "store.db"
    with Store.open(f"sqlite:///{path}") as store:
        store.append(HISTORY)
    with sqlite3.connect(path) as other:  # what cannot be read is told of, if it is read
        row = ("x", "west", "communication", "story", "y", "[]", 1, "", "", "", "no JSON", 0, 0, "")
        other.execute(f"INSERT INTO revision VALUES ({','.join('?' * 14)})", row)
    other.close()
    with Store.open(f"sqlite:///{path}") as store:
        with pytest.raises(StoreError):
            list(store.some_of_many(unread={"goal"}))
        (_, west) = list(store.some_of_many(unread={"story"}))
    assert {head.kind for head in west[1]} == {"goal", "something_new"}


def test_more_partnerships_than_one_statement_takes(store_url: str) -> None:
    slugs = [f"town-{n:03d}" for n in range(450)]
    with Store.open(store_url) as store:
        store.append(revision(100 + n, slug, n) for n, slug in enumerate(slugs))
        found = dict(store.heads_of_many())
    assert list(found) == slugs
    assert all(len(heads) == 1 for heads in found.values())


def test_a_row_that_somebody_else_wrote_is_told_of(tmp_path: Any) -> None:
    import sqlite3

    path = tmp_path / "store.db"
    with Store.open(str(path)) as store:
        store.append([revision(1, "east", 1)])
        connection = sqlite3.connect(path)
        row = list(connection.execute("SELECT * FROM revision").fetchone())
        columns = [d[0] for d in connection.execute("SELECT * FROM revision").description]
        row[columns.index("id")], row[columns.index("record")] = name(2), name(1002)
        row[columns.index("payload")] = "not JSON"
        marks = ",".join("?" * len(row))
        connection.execute(f"INSERT INTO revision VALUES ({marks})", row)
        connection.commit()
        connection.close()
        with pytest.raises(StoreError, match="cannot be read"):
            store.heads("east")
