"""The order in which answers came, sought in the bytes of every file of a store.

The same ballots are handed in in many orders: whatever the order, all files have to be equal byte
by byte, also while another program has the store open, and after a writer was killed. Ids are the
same in each run, since they are chance, and so are the moments of all that is not secret.

`PLAYBOOK_ATTACKS=whole` tries 50 orders instead of 12, and kills 60 writers instead of 8.
"""

from __future__ import annotations

import json
import os
import random
import sqlite3
import subprocess
import sys
import time
import uuid
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from pathlib import Path

import pytest

from playbook_helpers.core.partnership import Partnership
from playbook_helpers.core.revisions import Revision
from playbook_helpers.practices.trust import CheckIn, ClosedRound
from playbook_helpers.storage.database import Store, store
from playbook_helpers.storage.database.secret_stores import SecretFile
from playbook_helpers.storage.files import export_partnership

WHOLE = os.environ.get("PLAYBOOK_ATTACKS") == "whole"
ORDERS = 50 if WHOLE else 12
KILLS = 60 if WHOLE else 8
BALLOTS = 40
NOON = "2027-03-05T12:00:00.000Z"
WRITER = Path(__file__).parents[1] / "support" / "answer_writer.py"


def ballots(seed: int = 0, number: int = BALLOTS) -> list[Revision]:
    """Answers of one round, some long and some corrected, with ids that are chance."""
    rng = random.Random(seed)
    made = []
    for n in range(number):
        comment = "word " * rng.choice((0, 1, 20, 300))
        value = CheckIn(round="2027-03", helps=str(1 + n % 5), comment=comment or None)
        ids = [str(uuid.UUID(int=rng.getrandbits(128), version=4)) for _ in range(2)]
        made.append(Revision(ids[0], "here", "trust", "check_in", ids[1], value.payload()))
    return made


def opened(name: str) -> Revision:
    record = str(uuid.uuid5(uuid.NAMESPACE_OID, name))
    value = Partnership(name=name)
    return Revision(
        record, "here", "partnership", "partnership", record, value.payload(), client_time=NOON
    )


def closed() -> Revision:
    record = str(uuid.uuid5(uuid.NAMESPACE_OID, "closed"))
    value = ClosedRound(round="2027-03")
    return Revision(record, "here", "trust", "closed_round", record, value.payload())


@pytest.fixture(autouse=True)
def _one_moment(monkeypatch: pytest.MonkeyPatch) -> None:
    """What is not secret bears the moment it was stored: the same in each run, to compare."""
    monkeypatch.setattr(store, "now", lambda: NOON)


def nobody(file: Path) -> Iterator[None]:
    yield


def a_reader(file: Path) -> Iterator[None]:
    """Another program that has both files open, and reads in the middle of a transaction."""
    with (
        closing(sqlite3.connect(file, isolation_level=None)) as one,
        closing(sqlite3.connect(SecretFile(file).file, isolation_level=None)) as two,
    ):
        for db, table in ((one, "revision"), (two, "answer")):
            db.execute("BEGIN")
            db.execute(f"SELECT count(*) FROM {table}").fetchall()
        yield


def files(folder: Path) -> dict[str, bytes]:
    """Each file's bytes. The index of a write-ahead log holds salts, locks and counters alone."""
    return {
        path.name: path.read_bytes()
        for path in sorted(folder.iterdir())
        if not path.name.endswith("-shm")
    }


def without_salts(held: dict[str, bytes]) -> dict[str, bytes]:
    """The files with the random salts of a write-ahead log, and checksums over them, left out."""
    cleaned = dict(held)
    for name, content in held.items():
        if name.endswith("-wal") and content:
            frames = [content[at : at + 4096 + 24] for at in range(32, len(content), 4096 + 24)]
            cleaned[name] = b"".join(frame[:8] + frame[24:] for frame in frames)
    return cleaned


