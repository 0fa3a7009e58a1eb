"""A workshop in a real browser, at the width of a phone and under a name that is not loopback.

Browsers take loopback for secure, and phones join over plain http: what is missing there (service
workers, `crypto.randomUUID`) must not be needed.
"""

from __future__ import annotations

import re
import signal
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, expect
from workshop_room import NAME, Phone, Room, check_in, free_port, room

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
