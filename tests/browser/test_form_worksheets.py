"""The form as a worksheet: who we are, lines of tables, fifteen points, and the goal's sentence."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, expect

from playbook_helpers.storage.database import Store
from playbook_helpers.storage.files import import_paths


def name_partnership(page: Page) -> None:
    page.get_by_label("Name of your partnership").fill("Riverside")
    page.get_by_role("button", name="Use this name").click()


PASTE = """([selector, text]) => {
    const data = new DataTransfer();
    data.setData('text/plain', text);
    const about = { clipboardData: data, bubbles: true, cancelable: true };
    document.querySelector(selector).dispatchEvent(new ClipboardEvent('paste', about));
}"""


@pytest.fixture
def opened(page: Page, forms: str) -> Callable[[str], Page]:
    """opened(stem) -> the form of that practice, of a partnership called Riverside."""

    def open_form(stem: str) -> Page:
        page.goto(f"{forms}/{stem}.html")
        if page.get_by_label("Name of your partnership").count():
            name_partnership(page)
        return page

    return open_form


def kept(page: Page, kind: str) -> list[dict[str, Any]]:
    """What stands of a kind in the browser's storage, oldest first."""
    held: list[dict[str, Any]] = page.evaluate(
        """() => Object.keys(localStorage).filter((key) => key.startsWith('playbook/site/'))
            .map((key) => JSON.parse(localStorage.getItem(key)))"""
    )
    replaced = {parent for revision in held for parent in revision["parents"]}
    own = [r for r in held if r["kind"] == kind and r["id"] not in replaced and not r["deleted"]]
    return sorted(own, key=lambda revision: (revision["client_time"], revision["id"]))


def payloads(page: Page, kind: str) -> list[dict[str, Any]]:
    return [revision["payload"] for revision in kept(page, kind)]


def download(page: Page, folder: Path) -> Path:
    with page.expect_download() as caught:
        page.get_by_role("button", name="Download answers").click()
    target = folder / caught.value.suggested_filename
    caught.value.save_as(target)
    return target


def add_partner(page: Page, name: str, sector: str = "Company") -> None:
    new = page.get_by_role("form", name="New partner")
    new.get_by_label("Name of the organisation").fill(name)
    new.get_by_label("Sector").select_option(sector)
    new.get_by_role("button", name="Add a partner").click()
    expect(page.get_by_role("rowheader", name=name)).to_be_visible()


def test_who_we_are_is_said_once_for_all_worksheets_and_goes_along_in_each_file(
    opened: Callable[[str], Page], tmp_path: Path, forms: str
) -> None:
    page = opened("goals")
    page.get_by_text("Our partners: none yet").click()
    for name in ("Primary School", "Community Kitchen"):
        add_partner(page, name)
    page.get_by_role("button", name="Change who we are").click()
    page.get_by_label("Where does it work?").fill("Larkhill")
    page.get_by_label("What is it for").fill("No child comes hungry.")
    page.get_by_label("When did it begin?").fill("March 2024")
    page.get_by_role("button", name="Keep this").click()
    expect(page.get_by_text("Our partners: Primary School, Community Kitchen")).to_be_visible()
    assert payloads(page, "partnership") == [
        {
            "name": "Riverside",
            "place": "Larkhill",
            "purpose": "No child comes hungry.",
            "starts": "2024-03",
        }
    ]
    page = opened("resources")
    expect(page.get_by_text("Our partners: Primary School, Community Kitchen")).to_be_visible()
    who = page.get_by_label("Who offers it?")
    who.focus()
    offered = who.evaluate("(node) => [...node.list.options].map((option) => option.value)")
    assert set(offered) == {"City Library", "Health Trust", "Primary School", "Community Kitchen"}
    file = download(page, tmp_path)
    with Store.open(f"sqlite:///{tmp_path / 'playbook.db'}") as store:
        import_paths(store, [file])
        heads = store.heads("riverside")
    assert sorted(str(head.payload["name"]) for head in heads) == [
        "Community Kitchen",
        "Primary School",
        "Riverside",
    ]


