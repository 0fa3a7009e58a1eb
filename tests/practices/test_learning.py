"""Learning: slip, lessons nobody owns, the balance of both, and a page worth printing."""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import date, timedelta
from typing import Any

import pytest
from chart_results import CHARTS
from hypothesis import given
from hypothesis import strategies as st
from steps import grows_evenly

from playbook_helpers.core.assessment import Assessment, Context, Head
from playbook_helpers.core.errors import InputError
from playbook_helpers.core.partnership import Partner
from playbook_helpers.core.records import Record
from playbook_helpers.practices.learning import Milestone, Review, assess, names_in, slip_days
from playbook_helpers.practices.learning.pages import celebration
from playbook_helpers.worksheet.sections.results import findings_html

AS_OF = date(2026, 10, 31)


def worked_out(*records: Record, partners: tuple[Partner, ...] = ()) -> Assessment:
    heads = [
        Head(f"r{n:05d}", f"v{n:05d}", r.practice, r.kind, r.payload(), r)
        for n, r in enumerate(records)
    ]
    return assess(heads, Context("east", AS_OF, partners=partners))


def codes(assessment: Assessment) -> set[str]:
    return {finding.code for finding in assessment.findings}


def milestone(planned: str = "", actual: str = "", name: str = "Opening", **more: Any) -> Milestone:
    return Milestone(name=name, planned=planned or None, actual=actual or None, **more)


# Slip ------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("planned", "actual", "days"),
    [
        ("2026-03-01", "2026-03-15", 14),
        ("2024-09-30", "2024-09-12", -18),
        ("2024-12", "2025-02", 59),
        ("2026", "2026-03-15", 0),
        ("2026-03", "2026-03-15", 0),
        ("2014-07", "2014-06-11", -31),
        ("", "2026-03-15", None),
        ("2026-03-15", "", None),
    ],
)
def test_slip_by_hand(planned: str, actual: str, days: int | None) -> None:
    assert slip_days(milestone(planned, actual)) == days


days = st.dates(date(2000, 1, 1), date(2030, 1, 1)).map(date.isoformat)


@given(days, days)
def test_slip_turns_its_sign_when_the_dates_change_places(one: str, other: str) -> None:
    there, back = slip_days(milestone(one, other)), slip_days(milestone(other, one))
    assert there is not None
    assert back == -there


def test_median_range_and_share_on_time() -> None:
    """Slips -18, 14 and 59, and one overdue: median 14, one of four on time."""
    assessment = worked_out(
        milestone("2024-09-30", "2024-09-12", "A"),
        milestone("2026-03-01", "2026-03-15", "B"),
        milestone("2024-12", "2025-02", "C"),
        milestone("2026-06", "", "D"),
        milestone("2027-06", "", "E"),
    )
    slip, on_time = assessment.measure("slip"), assessment.measure("on_time")
    assert (slip.value, slip.low, slip.high, slip.n) == (14, -18, 59, 3)
    assert (on_time.value, on_time.n, on_time.missing) == (25, 4, 1)
    states = {row["name"]: row["state"] for row in assessment.rows["milestones"]}
    assert states == {
        "A": "reached on time",
        "B": "reached late",
        "C": "reached late",
        "D": "late",
        "E": "ahead",
    }


def test_a_date_that_is_still_to_come_is_not_reached() -> None:
    (row,) = worked_out(milestone("2026-09", "2027-01")).rows["milestones"]
    assert (row["actual"], row["late"]) == (None, True)


def test_what_is_reached_wants_thanks_a_mark_and_evidence() -> None:
    bare = worked_out(milestone("", "2026-03"))
    assert {"not_thanked", "no_evidence"} <= codes(bare)
    assert "not_marked" not in codes(bare), "one cause, one finding"
    long_ago = worked_out(milestone("", "2024-03"))
    assert not {"not_thanked", "not_marked"} & codes(long_ago)
    full = worked_out(milestone("", "2026-03", thanks="All", marked="Tea", evidence="Minutes"))
    assert codes(full) == {"marked", "no_reviews"}


# Lessons ---------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("more", "state", "code"),
    [
        ({}, "no change named", "no_change"),
        ({"change": "Two keys"}, "no owner", "no_owner"),
        ({"change": "Two keys", "due": "2026-01"}, "no owner", "no_owner"),
        ({"change": "Two keys", "owner": "Chair", "due": "2026-09-30"}, "late", "lesson_late"),
        ({"change": "Two keys", "owner": "Chair", "due": "2026-10-31"}, "open", None),
        ({"change": "Two keys", "owner": "Chair", "done": "2026-11-01"}, "open", None),
        ({"change": "Two keys", "done": "2026-09-01"}, "done", None),
    ],
)
def test_where_a_lesson_stands(more: dict[str, str], state: str, code: str | None) -> None:
    assessment = worked_out(Review(name="Book day", **more))
    assert assessment.rows["reviews"][0]["state"] == state
    found = codes(assessment) & {"no_change", "no_owner", "lesson_late"}
    assert found == ({code} if code else set())


def test_closed_lessons_are_a_share_of_those_that_name_a_change() -> None:
    assessment = worked_out(
        Review(name="A", change="x", done="2026-01"), Review(name="B", change="x"), Review(name="C")
    )
    closed = assessment.measure("closed")
    assert (closed.value, closed.n, closed.missing) == (50, 2, 1)
    assert assessment.measure("no_owner").value == 1


def test_only_one_side_is_asked_about() -> None:
    for side, code in (("success", "only_successes"), ("challenge", "only_challenges")):
        reviews = [Review(name=f"R{n}", side=side, change="x", owner="Chair") for n in range(3)]
        assert code in codes(worked_out(*reviews))
        assert code not in codes(worked_out(*reviews, Review(name="Both", side="both")))


