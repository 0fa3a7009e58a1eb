"""What everything rests on, at its edges: dates, bounds, quantiles, hidden cells, revisions."""

from __future__ import annotations

import math
import uuid
from datetime import date
from typing import Annotated, Any, Literal

import pytest

from playbook_helpers.core.as_of import read_day, resolve_as_of
from playbook_helpers.core.assessment import Finding, Head, Measure, current, sorted_findings
from playbook_helpers.core.bidi import isolated
from playbook_helpers.core.blanks import is_missing, is_unsaid
from playbook_helpers.core.conflicts import open_questions
from playbook_helpers.core.distributions import (
    beta_cdf,
    check_confidence,
    f_quantile,
    t_quantile,
    wilson,
    z_value,
)
from playbook_helpers.core.errors import InputError, PlaybookError
from playbook_helpers.core.partial_dates import (
    check_when,
    first_day,
    last_day,
    spoken,
    years_between,
)
from playbook_helpers.core.partnership import Partner, Partnership
from playbook_helpers.core.reads import Reads
from playbook_helpers.core.records import (
    Entry,
    Long,
    Record,
    Short,
    fields_of,
    in_bounds,
)
from playbook_helpers.core.revisions import (
    MAX_PAYLOAD,
    MAX_VERSION,
    Revision,
    canonical,
    checksum,
    from_json,
    heads_of,
    new_revision,
    record_id_for,
    same_content,
    standing,
    unerased,
    uuid7,
)
from playbook_helpers.core.slugs import check_slug, slug_from
from playbook_helpers.core.suppression import Cell, Sum, solvable, suppressed
from playbook_helpers.core.units import unit_beside
from playbook_helpers.practices.goals import Goal
from playbook_helpers.practices.trust import CheckIn

# Dates ----------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("when", "first", "last", "words"),
    [
        ("2027", date(2027, 1, 1), date(2027, 12, 31), "2027"),
        ("2024-02", date(2024, 2, 1), date(2024, 2, 29), "February 2024"),
        ("2023-02", date(2023, 2, 1), date(2023, 2, 28), "February 2023"),
        ("2027-01", date(2027, 1, 1), date(2027, 1, 31), "January 2027"),
        ("2027-12", date(2027, 12, 1), date(2027, 12, 31), "December 2027"),
        ("2027-03-09", date(2027, 3, 9), date(2027, 3, 9), "9 March 2027"),
    ],
)
def test_a_when_has_a_first_and_a_last_day_and_words(
    when: str, first: date, last: date, words: str
) -> None:
    assert (first_day(when), last_day(when), spoken(when)) == (first, last, words)
    assert check_when(when) == when


@pytest.mark.parametrize(
    ("when", "good"),
    [("1499", False), ("1500", True), ("2999-12-31", True), ("3000", False), ("0000", False)],
)
def test_years_from_1500_to_2999_can_be_named(when: str, good: bool) -> None:
    if good:
        assert check_when(when) == when
    else:
        with pytest.raises(
            ValueError, match=r"is too far away: years from 1500 to 2999|not a date"
        ):
            check_when(when)


@pytest.mark.parametrize(
    "when", ["2027-00", "2027-13", "2027-1", "27", "2027-02-30", "2027-03-", " 2027", "2027-3-1"]
)
def test_what_is_no_date_is_refused(when: str) -> None:
    with pytest.raises(ValueError, match="is not a date"):
        check_when(when)


@pytest.mark.parametrize(
    ("start", "end", "years"),
    [
        ("2020", "2024", 4),
        ("2024-02", "2020-02-29", -4),
        ("2020", "2020", 0),
        ("2020-12-31", "2021-01-01", 1 / 365.2425),
        ("2020-12", "2021-06", 181 / 365.2425),
        ("2020-06-30", "2020-03", -91 / 365.2425),
    ],
)
def test_years_between_two_dates(start: str, end: str, years: float) -> None:
    assert years_between(start, end) == pytest.approx(years)