def test_enter_adds_a_line_and_the_next_can_be_written_at_once(
    opened: Callable[[str], Page],
) -> None:
    page = opened("sustainability")
    page.get_by_label("What is paid for?").click()
    for name, monthly in (("Cook", "£1450"), ("Food", "620"), ("Hall", "500")):
        page.keyboard.type(name)
        page.keyboard.press("Tab")
        page.keyboard.type(monthly)
        page.keyboard.press("Enter")
        expect(page.get_by_role("rowheader", name=name)).to_be_visible()
    assert payloads(page, "cost") == [
        {"name": "Cook", "monthly": 1450},
        {"name": "Food", "monthly": 620},
        {"name": "Hall", "monthly": 500},
    ]


def test_a_line_is_changed_in_its_place_removed_and_brought_back(
    opened: Callable[[str], Page],
) -> None:
    page = opened("sustainability")
    page.get_by_label("What is paid for?").fill("Cook")
    page.get_by_label("How much each month?").fill("1450")
    page.keyboard.press("Enter")
    page.get_by_role("button", name="Change Cook").click()
    edit = page.get_by_role("form", name="Edit the cost")
    expect(edit.get_by_label("What is paid for?")).to_be_focused()
    edit.get_by_label("How much each month?").fill("many")
    edit.get_by_role("button", name="Save cost").click()
    cell = edit.get_by_label("How much each month?")
    expect(cell).to_have_accessible_description(re.compile("is not a number"))
    cell.fill("1500")
    edit.get_by_role("button", name="Save cost").click()
    expect(page.get_by_role("row", name="Cook 1500")).to_be_visible()
    assert payloads(page, "cost") == [{"name": "Cook", "monthly": 1500}]
    page.get_by_role("button", name="Change Cook").click()
    page.get_by_role("button", name="Remove").click()
    expect(page.get_by_role("rowheader", name="Cook")).to_have_count(0)
    page.get_by_role("button", name="Undo").click()
    expect(page.get_by_role("row", name="Cook 1500")).to_be_visible()


def test_a_block_from_a_spreadsheet_fills_lines_and_what_is_wrong_stays_open(
    opened: Callable[[str], Page],
) -> None:
    page = opened("sustainability")
    block = "What is paid for?\tMonthly\nCook\t1450\nFood\tlots\n\nHall\t€500\n"
    page.evaluate(PASTE, ["[name=name][id*=cost]", block])
    expect(page.get_by_text("Pasted: 2 kept, 1 to look at.")).to_be_visible()
    expect(page.get_by_role("rowheader", name="Cook")).to_be_visible()
    open_line = page.get_by_role("form", name="New cost").filter(has_text="is not a number")
    wrong = open_line.get_by_label("How much each month?")
    expect(wrong).to_be_focused()
    expect(wrong).to_have_value("lots")
    expect(open_line.get_by_label("What is paid for?")).to_have_value("Food")
    page.reload()  # it is kept as a draft
    line = page.get_by_role("form", name="New cost").first
    expect(line.get_by_label("What is paid for?")).to_have_value("Food")
    line.get_by_label("How much each month?").fill("620")
    line.get_by_role("button", name="Save cost").click()
    expect(page.get_by_role("rowheader", name="Food")).to_be_visible()
    assert payloads(page, "cost") == [
        {"name": "Cook", "monthly": 1450},
        {"name": "Hall", "monthly": 500},
        {"name": "Food", "monthly": 620},
    ]


def test_pasted_words_find_their_choice_and_others_are_told(opened: Callable[[str], Page]) -> None:
    page = opened("goals")
    page.get_by_text("Our partners: none yet").click()
    block = "School\tgovernment\nKitchen\tCommunity group\nShop\tbakery"
    page.evaluate(PASTE, ["[name=name][id*=partner]", block])
    expect(page.get_by_text("Pasted: 2 kept, 1 to look at.")).to_be_visible()
    assert [each["sector"] for each in payloads(page, "partner")] == ["government", "community"]
    expect(page.get_by_text("Is none of the answers to choose from: bakery")).to_be_visible()


def test_a_line_half_written_is_open_again_after_a_reload(opened: Callable[[str], Page]) -> None:
    page = opened("sustainability")
    page.get_by_label("What is paid for?").fill("Cook")
    page.reload()
    line = page.get_by_role("form", name="New cost").first
    expect(line.get_by_label("What is paid for?")).to_have_value("Cook")
    line.get_by_role("button", name="Close").click()
    page.reload()
    expect(page.get_by_role("form", name="New cost")).to_have_count(1)