def test_names_of_people_in_what_went_wrong_are_warned_about() -> None:
    text = "The van stood still since Jane Miller forgot the key, and Dr. Patel was away."
    assert names_in(text) == ["Jane Miller", "Dr. Patel"]
    for side in ("challenge", "both", None):
        assert "names_person" in codes(worked_out(Review(name="Van", side=side, why=text)))
    assert "names_person" not in codes(worked_out(Review(name="Van", side="success", why=text)))


@pytest.mark.parametrize(
    ("text", "names"),
    [
        ("Jane Miller forgot to order the van.", ["Jane Miller"]),
        ("Tom forgot the keys.", ["Tom"]),
        ("It was John’s mistake. We lost it because of Maria.", ["John", "Maria"]),
        ("The bus was cancelled by Anke Schmidt.", ["Anke Schmidt"]),
        ("The treasurer, Akosua Mensah, never answered.", ["Akosua Mensah"]),
        ("It fell out because Kwame forgot.", ["Kwame"]),
    ],
)
def test_a_name_is_found_wherever_it_stands(text: str, names: list[str]) -> None:
    """At the start of a sentence, alone, or blamed: none of these were seen at first."""
    assert names_in(text) == names
    assert "names_person" in codes(worked_out(Review(name="Van", side="challenge", why=text)))


@pytest.mark.parametrize(
    "text",
    [
        "The Town Council was late. In May we lost the hall. Easter was early.",
        "New York was too far. Whole Foods gave bread. Two Bridges Fund did not pay.",
        "Cincinnati Public Schools left the table; Rapid Results boot camps went on.",
        "Everyone in Riverside was tired, and Hillside was closed. Nobody asked the chair.",
        "Grace was needed. Mark the date. Will it rain? Frank talk helps.",
    ],
)
def test_places_days_and_organisations_are_no_names(text: str) -> None:
    assert names_in(text) == []


def test_the_name_of_a_partner_is_no_person() -> None:
    review = Review(name="Van", side="challenge", why="The van was late, as Brook Bakery was shut.")
    partner = Partner(name="Brook Bakery", sector="company")
    assert "names_person" in codes(worked_out(review))
    assert "names_person" not in codes(worked_out(review, partners=(partner,)))


# The page --------------------------------------------------------------------------------------


def test_the_page_names_what_was_reached_and_who_is_thanked_latest_first() -> None:
    assessment = worked_out(
        milestone("", "2025-02", "First visit", thanks="The visitors"),
        milestone("", "2026-09", "Hundredth visit", thanks="The families", marked="Tea"),
        milestone("2027-01", "", "Still ahead"),
        Review(name="Told", change="Two keys", done="2026-01", sharing="anyone"),
        Review(name="Kept inside", change="Secret", done="2026-01", sharing="inside"),
        Review(name="Nobody asked", change="Secret", done="2026-01"),
    )
    page = celebration(assessment, "East Side")
    assert page.index("Hundredth visit") < page.index("First visit")
    assert "The visitors" in page
    assert "Two keys" in page
    assert "Still ahead" not in page
    assert "Secret" not in page
    later = celebration(assessment, "East Side", since="2026")
    assert "First visit" not in later
    assert "From 2026 to 31 October 2026" in later
    with pytest.raises(InputError, match="not a date"):
        celebration(assessment, "East Side", since="last year")


def test_the_page_says_when_a_partnership_is_invented_and_is_kind_when_empty() -> None:
    page = celebration(worked_out(), "East Side", invented=True)
    assert "invented for practice" in page
    assert "however small" in page


# Empty, large, hostile -------------------------------------------------------------------------


def test_an_empty_partnership_is_told_kindly_where_to_begin() -> None:
    assessment = worked_out()
    assert codes(assessment) == {"no_milestones", "no_reviews"}
    assert all(m.value is None and m.note for m in assessment.measures)
    assert all(draw(assessment) == [] for draw in CHARTS["learning"].values())
    json.dumps(assessment.to_json(), allow_nan=False)


def many_records(number: int) -> list[Record]:
    records: list[Record] = []
    for n in range(number):
        day = date(2023, 1, 1) + timedelta(days=n)
        records.append(milestone(day.isoformat(), (day + timedelta(n % 40)).isoformat(), f"M{n}"))
        records.append(Review(name=f"R{n}", side="both", change="x", why="The plan was late."))
    return records


def test_twice_the_records_take_twice_the_work() -> None:
    def all_of_it(number: int) -> Callable[[], object]:
        records = many_records(number)

        def work() -> None:
            assessment = worked_out(*records)
            for draw in CHARTS["learning"].values():
                draw(assessment)
            celebration(assessment, "East Side")

        return work

    assert grows_evenly(all_of_it, 100)


def test_2000_records_are_drawn_and_printed() -> None:
    assessment = worked_out(*many_records(1000))
    drawn = [chart for draw in CHARTS["learning"].values() for chart in draw(assessment)]
    page = celebration(assessment, "East Side")
    assert len(drawn) == 5 + 1
    assert page.count("<li>") == 40
    assert "960 more before these" in page


def test_markup_in_any_field_is_shown_as_text() -> None:
    evil = "<script>alert(1)</script>"
    assessment = worked_out(
        milestone("2026-01", "2026-02", evil, thanks=evil, marked=evil, evidence=evil),
        Review(name=evil, change=evil, owner=evil, done="2026-01", sharing="anyone"),
    )
    pages = [findings_html(assessment).html(), celebration(assessment, evil)]
    pages += [chart.html() for draw in CHARTS["learning"].values() for chart in draw(assessment)]
    for page in pages:
        assert "<script" not in page
        assert "&lt;script&gt;" in page
