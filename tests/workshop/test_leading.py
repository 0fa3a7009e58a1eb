"""What whoever leads does: what waits for them, votes, two wordings, decisions, and the end."""

from __future__ import annotations

import itertools
import json
import signal
import stat
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from workshop_room import SLUG, Phone, Room, check_in, goal, revision, room

from playbook_helpers.core.revisions import uuid4
from playbook_helpers.practices.first_round import LINES
from playbook_helpers.storage.database import Store
from playbook_helpers.storage.files import import_paths
from playbook_helpers.workshop.sitting import Vote


@pytest.fixture
def place(tmp_path: Path) -> Iterator[Room]:
    with room(tmp_path, "goals", "overview") as made:
        yield made


def told(leader: Phone) -> dict[str, Any]:
    return next(leader.events())


def eight_lines(**said: str) -> dict[str, Any]:
    return revision("overview", "first_round", said, id=uuid4(), record=uuid4(), client_time="")


# What waits --------------------------------------------------------------------------------------


def test_a_table_calls_and_is_answered(place: Room) -> None:
    phone, leader = place.phone("Ada"), place.leader()
    assert phone.post("/call", {"words": "Is a vision\u202e a goal?"}).json()["called"]
    assert phone.post("/call", {"words": "Is a vision a goal?"}).json()["called"]
    (ask,) = told(leader)["asks"]
    assert (ask["kind"], ask["name"], ask["words"]) == ("call", "Ada", "Is a vision a goal?")
    assert phone.web.get("/now").json()["called"]
    leader.post("/lead", {"do": "coming", "ask": ask["id"]})
    assert told(leader)["asks"] == []
    assert not phone.web.get("/now").json()["called"]
    phone.post("/call", {})
    phone.post("/call", {"back": True})
    assert told(leader)["asks"] == []


def test_who_has_lost_the_two_words_is_let_in_by_a_person(place: Room) -> None:
    first, leader, second = place.phone("Ada"), place.leader(), place.stranger()
    assert "nobody" in second.post("/ask-in", {"name": "Bo"}).json()["problems"][0][1]
    asked = second.post("/ask-in", {"name": "Ada"}).json()["asked"]
    assert second.post("/let-in", {"asked": asked}).json() == {"waiting": True}
    assert second.web.get("/now").status_code == 401
    (ask,) = told(leader)["asks"]
    leader.post("/lead", {"do": "let_in", "ask": ask["id"]})
    assert told(leader)["asks"] == []
    assert second.post("/let-in", {"asked": asked}).json()["joined"]
    assert second.web.get("/now").status_code == 200
    assert second.web.get("/").text.count("You are here as Ada.") == 1
    assert first.web.get("/now").json()["people"] == 1
    asked = place.stranger().post("/ask-in", {"name": "Ada"}).json()["asked"]
    leader.post("/lead", {"do": "no", "ask": asked})
    assert second.post("/let-in", {"asked": asked}).json() == {"no": True}


def test_a_refused_answer_waits_for_a_person_and_of_a_secret_one_not_whose(place: Room) -> None:
    phone, leader = place.phone("Ada"), place.leader()
    sent = goal() | {"payload": {"name": "Soon", "sentence": "x", "level": "perhaps"}}
    assert phone.post("/save/goals", sent).json()["problems"]
    (wrong,) = told(leader)["refused"]
    assert wrong["whose"] == "Ada"
    assert phone.post("/save/goals", goal(record=sent["record"])).json()["saved"]
    assert told(leader)["refused"] == [], "it was changed and sent"
    assert phone.post("/save/overview", eight_lines(trust="well")).json()["saved"]
    assert phone.post("/save/overview", eight_lines(trust="well")).json()["problems"]
    (wrong,) = told(leader)["refused"]
    assert (wrong["whose"], "one person answers once" in wrong["words"]) == ("", True)
    leader.post("/lead", {"do": "seen", "record": wrong["record"]})
    assert told(leader)["refused"] == []


# Votes -------------------------------------------------------------------------------------------


