"""The portfolio's page and files: what stands in them, and what cannot get into or out of them."""

from __future__ import annotations

import base64
import csv
import io
import json
import re
import zlib
from collections.abc import Iterator
from datetime import date, datetime
from pathlib import Path
from typing import Any

import openpyxl
import pytest
from typer.testing import CliRunner

from playbook_helpers.cli import app
from playbook_helpers.core.errors import InputError, NotFound
from playbook_helpers.core.partnership import Partnership
from playbook_helpers.core.records import fields_of
from playbook_helpers.core.revisions import new_revision
from playbook_helpers.drawing.tables import Column, Table
from playbook_helpers.practices.goals import Goal, Measurement
from playbook_helpers.practices.kinds import RECORD_TYPES
from playbook_helpers.publish.portfolio import Written, write_portfolio
from playbook_helpers.publish.portfolio.digest import read_digests
from playbook_helpers.publish.portfolio.files import csv_text, write_workbook
from playbook_helpers.publish.portfolio.worksheet import PortfolioWorksheet
from playbook_helpers.publish.site.build import assemble_site
from playbook_helpers.storage.database import Store
from playbook_helpers.storage.files import load_examples
from playbook_helpers.worksheet.project import HOME_VARIABLE, STORE_VARIABLE

ROOT = Path(__file__).parents[1]
DAY = date(2026, 11, 26)
NASTY = "<script>alert(1)</script>\"&'</td>"
FORMULA = "=HYPERLINK(1)"


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    with Store.open(str(tmp_path / "playbook.db")) as opened:
        yield opened


def write(root: Path, store: Store, **more: Any) -> Written:
    return write_portfolio(root, store, today=DAY, **more)


def add(store: Store, slug: str, name: str, *values: tuple[str, float], **more: Any) -> None:
    records = [
        Partnership(name=name, **more),
        Goal(
            name="Reading",
            sentence="We will.",
            level="outcome",
            baseline_value=50,
            baseline_date="2020",
            target_value=70,
            target_date="2028",
        ),
        *(Measurement(goal="Reading", date=when, value=value) for when, value in values),
    ]
    store.append(new_revision(slug, record) for record in records)


def data_in(html: str, name: str) -> dict[str, Any]:
    """The rows that the page's script is given for one table."""
    box = html[html.index(f'data-sheet="{name}"') :]
    found = re.search(r"<script type=\"[^\"]*\" data-rows( data-packed)?>(.*?)</script>", box, re.S)
    assert found is not None
    text = found[2]
    if found[1]:
        text = zlib.decompress(base64.b64decode(text), -15).decode()
    data: dict[str, Any] = json.loads(text)
    return data


# What stands in it ----------------------------------------------------------------------------


def test_the_page_says_what_it_was_made_from_and_leads_to_reports(
    tmp_path: Path, store: Store
) -> None:
    add(store, "east-side", "East Side", ("2026-06", 60))
    add(store, "west-side", "West Side")
    report = tmp_path / "_build" / "reports" / "east-side" / "index.html"
    report.parent.mkdir(parents=True)
    report.write_text("a report", "utf-8")
    done = write(tmp_path, store)
    html = done.page.read_text("utf-8")
    made = html[html.index("What this page was made from") :]
    for part in ("playbook.db", "Partnership Playbook", "Fingerprint", "state <code>", "UTC"):
        assert part in made
    assert str(tmp_path) not in html
    assert html.count('href="../reports/east-side/index.html"') == 2  # its goal and itself
    assert "reports/west-side" not in html
    assert data_in(html, "goals")["reports"] == ["east-side"]
    assert "50%" in html  # 10 of 20


def test_a_password_of_the_store_is_nowhere(
    tmp_path: Path, postgres: Any, new_store_url: Any, request: pytest.FixtureRequest
) -> None:
    url = new_store_url()
    with Store.open(url) as opened:
        add(opened, "east-side", "East Side")
        done = write(tmp_path, opened)
    secret = re.search(r"://[^:/]+:([^@]+)@", url)
    if secret:
        for file in (done.page, *done.files):
            assert secret[1].encode() not in file.read_bytes()


def test_it_is_written_again_only_when_something_changed(tmp_path: Path, store: Store) -> None:
    add(store, "east-side", "East Side")
    assert write(tmp_path, store).fresh
    assert not write(tmp_path, store).fresh
    assert write(tmp_path, store, force=True).fresh
    add(store, "west-side", "West Side")
    assert write(tmp_path, store).fresh
    (tmp_path / "_build" / "portfolio" / "goals.csv").unlink()
    assert write(tmp_path, store).fresh


