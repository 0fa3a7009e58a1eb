"""A store of the version before is brought over on opening, and a kill at any step loses nothing.

The old stores are made here as version 1 made them: one table, answers among the rest, with the
month in which they were stored.
"""

from __future__ import annotations

import json
import os
import signal
import sqlite3
import subprocess
import sys
import uuid
from contextlib import closing
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from playbook_helpers.core.errors import StoreError
from playbook_helpers.core.records import Record
from playbook_helpers.core.revisions import Revision, canonical, new_revision
from playbook_helpers.practices.trust import CheckIn, SmallWin, Turnout
from playbook_helpers.storage.database import Store
from playbook_helpers.storage.database.secret_stores import SecretFile
from playbook_helpers.storage.database.verifying import verify_file
from playbook_helpers.storage.files import import_paths

if TYPE_CHECKING:
    from conftest import PostgresServer

TABLE = """CREATE TABLE revision (id VARCHAR(36) NOT NULL, partnership VARCHAR(60) NOT NULL,
    practice VARCHAR(60) NOT NULL, kind VARCHAR(60) NOT NULL, record VARCHAR(36) NOT NULL,
    parents TEXT NOT NULL, schema_version INTEGER NOT NULL, author VARCHAR(200) NOT NULL,
    client_time VARCHAR(40) NOT NULL, stored_time VARCHAR(40) NOT NULL, payload TEXT NOT NULL,
    deleted BOOLEAN NOT NULL, PRIMARY KEY (id))"""
REST = (
    "CREATE INDEX ix_revision_record ON revision (record)",
    "CREATE INDEX ix_revision_kinds ON revision (partnership, practice, kind, id)",
    "CREATE INDEX ix_revision_kind ON revision (kind)",
    "CREATE TABLE playbook (version INTEGER NOT NULL)",
    "INSERT INTO playbook VALUES (1)",
)
TRIGGERS = (
    """CREATE TRIGGER revision_no_update BEFORE UPDATE ON revision
    BEGIN SELECT RAISE(ABORT, 'revisions are never changed'); END""",
    """CREATE TRIGGER revision_no_delete BEFORE DELETE ON revision
    BEGIN SELECT RAISE(ABORT, 'revisions are never deleted'); END""",
    """CREATE TRIGGER revision_no_replace BEFORE INSERT ON revision
    WHEN EXISTS (SELECT 1 FROM revision WHERE id = NEW.id)
    BEGIN SELECT RAISE(ABORT, 'revisions are never replaced'); END""",
)
SECRET = "I do not trust the treasurer"
OPEN = "2099-01"


def row(revision: Revision, month: str = "2026-03") -> tuple[Any, ...]:
    secret = revision.kind == "check_in"
    stored = f"{month}-01T00:00:00.000Z" if secret else "2026-03-05T10:00:00.000Z"
    return (
        *(revision.id, revision.partnership, revision.practice, revision.kind, revision.record),
        *(json.dumps(list(revision.parents)), revision.schema_version, revision.author),
        *(revision.client_time, stored, canonical(revision.payload), revision.deleted),
    )


def made(record: Record, **more: Any) -> Revision:
    return new_revision("here", record, **more)


def old_rows() -> list[tuple[Any, ...]]:
    """Rounds that the old rule showed, in whole or in part, and rounds that it did not."""
    rows = [row(made(SmallWin(action=f"Tea {n}"), author="Ada")) for n in range(40)]
    for when, number in (("2026-03", 8), ("2026-02", 6), ("2026-01", 7), (OPEN, 5)):
        for n in range(number):
            answer = CheckIn(round=when, helps=str(1 + n % 5), comment=f"{SECRET} {when} {n}")
            rows.append(row(made(answer)))
    # A late one: stored after the round's month, and so kept back by the old rule.
    rows.append(row(made(CheckIn(round="2026-03", comment="late")), "2026-05"))
    # Of the second round all that were counted came, of the third one is missing.
    rows.append(row(made(Turnout(round="2026-02", organisation="Library", answers=6))))
    rows.append(row(made(Turnout(round="2026-01", organisation="Library", answers=8))))
    edited = json.loads(rows[45][10]) | {"comment": "edited before"}
    other = made(CheckIn(**edited), record_id=rows[45][4], parents=[rows[45][0]])
    return [*rows, row(other)]


def old_store(file: Path, rows: list[tuple[Any, ...]]) -> None:
    with closing(sqlite3.connect(file)) as db:
        db.execute("PRAGMA journal_mode = WAL")
        db.execute(f"{TABLE} WITHOUT ROWID")
        for statement in (*REST, *TRIGGERS):
            db.execute(statement)
        db.executemany(f"INSERT INTO revision VALUES ({','.join('?' * 12)})", rows)
        db.commit()


