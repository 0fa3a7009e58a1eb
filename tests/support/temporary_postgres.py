"""A PostgreSQL server for one test run: in a folder of its own, gone when the run is over.

Run as a script by the fixture in `conftest.py`, in a process of its own, so that the server and
its folder go even when pytest is killed: the script ends when nobody holds its input any more.
It prints the server's address when ready. The line `restart` on its input cuts the power, as far
as the server can tell (an immediate shutdown), starts it again and prints the address once more.
PostgreSQL refuses to run as root; started by root, the server runs as `postgres` or `nobody`.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

MISSING = (
    "PostgreSQL was not found, and these tests run on it as well as on SQLite. Install it "
    "(Debian, Ubuntu: apt install postgresql; Fedora: dnf install postgresql-server; macOS: "
    "brew install postgresql), or set PLAYBOOK_TEST_POSTGRES to the address of a database that "
    "tests may write to, or set SKIP_POSTGRES=1 to leave these tests out."
)
ROOT = os.name == "posix" and os.geteuid() == 0


def find(program: str) -> str | None:
    """Where a program of the server is: on the PATH, or where packages of servers put it."""
    found = shutil.which(program)
    folders = ("/usr/lib/postgresql/*/bin", "/usr/pgsql-*/bin", "/opt/homebrew/opt/postgresql*/bin")
    others = [
        str(path)
        for pattern in folders
        for path in sorted(Path("/").glob(f"{pattern[1:]}/{program}"), reverse=True)
    ]
    return found or (others[0] if others else None)


def unprivileged() -> dict[str, object]:
    """How to start the server's programs as a user that they accept."""
    if not ROOT:
        return {}
    import pwd

    for name in ("postgres", "nobody"):
        try:
            entry = pwd.getpwnam(name)
        except KeyError:
            continue
        return {"user": entry.pw_uid, "group": entry.pw_gid, "extra_groups": []}
    sys.exit("Neither a user 'postgres' nor 'nobody' is there to run the server as.")


def call(*command: str) -> None:
    """Run one of the server's programs, and end with what it said if it fails."""
    done = subprocess.run(
        command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, cwd="/", **unprivileged()
    )
    if done.returncode:
        sys.exit(f"{Path(command[0]).name} failed:\n{done.stdout.decode(errors='replace')}")


def main() -> None:
    initdb, control = find("initdb"), find("pg_ctl")
    if not initdb or not control or os.name != "posix":
        sys.exit(MISSING)
    folder = Path(tempfile.mkdtemp(prefix="playbook-pg-"))  # short: a socket's path may be 107 long
    try:
        if ROOT:
            user = unprivileged()
            os.chown(folder, user["user"], user["group"])
        data = str(folder / "data")
        call(initdb, "-D", data, "-U", "playbook", "-A", "trust", "-E", "UTF8", "--locale=C")
        with Path(data, "postgresql.conf").open("a") as settings:
            settings.write(
                f"listen_addresses = ''\nunix_socket_directories = '{folder}'\nport = 5432\n"
                "fsync = on\nmax_connections = 60\nshared_buffers = 32MB\n"
            )
        start = (control, "-D", data, "-l", str(folder / "log"), "-w", "-t", "60", "start")
        stop = (control, "-D", data, "-m", "immediate", "-w", "stop")
        call(*start)
        try:
            address = f"postgresql+psycopg://playbook@/postgres?host={folder}"
            print(address, flush=True)
            for line in sys.stdin:
                if line.strip() == "restart":
                    call(*stop)
                    call(*start)
                    print(address, flush=True)
        finally:
            call(*stop)
    finally:
        shutil.rmtree(folder, ignore_errors=True)


if __name__ == "__main__":
    main()
