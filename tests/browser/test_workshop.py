"""A workshop in a real browser, at the width of a phone and under a name that is not loopback.

Browsers take loopback for secure, and phones join over plain http: what is missing there (service
workers, `crypto.randomUUID`) must not be needed.
"""

from __future__ import annotations

import json
import re
import signal
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, expect
from workshop_room import NAME, Phone, Room, check_in, free_port, goal, room

from playbook_helpers.storage.database import Store

PHONE = {"width": 390, "height": 844}


@pytest.fixture
def place(tmp_path: Path) -> Iterator[Room]:
    port = free_port()
    with room(tmp_path, public=f"http://{NAME}:{port}", port=port) as made:
        yield made


@pytest.fixture
def contexts(browser: Browser) -> Iterator[Callable[..., BrowserContext]]:
    opened: list[BrowserContext] = []

    def new(**how: object) -> BrowserContext:
        opened.append(browser.new_context(**how))  # type: ignore[arg-type]
        return opened[-1]

    yield new
    for context in opened:
        context.close()


def join(context: BrowserContext, place: Room, name: str = "") -> Page:
    page = context.new_page()
    page.goto(f"{place.public}/j/{place.code}")
    page.get_by_label("Your name").fill(name)
    page.get_by_role("button", name="Join the workshop").click()
    page.get_by_role("link", name="Go to the worksheet").click()
    expect(page.get_by_role("heading", name="Clear goals and metrics")).to_be_visible()
    return page


def write_goal(page: Page, name: str) -> None:
    page.get_by_role("button", name="Add a goal").click()
    page.get_by_label("Short name").fill(name)
    page.get_by_text("Type or paste a whole sentence").click()
    page.get_by_label("The goal in one sentence").fill(f"{name}: we want less hunger.")
    page.get_by_label("Outcome: a change").check()
    page.get_by_role("button", name="Save goal").click()


def goals_in(place: Room) -> list[str]:
    with Store.open(place.url, create=False) as store:
        return sorted(r.payload["name"] for r in store.revisions() if r.kind == "goal")


def test_a_phone_joins_fills_in_and_the_screen_shows_it(
    place: Room,
    contexts: Callable[..., BrowserContext],
    violations: Callable[[Page], list[str]],
) -> None:
    phone = join(contexts(viewport=PHONE), place, "Ada")
    assert phone.evaluate("isSecureContext") is False, "as on a phone"
    screen = contexts(viewport={"width": 1280, "height": 720}).new_page()
    screen.goto(f"{place.public}/screen?key={place.key}")
    assert place.key not in screen.url
    write_goal(phone, "Hunger <b>")
    expect(phone.locator(".pb-status")).to_have_text("Saved on the laptop.")
    leader = contexts().new_page()
    leader.goto(f"{place.public}/lead?key={place.key}")
    leader.get_by_role("button", name="Begin: Say what you hope for").click()
    expect(screen.locator("#picture")).to_contain_text("Hunger <b>", timeout=20_000)
    expect(screen.locator("#count-of")).to_have_text("of 1 have sent something")
    assert violations(leader) == []
    expect(screen.locator("#light")).to_contain_text("Phones get through")
    assert violations(phone) == []
    assert violations(screen) == []
    phone.goto(place.public)
    expect(phone.get_by_text("You are here as Ada.")).to_be_visible()
    assert violations(phone) == []
    stranger = contexts(viewport=PHONE).new_page()
    stranger.goto(place.public)
    assert violations(stranger) == []
    phone.set_viewport_size({"width": 320, "height": 640})
    for path in ("/", "/w/goals", "/w/trust"):
        phone.goto(place.public + path)
        assert phone.evaluate("document.documentElement.scrollWidth") <= 320, path


def test_what_others_wrote_does_not_stand_between_a_person_and_their_own_goal(
    place: Room, contexts: Callable[..., BrowserContext], violations: Callable[[Page], list[str]]
) -> None:
    writer = place.phone("Ada")
    for name in ("Bread", "Milk", "Warm rooms", "A walk"):
        assert writer.post("/save/goals", goal(name)).json()["saved"]
    phone = join(contexts(viewport=PHONE, has_touch=True, is_mobile=True), place, "Ben")
    add = phone.get_by_role("button", name="Add a goal")
    expect(add).to_be_in_viewport()
    expect(phone.get_by_role("heading", name="A walk")).to_be_visible()
    expect(phone.get_by_role("heading", name="Bread")).to_be_hidden()
    phone.get_by_text("Written before: 3").tap()
    expect(phone.get_by_role("heading", name="Bread")).to_be_visible()
    assert violations(phone) == []
    assert writer.post("/save/goals", goal("Soup")).json()["saved"]
    expect(phone.get_by_text("Written before: 4")).to_be_visible(timeout=20_000)
    expect(phone.get_by_role("heading", name="Bread")).to_be_visible()  # it stays open


