"""Whatever people type is shown as text, wherever it is shown.

Every text field of every record type is filled with markup, script, formulas and signs that mean
something to calendars and to Markdown. Then all that the playbook makes of the records is read as
a browser, a spreadsheet, a calendar or a Markdown reader would read it.
"""

from __future__ import annotations

import base64
import csv
import io
import json
import random
import re
import zipfile
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from html.parser import HTMLParser
from pathlib import Path
from types import ModuleType
from typing import Any
from urllib.parse import unquote
from xml.etree import ElementTree

import pytest

from playbook_helpers.batch import make_plan
from playbook_helpers.batch.artifacts import save_notebook
from playbook_helpers.core.partnership import OVERVIEW, Partnership
from playbook_helpers.core.records import FieldSpec, Record, fields_of
from playbook_helpers.core.revisions import new_revision
from playbook_helpers.drawing.display import MODE_VARIABLE
from playbook_helpers.practices import PRACTICES
from playbook_helpers.practices.communication.rhythm import rhythm
from playbook_helpers.practices.kinds import RECORD_TYPES
from playbook_helpers.practices.views import what_ifs_of
from playbook_helpers.publish.report import write_reports
from playbook_helpers.publish.report.document import markdown
from playbook_helpers.storage.database import Store
from playbook_helpers.storage.files import package_files
from playbook_helpers.storage.files.formulas import unguarded
from playbook_helpers.worksheet import Worksheet

ROOT = Path(__file__).parents[1]
STEMS = (OVERVIEW, *(practice.stem for practice in PRACTICES))
TEXTS = ("text", "long", "reference")
MARKUP = (
    "<script>alert(1)</script><img src=x onerror=alert(2)>\"'><a href=javascript:alert(3)>"
    "[x](javascript:alert(4))</a>&lt;b&gt;"
)
MORE = (
    "\r\nEND:VEVENT\r\nBEGIN:VALARM\r\n<!--</style></textarea></title>{{7*7}}"
    "<svg onload=alert(5)>\n# Heading\n| a | b |\n```\n<iframe src=//example.org>"
)
HOSTILE_ROUND = "=1+<script>alert(1)</script><img src=x onerror=alert(2)>"
"""A label may have 60 characters."""
SETTLED: dict[str, dict[str, Any]] = {
    "story": {"consent": True, "scope": "public", "expires": "2040", "withdrawn": False}
    | {"reviewed": True, "minor": False, "guardian": True},
    "check_in": {"round": "2027-03"} | dict.fromkeys(("keeps_word", "helps", "valued"), "4"),
    "turnout": {"round": "2027-03", "answers": 4},
    "closed_round": {"round": "2027-03"},
    "activity": {"attended": 60, "completed": 60, "invited": 200, "population": 900},
    "community_group": {"people": 300},
    "group_count": {"people": 20},
    "measurement": {"date": "2026-05", "value": 40, "series_break": False},
    "group_value": {"date": "2026-05", "value": 40, "out_of": 20},
    "goal": {"baseline_value": 10, "baseline_date": "2025-01", "target_value": 80}
    | {"target_date": "2029-01", "level": "outcome", "unit": "percent"},
    "message": {"every_days": 7, "last_sent": "2027-01-05"},
    "meeting": {"every_days": 7, "last_held": "2027-01-05"},
    "milestone": {"planned": "2026-05", "actual": "2026-06"},
    "review": {"date": "2026-06", "due": "2026-09", "done": "2026-08", "sharing": "anyone"},
    "fund": {"amount": 90_000, "starts": "2026-01", "ends": "2028-12", "signed": True},
    "cost": {"monthly": 4_000, "starts": "2026-01", "ends": "2028-12"},
    "reserve": {"date": "2027-01", "amount": 20_000},
    "experiment": {"starts": "2026-01", "ends": "2026-06"},
    "result": {"date": "2026-06", "successes": 8, "out_of": 20},
    "experiment_decision": {"date": "2026-07"},
    "heard": {"heard_on": "2026-03", "decided_on": "2026-04", "told_on": "2026-05"},
    "progress_report": {"scope": "public", "starts": "2026-01", "ends": "2027-06"},
    "decision": {"date": "2027-01"},
    "partnership": {"facts_until": "2027-06-30", "ends": None, "invented": True}
    | {"check_in_shown": None},
    "partner": {"joined": "2020", "left": None},
    "offer": {"starts": "2026-01", "ends": "2029-01", "status": "in_use", "period": "month"},
    "need": {"period": "month", "must_have": True},
    "small_win": {"due": "2027-05", "done": None},
    "social_outcome": {"side": "gain"},
}
"""Answers that are not text, so that what is drawn from a record is drawn from these, too."""
HOW_MANY = {"check_in": 12, "turnout": 3}
"""Enough answers to be shown at all."""
SAME = {
    ("group_count", "trait"): ("community_group", "trait"),
    ("group_count", "group"): ("community_group", "group"),
    ("need", "unit"): ("offer", "unit"),
}
"""Fields that have to say the same as another's to be read together with it."""
ONLY_IN_FILES = {
    ("group_value", "note"),
    ("group_value", "source"),
    ("partner", "role"),
    ("partner", "source"),
    ("partner", "note"),
    ("partnership", "currency"),
    ("partnership", "note"),
}
"""Fields that no page shows; a data package holds them."""


