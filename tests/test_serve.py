"""`playbook serve`: one local address, only files, ended by Ctrl-C."""

from __future__ import annotations

import os
import re
import signal
import subprocess
import sys
from pathlib import Path
from threading import Thread
from urllib.error import HTTPError
from urllib.request import urlopen

import pytest

from playbook_helpers.site.serve import server_for

COMMAND = [sys.executable, "-c", "from playbook_helpers.cli import main; main()", "serve"]


@pytest.fixture
def home(tmp_path: Path) -> Path:
    (tmp_path / "_config.yml").write_text("", "utf-8")
    (tmp_path / "worksheets").mkdir()
    site = tmp_path / "_build" / "site"
    (site / "reports").mkdir(parents=True)
    (site / "index.html").write_text("<h1>The playbook</h1>", "utf-8")
    (tmp_path / "secret.txt").write_text("not for anyone", "utf-8")
    return tmp_path


def fetch(url: str) -> tuple[int, str]:
    try:
        with urlopen(url, timeout=10) as reply:
            return reply.status, reply.read().decode()
    except HTTPError as error:
        with error:
            return error.code, ""


@pytest.mark.skipif(os.name == "nt", reason="Windows has no SIGINT for one process alone")
def test_the_site_is_served_at_the_address_it_prints_until_ctrl_c(home: Path) -> None:
    process = subprocess.Popen(
        [*COMMAND, "--port", "0"],
        cwd=home,
        env={**os.environ, "PLAYBOOK_HOME": str(home)},
        stderr=subprocess.PIPE,
        text=True,
        preexec_fn=lambda: signal.signal(signal.SIGINT, signal.default_int_handler),
    )
    assert process.stderr is not None
    said = ""
    while "Ctrl-C" not in said:
        line = process.stderr.readline()
        assert line, said
        said += line
    address = re.search(r"http://127\.0\.0\.1:\d+/", said)
    assert address is not None
    assert fetch(address.group()) == (200, "<h1>The playbook</h1>")
    assert fetch(address.group() + "reports/")[0] == 404, "folders are not listed"
    assert fetch(address.group() + "../../secret.txt")[0] == 404
    assert fetch(address.group() + "%2e%2e/%2e%2e/secret.txt")[0] == 404
    process.send_signal(signal.SIGINT)
    said += process.stderr.read()
    process.stderr.close()
    assert process.wait(20) == 0
    assert "Ended" in said


def test_a_report_written_while_the_site_is_served_shows_at_once(home: Path) -> None:
    reports = home / "_build" / "reports"
    (home / "_build" / "site" / "reports" / "index.html").write_text("before", "utf-8")
    with server_for(home / "_build" / "site", 0, {"reports": reports}) as server:
        address = f"http://127.0.0.1:{server.server_port}/reports/"
        Thread(target=server.serve_forever, daemon=True).start()
        assert fetch(address + "index.html") == (200, "before")
        (reports / "our-town").mkdir(parents=True)
        (reports / "index.html").write_text("after", "utf-8")
        (reports / "our-town" / "index.html").write_text("our town", "utf-8")
        (reports / "our-town" / "goals.failed.ipynb").write_text("/home/ann", "utf-8")
        assert fetch(address + "index.html") == (200, "after")
        assert fetch(address) == (200, "after")
        assert fetch(address + "our-town/") == (200, "our town")
        assert fetch(address + "our-town/goals.failed.ipynb")[0] == 404
        assert fetch(address + "../../../secret.txt")[0] == 404
        assert fetch(address + "our-town/%2e%2e/%2e%2e/%2e%2e/secret.txt")[0] == 404
        server.shutdown()


def test_without_a_site_it_says_what_to_run_first(tmp_path: Path) -> None:
    (tmp_path / "_config.yml").write_text("", "utf-8")
    (tmp_path / "worksheets").mkdir()
    done = subprocess.run(
        COMMAND,
        env={**os.environ, "PLAYBOOK_HOME": str(tmp_path)},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 2
    assert "playbook up" in done.stderr


def test_a_port_that_is_taken_gives_the_next_one(home: Path) -> None:
    with server_for(home, 0) as first:
        with server_for(home, first.server_port) as second:
            assert second.server_port != first.server_port
        assert first.server_address == ("127.0.0.1", first.server_port), "this computer only"
