"""A full disk: the error says so, nothing is half-written, and the store opens afterwards.

SQLite is tried on a real small disk wherever one can be mounted, and everywhere with its own limit
on the size of the file, which fails in the same way. PostgreSQL likewise: a database that lies on
a real small disk, or a server that says what it says then.
"""

from __future__ import annotations

import os
import subprocess
import tempfile
import uuid
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from sqlalchemy import event, make_url

from playbook_helpers.core.errors import StoreError
from playbook_helpers.core.revisions import Revision, new_revision
from playbook_helpers.practices.trust import CheckIn
from playbook_helpers.storage.database import Store

if TYPE_CHECKING:
    from conftest import PostgresServer


def goals(start: int, count: int, size: int = 1500) -> list[Revision]:
    return [
        Revision(
            id=str(uuid.UUID(int=number)),
            partnership="east-side",
            practice="goals",
            kind="goal",
            record=str(uuid.UUID(int=10**6 + number)),
            payload={"name": f"Goal {number}", "note": "x" * size},
            client_time="2025-01-01T00:00:00Z",
        )
        for number in range(start, start + count)
    ]


def fill(
    store: Store, group: int, limit: int = 20_000, given: Sequence[Revision] | None = None
) -> int:
    """Save groups until the disk is full; how many revisions were acknowledged."""
    for saved in range(0, limit, group):
        try:
            store.append(goals(saved, group) if given is None else given[saved : saved + group])
        except StoreError as caught:
            error = caught
            break
    assert "disk is full" in error.what
    assert error.kept == "everything saved before; of this, nothing"
    assert error.exit_code == 3
    return saved


@contextmanager
def small_disk(kilobytes: int) -> Iterator[Path]:
    """A real disk of that size; skips the test, and says why, where none may be mounted."""
    folder = Path(tempfile.mkdtemp(prefix="playbook-disk-"))
    try:
        command = ["mount", "-t", "tmpfs", "-o", f"size={kilobytes}k,mode=755", "tmpfs", folder]
        try:
            done = subprocess.run(command, capture_output=True)
            mounted = done.returncode == 0
        except FileNotFoundError:
            mounted = False
        if not mounted:
            pytest.skip("no disk may be mounted here; the test with a limited file stands in")
        try:
            yield folder
        finally:
            # Lazily: a server may hold a file open on it for a moment longer.
            subprocess.run(["umount", "-l", folder], check=True)
    finally:
        folder.rmdir()


@pytest.mark.parametrize("group", [1, 60])
def test_a_store_on_a_full_disk_keeps_what_it_acknowledged(group: int) -> None:
    with small_disk(512) as folder:
        file = folder / "x.db"
        with Store.open(str(file)) as store:
            saved = fill(store, group)
            assert saved > 0
            assert store.revisions() == goals(0, saved)
        with Store.open(str(file)) as again:  # the disk is still full
            assert again.revisions() == goals(0, saved)
        subprocess.run(["mount", "-o", "remount,size=4m", folder], check=True)
        with Store.open(str(file)) as again:
            assert again.append(goals(0, saved + group)) == group
            assert again.revisions() == goals(0, saved + group)


def test_answers_on_a_full_disk_are_all_there_or_refused() -> None:
    with small_disk(512) as folder:
        sent = [
            new_revision("here", CheckIn(round="2027-03", comment="x" * 1500)) for _ in range(400)
        ]
        with Store.open(str(folder / "x.db")) as store:
            saved = fill(store, 1, given=sent)
            assert saved > 20
            assert {r.id for r in store.revisions()} == {r.id for r in sent[:saved]}
        assert sorted(path.name for path in folder.iterdir()) == ["x.db", "x.db-secret"]
        subprocess.run(["mount", "-o", "remount,size=4m", folder], check=True)
        with Store.open(str(folder / "x.db")) as again:
            assert again.append(sent) == len(sent) - saved


