"""A worksheet's page works out what its reader wrote: in the reader's own browser, asked nobody."""

from __future__ import annotations

import csv
import gzip
import json
import re
from collections.abc import Callable, Mapping
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, Page, Route, expect

from playbook_helpers.core.records import Record
from playbook_helpers.core.revisions import Revision, new_revision
from playbook_helpers.practices.goals import Goal, Measurement
from playbook_helpers.publish.site.engine import every_request
from playbook_helpers.storage.database import Store
from playbook_helpers.worksheet.sections.answers import work_out

ROOT = Path(__file__).parents[2]
HUNGRY = Goal(
    name="Fewer hungry pupils",
    sentence="By July 2028, Larkhill Primary School will lower the share of pupils who come to "
    "school hungry from 22% (September 2025) to 10%.",
    level="outcome",
    unit="percent",
    direction="down",
    baseline_value=22.0,
    baseline_date="2025-09",
    target_value=10.0,
    target_date="2028-07",
    owner_organisation="Larkhill Primary School",
)
NOW = Measurement(goal="Fewer hungry pupils", date="2026-05", value=20.0)
TELL = """() => document.querySelector("[data-playbook-form]").dispatchEvent(
    new CustomEvent("playbook:answers", { bubbles: true }))"""
SAVE = """([who, revisions]) => {
    localStorage.setItem("playbook/partnership", JSON.stringify(who));
    for (const rev of revisions)
        localStorage.setItem(
            `playbook/site/${rev.partnership}/${rev.practice}/${rev.id}`, JSON.stringify(rev));
}"""
PATIENT = 60_000
"""Milliseconds for the engine to come, on a machine with other things to do."""


def revision(record: Record) -> dict[str, Any]:
    return new_revision("larkhill", record).to_json()


def answer(page: Page, *records: dict[str, Any]) -> None:
    """What the form does when something is saved."""
    page.evaluate(SAVE, [{"slug": "larkhill", "name": "Larkhill"}, list(records)])
    page.evaluate(TELL)


def ready(page: Page) -> None:
    expect(page.locator("#your-answers[data-state=ready]")).to_be_visible(timeout=PATIENT)


@pytest.fixture
def page(page: Page, site: str) -> Page:
    """The goals worksheet, opened for the first time."""
    page.goto(f"{site}/worksheets/goals.html")
    return page


def engine_of(home: Path) -> Path:
    (folder,) = (home / "_build" / "site" / "_static" / "engine").iterdir()
    return folder


WORK_OUT = """([engine, requests]) => {
    const url = `../_static/engine/${engine}/worker.mjs`;
    const worker = new Worker(url, { type: "module" });
    const answers = [];
    let fetched = false;
    return new Promise((done) => {
        worker.onmessage = ({ data }) => {
            if (data.broken) done({ answers: [data.broken] });
            if (data.fetched) fetched = true;
            if (data.id) answers.push(data.answer ?? data.error);
            if (answers.length === requests.length) done({ answers, fetched });
        };
        requests.forEach((request, id) => worker.postMessage({ id: id + 1, request }));
    });
}"""
HOLDS = """(name) => caches.open("playbook-engine").then((cache) => cache.keys()).then(
    (keys) => keys.some(({ url }) => url.endsWith(`/${name}`)))"""
SPOIL = """(engine) => caches.open("playbook-engine").then((cache) => cache.put(
    new URL(`../_static/engine/${engine}/snapshot`, location), new Response(new Uint8Array(99))))"""


def test_every_section_is_the_same_to_the_byte_in_the_browser(page: Page, home: Path) -> None:
    """From a plain start, and from the snapshot that it leaves in the browser."""
    requests = [json.dumps(request) for request in every_request(ROOT / "data")]
    assert len(requests) > 30
    here = [work_out(request) for request in requests]
    for fetched in (True, False):
        there = page.evaluate(WORK_OUT, [engine_of(home).name, requests])
        for request, mine, theirs in zip(requests, here, there["answers"], strict=True):
            asked = json.loads(request)
            assert json.loads(mine) == json.loads(theirs), (asked["practice"], asked["slug"])
        assert there["fetched"] is fetched
        page.wait_for_function(HOLDS, arg="snapshot", timeout=PATIENT)
    assert not page.evaluate(HOLDS, "snapshot-tried")


