"""Joining, saving, secrecy and what a sitting refuses, through HTTP."""

from __future__ import annotations

import json
import signal
import time
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import httpx
import pytest
from workshop_room import SLUG, Room, check_in, goal, revision, room

from playbook_helpers.core.errors import NotFound
from playbook_helpers.storage.database import Store
from playbook_helpers.workshop.sitting import Sitting, open_sitting
from playbook_helpers.workshop.steps import Step, plan_named, steps_for

BOOK = Path(__file__).parents[2] / "book"


@pytest.fixture
def sitting(tmp_path: Path) -> Iterator[Room]:
    with room(tmp_path) as made:
        yield made


# Steps and state ---------------------------------------------------------------------------------


def test_the_steps_come_from_the_chapters_with_what_to_say() -> None:
    first, *rest = steps_for(BOOK, ["goals", "trust"])
    assert (first.title, first.minutes) == ("Say what you hope for", 10)
    assert first.say == "This is the place we are walking to. Today we pick the next hill."
    assert first.stuck.startswith("two visions show up.")
    assert len(rest) > 8
    assert not [s for s in (first, *rest) if "{" in s.what + s.say + s.stuck or "**" in s.what]


@pytest.mark.parametrize(
    ("plan", "minutes"), [("online-90", 90), ("half-day", 210), ("full-day", 420)]
)
def test_a_plan_fills_its_time(plan: str, minutes: int) -> None:
    assert sum(step.minutes for step in plan_named(BOOK, plan).steps) == minutes


def test_an_unknown_plan_is_refused_with_those_there_are() -> None:
    with pytest.raises(NotFound, match="half-day"):
        plan_named(BOOK, "week")


def new_sitting(tmp_path: Path, *steps: Step) -> Sitting:
    held = steps or (Step("One", 5), Step("Two", 10))
    return open_sitting(tmp_path / "s", SLUG, ["goals"], held)[0]


def test_a_sitting_goes_on_where_it_was(tmp_path: Path) -> None:
    first = new_sitting(tmp_path)
    id_, person = first.join("Ada")
    first.go(1)
    first.go(1)
    first.lengthen(5)
    again = new_sitting(tmp_path)
    assert again == first
    assert again.who(first.cookie(id_)) == id_
    assert again.by_words(f" {person.words.upper()} ") == id_
    assert again.step == 1
    assert again.ends == first.begun + 15 * 60
    assert again.mark(id_, "check_in", "2026-11") == first.mark(id_, "check_in", "2026-11")
    other = open_sitting(tmp_path / "s", "another", ["goals"], first.steps)
    assert not other[1]
    assert not other[0].people


def test_a_cookie_that_another_sitting_signed_is_nobodys(tmp_path: Path) -> None:
    one = new_sitting(tmp_path)
    id_, _ = one.join("")
    cookie = one.cookie(id_)
    assert one.who(cookie) == id_
    assert not one.who(cookie[:-1] + ("0" if cookie[-1] != "0" else "1"))
    assert not one.who("")
    assert not replace(one, key="00" * 32).who(cookie)
    assert not one.who(one.cookie("nobody"))


def test_the_state_is_for_the_owner_of_the_computer_alone(tmp_path: Path) -> None:
    new_sitting(tmp_path)
    assert (tmp_path / "s").stat().st_mode & 0o077 == 0


def test_time_that_is_over_can_be_lengthened_from_now(tmp_path: Path) -> None:
    one = new_sitting(tmp_path)
    one.go(1)
    one.begun -= 25 * 60
    assert one.ends < time.time()
    one.lengthen(5)
    assert 4 * 60 - 1 <= one.ends - time.time() <= 5 * 60


# Joining -----------------------------------------------------------------------------------------


def test_a_room_joins_saves_and_the_screen_shows_it(sitting: Room) -> None:
    ada, bo = sitting.phone("Ada"), sitting.phone()
    sent = goal("Fewer <i>hungry</i> children by 2030")
    reply = ada.post("/save/goals", sent).json()
    assert reply["saved"] is True
    assert reply["id"] == sent["id"]
    listed = bo.web.get("/list/goals").json()
    assert [one["payload"] for one in listed["revisions"]] == [sent["payload"]]
    assert listed["revisions"][0]["author"] == ""
    assert listed["known"]["goal"] == [sent["payload"]["name"]]
    picture = sitting.leader().web.get("/picture/goals").text
    assert "Fewer &lt;i&gt;hungry&lt;/i&gt; children" in picture
    assert "<i>hungry" not in picture
    with Store.open(sitting.url, create=False) as store:
        (stored,) = [r for r in store.revisions(SLUG) if r.kind == "goal"]
    assert stored.author == "Ada"