def test_a_worksheet_stands_on_the_day_that_is_named_or_its_own_or_today() -> None:
    today = date(2026, 5, 1)
    own = Partnership(name="R", facts_until="2014-06")
    assert resolve_as_of(own, "2020-01-02", today) == date(2020, 1, 2)
    assert resolve_as_of(own, "", today) == date(2014, 6, 30)
    assert resolve_as_of(Partnership(name="R"), "", today) == today
    assert resolve_as_of(None, today=today) == today
    assert read_day("  ") is None
    assert read_day(date(2999, 12, 31)) == date(2999, 12, 31)
    for wrong in ("20270331", "2027-W13-3", "2027-3", "1499-12-31", date(3000, 1, 1), 5, None, 2.5):
        with pytest.raises(InputError):
            read_day(wrong)
    assert read_day("2028-02") == read_day("2028-02-29") == date(2028, 2, 29)
    assert read_day("2016") == read_day(2016) == date(2016, 12, 31)


# Quantiles, from published tables -------------------------------------------------------------


@pytest.mark.parametrize(
    ("p", "df", "value"),
    [
        (0.975, 1, 12.7062),
        (0.975, 2, 4.3027),
        (0.975, 5, 2.5706),
        (0.975, 30, 2.0423),
        (0.995, 10, 3.1693),
        (0.95, 120, 1.6577),
        (0.025, 5, -2.5706),
        (0.6, 1, 0.3249),
        (0.5, 7, 0.0),
    ],
)
def test_quantiles_of_t_are_those_of_the_tables(p: float, df: float, value: float) -> None:
    assert t_quantile(p, df) == pytest.approx(value, abs=5e-5)


@pytest.mark.parametrize(
    ("p", "df1", "df2", "value"),
    [
        (0.95, 1, 1, 161.4476),
        (0.95, 10, 20, 2.3479),
        (0.99, 10, 20, 3.3682),
        (0.95, 10, 5, 4.7351),
        (0.05, 5, 10, 1 / 4.7351),
        (0.5, 4, 4, 1.0),
    ],
)
def test_quantiles_of_f_are_those_of_the_tables(
    p: float, df1: float, df2: float, value: float
) -> None:
    assert f_quantile(p, df1, df2) == pytest.approx(value, rel=2e-5)


@pytest.mark.parametrize(
    ("x", "a", "b", "share"),
    [
        (0.0, 2, 3, 0),
        (-1, 2, 3, 0),
        (1.0, 2, 3, 1),
        (2, 2, 3, 1),
        (0.25, 1, 1, 0.25),
        (0.9, 2, 2, 0.972),  # 3x^2 - 2x^3
        (0.1, 2, 2, 0.028),
        (0.75, 3, 1, 0.421875),  # x^3
        (0.25, 1, 3, 0.578125),  # 1 - (1-x)^3
        (0.5, 50, 50, 0.5),
    ],
)
def test_the_incomplete_beta_function(x: float, a: float, b: float, share: float) -> None:
    assert beta_cdf(x, a, b) == pytest.approx(share, abs=1e-12)


def test_wilsons_interval_and_what_it_refuses() -> None:
    # Wilson's for 81 of 263 at 95 % is 0.2553 to 0.3662 (Newcombe 1998, table I).
    assert wilson(81, 263) == pytest.approx((0.2553, 0.3662), abs=5e-5)
    assert wilson(15, 148) == pytest.approx((0.0624, 0.1605), abs=5e-5)
    assert wilson(0, 20) == (0, pytest.approx(0.1611, abs=5e-5))
    assert wilson(1, 29) == pytest.approx((0.0061, 0.1718), abs=5e-5)
    assert wilson(20, 20)[1] == 1
    assert wilson(1, 1) == (pytest.approx(1 / (1 + z_value() ** 2)), 1)
    for wrong in ((0, 0), (-1, 5), (6, 5)):
        with pytest.raises(InputError):
            wilson(*wrong)
    for level in (0.0, 1.0, -0.1, 1.1, math.nan):
        with pytest.raises(InputError):
            check_confidence(level)
    check_confidence(0.001)
    check_confidence(0.999)
    assert (z_value(0.9), z_value(0.99)) == pytest.approx((1.644854, 2.575829), abs=1e-6)