def test_a_snapshot_that_does_not_load_is_given_up(page: Page, home: Path) -> None:
    engine = engine_of(home).name
    request = json.dumps(next(iter(every_request(ROOT / "data"))))
    page.evaluate(SPOIL, engine)
    for _ in range(2):
        there = page.evaluate(WORK_OUT, [engine, [request]])
        assert [json.loads(answer) for answer in there["answers"]] == [
            json.loads(work_out(request))
        ]
        assert there["fetched"]
        assert not page.evaluate(HOLDS, "snapshot")
    assert page.evaluate(HOLDS, "snapshot-tried")


def test_a_snapshot_whose_start_never_ended_is_not_used_again(page: Page, home: Path) -> None:
    engine = engine_of(home).name
    request = json.dumps(next(iter(every_request(ROOT / "data"))))
    page.evaluate(SPOIL, engine)
    page.evaluate(SPOIL.replace("/snapshot`", "/snapshot-tried`"), engine)
    for fetched in (True, False):
        assert page.evaluate(WORK_OUT, [engine, [request]])["fetched"] is fetched
        page.wait_for_function(HOLDS, arg="snapshot", timeout=PATIENT)


def test_the_engine_is_light(home: Path) -> None:
    sizes = {p.name: len(gzip.compress(p.read_bytes())) for p in engine_of(home).iterdir()}
    assert sum(sizes.values()) <= 8_100_000
    assert len(sizes) <= 10


def test_before_anything_is_written_the_example_stands_there_and_no_engine_is_asked_for(
    page: Page, site: str
) -> None:
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    page.reload()
    region = page.locator("#your-answers")
    expect(region).to_have_attribute("data-state", "empty")
    expect(region).to_contain_text("This is a worked example.")
    expect(region).to_contain_text("Kindergarten")  # StrivePartnership's
    expect(page.get_by_role("radio", name="Your answers")).to_be_hidden()
    page.wait_for_load_state("networkidle")
    assert not [url for url in asked if "/engine/" in url]


def test_the_first_entry_brings_the_engine_and_ones_own_picture(
    page: Page, violations: Callable[[Page], list[str]]
) -> None:
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    answer(page, revision(HUNGRY))
    region = page.locator("#your-answers")
    expect(region).to_have_attribute("data-state", "loading")
    expect(region).to_contain_text("Go on writing: your answers are kept.")
    ready(page)
    expect(region).to_contain_text("Worked out from 1 answer kept in this browser.")
    expect(region.get_by_role("rowheader", name="Fewer hungry pupils").first).to_be_visible()
    expect(region).not_to_contain_text("Kindergarten")
    assert len({url for url in asked if "/engine/" in url}) <= 10

    # Half a year on 2 of 12 points: the picture follows, and says what is new.
    answer(page, revision(NOW))
    expect(region).to_contain_text("Worked out from 2 answers kept in this browser.")
    expect(page.locator(".pb-answers-hint")).to_contain_text("Goals measured in the last 12 months")
    expect(region.get_by_text("17% of the way").first).to_be_attached()
    assert not violations(page)

    page.get_by_role("radio", name="Worked example").check(force=True)
    expect(region).to_contain_text("Kindergarten")
    expect(region).not_to_contain_text("Fewer hungry pupils")
    page.get_by_role("radio", name="Your answers").check(force=True)
    expect(region).to_contain_text("Fewer hungry pupils")


def test_example_and_own_answers_are_chosen_by_keyboard(
    page: Page, tab_to: Callable[[Page, str], None]
) -> None:
    answer(page, revision(HUNGRY))
    page.reload()  # so that the form has it, too
    ready(page)
    tab_to(page, "Your answers")
    page.keyboard.press("ArrowLeft")
    expect(page.locator("#your-answers")).to_contain_text("Kindergarten")
    page.keyboard.press("ArrowRight")
    expect(page.locator("#your-answers")).not_to_contain_text("Kindergarten")
    tab_to(page, "Change this")
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", name=re.compile("^Edit"))).to_be_visible()


def test_a_finding_of_a_report_leads_to_the_form_or_says_what_is_missing(
    page: Page, site: str
) -> None:
    own = revision(HUNGRY)
    page.goto(f"{site}/worksheets/goals.html?p=larkhill#change={own['record']}")
    expect(page.get_by_text("This browser does not hold that answer yet.")).to_be_visible()
    page.evaluate(SAVE, [{"slug": "larkhill", "name": "Larkhill"}, [own]])
    page.reload()
    expect(page.get_by_role("heading", name=re.compile("^Edit"))).to_be_visible()


