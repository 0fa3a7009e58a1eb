"""The face a notebook sees: typed parameters, and cells that read well in every place."""

from __future__ import annotations

import re
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from playbook_helpers.core.errors import InputError, NotFound, StoreError
from playbook_helpers.core.revisions import new_revision
from playbook_helpers.practices.goals import Goal
from playbook_helpers.practices.goals.what_if import pace_sentence
from playbook_helpers.practices.resources import Need, Offer, partner_leaves
from playbook_helpers.practices.resources.what_if import leaving_sentence
from playbook_helpers.storage.database import Store
from playbook_helpers.storage.files import load_examples
from playbook_helpers.worksheet import Worksheet
from playbook_helpers.worksheet.stores import open_worksheet_store

ROOT = Path(__file__).parents[1]
HOSTILE = "<img src=x onerror=alert(1)>"


@pytest.fixture(scope="module")
def examples(tmp_path_factory: pytest.TempPathFactory) -> str:
    address = f"sqlite:///{tmp_path_factory.mktemp('store') / 'examples.db'}"
    with Store.open(address) as store:
        load_examples(store, ROOT / "data")
    return address


@pytest.fixture
def empty(tmp_path: Path) -> str:
    address = f"sqlite:///{tmp_path / 'own.db'}"
    with Store.open(address) as store:
        goal = Goal(name="Only", sentence="More books.", level="output")
        store.append([new_revision("our-town", goal)])
    return address