def test_what_was_written_before_the_name_stays(page: Page, forms: str) -> None:
    page.goto(f"{forms}/sustainability.html")
    page.get_by_label("What is paid for?").fill("Cook")
    page.get_by_label("How much each month?").fill("1450")
    page.get_by_role("button", name="Add a cost").click()
    expect(page.get_by_text("First name your partnership")).to_be_visible()
    name_partnership(page)
    expect(page.get_by_label("What is paid for?")).to_have_value("Cook")
    page.get_by_role("button", name="Add a cost").click()
    assert payloads(page, "cost") == [{"name": "Cook", "monthly": 1450}]


@pytest.mark.parametrize("stem", ["sustainability", "resources", "goals", "trust"])
def test_at_320_px_a_line_is_a_card_and_nothing_sticks_out(
    opened: Callable[[str], Page], stem: str
) -> None:
    page = opened(stem)
    page.set_viewport_size({"width": 320, "height": 700})
    page.reload()
    first = {"sustainability": "Add a cost", "resources": "Add a need", "goals": "Add a decision"}
    if stem in first:
        page.get_by_role("button", name=first[stem]).click()
    if stem == "sustainability":
        page.get_by_label("What is paid for?").fill("Coordinator " * 6)
        page.get_by_label("How much each month?").fill("1450")
        page.keyboard.press("Enter")
        label = (
            page.locator("tr").filter(has_text="Coordinator").get_by_text("How much each month?")
        )
        expect(label).to_be_visible()
        change = page.get_by_role("button", name=re.compile("^Change Coordinator"))
        box = change.bounding_box()
        assert box is not None
        assert box["height"] >= 44
    assert page.evaluate("document.documentElement.scrollWidth") <= 320


def test_fifteen_points_are_answered_in_one_view_each_once(opened: Callable[[str], Page]) -> None:
    page = opened("trust")
    points = page.get_by_role("radiogroup").filter(has_text=re.compile(r"^\d+"))
    expect(points).to_have_count(15)
    for number in range(15):
        points.nth(number).get_by_label("Partly").check()
    points.nth(0).get_by_label("Agreed").check()
    assert len(payloads(page, "agreement_point")) == 15
    expect(page.get_by_text("1 Agreed · 14 Partly")).to_be_visible()
    note = page.get_by_role("button", name="Add a note: Who does what")
    note.click()
    page.get_by_label("Where is it written down?").fill("Kitchen plan, page 2")
    page.get_by_role("button", name="Save agreement point").click()
    expect(page.get_by_text("Kitchen plan, page 2")).to_be_visible()
    points.nth(3).get_by_label("Not yet").check()
    (roles,) = [p for p in payloads(page, "agreement_point") if p["point"] == "roles"]
    assert roles == {"point": "roles", "state": "not_yet", "where": "Kitchen plan, page 2"}
    page.reload()
    expect(points.nth(3).get_by_label("Not yet")).to_be_checked()
    expect(page.get_by_text("Kitchen plan, page 2")).to_be_visible()


def test_arrow_keys_on_a_point_keep_the_answer_at_which_they_rest(
    opened: Callable[[str], Page],
) -> None:
    page = opened("trust")
    kept = "Object.keys(localStorage).filter((key) => key.includes('/site/')).length"
    page.clock.install()
    before = page.evaluate(kept)
    money = page.get_by_role("radiogroup", name="Who holds money")
    money.get_by_role("radio").first.focus()
    page.keyboard.press("ArrowRight")
    page.keyboard.press("ArrowRight")
    assert page.evaluate(kept) == before
    page.keyboard.press("Tab")
    assert page.evaluate(kept) == before + 1
    assert payloads(page, "agreement_point") == [{"point": "money", "state": "not_yet"}]
    roles = page.get_by_role("radiogroup", name="Who does what")
    roles.get_by_role("radio").first.focus()
    page.keyboard.press("ArrowRight")
    page.clock.fast_forward(1100)
    assert page.evaluate(kept) == before + 2


def test_who_is_named_and_is_no_partner_can_be_made_one_by_a_press(
    opened: Callable[[str], Page], violations: Callable[[Page], list[str]]
) -> None:
    page = opened("resources")
    fill_offer(page, "Books", "Reading Circle")
    offer = page.locator(".pb-offer", has_text="“Reading Circle” is not among our partners yet.")
    expect(offer).to_be_visible()
    assert violations(page) == []
    offer.get_by_role("button", name="Community group").click()
    assert payloads(page, "partner") == [{"name": "Reading Circle", "sector": "community"}]
    expect(page.get_by_text("Our partners: Reading Circle")).to_be_visible()
    fill_offer(page, "Rooms", "reading  circle")
    expect(page.locator(".pb-offer")).to_have_count(0)
    fill_offer(page, "Vans", "A neighbour")
    page.get_by_role("button", name="Not a partner of ours").click()
    expect(page.locator(".pb-offer")).to_have_count(0)
    fill_offer(page, "Tools", "A neighbour")
    expect(page.locator(".pb-offer")).to_have_count(0)
    assert len(payloads(page, "partner")) == 1