# Hidden cells ---------------------------------------------------------------------------------

ABC = [Sum("all", ("a", "b", "c"))]


def hidden(*counts: int, least: int = 5, **shares: float) -> dict[Any, str]:
    cells = {k: Cell(n, shares.get(k, 0.0)) for k, n in zip("abc", counts, strict=True)}
    return dict(suppressed({**cells, "all": Cell(sum(counts))}, ABC, least=least))


@pytest.mark.parametrize(
    ("counts", "gone"),
    [
        ((5, 5, 5), {}),
        ((4, 9, 9), {"a": "few", "b": "complement"}),
        ((9, 9, 4), {"c": "few", "a": "complement"}),
        ((0, 9, 9), {}),
        # An empty cell is hidden beside nothing; the other one has to go.
        ((4, 0, 9), {"a": "few", "c": "complement"}),
        # Two small ones that add up to fewer than five, and to five.
        ((2, 2, 9), {"a": "few", "b": "few", "c": "complement"}),
        ((2, 3, 9), {"a": "few", "b": "few"}),
        # Four and four are all there is to eight; three and four leave room.
        ((4, 4, 9), {"a": "few", "b": "few", "c": "complement"}),
        ((3, 4, 9), {"a": "few", "b": "few"}),
        ((4, 4, 4), {"a": "few", "b": "few", "c": "few"}),
    ],
)
def test_small_cells_are_hidden_with_one_beside_them(
    counts: tuple[int, int, int], gone: dict[str, str]
) -> None:
    assert hidden(*counts) == gone


def test_a_cell_of_one_organisation_is_hidden_above_half() -> None:
    assert hidden(9, 9, 9, a=0.5) == {}
    assert hidden(9, 9, 9, a=0.51) == {"a": "dominated", "b": "complement"}
    # Ten of twenty is half of two hidden ones, eleven is more.
    assert hidden(10, 10, 9, a=1.0) == {"a": "dominated", "b": "complement"}
    assert hidden(11, 10, 9, a=1.0) == {"a": "dominated", "b": "complement", "c": "complement"}
    assert hidden(3, 9, 9, least=3) == {}


def test_what_is_hidden_already_stays_hidden_and_takes_another_along() -> None:
    cells = {k: Cell(9) for k in "abc"} | {"all": Cell(27)}
    assert suppressed(cells, ABC, already={"c": "waiting"}) == {"c": "waiting", "a": "complement"}
    assert suppressed(cells, ABC, already={"all": "waiting"}) == {
        "all": "waiting",
        "a": "complement",
    }


def test_what_follows_from_sums_is_worked_out() -> None:
    table = [
        *(Sum(f"r{i}", (f"{i}1", f"{i}2")) for i in (1, 2)),
        *(Sum(f"c{j}", (f"1{j}", f"2{j}")) for j in (1, 2)),
    ]
    square = ["11", "12", "21", "22"]
    assert solvable(table, square) == set()
    assert solvable(table, square[:3]) == set(square[:3])
    assert solvable(table, ["11", "r1"]) == {"11", "r1"}
    assert solvable(table, ["r1", "11", "12"]) == {"r1", "11", "12"}  # by the columns
    assert solvable(table[:2], ["r1", "11", "12"]) == set()
    assert solvable(table, []) == set()


# What people type -----------------------------------------------------------------------------


class Card(Record):
    kind = "card"
    practice = "test"
    title = "Card"
    plural = "Cards"
    key = ("name",)
    summary = ("name", "state")

    name: Annotated[Short, Entry("Name")]
    text: Annotated[Long | None, Entry("Text")] = None
    state: Annotated[Literal["a", "b"] | None, Entry("State", choices={"a": "A", "b": "B"})] = None


