"""Communication: what is late, who hears nothing, and how it is shown."""

from __future__ import annotations

import random
from collections.abc import Callable
from datetime import date, timedelta
from pathlib import Path

import pytest
from chart_results import CHARTS
from hypothesis import given
from hypothesis import strategies as st
from read_back import Page, parsed
from steps import grows_evenly
from told_records import AS_OF, heads
from typer.testing import CliRunner

from playbook_helpers.cli import app
from playbook_helpers.core.assessment import Assessment, Context, Head
from playbook_helpers.core.errors import InputError
from playbook_helpers.core.records import Record
from playbook_helpers.practices.communication import (
    Audience,
    Meeting,
    Message,
    ProgressReport,
    Story,
    assess,
    calendar,
    draft,
    next_due,
    place_for,
    rhythm,
)
from playbook_helpers.practices.communication.pages import draft_html
from playbook_helpers.storage.database import Store
from playbook_helpers.storage.files import load_examples
from playbook_helpers.worksheet import Worksheet


def worked_out(*records: Record, as_of: date = AS_OF) -> Assessment:
    return assess(heads(*records), Context("our-town", as_of))


def codes(assessment: Assessment) -> list[str]:
    return [finding.code for finding in assessment.findings]


# Late, by hand ----------------------------------------------------------------------------------


def test_overdue_by_hand() -> None:
    # 1 March + 30 days = 31 March: due that day, late from 1 April on.
    note = Message(name="Note", audience="Parents", every_days=30, last_sent="2027-03-01")
    assert next_due("2027-03-01", 30) == date(2027, 3, 31)
    (row,) = worked_out(note).rows["messages"]
    assert (row["days_over"], row["days_left"]) == (0, 0)
    later = worked_out(note, as_of=date(2027, 4, 1))
    assert later.rows["messages"][0]["days_over"] == 1
    (finding,) = (f for f in later.findings if f.code == "overdue")
    assert finding.sentence == "“Note” to Parents was due on 31 March 2027, 1 day ago."
    assert finding.severity == "look"
    # More than a whole rhythm late: act.
    late = worked_out(note, as_of=date(2027, 5, 1))
    assert [f.severity for f in late.findings if f.code == "overdue"] == ["act"]


def test_the_share_that_is_late_counts_only_what_can_be_told() -> None:
    found = worked_out(
        Message(name="A", audience="X", every_days=7, last_sent="2027-03-01"),
        Message(name="B", audience="X", every_days=90, last_sent="2027-03-01"),
        Message(name="C", audience="X", every_days=7, last_sent="2027-03-28"),
        Message(name="D", audience="X", every_days=7),
    ).measure("overdue")
    assert found.value == pytest.approx(100 / 3)
    assert (found.n, found.missing) == (3, 1)


def test_a_date_known_to_the_month_counts_as_its_last_day() -> None:
    assert next_due("2027-02", 30) == date(2027, 3, 30)
    assert next_due("2027", 1) == date(2028, 1, 1)
    assert next_due("9999-12", 1000) is None


def test_meeting_load_by_hand() -> None:
    # 10 people x 2 h x 1 = 20; 4 people x 1 h x (365.2425/12/7 = 4.348) = 17.39; one unknown.
    found = worked_out(
        Meeting(name="Steering", people=10, hours=2, per_month=1, purpose="Decide"),
        Meeting(name="Huddle", people=4, hours=1, every_days=7, purpose="Plan"),
        Meeting(name="Talk", hours=3, per_month=2, purpose="Listen"),
    )
    whole, each = found.measure("meeting_hours"), found.measure("meeting_hours_each")
    assert whole.value == pytest.approx(20 + 4 * 365.2425 / 84)
    assert (whole.n, whole.missing) == (2, 1)
    assert each.value == pytest.approx(2 + 365.2425 / 84 + 6)
    assert (each.n, each.missing) == (3, 0)


# Who hears what ---------------------------------------------------------------------------------


@given(st.integers(1, 5) | st.none(), st.integers(1, 5) | st.none())
def test_the_community_is_never_only_told(influence: int | None, interest: int | None) -> None:
    who = Audience(name="Us", community=True, influence=influence, interest=interest)
    assert place_for(who) == "decide with them"
    quiet = worked_out(who)
    assert [f.severity for f in quiet.findings if f.code == "not_reached"] == ["act"]
    told = worked_out(who, Message(name="N", audience="us "))
    assert [f.severity for f in told.findings if f.code == "only_told"] == ["act"]
    asked = worked_out(who, Message(name="N", audience="us ", asks_back=True))
    assert not {"only_told", "not_reached"} & set(codes(asked))