def fill_offer(page: Page, name: str, partner: str) -> None:
    row = page.locator("form.pb-entry", has=page.get_by_label("Who offers it?"))
    row.get_by_label("What is it?").fill(name)
    row.get_by_label("Who offers it?").fill(partner)
    for select in row.locator(".pb-cells select").all():
        if select.evaluate("(node) => node.required && !node.value"):
            select.select_option(index=1)
    row.get_by_role("button", name="Add an offer").click()
    expect(page.get_by_role("row").filter(has_text=name)).to_be_visible()


def test_two_answers_to_one_point_are_shown_as_two_until_one_is_chosen(
    opened: Callable[[str], Page], tmp_path: Path
) -> None:
    page = opened("trust")
    money = page.get_by_role("radiogroup", name="Who holds money")
    money.get_by_label("Agreed").check()
    file = download(page, tmp_path)
    content = json.loads(file.read_text("utf-8"))
    (revision,) = content["revisions"]
    other = {
        **revision,
        "id": revision["id"][:-4] + "0000",
        "record": revision["record"][:-4] + "0000",
    }
    other["payload"] = {"point": "money", "state": "not_yet"}
    file.write_text(json.dumps({**content, "revisions": [other]}), "utf-8")
    page.set_input_files("input[type=file]", file)
    expect(page.get_by_text("Answered differently: Not yet, Agreed.")).to_be_visible()
    expect(money.get_by_role("radio", checked=True)).to_have_count(0)
    money.get_by_label("Partly").check()
    assert payloads(page, "agreement_point") == [{"point": "money", "state": "partly"}]


def fill_gaps(page: Page, **gaps: str) -> None:
    for label, text in gaps.items():
        page.get_by_label(label.replace("_", " "), exact=True).fill(text)


def test_the_gaps_make_the_sentence_and_what_is_missing_is_said(
    opened: Callable[[str], Page],
) -> None:
    page = opened("goals")
    page.get_by_role("button", name="Add a goal").click()
    fill_gaps(
        page,
        when="July 2028",
        what_is_measured="the share of pupils who come to school hungry",
        where_it_stands_now="22 percent",
        measured_when="09/2025",
        target="10%",
    )
    page.get_by_label("which way").select_option("lower")
    page.get_by_label("Short name").fill("Fewer hungry pupils")
    page.get_by_label("Outcome: a change").check()
    page.get_by_role("button", name="Save goal").click()
    sentence = (
        "By July 2028, we will lower the share of pupils who come to school hungry "
        "from 22% (September 2025) to 10%."
    )
    expect(page.get_by_text(sentence).first).to_be_visible()
    expect(page.get_by_text("nobody answers for it yet")).to_be_visible()
    expect(page.get_by_text("no target yet")).to_have_count(0)
    assert payloads(page, "goal") == [
        {
            "name": "Fewer hungry pupils",
            "sentence": sentence,
            "level": "outcome",
            "indicator": "the share of pupils who come to school hungry",
            "unit": "percent",
            "direction": "down",
            "baseline_value": 22,
            "baseline_date": "2025-09",
            "target_value": 10,
            "target_date": "2028-07",
        }
    ]
    page.get_by_role("button", name="Edit Fewer hungry pupils").click()
    page.get_by_label("who", exact=True).fill("Primary School")
    page.get_by_role("button", name="Save goal").click()
    expect(page.get_by_text("By July 2028, Primary School will lower").first).to_be_visible()
    expect(page.get_by_text("nobody answers for it yet")).to_have_count(0)