def test_what_is_written_while_the_server_is_gone_is_sent_by_itself(
    place: Room, contexts: Callable[..., BrowserContext]
) -> None:
    phone = join(contexts(viewport=PHONE), place)
    expect(phone.get_by_role("button", name="Add a goal")).to_be_visible()
    place.kill(signal.SIGKILL)
    write_goal(phone, "Kept")
    expect(phone.locator("[data-link]")).to_contain_text("The laptop does not answer")
    expect(phone.locator(".pb-card .pb-note")).to_contain_text("Kept on this phone")
    place.start()
    expect(phone.locator(".pb-status")).to_have_text("Saved on the laptop.", timeout=30_000)
    expect(phone.locator(".pb-card .pb-note")).to_have_text("")
    assert goals_in(place) == ["Kept"]


def test_offline_and_back_and_a_lost_cookie_lose_nothing(
    place: Room, contexts: Callable[..., BrowserContext]
) -> None:
    context = contexts(viewport=PHONE)
    phone = join(context, place)
    context.set_offline(True)
    write_goal(phone, "Offline")
    expect(phone.locator("[data-link]")).to_contain_text("The laptop does not answer")
    context.set_offline(False)
    expect(phone.locator(".pb-status")).to_have_text("Saved on the laptop.", timeout=20_000)
    context.clear_cookies()
    write_goal(phone, "Without a cookie")
    expect(phone.locator("[data-link]")).to_contain_text("no longer known here")
    phone.get_by_role("link", name="Join again").click()
    phone.get_by_label("Code on the screen").fill(place.code.lower())
    phone.get_by_role("button", name="Join the workshop").click()
    phone.get_by_role("link", name="Go to the worksheet").click()
    expect(phone.locator(".pb-status")).to_have_text("Saved on the laptop.", timeout=20_000)
    assert goals_in(place) == ["Offline", "Without a cookie"]


def test_the_leader_steers_and_a_secret_round_is_closed_and_then_shown(
    place: Room,
    contexts: Callable[..., BrowserContext],
    violations: Callable[[Page], list[str]],
) -> None:
    for number in range(6):
        with_ = Phone(f"http://127.0.0.1:{place.port}")
        with_.post("/join", {"code": place.code, "name": ""})
        assert with_.post("/save/trust", check_in(score=1 + number % 5)).json()["saved"]
        with_.web.close()
    screen = contexts(viewport={"width": 1920, "height": 1080}).new_page()
    screen.goto(f"{place.public}/screen?key={place.key}")
    leader = contexts(viewport=PHONE).new_page()
    leader.goto(f"{place.public}/lead?key={place.key}")
    leader.get_by_role("button", name="Begin").click()
    expect(screen.get_by_role("heading", name="Say what you hope for")).to_be_visible()
    expect(screen.locator("#clock")).to_have_text(re.compile(r"^(10:00|9:5\d)$"))
    leader.get_by_role("button", name="+5 minutes").click()
    expect(screen.locator("#clock")).to_have_text(re.compile(r"^14:5\d$"))
    for _ in range(6):  # the steps of the goals
        leader.get_by_role("button", name=re.compile("^Next: ")).click()
        leader.wait_for_timeout(700)
    expect(screen.locator("#picture")).to_contain_text("answers are in")
    expect(screen.locator("#count")).to_have_text("6")
    leader.locator("#rounds").get_by_role("button", name="Close the round 2026-11").click()
    expect(leader.locator("#said")).to_contain_text("Close with 6 of 6?")
    leader.get_by_role("button", name="for good").click()
    expect(leader.get_by_role("button", name="for good")).to_have_count(0)
    expect(screen.locator("#picture figure")).to_have_count(0)
    leader.get_by_role("button", name="Show the picture", exact=True).click()
    expect(screen.locator("#picture figure").first).to_be_visible(timeout=20_000)
    assert violations(leader) == []
    assert violations(screen) == []


