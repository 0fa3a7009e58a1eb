"""A practice's form as JSON, and the element that carries it onto a page."""

from __future__ import annotations

import json
import re
from html import escape
from html.parser import HTMLParser
from pathlib import Path
from typing import Any

import pytest

from playbook_helpers.core.errors import NotFound
from playbook_helpers.core.records import fields_of
from playbook_helpers.practices import PRACTICES
from playbook_helpers.practices.kinds import RECORD_TYPES
from playbook_helpers.worksheet.forms import form_description, form_html, write_assets
from playbook_helpers.worksheet.forms.page import STATIC, page_script

STEMS = [practice.stem for practice in PRACTICES]
CONTROLS = {
    "text": "input",
    "reference": "input",
    "number": "input",
    "whole": "input",
    "when": "input",
    "date": "input",
    "long": "textarea",
    "yesno": "fieldset",
}


def field(stem: str, kind: str, name: str) -> dict[str, Any]:
    described = form_description(stem, kinds=[kind])
    return next(f for f in described["kinds"][0]["fields"] if f["name"] == name)


@pytest.mark.parametrize("stem", STEMS)
def test_every_field_of_every_record_type_is_on_the_form_in_its_order(stem: str) -> None:
    described = form_description(stem)
    assert described["format"] == "playbook-form/1"
    assert json.loads(json.dumps(described, allow_nan=False)) == described
    for kind in described["kinds"]:
        record_type = RECORD_TYPES[kind["kind"]]
        assert [f["name"] for f in kind["fields"]] == [s.name for s in fields_of(record_type)]
        assert kind["practice"] in (stem, "partnership")
        assert set(kind["key"]) | set(kind["summary"]) <= {f["name"] for f in kind["fields"]}
        for f in kind["fields"]:
            assert f["label"]
            assert f["required"] == record_type.model_fields[f["name"]].is_required()
            if f["type"] == "choice":
                assert f["control"]["tag"] == ("fieldset" if len(f["choices"]) <= 5 else "select")
                assert [o for o in f["options"] if o[0]] == f["choices"]
            elif not f["ends"]:
                assert f["control"]["tag"] == CONTROLS[f["type"]]


@pytest.mark.parametrize("stem", [*STEMS, "overview"])
def test_every_form_ends_with_what_the_group_decides(stem: str) -> None:
    last = form_description(stem)["kinds"][-1]
    assert (last["kind"], last["practice"]) == ("decision", "partnership")
    about = next(f for f in last["fields"] if f["name"] == "worksheet")
    assert about["default"] == stem
    assert {value for value, _ in about["choices"]} >= {*STEMS, "overview"}


def test_a_question_that_may_stay_open_offers_no_answer_yet() -> None:
    assert field("goals", "goal", "unit")["options"][-1] == ["", "No answer yet"]
    assert field("goals", "goal", "target_method")["options"][0] == ["", "No answer yet"]
    assert field("resources", "need", "type")["options"][0] == ["", "Choose one"]
    assert ["", "No answer yet"] not in field("goals", "goal", "level")["options"]
    # One with a default has an answer already.
    status = field("resources", "offer", "status")
    assert (status["default"], len(status["options"])) == ("offered", 4)


def test_a_scale_shows_every_step_and_words_at_its_ends() -> None:
    confidence = field("goals", "goal", "confidence")
    assert (confidence["low"], confidence["high"]) == (1, 5)
    assert [words for _, words in confidence["options"]] == [
        "1: not at all sure",
        "2",
        "3",
        "4",
        "5: very sure",
        "No answer yet",
    ]


def test_bounds_say_whether_they_are_allowed_themselves() -> None:
    assert field("resources", "offer", "amount")["low"] == 0
    assert field("resources", "offer", "amount")["above"] is None
    assert field("resources", "need", "amount")["low"] is None
    assert field("resources", "need", "amount")["above"] == 0


def test_a_reference_names_the_field_whose_values_it_repeats() -> None:
    goal = field("goals", "measurement", "goal")
    assert (goal["refers_to"], goal["refers_field"]) == ("goal", "name")


def test_needed_answers_are_marked_in_words() -> None:
    assert field("goals", "goal", "name")["asked"] == "Short name (needed)"
    assert field("goals", "goal", "note")["asked"] == "Note"


def test_kinds_are_picked_in_the_order_asked_for_and_partners_can_be_asked_anywhere() -> None:
    described = form_description("goals", kinds=["measurement", "partner"])
    assert [kind["kind"] for kind in described["kinds"]] == ["measurement", "partner"]
    assert described["kinds"][1]["practice"] == "partnership"
    with pytest.raises(NotFound, match="measurement"):
        form_description("goals", kinds=["offer"])
    with pytest.raises(NotFound, match="goals"):
        form_description("gaols")


class Reader(HTMLParser):
    """Reads a page as a browser does: what is in a script element is not markup."""

    def __init__(self) -> None:
        super().__init__()
        self.tags: list[tuple[str, dict[str, str | None]]] = []
        self.script = ""
        self._inside = ""

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, dict(attrs)))
        self._inside = tag

    def handle_endtag(self, tag: str) -> None:
        self._inside = ""

    def handle_data(self, data: str) -> None:
        if self._inside == "script":
            self.script += data