def test_text_has_a_length() -> None:
    assert Card(name="x" * 200, text="y" * 5000).name == "x" * 200
    for wrong in (
        {"name": "x" * 201},
        {"name": "x", "text": "y" * 5001},
        {"name": "\n" + "é" * 201},
    ):
        with pytest.raises(ValueError, match="characters long; at most"):
            Card(**wrong)
    assert Card(name="x", text="a\r\nb\rc\td").text == "a\nb\nc\td"
    assert Card(name="a  b\n c").name == "a b c"
    for sign in "\x00\x08\x0b\x0c\x0e\x1f\x7f":
        with pytest.raises(ValueError, match="control character"):
            Card(name="x", text=f"a{sign}b")


def test_a_card_is_known_by_its_key_and_mentioned_by_its_summary() -> None:
    card = Card(name="Fair  Play", text="  ", state="b")
    assert card.text is None
    assert (card.key_text(), card.mention()) == ("fair play", "Fair Play, b")
    assert Card(name="x").mention() == "x"
    specs = {spec.name: (spec.type, spec.required, spec.max_length) for spec in fields_of(Card)}
    assert specs == {
        "name": ("text", True, 200),
        "text": ("long", False, 5000),
        "state": ("choice", False, None),
    }


@pytest.mark.parametrize(
    ("number", "good"),
    [(0, True), (1e15, True), (-1e15, True), (1.001e15, False), (1e-9, True), (9.9e-10, False),
     (-1e-9, True), (-9e-10, False)],
)  # fmt: skip
def test_numbers_have_a_size(number: float, good: bool) -> None:
    assert in_bounds(number) is good


@pytest.mark.parametrize(
    ("value", "unit", "said"),
    [
        (1, "hours", "hour"),
        (1.0, "hours a week", "hour a week"),
        (2, "hours", "hours"),
        (0, "hours", "hours"),
        (-1, "hours", "hours"),
        (1, "ties", "tie"),
        (1, "cities", "city"),
        (1, "movies", "movie"),
        (1, "boxes", "box"),
        (1, "glasses", "glasses"),
        (1, "classes", "class"),
        (1, "gas", "gas"),
        (1, "bus", "bus"),
        (1, "vans", "van"),
        (1, "GPS", "GPS"),
        (1, "People", "Person"),
        (1, "full days of work", "full day of work"),
        (1, "of days", "of days"),
        (1, "analysis", "analysis"),
        (1, "m2s", "m2s"),
    ],
)
def test_one_of_a_unit_is_singular(value: float, unit: str, said: str) -> None:
    assert unit_beside(value, unit) == said


@pytest.mark.parametrize(
    ("text", "unsaid"),
    [
        ("( none )", True),
        ("()", True),
        ("(", False),
        ("none)", False),
        ("(yes)", False),
        ("", True),
    ],
)
def test_brackets_do_not_make_an_answer(text: str, unsaid: bool) -> None:
    assert is_unsaid(text) is unsaid


def test_only_nothing_is_missing() -> None:
    assert [is_missing(v) for v in (None, math.nan, 0, "", False, "nan")] == [True] * 2 + [
        False
    ] * 4


def test_short_names_have_up_to_sixty_characters() -> None:
    assert check_slug("a" * 60) == "a" * 60
    assert slug_from("a" * 70) == "a" * 60
    assert slug_from("a" * 59 + " b") == "a" * 59
    for wrong in ("a" * 61, "", "-a", "a-", "a--b", "A", "com1", "lpt9", "com9", "nul", "é"):
        with pytest.raises(InputError):
            check_slug(wrong)
    for good in ("com10", "com0", "com", "lpt", "con-1"):
        assert check_slug(good) == good