def test_the_first_page_has_the_field_and_takes_no_wrong_code(sitting: Room) -> None:
    stranger = sitting.stranger()
    page = stranger.web.get("/")
    assert page.status_code == 200
    assert "Riverside &lt;b&gt;Food&lt;/b&gt;" in page.text
    assert f'value="{sitting.code}"' in stranger.web.get(f"/j/{sitting.code}").text
    reply = stranger.post("/join", {"code": "AAAAAA", "name": ""})
    assert reply.status_code == 400
    assert reply.json() == {"problems": [["code", "is not the code on the screen"]]}
    assert stranger.web.get("/w/goals").status_code == 303
    assert stranger.web.get("/now").status_code == 401
    assert stranger.post("/save/goals", goal()).status_code == 401
    assert stranger.web.get("/list/goals").status_code == 401


def test_two_words_lead_back_on_another_phone(sitting: Room) -> None:
    first = sitting.stranger()
    words = first.post("/join", {"code": sitting.code, "name": "Ada"}).json()["words"]
    second = sitting.stranger()
    assert second.post("/back", {"words": words.upper()}).json()["joined"]
    assert second.web.get("/now").json()["people"] == 1
    tries = [second.post("/back", {"words": "one two"}).status_code for _ in range(6)]
    assert tries == [400] * 5 + [429]


def test_a_cookie_is_not_for_scripts_and_handing_on_clears_it(sitting: Room) -> None:
    phone = sitting.stranger()
    reply = phone.post("/join", {"code": sitting.code, "name": ""})
    assert "HttpOnly" in reply.headers["set-cookie"]
    assert "samesite=lax" in reply.headers["set-cookie"].lower()
    phone.post("/leave", {})
    assert phone.web.get("/now").status_code == 401


# Nothing twice, nothing lost ---------------------------------------------------------------------


def test_a_resend_under_a_new_cookie_is_the_same_answer(sitting: Room) -> None:
    sent = goal()
    assert sitting.phone("Ada").post("/save/goals", sent).json()["saved"]
    assert sitting.phone("Bo").post("/save/goals", sent).json()["saved"]
    altered = goal("Something else", id=sent["id"])
    (problem,) = sitting.phone().post("/save/goals", altered).json()["problems"]
    assert "was sent before with other words" in problem[1]
    with Store.open(sitting.url, create=False) as store:
        assert [r.author for r in store.revisions(SLUG) if r.kind == "goal"] == ["Ada"]


def test_of_several_the_refusal_of_one_leaves_its_neighbours(sitting: Room) -> None:
    one, bad, two = goal("One"), goal("Bad"), goal("Two")
    del bad["payload"]["level"]
    reply = sitting.phone().post("/save/goals", {"revisions": [one, bad, two]}).json()
    first, second, third = reply["answers"]
    assert first["saved"]
    assert third["saved"]
    assert second == {"id": bad["id"], "problems": [["level", "is empty; it needs an answer"]]}


def test_a_server_that_ends_and_comes_back_knows_the_phone(sitting: Room) -> None:
    phone, leader = sitting.phone("Ada"), sitting.leader()
    leader.post("/lead", {"do": "next"})
    leader.post("/lead", {"do": "next"})
    before = phone.web.get("/now").json()
    begun = time.monotonic()
    stream = leader.web.stream("GET", "/events")
    with stream as reply:
        next(reply.iter_lines())
        assert sitting.kill(signal.SIGINT) == 0
    assert time.monotonic() - begun < 20
    sitting.start()
    assert "goes on where it was" in sitting.said
    after = phone.web.get("/now").json()
    assert after["step"] == before["step"]
    assert after["step"]["number"] == 2
    assert after["ends"] == before["ends"]
    assert leader.web.get("/lead").status_code == 200


# What is refused ---------------------------------------------------------------------------------