def check_brought_over(file: str, rows: list[tuple[Any, ...]]) -> None:
    with Store.open(file) as store:
        revisions = {r.id: r for r in store.revisions("here")}
        for old in rows:
            kept = revisions.pop(old[0])
            assert canonical(kept.payload) == old[10]
            assert (kept.record, kept.author, kept.client_time) == (old[4], old[7], old[8])
            assert list(kept.parents) == json.loads(old[5])
        assert {(r.kind, r.payload["round"]) for r in revisions.values()} == {
            ("closed_round", "2026-03"),
            ("closed_round", "2026-02"),
        }
        closed = {w for w in ("2026-03", "2026-02", "2026-01", OPEN) if closes(store, w)}
        assert closed == {"2026-03", "2026-02"}
        heads = store.heads("here", kind="check_in")
        assert [h.payload["comment"] for h in heads if h.waiting] == ["late"]
        assert len([h for h in heads if h.payload["round"] == "2026-03"]) == 9
        assert any(h.payload.get("comment") == "edited before" for h in heads)


def closes(store: Store, when: str) -> bool:
    return store.is_closed("here", "check_in", when)


def test_an_old_store_is_brought_over_and_its_answers_leave_it(tmp_path: Path) -> None:
    file, rows = tmp_path / "x.db", old_rows()
    old_store(file, rows)
    assert SECRET.encode() in file.read_bytes()
    with pytest.raises(StoreError, match="version before"):
        verify_file(file)
    check_brought_over(str(file), rows)
    assert {path.name for path in tmp_path.iterdir()} == {
        "x.db",
        "x.db-secret",
        "x.db-version-1",
    }
    assert SECRET.encode() not in file.read_bytes()
    assert verify_file(file).whole
    assert verify_file(file).before == tmp_path / "x.db-version-1"
    # A second opening changes nothing.
    before = SecretFile(file).file.read_bytes()
    check_brought_over(str(file), rows)
    assert SecretFile(file).file.read_bytes() == before


def test_the_copy_of_the_old_store_is_one_and_bears_no_order(tmp_path: Path) -> None:
    rows = old_rows()
    copies = []
    for name, order in (("x", rows), ("y", rows[::-1])):
        file = tmp_path / f"{name}.db"
        old_store(file, order)
        Store.open(str(file)).close()
        copies.append((tmp_path / f"{name}.db-version-1").read_bytes())
    assert copies[0] == copies[1]
    again = tmp_path / "again.db"
    (tmp_path / "x.db-version-1").rename(again)
    with closing(sqlite3.connect(again)) as db:
        with pytest.raises(sqlite3.IntegrityError, match="never deleted"):
            db.execute("DELETE FROM revision")
        assert db.execute("SELECT version FROM playbook").fetchall() == [(1,)]
    check_brought_over(str(again), rows)


def test_an_older_program_can_write_nothing_into_the_new_store(tmp_path: Path) -> None:
    file, rows = tmp_path / "x.db", old_rows()
    old_store(file, rows)
    Store.open(str(file)).close()
    with closing(sqlite3.connect(file)) as db:
        # What version 1 looks at before it says that a newer version made the store.
        assert db.execute("SELECT version FROM playbook").fetchone()[0] > 1
        names = ",".join(f"revision.{c}" for c in ("id", "stored_time", "payload", "deleted"))
        db.execute(f"SELECT {names} FROM revision LIMIT 0")
        columns = (
            "id, partnership, practice, kind, record, parents, schema_version, author,"
            " client_time, stored_time, payload, deleted"
        )
        with pytest.raises(sqlite3.IntegrityError):
            db.execute(
                f"INSERT INTO revision ({columns}) VALUES ({','.join('?' * 12)})",
                row(made(CheckIn(round=OPEN, comment="from an old program"))),
            )


KILLER = """
import os, signal, sys
from playbook_helpers.storage.database import Store
from playbook_helpers.storage.database import secret_stores
from playbook_helpers.storage.database import copying
from playbook_helpers.storage.database import migrating
from playbook_helpers.storage.database import schema
from playbook_helpers.storage.database import tallies
step = int(sys.argv[2])
left = [step]
def counted(function):
    def call(*given, **named):
        left[0] -= 1
        if left[0] == 0:
            os.kill(os.getpid(), signal.SIGKILL)
        return function(*given, **named)
    return call
from sqlalchemy import Engine, event
@event.listens_for(Engine, "before_cursor_execute")
def before(*given): counted(lambda: None)()
@event.listens_for(Engine, "commit")
def commit(*given): counted(lambda: None)()
for owner, name in (
    (os, "fsync"), (secret_stores.SecretFile, "write"), (secret_stores.SecretFile, "apply"),
    (secret_stores, "fill"), (migrating, "_keep_old"), (Store, "_sweep"), (schema, "set_state"),
):
    setattr(owner, name, counted(getattr(owner, name)))
Store.open(sys.argv[1]).close()
print("done", step - left[0])
"""