@pytest.mark.parametrize("workers", [1, 2])
def test_the_page_stays_as_it_was_where_a_file_cannot_be_written(
    tmp_path: Path, store: Store, workers: int
) -> None:
    add(store, "east-side", "East Side")
    before = write(tmp_path, store)
    page, workbook = before.page.read_bytes(), before.page.with_name("portfolio.xlsx")
    workbook.unlink()
    workbook.mkdir()  # in its way
    with pytest.raises(OSError, match=r"portfolio\.xlsx"):
        write(tmp_path, store, force=True, workers=workers)
    assert before.page.read_bytes() == page
    assert not list(workbook.parent.glob(".*"))
    workbook.rmdir()
    assert write(tmp_path, store).fresh  # and the next run makes it good


def test_invented_partnerships_are_left_out_and_told_of_or_marked(
    tmp_path: Path, store: Store
) -> None:
    add(store, "east-side", "East Side")
    add(store, "made-up", "Made Up", invented=True)
    out = write(tmp_path, store)
    assert (out.partnerships, out.left_out) == (1, 1)
    assert "1 partnership invented for practice is left out" in out.page.read_text("utf-8")
    assert "invented for practice: 1" in out.text()
    shown = write(tmp_path, store, invented=True).page.read_text("utf-8")
    assert "Each is marked." in shown
    row = data_in(shown, "partnerships")["rows"][1]
    assert row[:3] == ["made-up", "Made Up", "invented for practice"]


def test_one_day_can_be_named_for_all(tmp_path: Path, store: Store) -> None:
    add(store, "east-side", "East Side", ("2024-06", 55), ("2026-06", 60))
    html = write(tmp_path, store, as_of="2025-06-30").page.read_text("utf-8")
    goals = data_in(html, "goals")
    places = {column["key"]: place for place, column in enumerate(goals["columns"])}
    assert goals["rows"][0][places["latest"]] == 55
    with pytest.raises(InputError):
        write(tmp_path, store, as_of="last year")


def test_an_empty_store_is_told_what_to_do(tmp_path: Path, store: Store) -> None:
    with pytest.raises(NotFound, match="no partnership yet"):
        write(tmp_path, store)


def test_without_a_script_the_rows_stand_in_the_page(tmp_path: Path, store: Store) -> None:
    for number in range(260):
        add(store, f"town-{number:03d}", f"Town {number:03d}")
    html = write(tmp_path, store).page.read_text("utf-8")
    assert "Town 049" in html
    assert "first 50 of 260" in html
    assert len(data_in(html, "partnerships")["rows"]) == 260


# What cannot get in ---------------------------------------------------------------------------


def test_markup_in_any_text_is_shown_as_text(tmp_path: Path, store: Store) -> None:
    store.append(
        [
            new_revision("east-side", Partnership(name=NASTY, place=NASTY)),
            *(
                new_revision("east-side", RECORD_TYPES[kind].model_validate(payload))
                for kind, payload in {
                    "goal": {"name": NASTY, "sentence": NASTY, "level": "outcome",
                             "unit_words": NASTY},
                    "need": {"name": NASTY, "type": "space"},
                    "offer": {"partner": NASTY, "what": NASTY, "type": "goods",
                              "restrictions": NASTY},
                    "fund": {"name": NASTY, "funder": NASTY, "amount": 1200, "signed": True,
                             "starts": "2026-01", "ends": "2027-06", "currency": NASTY},
                    "review": {"name": NASTY, "happened": NASTY, "change": NASTY,
                               "side": "success", "sharing": "anyone"},
                }.items()
            ),
        ]
    )  # fmt: skip
    done = write(tmp_path, store)
    html = done.page.read_text("utf-8")
    assert "<script>alert" not in html
    assert html.count("</script>") == html.count("<script")
    assert "&lt;script&gt;alert(1)" in html
    assert data_in(html, "lessons")["rows"][0][1] == NASTY  # whole, for the script to put as text
    worksheet = PortfolioWorksheet(store=f"sqlite:///{tmp_path / 'playbook.db'}")
    for name in ("goals", "partnerships", "needs", "money", "lessons", "findings"):
        assert "<script>alert" not in getattr(worksheet, name)().html()


def test_the_policy_lets_only_this_script_run(tmp_path: Path, store: Store) -> None:
    import hashlib

    add(store, "east-side", "East Side")
    html = write(tmp_path, store).page.read_text("utf-8")
    policy = re.search(r'Content-Security-Policy" content="([^"]+)"', html)
    assert policy is not None
    (script,) = re.findall(r"<script>(.*?)</script>", html, re.S)
    digest = base64.b64encode(hashlib.sha256(script.encode()).digest()).decode()
    assert f"script-src 'sha256-{digest}'" in policy[1].replace("&#39;", "'")
    assert "default-src 'none'" in policy[1]
    for word in (
        "innerHTML",
        "outerHTML",
        "insertAdjacentHTML",
        "document.write",
        "eval(",
        "fetch(",
    ):
        assert word not in script
    assert len(script) < 20_000