def test_a_sentence_in_ones_own_words_stays_as_it_is(opened: Callable[[str], Page]) -> None:
    page = opened("goals")
    page.get_by_role("button", name="Add a goal").click()
    page.get_by_text("Type or paste a whole sentence").click()
    page.get_by_label("The goal in one sentence").fill("Less hunger, soon.")
    page.get_by_label("Short name").fill("Hunger")
    page.get_by_label("Outcome: a change").check()
    page.get_by_role("button", name="Save goal").click()
    page.get_by_role("button", name="Edit Hunger").click()
    expect(page.get_by_label("The goal in one sentence")).to_have_value("Less hunger, soon.")
    fill_gaps(page, target="10%")
    page.get_by_role("button", name="Save goal").click()
    expect(page.get_by_text("no date yet")).to_be_visible()
    (goal,) = payloads(page, "goal")
    assert (goal["sentence"], goal["target_value"]) == ("Less hunger, soon.", 10)


def test_numbers_that_go_the_other_way_are_asked_about_and_may_stay(
    opened: Callable[[str], Page],
) -> None:
    page = opened("goals")
    page.get_by_role("button", name="Add a goal").click()
    fill_gaps(page, what_is_measured="hunger", where_it_stands_now="22", target="32")
    page.get_by_label("which way").select_option("lower")
    page.get_by_label("Short name").fill("Hunger")
    page.get_by_label("Outcome: a change").check()
    page.get_by_role("button", name="Save goal").click()
    expect(page.get_by_role("group", name="A question")).to_contain_text("go the other way")
    assert payloads(page, "goal") == []
    page.get_by_role("button", name="Save goal").click()
    expect(page.get_by_role("heading", name="Hunger")).to_be_visible()
    page.get_by_role("button", name="Edit Hunger").click()
    page.get_by_label("which way").select_option("raise")
    page.get_by_role("button", name="Save goal").click()
    expect(page.get_by_text("we will raise hunger from 22 to 32").first).to_be_visible()


def test_a_vision_has_no_number_fields(opened: Callable[[str], Page]) -> None:
    page = opened("goals")
    page.get_by_role("button", name="Add a goal").click()
    fill_gaps(page, target="10%")
    page.get_by_label("Vision: the world").check()
    expect(page.get_by_label("target", exact=True)).to_be_hidden()
    page.get_by_label("The goal in one sentence").fill("No child goes hungry.")
    page.get_by_label("Short name").fill("Hope")
    page.get_by_text("Later: what else there is to say").click()
    expect(page.get_by_label("In what unit?")).to_be_hidden()
    page.get_by_role("button", name="Save goal").click()
    assert payloads(page, "goal") == [
        {"name": "Hope", "sentence": "No child goes hungry.", "level": "vision"}
    ]
    expect(page.locator(".pb-missing")).to_have_count(0)


ENGINE = """globalThis.playbookAsk = async (what, text) => {
    globalThis.asked = [...(globalThis.asked ?? []), [what, text]];
    return text.includes('surplus')
        ? { metric: 'supermarket surplus', target: 400, deadline: '2028' } : undefined;
};"""


def test_a_sentence_is_read_into_the_gaps_once_a_person_says_that_it_read_right(
    context: BrowserContext, forms: str
) -> None:
    page = context.new_page()
    page.add_init_script(ENGINE)
    page.goto(f"{forms}/goals.html")
    name_partnership(page)
    page.get_by_role("button", name="Add a goal").click()
    page.get_by_text("Type or paste a whole sentence").click()
    sentence = "Supermarket surplus to rise to 400 kg a week by 2028."
    page.get_by_label("The goal in one sentence").fill("Something else")
    page.get_by_label("The goal in one sentence").fill(sentence)
    read = page.get_by_role("status").filter(has_text="We read:")
    expect(read).to_contain_text("By 2028, nobody answers for it yet will")
    expect(read).to_contain_text("supermarket surplus from not known where it stands now")
    assert page.evaluate("globalThis.asked") == [["read_goal", sentence]], "once it was typed"
    read.get_by_role("button", name="Yes, fill it in").click()
    expect(page.get_by_label("what is measured")).to_have_value("supermarket surplus")
    expect(page.get_by_label("target", exact=True)).to_have_value("400")
    expect(page.get_by_label("who", exact=True)).to_be_focused()
    expect(page.get_by_text("We read:")).to_have_count(0)
    page.get_by_label("Short name").fill("Surplus")
    page.get_by_label("Output: something").check()
    page.get_by_role("button", name="Save goal").click()
    (goal,) = payloads(page, "goal")
    assert goal["sentence"] == sentence
    assert (goal["indicator"], goal["target_value"]) == ("supermarket surplus", 400)


