"""Half a day with twelve phones, from the first step to the report, as a script."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from workshop_room import SLUG, Phone, Room, goal, revision, room

from playbook_helpers.storage.database import Store

SENTENCES = (
    "By July 2028, the school will lower the share of pupils who come hungry from 22% to 10%.",
    "Supermarket surplus to 400 kg a week by 2028",
    "Every household within ten minutes of fresh food",
    "By June 2027, the kitchen will cut the wait at the food bank from 9 days to 3.",
)


def state(leader: Phone) -> dict[str, Any]:
    return next(leader.events())


def walk(place: Room, look: Any = lambda title: None) -> dict[str, str]:
    """Go through all steps; title -> the worksheet at which the room was."""
    leader = place.leader()
    phones = [place.phone(name) for name in ("Amara", "Ben", "Chipo", "", "Dee", "Farah", "")]
    phones += [place.phone() for _ in range(5)]
    seen: dict[str, str] = {}
    look("lobby")
    while True:
        before = state(leader)
        at = before["step"]["number"] if before["step"] else 0
        leader.post("/lead", {"do": "next", "at": at})
        now = state(leader)
        step = now["step"]
        if step["number"] == at:
            break
        assert 0 <= now["ends"] - now["now"] <= 60 * step["minutes"]
        title = step["title"]
        seen[title] = step["stem"]
        fill_in(place, title, phones, leader)
        look(title)
    return seen


def fill_in(place: Room, title: str, phones: list[Phone], leader: Phone) -> None:
    """What people do at a step."""
    saved = []
    if title == "Write three goals":
        saved = [
            phone.post("/save/goals", goal(words)).json()
            for phone, words in zip(phones, SENTENCES, strict=False)
        ]
    elif title == "Owner and date":
        ask = {"do": "vote", "question": "Which goals come first?", "things": SENTENCES, "dots": 0}
        leader.post("/lead", ask)
        (vote,) = state(leader)["votes"]
        for number, phone in enumerate(phones):
            said = [5, 1 + number % 5, 3, 1 + number % 2]
            saved.append(phone.post("/vote", {"vote": vote["id"], "said": said}).json())
        leader.post("/lead", {"do": "close_vote", "vote": vote["id"], "sure": True})
        leader.post("/lead", {"do": "show", "vote": vote["id"]})
    elif title == "Offers":
        for number, phone in enumerate(phones[:6]):
            offer = {
                "partner": f"Partner {number}",
                "what": f"A van on day {number}",
                "type": "equipment",
            }
            saved.append(
                phone.post("/save/resources", revision("resources", "offer", offer)).json()
            )
    elif title == "Needs":
        for number, phone in enumerate(phones[6:10]):
            need = {"name": f"Need {number}", "type": "equipment"}
            saved.append(phone.post("/save/resources", revision("resources", "need", need)).json())
    elif title == "Talk, then decide":
        for what, who in (("Ask for the van in writing", "Coordinator"), ("Count again", "")):
            decided = {"do": "decide", "decided": what, "who": who, "by": "2027-01"}
            assert leader.post("/lead", decided).json() == {"done": True}
    assert all(one.get("saved") for one in saved), (title, saved)


@pytest.mark.slow
def test_half_a_day_with_twelve_phones_from_welcome_to_the_report(tmp_path: Path) -> None:
    with room(tmp_path, more=("--plan", "half-day")) as place:
        seen = walk(place)
        assert next(iter(seen)) == "Welcome"
        assert list(seen)[-1] == "Close"
        assert len(seen) == 13
        assert (seen["Swap and flag"], seen["Needs"]) == ("goals", "resources")
        leader = place.leader()
        for stem in ("goals", "resources"):
            assert leader.web.get(f"/picture/{stem}").status_code == 200
        assert leader.post("/lead", {"do": "end", "sure": True}).json() == {"done": True}
        exported = {one["what"]: Path(one["path"]) for one in state(leader)["exported"]}
        report = exported["Report of the day"].read_text("utf-8")
        assert "12 people joined by phone." in report
        for words in ("Ask for the van in writing", "Coordinator", "Which goals come first?"):
            assert words in report
        assert "Two of four goals can be checked" in report
        with Store.open(place.url, create=False) as store:
            kinds = [head.kind for head in store.heads(SLUG)]
        assert [kinds.count(k) for k in ("goal", "offer", "need", "decision")] == [4, 6, 4, 2]