def hostile(kind: str, name: str, long: bool = False) -> str:
    """Text that begins as a formula, names the field it is in, and holds all that could run."""
    return f"=1+cmd {kind}.{name} {MARKUP}" + (MORE if long else "")


def typed(type_: type[Record], spec: FieldSpec) -> str:
    """What somebody hostile types into a field of text."""
    kind, name = SAME.get((type_.kind, spec.name), (type_.kind, spec.name))
    if spec.entry.refers_to:
        kind, name = spec.entry.refers_to, RECORD_TYPES[spec.entry.refers_to].key[0]
    return hostile(kind, name, spec.type == "long")


def text_fields() -> list[tuple[type[Record], FieldSpec]]:
    return [
        (type_, spec)
        for type_ in RECORD_TYPES.values()
        for spec in fields_of(type_)
        if spec.type in TEXTS
    ]


def records(made_up: ModuleType, currency: str) -> Iterator[Record]:
    """Records of every type, all texts hostile; with a currency that is one, if one is given."""
    for type_ in RECORD_TYPES.values():
        chance = random.Random(4)
        for number in range(HOW_MANY.get(type_.kind, 1)):
            value = made_up.record(type_, number, chance)
            assert value is not None, type_.kind
            answers = value.payload() | SETTLED.get(type_.kind, {})
            if type_.kind == "decision":
                answers["worksheet"] = "goals"
            for spec in fields_of(type_):
                if spec.type in TEXTS:
                    answers[spec.name] = typed(type_, spec)
                if spec.name == "organisation":
                    answers[spec.name] += f" {number}"  # no organisation gave more than half
                if spec.name == "currency" and currency and type_.kind != "exchange_rate":
                    answers[spec.name] = currency
            yield type_.model_validate(answers)


@dataclass
class Read(HTMLParser):
    """A page as a browser reads it: what it would run or fetch, and the text that it shows."""

    where: str
    faults: list[str] = field(default_factory=list)
    texts: list[str] = field(default_factory=list)
    files: list[tuple[str, str]] = field(default_factory=list)
    """(type, text) of the files that its links hold."""
    raw: str = ""

    def __post_init__(self) -> None:
        super().__init__(convert_charrefs=True)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = {name: value or "" for name, value in attrs}
        data = tag == "script" and given.get("type") == "application/json"
        self.raw = tag if tag in ("script", "style") else ""
        if tag in NEVER and not data:
            self.fault(f"<{tag}>")
        for name, value in given.items():
            if name.startswith("on") or name in ("srcdoc", "formaction", "ping", "style"):
                self.fault(f"<{tag} {name}={value[:40]!r}>")
            if name in ("href", "src", "action", "poster", "srcset", "xlink:href"):
                self.address(tag, value)
            if name in ("alt", "aria-label", "title", "content"):
                self.texts.append(value)

    def handle_data(self, data: str) -> None:
        if self.raw == "style" and "alert" in data:
            self.fault("text in a style sheet")
        elif self.raw == "script" and "<" in data:
            self.fault("a sign in JSON that a browser could take for the end of it")
        elif not self.raw:
            self.texts.append(data)

    def handle_endtag(self, tag: str) -> None:
        self.raw = ""

    def handle_comment(self, data: str) -> None:
        self.fault(f"<!--{data[:40]}")

    def address(self, tag: str, value: str) -> None:
        held = DATA_ADDRESS.fullmatch(value)
        if tag == "img" and value.startswith("data:image/svg+xml,"):
            self.picture(unquote(value.partition(",")[2]))
        elif tag == "a" and held and held[1] in ("text/calendar", "text/markdown", "text/html"):
            self.files.append((held[1], base64.b64decode(held[2]).decode()))
        elif tag != "a" or not re.fullmatch(
            r"#[\w-]+|(\.\./)?[\w./-]+\.(html|zip|json|ipynb)", value
        ):
            self.fault(f"<{tag}> leads to {value[:60]!r}")

    def picture(self, svg: str) -> None:
        for element in ElementTree.fromstring(svg).iter():
            name = element.tag.rpartition("}")[2]
            if name not in DRAWN:
                self.fault(f"<{name}> in a picture")
            for key, value in element.attrib.items():
                plain = key.rpartition("}")[2]
                if plain.startswith("on") or (plain == "href" and not value.startswith("#")):
                    self.fault(f"{key}={value[:40]!r} in a picture")
            if name in ("text", "tspan"):
                self.texts.append("".join(element.itertext()))

    def fault(self, words: str) -> None:
        self.faults.append(f"{self.where}: {words}")