def test_the_page_is_told_of_every_change_and_can_ask_for_a_record(
    context: BrowserContext, forms: str, tmp_path: Path
) -> None:
    page = context.new_page()
    page.add_init_script(
        """globalThis.heard = [];
        addEventListener('playbook:answers', ({ detail }) => heard.push(detail));"""
    )
    page.goto(f"{forms}/goals.html")
    name_partnership(page)
    mine = {"partnership": "riverside", "practice": "goals"}

    def told() -> int:
        assert page.evaluate("heard.at(-1)") == mine
        return int(page.evaluate("heard.splice(0).length"))

    assert told()
    page.get_by_role("button", name="Add a goal").click()
    fill_gaps(page, what_is_measured="readers")
    page.get_by_label("Short name").fill("Reading")
    page.get_by_label("Outcome: a change").check()
    page.get_by_role("button", name="Save goal").click()
    expect(page.get_by_role("heading", name="Reading")).to_be_visible()
    assert told()
    page.get_by_label("For which goal?").first.fill("Reading")
    page.get_by_label("When was it measured?").fill("2026")
    page.get_by_label("Value").fill("12")
    page.keyboard.press("Enter")
    expect(page.get_by_role("rowheader", name="Reading")).to_be_visible()
    assert told()
    change = """([kind, record]) => document.querySelector('[data-playbook-form]').dispatchEvent(
        new CustomEvent('playbook:change', { detail: { kind, record } }))"""
    (measurement,) = kept(page, "measurement")
    page.evaluate(change, ["measurement", measurement["record"]])
    edit = page.get_by_role("form", name="Edit the measurement")
    expect(edit.get_by_label("For which goal?").first).to_be_focused()
    (goal,) = kept(page, "goal")
    page.evaluate(change, ["goal", goal["record"]])
    expect(page.get_by_label("when", exact=True)).to_be_focused()
    page.evaluate(change, ["goal", "not-there"])
    page.get_by_role("button", name="Remove Reading").click()
    expect(page.get_by_role("heading", name="Reading")).to_have_count(0)
    assert told()
    second = context.new_page()
    second.goto(f"{forms}/goals.html")
    second.get_by_label("For which goal?").first.fill("Walking")
    second.get_by_label("When was it measured?").fill("2027")
    second.get_by_label("Value").fill("3")
    second.keyboard.press("Enter")
    expect(page.get_by_role("rowheader", name="Walking")).to_be_visible()
    assert told(), "of what another tab did"


def test_a_link_carries_the_partnership_to_another_phone(
    opened: Callable[[str], Page], browser: Browser, watched: Callable[..., Page]
) -> None:
    page = opened("goals")
    page.get_by_role("button", name="Invite others").click()
    link = page.get_by_label("Link to this worksheet").input_value()
    assert link.endswith("/goals.html?p=riverside&n=Riverside")
    phone = watched(browser, viewport={"width": 390, "height": 844})
    phone.goto(link)
    expect(phone.get_by_text("Answers of Riverside (riverside)")).to_be_visible()
    assert phone.evaluate("localStorage.getItem('playbook/partnership')") == (
        '{"name":"Riverside","slug":"riverside"}'
    )
    phone.goto(link.replace("riverside", "../x"))
    expect(phone.get_by_text("Answers of Riverside (riverside)")).to_be_visible()


def test_files_of_several_phones_are_opened_at_once_and_two_wordings_stand_side_by_side(
    opened: Callable[[str], Page], browser: Browser, forms: str, tmp_path: Path
) -> None:
    files = []
    for person, words in (("a", "Fewer hungry pupils."), ("b", "No hungry pupils.")):
        phone = browser.new_context().new_page()
        phone.goto(f"{forms}/goals.html?p=riverside&n=Riverside")
        phone.get_by_role("button", name="Add a goal").click()
        phone.get_by_text("Type or paste a whole sentence").click()
        phone.get_by_label("The goal in one sentence").fill(words)
        phone.get_by_label("Short name").fill(
            "Hungry  pupils" if person == "a" else "hungry pupils"
        )
        phone.get_by_label("Outcome: a change").check()
        phone.get_by_role("button", name="Save goal").click()
        files.append(download(phone, tmp_path))
        phone.context.close()
    assert files[0].name != files[1].name
    other = tmp_path / "other.json"
    other.write_text('{"format":"playbook-answers/1","partnership":"x","revisions":[]}', "utf-8")
    page = opened("goals")
    page.set_input_files("input[type=file]", [*files, other])
    expect(page.get_by_text("Opened. What was in the file")).to_be_visible()
    expect(page.get_by_text(re.compile("^Opened.*Not opened.*other.json"))).to_be_visible()
    both = page.locator(".pb-rivals")
    expect(both).to_contain_text("These look like one goal. Which words do you keep?")
    expect(both.get_by_role("heading")).to_have_count(2)
    left, right = (both.get_by_role("listitem").nth(n).bounding_box() for n in (0, 1))
    assert left is not None
    assert right is not None
    assert left["y"] == right["y"]
    assert left["x"] < right["x"]
    both.get_by_role("listitem").filter(has_text="No hungry pupils.").get_by_role(
        "button", name="Keep these words"
    ).click()
    expect(page.get_by_text("Which words do you keep?")).to_have_count(0)
    assert [goal["sentence"] for goal in payloads(page, "goal")] == ["No hungry pupils."]