@pytest.fixture(autouse=True)
def _document(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PLAYBOOK_SHOW", "document")


def html_of(shown: Any) -> str:
    return str(shown._repr_mimebundle_()["text/html"])


def test_an_unknown_partnership_is_answered_with_those_there_are(examples: str) -> None:
    with pytest.raises(NotFound) as caught:
        Worksheet("goals", "strive", store=examples)
    assert "strive-partnership" in caught.value.allowed
    assert "riverside-invented" in caught.value.allowed


@pytest.mark.parametrize(
    "name",
    ["../strive", "a b", "", "Strive", "strive-partnership\n", "x" * 61, "import os", "con"],
)
def test_a_partnership_is_a_slug_and_nothing_else(examples: str, name: str) -> None:
    with pytest.raises(InputError):
        Worksheet("goals", name, store=examples)


def test_parameters_of_the_wrong_type_are_named(examples: str) -> None:
    for wrong in (None, 3.5, True, ["3"]):
        with pytest.raises(InputError, match="'round' has the wrong type") as refused:
            Worksheet("goals", "strive-partnership", store=examples, round=wrong)  # type: ignore[arg-type]
        assert f"value: {wrong!r}" in str(refused.value).replace("'None'", "None")
        assert "such as March 2027" in str(refused.value)
    sheet = Worksheet("goals", "strive-partnership", store=examples, round=3, as_of=2016)
    assert (sheet.round, sheet.as_of) == ("3", date(2016, 12, 31))
    with pytest.raises(InputError, match="label cannot be used"):
        Worksheet("goals", "strive-partnership", store=examples, round="a\nb")
    with pytest.raises(InputError, match="as of"):
        Worksheet("goals", "strive-partnership", store=examples, as_of="31/12/2016")
    with pytest.raises(NotFound, match="practice"):
        Worksheet("goal", "strive-partnership", store=examples)


def test_a_named_store_that_is_not_there_is_not_made(tmp_path: Path) -> None:
    missing = tmp_path / "none.db"
    with pytest.raises(StoreError):
        Worksheet("goals", "strive-partnership", store=str(missing))
    assert not missing.exists()


def test_the_date_is_the_partnerships_own_unless_one_is_named(examples: str) -> None:
    own = Worksheet("goals", "strive-partnership", store=examples)
    assert own.as_of == date(2016, 12, 31)
    named = Worksheet("goals", "strive-partnership", store=examples, as_of="2012-06-30")
    assert named.as_of == date(2012, 6, 30)
    assert "30 June 2012" in named.title().html()


def test_a_new_default_store_is_filled_with_the_examples(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("PLAYBOOK_STORE", raising=False)
    for name in ("_config.yml", "worksheets", "data"):
        (tmp_path / name).symlink_to(ROOT / name)
    monkeypatch.setenv("PLAYBOOK_HOME", str(tmp_path))
    store = open_worksheet_store()
    assert "shape-up-somerville" in store.partnerships()
    assert (tmp_path / "playbook.db").is_file()


def test_every_cell_of_both_worksheets_shows_something_for_every_example(examples: str) -> None:
    with Store.open(examples) as store:
        slugs = store.partnerships()
    for slug in slugs:
        goals = Worksheet("goals", slug, store=examples)
        resources = Worksheet("resources", slug, store=examples)
        for shown in (
            goals.title(),
            goals.form(),
            goals.rows("sentences"),
            goals.measures(),
            goals.findings(),
            goals.chart("progress"),
            goals.chart("run"),
            goals.what_if("pace"),
            resources.form(),
            resources.chart("heatmap"),
            resources.chart("gaps"),
            resources.chart("network"),
            resources.what_if("partner_leaves"),
        ):
            html = html_of(shown)
            assert not re.search(r"\b(nan|None(?! of)|inf)\b", re.sub(r"data:[^\"]*", "", html))


def test_a_what_if_takes_away_one_partner_and_not_each_in_turn(
    examples: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked: list[str] = []

    def counted(heads: Any, context: Any, partner: str) -> Any:
        asked.append(partner)
        return partner_leaves(heads, context, partner)

    monkeypatch.setattr("playbook_helpers.practices.resources.what_if.leave", counted)
    worksheet = Worksheet("resources", "riverside-invented", store=examples)
    html_of(worksheet.what_if("partner_leaves"))
    alone = [r for r in worksheet.assess().rows["needs"] if r["providers"] == 1]
    counts = {p: sum(r["top_provider"] == p for r in alone) for p in {*asked}}
    assert len(asked) == 1
    assert counts[asked[0]] == max(
        sum(r["top_provider"] == row["top_provider"] for r in alone) for row in alone
    )


def test_an_empty_partnership_is_met_with_kind_words(empty: str) -> None:
    resources = Worksheet("resources", "our-town", store=empty)
    assert resources.assess().findings, "it says what to fill in first"
    assert "Nothing to draw yet" in html_of(resources.chart("gaps")) or "pb-chart" in html_of(
        resources.chart("gaps")
    )
    assert "nothing to try out yet" in html_of(resources.what_if("partner_leaves"))
    goals = Worksheet("goals", "our-town", store=empty)
    assert "nothing to try out yet" in html_of(goals.what_if("pace"))


def test_an_invented_partnership_says_so(examples: str) -> None:
    assert "invented" in Worksheet("goals", "riverside-invented", store=examples).title().html()
    real = Worksheet("goals", "strive-partnership", store=examples).title().html()
    assert "invented" not in real


def test_what_people_typed_is_shown_as_text(tmp_path: Path) -> None:
    address = f"sqlite:///{tmp_path / 'hostile.db'}"
    with Store.open(address) as store:
        store.append(
            [
                new_revision(
                    "our-town",
                    Goal(
                        name=HOSTILE,
                        sentence=HOSTILE,
                        level="outcome",
                        baseline_value=1,
                        baseline_date="2020",
                        target_value=3,
                        target_date="2030",
                        owner_organisation=HOSTILE,
                        unit_words=HOSTILE,
                    ),
                ),
                new_revision("our-town", Need(name=HOSTILE, type="space", must_have=True)),
                new_revision("our-town", Offer(partner=HOSTILE, what=HOSTILE, type="space")),
            ]
        )
    goals = Worksheet("goals", "our-town", store=address, round=HOSTILE)
    resources = Worksheet("resources", "our-town", store=address)
    for shown in (
        goals.title(),
        goals.form(),
        goals.rows("progress"),
        goals.rows("sentences"),
        goals.measures(),
        goals.findings(),
        goals.chart("progress"),
        goals.chart("run"),
        resources.form(),
        resources.findings(),
        resources.chart("heatmap"),
        resources.chart("gaps"),
        resources.chart("network"),
        resources.what_if("partner_leaves"),
    ):
        assert "<img src=x" not in html_of(shown)


def test_a_saved_revision_is_in_the_store_before_anything_is_drawn_again(empty: str) -> None:
    worksheet = Worksheet("resources", "our-town", store=empty)
    seen: list[int] = []
    worksheet._listeners.append(lambda: seen.append(len(worksheet.heads())))
    offer = Offer(partner="Library", what="Reading room", type="space")
    worksheet.save(new_revision("our-town", offer).to_json())
    assert seen == [2]
    with Store.open(empty) as store:
        assert [h.kind for h in store.heads("our-town", kind="offer")] == ["offer"]


def test_charts_carry_images_for_viewers_that_show_no_html(
    examples: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    def carried(images: str = "") -> set[str]:
        sheet = Worksheet("goals", "strive-partnership", store=examples, images=images)
        return set(sheet.chart("progress")._repr_mimebundle_()) - {"text/html", "text/plain"}

    more = {"image/svg+xml", "image/png", "application/pdf"}
    assert carried() == {"image/svg+xml"}
    assert carried("png") == more
    monkeypatch.setenv("PLAYBOOK_IMAGES", "png")
    assert carried() == more
    assert carried("svg") == {"image/svg+xml"}, "what the worksheet says goes before"
    with pytest.raises(InputError) as caught:
        carried("gif")
    assert caught.value.allowed == "svg, png"


def test_an_analyst_goes_on_from_a_charts_figure(examples: str, empty: str, tmp_path: Path) -> None:
    figure = Worksheet("goals", "strive-partnership", store=examples).chart("progress").figure()
    figure.text(0.5, 0.01, "Drawn for the board")
    figure.savefig(tmp_path / "board.pdf")
    assert (tmp_path / "board.pdf").read_bytes().startswith(b"%PDF")
    with pytest.raises(NotFound, match="no picture"):
        Worksheet("resources", "our-town", store=empty).chart("gaps").figure()


def test_an_unknown_chart_table_field_or_what_if_lists_what_there_is(examples: str) -> None:
    worksheet = Worksheet("goals", "strive-partnership", store=examples)
    for attempt in (
        lambda: html_of(worksheet.chart("pie")),
        lambda: html_of(worksheet.rows("none")),
        lambda: html_of(worksheet.table("goal", "colour")),
        lambda: html_of(worksheet.table("goals")),
        lambda: worksheet.what_if("x"),
    ):
        with pytest.raises(NotFound) as caught:
            attempt()
        assert caught.value.allowed


def test_a_form_is_a_form_on_the_site_and_a_table_in_a_document(
    examples: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    worksheet = Worksheet("goals", "strive-partnership", store=examples)
    assert "pb-card" in html_of(worksheet.form())
    assert "data-playbook-form" not in html_of(worksheet.form())
    monkeypatch.setenv("PLAYBOOK_SHOW", "site")
    assert 'data-playbook-form="goals"' in html_of(worksheet.form())


def test_live_controls_draw_the_what_if_again(
    examples: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PLAYBOOK_SHOW", "live")
    box = Worksheet("goals", "strive-partnership", store=examples).what_if("pace")
    _, target, year, output = box.children
    assert "to 85 by 2020" in output.value
    year.value = 2030
    assert "to 85 by 2030" in output.value
    target.value = 70
    assert "to 70 by 2030" in output.value
    box = Worksheet("resources", "riverside-invented", store=examples).what_if("partner_leaves")
    partner, output = box.children
    for name in partner.options:
        partner.value = name
        assert f"If {name} left" in output.value.replace("&#x27;", "'").replace("&amp;", "&")


def test_the_pace_sentence_says_what_the_numbers_say() -> None:
    row = {
        "name": "Waiting time",
        "latest_value": 30.0,
        "latest_date": "2026",
        "baseline_value": 20.0,
        "baseline_date": "2024",
        "unit": "number",
    }
    # 10 up in two years so far; 20 down in four years needed.
    assert pace_sentence(row, 10.0, "2030") == (
        "To get from 30 (2026) to 10 by 2030, it would have to go down by 5 a year. "
        "Since 2024 it went up by 5 a year. It would have to turn round."
    )
    assert pace_sentence(row, 30.0, "2030").endswith("it would have to stay where it is.")


def test_the_leaving_sentence_counts_what_falls_open() -> None:
    rows = (
        {"name": "Room", "falls_open": True},
        {"name": "Van", "falls_open": False},
    )
    assert leaving_sentence("The school", rows) == (
        "If The school left, 1 need would have nobody: Room. 1 more need would be covered less."
    )


def test_a_page_to_print_is_drawn_and_an_unknown_one_is_answered(examples: str) -> None:
    sheet = Worksheet("learning", "riverside-invented", store=examples)
    page = sheet.page("celebration").html()
    assert "First 100 families visited at home" in page
    assert "invented for practice" in page
    with pytest.raises(NotFound, match="no such page"):
        sheet.page("poster").html()
    with pytest.raises(NotFound, match="no such page"):
        Worksheet("goals", "riverside-invented", store=examples).page("celebration").html()


def test_a_worksheet_knows_what_was_changed_where_its_practice_looks_into_it(examples: str) -> None:
    innovation = Worksheet("innovation", "riverside-invented", store=examples)
    history = innovation.context().history
    assert max(map(len, history.values())) == 2
    assert not Worksheet("goals", "riverside-invented", store=examples).context().history


def test_a_document_reads_its_records_once_and_shows_one_state_throughout(
    empty: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    reads: list[str] = []
    read = Store.heads

    def counted(self: Store, partnership: str, **more: Any) -> Any:
        reads.append(partnership)
        return read(self, partnership, **more)

    monkeypatch.setattr(Store, "heads", counted)
    worksheet = Worksheet("goals", "our-town", store=empty)
    first = html_of(worksheet.findings())
    with Store.open(empty) as store:
        store.append([new_revision("our-town", Goal(name="Two", sentence="B.", level="output"))])
    html_of(worksheet.measures())
    html_of(worksheet.chart("progress"))
    assert html_of(worksheet.findings()) == first
    assert reads == ["our-town"]
    assert "Two" in html_of(Worksheet("goals", "our-town", store=empty).form())


def test_a_live_worksheet_sees_what_another_program_saved_when_it_is_shown_again(
    empty: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PLAYBOOK_SHOW", "live")
    worksheet = Worksheet("goals", "our-town", store=empty)
    assert "Two" not in html_of(worksheet.table("goal"))
    with Store.open(empty) as store:
        store.append([new_revision("our-town", Goal(name="Two", sentence="B.", level="output"))])
    assert "Two" in html_of(worksheet.table("goal"))
    assert worksheet.assess().counts["goal"] == 2
    assert len(worksheet.heads()) == 2


def test_all_that_is_drawn_again_after_a_save_is_drawn_from_one_reading(
    empty: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PLAYBOOK_SHOW", "live")
    worksheet = Worksheet("goals", "our-town", store=empty)
    seen: list[tuple[int, int]] = []
    for _ in range(2):
        worksheet._listeners.append(
            lambda: seen.append((id(worksheet.heads()), worksheet.assess().counts["goal"]))
        )
    saved = Goal(name="Two", sentence="B.", level="output")
    worksheet.save(new_revision("our-town", saved).to_json())
    assert len(seen) == 2
    assert len(set(seen)) == 1
    assert seen[0][1] == 2


def test_the_title_of_a_card_is_in_words_not_in_codes(examples: str) -> None:
    trust = html_of(
        Worksheet("trust", "riverside-invented", store=examples).table("agreement_point")
    )
    assert '<p class="pb-card-title">How we decide, and who has the last word on what' in trust
    assert '<p class="pb-card-title">decisions' not in trust
    made = Worksheet("innovation", "riverside-invented", store=examples)
    assert "Evening drop-in, 4 May 2026" in html_of(made.table("result"))