NEVER = {
    *("script", "iframe", "object", "embed", "form", "base", "link", "frame", "frameset", "svg"),
    *("math", "template", "audio", "video", "input", "button", "textarea", "select", "applet"),
}
"""Tags that no document of ours has."""
DRAWN = {
    *("svg", "g", "path", "defs", "style", "use", "text", "tspan", "clipPath", "rect", "pattern"),
    *("circle", "ellipse", "line", "polyline", "polygon"),
}
"""Tags of pictures that draw and do nothing else."""
DATA_ADDRESS = re.compile(r"data:([\w/+-]+);charset=utf-8;base64,([A-Za-z0-9+/=]+)")


def read(where: str, html: str) -> Read:
    page = Read(where)
    page.feed(html)
    page.close()
    return page


@dataclass(frozen=True)
class Made:
    """All that was made of the hostile records."""

    root: Path
    url: str
    pages: tuple[Read, ...]
    """Cells' outputs in a document and on the site, reports, and pages that links hold."""


@pytest.fixture(scope="module", params=["", "GBP"], ids=["any currency", "one currency"])
def made(
    request: pytest.FixtureRequest,
    tmp_path_factory: pytest.TempPathFactory,
    made_up: ModuleType,
    run_worksheet: Callable[..., dict[str, Any]],
) -> Made:
    root = tmp_path_factory.mktemp("hostile")
    (root / "worksheets").symlink_to(ROOT / "worksheets", target_is_directory=True)
    url = f"sqlite:///{root / 'playbook.db'}"
    pages: list[Read] = []
    with pytest.MonkeyPatch.context() as patch, Store.open(url) as store:
        held = list(records(made_up, request.param))
        store.append([new_revision("our-town", record) for record in held])
        for task in make_plan(root, store, partnerships=["our-town"]).tasks:
            patch.setenv(MODE_VARIABLE, "site")
            pages += outputs("on the site", run_worksheet(task.worksheet, "our-town", url))
            patch.setenv(MODE_VARIABLE, "document")
            notebook = run_worksheet(task.worksheet, "our-town", url, HOSTILE_ROUND)
            pages += outputs("in a notebook", notebook)
            made = dict(task.made_from) | {"fingerprint": "f", "made": "2026-11-24"}
            notebook["metadata"]["playbook"] = made
            save_notebook(task.target, json.dumps(notebook), made)
        assert write_reports(root, store).failed == {}
    for path in sorted((root / "_build" / "reports").rglob("*.html")):
        pages.append(read(path.name, path.read_text("utf-8")))
    kept = [(page.where, *file) for page in pages for file in page.files]
    for where, media_type, text in kept:
        if media_type == "text/html":
            pages.append(read(f"a page kept from {where}", text))
        if media_type == "text/markdown":
            pages.append(read(f"Markdown kept from {where}", markdown(text)))
    return Made(root, url, tuple(pages))


def outputs(where: str, notebook: dict[str, Any]) -> list[Read]:
    stem = re.sub(r"\s.*", "", "".join(notebook["cells"][0]["source"]).lstrip("# "))
    return [
        read(f"{stem}, {where}: {''.join(cell['source']).splitlines()[-1]}", data["text/html"])
        for cell in notebook["cells"]
        for output in cell.get("outputs", ())
        if "text/html" in (data := output["data"])
    ]


def test_nothing_that_people_typed_runs_or_fetches_anything(made: Made) -> None:
    faults = [fault for page in made.pages for fault in page.faults]
    assert len(made.pages) > 200
    assert faults == []