def test_leaving_with_answers_that_are_nowhere_else_is_asked_about_once(
    opened: Callable[[str], Page], tmp_path: Path
) -> None:
    page = opened("sustainability")
    asked: list[str] = []
    page.on("dialog", lambda dialog: (asked.append(dialog.type), dialog.accept()))
    page.reload()
    assert asked == [], "nothing was written"
    page.get_by_label("What is paid for?").fill("Cook")
    page.get_by_label("How much each month?").fill("1450")
    page.keyboard.press("Enter")
    download(page, tmp_path)
    page.reload()
    assert asked == [], "it was downloaded"
    page.get_by_label("What is paid for?").click()
    page.get_by_label("What is paid for?").fill("Food")
    page.get_by_label("How much each month?").fill("620")
    page.keyboard.press("Enter")
    expect(page.get_by_role("rowheader", name="Food")).to_be_visible()
    page.reload()
    page.get_by_label("What is paid for?").click()
    page.reload()
    assert asked == ["beforeunload"]


def test_the_browser_is_asked_once_to_keep_what_is_written(
    context: BrowserContext, forms: str
) -> None:
    page = context.new_page()
    page.add_init_script(
        "globalThis.asked = 0; StorageManager.prototype.persist = async () => (asked += 1, true);"
    )
    page.goto(f"{forms}/sustainability.html")
    name_partnership(page)
    assert page.evaluate("asked") == 0, "not before there is something to keep"
    for name in ("Cook", "Food"):
        page.get_by_label("What is paid for?").fill(name)
        page.get_by_label("How much each month?").fill("1450")
        page.keyboard.press("Enter")
        expect(page.get_by_role("rowheader", name=name)).to_be_visible()
    assert page.evaluate("asked") == 1


@pytest.mark.parametrize(
    ("agent", "told"),
    [
        (
            "Mozilla/5.0 (iPhone; CPU iPhone OS 18_0 like Mac OS X) AppleWebKit/605.1.15 "
            "(KHTML, like Gecko) Version/18.0 Mobile/15E148 Safari/604.1",
            1,
        ),
        (
            "Mozilla/5.0 (Linux; Android 15) AppleWebKit/537.36 (KHTML, like Gecko) "
            "Chrome/140.0.0.0 Mobile Safari/537.36",
            0,
        ),
    ],
)
def test_safaris_seven_days_are_told_in_safari_alone(
    browser: Browser, watched: Callable[..., Page], forms: str, agent: str, told: int
) -> None:
    page = watched(browser, user_agent=agent)
    page.goto(f"{forms}/goals.html")
    expect(page.get_by_text("Safari deletes what a page keeps after seven days")).to_have_count(
        told
    )


def test_a_file_can_be_handed_on_where_the_browser_shares_files(
    context: BrowserContext, forms: str
) -> None:
    page = context.new_page()
    page.add_init_script(
        """navigator.canShare = ({ files }) => files[0].type === 'application/json';
        navigator.share = async ({ files: [file] }) => {
            globalThis.sent = [file.name, await file.text()];
        };"""
    )
    page.goto(f"{forms}/goals.html")
    name_partnership(page)
    page.get_by_role("button", name="Send the file").click()
    page.wait_for_function("globalThis.sent")
    name, text = page.evaluate("sent")
    assert re.fullmatch(r"playbook-riverside-goals-\d{4}-\d\d-\d\d-[0-9a-f]{4}\.json", name)
    assert json.loads(text)["partnership"] == "riverside"
