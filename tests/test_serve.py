"""`playbook serve`: this computer only, only pages, ended by Ctrl-C whatever is still open."""

from __future__ import annotations

import gzip
import os
import re
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from http.client import HTTPConnection, HTTPResponse
from pathlib import Path

import pytest
from made_site import running

from playbook_helpers.publish.site.serve import SiteServer, server_for

COMMAND = [sys.executable, "-c", "from playbook_helpers.cli import main; main()", "serve"]
WORDS = "<p>" + "Many words about a goal. " * 200 + "</p>"


@pytest.fixture
def home(tmp_path: Path) -> Path:
    (tmp_path / "_config.yml").write_text("", "utf-8")
    (tmp_path / "worksheets").mkdir()
    site = tmp_path / "_build" / "site"
    (site / "reports").mkdir(parents=True)
    (site / "book").mkdir()
    (site / "index.html").write_text("<h1>The playbook</h1>", "utf-8")
    (site / "book" / "goals.html").write_text(WORDS, "utf-8")
    (tmp_path / "secret.txt").write_text("not for anyone", "utf-8")
    return tmp_path


@pytest.fixture
def server(home: Path) -> Iterator[SiteServer]:
    live = {"reports": home / "_build" / "reports"}
    with running(server_for(home / "_build" / "site", 0, live)) as started:
        yield started


def ask(port: int, path: str, method: str = "GET", **headers: str) -> tuple[HTTPResponse, bytes]:
    """What is answered to a path sent as it stands, under the host 127.0.0.1 if no other."""
    connection = HTTPConnection("127.0.0.1", port, timeout=10)
    connection.putrequest(method, path, skip_host=True, skip_accept_encoding=True)
    for name, value in ({"Host": "127.0.0.1"} | headers).items():
        connection.putheader(name.replace("_", "-"), value)
    connection.endheaders()
    reply = connection.getresponse()
    body = reply.read()
    connection.close()
    return reply, body


@pytest.mark.parametrize(
    "host", ["127.0.0.1", "localhost", "LOCALHOST", "[::1]", "127.0.0.1:8000", "[::1]:8000"]
)
def test_it_answers_under_the_names_of_this_computer(server: SiteServer, host: str) -> None:
    assert ask(server.port, "/", Host=host)[1] == b"<h1>The playbook</h1>"


@pytest.mark.parametrize(
    "host", ["evil.example", "127.0.0.1.evil.example", "localhost.evil.example", "10.0.0.5", ""]
)
def test_a_page_elsewhere_whose_name_was_led_here_reads_nothing(
    server: SiteServer, host: str
) -> None:
    reply, body = ask(server.port, "/", Host=host)
    assert reply.status == 400
    assert b"playbook" not in body


OUTSIDE = [
    "/../../secret.txt",
    "/..%2f..%2fsecret.txt",
    "/%2e%2e/%2e%2e/secret.txt",
    "/book/%2e%2e/%2e%2e/%2e%2e/secret.txt",
    "//etc/passwd",
    "/%2fetc/passwd",
    "/..\\..\\secret.txt",
    "/reports/..%2f..%2f..%2fsecret.txt",
    "/.nojekyll",
    "/.hidden/page.html",
    "/book/.notes.html",
    "/reports/.env",
    "/link.txt",
    "/linked/secret.txt",
    "/reports/link.txt",
    "/inner.html",
    "/reports/Goals.FAILED.ipynb",
    "/index.html%00.txt",
    "/%00",
    "/book/" + "a" * 3000,
    "/book/",
    "/reports/",
    "/nowhere.html",
]


@pytest.mark.parametrize("path", OUTSIDE, ids=lambda p: p[:40])
def test_nothing_outside_hidden_or_linked_is_served(
    home: Path, server: SiteServer, path: str
) -> None:
    site, reports = home / "_build" / "site", home / "_build" / "reports"
    reports.mkdir()
    for name in (".nojekyll", ".hidden/page.html", "book/.notes.html"):
        (site / name).parent.mkdir(exist_ok=True)
        (site / name).write_text("hidden", "utf-8")
    (reports / ".env").write_text("hidden", "utf-8")
    (site / "link.txt").symlink_to(home / "secret.txt")
    (site / "linked").symlink_to(home)
    (site / "inner.html").symlink_to(site / "book" / ".notes.html")
    (reports / "Goals.FAILED.ipynb").write_text("hidden", "utf-8")
    (reports / "link.txt").symlink_to(home / "secret.txt")
    reply, body = ask(server.port, path)
    assert reply.status in (400, 404), "an answer, and never a connection that is dropped"
    assert b"not for anyone" not in body
    assert b"hidden" not in body


def test_what_other_programs_may_do_with_a_page_is_said_in_every_reply(
    server: SiteServer,
) -> None:
    for path, host in (("/", "localhost"), ("/nowhere", "localhost"), ("/", "evil.example")):
        reply, _ = ask(server.port, path, Host=host)
        policy = reply.getheader("Content-Security-Policy", "")
        assert "frame-ancestors 'none'" in policy
        assert "script-src 'self' 'wasm-unsafe-eval';" in policy  # the page's engine
        assert reply.getheader("X-Frame-Options") == "DENY"
        assert reply.getheader("X-Content-Type-Options") == "nosniff"
        assert reply.getheader("Referrer-Policy") == "no-referrer"
        assert reply.getheader("Cross-Origin-Resource-Policy") == "same-origin"
        assert reply.getheader("Cache-Control") == "no-store"
        assert reply.getheader("Server") is None