def test_audiences_without_the_community_is_something_to_act_on() -> None:
    found = worked_out(Audience(name="Funders", influence=5, interest=5))
    assert "no_community" in codes(found)


def test_uncovered_audiences_by_hand() -> None:
    found = worked_out(
        Audience(name="Parents", community=True, influence=1, interest=5),
        Audience(name="Council", influence=5, interest=1),
        Audience(name="Press", influence=4, interest=2),
        Audience(name="Nobody placed"),
        Message(name="Note", audience="COUNCIL"),
    )
    assert found.measure("covered").value == 25
    strong = found.measure("covered_strong")
    assert (strong.value, strong.n, strong.missing) == (50, 2, 1 + 0)
    assert found.measure("community_answers").value == 0
    assert codes(found).count("not_reached") == 3


def test_every_low_score_asks_a_question_or_says_what_to_do() -> None:
    found = worked_out(
        Audience(name="Parents", community=True),
        Message(name="Note", audience="Council", every_days=7, last_sent="2026-01-01"),
        Meeting(name="All", notes_shared=False),
        Story(name="A", consent=False),
    )
    for finding in found.findings:
        if finding.severity in ("act", "look"):
            assert finding.next_step
            assert finding.question.endswith("?"), finding.code


def test_an_empty_partnership_gets_kind_words_and_no_numbers() -> None:
    found = worked_out()
    assert codes(found) == ["no_audiences"]
    assert all(m.value is None and m.note for m in found.measures)
    assert all(not chart(found) for chart in CHARTS["communication"].values())
    made = draft([], Context("our-town", AS_OF))
    assert "No goal is written down yet." in made.markdown()
    assert "None" not in made.markdown()


# Laws and size -----------------------------------------------------------------------------------

MESSAGES = st.lists(
    st.builds(
        Message,
        name=st.sampled_from(["A", "B", "C"]),
        audience=st.sampled_from(["X", "Y"]),
        every_days=st.none() | st.integers(1, 1000),
        last_sent=st.none() | st.sampled_from(["2020", "2027-01", "2027-03-30", "2999"]),
    ),
    max_size=8,
)


@given(MESSAGES, st.randoms())
def test_the_order_of_records_changes_no_measure(
    messages: list[Message], shuffler: random.Random
) -> None:
    now = heads(*messages)
    mixed = list(now)
    shuffler.shuffle(mixed)
    context = Context("our-town", AS_OF)
    assert assess(now, context).measures == assess(mixed, context).measures


@given(MESSAGES)
def test_shares_stay_in_bounds_and_a_later_day_never_makes_less_late(
    messages: list[Message],
) -> None:
    now = heads(*messages)
    shares = [
        assess(now, Context("our-town", AS_OF + timedelta(days=d))).measure("overdue").value or 0
        for d in (0, 10, 400)
    ]
    assert 0 <= shares[0] <= shares[1] <= shares[2] <= 100


def many_records(number: int) -> list[Record]:
    records: list[Record] = []
    for n in range(number):
        records += [
            Audience(name=f"A{n}", community=n % 7 == 0, influence=n % 5 + 1, interest=n % 4 + 1),
            Message(name=f"M{n}", audience=f"A{n}", every_days=30, last_sent="2027-01-01"),
            Meeting(name=f"T{n}", people=5, hours=1, every_days=7, last_held="2027-03-01"),
            Story(name=f"S{n}", text="words", consent=n % 2 == 0, scope="public", reviewed=True),
            ProgressReport(period=f"P{n}", ends="2027-01"),
        ]
    return records


def all_made(now: list[Head]) -> None:
    context = Context("our-town", AS_OF)
    found = assess(now, context)
    for chart in CHARTS["communication"].values():
        assert chart(found)[0].svg()
    draft_html(draft(now, context, today=AS_OF))
    parsed(calendar("A", rhythm(now, context), AS_OF))


def test_twice_the_records_take_twice_the_work() -> None:
    def making(number: int) -> Callable[[], object]:
        now = heads(*many_records(number))
        return lambda: all_made(now)

    assert grows_evenly(making, 30)


def test_two_thousand_records_are_assessed_drawn_and_told() -> None:
    all_made(heads(*many_records(400)))


# Charts, examples, commands ---------------------------------------------------------------------