def test_a_page_says_what_a_report_says_of_the_same_answers(page: Page, tmp_path: Path) -> None:
    records = [revision(HUNGRY), revision(NOW)]
    answer(page, *records)
    ready(page)
    shown = page.evaluate(
        """() => [...document.querySelectorAll(".pb-slot")].map((node) => {
            const [part, args] = JSON.parse(node.dataset.part);
            return [part, args, node.innerHTML];
        })"""
    )
    from playbook_helpers.worksheet import Worksheet

    url = f"sqlite:///{tmp_path}/store.db"
    with Store.open(url) as store:
        store.append([Revision(**r | {"parents": ()}) for r in records])
    ws = Worksheet("goals", "larkhill", store=url, as_of=date.today().isoformat())
    compared = 0
    for part, args, html in shown:
        if part in ("measures", "decisions", "chart", "findings", "rows"):
            given = [tuple(a) if isinstance(a, list) else a for a in args]
            there = str(getattr(ws.picture(), part)(*given).html())
            normal = page.evaluate(
                """(html) => {
                const template = document.createElement("template");
                template.innerHTML = html;
                return template.innerHTML;
            }""",
                there,
            )
            assert unadorned(html) == normal, part
            compared += 1
    assert compared >= 6


def unadorned(html: str) -> str:
    """Without what the page adds for whoever can change the answers."""
    return re.sub(r'<(button|a)[^>]*class="pb-change".*?</\1>', "", html)


def test_a_slider_tries_out_ones_own_goal(page: Page) -> None:
    answer(page, revision(HUNGRY), revision(NOW))
    ready(page)
    slider = page.get_by_role("slider").first
    result = page.locator(".pb-what-if-result").first
    before = result.inner_text()
    slider.focus()
    for _ in range(3):
        page.keyboard.press("ArrowRight")
    expect(result).not_to_have_text(before)
    assert slider.get_attribute("aria-valuetext")


def test_on_a_metered_line_it_asks_first(
    browser: Browser, watched: Callable[..., Page], site: str
) -> None:
    page = watched(browser, viewport={"width": 390, "height": 844})
    page.add_init_script(
        "Object.defineProperty(navigator, 'connection', { value: { saveData: true } })"
    )
    page.goto(f"{site}/worksheets/goals.html")
    answer(page, revision(HUNGRY))
    region = page.locator("#your-answers")
    expect(region).to_contain_text("this page fetches a calculator once: 8.1 MB.")
    page.get_by_role("button", name="Wait for Wi-Fi").click()
    expect(region).to_contain_text("You have answers in this browser.")
    page.get_by_role("button", name="Work it out").click()
    ready(page)


def test_an_engine_that_does_not_come_leaves_every_answer_and_can_be_tried_again(
    browser: Browser, site: str
) -> None:
    context = browser.new_context(service_workers="block")
    page = context.new_page()
    page.route("**/library.zip", lambda route: route.abort())
    page.goto(f"{site}/worksheets/goals.html")
    answer(page, revision(HUNGRY))
    region = page.locator("#your-answers")
    expect(region).to_have_attribute("data-state", "failed", timeout=PATIENT)
    expect(region).to_contain_text("This browser could not work it out. Every answer is kept.")
    page.reload()  # so that the form has it, too
    expect(region).to_have_attribute("data-state", "failed", timeout=PATIENT)
    with page.expect_download() as waited:
        page.get_by_role("button", name="Download your answers").click()
    assert "Fewer hungry pupils" in waited.value.path().read_text("utf-8")
    assert (
        page.evaluate(
            "Object.keys(localStorage).filter((key) => /site.larkhill.goals/.test(key)).length"
        )
        == 1
    )
    page.unroute("**/library.zip")
    page.get_by_role("button", name="Try again").click()
    ready(page)
    context.close()


def test_an_engine_that_hangs_is_told_of_and_can_be_ended(browser: Browser, site: str) -> None:
    context = browser.new_context(service_workers="block")
    page = context.new_page()
    page.clock.install()

    def hang(route: Route) -> None:
        route.fulfill(body="onmessage = () => {};", content_type="text/javascript")

    page.route("**/worker.mjs", hang)
    page.goto(f"{site}/worksheets/goals.html")
    answer(page, revision(HUNGRY))
    region = page.locator("#your-answers")
    expect(region).to_have_attribute("data-state", "loading")
    page.clock.fast_forward(31_000)
    expect(region).to_contain_text("This takes longer than usual. Your answers are kept.")
    page.get_by_role("button", name="Stop").click()
    expect(region).to_contain_text("You have answers in this browser.")
    context.close()


