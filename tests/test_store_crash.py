"""Writers are killed in the middle, servers too: nothing acknowledged is lost, nothing doubled.

Writers save groups of three revisions and note each group as acknowledged once `append` has
returned. They are killed with SIGKILL at random moments and started again at the first group that
was not acknowledged, as a phone would send again what it was not told was saved. At the end every
acknowledged revision is there as it was written, each once, and no group is there in part.
"""

from __future__ import annotations

import random
import runpy
import sqlite3
import subprocess
import sys
import time
import uuid
from collections.abc import Callable
from contextlib import closing
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from playbook_helpers.core.revisions import Revision
from playbook_helpers.storage.database import Store

if TYPE_CHECKING:
    from conftest import PostgresServer

SCRIPT = Path(__file__).parent / "support" / "store_writer.py"
group: Callable[[int, int], list[Revision]] = runpy.run_path(str(SCRIPT))["group"]
WRITERS = 3


class Writers:
    """Processes that save without end, until they are killed."""

    def __init__(self, address: str, folder: Path) -> None:
        self.address, self.folder = address, folder
        self.running: list[subprocess.Popen[bytes]] = []
        Store.open(address).close()

    def start(self) -> None:
        for writer in range(WRITERS):
            command = [sys.executable, str(SCRIPT), self.address, str(writer)]
            command += [str(self.notes(writer)), str(self.folder / "failures")]
            self.running.append(subprocess.Popen(command))

    def notes(self, writer: int) -> Path:
        return self.folder / f"acknowledged-{writer}"

    def acknowledged(self) -> list[int]:
        """How many groups each writer was told are saved."""
        files = [self.notes(writer) for writer in range(WRITERS)]
        return [len(f.read_text().split()) if f.exists() else 0 for f in files]

    def wait_for_more(self, groups: int = 3) -> None:
        """Wait until every writer has saved that many more groups."""
        start, end = self.acknowledged(), time.monotonic() + 60
        while any(now < was + groups for now, was in zip(self.acknowledged(), start, strict=True)):
            assert time.monotonic() < end, "the writers do not get on"
            assert all(process.poll() is None for process in self.running)
            time.sleep(0.01)

    def kill(self) -> None:
        for process in self.running:
            process.kill()
            process.wait()
        self.running.clear()

    def check(self) -> None:
        """0 lost, 0 doubled, 0 in part, 0 changed."""
        with Store.open(self.address, create=False) as store:
            for writer, count in enumerate(self.acknowledged()):
                assert count > 0
                stored = store.revisions(f"area-{writer}")
                by_id = {revision.id: revision for revision in stored}
                assert len(by_id) == len(stored)
                for number in range(count):
                    for revision in group(writer, number):
                        assert by_id.pop(revision.id) == revision
                # At most the one group whose acknowledgement was cut off, and that one whole.
                assert list(by_id.values()) in ([], group(writer, count))
                assert len(store.heads(f"area-{writer}")) == len(stored) / 3


def test_writers_killed_in_the_middle_lose_and_double_nothing(
    store_url: str, tmp_path: Path
) -> None:
    writers = Writers(store_url, tmp_path)
    chance = random.Random()
    try:
        for _ in range(2):
            writers.start()
            writers.wait_for_more()
            for process in writers.running:
                time.sleep(chance.uniform(0, 0.1))
                process.kill()
            writers.kill()
            writers.check()
    finally:
        writers.kill()
    if store_url.startswith("sqlite"):
        with closing(sqlite3.connect(store_url.removeprefix("sqlite:///"))) as connection:
            assert connection.execute("PRAGMA integrity_check").fetchall() == [("ok",)]


@pytest.mark.postgres
def test_a_server_killed_in_the_middle_loses_and_doubles_nothing(
    postgres: PostgresServer, tmp_path: Path
) -> None:
    schema = f"test_{uuid.uuid4().hex}"
    postgres.execute(f"CREATE SCHEMA {schema}")
    writers = Writers(postgres.address(schema), tmp_path)
    failures = tmp_path / "failures"
    # A server that is not ours we may not kill; its connections we may cut.
    disasters = [postgres.kill_a_backend, postgres.cut_power]
    try:
        writers.start()
        for disaster in disasters if postgres.own else [postgres.end_connections]:
            writers.wait_for_more()
            failures.write_text("")
            disaster()
            writers.wait_for_more()
            assert "cannot be reached" in failures.read_text()
        writers.kill()
        writers.check()
    finally:
        writers.kill()
        postgres.execute(f"DROP SCHEMA {schema} CASCADE")