def test_a_vote_is_secret_until_it_is_closed_and_shown(place: Room) -> None:
    phones, leader = [place.phone() for _ in range(3)], place.leader()
    things = ["Hunger <b>", "Reading"]
    leader.post("/lead", {"do": "vote", "question": "Which first?", "things": things, "dots": 0})
    (vote,) = told(leader)["votes"]
    assert phones[0].web.get("/now").json()["vote"]["things"] == things
    for phone, said in zip(phones, ([5, 1], [1, 1], [4, 0]), strict=True):
        assert phone.post("/vote", {"vote": vote["id"], "said": said}).json()["saved"]
    again = phones[0].post("/vote", {"vote": vote["id"], "said": [1, 5]}).json()
    assert again == {"saved": True, "again": True}
    for wrong in ([6, 1], [0, 0], [1], "x", [True, 1], None, [1, 2, 3]):
        problems = place.phone().post("/vote", {"vote": vote["id"], "said": wrong}).json()
        assert problems["problems"], wrong
    hands = {"do": "hands", "vote": vote["id"], "hands": [{"5": 2}, {"1": 1}], "before": 0}
    assert leader.post("/lead", hands).json() == {"done": True}
    assert leader.post("/lead", hands).status_code == 409, "counted once"
    (vote,) = told(leader)["votes"]
    assert (vote["number"], vote["by_hand"]) == (5, 2)
    assert "counts" not in vote
    assert "gave" not in leader.web.get(f"/vote/{vote['id']}").text
    assert leader.post("/lead", {"do": "show", "vote": vote["id"]}).status_code == 409
    close = {"do": "close_vote", "vote": vote["id"]}
    assert leader.post("/lead", close).json()["ask"] == {"answers": 5, "people": 10}
    leader.post("/lead", close | {"sure": True})
    late = place.phone().post("/vote", {"vote": vote["id"], "said": [1, 1]}).json()
    assert "closed" in late["problems"][0][1]
    assert "counts" not in told(leader)["votes"][0], "closed and shown are two steps"
    leader.post("/lead", {"do": "show", "vote": vote["id"]})
    assert told(leader)["votes"][0]["counts"] == [{"5": 3, "1": 1, "4": 1}, {"1": 3}]
    picture = leader.web.get(f"/vote/{vote['id']}").text
    assert "Hunger &lt;b&gt;" in picture
    assert picture.index("Hunger") < picture.index("Reading"), "the widest spread first"
    kept = json.loads((Path(place.folder) / "room.db-workshop").read_text("utf-8"))
    assert kept["votes"][0]["voted"] == [], "who has voted is forgotten"


def test_dots_are_as_many_as_each_has() -> None:
    vote = Vote("v", "Which?", ["A", "B"], 3, [{}, {}])
    assert vote.problem([2, 1]) == vote.problem([0, 1]) == ""
    assert "3 dots" in vote.problem([2, 2])
    assert vote.problem([0, 0])
    assert vote.problem([-1, 2])
    vote.take([2, 1])
    vote.take_hands([{"dots": 4}, {"dots": 3}])
    assert (vote.number, vote.by_hand, vote.counts) == (4, 3, [{"dots": 6}, {"dots": 4}])


def test_the_order_of_votes_is_in_no_file(tmp_path: Path) -> None:
    seen = set()
    for order in itertools.permutations((([5, 1], "a"), ([1, 2], "b"), ([3, 0], "c"))):
        vote = Vote("v", "Which?", ["A", "B"], 0, [{}, {}])
        for said, mark in order:
            vote.take(said)
            vote.voted = sorted([*vote.voted, mark])
        told = [sorted(each.items()) for each in vote.counts]
        seen.add(json.dumps([list(each.items()) for each in vote.counts]) + str(vote.voted))
        assert told == [[("1", 1), ("3", 1), ("5", 1)], [("1", 1), ("2", 1)]]
    assert len(seen) == 1


# Wordings, decisions, notes --------------------------------------------------------------------


def test_two_wordings_of_one_goal_stand_side_by_side_and_one_is_kept(place: Room) -> None:
    ada, bo, leader = place.phone("Ada"), place.phone("Bo"), place.leader()
    one, other = goal("Fewer hungry pupils"), goal("fewer HUNGRY pupils")
    ada.post("/save/goals", one)
    bo.post("/save/goals", other)
    (pair,) = told(leader)["pairs"]
    assert {pair["one"]["whose"], pair["other"]["whose"]} == {"Ada", "Bo"}
    assert "how far to go" in pair["one"]["lacks"]
    both = [pair["one"]["revision"], pair["other"]["revision"]]
    leader.post("/lead", {"do": "keep", "both": both, "keep": one["id"]})
    assert told(leader)["pairs"] == []
    with Store.open(place.url, create=False) as store:
        (head,) = store.heads(SLUG, kind="goal")
    assert head.record == one["record"]
    third = goal("Fewer hungry pupils")
    bo.post("/save/goals", third)
    leader.post("/lead", {"do": "keep", "both": [one["id"], third["id"]], "keep": "both"})
    assert told(leader)["pairs"] == []
    assert len(told(leader)["entries"]) == 2
    gone = leader.post("/lead", {"do": "two", "both": [one["id"], other["id"]]})
    assert gone.status_code == 409
    assert "not there any more" in gone.text
    shown = leader.post("/lead", {"do": "two", "both": [one["id"], third["id"]]}).json()
    assert shown["pair"]["one"]["says"] == "Fewer hungry pupils"