def test_without_a_network_page_and_engine_are_there_once_they_were(
    browser: Browser, site: str
) -> None:
    context = browser.new_context()
    page = context.new_page()
    page.goto(f"{site}/worksheets/goals.html")
    page.evaluate("navigator.serviceWorker.ready.then(() => true)")
    answer(page, revision(HUNGRY))
    ready(page)
    kept = """async () => (await (await caches.open("playbook-engine")).keys()).length"""
    page.wait_for_function(f"({kept})().then((count) => count === 7)", timeout=PATIENT)
    context.set_offline(True)
    page.goto(f"{site}/worksheets/trust.html")
    expect(page.get_by_role("heading", name="Trust worksheet")).to_be_visible()
    page.goto(f"{site}/worksheets/goals.html")
    ready(page)
    expect(page.locator("#your-answers")).to_contain_text("Fewer hungry pupils")
    context.close()


def test_reports_are_kept_by_no_browser(browser: Browser, site: str) -> None:
    context = browser.new_context()
    page = context.new_page()
    page.goto(f"{site}/reports/index.html")
    page.goto(f"{site}/worksheets/goals.html")
    page.evaluate("navigator.serviceWorker.ready.then(() => true)")
    kept = page.evaluate(
        """async () => (await Promise.all((await caches.keys()).map(async (name) =>
            (await (await caches.open(name)).keys()).map(({ url }) => url)))).flat()"""
    )
    assert [url for url in kept if url.endswith("worksheets/goals.html")]
    assert not [url for url in kept if re.search("/(reports|portfolio|areas)/", url)]
    context.close()


def test_the_picture_goes_along_as_one_file_without_a_script(
    page: Page, tmp_path: Path, browser: Browser, watched: Callable[..., Page]
) -> None:
    answer(page, revision(HUNGRY), revision(NOW))
    ready(page)
    with page.expect_download() as waited:
        page.get_by_role("button", name="Save this picture as a file").click()
    saved = tmp_path / "saved.html"
    waited.value.save_as(saved)
    assert waited.value.suggested_filename == "larkhill-goals.html"
    assert "<script" not in saved.read_text("utf-8")
    alone = watched(browser, viewport={"width": 390, "height": 844})
    alone.goto(saved.as_uri())
    expect(alone.get_by_role("heading", name="Larkhill: Goals worksheet")).to_be_visible()
    expect(alone.get_by_text("17% of the way").first).to_be_attached()
    assert alone.evaluate("document.documentElement.scrollWidth") <= 390


def test_tables_go_along_and_run_nothing_in_a_spreadsheet(page: Page, tmp_path: Path) -> None:
    formula = HUNGRY.model_copy(update={"name": "=HYPERLINK(1)"})
    answer(page, revision(formula))
    ready(page)
    with page.expect_download() as waited:
        page.get_by_role("button", name="Take the tables (CSV)").click()
    waited.value.save_as(tmp_path / "tables.csv")
    with (tmp_path / "tables.csv").open(encoding="utf-8-sig", newline="") as file:
        cells = [cell for row in csv.reader(file) for cell in row]
    assert "'=HYPERLINK(1)" in cells
    assert not [cell for cell in cells if cell.startswith(("=", "+", "@"))]


@pytest.mark.parametrize("stem", ["trust", "overview", "resources"])
def test_markup_in_an_answer_stays_text(page: Page, site: str, stem: str) -> None:
    hostile = HUNGRY.model_copy(update={"name": '<img src=x onerror="window.hit=1"><b>'})
    page.goto(f"{site}/worksheets/{stem}.html")
    own: Mapping[str, Any] = revision(hostile)
    page.evaluate(SAVE, [{"slug": "larkhill", "name": "<b>Larkhill"}, [own]])
    page.evaluate(TELL)
    if stem == "overview":
        ready(page)
        expect(page.locator("#your-answers")).to_contain_text("onerror=")
    assert page.evaluate("window.hit") is None
    assert page.locator("#your-answers img[src=x]").count() == 0


def test_a_page_from_a_disk_says_that_it_cannot(home: Path, browser: Browser) -> None:
    context = browser.new_context()
    page = context.new_page()
    page.goto((home / "_build" / "site" / "worksheets" / "goals.html").as_uri())
    expect(page.locator("#your-answers")).to_contain_text(
        "A page opened from a disk cannot work out your answers."
    )
    answer(page, revision(HUNGRY))
    expect(page.locator("#your-answers")).to_have_attribute("data-state", "empty")
    context.close()


def test_answers_that_this_page_cannot_read_are_counted(page: Page) -> None:
    answer(page, revision(HUNGRY), revision(NOW) | {"schema_version": 999_999})
    ready(page)
    expect(page.locator("#your-answers")).to_contain_text("Worked out from 1 answer kept")
    expect(page.locator("#your-answers")).to_contain_text("this page cannot read it: 1.")