def test_words_from_right_to_left_are_set_apart() -> None:
    word = "\u05d2\u05df"
    assert isolated(f"<p>{word}</p>") == f"<p><bdi>{word}</bdi></p>"
    assert isolated(f"<p>“{word} 3” is late</p>") == f"<p>“<bdi>{word} 3</bdi>” is late</p>"
    assert isolated(f"<p>at {word} 3 {word} now</p>") == f"<p>at <bdi>{word} 3 {word}</bdi> now</p>"
    assert isolated(f"a {word} “b” c “{word}” d") == (
        f"a <bdi>{word}</bdi> “b” c “<bdi>{word}</bdi>” d"
    )
    assert isolated(f"{word} 5 &amp; 6") == f"<bdi>{word} 5 &amp; 6</bdi>"
    assert isolated("<p>left\u202e</p>") == "<p>left</p>"


def test_an_error_shows_up_to_two_hundred_characters_of_a_value() -> None:
    # The quotation marks of a text count.
    assert "..." not in str(PlaybookError("x", value="y" * 198))
    long = str(PlaybookError("x", value="y" * 199)).splitlines()[1]
    assert long == "  value: '" + "y" * 196 + "..."
    assert str(PlaybookError("x")) == "x"
    assert str(PlaybookError("x", value=0, kept="all")) == "x\n  value: 0\n  kept: all"


# Heads, findings and measures -----------------------------------------------------------------


def head(record: str, revision: str, time: str = "", **more: Any) -> Head:
    value = more.pop("value", Goal(name=record, sentence=".", level="vision"))
    return Head(
        record, revision, "goals", "goal", value.payload() if value else {}, value,
        client_time=time, **more,
    )  # fmt: skip


def test_the_latest_readable_head_of_each_record_counts() -> None:
    a, b = head("r", "1", "2027-02"), head("r", "2", "2027-01")
    assert current([a, b]) == (a,)
    same = head("r", "3", "2027-02")
    assert current([same, a]) == (same,)
    assert current([a, head("r", "9", "2028", value=None)]) == (a,)
    assert current([head("r", "9", deleted=True)]) == ()


def test_findings_come_by_weight_and_then_by_effort() -> None:
    some = [
        Finding("d", "", "good", effort="minutes"),
        Finding("c", "", "act", effort="months"),
        Finding("b", "", "look", effort="minutes"),
        Finding("a", "", "act", effort="minutes"),
        Finding("e", "", "act"),
    ]
    assert [f.code for f in sorted_findings(some)] == ["a", "e", "c", "b", "d"]


def test_a_measure_without_bounds_is_a_full_count() -> None:
    assert Measure("m", "M", 1.0).interval == "full count"
    assert Measure("m", "M", None).interval == ""
    assert Measure("m", "M", 1.0, low=0.0).interval == ""
    assert Measure("m", "M", 1.0, interval="x").interval == "x"
    for wrong in (
        {"value": math.inf},
        {"value": 1.0, "low": math.nan},
        {"value": 1.0, "high": -math.inf},
    ):
        with pytest.raises(ValueError, match="use None"):
            Measure("m", "M", **wrong)


def test_what_the_group_has_to_settle_is_said_once() -> None:
    a, b = (head("Reading", n, rivals=("1", "2")) for n in "12")
    (found,) = open_questions([a, b], "goals")
    assert found.sentence.startswith(
        "“Reading, .” has 2 versions: people changed it at the same time"
    )
    gone = head("Reading", "2", rivals=("1", "2"), deleted=True, value=None)
    (found,) = open_questions([a, gone], "goals")
    assert "people changed it and removed it at" in found.sentence
    assert open_questions([a, b], "trust") == ()
    (bad,) = open_questions([head("x", "1", value=None, problem="odd")], "goals")
    assert (bad.code, bad.severity) == ("unreadable", "look")


