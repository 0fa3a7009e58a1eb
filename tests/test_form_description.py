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
from playbook_helpers.worksheet.forms.scripts import (
    STATIC,
    joined,
    page_script,
    widget_module,
)

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
            if f["name"] in kind["items"]:
                assert (f["control"]["tag"], f["options"]) == ("fieldset", f["choices"])
            elif f["type"] == "choice":
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


def test_the_page_gets_one_script_and_the_notebook_one_module(tmp_path: Path) -> None:
    style, script = write_assets(tmp_path)
    files = [STATIC / name for name in ("form.css", "paper.css")]
    assert style.read_bytes() == b"".join(file.read_bytes() for file in files)
    page = script.read_text("utf-8")
    assert page == page_script()
    assert page.startswith('(() => {\n"use strict";\n')
    assert not re.search(r"^\s*(import|export)\b", page, re.MULTILINE)
    module = widget_module()
    assert re.findall(r"^(?:import|export)\b.*", module, re.MULTILINE) == [
        "export default { render };"
    ]
    for text in (page, module):
        assert text.index("function el(") < text.index("function mount("), "what is taken is first"


def modules(folder: Path, **texts: str) -> Path:
    for name, text in texts.items():
        (folder / f"{name}.js").write_text(text, "utf-8")
    return folder


def test_modules_are_joined_once_each_after_what_they_take(tmp_path: Path) -> None:
    folder = modules(
        tmp_path,
        top='import { low } from "./low.js";\nimport { mid } from "./mid.js";\nmid(low);\n',
        mid='/* About. */\nimport { low } from "./low.js";\n\nexport const mid = () => low;\n',
        low="/* Two\n * lines. */\nexport function low() {\n\t// why\n\treturn 1; // one\n}\n",
    )
    assert joined(folder / "top.js") == "function low(){return 1;}\nconst mid=()=>low;mid(low);"


def test_texts_and_patterns_stay_as_they_are_written(tmp_path: Path) -> None:
    written = """say("a , b", `c ; ${d}`, /^[ =] ? "$/.test(x) , y);\nconst z =\n\t/[, ] ;/;\n"""
    assert joined(modules(tmp_path, top=written) / "top.js") == (
        """say("a , b",`c ; ${d}`, /^[ =] ? "$/.test(x),y);const z=\n/[, ] ;/;"""
    )


@pytest.mark.parametrize(
    ("texts", "words"),
    [
        ({"top": "import x from './x.js';\n"}, "cannot be joined: import x"),
        ({"top": "export { y };\n"}, "cannot be joined: export"),
        (
            {"top": 'import { one } from "./one.js";\nlet one = 1;\n', "one": "export let one;\n"},
            "both name one",
        ),
        (
            {
                "top": 'import { one } from "./one.js";\n',
                "one": 'import { top } from "./top.js";\nexport let one;\n',
            },
            "import each other: top one top",
        ),
    ],
)
def test_modules_that_would_not_mean_the_same_in_one_scope_are_refused(
    tmp_path: Path, texts: dict[str, str], words: str
) -> None:
    with pytest.raises(ValueError, match=words):
        joined(modules(tmp_path, **texts) / "top.js")


def test_what_is_a_table_a_scale_or_a_sentence_is_said_by_the_record_type() -> None:
    layouts = {
        kind["kind"]: kind["layout"] for stem in STEMS for kind in form_description(stem)["kinds"]
    }
    assert {kind for kind, layout in layouts.items() if layout == "points"} == {"agreement_point"}
    assert {kind for kind, layout in layouts.items() if layout == "table"} == {
        *("measurement", "group_value", "decision", "turnout", "offer", "need"),
        *("community_group", "group_count"),
        *("audience", "milestone", "fund", "cost", "reserve", "capacity"),
        *("social_input", "exchange_rate"),
    }
    for kind, layout in layouts.items():
        assert (layout == "table") == bool(RECORD_TYPES[kind].columns)
    assert layouts["check_in"] == "list"
    (check_in,) = form_description("trust", kinds=["check_in"])["kinds"]
    assert len(check_in["items"]) == 15
    assert [value for value, _ in check_in["item_options"]] == ["1", "2", "3", "4", "5", "dk"]
    (goal,) = form_description("goals", kinds=["goal"])["kinds"]
    named = {name for part in goal["sentence"]["parts"] for name in part[1::2]}
    assert [text for look, text in goal["sentence"]["shown"] if not look] == [
        name for part in goal["sentence"]["parts"] for name in part[1::2]
    ]
    assert named == {gap["name"] for gap in goal["sentence"]["gaps"]}
    assert named == {f["name"] for f in goal["fields"] if "gap" in f}


@pytest.mark.parametrize("stem", STEMS)
def test_every_needed_answer_of_a_list_is_a_column(stem: str) -> None:
    for kind in form_description(stem)["kinds"]:
        if kind["layout"] == "table":
            needed = {f["name"] for f in kind["fields"] if f["required"]}
            assert needed - {"worksheet"} <= set(kind["columns"])
            assert set(kind["columns"]) <= {f["name"] for f in kind["fields"]}


def test_who_we_are_is_asked_in_every_form_and_shared_by_all() -> None:
    for stem in (*STEMS, "overview"):
        about, partner = form_description(stem)["shared"]
        assert [f["name"] for f in about["fields"]] == ["name", "purpose", "place", "starts"]
        assert (about["layout"], partner["kind"], partner["layout"]) == ("who", "partner", "table")


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