# The files ------------------------------------------------------------------------------------


def a_table(*rows: tuple[Any, ...], caption: str = "Things: [all]/*?") -> Table:
    columns = (
        Column("name", "Name"),
        Column("value", "Value", format="number"),
        Column("note", "Note"),
    )
    keys = [column.key for column in columns]
    return Table(caption, columns, tuple(dict(zip(keys, row, strict=True)) for row in rows))


def test_csv_opens_in_spreadsheets_with_its_accents_and_without_formulas() -> None:
    text = csv_text(
        a_table(('Zoë; "x"', 2.5, FORMULA), ("line\nbreak", 3.0, "@SUM(1)"), ("", None, ""))
    )
    assert text.startswith("\ufeff")
    rows = list(csv.reader(io.StringIO(text.removeprefix("\ufeff"), newline="")))
    assert rows == [
        ["Name", "Value", "Note"],
        ['Zoë; "x"', "2.5", "'" + FORMULA],
        ["line\nbreak", "3", "'@SUM(1)"],
        ["", "", ""],
    ]


def test_the_workbook_reads_back_as_what_went_in(tmp_path: Path) -> None:
    path = tmp_path / "out.xlsx"
    long = "x" * 40_000
    table = a_table(("Zoë <b> & co", 2.5, FORMULA), ("a\nb", 7, "bell\x07"), ("", None, long))
    write_workbook(path, [table, a_table(caption="None")])
    book = openpyxl.load_workbook(path)
    assert len(book.sheetnames) == 2
    rows = list(book.worksheets[0].iter_rows(values_only=True))
    assert rows[0] == ("Name", "Value", "Note")
    assert rows[1] == ("Zoë <b> & co", 2.5, "'" + FORMULA)
    assert rows[2] == ("a\nb", 7, "bell")
    assert rows[3][:2] == (None, None)
    assert len(str(rows[3][2])) == 32_000
    assert book.worksheets[0].freeze_panes == "A2"
    assert all(cell.data_type != "f" for row in book.worksheets[0] for cell in row)
    assert book.worksheets[0]["A1"].font.b


def test_whole_days_are_days_in_the_workbook_and_months_and_names_are_text(tmp_path: Path) -> None:
    columns = (Column("due", "Due", format="when"), Column("name", "Name"))
    given = ("2026-11-30", "2026-11", "1848-03-01", "2026-02-30")
    table = Table("Days", columns, tuple({"due": day, "name": "2026-11-30"} for day in given))
    write_workbook(tmp_path / "out.xlsx", [table])
    sheet = openpyxl.load_workbook(tmp_path / "out.xlsx").worksheets[0]
    due, names = zip(*sheet.iter_rows(min_row=2, values_only=True), strict=True)
    assert due == (datetime(2026, 11, 30), "2026-11", "1848-03-01", "2026-02-30")
    assert set(names) == {"2026-11-30"}


def test_two_sheets_never_share_a_name_in_the_workbook(tmp_path: Path, store: Store) -> None:
    add(store, "east-side", "East Side")
    done = write(tmp_path, store)
    book = openpyxl.load_workbook(next(f for f in done.files if f.suffix == ".xlsx"))
    assert len({name.casefold() for name in book.sheetnames}) == len(book.sheetnames) == 8
    assert book["All partnerships"]["B2"].value == "East Side"


# What does not show ---------------------------------------------------------------------------


def closed_records(place: int, count: int, story: str) -> list[tuple[str, dict[str, Any]]]:
    """Answers, group counts, a story and a social value, as they might be in one partnership.

    All answers to the check-in are the first or the last but one that can be chosen.
    """
    items = [s for s in fields_of(RECORD_TYPES["check_in"]) if s.type == "choice"][1:]
    assert len(items) > 12
    answer = {item.name: list(item.entry.choices)[place] for item in items}
    people = {"activity": "Open day", "trait": "Age", "group": "Under 25", "people": count}
    return [
        *(("check_in", {"round": "2026-03", **answer}) for _ in range(6)),
        ("group_count", people),
        ("story", {"name": "A story", "text": story, "consent": False}),
        ("social_outcome", {"name": "Work found", "quantity": count, "worth": 1000}),
        ("social_input", {"name": "Money", "value": 1000}),
    ]