def test_each_answer_has_a_receipt_and_a_refused_one_can_be_dealt_with_alone(
    place: Room, contexts: Callable[..., BrowserContext], violations: Callable[[Page], list[str]]
) -> None:
    context = contexts(viewport=PHONE)
    phone = join(context, place, "Ada")
    write_goal(phone, "First")
    sent = phone.get_by_role("region", name="What you sent")
    expect(sent.get_by_text("Saved on the laptop.")).to_be_visible()
    context.set_offline(True)
    write_goal(phone, "Second")
    expect(sent.get_by_text("Kept on this phone.")).to_be_visible()
    expect(sent.get_by_role("button", name="Download this answer")).to_be_visible()
    # Meanwhile the kitchen's laptop learns of another record of that id: it refuses this one.
    held = phone.evaluate(
        "Object.entries(localStorage).find(([key]) => key.startsWith('playbook/live/'))[1]"
    )
    other = Phone(f"http://127.0.0.1:{place.port}")
    other.post("/join", {"code": place.code, "name": ""})
    altered = json.loads(held)
    altered["payload"]["name"] = "Altered"
    assert other.post("/save/goals", altered).json()["saved"]
    other.web.close()
    context.set_offline(False)
    expect(sent.get_by_text("Not taken: was sent before")).to_be_visible(timeout=20_000)
    with phone.expect_download() as download:
        sent.get_by_role("button", name="Download this answer").click()
    assert json.loads(Path(download.value.path()).read_text("utf-8"))["revisions"]
    assert violations(phone) == []
    sent.get_by_role("button", name="Leave it out of this list").click()
    expect(sent.get_by_text("Not taken")).to_have_count(0)
    phone.get_by_role("button", name="Save goal").click()  # written once more
    expect(sent.get_by_text("Saved on the laptop.")).to_have_count(2)
    phone.reload()
    expect(sent.get_by_text("Saved on the laptop.")).to_have_count(2)
    assert goals_in(place) == ["Altered", "First", "Second"]


def test_of_a_secret_answer_the_phone_keeps_only_that_it_was_handed_in(
    place: Room, contexts: Callable[..., BrowserContext]
) -> None:
    phone = join(contexts(viewport=PHONE), place)
    phone.get_by_role("link", name="Trust and mutual respect").click()
    phone.get_by_role("button", name="Answer the check-in").click()
    phone.get_by_role("radio", name="4").first.check()
    hand_in = phone.get_by_role("button", name="Hand in my answers")
    hand_in.click()
    hand_in.click()
    expect(phone.get_by_text("Handed in. This phone keeps nothing of it")).to_be_visible()
    number = phone.locator("#sent code").text_content()
    with Store.open(place.url, create=False) as store:
        (kept,) = [r for r in store.revisions() if r.kind == "check_in"]
    assert number == kept.record
    everything = phone.evaluate("JSON.stringify({...localStorage, ...sessionStorage})")
    assert kept.record not in everything
    assert kept.id not in everything
    assert '"payload"' not in everything
    phone.reload()
    expect(phone.get_by_text("Handed in. This phone keeps nothing of it")).to_be_visible()
    expect(phone.locator("#sent code")).to_have_count(0)


def test_a_phone_that_is_handed_on_is_empty_and_waiting_answers_go_only_after_a_word(
    place: Room, contexts: Callable[..., BrowserContext]
) -> None:
    context = contexts(viewport=PHONE)
    phone = join(context, place, "Ada")
    write_goal(phone, "Sent")
    expect(phone.locator(".pb-status")).to_have_text("Saved on the laptop.")
    phone.route("**/save/*", lambda route: route.abort())
    write_goal(phone, "Waiting")
    expect(phone.locator("[data-link]")).to_contain_text("The laptop does not answer")
    phone.get_by_role("button", name="Hand this phone on").click()
    expect(phone.locator("#left")).to_contain_text("1 answer has not reached the laptop yet")
    assert "Waiting" in phone.evaluate("JSON.stringify({...localStorage})")
    phone.get_by_role("button", name="Hand on, and throw them away").click()
    expect(phone.get_by_label("Code on the screen")).to_be_visible()
    assert phone.evaluate("JSON.stringify({...localStorage})") == "{}"
    assert goals_in(place) == ["Sent"]


def test_two_tabs_and_two_devices_see_what_the_other_adds(
    place: Room, contexts: Callable[..., BrowserContext]
) -> None:
    context = contexts(viewport=PHONE)
    one = join(context, place, "Ada")
    two = context.new_page()
    two.goto(f"{place.public}/w/goals")
    other = join(contexts(viewport=PHONE), place, "Bo")
    one.get_by_role("button", name="Add a goal").click()
    one.get_by_label("Short name").fill("Half written")
    write_goal(other, "From Bo")
    write_goal(two, "From the other tab")
    for page in (one, two, other):
        page.bring_to_front()
        expect(page.get_by_role("heading", name="From Bo")).to_be_visible(timeout=20_000)
        expect(page.get_by_role("heading", name="From the other tab")).to_be_visible()
    assert one.get_by_label("Short name").input_value() == "Half written"
    assert goals_in(place) == ["From Bo", "From the other tab"]


