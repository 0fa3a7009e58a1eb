"""A workshop behind a reverse proxy: TLS, a path prefix, events unbuffered, its store PostgreSQL.

The proxy is nginx with the configuration of `packaging/workshop-online`.
"""

from __future__ import annotations

import shutil
import signal
import subprocess
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import httpx
import pytest
from workshop_room import ROOT, SLUG, Phone, check_in, free_port, goal, room

from playbook_helpers.core.partnership import Partnership
from playbook_helpers.core.revisions import new_revision
from playbook_helpers.storage.database import Store

EXAMPLE = ROOT / "packaging" / "workshop-online" / "nginx.conf"
needs_nginx = pytest.mark.skipif(
    not (shutil.which("nginx") and shutil.which("openssl")), reason="nginx and openssl"
)


@contextmanager
def nginx(folder: Path, port: int, behind: int) -> Iterator[None]:
    """nginx with the example's configuration, at a port of its own."""
    key, certificate = folder / "key.pem", folder / "certificate.pem"
    command = ["openssl", "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days", "2"]
    command += ["-subj", "/CN=127.0.0.1", "-keyout", str(key), "-out", str(certificate)]
    subprocess.run(command, check=True, capture_output=True)
    server = EXAMPLE.read_text("utf-8")
    for given, ours in (
        ("443 ssl", f"127.0.0.1:{port} ssl"),
        ("workshop.example", "127.0.0.1"),
        ("/etc/nginx/tls/fullchain.pem", str(certificate)),
        ("/etc/nginx/tls/privkey.pem", str(key)),
        ("playbook:8080", f"127.0.0.1:{behind}"),
    ):
        assert given in server
        server = server.replace(given, ours)
    paths = "".join(
        f"{name}_temp_path {folder}/{name};"
        for name in ("client_body", "proxy", "fastcgi", "uwsgi", "scgi")
    )
    conf = folder / "nginx.conf"
    conf.write_text(
        f"daemon off; pid {folder}/pid; error_log {folder}/error.log; events {{}}\n"
        f"http {{ access_log off; {paths}\n{server}\n}}\n",
        "utf-8",
    )
    process = subprocess.Popen(["nginx", "-p", str(folder), "-c", str(conf)])
    try:
        for _ in range(100):
            try:
                httpx.get(f"https://127.0.0.1:{port}/", verify=False)
            except httpx.TransportError:
                time.sleep(0.05)
            else:
                break
        yield
    finally:
        process.send_signal(signal.SIGTERM)
        process.wait(10)


class Far(Phone):
    """A phone that comes through the proxy."""

    def __init__(self, port: int) -> None:
        origin = f"https://127.0.0.1:{port}"
        self.web = httpx.Client(
            base_url=f"{origin}/workshop/", headers={"Origin": origin}, verify=False, timeout=10
        )


@needs_nginx
@pytest.mark.slow
def test_behind_a_proxy_under_a_prefix_with_its_store_on_a_server(
    tmp_path: Path, new_store_url: Callable[[], str]
) -> None:
    url, port = new_store_url(), free_port()
    with Store.open(url) as store:
        store.append(new_revision(SLUG, Partnership(name="Riverside")))
    public = f"https://127.0.0.1:{port}/workshop"
    more = ("--proxy", "127.0.0.1")
    with (
        room(tmp_path, "goals", "trust", public=public, more=more, url=url) as place,
        nginx(tmp_path, port, place.port),
    ):
        phone, leader = Far(port), Far(port)
        page = phone.web.get(f"j/{place.code}").text
        assert 'href="/workshop/static/workshop.css"' in page
        assert phone.web.get("static/workshop.css").status_code == 200
        reply = phone.post("join", {"code": place.code, "name": "Ada"})
        assert "; Path=/workshop/; SameSite=lax; Secure" in reply.headers["set-cookie"]
        saved = phone.post("save/goals", goal("Fewer hungry"))
        assert saved.json().get("saved"), saved.text
        assert phone.post("save/trust", check_in()).json()["saved"]
        led = leader.web.get(f"lead?key={place.key}")
        assert led.headers["location"] == "/workshop/lead"
        assert leader.web.get("lead").status_code == 200
        with leader.web.stream("GET", "events") as stream:
            lines = (line for line in stream.iter_lines() if line.startswith("data: "))
            next(lines)
            begun = time.monotonic()
            assert phone.post("save/goals", goal("Another")).json()["saved"]
            next(lines)
            assert time.monotonic() - begun < BEAT, "events are not held back"
        assert leader.post("lead", {"do": "next"}).json() == {"done": True}
        elsewhere = {"Origin": "https://evil.example"}
        assert phone.web.post("save/goals", json=goal(), headers=elsewhere).status_code == 403
        phone.web.close()
        leader.web.close()
    with Store.open(url, create=False) as store:
        assert len(store.heads(SLUG, kind="goal")) == 2


BEAT = 9.0
"""Less than the seconds after which a stream says that it is alive."""


def test_only_a_named_proxy_is_believed(tmp_path: Path) -> None:
    with room(tmp_path, "goals") as place:
        said = {"code": place.code, "name": ""}
        headers = {"X-Forwarded-Proto": "https", "X-Forwarded-Host": "evil.example"}
        reply = place.stranger().web.post("/join", json=said, headers=headers)
        assert reply.status_code == 200
        assert "Secure" not in reply.headers["set-cookie"]
        assert place.stranger().web.get("/lead", headers=headers).status_code == 403
    other = tmp_path / "other"
    other.mkdir()
    with room(other, "goals", more=("--proxy", "127.0.0.1")) as place:
        said = {"code": place.code, "name": ""}
        reply = place.stranger().web.post("/join", json=said, headers=headers)
        assert "Secure" in reply.headers["set-cookie"]
