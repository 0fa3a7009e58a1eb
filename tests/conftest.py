"""Fixtures that several test files share."""

from __future__ import annotations

import importlib.util
import os
import signal
import subprocess
import sys
import uuid
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from types import ModuleType
from typing import TYPE_CHECKING, Any
from urllib.parse import quote

import pytest
from hypothesis import settings

if TYPE_CHECKING:
    from playbook_helpers.storage.database import Store

settings.register_profile("playbook", deadline=None)
settings.load_profile("playbook")

ROOT = Path(__file__).parents[1]


def _benchmark_module(name: str) -> ModuleType:
    """A module that benchmarks share, which no package holds."""
    spec = importlib.util.spec_from_file_location(name, ROOT / "benchmarks" / f"{name}.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


@pytest.fixture(scope="session")
def made_up() -> ModuleType:
    """The benchmarks' made-up records, for tests of stores of any size."""
    return _benchmark_module("_made_up")


@pytest.fixture(scope="session")
def run_worksheet() -> Callable[..., dict[str, Any]]:
    """run_worksheet(stem, partnership, store, round="") -> the notebook with its outputs."""
    run: Callable[..., dict[str, Any]] = _benchmark_module("_cells").run_worksheet
    return run


class PostgresServer:
    """A server that tests may write to. `own` is whether it is ours to kill and start again."""

    def __init__(self, url: str, process: subprocess.Popen[str] | None = None) -> None:
        self.url = url
        self.own = process is not None
        self._process = process

    def execute(self, statement: str) -> list[tuple[object, ...]]:
        """Run one statement outside any transaction; its rows, if it gives any."""
        from sqlalchemy import create_engine
        from sqlalchemy.pool import NullPool

        engine = create_engine(self.url, poolclass=NullPool, isolation_level="AUTOCOMMIT")
        with engine.connect() as connection:
            result = connection.exec_driver_sql(statement)
            return [tuple(row) for row in result] if result.returns_rows else []

    def address(self, schema: str) -> str:
        """The address of a store that keeps its tables in `schema`."""
        joint = "&" if "?" in self.url else "?"
        return f"{self.url}{joint}options={quote(f'-csearch_path={schema}')}"

    def end_connections(self) -> None:
        """Cut the connections of every other client, as a failing network does."""
        self.execute(
            "SELECT pg_terminate_backend(pid) FROM pg_stat_activity"
            " WHERE backend_type = 'client backend' AND pid <> pg_backend_pid()"
        )

    def cut_power(self) -> None:
        """Stop the server at once, without a checkpoint, and start it again."""
        assert self._process is not None
        assert self._process.stdin is not None
        assert self._process.stdout is not None
        self._process.stdin.write("restart\n")
        self._process.stdin.flush()
        assert self._process.stdout.readline().strip() == self.url

    def kill_a_backend(self) -> None:
        """Kill -9 one of the processes that serve clients; the server then recovers by itself."""
        from sqlalchemy import create_engine
        from sqlalchemy.exc import OperationalError
        from sqlalchemy.pool import NullPool

        engine = create_engine(self.url, poolclass=NullPool, isolation_level="AUTOCOMMIT")
        others = (
            "SELECT pid FROM pg_stat_activity"
            " WHERE backend_type = 'client backend' AND pid <> pg_backend_pid()"
        )
        with engine.connect() as watch:
            try:
                for _ in range(10_000):  # one that was just ending does not count
                    for pid in watch.exec_driver_sql(others).scalars().all():
                        with suppress(ProcessLookupError):
                            os.kill(pid, signal.SIGKILL)
            except OperationalError:
                return  # the server has cut everybody off, this connection too
        raise AssertionError("the server never noticed")


@contextmanager
def temporary_postgres() -> Iterator[PostgresServer]:
    """A server started for the block, in a folder of its own; both are gone afterwards."""
    if os.environ.get("SKIP_POSTGRES") == "1":
        pytest.skip("SKIP_POSTGRES=1")
    process = subprocess.Popen(
        [sys.executable, str(Path(__file__).parent / "support" / "temporary_postgres.py")],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        start_new_session=True,  # Ctrl-C is for pytest; the server goes when pytest is done
    )
    with process:
        assert process.stdout is not None
        assert process.stderr is not None
        url = process.stdout.readline().strip()
        if not url:
            pytest.fail(process.stderr.read(), pytrace=False)
        try:
            yield PostgresServer(url, process)
        finally:
            assert process.stdin is not None
            process.stdin.close()  # the script stops the server and takes its folder away
            process.wait(timeout=60)


@pytest.fixture(scope="session")
def postgres() -> Iterator[PostgresServer]:
    """A PostgreSQL server: PLAYBOOK_TEST_POSTGRES if set, else one started for this run.

    Without PostgreSQL on the machine the tests fail and say how to install it; SKIP_POSTGRES=1
    is the reader's own choice to leave them out.
    """
    given = os.environ.get("PLAYBOOK_TEST_POSTGRES")
    if given and os.environ.get("SKIP_POSTGRES") != "1":
        yield PostgresServer(given)
        return
    with temporary_postgres() as server:
        yield server


@pytest.fixture
def spare_postgres() -> Iterator[PostgresServer]:
    """A server for one test that may harm it."""
    if os.environ.get("PLAYBOOK_TEST_POSTGRES"):
        pytest.skip("PLAYBOOK_TEST_POSTGRES names a server that no test may harm")
    with temporary_postgres() as server:
        yield server


@pytest.fixture(params=["sqlite", pytest.param("postgresql", marks=pytest.mark.postgres)])
def new_store_url(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Callable[[], str]]:
    """A function that gives the address of a new, empty place for a store; on both databases."""
    if request.param == "sqlite":
        yield lambda: f"sqlite:///{tmp_path / uuid.uuid4().hex}.db"
        return
    server: PostgresServer = request.getfixturevalue("postgres")
    made: list[str] = []

    def make() -> str:
        made.append(f"test_{uuid.uuid4().hex}")
        server.execute(f"CREATE SCHEMA {made[-1]}")
        return server.address(made[-1])

    yield make
    for schema in made:
        server.execute(f"DROP SCHEMA {schema} CASCADE")


@pytest.fixture
def store_url(new_store_url: Callable[[], str]) -> str:
    """The address of a new, empty place for a store; a test that asks for it runs on both."""
    return new_store_url()


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    """A new, empty store in a file of its own; tests that are about stores take `store_url`."""
    from playbook_helpers.storage.database import Store

    with Store.open(f"sqlite:///{tmp_path / 'store.db'}") as opened:
        yield opened