def test_what_is_read_is_put_together() -> None:
    one, other = Reads(practices=frozenset({"goals"})), Reads(kinds=frozenset({"partner"}))
    both = one | other
    assert (both.has("goals", "x"), both.has("x", "partner"), both.has("x", "x")) == (
        True,
        True,
        False,
    )
    assert (both.partners, one.partners, both.everything) == (True, False, False)
    assert (one | Reads(everything=True)).has("x", "x")


# Revisions ------------------------------------------------------------------------------------

ID = str(uuid.UUID(int=1))
PLAIN: dict[str, Any] = {
    "id": ID, "partnership": "p", "practice": "goals", "kind": "goal", "record": ID, "payload": {},
}  # fmt: skip


@pytest.mark.parametrize(
    ("changed", "good"),
    [
        ({}, True),
        ({"schema_version": 1}, True),
        ({"schema_version": 0}, False),
        ({"schema_version": MAX_VERSION}, True),
        ({"schema_version": MAX_VERSION + 1}, False),
        ({"schema_version": True}, False),
        ({"showing": 0}, True),
        ({"showing": 10_000}, True),
        ({"showing": 10_001}, False),
        ({"showing": -1}, False),
        ({"showing": True}, False),
        ({"author": "a" * 200}, True),
        ({"author": "a" * 201}, False),
        ({"client_time": "2" * 40}, True),
        ({"client_time": "2" * 41}, False),
        ({"client_time": "1999-12-31"}, False),
        ({"client_time": "3000-01-01"}, False),
        ({"parents": [ID] * 1000}, True),
        ({"parents": [ID] * 1001}, False),
        ({"parents": ["x"]}, False),
        ({"parents": [1]}, False),
        ({"parents": ID}, False),
        # {"x":"..."} has eight characters around the text.
        ({"payload": {"x": "y" * (MAX_PAYLOAD - 8)}}, True),
        ({"payload": {"x": "y" * (MAX_PAYLOAD - 7)}}, False),
        ({"payload": {"x": math.nan}}, False),
        ({"payload": {1: "x"}}, False),
        ({"payload": []}, False),
        ({"deleted": 1}, False),
        ({"erased": True}, False),
        ({"erased": True, "deleted": True}, True),
        ({"erased": True, "deleted": True, "payload": {"round": "2027-03"}}, True),
        ({"erased": True, "deleted": True, "payload": {"name": "x"}}, False),
        ({"erased": 1, "deleted": True}, False),
        ({"practice": "Goals"}, False),
        ({"kind": "a" * 60}, True),
        ({"kind": "a" * 61}, False),
        ({"id": "x"}, False),
    ],
)
def test_a_revision_of_a_file_is_taken_within_its_bounds(
    changed: dict[str, Any], good: bool
) -> None:
    if good:
        assert from_json({**PLAIN, **changed}).to_json()["id"] == ID
    else:
        with pytest.raises(InputError):
            from_json({**PLAIN, **changed})


def test_what_a_revision_says_is_written_and_read_back() -> None:
    given = {**PLAIN, "deleted": True, "erased": True, "showing": 2, "client_time": "2027-01-01"}
    read = from_json({**given, "author": "Ada"})
    assert (read.author, read.erased, read.deleted, read.showing) == ("", True, True, 2)
    assert read.to_json() == {**given, "parents": [], "schema_version": 1, "author": ""}
    assert "erased" not in from_json(PLAIN).to_json()
    assert "showing" not in from_json(PLAIN).to_json()


def name(number: int) -> str:
    return str(uuid.UUID(int=number))


def state(number: int, *parents: int, record: int = 1, **more: Any) -> Revision:
    facts = {"payload": {"n": number}, "client_time": f"2027-01-{number:02d}", **more}
    return Revision(
        name(number), "p", "goals", "goal", name(record),
        parents=tuple(map(name, parents)), **facts,
    )  # fmt: skip


def heads(*revisions: Revision) -> list[str]:
    return [r.id for r in heads_of(revisions)[name(1)]]