def test_it_answers_under_its_own_names_alone(sitting: Room) -> None:
    for host in ("evil.example", "127.0.0.1.evil.example:80", "", "[::1", "10.1.2.3"):
        reply = httpx.get(sitting.base, headers={"Host": host})
        assert reply.status_code in (400, 421), host
    assert httpx.get(sitting.base, headers={"Host": f"localhost:{sitting.port}"}).status_code == 200


def test_another_page_in_the_browser_changes_nothing(sitting: Room) -> None:
    phone, leader = sitting.phone(), sitting.leader()
    for origin in ("http://evil.example", "null", "", sitting.base.replace("127", "227")):
        headers = {"Origin": origin}
        assert phone.web.post("/save/goals", json=goal(), headers=headers).status_code == 403
        assert leader.web.post("/lead", json={"do": "next"}, headers=headers).status_code == 403
    plain = {"Content-Type": "text/plain"}
    text = json.dumps(goal())
    assert phone.web.post("/save/goals", content=text, headers=plain).status_code == 415
    assert phone.web.get("/now").json()["answered"]["goals"]["records"] == 0


def test_what_is_too_large_or_no_answer_is_refused_kindly(sitting: Room) -> None:
    phone = sitting.phone()
    assert phone.post("/save/goals", {"revisions": [goal()] * 101}).status_code == 413
    assert phone.post("/save/goals", "x" * 1_000_001).status_code == 413
    json_type = {"Content-Type": "application/json"}
    assert phone.web.post("/save/goals", content=b"{", headers=json_type).status_code == 400
    deep = b"[" * 100_000
    assert phone.web.post("/save/goals", content=deep, headers=json_type).status_code == 400
    for wrong in ("", [], {"id": 5}, goal(partnership="another"), check_in()):
        assert "problems" in phone.post("/save/goals", wrong).json(), wrong
    assert phone.post("/save/resources", goal()).status_code == 404


def test_the_limit_is_a_persons_and_not_a_rooms(sitting: Room) -> None:
    eager, calm = sitting.phone(), sitting.phone()
    statuses = [eager.post("/save/goals", {}).status_code for _ in range(121)]
    assert statuses == [200] * 120 + [429]
    assert calm.post("/save/goals", goal()).json()["saved"]


def test_phones_reach_nothing_of_the_leaders(sitting: Room) -> None:
    phone = sitting.phone()
    for path in ("/screen", "/lead", "/events", "/picture/goals", "/lead?key=x"):
        assert phone.web.get(path).status_code == 403, path
    assert phone.post("/lead", {"do": "next"}).status_code == 403
    assert sitting.key not in phone.web.get("/w/goals").text


@pytest.mark.parametrize("path", ["/", "/w/goals", "/now", "/nothing", "/static/form.js", "/lead"])
def test_every_reply_says_what_pages_may_do(sitting: Room, path: str) -> None:
    headers = sitting.phone().web.get(path).headers
    assert headers["content-security-policy"].startswith("default-src 'none'; script-src 'self';")
    assert headers["x-content-type-options"] == "nosniff"
    assert headers["x-frame-options"] == "DENY"
    assert headers["cache-control"] == "no-store"


# Secrets -----------------------------------------------------------------------------------------


def test_of_secret_answers_nobody_sees_more_than_the_count(sitting: Room) -> None:
    phones, leader = [sitting.phone(f"P{n}") for n in range(6)], sitting.leader()
    marks = [check_in(score=1 + n % 5) for n in range(6)]
    for phone, sent in zip(phones, marks, strict=True):
        assert phone.post("/save/trust", sent).json()["saved"]
        seen = leader.web.get("/picture/trust").text + phone.web.get("/list/trust").text
        assert not [m for m in marks if m["id"] in seen or m["record"] in seen]
        assert "Nothing is shown until the round is closed" in seen
    state = phones[0].web.get("/now").json()["answered"]["trust"]
    assert state["rounds"] == {"2026-11": 6}
    refused = leader.post("/lead", {"do": "show", "stem": "trust"})
    assert refused.status_code == 409, "the round is open"
    assert "Close the round first" in refused.text
    assert "<figure" not in leader.web.get("/picture/trust").text