@pytest.mark.slow
def test_a_kill_at_any_step_loses_nothing(tmp_path: Path) -> None:
    rows = old_rows()
    steps = 0
    stride = 1 if os.environ.get("PLAYBOOK_ATTACKS") == "whole" else 4
    for step in range(1, 400, stride):
        folder = tmp_path / f"{step}"
        folder.mkdir()
        file = folder / "x.db"
        old_store(file, rows)
        done = subprocess.run(
            [sys.executable, "-c", KILLER, str(file), str(step)], capture_output=True, text=True
        )
        check_brought_over(str(file), rows)
        assert SECRET.encode() not in file.read_bytes()
        assert not SecretFile(file).left_over
        assert not list(folder.glob("*.part"))
        if done.returncode == 0:
            steps = int(done.stdout.split()[-1])
            break
        assert done.returncode == -signal.SIGKILL, done.stderr
    assert steps > 20
    print(f"killed before {step - 1} of {steps} steps: nothing lost")


def test_a_package_of_the_version_before_closes_what_it_showed(tmp_path: Path) -> None:
    folder = tmp_path / "here"
    folder.mkdir()
    (folder / "datapackage.json").write_text('{"name": "here"}')
    answers = [f"{when},4,{n}" for when in ("2026-03", OPEN) for n in range(6)]
    (folder / "check_in.csv").write_text("\n".join(("round,helps,comment", *answers)))
    with Store.open(str(tmp_path / "x.db")) as store:
        import_paths(store, [folder])
        assert (closes(store, "2026-03"), closes(store, OPEN)) == (True, False)
        assert not any(head.waiting for head in store.heads("here"))
        assert import_paths(store, [folder]).stored == 0
        (folder / "check_in.csv").write_text("round,helps,comment\n2026-03,1,late\n")
        summary = import_paths(store, [folder])
        assert [note for note in summary.notes if "came after round 2026-03" in note] == [
            "here: 1 answer came after round 2026-03 was closed: kept, and not in the picture "
            "until 5 new ones wait; 1 waits now"
        ]


@pytest.mark.parametrize("whole", [True, False], ids=["revisions", "rows"])
@pytest.mark.parametrize("known", [0, 2])
def test_a_package_of_the_version_before_is_a_picture_that_nothing_here_joins(
    tmp_path: Path, whole: bool, known: int
) -> None:
    """Whoever kept the page with its eight could take them away from a page with eleven."""
    sent = [new_revision("here", CheckIn(round="2026-03", comment=f"sent {n}")) for n in range(8)]
    package = tmp_path / "here"
    package.mkdir()
    (package / "datapackage.json").write_text('{"name": "here"}')
    if whole:
        lines = [json.dumps(r.to_json()) for r in sent]
        (package / "revisions.jsonl").write_text("\n".join(lines))
    rows = [f"2026-03,sent {n}" for n in range(8)]
    if not whole:
        (package / "check_in.csv").write_text("\n".join(("round,comment", *rows)))
    with Store.open(str(tmp_path / "x.db")) as store:
        own = [new_revision("here", CheckIn(round="2026-03", comment=f"own {n}")) for n in range(3)]
        store.append([*own, *sent[:known]])
        for stored in (8 - known + 1, 0):
            assert import_paths(store, [package]).stored == stored
            heads = store.heads("here", kind="check_in")
            assert len(heads) == 11
            waiting = sorted(str(h.payload["comment"]) for h in heads if h.waiting)
            assert waiting == ["own 0", "own 1", "own 2"]
        assert {r.showing for r in store.revisions() if r.kind == "check_in"} == {0, 1}


def test_merging_a_store_of_the_version_before_or_a_backup_leaves_it_as_it_is(
    tmp_path: Path,
) -> None:
    rows = old_rows()
    old, backup = tmp_path / "old" / "x.db", tmp_path / "backup" / "x.db"
    for file in (old, backup):
        file.parent.mkdir()
    old_store(old, rows)
    with Store.open(str(tmp_path / "other.db")) as other:
        other.append(new_revision("there", CheckIn(round=OPEN, comment="there")))
        other.backup(backup)
    for file, number in ((old, len(rows)), (backup, 1)):
        before = {path.name: path.read_bytes() for path in file.parent.iterdir()}
        with Store.open("sqlite://") as store:
            assert store.merge(file) >= number
            assert store.merge(str(file)) == 0
        after = {path.name: path.read_bytes() for path in file.parent.iterdir()}
        assert after == before
        assert list(before) == ["x.db"]


@pytest.mark.postgres
def test_a_store_on_a_server_is_brought_over(postgres: PostgresServer) -> None:
    schema = f"test_{uuid.uuid4().hex}"
    postgres.execute(f"CREATE SCHEMA {schema}")
    address = postgres.address(schema)
    rows = old_rows()
    try:
        from sqlalchemy import create_engine
        from sqlalchemy.pool import NullPool

        engine = create_engine(address, poolclass=NullPool)
        with engine.begin() as connection:
            for statement in (TABLE, *REST):
                connection.exec_driver_sql(statement)
            marks = ",".join(["%s"] * 12)
            for values in rows:
                connection.exec_driver_sql(f"INSERT INTO revision VALUES ({marks})", values)
        check_brought_over(address, rows)
        found = postgres.execute(f"SELECT count(*) FROM {schema}.revision WHERE kind = 'check_in'")
        assert found == [(0,)]
        check_brought_over(address, rows)
    finally:
        postgres.execute(f"DROP SCHEMA {schema} CASCADE")