def test_heads_are_what_nothing_replaced() -> None:
    assert heads(state(1), state(2, 1)) == [name(2)]
    assert heads(state(1), state(2, 1), state(3, 1)) == [name(2), name(3)]
    # Two that say the same are one, the later; a removed one says nothing else.
    alike = {"payload": {"n": 0}}
    assert heads(state(1), state(2, 1, **alike), state(3, 1, **alike)) == [name(3)]
    assert heads(state(2, **alike), state(3, **alike, deleted=True)) == [name(2), name(3)]
    assert heads(state(2, deleted=True), state(3, deleted=True)) == [name(3)]
    # A circle stands as a whole, and nothing replaces itself.
    assert heads(state(1, 2), state(2, 1)) == [name(1), name(2)]
    assert heads(state(1, 1)) == [name(1)]
    assert standing([("r", "a", []), ("s", "b", ["a"])]) == {"r": ["a"], "s": ["b"]}


def test_of_an_answer_in_a_picture_later_states_wait() -> None:
    assert heads(state(1, showing=1), state(2, 1)) == [name(1)]
    assert heads(state(1), state(2, 1)) == [name(2)]
    assert heads(state(1, showing=1), state(2, 1, showing=2)) == [name(2)]


def test_below_an_erased_state_that_nobody_built_on_the_one_before_stands() -> None:
    gone = {"erased": True, "deleted": True, "payload": {}}
    assert heads(state(1), state(2, 1, **gone)) == [name(1)]
    assert heads(state(1), state(2, 1, **gone), state(3, 2)) == [name(3)]
    assert unerased([state(1, **gone)]) == []
    lost = state(1, showing=1, **gone)
    assert unerased([lost]) == [lost]
    both = [state(1), state(2, 1, **gone), state(3, 2, **gone)]
    assert [r.id for r in unerased(both)] == [name(1)]


def test_two_revisions_are_the_same_by_what_they_say() -> None:
    one = state(1, payload={"a": [1, {"b": True}]})
    assert same_content(one, state(1, payload={"a": [1.0, {"b": True}]}))
    assert not same_content(one, state(1, payload={"a": [True, {"b": True}]}))
    assert not same_content(one, state(1, payload={"a": [1, {"b": 1}]}))
    assert not same_content(one, state(1, payload={"a": [2, {"b": True}]}))
    erased = state(1, erased=True, deleted=True, payload={})
    assert same_content(one, erased)
    assert same_content(erased, one)
    assert not same_content(erased, state(1, record=2))


def test_ids_tell_their_time_unless_they_are_nobodys() -> None:
    made = uuid.UUID(uuid7())
    assert (made.version, made.variant) == (7, uuid.RFC_4122)
    before = int(uuid.UUID(uuid7())) >> 80
    assert 0 <= before - (int(made) >> 80) < 60_000
    assert len({uuid7() for _ in range(50)}) == 50
    answer = CheckIn(round="2027-03")
    traced = new_revision("p", Goal(name="A", sentence=".", level="vision"), author="Ada")
    nobodys = new_revision("p", answer, author="Ada")
    assert (traced.author, bool(traced.client_time), uuid.UUID(traced.id).version) == (
        "Ada",
        True,
        7,
    )
    assert (nobodys.author, nobodys.client_time, uuid.UUID(nobodys.id).version) == ("", "", 4)
    ids = [record_id_for("p", Partner, {"name": n}) for n in ("A  b", "a B", "c")]
    assert ids[0] == ids[1] != ids[2]
    assert uuid.UUID(record_id_for("p", Partnership, {})).version == 5
    assert uuid.UUID(record_id_for("p", CheckIn, {})).version == 4


def test_texts_are_written_in_one_way() -> None:
    assert canonical({"b": [1, None], "a": "é"}) == '{"a":"é","b":[1,null]}'
    with pytest.raises(ValueError, match="JSON compliant"):
        canonical({"a": math.inf})
    assert len(checksum("a")) == 64
    assert checksum("a", "b") != checksum("ab")