def test_answers_counts_stories_and_social_value_change_nothing_on_any_page(
    tmp_path: Path,
) -> None:
    """The strongest form of hiding: whatever they say, every byte of every output is the same."""
    outputs = []
    for place, (chosen, count, story) in enumerate(
        ((0, 3, "I was alone."), (-2, 900, "All is well."))
    ):
        root = tmp_path / str(place)
        root.mkdir()
        with Store.open(str(root / "playbook.db")) as store:
            load_examples(store, ROOT / "data")
            revisions = [
                new_revision("riverside-invented", RECORD_TYPES[kind].model_validate(payload))
                for kind, payload in closed_records(chosen, count, story)
            ]
            store.append(revisions)
            done = write(root, store, invented=True)
        texts = {}
        for file in (done.page, *done.files):
            if file.suffix == ".xlsx":
                book = openpyxl.load_workbook(file)
                texts[file.name] = str([list(s.iter_rows(values_only=True)) for s in book])
            else:
                texts[file.name] = re.sub(
                    r"\d+ [A-Z][a-z]+ \d{4}, \d\d:\d\d UTC|\d{4}-\d\d-\d\dT[\d:.]+Z",
                    "",
                    file.read_text("utf-8"),
                )
        outputs.append(texts)
    assert outputs[0] == outputs[1]
    assert "I was alone" not in str(outputs)


# Reading in processes -------------------------------------------------------------------------


def test_the_number_of_processes_changes_nothing(tmp_path: Path, store: Store) -> None:
    load_examples(store, ROOT / "data")
    for number in range(450):
        add(store, f"town-{number:03d}", f"Town {number}", ("2026-06", 50 + number % 30))
    assert read_digests(store, DAY, workers=2) == read_digests(store, DAY, workers=1)


# The command line and the site ----------------------------------------------------------------


@pytest.fixture
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    (tmp_path / "_config.yml").write_text("", "utf-8")
    (tmp_path / "worksheets").mkdir()
    monkeypatch.setenv(HOME_VARIABLE, str(tmp_path))
    monkeypatch.setenv(STORE_VARIABLE, f"sqlite:///{tmp_path / 'playbook.db'}")
    return tmp_path


def test_the_command_writes_the_page_and_says_where(home: Path) -> None:
    with Store.open(str(home / "playbook.db")) as store:
        add(store, "east-side", "East Side")
        add(store, "made-up", "Made Up", invented=True)
    run = CliRunner().invoke(app, ["portfolio"])
    assert run.exit_code == 0
    assert "Portfolio of 1 partnership with 1 goal, written" in run.output
    assert (home / "_build" / "portfolio" / "index.html").is_file()
    run = CliRunner().invoke(app, ["portfolio", "--invented", "--json"])
    told = json.loads(run.stdout)
    assert (told["partnerships"], told["invented_left_out"], told["written"]) == (2, 0, True)
    assert all(Path(file).is_file() for file in told["files"])


def test_the_site_holds_the_portfolio_of_those_it_shows_and_of_nobody_else(home: Path) -> None:
    (home / "data" / "east-side").mkdir(parents=True)
    (home / "data" / "east-side" / "datapackage.json").write_text("{}", "utf-8")
    with Store.open(str(home / "playbook.db")) as store:
        add(store, "east-side", "East Side")
        add(store, "west-side", "West Side")
        write(home, store)
    (home / "_build" / "html").mkdir(parents=True)
    (home / "_build" / "html" / "index.html").write_text("the book", "utf-8")
    for slug in ("east-side", "west-side"):
        report = home / "_build" / "reports" / slug
        report.mkdir(parents=True)
        (report / "index.html").write_text(slug, "utf-8")
    assert "West Side" in (home / "_build" / "portfolio" / "index.html").read_text("utf-8")

    site = assemble_site(home)
    names = {path.name for path in (site / "portfolio").iterdir()}
    assert {"index.html", "portfolio.xlsx", "goals.csv", "portfolio.json"} <= names
    assert "East Side" in (site / "portfolio" / "index.html").read_text("utf-8")
    everything = b"".join(path.read_bytes() for path in site.rglob("*") if path.is_file())
    assert b"West Side" not in everything
    assert b"west-side" not in everything

    site = assemble_site(home, ["west-side"])
    assert "West Side" in (site / "portfolio" / "index.html").read_text("utf-8")
    assert (site / "reports" / "west-side" / "index.html").is_file()
    run = CliRunner().invoke(app, ["site", "--help"])
    assert "--report" in run.output


def test_a_report_that_is_not_there_cannot_be_published(home: Path) -> None:
    with pytest.raises(NotFound, match="nowhere"):
        assemble_site(home, ["nowhere"])