@pytest.mark.parametrize("beside", [nobody, a_reader], ids=["alone", "read"])
@pytest.mark.parametrize("late", [0, 8], ids=["closed last", "eight came late"])
def test_any_order_leaves_the_same_bytes(
    tmp_path: Path, beside: Callable[[Path], Iterator[None]], late: int
) -> None:
    seen = set()
    given = ballots()
    in_time, after = given[late:], given[:late]
    for order in range(ORDERS):
        folder = tmp_path / f"order-{order}"
        folder.mkdir()
        file = folder / "own.db"
        rng = random.Random(order)
        rng.shuffle(in_time)
        # Which five are let in together, and which three wait then, is known; no more is.
        later = [*rng.sample(after[:5], 5), *rng.sample(after[5:], 3)] if after else []
        with Store.open(str(file)) as store:
            store.append(opened("Here"))
            with contextmanager(beside)(file):
                for answer in in_time:
                    assert store.append(answer) == 1
                store.append(closed())
                for answer in later:
                    store.append(answer)
                held = files(folder)
            store.backup(folder / "copy")
            export_partnership(store, "here", folder / "package")
            held |= {f"package {n}": b for n, b in files(folder / "package").items()}
            held["copy"] = (folder / "copy").read_bytes()
        assert all(answer.id.encode() in held["own.db-secret"] for answer in given)
        seen.add(tuple(sorted((n, hash(b)) for n, b in without_salts(held).items())))
    assert len(seen) == 1, f"{len(seen)} different stores of {ORDERS} orders"
    print(f"{ORDERS} orders of {BALLOTS} answers: equal in every byte")


def test_the_store_itself_does_not_tell_when_an_answer_came(tmp_path: Path) -> None:
    """Answers among other saves: the files of those are the same, wherever the answers came."""
    seen = set()
    given = ballots(1, 12)
    for order in range(ORDERS):
        folder = tmp_path / f"order-{order}"
        folder.mkdir()
        rng = random.Random(order)
        steps: list[Revision] = [opened(f"Name {n}") for n in range(12)]
        for answer in rng.sample(given, len(given)):
            steps.insert(rng.randrange(len(steps) + 1), answer)
        with (
            closing(sqlite3.connect(":memory:")) as reader,
            Store.open(str(folder / "own.db")) as store,
        ):
            reader.execute(f"ATTACH '{folder / 'own.db'}' AS kept")  # the log stays
            reader.execute("SELECT count(*) FROM kept.revision").fetchall()
            others = sorted((s for s in steps if s.kind == "partnership"), key=lambda s: s.id)
            queue = iter(others)
            for step in steps:
                store.append(step if step.kind == "check_in" else next(queue))
            held = without_salts(files(folder))
        assert held["own.db-wal"]
        seen.add(tuple(sorted((name, hash(content)) for name, content in held.items())))
    assert len(seen) == 1


@pytest.mark.slow
def test_a_killed_writer_leaves_no_order(tmp_path: Path) -> None:
    """Killed at any moment, and looked at before anybody opens the store again.

    The file holds some of the answers, and its bytes are those of a store to which these came in
    any other order. What a killed writer had not put in force yet lies in a file that the next
    writer takes away.
    """
    given = ballots(2, 400)
    rng = random.Random(7)
    partly = 0
    for kill in range(KILLS):
        folder = tmp_path / f"kill-{kill}"
        folder.mkdir()
        order = [r.to_json() for r in rng.sample(given, len(given))]
        (folder / "order.json").write_text(json.dumps(order))
        file = folder / "own.db"
        Store.open(str(file)).close()
        command = [sys.executable, str(WRITER), str(file), str(folder / "order.json")]
        with subprocess.Popen(command, stdout=subprocess.PIPE) as writer:
            assert writer.stdout is not None
            writer.stdout.readline()
            time.sleep(rng.uniform(0.0, 0.4))
            writer.kill()
            acknowledged = 1 + writer.stdout.read().count(b"\n")
        secret = SecretFile(file)
        left = secret.file.read_bytes()
        there = set(secret.read()["here"].answers)
        partly += 0 < len(there) < len(given)
        assert {r["id"] for r in order[: acknowledged - 1]} <= there
        assert len(there) in (acknowledged - 1, acknowledged, acknowledged + 1)
        again = tmp_path / f"again-{kill}.db"
        with Store.open(str(again)) as store:
            store.append(r for r in given if r.id in there)
        assert SecretFile(again).file.read_bytes() == left
        with Store.open(str(file)):
            assert not secret.left_over
            assert SecretFile(file).file.read_bytes() == left
        for name in ("own.db", "own.db-wal", "own.db-journal", "own.db-secret-journal"):
            path = folder / name
            held = path.read_bytes() if path.exists() else b""
            assert not any(r.id.encode() in held for r in given)
    assert partly > KILLS / 2, "the writers were killed in the middle"
    print(f"{KILLS} writers killed: the bytes follow from what is in the file")