def test_two_who_change_one_record_at_once_are_a_pair_until_one_is_kept(place: Room) -> None:
    ada, bo, leader = place.phone("Ada"), place.phone("Bo"), place.leader()
    first = goal("Hunger")
    ada.post("/save/goals", first)
    payload = first["payload"]
    changed = [
        goal(record=first["record"], parents=[first["id"]]) | {"payload": payload | {"sentence": s}}
        for s in ("We want less hunger.", "We want no hunger.")
    ]
    ada.post("/save/goals", changed[0])
    bo.post("/save/goals", changed[1])
    (pair,) = told(leader)["pairs"]
    both = [pair["one"]["revision"], pair["other"]["revision"]]
    leader.post("/lead", {"do": "keep", "both": both, "keep": changed[1]["id"]})
    with Store.open(place.url, create=False) as store:
        assert not store.conflicts(SLUG)
        (head,) = store.heads(SLUG, kind="goal")
    assert head.payload["sentence"] == "We want no hunger."


def test_a_press_counts_once_and_back_is_back(place: Room) -> None:
    leader = place.leader()
    for _ in range(3):  # three windows that all show the beginning
        leader.post("/lead", {"do": "next", "at": 0})
    assert told(leader)["step"]["number"] == 1
    leader.post("/lead", {"do": "next", "at": 1})
    leader.post("/lead", {"do": "back", "at": 2})
    assert told(leader)["step"]["number"] == 1
    assert leader.post("/lead", {"do": "dance"}).status_code == 400


# The first round -------------------------------------------------------------------------------


def test_the_first_round_is_told_from_five_answers_once_it_is_closed(place: Room) -> None:
    leader = place.leader()
    for n in range(4):
        said = dict.fromkeys(LINES, "well") | {"sustainability": "needs_us"}
        said |= {"trust": ("well", "needs_us")[n % 2]}
        assert place.phone().post("/save/overview", eight_lines(**said)).json()["saved"]
    headers = {"X-Paper": "yes"}
    for _ in range(2):  # slips, typed in by whoever leads
        slip = eight_lines(trust="needs_us", sustainability="needs_us")
        reply = leader.web.post("/save/overview", json=slip, headers=headers)
        assert reply.json()["saved"], reply.text
    answered = told(leader)["answered"]["overview"]
    assert (answered["given"], answered["slips"], answered["closed"]) == (6, 2, False)
    assert "until the round is closed" in leader.web.get("/picture/overview").text
    assert leader.post("/lead", {"do": "show", "stem": "overview"}).status_code == 409
    leader.post("/lead", {"do": "close", "stem": "overview", "sure": True})
    assert "until the round is closed" in leader.web.get("/picture/overview").text
    leader.post("/lead", {"do": "show", "stem": "overview"})
    picture = leader.web.get("/picture/overview").text
    assert "Lasting impact needs you most; on trust and mutual respect" in picture
    assert picture.count("<tr>") == 9
    late = place.phone().post("/save/overview", eight_lines(trust="well")).json()
    assert "This round is closed" in late["problems"][0][1]


def test_four_answers_are_too_few_to_show(place: Room) -> None:
    leader = place.leader()
    for _ in range(4):
        place.phone().post("/save/overview", eight_lines(trust="well"))
    leader.post("/lead", {"do": "close", "stem": "overview", "sure": True})
    leader.post("/lead", {"do": "show", "stem": "overview"})
    picture = leader.web.get("/picture/overview").text
    assert "Four answered: too few to show" in picture
    assert "going well" not in picture


def test_slips_are_for_whoever_leads_alone(place: Room) -> None:
    phone = place.phone()
    headers = {"X-Paper": "yes"}
    assert phone.web.get("/paper/overview").status_code == 403
    sent = [eight_lines(trust="well") for _ in range(2)]
    replies = [phone.web.post("/save/overview", json=one, headers=headers).json() for one in sent]
    assert [bool(one.get("saved")) for one in replies] == [True, False], "still one a person"