def test_an_older_page_says_so_and_a_vote_and_a_call_work_on_a_phone(
    place: Room, contexts: Callable[..., BrowserContext], violations: Callable[[Page], list[str]]
) -> None:
    phone = join(contexts(viewport=PHONE), place, "Ada")
    leader = contexts(viewport={"width": 1280, "height": 900}).new_page()
    leader.goto(f"{place.public}/lead?key={place.key}")
    leader.get_by_text("Let everybody vote at once").click()
    leader.get_by_label("What do you ask?").fill("Which first?")
    leader.get_by_label("More lines").fill("Hunger\nReading")
    leader.get_by_role("button", name="Open the vote").click()
    vote = phone.get_by_role("region", name="Vote")
    expect(vote.get_by_role("heading", name="Which first?")).to_be_visible(timeout=20_000)
    assert violations(phone) == []
    vote.get_by_role("button", name="Send my vote").click()
    expect(vote.get_by_role("alert")).to_contain_text("A number from 1 to 5")
    vote.get_by_role("group", name="Hunger").get_by_role("radio", name="5").check()
    vote.get_by_role("button", name="Send my vote").click()
    expect(vote.get_by_text("Your vote is in.")).to_be_visible()
    expect(leader.get_by_text("1 of 1 have voted")).to_be_visible(timeout=20_000)
    phone.get_by_text("Call the facilitator").first.click()
    phone.get_by_label("What is it about?").fill("A question <b>")
    phone.get_by_role("button", name="Call the facilitator").click()
    expect(phone.get_by_text("They know.")).to_be_visible()
    expect(leader.get_by_text("“A question <b>”")).to_be_visible(timeout=20_000)
    assert violations(leader) == []
    leader.get_by_role("button", name="I am coming").click()
    expect(leader.get_by_text("Nothing waits for you.")).to_be_visible(timeout=20_000)
    leader.goto(f"{place.public}/invite")
    expect(leader.locator("#light")).to_contain_text("Phones get through", timeout=20_000)
    assert violations(leader) == []
    phone.route("**/now*", lambda route: route.fulfill(json={"version": 1, "build": "another"}))
    expect(phone.get_by_text("This page is older")).to_be_visible(timeout=20_000)


def test_the_first_round_on_twelve_phones_and_the_screen_beside_them(
    tmp_path: Path, contexts: Callable[..., BrowserContext], violations: Callable[[Page], list[str]]
) -> None:
    port = free_port()
    with room(tmp_path, "overview", public=f"http://{NAME}:{port}", port=port) as place:
        screen = contexts(viewport={"width": 1920, "height": 1080}).new_page()
        screen.goto(f"{place.public}/screen?key={place.key}")
        screen.get_by_role("button", name="Begin").click()
        pages = []
        for number in range(12):
            page = contexts(viewport=PHONE).new_page()
            page.goto(f"{place.public}/j/{place.code}")
            page.get_by_role("button", name="Join the workshop").click()
            page.get_by_role("link", name="Go to the worksheet").click()
            page.get_by_role("button", name="Answer the eight lines").click()
            said = ("going well", "partly", "needs us")[number % 3]
            for radio in page.get_by_role("radio", name=said).all()[: number % 4 + 4]:
                radio.check()
            pages.append(page)
        assert violations(pages[0]) == []
        for page in pages:
            hand_in = page.get_by_role("button", name="Hand in my answers")
            hand_in.click()  # it says that some are open, and is pressed again
            expect(page.get_by_text("Still open:")).to_be_visible()
            hand_in.click()
        for page in pages:
            expect(page.get_by_text("Handed in. This phone keeps nothing")).to_be_visible()
        expect(screen.locator("#picture")).to_contain_text("Enough for a picture", timeout=20_000)
        expect(screen.locator("#count")).to_have_text("12")
        leader = contexts(viewport=PHONE).new_page()
        leader.goto(f"{place.public}/lead?key={place.key}")
        close = leader.locator("#rounds").get_by_role("button", name="Close the round")
        close.click()
        expect(leader.locator("#said")).to_contain_text("Close with 12 of 12?")
        leader.locator("#rounds").get_by_role("button", name="for good").click()
        leader.locator("#rounds").get_by_role("button", name="Show the picture").click()
        expect(screen.locator("#picture table")).to_be_visible(timeout=20_000)
        assert violations(screen) == []
        assert violations(leader) == []
        assert leader.evaluate("document.documentElement.scrollWidth") <= 390