def test_the_element_carries_the_description_whatever_texts_it_holds() -> None:
    hostile = "</script><!--<script>\u2028\u2029&amp;\"'<img src=x onerror=alert(1)>"
    html = form_html("goals", known={"partner": [hostile]})
    reader = Reader()
    reader.feed(html)
    setup = json.loads(reader.script)
    assert setup["known"] == {"partner": [hostile]}
    assert setup["description"] == form_description("goals")
    assert "\u2028" not in html
    assert "img" not in {tag for tag, _ in reader.tags}
    assert len([tag for tag, _ in reader.tags if tag == "script"]) == 1


def test_the_element_needs_no_inline_style_or_handler_and_says_what_it_needs() -> None:
    html = form_html("resources")
    reader = Reader()
    reader.feed(html)
    names = {name for _, attributes in reader.tags for name in attributes}
    assert "style" not in names
    assert not any(name.startswith("on") for name in names)
    assert ("div", {"class": "playbook pb-form", "data-playbook-form": "resources"}) in reader.tags
    assert re.search(r"<noscript>.*needs JavaScript.*</noscript>", html)
    assert "link" not in {tag for tag, _ in reader.tags}


def test_the_tags_that_load_the_files_come_along_if_asked_for() -> None:
    html = form_html("goals", asset_base='../_static/"x"')
    assert '<link rel="stylesheet" href="../_static/&quot;x&quot;/form.css">' in html
    assert '<script defer src="../_static/&quot;x&quot;/form.js"></script>' in html


def test_the_page_has_the_notebooks_script_without_its_exports(tmp_path: Path) -> None:
    style, script = write_assets(tmp_path)
    files = [STATIC / name for name in ("form.css", "paper.css")]
    assert style.read_bytes() == b"".join(file.read_bytes() for file in files)
    module = (STATIC / "form.js").read_text("utf-8").splitlines()
    page = script.read_text("utf-8").splitlines()
    gone = [line for line in module if line not in page]
    assert [line.split("(")[0] for line in gone] == [
        "export function mount",
        "export default { render };",
    ]
    assert len(page) == len(module) + 2, "the function around it, strict"


@pytest.mark.parametrize("line", ["import x from './x.js';", "export const y = 1;"])
def test_a_module_that_no_page_could_run_is_refused(line: str) -> None:
    with pytest.raises(ValueError, match="cannot run this line"):
        page_script(f"{line}\nexport default {{ render }};\n")


def test_the_paper_worksheet_asks_every_question_of_a_goal() -> None:
    html = form_html("goals")
    kinds = form_description("goals")["kinds"]
    for kind in kinds:
        assert f"{kind['title']}: to fill in by hand" in html
    sheets = [kind for kind in kinds if kind["kind"] in ("goal", "indicator_sheet")]
    questions = sum(len(kind["fields"]) for kind in sheets)
    assert questions == 32
    assert html.count('class="pb-asked"') == questions
    assert html.count('class="pb-box') + html.count('class="pb-ticks"') == questions


def sheet_of(stem: str, title: str) -> str:
    """One kind's sheet as HTML."""
    return form_html(stem).partition(f"{title}: to fill in by hand</h3>")[2].partition("<h3>")[0]


def test_a_list_is_one_table_on_paper() -> None:
    sheet = sheet_of("sustainability", "Cost")
    assert re.findall("<th[^>]*>([^<]*)</th>", sheet) == [
        "What is paid for?", "How much each month?", "Currency", "From when?", "Until when?"
    ]  # fmt: skip
    assert sheet.count("<tr>") == 11
    assert "pb-asked" not in sheet


def test_what_is_needed_has_a_column_in_every_list() -> None:
    for practice in PRACTICES:
        for kind in form_description(practice.stem)["kinds"]:
            sheet = sheet_of(practice.stem, kind["title"])
            if 'class="pb-lines"' not in sheet:
                continue
            for field in kind["fields"]:
                if field["required"] and field["name"] != "worksheet":
                    label = escape(field["label"])
                    assert f">{label}</th>" in sheet, (kind["kind"], field["name"])


def test_the_check_in_is_fifteen_lines_of_rings() -> None:
    sheet = sheet_of("trust", "Check-in answer")
    assert sheet.count('class="pb-ring"') == 15 * 6
    assert re.findall("<th>([^<]*)</th>", sheet)[:6] == [
        "not at all", "rather not", "partly", "mostly", "fully", "Don&#x27;t know"
    ]  # fmt: skip
    assert sheet.count('class="pb-asked"') == 3, "the round, the kind of organisation, the open one"


def test_the_agreement_has_each_point_once() -> None:
    sheet = sheet_of("trust", "Agreement point")
    assert sheet.count('class="pb-ring"') == 15 * 4
    points = re.findall(r"<th>(\d+)\. ", sheet)
    assert points == [str(number) for number in range(1, 16)]


def test_the_first_sheet_is_the_one_for_each_person() -> None:
    for stem in ("trust", "goals", "resources"):
        html = form_html(stem)
        assert html.count("data-each") == 1
        assert html.index("data-each") < html.index("to fill in by hand</h3>")


def test_the_check_in_on_paper_speaks_of_paper() -> None:
    kind = next(k for k in form_description("trust")["kinds"] if k["kind"] == "check_in")
    sheet = form_html("trust").partition("Check-in answer: to fill in by hand</h3>")[2]
    assert "Do not write your name. Fold the sheet" in sheet.partition("</p>")[0]
    assert "file" not in kind["on_paper"]


@pytest.mark.parametrize("stem", STEMS)
def test_no_two_kinds_on_a_form_go_by_one_name(stem: str) -> None:
    kinds = form_description(stem)["kinds"]
    for said in ("title", "plural"):
        assert len({kind[said] for kind in kinds}) == len(kinds)
