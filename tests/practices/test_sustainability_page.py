"""Sustainability on the page: charts and what-ifs, with no markup of users, and in good time."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from chart_results import CHARTS
from steps import grows_evenly
from sustainability_records import CONTEXT, every_chart, fund, heads, outcome, worked_out

from playbook_helpers.core.partnership import Partnership
from playbook_helpers.core.records import Record
from playbook_helpers.core.revisions import new_revision
from playbook_helpers.practices.sustainability import assess
from playbook_helpers.practices.sustainability.records import (
    Capacity,
    Continuing,
    CostLine,
    Reserve,
    SocialInput,
)
from playbook_helpers.storage.database import Store
from playbook_helpers.worksheet import Worksheet

HOSTILE = "<script>alert(1)</script>"


def test_charts_say_the_month_and_hold_no_markup_of_users() -> None:
    found = worked_out(
        fund(HOSTILE),
        fund("City", 600),
        CostLine(name="Team", monthly=300),
        Reserve(date="2026-10", amount=1000),
        Capacity(task=HOSTILE, able=1, step=HOSTILE),
        outcome(name=HOSTILE, worth_high=2000),
        SocialInput(name="Grant", value=2000),
    )
    html = every_chart(found)
    assert "<script" not in html
    assert html.count("<figure") == 4
    (chart,) = CHARTS["sustainability"]["runway"](found)
    assert "until the end of April 2027" in chart.title
    assert "May 2027 is the first month that cannot be paid" in chart.alt


def test_a_partnership_that_is_broke_today_is_drawn_all_the_same() -> None:
    found = worked_out(CostLine(name="Team", monthly=5), Reserve(date="2026-10", amount=-50))
    assert found.measure("expected").value == 0
    (chart,) = CHARTS["sustainability"]["runway"](found)
    assert "not even one month" in chart.title
    assert chart.svg()


@pytest.fixture
def sheet(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Any:
    monkeypatch.setenv("PLAYBOOK_SHOW", "document")

    def make(*records: Record) -> Worksheet:
        address = f"sqlite:///{tmp_path / 'own.db'}"
        with Store.open(address) as store:
            store.append([new_revision("our-town", r) for r in records])
        return Worksheet("sustainability", "our-town", store=address, as_of="2026-10-31")

    return make


def test_the_what_if_of_a_source_that_stops(sheet: Any) -> None:
    """150 a month comes from two, 150 goes out; without the larger 100 is short each month."""
    ws = sheet(
        Partnership(name="Town", currency="GBP"),
        fund("City"),
        fund(HOSTILE, 600),
        CostLine(name="Team", monthly=150),
        Reserve(date="2026-10", amount=200),
    )
    html = str(ws.what_if("source_stops")._repr_mimebundle_()["text/html"])
    assert "If City stopped, the money would last until the end of December 2026." in html
    assert "That is 11 months less than expected." in html
    assert "<script" not in html


def test_the_what_if_of_an_assumption(sheet: Any) -> None:
    from playbook_helpers.practices.sustainability.what_if import social_value

    ws = sheet(Partnership(name="T"), outcome(), SocialInput(name="Grant", value=2000))
    chosen = social_value(ws.assess(), ws.heads(), ws.context())
    assert chosen is not None
    start = {c.name: c.start for c in chosen.controls({})}
    assert start == {
        "outcome": "Work",
        "deadweight": 20,
        "attribution": 50,
        "drop_off": 0,
        "rate": pytest.approx(3.5),
    }
    assert "as before" in chosen.draw(start).html()
    moved = chosen.draw(start | {"deadweight": 60.0, "rate": 0.0}).html()
    assert "The best guess is 1 for each 1 put in, and was 1.93" in moved


def test_what_ifs_have_kind_words_where_there_is_nothing(sheet: Any) -> None:
    ws = sheet(Partnership(name="T"))
    for name in ("source_stops", "social_value"):
        assert "nothing to try out yet" in str(ws.what_if(name)._repr_mimebundle_()["text/html"])


def many_records(number: int) -> list[Record]:
    records: list[Record] = [Reserve(date="2026-10", amount=1e6)]
    for n in range(number):
        records += [
            fund(f"Fund {n}", 1200 + n),
            CostLine(name=f"Cost {n}", monthly=n),
            Capacity(task=f"Task {n}", able=n % 4),
            Continuing(name=f"Thing {n}", type="other"),
            outcome(name=f"Outcome {n}", worth_high=2000, group="All", years=10),
            SocialInput(name=f"Input {n}", value=100),
            Reserve(date=f"20{10 + n % 10}-0{1 + n % 9}", amount=n),
        ]
    return records


def test_twice_the_records_take_twice_the_work() -> None:
    def drawing(number: int) -> Callable[[], object]:
        made = heads(many_records(number))
        return lambda: every_chart(assess(made, CONTEXT))

    assert grows_evenly(drawing, 20)


def test_two_thousand_records_are_assessed_and_drawn() -> None:
    made = heads(many_records(285))
    assert len(made) > 1990
    every_chart(assess(made, CONTEXT))