def test_a_copy_that_finds_the_disk_full_leaves_nothing_behind(tmp_path: Path) -> None:
    with small_disk(512) as folder, Store.open(str(tmp_path / "x.db")) as store:
        store.append(goals(0, 500))
        with pytest.raises(StoreError, match=r"copy could not be written.*full"):
            store.backup(folder / "copy.db")
        assert not list(folder.iterdir())
        assert store.revisions() == goals(0, 500)


def test_a_store_that_was_closed_can_be_read_when_others_have_filled_the_disk() -> None:
    with small_disk(512) as folder:
        file = folder / "x.db"
        with Store.open(str(file)) as store:
            store.append(goals(0, 20))
        with suppress(OSError), (folder / "film").open("wb", buffering=0) as film:
            while film.write(b"x" * 512):
                pass
        with Store.open(str(file), create=False) as store:
            assert store.revisions() == goals(0, 20)
            with pytest.raises(StoreError, match="disk is full"):
                store.append(goals(20, 50))
            with pytest.raises(StoreError, match="disk is full"):
                Store.open(str(folder / "new.db"))
        (folder / "film").unlink()
        with Store.open(str(file), create=False) as store:
            assert store.append(goals(0, 70)) == 50


@pytest.mark.parametrize("group", [1, 60])
def test_a_store_whose_file_may_not_grow_keeps_what_it_acknowledged(
    tmp_path: Path, group: int
) -> None:
    file = str(tmp_path / "x.db")
    with Store.open(file) as store:

        @event.listens_for(store._engine, "connect")
        def _limit(connection: object, _: object) -> None:
            connection.execute("PRAGMA max_page_count = 100")  # type: ignore[attr-defined]

        saved = fill(store, group)
        assert saved > 0
        assert store.revisions() == goals(0, saved)
        # Stores of one address share an engine: the limit goes with this test's disk.
        event.remove(store._engine, "connect", _limit)
    with Store.open(file) as again:
        assert again.revisions() == goals(0, saved)
        assert again.append(goals(0, saved + group)) == group


@pytest.mark.postgres
def test_a_server_whose_disk_is_full_keeps_what_it_acknowledged(
    spare_postgres: PostgresServer,
) -> None:
    server = spare_postgres
    with small_disk(24_000) as folder:
        data = Path(str(server.execute("SHOW data_directory")[0][0]))
        place = folder / "space"
        place.mkdir()
        os.chown(place, data.stat().st_uid, data.stat().st_gid)
        server.execute(f"CREATE TABLESPACE small LOCATION '{place}'")
        server.execute("CREATE DATABASE hub TABLESPACE small")
        url = make_url(server.url).set(database="hub").render_as_string(False)
        with Store.open(url) as store:
            saved = fill(store, 1000)
        assert saved > 0
        subprocess.run(["mount", "-o", "remount,size=60m", folder], check=True)
        with Store.open(url, create=False) as again:
            assert again.revisions() == goals(0, saved)
            assert again.append(goals(0, saved + 1000)) == 1000
        server.execute("DROP DATABASE hub")
        server.execute("DROP TABLESPACE small")


@pytest.mark.postgres
def test_a_server_that_says_its_disk_is_full_keeps_what_it_acknowledged(
    postgres: PostgresServer,
) -> None:
    schema = f"test_{uuid.uuid4().hex}"
    postgres.execute(f"CREATE SCHEMA {schema}")
    try:
        with Store.open(postgres.address(schema)) as store:
            postgres.execute(
                f"CREATE FUNCTION {schema}.full() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN"
                f" IF (SELECT count(*) FROM {schema}.revision) >= 50 THEN"
                " RAISE EXCEPTION 'voll' USING ERRCODE = 'disk_full'; END IF; RETURN NEW; END $$"
            )
            postgres.execute(
                f"CREATE TRIGGER full_disk BEFORE INSERT ON {schema}.revision"
                f" FOR EACH ROW EXECUTE FUNCTION {schema}.full()"
            )
            assert fill(store, 20) == 40
            assert store.revisions() == goals(0, 40)
            postgres.execute(f"DROP TRIGGER full_disk ON {schema}.revision")
            assert store.append(goals(0, 60)) == 20
    finally:
        postgres.execute(f"DROP SCHEMA {schema} CASCADE")