def test_what_people_typed_is_there_to_read_letter_by_letter(made: Made) -> None:
    shown = " ".join(" ".join(page.texts) for page in made.pages)
    unseen = {
        (type_.kind, spec.name)
        for type_, spec in text_fields()
        if typed(type_, spec).split("\r")[0] not in shown
    }
    assert unseen - {(kind, "currency") for kind in RECORD_TYPES} == ONLY_IN_FILES - {
        ("partnership", "currency")
    }


def test_no_cell_of_a_data_package_is_a_formula_and_none_is_changed(made: Made) -> None:
    with Store.open(made.url) as store:
        files = package_files("our-town", store.revisions("our-town"))
    seen = set()
    for type_ in RECORD_TYPES.values():
        rows = list(csv.DictReader(io.StringIO(files[f"{type_.kind}.csv"].decode("utf-8-sig"))))
        assert rows, type_.kind
        for spec in fields_of(type_):
            if spec.type in TEXTS:
                seen |= {row[spec.name] for row in rows}
                kept = {unguarded(row[spec.name]) for row in rows}
                if spec.name == "organisation":
                    kept = {re.sub(r" \d$", "", text) for text in kept}
                wanted = typed(type_, spec).replace("\r\n", "\n")
                assert kept <= {wanted, "GBP"}, (type_.kind, spec.name)
    assert not [cell for cell in seen if cell[:1] in "=+-@\t\r\n"]
    assert json.loads(files["datapackage.json"])["title"] == hostile("partnership", "name")


def test_the_zip_beside_a_report_is_as_safe(made: Made) -> None:
    (package,) = (made.root / "_build" / "reports" / "our-town").glob("*.zip")
    with zipfile.ZipFile(package) as archive:
        for name in archive.namelist():
            assert re.fullmatch(r"our-town/[a-z_]+\.(csv|json|jsonl)", name)
            if name.endswith(".csv"):
                text = archive.read(name).decode("utf-8-sig")
                cells = [cell for row in csv.reader(io.StringIO(text)) for cell in row]
                assert not [cell for cell in cells if cell[:1] in ("=", "+", "-", "@")]


def test_a_calendar_holds_the_words_and_no_property_of_theirs(made: Made) -> None:
    from playbook_helpers.practices.communication.pages import calendar_text

    sheet = Worksheet("communication", "our-town", store=made.url)
    heads = sheet.heads()
    assert len(rhythm(heads, sheet.context(heads))) >= 2
    text = calendar_text(sheet.name, heads, sheet.context(heads))
    lines = re.sub(r"\r\n[ \t]", "", text).split("\r\n")
    assert lines.pop() == ""
    names = {re.split("[:;]", line)[0] for line in lines}
    assert names <= CALENDAR
    assert lines.count("BEGIN:VEVENT") == lines.count("END:VEVENT")
    assert not [line for line in lines if line.startswith("BEGIN:VALARM")]
    assert any("message.name <script>alert(1)</script>" in line for line in lines)
    assert all(len(line.encode()) <= 75 for line in text.split("\r\n"))


CALENDAR = {
    *("BEGIN", "END", "VERSION", "PRODID", "CALSCALE", "METHOD", "X-WR-CALNAME", "UID", "DTSTAMP"),
    *("DTSTART", "DTEND", "RRULE", "SUMMARY", "DESCRIPTION", "TRANSP"),
}


def test_live_controls_hold_the_words_as_text(made: Made, monkeypatch: pytest.MonkeyPatch) -> None:
    import ipywidgets

    monkeypatch.setenv(MODE_VARIABLE, "live")
    faults: list[str] = []
    for stem, practice in ((p.stem, p) for p in PRACTICES):
        for name in what_ifs_of(practice):
            shown = Worksheet(stem, "our-town", store=made.url).what_if(name)
            for widget in inside(shown) if isinstance(shown, ipywidgets.Widget) else ():
                if isinstance(widget, ipywidgets.HTML):
                    faults += read(f"{stem}: {name}", widget.value).faults
                assert not getattr(widget, "description_allow_html", False)
    assert faults == []


def inside(widget: Any) -> Iterable[Any]:
    """A widget and all that stand in it."""
    yield widget
    for child in getattr(widget, "children", ()):
        yield from inside(child)


def test_every_kind_of_record_was_tried() -> None:
    kinds = {type_.kind for type_, _ in text_fields()}
    assert kinds == {
        k for k, t in RECORD_TYPES.items() if any(s.type in TEXTS for s in fields_of(t))
    }
    assert Partnership.kind in kinds
    assert len(text_fields()) > 150