def test_closed_and_shown_are_two_steps(sitting: Room) -> None:
    for n in range(6):
        sitting.phone().post("/save/trust", check_in(score=1 + n % 5))
    leader = sitting.leader()
    close = {"do": "close", "stem": "trust", "round": "2026-11"}
    asked = leader.post("/lead", close).json()
    assert asked == {"ask": {"answers": 6, "people": 6}, "done": False}
    with Store.open(sitting.url, create=False) as store:
        assert not store.is_closed(SLUG, "check_in", "2026-11")
    assert leader.post("/lead", close | {"sure": True}).json() == {"done": True}
    with Store.open(sitting.url, create=False) as store:
        assert store.is_closed(SLUG, "check_in", "2026-11")
    assert "<figure" not in leader.web.get("/picture/trust").text
    leader.post("/lead", {"do": "show", "stem": "trust"})
    assert "<figure" in leader.web.get("/picture/trust").text
    late = sitting.phone().post("/save/trust", check_in()).json()
    assert "This round is closed" in late["problems"][0][1]
    nothing = leader.post("/lead", close | {"round": "2020-01"})
    assert nothing.status_code == 409


def test_one_ballot_a_person_and_a_resend_is_the_same_ballot(sitting: Room) -> None:
    phone, sent = sitting.phone(), check_in()
    assert phone.post("/save/trust", sent).json()["saved"]
    assert phone.post("/save/trust", sent).json()["saved"], "its receipt was lost"
    assert (
        "one person answers once" in phone.post("/save/trust", check_in()).json()["problems"][0][1]
    )
    assert phone.post("/save/trust", check_in("2026-10")).json()["saved"], "another round"
    other = sitting.phone()
    assert other.post("/save/trust", check_in()).json()["saved"]
    change = check_in() | {"parents": [sent["id"]], "record": sent["record"]}
    assert "stays as it is" in sitting.phone().post("/save/trust", change).json()["problems"][0][1]
    assert phone.web.get("/now").json()["answered"]["trust"]["rounds"] == {
        "2026-11": 2,
        "2026-10": 1,
    }


def test_phones_close_and_count_no_round(sitting: Room) -> None:
    phone = sitting.phone()
    phone.post("/save/trust", check_in())
    closing = revision("trust", "closed_round", {"round": "2026-11"})
    counting = revision("trust", "turnout", {"round": "2026-11", "answers": 1})
    for sent in (closing, counting):
        assert (
            "is not part of this form" in phone.post("/save/trust", sent).json()["problems"][0][1]
        )
    page = phone.web.get("/w/trust").text
    assert '"kind":"closed_round"' not in page
    assert '"kind":"check_in"' in page


def test_a_secret_answer_keeps_no_name_and_no_time(sitting: Room) -> None:
    sent = check_in() | {"author": "Ada", "client_time": "2027-03-01T10:00:00.000Z"}
    assert sitting.phone("Ada").post("/save/trust", sent).json()["saved"]
    with Store.open(sitting.url, create=False) as store:
        (kept,) = [r for r in store.revisions(SLUG) if r.kind == "check_in"]
    assert (kept.author, kept.client_time, kept.stored_time) == ("", "", "")


@pytest.mark.parametrize("kind", ["no_such_kind", "offer", "closed_round"])
def test_what_is_no_part_of_the_form_is_refused_and_not_sent_for_ever(
    sitting: Room, kind: str
) -> None:
    phone, leader = sitting.phone("Ada"), sitting.leader()
    reply = phone.post("/save/trust", revision("trust", kind, {"name": "x"}))
    assert reply.status_code == 200
    assert reply.json()["problems"] == [["", f"{kind} is not part of this form"]]
    assert leader.web.get("/lead").status_code == 200


def test_values_of_small_groups_are_not_on_other_phones(sitting: Room) -> None:
    ada, ben = sitting.phone("Ada"), sitting.phone("Ben")
    assert ada.post("/save/goals", goal("More places.")).json()["saved"]
    value = {"goal": "More places.", "date": "2026", "by": "Language", "group": "Sami",
             "value": 50, "out_of": 4}  # fmt: skip
    assert ada.post("/save/goals", revision("goals", "group_value", value)).json()["saved"]
    seen = ben.web.get("/list/goals").text
    assert "More places." in seen
    assert "Sami" not in seen
