"""The server is killed again and again under twenty phones: nothing lost, nothing twice."""

from __future__ import annotations

import random
import threading
import time
from pathlib import Path
from typing import Any

import httpx
import pytest
from workshop_room import SLUG, Phone, Room, goal, room

from playbook_helpers.storage.database import Store

PHONES = 20
KILLS = 30


class Sender(threading.Thread):
    """A phone that sends goals one after the other, each until it is answered."""

    def __init__(self, place: Room, number: int, stop: threading.Event) -> None:
        super().__init__(daemon=True)
        self._place, self._number, self._told = place, number, stop
        self._rng = random.Random(number)
        self.sent: list[dict[str, Any]] = []
        self.saved: set[str] = set()
        self.refused: list[Any] = []
        self.rejoined = 0

    def run(self) -> None:
        phone = self._joined()
        count = 0
        # Once it is told to stop, what was begun is still brought to its end.
        while phone is not None and not self._told.is_set():
            count += 1
            revision = goal(f"Goal {count} of phone {self._number}")
            self.sent.append(revision)
            while True:
                if self._rng.random() < 0.05:  # the browser forgot its cookie
                    phone.web.close()
                    phone = self._joined()
                    self.rejoined += 1
                try:
                    reply = phone.post("/save/goals", revision)
                except httpx.TransportError:  # the reply, or the server, is gone
                    time.sleep(0.1)
                    continue
                if reply.status_code in (429, 503):
                    time.sleep(0.2)
                    continue
                answer = reply.json()
                if reply.status_code == 200 and answer.get("saved"):
                    self.saved.add(revision["id"])
                else:
                    self.refused.append(answer)
                break
            time.sleep(self._rng.random() * 0.3)
        phone.web.close()

    def _joined(self) -> Phone:
        while True:
            phone = Phone(self._place.base)
            try:
                if phone.post("/join", {"code": self._place.code, "name": ""}).status_code == 200:
                    return phone
            except httpx.TransportError:
                pass
            phone.web.close()
            time.sleep(0.1)


@pytest.mark.slow
@pytest.mark.timeout(600)
def test_thirty_kills_under_twenty_phones_lose_and_double_nothing(tmp_path: Path) -> None:
    rng = random.Random(4711)
    with room(tmp_path, "goals") as place:
        stop = threading.Event()
        phones = [Sender(place, number, stop) for number in range(PHONES)]
        for phone in phones:
            phone.start()
        for _ in range(KILLS):
            time.sleep(rng.random())
            place.kill()
            place.start()
        stop.set()
        for phone in phones:
            phone.join(60)
            assert not phone.is_alive(), "an answer is stuck"
    sent = {one["id"]: one["payload"] for phone in phones for one in phone.sent}
    saved = {id_ for phone in phones for id_ in phone.saved}
    assert not [phone.refused for phone in phones if phone.refused]
    assert saved == set(sent)
    assert len(sent) > PHONES * 5
    assert sum(phone.rejoined for phone in phones) > 0
    with Store.open(place.url, create=False) as store:
        stored = [r for r in store.revisions(SLUG) if r.kind == "goal"]
    assert {r.id: dict(r.payload) for r in stored} == sent
    assert len({r.record for r in stored}) == len(stored), "nothing is there twice"