# The end ---------------------------------------------------------------------------------------


def test_the_end_writes_everything_and_an_empty_store_takes_it_in(
    place: Room, tmp_path: Path
) -> None:
    phones, leader = [place.phone(f"P{n}") for n in range(6)], place.leader()
    leader.post("/lead", {"do": "next"})
    for n, phone in enumerate(phones):
        phone.post("/save/goals", goal(f"Goal {n} <script>"))
        phone.post("/save/overview", eight_lines(trust="well"))
    wrong = leader.post("/lead", {"do": "decide", "decided": "Ask", "by": "soon"}).json()
    assert wrong["problems"][0][0] == "by"
    decided = {"do": "decide", "decided": "Ask the van <b>", "who": "Coordinator", "by": "2027-02",
               "seen": "Ten wait", "why": "One van"}  # fmt: skip
    assert leader.post("/lead", decided).json() == {"done": True}
    leader.post("/lead", {"do": "note", "notes": "Kitchen: who decides?", "told": True})
    asked = leader.post("/lead", {"do": "end"}).json()
    assert asked["ask"]["open"] == ["First round"]
    assert leader.post("/lead", {"do": "end", "sure": True}).json() == {"done": True}
    exported = {one["what"]: Path(one["path"]) for one in told(leader)["exported"]}
    assert len(exported) == 5
    folder = next(iter(exported.values())).parent
    assert stat.S_IMODE(folder.stat().st_mode) == 0o700
    report = exported["Report of the day"].read_text("utf-8")
    assert "Ask the van &lt;b&gt;" in report
    assert "We saw: Ten wait · It may be because: One van" in report
    assert "Kitchen: who decides?" in report
    assert "<script" not in report
    assert "has not been shown this picture" in report
    assert "6 people joined" in report
    calendar = exported["Decisions, for a calendar"].read_bytes().decode()
    assert "SUMMARY:Ask the van <b> (Coordinator)\r\n" in calendar
    assert "DTSTART;VALUE=DATE:20270228" in calendar
    assert phones[0].web.get("/now").json()["ended"]
    with Store.open(place.url, create=False) as store:
        heads = {h.revision: h.payload for h in store.heads(SLUG)}
    with Store.open(str(tmp_path / "again.db")) as again:
        import_paths(again, [exported["Data package (tables)"]])
        assert {h.revision: h.payload for h in again.heads(SLUG)} == heads
    with Store.open(str(exported["Backup of the whole store"])) as copy:
        assert {h.revision: h.payload for h in copy.heads(SLUG)} == heads
    with Store.open(str(tmp_path / "third.db")) as third:
        files = sorted(exported["Answers, to open on the site's pages"].iterdir())
        import_paths(third, files)
        assert len(third.heads(SLUG, kind="goal")) == 6
    place.kill(signal.SIGTERM)
    place.start()
    assert "goes on" not in place.said, "what is ended is not gone on with"


def test_it_stops_within_three_seconds_with_streams_open(place: Room) -> None:
    leader = place.leader()
    with leader.web.stream("GET", "/events") as stream:
        next(stream.iter_lines())
        begun = time.monotonic()
        assert place.kill(signal.SIGINT) == 0
        taken = time.monotonic() - begun
    print(f"stopped in {taken:.2f} s")
    assert taken < 10, "a stream keeps nobody waiting"


def test_no_file_of_a_killed_workshop_tells_the_order_of_secret_answers(tmp_path: Path) -> None:
    """Everything in the folder, cut into what it holds of each answer: sorted by chance alone."""
    ids = [uuid4() for _ in range(24)]
    with room(tmp_path, "trust") as place:
        for number, id_ in enumerate(ids):
            sent = check_in(score=1 + number % 5) | {"id": id_}
            assert place.phone().post("/save/trust", sent).json()["saved"]
        place.kill(signal.SIGKILL)
        for file in tmp_path.iterdir():
            held = file.read_bytes()
            places = [(held.find(id_.encode()), id_) for id_ in ids]
            found = [id_ for at, id_ in sorted(places) if at >= 0]
            # Rows lie from the end of a page to its beginning, in the order of their ids.
            assert not found or file.name == "room.db-secret", file.name
            if found:
                assert found != ids
                assert found != ids[::-1]
                assert set(found) == set(ids)