def test_a_report_runs_no_script_and_asks_nobody(home: Path, server: SiteServer) -> None:
    (home / "_build" / "reports").mkdir()
    (home / "_build" / "reports" / "index.html").write_text("reports", "utf-8")
    reply, body = ask(server.port, "/reports/")
    assert body == b"reports"
    policy = reply.getheader("Content-Security-Policy", "")
    assert "default-src 'none'" in policy
    assert "script-src" not in policy


def test_pages_are_sent_packed_and_in_pieces(server: SiteServer) -> None:
    reply, body = ask(server.port, "/book/goals.html", Accept_Encoding="gzip")
    assert reply.getheader("Content-Encoding") == "gzip"
    assert len(body) < len(WORDS) / 10
    assert gzip.decompress(body).decode() == WORDS
    reply, body = ask(server.port, "/book/goals.html", Accept_Encoding="gzip", Range="bytes=10-19")
    assert reply.status == 206
    assert reply.getheader("Content-Range") == f"bytes 10-19/{len(WORDS)}"
    assert body.decode() == WORDS[10:20]
    assert ask(server.port, "/book/goals.html", Range="bytes=999999-")[0].status == 416


def test_a_folder_leads_to_its_page_here_whatever_a_client_says_of_itself(
    home: Path, server: SiteServer
) -> None:
    (home / "_build" / "site" / "book" / "index.html").write_text("the book", "utf-8")
    forwarded = {"X_Forwarded_Host": "evil.example", "X_Forwarded_Proto": "https"}
    reply, _ = ask(
        server.port, "/book", Host="localhost:1234", X_Forwarded_For="9.9.9.9", **forwarded
    )
    assert reply.status == 307
    assert reply.getheader("Location") == "http://localhost:1234/book/"
    assert ask(server.port, "/book/")[1] == b"the book"


@pytest.mark.parametrize("method", ["POST", "PUT", "DELETE", "OPTIONS"])
def test_it_only_shows(server: SiteServer, method: str) -> None:
    assert ask(server.port, "/index.html", method=method)[0].status == 405


def test_scripts_are_sent_as_scripts(home: Path, server: SiteServer) -> None:
    (home / "_build" / "site" / "form.js").write_text("1", "utf-8")
    reply, _ = ask(server.port, "/form.js")
    assert reply.getheader("Content-Type", "").startswith("text/javascript")


def test_a_report_written_while_the_site_is_served_shows_at_once(
    home: Path, server: SiteServer
) -> None:
    reports = home / "_build" / "reports"
    (home / "_build" / "site" / "reports" / "index.html").write_text("before", "utf-8")

    def fetch(path: str) -> bytes:
        return ask(server.port, path)[1]

    assert fetch("/reports/index.html") == b"before"
    (reports / "our-town").mkdir(parents=True)
    (reports / "index.html").write_text("after", "utf-8")
    (reports / "our-town" / "index.html").write_text("our town", "utf-8")
    (reports / "our-town" / "goals.failed.ipynb").write_text("/home/ann", "utf-8")
    assert fetch("/reports/index.html") == b"after"
    assert fetch("/reports/") == b"after"
    assert fetch("/reports/our-town/") == b"our town"
    assert ask(server.port, "/reports/our-town/goals.failed.ipynb")[0].status == 404


def started(home: Path) -> tuple[subprocess.Popen[str], int]:
    process = subprocess.Popen(
        [*COMMAND, "--port", "0"],
        cwd=home,
        env={**os.environ, "PLAYBOOK_HOME": str(home)},
        stderr=subprocess.PIPE,
        text=True,
    )
    assert process.stderr is not None
    said = ""
    while "Ctrl-C" not in said:
        line = process.stderr.readline()
        assert line, said
        said += line
    address = re.search(r"http://127\.0\.0\.1:(\d+)/", said)
    assert address is not None
    return process, int(address[1])


@pytest.mark.skipif(os.name == "nt", reason="Windows has no SIGINT for one process alone")
@pytest.mark.parametrize("sign", [signal.SIGINT, signal.SIGTERM])
def test_it_ends_orderly_though_connections_are_open(home: Path, sign: signal.Signals) -> None:
    (home / "_build" / "site" / "large.bin").write_bytes(b"x" * 50_000_000)
    process, port = started(home)
    assert ask(port, "/")[1] == b"<h1>The playbook</h1>"
    silent = socket.create_connection(("127.0.0.1", port))
    halfway = socket.create_connection(("127.0.0.1", port))
    halfway.sendall(b"GET / HTTP/1.1\r\nHost: local")
    kept = socket.create_connection(("127.0.0.1", port))
    kept.sendall(b"GET / HTTP/1.1\r\nHost: localhost\r\n\r\n")
    assert kept.recv(12) == b"HTTP/1.1 200"
    unread = socket.create_connection(("127.0.0.1", port))
    unread.sendall(b"GET /large.bin HTTP/1.1\r\nHost: localhost\r\n\r\n")
    assert unread.recv(12) == b"HTTP/1.1 200"
    begun = time.monotonic()
    process.send_signal(sign)
    assert process.stderr is not None
    said = process.stderr.read()
    assert process.wait(20) == 0
    took = time.monotonic() - begun
    for connection in (silent, halfway, kept, unread):
        connection.close()
    process.stderr.close()
    assert "Ended" in said
    assert "Traceback" not in said
    print(f"ended after {took:.2f} s")
    assert took < 10, "far from the 2 s that replies are given: it hangs"


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
    first = server_for(home, 0)
    second = server_for(home, first.port)
    assert first.port < second.port < first.port + 20
    assert first.address == f"http://127.0.0.1:{first.port}/", "this computer only"
    first.close()
    second.close()