def test_charts_say_their_point_and_give_their_reading() -> None:
    found = worked_out(
        Audience(name="Parents", community=True, influence=1, interest=5),
        Message(name="Note", audience="Council", every_days=30, last_sent="2027-02-01"),
        Meeting(name="Steering", people=10, hours=2, per_month=0.5),
    )
    (audiences,), (overdue,), (meetings,) = (
        chart(found) for chart in CHARTS["communication"].values()
    )
    assert audiences.title == "Nothing is sent to the community yet: Parents"
    assert "decide with them" in audiences.alt
    assert overdue.alt == "Note: 28 days over."  # 1 February + 30 = 3 March
    assert meetings.alt == "Steering: 10 hours a month: 10 people, 1 hour each."


def test_text_in_charts_is_never_markup() -> None:
    name = "<script>alert(1)</script> $x$"
    found = worked_out(
        Audience(name=name, influence=1, interest=1),
        Message(name=name, audience=name, every_days=3, last_sent="2027-01-01"),
        Meeting(name=name, people=1, hours=1, per_month=1),
    )
    for chart in CHARTS["communication"].values():
        for each in chart(found):
            assert "<script" not in each.html() + each.svg()


@pytest.fixture(scope="module")
def examples(tmp_path_factory: pytest.TempPathFactory) -> str:
    url = f"sqlite:///{tmp_path_factory.mktemp('store') / 'examples.db'}"
    with Store.open(url) as store:
        load_examples(store, Path(__file__).parents[2] / "data")
    return url


def test_strive_s_share_of_measures_is_told_as_it_was_published(examples: str) -> None:
    sheet = Worksheet("communication", "strive-partnership", store=examples)
    now = sheet.heads()
    for period, value in (
        ("Fourth annual report card (2011)", "81%"),
        ("Results told in 2016", "80%"),
    ):
        links = Page(draft_html(draft(now, sheet.context(now), period=period))).links
        assert value in [text for _, text in links]
    # The report of 2011 knows nothing of 2016.
    early = draft_html(draft(now, sheet.context(now), period="Fourth annual report card (2011)"))
    assert "(2016)" not in early
    assert "80%" not in early


def test_the_invented_example_has_something_for_every_finding_that_matters(examples: str) -> None:
    sheet = Worksheet("communication", "riverside-invented", store=examples)
    found = set(codes(sheet.assess()))
    assert {"overdue", "only_told", "no_owner", "no_consent", "no_purpose", "notes_kept"} <= found
    problems = {row["problem"] for row in sheet.assess().rows["stories"]}
    assert len(problems) == 5  # two hold; ended, taken back, under age, never asked


def test_commands_write_a_calendar_and_a_report(examples: str, tmp_path: Path) -> None:
    runner = CliRunner()
    file = tmp_path / "rhythm.ics"
    common = ["--store", examples]
    done = runner.invoke(app, ["calendar", "riverside-invented", "--to", str(file), *common])
    assert done.exit_code == 0, done.output
    assert len(parsed(file.read_bytes().decode())) == 10
    again = runner.invoke(app, ["calendar", "riverside-invented", "--to", str(file), *common])
    assert isinstance(again.exception, InputError)
    for name in ("report.md", "report.html"):
        made = tmp_path / name
        told = runner.invoke(
            app,
            ["progress", "riverside-invented", "--to", str(made), "--circle", "public", *common],
        )
        assert told.exit_code == 0, told.output
        assert "voices" not in made.read_text("utf-8")  # a child's story, no guardian asked
    package = tmp_path / "package"
    told = runner.invoke(app, ["export", "riverside-invented", "--to", str(package), *common])
    assert "does all the voices" not in "".join(p.read_text("utf-8-sig") for p in package.iterdir())
    assert "no parent or guardian" in told.output
    empty = runner.invoke(
        app, ["calendar", "strive-partnership", "--to", str(tmp_path / "x.ics"), *common]
    )
    assert isinstance(empty.exception, InputError)
    assert not (tmp_path / "x.ics").exists()


def test_without_a_name_both_go_beside_the_reader_and_are_never_written_over(
    examples: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    runner = CliRunner()
    names = {"calendar": "riverside-invented.ics", "progress": "riverside-invented-progress.html"}
    for command, name in names.items():
        done = runner.invoke(app, [command, "riverside-invented", "--store", examples])
        assert (done.exit_code, done.stdout.strip()) == (0, name)
        before = (tmp_path / name).read_bytes()
        again = runner.invoke(app, [command, "riverside-invented", "--store", examples])
        assert isinstance(again.exception, InputError)
        assert again.exception.value == name
        assert (tmp_path / name).read_bytes() == before
    assert sorted(path.name for path in tmp_path.iterdir()) == sorted(names.values())
