"""A workshop in a process of its own, and phones that join it."""

from __future__ import annotations

import json
import os
import re
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import httpx

from playbook_helpers.core.partnership import Partnership
from playbook_helpers.core.revisions import new_revision, uuid4, uuid7
from playbook_helpers.practices.trust.items import ITEMS
from playbook_helpers.storage.database import Store

ROOT = Path(__file__).parents[2]
SLUG = "riverside"
NAME = "workshop.test"
"""A name that the tests' browser takes for this computer."""


def store_in(folder: Path) -> str:
    """A new store with one partnership; its address."""
    url = f"sqlite:///{folder / 'room.db'}"
    with Store.open(url) as store:
        store.append(new_revision(SLUG, Partnership(name="Riverside <b>Food</b>")))
    return url


def free_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as listening:
        return int(listening.getsockname()[1])


class Room:
    """A server that can be killed and started again at the same port."""

    def __init__(
        self, url: str, port: int, *stems: str, public: str = "", more: Sequence[str] = ()
    ) -> None:
        self.url, self.port, self.more = url, port, more
        self.stems = stems or (() if more else ("goals", "trust"))
        self.base = f"http://127.0.0.1:{port}"
        self.public = public
        self.folder = Path()
        """Where the store lies, and what the end exports."""
        self.process: subprocess.Popen[str] | None = None
        self.phones: list[Phone] = []

    def start(self) -> Room:
        command = [str(Path(sys.executable).parent / "playbook"), "workshop", *self.stems]
        command += ["--partnership", SLUG, "--port", str(self.port), "--address", "127.0.0.1"]
        command += ["--no-open", "--store", self.url, "--to", str(self.folder / "workshops")]
        command += ["--public-url", self.public] if self.public else []
        command += self.more
        self.process = subprocess.Popen(
            command,
            cwd=ROOT,
            env=os.environ | {"PLAYBOOK_HOME": str(ROOT), "COLUMNS": "400"},
            stderr=subprocess.PIPE,
            text=True,
        )
        assert self.process.stderr is not None
        said = ""
        for line in self.process.stderr:
            said += line
            if "The big screen" in line:
                break
        self.said = said
        self.code = re.findall(r"The code is (\w+)", said)[0]
        self.key = re.findall(r"lead\?key=(\S+)", said)[0]
        if not self.public:  # the next one, where somebody else has taken the port meanwhile
            self.base = re.findall(r"Lead it at (http://[\d.:]+)/", said)[0]
        for _ in range(200):
            try:
                httpx.get(self.base)
            except httpx.TransportError:
                time.sleep(0.05)
            else:
                break
        return self

    def kill(self, sign: int = signal.SIGKILL) -> int:
        assert self.process is not None
        self.process.send_signal(sign)
        code = self.process.wait(20)
        assert self.process.stderr is not None
        self.process.stderr.close()
        return code

    def stranger(self) -> Phone:
        phone = Phone(self.base)
        self.phones.append(phone)
        return phone

    def phone(self, name: str = "") -> Phone:
        phone = self.stranger()
        assert phone.post("/join", {"code": self.code, "name": name}).status_code == 200
        return phone

    def leader(self) -> Phone:
        leader = self.stranger()
        reply = leader.web.get(f"/lead?key={self.key}", follow_redirects=True)
        assert reply.status_code == 200, reply.text
        return leader


class Phone:
    """A client with its own cookies, which sends from a page of the workshop."""

    def __init__(self, base: str) -> None:
        self.web = httpx.Client(base_url=base, headers={"Origin": base}, timeout=10)

    def post(self, path: str, said: Any) -> httpx.Response:
        return self.web.post(path, json=said)

    def events(self) -> Iterator[dict[str, Any]]:
        with self.web.stream("GET", "/events") as reply:
            for line in reply.iter_lines():
                if line.startswith("data: "):
                    yield json.loads(line.removeprefix("data: "))


@contextmanager
def room(
    folder: Path,
    *stems: str,
    public: str = "",
    port: int = 0,
    more: Sequence[str] = (),
    url: str = "",
) -> Iterator[Room]:
    url = url or store_in(folder)
    made = Room(url, port or free_port(), *stems, public=public, more=more)
    made.folder = folder
    made.start()
    try:
        yield made
    finally:
        for phone in made.phones:
            phone.web.close()
        if made.process is not None and made.process.poll() is None:
            made.kill(signal.SIGTERM)


def goal(sentence: str = "We want less hunger.", **more: Any) -> dict[str, Any]:
    payload = {"name": sentence[:40], "sentence": sentence, "level": "outcome"}
    return revision("goals", "goal", payload, **more)


def revision(practice: str, kind: str, payload: Mapping[str, Any], **more: Any) -> dict[str, Any]:
    return {
        "id": uuid7(),
        "partnership": SLUG,
        "practice": practice,
        "kind": kind,
        "record": uuid7(),
        "payload": dict(payload),
        "parents": [],
        "deleted": False,
        "schema_version": 1,
        "author": "",
        "client_time": "2027-03-01T10:00:00.000Z",
        **more,
    }


def check_in(round_: str = "2026-11", score: int = 4) -> dict[str, Any]:
    return revision(
        "trust",
        "check_in",
        {"round": round_, **{item.name: str(score) for item in ITEMS}},
        id=uuid4(),
        record=uuid4(),
        client_time="",
    )
